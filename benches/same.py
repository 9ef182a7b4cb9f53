#!/usr/bin/env python3
"""Holds the findings of the command against those of the wheel, and of Spark with two workers, on the same rows, and tells what
each took.

    benches/same.py ROWS.csv --ptce target/release/ptce [--ways command,wheel,spark,files] [--sets 200]

ROWS.csv is what `benches/generate.py --formats csv` makes, of any size: nothing here holds its rows. It runs in an environment
with the wheel and pyarrow, and pyspark and a JDK for `spark`, a DataFrame, and `files`, which the workers read themselves: from
folders of Parquet that are made beside ROWS.csv, with the numbers of the rows and without. What is compared is a multiset: every
column of each finding, but the file, and the line, which a line break in a cell of the file moves, and a table has none; the
number of the record stands for it. Spark's findings are counted by Spark.
"""

import argparse
import hashlib
import json
import os
import re
import resource
import subprocess
import sys
import threading
import time
from pathlib import Path

import pyarrow as pa
from dataframes import spark_session
from pyarrow import csv, parquet

COLUMNS = ("code", "level", "record_index", "column", "label", "record_nom", "pointer", "value", "expected", "suggestion",
           "confidence", "message")
LINE = re.compile(r"\bligne \d+")
PART = 250_000


class Multiset:
    """The sum of the hashes of what it holds: two are the same where that is, and the order says nothing."""

    def __init__(self):
        self.count, self.sum = 0, 0

    def add(self, row):
        row = [str(value) for value in row[:-1]] + [LINE.sub("ligne", row[-1])]
        digest = hashlib.blake2b("\x1f".join(row).encode(), digest_size=16).digest()
        self.count += 1
        self.sum = (self.sum + int.from_bytes(digest, "little")) % 2**128

    def __str__(self):
        return f"{self.count:,} findings, {self.sum:032x}"


def of_batch(found, batch):
    for row in zip(*(batch.column(name).to_pylist() for name in COLUMNS)):
        found.add(row)


def batches(path):
    with open(path, encoding="utf-8") as file:
        names = file.readline().strip().split(",")
    options = csv.ConvertOptions(column_types={name: pa.string() for name in names}, strings_can_be_null=True)
    read = csv.ReadOptions(block_size=16 << 20)
    return csv.open_csv(path, read, csv.ParseOptions(newlines_in_values=True), options)


def by_command(path, given):
    found = Multiset()
    done = subprocess.Popen([given.ptce, "validate", path, "-q", "--lang", "fr", "--format", "ndjson"], stdout=subprocess.PIPE)
    for line in done.stdout:
        finding = json.loads(line)
        if "code" not in finding:
            continue
        record = finding.get("record") or {}
        known = {**finding, **finding["location"], "record_index": record.get("index"), "record_nom": record.get("nom")}
        found.add([known.get(name) for name in COLUMNS])
    assert done.wait() in (0, 1)
    return found


def by_wheel(path, _):
    import ptce

    findings = pa.table(ptce.validate(batches(path), name="rows", lang="fr").findings)
    found = Multiset()
    for batch in findings.to_batches():
        of_batch(found, batch)
    return found


def as_parquet(path, is_numbered):
    """The rows in parts, with their numbers where these are wanted."""
    folder = Path(f"{path}.parts" if is_numbered else f"{path}.files")
    if not (folder / "_SUCCESS").exists():
        folder.mkdir(exist_ok=True)
        rank, part, writer = 0, 0, None
        for batch in batches(path):
            table = pa.Table.from_batches([batch])
            if is_numbered:
                numbers = pa.array(range(rank + 1, rank + batch.num_rows + 1), pa.int64())
                table = table.append_column("_row", numbers)
            if writer is None or rank // PART >= part:
                if writer:
                    writer.close()
                writer = parquet.ParquetWriter(folder / f"part-{part:05}.parquet", table.schema)
                part += 1
            writer.write_table(table)
            rank += batch.num_rows
        writer.close()
        (folder / "_SUCCESS").touch()
    return str(folder)


def by_spark(path, given):
    import ptce.spark

    folder = as_parquet(path, is_numbered=True)
    spark = spark_session(given.sets)
    frame = spark.read.parquet(folder)
    return counted(spark, ptce.spark.validate(frame, number="_row", name="rows", lang="fr", sets=given.sets))


def by_files(path, given):
    import ptce.spark

    folder = as_parquet(path, is_numbered=False)
    spark = spark_session(given.sets)
    return counted(spark, ptce.spark.validate_files(spark, folder, lang="fr", sets=given.sets))


def counted(spark, told):
    """The findings that Spark tells, which it counts itself; the session ends with them."""

    def count(batches):
        for batch in batches:
            found = Multiset()
            of_batch(found, batch)
            yield pa.RecordBatch.from_pydict({"count": [found.count], "sum": [f"{found.sum:032x}"]})

    found = Multiset()
    for row in told.select(*COLUMNS).mapInArrow(count, "count long, sum string").collect():
        found.count += row["count"]
        found.sum = (found.sum + int(row["sum"], 16)) % 2**128
    spark.stop()
    return found


WAYS = {"command": by_command, "wheel": by_wheel, "spark": by_spark, "files": by_files}


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("rows", type=Path)
    arguments.add_argument("--ptce", type=Path, default=Path("target/release/ptce"))
    arguments.add_argument("--ways", default="command,wheel,spark,files")
    arguments.add_argument("--sets", type=int, default=200)
    given = arguments.parse_args()
    path = str(given.rows.resolve())
    given.ptce = str(given.ptce.resolve())
    told = {}
    for way in given.ways.split(","):
        began = time.perf_counter()
        told[way] = str(WAYS[way](path, given))
        uses = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
        peaks = " and ".join(f"{use.ru_maxrss / 1024:,.0f}" for use in uses)
        print(f"{way}: {told[way]}; {time.perf_counter() - began:,.0f} s; so far at most {peaks} MiB, here and of a child", flush=True)
    sys.exit(0 if len(set(told.values())) == 1 else "the findings differ")


if __name__ == "__main__":
    main()
