//! How a sheet is arranged: a table below a header, or labels beside or above their values.

use std::collections::BTreeSet;

use super::merge::Merges;
use super::row::GridRow;
use crate::error::{Error, ErrorKind};
use crate::import::SavedTable;
use crate::row::{self, Target};
use crate::vocabulary::{self, Values};

/// Rows among which the header is looked for; titles and legends may stand above it.
pub(in crate::import) const SEARCHED_ROWS: usize = 25;
/// Rows among which it is looked for where those tell nothing: a page of explanations may stand above it.
pub(in crate::import) const MOST_SEARCHED_ROWS: usize = 200;
/// No more cells than these are looked at in such rows.
pub(in crate::import) const MOST_SEARCHED_CELLS: usize = 2000;

/// A label is a few words, or a question; what is longer is never looked up.
const LABEL_BYTES: usize = 120;

/// Where the labels of a sheet stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::import) enum Arrangement {
    /// In one row, or in two of which the upper one names groups: its rank among the first rows.
    Table { header: usize, is_double: bool },
    /// Beside or above each value, over many rows.
    Form,
}

/// One label of a header, with the name of its group.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::import) struct HeaderCell<'a> {
    pub column: u32,
    pub line: u64,
    pub group: Option<&'a str>,
    pub text: &'a str,
}

/// What a text means as a label, so that two of them can be compared; none for what is no label.
type Meaning = (usize, u16);

fn meaning(target: &Target) -> Option<Meaning> {
    let place = |field: &&'static crate::field::Field| std::ptr::from_ref::<crate::field::Field>(field).addr();
    match target {
        Target::Field(field, rank) => Some((place(field), rank.unwrap_or(0))),
        Target::Ambiguous(fields) | Target::Joint(fields, _) => Some((fields.first().map_or(0, place), u16::MAX)),
        _ => None,
    }
}

/// Whether a text may be a label at all.
pub(super) fn may_be_label(text: &str) -> bool {
    // « @ » is the label of a mailbox, a number is none.
    text.len() <= LABEL_BYTES && text.contains(|c: char| c.is_alphabetic() || c == '@')
}

/// What a text means if it is a label.
fn known(text: &str) -> Option<Meaning> {
    if !may_be_label(text) {
        return None;
    }
    meaning(&vocabulary::meaning(text).0)
}

/// Whether a text is a label that we know.
pub(super) fn is_label(text: &str) -> bool {
    known(text).is_some()
}

/// Where the labels stand, as a mapping says it; what it leaves open, or what has moved since, is found by its labels.
pub(in crate::import) fn wanted(rows: &[GridRow], merges: &Merges, saved: Option<&SavedTable>) -> Option<Arrangement> {
    let Some(saved) = saved else { return find(rows, merges) };
    if matches!(saved.layout, Some(row::Arrangement::Form | row::Arrangement::Transposed)) {
        return Some(Arrangement::Form);
    }
    let (first, last) = (saved.header.first(), saved.header.last());
    let is_double = first != last;
    let labels = |rank: usize| {
        let lower = rows.get(rank + 1).filter(|_| is_double);
        let name = |cell: &HeaderCell<'_>| match cell.group {
            Some(group) => saved.meaning(&grouped(group, cell.text)).is_some(),
            None => saved.meaning(cell.text).is_some(),
        };
        header_cells(&rows[rank], lower, merges).iter().filter(|cell| name(cell)).count()
    };
    if let Some(header) = rows.iter().position(|row| Some(&row.number) == first)
        && (saved.labels.is_empty() || labels(header) > 0)
    {
        return Some(Arrangement::Table { header, is_double });
    }
    // Of rows that hold as many, the first.
    let best = (0..rows.len()).rev().max_by_key(|rank| labels(*rank)).filter(|rank| labels(*rank) > 1);
    match best {
        Some(header) => Some(Arrangement::Table { header, is_double }),
        None => find(rows, merges),
    }
}

/// A label and its value in one text: « Nom : Fabriques du Quercy ».
pub(in crate::import) fn label_and_value(text: &str) -> Option<(&str, &str)> {
    let (label, value) = text.split_once(':')?;
    // « Nom : Roue libre;; » was saved with the empty cells behind it.
    let (label, value) = (label.trim(), value.trim().trim_end_matches([';', '\t', ' ']));
    (!value.is_empty() && is_label(label)).then_some((label, value))
}

/// Where the labels stand, among the first rows of a sheet; none when there are none.
pub(in crate::import) fn find(rows: &[GridRow], merges: &Merges) -> Option<Arrangement> {
    found(rows, merges, Slips::Allowed)
}

