//! `ptce schema`: the schema in the forms that other tools read.

use std::io::Write;

use super::{Verdict, written};
use crate::error::Result;
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
}

pub(super) fn run(arguments: &Arguments, language: Language) -> Result<Verdict> {
    let text = match arguments.format {
        Form::JsonSchema => schema::TEXT.to_owned(),
        Form::TableSchema => format!("{:#}\n", schema::table::table_schema()),
        Form::Xsd => schema::xsd::xsd(),
        Form::Markdown => schema::markdown::markdown(language),
    };
    written(std::io::stdout().write_all(text.as_bytes())).map(|()| Verdict::Clean)
}
