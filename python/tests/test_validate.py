import io
import json
import pickle
import threading
from collections import Counter

import pytest
from conftest import SAMPLES, by_command, by_rows, command, texts, told

import ptce

FILES = sorted(path for path in SAMPLES.iterdir() if path.suffix not in (".md", ".toml"))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
@pytest.mark.parametrize("profile", ["laureat", "candidature"])
def test_files_get_the_verdict_of_the_command(path, profile):
    report = ptce.validate(path, profile=profile)
    expected = by_command(path, "--profile", profile)
    assert by_rows(report) == expected
    assert len(report.findings) == sum(expected.values())
    assert report.summary["records"] == len(report.records)


def test_bytes_and_file_objects_are_read_as_files(monkeypatch):
    path = SAMPLES / "laureats-2014.xlsx"
    expected = told(by_command(path), "file", "message")
    assert told(by_rows(ptce.validate(path.read_bytes())), "file", "message") == expected
    with open(path, "rb") as file:
        report = ptce.validate(file)
    assert told(by_rows(report), "file", "message") == expected
    assert report.inputs[0]["file"] == str(path)
    text = (SAMPLES / "laureats-2014.csv").read_text(encoding="utf-8")
    assert ptce.validate(io.StringIO(text)).summary["records"] == 23


def test_several_sources_are_one_run():
    both = ptce.validate([SAMPLES / "conforme.csv", SAMPLES / "conforme.csv"])
    assert any(finding["code"] == "duplicate-id" for finding in both)
    assert both.summary["records"] == 2 * ptce.validate(SAMPLES / "conforme.csv").summary["records"]


def test_a_report_says_what_is_wrong():
    report = ptce.validate(SAMPLES / "laureats-2014.xlsx", config={"levels": {"missing-contact": "info"}})
    assert not report.ok and report.summary["errors"] > 0 and "errors" in repr(report)
    assert ptce.validate(SAMPLES / "conforme.xlsx").ok
    off = ptce.validate(SAMPLES / "laureats-2014.xlsx", config={"off": {"missing-coordinator": "Known."}})
    assert {"code": "missing-coordinator", "reason": "Known."} in off.not_run
    assert not any(finding["code"] == "missing-coordinator" for finding in off)
    records = [json.loads(line) for line in report.records.to_ndjson().splitlines()]
    assert [record["index"] for record in records] == list(range(1, 24))
    errors = Counter(finding["record_index"] for finding in report if finding["level"] == "error")
    assert {record["index"]: record["errors"] for record in records if record["errors"]} == dict(errors)
    assert 0 < records[0]["completeness"] <= 100


def test_reports_are_those_of_the_command():
    path = "samples/laureats-2014.xlsx"
    report = ptce.validate(SAMPLES / "laureats-2014.xlsx", lang="fr")
    page = report.to_html()
    assert page.startswith("<!doctype html>") or page.startswith("<!DOCTYPE html>")
    made = json.loads(report.to("json"))
    expected = json.loads(command("validate", path, "--lang", "fr", "--format", "json"))
    assert made["summary"] == expected["summary"] and len(made["findings"]) == len(expected["findings"])
    assert json.loads(report.to("sarif"))["version"] == "2.1.0"
    assert "À corriger" in report._repr_html_() and "missing-coordinator" in report._repr_html_()
    with pytest.raises(ValueError, match="no form"):
        report.to("pdf")
    stream = ptce.validate(io.BytesIO((SAMPLES / "conforme.csv").read_bytes()))
    with pytest.raises(ptce.ImpossibleRequest):
        stream.to_html()


def test_language(monkeypatch):
    def messages(**more):
        return [finding["message"] for finding in ptce.validate(SAMPLES / "laureats-2014.csv", **more)]

    assert messages(lang="fr") != messages(lang="en") == messages()
    monkeypatch.setenv("LC_ALL", "fr_FR.UTF-8")
    assert messages(lang="fr") == messages()


def test_what_cannot_be_done_is_an_exception_with_a_code_and_a_place(tmp_path):
    with pytest.raises(ptce.InaccessibleFile) as caught:
        ptce.validate(tmp_path / "absent.csv")
    assert isinstance(caught.value, OSError) and caught.value.code == "inaccessible-file"
    # It reaches whoever waits for another process.
    again = pickle.loads(pickle.dumps(caught.value))
    assert type(again) is ptce.InaccessibleFile and vars(again) == vars(caught.value) and str(again) == str(caught.value)
    assert "check the path" in str(caught.value) and "vérifiez" in caught.value.fr
    broken = tmp_path / "broken.json"
    broken.write_text('[{"nom": "A"},\n{"nom" "B"}]')
    with pytest.raises(ptce.DamagedFile) as caught:
        ptce.validate(broken)
    assert (caught.value.file, caught.value.line) == (str(broken), 2) and caught.value.column
    with pytest.raises(ptce.NoRecord):
        ptce.validate(b"nom,coordinateur\n")
    with pytest.raises(ptce.Error):
        ptce.validate(b"")
    with pytest.raises(ptce.ImpossibleRequest):
        ptce.validate(SAMPLES / "conforme.csv", config={"off": {"no-such-code": "x"}})
    for wrong in ({"profile": "laureate"}, {"lang": "de"}):
        with pytest.raises(ValueError):
            ptce.validate(SAMPLES / "conforme.csv", **wrong)
    for wrong in (None, 3, [], {}):
        with pytest.raises(TypeError):
            ptce.validate(wrong)
    several = ptce.validate([SAMPLES / "conforme.csv", broken])
    assert not several.ok and len(several.unread) == 1


def test_progress_is_told_and_may_end_the_work(generated):
    told = []
    ptce.validate(generated, progress=lambda read, total: told.append((read, total)))
    assert told and told[-1] == (generated.stat().st_size,) * 2 and told == sorted(told)

    def stop(read, total):
        raise RuntimeError("enough")

    with pytest.raises(RuntimeError, match="enough"):
        ptce.validate(generated, progress=stop)


def test_other_threads_run_meanwhile(generated):
    """The lock of the interpreter is free while a source is judged: a thread that waits for it gets on."""
    turns, is_over = [], threading.Event()

    def count():
        while not is_over.is_set():
            turns.append(1)

    other = threading.Thread(target=count)
    other.start()
    before = len(turns)
    ptce.validate([generated] * 3)
    during = len(turns) - before
    is_over.set()
    other.join()
    assert during > 1000
