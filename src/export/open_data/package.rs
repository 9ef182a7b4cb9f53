//! The files of a publication that describe its data.

use jiff::Timestamp;
use jiff::civil::Date;
use serde_json::{Map, Value, json};

use super::grants::Granted;
use super::metadata::{Metadata, written_day};
use super::privacy::review::Doubts;
use super::privacy::{Privacy, Withheld};
use crate::language::Language;
use crate::schema::table::{COLUMNS, licence, partners_schema};
use crate::texts::{Text, text};

/// What is known of a complete file.
#[derive(Debug, Clone)]
pub(super) struct Sum {
    pub bytes: u64,
    /// In hexadecimal.
    pub sha256: String,
}

/// A data file of the package, as written.
#[derive(Debug)]
pub(super) struct Resource {
    pub name: &'static str,
    pub path: &'static str,
    pub title: &'static str,
    pub description: &'static str,
    pub mediatype: &'static str,
    pub kind: Kind,
    pub sum: Sum,
}

/// What a data file holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// The table of PTCE, which `schema.json` describes.
    Hubs,
    /// The table of partners.
    Partners,
    /// The records that do not follow the schema.
    Corrections,
    /// The grants.
    Grants,
    /// The records in another form.
    Other,
}

/// The data files that a package can have, in their order, each without its sum.
pub(super) const RESOURCES: [(&str, &str, &str, &str, &str, Kind); 8] = [
    ("ptce", "ptce.csv", "PTCE, tableau", "Une ligne par PTCE.", "text/csv", Kind::Hubs),
    (
        "partenaires",
        "partenaires.csv",
        "Partenaires, tableau",
        "Une ligne par partenaire, avec l’identifiant de son PTCE.",
        "text/csv",
        Kind::Partners,
    ),
    (
        "ptce-json",
        "ptce.json",
        "PTCE, fiches",
        "Une fiche par PTCE, avec ses listes : objectifs, actions, partenaires, communes.",
        "application/json",
        Kind::Other,
    ),
    (
        "ptce-geojson",
        "ptce.geojson",
        "PTCE, carte",
        "Un point par PTCE, avec les colonnes du tableau.",
        "application/geo+json",
        Kind::Other,
    ),
    (
        "ptce-parquet",
        "ptce.parquet",
        "PTCE, tableau typé",
        "Le tableau des PTCE pour les outils d’analyse.",
        "application/vnd.apache.parquet",
        Kind::Other,
    ),
    (
        "fiches-a-corriger",
        CORRECTIONS,
        "Fiches à corriger, tableau",
        "Les fiches en erreur, qui ne suivent pas le schéma : les mêmes colonnes, en texte, pour qui les corrige.",
        "text/csv",
        Kind::Corrections,
    ),
    (
        "ptce-jsonld",
        LINKED,
        "PTCE, données liées",
        "Les PTCE et leurs membres, avec les vocabulaires ORG et SEMIC.",
        "application/ld+json",
        Kind::Other,
    ),
    (
        "subventions",
        GRANTS,
        "Subventions, tableau",
        "Une ligne par subvention accordée, au schéma SCDL « subventions ».",
        "text/csv",
        Kind::Grants,
    ),
];

/// The records as linked data.
pub(super) const LINKED: &str = "ptce.jsonld";

/// The table of grants, and its schema.
pub(super) const GRANTS: &str = "subventions.csv";
pub(super) const GRANTS_SCHEMA: &str = "subventions.schema.json";

/// The table of the records that are kept though they have errors.
pub(super) const CORRECTIONS: &str = "fiches-a-corriger.csv";

/// The schema of the published records.
pub(super) const RECORD_SCHEMA: &str = "ptce.schema.json";

