"""The command ``ptce``, which comes with the package."""

from __future__ import annotations

import signal
import sys

from . import _ptce


def main() -> int:
    """Runs the command with the arguments of this process, and answers its exit code: 0, 1 or 2."""
    # The command ends by itself on Ctrl-C, and leaves nothing half written.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    return _ptce.command(["ptce", *sys.argv[1:]])


if __name__ == "__main__":
    sys.exit(main())
