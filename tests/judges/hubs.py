"""Writes invented records, for a page of any size: hubs.py COUNT FILE

They lie in communes all over France, many in and around Paris, some overseas, and say more or less of themselves.
"""

import json
import sys
from pathlib import Path

count, file = int(sys.argv[1]), Path(sys.argv[2])
tables = Path(__file__).resolve().parents[2] / "src/reference/tables"
rows = [row.split("\t") for row in (tables / "communes.tsv").read_text(encoding="utf-8").splitlines()]
communes = [row for row in rows if row[1] in "CM" and row[4] and not row[0].startswith("98")]
overseas = [row for row in communes if row[0].startswith("97")]
around_paris = [row for row in communes if row[0][:2] in {"75", "92", "93", "94"}]
THEMES = ["agriculture", "énergie", "mobilité", "numérique", "forêt", "culture", "réemploi", "alimentation", "habitat"]


def hub(rank):
    # A stride that is prime to the number of communes meets them all.
    some = around_paris if rank % 8 == 5 else overseas if rank % 12 == 7 else communes
    code, _, _, name, codes = some[rank * 7919 % len(some)][:5]
    department = code[:3] if code.startswith("97") else code[:2]
    record = {
        "nom": f"Pôle {rank + 1} du pays de {name}",
        "appel": {"edition": "2021", "statut": "laureat", "date_annonce": "2021-06-15"},
        "thematiques": [THEMES[(rank + step) % len(THEMES)] for step in range(rank % 3 + 1)],
        "territoire": {"departements": [{"code": department}]},
        "coordinateur": {"nom": f"Association du pays de {name}", "forme_juridique": "association"},
        "contacts": [{"courriel": f"contact@pole-{rank + 1}.example.org", "telephone": "+33 2 61 91 00 01"}],
        "adresse": {"voie": "12 rue de la Gare", "code_postal": codes.split(",")[0], "commune": name},
    }
    if rank % 2:
        record["projet"] = {
            "resume": f"Entreprises, associations et collectivités du pays de {name} mettent en commun leurs moyens.",
            "objectifs": ["Créer des emplois qui durent", "Relier les filières du territoire"],
        }
    if rank % 3:
        record["partenaires"] = [
            {"nom": f"Coopérative {letter} du pays de {name}", "categorie": category}
            for letter, category in zip("ABCD", ["ess", "entreprise", "collectivite", "recherche"])
        ]
    return record


file.write_text(json.dumps([hub(rank) for rank in range(count)], ensure_ascii=False), encoding="utf-8")
