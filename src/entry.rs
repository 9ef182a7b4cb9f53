//! A record together with the row it was read from, so that any part of it can be found in the source.

use std::cell::OnceCell;
use std::sync::Arc;

use crate::address::streets::{Street, look_at};
use crate::field::{Fields, Moved};
use crate::location::Location;
use crate::mapping::Places;
use crate::record::{Map, Number, Record, Source, Text};
use crate::reference::departments::{self, Department};
use crate::reference::postal_codes::{self, Agreement};
use crate::row::{Arrangement, Cell, Label, Layout, OwnedRow, Row, Target};

/// A record and its origin, as the rules look at them: nothing of it is its own.
pub struct Entry<'a> {
    /// Number of the record in its file, counted from 1.
    pub index: u64,
    /// The record.
    pub record: &'a Record<&'a str>,
    row: Row<'a>,
    pub(crate) layout: &'a Layout,
    /// What was read from the cell of another field.
    moved: &'a [Moved],
    /// Looked up once, for several rules ask, and every finding.
    present: OnceCell<Fields>,
    postal_agreement: OnceCell<Option<Agreement>>,
    street: OnceCell<Option<Street>>,
    departments: OnceCell<Vec<&'static Department>>,
    places: OnceCell<Places>,
}

/// A record and its origin, to keep.
#[derive(Debug, Clone)]
pub struct OwnedEntry {
    /// Number of the record in its file, counted from 1.
    pub index: u64,
    /// The record.
    pub record: Record,
    row: OwnedRow,
    layout: Arc<Layout>,
    moved: Vec<Moved>,
}

impl OwnedEntry {
    pub(crate) fn new(entry: &Entry<'_>, layout: &Arc<Layout>) -> OwnedEntry {
        OwnedEntry {
            index: entry.index,
            record: entry.record.map(&mut |text: &&str| (*text).to_owned()),
            row: entry.row.to_owned(),
            layout: Arc::clone(layout),
            moved: entry.moved.to_vec(),
        }
    }

    /// The place in the source of the value at a JSON Pointer of the record; of an absent value, the place where it
    /// would stand; of the empty pointer, the place of the record.
    pub fn location(&self, pointer: &str) -> Location {
        let record = self.record.map(&mut String::as_str);
        Entry::new(self.index, &record, self.row.view(), &self.layout, &self.moved).location(pointer)
    }

    /// The row that the record was read from.
    pub(crate) fn row(&self) -> Row<'_> {
        self.row.view()
    }

    /// What that row shares with the others of its table.
    pub(crate) fn layout(&self) -> &Layout {
        &self.layout
    }

    /// The record, with its origin filled in unless the source gave one.
    pub fn into_record(self) -> Record {
        let OwnedEntry { mut record, row, layout, .. } = self;
        fill_origin(&mut record.source, &layout, row.view().line);
        record
    }
}

/// Says where a record came from, unless the source gave it an origin.
pub(crate) fn fill_origin<'a, T: Text + From<&'a str>>(source: &mut Source<T>, layout: &'a Layout, line: u64) {
    if source.file.is_none() {
        let name = layout.file.rsplit(['/', '\\']).next().unwrap_or_default();
        source.file = Some(name).filter(|name| *name != "-").map(T::from);
        source.sheet = layout.sheet.as_deref().map(T::from);
        source.line = Some(Number::from(line));
    }
}

