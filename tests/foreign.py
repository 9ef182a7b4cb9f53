#!/usr/bin/env python3
"""Runs `ptce inspect` over every file of a folder, and prints what came of it: records, seconds, megabytes, the error.

    tests/foreign.py FOLDER [--ptce target/release/ptce] [--only-bad]

The files are those of others (test files of spreadsheet libraries, published workbooks): they are read where they lie, and
none of them enters the project. The exit code is 1 when a file made the program panic or abort, or took more than 5 s.
Findings are counted by `ptce validate`. Needs Python 3.9, nothing else.
"""

import argparse
import os
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

KINDS = {".csv", ".json", ".jsonl", ".ndjson", ".ods", ".tsv", ".txt", ".xls", ".xlsb", ".xlsm", ".xlsx", ".xml", ".zip"}
SECONDS = 5.0


def run(command):
    """The exit code, the output, the errors, the seconds and the peak megabytes of a command."""
    start = time.monotonic()
    child = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    output = child.stdout.read().decode("utf-8", "replace")
    _, status, usage = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    return child.returncode, output, time.monotonic() - start, usage.ru_maxrss / 1024


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("--ptce", default="target/release/ptce")
    parser.add_argument("--only-bad", action="store_true", help="print the files that fail alone")
    arguments = parser.parse_args()
    files = sorted(path for path in arguments.folder.rglob("*") if path.suffix.lower() in KINDS and path.is_file())
    outcomes = Counter()
    print(f"{'records':>8} {'findings':>8} {'seconds':>8} {'MB':>6}  file")
    for path in files:
        code, output, seconds, memory = run([arguments.ptce, "inspect", str(path), "--lang", "en"])
        records, findings, said = "", "", ""
        is_bad = code not in (0, 2) or seconds > SECONDS or "panicked" in output
        if code == 0:
            outcomes["read"] += 1
            words = output.splitlines()[0].rsplit(", ", 1)[-1].split() if output else ["0"]
            records = words[0]
            _, report, *_ = run([arguments.ptce, "validate", str(path), "--lang", "en", "--format", "csv", "-q"])
            findings = str(max(0, report.count("\n") - 1))
        else:
            lines = output.strip().splitlines() or [f"exit code {code}"]
            said = lines[-1].removeprefix(f"ptce: {path}: ").removeprefix("ptce: ")
            outcomes["bad" if is_bad else "refused"] += 1
        if is_bad or not arguments.only_bad:
            mark = "BAD " if is_bad else ""
            name = path.relative_to(arguments.folder)
            print(f"{records:>8} {findings:>8} {seconds:8.2f} {memory:6.0f}  {mark}{name}  {said[:160]}".rstrip())
    print(", ".join(f"{count} {outcome}" for outcome, count in sorted(outcomes.items())))
    return 1 if outcomes["bad"] else 0


if __name__ == "__main__":
    sys.exit(main())
