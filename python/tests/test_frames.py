import datetime
import decimal
import math

import pyarrow as pa
import pytest
from conftest import SAMPLES, by_command, by_rows, texts, told

import ptce

# Files of one header and one record a line: as frames they are the same table.
TABLES = ["candidature.csv", "conforme.csv", "laureats-2014.csv"]


def table(path):
    header, rows = texts(path)
    return pa.table([pa.array([row[at] for row in rows], pa.string()) for at in range(len(header))], names=header)


@pytest.mark.parametrize("file", TABLES)
@pytest.mark.parametrize("profile", ["laureat", "candidature"])
def test_a_frame_gets_the_verdict_of_the_file(file, profile):
    path = SAMPLES / file
    report = ptce.validate(table(path), name=str(path), profile=profile)
    assert by_rows(report) == by_command(path, "--profile", profile)


def test_generated_rows(generated):
    expected = by_command(generated)
    codes = {row[0] for row in expected}
    assert {"duplicate-id", "unknown-label", "missing-coordinator", "value-understood", "malformed-email"} <= codes
    whole = table(generated)
    assert by_rows(ptce.validate(whole, name=str(generated))) == expected
    assert by_rows(ptce.validate(generated)) == expected
    for size in (1, 7, 100_000):
        batches = pa.Table.from_batches(whole.slice(0, 200).to_batches(max_chunksize=size))
        few = by_rows(ptce.validate(batches, name="f"))
        assert few == by_rows(ptce.validate(whole.slice(0, 200), name="f"))


def test_any_library_of_dataframes(generated):
    duckdb, pandas, polars = (pytest.importorskip(name) for name in ("duckdb", "pandas", "polars"))
    expected = by_rows(ptce.validate(table(generated), name="f"))
    for frame in (
        polars.from_arrow(table(generated)),
        table(generated).to_pandas(),
        duckdb.sql(f"select * from read_csv('{generated}', all_varchar=true)"),
        pa.RecordBatchReader.from_batches(table(generated).schema, table(generated).to_batches()),
    ):
        assert by_rows(ptce.validate(frame, name="f")) == expected, type(frame)
    findings = ptce.validate(table(generated)).findings
    assert len(polars.DataFrame(findings)) == len(findings) == len(pa.table(findings))
    assert pandas.DataFrame.from_records(pa.table(findings).to_pylist()).shape[0] == len(findings)


def codes(frame, **more):
    return sorted((finding["code"], finding.get("value")) for finding in ptce.validate(frame, **more))


def base(**columns):
    size = len(next(iter(columns.values())))
    plain = {"nom": [f"Fabriques {rank}" for rank in range(size)], "coordinateur_nom": ["Roue libre"] * size}
    return pa.table({**plain, **columns})


def test_values_of_other_types_are_read_as_a_person_would_type_them():
    day = datetime.datetime(2014, 1, 10, tzinfo=datetime.timezone.utc)
    columns = {
        "appel_date_annonce": pa.array([day], pa.timestamp("us", "Europe/Paris")),
        "appel_montant": pa.array([decimal.Decimal("1200.50")]),
        "adresse_code_postal": pa.array([46100.0]),
        "adresse_commune": pa.array(["Figeac"]).dictionary_encode(),
        "emploi_salaries": pa.array([3], pa.int16()),
        "emploi_etp": pa.array([2.5]),
        "sigle": pa.nulls(1),
    }
    typed = pa.table(ptce.read(base(**columns))).to_pylist()[0]
    assert typed["adresse"]["code_postal"] == "46100" and typed["adresse"]["commune"] == "Figeac"
    assert typed["appel"]["montant"] == 1200.5 and typed["emploi"] == {"etp": 2.5, "salaries": 3, "creations_prevues": None}
    assert typed["sigle"] is None
    plain = base(appel_date_annonce=pa.array([datetime.date(2014, 1, 10)]))
    midnight = base(appel_date_annonce=pa.array([datetime.datetime(2014, 1, 10)]))
    texts = base(appel_date_annonce=pa.array(["2014-01-10"]))
    assert codes(plain) == codes(midnight) == codes(texts)
    assert codes(base(emploi_etp=pa.array([math.nan]))) == codes(base(emploi_etp=pa.nulls(1)))
    polars = pytest.importorskip("polars")
    nulls = polars.DataFrame({"nom": ["Fabriques 0"], "coordinateur_nom": ["Roue libre"], "emploi_etp": [None]})
    assert codes(nulls) == codes(base(emploi_etp=pa.nulls(1)))
    for of in (pa.large_string(), pa.string_view()):
        assert codes(base(sigle=pa.array(["FQ"], of))) == codes(base(sigle=["FQ"]))