impl<'a> Entry<'a> {
    pub(crate) fn new(
        index: u64,
        record: &'a Record<&'a str>,
        row: Row<'a>,
        layout: &'a Layout,
        moved: &'a [Moved],
    ) -> Entry<'a> {
        Entry {
            index,
            record,
            row,
            layout,
            moved,
            present: OnceCell::new(),
            postal_agreement: OnceCell::new(),
            street: OnceCell::new(),
            departments: OnceCell::new(),
            places: OnceCell::new(),
        }
    }

    /// The entry of a record that is known to have these fields, though it may not hold all of them.
    pub(crate) fn with_present(self, has: Fields) -> Entry<'a> {
        Entry { present: OnceCell::from(has), ..self }
    }

    /// The row that the record was read from.
    pub(crate) fn row(&self) -> Row<'a> {
        self.row
    }

    /// The fields that the record has a value of.
    pub(crate) fn present(&self) -> Fields {
        *self.present.get_or_init(|| self.record.present())
    }

    /// How the postal code of the address goes with its commune; `None` when either is missing.
    pub(crate) fn postal_agreement(&self) -> Option<Agreement> {
        let address = &self.record.address;
        *self.postal_agreement.get_or_init(|| {
            let (code, commune) = (address.postal_code?, address.commune?);
            Some(postal_codes::agreement(code, commune))
        })
    }

    /// What the line of the street looks like; `None` when there is none.
    pub(crate) fn street(&self) -> Option<Street> {
        *self.street.get_or_init(|| self.record.address.street.map(look_at))
    }

    /// The departments that the record declares and that are known, each once: a list may have thousands of elements.
    pub(crate) fn departments(&self) -> &[&'static Department] {
        self.departments.get_or_init(|| {
            let mut known = Vec::new();
            for given in &self.record.territory.departments {
                if let Some(department) = departments::meant(given.code, given.name)
                    && !known.contains(&department)
                {
                    known.push(department);
                }
            }
            known
        })
    }

    /// The place in the source of the value at a JSON Pointer of the record; of an absent value, the place where it
    /// would stand; of the empty pointer, the place of the record.
    pub fn location(&self, pointer: &str) -> Location {
        let layout = self.layout;
        let pointer = self.moved.iter().find(|moved| moved.to == pointer).map_or(pointer, |moved| moved.from);
        // A field in no list is found without going through the ranks of lists; what is in one stands in none of its own.
        // Only an element has a digit in its pointer.
        let is_element = pointer.bytes().any(|byte| byte.is_ascii_digit());
        let cells = if is_element { &[] } else { self.row.cells() };
        let plain = cells.iter().find(|cell| self.is_of(cell.label, pointer));
        if let Some(cell) = plain.or_else(|| self.given_by(pointer)) {
            let label = &layout.labels[cell.label as usize];
            return layout.location(cell.line, Some(cell.column), Some(label));
        }
        if !layout.format.is_table() {
            // What is absent is placed at what should hold it: the contact, the list, the record.
            let holders = std::iter::successors(pointer.rsplit_once('/'), |(holder, _)| holder.rsplit_once('/'));
            let holder = holders
                .map(|(holder, _)| holder)
                .filter(|holder| !holder.is_empty())
                .find_map(|holder| self.given_by(holder));
            let (line, column) = holder.map_or((self.row.line, self.row.column), |cell| (cell.line, cell.column));
            let mut location = layout.location(line, Some(column), None);
            location.path = Some(pointer.trim_start_matches('/').to_owned()).filter(|path| !path.is_empty());
            return location;
        }
        let label = if pointer.is_empty() { None } else { self.label_for(pointer) };
        if layout.arrangement == Arrangement::Transposed {
            // The record is a column: what is absent is missing there, in the row of its label.
            let line = label.map_or(self.row.line, |label| label.line);
            return layout.location(line, Some(self.row.column), label);
        }
        // In the table of a list, the row is that of the element.
        let element = label.and_then(|label| label.table.as_ref()).and_then(|_| pointer.rsplit_once('/'));
        let element = element.filter(|(element, _)| !element.is_empty());
        let element = element.and_then(|(element, _)| self.given_by(element));
        match (label.and_then(|label| label.table.as_ref()), element) {
            (Some(_), None) => layout.location(self.row.line, None, None),
            _ => {
                let line = element.map_or(self.row.line, |cell| cell.line);
                layout.location(line, label.map(|label| label.column), label)
            }
        }
    }

    /// The cell that gave the value at a JSON Pointer of the record.
    fn given_by(&self, pointer: &str) -> Option<&'a Cell> {
        self.places().cell_of(pointer).map(|cell| &self.row.cells()[cell])
    }

    fn places(&self) -> &Places {
        self.places.get_or_init(|| Places::of(self.row, self.layout))
    }

    /// The column where an absent value would stand: the one of its field, else the first of its group.
    fn label_for(&self, pointer: &str) -> Option<&Label> {
        let mut rank = None;
        let mut template = String::with_capacity(pointer.len());
        for step in pointer.split('/').skip(1) {
            match step.parse() {
                Ok(index) => {
                    rank = self.places().source_rank(&template, index);
                    template.push_str("/*");
                }
                Err(_) => {
                    template.push('/');
                    template.push_str(step);
                }
            }
        }
        let fields = || {
            self.layout.labels.iter().filter_map(|label| match label.target {
                Target::Field(field, label_rank) => Some((label, field.pointer, label_rank)),
                _ => None,
            })
        };
        let same_rank = |label_rank: Option<u16>| rank.is_none() || label_rank.unwrap_or(1) == rank.unwrap_or(1);
        let is_around = |field: &str| {
            field.strip_prefix(&template).is_some_and(|rest| rest.starts_with('/'))
                || template.strip_prefix(field).is_some_and(|rest| rest.starts_with("/*"))
        };
        fields()
            .find(|(_, field, label_rank)| *field == template && same_rank(*label_rank))
            .or_else(|| fields().find(|(_, field, _)| *field == template))
            .or_else(|| fields().find(|(_, field, _)| is_around(field)))
            .map(|(label, ..)| label)
    }

    /// Whether a label means the field at `pointer`.
    fn is_of(&self, label: u32, pointer: &str) -> bool {
        matches!(self.layout.labels[label as usize].target, Target::Field(field, _) if field.pointer == pointer)
    }

    /// Line, column and rank of the label of the field at `pointer`, which is in no list; the place of the record where
    /// the field has no value. Cheap enough for every record.
    pub(crate) fn cell_at(&self, pointer: &str) -> (u64, u32, u32) {
        match self.row.cells().iter().find(|cell| self.is_of(cell.label, pointer)) {
            Some(cell) => (cell.line, cell.column, cell.label),
            None => (self.row.line, self.row.column, 0),
        }
    }
}
