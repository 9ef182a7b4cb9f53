//! `ptce schema`: the schema in the forms that other tools read.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use super::{Verdict, written};
use crate::error::{Error, ErrorKind, Result};
use crate::language::Language;
use crate::schema;

/// A form of the schema.
#[derive(Debug, Clone, Copy, Default, clap::ValueEnum)]
enum Form {
    /// JSON Schema 2020-12, d’une fiche / of one record
    #[default]
    JsonSchema,
    /// Table Schema du CSV publié / of the published CSV
    TableSchema,
    /// XSD 1.0 du XML / of the XML
    Xsd,
    /// Référence des champs, à lire / reference of the fields, to read
    Markdown,
}

/// The arguments of `ptce schema`.
#[derive(clap::Args)]
pub(super) struct Arguments {
    /// Forme du schéma / form of the schema
    #[arg(long, value_enum, default_value_t, value_name = "FORM")]
    format: Form,
    /// Écrire dans un dossier ce que demande un dépôt de schema.data.gouv.fr : schémas, exemples, journal / write to a folder
    /// what a repository of schema.data.gouv.fr must hold: schemas, examples, changes
    #[arg(long, value_name = "DIR", conflicts_with = "format")]
    repository: Option<PathBuf>,
}

pub(super) fn run(arguments: &Arguments, language: Language) -> Result<Verdict> {
    if let Some(folder) = &arguments.repository {
        return repository(folder);
    }
    let text = match arguments.format {
        Form::JsonSchema => schema::TEXT.to_owned(),
        Form::TableSchema => format!("{:#}\n", schema::table::table_schema()),
        Form::Xsd => schema::xsd::xsd(),
        Form::Markdown => schema::markdown::markdown(language),
    };
    written(std::io::stdout().write_all(text.as_bytes())).map(|()| Verdict::Clean)
}

/// Writes the files of a repository to a folder, which must be new or empty: nobody's work is replaced.
fn repository(folder: &Path) -> Result<Verdict> {
    let name = folder.display().to_string();
    let failed = |error: std::io::Error| Error::io(&name, &error);
    fs::create_dir_all(folder).map_err(failed)?;
    if fs::read_dir(folder).map_err(failed)?.next().is_some() {
        return Err(Error::new(
            ErrorKind::Usage,
            "ce dossier n’est pas vide ; choisissez-en un autre",
            "this folder is not empty; choose another one",
        )
        .in_file(&name));
    }
    for (path, text) in schema::repository::files() {
        let file = folder.join(path);
        if let Some(parent) = file.parent() {
            fs::create_dir_all(parent).map_err(failed)?;
        }
        fs::write(&file, text).map_err(|error| Error::io(&file.display().to_string(), &error))?;
    }
    Ok(Verdict::Clean)
}
