//! The files of a repository of schema.data.gouv.fr: the two tables of a publication, each with its schema, a valid and an
//! invalid example, what changed, and a data package that holds both.

use serde_json::{Value, json};

use super::table::{COLUMNS, PARTNER_COLUMNS, partners_schema, table_schema};

/// The files, by their paths, in the order of these.
pub fn files() -> Vec<(&'static str, String)> {
    let version = super::root().text("version");
    let homepage = super::root().text("x-homepage");
    let schema = with_resources(table_schema(), version, homepage, "schema.json", "ptce", "exemple-valide.csv");
    let partners = with_resources(
        named(partners_schema()),
        version,
        homepage,
        "partenaires/schema.json",
        "partenaires",
        "partenaires/exemple-valide.csv",
    );
    let package = json!({
        "name": "schema-ptce",
        "title": "Schémas des pôles territoriaux de coopération économique",
        "version": version,
        "resources": [
            resource("ptce", "exemple-valide.csv", json!("schema.json")),
            resource("partenaires", "partenaires/exemple-valide.csv", json!("partenaires/schema.json")),
        ],
    });
    let created = super::root().text("x-created");
    vec![
        ("CHANGELOG.md", format!("# Journal des changements\n\n## {version} – {created}\n\nPremière version.\n")),
        ("README.md", readme()),
        ("datapackage.json", pretty(&package)),
        (
            "exemple-invalide.csv",
            table(&hub_columns(), &[&row(&hub_columns(), &[("nom", ""), ("adresse_code_postal", "5000")])]),
        ),
        (
            "exemple-valide.csv",
            table(&hub_columns(), &[&row(&hub_columns(), &[("id", "bois-du-quercy"), ("nom", "Bois du Quercy")])]),
        ),
        (
            "partenaires/exemple-invalide.csv",
            table(&PARTNER_COLUMNS, &[&row(&PARTNER_COLUMNS, &[("rang", "premier")])]),
        ),
        (
            "partenaires/exemple-valide.csv",
            table(
                &PARTNER_COLUMNS,
                &[&row(
                    &PARTNER_COLUMNS,
                    &[
                        ("ptce_id", "bois-du-quercy"),
                        ("rang", "1"),
                        ("nom", "Scierie coopérative"),
                        ("categorie", "ess"),
                    ],
                )],
            ),
        ),
        ("partenaires/schema.json", pretty(&partners)),
        ("schema.json", pretty(&schema)),
    ]
}

fn hub_columns() -> Vec<&'static str> {
    COLUMNS.iter().map(|column| column.name).collect()
}

/// A row with the given values, and nothing in the other columns.
fn row<'a>(columns: &[&'a str], values: &[(&'a str, &'a str)]) -> Vec<&'a str> {
    let of = |column: &&'a str| values.iter().find(|(name, _)| name == column).map_or("", |(_, value)| *value);
    columns.iter().map(of).collect()
}

fn table(columns: &[&str], rows: &[&Vec<&str>]) -> String {
    let mut lines = vec![columns.join(",")];
    lines.extend(rows.iter().map(|row| row.join(",")));
    lines.iter().map(|line| format!("{line}\n")).collect()
}

/// The schema of the partners with what the other one says of itself; its key leads to a table that stands elsewhere.
fn named(mut schema: Value) -> Value {
    let hubs = table_schema();
    for key in ["homepage", "created", "lastModified", "version", "contributors", "sources", "keywords", "licenses"] {
        if let Some(value) = hubs.get(key) {
            schema[key] = value.clone();
        }
    }
    schema["name"] = "partenaires-ptce".into();
    schema["title"] = "Partenaires des pôles territoriaux de coopération économique".into();
    schema["description"] = "Une ligne par partenaire d’un pôle, avec l’identifiant de celui-ci.".into();
    if let Some(object) = schema.as_object_mut() {
        object.remove("foreignKeys");
    }
    schema
}

fn with_resources(mut schema: Value, version: &str, homepage: &str, path: &str, name: &str, example: &str) -> Value {
    schema["$schema"] = "https://specs.frictionlessdata.io/schemas/table-schema.json".into();
    schema["path"] = format!("{homepage}{version}/{path}").into();
    schema["resources"] = json!([{
        "title": "Exemple de fichier valide",
        "name": format!("{name}-exemple-valide"),
        "path": format!("{homepage}{version}/{example}"),
    }]);
    schema
}

fn resource(name: &str, path: &str, schema: Value) -> Value {
    json!({
        "name": name,
        "path": path,
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "schema": schema,
    })
}

fn readme() -> String {
    "# Schémas des pôles territoriaux de coopération économique (PTCE)\n\n\
     `schema.json` décrit le tableau des pôles, `partenaires/schema.json` celui de leurs partenaires ; `ptce_id` mène de l’un à\n\
     l’autre. À côté de chacun, un exemple valide et un exemple qui ne l’est pas.\n\n\
     Avant de publier ce dépôt, mettez dans les deux schémas votre adresse (`homepage`, `path`, `resources`) et, dans\n\
     `contributors`, qui répond des questions et à quelle adresse.\n\n\
     Pour vérifier : `frictionless validate datapackage.json`.\n"
        .to_owned()
}

fn pretty(value: &Value) -> String {
    format!("{value:#}\n")
}
