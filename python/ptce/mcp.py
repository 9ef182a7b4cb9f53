"""A server of the Model Context Protocol on the standard streams: ``ptce mcp --root DIR``.

It validates, inspects, explains and converts files below one folder. It writes nothing unless ``--write`` allows it, and hides what may
be personal unless ``--personal`` allows it. What cannot be done is a result with a code, not an exception.

Needs ``pip install "ptce[mcp]"``, Python 3.10 or later.
"""

from __future__ import annotations

import argparse
import json
import re
from pathlib import Path
from typing import Any, Optional

from . import Error, Explanation, _ptce, convert, explain, inspect, rules, validate
from ._errors import ImpossibleRequest, InaccessibleFile

HIDDEN = "***"
"""What stands for a value that may be personal."""

_PUBLIC = re.compile(
    r"/(id|nom|sigle|appel|region|territoire|thematiques|emploi|site_web)(/|$)"
    r"|/coordinateur/(nom|forme_juridique|siren|siret|rna)$"
    r"|/partenaires/[^/]+/(nom|categorie|groupe)$"
    r"|/adresse/(code_postal|commune|cedex|code_insee)$"
    r"|/source/(fichier|feuille|ligne)$"
)
"""The fields that are no matter of persons. All others may name one, free texts among them."""

_LABELS = ("unknown-label", "ambiguous-label", "repeated-label", "misspelt-label")
"""Of findings without a field, those whose value is a label. Others may show whole rows."""

_OURS = ("file", "code", "level", "pointer")
"""What of a finding no record writes."""

_MOST_FINDINGS = 200
_MOST_BYTES = 200_000


class Tools:
    """What the server does, in one folder."""

    def __init__(self, root: Path, writes: bool = False, personal: bool = False, lang: Optional[str] = None) -> None:
        self.root, self.writes, self.personal = root.resolve(strict=True), writes, personal
        self.lang = lang or _ptce.language()

    def validate(self, path: str, profile: Optional[str] = None, level: str = "info", first: int = 0) -> dict[str, Any]:
        """Checks the records of a file or folder below the root; answers the verdict in figures, and findings from the number `first`
        on with their place, 200 at a time, of a level or a graver one (error, warning, info)."""
        return self._answered(lambda: self._validate(path, profile, level, first))

    def inspect(self, path: str) -> dict[str, Any]:
        """How a file is understood: sheets, headers, encoding, and of each label the field that it means and why."""
        return self._answered(lambda: self._inspect(path))

    def explain(self, code: str) -> dict[str, Any]:
        """What a code of a finding or an error means, and what to do."""
        return self._answered(lambda: vars(explain(code, lang=self.lang)))

    def rules(self) -> dict[str, Any]:
        """The codes of all rules, each with a sentence."""
        return {code: explain(code, lang=self.lang).summary for code in rules()}

    def convert(self, path: str, format: str = "json", to: Optional[str] = None) -> dict[str, Any]:
        """The records of a file below the root in a format (json, ndjson, csv, xml), at most 200,000 bytes of them; or, where the
        server may write, in the new file `to` below the root, whose extension says the format. `hidden` counts the values that are
        replaced by *** there: a file that is written lacks them too."""
        return self._answered(lambda: self._convert(path, format, to))

    def _answered(self, work: Any) -> dict[str, Any]:
        try:
            return dict(work())
        except Error as error:
            said = error.fr if self.lang == "fr" else error.en
            return {"error": {"code": error.code, "message": said, "line": error.line, "column": error.column}}
        except ValueError as error:
            return {"error": {"code": "impossible-request", "message": str(error)}}

    def _inside(self, path: str) -> Path:
        """A path below the root, links followed."""
        place = (self.root / path).resolve()
        # Files of a folder are read through its links.
        links = (one.resolve() for one in place.rglob("*") if one.is_symlink()) if place.is_dir() else ()
        for one in (place, *links):
            if one != self.root and self.root not in one.parents:
                raise ImpossibleRequest(
                    f"{path[:200]} est hors du dossier ouvert à ce service, ou contient un lien qui en sort",
                    f"{path[:200]} is outside the folder that this server may read, or holds a link that leads out of it",
                )
        return place

    def _told(self, place: Path) -> str:
        """How answers name a file: by its path below the root."""
        return str(place.relative_to(self.root))

    def _validate(self, path: str, profile: Optional[str], level: str, first: int) -> dict[str, Any]:
        levels = ["error", "warning", "info"]
        if level not in levels:
            raise ValueError(f"there is no level {level!r}: {', '.join(levels)}")
        place = self._inside(path)
        report = validate(place, profile=profile, lang=self.lang)
        wanted = [one for one in report if levels.index(one["level"]) <= levels.index(level)]
        shown = [self._finding(one) for one in wanted[first : first + _MOST_FINDINGS]]
        rest = len(wanted) - first - len(shown)
        return {"ok": report.ok, "summary": report.summary, "unread": len(report.unread), "findings": shown, "more": max(rest, 0)}

    def _finding(self, finding: dict[str, Any]) -> dict[str, Any]:
        file = Path(finding["file"])
        finding["file"] = self._told(file) if self.root in file.parents else file.name
        if self.personal:
            return finding
        is_public = _PUBLIC.match(finding["pointer"]) if finding["pointer"] else finding["code"] in _LABELS
        texts = {key: value for key, value in finding.items() if isinstance(value, str) and key not in _OURS}
        telling = {key for key, value in texts.items() if _ptce.tells_somebody(value, key == "value")}
        if not telling and (is_public or "value" not in finding):
            return finding
        told: Explanation = explain(finding["code"], lang=self.lang)
        hidden = {**dict.fromkeys(telling | {"value", "suggestion"}, HIDDEN), "message": told.summary}
        return {key: hidden.get(key, value) for key, value in finding.items() if key != "expected"}

    def _inspect(self, path: str) -> dict[str, Any]:
        understood: Any = inspect(self._inside(path), lang=self.lang)
        if not self.personal:
            # Samples are values, and what is left out is a part of the text.
            understood = _without(understood, ("samples", "left_out"))
            understood = _without_people(understood)
        return {"files": understood}

    def _convert(self, path: str, format: str, to: Optional[str]) -> dict[str, Any]:
        place = self._inside(path)
        if to is not None and not self.writes:
            raise ImpossibleRequest(
                "ce service n’écrit rien ; relancez-le avec --write", "this server writes nothing; start it with --write"
            )
        target = self._inside(to) if to is not None else None
        if target is not None and target.exists():
            raise ImpossibleRequest(f"{to} existe déjà", f"{to} is there already")
        if target is None and format not in ("json", "ndjson", "csv", "xml"):
            raise ValueError(f"there is no text format {format!r}: json, ndjson, csv, xml")
        source: Any = place
        name, hidden, summary = None, 0, None
        if not self.personal:
            # What is converted is what may be shown; what is judged are the records as they are.
            read = convert(place, "ndjson")
            masked = [json.dumps(_masked(json.loads(line), ""), ensure_ascii=False) for line in read.data.splitlines()]
            hidden = sum(line.count(json.dumps(HIDDEN)) for line in masked)
            source, name, summary = "\n".join(masked).encode(), f"{place.name}.ndjson", read.summary
        made = convert(source, format if target is None else target, name=name)
        answer = {"summary": summary or made.summary, "hidden": hidden}
        if target is not None:
            return {"written": self._told(target), **answer}
        text = made.data.decode()
        return {"text": text[:_MOST_BYTES], "is_whole": len(text) <= _MOST_BYTES, **answer}


