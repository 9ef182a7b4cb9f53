#!/usr/bin/env python3
"""Generates records of PTCE with seeded defects, the same in every format, and the truth about the defects beside them.

    generate.py --rows 100000 --out DIR --references DIR [--seed 1] [--share 0.05] [--formats csv,csv1252,ndjson,xml,xlsx,xlsxinline]

All rows come from one sequence of pseudo-random numbers: of one seed the first N rows are the same at every size and in every
format. `ptce-N.truth.json` lists the defects: row (1 is the first row of data), column, defect, variant;
`postal-codes.tsv` the departments that each postal code serves. Telephone numbers,
mailboxes and sites are fictitious (ranges kept for fiction, example.org); postal codes, communes and departments are real,
those whose code belongs to another department among them, which is no defect. The references are the folder `data` of the npm
package @etalab/decoupage-administratif. The workbooks need XlsxWriter.
"""
import argparse
import csv
import json
import os
import random
import re
import sys
import unicodedata
from xml.sax.saxutils import escape

COLUMNS = [
    "nom", "region", "departements", "territoire", "thematiques", "description",
    "coordinateur_nom", "coordinateur_forme_juridique", "coordinateur_siret",
    "contact_nom", "contact_fonction", "contact_email", "contact_telephone",
    "adresse_ligne", "code_postal", "commune", "partenaires", "site_web", "annee_laureat",
]
C = {c: i for i, c in enumerate(COLUMNS)}

DEFECTS = [
    "missing-coordinator", "missing-contact", "malformed-postal-code",
    "postal-code-outside-territory", "malformed-email", "malformed-phone", "invalid-siret",
]
DEFECT_COLUMN = {
    "missing-coordinator": "coordinateur_nom",
    "missing-contact": "contact_nom",
    "malformed-postal-code": "code_postal",
    "postal-code-outside-territory": "code_postal",
    "malformed-email": "contact_email",
    "malformed-phone": "contact_telephone",
    "invalid-siret": "coordinateur_siret",
}

THEMATIQUES = [
    "Agriculture et alimentation durable", "Économie circulaire et réemploi", "Éco-construction",
    "Mobilité durable", "Transition énergétique", "Culture et patrimoine", "Tourisme solidaire",
    "Services à la personne", "Insertion par l'activité économique", "Habitat partagé",
    "Numérique responsable", "Santé et bien-vieillir", "Petite enfance", "Textile et mode éthique",
    "Gestion des déchets", "Formation et emploi", "Circuits courts", "Industrie et relocalisation",
]
FORMES = ["Association loi 1901", "SCIC", "SCOP", "Coopérative d'activité et d'emploi", "Fondation",
          "Mutuelle", "Société commerciale ESUS", "GIP", "Collectivité territoriale"]
FONCTIONS = ["Coordinatrice du PTCE", "Coordinateur du PTCE", "Directrice", "Directeur", "Présidente",
             "Président", "Chargée de mission ESS", "Chargé de développement", "Cheffe de projet"]
PRENOMS = ["Amélie", "Benoît", "Chloé", "Dorothée", "Émile", "François", "Gaëlle", "Hélène", "Inès",
           "Jérôme", "Karima", "Loïc", "Maëlys", "Noémie", "Océane", "Pénélope", "Raphaël", "Sébastien",
           "Théo", "Ugo", "Véronique", "Willy", "Xavier", "Yaël", "Zoé", "Jean-François", "Marie-Hélène"]
NOMS = ["Lefèvre", "Martin", "Dubois", "Müller", "N'Diaye", "Le Goff", "Garcia", "Benali", "Nguyen",
        "Châtelain", "Grosœuvre", "D'Alembert", "Fauré", "Guérin", "Hébert", "Íñiguez", "Joly", "Kerviel",
        "Lemaître", "Maçon", "Noël", "Ozanne", "Périer", "Quéré", "Rivière", "Saint-Just", "Traoré"]
VOIES = ["rue", "avenue", "boulevard", "place", "chemin", "impasse", "allée", "quai", "zone artisanale"]
ODONYMES = ["de la République", "des Écoles", "Jean-Jaurès", "du 8-Mai-1945", "de l'Église", "des Tanneurs",
            "du Général-de-Gaulle", "Aimé-Césaire", "de la Gare", "des Frères-Lumière", "d'Alsace",
            "de la Forêt", "du Château", "Rosa-Parks", "des Prés-Verts", "de l'Œuvre"]
