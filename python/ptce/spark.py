"""The same verdict on a cluster: Spark, or what speaks Spark Connect (Sail), with nothing home-made that is distributed.

Rules about a record run in ``mapInArrow``, on whatever rows a worker has. Rules about all records (the same identifier, a
probable duplicate) need the keys of all: each worker makes summaries of the keys of its rows, cut apart by key, Spark brings
together those of the same rank, and one more ``mapInArrow`` looks for twins in them. Summaries merge in any order, so that the
verdict does not depend on the partitions. A last one tells each record once that several keys have found.

Between them go parcels: thousands of findings, or the keys of a set, as a few bytes. Spark handles a row a parcel, where it would
otherwise take apart and put together each finding at every step.

Needs ``pyspark`` 4.0 or later and ``pyarrow``, on the workers as on the driver, with this package.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, Optional, Union

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.dataset as ds
import pyarrow.parquet as parquet
from pyspark.sql import functions as F
from pyspark.sql import types as T

from . import Configuration, _judged_by, _ptce
from ._errors import DamagedFile, ImpossibleRequest, InaccessibleFile

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

__all__ = ["read", "validate", "validate_files"]

_SAMPLE_ROWS = 25
"""As many rows below the header of a file are looked at to understand its columns."""

_ROWS_A_PART = 100_000
"""Rows of a part of a table that one task reads, where its row groups are not larger."""

_BATCH_ROWS = 10_000
"""Rows that a worker reads at a time."""

_ROWS_A_SET = 50_000
"""Rows whose keys a task that looks for twins may well hold."""

_MEETINGS = 200
"""Tasks among which findings are shared out at the end, at most."""

_PARCEL = "set int, kind string, content binary"
"""Findings, keys or findings about twins, and the set that they go to."""

_NUMBER = "_ptce_row"
_Asked = tuple[str, str, Optional[str], str, str]
# The path of a source, its rank, and of a table a part, its first rows, and the number of the first row of the part.
_Part = tuple[str, int, Optional[ds.Fragment], Optional[bytes], int]
_JUDGED = ["file", "source", "index", "record", "findings", "_keys"]


def validate(
    df: DataFrame,
    *,
    number: Optional[str] = None,
    keep: Sequence[str] = (),
    name: str = "frame",
    profile: Optional[str] = None,
    config: Configuration = None,
    lang: Optional[str] = None,
    sets: Optional[int] = None,
) -> DataFrame:
    """The findings about the rows of a DataFrame, a row each, with the columns of :attr:`ptce.Report.findings`.

    Args:
        df: rows of PTCE, whose columns are named as those of a CSV file would be; or what :func:`read` gave, filtered or not. It is
            read several times, and must give the same rows each time: a ``limit`` without an order does not.
        number: the column that numbers the rows, from 1. It makes places stable: row 1 is line 2, as in a CSV file with a
            header, and ``record_index`` is the number, to be joined with. Without it rows are numbered in the order of the
            partitions, which costs a pass over ``df``.
        keep: columns of ``df`` that are not judged and come back beside each finding of a row: a key, a file of origin.
        name: what stands for the file in the places of findings.
        sets: how many sets the keys are cut apart into, and so how many tasks look for duplicates; by default the number of
            partitions of shuffles. Each needs some temporary disk and little memory.

    Raises:
        ptce.Error: when no column is known, a column cannot be read as text, or there is no row.
    """
    asked = _asked(profile, config, lang)
    sets = sets or _shuffle_partitions(df.sparkSession)
    if df.columns == _JUDGED:
        if profile is not None:
            raise ImpossibleRequest(
                "ces fiches ont été jugées en étant lues ; donnez le profil à ptce.spark.read",
                "these records were judged when they were read; give the profile to ptce.spark.read",
            )
        return _gathered(df.mapInArrow(_opener(sets), _PARCEL), asked, sets)
    missing = [column for column in (*keep, *([number] if number else [])) if column not in df.columns]
    if missing:
        raise ImpossibleRequest(
            f"la table n’a pas de colonne « {missing[0]} »", f"the table has no column “{missing[0]}”"
        )
    if number is None:
        df, number = _numbered(df), _NUMBER
    judged_columns = [F.col(f"`{column}`") for column in df.columns if column not in keep]
    rows = df.select(*judged_columns)
    sample = _first(rows, number)
    head = _head(sample.drop_columns([number]), name, asked)
    judged = rows.mapInArrow(_judge(_ipc(sample), name, number, asked, sets), _PARCEL)
    findings = _gathered(judged, asked, sets)
    if head.num_rows:
        findings = findings.unionByName(df.sparkSession.createDataFrame(head.to_pylist(), findings.schema))
    if keep:
        own = df.select(F.col(f"`{number}`").alias(_NUMBER + "_kept"), *[F.col(f"`{column}`") for column in keep])
        on = findings["record_index"] == own[_NUMBER + "_kept"]
        findings = findings.join(own, on, "left").drop(_NUMBER + "_kept")
    return findings


def validate_files(
    spark: SparkSession,
    paths: Union[str, os.PathLike[str], Iterable[Union[str, os.PathLike[str]]]],
    *,
    profile: Optional[str] = None,
    config: Configuration = None,
    lang: Optional[str] = None,
    sets: Optional[int] = None,
    partitions: Optional[int] = None,
) -> DataFrame:
    """The findings about files that the workers read themselves, a row each, as :func:`validate` gives them.

    Rows do not go through Spark, only findings and keys do: where the workers can open the files, this is the shorter way. A
    Parquet file, or a folder of them, is one table, as ``pyarrow.dataset`` reads it: row 1 is line 2 and record 1, and its row
    groups are shared out among the tasks. A file of another format is read by one task, as ``ptce validate`` reads it.

    Args:
        paths: what to check, at paths that the driver and the workers can open; all of them are one run, in which duplicates are
            found.
        sets: as in :func:`validate`; by default one for 50,000 rows of Parquet, or as many as partitions of shuffles.
        partitions: how many tasks read; by default one for each part of about 100,000 rows.

    Raises:
        ptce.Error: when there is no file, no column of a table is known, a column cannot be read as text, or there is no row. A
            file that cannot be read fails the job, and the error names it.
    """
    asked = _asked(profile, config, lang)
    parts: list[_Part] = []
    heads: list[dict[str, Any]] = []
    rows: Optional[int] = 0
    for rank, path in enumerate(_files(paths)):
        if not _is_parquet(path):
            parts.append((path, rank, None, None, 0))
            rows = None
            continue
        table = _opened(path)
        sample = _sample(table)
        heads += _head(sample, path, asked).to_pylist()
        count, first_rows = 1, _ipc(sample)
        for fragment, length in _fragments(table):
            parts.append((path, rank, fragment, first_rows, count))
            count += length
        rows = rows and rows + count - 1
    sets = sets or (rows and -(-rows // _ROWS_A_SET)) or _shuffle_partitions(spark)

    def judge(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        for batch in batches:
            for at in batch.column(0).to_pylist():
                yield from _parcels(_judged_part(parts[at], _of(asked), sets), at, sets)

    shares = spark.range(0, len(parts), 1, min(partitions or len(parts), len(parts)))
    findings = _gathered(shares.mapInArrow(judge, _PARCEL), asked, sets)
    return findings.unionByName(spark.createDataFrame(heads, findings.schema)) if heads else findings


def read(
    spark: SparkSession,
    paths: Union[str, os.PathLike[str], Iterable[Union[str, os.PathLike[str]]]],
    *,
    profile: Optional[str] = None,
    config: Configuration = None,
    lang: Optional[str] = None,
    partitions: Optional[int] = None,
) -> DataFrame:
    """The records of many files, of any format that ``ptce`` reads, each with what is wrong with it by itself.

    A file is read by one task, at a path that the workers can open. Columns: ``file``, ``source`` (the rank of the file),
    ``index`` (of the record in its file, from 1), ``record`` (the canonical record), ``findings`` (a list, with sheet and cell),
    and keys for :func:`validate`, which adds duplicates among all records that are left. A row without a record holds what is
    said of its file. A file that cannot be read fails the job, and the error names it.
    """
    asked = _asked(profile, config, lang)
    files = list(enumerate(_files(paths)))
    rows = spark.createDataFrame(files, "rank int, path string").repartition(partitions or len(files))

    def read_files(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        for batch in batches:
            named = list(zip(batch.column(0).to_pylist(), batch.column(1).to_pylist()))
            for table in _ptce.read_files(named, _of(asked)):
                yield from pa.RecordBatchReader.from_stream(table)

    return rows.mapInArrow(read_files, _spark_schema(_ptce.judged_table()))


def _asked(profile: Optional[str], config: Configuration, lang: Optional[str]) -> _Asked:
    """What is asked of the records, as workers get it: a configuration is read here, and the locale and the day are those of the
    driver."""
    asked = _judged_by(profile, config, lang)
    _of(asked)
    return asked


def _of(asked: _Asked) -> _ptce.Judgement:
    return _ptce.Judgement(*asked)


def _files(paths: Union[str, os.PathLike[str], Iterable[Union[str, os.PathLike[str]]]]) -> list[str]:
    given = [paths] if isinstance(paths, (str, os.PathLike)) else list(paths)
    if not given:
        raise ImpossibleRequest("donnez au moins un fichier", "give at least one file")
    return [os.fspath(path) for path in given]


def _is_parquet(path: str) -> bool:
    """Whether it is a Parquet file, or a folder that holds one."""
    return path.endswith(".parquet") or any(name.endswith(".parquet") for _, _, names in os.walk(path) for name in names)


def _opened(path: str) -> ds.Dataset:
    # Workers have another current folder.
    place = path if "://" in path else os.path.abspath(path)
    try:
        return ds.dataset(place, format="parquet", partitioning="hive")
    except (OSError, pa.ArrowInvalid) as error:
        kind = InaccessibleFile if isinstance(error, OSError) else DamagedFile
        raise kind(f"{path} : lecture impossible ({error})", f"{path}: cannot be read ({error})", path) from error


def _sample(table: ds.Dataset) -> pa.Table:
    """The first rows, without more of the files than they take."""
    rows = (batch for part in table.get_fragments() for batch in _batches(part, table.schema, _SAMPLE_ROWS))
    found: list[pa.RecordBatch] = []
    while sum(batch.num_rows for batch in found) < _SAMPLE_ROWS and (batch := next(rows, None)) is not None:
        found.append(batch)
    return pa.Table.from_batches(found, table.schema).slice(0, _SAMPLE_ROWS)


def _fragments(table: ds.Dataset) -> Iterator[tuple[ds.Fragment, int]]:
    """The parts of a table that tasks judge, with their rows: neighbouring row groups of a file, so many that they are worth a
    task."""
    for fragment in table.get_fragments():
        groups: list[int] = []
        length = 0
        for group in fragment.row_groups:
            if length and length + group.num_rows > _ROWS_A_PART:
                yield fragment.subset(row_group_ids=groups), length
                groups, length = [], 0
            groups.append(group.id)
            length += group.num_rows
        if length:
            yield fragment.subset(row_group_ids=groups), length


def _judged_part(part: _Part, judgement: _ptce.Judgement, sets: int) -> _ptce.Tables:
    path, rank, fragment, first_rows, first = part
    if fragment is None:
        return _ptce.judge_file(path, rank, judgement, sets)
    sample = pa.ipc.open_stream(first_rows)
    rows = pa.RecordBatchReader.from_batches(sample.schema, _batches(fragment, sample.schema))
    return _ptce.judge(rows, sample, (path, rank), first, judgement, sets)


def _batches(fragment: ds.Fragment, schema: pa.Schema, size: int = _BATCH_ROWS) -> Iterator[pa.RecordBatch]:
    """The rows of a part of a table. They are not read as pyarrow scans a dataset, which takes twice the time, and holds a whole
    row group."""
    groups = [group.id for group in fragment.row_groups]
    folders = ds.get_partition_keys(fragment.partition_expression)
    with parquet.ParquetFile(fragment.open()) as file:
        for batch in file.iter_batches(size, groups, use_threads=False):
            columns = []
            for field in schema:
                if field.name in batch.schema.names:
                    columns.append(batch.column(field.name).cast(field.type))
                else:
                    # What the folder is named for, or a column that this file lacks.
                    value = pa.scalar(folders.get(field.name), field.type)
                    columns.append(pa.repeat(value, batch.num_rows))
            yield pa.RecordBatch.from_arrays(columns, schema=schema)


def _shuffle_partitions(spark: SparkSession) -> int:
    try:
        return int(spark.conf.get("spark.sql.shuffle.partitions") or 200)
    except Exception:  # Sail knows not every setting.
        return 8


def _spark_schema(table: _ptce.Table) -> T.StructType:
    """The columns of a table as Spark has them."""
    return T.StructType([T.StructField(field.name, _spark_type(field.type), True) for field in pa.schema(table)])


def _spark_type(of: pa.DataType) -> T.DataType:
    if pa.types.is_struct(of):
        return T.StructType([T.StructField(field.name, _spark_type(field.type), True) for field in of])
    if pa.types.is_list(of):
        return T.ArrayType(_spark_type(of.value_type), True)
    plain = {
        pa.string(): T.StringType(),
        pa.int64(): T.LongType(),
        pa.int32(): T.IntegerType(),
        pa.float64(): T.DoubleType(),
        pa.binary(): T.BinaryType(),
        pa.bool_(): T.BooleanType(),
    }
    return plain[of]


def _numbered(df: DataFrame) -> DataFrame:
    """The rows with their numbers, in the order of the partitions."""
    ids = df.withColumn(_NUMBER, F.monotonically_increasing_id())
    # Of such an identifier the upper bits are the partition, the 33 lower ones count its rows.
    part = F.shiftright(F.col(_NUMBER), 33)
    counts = {row["part"]: row["count"] for row in ids.groupBy(part.alias("part")).count().collect()}
    before, offsets = 0, []
    for rank in sorted(counts):
        offsets += [F.lit(rank), F.lit(before)]
        before += counts[rank]
    if not offsets:
        return ids
    within = F.col(_NUMBER).bitwiseAND(F.lit((1 << 33) - 1))
    return ids.withColumn(_NUMBER, F.create_map(*offsets)[part] + within + F.lit(1))


def _first(rows: DataFrame, number: str) -> pa.Table:
    """The rows of the lowest numbers: the numbers are looked at alone, for a table of many columns is read more slowly."""
    own = F.col(f"`{number}`")
    last = rows.select(own.alias("last")).orderBy("last").limit(_SAMPLE_ROWS).agg(F.max("last")).first()
    found = rows.where(own <= F.lit(last[0] if last else None)).orderBy(own).limit(_SAMPLE_ROWS).toArrow()
    # A table without an order of its own, ``limit`` in it, may give other rows each time.
    return found if found.num_rows else rows.orderBy(own).limit(_SAMPLE_ROWS).toArrow()


def _ipc(table: pa.Table) -> bytes:
    sink = pa.BufferOutputStream()
    # Findings repeat their words: they are some ten times smaller so.
    with pa.ipc.new_stream(sink, table.schema, options=pa.ipc.IpcWriteOptions(compression="lz4")) as writer:
        writer.write_table(table)
    written: bytes = sink.getvalue().to_pybytes()
    return written


def _parcel(kind: str, parcels: Iterable[tuple[int, bytes]]) -> pa.RecordBatch:
    """Parcels of one kind, each with the set that it goes to."""
    sets, contents = zip(*parcels)
    columns = [pa.array(sets, pa.int32()), pa.array([kind] * len(sets)), pa.array(contents, pa.binary())]
    return pa.RecordBatch.from_arrays(columns, names=["set", "kind", "content"])


def _parcels(tables: Iterable[_ptce.Table], turn: int, sets: int) -> Iterator[pa.RecordBatch]:
    """What was judged as parcels; keys go to their set, findings to one set after the other, from ``turn`` on."""
    for table in map(pa.table, tables):
        if table.column_names == ["set", "keys"]:
            for batch in table.to_batches():
                kinds = pa.array(["keys"] * batch.num_rows)
                yield pa.RecordBatch.from_arrays([batch.column(0), kinds, batch.column(1)], names=["set", "kind", "content"])
        else:
            yield _parcel("findings", [(turn % sets, _ipc(table))])
            turn += 1


def _head(sample: pa.Table, name: str, asked: _Asked) -> pa.Table:
    """What is said of the columns: findings on the line of the header."""
    made = _ptce.validate([("frame", name, sample)], _of(asked), None)
    findings = pa.table(made.findings)
    is_head = pc.and_(pc.is_null(findings["record_index"]), pc.equal(findings["line"], 1))
    return findings.filter(pc.fill_null(is_head, False))


def _judge(
    sample: bytes, name: str, number: str, asked: _Asked, sets: int
) -> Any:
    def judge(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        first = next(batches, None)
        if first is None:
            return

        def all_batches() -> Iterator[pa.RecordBatch]:
            yield first
            yield from batches

        reader = pa.RecordBatchReader.from_batches(first.schema, all_batches())
        first_rows = pa.ipc.open_stream(sample)
        made = _ptce.judge(reader, first_rows, (name, 0), number, _of(asked), sets)
        # The number of a row stands for that of the share, which nobody knows here.
        yield from _parcels(made, first.column(number)[0].as_py() or 0, sets)

    return judge


def _opener(sets: int) -> Any:
    """Takes the findings and the keys out of records that were judged."""

    def opened(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        schema = pa.schema(_ptce.finding_table())
        for turn, batch in enumerate(batches):
            flat = pc.list_flatten(batch.column("findings"))
            columns = [flat.field(field.name).cast(field.type) for field in schema]
            if len(flat):
                yield _parcel("findings", [(turn % sets, _ipc(pa.Table.from_arrays(columns, schema=schema)))])
            keys = [one for one in batch.column("_keys").to_pylist() if one is not None]
            if keys:
                yield _parcel("keys", _ptce.split(keys, sets))

    return opened


def _gathered(judged: DataFrame, asked: _Asked, sets: int) -> DataFrame:
    """The findings in parcels, with those about twins."""
    meetings = min(sets, _MEETINGS)

    def twins(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        found = _ptce.Twins()
        for batch in batches:
            is_keys = pc.equal(batch.column("kind"), "keys")
            for content in batch.filter(is_keys).column("content"):
                found.add(content.as_py())
            rest = batch.filter(pc.invert(is_keys))
            if rest.num_rows:
                yield rest
        repeated = pa.table(found.repeated(_of(asked)))
        # What several sets tell of one record meets where its number says.
        of_meeting: dict[int, list[int]] = {}
        for row, index in enumerate(repeated["record_index"].to_pylist()):
            of_meeting.setdefault(index % meetings, []).append(row)
        if of_meeting:
            yield _parcel("twins", [(meeting, _ipc(repeated.take(rows))) for meeting, rows in of_meeting.items()])

    def told(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        about_twins = []
        for batch in batches:
            for kind, content in zip(batch.column("kind").to_pylist(), batch.column("content")):
                opened = pa.ipc.open_stream(content.as_buffer())
                if kind == "twins":
                    about_twins.append(opened.read_all())
                else:
                    yield from opened
        if about_twins:
            yield from _told_once(pa.concat_tables(about_twins)).to_batches()

    together = judged.repartition(sets, "set").mapInArrow(twins, _PARCEL)
    return together.repartition(meetings, "set").mapInArrow(told, _spark_schema(_ptce.finding_table()))


def _told_once(found: pa.Table) -> pa.Table:
    """A record is told once, by the key that says most. What a waiver accepts is the one thing to tell of its record, and is not
    told."""
    ordered = found.sort_by([(name, "ascending") for name in ("_source", "record_index", "_order")])
    before, after = ordered.slice(0, len(ordered) - 1), ordered.slice(1)
    is_same = pc.and_(*[pc.equal(before[name], after[name]) for name in ("_source", "record_index")])
    is_first = pa.chunked_array([pa.array([True]), *pc.invert(is_same).chunks])
    once = ordered.filter(is_first)
    return once.filter(pc.invert(once["_waived"])).drop_columns(["_source", "_order", "_waived"])
