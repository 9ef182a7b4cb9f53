//! From labelled values to a record: each value goes to the field that its label means; what no field can take is kept
//! in `source.autres`.

mod apart;
mod joint;
mod mended;
mod names;
mod plan;
mod streets;
mod territory;

use std::borrow::Cow;
use std::cell::OnceCell;
use std::collections::BTreeMap;
use std::ops::Range;

use bumpalo::Bump;

use crate::address;
use crate::field::{Field, Kind, Moved, code_and_name, fill, tell_heading};
use crate::reading::numbers::{self, Reading};
use crate::reading::{self, Told, Way};
use crate::record::{Map, Other, Record, Slot, singular};
use crate::reference::{departments, regions};
use crate::row::{Arrangement, Cell, Format, Label, Layout, Row, Target};
use crate::text::markup::entity;
use crate::text::people::Beside;
use crate::text::words::trimmed;
use crate::text::{lists, people, placeholder};

pub(crate) use apart::may_be_block;
pub(crate) use mended::{EXAMPLES, Mended};
use names::{Around, NAME, before_name, further, is_before_name, is_first_name, is_name, rank_of, whole_name};
pub(crate) use plan::Plan;
use plan::Step;

/// Something that a finding must tell about a value while the record was built.
#[derive(Debug)]
pub(crate) struct Note {
    pub code: &'static str,
    pub pointer: String,
    /// Index of the cell in the row; `None` where the pointer tells it.
    pub cell: Option<usize>,
    /// What was read in it, or could be.
    pub told: Option<Told>,
}

/// What is known of a record beside its values; its memory serves again for the next record.
#[derive(Debug, Default)]
pub(crate) struct Built {
    pub notes: Vec<Note>,
    pub moved: Vec<Moved>,
    ranks: Ranks,
    left: Vec<(usize, Option<(&'static str, &'static Field)>)>,
    /// Numbers that were read, or have two readings.
    numbers: Vec<(usize, &'static Field, Told)>,
}

/// The elements of the lists of a record, without gaps: a source may fill contact 2 and leave contact 1 blank.
#[derive(Debug, Default)]
struct Ranks {
    lists: Vec<ListRanks>,
    /// Cells that were taken apart, and hold words that are of no part.
    kept: Vec<usize>,
    /// Cells that do not hold the parts which their labels join, with the first of their fields.
    unparted: Vec<(usize, &'static Field)>,
}

/// The elements of one list.
#[derive(Debug, Default)]
struct ListRanks {
    /// The number of the list among the fields.
    list: u8,
    /// The ranks met, which the source gives; the index of an element is the place of its rank here.
    met: Vec<u16>,
    /// The rank looked for last, and its index: the values of an element stand side by side.
    last: Option<(u16, usize)>,
    /// The index of each rank, once there are many.
    indexes: BTreeMap<u16, usize>,
    /// How many elements cells have given that hold several.
    length: usize,
    /// How many of these came before the first rank.
    before: usize,
}

impl ListRanks {
    fn index(&mut self, rank: u16) -> usize {
        /// As many as are looked through one by one.
        const FEW: usize = 16;
        if let Some((_, index)) = self.last.filter(|(last, _)| *last == rank) {
            return self.before + index;
        }
        let known = match self.indexes.is_empty() {
            true => self.met.iter().position(|met| *met == rank),
            false => self.indexes.get(&rank).copied(),
        };
        let index = known.unwrap_or_else(|| {
            // Elements of another table come behind those that a cell of the record has given.
            if self.met.is_empty() && usize::from(rank) > self.length {
                self.before = self.length;
            }
            self.met.push(rank);
            match self.met.len() {
                0..=FEW => {}
                _ if self.indexes.is_empty() => self.indexes.extend(self.met.iter().copied().zip(0..)),
                length => {
                    self.indexes.insert(rank, length - 1);
                }
            }
            self.met.len() - 1
        });
        self.last = Some((rank, index));
        self.before + index
    }
}

impl Ranks {
    fn restart(&mut self) {
        self.kept.clear();
        self.unparted.clear();
        for list in &mut self.lists {
            list.met.clear();
            list.indexes.clear();
            (list.last, list.length, list.before) = (None, 0, 0);
        }
    }

