#!/usr/bin/env python3
"""Measures the jobs of `ptce` against DuckDB, jsonschema-rs and hand-written limits, and writes the table of benches/README.md.

    benches/bench.py [--ptce target/release/ptce] [--million] [--ten-million] [--only WORD] [--pairs 5] [--growth] [--write]

It makes everything that it needs in `target/bench` (or --folder): an environment with the peers, the reference data of the
generator, the limits, the generated files. From outside it takes packages of PyPI, npm and crates.io, nothing else; it needs
Linux, Python 3.11 with venv, npm and cargo.

First it holds the findings against the truth of the generator: every seeded defect at its cell, nothing else as an error or a
warning; nothing is measured where this fails. Then the two programs of each row run in turn (A B A B …), as whole processes,
their files in the page cache; a ratio is the median of the ratios of the pairs, with the least and the greatest, processor time
(user and system) first. The peak is that of the resident memory; below the twenty MiB of this script it says nothing.

`--growth` measures something else: by what factor the time grows when a file, a list or a cell gets twice as long.
"""

import argparse
import csv
import json
import os
import re
import shutil
import statistics
import subprocess
import sys
import time
from datetime import date
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
REFERENCES = "@etalab/decoupage-administratif"
REFERENCES_VERSION = "6.0.0"
COLUMNS = [
    "nom", "region", "departements", "territoire", "thematiques", "description",
    "coordinateur_nom", "coordinateur_forme_juridique", "coordinateur_siret",
    "contact_nom", "contact_fonction", "contact_email", "contact_telephone",
    "adresse_ligne", "code_postal", "commune", "partenaires", "site_web", "annee_laureat",
]
# Where a defect of a column stands in a tree.
PATHS = {
    "coordinateur": "coordinateur_nom", "contacts": "contact_nom", "coordinateur/siret": "coordinateur_siret",
    "contact/email": "contact_email", "contact/telephone": "contact_telephone", "adresse/code_postal": "code_postal",
}
SUFFIXES = {"csv": "csv", "csv1252": "cp1252.csv", "ndjson": "ndjson", "xml": "xml", "xlsx": "xlsx", "xlsxinline": "inline.xlsx"}
NAMES = {"xlsx": "xlsx, shared strings", "xlsxinline": "xlsx, inline strings"}
BEGIN, END = "<!-- measured by benches/bench.py -->", "<!-- end of the measures -->"


def say(text):
    print(text, file=sys.stderr, flush=True)


# --- What is needed ---------------------------------------------------------------------------------------------------------

class Bench:
    """The folder of the bench, and the programs in it."""

    def __init__(self, arguments):
        self.folder = arguments.folder.resolve()
        self.ptce = str(arguments.ptce.resolve())
        self.pairs = arguments.pairs
        self.python = str(self.folder / "venv/bin/python")
        self.references = self.folder / "node_modules" / REFERENCES / "data"
        self.limits = str(self.folder / "limits/release/limits")
        self.communes = str(self.references / "communes.json")
        self.codes = str(self.folder / "postal-codes.tsv")
        self.out = self.folder / "out"

    def install(self):
        self.folder.mkdir(parents=True, exist_ok=True)
        self.out.mkdir(exist_ok=True)
        requirements = (HERE / "requirements.txt").read_text()
        installed = self.folder / "venv/requirements.txt"
        if not installed.exists() or installed.read_text() != requirements:
            say("installing the peers")
            subprocess.run([sys.executable, "-m", "venv", self.folder / "venv"], check=True)
            subprocess.run([self.python, "-m", "pip", "install", "-q", "-r", HERE / "requirements.txt"], check=True)
            installed.write_text(requirements)
        if not self.references.exists():
            say("installing the reference data")
            subprocess.run(["npm", "install", "--silent", "--ignore-scripts", "--no-audit", "--no-fund", "--prefix", self.folder,
                            f"{REFERENCES}@{REFERENCES_VERSION}"], check=True)
        say("building the limits")
        subprocess.run(["cargo", "build", "--release", "--quiet", "--locked", "--manifest-path", HERE / "limits/Cargo.toml",
                        "--target-dir", self.folder / "limits"], check=True)

    def data(self, rows, formats):
        """Generates what is missing."""
        missing = [name for name in formats if not self.file(rows, name).exists()]
        if missing:
            say(f"generating {rows} rows: {', '.join(missing)}")
            subprocess.run([self.python, HERE / "generate.py", "--rows", str(rows), "--out", self.folder, "--references",
                            self.references, "--formats", ",".join(missing)], check=True, stdout=subprocess.DEVNULL)

    def file(self, rows, name):
        return self.folder / f"ptce-{rows}.{SUFFIXES[name]}"