STRUCTURES = ["Régie de quartier", "Ressourcerie", "Épicerie solidaire", "Atelier vélo", "Coopérative d'habitants",
              "Tiers-lieu", "Maison de l'emploi", "Chantier d'insertion", "Université populaire", "Recyclerie",
              "Groupement d'employeurs", "Crédit coopératif", "Fablab", "Légumerie", "Café associatif"]
POLES = ["Pôle", "PTCE", "Pôle territorial", "Collectif", "Cluster ESS", "Grappe solidaire"]
# Ranges that Arcep keeps for fiction: no subscriber has them.
FICTION = ["019900", "026191", "035301", "046571", "053649", "063998"]

SUJETS = ["Le pôle", "La coopérative", "Le collectif d'acteurs", "Le groupement", "L'association porteuse",
          "La gouvernance partagée", "Le comité de pilotage", "L'équipe de coordination"]
VERBES = ["développe", "fédère", "accompagne", "expérimente", "déploie", "mutualise", "consolide", "relocalise"]
OBJETS = ["des filières courtes", "une offre d'hébergement à caractère social", "des activités créatrices d'emplois non délocalisables",
          "la rénovation énergétique du bâti ancien", "un réseau de tiers-lieux", "la collecte et le réemploi des déchets",
          "des formations qualifiantes", "une plateforme logistique partagée", "l'accès aux droits et à la santé",
          "la production maraîchère biologique"]
COMPL = ["sur l'ensemble du bassin de vie", "avec les collectivités et les entreprises locales", "au bénéfice des habitantes et habitants",
         "dans une logique de coopération économique", "depuis l'appel à projets national", "à l'échelle intercommunale",
         "en lien avec la recherche et l'université", "près des quartiers prioritaires", "grâce à un fonds d'amorçage d'œuvres locales"]
FINS = [".", ".", ".", " ; bilan prévu à mi-parcours.", " (dont 40 % de femmes).", " – démarche labellisée.", "…", " !"]


def slug(s):
    s = unicodedata.normalize("NFKD", s.replace("œ", "oe").replace("Œ", "OE")).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", s.lower()).strip("-")


def luhn_key(digits):
    """The digit that makes `digits`, with it behind them, pass the check of Luhn."""
    t = 0
    for k, ch in enumerate(reversed(digits)):
        d = ord(ch) - 48
        if k % 2 == 0:
            d *= 2
            if d > 9:
                d -= 9
        t += d
    return str((10 - t % 10) % 10)


class Reference:
    """The communes, departments and regions that records are made of."""

    def __init__(self, folder):
        load = lambda name: json.load(open(os.path.join(folder, name), encoding="utf-8"))
        self.regions = {r["code"]: r["nom"] for r in load("regions.json")}
        deps = [d for d in load("departements.json") if d.get("region") in self.regions]
        self.dep_region = {d["code"]: d["region"] for d in deps}
        self.region_deps = {}
        for d in deps:
            self.region_deps.setdefault(d["region"], []).append(d["code"])
        self.pairs = []        # (postal code, commune, department)
        self.cp_deps = {}      # postal code -> departments that it serves
        for c in load("communes.json"):
            if c.get("type") != "commune-actuelle" or c.get("departement") not in self.dep_region:
                continue
            for cp in c.get("codesPostaux", []):
                self.pairs.append((cp, c["nom"], c["departement"]))
                self.cp_deps.setdefault(cp, set()).add(c["departement"])
        self.pairs.sort()


