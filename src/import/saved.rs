//! A mapping that a person keeps: how a source was understood, as `ptce inspect --save` writes it in TOML, to be edited
//! and replayed with `--mapping`.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::encoding;
use crate::error::{Error, ErrorKind, Result};
use crate::field::Field;
use crate::language::Phrase;
use crate::location::column_letters;
use crate::row::{Arrangement, Format, Label, Layout, Target};
use crate::text::fold::folded;

/// What stands for a label whose values are left aside, in `source.autres`.
const ASIDE: &str = "";

/// How sources are to be understood.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SavedMapping {
    /// The tables of the source: the sheets of a workbook, or the one table of another file.
    #[serde(default)]
    pub tables: Vec<SavedTable>,
}

/// How one table is to be understood.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SavedTable {
    /// The name of the sheet; absent where the file has no sheets.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sheet: Option<String>,
    /// Whether the sheet is left out.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub skip: bool,
    /// How it is laid out; found by itself where it is absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub layout: Option<Arrangement>,
    /// The row of the header, counted from 1, or the first and the last of its rows.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub header: Vec<u64>,
    /// What separates the cells of a CSV file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub delimiter: Option<char>,
    /// The encoding of a text file, by its name on the Web (WHATWG): `windows-1252`, `macintosh`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub encoding: Option<String>,
    /// The field of each label, as a JSON Pointer; the empty text for those that are left aside. The second of two labels
    /// of the same text has ` (2)` behind it; a column without a title is `(colonne 3)`, of a workbook `(colonne C)`.
    #[serde(default)]
    pub labels: BTreeMap<String, String>,
}

impl SavedMapping {
    /// Reads a mapping; `file` is its name in errors.
    ///
    /// # Errors
    /// When the text is not TOML, or names what does not exist: a field, an encoding, a row 0.
    pub fn parse(text: &str, file: &str) -> Result<SavedMapping> {
        let refuse = |fr: String, en: String| Error::new(ErrorKind::Usage, fr, en).in_file(file);
        let what = Phrase { fr: "correspondances illisibles", en: "unreadable mapping" };
        let remedy = Phrase {
            fr: "« ptce inspect --save » en écrit de justes",
            en: "“ptce inspect --save” writes a right one",
        };
        let mapping: SavedMapping = crate::error::toml::read(text, file, what, remedy)?;
        for table in &mapping.tables {
            for (label, pointer) in &table.labels {
                if pointer != ASIDE && target(pointer).is_none() {
                    return Err(refuse(
                        format!(
                            "« {label} » : le champ « {pointer} » n’existe pas ; « ptce schema --format markdown » les liste, et le texte vide laisse de côté"
                        ),
                        format!(
                            "“{label}”: there is no field “{pointer}”; “ptce schema --format markdown” lists them, and the empty text leaves aside"
                        ),
                    ));
                }
            }
            let is_right = match table.header.as_slice() {
                [] => true,
                [row] => *row > 0,
                [first, last] => *first > 0 && (*last == *first || *last == first + 1),
                _ => false,
            };
            if !is_right {
                return Err(refuse(
                    "header : donnez la ligne de l’en-tête, ou les deux s’il en a deux : [4] ou [4, 5]".to_owned(),
                    "header: give the row of the header, or both if it has two: [4] or [4, 5]".to_owned(),
                ));
            }
            if let Some(name) = &table.encoding
                && encoding_rs::Encoding::for_label(name.as_bytes()).is_none()
                && !encoding::is_dos(name)
            {
                return Err(refuse(
                    format!(
                        "l’encodage « {name} » n’existe pas ; écrivez par exemple \"windows-1252\", \"macintosh\" ou \"utf-8\""
                    ),
                    format!(
                        "there is no encoding “{name}”; write for example \"windows-1252\", \"macintosh\" or \"utf-8\""
                    ),
                ));
            }
        }
        Ok(mapping)
    }

    /// The mapping that would read again what was read into these layouts.
    pub fn of(layouts: &[&Layout]) -> SavedMapping {
        let table = |layout: &&Layout| {
            let header = match layout.header {
                Some((first, last)) if first == last => vec![first],
                Some((first, last)) => vec![first, last],
                None => Vec::new(),
            };
            let names = SavedMapping::names(layout).into_iter().zip(&layout.labels);
            let labels: BTreeMap<String, String> =
                names.filter_map(|(name, label)| Some((name?, pointer(&label.target)))).collect();
            SavedTable {
                sheet: layout.sheet.clone().filter(|_| layout.format.is_workbook()),
                skip: labels.is_empty(),
                layout: layout.format.is_table().then_some(layout.arrangement).filter(|_| !labels.is_empty()),
                header,
                delimiter: layout.delimiter,
                encoding: layout.encoding.filter(|_| layout.format == Format::Csv).map(encoding::saved_name),
                labels,
            }
        };
        SavedMapping { tables: layouts.iter().map(table).collect() }
    }

    /// The name that a mapping has for each label of a layout; none for those that no mapping can change.
    pub(crate) fn names(layout: &Layout) -> Vec<Option<String>> {
        // What a text under a label gave besides, to other fields, has no label of its own.
        let is_own = |label: &Label| !matches!(label.target, Target::Field(..)) || label.reason.is_some();
        let is_read = |label: &&Label| {
            label.table.is_none()
                && is_own(label)
                && matches!(
                    label.target,
                    Target::Field(..)
                        | Target::Joint(..)
                        | Target::Unknown
                        | Target::Ambiguous(_)
                        | Target::Taken(_)
                        | Target::Aside
                )
        };
        let mut names = Names::default();
        let mut name = |label: &Label| names.of_label(&label.text, label.column, layout.format);
        layout.labels.iter().map(|label| Some(label).filter(is_read)).map(|label| label.map(&mut name)).collect()
    }

