//! The sheet of the findings, as rows of texts: what it says is the same in every kind of workbook.

use super::Options;
use super::remark::{Place, Remark, level_name};
use crate::finding::Level;
use crate::guide;
use crate::language::{Language, Phrase, counted};
use crate::location::{Location, column_letters};
use crate::wording;

/// Rows that a sheet may have.
const MAX_ROWS: usize = 1_048_000;

/// Titles of the columns, and how many characters wide they are.
pub(super) const COLUMNS: [(Phrase, u32); 8] = [
    (wording::LEVEL, 16),
    (wording::PLACE, 22),
    (wording::RECORD, 30),
    (wording::FINDING, 60),
    (wording::VALUE, 28),
    (wording::EXPECTED_HEAD, 32),
    (wording::SUGGESTION_HEAD, 28),
    (wording::CODE, 26),
];
/// The column of the places, counted from 0.
pub(super) const PLACE_COLUMN: usize = 1;

/// What the sheet says.
pub(super) struct Listing {
    /// Lines above the table, the first of which tells what the sheet is.
    pub lines: Vec<String>,
    pub rows: Vec<Line>,
}

/// A finding.
pub(super) struct Line {
    pub level: Level,
    pub cells: [String; 8],
    /// The sheet and the cell to which it leads.
    pub link: Option<(String, String)>,
}

/// A remark, and the sheet where it stands if there is one.
pub(super) struct Placed<'a> {
    pub remark: &'a Remark,
    pub sheet: Option<&'a str>,
}

impl Listing {
    /// `threaded` are cells that got no note.
    pub fn of(remarks: &[Placed<'_>], threaded: &[String], options: &Options) -> Listing {
        let language = options.language;
        let mut lines = vec![guide::FINDINGS_LINE.in_language(language).to_owned()];
        lines.extend(options.about.iter().cloned());
        lines.push(figures(remarks, language));
        if !threaded.is_empty() {
            lines.push(wording::ONLY_LISTED.fill(language, &[("cells", &threaded.join(", "))]));
        }
        let rows = remarks.iter().take(MAX_ROWS).map(|placed| row(placed, language)).collect();
        Listing { lines, rows }
    }
}

fn figures(remarks: &[Placed<'_>], language: Language) -> String {
    let count = |level| remarks.iter().filter(|placed| placed.remark.gravity() == level).count() as u64;
    if remarks.is_empty() {
        return wording::NO_FINDING.in_language(language).to_owned();
    }
    let words = match language {
        Language::French => {
            [("erreur", "erreurs"), ("avertissement", "avertissements"), ("information", "informations")]
        }
        Language::English => [("error", "errors"), ("warning", "warnings"), ("info", "infos")],
    };
    let told = |rank: usize, level| counted(count(level), words[rank].0, words[rank].1);
    wording::FIGURES.fill(
        language,
        &[("errors", &told(0, Level::Error)), ("warnings", &told(1, Level::Warning)), ("infos", &told(2, Level::Info))],
    )
}

fn row(placed: &Placed<'_>, language: Language) -> Line {
    let remark = placed.remark;
    let Place { sheet, cell } = &remark.place;
    let name = cell.map(|(row, column)| format!("{}{row}", column_letters(column)));
    let location = Location { sheet: sheet.clone(), cell: name.clone(), ..Location::default() };
    let told = location.within_file(language);
    let place = match (placed.sheet, told.is_empty()) {
        (_, true) => wording::WHOLE_FILE.in_language(language).to_owned(),
        (None, _) => wording::NO_SUCH_PLACE.fill(language, &[("place", &told)]),
        _ => told,
    };
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    Line {
        level: remark.gravity(),
        link: placed.sheet.map(|sheet| (sheet.to_owned(), name.unwrap_or_else(|| "A1".to_owned()))),
        cells: [
            level_name(remark.gravity(), language).to_owned(),
            place,
            text(&remark.record),
            remark.message.clone(),
            text(&remark.value),
            text(&remark.expected),
            text(&remark.suggestion),
            remark.code.clone(),
        ],
    }
}