/// Whether a header may be known in spite of slips, and of what stands around its labels: what is looked for last, and at length.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::import) enum Slips {
    Allowed,
    Refused,
}

fn found(rows: &[GridRow], merges: &Merges, slips: Slips) -> Option<Arrangement> {
    // The sheets of an export name their record by a key, whatever else stands in them.
    if rows.first().is_some_and(|row| row.cells().any(|(_, text)| vocabulary::is_key(text))) {
        return Some(Arrangement::Table { header: 0, is_double: false });
    }
    let meanings_of = |row: &GridRow| match row.alone() {
        // « Département : 08 » alone in its row is a label with its value.
        Some((_, text)) if label_and_value(text).is_some() => vec![None],
        _ => row.cells().map(|(_, text)| known(text)).collect(),
    };
    let meanings: Vec<Vec<Option<Meaning>>> = rows.iter().map(meanings_of).collect();
    let distinct = |meanings: &[Option<Meaning>]| meanings.iter().flatten().collect::<BTreeSet<_>>().len();
    // The first of the rows with the most labels, two at least, or one when the row holds a single cell.
    let mut best: Option<(usize, usize)> = None;
    for (rank, row) in meanings.iter().enumerate() {
        let labels = row.iter().flatten().count();
        // A table below another one says all that the first says, and more.
        let is_below = |above: usize| {
            let first = &meanings[above];
            above + 1 < rank
                && first.len() > 1
                && first.iter().all(|meaning| meaning.is_some_and(|meaning| row.contains(&Some(meaning))))
                // A value may be a label elsewhere.
                && !meanings[above + 1..rank].iter().any(|row| row.iter().flatten().count() * 2 > row.len())
        };
        if labels >= 2.min(row.len()).max(1)
            && !is_within_form(rows, rank)
            && best.is_none_or(|(above, most)| labels > most && !is_below(above))
        {
            best = Some((rank, labels));
        }
    }
    let mut fields = best.map_or(0, |(rank, _)| distinct(&meanings[rank]));
    let mut header = best.map(|(rank, _)| (rank, false));
    // A row of groups above: worth it when the two rows together say more, or something else, than one.
    for rank in 0..rows.len().saturating_sub(1) {
        let is_near = best.is_none_or(|(best, _)| rank == best || rank + 1 == best);
        // A blank row sets them apart.
        let is_above = rows[rank].last + 1 == rows[rank + 1].number;
        if !is_near || !is_above || rows[rank].len() < 2 {
            continue;
        }
        let (both, is_grouped) = double_header(&rows[rank], &rows[rank + 1], merges);
        if both >= 2 && (both > fields || (both == fields && is_grouped && header.is_some_and(|(_, double)| !double))) {
            (fields, header) = (both, Some((rank, true)));
        }
    }
    if let Some((rank, false)) = header
        && is_crosstab(rows, rank)
    {
        header = Some((rank, true));
    }
    if is_form(rows, &meanings, fields) {
        return Some(Arrangement::Form);
    }
    let first = &rows[..rows.len().min(SEARCHED_ROWS)];
    let misspelt = || Some(first).filter(|_| slips == Slips::Allowed).and_then(misspelt_header);
    let header = header.or_else(|| misspelt().map(|header| (header, false)));
    header.map(|(header, is_double)| Arrangement::Table { header, is_double })
}

/// Whether the row below a header names choices that the rows below it tick: « Thématiques », then « réemploi | bois ».
fn is_crosstab(rows: &[GridRow], header: usize) -> bool {
    let (Some(upper), Some(lower)) = (rows.get(header), rows.get(header + 1)) else { return false };
    let is_group = |column: u32| upper.cells().rev().find(|(known, _)| *known <= column);
    let is_named = |(column, _): (u32, &str)| {
        is_group(column).is_some_and(|(_, text)| may_be_label(text) && vocabulary::list(text).is_some())
    };
    let first = upper.first().map(|(column, _)| column);
    if lower.len() < 2 || lower.first().map(|(column, _)| column) <= first || !lower.cells().all(is_named) {
        return false;
    }
    let cells = header_cells(lower, None, &Merges::default());
    let values = values_below(&rows[header + 2..], &cells);
    let mut answers =
        values.into_iter().map(|values| Values::of(values.into_iter())).filter(|values| !values.are_none());
    answers.next().is_some_and(|first| first.are_answers() && answers.all(|values| values.are_answers()))
}

