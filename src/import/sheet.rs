//! A sheet on its way to the sink: its cells come one by one, and what they are is settled by the first rows.

pub(super) mod arrangement;
mod aside;
mod form;
mod matrix;
mod merge;
mod persons;
mod row;
mod table;

use std::borrow::Cow;
use std::collections::BTreeSet;

use self::arrangement::Arrangement;
use super::annotations::Annotations;
use super::range::Range;
use super::sink::long_record;
use super::{Limits, MAX_COLUMNS, MAX_RECORD_BYTES, Sink, boxes};
use crate::error::{Error, ErrorKind, Result};
use crate::guide;
use crate::location::column_letters;
use crate::row::RemarkKind;
use crate::text::fold::folded;
use crate::vocabulary;
pub(in crate::import) use merge::Merges;
pub(in crate::import) use row::GridRow;
pub(in crate::import) use table::Columns;

/// Bytes from which a text is long: a shorter one takes hardly more than the cell that gives it.
pub(in crate::import) const LONG_BYTES: usize = 256;

/// What became of the sheets.
#[derive(Default)]
pub(super) struct Sheets {
    /// Which sheets are read.
    choice: Choice,
    read: usize,
    /// The first sheet without a header, and the row that looks most like one.
    without_header: Option<(String, Option<u64>)>,
    /// Bytes that the parts of the workbook take, where it is one, and those of the long texts that its cells have given.
    unpacked: Option<u64>,
    given: u64,
}

/// Which sheets of a workbook are read.
#[derive(Default)]
pub(super) enum Choice {
    #[default]
    All,
    /// Those of these names.
    Only(Vec<String>),
    /// All but those of these names.
    Without(Vec<String>),
}

impl Sheets {
    pub fn of(choice: Choice) -> Sheets {
        Sheets { choice, ..Sheets::default() }
    }

    /// Tells how many bytes the parts of the workbook take.
    pub fn hold(&mut self, unpacked: u64) {
        self.unpacked = Some(unpacked);
    }

    /// Counts bytes of long texts. A text is no longer than the part it stands in, or half as long again where that has two
    /// bytes a letter: what goes beyond is repeated.
    pub fn give(&mut self, bytes: u64, limits: &Limits) -> Result<()> {
        self.given = self.given.saturating_add(bytes);
        let most = |unpacked: u64| unpacked.saturating_mul(2).saturating_add(Limits::bytes(limits.repeated));
        match self.unpacked {
            Some(unpacked) if self.given > most(unpacked) => Err(too_repeated(limits.repeated)),
            _ => Ok(()),
        }
    }

    /// Whether a sheet is to be read.
    fn wants(&self, name: &str) -> bool {
        match &self.choice {
            Choice::All => true,
            Choice::Only(names) => names.iter().any(|known| known == name),
            Choice::Without(names) => !names.iter().any(|known| known == name),
        }
    }

    /// Nothing was read when no sheet had a header.
    pub fn finish(self) -> Result<()> {
        match self.without_header {
            Some((sheet, row)) if self.read == 0 => {
                Err(arrangement::missing(Some(&sheet)).with_header(Some(sheet), row))
            }
            _ => Ok(()),
        }
    }
}

/// How far a sheet is understood.
enum State {
    /// The first rows are gathered.
    First(Vec<GridRow>),
    /// The rows pass on one by one.
    Table(Box<Columns>),
    /// All rows are gathered: a value may stand far from its label.
    Form(Vec<GridRow>),
    /// Nothing more of it is to be read.
    Over,
}

/// A sheet, or another grid of cells.
pub(super) struct Sheet<'t, 's> {
    sink: &'t mut Sink<'s>,
    sheets: &'t mut Sheets,
    /// Its name in a workbook; a CSV file has none.
    name: Option<String>,
    state: State,
    row: GridRow,
    merges: Merges,
    hidden: Hidden,
    struck: Struck,
    /// Cells that hold a formula.
    formulas: u64,
    /// Bytes of the texts that are held.
    held: usize,
    /// Cells among which a header is looked for.
    searched: usize,
}

/// Rows that the program which opens the workbook does not show.
#[derive(Default)]
struct Hidden {
    ranges: Vec<(u64, u64)>,
    /// Those of them that have values.
    read: Runs,
    /// Columns that are not shown either, and those of them that have values.
    columns: Vec<(u32, u32)>,
    read_columns: BTreeSet<u32>,
    /// Whether the whole sheet is not shown.
    is_whole: bool,
}

/// Rows whose cells are all struck through: somebody has taken them out.
#[derive(Default)]
struct Struck {
    /// Whether the cell that comes next is struck through, and how many of its row are.
    is_next: bool,
    cells: usize,
    rows: Runs,
}

