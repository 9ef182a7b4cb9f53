//! Remarks: what there is to report of a source that is no label and no value of a record.

use std::sync::Arc;

use crate::finding::Level;
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
    /// The rank of the record that it is about; 0 where it is about none.
    pub(crate) record: u64,
    /// How many labels of the layout were known before it, by which the two are put in the order of the source.
    pub(crate) after_labels: usize,
}

/// What a remark is about. Each kind names its rule, what is said of it and what `ptce inspect` shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RemarkKind {
    /// A text that stands above, beside or below the table.
    Outside,
    /// A title above labels, or the name of their sheet, that is the name of the record.
    Title,
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
    /// Rows whose cells are all struck through.
    StruckRows,
    /// Columns with values that it does not show.
    HiddenColumns,
    /// A sheet that it does not show, and that is read.
    HiddenSheet,
    /// The first text of the sheet by which one of our own workbooks explains itself: it holds no data.
    Guide,
    /// A row, or rows, that do not follow the rules of CSV and are read all the same.
    Mended(Mend),
    /// Rows with fewer cells than the header.
    Short,
    /// A row with cells behind the last column.
    Wider,
    /// A row that has another number of cells than the header, and is not read.
    SetAside,
    /// A row with a cell that holds lines which look like rows.
    HoldsRows,
    /// A file of a folder or an archive that is no format of records.
    UnreadFile,
    /// A file whose content is another format than its name says.
    Misnamed,
}

/// In what way a row is read that does not follow the rules of CSV.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mend {
    /// Without a quote that opens a cell and is not closed, or with quotes that are not doubled.
    Quote,
    /// With quotes behind a backslash.
    Escape,
    /// With apostrophes for quotes.
    Apostrophe,
    /// With another delimiter than the header.
    Delimiter,
    /// Without the quotes around the whole of it.
    WholeLine,
    /// Without a blank cell that it has too many.
    Blank,
    /// With a text in one piece that holds delimiters and is not quoted.
    Delimiters,
    /// With numbers whose decimal commas were taken for delimiters.
    Decimal,
    /// With the line below it, which a line break has torn off.
    LineBreak,
    /// With a gap in the place of a delimiter that is missing.
    Gap,
    /// The header, with other cells than it has.
    Header,
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
    /// So few of the labels are those of the mapping that it is left out.
    OtherFile,
}

