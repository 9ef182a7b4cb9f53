//! `ptce inspect`: how a file is understood before anything is judged.

use std::io::Write;
use std::sync::Arc;
use std::sync::mpsc::channel;

use super::{Sources, Verdict, written};
use crate::error::Result;
use crate::import;
use crate::language::{Language, counted};
use crate::row::{Format, Label, Layout, Target};
use crate::vocabulary::{self, Reason};

/// The arguments of `ptce inspect`.
#[derive(clap::Args)]
pub(super) struct Arguments {
    #[command(flatten)]
    sources: Sources,
}

pub(super) fn run(arguments: &Arguments, language: Language) -> Result<Verdict> {
    let mut text = String::new();
    for mut input in arguments.sources.open(language)? {
        let format = input.format()?;
        let name = input.name().to_owned();
        let mut tables: Vec<(Arc<Layout>, u64)> = Vec::new();
        let records = import::read(input, format, &Arc::default(), &channel().1, &mut |batch| {
            let rows = batch.rows.iter().filter(|row| row.index > 0).count() as u64;
            match tables.last_mut() {
                Some((layout, count)) if layout.sheet == batch.layout.sheet => {
                    *layout = batch.layout;
                    *count += rows;
                }
                _ => tables.push((batch.layout, rows)),
            }
            Ok(())
        })?;
        let french = language == Language::French;
        let colon = if french { " :" } else { ":" };
        text.push_str(&format!("{name}{colon} {}, {}\n", format.name(), records_counted(records, language)));
        for (layout, rows) in tables {
            table(&mut text, &layout, rows, language);
        }
    }
    written(std::io::stdout().write_all(text.as_bytes())).map(|()| Verdict::Clean)
}

fn table(text: &mut String, layout: &Layout, rows: u64, language: Language) {
    let french = language == Language::French;
    let rows = records_counted(rows, language);
    let header = layout
        .labels
        .iter()
        .find(|label| !matches!(label.target, Target::Outside | Target::Passage(_) | Target::Unread | Target::Guide))
        .map(|label| label.line);
    if let (Some(sheet), Some(line)) = (&layout.sheet, header) {
        // Whoever sees one sheet in the spreadsheet and two here wants to know why.
        text.push_str(&match (language, layout.is_hidden) {
            (Language::French, false) => format!("\n  feuille « {sheet} », en-tête à la ligne {line}, {rows}\n"),
            (Language::French, true) => {
                format!("\n  feuille masquée « {sheet} », en-tête à la ligne {line}, {rows}\n")
            }
            (Language::English, false) => format!("\n  sheet “{sheet}”, header in row {line}, {rows}\n"),
            (Language::English, true) => format!("\n  hidden sheet “{sheet}”, header in row {line}, {rows}\n"),
        });
    } else if let Some(line) = header.filter(|_| layout.format.is_table()) {
        text.push_str(&if french {
            format!("\n  en-tête à la ligne {line}\n")
        } else {
            format!("\n  header on line {line}\n")
        });
    }
    if let Some(encoding) = layout.encoding {
        text.push_str(&format!("  {} {encoding}", if french { "encodage" } else { "encoding" }));
        if let Some(delimiter) = layout.delimiter {
            let delimiter = if delimiter == '\t' { "tab".to_owned() } else { delimiter.to_string() };
            text.push_str(&match language {
                Language::French => format!(", séparateur « {delimiter} »"),
                Language::English => format!(", delimiter “{delimiter}”"),
            });
        }
        text.push('\n');
    }
    for label in &layout.labels {
        text.push_str(&format!("    {:<40} → {}\n", label.text, understood(label, layout, language)));
    }
}

fn records_counted(records: u64, language: Language) -> String {
    match language {
        Language::French => counted(records, "fiche", "fiches"),
        Language::English => counted(records, "record", "records"),
    }
}

fn understood(label: &Label, layout: &Layout, language: Language) -> String {
    let french = language == Language::French;
    match &label.target {
        Target::Field(field, rank) => {
            let (_, reason) = match layout.format.is_table() || layout.format == Format::Text {
                // The name of its table and its own make the path of the field.
                true if label.table.is_some() => (Target::Unknown, Some(Reason::Key)),
                true => vocabulary::meaning(&label.text),
                false => vocabulary::meaning_of_path(&label.text.split('/').collect::<Vec<_>>()),
            };
            // A text under one label may hold the values of several fields.
            let is_part = layout.format == Format::Text
                && !matches!(vocabulary::meaning(&label.text).0, Target::Field(own, _) if std::ptr::eq(own, *field));
            let reason = match (reason.filter(|_| !is_part), french) {
                (None, true) => "partie du texte",
                (None, false) => "part of the text",
                (Some(Reason::Key), true) => "nom du schéma",
                (Some(Reason::Key), false) => "name in the schema",
                (Some(Reason::Listed), true) => "libellé connu",
                (Some(Reason::Listed), false) => "known label",
                (_, true) => "libellés composés",
                (_, false) => "composed labels",
            };
            let rank = rank.map_or("*".to_owned(), |rank| (rank - 1).to_string());
            format!("{} ({reason})", field.pointer.replace('*', &rank))
        }
        Target::Unknown if french => "inconnu, gardé dans source.autres".to_owned(),
        Target::Unknown => "unknown, kept in source.autres".to_owned(),
        Target::Ambiguous(fields) => {
            let fields: Vec<&str> = fields.iter().map(|field| field.pointer).collect();
            let fields = fields.join(", ");
            if french { format!("ambigu : {fields}") } else { format!("ambiguous: {fields}") }
        }
        Target::Taken(field) if french => format!("{} est déjà rempli par une autre colonne", field.pointer),
        Target::Taken(field) => format!("{} is already filled by another column", field.pointer),
        Target::Outside if french => "hors du tableau".to_owned(),
        Target::Outside => "outside the table".to_owned(),
        Target::Passage(last) if *last > label.line => match language {
            Language::French => format!("hors des fiches, lignes {} à {last}", label.line),
            Language::English => format!("outside the records, lines {} to {last}", label.line),
        },
        Target::Passage(_) if french => format!("hors des fiches, ligne {}", label.line),
        Target::Passage(_) => format!("outside the records, line {}", label.line),
        Target::Rest if french => "le reste du texte, gardé dans source.autres".to_owned(),
        Target::Rest => "the rest of the text, kept in source.autres".to_owned(),
        Target::Key if french => "clé qui relie les tables".to_owned(),
        Target::Key => "key that joins the tables".to_owned(),
        Target::Unread if french => "feuille sans en-tête connu, non lue".to_owned(),
        Target::Unread => "sheet without a known header, not read".to_owned(),
        Target::Unmatched if french => "PTCE d’aucune autre feuille, lus à part".to_owned(),
        Target::Unmatched => "PTCE of no other sheet, read apart".to_owned(),
        Target::HiddenRows if french => "lignes masquées, lues comme les autres".to_owned(),
        Target::HiddenRows => "hidden rows, read as the others".to_owned(),
        Target::Guide if french => "explications du tableau, sans données".to_owned(),
        Target::Guide => "explains the table, holds no data".to_owned(),
    }
}
