"""Reads, checks and converts records of French *pôles territoriaux de coopération économique* (PTCE).

A source is a path, bytes, a file object, or any table that speaks Arrow (``__arrow_c_stream__``: polars, pandas, pyarrow,
DuckDB). What comes back speaks Arrow too, so that any library of dataframes takes it without a copy::

    report = ptce.validate("envoi.xlsx", profile="candidature")
    if not report.ok:
        print(polars.DataFrame(report.findings))

Wrong data is in the findings; work that could not be done raises :class:`Error`. The command ``ptce`` comes with the package.
"""

from __future__ import annotations

import html as _html
import json as _json
import os as _os
import sys as _sys
import time as _time
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, Callable, Optional, Union

from . import _ptce
from ._errors import (
    DamagedFile,
    Error,
    ImpossibleRequest,
    InaccessibleFile,
    LimitExceeded,
    NoRecord,
    UnknownFormat,
)
from ._ptce import Table

__version__ = _ptce.__version__
__all__ = [
    "Conversion",
    "DamagedFile",
    "Error",
    "Explanation",
    "Fix",
    "ImpossibleRequest",
    "InaccessibleFile",
    "LimitExceeded",
    "NoRecord",
    "Publication",
    "Report",
    "Table",
    "UnknownFormat",
    "convert",
    "explain",
    "fix",
    "inspect",
    "publish",
    "read",
    "rules",
    "schema",
    "validate",
]

Source = Any
"""A path, bytes, a file object, a table with ``__arrow_c_stream__``, or a list of these."""

Configuration = Union[None, str, "_os.PathLike[str]", Mapping[str, Any]]
"""The path of a TOML file, or the same as a mapping: ``{"levels": {"missing-contact": "error"}}``."""

Progress = Optional[Callable[[int, int], object]]
"""Called some times a second with the bytes read and those to read; of a table these are 0. What it raises ends the work."""


def validate(
    source: Source,
    *,
    profile: Optional[str] = None,
    config: Configuration = None,
    name: Optional[str] = None,
    lang: Optional[str] = None,
    progress: Progress = None,
) -> Report:
    """Checks every record of a source, as ``ptce validate`` does.

    Args:
        source: what to check. A table is judged as the same table in a CSV file would be, whose header is line 1: the first row
            is line 2. Each of its rows is a record, and a column that is no text is read as what a person would type.
        profile: ``"laureat"`` (by default) or ``"candidature"``.
        config: levels and codes switched off, as in the file of ``--config``.
        name: the name in the places of findings, of what has no path.
        lang: ``"fr"`` or ``"en"``; by default the language of the locale.
        progress: see :data:`Progress`.

    Raises:
        Error: when a source cannot be read. Of several sources, those that cannot are in :attr:`Report.unread`.
        TypeError: when it is no source.
    """
    asked = (profile, config, lang)
    given, again = _given(source, name)
    made = _ptce.validate(given, _judgement(*asked), progress)
    return Report(made, again, asked)


def read(
    source: Source,
    *,
    name: Optional[str] = None,
    config: Configuration = None,
    progress: Progress = None,
) -> Table:
    """The records of a source, right or wrong, as nested Arrow: a row a record, whose columns are the canonical record.

    ``source`` in a record tells where it came from. Numbers are doubles.

    Raises:
        Error: when a source cannot be read.
    """
    return _ptce.read(_given(source, name)[0], _judgement(None, config, None), progress)


def convert(
    source: Source,
    to: Union[str, _os.PathLike[str]],
    *,
    csv_for_excel: bool = False,
    profile: Optional[str] = None,
    config: Configuration = None,
    name: Optional[str] = None,
    progress: Progress = None,
) -> Conversion:
    """Writes every record of a source in another format, right or wrong.

    Args:
        to: a format (``"json"``, ``"ndjson"``, ``"csv"``, ``"xml"``, ``"xlsx"``, ``"tables"``), whose bytes are then in
            :attr:`Conversion.data`; or the path of a file to write, whose extension says the format.
        csv_for_excel: CSV that a French Excel opens with a double click.

    Raises:
        Error: when a source cannot be read or the file cannot be written; nothing is then left half written.
    """
    text = _os.fspath(to)
    path = Path(text) if not isinstance(to, str) or text not in _FORMATS else None
    form = text if path is None else _EXTENSIONS.get(path.suffix.lower())
    if form is None:
        raise ImpossibleRequest(
            f"{text} : l’extension doit être .json, .ndjson, .csv, .xml, .xlsx ou .zip",
            f"{text}: the extension must be .json, .ndjson, .csv, .xml, .xlsx or .zip",
            text,
        )
    judgement = _judgement(profile, config, None)
    data, summary = _ptce.convert(_given(source, name)[0], judgement, form, csv_for_excel, progress)
    if path is not None:
        _write(path, data)
    return Conversion(data, path, summary)


