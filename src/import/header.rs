//! The header of a table: the row whose cells the vocabulary knows best.

use crate::error::{Error, ErrorKind};
use crate::row::Target;
use crate::vocabulary;

/// Rows among which the header is looked for; titles and legends may stand above it.
pub(super) const SEARCHED_ROWS: usize = 25;

/// How many of the cells are labels that we know.
pub(super) fn recognised<'a>(cells: impl Iterator<Item = &'a str>) -> usize {
    cells
        .filter(|cell| cell.len() <= 80 && !cell.trim().is_empty())
        .filter(|cell| !matches!(vocabulary::meaning(cell).0, Target::Unknown))
        .count()
}

/// The rank of the header among the first rows: the first of those with the most known labels, two at least, or one
/// when the row holds a single cell.
pub(super) fn find<'a, R>(rows: impl Iterator<Item = R>) -> Option<(usize, usize)>
where
    R: Iterator<Item = &'a str> + Clone,
{
    let mut best = None;
    for (rank, row) in rows.enumerate() {
        let filled = row.clone().filter(|cell| !cell.trim().is_empty()).count();
        let known = recognised(row);
        if known >= 2.min(filled).max(1) && best.is_none_or(|(_, most)| known > most) {
            best = Some((rank, known));
        }
    }
    best
}

/// The error of a table without a header.
pub(super) fn missing(sheet: Option<&str>) -> Error {
    let (fr, en) = match sheet {
        Some(sheet) => (format!("la feuille « {sheet} » n’a"), format!("sheet “{sheet}” has")),
        None => ("le fichier n’a".to_owned(), "the file has".to_owned()),
    };
    Error::new(
        ErrorKind::Format,
        format!(
            "{fr} pas de ligne d’en-tête reconnue dans ses {SEARCHED_ROWS} premières lignes ; ajoutez une ligne avec \
             des noms de colonnes tels que « Nom », « Coordinateur », « Courriel », « Code postal »"
        ),
        format!(
            "{en} no known header row among its first {SEARCHED_ROWS} rows; add a row with column names such as \
             “Nom”, “Coordinateur”, “Courriel”, “Code postal”"
        ),
    )
}