def test_codes_that_have_become_numbers_are_told():
    found = ptce.validate(base(adresse_code_postal=[5000], adresse_commune=["Gap"]))
    told = [finding for finding in found if finding["pointer"] == "/adresse/code_postal"]
    assert [(finding["line"], finding["label"], finding["value"], finding["suggestion"]) for finding in told] == [
        (2, "adresse_code_postal", "5000", "05000")
    ]


def test_nested_columns_are_the_record():
    for file in ("conforme.json", "laureats-2014.json"):
        records = ptce.read(SAMPLES / file)
        assert len(records) == ptce.validate(SAMPLES / file).summary["records"]
        places = ("file", "line", "column", "label", "path", "message", "sheet", "cell", "row")
        again = told(by_rows(ptce.validate(records)), *places)
        assert again == told(by_command(SAMPLES / file), *places)
    contacts = pa.array([[{"nom": "A", "courriel": "a@example.org"}, {"nom": "B", "courriel": "faux"}]])
    faulty = [finding for finding in ptce.validate(base(contacts=contacts)) if finding["code"] == "malformed-email"]
    assert [(finding["pointer"], finding["column"]) for finding in faulty] == [("/contacts/1/courriel", 3)]


def test_bad_frames_are_answered():
    pandas = pytest.importorskip("pandas")
    with pytest.raises(ptce.UnknownFormat, match="no known column among zzz"):
        ptce.validate(pa.table({"zzz": ["a"]}))
    for bad in (pa.array([b"x"]), pa.array([datetime.timedelta(1)]), pa.array([[b"x"]])):
        with pytest.raises(ptce.UnknownFormat, match="“logo” is of type"):
            ptce.validate(base(logo=bad))
    with pytest.raises(ptce.NoRecord):
        ptce.validate(base(sigle=["a"]).slice(0, 0))
    twice = pa.table([["A"], ["B"], ["Roue libre"]], names=["nom", "nom", "coordinateur_nom"])
    assert [f["value"] for f in ptce.validate(twice) if f["code"] == "repeated-label"] == ["nom"]
    blank = pa.table({"nom": ["A", None], "coordinateur_nom": ["R", None]})
    assert [f["line"] for f in ptce.validate(blank) if f["code"] == "blank-record"] == [3]

    for mixed in (pandas.DataFrame({"nom": ["A", 1]}), pandas.DataFrame([["A", "B"]], columns=["nom", "nom"])):
        with pytest.raises(ptce.UnknownFormat, match="cannot be given as Arrow"):
            ptce.validate(mixed)

    def failing():
        yield base(sigle=["a"]).to_batches()[0]
        raise RuntimeError("the disk is gone")

    with pytest.raises(ptce.Error, match="the disk is gone"):
        ptce.validate(pa.RecordBatchReader.from_batches(base(sigle=["a"]).schema, failing()))
    reader = pa.RecordBatchReader.from_batches(base(sigle=["a"]).schema, base(sigle=["a"]).to_batches())
    with pytest.raises(ptce.ImpossibleRequest):
        ptce.validate(reader).to_html()


def test_a_row_is_a_record_whatever_it_says():
    found = ptce.validate(pa.table({"Nom du PTCE": ["Fabriques", "Total"], "Structure porteuse": ["R", None]}))
    assert found.summary["records"] == 2