    fn of(&mut self, field: &Field) -> &mut ListRanks {
        let list = field.list_number();
        let known = self.lists.iter().position(|known| known.list == list);
        let at = known.unwrap_or_else(|| {
            self.lists.push(ListRanks { list, ..ListRanks::default() });
            self.lists.len() - 1
        });
        &mut self.lists[at]
    }

    /// Takes the elements of a row in the order of the ranks that its labels give them.
    fn expect(&mut self, row: Row<'_>, plan: &Plan) {
        let mut named: Vec<(u16, &'static Field)> = row
            .cells()
            .iter()
            .filter_map(|cell| match plan.steps[cell.label as usize] {
                Step::Open(field, Some(rank)) if matches!(field.kind, Kind::ElementText) => Some((rank, field)),
                _ => None,
            })
            .collect();
        named.sort_unstable_by_key(|(rank, _)| *rank);
        for (rank, field) in named {
            self.dense(field, rank);
        }
    }

    /// Adds the elements that a cell gives: after those that other columns have made, not in their place. `visit` takes the index of
    /// the first and answers how many there are.
    fn list(&mut self, field: &Field, visit: impl FnOnce(usize) -> usize) {
        let list = self.of(field);
        let first = list.length.max(list.before + list.met.len());
        let given = visit(first);
        self.of(field).length = first + given;
    }

    /// The index of the element of a rank of the list that a field is in, counted from 0 without gaps.
    fn dense(&mut self, field: &Field, rank: u16) -> usize {
        self.of(field).index(rank)
    }
}

/// What a row is looked at with.
#[derive(Clone, Copy)]
pub(crate) struct Source<'t> {
    pub row: Row<'t>,
    pub layout: &'t Layout,
    pub plan: &'t Plan,
    /// Where texts live that the row does not hold as they are.
    pub texts: &'t Bump,
    /// Whether texts stay as they were typed, where the field has one way of writing its values.
    pub as_typed: bool,
}

/// A text for as long as the texts beside the rows live.
pub(crate) fn kept<'t>(text: Cow<'t, str>, texts: &'t Bump) -> &'t str {
    match text {
        Cow::Borrowed(text) => text,
        Cow::Owned(text) => texts.alloc_str(&text),
    }
}

impl<'t> Source<'t> {
    /// A text for as long as the record lives.
    fn kept(&self, text: Cow<'t, str>) -> &'t str {
        kept(text, self.texts)
    }

    /// The field of a cell, with the rank that its label names. Of two labels of one field, the second serves where the first
    /// one has no value: a mobile number, where there is no other.
    fn field_of(&self, cell: &Cell) -> Option<(&'static Field, Option<u16>)> {
        let Source { row, layout, plan, .. } = *self;
        match plan.steps[cell.label as usize] {
            Step::Text(field) => Some((field, None)),
            Step::Open(field, rank) => Some((field, rank)),
            Step::FallBack(field) => {
                let rank = rank_of(cell, layout);
                let is_own = |cell: &&Cell| match plan.steps[cell.label as usize] {
                    Step::Text(known) | Step::Open(known, None) => std::ptr::eq(known, field),
                    _ => false,
                };
                let is_taken = |cell: &&Cell| {
                    matches!(plan.steps[cell.label as usize], Step::Keep | Step::FallBack(_))
                        && matches!(layout.labels[cell.label as usize].target, Target::Taken(known) if std::ptr::eq(known, field))
                };
                let mut of_rank = row.cells().iter().filter(|other| rank_of(other, layout) == rank);
                if of_rank.clone().any(|other| is_own(&other)) {
                    return None;
                }
                let first = of_rank.find(is_taken);
                first.is_some_and(|first| std::ptr::eq(first, cell)).then_some((field, None))
            }
            Step::Joint | Step::Keep | Step::Pass => None,
        }
    }
}

/// Calls `visit` for each value that has a field, with its text and the index of its (first) element; `visit` answers
/// how many elements a list value gave. The one order in which records are built and looked up.
fn walk<'t>(
    source: &Source<'t>,
    ranks: &mut Ranks,
    mut visit: impl FnMut(usize, &Cell, &'static Field, usize, &'t str) -> usize,
) {
    let Source { row, layout, plan, .. } = *source;
    ranks.restart();
    if layout.is_unordered {
        ranks.expect(row, plan);
    }
    let has_several_names = OnceCell::new();
    for (index, cell) in row.cells().iter().enumerate() {
        let text = row.text(cell);
        if let Step::Text(field) = plan.steps[cell.label as usize] {
            let whole = match layout.has_parts && field.pointer == STREET {
                true => streets::whole(row, layout, text),
                false => None,
            };
            visit(index, cell, field, 0, whole.map_or(text, |whole| source.kept(Cow::Owned(whole))));
            continue;
        }
        if let Step::Joint = plan.steps[cell.label as usize] {
            joint::walk(source, (index, cell, text), ranks, &mut visit);
            continue;
        }
        let Some((field, rank)) = source.field_of(cell) else { continue };
        match field.kind {
            Kind::Text | Kind::Number => {
                visit(index, cell, field, 0, text);
            }
            // A column without a rank speaks of all elements: `a@example.org;b@example.org` are two mailboxes. A whole
            // contact in one cell is taken apart.
            Kind::ElementText => {
                // A row of a table for each contact may still have several in one cell.
                let is_whole = rank.is_none() && is_whole(layout, cell);
                let is_flat = is_whole && !cell.single && is_alone(row, cell);
                let is_of_row = rank.is_none()
                    && cell.element > 0
                    && (!cell.single && layout.arrangement == Arrangement::Table || is_whole && !is_flat);
                let is_one = rank.is_some() || cell.element > 0 && !is_of_row && !is_flat;
                let is_beside_list = is_flat && is_beside_elements(row, layout, cell);
                let rank = rank.unwrap_or(if is_beside_list { BESIDE } else { cell.element.max(1) });
                let text = source.kept(whole_name(row, layout, cell));
                let only = Some(rank).filter(|_| is_of_row);
                let around = Around { row, layout, plan, has_several_names: &has_several_names, only };
                if let Some(cell_of_people) = people::in_cell(field.pointer, text, is_one, &around) {
                    if field.pointer != NAME.pointer && !is_of_row {
                        // People come in the order of their names, though their mailboxes stand before these.
                        for (rank, _) in (1..).zip(around.people()).filter(|(_, person)| person.name.is_some()) {
                            ranks.dense(field, rank);
                        }
                    }
                    if cell_of_people.has_rest {
                        ranks.kept.push(index);
                    }
                    for part in cell_of_people.parts {
                        let Some(field) = Field::at(part.pointer) else { continue };
                        let rank = match part.person {
                            0 => rank,
                            person if is_of_row => further(rank, person),
                            person => rank.saturating_add(person),
                        };
                        let place = ranks.dense(field, rank);
                        visit(index, cell, field, place, source.kept(part.text));
                    }
                } else if !is_one && holds_several(text) {
                    for (value, rank) in values(field, text, false).zip(1..) {
                        visit(index, cell, field, ranks.dense(field, rank), source.kept(value));
                    }
                } else {
                    visit(index, cell, field, ranks.dense(field, rank), text);
                }
            }
            // It is read with the name; where there is none, it is all that is known of the person.
            Kind::BeforeName => {
                let rank = rank_of(cell, layout);
                let of_name = |other: &&Cell| is_before_name(other, layout) && rank_of(other, layout) == rank;
                let first = row.cells().iter().find(of_name);
                let has_name = row.cells().iter().any(|other| is_name(other, layout) && rank_of(other, layout) == rank);
                if has_name {
                    continue;
                }
                // A title alone is nobody.
                match row.cells().iter().filter(of_name).any(|other| is_first_name(other, layout)) {
                    false => ranks.kept.push(index),
                    true if first.is_some_and(|first| std::ptr::eq(first, cell)) => {
                        let whole = source.kept(Cow::Owned(before_name(row, layout, rank)));
                        visit(index, cell, *NAME, ranks.dense(*NAME, rank), whole);
                    }
                    true => {}
                }
            }
            // The text of an element among others of its kind, whose code may stand in an attribute.
            Kind::Elements(listed, _)
                if cell.element > 0 && (cell.single || !(holds_several(text) || listed(text).is_some())) =>
            {
                visit(index, cell, field, ranks.dense(field, cell.element), text);
            }
            Kind::Texts(_) | Kind::Elements(..) => {
                ranks.list(field, |first| visit(index, cell, field, first, text));
            }
            // It is read with the name of the street; where there is none, it is all that is known of the street.
            Kind::BeforeStreet => {
                if streets::gives_line(row, layout, cell)
                    && let (Some(whole), Some(street)) = (streets::whole(row, layout, ""), Field::at(STREET))
                {
                    visit(index, cell, street, 0, source.kept(Cow::Owned(whole)));
                }
            }
            Kind::Groups => {}
        }
    }
}

/// The field of the line of a street.
const STREET: &str = "/adresse/voie";

/// Whether a text stands in a tree where a whole element, or a list of them, is wanted, or under one flat key: its name tells
/// no more than the head of a column does.
fn is_whole(layout: &Layout, cell: &Cell) -> bool {
    let is_tree = matches!(layout.format, Format::Json | Format::Ndjson | Format::Xml);
    is_tree && {
        let path = &layout.labels[cell.label as usize].text;
        path.split_once('/').is_none_or(|(list, element)| singular(list) == element)
    }
}

/// The rank of the contact that flat keys make beside a list of contacts.
const BESIDE: u16 = 0x7fff;

/// Whether a flat key of a tree, « courriel », stands beside elements that have one of their own, « contacts/courriel »: it is
/// that of nobody among them.
fn is_beside_elements(row: Row<'_>, layout: &Layout, cell: &Cell) -> bool {
    let field = |cell: &Cell| match layout.labels[cell.label as usize].target {
        Target::Field(field, _) => Some(field),
        _ => None,
    };
    let Some(own) = field(cell) else { return false };
    let is_of_element = |other: &Cell| {
        layout.labels[other.label as usize].text.contains('/')
            && field(other).is_some_and(|field| std::ptr::eq(field, own))
    };
    row.cells().iter().any(is_of_element)
}

/// Whether no other cell of a row has the same label.
fn is_alone(row: Row<'_>, cell: &Cell) -> bool {
    row.cells().iter().all(|other| other.label != cell.label || std::ptr::eq(other, cell))
}

/// Whether a cell may hold several values.
fn holds_several(text: &str) -> bool {
    separator(text).is_some()
}

/// Where the first `|` or `;` stands that parts two values: one that ends `&eacute;` is a piece of a letter.
fn separator(text: &str) -> Option<usize> {
    /// Bytes of the longest code of a letter.
    const LONGEST: usize = 10;
    let bytes = text.as_bytes();
    let ends_letter = |at: usize| {
        let from = at.saturating_sub(LONGEST);
        let begin = memchr::memrchr(b'&', &bytes[from..at]).map(|found| from + found);
        begin.is_some_and(|begin| entity(&text[begin..]).is_some_and(|(length, _)| begin + length == at + 1))
    };
    memchr::memchr2_iter(b'|', b';', bytes).find(|at| bytes[*at] == b'|' || !ends_letter(*at))
}

/// The values in one cell: split at `|` or `;`, where a backslash makes either one part of the value; without these, as
/// the field itself tells several apart.
pub(crate) fn values<'a>(field: &Field, text: &'a str, single: bool) -> impl Iterator<Item = Cow<'a, str>> + use<'a> {
    // Under a heading, commas and lines part partners as well: « Collectivités : Mairie, CCI ; Entreprises : Scierie ».
    let has_headings = field.pointer == "/partenaires" && memchr::memchr(b':', text.as_bytes()).is_some();
    let is_split = !single && holds_several(text) && !(has_headings && lists::has_headings(text));
    let listed = match field.kind {
        Kind::Texts(listed) | Kind::Elements(listed, _) if !single && !is_split => listed(text),
        _ => None,
    };
    let has_escapes = !single && memchr::memchr(b'\\', text.as_bytes()).is_some();
    // Nearly no text has a code of a letter, whose end is no separator.
    let has_codes = is_split && memchr::memchr(b'&', text.as_bytes()).is_some();
    let mut rest = if listed.is_some() { None } else { Some(text) };
    let mut is_behind_semicolon = false;
    let split = std::iter::from_fn(move || {
        while let Some(text) = rest.take() {
            let value = if has_escapes {
                let (value, after) = unescaped(text);
                rest = after;
                Cow::Owned(value.trim().to_owned())
            } else if is_split {
                let end = if has_codes { separator(text) } else { memchr::memchr2(b'|', b';', text.as_bytes()) };
                rest = end.map(|at| &text[at + 1..]);
                // « bois;#laine » is a list of SharePoint.
                let value = &text[..end.unwrap_or(text.len())];
                let is_marked =
                    std::mem::replace(&mut is_behind_semicolon, end.is_some_and(|at| text.as_bytes()[at] == b';'));
                Cow::Borrowed(trimmed(if is_marked { value.strip_prefix('#').unwrap_or(value) } else { value }))
            } else {
                Cow::Borrowed(text)
            };
            if !value.is_empty() {
                return Some(value);
            }
        }
        None
    });
    split.chain(listed.into_iter().flatten().map(Cow::Owned))
}

/// Where the values in one cell stand that [`values`] tells apart; the whole of it where they do not stand there as they are.
fn values_within(field: &Field, text: &str) -> Vec<Range<usize>> {
    let whole = 0..text.len();
    if !holds_several(text) {
        let mut end = 0;
        let place = |value: Cow<'_, str>| {
            let start = end + text[end..].find(&*value)?;
            end = start + value.len();
            Some(start..end)
        };
        let places: Option<Vec<Range<usize>>> = values(field, text, false).map(place).collect();
        return places.unwrap_or_else(|| vec![whole]);
    }
    let has_escapes = memchr::memchr(b'\\', text.as_bytes()).is_some();
    let mut places = Vec::new();
    let mut rest = Some(text);
    while let Some(after) = rest {
        let start = text.len() - after.len();
        rest = match has_escapes {
            true => unescaped(after).1,
            false => separator(after).map(|at| &after[at + 1..]),
        };
        let end = rest.map_or(text.len(), |rest| text.len() - rest.len() - 1);
        if !text[start..end].trim().is_empty() {
            places.push(start..end);
        }
    }
    places
}