def publish(
    source: Source,
    to: Union[str, _os.PathLike[str]],
    *,
    metadata: Configuration = None,
    consents: Union[None, str, _os.PathLike[str]] = None,
    objections: Union[None, str, _os.PathLike[str]] = None,
    decisions: Union[None, str, _os.PathLike[str]] = None,
    keep_contacts: Optional[str] = None,
    force: bool = False,
    keep_invalid: bool = False,
    withhold_doubtful: bool = False,
    profile: Optional[str] = None,
    config: Configuration = None,
    name: Optional[str] = None,
    lang: Optional[str] = None,
    progress: Progress = None,
) -> Publication:
    """Makes an open-data publication, without the personal data of contacts: a folder, or a ``.zip`` archive.

    The arguments are the options of ``ptce convert --to open-data``. Records with errors are left out, and named in
    :attr:`Publication.left_out`.

    Raises:
        Error: when a source cannot be read, or the folder is there already (``force=True`` replaces a publication).
    """
    if keep_contacts is not None and not keep_contacts.strip():
        raise ImpossibleRequest(
            "keep_contacts demande la raison : l’accord des personnes, ou le texte qui en dispense",
            "keep_contacts asks for the reason: the consent of the people, or the text that allows to do without",
        )
    texts = {}
    if metadata is not None:
        texts["metadata"] = _toml(metadata)
    for key, path in (("consents", consents), ("objections", objections), ("decisions", decisions)):
        if path is not None:
            texts[key] = (_text(path), str(path))
    # The day where it is latest.
    today = _time.strftime("%Y-%m-%d", _time.gmtime(_time.time() + 14 * 3600))
    flags = (force, keep_invalid, withhold_doubtful)
    judgement = _judgement(profile, config, lang)
    given = _given(source, name)[0]
    made = _ptce.publish(given, judgement, Path(to), texts, keep_contacts, flags, today, progress)
    return Publication(_json.loads(made), Path(to))


def inspect(
    source: Source,
    *,
    name: Optional[str] = None,
    lang: Optional[str] = None,
) -> list[dict[str, Any]]:
    """How a source is understood before anything is judged: what ``ptce inspect --format json`` tells of each file, that is its
    encoding, its tables, and of each label the field that it means and why.

    Raises:
        Error: when it cannot be read, or no label of it is known.
    """
    understood: list[dict[str, Any]] = _json.loads(_ptce.inspect(_given(source, name)[0], _judgement(None, None, lang)))
    return understood


def fix(
    source: Union[str, _os.PathLike[str], bytes],
    *,
    plan: Union[None, str, _os.PathLike[str]] = None,
    name: Optional[str] = None,
    profile: Optional[str] = None,
    config: Configuration = None,
    lang: Optional[str] = None,
) -> Fix:
    """Corrects a file: what is certain, or what is ticked in a plan that ``ptce fix --plan`` wrote. The original is not touched:
    write :attr:`Fix.data` beside it, and :attr:`Fix.log`, by which ``ptce fix --undo`` takes all back.

    Raises:
        Error: when the file cannot be read, or is of a format that cannot be corrected in place.
    """
    if isinstance(source, bytes):
        data, of = source, name or "-"
    else:
        data, of = _bytes(source), name or _os.fspath(source)
    ticked = (_bytes(plan), _os.fspath(plan)) if plan is not None else None
    return Fix(*_ptce.fix(of, data, ticked, _judgement(profile, config, lang)))


