"""The server of the Model Context Protocol, over its standard streams."""

import asyncio
import json
import re
import shutil
import sys
from pathlib import Path

import pytest
from conftest import SAMPLES, by_command

mcp = pytest.importorskip("mcp")


@pytest.fixture
def root(tmp_path):
    folder = tmp_path / "root"
    folder.mkdir()
    for name in ("laureats-2014.xlsx", "conforme.csv", "candidature.xlsx"):
        shutil.copy(SAMPLES / name, folder)
    (tmp_path / "secret.csv").write_text("nom\nA\n")
    (folder / "link.csv").symlink_to(tmp_path / "secret.csv")
    return folder


def answers(root, calls, *options):
    """What the server answers to some calls, each a tool and its arguments; and its tools."""

    async def ask():
        program = str(Path(sys.executable).with_name("ptce"))
        started = mcp.StdioServerParameters(command=program, args=["mcp", "--root", str(root), "--lang", "en", *options])
        async with mcp.Client(started) as client:
            tools = {tool.name: tool for tool in (await client.list_tools()).tools}
            given = []
            for name, arguments in calls:
                result = await client.call_tool(name, arguments)
                assert not result.is_error, result
                given.append(json.loads(result.content[0].text))
            return given, tools

    return asyncio.run(ask())


def test_tools_answer_what_the_command_tells(root):
    calls = [
        ("validate", {"path": "laureats-2014.xlsx"}), ("validate", {"path": "laureats-2014.xlsx", "level": "error"}),
        ("inspect", {"path": "conforme.csv"}), ("explain", {"code": "missing-name"}), ("rules", {}),
    ]
    (every, errors, understood, told, rules), tools = answers(root, calls)
    expected = by_command(root / "laureats-2014.xlsx")
    assert every["summary"]["records"] == 23 and not every["ok"]
    assert len(every["findings"]) + every["more"] == sum(expected.values())
    assert len(errors["findings"]) == every["summary"]["errors"] > 0
    assert {finding["file"] for finding in every["findings"]} == {"laureats-2014.xlsx"}
    assert understood["files"][0]["format"] == "csv" and told["code"] == "missing-name" and rules["missing-name"]
    assert all(tool.annotations.read_only_hint for tool in tools.values())


def test_what_cannot_be_done_is_a_result(root):
    calls = [
        ("validate", {"path": "../secret.csv"}), ("validate", {"path": "link.csv"}), ("validate", {"path": "/etc/hostname"}),
        ("validate", {"path": "absent.csv"}), ("convert", {"path": "conforme.csv", "to": "out.json"}),
        ("convert", {"path": "conforme.csv", "format": "xlsx"}), ("explain", {"code": "no-such-code"}),
        ("validate", {"path": "conforme.csv", "level": "grave"}),
    ]
    given, _ = answers(root, calls)
    codes = [answer["error"]["code"] for answer in given]
    assert codes == ["impossible-request"] * 3 + ["inaccessible-file"] + ["impossible-request"] * 4
    assert "outside the folder" in given[0]["error"]["message"] and "--write" in given[4]["error"]["message"]
    assert not (root / "out.json").exists()


def test_personal_values_are_hidden_unless_allowed(root):
    contact = "Jeanne Roux"
    (root / "envoi.csv").write_text(
        "nom,coordinateur_nom,contact_1_nom,contact_1_courriel,contact_1_telephone,projet_resume,inconnue,adresse_code_postal\n"
        f"Fabriques,Roue,{contact},jeanne.roux@exemple,12,Appeler {contact},{contact} au 06 12 34 56 78,4610\n"
    )
    calls = [
        ("validate", {"path": "envoi.csv"}), ("convert", {"path": "envoi.csv", "format": "csv"}),
        ("inspect", {"path": "envoi.csv"}),
    ]
    hidden, _ = answers(root, calls)
    for answer in hidden:
        assert not re.search("(?i)jeanne|roux|06 12|exemple", json.dumps(answer, ensure_ascii=False)), answer
    findings = {finding["code"]: finding for finding in hidden[0]["findings"]}
    assert findings["malformed-email"]["value"] == "***" and findings["malformed-email"]["line"] == 2
    assert findings["malformed-postal-code"]["value"] == "4610"
    shown, _ = answers(root, calls, "--personal")
    assert all("jeanne.roux@exemple" in json.dumps(answer, ensure_ascii=False) for answer in shown)


def test_personal_values_are_hidden_wherever_they_stand(root):
    (root / "envoi.csv").write_text(
        "nom;coordinateur;contact 1 courriel;site web;jeanne.roux@exemple.org\n"
        "Fabriques;Jeanne Roux 06 39 98 12 34;zoe@exemple;jeanne.roux@exemple.org;x\n"
    )
    calls = [
        ("validate", {"path": "envoi.csv"}), ("convert", {"path": "envoi.csv"}), ("inspect", {"path": "envoi.csv"}),
        # Not only a link, but what holds one.
        ("validate", {"path": "."}), ("convert", {"path": "."}),
    ]
    (found, made, understood, folder, converted), _ = answers(root, calls)
    for answer in (found, made, understood):
        assert not re.search("(?i)jeanne|roux|06 39", json.dumps(answer, ensure_ascii=False)), answer
    assert folder["error"]["code"] == converted["error"]["code"] == "impossible-request"
    # What is judged is the record, not what is shown of it.
    assert made["summary"]["codes"] == found["summary"]["codes"] and made["hidden"] > 0


def test_new_files_are_written_where_that_is_allowed(root):
    calls = [
        ("convert", {"path": "conforme.csv", "to": "out.json"}), ("convert", {"path": "conforme.csv", "to": "out.json"}),
        ("convert", {"path": "conforme.csv", "to": "../out.json"}),
    ]
    (made, again, outside), tools = answers(root, calls, "--write")
    assert made["written"] == "out.json" and len(json.loads((root / "out.json").read_text())) == made["summary"]["records"]
    assert again["error"] and outside["error"] and not tools["convert"].annotations.read_only_hint
