"""``python -m ptce`` is the command ``ptce``."""

import sys

from ._command import main

sys.exit(main())
