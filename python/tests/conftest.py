"""What the tests share: the samples of the repository, the command of the wheel, generated rows."""

import csv
import json
import os
import random
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
SAMPLES = ROOT / "samples"
COLUMNS = (
    "code", "level", "message", "file", "sheet", "cell", "row", "line", "column", "label", "path",
    "record_index", "record_id", "record_nom", "pointer", "value", "expected", "suggestion", "confidence",
)


@pytest.fixture(autouse=True)
def english(monkeypatch):
    monkeypatch.setenv("LC_ALL", "en_US.UTF-8")


def command(*arguments, code=None):
    """Runs the command that came with the wheel; answers what it wrote."""
    program = Path(sys.executable).with_name("ptce")
    done = subprocess.run([program, *map(str, arguments)], capture_output=True, text=True, cwd=ROOT)
    assert code is None or done.returncode == code, done.stderr
    return done.stdout


def row_of(finding):
    """A finding of the JSON report as a row of the table of findings."""
    record, place = finding.get("record") or {}, finding["location"]
    known = {
        "record_index": record.get("index"), "record_id": record.get("id"), "record_nom": record.get("nom"),
        **{key: finding.get(key) for key in COLUMNS if key in finding},
        **place,
    }
    return tuple(known.get(key) for key in COLUMNS)


def by_command(*arguments):
    """The multiset of the findings, with their places, that the command tells."""
    report = json.loads(command("validate", "--lang", "en", "--format", "json", *arguments))
    return Counter(row_of(finding) for finding in report["findings"])


def by_rows(rows):
    """The same of rows given as dicts."""
    return Counter(tuple(row.get(key) for key in COLUMNS) for row in rows)


def told(counter, *left_out):
    """The multiset without some columns."""
    at = [index for index, key in enumerate(COLUMNS) if key not in left_out]
    rows = Counter()
    for row, count in counter.items():
        rows[tuple(row[index] for index in at)] += count
    return rows


def texts(path):
    """The header and the rows of a CSV file of ours, as texts."""
    with open(path, newline="", encoding="utf-8-sig") as file:
        rows = list(csv.reader(file))
    return rows[0], [[cell or None for cell in row] for row in rows[1:]]


@pytest.fixture(scope="session")
def generated(tmp_path_factory):
    """Rows with defects and duplicates, of one seed, as a CSV file."""
    rows, seed = int(os.environ.get("PTCE_TEST_ROWS", "3000")), random.Random(1)
    names = ["Fabriques", "Ateliers", "Filières", "Ressourceries", "Communs", "Énergies"]
    places = [("Figeac", "46100"), ("Gap", "05000"), ("Rennes", "35000"), ("Die", "26150"), ("Arras", "62000")]
    path = tmp_path_factory.mktemp("generated") / "generated.csv"
    with open(path, "w", newline="", encoding="utf-8") as file:
        out = csv.writer(file)
        out.writerow(["id", "nom", "coordinateur_nom", "coordinateur_siret", "contact_1_courriel", "contact_1_telephone",
                      "adresse_voie", "adresse_code_postal", "adresse_commune", "inconnue"])
        for rank in range(rows):
            commune, code = seed.choice(places)
            odd = seed.random() < 0.1
            number = seed.randrange(rows)
            out.writerow([
                f"p-{number if odd else rank}", f"{seed.choice(names)} {number} de {commune}",
                "" if seed.random() < 0.05 else f"Structure {number}", "73282932000075" if odd else "",
                "pas un courriel" if odd else f"contact{rank}@example.org", seed.choice(["01 99 00 12 34", "12", ""]),
                f"{seed.randrange(1, 90)} rue Neuve", code.lstrip("0") if odd else code, commune, "x",
            ])
    return path
