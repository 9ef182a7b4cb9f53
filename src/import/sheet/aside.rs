//! Rows of a table that are no records: the header once more, headings, sums, remarks, who made the table.

use super::arrangement;
use super::row::GridRow;
use crate::import::sink::is_heading;
use crate::row::Target;
use crate::text::fold::folded;
use crate::vocabulary;

/// Rows that are no records: the header once more on each page, sums, remarks below the table.
pub(super) struct Aside {
    /// The column and text of each label.
    header: Vec<(u32, String)>,
    /// Whether the rows just below the header are still to come, which may say the header once more, for machines, or what its
    /// columns are to hold.
    is_first: bool,
    /// The line of the units that stand below the header; 0 where none do.
    pub(super) units: u64,
    /// The last line that was looked at, whether its row had one cell, and whether a blank row or such a row was just above it.
    last: u64,
    was_alone: bool,
    is_apart: bool,
    /// Whether a blank row was just above it.
    is_below_gap: bool,
    /// The column in which headings stand in rows of their own, once one has been met.
    headings: Option<u32>,
    /// The columns that hold numbers.
    numbers: Vec<u32>,
    /// Whether the rows tell who made the table, and what its colours mean.
    in_feet: bool,
    /// How many columns the table has that stands below this one and is no list of PTCE, while its rows come.
    foreign: Option<usize>,
}

/// What a row below a header is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Record,
    /// A sum, a remark, the header once more.
    Aside,
    /// What the rows below it have in common.
    Section,
    /// The header of another table.
    Header,
}

