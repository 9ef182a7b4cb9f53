//! `ptce about`: what the program is, and which reference data it holds.

use std::io::Write;

use super::{Verdict, written};
use crate::error::Result;
use crate::language::Language;
use crate::reference::sources::{sources, tables};

pub(super) fn run(language: Language) -> Result<Verdict> {
    let french = language == Language::French;
    let (data, hashes) = match language {
        Language::French => {
            ("Données de référence, lues dans le programme lui-même, sans réseau :", "Empreintes SHA-256 des tables :")
        }
        Language::English => {
            ("Reference data, read in the program itself, without a network:", "SHA-256 of the tables:")
        }
    };
    let mut text = format!("ptce {} – {}\n\n{data}\n", env!("CARGO_PKG_VERSION"), env!("CARGO_PKG_LICENSE"));
    for source in sources() {
        text.push_str(&format!(
            "\n  {}\n    {}, {}\n    {} {}, {}\n    {}\n",
            source.content, source.producer, source.licence, source.package, source.version, source.date, source.sha256
        ));
    }
    text.push_str(&format!("\n{hashes}\n\n"));
    for table in tables() {
        text.push_str(&format!("  {}  {}\n", table.sha256, table.name));
    }
    text.push_str(if french {
        "\nLes attributions sont dans le fichier NOTICE ; « ptce validate --format json » rapporte ces données.\n"
    } else {
        "\nThe attributions are in the file NOTICE; “ptce validate --format json” reports these data.\n"
    });
    written(std::io::stdout().write_all(text.as_bytes())).map(|()| Verdict::Clean)
}