/// What each file of a package holds, in the order in which one looks for them.
pub(super) const DESCRIBED: [(&str, &str); 18] = [
    ("ptce.csv", RESOURCES[0].3),
    ("partenaires.csv", RESOURCES[1].3),
    ("ptce.json", RESOURCES[2].3),
    ("ptce.geojson", RESOURCES[3].3),
    ("ptce.parquet", RESOURCES[4].3),
    (LINKED, RESOURCES[6].3),
    (CORRECTIONS, RESOURCES[5].3),
    (GRANTS, RESOURCES[7].3),
    ("schema.json", "Les colonnes de ptce.csv (Table Schema)."),
    (RECORD_SCHEMA, "Les fiches de ptce.json (JSON Schema)."),
    (GRANTS_SCHEMA, "Les colonnes de subventions.csv (Table Schema)."),
    ("datapackage.json", "La description du jeu de données (Data Package)."),
    ("catalogue.ttl", "La même pour les catalogues (DCAT-AP, Turtle)."),
    ("catalogue.jsonld", "La même pour les catalogues (DCAT-AP, JSON-LD)."),
    ("occultations.json", "Ce qui a été retiré, et pourquoi."),
    ("LICENCE", "La licence et la mention à reprendre."),
    (README, "La présentation de ces fichiers."),
    (SUMS, "Les empreintes des fichiers (sha256sum -c SHA256SUMS)."),
];

/// What presents the files.
pub(super) const README: &str = "LISEZMOI.md";

/// The sums of the other files.
pub(super) const SUMS: &str = "SHA256SUMS";

/// A line of the sums.
pub(super) fn sum_line(sha256: &str, name: &str) -> String {
    format!("{sha256}  {name}\n")
}

impl Resource {
    /// Its format: its extension.
    fn format(&self) -> &'static str {
        self.path.rsplit('.').next().unwrap_or_default()
    }

    /// Its format in the European table of file types.
    pub fn file_type(&self) -> &'static str {
        match self.format() {
            "csv" => "CSV",
            "geojson" => "GEOJSON",
            "jsonld" => "JSON_LD",
            "parquet" => "PARQUET",
            _ => "JSON",
        }
    }

    /// The file that describes its columns.
    pub fn schema_file(&self) -> Option<&'static str> {
        match (self.kind, self.path) {
            (Kind::Hubs, _) => Some("schema.json"),
            (Kind::Grants, _) => Some(GRANTS_SCHEMA),
            (_, "ptce.json") => Some(RECORD_SCHEMA),
            _ => None,
        }
    }

    fn descriptor(&self) -> Value {
        let mut descriptor = Map::new();
        let mut set = |key: &str, value: Value| {
            descriptor.insert(key.to_owned(), value);
        };
        let schema = match self.kind {
            Kind::Hubs => Some("schema.json".into()),
            Kind::Partners => Some(partners_schema()),
            Kind::Corrections => Some(corrections_schema()),
            Kind::Grants => Some(GRANTS_SCHEMA.into()),
            Kind::Other => None,
        };
        set("name", self.name.into());
        if schema.is_some() {
            set("type", "table".into());
        }
        set("path", self.path.into());
        set("title", self.title.into());
        set("description", self.description.into());
        // Under its own name, frictionless opens the table with an extension that then finds no size to compare with
        // `bytes`; under this one it takes a file, and checks its size and hash.
        set("format", if self.format() == "parquet" { "apache-parquet" } else { self.format() }.into());
        set("mediatype", self.mediatype.into());
        if self.format() != "parquet" {
            set("encoding", "utf-8".into());
        }
        set("bytes", self.sum.bytes.into());
        set("hash", format!("sha256:{}", self.sum.sha256).into());
        if let Some(schema) = schema {
            set(
                "dialect",
                json!({ "header": true, "delimiter": ",", "lineTerminator": "\n", "quoteChar": "\"", "doubleQuote": true }),
            );
            set("schema", schema);
        }
        descriptor.into()
    }
}