impl Aside {
    pub fn new<'a>(header: impl Iterator<Item = (u32, &'a str)>, is_double: bool) -> Aside {
        let header: Vec<(u32, String)> = header.map(|(column, text)| (column, text.to_owned())).collect();
        let is_number =
            |text: &str| matches!(vocabulary::meaning(text).0, Target::Field(field, _) if field.is_number());
        let numbers = header.iter().filter(|(_, text)| is_number(text)).map(|(column, _)| *column).collect();
        Aside {
            header,
            is_first: !is_double,
            units: 0,
            last: 0,
            was_alone: false,
            is_apart: false,
            is_below_gap: false,
            headings: None,
            numbers,
            foreign: None,
            in_feet: false,
        }
    }

    /// Whether a blank row, or a text alone, stands just above a row.
    pub fn stands_apart(&self, row: &GridRow) -> bool {
        self.is_below_blank(row) || self.last > 0 && self.was_alone
    }

    /// Whether a row may be no record, by its lines and its first cell: every row passes here.
    pub fn may_begin(&mut self, row: &GridRow, (column, text): (u32, &str)) -> bool {
        let is_alone = row.len() == 1;
        self.is_apart = self.stands_apart(row);
        let is_foreign = self.is_foreign(row);
        if self.foreign.is_some() && !is_foreign {
            self.foreign = None;
        }
        self.is_below_gap = self.is_below_blank(row);
        (self.last, self.was_alone) = (row.last, is_alone);
        self.is_first
            || self.in_feet
            || row.number == self.units
            || self.is_apart
            || is_alone
            || is_foreign
            || column > 1 && self.numbers.contains(&column)
            || self.is_label(column, text)
            || text.bytes().next().is_some_and(|first| INITIALS.contains(&first.to_ascii_lowercase()))
    }

    /// What a row is; `is_wide` tells that its first cell is merged with others beside it.
    pub fn kind(&mut self, row: &GridRow, is_wide: bool) -> Kind {
        let is_first = std::mem::take(&mut self.is_first);
        let is_header = row.len() > 1 && row.cells().all(|(column, text)| self.is_label(column, text));
        // Words that are labels are values as well, but hardly each below its own.
        let first = row.first();
        // Every row may come this far; the vocabulary is asked where a header may well stand.
        let may_be_header = self.is_apart || first.is_some_and(|(column, text)| self.is_label(column, text));
        let says_again = (is_first || may_be_header && row.len() > 2)
            && row.len() > 1
            && row.cells().all(|(column, text)| self.is_same(column, text));
        let is_told = row.number == self.units || is_first && row.len() > 1 && is_form_of_columns(row);
        // « obligatoire », then « ex : Pôle bois ».
        self.is_first = is_told;
        self.in_feet = row.len() < self.header.len()
            // What goes on below it is short; a row with more cells may be a record again.
            && (self.in_feet && !self.is_below_gap && row.len() * 2 <= self.header.len()
                // « Contact | Nom du PTCE | Mail » is the header of another table.
                || self.is_below_gap && row.len() > 1 && begins_foot(row) && !self.is_another_header(row, true));
        if self.in_feet {
            return Kind::Aside;
        }
        if is_header || says_again || is_told || self.is_remark(row) || self.foreign.is_some() {
            return Kind::Aside;
        }
        if self.is_below_gap && self.heads_foreign(row) {
            self.foreign = Some(row.len());
            return Kind::Aside;
        }
        if let Some((column, text)) = row.alone() {
            // A table of one or two columns may well leave a cell blank.
            let is_heading = is_heading(text);
            // « Outre-mer » among regions; any other text may be a record of which no more is known than its name.
            let is_other = || self.headings == Some(column) && OTHER_HEADINGS.contains(&folded(text).as_str());
            let is_section = self.header.len() > 2 && (is_wide || is_heading || is_other());
            if is_section && is_heading {
                self.headings = Some(column);
            }
            return if is_section { Kind::Section } else { Kind::Record };
        }
        if may_be_header && self.is_another_header(row, self.is_apart) { Kind::Header } else { Kind::Record }
    }

    /// Whether the cells of a row are labels of several fields: a table below another one.
    pub fn is_another_header(&self, row: &GridRow, is_apart: bool) -> bool {
        /// Two words that are labels are values as well: « Région », « Commune ».
        const LEAST: usize = 3;
        // Most rows begin with a name, which is asked of the vocabulary alone.
        if !row.first().is_some_and(|(_, text)| arrangement::is_label(text)) {
            return false;
        }
        let count = row.len();
        let labels = || arrangement::labels_in(row);
        // What its column is called is no value of it.
        let says_label = row.first().is_some_and(|(column, text)| self.is_label(column, text));
        let is_data = |text: &str| text.contains(|c: char| c.is_ascii_digit() || c == '@');
        let may_be_mixed = (says_label || is_apart) && !row.cells().any(|(_, text)| is_data(text));
        count >= LEAST && labels() == count || count > 1 && may_be_mixed && labels() >= 2 && labels() * 2 >= count
    }

    fn label(&self, column: u32) -> Option<&str> {
        self.header.iter().find(|(known, _)| *known == column).map(|(_, label)| label.as_str())
    }

    fn is_label(&self, column: u32, text: &str) -> bool {
        self.label(column).is_some_and(|label| label == text)
    }

    /// Whether a cell is a label of the field that its column has already.
    fn is_same(&self, column: u32, text: &str) -> bool {
        let field = |text: &str| match vocabulary::meaning(text).0 {
            Target::Field(field, rank) => Some((field.pointer, rank)),
            _ => None,
        };
        field(text).is_some_and(|own| self.label(column).and_then(field) == Some(own))
    }

    /// Whether a row goes on with a small table below this one, which a blank row ends.
    pub fn is_foreign(&self, row: &GridRow) -> bool {
        self.foreign.is_some_and(|columns| row.len() <= columns) && row.number <= self.last + 1
    }

    pub fn is_below_blank(&self, row: &GridRow) -> bool {
        self.last > 0 && row.number > self.last + 1
    }

    /// Whether a row below a blank one is the header of a small table that lists no PTCE: « Région | Nombre ».
    pub fn heads_foreign(&self, row: &GridRow) -> bool {
        let is_small = row.len() > 1 && row.len() * 2 <= self.header.len().max(4);
        if !is_small || row.first().is_none_or(|(column, _)| column > 1) {
            return false;
        }
        let is_data = |text: &str| text.contains(|c: char| c.is_ascii_digit() || c == '@');
        let is_of_hub = |text: &str| {
            let of_hub = ["/id", "/nom", "/coordinateur/nom", "/contacts/*/courriel"];
            matches!(vocabulary::meaning(text).0, Target::Field(field, _) if of_hub.contains(&field.pointer))
        };
        // What is counted is no field of a PTCE.
        let counts = |text: &str| {
            let words = folded(text);
            words.split(' ').any(|word| COUNTS.contains(&word))
        };
        row.first().is_some_and(|(_, text)| arrangement::is_label(text))
            && !row.cells().any(|(_, text)| is_data(text) || is_of_hub(text))
            && row.cells().skip(1).any(|(_, text)| counts(text))
    }

    /// Whether a row is no record by what it says: a sum, a count, a comment, a line drawn across the table.
    pub fn is_remark(&self, row: &GridRow) -> bool {
        let is_wide = self.header.len() > 2;
        let is_comment = |text: &str| text.starts_with('#') && !is_broken(text) || is_count(text);
        self.is_sum(row)
            || !row.is_empty() && row.cells().all(|(_, text)| is_line(text))
            || is_wide && row.alone().is_some_and(|(_, text)| is_comment(text))
            || is_wide
                && !row.is_empty()
                && row.cells().all(|(column, text)| self.numbers.contains(&column) && is_figure(text))
                && row.first().is_some_and(|(column, _)| column > 1)
    }

    /// Whether a row is a sum, or a remark below the table.
    fn is_sum(&self, row: &GridRow) -> bool {
        let Some((_, first)) = row.first() else { return false };
        let words = folded(first);
        let begins =
            |word: &&str| words.strip_prefix(*word).is_some_and(|rest| rest.is_empty() || rest.starts_with(' '));
        let is_alone = row.len() == 1;
        if ["sous total", "s total", "ss total", "s t"].iter().any(begins) {
            return true;
        }
        if SUMS.iter().any(begins) {
            // « Total Énergies » is a name, with a region beside it.
            return if is_alone { is_plain_sum(&words) } else { row.cells().skip(1).all(|(_, text)| is_figure(text)) };
        }
        // « * données provisoires », « (1) hors apprentis ».
        let is_note = first.starts_with(['*', '¹', '²']) || first.starts_with("(*") || first.starts_with("(1)");
        if is_alone && self.header.len() > 2 && is_note {
            return true;
        }
        // « Source | Chambre régionale ».
        let is_word = REMARKS.contains(&words.as_str()) && (is_alone || row.len() == 2);
        let is_announced = first.contains([':', '*']) || is_word;
        // A line of text is cut at its commas.
        let is_short = is_alone || is_word || row.len() * 2 <= self.header.len() && first.contains(':');
        is_short && self.header.len() > 2 && is_announced && REMARKS.iter().any(begins)
    }
}

