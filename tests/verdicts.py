#!/usr/bin/env python3
"""Compares what two builds of `ptce` find in, and make of, every file of some folders: the old-against-new run.

    tests/verdicts.py OLD NEW PATH… [--publish] [--keep DIR] [--shown 10] [--timeout 60] [--jobs 2]

OLD and NEW are two programs, PATH a file or a folder, taken whole. Each file goes through both programs three times: the
report of `validate --format json` as a laureate (in French) and as a submission (in English), and the records of `convert`.
`--publish` adds the open-data publication. Everything is compared: each finding with its place, its value and its message,
the figures of the report, the completeness of each record, each converted record, the exit codes, the errors of a file that
cannot be read, and the order of all that.

A finding that both builds have of one code at one place is *changed* when its text differs; else it is *gone* or *new*. The
exit code is 0 without a difference, 1 with one, 2 when the comparison could not be made. A run that takes longer than the
timeout is ended: a difference if it ends one of the builds only, else a file that is counted as not compared. `--keep`
leaves the dumps in DIR/old and DIR/new, to be searched by other means.

What to compare over: `samples`; a folder of one's own; what `benches/` generates; and every input of the tests, the matrix of
layouts among them, which `PTCE_INPUTS=DIR cargo test` leaves in DIR. Needs Python 3.9, nothing else.
"""

import argparse
import filecmp
import hashlib
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections import Counter, defaultdict
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

# Differences of one dump that are held to be paired; what comes on top is counted only.
MOST_HELD = 20_000
# A file of a publication is looked into line by line up to this size.
MOST_BYTES = 4 << 20
WIDTH = 160


class Dump:
    """One run of one build over one file: where its output is, and how it ended."""

    def __init__(self, program, arguments, folder, source, place, timeout):
        place.mkdir(parents=True, exist_ok=True)
        self.out = place / "out"
        command = [program, *(argument.replace("{out}", str(self.out)) for argument in arguments), str(source)]
        environment = {name: value for name, value in os.environ.items() if not name.startswith(("LC_", "LANG", "CLICOLOR"))}
        environment.update(LC_ALL="C", NO_COLOR="1")
        self.errors = place / "stderr"
        with open(place / "stdout", "wb") as stdout, open(self.errors, "wb") as errors:
            child = subprocess.Popen(command, cwd=folder, stdin=subprocess.DEVNULL, stdout=stdout, stderr=errors,
                                     env=environment, start_new_session=True)
            try:
                self.code = child.wait(timeout)
            except subprocess.TimeoutExpired:
                os.killpg(child.pid, signal.SIGKILL)
                child.wait()
                self.code = None

    def ending(self):
        """The exit code in words."""
        if self.code is None:
            return "too slow"
        # A panic aborts the release build.
        return f"crash ({self.code})" if self.code < 0 or self.code > 2 else f"exit code {self.code}"

    def error(self):
        """The last line that the program said, whatever file it writes to."""
        lines = self.errors.read_bytes()[-20_000:].decode("utf-8", "replace").replace(str(self.out), "OUT").strip().splitlines()
        return lines[-1] if lines else ""


class Report:
    """A JSON report, read line by line: its findings and its records stand on lines of their own."""

    def __init__(self, path):
        self.path = path

    def lines(self, section):
        """The members of a list of the report, each as text; of `head`, what stands around the lists."""
        if not self.path.exists():
            return
        current = "head"
        with open(self.path, encoding="utf-8", errors="surrogateescape", newline="\n") as report:
            for line in report:
                if line.startswith("    {"):
                    if current == section:
                        yield line.strip().rstrip(",")
                    continue
                opened = next((name for name in ("findings", "records") if line.startswith(f'  "{name}": [')), None)
                current = opened or ("head" if line.startswith('  "') else current)
                if section == "head" and not line.startswith(('  "tool"', '  "reference"')):
                    yield line.rstrip()


def flat(value, pointer=""):
    """The leaves of a JSON value by their pointers."""
    if isinstance(value, dict) and value:
        return {leaf: text for key, inner in value.items() for leaf, text in flat(inner, f"{pointer}/{key}").items()}
    if isinstance(value, list) and value:
        return {leaf: text for at, inner in enumerate(value) for leaf, text in flat(inner, f"{pointer}/{at}").items()}
    return {pointer: value}


def parsed(line):
    try:
        return json.loads(line)
    except ValueError:
        return line