/// What the table of the records to correct keeps to: its columns are texts, and its first one tells the records apart.
fn corrections_schema() -> Value {
    let fields: Vec<Value> = COLUMNS
        .iter()
        .map(|column| match column.name {
            "id" => json!({ "name": "id", "type": "string", "constraints": { "required": true, "unique": true } }),
            name => json!({ "name": name, "type": "string" }),
        })
        .collect();
    json!({ "fields": fields, "primaryKey": ["id"], "missingValues": [""] })
}

/// `datapackage.json`.
pub(super) fn datapackage(
    metadata: &Metadata,
    made: Option<Timestamp>,
    privacy: &Privacy,
    version: &str,
    resources: &[Resource],
) -> Value {
    let mut package = Map::new();
    let mut set = |key: &str, value: Value| {
        package.insert(key.to_owned(), value);
    };
    set("$schema", "https://datapackage.org/profiles/2.0/datapackage.json".into());
    set("name", "ptce".into());
    set("title", metadata.title.as_str().into());
    set("description", metadata.description.as_str().into());
    set("version", version.into());
    if let Some(made) = made {
        set("created", made.to_string().into());
    }
    if let Some(homepage) = &metadata.homepage {
        set("homepage", homepage.as_str().into());
    }
    if !metadata.keywords.is_empty() {
        set("keywords", json!(metadata.keywords));
    }
    if let Some(publisher) = &metadata.publisher {
        let mut contributor = json!({ "title": publisher, "roles": ["publisher"] });
        if let Some(contact) = &metadata.contact {
            contributor["email"] = contact.as_str().into();
        }
        set("contributors", json!([contributor]));
    }
    set("licenses", json!([licence()]));
    let named = metadata.sources.iter().map(|source| match &source.url {
        Some(url) => json!({ "title": source.title, "path": url }),
        None => json!({ "title": source.title }),
    });
    let sources: Vec<Value> = named.collect();
    if !sources.is_empty() {
        set("sources", sources.into());
    }
    if let Some(reason) = &privacy.keep_contacts {
        set("contacts_publies", json!({ "motif": reason }));
    }
    set("resources", resources.iter().map(Resource::descriptor).collect());
    package.into()
}

/// `occultations.json`: what was withheld and why, without any value.
pub(super) fn redactions(
    privacy: &Privacy,
    [records, left_out]: [u64; 2],
    withheld: &Withheld,
    doubts: &Doubts,
    searched: usize,
) -> Value {
    let counts: Vec<Value> = withheld
        .counts()
        .map(|(pointer, reason, count)| {
            json!({ "champ": pointer, "motif": reason, "explication": reason.told(), "nombre": count })
        })
        .collect();
    let mut report = json!({
        "fiches": records,
        "fiches_non_publiees": left_out,
        "valeurs_retirees": withheld.total(),
        "retraits": counts,
        "mentions_douteuses": doubts
            .iter()
            .map(|((is_published, why), count)| {
                json!({ "decision": if *is_published { "publier" } else { "retirer" }, "motif": why, "nombre": count })
            })
            .collect::<Vec<_>>(),
        "verification": {
            "methode": "Chaque fichier produit a été relu pour y chercher les valeurs retirées des fiches, dans les écritures \
                        qu’un lecteur en reconnaîtrait ; aucune n’y est. Une personne que nulle fiche ne nomme à sa place \
                        (contact, coordinateur, opposition) n’est reconnue que si le texte le dit : civilité, fonction, \
                        adresse ou numéro.",
            "valeurs_recherchees": searched,
        },
    });
    if let Some(reason) = &privacy.keep_contacts {
        report["contacts_publies"] = json!({ "motif": reason });
    }
    report
}

/// The words to credit the data with.
fn credit(metadata: &Metadata, updated: Option<Date>) -> String {
    let publisher = metadata.publisher.as_deref().map(|publisher| format!(", {publisher}")).unwrap_or_default();
    let updated = match updated {
        Some(updated) => format!("mise à jour du {}", written_day(updated)),
        None => "suivie de la date de la dernière mise à jour".to_owned(),
    };
    format!("« {} »{publisher}, {updated}", metadata.title)
}

