"""One verdict, however the rows are partitioned. `PTCE_SPARK=connect` runs it on Sail, `local-cluster` on several workers."""

import json
import os
import signal
import sys

import pyarrow as pa
import pytest
from conftest import SAMPLES, by_command, by_rows, texts, told
from pyarrow import dataset, parquet

pytest.importorskip("pyspark")
KIND = os.environ.get("PTCE_SPARK", "")
pytestmark = pytest.mark.skipif(not KIND, reason="PTCE_SPARK says no kind of cluster")
import ptce  # noqa: E402

if KIND:
    import ptce.spark


@pytest.fixture(scope="module")
def spark():
    from pyspark.sql import SparkSession

    if KIND == "connect":
        from pysail.spark import SparkConnectServer

        server = SparkConnectServer()
        server.start()
        _, port = server.listening_address
        session = SparkSession.builder.remote(f"sc://localhost:{port}").getOrCreate()
        yield session
        session.stop()
        server.stop()
        return
    import pyspark

    os.environ.update(
        SPARK_LOCAL_IP="127.0.0.1", SPARK_LOCAL_HOSTNAME="localhost", PYSPARK_PYTHON=sys.executable,
        SPARK_HOME=os.path.dirname(pyspark.__file__),
    )
    builder = SparkSession.builder.master("local-cluster[2,1,1024]")
    settings = {
        "spark.driver.host": "127.0.0.1", "spark.driver.bindAddress": "127.0.0.1", "spark.ui.enabled": "false",
        "spark.sql.shuffle.partitions": "4", "spark.sql.execution.arrow.maxRecordsPerBatch": "500",
    }
    for key, value in settings.items():
        builder = builder.config(key, value)
    session = builder.getOrCreate()
    yield session
    session.stop()


def rows_of(frame):
    return by_rows(row.asDict() for row in frame.collect())


def numbered(spark, path):
    header, rows = texts(path)
    names = ", ".join(f"`{name}` string" for name in ["_row", *header]).replace("`_row` string", "`_row` long")
    return spark.createDataFrame([(rank, *row) for rank, row in enumerate(rows, 1)], names)


@pytest.mark.parametrize("partitions", [1, 8, 200])
def test_generated_rows_in_any_partitioning(spark, generated, partitions):
    frame = numbered(spark, generated).repartition(partitions)
    found = ptce.spark.validate(frame, number="_row", name=str(generated), lang="en", sets=5)
    assert rows_of(found) == by_command(generated) == by_rows(ptce.validate(generated))