/// The text before the first separator without a backslash before it, and what follows.
fn unescaped(text: &str) -> (String, Option<&str>) {
    let mut value = String::with_capacity(text.len());
    let mut characters = text.char_indices().peekable();
    while let Some((at, c)) = characters.next() {
        match c {
            '\\' => match characters.next_if(|(_, next)| matches!(next, '|' | ';' | '\\')) {
                Some((_, escaped)) => value.push(escaped),
                None => value.push('\\'),
            },
            '|' | ';' => return (value, Some(&text[at + 1..])),
            c => value.push(c),
        }
    }
    (value, None)
}

/// Builds the record of a row in `record`, which is blank. What is noted, and the memory of `built`, are of this row alone.
pub(crate) fn build<'t>(source: &Source<'t>, record: &mut Record<&'t str>, built: &mut Built) {
    let Source { row, layout, plan, .. } = *source;
    let Built { notes, moved, ranks, left, numbers } = built;
    notes.clear();
    moved.clear();
    left.clear();
    numbers.clear();
    let repeated = |is_placed: bool| (!is_placed).then_some("repeated-label");
    walk(source, ranks, |index, cell, field, at, text| {
        let taken = match (field.kind, record.slot(field, at)) {
            (Kind::Elements(_, take), _) => {
                let (mut count, mut is_placed) = (0, true);
                for value in values(field, text, cell.single) {
                    is_placed &= take(record, at + count, source.kept(value));
                    if field.is_headed {
                        let heading = &layout.labels[cell.label as usize].text;
                        record.partners.get_mut(at + count).into_iter().for_each(|one| tell_heading(one, heading));
                    }
                    count += 1;
                }
                if !is_placed {
                    left.push((index, Some(("repeated-label", field))));
                }
                return count;
            }
            (_, Some(Slot::Text(place))) => repeated(fill(place, text)),
            (_, Some(Slot::Number(place))) => {
                match (place, numbers::read(field, text, layout.labels[cell.label as usize].groups)) {
                    (empty @ None, Some(Reading::Plain(number))) => {
                        *empty = Some(number);
                        None
                    }
                    (empty @ None, Some(Reading::Sure(number))) => {
                        let (was, value) = (text.to_owned(), number.to_string());
                        numbers.push((index, field, Told { was, value, other: None, way: Way::Number }));
                        *empty = Some(number);
                        None
                    }
                    (None, Some(Reading::Two(likelier, other))) => {
                        let (was, value, other) = (text.to_owned(), likelier.to_string(), Some(other.to_string()));
                        numbers.push((index, field, Told { was, value, other, way: Way::Number }));
                        Some("ambiguous-value")
                    }
                    (Some(_), Some(_)) => Some("repeated-label"),
                    (_, None) if crate::text::formula::is_error(text) => Some("formula-error"),
                    (_, None) if placeholder::says_nothing(text, field.pointer) => Some("placeholder-value"),
                    (_, None) => Some("wrong-type"),
                }
            }
            (_, Some(Slot::Texts(list))) => {
                let before = list.len();
                list.extend(values(field, text, cell.single).map(|value| source.kept(value)));
                return list.len() - before;
            }
            (_, Some(Slot::Group(_) | Slot::Groups(_)) | None) => None,
        };
        if let Some(code) = taken {
            left.push((index, Some((code, field))));
        }
        0
    });
    left.extend(ranks.kept.iter().map(|index| (*index, None)));
    left.extend(ranks.unparted.iter().map(|(index, field)| (*index, Some(("ambiguous-label", *field)))));
    if plan.may_keep {
        for (index, cell) in row.cells().iter().enumerate() {
            let is_key = matches!(plan.steps[cell.label as usize], Step::Pass);
            let is_joint = matches!(plan.steps[cell.label as usize], Step::Joint);
            if !is_key && !is_joint && source.field_of(cell).is_none() {
                left.push((index, None));
            }
        }
    }
    if !left.is_empty() {
        left.sort_unstable_by_key(|(index, _)| *index);
        for (index, problem) in left.drain(..) {
            let cell = &row.cells()[index];
            if let Some((code, field)) = problem {
                let kept = format!("/source/autres/{}", record.source.others.len());
                let is_of_field =
                    matches!(code, "formula-error" | "wrong-type" | "placeholder-value" | "ambiguous-value");
                let pointer = if is_of_field { field.pointer.to_owned() } else { kept };
                let is_told = |(at, ..): &(usize, &Field, Told)| code == "ambiguous-value" && *at == index;
                let told = numbers.iter().position(is_told).map(|at| numbers.swap_remove(at).2);
                notes.push(Note { code, pointer, cell: Some(index), told });
            }
            let label = layout.labels[cell.label as usize].text.as_str();
            record.source.others.push(Other {
                // A column without a header has no label: an empty value is an absent one.
                label: Some(label).filter(|label| !label.is_empty()),
                value: Some(row.text(cell)),
            });
        }
    }
    for (cell, field, told) in numbers.drain(..) {
        let pointer = field.pointer.to_owned();
        notes.push(Note { code: "value-understood", pointer, cell: Some(cell), told: Some(told) });
    }
    settle(source, record, moved);
    if !source.as_typed {
        let mut tell = |pointer, told| {
            notes.push(Note { code: "value-understood", pointer, cell: None, told: Some(told) });
        };
        reading::understand(record, source.texts, &mut tell);
    }
}

