#!/usr/bin/env python3
"""Makes each system call of a run fail in turn, or kills the program at it, and looks at what is left.

    tests/faults.py target/release/ptce            # every call: some minutes
    tests/faults.py target/release/ptce --every 9  # every ninth one

Needs Linux and strace. The program writes a file, a report, a publication (folder and archive), over an earlier one and
where there was none. Whatever fails: the result is the earlier one or the new one, whole; code 0 means the new one; no
file is left beside it unless the program was killed, and what is then left is private; nothing panics.
"""

import argparse
import hashlib
import re
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path

SAMPLE = Path(__file__).resolve().parent.parent / "samples" / "conforme.csv"
OTHER = SAMPLE.with_name("laureats-2014.csv")

# Calls that touch what is written, and how each may fail.
CALLS = ["openat", "read", "write", "lseek", "mkdir", "rename", "renameat2", "fsync", "chmod", "chown", "close", "getdents64",
         "unlink", "unlinkat", "rmdir", "newfstatat", "statx", "copy_file_range", "sendfile", "pread64"]
# Calls by which what was made is removed: where these fail, it stays.
REMOVING = {"unlinkat", "unlink", "rmdir", "openat", "getdents64", "close", "newfstatat", "statx"}
FAULTS = ["error=ENOSPC", "error=EIO", "error=EACCES", "error=EINTR", "signal=SIGKILL", "signal=SIGTERM"]

PUBLISH = ["--to", "open-data", "--force", "--keep-invalid"]
JOBS = {
    "file": (["convert", "{source}", "-o", "{target}.json"], ".json"),
    "workbook": (["convert", "{source}", "-o", "{target}.xlsx"], ".xlsx"),
    "report": (["validate", "{source}", "--format", "json", "-o", "{target}.json"], ".json"),
    "folder": (["convert", "{source}", "-o", "{target}", *PUBLISH], ""),
    "archive": (["convert", "{source}", "-o", "{target}.zip", *PUBLISH], ".zip"),
}
ENVIRONMENT = {"LC_ALL": "C", "SOURCE_DATE_EPOCH": "1700000000", "PATH": "/usr/bin:/bin"}


def content(path):
    """What stands at a path: nothing, a file or the files of a folder."""
    if path.is_dir():
        return tuple(sorted((file.name, content(file)) for file in path.iterdir()))
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.exists() else None


def run(ptce, job, folder, source, strace=()):
    arguments, _ = JOBS[job]
    filled = [argument.format(source=source, target=folder / "result") for argument in arguments]
    return subprocess.run([*strace, ptce, *filled, "-q"], env=ENVIRONMENT, capture_output=True, text=True, timeout=120)


def counted(ptce, job, folder):
    """How often each call is made."""
    log = folder / "log"
    run(ptce, job, folder, SAMPLE, ["strace", "-f", "-o", str(log), "-e", "trace=" + ",".join(CALLS)])
    # A call that another thread interrupts is begun once and resumed once.
    names = re.findall(r"^\d+\s+(\w+)\(", log.read_text(errors="replace"), re.MULTILINE)
    log.unlink()
    return Counter(names)


def faults_of(ptce, job, has_earlier, every):
    """Runs one job once for each call and fault; yields what was wrong, and how many runs there were."""
    end = JOBS[job][1]
    with tempfile.TemporaryDirectory() as folder:
        folder = Path(folder)
        target = folder / ("result" + end)

        def fresh():
            for path in folder.iterdir():
                shutil.rmtree(path) if path.is_dir() else path.unlink()
            if has_earlier:
                assert run(ptce, job, folder, OTHER).returncode < 2
            return content(target)

        fresh()
        usual = run(ptce, job, folder, SAMPLE).returncode
        new = content(target)
        old = fresh()
        calls = counted(ptce, job, folder)
        rank, runs = 0, 0
        for call, count in calls.items():
            for when in range(1, count + 1):
                for fault in FAULTS:
                    # The standard library takes it for granted that a folder can be closed.
                    if call == "close" and "error" in fault:
                        continue
                    rank += 1
                    if rank % every:
                        continue
                    runs += 1
                    old = fresh()
                    inject = ["strace", "-f", "-o", "/dev/null", "-e", f"inject={call}:{fault}:when={when}"]
                    done = run(ptce, job, folder, SAMPLE, inject)
                    killed = fault == "signal=SIGKILL"
                    left = [path for path in folder.iterdir() if path != target]
                    found = content(target)
                    wrong = []
                    if found not in (old, new):
                        wrong.append("the result is neither the earlier nor the new one")
                    if done.returncode == usual and found != new and "error" in fault and when > 0:
                        wrong.append("success is told, but the result is not the new one")
                    # What a person has to look at stands beside a publication.
                    unknown = [path.name for path in left if not path.name.startswith("a-verifier")]
                    if unknown and not killed and call not in REMOVING:
                        wrong.append(f"left behind: {unknown}")
                    if any(path.stat().st_mode & 0o077 for path in left):
                        wrong.append("what is left can be read by others")
                    if "panicked" in done.stderr or done.returncode == 134:
                        wrong.append("panic: " + done.stderr[:200])
                    if wrong:
                        yield f"{job}{' over an earlier one' if has_earlier else ''}: {call} #{when} {fault}: " + "; ".join(wrong)
        yield runs


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("ptce", type=Path)
    parser.add_argument("--every", type=int, default=1, help="only each such run (1)")
    parser.add_argument("--job", choices=JOBS, action="append", help="only these jobs")
    arguments = parser.parse_args()
    if not shutil.which("strace"):
        sys.exit("strace is not installed")
    ptce = str(arguments.ptce.resolve())
    runs, faults = 0, 0
    for job in arguments.job or JOBS:
        for has_earlier in (False, True):
            for told in faults_of(ptce, job, has_earlier, arguments.every):
                if isinstance(told, int):
                    runs += told
                else:
                    faults += 1
                    print(told)
    print(f"{runs} runs, {faults} faults")
    sys.exit(1 if faults else 0)


if __name__ == "__main__":
    main()