impl Hidden {
    fn enter(&mut self, row: u64) {
        let begun = self.ranges.partition_point(|(first, _)| *first <= row);
        if begun > 0 && self.ranges[begun - 1].1 >= row {
            self.read.enter(row, row);
        }
    }

    /// The columns that have values, by their letters.
    fn told_columns(&self) -> Option<(u32, String)> {
        let letters: Vec<String> = self.read_columns.iter().map(|column| column_letters(*column)).collect();
        self.read_columns.first().map(|first| (*first, letters.join(", ")))
    }
}

/// Rows that are told together: the first and last of each run, as far as they are shown.
#[derive(Debug, Default)]
pub(in crate::import) struct Runs {
    shown: Vec<(u64, u64)>,
    last: u64,
    are_more: bool,
}

impl Runs {
    /// Adds rows, which come in their order.
    pub fn enter(&mut self, first: u64, last: u64) {
        /// A list that goes on says no more.
        const SHOWN: usize = 12;
        let goes_on = self.last + 1 == first;
        self.last = last;
        let is_full = self.shown.len() == SHOWN;
        match self.shown.last_mut() {
            Some((_, end)) if goes_on && !self.are_more => *end = last,
            _ if is_full => self.are_more = true,
            _ => self.shown.push((first, last)),
        }
    }

    /// The first row, and all of them in a few words: `5, 7–12`.
    pub fn told(&self) -> Option<(u64, String)> {
        let range = |(first, last): &(u64, u64)| match first == last {
            true => first.to_string(),
            false => format!("{first}–{last}"),
        };
        let mut shown: Vec<String> = self.shown.iter().map(range).collect();
        if self.are_more {
            shown.push("…".to_owned());
        }
        self.shown.first().map(|(first, _)| (*first, shown.join(", ")))
    }
}

impl<'t, 's> Sheet<'t, 's> {
    pub fn begin(sink: &'t mut Sink<'s>, sheets: &'t mut Sheets, name: &str, is_hidden: bool) -> Result<Sheet<'t, 's>> {
        if !sheets.wants(name) {
            return Ok(Sheet { state: State::Over, ..Sheet::grid(sink, sheets) });
        }
        sink.begin_sheet(name, is_hidden)?;
        let hidden = Hidden { is_whole: is_hidden, ..Hidden::default() };
        Ok(Sheet { name: Some(name.to_owned()), hidden, ..Sheet::grid(sink, sheets) })
    }

    /// A grid of cells that is no sheet of a workbook.
    pub fn grid(sink: &'t mut Sink<'s>, sheets: &'t mut Sheets) -> Sheet<'t, 's> {
        Sheet {
            sink,
            sheets,
            name: None,
            state: State::First(Vec::new()),
            row: GridRow::default(),
            merges: Merges::default(),
            hidden: Hidden::default(),
            struck: Struck::default(),
            formulas: 0,
            held: 0,
            searched: 0,
        }
    }

    /// Whether the cells that follow are of no use.
    pub fn is_over(&self) -> bool {
        matches!(self.state, State::Over)
    }

    /// The name of the sheet.
    pub fn name(&self) -> &str {
        self.name.as_deref().unwrap_or_default()
    }

    /// The row whose cells come, counted from 1; 0 before the first.
    pub fn row(&self) -> u64 {
        self.row.number
    }

    /// Cells that are merged; told before the row below the first of theirs.
    pub fn merge(&mut self, range: Range) {
        self.merges.add(range);
    }

    /// Rows that are not shown, counted from 1; told before they come.
    pub fn hide(&mut self, first: u64, last: u64) {
        match self.hidden.ranges.last_mut() {
            Some((_, before)) if *before + 1 == first => *before = last,
            _ => self.hidden.ranges.push((first, last)),
        }
    }

    /// Columns that are not shown, counted from 1; told before their cells come.
    pub fn hide_columns(&mut self, first: u32, last: u32) {
        self.hidden.columns.push((first, last));
    }

    /// What hangs on the cells of the sheet; told before they come.
    pub fn annotations(&mut self) -> Option<&mut Annotations> {
        (!self.is_over()).then(|| self.sink.annotations())
    }

    /// The cell that comes next holds a formula, whose value it gives.
    pub fn formula(&mut self) {
        self.formulas += 1;
    }

    /// The text of the cell that comes next is struck through.
    pub fn strike(&mut self) {
        self.struck.is_next = true;
    }