class Generator:
    def __init__(self, ref, seed, share):
        self.ref, self.share = ref, share
        self.r = r = random.Random(seed)
        self.phrases = []
        for _ in range(4000):
            s = f"{r.choice(SUJETS)} {r.choice(VERBES)} {r.choice(OBJETS)} {r.choice(COMPL)}{r.choice(FINS)}"
            self.phrases.append(s)

    def description(self):
        r = self.r
        n = r.randrange(100, 560)
        parts, size = [], 0
        while size < n:
            p = self.phrases[int(r.random() * 4000)]
            parts.append(p)
            size += len(p) + 1
        k = r.random()
        if k < 0.08:
            text = "\n".join(parts)
        elif k < 0.16:
            parts[0] = f'Dit "le {slug(parts[0])[:12]}" : ' + parts[0]
            text = " ".join(parts)
        elif k < 0.24:
            parts[0] = "« " + parts[0] + " »"
            text = " ".join(parts)
        else:
            text = " ".join(parts)
        if len(text) < 100:
            text += " Démarche ouverte à toutes et à tous."
        if len(text) > 600:
            text = text[:599] + "…"
        return text

    def siret(self):
        r = self.r
        siren = f"{r.randrange(10_000_000, 99_999_999):08d}"
        siren += luhn_key(siren)
        nic = f"{r.randrange(1, 60):04d}"
        return siren + nic + luhn_key(siren + nic)

    def telephone(self):
        r = self.r
        n = r.choice(FICTION) + f"{r.randrange(10000):04d}"
        p = [n[i:i + 2] for i in range(0, 10, 2)]
        k = r.randrange(5)
        if k == 0:
            return " ".join(p)
        if k == 1:
            return n
        if k == 2:
            return "+33 " + p[0][1] + " " + " ".join(p[1:])
        if k == 3:
            return ".".join(p)
        return "+33" + n[1:]

    def row(self, i):
        """Row i, first without a defect, then with the defects that fall to it."""
        r = self.r
        cp, commune, dep = self.ref.pairs[int(r.random() * len(self.ref.pairs))]
        region = self.ref.dep_region[dep]
        deps = [dep]
        k = r.random()
        if k < 0.35:
            others = [d for d in self.ref.region_deps[region] if d != dep]
            if others:
                deps += r.sample(others, min(len(others), 1 if k < 0.25 else 2))
        themes = r.sample(THEMATIQUES, r.randrange(1, 5))
        prenom, nom = r.choice(PRENOMS), r.choice(NOMS)
        structure = r.choice(STRUCTURES)
        s = slug(commune)[:24].strip("-") or "pole"
        partners = [f"{r.choice(STRUCTURES)} de {commune}" if r.random() < 0.5
                    else f"{r.choice(STRUCTURES)} {r.choice(ODONYMES)}" for _ in range(r.randrange(2, 9))]
        row = [
            f"{r.choice(POLES)} {themes[0].split(' ')[0].lower()} de {commune} n° {i}",
            self.ref.regions[region],
            ";".join(deps),
            f"{r.choice(('Pays', 'Bassin de vie', 'Communauté de communes', 'Quartiers'))} de {commune}",
            ";".join(themes),
            self.description(),
            f"{structure} de {commune}",
            r.choice(FORMES),
            self.siret(),
            f"{prenom} {nom}",
            r.choice(FONCTIONS),
            f"{slug(prenom)}.{slug(nom)}@{s}.example.org",
            self.telephone(),
            f"{r.randrange(1, 200)} {r.choice(VOIES)} {r.choice(ODONYMES)}",
            cp,
            commune,
            ";".join(partners),
            f"https://www.{s}.example.org/ptce" if r.random() < 0.8 else "",
            str(r.randrange(2013, 2026)),
        ]
        defects = []
        if r.random() < self.share:
            kinds = [r.choice(DEFECTS)]
            if r.random() < 0.10:
                second = r.choice(DEFECTS)
                if DEFECT_COLUMN[second].split("_")[0] != DEFECT_COLUMN[kinds[0]].split("_")[0]:
                    kinds.append(second)
            for d in kinds:
                defects.append((i, DEFECT_COLUMN[d], d, self.break_it(row, d, deps)))
        return row, defects

    def break_it(self, row, d, deps):
        r = self.r
        if d == "missing-coordinator":
            for c in ("coordinateur_nom", "coordinateur_forme_juridique", "coordinateur_siret"):
                row[C[c]] = ""
            return "empty"
        if d == "missing-contact":
            for c in ("contact_nom", "contact_fonction", "contact_email", "contact_telephone"):
                row[C[c]] = ""
            return "empty"
        if d == "malformed-postal-code":
            cp = row[C["code_postal"]]
            v = r.choice(("short", "letter", "space", "prefix", "long"))
            row[C["code_postal"]] = {
                "short": cp[1:], "letter": cp[:3] + "O" + cp[4:], "space": cp[:2] + " " + cp[2:],
                "prefix": "F-" + cp, "long": cp + "0"}[v]
            return v
        if d == "postal-code-outside-territory":
            # A real postal code that serves none of the departments of the record.
            while True:
                cp = self.ref.pairs[int(r.random() * len(self.ref.pairs))][0]
                if not self.ref.cp_deps[cp] & set(deps) and not any(cp.startswith(x[:2]) for x in deps):
                    row[C["code_postal"]] = cp
                    return "another-department"
        if d == "malformed-email":
            e = row[C["contact_email"]]
            user, dom = e.split("@")
            v = r.choice(("no-at", "double-at", "space", "no-domain", "double-dots", "final-dot"))
            row[C["contact_email"]] = {
                "no-at": user + "(at)" + dom, "double-at": user + "@@" + dom,
                "space": user.replace(".", " ", 1) + "@" + dom, "no-domain": user + "@",
                "double-dots": user.replace(".", "..", 1) + "@" + dom, "final-dot": e + "."}[v]
            return v
        if d == "malformed-phone":
            n = re.sub(r"\D", "", row[C["contact_telephone"]])
            n = ("0" + n[2:]) if n.startswith("33") else n
            v = r.choice(("short", "long", "letter", "double-prefix", "no-zero"))
            row[C["contact_telephone"]] = {
                "short": n[:9], "long": n + "7", "letter": n[:5] + "O" + n[6:],
                "double-prefix": "+33 (0)0 " + n[1:], "no-zero": n[1:]}[v]
            return v
        if d == "invalid-siret":
            s = row[C["coordinateur_siret"]]
            v = r.choice(("luhn", "luhn", "short", "letter"))
            row[C["coordinateur_siret"]] = {
                "luhn": s[:13] + str((int(s[13]) + r.randrange(1, 10)) % 10),
                "short": s[:13], "letter": s[:8] + "A" + s[9:]}[v]
            return v
        raise AssertionError(d)