/// Whether the cells of a row say of each column what it is to hold, or number them: « (texte) », « 1 », « 2 ».
fn is_form_of_columns(row: &GridRow) -> bool {
    let cells = row.cells().map(|(_, text)| text);
    let is_number = |(rank, text): (usize, &str)| text == (rank + 1).to_string();
    let is_in_brackets = |text: &str| {
        let inner = text.strip_prefix('(').and_then(|text| text.strip_suffix(')'));
        inner
            .or(text.strip_prefix('[').and_then(|text| text.strip_suffix(']')))
            .is_some_and(|inner| !inner.contains(')'))
    };
    // « obligatoire », « ex : Pôle bois ».
    let is_rule = |text: &str| {
        let words = folded(text);
        let is_example = ["ex", "exemple", "par exemple", "p ex"].iter().any(|begin| {
            words.strip_prefix(begin).is_some_and(|rest| rest.starts_with(' ')) && text.contains([':', '.'])
        });
        is_example
            || matches!(words.as_str(), "obligatoire" | "facultatif" | "optionnel" | "si possible" | "texte" | "nombre")
    };
    let rules = cells.clone().filter(|text| is_rule(text)).count();
    cells.clone().enumerate().all(is_number) || cells.clone().all(is_in_brackets) || rules * 2 > cells.count()
}

/// Whether a row begins what stands at the foot of a table.
fn begins_foot(row: &GridRow) -> bool {
    let Some((_, first)) = row.first() else { return false };
    let words = folded(first);
    FEET.iter()
        .chain(REMARKS)
        .any(|word| words.strip_prefix(word).is_some_and(|rest| rest.is_empty() || rest.starts_with(' ')))
}

