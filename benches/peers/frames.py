"""The checks of `duckdb_job.py`, for the defects that `generate.py` seeds, as pandera, Great Expectations and frictionless have
them: what the library has built in where it has it, its own way of adding a check where it has not, on whole columns where it
works on columns. Each answers where something is wrong, as rows (from 1) and columns.
"""

import csv
import re
from pathlib import Path

PRESENT = ("coordinateur_nom", "contact_nom", "code_postal")
POSTAL_CODE = r"(?:0[1-9]|[1-8][0-9]|9[0-8])[0-9]{3}"
EMAIL = r"[A-Za-z0-9_%+-]+(?:\.[A-Za-z0-9_%+-]+)*@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+"
PHONE = r"(?:(?:\+|00)33[ .-]?|0)[1-9](?:[ .-]?[0-9]{2}){4}"
PATTERNS = {name: f"^{pattern}$" for name, pattern in
            {"code_postal": POSTAL_CODE, "contact_email": EMAIL, "contact_telephone": PHONE}.items()}
SIRET = r"^[0-9]{14}$"


def served(path):
    """The departments that each postal code serves, which the generator wrote beside the rows."""
    found = {}
    with open(Path(path).with_name("postal-codes.tsv"), encoding="utf-8") as file:
        for code, department in csv.reader(file, delimiter="\t"):
            found.setdefault(code, set()).add(department)
    return found


def pairs_of(served):
    return {f"{code} {department}" for code, departments in served.items() for department in departments}


def are_siret(column):
    """Whether the values of a column of pandas are fourteen digits that pass the check of Luhn."""
    import numpy
    import pandas

    texts = column.astype(object)
    are = texts.str.fullmatch(SIRET).astype(bool)
    digits = numpy.frombuffer("".join(texts[are]).encode(), numpy.uint8).reshape(-1, 14).astype(numpy.int16) - 48
    digits[:, ::2] *= 2
    digits[digits > 9] -= 9
    passed = pandas.Series(are.to_numpy(copy=True), index=column.index)
    passed[are.to_numpy()] = digits.sum(axis=1) % 10 == 0
    return passed


def are_served(codes, departments, pairs):
    """Whether postal codes serve one of the departments, of columns of pandas; of those that are malformed another check tells."""
    split = departments.fillna("").str.split(";").explode()
    serves = (codes.reindex(split.index).fillna("") + " " + split).isin(pairs).groupby(level=0).any()
    return serves | ~codes.str.fullmatch(POSTAL_CODE).fillna(False).astype(bool)


def by_pandera(rows, served, clock):
    import pandera.pandas as pandera

    frame, pairs = rows.to_pandas(), pairs_of(served)
    columns = {name: pandera.Column(str, nullable=name not in PRESENT) for name in frame.columns}
    for name, pattern in PATTERNS.items():
        columns[name].checks = [pandera.Check.str_matches(pattern)]
    columns["coordinateur_siret"].checks = [pandera.Check(are_siret, name="siret")]
    of_table = pandera.Check(lambda rows: are_served(rows["code_postal"], rows["departements"], pairs), name="served")
    schema = pandera.DataFrameSchema(columns, checks=[of_table])
    timed = clock()
    try:
        schema.validate(frame, lazy=True)
        cases = None
    except pandera.errors.SchemaErrors as found:
        cases = found.failure_cases
    told = timed.told(0 if cases is None else len(cases))
    places = set()
    for check, context, column, index in cases[["check", "schema_context", "column", "index"]].itertuples(index=False):
        # A check of the table tells each cell of the row.
        places.add((index + 1, "code_postal" if check == "served" else column))
    return told, places


def by_pandera_polars(rows, served, clock):
    import pandera.polars as pandera
    import polars

    frame = polars.from_arrow(rows)
    known = polars.LazyFrame({"code_postal": list(served), "served": [sorted(of) for of in served.values()]})

    def are_siret(data):
        digits = [polars.col(data.key).str.slice(at, 1).cast(polars.Int16, strict=False) for at in range(14)]
        doubled = [digit * 2 - 9 * (digit > 4).cast(polars.Int16) if at % 2 == 0 else digit for at, digit in enumerate(digits)]
        is_right = polars.col(data.key).str.contains(SIRET) & (polars.sum_horizontal(doubled) % 10 == 0)
        return data.lazyframe.select(is_right | polars.col(data.key).is_null())

    def are_served(data):
        joined = data.lazyframe.join(known, on="code_postal", how="left", maintain_order="left")
        departments = polars.col("departements").str.split(";")
        serves = polars.col("served").list.set_intersection(departments).list.len() > 0
        is_malformed = ~polars.col("code_postal").str.contains(PATTERNS["code_postal"])
        return joined.select(serves.fill_null(False) | is_malformed.fill_null(True))

    columns = {name: pandera.Column(polars.String, nullable=name not in PRESENT) for name in frame.columns}
    for name, pattern in PATTERNS.items():
        columns[name].checks = [pandera.Check.str_matches(pattern)]
    columns["coordinateur_siret"].checks = [pandera.Check(are_siret, name="siret")]
    schema = pandera.DataFrameSchema(columns, checks=[pandera.Check(are_served, name="served")])
    timed = clock()
    try:
        schema.validate(frame, lazy=True)
        cases = None
    except pandera.errors.SchemaErrors as found:
        cases = found.failure_cases
    told = timed.told(0 if cases is None else len(cases))
    places = {(index + 1, "code_postal" if check == "served" else column)
              for check, column, index in cases.select("check", "column", "index").iter_rows()}
    return told, places


