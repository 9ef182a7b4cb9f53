//! Tables whose rows belong to the records of another one, joined by a key.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::Sink;
use crate::error::{Error, ErrorKind, Result};
use crate::field::{Field, Kind};
use crate::row::{Cell, Label, OwnedRow, Remark, RemarkKind, Target};
use crate::tables::KEY;
use crate::text::fold::folded;
use crate::vocabulary::{self, Meant, Reason};

/// By what the rows of a table are joined to their records.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum By {
    /// The column of keys of our own related tables.
    Key,
    /// The field at a JSON Pointer, whose text is compared folded.
    Field(&'static str),
    /// The column of a label, folded, that means no field: « N° ».
    Label(String),
}

/// A table whose rows belong to the records of another one.
pub(crate) struct Attached {
    /// The name of its file or sheet.
    pub name: Arc<str>,
    /// Its labels.
    pub labels: Vec<Label>,
    /// What there is to report of it besides.
    pub remarks: Vec<Remark>,
    /// Its rows, by the key of the record, in the order of the list.
    pub rows: BTreeMap<String, Vec<OwnedRow>>,
    /// What of the record is the key.
    pub by: By,
    /// JSON Pointer of the list; empty where its rows are of none.
    pub list: String,
    /// The ranks in the layout of those of its labels that have been entered.
    pub entered: Vec<Option<u32>>,
    /// Whether its values go before those of the same fields in the table of the records.
    pub is_first: bool,
    /// Whether words that are read as one of a few values are kept as they stand, too.
    pub keeps_words: bool,
}

/// Names beyond these are not compared: their lists are not typed by hand.
const MOST_UNJOINED: usize = 10_000;

/// The words that tell the name of a PTCE from another: « PTCE Terres Vives » is « Terres Vives ».
fn telling(name: &str) -> String {
    const PLAIN: &[&str] = &["d", "de", "des", "du", "l", "la", "le", "les", "pole", "projet", "ptce", "territorial"];
    let folded = folded(name);
    let mut words: Vec<&str> = folded.split(' ').filter(|word| !PLAIN.contains(word)).collect();
    words.sort_unstable();
    words.join(" ")
}

/// The list of communes, whose names have their postal codes behind them in exports.
const COMMUNES: &str = "/territoire/communes";

/// « Gap (05000) »: the name of a commune, and its postal code.
fn with_code(text: &str) -> (&str, Option<&str>) {
    let parts = text.strip_suffix(')').and_then(|text| text.rsplit_once('('));
    let is_code = |code: &str| code.len() == 5 && code.bytes().all(|byte| byte.is_ascii_digit());
    match parts.filter(|(_, code)| is_code(code)) {
        Some((name, code)) => (name.trim_end(), Some(code)),
        None => (text, None),
    }
}

