#!/usr/bin/env python3
"""The jobs of ptce as DuckDB does them: the same checks in SQL, nested NDJSON, a package without contacts.

    duckdb_job.py validate IN OUT.tsv COMMUNES.json [--threads N]
    duckdb_job.py nested IN OUT.ndjson              [--threads N]
    duckdb_job.py package IN OUT COMMUNES.json      [--threads N]
"""

import hashlib
import json
import os
import sys

import duckdb

job, source, out = sys.argv[1:4]
threads = int(sys.argv[sys.argv.index("--threads") + 1]) if "--threads" in sys.argv else 2
db = duckdb.connect(config={"threads": threads})
CSV = (f"read_csv('{source}', all_varchar=true, header=true, delim=',', quote='\"', escape='\"', new_line='\\n', "
       "max_line_size=4000000)")

NESTED = """nom, region, string_split(departements, ';') as departements, territoire,
    string_split(thematiques, ';') as thematiques, description,
    {nom: coordinateur_nom, forme_juridique: coordinateur_forme_juridique, siret: coordinateur_siret} as coordinateur,
    %s
    {ligne: adresse_ligne, code_postal: code_postal, commune: commune} as adresse,
    string_split(partenaires, ';') as partenaires, site_web, cast(annee_laureat as int) as annee_laureat"""
CONTACT = "{nom: contact_nom, fonction: contact_fonction, email: contact_email, telephone: contact_telephone} as contact,"

POSTAL_CODE = "(0[1-9]|[1-8][0-9]|9[0-8])[0-9]{3}"
EMAIL = "[A-Za-z0-9_%+-]+(\\.[A-Za-z0-9_%+-]+)*@[A-Za-z0-9-]+(\\.[A-Za-z0-9-]+)+"
PHONE = "((\\+|00)33[ .-]?|0)[1-9]([ .-]?[0-9]{2}){4}"
DIGIT = "cast(substr(siret, i + 1, 1) as int)"
LUHN = (f"list_sum(list_transform(range(14), lambda i: case when i % 2 = 1 then {DIGIT} when {DIGIT} > 4 then {DIGIT} * 2 - 9 "
        f"else {DIGIT} * 2 end)) % 10 = 0")


def validate(rows, errors):
    """Writes the row and the column of each defect."""
    db.sql(f"""create table served as
        select code_postal, list(departement) as departments from (
            select distinct unnest(codesPostaux) as code_postal, departement
            from read_json('{sys.argv[4]}', columns={{codesPostaux: 'VARCHAR[]', departement: 'VARCHAR', type: 'VARCHAR'}})
            where type = 'commune-actuelle')
        group by 1""")
    db.sql(f"""copy (
      with t as (select *, coordinateur_siret as siret from ({rows})),
      e as (
        select n, [
          case when coordinateur_nom is null then 'coordinateur_nom' end,
          case when contact_nom is null then 'contact_nom' end,
          case when t.code_postal is null or not regexp_full_match(t.code_postal, '{POSTAL_CODE}') then 'code_postal'
               when departments is null or not list_has_any(departments, string_split(departements, ';')) then 'code_postal' end,
          case when contact_email is not null and not regexp_full_match(contact_email, '{EMAIL}') then 'contact_email' end,
          case when contact_telephone is not null and not regexp_full_match(contact_telephone, '{PHONE}')
               then 'contact_telephone' end,
          case when siret is not null and (case when not regexp_full_match(siret, '[0-9]{{14}}') then true else not ({LUHN}) end)
               then 'coordinateur_siret' end
        ] as found from t left join served on served.code_postal = t.code_postal)
      select n, c from (select n, unnest(found) as c from e) where c is not null
    ) to '{errors}' (format csv, delimiter '\t', header false)""")


def package():
    """Publishes the rows without a defect, from one reading of the source."""
    os.makedirs(out, exist_ok=True)
    db.sql(f"create table src as select row_number() over () as n, * from {CSV}")
    errors = f"{out}/errors.tsv"
    validate("select * from src", errors)
    db.sql(f"create table bad as select distinct column0 as n from read_csv('{errors}', delim='\t', header=false)")
    good = "src where n not in (select n from bad) order by n"
    contacts = "contact_nom, contact_fonction, contact_email, contact_telephone"
    db.sql(f"copy (select * exclude (n, {contacts}) from {good}) to '{out}/ptce.csv' (format csv, header)")
    db.sql(f"copy (select {NESTED % ''} from {good}) to '{out}/ptce.ndjson' (format json)")
    resources = []
    for name in ("ptce.csv", "ptce.ndjson"):
        with open(f"{out}/{name}", "rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
        resources.append({"path": name, "hash": f"sha256:{digest}", "bytes": os.path.getsize(f"{out}/{name}")})
    with open(f"{out}/datapackage.json", "w", encoding="utf-8") as descriptor:
        json.dump({"name": "ptce", "resources": resources}, descriptor)


if job == "validate":
    validate(f"select row_number() over () as n, * from {CSV}", out)
elif job == "nested":
    db.sql(f"copy (select {NESTED % CONTACT} from {CSV}) to '{out}' (format json)")
elif job == "package":
    package()
else:
    sys.exit(__doc__)