# --- Correctness ------------------------------------------------------------------------------------------------------------

def column_of(finding):
    place = finding["location"]
    if "path" in place:
        return PATHS.get(place["path"], place["path"])
    return COLUMNS[place["column"] - 1] if place.get("column") else "?"


def check(bench, rows):
    """Whether the findings of each format are the seeded defects: a list of what is wrong."""
    with open(bench.folder / f"ptce-{rows}.truth.json", encoding="utf-8") as truth:
        seeded = {(defect["row"], defect["column"]) for defect in json.load(truth)["defects"]}
    faults = []
    for name in SUFFIXES:
        path = bench.file(rows, name)
        report = bench.out / "report.json"
        command = [bench.ptce, "validate", str(path), "--format", "json", "-q", "-o", str(report)]
        code = subprocess.run(command, check=False).returncode
        found = set()
        with open(report, encoding="utf-8") as lines:
            # Findings stand on lines of their own, and a report of many is long.
            for line in lines:
                if line.startswith('    {"code":'):
                    finding = json.loads(line.rstrip().rstrip(","))
                    # A code in another dress is understood, and told at its cell.
                    if finding["level"] != "info" or finding["code"] == "value-understood":
                        index = (finding.get("record") or {}).get("index", 0)
                        row = finding["location"].get("row")
                        # In a sheet the row itself is held against the truth, header included.
                        found.add((row - 1 if row else index, column_of(finding)))
        missed, invented = sorted(seeded - found), sorted(found - seeded)
        say(f"{path.name}: {len(seeded & found)} of {len(seeded)} defects at their cells, {len(invented)} other errors or warnings")
        if code != 1 or missed or invented:
            faults.append(f"{path.name}: exit code {code}, missed {missed[:5]}, invented {invented[:5]}")
    return faults


# --- Measures ---------------------------------------------------------------------------------------------------------------

class Run:
    """A whole process: its processor time, its time on the clock, its peak memory."""

    def __init__(self, command, processors=None):
        start = time.perf_counter()
        pin = (lambda: os.sched_setaffinity(0, processors)) if processors else None
        child = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                                 preexec_fn=pin)
        _, status, usage = os.wait4(child.pid, 0)
        self.wall = time.perf_counter() - start
        child.returncode = self.code = os.waitstatus_to_exitcode(status)
        self.cpu = usage.ru_utime + usage.ru_stime
        self.peak = usage.ru_maxrss / 1024


def cleared(path):
    """A place to write to, empty."""
    if path.is_dir():
        shutil.rmtree(path)
    path.unlink(missing_ok=True)
    return str(path)


class Job:
    """A command, what it writes, and the processors it may use."""

    def __init__(self, name, command, out=None, processors=None):
        self.name, self.command, self.out, self.processors = name, command, out, processors

    def run(self):
        if self.out:
            cleared(self.out)
        run = Run(self.command, self.processors)
        # 1 is the code of errors in the data.
        if run.code not in (0, 1):
            raise SystemExit(f"exit code {run.code}: {' '.join(self.command)}")
        return run


def spread(values):
    return f"{statistics.median(values):.2f} × ({min(values):.2f}–{max(values):.2f})"


def compare(ours, theirs, pairs):
    """The runs of two jobs, in pairs; a first pair fills the page cache."""
    ours.run(), theirs.run()
    return [(ours.run(), theirs.run()) for _ in range(pairs)]


