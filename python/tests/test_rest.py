import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pyarrow as pa
import pytest
from conftest import ROOT, SAMPLES, command

import ptce


def test_the_command_comes_with_the_package():
    assert command("--version", code=0).strip() == f"ptce {ptce.__version__}"
    command("validate", "samples/laureats-2014.xlsx", "--quiet", code=1)
    command("validate", "samples/absent.xlsx", code=2)
    done = subprocess.run(
        [sys.executable, "-m", "ptce", "explain", "missing-name", "--lang", "en"], capture_output=True, text=True
    )
    assert done.returncode == 0 and done.stdout.startswith("missing-name")


@pytest.mark.parametrize("form", ["json", "ndjson", "csv", "xml"])
def test_conversions_are_those_of_the_command(form, tmp_path):
    made = ptce.convert(SAMPLES / "laureats-2014.xlsx", form)
    assert made.data.decode() == command("convert", "samples/laureats-2014.xlsx", "--to", form, "-q", code=0)
    path = tmp_path / f"out.{form}"
    ptce.convert(SAMPLES / "laureats-2014.xlsx", path)
    assert path.read_bytes() == made.data and os.listdir(tmp_path) == [path.name]
    assert made.summary["records"] == 23


def test_conversions_that_cannot_be_done(tmp_path):
    with pytest.raises(ptce.ImpossibleRequest):
        ptce.convert(SAMPLES / "conforme.csv", tmp_path / "out.pdf")
    with pytest.raises(ptce.InaccessibleFile):
        ptce.convert(SAMPLES / "conforme.csv", tmp_path / "absent" / "out.json")
    with pytest.raises(ptce.Error):
        ptce.convert(tmp_path / "absent.csv", tmp_path / "out.json")
    assert os.listdir(tmp_path) == []


def test_records_are_nested_arrow():
    records = pa.table(ptce.read(SAMPLES / "laureats-2014.xlsx"))
    assert records.schema == pa.schema(ptce.schema("arrow")) and records.num_rows == 23
    expected = [json.loads(line) for line in ptce.convert(SAMPLES / "laureats-2014.xlsx", "ndjson").data.splitlines()]

    def without_nulls(value):
        if isinstance(value, dict):
            return {key: without_nulls(one) for key, one in value.items() if one is not None and one != []} or None
        return [without_nulls(one) for one in value] if isinstance(value, list) else value

    def clean(record):
        return {key: value for key, value in without_nulls(record).items() if value is not None}

    assert [clean(record) for record in records.to_pylist()] == expected


def test_schemas():
    assert ptce.schema()["$id"] and ptce.schema("table-schema")["fields"]
    assert "xs:schema" in ptce.schema("xsd")
    schema = pa.schema(ptce.schema("arrow"))
    assert set(schema.names) == set(ptce.schema()["properties"])
    assert pa.schema(ptce.schema("findings")).names[0] == "code"
    with pytest.raises(ValueError, match="no form"):
        ptce.schema("rdf")


def test_codes_are_explained():
    for code in ptce.rules():
        told = ptce.explain(code)
        assert told.summary and told.level in ("error", "warning", "info")
    assert ptce.explain("missing-name", lang="fr").summary != ptce.explain("missing-name", lang="en").summary
    assert ptce.explain("damaged-file").level is None
    with pytest.raises(ptce.ImpossibleRequest):
        ptce.explain("no-such-code")


def test_a_publication(tmp_path):
    out = tmp_path / "publication"
    made = ptce.publish(SAMPLES / "laureats-2014.xlsx", out, metadata=SAMPLES / "publication.toml")
    assert made.records + len(made.left_out) == 23 and made.left_out[0]["code"]
    other = tmp_path / "command"
    command("convert", "samples/laureats-2014.xlsx", "--to", "open-data", "-o", other, "-q",
            "--metadata", "samples/publication.toml")

    def files(folder):
        return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}

    assert files(out) == files(other)
    with pytest.raises(ptce.Error):
        ptce.publish(SAMPLES / "laureats-2014.xlsx", out)
    ptce.publish(SAMPLES / "laureats-2014.xlsx", out, force=True)
    with pytest.raises(ptce.ImpossibleRequest):
        ptce.publish(SAMPLES / "laureats-2014.xlsx", tmp_path / "x", keep_contacts=" ")


@pytest.mark.skipif(os.name == "nt", reason="signals of POSIX")
def test_ctrl_c_ends_the_work(tmp_path):
    rows = "nom,coordinateur_nom\n" + "".join(f"Fabriques {rank},Roue\n" for rank in range(400_000))
    (tmp_path / "many.csv").write_text(rows)
    script = "import ptce, sys\nprint('begun', flush=True)\nptce.validate(sys.argv[1])\nprint('over', flush=True)"
    child = subprocess.Popen(
        [sys.executable, "-c", script, tmp_path / "many.csv"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert child.stdout.readline() == "begun\n"
    time.sleep(0.2)
    child.send_signal(signal.SIGINT)
    out, err = child.communicate(timeout=60)
    assert "over" not in out and "KeyboardInterrupt" in err


def test_nothing_is_printed(capfd):
    ptce.validate(SAMPLES / "laureats-2014.xlsx")
    ptce.convert(SAMPLES / "laureats-2014.xlsx", "json")
    assert capfd.readouterr() == ("", "")


def test_the_package_is_typed():
    package = Path(ptce.__file__).parent
    assert (package / "py.typed").exists() and (package / "_ptce.pyi").exists()
    stub = (package / "_ptce.pyi").read_text()
    for name in dir(ptce._ptce):
        assert name.startswith("__") and name != "__version__" or name in stub, name
    assert ROOT not in package.parents, "the installed package is tested, not the folder"
