"""How a judge written in Python gives its verdict: the faults, one a line, and the exit code."""

import sys


def verdict(faults):
    faults = list(faults)
    for fault in faults[:20]:
        print(f"fault: {fault}")
    if len(faults) > 20:
        print(f"and {len(faults) - 20} more")
    sys.exit(1 if faults else 0)
