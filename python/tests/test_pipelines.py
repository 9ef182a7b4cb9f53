"""The hook, the action and the snippets of docs/pipelines.md, as far as they go without the service that they are for."""

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import types
from pathlib import Path

import pytest
from conftest import ROOT, SAMPLES

yaml = pytest.importorskip("yaml")


def snippet(kind):
    text = (ROOT / "docs" / "pipelines.md").read_text(encoding="utf-8")
    [code] = re.findall(rf"```{kind}\n(.*?)```", text, re.DOTALL)
    return code


def environment(**more):
    """The command of the wheel is the one that is called."""
    return {**os.environ, "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}", **more}


def run(command, folder, **more):
    return subprocess.run(command, cwd=folder, env=environment(**more), capture_output=True, text=True)


def test_the_hook_refuses_errors():
    [hook] = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text())
    assert re.search(hook["files"], "donnees/envoi.xlsx") and not re.search(hook["files"], "README.md")
    entry = shlex.split(hook["entry"])
    assert run([*entry, SAMPLES / "conforme.csv"], ROOT).returncode == 0
    assert run([*entry, "--profile", "candidature", SAMPLES / "candidature.xlsx"], ROOT).returncode == 1


@pytest.mark.parametrize("file, code", [("conforme.csv", 0), ("laureats-2014.xlsx", 1), ("absent.csv", 2)])
def test_the_action_writes_sarif_and_tells_the_verdict(file, code, tmp_path):
    action = yaml.safe_load((ROOT / "action.yml").read_text())
    steps = {step["name"]: step for step in action["runs"]["steps"]}
    given = {key: spec.get("default", "") for key, spec in action["inputs"].items()}
    given["files"] = f"{SAMPLES / file}\n\n"
    filled = {
        name: re.sub(r"\$\{\{ inputs\.(\w+) \}\}", lambda found: given[found[1]], value)
        for name, value in steps["Validate"]["env"].items()
    }
    output = tmp_path / "output"
    done = run(["bash", "-e", "-o", "pipefail", "-c", steps["Validate"]["run"]], tmp_path, GITHUB_OUTPUT=str(output), **filled)
    assert output.read_text() == f"code={code}\n" and done.returncode == (1 if code == 2 else 0), done.stderr
    if code < 2:
        results = json.loads((tmp_path / "ptce.sarif").read_text())["runs"][0]["results"]
        assert any(result["level"] == "error" for result in results) == (code == 1)
    assert run(["bash", "-e", "-c", steps["Verdict"]["run"]], tmp_path, PTCE_CODE=str(code)).returncode == code


def test_the_task_fails_for_good(tmp_path, monkeypatch):
    class AirflowFailException(Exception):
        pass

    airflow, exceptions, sdk = (types.ModuleType(name) for name in ("airflow", "airflow.exceptions", "airflow.sdk"))
    exceptions.AirflowFailException, sdk.task = AirflowFailException, lambda function: function
    for module in (airflow, exceptions, sdk):
        monkeypatch.setitem(sys.modules, module.__name__, module)
    scope = {}
    exec(snippet("python airflow"), scope)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "ptce.toml").write_text("")
    for file in ("conforme.csv", "laureats-2014.csv"):
        shutil.copy(SAMPLES / file, tmp_path)
    assert scope["validate"]("conforme.csv")["errors"] == 0
    with pytest.raises(AirflowFailException, match="errors, see laureats-2014.csv.html"):
        scope["validate"]("laureats-2014.csv")
    assert "<html" in (tmp_path / "laureats-2014.csv.html").read_text(encoding="utf-8")


@pytest.mark.skipif(not shutil.which("make"), reason="no make here")
def test_make_publishes_what_has_no_error(tmp_path):
    (tmp_path / "Makefile").write_text(snippet("make"))
    (tmp_path / "ptce.toml").write_text("")
    (tmp_path / "envois").mkdir()
    shutil.copy(SAMPLES / "conforme.csv", tmp_path / "envois")
    done = run(["make", "publication"], tmp_path)
    assert done.returncode == 0 and (tmp_path / "publication" / "datapackage.json").exists(), done.stderr
    shutil.copy(SAMPLES / "laureats-2014.xlsx", tmp_path / "envois")
    shutil.rmtree(tmp_path / "publication")
    assert run(["make", "publication"], tmp_path).returncode == 2
    assert not (tmp_path / "publication").exists() and (tmp_path / "rapport.html").exists()
