"""Work that could not be done. Wrong data is no error: it is in the findings of a report."""

from __future__ import annotations

from typing import Any, Optional

from . import _ptce

__all__ = [
    "DamagedFile",
    "Error",
    "ImpossibleRequest",
    "InaccessibleFile",
    "LimitExceeded",
    "NoRecord",
    "UnknownFormat",
]


class Error(Exception):
    """Work that could not be done: one sentence says which file, where, and what to do.

    Attributes:
        code: the stable name of the kind of error, which :func:`ptce.explain` knows.
        fr, en: the sentence in French and in English; ``str()`` gives the one of the locale.
        file: the source concerned, as the caller named it, or ``None``.
        line, column: where reading stopped, counted from 1, or ``None``.
    """

    code = "error"

    def __init__(
        self,
        fr: str,
        en: str,
        file: Optional[str] = None,
        line: Optional[int] = None,
        column: Optional[int] = None,
    ) -> None:
        super().__init__(fr, en, file, line, column)
        self.fr, self.en = fr, en
        self.file, self.line, self.column = file, line, column

    def __reduce__(self) -> tuple[Any, ...]:
        # An error crosses to another process whole, with the code that it was given.
        return type(self), (self.fr, self.en, self.file, self.line, self.column), {"code": self.code}

    def __str__(self) -> str:
        return self.fr if _ptce.language() == "fr" else self.en


class InaccessibleFile(Error, OSError):
    """The operating system refused to read or write, or a table could not be read."""

    code = "inaccessible-file"

    def __init__(
        self,
        fr: str,
        en: str,
        file: Optional[str] = None,
        line: Optional[int] = None,
        column: Optional[int] = None,
    ) -> None:
        Error.__init__(self, fr, en, file, line, column)

    # OSError would take the first two arguments for a number and a sentence.
    def __new__(cls, *arguments: object) -> InaccessibleFile:
        return OSError.__new__(cls)


class UnknownFormat(Error, ValueError):
    """No format that can be read, not the one its name says, or a table without a known column."""

    code = "unknown-format"


class DamagedFile(Error, ValueError):
    """The file is damaged or breaks the rules of its format."""

    code = "damaged-file"


class NoRecord(Error, ValueError):
    """The source holds no header or no record."""

    code = "no-record"


class LimitExceeded(Error):
    """The source is beyond a limit set for safety."""

    code = "limit-exceeded"


class ImpossibleRequest(Error, ValueError):
    """The request itself is wrong: options, configuration, an existing output."""

    code = "impossible-request"


_KINDS = {
    kind.code: kind
    for kind in (InaccessibleFile, UnknownFormat, DamagedFile, NoRecord, LimitExceeded, ImpossibleRequest)
}


def error_of(
    code: str, fr: str, en: str, file: Optional[str], line: Optional[int], column: Optional[int]
) -> Error:
    """The exception for an error of this code."""
    error = _KINDS.get(code, Error)(fr, en, file, line, column)
    error.code = code
    return error

