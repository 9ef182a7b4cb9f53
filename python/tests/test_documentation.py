"""The examples of docs/python.md are run, in the order in which they stand, in the root of the repository."""

import re

import pytest
from conftest import ROOT

BLOCK = re.compile(r"```python(?: ([a-z ]+))?\n(.*?)```", re.DOTALL)


def test_examples(monkeypatch, tmp_path):
    pytest.importorskip("polars")
    pytest.importorskip("duckdb")
    monkeypatch.chdir(ROOT)
    text = (ROOT / "docs" / "python.md").read_text(encoding="utf-8").replace("OUT/", f"{tmp_path}/")
    scope, count = {}, 0
    for marks, code in BLOCK.findall(text):
        # What needs a cluster is run by test_spark.py in its own words.
        if "cluster" not in marks:
            exec(compile(code, "docs/python.md", "exec"), scope)
            count += 1
    assert count >= 6