/// The first row in which two labels at least, and half of the cells, or most of all rows, are known in spite of slips and of
/// what stands around them: where no row has as many that are known as they are.
fn misspelt_header(rows: &[GridRow]) -> Option<usize> {
    let known = |at: usize| {
        let cells = header_cells(&rows[at], None, &Merges::default());
        let values = values_below(&rows[at + 1..], &cells);
        let known: BTreeSet<Meaning> = cells
            .iter()
            .zip(values)
            .filter(|(cell, _)| may_be_question(cell.text))
            .filter_map(|(cell, values)| {
                meaning(&vocabulary::meaning_in_header(cell.text, &Values::of(values.into_iter())).target)
            })
            .collect();
        known.len()
    };
    let counts: Vec<usize> = (0..rows.len()).map(known).collect();
    let half = (0..rows.len()).find(|at| counts[*at] >= 2 && counts[*at] * 2 >= rows[*at].len());
    let most = || (0..rows.len()).rev().max_by_key(|at| counts[*at]).filter(|at| counts[*at] >= 3);
    half.or_else(most).or_else(|| lone_label(rows))
}

/// The first row of a table that has but one label that we know, among others that are words, above as many values.
fn lone_label(rows: &[GridRow]) -> Option<usize> {
    let (first, second) = (rows.first()?, rows.get(1)?);
    let is_word =
        |text: &str| text.len() <= LABEL_BYTES && !text.contains('@') && text.starts_with(char::is_alphabetic);
    let is_header = first.len() > 2
        && second.len() * 2 > first.len()
        && second.len() <= first.len()
        && first.cells().all(|(_, text)| is_word(text));
    let names = |text: &str| {
        matches!(vocabulary::meaning(text).0, Target::Field(field, _)
            if matches!(field.pointer, "/nom" | "/coordinateur/nom" | "/contacts/*/courriel" | "/coordinateur/siret"))
    };
    (is_header && first.cells().any(|(_, text)| names(text))).then_some(0)
}

/// Whether a text may be a label or a question of a survey, which may go on.
fn may_be_question(text: &str) -> bool {
    const QUESTION_BYTES: usize = 400;
    text.len() <= QUESTION_BYTES && text.contains(|c: char| c.is_alphabetic() || c == '@')
}

/// The values below each label of a header.
pub(super) fn values_below<'r>(below: &'r [GridRow], cells: &[HeaderCell<'_>]) -> Vec<Vec<&'r str>> {
    let mut values: Vec<Vec<&str>> = vec![Vec::new(); cells.len()];
    for row in below {
        let mut at = 0;
        for (column, text) in row.cells() {
            while cells.get(at).is_some_and(|cell| cell.column < column) {
                at += 1;
            }
            if cells.get(at).is_some_and(|cell| cell.column == column) {
                values[at].push(text);
            }
        }
    }
    values
}

/// Whether one of the labels of a header names the PTCE.
pub(super) fn names_hub(row: &GridRow) -> bool {
    let names = |text: &str| matches!(vocabulary::meaning(text).0, Target::Field(field, _) if matches!(field.pointer, "/id" | "/nom"));
    row.cells().any(|(_, text)| may_be_label(text) && names(text))
}

/// How many different labels stand in a row.
pub(super) fn labels_in(row: &GridRow) -> usize {
    row.cells().filter_map(|(_, text)| known(text)).collect::<BTreeSet<_>>().len()
}

/// How many labels stand in a row of a header, or in all of a form; 0 when there are none.
pub(in crate::import) fn known_labels(rows: &[GridRow], slips: Slips) -> usize {
    let labels = |row: &GridRow| row.cells().filter(|(_, text)| is_label(text)).count();
    // What is a header in spite of what stands around its labels has one at least.
    match found(rows, &Merges::default(), slips) {
        Some(Arrangement::Table { header, is_double }) => {
            rows[header..].iter().take(if is_double { 2 } else { 1 }).map(labels).sum::<usize>().max(1)
        }
        Some(Arrangement::Form) => rows.iter().map(labels).sum(),
        None => 0,
    }
}

/// How many fields two rows name as a header, and whether a group gives one of them its meaning.
fn double_header(upper: &GridRow, lower: &GridRow, merges: &Merges) -> (usize, bool) {
    let mut fields = BTreeSet::new();
    let mut is_grouped = false;
    for cell in header_cells(upper, Some(lower), merges) {
        if !may_be_label(cell.text) {
            continue;
        }
        let alone = known(cell.text);
        let in_group = cell.group.and_then(|group| meaning_in_group(group, cell.text));
        let in_group = in_group.and_then(|(target, _)| meaning(&target));
        is_grouped |= in_group.is_some() && in_group != alone;
        fields.extend(in_group.or(alone));
    }
    (fields.len(), is_grouped)
}

/// What a label means below the name of a group, when the two together name a field: « Nom » below « Contact » is the name
/// of a contact.
pub(in crate::import) fn meaning_in_group(group: &str, text: &str) -> Option<(Target, Option<vocabulary::Reason>)> {
    // A number names no group, though « 7 Courriel » would be the label of the seventh mailbox.
    if !may_be_label(group) {
        return None;
    }
    let whole = vocabulary::meaning_below(&grouped(group, text));
    if matches!(whole.0, Target::Field(..)) {
        return Some(whole);
    }
    // « Mail » below « Présidente ».
    if vocabulary::is_role_alone(group)
        && let Some((_, field)) = vocabulary::role(&grouped(group, text))
    {
        return Some((Target::Field(field, None), Some(vocabulary::Reason::Composed)));
    }
    // « Tél./mail » below « Référent 2 » joins two labels of the group.
    match (vocabulary::meaning_below(group).0, vocabulary::meaning(text)) {
        (Target::Field(of_group, rank @ Some(_)), (Target::Field(field, None), reason))
            if of_group.list() == field.list() && !std::ptr::eq(of_group, field) =>
        {
            Some((Target::Field(field, rank), reason))
        }
        _ => None,
    }
}

/// Whether the cells of a row are the header of a list, below the heading that names it: « Contacts », then « Nom | Mail ».
/// The first is a label of its elements, and so is half of them.
pub(super) fn heads_list<'a>(heading: &str, cells: impl Iterator<Item = &'a str> + Clone) -> bool {
    let is_of_list = |cell: &&str| is_element(heading, cell);
    let (count, known) = (cells.clone().count(), cells.clone().filter(is_of_list).count());
    count > 1 && known > 1 && known * 2 >= count && cells.into_iter().next().is_some_and(|first| is_of_list(&first))
}