def explain(code: str, *, lang: Optional[str] = None) -> Explanation:
    """What a code of a finding or of an error means.

    Raises:
        ImpossibleRequest: when there is no such code.
    """
    told = _ptce.explain(code)
    if told is None:
        raise ImpossibleRequest(
            f"le code « {code} » n’existe pas ; ptce.rules() donne la liste",
            f"there is no code “{code}”; ptce.rules() lists them",
        )
    return Explanation(told, lang or _ptce.language())


def rules() -> list[str]:
    """The codes of all rules."""
    return _ptce.codes()


def schema(form: str = "json-schema") -> Any:
    """The schema of a record.

    Args:
        form: ``"json-schema"`` (a dict), ``"table-schema"`` (a dict, of the published CSV), ``"xsd"`` (a text), ``"arrow"``
            (an empty table that has ``__arrow_c_schema__``: ``pyarrow.schema(ptce.schema("arrow"))``), or ``"findings"``, the
            same of the table of findings.
    """
    if form == "arrow":
        return _ptce.record_table()
    if form == "findings":
        return _ptce.finding_table()
    text = _ptce.schema_text(form)
    if text is None:
        raise ValueError(f"there is no form {form!r}: json-schema, table-schema, xsd, arrow, findings")
    return text if form == "xsd" else _json.loads(text)


class Report:
    """What a validation found."""

    def __init__(self, made: _ptce.Report, again: Optional[list[Any]], asked: tuple[Any, ...]) -> None:
        self._made, self._again, self._asked = made, again, asked
        self._told = _json.loads(made.summary)

    @property
    def ok(self) -> bool:
        """Whether there is no finding of level error, and every source could be read."""
        return self._told["summary"]["errors"] == 0 and not self.unread

    @property
    def summary(self) -> dict[str, Any]:
        """The verdict in figures: records, publishable, completeness (percent), errors, warnings, infos, codes."""
        return dict(self._told["summary"])

    @property
    def inputs(self) -> list[dict[str, Any]]:
        """The sources that were read: file, format, bytes, records."""
        return list(self._told["inputs"])

    @property
    def unread(self) -> list[str]:
        """Why sources could not be read, a sentence each, when there are several."""
        return list(self._told["unread"])

    @property
    def not_run(self) -> list[dict[str, str]]:
        """The rules that were not applied, each with the reason."""
        return list(self._told["not_run"])

    @property
    def findings(self) -> Table:
        """The findings, a row each: code, level, message, file, sheet, cell, row, line, column, label, path, record_index,
        record_id, record_nom, pointer, value, expected, suggestion, confidence. Rows, lines, columns and records count from 1."""
        return self._made.findings

    @property
    def records(self) -> Table:
        """The records, a row each: file, index (from 1), id, nom, completeness (percent), and how many errors, warnings and
        infos there are."""
        return self._made.records

    def __iter__(self) -> Iterator[dict[str, Any]]:
        """The findings as dicts, without the columns that have no value."""
        return iter([_json.loads(line) for line in self.findings.to_ndjson().splitlines()])

    def to(self, form: str) -> bytes:
        """The report of the command: ``"text"``, ``"json"``, ``"html"``, ``"csv"``, ``"ndjson"``, ``"letter"``, ``"sarif"``,
        ``"github"`` or ``"junit"``. The source is read once more.

        Raises:
            ImpossibleRequest: when the source was a stream, which is over.
        """
        if self._again is None:
            raise ImpossibleRequest(
                "la source était un flux, qui est terminé ; validez une table, des octets ou un fichier",
                "the source was a stream, which is over; validate a table, bytes or a file",
            )
        given = [entry for source, name in self._again for entry in _given(source, name)[0]]
        return _ptce.write(given, _judgement(*self._asked), form)

    def to_html(self) -> str:
        """The page of the report, by rule and by record; see :meth:`to`."""
        return self.to("html").decode()

    def _repr_html_(self) -> str:
        french = (self._asked[2] or _ptce.language()) == "fr"
        figures = self.summary
        heads = ("fiches", "erreurs", "avertissements", "infos") if french else ("records", "errors", "warnings", "infos")
        values = [figures[key] for key in ("records", "errors", "warnings", "infos")]
        verdict = {
            (True, True): "Rien de niveau erreur.",
            (True, False): "À corriger.",
            (False, True): "Nothing of level error.",
            (False, False): "To be corrected.",
        }[french, self.ok]
        cells = "".join(f"<th>{head}</th><td>{value}</td>" for head, value in zip(heads, values))
        codes = sorted(figures["codes"].items(), key=lambda entry: (-entry[1], entry[0]))
        rows = "".join(
            f"<tr><td>{count}</td><td><code>{code}</code></td>"
            f"<td>{_html.escape(explain(code, lang='fr' if french else 'en').summary)}</td></tr>"
            for code, count in codes
        )
        return f"<p><strong>{verdict}</strong></p><table><tr>{cells}</tr></table><table>{rows}</table>"

    def __repr__(self) -> str:
        figures = self.summary
        counts = ", ".join(f"{figures[key]} {key}" for key in ("records", "errors", "warnings", "infos"))
        return f"<ptce.Report ok={self.ok}: {counts}>"


