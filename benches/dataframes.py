#!/usr/bin/env python3
"""Measures the wheel of ptce on a table in memory against the command on the same rows as CSV, and against pandera, frictionless and
Great Expectations, with the rules by which the seeded defects are found, and with six patterns; and Spark with two workers against the
wheel.

    benches/dataframes.py ROWS.csv --ptce target/release/ptce --python ENV/bin/python [--peers ENV/bin/python] [--runs 5] [--spark]

ROWS.csv is what `benches/generate.py --formats csv` makes, with the truth and the postal codes beside it. `--python` has the wheel,
pyarrow, and pyspark for `--spark`; `--peers` has the three others, with pandas, polars and pyarrow (`peers/frames.txt`). Each measure is
a process of its own that reads the rows first; what is told is the processor time (user and system, of all threads and processes that it
started) of the work alone, the median of the runs, and the greatest resident memory. The runs of all are taken in turn.

Who is measured with the seeded defects must tell each of them at its row and column, and nothing else: a measure of whoever does not
is refused. Spark does its work twice in a session: the first time the JVM compiles what it runs, which takes the same for few rows
and for many.
"""

import argparse
import json
import os
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


COLUMNS_OF_RULES = ("coordinateur_nom", "contact_nom", "code_postal", "contact_email", "contact_telephone", "coordinateur_siret")

# Those by which the seeded defects are told: what can be mended is said in other words than what cannot.
SEEDED = {"missing-coordinator", "missing-contact", "malformed-postal-code", "postal-code-outside-territory", "malformed-email",
          "malformed-phone", "invalid-siret", "lost-leading-zero", "value-understood"}