/// Whether a label below a heading is one of the elements of a list.
pub(super) fn is_element(heading: &str, text: &str) -> bool {
    let meant = meaning_in_group(heading, text).filter(|_| may_be_label(text));
    matches!(meant, Some((Target::Field(field, _), _)) if field.pointer.contains('*'))
}

/// Whether the first cell of a row names a list, and the others what its elements have: « Partenaires | Type ».
pub(super) fn heads_own_list<'a>(mut cells: impl Iterator<Item = &'a str> + Clone) -> bool {
    let Some(first) = cells.next().filter(|first| may_be_label(first)) else { return false };
    let is_list = match vocabulary::meaning(first).0 {
        Target::Field(field, None) => field.is_list() || field.pointer.contains('*'),
        _ => false,
    };
    // « Département | 08 » is a list and its value: a number names no part of it, though « Contact 2 » is a label.
    let is_part = |cell: &str| may_be_label(cell) && meaning_in_group(first, cell).is_some();
    is_list && cells.clone().next().is_some() && cells.all(is_part)
}

/// Whether a row is the header of a list within a form, whose labels with their values stand above it.
fn is_within_form(rows: &[GridRow], rank: usize) -> bool {
    let cells = || rows[rank].cells().map(|(_, text)| text);
    let heading = rank.checked_sub(1).map(|above| &rows[above]).filter(|above| above.number + 1 == rows[rank].number);
    let heading = heading.and_then(GridRow::alone).map(|(_, text)| text);
    if !(heading.is_some_and(|heading| heads_list(heading, cells())) || heads_own_list(cells())) {
        return false;
    }
    let is_pair = |row: &&GridRow| {
        let mut cells = row.cells().map(|(_, text)| text);
        row.len() == 2 && cells.next().is_some_and(is_label) && !cells.next().is_some_and(is_label)
    };
    rows[..rank].iter().filter(is_pair).count() >= 2
}

/// A label with the name of its group, as findings show it.
pub(in crate::import) fn grouped(group: &str, text: &str) -> String {
    format!("{group} / {text}")
}