class Conversion:
    """What a conversion wrote: ``data`` (bytes), ``path`` (``None`` when there is none) and ``summary`` (figures)."""

    def __init__(self, data: bytes, path: Optional[Path], summary: str) -> None:
        told = _json.loads(summary)
        self.data, self.path = data, path
        self.summary: dict[str, Any] = told["summary"]
        self.inputs: list[dict[str, Any]] = told["inputs"]


class Fix:
    """A file with corrections.

    Attributes:
        data: its bytes.
        log: what was changed and how that is taken back; its ``changes`` have ``location``, ``pointer``, ``code``, ``before`` and
            ``after``.
        left: the corrections that could not be made: ``place``, ``code``, ``obstacle``.
    """

    def __init__(self, data: bytes, log: str, left: str) -> None:
        self.data = data
        self.log: dict[str, Any] = _json.loads(log)
        self.left: list[dict[str, Any]] = _json.loads(left)


class Publication:
    """What was published.

    Attributes:
        path: the folder or archive.
        records: how many records.
        left_out: the others, each with its rank in the sources (from 1), its nom and the code of the first error.
        unwritten: records with a character that no file may hold.
        withheld, doubtful: how many personal values were withheld, how many mentions may name a person.
        review: where these are listed, beside the publication, or ``None``.
        metadata: what the description of the publication lacks, as findings.
        summary: the verdict on the sources in figures.
    """

    def __init__(self, told: dict[str, Any], path: Path) -> None:
        self.path = path
        self.records: int = told["records"]
        self.left_out: list[dict[str, Any]] = told["left_out"]
        self.unwritten: list[dict[str, Any]] = told["unwritten"]
        self.withheld: int = told["withheld"]
        self.doubtful: int = told["doubtful"]
        self.review: Optional[Path] = Path(told["review"]) if told["review"] else None
        self.metadata: list[dict[str, Any]] = told["metadata"]
        self.summary: dict[str, Any] = told["summary"]


class Explanation:
    """What a code means: ``code``, ``level`` (``None`` of an error), ``summary``, ``explanation``, and for a rule ``basis``
    and an example, ``wrong`` and ``right``."""

    def __init__(self, told: dict[str, Any], lang: str) -> None:
        self.code: str = told["code"]
        self.level: Optional[str] = told["level"]
        self.summary: str = told["summary"][lang]
        self.explanation: str = told["explanation"][lang]
        self.basis: str = told.get("basis", "")
        self.wrong: str = told.get("wrong", "")
        self.right: str = told.get("right", "")

    def __str__(self) -> str:
        return f"{self.code}\n\n{self.summary}\n\n{self.explanation}\n"


_FORMATS = ("json", "ndjson", "csv", "xml", "xlsx", "tables")
_EXTENSIONS = {
    ".json": "json",
    ".ndjson": "ndjson",
    ".jsonl": "ndjson",
    ".csv": "csv",
    ".xml": "xml",
    ".xlsx": "xlsx",
    ".zip": "tables",
}