/// The text of the licence, as Etalab publishes it.
static LICENCE_OUVERTE: Text = text!("export/open_data/licence-ouverte-2.0.txt");

/// `LICENCE`.
pub(super) fn licence_text(metadata: &Metadata, updated: Option<Date>) -> String {
    format!(
        "Licence Ouverte / Open Licence, version 2.0 (etalab-2.0)\n\
         ========================================================\n\
         \n\
         Ces données sont publiées sous la Licence Ouverte 2.0 :\n\
         <https://www.etalab.gouv.fr/licence-ouverte-open-licence>\n\
         \n\
         Vous pouvez les reproduire, les diffuser, les adapter et les exploiter, y compris à titre commercial, à condition\n\
         de mentionner leur paternité : la source (au moins le nom de qui les publie) et la date de leur dernière mise à\n\
         jour. Cette mention ne doit pas laisser croire que votre usage est approuvé par la source.\n\
         \n\
         Mention à reprendre : {credit}.\n\
         \n\
         Les noms, codes et contours des communes, des départements et des régions viennent de l’Insee (Code officiel\n\
         géographique) et de l’IGN (ADMIN EXPRESS), les codes postaux de La Poste (Licence Ouverte).\n\
         \n\
         Texte intégral\n\
         --------------\n\
         \n\
         {licence}",
        credit = credit(metadata, updated),
        licence = LICENCE_OUVERTE.get(),
    )
}

/// `LISEZMOI.md`.
pub(super) fn readme(
    metadata: &Metadata,
    privacy: &Privacy,
    [records, left_out]: [u64; 2],
    granted: &Granted,
    has: impl Fn(&str) -> bool,
) -> String {
    let mut count = match records {
        0 | 1 => format!("{records} fiche"),
        _ => format!("{records} fiches"),
    };
    if left_out > 0 {
        count.push_str(&format!(" sur {} reçues, les autres restant à corriger", records + left_out));
    }
    let files: String = DESCRIBED
        .iter()
        .filter(|(name, _)| *name == SUMS || has(name))
        .map(|(name, description)| format!("| `{name}` | {description} |\n"))
        .collect();
    let people = match &privacy.keep_contacts {
        None => "Les contacts nommés dans les fiches, les adresses électroniques et les numéros qui mènent à une personne ont été\n\
                 retirés, sauf accord ; `occultations.json` les compte. Dans un texte, « [donnée personnelle retirée] » en marque\n\
                 la place. Une personne citée dans un texte sans titre, et qui n’est le contact d’aucune fiche, n’est pas reconnue."
            .to_owned(),
        Some(reason) => format!(
            "Les contacts sont publiés, pour ce motif : {reason}. Dans les textes, les adresses électroniques\n\
             et les numéros ont été retirés ; `occultations.json` les compte."
        ),
    };
    format!(
        "# {title}\n\
         \n\
         {description}\n\
         \n\
         {count}. Pour les lire, ouvrez `index.html` dans un navigateur.\n\
         \n\
         | Fichier | Contenu |\n\
         |---|---|\n\
         {files}\
         \n\
         {people}\n\
         \n\
         {grants}\
         Les tableaux sont en UTF-8, avec des virgules ; « | » sépare les valeurs multiples ; une apostrophe précède les\n\
         textes qu’un tableur prendrait pour une formule. Aucune adresse n’est localisée : `precision_geo` dit ce que\n\
         représente chaque point.\n",
        title = metadata.title,
        description = metadata.description,
        grants = grants_told(granted),
    )
}

/// How many of the grants their table has, where there is one.
fn grants_told(granted: &Granted) -> String {
    if granted.rows == 0 || granted.left_out.is_empty() {
        return String::new();
    }
    let (rows, all, reasons) = (granted.rows, granted.told(), granted.reasons(Language::French));
    format!(
        "`subventions.csv` a {rows} des {all} subventions que disent les fiches ; ne peuvent y être : {reasons}.\n\n"
    )
}
