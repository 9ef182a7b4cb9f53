//! `ptce template`: the entry form, an empty workbook that imports without any mapping once it is filled in.

use std::path::PathBuf;

use super::{Verdict, write_out};
use crate::error::{Error, ErrorKind, Result};
use crate::export::{Exporter, Options};
use crate::row::Format;
use crate::settings::Profile;

/// The arguments of `ptce template`.
#[derive(clap::Args)]
pub(super) struct Arguments {
    /// Fichier à écrire : .xlsx, avec listes et explications, ou .csv, l’en-tête seul / file to write: .xlsx, with lists
    /// and explanations, or .csv, the header alone
    #[arg(long, short, value_name = "OUT")]
    output: PathBuf,
    /// Ce qui est attendu des fiches : les champs obligatoires sont marqués / what is asked of the records: the required
    /// fields are marked
    #[arg(long, value_name = "laureat|candidature", default_value = "laureat")]
    profile: Profile,
    /// Le tableau, une ligne par PTCE, ou la fiche, à remplir et imprimer sur deux pages / the table, a row a PTCE, or the
    /// form of one, to fill in and print on two pages
    #[arg(long, value_enum, default_value_t, value_name = "table|form")]
    layout: Layout,
    /// Remplacer un fichier existant / replace an existing file
    #[arg(long)]
    force: bool,
}

/// How the entry form is laid out.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, clap::ValueEnum)]
enum Layout {
    /// Une ligne par PTCE / a row a PTCE
    #[default]
    Table,
    /// Une feuille par PTCE / a sheet a PTCE
    Form,
}

pub(super) fn run(arguments: &Arguments) -> Result<Verdict> {
    let path = arguments.output.as_path();
    let name = path.display().to_string();
    // No other extension of the same formats: Excel opens no .xlsm without macros, and a .tsv would need tabs.
    let extension = path.extension().and_then(|extension| extension.to_str()).unwrap_or_default().to_ascii_lowercase();
    let format = match extension.as_str() {
        _ if path.as_os_str() == "-" => Some(Format::Xlsx),
        "xlsx" => Some(Format::Xlsx),
        "csv" => Some(Format::Csv),
        _ => None,
    };
    let Some(format) = format else {
        return Err(Error::new(
            ErrorKind::Usage,
            "un formulaire est un classeur .xlsx, ou un .csv qui n’a que l’en-tête ; donnez l’une de ces extensions",
            "a form is an .xlsx workbook, or a .csv that has the header alone; give the file one of these extensions",
        )
        .in_file(&name));
    };
    if arguments.layout == Layout::Form && format != Format::Xlsx {
        return Err(Error::new(
            ErrorKind::Usage,
            "la fiche d’un PTCE est un classeur ; donnez l’extension .xlsx",
            "the form of one PTCE is a workbook; give the file the extension .xlsx",
        )
        .in_file(&name));
    }
    // Someone may have filled it in.
    if path.is_file() && !arguments.force {
        return Err(super::exists(path));
    }
    let options = Options { profile: arguments.profile, ..Options::default() };
    write_out(Some(path), |out| match arguments.layout {
        Layout::Table => Exporter::form(format, out, &options)?.finish(),
        Layout::Form => Exporter::upright_form(out, &options),
    })?;
    Ok(Verdict::Clean)
}