impl RemarkKind {
    /// The code of the rule that it raises; none for what is only shown.
    pub fn code(self) -> Option<&'static str> {
        match self {
            RemarkKind::Outside | RemarkKind::Passage(_) => Some("text-outside-table"),
            RemarkKind::Title => Some("value-understood"),
            RemarkKind::Unread => Some("unread-sheet"),
            RemarkKind::Changed(_) => Some("changed-source"),
            RemarkKind::Unmatched => Some("unmatched-rows"),
            RemarkKind::HiddenRows => Some("hidden-rows"),
            RemarkKind::StruckRows => Some("struck-rows"),
            RemarkKind::HiddenColumns => Some("hidden-column"),
            RemarkKind::HiddenSheet => Some("hidden-sheet"),
            RemarkKind::Guide => None,
            RemarkKind::Mended(_) => Some("mended-row"),
            RemarkKind::Short | RemarkKind::Wider | RemarkKind::SetAside => Some("uneven-row"),
            RemarkKind::HoldsRows => Some("swallowed-rows"),
            RemarkKind::UnreadFile => Some("unread-file"),
            RemarkKind::Misnamed => Some("misnamed-file"),
        }
    }

    /// Whether it tells of a row of records that is not read: no record has its values.
    pub(crate) fn is_of_lost_row(self) -> bool {
        matches!(self, RemarkKind::SetAside)
    }

    /// Whether it is about the whole file, and stands nowhere in it.
    pub(crate) fn is_of_file(self) -> bool {
        matches!(self, RemarkKind::UnreadFile | RemarkKind::Misnamed)
    }

    /// Whether it is about whole rows, so that its text is no label.
    pub(crate) fn is_about_rows(self) -> bool {
        matches!(
            self,
            RemarkKind::Mended(_)
                | RemarkKind::Short
                | RemarkKind::Wider
                | RemarkKind::SetAside
                | RemarkKind::HoldsRows
        )
    }

    /// Whether rows of this kind are told together, for no more is to be said of them than where they are.
    pub(crate) fn is_of_rows(self) -> bool {
        let is_of_rows = |mend| matches!(mend, Mend::Escape | Mend::Apostrophe | Mend::Delimiter | Mend::WholeLine);
        matches!(self, RemarkKind::Short) || matches!(self, RemarkKind::Mended(mend) if is_of_rows(mend))
    }

    /// The level of the finding, where it is not that of its rule.
    pub(crate) fn level(self) -> Option<Level> {
        match self {
            RemarkKind::Short | RemarkKind::Wider => Some(Level::Warning),
            RemarkKind::Mended(_) if self.is_of_rows() => Some(Level::Info),
            _ => None,
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
            RemarkKind::Passage(last) if last == line + 1 => Some(TWO_LINES),
            RemarkKind::Passage(last) if last > line => Some(PASSAGE),
            RemarkKind::Passage(_) => Some(LINE),
            RemarkKind::Title => Some(TITLE),
            RemarkKind::Changed(change) => Some(change.message()),
            RemarkKind::Mended(mend) => Some(mend.message()),
            RemarkKind::Short => Some(SHORT),
            RemarkKind::Wider => Some(WIDER),
            _ => None,
        }
    }

    /// What `ptce inspect` says of it.
    pub(crate) fn shown(self, line: u64) -> Phrase {
        match self {
            RemarkKind::Outside => Phrase { fr: "hors du tableau", en: "outside the table" },
            RemarkKind::Title => {
                Phrase { fr: "titre, lu comme le nom du pôle", en: "title, read as the name of the hub" }
            }
            RemarkKind::Passage(last) if last == line + 1 => Phrase {
                fr: "hors des fiches, lignes {first} et {last}",
                en: "outside the records, lines {first} and {last}",
            },
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
            RemarkKind::StruckRows => {
                Phrase { fr: "lignes barrées, lues comme les autres", en: "rows struck through, read as the others" }
            }
            RemarkKind::HiddenRows => {
                Phrase { fr: "lignes masquées, lues comme les autres", en: "hidden rows, read as the others" }
            }
            RemarkKind::HiddenColumns => {
                Phrase { fr: "colonnes masquées, lues comme les autres", en: "hidden columns, read as the others" }
            }
            RemarkKind::HiddenSheet => {
                Phrase { fr: "feuille masquée, lue comme les autres", en: "hidden sheet, read as the others" }
            }
            RemarkKind::Guide => {
                Phrase { fr: "explications du tableau, sans données", en: "explains the table, holds no data" }
            }
            RemarkKind::Mended(mend) => mend.shown(),
            RemarkKind::Short => {
                Phrase { fr: "lignes plus courtes que l’en-tête", en: "rows shorter than the header" }
            }
            RemarkKind::Wider => {
                Phrase { fr: "cellules derrière la dernière colonne", en: "cells behind the last column" }
            }
            RemarkKind::SetAside => Phrase {
                fr: "ligne qui n’a pas les cellules de l’en-tête, non lue",
                en: "row without the cells of the header, not read",
            },
            RemarkKind::HoldsRows => {
                Phrase { fr: "cellule qui contient des lignes du tableau", en: "cell that holds rows of the table" }
            }
            RemarkKind::UnreadFile => Phrase { fr: "fichier non lu", en: "file not read" },
            RemarkKind::Misnamed => Phrase {
                fr: "nom d’un autre format que le contenu : {label}",
                en: "the name is of another format than the content: {label}",
            },
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
            Change::OtherFile => Phrase {
                fr: "Le fichier de correspondances est celui d’un autre fichier : moins de la moitié de ses libellés se trouvent ici. Celui-ci est lu sans lui.",
                en: "The mapping file is that of another file: less than half of its labels are here. This one is read without it.",
            },
        }
    }
}

impl Mend {
    const fn message(self) -> Phrase {
        match self {
            Mend::Quote => Phrase {
                fr: "Un guillemet de cette ligne est de trop, ou n’est pas doublé ; vérifiez comment elle est lue : « {label} ».",
                en: "A quote of this line is one too many, or is not doubled; check how the line is read: “{label}”.",
            },
            Mend::Escape => Phrase {
                fr: "Des guillemets suivent une barre oblique inverse (\\\") et sont lus comme des guillemets, lignes {label}.",
                en: "Quotes behind a backslash (\\\") are read as quotes, lines {label}.",
            },
            Mend::Apostrophe => Phrase {
                fr: "Les textes entre apostrophes sont lus comme s’ils étaient entre guillemets, lignes {label}.",
                en: "Texts between apostrophes are read as if they stood between quotes, lines {label}.",
            },
            Mend::Delimiter => Phrase {
                fr: "Les cellules sont séparées par un autre signe que dans l’en-tête et sont lues ainsi, lignes {label}.",
                en: "Cells are set apart by another sign than in the header, and are read so, lines {label}.",
            },
            Mend::WholeLine => Phrase {
                fr: "Toute la ligne est entre guillemets ; ses cellules sont lues sans eux, lignes {label}.",
                en: "The line stands in quotes as a whole; its cells are read without them, lines {label}.",
            },
            Mend::Blank => Phrase {
                fr: "Cette ligne a une cellule vide de trop et est lue sans elle : « {label} ».",
                en: "This line has a blank cell too many, and is read without it: “{label}”.",
            },
            Mend::Delimiters => Phrase {
                fr: "Un texte de cette ligne contient des séparateurs sans être entre guillemets ; il est lu en un seul morceau : \
                     « {label} ».",
                en: "A text of this line holds delimiters and is not quoted; it is read in one piece: “{label}”.",
            },
            Mend::Decimal => Phrase {
                fr: "La virgule d’un nombre de cette ligne passe pour un séparateur ; le nombre est lu en entier : « {label} ».",
                en: "The comma in a number of this line looks like a delimiter; the number is read as a whole: “{label}”.",
            },
            Mend::LineBreak => Phrase {
                fr: "Un saut de ligne coupe cette ligne en deux ; elle est lue avec la suivante : « {label} ».",
                en: "A line break cuts this line in two; it is read with the next one: “{label}”.",
            },
            Mend::Gap => Phrase {
                fr: "Il manque un séparateur à cette ligne : une cellule en contient sans doute deux, les suivantes sont lues dans \
                     leur colonne : « {label} ».",
                en: "This line lacks a delimiter: one cell probably holds two, those behind it are read in their columns: \
                     “{label}”.",
            },
            Mend::Header => Phrase {
                fr: "L’en-tête n’a pas autant de cellules que les lignes ; il est lu ainsi, qui leur convient : « {label} ».",
                en: "The header has not as many cells as the rows; it is read so as to fit them: “{label}”.",
            },
        }
    }