def _without(value: Any, keys: tuple[str, ...]) -> Any:
    if isinstance(value, dict):
        return {key: _without(one, keys) for key, one in value.items() if key not in keys}
    return [_without(one, keys) for one in value] if isinstance(value, list) else value


def _without_people(value: Any) -> Any:
    """What is understood of a file without the labels that name or reach somebody: those of a table without a header."""
    if isinstance(value, dict):
        return {key: _without_people(one) if key != "file" else one for key, one in value.items()}
    if isinstance(value, list):
        return [_without_people(one) for one in value]
    return HIDDEN if isinstance(value, str) and _ptce.tells_somebody(value, False) else value


def _masked(value: Any, pointer: str) -> Any:
    """A record without what may be personal."""
    if isinstance(value, dict):
        return {key: _masked(one, f"{pointer}/{key}") for key, one in value.items()}
    if isinstance(value, list):
        return [_masked(one, f"{pointer}/{rank}") for rank, one in enumerate(value)]
    # A name or a number may stand in the cell of anything.
    is_public = _PUBLIC.match(pointer) and not (isinstance(value, str) and _ptce.tells_somebody(value, True))
    return value if is_public else HIDDEN


def server(tools: Tools) -> Any:
    """The server of the protocol."""
    from mcp.server import MCPServer
    from mcp.types import ToolAnnotations

    made = MCPServer("ptce", version=_ptce.__version__, log_level="ERROR")
    for tool in (tools.validate, tools.inspect, tools.explain, tools.rules, tools.convert):
        reads = ToolAnnotations(read_only_hint=tool != tools.convert or not tools.writes, destructive_hint=False)
        made.add_tool(tool, annotations=reads)
    return made


def main(arguments: list[str]) -> int:
    """Serves until the standard input ends."""
    parser = argparse.ArgumentParser(
        prog="ptce mcp",
        description="Sert le protocole MCP sur l’entrée et la sortie standard / serves MCP on the standard streams",
    )
    add = parser.add_argument
    add("--root", type=Path, default=Path("."), help="dossier ouvert au service / the folder that the server may read")
    add("--write", action="store_true", help="permet d’y écrire de nouveaux fichiers / allows it to write new files there")
    add("--personal", action="store_true", help="montre les valeurs personnelles / shows personal values")
    add("--lang", choices=["fr", "en"], help="langue des réponses / language of the answers")
    given = parser.parse_args(arguments)
    try:
        tools = Tools(given.root, given.write, given.personal, given.lang)
    except OSError as error:
        raise InaccessibleFile(
            f"{given.root} : {error.strerror} ; vérifiez le chemin", f"{given.root}: {error.strerror}; check the path"
        ) from error
    server(tools).run()
    return 0