def nested(row):
    g = lambda c: row[C[c]]
    split = lambda c: [x for x in g(c).split(";") if x]
    o = {"nom": g("nom"), "region": g("region"), "departements": split("departements"),
         "territoire": g("territoire"), "thematiques": split("thematiques"), "description": g("description")}
    if g("coordinateur_nom") or g("coordinateur_siret"):
        o["coordinateur"] = {"nom": g("coordinateur_nom"), "forme_juridique": g("coordinateur_forme_juridique"),
                             "siret": g("coordinateur_siret")}
    if g("contact_nom") or g("contact_email"):
        o["contact"] = {"nom": g("contact_nom"), "fonction": g("contact_fonction"),
                        "email": g("contact_email"), "telephone": g("contact_telephone")}
    o["adresse"] = {"ligne": g("adresse_ligne"), "code_postal": g("code_postal"), "commune": g("commune")}
    o["partenaires"] = split("partenaires")
    if g("site_web"):
        o["site_web"] = g("site_web")
    o["annee_laureat"] = int(g("annee_laureat"))
    return o


def xml_record(o):
    e = escape
    p = ["<ptce><nom>", e(o["nom"]), "</nom><region>", e(o["region"]), "</region><departements>"]
    for x in o["departements"]:
        p += ["<departement>", x, "</departement>"]
    p += ["</departements><territoire>", e(o["territoire"]), "</territoire><thematiques>"]
    for x in o["thematiques"]:
        p += ["<thematique>", e(x), "</thematique>"]
    p += ["</thematiques>\n<description>", e(o["description"]), "</description>\n"]
    k = o.get("coordinateur")
    if k:
        p += ["<coordinateur><nom>", e(k["nom"]), "</nom><forme_juridique>", e(k["forme_juridique"]),
              "</forme_juridique><siret>", e(k["siret"]), "</siret></coordinateur>"]
    k = o.get("contact")
    if k:
        p += ["<contact><nom>", e(k["nom"]), "</nom><fonction>", e(k["fonction"]), "</fonction><email>",
              e(k["email"]), "</email><telephone>", e(k["telephone"]), "</telephone></contact>"]
    a = o["adresse"]
    p += ["\n<adresse><ligne>", e(a["ligne"]), "</ligne><code_postal>", e(a["code_postal"]),
          "</code_postal><commune>", e(a["commune"]), "</commune></adresse><partenaires>"]
    for x in o["partenaires"]:
        p += ["<partenaire>", e(x), "</partenaire>"]
    p += ["</partenaires>"]
    if "site_web" in o:
        p += ["<site_web>", e(o["site_web"]), "</site_web>"]
    p += ["<annee_laureat>", str(o["annee_laureat"]), "</annee_laureat></ptce>\n"]
    return "".join(p)