/// Whether a text is a number, be it that of a formula in error.
fn is_figure(text: &str) -> bool {
    /// « 112,5 ETP », « 12 k€ ».
    const UNIT: usize = 3;
    let letters = text.chars().filter(|c| c.is_alphabetic()).count();
    let is_number = text.bytes().any(|byte| byte.is_ascii_digit())
        && (letters == 0 || letters <= UNIT && text.starts_with(|c: char| c.is_ascii_digit()));
    is_number || is_broken(text)
}

/// Whether a text is what a spreadsheet shows for a formula in error: « #REF! », « #NOM? », « Err:502 ».
fn is_broken(text: &str) -> bool {
    let is_sign = text.starts_with('#') && (text.ends_with(['!', '?']) || text == "#N/A");
    is_sign && !text.contains(' ') || text.starts_with("Err:")
}

/// Whether a cell is a part of a line drawn across the table, as Markdown and databases do: « --- », « :--: », « ---+--- ».
fn is_line(text: &str) -> bool {
    text.len() > 1
        && text.contains(['-', '=', '─'])
        && text.chars().all(|c| matches!(c, '-' | '=' | ':' | '+' | '|' | '─' | '┼' | '_'))
}

/// Whether a text counts the rows above it: « 84 enregistrements », « (12 lignes) ».
fn is_count(text: &str) -> bool {
    let text = text.trim_matches(['(', ')', '.']);
    let Some((number, what)) = text.split_once(|c: char| c.is_whitespace()) else { return false };
    !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit()) && {
        let what = folded(what);
        what.split(' ').all(|word| COUNTED.contains(&word))
    }
}

/// What stands among the headings of regions and departments and is none of them.
const OTHER_HEADINGS: &[&str] = &[
    "autre",
    "autres",
    "autres regions",
    "dom",
    "dom tom",
    "drom",
    "drom com",
    "france entiere",
    "hors region",
    "interregional",
    "inter regional",
    "metropole",
    "multi regions",
    "national",
    "nord",
    "nord est",
    "nord ouest",
    "outre mer",
    "est",
    "ouest",
    "sud",
    "sud est",
    "sud ouest",
];

/// What a count may be of.
const COUNTED: &[&str] = &[
    "au",
    "candidatures",
    "dossiers",
    "enregistrements",
    "fiches",
    "laureats",
    "lignes",
    "poles",
    "projets",
    "ptce",
    "records",
    "resultats",
    "rows",
    "structures",
    "total",
    "trouves",
];
/// Words of the columns of a table that counts.
const COUNTS: &[&str] = &["effectif", "nb", "nombre", "part", "pourcentage", "proportion", "somme", "taux", "total"];
/// Words that begin the row of a sum.
const SUMS: &[&str] = &["ensemble", "total", "totaux", "sous total", "somme", "moyenne", "mediane", "nombre"];
/// Words that begin a remark below a table.
const REMARKS: &[&str] = &[
    "source",
    "sources",
    "legende",
    "lecture",
    "mise a jour",
    "n b",
    "nb",
    "note",
    "notes",
    "remarque",
    "remarques",
    // What the colours and letters of cells mean.
    "en bleu",
    "en gras",
    "en gris",
    "en italique",
    "en jaune",
    "en orange",
    "en rose",
    "en rouge",
    "en vert",
    "en violet",
    "surligne",
];
/// Words that begin a row below a blank one which tells of the table, as those of a remark do.
const FEET: &[&str] = &[
    "a jour",
    "auteur",
    "bleu",
    "contact",
    "contacts",
    "date",
    "edite",
    "etabli",
    "fait",
    "fichier",
    "gris",
    "imprime",
    "jaune",
    "mis a jour",
    "orange",
    "redacteur",
    "redige",
    "rouge",
    "vert",
];
/// The first letters of these words, and the signs of which lines are drawn.
const INITIALS: &[u8] = b"elmnrst-=:+_|";