    const fn shown(self) -> Phrase {
        match self {
            Mend::Quote => Phrase { fr: "guillemet de trop, lu sans lui", en: "a quote too many, read without it" },
            Mend::Escape => {
                Phrase { fr: "guillemets derrière une barre oblique inverse", en: "quotes behind a backslash" }
            }
            Mend::Apostrophe => Phrase { fr: "textes entre apostrophes", en: "texts between apostrophes" },
            Mend::Delimiter => Phrase { fr: "séparées par un autre signe", en: "set apart by another sign" },
            Mend::WholeLine => Phrase { fr: "lignes entières entre guillemets", en: "whole lines in quotes" },
            Mend::Blank => {
                Phrase { fr: "cellule vide de trop, lue sans elle", en: "a blank cell too many, read without it" }
            }
            Mend::Delimiters => {
                Phrase { fr: "texte à séparateurs sans guillemets", en: "text with delimiters, without quotes" }
            }
            Mend::Decimal => {
                Phrase { fr: "nombre à virgule, sans guillemets", en: "a number with a comma, without quotes" }
            }
            Mend::LineBreak => {
                Phrase { fr: "ligne coupée, lue avec la suivante", en: "torn line, read with the next one" }
            }
            Mend::Gap => Phrase { fr: "séparateur manquant", en: "a delimiter is missing" },
            Mend::Header => Phrase { fr: "en-tête lu autrement", en: "header read in another way" },
        }
    }
}

/// What is said of a title that names the record below it.
const TITLE: Phrase = Phrase {
    fr: "Aucun libellé ne nomme le pôle ; le titre « {label} » est lu comme son nom.",
    en: "No label names the hub; the title “{label}” is read as its name.",
};

/// What is said of rows with fewer cells than the header.
const SHORT: Phrase = Phrase {
    fr: "Des lignes ont moins de cellules que l’en-tête ; leurs dernières colonnes restent vides, lignes {label}.",
    en: "Rows have fewer cells than the header; their last columns stay blank, lines {label}.",
};

/// What is said of a row with more.
const WIDER: Phrase = Phrase {
    fr: "Cette ligne a des cellules derrière la dernière colonne ; elles sont gardées dans source.autres : « {label} ».",
    en: "This line has cells behind the last column; they are kept in source.autres: “{label}”.",
};

/// What is said of several lines of a text that belong to no record: one finding for all of them.
const PASSAGE: Phrase = Phrase {
    fr: "Les lignes {first} à {last} n’entrent dans aucune fiche : « {label} ».",
    en: "Lines {first} to {last} enter no record: “{label}”.",
};

/// The same of two.
const TWO_LINES: Phrase = Phrase {
    fr: "Les lignes {first} et {last} n’entrent dans aucune fiche : « {label} ».",
    en: "Lines {first} and {last} enter no record: “{label}”.",
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
            RemarkKind::Title,
            RemarkKind::Passage(1),
            RemarkKind::Unread,
            RemarkKind::Changed(Change::LabelGone),
            RemarkKind::Unmatched,
            RemarkKind::HiddenRows,
            RemarkKind::StruckRows,
            RemarkKind::HiddenColumns,
            RemarkKind::HiddenSheet,
            RemarkKind::Mended(Mend::Quote),
            RemarkKind::SetAside,
            RemarkKind::HoldsRows,
        ];
        for kind in kinds {
            let code = kind.code().unwrap();
            let rule = RULES.iter().find(|rule| rule.code == code).unwrap_or_else(|| panic!("{code} is no rule"));
            assert!(matches!(rule.check, Check::Import), "{code}");
        }
    }
}