def main():
    a = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    a.add_argument("--rows", type=int, required=True)
    a.add_argument("--seed", type=int, default=1)
    a.add_argument("--share", type=float, default=0.05, help="share of rows with a defect")
    a.add_argument("--out", required=True)
    a.add_argument("--formats", default="csv,csv1252,ndjson,xml")
    a.add_argument("--references", required=True, help="folder with communes.json, departements.json, regions.json")
    o = a.parse_args()
    formats = set(o.formats.split(","))
    unknown = formats - {"csv", "csv1252", "ndjson", "xml", "xlsx", "xlsxinline"}
    if unknown:
        sys.exit(f"unknown formats: {sorted(unknown)}")
    os.makedirs(o.out, exist_ok=True)
    base = os.path.join(o.out, f"ptce-{o.rows}")
    references = Reference(o.references)
    with open(os.path.join(o.out, "postal-codes.tsv"), "w", encoding="utf-8") as codes:
        codes.writelines(f"{code}\t{department}\n" for code, served in sorted(references.cp_deps.items()) for department in sorted(served))
    gen = Generator(references, o.seed, o.share)

    fcsv = f1252 = fnd = fxml = wcsv = w1252 = None
    books = []
    if "csv" in formats:
        fcsv = open(base + ".csv", "w", encoding="utf-8", newline="", buffering=1 << 20)
        wcsv = csv.writer(fcsv, lineterminator="\n")
        wcsv.writerow(COLUMNS)
    if "csv1252" in formats:
        f1252 = open(base + ".cp1252.csv", "w", encoding="cp1252", newline="", buffering=1 << 20)
        w1252 = csv.writer(f1252, delimiter=";", lineterminator="\r\n")
        w1252.writerow(COLUMNS)
    if "ndjson" in formats:
        fnd = open(base + ".ndjson", "w", encoding="utf-8", buffering=1 << 20)
    if "xml" in formats:
        fxml = open(base + ".xml", "w", encoding="utf-8", buffering=1 << 20)
        fxml.write('<?xml version="1.0" encoding="UTF-8"?>\n<ptces>\n')
    for f, inline in (("xlsx", False), ("xlsxinline", True)):
        if f in formats:
            import datetime
            import xlsxwriter
            wb = xlsxwriter.Workbook(base + (".inline" if inline else "") + ".xlsx",
                                     {"constant_memory": inline, "strings_to_urls": False,
                                      "strings_to_numbers": False, "strings_to_formulas": False})
            wb.set_properties({"created": datetime.datetime(2026, 1, 1)})
            ws = wb.add_worksheet("PTCE")
            for k, c in enumerate(COLUMNS):
                ws.write_string(0, k, c)
            books.append((wb, ws))
    dump = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
    truth = []
    last = len(COLUMNS) - 1
    for i in range(1, o.rows + 1):
        row, defects = gen.row(i)
        truth += defects
        if wcsv:
            wcsv.writerow(row)
        if w1252:
            # Windows-1252 has nearly every letter of the names of communes.
            try:
                w1252.writerow(row)
            except UnicodeEncodeError:
                w1252.writerow([x.encode("cp1252", "replace").decode("cp1252") for x in row])
        if fnd or fxml:
            n = nested(row)
            if fnd:
                fnd.write(dump(n))
                fnd.write("\n")
            if fxml:
                fxml.write(xml_record(n))
        for _, ws in books:
            for k, v in enumerate(row):
                if k == last:
                    ws.write_number(i, k, int(v))
                elif v:
                    ws.write_string(i, k, v)
    if fxml:
        fxml.write("</ptces>\n")
    for f in (fcsv, f1252, fnd, fxml):
        if f:
            f.close()
    for wb, _ in books:
        wb.close()
    counts = {}
    for t in truth:
        counts[t[2]] = counts.get(t[2], 0) + 1
    with open(base + ".truth.json", "w", encoding="utf-8") as f:
        f.write('{"seed":%d,"rows":%d,"share":%s,"rows_with_defect":%d,"counts":%s,"defects":[\n'
                % (o.seed, o.rows, o.share, len({t[0] for t in truth}), json.dumps(counts, sort_keys=True)))
        f.write(",\n".join(json.dumps({"row": t[0], "column": t[1], "defect": t[2], "variant": t[3]}) for t in truth))
        f.write("\n]}\n")
    print(json.dumps({"rows": o.rows, "defects": len(truth), "counts": counts}))


if __name__ == "__main__":
    main()