def short(value):
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    text = text.replace("\n", "⏎").replace("\r", "␍")
    return text if len(text) <= WIDTH else text[:WIDTH] + "…"


def changes(old, new):
    """What differs between two JSON values, in words."""
    old, new = flat(old), flat(new)
    names = [name for name in old if name not in new or old[name] != new[name]] + [name for name in new if name not in old]
    shown = [f"{name or 'all'}: {short(old.get(name, '–'))} → {short(new.get(name, '–'))}" for name in names[:6]]
    return "; ".join(shown) + (f"; {len(names) - 6} more" if len(names) > 6 else "")


def place_of(finding):
    place = finding.get("location") or {}
    sheet = f"{place['sheet']}!" if place.get("sheet") else ""
    if place.get("cell"):
        return sheet + place["cell"]
    named = [f"{name} {place[name]}" for name in ("row", "line", "column") if place.get(name) is not None]
    return sheet + (", ".join(named) or place.get("path") or "file")


def finding_key(finding, _):
    if not isinstance(finding, dict):
        return finding
    return finding.get("code"), place_of(finding), finding.get("pointer"), finding.get("location", {}).get("file")


def finding_words(finding):
    if not isinstance(finding, dict):
        return short(finding)
    pointer, value = finding.get("pointer") or "", finding.get("value")
    return f"{finding.get('code')}, {place_of(finding)}, {pointer} {short(value) if value is not None else ''}".rstrip()


def record_key(record, number):
    """A record is known by its place in the source, else by its rank."""
    source = record.get("source") if isinstance(record, dict) else None
    place = {name: source[name] for name in sorted(source) if name != "autres"} if isinstance(source, dict) else None
    return json.dumps(place, sort_keys=True) if place and ("ligne" in place or "row" in place) else number


def record_words(record):
    return short(record.get("id") or record.get("nom") or record) if isinstance(record, dict) else short(record)


class Difference:
    """What two lists of lines do not have in common: gone, new, and changed where a key is in both."""

    def __init__(self, old, new, key):
        digest = lambda line: hashlib.blake2b(line.encode("utf-8", "surrogateescape"), digest_size=12).digest()
        counts, order = Counter(), [hashlib.blake2b(), hashlib.blake2b()]
        for line in old():
            counts[digest(line)] += 1
            order[0].update(digest(line))
        fresh, stale, self.unheld = [], [], 0
        for number, line in enumerate(new(), 1):
            name = digest(line)
            order[1].update(name)
            if counts[name] > 0:
                counts[name] -= 1
            else:
                self.hold(fresh, number, line)
        counts = +counts
        if counts:
            for number, line in enumerate(old(), 1):
                if counts.get(digest(line), 0) > 0:
                    counts[digest(line)] -= 1
                    self.hold(stale, number, line)
        self.is_reordered = not fresh and not stale and order[0].digest() != order[1].digest()
        waiting = defaultdict(list)
        for number, line in stale:
            waiting[key(parsed(line), number)].append(line)
        self.changed, self.new = [], []
        for number, line in fresh:
            twins = waiting.get(key(parsed(line), number))
            if twins:
                self.changed.append((parsed(twins.pop(0)), parsed(line)))
            else:
                self.new.append(parsed(line))
        self.gone = [parsed(line) for lines in waiting.values() for line in lines]

    def hold(self, kept, number, line):
        if len(kept) < MOST_HELD:
            kept.append((number, line))
        else:
            self.unheld += 1

    def __bool__(self):
        return bool(self.changed or self.new or self.gone or self.is_reordered or self.unheld)


class Tally:
    """What is shown of one file, and what it adds to the summary."""

    def __init__(self, name):
        self.name, self.lines, self.counts, self.codes = name, [], Counter(), defaultdict(Counter)
        self.is_uncompared = False

    def say(self, what, lines, shown):
        if lines:
            self.lines.append(f"  {what}")
            self.lines += [f"    {line}" for line in lines[:shown]]
            if len(lines) > shown:
                self.lines.append(f"    … and {len(lines) - shown} more")


def lines_of(path):
    def read():
        if path.exists():
            with open(path, encoding="utf-8", errors="surrogateescape", newline="\n") as lines:
                for line in lines:
                    yield line.rstrip("\n")
    return read