def as_parquet(path, folder, parts, rows_a_group):
    """The rows of a CSV file in some Parquet files; answers them as a table."""
    header, rows = texts(path)
    table = pa.table([pa.array([row[at] for row in rows], pa.string()) for at in range(len(header))], names=header)
    folder.mkdir()
    size = -(-len(rows) // parts)
    for part in range(parts):
        parquet.write_table(table.slice(part * size, size), folder / f"part-{part:05}.parquet", row_group_size=rows_a_group)
    return table


@pytest.mark.parametrize("parts, rows_a_group, rows_a_part", [(1, 10**6, 10**6), (3, 400, 500), (2, 15, 15)])
def test_parquet_that_workers_read(spark, generated, tmp_path, monkeypatch, parts, rows_a_group, rows_a_part):
    monkeypatch.setattr(ptce.spark, "_ROWS_A_PART", rows_a_part)
    folder = tmp_path / "rows"
    table = as_parquet(generated, folder, parts, rows_a_group)
    expected = by_rows(ptce.validate(table, name=str(folder), lang="en"))
    assert {"duplicate-id", "unknown-label"} <= {row[0] for row in expected}
    found = ptce.spark.validate_files(spark, folder, lang="en", sets=5)
    assert rows_of(found) == expected
    assert rows_of(ptce.spark.validate_files(spark, str(folder), lang="en", partitions=1)) == expected


def test_files_of_several_formats_are_one_run(spark, generated, tmp_path):
    folder = tmp_path / "rows"
    table = as_parquet(generated, folder, 2, 700)
    paths = [SAMPLES / "laureats-2014.xlsx", SAMPLES / "conforme.json", generated]
    expected = by_rows(ptce.validate([*paths, table], name=str(folder), lang="en"))
    found = rows_of(ptce.spark.validate_files(spark, [*paths, folder], lang="en", sets=3))
    # What repeats a record of another file says so.
    assert found == expected and any(str(generated) in row[2] for row in found if row[3] == str(folder))


def test_parts_of_a_table_may_lack_columns(spark, tmp_path):
    folder = tmp_path / "rows"
    for name, columns in {
        "region=Bretagne": {"nom": ["Fabriques", "Communs"], "coordinateur_nom": ["Roue", None]},
        "region=Corse": {"coordinateur_nom": ["Roue libre"], "nom": pa.array(["Ateliers"]).dictionary_encode()},
        "region=Normandie": {"nom": ["Fil"]},
    }.items():
        (folder / name).mkdir(parents=True)
        parquet.write_table(pa.table(columns), folder / name / "part.parquet")
    table = dataset.dataset(folder, format="parquet", partitioning="hive").to_table()
    assert table.num_rows == 4 and set(table["region"].to_pylist()) == {"Bretagne", "Corse", "Normandie"}
    expected = by_rows(ptce.validate(table, name=str(folder), lang="en"))
    assert rows_of(ptce.spark.validate_files(spark, folder, lang="en", sets=2)) == expected


def test_parquet_that_cannot_be_judged(spark, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    name = ["Fabriques"]
    parquet.write_table(pa.table({"nom": name}), "good.parquet")
    # A path is that of the driver.
    assert rows_of(ptce.spark.validate_files(spark, "good.parquet", lang="en")) == by_rows(
        ptce.validate(pa.table({"nom": name}), name="good.parquet", lang="en"))
    parquet.write_table(pa.table([name, ["B"]], names=["nom", "nom"]), "twice.parquet")
    for columns, error in (
        ({"zzz": ["a"]}, ptce.UnknownFormat),
        ({"nom": name, "logo": [b"x"]}, ptce.UnknownFormat),
        ({"nom": pa.array([], pa.string())}, ptce.NoRecord),
    ):
        parquet.write_table(pa.table(columns), "bad.parquet")
        with pytest.raises(error):
            ptce.spark.validate_files(spark, "bad.parquet")
    (tmp_path / "bad.parquet").write_bytes(b"PAR1")
    for path, error in (("bad.parquet", ptce.DamagedFile), ("twice.parquet", ptce.DamagedFile),
                        ("absent.parquet", ptce.InaccessibleFile)):
        with pytest.raises(error, match=path):
            ptce.spark.validate_files(spark, path)
    with pytest.raises(ptce.ImpossibleRequest):
        ptce.spark.validate_files(spark, [])
    with pytest.raises(Exception, match="absent.csv"):
        ptce.spark.validate_files(spark, "absent.csv").collect()


@pytest.mark.skipif(KIND != "local-cluster", reason="the server is one process")
def test_a_worker_that_is_killed_changes_nothing(spark, generated, tmp_path):
    killed = tmp_path / "killed"

    def once(batches):
        for rank, batch in enumerate(batches):
            if rank == 1 and not killed.exists():
                killed.touch()
                os.kill(os.getpid(), signal.SIGKILL)
            yield batch

    frame = numbered(spark, generated).repartition(4)
    found = ptce.spark.validate(frame.mapInArrow(once, frame.schema), number="_row", name=str(generated), lang="en", sets=3)
    assert rows_of(found) == by_command(generated)
    assert killed.exists()


@pytest.mark.skipif(KIND != "local-cluster", reason="the server is one process")
def test_a_worker_that_is_killed_while_it_reads_changes_nothing(spark, generated, tmp_path, monkeypatch):
    monkeypatch.setattr(ptce.spark, "_ROWS_A_PART", 500)
    folder, killed = tmp_path / "rows", tmp_path / "killed"
    table = as_parquet(generated, folder, 3, 400)
    judged_part = ptce.spark._judged_part

    def once(part, *asked):
        # A part that is not the first of its task, some of which is told already.
        for found in judged_part(part, *asked):
            yield found
            if part[-1] > 1 and not killed.exists():
                killed.touch()
                os.kill(os.getpid(), signal.SIGKILL)

    monkeypatch.setattr(ptce.spark, "_judged_part", once)
    found = ptce.spark.validate_files(spark, folder, lang="en", sets=3, partitions=2)
    assert rows_of(found) == by_rows(ptce.validate(table, name=str(folder), lang="en"))
    assert killed.exists()


@pytest.mark.parametrize("config", [{"off": {"duplicate-id": "Known."}}, {"waivers": [
    {"record": f"p-{rank}", "code": "duplicate-id", "reason": "Known.", "until": "2999-01-01"} for rank in range(900)
]}], ids=["off", "waivers"])
def test_a_record_is_told_once(spark, generated, config):
    """What is switched off leaves the record to the next key, and what a waiver accepts does not."""
    frame = numbered(spark, generated).repartition(5)
    found = ptce.spark.validate(frame, number="_row", name=str(generated), config=config, lang="en", sets=7)
    expected = by_rows(ptce.validate(generated, config=config))
    assert rows_of(found) == expected and expected != by_command(generated)


def test_samples_as_frames(spark):
    for file in ("laureats-2014.csv", "conforme.csv"):
        frame = numbered(spark, SAMPLES / file).repartition(3)
        found = ptce.spark.validate(frame, number="_row", name=str(SAMPLES / file), lang="en", sets=3)
        assert rows_of(found) == by_command(SAMPLES / file), file


@pytest.mark.parametrize("partitions", [1, 8])
def test_files_keep_their_sheets_and_cells(spark, partitions):
    paths = [SAMPLES / name for name in ("laureats-2014.xlsx", "candidature.xlsx", "conforme.csv", "conforme.json",
                                         "laureats-2014.xml", "fiches.txt", "suivi-regional.csv")]
    records = ptce.spark.read(spark, paths, lang="en", partitions=partitions)
    expected = by_command(*paths)
    assert any(row[5] for row in expected) and any(row[0] == "duplicate-id" for row in expected)
    assert rows_of(ptce.spark.validate(records.repartition(partitions + 1), lang="en", sets=4)) == expected
    assert records.where("record is not null").count() == ptce.validate(paths).summary["records"]


def test_rows_without_numbers_are_numbered(spark, generated):
    header, rows = texts(generated)
    frame = spark.createDataFrame([tuple(row) for row in rows], ", ".join(f"`{name}` string" for name in header))
    found = ptce.spark.validate(frame.coalesce(1), name="f", lang="en", sets=2)
    assert told(rows_of(found), "message") == told(by_rows(ptce.validate(generated, name="f")), "file", "message") or \
        told(rows_of(found), "file", "message") == told(by_command(generated), "file", "message")


def test_columns_that_are_kept_come_back(spark, generated):
    frame = numbered(spark, generated).where("_row <= 300").selectExpr("*", "concat('lot-', _row % 3) as lot")
    found = ptce.spark.validate(frame, number="_row", keep=["lot"], lang="en", sets=2)
    for row in found.where("record_index is not null").collect():
        assert row["lot"] == f"lot-{row['record_index'] % 3}"


def test_what_cannot_be_done(spark):
    with pytest.raises(ptce.UnknownFormat):
        ptce.spark.validate(spark.createDataFrame([(1, "a")], "_row long, zzz string"), number="_row")
    with pytest.raises(ptce.ImpossibleRequest):
        ptce.spark.validate(spark.createDataFrame([("a",)], "nom string"), number="rang")
    with pytest.raises(ptce.ImpossibleRequest):
        ptce.spark.read(spark, [])
    with pytest.raises(Exception, match="absent.csv"):
        ptce.spark.read(spark, ["absent.csv"]).collect()