def by_great_expectations(rows, served, clock):
    import great_expectations as gx
    from great_expectations.execution_engine import PandasExecutionEngine
    from great_expectations.expectations.expectation import ColumnMapExpectation, ColumnPairMapExpectation
    from great_expectations.expectations.metrics.map_metric_provider import (
        ColumnMapMetricProvider,
        ColumnPairMapMetricProvider,
        column_condition_partial,
        column_pair_condition_partial,
    )

    pairs = pairs_of(served)

    class ColumnValuesSiret(ColumnMapMetricProvider):
        condition_metric_name = "column_values.siret"

        @column_condition_partial(engine=PandasExecutionEngine)
        def _pandas(cls, column, **_):
            return are_siret(column)

    class ColumnPairValuesServed(ColumnPairMapMetricProvider):
        condition_metric_name = "column_pair_values.served"
        condition_domain_keys = ("batch_id", "table", "column_A", "column_B", "row_condition", "condition_parser", "ignore_row_if")
        condition_value_keys = ()

        @column_pair_condition_partial(engine=PandasExecutionEngine)
        def _pandas(cls, column_A, column_B, **_):
            return are_served(column_A, column_B, pairs)

    class ExpectColumnValuesToBeSiret(ColumnMapExpectation):
        map_metric = "column_values.siret"

    class ExpectColumnPairValuesToBeServed(ColumnPairMapExpectation):
        map_metric = "column_pair_values.served"
        domain_keys = ColumnPairValuesServed.condition_domain_keys
        ignore_row_if: str = "both_values_are_missing"

    frame = rows.to_pandas()
    frame["rang"] = range(1, len(frame) + 1)
    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = {"globally": False}
    source = context.data_sources.add_pandas("rows").add_dataframe_asset("rows").add_batch_definition_whole_dataframe("rows")
    suite = context.suites.add(gx.ExpectationSuite(name="rules"))
    for name in PRESENT:
        suite.add_expectation(gx.expectations.ExpectColumnValuesToNotBeNull(column=name))
    for name, pattern in PATTERNS.items():
        suite.add_expectation(gx.expectations.ExpectColumnValuesToMatchRegex(column=name, regex=pattern))
    suite.add_expectation(ExpectColumnValuesToBeSiret(column="coordinateur_siret"))
    suite.add_expectation(ExpectColumnPairValuesToBeServed(column_A="code_postal", column_B="departements"))
    batch = source.get_batch({"dataframe": frame})
    timed = clock()
    found = batch.validate(suite, result_format={
        "result_format": "COMPLETE", "unexpected_index_column_names": ["rang"], "return_unexpected_index_query": False})
    told = timed.told(sum(result.result.get("unexpected_count", 0) for result in found.results))
    places = set()
    for result in found.results:
        asked = result.expectation_config.kwargs
        for case in result.result.get("unexpected_index_list") or []:
            places.add((case["rang"], asked.get("column", asked.get("column_A"))))
    return told, places


def by_frictionless(path, served, clock):
    from frictionless import Check, Checklist, Resource, Schema, errors, fields

    with open(path, encoding="utf-8") as file:
        names = file.readline().strip().split(",")
    given = [
        fields.StringField(name=name, constraints={
            **({"pattern": PATTERNS[name]} if name in PATTERNS else {}),
            **({"required": True} if name in PRESENT else {}),
        })
        for name in names
    ]
    well_formed = re.compile(PATTERNS["code_postal"])
    doubled = [sum(divmod(digit * 2, 10)) for digit in range(10)]

    def is_siret(text):
        return (len(text) == 14 and text.isascii() and text.isdigit()
                and (sum(map(int, text[1::2])) + sum(doubled[int(digit)] for digit in text[::2])) % 10 == 0)

    class Siret(Check):
        type = "siret"
        Errors = [errors.CellError]

        def validate_row(self, row):
            siret = row["coordinateur_siret"]
            if siret is not None and not is_siret(siret):
                yield errors.CellError.from_row(row, note="no SIRET", field_name="coordinateur_siret")

    class Served(Check):
        type = "served"
        Errors = [errors.CellError]

        def validate_row(self, row):
            code = row["code_postal"]
            # Of what is malformed the constraint tells.
            if code is not None and well_formed.match(code) and served.get(code, set()).isdisjoint((row["departements"] or "").split(";")):
                yield errors.CellError.from_row(row, note="another territory", field_name="code_postal")

    resource = Resource(Path(path).name, basepath=str(Path(path).parent), schema=Schema(fields=given))
    timed = clock()
    report = resource.validate(Checklist(checks=[Siret(), Served()]), limit_errors=10**9)
    told = timed.told(report.stats["errors"])
    # Rows of frictionless count the header.
    places = {(row - 1, field) for row, field in report.flatten(["rowNumber", "fieldName"])}
    return told, places