def _given(source: Source, name: Optional[str]) -> tuple[list[Any], Optional[list[Any]]]:
    """A source as the extension takes it; and the same to be read once more, unless it cannot be."""
    if isinstance(source, (str, _os.PathLike)):
        return [("path", _os.fspath(source), None)], [(source, name)]
    if isinstance(source, (bytes, bytearray, memoryview)):
        data = bytes(source)
        return [("bytes", name or "-", data)], [(data, name)]
    if hasattr(source, "__arrow_c_stream__"):
        # A reader gives its batches once; a table gives them again.
        is_reader = hasattr(source, "read_next_batch") or type(source).__name__ == "DuckDBPyRelation"
        polars = _sys.modules.get("polars")
        if polars is not None and isinstance(source, polars.DataFrame):
            # Of a column of nulls alone polars gives a buffer, which in Arrow there is none of.
            source = source.cast({polars.Null: polars.String})
        return [("frame", name or "frame", source)], None if is_reader else [(source, name)]
    if hasattr(source, "read"):
        given = name or getattr(source, "name", None)
        return [("file", str(given) if isinstance(given, (str, _os.PathLike)) else "-", source)], None
    if isinstance(source, Iterable) and not isinstance(source, Mapping):
        parts = [_given(part, name) for part in source]
        if parts:
            again = [entry for _, entries in parts for entry in entries or []]
            is_over = any(entries is None for _, entries in parts)
            return [entry for entries, _ in parts for entry in entries], None if is_over else again
    raise TypeError(
        f"{type(source).__name__} is no source: give a path, bytes, a file object, a table with __arrow_c_stream__, or a "
        "list of these"
    )


def _judged_by(
    profile: Optional[str], config: Configuration, lang: Optional[str]
) -> tuple[str, str, Optional[str], str, str]:
    """What is asked of the records: a configuration as text, with its name, and what does not depend on the machine."""
    text, name = _toml(config) if config is not None else ("", "config")
    return text, name, profile, lang or _ptce.language(), _ptce.today()


def _judgement(profile: Optional[str], config: Configuration, lang: Optional[str]) -> _ptce.Judgement:
    return _ptce.Judgement(*_judged_by(profile, config, lang))


def _toml(config: Configuration) -> tuple[str, str]:
    """The text of a configuration, and its name."""
    if isinstance(config, Mapping):
        return "\n".join(_toml_lines(config)), "config"
    assert config is not None
    return _text(config), _os.fspath(config)


def _toml_lines(table: Mapping[str, Any], path: tuple[str, ...] = ()) -> Iterator[str]:
    # What JSON and TOML write in the same way: texts, numbers, booleans, lists of these.
    nested: list[tuple[str, bool, Mapping[str, Any]]] = []
    for key, value in table.items():
        if isinstance(value, Mapping):
            nested.append((key, False, value))
        elif isinstance(value, (list, tuple)) and value and all(isinstance(one, Mapping) for one in value):
            nested += [(key, True, one) for one in value]
        elif value is not None:
            value = value.isoformat() if hasattr(value, "isoformat") else _json.dumps(value, ensure_ascii=False)
            yield f"{_json.dumps(key)} = {value}"
    for key, is_of_list, value in nested:
        own = (*path, _json.dumps(key))
        yield f"[[{'.'.join(own)}]]" if is_of_list else f"[{'.'.join(own)}]"
        yield from _toml_lines(value, own)


def _bytes(path: Union[str, _os.PathLike[str]]) -> bytes:
    try:
        return Path(path).read_bytes()
    except OSError as error:
        raise InaccessibleFile(
            f"{path} : lecture impossible ({error.strerror}) ; vérifiez le chemin et les droits",
            f"{path}: cannot be read ({error.strerror}); check the path and your rights",
            str(path),
        ) from error


def _text(path: Union[str, _os.PathLike[str]]) -> str:
    data = _bytes(path)
    try:
        return data.decode()
    except UnicodeDecodeError:
        # A French Excel saves its lists so.
        return data.decode("windows-1252", errors="replace")


def _write(path: Path, data: bytes) -> None:
    """Writes a file in one step: whatever fails, nothing is left half written."""
    made = path.with_name(f".{path.name}.{_os.getpid()}")
    try:
        with open(made, "xb") as out:
            out.write(data)
        _os.replace(made, path)
    except OSError as error:
        made.unlink(missing_ok=True)
        raise InaccessibleFile(
            f"{path} : écriture impossible ({error.strerror}) ; vérifiez le dossier et les droits",
            f"{path}: cannot be written ({error.strerror}); check the folder and your rights",
            str(path),
        ) from error
