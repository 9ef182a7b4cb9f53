"""The examples of the documentation are run, in the order in which they stand, in the root of the repository."""

import re

import pytest
from conftest import ROOT

BLOCK = re.compile(r"```python(?: ([a-z ]+))?\n(.*?)```", re.DOTALL)


@pytest.mark.parametrize("page, least", [("python.md", 6), ("growth.md", 1)])
def test_examples(page, least, monkeypatch, tmp_path):
    pytest.importorskip("polars")
    pytest.importorskip("duckdb")
    monkeypatch.chdir(ROOT)
    text = (ROOT / "docs" / page).read_text(encoding="utf-8").replace("OUT/", f"{tmp_path}/")
    scope, count = {}, 0
    for marks, code in BLOCK.findall(text):
        # What needs a cluster is run by test_spark.py in its own words.
        if "cluster" not in marks:
            exec(compile(code, page, "exec"), scope)
            count += 1
    assert count >= least