def tell(tally, what, kind, difference, words, shown):
    """Shows a difference: `kind` is what is counted in the summary."""
    lines = [f"- {words(one)}" for one in difference.gone] + [f"+ {words(one)}" for one in difference.new]
    lines += [f"~ {words(new)}: {changes(old, new)}" for old, new in difference.changed]
    lines += ["the same, in another order"] if difference.is_reordered else []
    lines += [f"{difference.unheld} more, beyond what is held in memory"] if difference.unheld else []
    tally.say(what, lines, shown)
    for name in ("gone", "new", "changed"):
        tally.counts[f"{kind} {name}"] += len(getattr(difference, name))
    tally.counts[f"{kind} beyond memory"] += difference.unheld
    tally.counts[f"{kind} reordered"] += difference.is_reordered


def compare_endings(tally, what, old, new, shown):
    """Whether the outputs can be compared further."""
    if old.code is None and new.code is None:
        tally.is_uncompared = True
        return False
    if old.code != new.code:
        verdicts = {0: "valid", 1: "invalid", 2: "unreadable", None: "too slow"}
        verdict = verdicts.get(new.code, "crashing")
        if what.startswith("validate"):
            tally.counts[f"files newly {verdict}"] += 1
        said = f": {short(new.error())}" if new.code not in (0, 1, None) else ""
        tally.say(what, [f"newly {verdict}: {old.ending()} → {new.ending()}{said}"], shown)
    elif old.code not in (0, 1) and old.error() != new.error():
        tally.counts["errors changed"] += 1
        tally.say(what, [f"error: {short(old.error())} → {short(new.error())}"], shown)
    return old.code is not None and new.code is not None


def compare_reports(tally, what, old, new, shown):
    old_report, new_report = Report(old.out), Report(new.out)
    head = [" ".join(report.lines("head")) for report in (old_report, new_report)]
    if head[0] != head[1]:
        # The lists are empty in what is left, but for the braces of the document.
        values = [parsed(text) for text in head]
        tally.say(f"{what}, figures", [changes(*values)], shown)
        tally.counts["reports with other figures"] += 1
    findings = Difference(lambda: old_report.lines("findings"), lambda: new_report.lines("findings"), finding_key)
    tell(tally, f"{what}, findings", "findings", findings, finding_words, shown)
    for sign, some in (("-", findings.gone), ("+", findings.new), ("~", [new for _, new in findings.changed])):
        for finding in some:
            tally.codes[finding.get("code") if isinstance(finding, dict) else "?"][sign] += 1
    completeness = Difference(lambda: old_report.lines("records"), lambda: new_report.lines("records"),
                              lambda record, number: record.get("index", number) if isinstance(record, dict) else number)
    tell(tally, f"{what}, completeness", "completeness", completeness, record_words, shown)


def compare_publications(tally, what, old, new, shown):
    names = sorted({path.relative_to(root).as_posix() for root in (old.out, new.out) if root.is_dir()
                    for path in root.rglob("*") if path.is_file()})
    lines = []
    for name in names:
        paths = [old.out / name, new.out / name]
        if not all(path.exists() for path in paths):
            lines.append(f"{'-' if paths[0].exists() else '+'} {name}")
        elif not filecmp.cmp(*paths, shallow=False):
            said = ""
            if max(path.stat().st_size for path in paths) <= MOST_BYTES:
                texts = [path.read_bytes().decode("utf-8", "replace").splitlines() for path in paths]
                differing = [at for at, pair in enumerate(zip(*texts), 1) if pair[0] != pair[1]]
                at = differing[0] if differing else min(map(len, texts)) + 1
                one, other = (text[at - 1] if at <= len(text) else "–" for text in texts)
                # What both lines begin with says little when it is long.
                same = len(os.path.commonprefix([one, other]))
                start = max(0, same - 40)
                said = f": line {at}: {short(one[start:])} → {short(other[start:])}"
            lines.append(f"~ {name}{said}")
    tally.counts["published files changed"] += len(lines)
    tally.say(what, lines, shown)