/// The labels of a header of one row or two. In the upper row of two, a text names the columns that it is merged over, or,
/// where no cells are merged, those up to the next text.
pub(in crate::import) fn header_cells<'a>(
    upper: &'a GridRow,
    lower: Option<&'a GridRow>,
    merges: &Merges,
) -> Vec<HeaderCell<'a>> {
    let alone =
        |row: &GridRow, (column, text): (u32, &'a str)| HeaderCell { column, line: row.number, group: None, text };
    let Some(lower) = lower else { return upper.cells().map(|cell| alone(upper, cell)).collect() };
    let group = |column: u32| {
        let first = match merges.of(upper.number, column) {
            Some(range) => range.left,
            None => {
                let (known, _) = upper.cells().rev().find(|(known, _)| *known <= column)?;
                // What is merged says itself how far it reaches.
                match merges.of(upper.number, known) {
                    Some(_) => column,
                    None => known,
                }
            }
        };
        upper.at(first)
    };
    let is_named = |column: u32| lower.at(column).is_some();
    let mut cells: Vec<HeaderCell<'a>> = lower
        .cells()
        .map(|cell| HeaderCell { group: group(cell.0), ..alone(lower, cell) })
        .chain(upper.cells().filter(|(column, _)| !is_named(*column)).map(|cell| alone(upper, cell)))
        .collect();
    cells.sort_by_key(|cell| cell.column);
    // What names a group over several columns is no label of the first one.
    let is_group_alone = |cell: &HeaderCell<'_>| {
        cell.line == upper.number
            && upper.number != lower.number
            && merges.of(upper.number, cell.column).is_some_and(|range| range.right > range.left)
    };
    cells.retain(|cell| !is_group_alone(cell) || is_label(cell.text));
    cells
}

/// The texts of the upper row of a header that are no part of its labels: no label themselves, and no name of a group that
/// gives one its meaning, or that is told with one that has none.
pub(in crate::import) fn idle_groups<'a>(
    upper: &'a GridRow,
    cells: &[HeaderCell<'_>],
) -> impl Iterator<Item = (u32, &'a str)> {
    let is_used = |text: &str, cell: &HeaderCell<'_>| match cell.group {
        Some(group) if group == text => meaning_in_group(group, cell.text).is_some() || !is_label(cell.text),
        _ => cell.line == upper.number && cell.text == text,
    };
    upper.cells().filter(move |(_, text)| !cells.iter().any(|cell| is_used(text, cell)))
}

/// Whether labels stand over many rows, each beside or above its value.
fn is_form(rows: &[GridRow], meanings: &[Vec<Option<Meaning>>], header: usize) -> bool {
    // Labels make up a good part of the column they stand in. A column of data may hold words that are labels: « Région »,
    // « Commune » are partners as well.
    let mut columns: Vec<(u32, usize, BTreeSet<Meaning>)> = Vec::new();
    let mut lines: (usize, BTreeSet<Meaning>) = (0, BTreeSet::new());
    for (row, meanings) in rows.iter().zip(meanings) {
        for ((column, text), meaning) in row.cells().zip(meanings) {
            let meaning = meaning.or_else(|| label_and_value(text).and_then(|(label, _)| known(label)));
            let place = columns.iter().position(|(known, ..)| *known == column).unwrap_or_else(|| {
                columns.push((column, 0, BTreeSet::new()));
                columns.len() - 1
            });
            columns[place].1 += 1;
            columns[place].2.extend(meaning);
        }
        let labels = meanings.iter().flatten().count();
        if labels > 0 && labels * 2 >= row.len() {
            lines.0 += 1;
            lines.1.extend(meanings.iter().flatten());
        }
    }
    // Where nothing else is understood, titles and remarks may outnumber them.
    let share = if header == 0 { 1 } else { 3 };
    let beside: BTreeSet<Meaning> = columns
        .iter()
        .filter(|(_, filled, labels)| labels.len() >= 2 && labels.len() * 10 >= filled * share)
        .flat_map(|(_, _, labels)| labels.iter().copied())
        .collect();
    let (label_rows, above) = lines;
    // Without a header, two labels below each other tell enough.
    let least = if header == 0 { 2 } else { 3 };
    beside.len() >= least.max(2 * header) || (label_rows >= 2 && above.len() >= 4.max(2 * header))
}

/// The error of a table without a header.
pub(in crate::import) fn missing(sheet: Option<&str>) -> Error {
    let (fr, en) = match sheet {
        Some(sheet) => (format!("la feuille « {sheet} » n’a"), format!("sheet “{sheet}” has")),
        None => ("le fichier n’a".to_owned(), "the file has".to_owned()),
    };
    Error::new(
        ErrorKind::Format,
        format!(
            "{fr} pas de ligne d’en-tête reconnue dans ses {MOST_SEARCHED_ROWS} premières lignes ; ajoutez une ligne avec \
             des noms de colonnes tels que « Nom », « Coordinateur », « Courriel », « Code postal »"
        ),
        format!(
            "{en} no known header row among its first {MOST_SEARCHED_ROWS} rows; add a row with column names such as \
             “Nom”, “Coordinateur”, “Courriel”, “Code postal”"
        ),
    )
}