class Row:
    """A row of the table: our job, what it is held against, the goals."""

    def __init__(self, work, rows, ours, theirs, goal, memory=None, on="cpu"):
        self.work, self.rows, self.ours, self.theirs = work, rows, ours, theirs
        self.goal, self.memory, self.on = goal, memory, on

    def measure(self, pairs):
        runs = compare(self.ours, self.theirs, pairs)
        ratios = {name: [getattr(our, name) / max(getattr(their, name), 1e-9) for our, their in runs] for name in ("cpu", "wall")}
        peak = max(our.peak for our, _ in runs)
        reached = statistics.median(ratios[self.on]) <= self.goal
        goal = f"≤ {self.goal:g} ×" + (" wall" if self.on == "wall" else "")
        cpu, wall = spread(ratios["cpu"]), spread(ratios["wall"])
        emphasised = {"cpu": cpu, "wall": wall}
        if not reached:
            emphasised[self.on] = f"**{emphasised[self.on]}**"
        memory = f"{peak:.0f}" + (f" (≤ {self.memory})" if self.memory else "")
        if self.memory and peak > self.memory:
            memory = f"**{memory}**"
        seconds = [statistics.median(getattr(pair[side], "cpu") for pair in runs) for side in (0, 1)]
        line = (f"| {self.work} | {self.rows:,} | {self.theirs.name} | {goal} | {emphasised['cpu']} | {emphasised['wall']} "
                f"| {seconds[0]:.2f} / {seconds[1]:.2f} | {memory} |")
        say(line)
        return line