def family():
    """This process and those that it started, each with its processor time, that of the children that are over in it."""
    processes, children = {}, {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        pid = int(stat.parent.name)
        processes[pid] = sum(map(int, fields[11:15])) / os.sysconf("SC_CLK_TCK")
        children.setdefault(int(fields[1]), []).append(pid)
    found, waiting = {}, [os.getpid()]
    while waiting:
        pid = waiting.pop()
        found[pid] = processes.get(pid, 0)
        waiting += children.get(pid, [])
    return found


class Clock:
    """Processor time and time on the clock from here on."""

    def __init__(self):
        self.wall, self.cpu = time.perf_counter(), self.spent()

    @staticmethod
    def spent():
        return sum(family().values())

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


def is_seeded(path, told, places):
    """What was told, when the places are those of the seeded defects."""
    with open(Path(path).with_suffix(".truth.json"), encoding="utf-8") as truth:
        seeded = {(defect["row"], defect["column"]) for defect in json.load(truth)["defects"]}
    if places != seeded:
        raise SystemExit(f"missed {sorted(seeded - places)[:5]}, invented {sorted(places - seeded)[:5]}")
    return told


def by_wheel_with_the_rules(path, _, columns=None):
    import pyarrow as pa

    import ptce

    rows = arrow(path).select(columns) if columns else arrow(path)
    off = {code: "No such defect is seeded." for code in ptce.rules() if code not in SEEDED}
    clock = Clock()
    findings = ptce.validate(rows, name="rows", config={"off": off}).findings
    told = clock.told(len(findings))
    findings = pa.table(findings)
    places = {(index, rows.column_names[column - 1])
              for index, column in zip(findings["record_index"].to_pylist(), findings["column"].to_pylist())}
    return is_seeded(path, told, places)


def by_wheel_with_the_rules_on_their_columns(path, _):
    return by_wheel_with_the_rules(path, _, ["departements", *COLUMNS_OF_RULES])


def with_peer(name):
    def measured(path, _):
        from peers import frames

        rows = path if name == "by_frictionless" else arrow(path)
        return is_seeded(path, *getattr(frames, name)(rows, frames.served(path), Clock))

    return measured


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
    import pyspark
    from pyspark.sql import SparkSession

    os.environ.update(SPARK_LOCAL_IP="127.0.0.1", SPARK_LOCAL_HOSTNAME="localhost", PYSPARK_PYTHON=sys.executable,
                      SPARK_HOME=os.path.dirname(pyspark.__file__))
    builder = SparkSession.builder.master("local-cluster[2,1,2048]")
    for key, value in {"spark.driver.host": "127.0.0.1", "spark.driver.bindAddress": "127.0.0.1", "spark.ui.enabled": "false",
                       "spark.sql.shuffle.partitions": str(partitions)}.items():
        builder = builder.config(key, value)
    return builder.getOrCreate()


def as_parquet(path):
    """The rows in eight Parquet files, and a column of their numbers."""
    import pyarrow as pa
    from pyarrow import parquet

    folder = Path(f"{path}.parquet")
    if not folder.exists():
        rows = arrow(path)
        rows = rows.append_column("_row", pa.array(range(1, rows.num_rows + 1), pa.int64()))
        folder.mkdir()
        size = -(-rows.num_rows // 8)
        for part in range(8):
            parquet.write_table(rows.slice(part * size, size), folder / f"part-{part}.parquet")
    return str(folder)


def by_wheel_of_parquet(path, _):
    from pyarrow import parquet

    import ptce

    folder = as_parquet(path)
    clock = Clock()
    return clock.told(len(ptce.validate(parquet.read_table(folder), name="rows").findings))


def by_spark(path, work):
    import threading

    spark, folder = spark_session(8), as_parquet(path)
    # What starts once a session is no part of the work.
    work(spark, folder, 100)
    peak, is_over = [0], threading.Event()

    def watch():
        """The greatest memory of a Python worker."""
        while not is_over.wait(0.2):
            for pid in family():
                try:
                    if Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")[2] == b"pyspark.daemon":
                        resident = int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
                        peak[0] = max(peak[0], resident)
                except (OSError, IndexError):
                    pass

    threading.Thread(target=watch, daemon=True).start()
    runs = []
    for _ in range(2):
        clock = Clock()
        runs.append(clock.told(work(spark, folder, None)))
    is_over.set()
    spark.stop()
    first, second = ({**run, "peak": peak[0] / 2**20} for run in runs)
    return {**second, "first": first}


def by_spark_of_frame(path, _):
    import ptce.spark

    def work(spark, folder, rows):
        frame = spark.read.parquet(folder)
        return ptce.spark.validate(frame.limit(rows) if rows else frame, number="_row", name="rows").count()

    return by_spark(path, work)


def by_spark_of_files(path, _):
    import ptce.spark

    def work(spark, folder, rows):
        return ptce.spark.validate_files(spark, folder if rows is None else f"{folder}/part-0.parquet").count()

    return by_spark(path, work)


WAYS = {
    "the command, CSV": by_command,
    "the wheel, the table": by_wheel,
    "the wheel, CSV": by_wheel_of_file,
    "the wheel, the table, the rules of the seeded defects": by_wheel_with_the_rules,
    "the wheel, the columns that they ask of": by_wheel_with_the_rules_on_their_columns,
    "pandera on pandas": with_peer("by_pandera"),
    "pandera on polars": with_peer("by_pandera_polars"),
    "Great Expectations on pandas": with_peer("by_great_expectations"),
    "frictionless, CSV": with_peer("by_frictionless"),
    "the wheel, the table, six rules": by_wheel_with_six_rules,
    "the wheel, six columns of the table, six rules": by_wheel_of_six_columns,
    "pandera on pandas, six patterns": by_pandera,
    "Great Expectations on pandas, six patterns": by_great_expectations,
    "frictionless, CSV, six patterns": by_frictionless,
    "the wheel, Parquet": by_wheel_of_parquet,
    "Spark, two workers that read the files": by_spark_of_files,
    "Spark, two workers, a DataFrame": by_spark_of_frame,
}
OF_PEERS = tuple(way for way in WAYS if way.split()[0] in ("pandera", "Great", "frictionless,"))
OF_SPARK = tuple(way for way in WAYS if "Parquet" in way or "Spark" in way)


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("rows", type=Path)
    arguments.add_argument("--ptce", type=Path, default=Path("target/release/ptce"))
    arguments.add_argument("--python", type=Path, default=Path(sys.executable))
    arguments.add_argument("--peers", type=Path)
    arguments.add_argument("--runs", type=int, default=5)
    arguments.add_argument("--spark", action="store_true")
    arguments.add_argument("--only", help="parts of the names of those to measure, with commas between them")
    arguments.add_argument("--one", help=argparse.SUPPRESS)
    given = arguments.parse_args()
    path = str(given.rows.resolve())
    if given.one:
        print(json.dumps(WAYS[given.one](path, str(given.ptce.resolve()))))
        return
    ways = [way for way in WAYS if (way not in OF_PEERS or given.peers) and (way not in OF_SPARK or given.spark)]
    if given.only:
        ways = [way for way in ways if any(part in way for part in given.only.split(","))]
    told = {}
    for _ in range(given.runs):
        for way in ways:
            python = given.peers if way in OF_PEERS else given.python
            done = subprocess.run([python, __file__, path, "--ptce", given.ptce, "--one", way], capture_output=True, text=True)
            if done.returncode != 0:
                raise SystemExit(f"{way}: {done.stderr[-2000:]}")
            run = json.loads(done.stdout.strip().splitlines()[-1])
            told.setdefault(way, []).append(run)
            if "first" in run:
                told.setdefault(f"{way}, the first time", []).append(run["first"])
    print("| | processor, s | clock, s | peak, MiB | findings |\n|---|---|---|---|---|")
    for way, runs in told.items():
        cpu, wall, peak = (statistics.median(run[key] for run in runs) for key in ("cpu", "wall", "peak"))
        print(f"| {way} | {cpu:.2f} | {wall:.2f} | {peak:.0f} | {runs[0]['findings'] or ''} |")


if __name__ == "__main__":
    main()
