#!/usr/bin/env python3
"""Measures the wheel of ptce on a table in memory against the command on the same rows as CSV, and against pandera, frictionless and
Great Expectations, each with six of the rules of ptce, with all its rules and with these six alone; and Spark with two workers
against the wheel.

    benches/dataframes.py ROWS.csv --ptce target/release/ptce --python ENV/bin/python --peers ENV/bin/python [--runs 5] [--spark]

ROWS.csv is what `benches/generate.py --formats csv` makes. `--python` has the wheel, pyarrow, and pyspark for `--spark`; `--peers` has
the three others, pandas and pyarrow. Each measure is a process of its own that reads the rows first; what is told is the processor
time (user and system, of all threads and child processes) of the work alone, the median of the runs, and the greatest resident
memory. The runs of all are taken in turn.
"""

import argparse
import json
import resource
import statistics
import subprocess
import sys
import time
from pathlib import Path

RULES = {
    "nom": r"\S",
    "coordinateur_nom": r"\S",
    "contact_email": r"^[^@\s]+@[^@\s]+\.[a-z]{2,}$",
    "contact_telephone": r"^(\+33|0)[\d .]{9,16}$",
    "code_postal": r"^\d{5}$",
    "coordinateur_siret": r"^[\d ]{14,17}$",
}

# The rules of ptce that these are.
OURS = {"missing-name", "missing-coordinator", "malformed-email", "malformed-phone", "malformed-postal-code", "invalid-siret"}


class Clock:
    """Processor time and time on the clock from here on."""

    def __init__(self):
        self.wall, self.cpu = time.perf_counter(), self.spent()

    @staticmethod
    def spent():
        uses = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
        return sum(use.ru_utime + use.ru_stime for use in uses)

    def told(self, findings):
        peak = max(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)) / 1024
        return {"cpu": self.spent() - self.cpu, "wall": time.perf_counter() - self.wall, "peak": peak, "findings": findings}


def arrow(path):
    import pyarrow as pa
    from pyarrow import csv

    with open(path, encoding="utf-8") as file:
        names = file.readline().strip().split(",")
    options = csv.ConvertOptions(column_types={name: pa.string() for name in names}, strings_can_be_null=True)
    return csv.read_csv(path, parse_options=csv.ParseOptions(newlines_in_values=True), convert_options=options)


def by_command(path, ptce):
    clock = Clock()
    done = subprocess.run([ptce, "validate", path, "-q", "--format", "json", "-o", "/dev/null"], check=False)
    assert done.returncode in (0, 1)
    return clock.told(None)


def by_wheel(path, _):
    import ptce

    rows = arrow(path)
    clock = Clock()
    return clock.told(len(ptce.validate(rows, name="rows").findings))


def with_six_rules(rows):
    import ptce

    off = {code: "The others do not ask it." for code in ptce.rules() if code not in OURS}
    clock = Clock()
    return clock.told(len(ptce.validate(rows, name="rows", config={"off": off}).findings))


def by_wheel_with_six_rules(path, _):
    return with_six_rules(arrow(path))


def by_wheel_of_six_columns(path, _):
    return with_six_rules(arrow(path).select(list(RULES)))


def by_wheel_of_file(path, _):
    import ptce

    clock = Clock()
    return clock.told(len(ptce.validate(path).findings))


def by_pandera(path, _):
    import pandera.pandas as pandera

    rows = arrow(path).to_pandas()
    columns = {name: pandera.Column(str, pandera.Check.str_contains(pattern), nullable=name not in ("nom", "coordinateur_nom"))
               for name, pattern in RULES.items()}
    schema = pandera.DataFrameSchema(columns)
    clock = Clock()
    try:
        schema.validate(rows, lazy=True)
        return clock.told(0)
    except pandera.errors.SchemaErrors as found:
        return clock.told(len(found.failure_cases))


def by_frictionless(path, _):
    from frictionless import Resource, Schema, fields

    required = ("nom", "coordinateur_nom")
    with open(path, encoding="utf-8") as file:
        names = file.readline().strip().split(",")
    given = [
        fields.StringField(name=name, constraints={
            **({"pattern": f".*{RULES[name]}.*" if name in required else RULES[name]} if name in RULES else {}),
            **({"required": True} if name in required else {}),
        })
        for name in names
    ]
    clock = Clock()
    report = Resource(Path(path).name, basepath=str(Path(path).parent), schema=Schema(fields=given)).validate(limit_errors=10**9)
    return clock.told(report.stats["errors"])


def by_great_expectations(path, _):
    import great_expectations as gx

    rows = arrow(path).to_pandas()
    context = gx.get_context(mode="ephemeral")
    source = context.data_sources.add_pandas("rows").add_dataframe_asset("rows").add_batch_definition_whole_dataframe("rows")
    suite = context.suites.add(gx.ExpectationSuite(name="rules"))
    for name, pattern in RULES.items():
        if name in ("nom", "coordinateur_nom"):
            suite.add_expectation(gx.expectations.ExpectColumnValuesToNotBeNull(column=name))
        else:
            suite.add_expectation(gx.expectations.ExpectColumnValuesToMatchRegex(column=name, regex=pattern))
    batch = source.get_batch({"dataframe": rows})
    clock = Clock()
    found = batch.validate(suite, result_format="COMPLETE")
    return clock.told(sum(result.result.get("unexpected_count", 0) for result in found.results))