    /// The mapping as TOML, with a word on how to change it.
    ///
    /// # Errors
    /// When a value cannot be written in TOML, which no layout makes.
    pub fn to_toml(&self) -> Result<String> {
        let text =
            toml::to_string(self).map_err(|error| Error::new(ErrorKind::Io, error.to_string(), error.to_string()))?;
        Ok(format!(
            "# Comment chaque libellé est compris ; le texte vide laisse sa colonne de côté, dans source.autres.\n\
             # How each label is understood; the empty text leaves its column aside, in source.autres.\n\
             # ptce validate --mapping …  ·  ptce convert --mapping …\n\n{text}"
        ))
    }

    /// Whether it says nothing of labels: then it is for any file.
    pub(super) fn is_unlabelled(&self) -> bool {
        self.tables.iter().all(|table| table.labels.is_empty())
    }

    /// Whether at least half of the labels of one of its tables are among those of a layout: whose labels are others is of
    /// another file.
    pub(super) fn fits(&self, layout: &Layout) -> bool {
        let here: BTreeSet<String> = SavedMapping::names(layout).iter().flatten().map(|name| folded(name)).collect();
        self.tables.iter().filter(|table| !table.labels.is_empty()).any(|table| {
            let known = table.labels.keys().filter(|name| here.contains(&folded(name))).count();
            known * 2 >= table.labels.len()
        })
    }

    /// The table for a sheet, or for a file without sheets: a mapping of one table without a name is for any.
    pub(super) fn table(&self, sheet: Option<&str>, is_only: bool) -> Option<&SavedTable> {
        let named = self.tables.iter().find(|table| table.sheet.as_deref() == sheet);
        named.or(match self.tables.as_slice() {
            // The one sheet of a workbook may have another name this year.
            [table] if table.sheet.is_none() || is_only => Some(table),
            _ => None,
        })
    }
}

impl SavedTable {
    /// The encoding of the bytes that are no UTF-8.
    pub(super) fn single_byte(&self) -> Option<&'static encoding_rs::Encoding> {
        encoding_rs::Encoding::for_label(self.encoding.as_ref()?.as_bytes())
    }

    /// What a label means, if the mapping says so.
    pub(super) fn meaning(&self, name: &str) -> Option<Target> {
        let meant = folded(name);
        let (_, pointer) = self.labels.iter().find(|(known, _)| *known == name || folded(known) == meant)?;
        if pointer == ASIDE { Some(Target::Aside) } else { target(pointer) }
    }
}

/// How the name of a column without a title begins.
const UNTITLED: &str = "(colonne ";

/// Whether a name is that of a column without a title, which is one only while it has values.
pub(super) fn is_untitled(name: &str) -> bool {
    name.is_empty() || name.starts_with(UNTITLED)
}

/// Names of labels, of which the second of the same text bears its rank.
#[derive(Debug, Default, Clone)]
pub(super) struct Names(BTreeMap<String, usize>);

impl Names {
    /// The name of a label; a column without one is named by its place.
    pub fn of_label(&mut self, text: &str, column: u32, format: Format) -> String {
        match (text, format.is_workbook()) {
            ("", true) => format!("{UNTITLED}{})", column_letters(column)),
            ("", false) => format!("{UNTITLED}{column})"),
            _ => self.of(text),
        }
    }

    fn of(&mut self, text: &str) -> String {
        let rank = self.0.entry(folded(text)).or_default();
        *rank += 1;
        if *rank == 1 { text.to_owned() } else { format!("{text} ({rank})") }
    }
}

/// The field that a JSON Pointer names: `/nom`, `/contacts/*/courriel`, `/contacts/0/courriel`; several pointers are the parts of a cell.
fn target(pointer: &str) -> Option<Target> {
    if pointer.contains(' ') {
        let (mut fields, mut of_all) = (Vec::new(), None);
        for part in pointer.split_whitespace() {
            let Target::Field(field, rank) = target(part)? else { return None };
            of_all = of_all.or(rank);
            fields.push(field);
        }
        return (fields.len() > 1).then_some(Target::Joint(fields, of_all));
    }
    let mut rank = None;
    let parts: Vec<&str> = pointer
        .split('/')
        .map(|part| match part.parse::<u16>() {
            Ok(number) if rank.is_none() => {
                rank = number.checked_add(1);
                "*"
            }
            _ => part,
        })
        .collect();
    Field::at(&parts.join("/")).map(|field| Target::Field(field, rank))
}

/// The JSON Pointer of a field, in the element of a rank.
fn ranked(field: &Field, rank: Option<u16>) -> String {
    let rank = rank.map_or("*".to_owned(), |rank| (rank - 1).to_string());
    field.pointer.replace('*', &rank)
}

/// The JSON Pointer of a target; of several fields, those of all.
pub(crate) fn pointer(target: &Target) -> String {
    match target {
        Target::Field(field, rank) => ranked(field, *rank),
        Target::Joint(fields, rank) => fields.iter().map(|field| ranked(field, *rank)).collect::<Vec<_>>().join(" "),
        _ => ASIDE.to_owned(),
    }
}