    /// A cell, its row and column counted from 1; blank ones count for nothing.
    pub fn cell(&mut self, row: u64, column: u32, text: &str) -> Result<()> {
        if self.is_over() {
            return Ok(());
        }
        let is_struck = std::mem::take(&mut self.struck.is_next);
        if row != self.row.number {
            self.end_row()?;
            self.row.restart(row);
            self.struck.cells = 0;
        }
        if text.trim().is_empty() || self.is_over() {
            return Ok(());
        }
        if column as usize > MAX_COLUMNS {
            return Err(self.too_wide(row));
        }
        if (row, column) == (1, 1) && guide::is_own_sheet(self.name(), text.trim()) {
            self.sink.remark(RemarkKind::Guide, text.trim(), 1, 1)?;
            self.state = State::Over;
            return Ok(());
        }
        let ticked = if boxes::may_have_boxes(text) { boxes::ticked(text) } else { Cow::Borrowed(text) };
        // A box that is not ticked says nothing.
        if ticked.is_empty() {
            return Ok(());
        }
        let text = &*ticked;
        if text.len() >= LONG_BYTES {
            self.sheets.give(text.len() as u64, self.sink.limits()).map_err(|error| error.at(row, None))?;
        }
        self.held += text.len();
        let is_form = matches!(self.state, State::Form(_));
        if self.held > MAX_RECORD_BYTES && !is_form {
            return Err(long_record().at(row, None));
        }
        let held = self.sink.limits().held;
        if self.held as u64 > Limits::bytes(held) {
            return Err(long_form(held));
        }
        if self.hidden.columns.iter().any(|(first, last)| (*first..=*last).contains(&column)) {
            self.hidden.read_columns.insert(column);
        }
        self.struck.cells += usize::from(is_struck);
        self.row.push(column, text);
        Ok(())
    }

    /// No more cells.
    pub fn finish(mut self) -> Result<()> {
        self.end_row()?;
        if matches!(self.state, State::First(_)) {
            self.arrange(true)?;
        }
        if self.formulas > 0 && matches!(self.state, State::Table(_) | State::Form(_)) {
            self.sink.formulas(self.formulas);
        }
        let is_read = matches!(self.state, State::Table(_) | State::Form(_));
        match std::mem::replace(&mut self.state, State::Over) {
            State::Table(columns) => {
                columns.finish(self.sink)?;
                self.sink.end_annotations()?;
                self.sheets.read += 1;
            }
            State::Form(rows) => {
                form::read(&rows, &self.merges, self.sink)?;
                self.sink.end_annotations()?;
                self.sink.compare()?;
                self.sheets.read += 1;
            }
            State::First(_) | State::Over => {}
        }
        if self.hidden.is_whole && is_read {
            let name = self.name().to_owned();
            self.sink.remark(RemarkKind::HiddenSheet, name, 1, 1)?;
        }
        if let Some((first, columns)) = self.hidden.told_columns().filter(|_| is_read) {
            self.sink.remark(RemarkKind::HiddenColumns, columns, 1, first)?;
        }
        for (kind, rows) in [(RemarkKind::HiddenRows, &self.hidden.read), (RemarkKind::StruckRows, &self.struck.rows)] {
            if let Some((first, rows)) = rows.told() {
                self.sink.remark(kind, rows, first, 1)?;
            }
        }
        Ok(())
    }

    fn end_row(&mut self) -> Result<()> {
        if self.row.is_empty() || self.is_over() {
            return Ok(());
        }
        if !self.hidden.ranges.is_empty() {
            self.hidden.enter(self.row.number);
        }
        if self.struck.cells > 0 && self.struck.cells == self.row.len() {
            self.struck.rows.enter(self.row.number, self.row.number);
        }
        match &mut self.state {
            State::Table(columns) => {
                columns.row(&self.row, &mut self.merges, self.sink)?;
                let from_above = self.merges.given_below();
                self.sheets.give(from_above, self.sink.limits()).map_err(|error| error.at(self.row.number, None))?;
                self.held = 0;
            }
            State::First(rows) => {
                rows.push(std::mem::take(&mut self.row));
                let is_first = rows.len() == arrangement::SEARCHED_ROWS;
                self.searched += rows.last().map_or(0, GridRow::len);
                let is_last =
                    rows.len() == arrangement::MOST_SEARCHED_ROWS || self.searched >= arrangement::MOST_SEARCHED_CELLS;
                // Among the first rows a header is found whatever their width.
                if is_first || is_last && rows.len() > arrangement::SEARCHED_ROWS {
                    self.arrange(is_last)?;
                }
            }
            State::Form(rows) => rows.push(std::mem::take(&mut self.row)),
            State::Over => {}
        }
        Ok(())
    }

