//! The files of the package that describe its data.

use serde_json::{Map, Value, json};

use super::metadata::{Metadata, written_day};
use crate::schema::table::licence;

/// A data file of the package, as written.
#[derive(Debug)]
pub(super) struct Resource {
    pub name: &'static str,
    pub path: &'static str,
    pub title: &'static str,
    pub description: &'static str,
    pub format: &'static str,
    pub mediatype: &'static str,
    pub bytes: u64,
    pub sha256: String,
    /// Whether it is the table that `schema.json` describes.
    pub is_table: bool,
}

impl Resource {
    fn descriptor(&self) -> Value {
        let mut descriptor = Map::new();
        let mut set = |key: &str, value: Value| {
            descriptor.insert(key.to_owned(), value);
        };
        set("name", self.name.into());
        if self.is_table {
            set("type", "table".into());
        }
        set("path", self.path.into());
        set("title", self.title.into());
        set("description", self.description.into());
        set("format", self.format.into());
        set("mediatype", self.mediatype.into());
        set("encoding", "utf-8".into());
        set("bytes", self.bytes.into());
        set("hash", format!("sha256:{}", self.sha256).into());
        if self.is_table {
            set(
                "dialect",
                json!({ "header": true, "delimiter": ",", "lineTerminator": "\n", "quoteChar": "\"", "doubleQuote": true }),
            );
            set("schema", "schema.json".into());
        }
        descriptor.into()
    }
}

/// `datapackage.json`.
pub(super) fn datapackage(metadata: &Metadata, version: &str, sources: &[String], resources: &[Resource]) -> Value {
    let mut package = Map::new();
    let mut set = |key: &str, value: Value| {
        package.insert(key.to_owned(), value);
    };
    set("$schema", "https://datapackage.org/profiles/2.0/datapackage.json".into());
    set("name", "ptce".into());
    set("title", metadata.title.as_str().into());
    set("description", metadata.description.as_str().into());
    set("version", version.into());
    set("keywords", json!(metadata.keywords));
    if let Some(publisher) = &metadata.publisher {
        set("contributors", json!([{ "title": publisher, "roles": ["publisher"] }]));
    }
    set("licenses", json!([licence()]));
    if !sources.is_empty() {
        set("sources", sources.iter().map(|title| json!({ "title": title })).collect());
    }
    set("resources", resources.iter().map(Resource::descriptor).collect());
    package.into()
}

/// `LICENCE.md`.
pub(super) fn licence_text(metadata: &Metadata) -> String {
    let publisher = metadata.publisher.as_deref().map(|publisher| format!(", {publisher}")).unwrap_or_default();
    let updated = match metadata.updated {
        Some(updated) => format!("mise à jour du {}", written_day(updated)),
        None => "suivie de la date de la dernière mise à jour".to_owned(),
    };
    format!(
        "# Licence Ouverte / Open Licence, version 2.0 (etalab-2.0)\n\
         \n\
         Ces données sont publiées sous la Licence Ouverte 2.0 :\n\
         <https://www.etalab.gouv.fr/licence-ouverte-open-licence>\n\
         \n\
         Vous pouvez les reproduire, les diffuser, les adapter et les exploiter, y compris à titre commercial, à condition\n\
         de mentionner leur paternité : la source (au moins le nom de qui les publie) et la date de leur dernière mise à\n\
         jour. Cette mention ne doit pas laisser croire que votre usage est approuvé par la source.\n\
         \n\
         Mention à reprendre : « {title} »{publisher}, {updated}.\n\
         \n\
         Les noms et codes des départements et des régions viennent du Code officiel géographique de l’INSEE (Licence\n\
         Ouverte).\n",
        title = metadata.title,
    )
}

/// `LISEZMOI.md`.
pub(super) fn readme(metadata: &Metadata, records: u64) -> String {
    let count = match records {
        0 | 1 => format!("{records} fiche"),
        _ => format!("{records} fiches"),
    };
    format!(
        "# {title}\n\
         \n\
         {description}\n\
         \n\
         {count}.\n\
         \n\
         | Fichier | Contenu |\n\
         |---|---|\n\
         | `ptce.csv` | une ligne par PTCE : UTF-8, virgule, valeurs multiples séparées par « \\| » |\n\
         | `ptce.json` | les mêmes fiches, avec leurs listes |\n\
         | `schema.json` | les colonnes de `ptce.csv` (Table Schema) |\n\
         | `datapackage.json` | la description du jeu de données (Data Package) |\n\
         | `LICENCE.md` | la licence et la mention à reprendre |\n\
         | `SHA256SUMS` | les empreintes des fichiers (`sha256sum -c SHA256SUMS`) |\n\
         \n\
         Les noms de personnes, les adresses électroniques et les numéros qui mènent à une personne ont été retirés. Dans\n\
         un texte, « [donnée personnelle retirée] » en marque la place. Dans `ptce.csv`, une apostrophe précède les textes\n\
         qu’un tableur prendrait pour une formule.\n",
        title = metadata.title,
        description = metadata.description,
    )
}
