#!/usr/bin/env python3
"""Runs `ptce inspect` over every file of a folder, and prints what came of it: records, findings, seconds, megabytes, the error.

    tests/foreign.py FOLDER [--ptce target/release/ptce] [--only-bad]

The files are those of others (test files of spreadsheet libraries, published workbooks): they are read where they lie, and
none of them enters the project. Seconds and megabytes are those of `inspect`; findings are counted by `ptce validate`. A
file is bad when it makes the program panic or abort, takes more than 5 s, or is read by one command and not by the other;
the exit code is then 1. Megabytes below the fifteen or so of Python itself cannot be seen. Needs Python 3.9, nothing else.
"""

import argparse
import csv
import os
import re
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from pathlib import Path

KINDS = {".csv", ".json", ".jsonl", ".md", ".ndjson", ".ods", ".text", ".tsv", ".txt"}
KINDS |= {".xls", ".xlsb", ".xlsm", ".xlsx", ".xml", ".zip"}
SECONDS = 5.0
# What takes that long is ended.
PATIENCE = 60.0


def run(command, output):
    """The exit code, the errors, the seconds and the peak megabytes of a command that writes into a file."""
    output.seek(0)
    output.truncate()
    with tempfile.TemporaryFile() as errors:
        start = time.monotonic()
        child = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=output, stderr=errors)
        watch = threading.Timer(PATIENCE, child.kill)
        watch.start()
        _, status, usage = os.wait4(child.pid, 0)
        watch.cancel()
        seconds = time.monotonic() - start
        child.returncode = os.waitstatus_to_exitcode(status)
        errors.seek(0)
        said = errors.read().decode("utf-8", "replace")
    output.seek(0)
    return child.returncode, said, seconds, usage.ru_maxrss / 1024


def records_of(output):
    """The records that `inspect` counts, in the lines that name a file: the others are indented."""
    heads = re.compile(r"\S.*: \w+, (\d+) records?$")
    return sum(int(head[1]) for head in map(heads.match, output) if head)


def main():
    csv.field_size_limit(1 << 30)
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("--ptce", default="target/release/ptce")
    parser.add_argument("--only-bad", action="store_true", help="print the files that fail alone")
    arguments = parser.parse_args()
    files = sorted(path for path in arguments.folder.rglob("*") if path.suffix.lower() in KINDS and path.is_file())
    outcomes = Counter()
    slowest, largest = (0.0, ""), (0.0, "")
    print(f"{'records':>8} {'findings':>8} {'seconds':>8} {'MB':>6}  file")
    for path in files:
        name = str(path.relative_to(arguments.folder))
        # What is read of an answer is read line by line: a child is charged with the memory of the process it comes from.
        with tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace", newline="") as output:
            code, errors, seconds, memory = run([arguments.ptce, "inspect", str(path), "--lang", "en"], output)
            records, findings, said = "", "", ""
            is_bad = code not in (0, 2) or seconds > SECONDS or "panicked" in errors
            if code == 0:
                records = records_of(output)
                command = [arguments.ptce, "validate", str(path), "--lang", "en", "--format", "csv", "-q"]
                # The exit code is 1 where there are findings that are errors.
                code, errors, *_ = run(command, output)
                is_bad = is_bad or code not in (0, 1) or "panicked" in errors
                findings = max(0, sum(1 for _ in csv.reader(output)) - 1)
        slowest, largest = max(slowest, (seconds, name)), max(largest, (memory, name))
        if code not in (0, 1) or is_bad:
            lines = errors.strip().splitlines() or [f"exit code {code}"]
            said = lines[-1].replace(f"ptce: {path}: ", "").removeprefix("ptce: ")
        outcome = "bad" if is_bad else "read" if said == "" else "refused"
        outcomes[outcome] += 1
        if is_bad or not arguments.only_bad:
            mark = "BAD " if is_bad else ""
            print(f"{records:>8} {findings:>8} {seconds:8.2f} {memory:6.0f}  {mark}{name}  {said[:300]}".rstrip())
    print(f"{len(files)} files:", ", ".join(f"{count} {outcome}" for outcome, count in sorted(outcomes.items())))
    print(f"slowest: {slowest[0]:.2f} s, {slowest[1]}; largest: {largest[0]:.0f} MB, {largest[1]}")
    return 1 if outcomes["bad"] else 0


if __name__ == "__main__":
    sys.exit(main())
