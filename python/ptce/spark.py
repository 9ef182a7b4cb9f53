"""The same verdict on a cluster: Spark, or what speaks Spark Connect (Sail), with nothing home-made that is distributed.

Rules about a record run in ``mapInArrow``, on whatever rows a worker has. Rules about all records (the same identifier, a
probable duplicate) need the keys of all: each worker makes summaries of the keys of its rows, cut apart by key, Spark brings
together those of the same rank, and one more ``mapInArrow`` looks for twins in them. Summaries merge in any order, so that the
verdict does not depend on the partitions.

Needs ``pyspark`` 4.0 or later and ``pyarrow``, on the workers as on the driver, with this package.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, Optional, Union

import pyarrow as pa
import pyarrow.compute as pc
from pyspark.sql import functions as F
from pyspark.sql import types as T
from pyspark.sql.window import Window

from . import Configuration, _judged_by, _ptce
from ._errors import ImpossibleRequest

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

__all__ = ["read", "validate"]

_SAMPLE_ROWS = 25
"""As many rows below the header of a file are looked at to understand its columns."""

_NUMBER = "_ptce_row"
_Asked = tuple[str, str, Optional[str], str, str]
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
    sets = sets or _shuffle_partitions(df)
    if df.columns == _JUDGED:
        if profile is not None:
            raise ImpossibleRequest(
                "ces fiches ont été jugées en étant lues ; donnez le profil à ptce.spark.read",
                "these records were judged when they were read; give the profile to ptce.spark.read",
            )
        return _gathered(df.mapInArrow(_opener(sets), _spark_schema(0)), asked, sets)
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
    judged = rows.mapInArrow(_judge(_ipc(sample), name, number, asked, sets), _spark_schema(0))
    findings = _gathered(judged, asked, sets)
    if head.num_rows:
        findings = findings.unionByName(df.sparkSession.createDataFrame(head.to_pylist(), findings.schema))
    if keep:
        own = df.select(F.col(f"`{number}`").alias(_NUMBER + "_kept"), *[F.col(f"`{column}`") for column in keep])
        on = findings["record_index"] == own[_NUMBER + "_kept"]
        findings = findings.join(own, on, "left").drop(_NUMBER + "_kept")
    return findings


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
    given = [paths] if isinstance(paths, (str, os.PathLike)) else list(paths)
    files = [(rank, os.fspath(path)) for rank, path in enumerate(given)]
    if not files:
        raise ImpossibleRequest("donnez au moins un fichier", "give at least one file")
    rows = spark.createDataFrame(files, "rank int, path string").repartition(partitions or len(files))

    def read_files(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        for batch in batches:
            named = list(zip(batch.column(0).to_pylist(), batch.column(1).to_pylist()))
            for table in _ptce.read_files(named, _of(asked)):
                yield from pa.RecordBatchReader.from_stream(table)

    return rows.mapInArrow(read_files, _spark_schema(2))


def _asked(profile: Optional[str], config: Configuration, lang: Optional[str]) -> _Asked:
    """What is asked of the records, as workers get it: a configuration is read here, and the locale and the day are those of the
    driver."""
    asked = _judged_by(profile, config, lang)
    _of(asked)
    return asked


def _of(asked: _Asked) -> _ptce.Judgement:
    return _ptce.Judgement(*asked)


def _shuffle_partitions(df: DataFrame) -> int:
    try:
        return int(df.sparkSession.conf.get("spark.sql.shuffle.partitions") or 200)
    except Exception:  # Sail knows not every setting.
        return 8


def _spark_schema(which: int) -> T.StructType:
    """The columns of one of the tables that go through the cluster."""
    return T.StructType([
        T.StructField(field.name, _spark_type(field.type), True) for field in pa.schema(_ptce.cluster_tables()[which])
    ])


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
    with pa.ipc.new_stream(sink, table.schema) as writer:
        writer.write_table(table)
    written: bytes = sink.getvalue().to_pybytes()
    return written


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
        for table in _ptce.judge(reader, first_rows, name, number, _of(asked), sets):
            yield from pa.RecordBatchReader.from_stream(table)

    return judge


def _opener(sets: int) -> Any:
    """Takes the findings and the keys out of records that were judged."""

    def opened(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        schema = pa.schema(_ptce.cluster_tables()[0])
        names = schema.names[:-2]
        for batch in batches:
            flat = pc.list_flatten(batch.column("findings"))
            columns = [flat.field(name) for name in names]
            ranks = pa.array([row % sets for row in range(len(flat))], pa.int32())
            columns += [ranks, pa.nulls(len(flat), pa.binary())]
            yield pa.RecordBatch.from_arrays([column.cast(of.type) for column, of in zip(columns, schema)], schema=schema)
            keys = [one for one in batch.column("_keys").to_pylist() if one is not None]
            cut = _ptce.split([bytes(one) for one in keys], sets)
            nothing = [pa.nulls(len(cut), schema.field(name).type) for name in names]
            ranks = pa.array([rank for rank, _ in cut], pa.int32())
            own = pa.array([one for _, one in cut], pa.binary())
            yield pa.RecordBatch.from_arrays([*nothing, ranks, own], schema=schema)

    return opened


def _gathered(judged: DataFrame, asked: _Asked, sets: int) -> DataFrame:
    """Findings with those about twins: what was judged is computed once, and goes through Spark's shuffle by the rank of the
    set of keys."""

    def twins(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        schema = pa.schema(_ptce.cluster_tables()[1])
        found = _ptce.Twins()
        for batch in batches:
            is_keys = pc.is_valid(batch.column("_keys"))
            for one in batch.filter(is_keys).column("_keys").to_pylist():
                found.add(bytes(one))
            rest = batch.filter(pc.invert(is_keys))
            columns = [rest.column(field.name).cast(field.type) for field in schema if field.name[0] != "_"]
            nothing = [pa.nulls(rest.num_rows, field.type) for field in schema if field.name[0] == "_"]
            yield pa.RecordBatch.from_arrays([*columns, *nothing], schema=schema)
        yield from pa.RecordBatchReader.from_stream(found.repeated(_of(asked)))

    told = judged.repartition(sets, F.col("_set")).mapInArrow(twins, _spark_schema(1))
    # A record is told once, by the key that says most: what comes of different sets meets here. Other findings stay as they are.
    alone = F.concat(F.lit("f"), F.monotonically_increasing_id().cast("string"))
    of_record = F.concat(F.lit("r"), F.col("_source").cast("string"), F.lit("-"), F.col("record_index").cast("string"))
    one = F.when(F.col("_order").isNull(), alone).otherwise(of_record)
    ranked = told.withColumn("_one", one)
    ranked = ranked.withColumn("_rank", F.row_number().over(Window.partitionBy("_one").orderBy("_order")))
    # What a waiver accepts is the one thing to tell of its record, and is not told.
    told_once = (F.col("_rank") == 1) & ~F.coalesce(F.col("_waived"), F.lit(False))
    return ranked.where(told_once).drop("_source", "_order", "_waived", "_one", "_rank")