/// Whether the words of a sum that has no figure beside it are nothing but those of a sum: « Total général : 23 ».
fn is_plain_sum(words: &str) -> bool {
    const PLAIN: &[&str] = &["de", "des", "dossiers", "fiches", "general", "laureats", "poles", "ptce", "sous"];
    words
        .split(' ')
        .all(|word| PLAIN.contains(&word) || SUMS.contains(&word) || word.bytes().all(|byte| byte.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(cells: &[&str]) -> GridRow {
        let mut row = GridRow::default();
        row.restart(1);
        (1..).zip(cells).for_each(|(column, text)| row.push(column, text));
        row
    }

    /// The vocabulary is asked of no row that plainly is a record: each of them passes here.
    #[test]
    fn rows_with_line_breaks_do_not_stand_apart() {
        let mut aside = Aside::new((1..).zip(["Nom", "Région", "ETP"]), true);
        let mut may_begin = |(number, last), name| {
            let mut row = row(&[name, "Bretagne"]);
            (row.number, row.last) = (number, last);
            aside.may_begin(&row, (1, name))
        };
        assert!(!may_begin((2, 4), "Pôle A"));
        assert!(!may_begin((5, 5), "Pôle B"));
        assert!(may_begin((7, 7), "Pôle C"), "below a blank line");
    }

    #[test]
    fn sums_and_remarks_are_no_records() {
        let mut aside = Aside::new((1..).zip(["Nom", "Région", "ETP"]), false);
        let again = row(&["nom", "Région", "emploi_etp"]);
        assert_eq!(aside.kind(&again, false), Kind::Aside, "the header again, for machines");
        for told in [["(texte)", "(liste)", "[nombre]"], ["1", "2", "3"]] {
            let mut first = Aside::new((1..).zip(["Nom", "Région", "ETP"]), false);
            // « obligatoire », then « ex : … ».
            assert_eq!(first.kind(&row(&told), false), Kind::Aside);
            assert_eq!(first.kind(&row(&told), false), Kind::Aside);
            assert_eq!(first.kind(&row(&["Bois vivant", "Bretagne", "3"]), false), Kind::Record);
            assert_eq!(first.kind(&row(&told), false), Kind::Record, "only below the header");
        }
        for cells in [
            &["Total", "", "112,5"][..],
            &["TOTAL GÉNÉRAL : 23"],
            &["Sous-total", "", "12"],
            &["Sous-total Bretagne : 12"],
            &["Sous-total Bretagne", "12 pôles"],
            &["Nom", "Région", "ETP"],
            &["Nombre de PTCE : 23"],
            &["Source : enquête de 2014"],
            &["* données provisoires"],
            &["TOTAL", "", "#REF!"],
            &["", "Total", "#NOM?"],
            &["", "", "112,5"],
            &["", "", "#VALEUR!"],
            &["-----", "---", ":--:"],
            &["84 enregistrements"],
            &["(2 lignes)"],
            &["# corrigé le 3 mars"],
        ] {
            assert_eq!(aside.kind(&row(cells), false), Kind::Aside, "{cells:?}");
        }
        for cells in [
            &["Total Énergies solidaires"][..],
            &["Totem", "Occitanie", "3"],
            &["Total", "Occitanie", "3"],
            &["Sources du Quercy"],
            &["Nom", "Occitanie"],
            &["Nombre d’or"],
            &["-", "-", "3"],
            &["84 rue Basse"],
            &["", "Bretagne", "3"],
            &["12 lieux"],
        ] {
            assert_eq!(aside.kind(&row(cells), false), Kind::Record, "{cells:?}");
        }
        assert_eq!(aside.kind(&row(&["Région Bretagne"]), false), Kind::Section);
        assert_eq!(aside.kind(&row(&["Projets retenus"]), true), Kind::Section);
        assert_eq!(aside.kind(&row(&["Structure", "Ville", "Téléphone"]), false), Kind::Record, "among the others");
        aside.is_apart = true;
        assert_eq!(aside.kind(&row(&["Structure", "Ville", "Téléphone"]), false), Kind::Header);
        assert_eq!(aside.kind(&row(&["Nom", "Commune", "Motif"]), false), Kind::Header);
        assert_eq!(aside.kind(&row(&["Outre-mer"]), false), Kind::Section, "where regions stand in such rows");
        for word in SUMS.iter().chain(REMARKS) {
            assert!(INITIALS.contains(&word.as_bytes()[0]), "{word}");
        }
    }
}