/// Gives the parts that stand in one cell each their own field. The cell's whole text is kept in `source.autres`.
fn settle<'t>(source: &Source<'t>, record: &mut Record<&'t str>, moved: &mut Vec<Moved>) {
    let Source { row, layout, .. } = *source;
    let block = apart::block(record, moved);
    territory::settle(record, moved);
    let is_settled = address::is_settled(&record.address);
    let reached = if is_settled { Vec::new() } else { apart::reach(record, moved) };
    let others = &mut record.source.others;
    let mut keep = |pointer: &str, text: &'t str| {
        let is_of = |label: &&'t Label| matches!(label.target, Target::Field(field, _) if field.pointer == pointer);
        let label = row.cells().iter().map(|cell| &layout.labels[cell.label as usize]).find(is_of);
        // What the name of the coordinator was parted from is kept with it.
        if label.is_none() && block.is_some_and(|whole| whole.contains(text)) {
            return;
        }
        others.push(Other { label: label.map(|label| label.text.as_str()), value: Some(text) });
    };
    block.map(|text| (apart::COORDINATOR, text)).into_iter().chain(reached).for_each(|(from, text)| keep(from, text));
    if !is_settled {
        let mut settled = record.address.map(&mut |text: &&str| (*text).to_owned());
        address::settle(&mut settled, moved, &mut |pointer, text| keep(pointer, source.kept(Cow::Owned(text))));
        record.address = settled.map(&mut |text: &String| &*source.texts.alloc_str(text));
    }
    // « 93 », « Bretagne (53) » in the column of the region.
    let region = &mut record.region;
    if region.code.is_none()
        && let Some(text) = region.name.take_if(|name| name.bytes().any(|byte| byte.is_ascii_digit()))
    {
        let (code, name) = code_and_name(text);
        let named: Vec<_> = name.iter().flat_map(|name| regions::named(name)).collect();
        let is_others = code.is_some_and(|code| !named.is_empty() && named.iter().all(|region| region.code != code));
        if is_others && code.and_then(departments::by_code).is_some() {
            // « Occitanie (31) »: the number is that of a department.
            region.name = name;
            keep("/region/nom", text);
        } else if code.is_some_and(regions::is_code) {
            moved.push(Moved { to: "/region/code", from: "/region/nom" });
            (region.code, region.name) = (code, name);
            if region.name.is_some() {
                keep("/region/nom", text);
            }
        } else {
            region.name = Some(text);
        }
    }
}

