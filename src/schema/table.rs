//! The Table Schema of the published `ptce.csv`, and the columns of that file.

use serde_json::{Map, Value, json};

use super::Node;

/// One column of the published `ptce.csv`.
#[derive(Debug)]
pub struct Column {
    /// Its header.
    pub name: &'static str,
    /// Where its values come from.
    pub origin: Origin,
}

/// What the values of a published column are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Texts; codes and lists among them.
    Text,
    /// Whole numbers.
    Integer,
    /// Numbers.
    Number,
    /// Days.
    Day,
}

impl Column {
    /// Whether its cells hold lists, whose values are joined by `|`.
    pub fn is_list(&self) -> bool {
        match self.origin {
            Origin::Every(_) => true,
            Origin::Value(pointer) => crate::schema::root().at(pointer).is_some_and(|node| node.items().is_some()),
            _ => false,
        }
    }

    /// What its values are.
    pub fn kind(&self) -> Kind {
        match field(self)["type"].as_str() {
            Some("integer") => Kind::Integer,
            Some("number") => Kind::Number,
            Some("date") => Kind::Day,
            _ => Kind::Text,
        }
    }
}

/// Where the values of a published column come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// The value at this JSON Pointer; the values of a list are joined by `|`.
    Value(&'static str),
    /// The values of all elements of a list, joined by `|`.
    Every(&'static str),
    /// The value of the first element of a list that has one.
    First(&'static str),
    /// The present region: its code.
    PresentRegionCode,
    /// The present region: its name.
    PresentRegionName,
    /// Latitude of the point on the map.
    Latitude,
    /// Longitude of the point on the map.
    Longitude,
    /// What the point on the map stands for.
    Precision,
}

const fn value(name: &'static str, pointer: &'static str) -> Column {
    Column { name, origin: Origin::Value(pointer) }
}

/// The columns of the published `ptce.csv`, in their order.
pub static COLUMNS: &[Column] = &[
    value("id", "/id"),
    value("nom", "/nom"),
    value("sigle", "/sigle"),
    value("appel_edition", "/appel/edition"),
    value("appel_phase", "/appel/phase"),
    value("appel_statut", "/appel/statut"),
    value("appel_type", "/appel/type"),
    value("appel_date_annonce", "/appel/date_annonce"),
    value("appel_montant", "/appel/montant"),
    value("region_code", "/region/code"),
    value("region_nom", "/region/nom"),
    Column { name: "region_actuelle_code", origin: Origin::PresentRegionCode },
    Column { name: "region_actuelle_nom", origin: Origin::PresentRegionName },
    value("territoire_libelle", "/territoire/libelle"),
    Column { name: "departements_codes", origin: Origin::Every("/territoire/departements/*/code") },
    Column { name: "departements_noms", origin: Origin::Every("/territoire/departements/*/nom") },
    value("priorites", "/territoire/priorites"),
    value("thematiques", "/thematiques"),
    value("projet_resume", "/projet/resume"),
    value("coordinateur_nom", "/coordinateur/nom"),
    value("coordinateur_forme_juridique", "/coordinateur/forme_juridique"),
    value("coordinateur_siren", "/coordinateur/siren"),
    value("coordinateur_siret", "/coordinateur/siret"),
    value("coordinateur_rna", "/coordinateur/rna"),
    Column { name: "partenaires", origin: Origin::Every("/partenaires/*/nom") },
    value("adresse_complement", "/adresse/complement"),
    value("adresse_voie", "/adresse/voie"),
    value("adresse_mention", "/adresse/mention"),
    value("adresse_code_postal", "/adresse/code_postal"),
    value("adresse_commune", "/adresse/commune"),
    value("adresse_cedex", "/adresse/cedex"),
    Column { name: "latitude", origin: Origin::Latitude },
    Column { name: "longitude", origin: Origin::Longitude },
    Column { name: "precision_geo", origin: Origin::Precision },
    Column { name: "courriel", origin: Origin::First("/contacts/*/courriel") },
    Column { name: "telephone", origin: Origin::First("/contacts/*/telephone") },
    value("site_web", "/site_web"),
    value("emploi_etp", "/emploi/etp"),
    value("emploi_salaries", "/emploi/salaries"),
    value("emploi_creations_prevues", "/emploi/creations_prevues"),
];

/// The columns of the published `partenaires.csv`, in their order: the identifier of the PTCE, the rank in its list, and
/// the values of the partner.
pub static PARTNER_COLUMNS: [&str; 6] = ["ptce_id", "rang", "nom", "categorie", "groupe", "note"];

/// Titles from the group down to the value as one: `Adresse – code postal`, `Coordinateur – SIREN`.
pub(crate) fn joined_titles<T: AsRef<str>>(titles: &[T]) -> String {
    let mut joined = String::new();
    for title in titles.iter().map(AsRef::as_ref) {
        if joined.is_empty() {
            joined.push_str(title);
            continue;
        }
        joined.push_str(" – ");
        let word = title.split_whitespace().next().unwrap_or_default();
        let is_acronym = word.chars().count() > 1 && word.chars().all(char::is_uppercase);
        let mut characters = title.chars();
        match characters.next() {
            Some(first) if !is_acronym => {
                joined.extend(first.to_lowercase());
                joined.push_str(characters.as_str());
            }
            _ => joined.push_str(title),
        }
    }
    joined
}

/// The titles of the nodes on the way to `pointer`, without those of the elements of lists.
fn titles(pointer: &str) -> Vec<&'static str> {
    let mut titles = Vec::new();
    let mut node = super::root();
    for step in pointer.split('/').skip(1) {
        let Some(next) = node.at(&format!("/{step}")) else { break };
        if node.items().is_none() {
            titles.push(next.text("title"));
        }
        node = next;
    }
    titles
}

/// The Table Schema (version 1 can read it) of the published `ptce.csv`.
pub fn table_schema() -> Value {
    let root = super::root();
    json!({
        "$schema": "https://datapackage.org/profiles/2.0/tableschema.json",
        "name": "ptce",
        "title": "Pôles territoriaux de coopération économique (PTCE)",
        "description": root.text("description"),
        "version": root.text("version"),
        "created": root.text("x-created"),
        "lastModified": root.text("x-modified"),
        "homepage": root.text("x-homepage"),
        "countryCode": "FR",
        "contributors": root.keyword("x-contributors"),
        "licenses": [licence()],
        "sources": root.keyword("x-sources"),
        "fields": COLUMNS.iter().map(field).collect::<Vec<Value>>(),
        "missingValues": [""],
        "primaryKey": ["id"],
    })
}

/// The Table Schema of the published `partenaires.csv`.
pub(crate) fn partners_schema() -> Value {
    let fields: Vec<Value> = PARTNER_COLUMNS
        .iter()
        .map(|name| match *name {
            "ptce_id" => json!({
                "name": name,
                "title": "Identifiant du PTCE",
                "description": "La ligne de ptce.csv dont c’est un partenaire.",
                "type": "string",
                "constraints": { "required": true },
            }),
            "rang" => json!({
                "name": name,
                "title": "Rang",
                "description": "Le rang du partenaire dans la fiche du PTCE, à partir de 1.",
                "type": "integer",
                "constraints": { "required": true, "minimum": 1 },
            }),
            _ => plain_field(name, &format!("/partenaires/*/{name}")),
        })
        .collect();
    json!({
        "fields": fields,
        "missingValues": [""],
        "primaryKey": ["ptce_id", "rang"],
        "foreignKeys": [{ "fields": ["ptce_id"], "reference": { "resource": "ptce", "fields": ["id"] } }],
    })
}

/// The licence of the schema and of the data: the Licence Ouverte 2.0.
pub(crate) fn licence() -> Value {
    json!({
        "name": "etalab-2.0",
        "path": "https://www.etalab.gouv.fr/licence-ouverte-open-licence",
        "title": "Licence Ouverte / Open Licence version 2.0",
    })
}

/// The field of a text that stands in a list of groups.
fn plain_field(name: &str, pointer: &str) -> Value {
    let Some(node) = super::root().at(pointer) else { return json!({ "name": name, "type": "string" }) };
    let mut field = json!({
        "name": name,
        "title": node.text("title"),
        "description": node.text("description"),
        "type": "string",
    });
    let known: Vec<&str> = node.texts("enum").collect();
    if !known.is_empty() {
        field["constraints"] = json!({ "enum": known });
    }
    field
}

fn field(column: &Column) -> Value {
    let (pointer, addition) = match column.origin {
        Origin::Value(pointer) => (pointer, ""),
        Origin::Every(pointer) => (pointer, ""),
        Origin::First(pointer) => (pointer, "Le premier qui peut être publié ; le fichier JSON les donne tous."),
        Origin::PresentRegionCode => return present_region(column.name, "code", "Code INSEE", "93"),
        Origin::PresentRegionName => {
            return present_region(column.name, "nom", "Nom", "Provence-Alpes-Côte d’Azur");
        }
        Origin::Latitude => return degrees(column.name, "Latitude", "44.5618", 90),
        Origin::Longitude => return degrees(column.name, "Longitude", "6.0826", 180),
        Origin::Precision => return precision(column.name),
    };
    let Some(node) = super::root().at(pointer) else {
        // A test looks every column up in the schema.
        return json!({ "name": column.name, "type": "string" });
    };
    let item = node.items().unwrap_or(node);
    let is_list = matches!(column.origin, Origin::Every(_)) || node.items().is_some();
    let mut description = vec![node.text("description")];
    if is_list {
        description.push("Plusieurs valeurs sont séparées par « | » ; dans une valeur, « | », « ; » et « \\ » sont précédés de « \\ ».");
    }
    description.extend(Some(addition).filter(|addition| !addition.is_empty()));
    let mut field = Map::new();
    field.insert("name".to_owned(), column.name.into());
    field.insert("title".to_owned(), joined_titles(&titles(pointer)).into());
    field.insert("description".to_owned(), description.join(" ").into());
    let mut examples = item.keyword("examples").and_then(Value::as_array).into_iter().flatten();
    if is_list {
        let examples: Vec<&str> = examples.filter_map(Value::as_str).collect();
        field.insert("example".to_owned(), examples.join("|").into());
    } else if let Some(example) = examples.next() {
        field.insert("example".to_owned(), example.clone());
    }
    let kind = match (item.text("type"), item.text("format")) {
        _ if is_list => "string",
        ("string", "date") => "date",
        (kind, _) => kind,
    };
    field.insert("type".to_owned(), kind.into());
    if kind == "string" && !is_list {
        let format = match item.text("format") {
            "idn-email" | "email" => Some("email"),
            "uri" => Some("uri"),
            _ => None,
        };
        field.extend(format.map(|format| ("format".to_owned(), format.into())));
    }
    let constraints = constraints(column, item, is_list);
    if !constraints.is_empty() {
        field.insert("constraints".to_owned(), constraints.into());
    }
    field.into()
}

fn constraints(column: &Column, item: Node, is_list: bool) -> Map<String, Value> {
    let mut constraints = Map::new();
    // Of the fields that the record must have, the redaction leaves these two in any case.
    if matches!(column.name, "id" | "nom") {
        constraints.insert("required".to_owned(), true.into());
    }
    if column.name == "id" {
        constraints.insert("unique".to_owned(), true.into());
    }
    if is_list {
        if let Some(pattern) = value_pattern(item) {
            constraints.insert("pattern".to_owned(), format!("^({pattern})(\\|({pattern}))*$").into());
        }
        return constraints;
    }
    for (keyword, name) in [
        ("enum", "enum"),
        ("pattern", "pattern"),
        ("minimum", "minimum"),
        ("maximum", "maximum"),
        ("minLength", "minLength"),
        ("maxLength", "maxLength"),
    ] {
        let value = item.keyword(keyword).filter(|value| keyword != "minLength" || value.as_u64() > Some(1));
        if let Some(value) = value.filter(|_| item.text("format") != "date") {
            let value = match value.as_str().filter(|_| keyword == "pattern") {
                // Validators disagree on whether a pattern must match the whole value: one that does suits them all.
                Some(pattern) => format!("^({})$", whole_value(pattern)).into(),
                None => value.clone(),
            };
            constraints.insert(name.to_owned(), value);
        }
    }
    constraints
}

/// A pattern of one value of a list.
fn value_pattern(item: Node) -> Option<String> {
    let known: Vec<&str> = item.texts("enum").collect();
    match item.text("pattern") {
        "" if known.is_empty() => None,
        "" => Some(known.join("|")),
        pattern => Some(whole_value(pattern)),
    }
}

fn present_region(name: &str, key: &str, start: &str, example: &str) -> Value {
    let mut constraints = Map::new();
    if let Some(pattern) = super::root().at(&format!("/region/{key}")).map(|node| node.text("pattern"))
        && !pattern.is_empty()
    {
        constraints.insert("pattern".to_owned(), format!("^({})$", whole_value(pattern)).into());
    }
    let mut field = json!({
        "name": name,
        "title": joined_titles(&["Région actuelle", key]),
        "description": format!(
            "{start} de la région en vigueur depuis le 1er janvier 2016, déduite de la région de l’appel, des départements, ou du \
             siège d’une fiche qui n’en dit aucun."
        ),
        "example": example,
        "type": "string",
    });
    if !constraints.is_empty() {
        field["constraints"] = constraints.into();
    }
    field
}

fn degrees(name: &str, title: &str, example: &str, limit: i32) -> Value {
    json!({
        "name": name,
        "title": title,
        "description": format!(
            "{title} en degrés décimaux (WGS 84) du point qui représente le pôle sur une carte ; voir precision_geo."
        ),
        "example": example,
        "type": "number",
        "constraints": { "minimum": -limit, "maximum": limit },
    })
}

/// What a point on the map can stand for, the most exact first.
pub(crate) const PRECISIONS: [&str; 5] = ["commune", "code_postal", "territoire", "departement", "region"];

fn precision(name: &str) -> Value {
    json!({
        "name": name,
        "title": "Précision du point",
        "description": "Ce que le point représente : la mairie de la commune de l’adresse (commune), ou le milieu des \
            communes du code postal, du territoire, du département ou de la région. Aucune adresse n’est localisée.",
        "example": PRECISIONS[0],
        "type": "string",
        "constraints": { "enum": PRECISIONS },
    })
}

/// The pattern of a JSON Schema, which matches anywhere unless it is anchored, as one that always matches the whole
/// value and has no anchors, as XSD and Table Schema have it.
pub(crate) fn whole_value(pattern: &str) -> String {
    let mut whole = String::new();
    for alternative in alternatives(pattern) {
        if !whole.is_empty() {
            whole.push('|');
        }
        let start = alternative.strip_prefix('^');
        let rest = start.unwrap_or(alternative);
        let end = rest.strip_suffix('$').filter(|rest| !rest.ends_with('\\'));
        if start.is_none() {
            whole.push_str(".*");
        }
        whole.push_str(&end.unwrap_or(rest).replace("(?:", "("));
        if end.is_none() {
            whole.push_str(".*");
        }
    }
    whole
}

/// The alternatives of a pattern at its top level.
fn alternatives(pattern: &str) -> Vec<&str> {
    let mut parts = Vec::new();
    let (mut start, mut depth, mut in_class, mut escaped) = (0, 0, false, false);
    for (at, c) in pattern.char_indices() {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            ']' => in_class = false,
            _ if in_class => {}
            '[' => in_class = true,
            '(' => depth += 1,
            ')' => depth -= 1,
            '|' if depth == 0 => {
                parts.push(&pattern[start..at]);
                start = at + 1;
            }
            _ => {}
        }
    }
    parts.push(&pattern[start..]);
    parts
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema;

    #[test]
    fn every_column_is_in_the_schema() {
        for column in COLUMNS {
            if let Origin::Value(pointer) | Origin::Every(pointer) | Origin::First(pointer) = column.origin {
                assert!(schema::root().at(pointer).is_some(), "{pointer}");
            }
        }
        let fields = table_schema()["fields"].as_array().unwrap().clone();
        assert_eq!(fields.len(), COLUMNS.len());
        for field in fields {
            for keyword in ["name", "title", "description", "type"] {
                assert!(field[keyword].as_str().is_some_and(|text| !text.is_empty()), "{field}");
            }
            assert!(field["example"].is_string() || field["example"].is_number(), "{field}");
        }
    }

    #[test]
    fn types_and_constraints_come_from_the_schema() {
        let schema = table_schema();
        let field = |name: &str| {
            schema["fields"].as_array().unwrap().iter().find(|field| field["name"] == name).unwrap().clone()
        };
        assert_eq!(field("appel_date_annonce")["type"], "date");
        assert_eq!(field("emploi_etp")["type"], "number");
        assert_eq!(field("emploi_salaries")["type"], "integer");
        assert_eq!(field("adresse_code_postal")["constraints"]["pattern"], "^([0-9]{5})$");
        assert_eq!(field("adresse_code_postal")["title"], "Adresse – code postal");
        assert_eq!(field("departements_codes")["title"], "Territoire – départements – code");
    }

    #[test]
    fn patterns_match_whole_values() {
        assert_eq!(whole_value("^[0-9]{2}$|^97[0-9]$"), "[0-9]{2}|97[0-9]");
        assert_eq!(whole_value("^https?://"), "https?://.*");
        assert_eq!(whole_value("^(?:a|b)\\$"), "(a|b)\\$.*");
    }
}