impl Sink<'_> {
    /// Adds the rows of a table to the records that follow, by key.
    pub fn attach(&mut self, attached: Attached) {
        self.attached.push(attached);
    }

    /// A row of an attached table whose key no record has: its table, its line and the key.
    pub fn orphan(&self) -> Option<(Arc<str>, u64, &str)> {
        self.attached.iter().find_map(|table| {
            let (key, rows) = table.rows.iter().next()?;
            Some((Arc::clone(&table.name), rows.first()?.view().line, key.as_str()))
        })
    }

    /// Makes records of the rows of the attached tables whose PTCE no other table holds, and tells their names.
    pub fn release(&mut self) -> Result<()> {
        /// A list that goes on says no more.
        const SHOWN: usize = 12;
        for Attached { name, labels, remarks, rows, by, .. } in std::mem::take(&mut self.attached) {
            let Some(first) = rows.values().flatten().map(OwnedRow::view).min_by_key(|row| row.line) else {
                // What stands around a table that was joined is told with the table that it was joined to.
                let (table, after_labels) = (Some(name), self.layout.labels.len());
                self.remarks.extend(remarks.into_iter().map(|remark| Remark {
                    table: table.clone(),
                    after_labels,
                    ..remark
                }));
                continue;
            };
            let key = labels.iter().position(|label| matches!(label.target, Target::Key));
            let shown = |name: &str| match self.unjoined.get(&telling(name)) {
                Some(near) => format!("{name} (≈\u{a0}{near})"),
                None => name.to_owned(),
            };
            let mut keys: Vec<String> =
                rows.values().filter_map(|rows| rows.first()?.view().value(key?)).take(SHOWN + 1).map(shown).collect();
            if keys.len() > SHOWN {
                keys[SHOWN] = "…".to_owned();
            }
            let (keys, line, column) = (keys.join(", "), first.line, key.map_or(1, |key| labels[key].column));
            self.begin_sheet(&name, false)?;
            self.remark(RemarkKind::Unmatched, keys, line, column)?;
            let offset = self.layout.labels.len() as u32;
            self.remarks.extend(
                remarks
                    .into_iter()
                    .map(|remark| Remark { after_labels: remark.after_labels + offset as usize, ..remark }),
            );
            for label in labels {
                let (target, reason) = match (label.target, &by) {
                    (Target::Key, By::Field(pointer)) => {
                        let field = Field::at(pointer).map_or(Target::Unknown, |field| Target::Field(field, None));
                        (field, Some(Reason::Listed))
                    }
                    (Target::Key, By::Label(_)) => (Target::Unknown, None),
                    (target, _) => (target, label.reason),
                };
                self.enter_beside(&[], label.text, Meant::new((target, reason)), label.line, label.column)?;
            }
            for rows in rows.values() {
                let mut rows = rows.iter().map(OwnedRow::view).zip(1..);
                let Some((first, _)) = rows.clone().next() else { continue };
                self.row(first.line, first.column);
                for (row, element) in &mut rows {
                    for cell in row.cells() {
                        let text = row.text(cell);
                        self.rows.push_composed(cell.label + offset, element, true, text, cell.line, cell.column);
                    }
                }
                self.commit()?;
            }
        }
        Ok(())
    }

    /// Adds to the row being filled those of the attached tables that have its key.
    pub(super) fn join(&mut self) -> Result<()> {
        for table in 0..self.attached.len() {
            if self.attached[table].is_first && self.attached[table].entered.is_empty() {
                self.enter_first(table)?;
            }
            let key = match &self.attached[table].by {
                By::Key => self.own_key()?,
                by => self.text_by(by).map(folded),
            };
            let Some(rows) = key.as_ref().and_then(|key| self.attached[table].rows.remove(key)) else {
                if self.unjoined.len() < MOST_UNJOINED
                    && let Some(name) = self.text_by(&self.attached[table].by)
                {
                    let name = name.to_owned();
                    self.unjoined.insert(telling(&name), name);
                }
                continue;
            };
            let before = self.last_rank(&self.attached[table].list);
            let own = self.rows.current().cells().len();
            for (row, element) in rows.iter().map(OwnedRow::view).zip(u64::from(before) + 1..) {
                let Ok(element) = u16::try_from(element) else {
                    let key = key.unwrap_or_default();
                    return Err(Error::new(
                        ErrorKind::Limit,
                        format!("la clé « {key} » a plus de {} lignes ; gardez celles de ce PTCE", u16::MAX),
                        format!("the key “{key}” has more than {} lines; keep those of this PTCE", u16::MAX),
                    )
                    .in_file(&format!("{}/{}", self.layout.file, self.attached[table].name))
                    .at(row.line, None));
                };
                for cell in row.cells() {
                    let label = self.label_of(table, cell.label)?;
                    let text = row.text(cell);
                    let (name, code) = match self.attached[table].list.as_str() {
                        COMMUNES => with_code(text),
                        _ => (text, None),
                    };
                    self.rows.push_composed(label, element, true, name, cell.line, cell.column);
                    let target = &self.layout.labels[label as usize].target;
                    let is_kind = self.attached[table].keeps_words
                        && matches!(target, Target::Field(field, _) if vocabulary::value(field.pointer, text).is_some());
                    // What is read as one of a few values is told as it stands, too.
                    if let Some(code) = code.or(Some(text).filter(|_| is_kind)) {
                        let own = &self.attached[table].labels[cell.label as usize];
                        let what = if is_kind { "tel quel" } else { "code postal" };
                        let said = (format!("{} ({what})", own.text), own.line, own.column);
                        let known = self.layout.labels.iter().position(|label| label.text == said.0);
                        let label = match known {
                            Some(known) => known as u32,
                            None => self.enter(said.0, Target::Aside, said.1, said.2)?,
                        };
                        self.rows.push_composed(label, element, true, code, cell.line, cell.column);
                    }
                }
            }
            if self.attached[table].is_first {
                self.rows.bring_forward(own);
            }
        }
        Ok(())
    }

    /// Enters the labels of a table whose values go before those of the table of the records.
    fn enter_first(&mut self, table: usize) -> Result<()> {
        for label in 0..self.attached[table].labels.len() as u32 {
            let rank = self.label_of(table, label)?;
            let Target::Field(field, None) = self.layout.labels[rank as usize].target else { continue };
            let layout = Arc::make_mut(&mut self.layout);
            let fills = |known: &&mut Label| {
                known.table.is_none() && matches!(known.target, Target::Field(own, None) if std::ptr::eq(own, field))
            };
            if matches!(field.kind, Kind::Text)
                && let Some(own) = layout.labels.iter_mut().find(fills)
            {
                own.target = Target::Taken(field);
            }
        }
        Ok(())
    }

    /// The key of the row being filled, in the column of keys; none when the row is blank.
    fn own_key(&self) -> Result<Option<String>> {
        let labels = &self.layout.labels;
        let Some(place) = labels.iter().position(|label| matches!(label.target, Target::Key)) else {
            return Err(Error::new(
                ErrorKind::Format,
                format!("la colonne « {KEY} » manque : sans elle, on ne sait pas quelles lignes des autres tables sont de ce PTCE"),
                format!("there is no column “{KEY}”: without it, nothing tells which lines of the other tables belong to this PTCE"),
            )
            .at(1, None));
        };
        match self.rows.current().value(place) {
            None if !self.rows.current().cells().is_empty() => Err(Error::new(
                ErrorKind::Format,
                format!("cette ligne n’a pas de {KEY} ; complétez-la"),
                format!("this line has no {KEY}; complete it"),
            )
            .at(self.rows.current().line, None)),
            key => Ok(key.map(str::to_owned)),
        }
    }

    /// The text of the row being filled by which the rows of a table are joined to it.
    fn text_by(&self, by: &By) -> Option<&str> {
        let is_key = |label: &Label| match by {
            By::Field(pointer) => matches!(label.target, Target::Field(field, _) if field.pointer == *pointer),
            By::Label(text) => label.table.is_none() && folded(&label.text) == *text,
            By::Key => false,
        };
        let place = self.layout.labels.iter().position(is_key)?;
        self.rows.current().value(place)
    }

    /// The rank of the last element of a list that the row being filled has of its own, counted from 1.
    fn last_rank(&self, list: &str) -> u16 {
        let rank = |cell: &Cell| match self.layout.labels[cell.label as usize].target {
            // A cell that lists elements has as many.
            Target::Field(field, None) if field.pointer == list && cell.element == 0 => {
                let text = self.rows.current().text(cell);
                let count = match field.kind {
                    Kind::Elements(listed, _) => listed(text).map_or(1, |listed| listed.len()),
                    _ => 1,
                };
                count.max(text.split([';', '|']).count()).min(usize::from(u16::MAX)) as u16
            }
            Target::Field(field, rank)
                if field.pointer.strip_prefix(list).is_some_and(|rest| rest.starts_with("/*")) =>
            {
                rank.unwrap_or(cell.element.max(1))
            }
            _ => 0,
        };
        self.rows.current().cells().iter().map(rank).max().unwrap_or(0)
    }

    /// The rank in the layout of a label of an attached table.
    fn label_of(&mut self, table: usize, label: u32) -> Result<u32> {
        let Attached { name, labels, entered, .. } = &self.attached[table];
        if let Some(known) = entered.get(label as usize).copied().flatten() {
            return Ok(known);
        }
        let (name, mut own) = (Arc::clone(name), labels[label as usize].clone());
        // Where the record has an address of its own, another table's is that of somebody else.
        let is_address =
            |label: &Label| matches!(label.target, Target::Field(field, _) if field.pointer.starts_with("/adresse/"));
        if is_address(&own) && self.layout.labels.iter().any(|label| label.table.is_none() && is_address(label)) {
            own.target = Target::Aside;
        }
        let rank = self.enter(own.text, own.target, own.line, own.column)?;
        let entered = &mut self.attached[table].entered;
        entered.resize(entered.len().max(label as usize + 1), None);
        entered[label as usize] = Some(rank);
        let label = &mut Arc::make_mut(&mut self.layout).labels[rank as usize];
        // In related tables, the name of the table and its own make the path of the field.
        (label.table, label.reason, label.usual) = (Some(name), own.reason.or(Some(Reason::Key)), own.usual);
        Ok(rank)
    }
}