def compare(arguments, folder, source, work):
    """The differences between the two builds over one file."""
    tally = Tally(str(Path(folder.name) / source))
    ways = [
        ("validate --profile laureat", ["validate", "--format", "json", "--lang", "fr", "-q", "-o", "{out}"], compare_reports),
        ("validate --profile candidature", ["validate", "--format", "json", "--lang", "en", "-q", "--profile", "candidature",
                                            "-o", "{out}"], compare_reports),
        ("convert", ["convert", "--to", "ndjson", "--lang", "en", "-q", "-o", "{out}"], None),
    ]
    if arguments.publish:
        publish = ["convert", "--to", "open-data", "--lang", "en", "-q", "-o", "{out}"]
        ways.append(("convert --to open-data", publish, compare_publications))
    for what, command, further in ways:
        old, new = (
            Dump(program, command, folder, source, work / build / source.parent / f"{source.name}.{what.split()[-1]}",
                 arguments.timeout)
            for build, program in (("old", arguments.old), ("new", arguments.new))
        )
        if not compare_endings(tally, what, old, new, arguments.shown):
            continue
        if further is compare_publications:
            further(tally, what, old, new, arguments.shown)
        elif old.out.exists() and new.out.exists() and filecmp.cmp(old.out, new.out, shallow=False):
            continue
        elif further:
            further(tally, what, old, new, arguments.shown)
        else:
            difference = Difference(lines_of(old.out), lines_of(new.out), record_key)
            tell(tally, f"{what}, records", "records", difference, record_words, arguments.shown)
    if not arguments.keep:
        for build in ("old", "new"):
            for what, *_ in ways:
                shutil.rmtree(work / build / source.parent / f"{source.name}.{what.split()[-1]}", ignore_errors=True)
    return tally


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("old", help="the program that is believed")
    parser.add_argument("new", help="the program that is tried")
    parser.add_argument("paths", nargs="+", type=Path, help="files, folders")
    parser.add_argument("--publish", action="store_true", help="compare the open-data publications too")
    parser.add_argument("--keep", type=Path, help="folder to leave the dumps in")
    parser.add_argument("--shown", type=int, default=10, help="differences shown of each dump (10)")
    parser.add_argument("--timeout", type=float, default=60, help="seconds after which a run is ended (60)")
    parser.add_argument("--jobs", type=int, default=2, help="files compared at once (2)")
    parser.add_argument("--largest", type=float, default=float("inf"), metavar="MB", help="leave out files larger than that")
    arguments = parser.parse_args()
    for build in ("old", "new"):
        program = shutil.which(getattr(arguments, build))
        if program is None:
            print(f"not a program: {getattr(arguments, build)}", file=sys.stderr)
            return 2
        setattr(arguments, build, os.path.abspath(program))
    files = []
    for path in arguments.paths:
        if not path.exists():
            print(f"not found: {path}", file=sys.stderr)
            return 2
        root = (path if path.is_dir() else path.parent).resolve()
        found = sorted(path.rglob("*")) if path.is_dir() else [path]
        files += [(root, each.resolve().relative_to(root) if not each.is_symlink() else each.relative_to(path))
                  for each in found
                  if each.is_file() and not each.name.startswith(".") and each.stat().st_size <= arguments.largest * 1e6]
    if not files:
        print("no file to compare", file=sys.stderr)
        return 2

    counts, codes, differing, uncompared = Counter(), defaultdict(Counter), [], []
    with tempfile.TemporaryDirectory() as scratch, ThreadPoolExecutor(arguments.jobs) as pool:
        work = (arguments.keep or Path(scratch)).resolve()
        # Each folder has a room of its own: two of them may hold files of one name.
        rooms = {root: work / f"{at}-{root.name}" for at, root in enumerate(dict.fromkeys(root for root, _ in files))}
        tasks = pool.map(lambda task: compare(arguments, *task, rooms[task[0]]), files)
        for done, tally in enumerate(tasks, 1):
            if sys.stderr.isatty():
                print(f"\r{done}/{len(files)} ", end="", file=sys.stderr)
            counts.update(tally.counts)
            for code, signs in tally.codes.items():
                codes[code].update(signs)
            if tally.is_uncompared:
                uncompared.append(tally.name)
            if tally.lines:
                differing.append(tally.name)
                print(tally.name, *tally.lines, sep="\n", flush=True)
    if sys.stderr.isatty():
        print("\r", end="", file=sys.stderr)
    print(f"{len(files)} files, {len(differing)} differ, {len(uncompared)} not compared (both builds too slow)")
    for name in uncompared[:20]:
        print(f"  not compared: {name}")
    for what, count in sorted((+counts).items()):
        print(f"  {what}: {count}")
    for code, signs in sorted(codes.items()):
        print(f"  {code}:", ", ".join(f"{signs[sign]} {name}" for sign, name in zip("-+~", ("gone", "new", "changed")) if signs[sign]))
    return 1 if differing else 0


if __name__ == "__main__":
    sys.exit(main())
