"""The command ``ptce``, which comes with the package; ``ptce mcp`` is the one that the package adds."""

from __future__ import annotations

import signal
import sys

from . import _ptce


def main() -> int:
    """Runs the command with the arguments of this process, and answers its exit code: 0, 1 or 2."""
    # The command ends by itself on Ctrl-C, and leaves nothing half written.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    if sys.argv[1:2] == ["mcp"]:
        return _serve(sys.argv[2:])
    return _ptce.command(["ptce", *sys.argv[1:]])


def _serve(arguments: list[str]) -> int:
    from ._errors import Error
    from .mcp import main

    try:
        return main(arguments)
    except Error as error:
        print(f"ptce: {error}", file=sys.stderr)
    except ImportError:
        french = _ptce.language() == "fr"
        said = "il manque le paquet mcp ; installez ptce[mcp]" if french else "the package mcp is missing; install ptce[mcp]"
        print(f"ptce: {said}", file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main())
