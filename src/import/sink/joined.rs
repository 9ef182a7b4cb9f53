//! Tables whose rows belong to the records of another one, joined by a key.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::Sink;
use crate::error::{Error, ErrorKind, Result};
use crate::field::Field;
use crate::row::{Cell, Label, OwnedRow, Remark, RemarkKind, Target};
use crate::tables::KEY;
use crate::text::fold::folded;
use crate::vocabulary::{Meant, Reason};

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
    /// JSON Pointer of the field of the record that is the key, whose text is compared folded; without it, the key is the
    /// column of that name.
    pub by: Option<&'static str>,
    /// JSON Pointer of the list.
    pub list: String,
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
                let (target, reason) = match (label.target, by.and_then(Field::at)) {
                    (Target::Key, Some(field)) => (Target::Field(field, None), Some(Reason::Listed)),
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
            let key = match self.attached[table].by {
                None => self.own_key()?,
                Some(pointer) => self.key_at(pointer),
            };
            let Some(rows) = key.as_ref().and_then(|key| self.attached[table].rows.remove(key)) else {
                if self.unjoined.len() < MOST_UNJOINED
                    && let Some(name) = self.attached[table].by.and_then(|pointer| self.text_at(pointer))
                {
                    let name = name.to_owned();
                    self.unjoined.insert(telling(&name), name);
                }
                continue;
            };
            let before = self.last_rank(&self.attached[table].list);
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
                    self.rows.push_composed(label, element, true, row.text(cell), cell.line, cell.column);
                }
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

    /// The text of a field of the row being filled.
    fn text_at(&self, pointer: &str) -> Option<&str> {
        let is_key = |label: &Label| matches!(label.target, Target::Field(field, _) if field.pointer == pointer);
        let place = self.layout.labels.iter().position(is_key)?;
        self.rows.current().value(place)
    }

    /// The same, folded.
    fn key_at(&self, pointer: &str) -> Option<String> {
        self.text_at(pointer).map(folded)
    }

    /// The rank of the last element of a list that the row being filled has of its own, counted from 1.
    fn last_rank(&self, list: &str) -> u16 {
        let rank = |cell: &Cell| match self.layout.labels[cell.label as usize].target {
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
        let Attached { name, labels, .. } = &self.attached[table];
        let own = &labels[label as usize];
        let is_own =
            |known: &Label| known.table.as_ref() == Some(name) && known.column == own.column && known.text == own.text;
        if let Some(known) = self.layout.labels.iter().position(is_own) {
            return Ok(known as u32);
        }
        let (name, own) = (Arc::clone(name), own.clone());
        let rank = self.enter(own.text, own.target, own.line, own.column)?;
        let label = &mut Arc::make_mut(&mut self.layout).labels[rank as usize];
        // In related tables, the name of the table and its own make the path of the field.
        (label.table, label.reason, label.usual) = (Some(name), own.reason.or(Some(Reason::Key)), own.usual);
        Ok(rank)
    }
}