/// Which cells gave the values of a record: found out once, when something is wrong with it.
#[derive(Debug)]
pub(crate) struct Places {
    /// The values in the order in which they were given.
    given: Vec<Given>,
    /// Those of them that each element of a list got, by the list and the index of the element.
    of_elements: BTreeMap<(&'static str, usize), Vec<usize>>,
    /// The ranks that the source gives to the elements of each list.
    ranks: Ranks,
}

/// A value that a cell gave, or several of a list.
#[derive(Debug)]
struct Given {
    /// Index of the cell in its row.
    cell: usize,
    field: &'static Field,
    /// Index of the element, or of the first of them.
    first: usize,
    count: usize,
}

impl Places {
    pub(crate) fn of(row: Row<'_>, layout: &Layout) -> Places {
        let (plan, texts) = (Plan::of(layout), Bump::new());
        let source = Source { row, layout, plan: &plan, texts: &texts, as_typed: true };
        let mut places = Places { given: Vec::new(), of_elements: BTreeMap::new(), ranks: Ranks::default() };
        let given = &mut places.given;
        walk(&source, &mut places.ranks, |cell, of, field, first, text| {
            let count = if field.is_list() { values(field, text, of.single).count() } else { 1 };
            given.push(Given { cell, field, first, count });
            count
        });
        for (at, Given { field, first, count, .. }) in places.given.iter().enumerate() {
            if field.is_list() || field.list() != field.pointer {
                for index in *first..first + count {
                    places.of_elements.entry((field.list(), index)).or_default().push(at);
                }
            }
        }
        places
    }