    /// Settles by the first rows what the sheet is; one without labels is told, not read, where no more rows are to be
    /// looked at.
    fn arrange(&mut self, is_last: bool) -> Result<()> {
        let State::First(rows) = std::mem::replace(&mut self.state, State::Over) else { return Ok(()) };
        if self.sink.saved().is_some_and(|saved| saved.skip) {
            return Ok(());
        }
        let found = arrangement::wanted(&rows, &self.merges, self.sink.saved());
        let is_joined = rows.first().is_some_and(|row| row.cells().any(|(_, text)| vocabulary::is_key(text)));
        let is_explanation = self.name.as_deref().is_some_and(is_explanation) && !is_joined;
        match found {
            // The lists of a workbook's menus are no records, though their headers are labels.
            Some(Arrangement::Table { header, .. })
                if is_explanation && self.sink.saved().is_none() && !arrangement::names_hub(&rows[header]) =>
            {
                self.unread(&rows)?;
            }
            Some(Arrangement::Table { header, is_double }) => {
                let below = header + if is_double { 2 } else { 1 };
                let mut columns = Columns::begin(&rows, header, is_double, &self.merges, &rows[below..], self.sink)?;
                self.sink.compare()?;
                for row in &rows[..below] {
                    self.merges.enter(row);
                }
                for row in &rows[below..] {
                    columns.row(row, &mut self.merges, self.sink)?;
                }
                self.state = State::Table(Box::new(columns));
                self.held = 0;
            }
            // A list of the labels with what each of them is for looks like a form that was filled in.
            Some(Arrangement::Form) if !is_explanation => self.state = State::Form(rows),
            None if !is_last => self.state = State::First(rows),
            _ => self.unread(&rows)?,
        }
        Ok(())
    }

    /// Tells a sheet that is not read by its first text.
    fn unread(&mut self, rows: &[GridRow]) -> Result<()> {
        let Some(row) = rows.first() else { return Ok(()) };
        if let Some((column, text)) = row.first() {
            self.sink.remark(RemarkKind::Unread, text, row.number, column)?;
        }
        let name = self.name.clone().map(|name| (name, widest_row(rows)));
        self.sheets.without_header = self.sheets.without_header.take().or(name);
        Ok(())
    }

    fn too_wide(&self, row: u64) -> Error {
        let (fr, en) = match &self.name {
            Some(sheet) => (format!("feuille « {sheet} », ligne {row}"), format!("sheet “{sheet}”, row {row}")),
            None => (format!("ligne {row}"), format!("row {row}")),
        };
        Error::new(
            ErrorKind::Limit,
            format!("{fr} : plus de {MAX_COLUMNS} colonnes ; gardez celles qui décrivent les PTCE"),
            format!("{en}: more than {MAX_COLUMNS} columns; keep those that describe the PTCE"),
        )
    }
}

/// Whether a header or labels that we know stand in the first cells of a table.
pub(super) fn has_labels(cells: &[(u64, u32, String)]) -> bool {
    let mut rows: Vec<GridRow> = Vec::new();
    for (row, column, text) in cells {
        if rows.last().is_none_or(|last| last.number != *row) {
            if rows.len() == arrangement::SEARCHED_ROWS {
                break;
            }
            rows.push(GridRow::default());
            if let Some(last) = rows.last_mut() {
                last.restart(*row);
            }
        }
        if let Some(last) = rows.last_mut() {
            last.push(*column, text);
        }
    }
    arrangement::find(&rows, &Merges::default()).is_some()
}

/// The first of the rows with the most cells: where no label is known, it looks most like a header.
pub(super) fn widest_row(rows: &[GridRow]) -> Option<u64> {
    rows.iter().rev().max_by_key(|row| row.len()).map(|row| row.number)
}

/// Whether the name of a sheet says that it explains the others.
fn is_explanation(name: &str) -> bool {
    let words: BTreeSet<String> = folded(name).split(' ').map(str::to_owned).collect();
    [
        "aide",
        "choix",
        "codes",
        "dictionnaire",
        "glossaire",
        "instructions",
        "legende",
        "lexique",
        "liste",
        "listes",
        "menu",
        "menus",
        "mode",
        "nomenclature",
        "nomenclatures",
        "notice",
        "parametre",
        "parametres",
        "readme",
        "referentiel",
        "referentiels",
    ]
    .iter()
    .any(|word| words.contains(*word))
}

fn too_repeated(repeated: u64) -> Error {
    Error::new(
        ErrorKind::Limit,
        format!(
            "les longs textes que répète le classeur (textes partagés, lignes répétées, cellules fusionnées) dépassent \
             {repeated} Mo ; gardez une fiche par ligne ou, s’il est sûr, relevez --limit repeated={repeated}"
        ),
        format!(
            "the long texts that the workbook repeats (shared texts, repeated rows, merged cells) exceed {repeated} MB; keep \
             one record in a row or, if it is safe, raise --limit repeated={repeated}"
        ),
    )
}

fn long_form(held: u64) -> Error {
    Error::new(
        ErrorKind::Limit,
        format!("une feuille de fiches dépasse {held} Mo ; partagez-la, ou mettez une fiche par ligne"),
        format!("a sheet of forms exceeds {held} MB; split it, or put one record in a row"),
    )
}