def rows_of(bench, arguments):
    size, out = arguments.rows, bench.out
    ptce = lambda *words: [bench.ptce, *map(str, words), "-q"]
    duckdb = lambda job, source, target, *words: [bench.python, str(HERE / "peers/duckdb_job.py"), job, str(source), str(target), *words]
    limit = lambda job, source: [bench.limits, job, str(source), "--refs", bench.codes]
    processors = sorted(os.sched_getaffinity(0))[:2]

    def validate(rows, name, theirs, goal, memory):
        return Row(f"validate {NAMES.get(name, name)}", rows, Job("ptce", ptce("validate", bench.file(rows, name))), theirs, goal, memory)

    def publish(rows, at):
        target = out / f"{at}-publication"
        return Job("ptce", ptce("convert", bench.file(rows, "csv"), "--to", "open-data", "-o", target), target)

    sizes = [size] + [1_000_000] * arguments.million + [10_000_000] * arguments.ten_million
    for rows in sizes:
        source = bench.file(rows, "csv")
        if rows <= 1_000_000:
            errors = out / "errors.tsv"
            yield validate(rows, "csv", Job("DuckDB, the same checks in SQL", duckdb("validate", source, errors, bench.communes)),
                           0.75, 64)
        yield validate(rows, "csv", Job("`limits csv-stream-check`", limit("csv-stream-check", source)), 2.5, 64)
        if len(processors) == 2 and rows <= 1_000_000:
            command = ptce("validate", source)
            yield Row("validate csv, two threads", rows, Job("ptce", command, processors=set(processors)),
                      Job("one thread", command, processors={processors[0]}), 0.65, on="wall")
    yield validate(size, "xml", Job("`limits xml-check-read`", limit("xml-check-read", bench.file(size, "xml"))), 2, None)
    command = [bench.python, str(HERE / "peers/jsonschema_rs_ndjson.py"), str(HERE / "peers/nested.schema.json")]
    yield validate(size, "ndjson", Job("jsonschema-rs", [*command, str(bench.file(size, "ndjson"))]), 1, None)
    yield validate(size, "xlsx", Job("`limits xlsx-check`", limit("xlsx-check", bench.file(size, "xlsx"))), 1.3, 160)
    inline = bench.file(size, "xlsxinline")
    yield validate(size, "xlsxinline", Job("`limits xlsx-check`", limit("xlsx-check", inline)), 1.3, 40)
    source, ours, theirs = bench.file(size, "csv"), out / "ours.ndjson", out / "theirs.ndjson"
    yield Row("csv → ndjson", size, Job("ptce", ptce("convert", source, "-o", ours), ours),
              Job("DuckDB, nested", duckdb("nested", source, theirs), theirs), 0.6, 64)
    package = out / "duckdb-package"
    for rows in [size] + [1_000_000] * arguments.million:
        source = bench.file(rows, "csv")
        yield Row("open-data package", rows, publish(rows, "large"),
                  Job("DuckDB, one process", duckdb("package", source, package, bench.communes), package), 1.5, 160)
        yield Row("open-data package", rows, publish(rows, "large"),
                  Job("a tenth of the rows", publish(rows // 10, "small").command, out / "small-publication"), 11)


def cold(bench):
    """The time on the clock of the smallest job, in milliseconds."""
    sample = ROOT / "samples/laureats-2014.xlsx"
    walls = [Job("ptce", [bench.ptce, "validate", str(sample), "-q"]).run().wall * 1000 for _ in range(21)]
    return f"The 23 laureates of `samples/laureats-2014.xlsx`: {statistics.median(walls):.0f} ms on the clock (least {min(walls):.0f})."


def machine(bench):
    said = lambda *command: subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT).stdout.strip()
    model = re.search(r"model name\s*: (.*)", Path("/proc/cpuinfo").read_text())
    versions = said(bench.python, "-c", "from importlib.metadata import version as v\n"
                    "print(f\"DuckDB {v('duckdb')}, jsonschema-rs {v('jsonschema-rs')}\")")
    commit = said("git", "describe", "--always", "--dirty") or "?"
    memory = int(re.search(r"MemTotal:\s*(\d+)", Path("/proc/meminfo").read_text())[1]) >> 20
    return (f"{date.today():%d %B %Y}, ptce {commit}, {said('rustc', '--version')}; {model[1] if model else 'a processor'}, "
            f"{len(os.sched_getaffinity(0))} threads, {memory} GiB; {versions}, Python {sys.version.split()[0]}.")


# --- Growth -----------------------------------------------------------------------------------------------------------------

HEADER = ("nom;region;departements;thematiques;resume;coordinateur_nom;partenaires;contact_nom;contact_email;contact_telephone;"
          "adresse;code_postal;commune;site_web")
CELLS = ("Pôle {n};Bretagne;35;Mobilité;Un pôle;Atelier {n};Scierie {n};Anne Delmas;a{n}@example.org;0199001234;"
         "12 rue des Tanneurs;35000;Rennes;https://example.org/{n}").split(";")
FIELDS = HEADER.split(";")
WORDS = "rue des Tanneurs place Saint-Anne avenue du Lot chemin de la Gare".split()


def with_cell(field, text):
    cells = [cell.format(n=1) for cell in CELLS]
    cells[FIELDS.index(field)] = text
    quoted = ";".join('"' + cell.replace('"', '""') + '"' for cell in cells)
    return f"{HEADER}\n{quoted}\n"


def listed(count, one, separator=" ; "):
    return separator.join(one(at) for at in range(count))


def records(count):
    return ({"nom": f"Pôle {at}", "region": "Bretagne", "coordinateur": {"nom": f"Atelier {at}"},
             "contacts": [{"nom": "Anne Delmas", "courriel": f"a{at}@example.org"}]} for at in range(count))


def xml(count, partners=1):
    inner = "".join(f"<partenaire><nom>Scierie {at}</nom></partenaire>" for at in range(partners))
    return "<ptces>" + "".join(
        f"<ptce><nom>Pôle {at}</nom><coordinateur><nom>Atelier {at}</nom></coordinateur><partenaires>{inner}</partenaires></ptce>"
        for at in range(count)) + "</ptces>"


def first_name(at):
    return ("Anne", "Paul", "Inès", "Jean-Luc", "Marie")[at % 5]


def surname(at):
    return "D" + "".join("aeioulmnrs"[int(digit)] for digit in str(at + 100))


# What grows: the name of a file, and its text for a size. Cells end at the limit of a record, which is an answer too.
GROWTH = {
    "rows of csv": ("g.csv", lambda n: HEADER + "\n" + "".join(";".join(CELLS).format(n=at) + "\n" for at in range(n))),
    "rows of csv, header again every 40": ("g.csv", lambda n: "".join(
        (HEADER + "\n" if at % 40 == 0 else "") + ";".join(CELLS).format(n=at) + "\n" for at in range(n))),
    "records of ndjson": ("g.ndjson", lambda n: "".join(json.dumps(record, ensure_ascii=False) + "\n" for record in records(n))),
    "records of json": ("g.json", lambda n: json.dumps(list(records(n)), ensure_ascii=False)),
    "records of xml": ("g.xml", lambda n: xml(n)),
    "records of text": ("g.txt", lambda n: "".join(
        f"Nom du PTCE : Pôle {at}\nCoordinateur : Atelier {at}\nContact : Anne Delmas, a{at}@example.org\n\n" for at in range(n))),
    "columns": ("g.csv", lambda n: "nom;" + ";".join(f"colonne {at}" for at in range(n)) + "\nPôle;" + ";".join("x" * n) + "\n"),
    "partners of a record of ndjson": ("g.ndjson", lambda n: json.dumps(
        {"nom": "Pôle", "partenaires": [{"nom": f"Scierie {at}"} for at in range(n)]}, ensure_ascii=False) + "\n"),
    "partners of a record of xml": ("g.xml", lambda n: xml(1, n)),
    "contacts of a record of ndjson": ("g.ndjson", lambda n: json.dumps(
        {"nom": "Pôle", "contacts": [{"nom": f"{first_name(at)} {surname(at)}", "courriel": f"a{at}@example.org"}
                                     for at in range(n)]}, ensure_ascii=False) + "\n"),
    "partners in a cell": ("g.csv", lambda n: with_cell("partenaires", listed(n, lambda at: f"Scierie {at}"))),
    "partners in a cell, one a line": ("g.csv", lambda n: with_cell("partenaires", listed(n, lambda at: f"- Scierie {at}", "\n"))),
    "themes in a cell": ("g.csv", lambda n: with_cell("thematiques", listed(n, lambda at: f"thème {at}"))),
    "departments in a cell": ("g.csv", lambda n: with_cell("departements", listed(n, lambda at: f"{at % 95 + 1:02}", ", "))),
    "names in a cell": ("g.csv", lambda n: with_cell("contact_nom", listed(n, lambda at: f"{first_name(at)} {surname(at)}", ", "))),
    "mailboxes in a cell": ("g.csv", lambda n: with_cell("contact_email", listed(n, lambda at: f"a{at}@example.org", ", "))),
    "numbers in a cell": ("g.csv", lambda n: with_cell("contact_telephone", listed(n, lambda at: f"01 99 00 {at // 100 % 100:02} {at % 100:02}", ", "))),
    "people with mailboxes in a cell": ("g.csv", lambda n: with_cell(
        "contact_nom", listed(n, lambda at: f"{first_name(at)} {surname(at)}, a{at}@example.org", "\n"))),
    "words of an address": ("g.csv", lambda n: with_cell("adresse", "12 " + listed(n, lambda at: WORDS[at % len(WORDS)], " "))),
    "words of a name": ("g.csv", lambda n: with_cell("nom", listed(n, lambda at: WORDS[at % len(WORDS)], " "))),
    "words of a commune": ("g.csv", lambda n: with_cell("commune", listed(n, lambda at: WORDS[at % len(WORDS)], " "))),
    "words of a summary": ("g.csv", lambda n: with_cell("resume", listed(n, lambda at: WORDS[at % len(WORDS)], " "))),
    "words of a coordinator": ("g.csv", lambda n: with_cell("coordinateur_nom", listed(n, lambda at: WORDS[at % len(WORDS)], " "))),
    "letters of a name": ("g.csv", lambda n: with_cell("nom", "a" * n)),
    "digits of a number": ("g.csv", lambda n: with_cell("contact_telephone", "0" * n)),
    "lines of a text without labels": ("g.txt", lambda n: "Nom du PTCE : Pôle\n" + "Une ligne de texte sans étiquette.\n" * n),
}


def growth(bench, only):
    """Doubles each size until a run takes long enough to be measured, and prints the factor of the last doubling."""
    idle = min(Run([bench.ptce, "--version"]).cpu for _ in range(5))
    worst = 0.0
    print(f"{'size':>9} → twice  {'seconds':>8} → {'':>7} factor")
    for name, (file, text) in GROWTH.items():
        if only and only not in name:
            continue
        for command in (["validate"], ["convert", "--to", "open-data", "--keep-invalid", "-o", str(bench.out / "grown")]):
            size, before, factor = 250, None, None
            while size <= 4_000_000:
                source = bench.out / file
                source.write_text(text(size), encoding="utf-8")
                runs = []
                for _ in range(3):
                    cleared(bench.out / "grown")
                    runs.append(Run([bench.ptce, *command, "-q", str(source)]))
                run = min(runs, key=lambda run: run.cpu)
                if run.code not in (0, 1):
                    # The limits of an input end what can grow.
                    break
                seconds = max(run.cpu - idle, 1e-3)
                factor = seconds / before if before else None
                if before and before >= 0.25:
                    break
                size, before = size * 2, seconds
            shown = f"{factor:6.2f}" if factor and before >= 0.02 else "  (too short, or refused: no figure)"
            if factor and before >= 0.1:
                worst = max(worst, factor)
            print(f"{size // 2:9} → {size:8}  {before or 0:8.2f} {shown}  {name}, {command[0]}", flush=True)
    print(f"greatest factor of a run that can be measured: {worst:.2f} (2.2 at most)")


# ----------------------------------------------------------------------------------------------------------------------------

def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--ptce", type=Path, default=ROOT / "target/release/ptce", help="the program to measure")
    parser.add_argument("--folder", type=Path, default=ROOT / "target/bench", help="where everything is made (target/bench)")
    parser.add_argument("--rows", type=int, default=100_000, help="rows of the generated files (100000)")
    parser.add_argument("--million", action="store_true", help="the rows of the table with 1,000,000 rows too")
    parser.add_argument("--ten-million", action="store_true", help="memory and the limit at 10,000,000 rows too: 10 GB of disk")
    parser.add_argument("--pairs", type=int, default=5, help="pairs of runs (5)")
    parser.add_argument("--only", default="", metavar="WORD", help="the rows whose work has this word")
    parser.add_argument("--growth", action="store_true", help="measure doublings instead")
    parser.add_argument("--write", action="store_true", help="write the table into benches/README.md")
    arguments = parser.parse_args()
    if not arguments.ptce.exists():
        parser.error(f"{arguments.ptce} does not exist: cargo build --release, or --profile dist")
    bench = Bench(arguments)
    if arguments.growth:
        bench.out.mkdir(parents=True, exist_ok=True)
        growth(bench, arguments.only)
        return 0
    bench.install()
    bench.data(arguments.rows, list(SUFFIXES))
    bench.data(arguments.rows // 10, ["csv"])
    if arguments.million:
        bench.data(1_000_000, ["csv"])
    if arguments.ten_million:
        bench.data(10_000_000, ["csv"])
    faults = check(bench, arguments.rows)
    if faults:
        print(*faults, sep="\n")
        return 1
    lines = [row.measure(arguments.pairs) for row in rows_of(bench, arguments) if arguments.only in row.work]
    title = "| work | rows | against | goal | processor time | on the clock | seconds of processor | peak MiB |"
    table = "\n".join([machine(bench), "", title, "|---|---|---|---|---|---|---|---|", *lines, "",
                       f"Medians of {arguments.pairs} pairs; bold: the goal is not reached. {cold(bench)} Every seeded defect of "
                       f"the {arguments.rows:,} rows was found at its cell in {len(SUFFIXES)} formats, and nothing else as an error or a "
                       "warning."])
    print(table)
    if arguments.write:
        readme = HERE / "README.md"
        text = readme.read_text(encoding="utf-8")
        start, end = text.index(BEGIN) + len(BEGIN), text.index(END)
        readme.write_text(text[:start] + "\n" + table + "\n" + text[end:], encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