    /// A pointer to a value that a cell gave, by its rank among these; to the first one where it gave fewer.
    fn pointer_of(&self, cell: usize, rank: usize) -> Option<String> {
        let given = self.given.iter().find(|given| given.cell == cell)?;
        if given.field.is_list() {
            let rank = if rank < given.count { rank } else { 0 };
            return Some(format!("{}/{}", given.field.pointer, given.first + rank));
        }
        let mut of_field =
            self.given.iter().filter(|other| other.cell == cell && std::ptr::eq(other.field, given.field));
        let Given { field, first, .. } = of_field.nth(rank).unwrap_or(given);
        Some(field.pointer.replacen('*', &first.to_string(), 1))
    }

    /// The rank that the source gives to the element of `list` whose own index is `index`, counted from 0.
    pub(crate) fn source_rank(&self, list: &str, index: usize) -> Option<u16> {
        let list = Field::all().iter().find(|field| field.pointer == list)?.number;
        self.ranks
            .lists
            .iter()
            .find(|known| known.list == list)
            .and_then(|known| known.met.get(index.checked_sub(known.before)?).copied())
    }

    /// The index of the cell that gave the value at a JSON Pointer of the record; of a group or an element, of its first one.
    pub(crate) fn cell_of(&self, pointer: &str) -> Option<usize> {
        match element_in(pointer) {
            Some((list, index, key)) => {
                let of_element = self.of_elements.get(&(list, index)).into_iter().flatten().map(|at| &self.given[*at]);
                let mut here = of_element.filter(|given| {
                    let own = given.field.pointer.split_once("/*/").map(|(_, own)| own);
                    given.field.is_list() || key.is_empty() || own == Some(key)
                });
                // A cell that gives whole elements stands for their values, unless these have a cell of their own.
                let first = here.clone().next();
                let own = here.find(|given| !given.field.is_list() || key.is_empty());
                own.or(first).map(|given| given.cell)
            }
            // The list or the group itself: the first of its values stands for it.
            None => {
                let is_here = |given: &&Given| {
                    let below = given.field.list().strip_prefix(pointer);
                    below.is_some_and(|below| below.is_empty() || below.starts_with('/'))
                };
                self.given.iter().find(is_here).map(|given| given.cell)
            }
        }
    }
}

/// The list, the index of the element and the key of the value that a pointer names, when it is that of an element.
fn element_in(pointer: &str) -> Option<(&str, usize, &str)> {
    let mut end = 0;
    for step in pointer.split('/').skip(1) {
        if let Ok(index) = step.parse() {
            let rest = &pointer[end + 1 + step.len()..];
            return Some((&pointer[..end], index, rest.strip_prefix('/').unwrap_or(rest)));
        }
        end += 1 + step.len();
    }
    None
}