def spark_session(partitions):
    """Spark on this machine, with two worker processes."""
    import os

    import pyspark
    from pyspark.sql import SparkSession

    os.environ.update(SPARK_LOCAL_IP="127.0.0.1", SPARK_LOCAL_HOSTNAME="localhost", PYSPARK_PYTHON=sys.executable,
                      SPARK_HOME=os.path.dirname(pyspark.__file__))
    builder = SparkSession.builder.master("local-cluster[2,1,2048]")
    for key, value in {"spark.driver.host": "127.0.0.1", "spark.driver.bindAddress": "127.0.0.1", "spark.ui.enabled": "false",
                       "spark.sql.shuffle.partitions": str(partitions)}.items():
        builder = builder.config(key, value)
    return builder.getOrCreate()


def by_spark(path, _):
    import os
    import threading

    import ptce.spark

    spark = spark_session(8)
    folder = f"{path}.parquet"
    if not os.path.exists(folder):
        import pyarrow as pa
        from pyarrow import parquet

        rows = arrow(path)
        rows = rows.append_column("_row", pa.array(range(1, rows.num_rows + 1), pa.int64()))
        os.makedirs(folder)
        for part in range(8):
            size = -(-rows.num_rows // 8)
            parquet.write_table(rows.slice(part * size, size), f"{folder}/part-{part}.parquet")
    # What starts once a session is no part of the work.
    frame = spark.read.parquet(folder)
    ptce.spark.validate(frame.limit(100), number="_row").count()
    peak, is_over = [0], threading.Event()

    def watch():
        """The greatest memory of a Python worker."""
        while not is_over.wait(0.2):
            for process in Path("/proc").glob("[0-9]*"):
                try:
                    if b"pyspark.daemon" in (process / "cmdline").read_bytes():
                        resident = int((process / "statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
                        peak[0] = max(peak[0], resident)
                except OSError:
                    pass

    threading.Thread(target=watch, daemon=True).start()
    clock = Clock()
    count = ptce.spark.validate(frame, number="_row", name="rows").count()
    told = clock.told(count)
    is_over.set()
    spark.stop()
    # The workers are no children of this process: only the clock tells.
    return {**told, "cpu": None, "peak": peak[0] / 2**20}


WAYS = {
    "the command, CSV": by_command,
    "the wheel, the table": by_wheel,
    "the wheel, the table, six rules": by_wheel_with_six_rules,
    "the wheel, six columns of the table, six rules": by_wheel_of_six_columns,
    "the wheel, CSV": by_wheel_of_file,
    "pandera": by_pandera,
    "frictionless, CSV": by_frictionless,
    "Great Expectations": by_great_expectations,
    "Spark, two workers": by_spark,
}
OF_PEERS = ("pandera", "frictionless, CSV", "Great Expectations")


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("rows", type=Path)
    arguments.add_argument("--ptce", type=Path, default=Path("target/release/ptce"))
    arguments.add_argument("--python", type=Path, default=Path(sys.executable))
    arguments.add_argument("--peers", type=Path)
    arguments.add_argument("--runs", type=int, default=5)
    arguments.add_argument("--spark", action="store_true")
    arguments.add_argument("--one", help=argparse.SUPPRESS)
    given = arguments.parse_args()
    path = str(given.rows.resolve())
    if given.one:
        print(json.dumps(WAYS[given.one](path, str(given.ptce.resolve()))))
        return
    ways = [way for way in WAYS if (way not in OF_PEERS or given.peers) and (way != "Spark, two workers" or given.spark)]
    told = {way: [] for way in ways}
    for _ in range(given.runs):
        for way in ways:
            python = given.peers if way in OF_PEERS else given.python
            done = subprocess.run([python, __file__, path, "--ptce", given.ptce, "--one", way], capture_output=True, text=True)
            if done.returncode != 0:
                raise SystemExit(f"{way}: {done.stderr[-2000:]}")
            told[way].append(json.loads(done.stdout.strip().splitlines()[-1]))
    base = statistics.median(run["cpu"] for run in told["the wheel, the table"])
    print("| | processor, s | × the wheel on the table | clock, s | peak, MiB | findings |\n|---|---|---|---|---|---|")
    for way, runs in told.items():
        wall, peak = (statistics.median(run[key] for run in runs) for key in ("wall", "peak"))
        cpu = "" if runs[0]["cpu"] is None else f"{statistics.median(run['cpu'] for run in runs):.2f}"
        ratio = f"{float(cpu) / base:.2f}" if cpu else ""
        print(f"| {way} | {cpu} | {ratio} | {wall:.2f} | {peak:.0f} | {runs[0]['findings'] or ''} |")


if __name__ == "__main__":
    main()
