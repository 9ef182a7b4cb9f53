"""Judges that the cells that LibreOffice read are those of the CSV conversion: workbook.py READ CSV"""

import csv
import sys

from faults import verdict


def rows(path):
    with open(path, newline="", encoding="utf-8") as file:
        return list(csv.reader(file))


def faults():
    (_, *read), (labels, *expected) = map(rows, sys.argv[1:])
    if len(read) != len(expected):
        yield f"{len(read)} rows instead of {len(expected)}"
    for number, (cells, values) in enumerate(zip(read, expected), 2):
        if len(cells) != len(values):
            yield f"row {number}: {len(cells)} cells instead of {len(values)}"
        for label, cell, value in zip(labels, cells, values):
            # The apostrophe keeps a spreadsheet from running a formula; in a workbook a text is a text.
            if cell != value and cell != value.removeprefix("'"):
                yield f"row {number}: {label}: {cell!r} instead of {value!r}"
    codes = [value for row in expected for value in row if value.isdigit() and value.startswith("0")]
    if not codes:
        yield "no code with a leading zero: nothing is proved of them"


verdict(faults())
