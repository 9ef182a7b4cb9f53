//! Remarks: what there is to report of a source that is no label and no value of a record.

use std::sync::Arc;

use crate::language::Phrase;

/// Something to report of a source: a text outside the table, a sheet that is not read. It is handed over with the batch
/// in which it was met and kept by nobody, so that a file may have any number of them.
#[derive(Debug, Clone)]
pub struct Remark {
    /// What it is about.
    pub kind: RemarkKind,
    /// The text that the source has, or what is to be said in its place.
    pub text: String,
    /// The table where it stands, when that is another one than the layout's.
    pub table: Option<Arc<str>>,
    /// Where it stands, counted from 1.
    pub line: u64,
    /// The column of the table, or of the character in the line, counted from 1.
    pub column: u32,
    /// How many labels of the layout were known before it, by which the two are put in the order of the source.
    pub(crate) after_labels: usize,
}

/// What a remark is about. Each kind names its rule, what is said of it and what `ptce inspect` shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RemarkKind {
    /// A text that stands above, beside or below the table.
    Outside,
    /// A passage of a text that belongs to no record, and its last line.
    Passage(u64),
    /// The first text of a sheet without a header.
    Unread,
    /// A difference between the source and the mapping with which it is read.
    Changed(Change),
    /// Names in a joined sheet that match no record.
    Unmatched,
    /// Rows with values that the program which opens the workbook does not show.
    HiddenRows,
    /// The first text of the sheet by which one of our own workbooks explains itself: it holds no data.
    Guide,
}

/// In what a source differs from the mapping with which it is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Change {
    /// A label of the mapping is not there.
    LabelGone,
    /// A label is not in the mapping.
    LabelNew,
    /// A sheet of the mapping is not there.
    SheetGone,
    /// A sheet is not in the mapping.
    SheetNew,
    /// The header stands in another row than that of the mapping.
    HeaderMoved,
}

impl RemarkKind {
    /// The code of the rule that it raises; none for what is only shown.
    pub fn code(self) -> Option<&'static str> {
        match self {
            RemarkKind::Outside | RemarkKind::Passage(_) => Some("text-outside-table"),
            RemarkKind::Unread => Some("unread-sheet"),
            RemarkKind::Changed(_) => Some("changed-source"),
            RemarkKind::Unmatched => Some("unmatched-rows"),
            RemarkKind::HiddenRows => Some("hidden-rows"),
            RemarkKind::Guide => None,
        }
    }

    /// The last line of what begins at `line`.
    pub(crate) fn last_line(self, line: u64) -> u64 {
        match self {
            RemarkKind::Passage(last) => last,
            _ => line,
        }
    }

    /// What the finding says, where the message of its rule does not fit.
    pub(crate) fn message(self, line: u64) -> Option<Phrase> {
        match self {
            RemarkKind::Passage(last) if last > line => Some(PASSAGE),
            RemarkKind::Passage(_) => Some(LINE),
            RemarkKind::Changed(change) => Some(change.message()),
            _ => None,
        }
    }

    /// What `ptce inspect` says of it.
    #[cfg(feature = "cli")]
    pub(crate) fn shown(self, line: u64) -> Phrase {
        match self {
            RemarkKind::Outside => Phrase { fr: "hors du tableau", en: "outside the table" },
            RemarkKind::Passage(last) if last > line => Phrase {
                fr: "hors des fiches, lignes {first} à {last}",
                en: "outside the records, lines {first} to {last}",
            },
            RemarkKind::Passage(_) => {
                Phrase { fr: "hors des fiches, ligne {first}", en: "outside the records, line {first}" }
            }
            RemarkKind::Unread => {
                Phrase { fr: "feuille sans en-tête connu, non lue", en: "sheet without a known header, not read" }
            }
            RemarkKind::Changed(change) => change.message(),
            RemarkKind::Unmatched => {
                Phrase { fr: "PTCE d’aucune autre feuille, lus à part", en: "PTCE of no other sheet, read apart" }
            }
            RemarkKind::HiddenRows => {
                Phrase { fr: "lignes masquées, lues comme les autres", en: "hidden rows, read as the others" }
            }
            RemarkKind::Guide => {
                Phrase { fr: "explications du tableau, sans données", en: "explains the table, holds no data" }
            }
        }
    }
}

impl Change {
    /// What is said of the change; the label is that of the mapping or of the source.
    pub(crate) const fn message(self) -> Phrase {
        match self {
            Change::LabelGone => Phrase {
                fr: "Le libellé « {label} » du fichier de correspondances ne se trouve plus ici.",
                en: "The label “{label}” of the mapping file is no longer here.",
            },
            Change::LabelNew => Phrase {
                fr: "Le libellé « {label} » n’est pas dans le fichier de correspondances.",
                en: "The label “{label}” is not in the mapping file.",
            },
            Change::SheetGone => Phrase {
                fr: "La feuille « {label} » du fichier de correspondances n’est plus dans le classeur.",
                en: "The sheet “{label}” of the mapping file is no longer in the workbook.",
            },
            Change::SheetNew => Phrase {
                fr: "La feuille « {label} » n’est pas dans le fichier de correspondances.",
                en: "The sheet “{label}” is not in the mapping file.",
            },
            Change::HeaderMoved => Phrase {
                fr: "L’en-tête n’est plus à la ligne {label}, où le fichier de correspondances le place.",
                en: "The header is no longer in row {label}, where the mapping file puts it.",
            },
        }
    }
}

/// What is said of several lines of a text that belong to no record: one finding for all of them.
const PASSAGE: Phrase = Phrase {
    fr: "Les lignes {first} à {last} n’entrent dans aucune fiche : « {label} ».",
    en: "Lines {first} to {last} enter no record: “{label}”.",
};

/// The same of a single line.
const LINE: Phrase = Phrase {
    fr: "Cette ligne n’entre dans aucune fiche : « {label} ».",
    en: "This line enters no record: “{label}”.",
};

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::{Check, RULES};

    #[test]
    fn every_rule_on_import_that_a_remark_names_is_one() {
        let kinds = [
            RemarkKind::Outside,
            RemarkKind::Passage(1),
            RemarkKind::Unread,
            RemarkKind::Changed(Change::LabelGone),
            RemarkKind::Unmatched,
            RemarkKind::HiddenRows,
        ];
        for kind in kinds {
            let code = kind.code().unwrap();
            let rule = RULES.iter().find(|rule| rule.code == code).unwrap_or_else(|| panic!("{code} is no rule"));
            assert!(matches!(rule.check, Check::Import), "{code}");
        }
    }
}
