//! From labelled values to a record: each value goes to the field that its label means; what no field can take is kept
//! in `source.autres`.

mod names;
mod numbers;

use std::borrow::Cow;

use crate::address;
use crate::families;
use crate::field::{Field, Moved, Slot, code_and_name, fill};
use crate::people::{self, Beside};
use crate::record::{Other, Record};
use crate::reference::regions;
use crate::row::{Arrangement, Cell, Label, Layout, Row, Target};
use crate::text::placeholder;
use crate::vocabulary;
use names::{Around, NAME, before_name, further, is_before_name, is_first_name, is_name, rank_of, whole_name};
use numbers::number;

/// Something that a finding must tell about a value while the record was built.
#[derive(Debug)]
pub(crate) struct Note {
    pub code: &'static str,
    pub pointer: String,
    /// Rank of the cell in the row.
    pub cell: usize,
}

/// Ranks of the elements of lists, counted from 0 without gaps: a source may fill contact 2 and leave contact 1 blank.
#[derive(Debug, Default)]
pub(crate) struct Ranks {
    /// The elements met: list, and rank in the source. An element's own rank is its place among those of its list.
    met: Vec<(&'static str, u16)>,
    /// How many elements each list has got from cells that hold several.
    lengths: Vec<(&'static str, usize)>,
    /// Cells that were taken apart, and hold words that are of no part.
    kept: Vec<usize>,
}

impl Ranks {
    /// Takes the elements of a row in the order of the ranks that its labels give them.
    fn expect(&mut self, row: Row<'_>, layout: &Layout) {
        let named = row.cells().iter().filter_map(|cell| match layout.labels[cell.label as usize].target {
            Target::Field(field, Some(rank)) if matches!(field.slot, Slot::ElementText(_)) => {
                Some((field.list(), rank))
            }
            _ => None,
        });
        self.met.extend(named);
        self.met.sort_unstable();
        self.met.dedup();
    }

    fn dense(&mut self, list: &'static str, rank: u16) -> usize {
        let mut before = 0;
        for (known, known_rank) in &self.met {
            if *known == list {
                if *known_rank == rank {
                    return before;
                }
                before += 1;
            }
        }
        self.met.push((list, rank));
        before
    }
}

/// Calls `visit` for each value that has a field, with its text and the rank of its (first) element; `visit` answers
/// how many elements a list value gave. The one order in which records are built and looked up.
fn walk<'a>(
    row: Row<'a>,
    layout: &Layout,
    ranks: &mut Ranks,
    mut visit: impl FnMut(usize, &'a Cell, &'static Field, usize, &str) -> usize,
) {
    ranks.met.clear();
    ranks.lengths.clear();
    ranks.kept.clear();
    if layout.is_unordered {
        ranks.expect(row, layout);
    }
    for (index, cell) in row.cells().iter().enumerate() {
        let Some((field, rank)) = field_of(row, layout, cell) else { continue };
        let text = row.text(cell);
        match field.slot {
            Slot::Text(_) | Slot::Number(_) => {
                visit(index, cell, field, 0, text);
            }
            // A column without a rank speaks of all elements: `a@example.org;b@example.org` are two mailboxes. A whole
            // contact in one cell is taken apart.
            Slot::ElementText(_) => {
                // A row of a table for each contact may still have several in one cell.
                let is_of_row =
                    rank.is_none() && cell.element > 0 && !cell.single && layout.arrangement == Arrangement::Table;
                let is_one = rank.is_some() || cell.element > 0 && !is_of_row;
                let rank = rank.unwrap_or(cell.element.max(1));
                let whole = whole_name(row, layout, cell);
                let text = whole.as_ref();
                let around = Around { row, layout, only: Some(rank).filter(|_| is_of_row) };
                if let Some(cell_of_people) = people::in_cell(field.pointer, text, is_one, &around) {
                    if field.pointer != NAME.pointer && !is_of_row {
                        // People come in the order of their names, though their mailboxes stand before these.
                        for (rank, _) in (1..).zip(around.people()).filter(|(_, person)| person.name.is_some()) {
                            ranks.dense(field.list(), rank);
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
                        let place = ranks.dense(field.list(), rank);
                        visit(index, cell, field, place, &part.text);
                    }
                } else if !is_one && holds_several(text) {
                    for (value, rank) in values(field, text, false).zip(1..) {
                        visit(index, cell, field, ranks.dense(field.list(), rank), &value);
                    }
                } else {
                    visit(index, cell, field, ranks.dense(field.list(), rank), text);
                }
            }
            // It is read with the name; where there is none, it is all that is known of the person.
            Slot::BeforeName => {
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
                        let whole = before_name(row, layout, rank);
                        visit(index, cell, *NAME, ranks.dense(NAME.list(), rank), &whole);
                    }
                    true => {}
                }
            }
            // The text of an element among others of its kind, whose code may stand in an attribute.
            Slot::Elements(_, listed)
                if cell.element > 0 && (cell.single || !(holds_several(text) || listed(text).is_some())) =>
            {
                visit(index, cell, field, ranks.dense(field.pointer, cell.element), text);
            }
            Slot::Texts(..) | Slot::Elements(..) => {
                let lengths = &mut ranks.lengths;
                let known = lengths.iter().position(|(list, _)| *list == field.pointer);
                let place = known.unwrap_or_else(|| {
                    lengths.push((field.pointer, 0));
                    lengths.len() - 1
                });
                // After the elements that other columns have made, not in their place.
                let made = ranks.met.iter().filter(|(list, _)| *list == field.pointer).count();
                let first = ranks.lengths[place].1.max(made);
                ranks.lengths[place].1 = first + visit(index, cell, field, first, text);
            }
        }
    }
}

/// The field of a cell, with the rank that its label names. Of two labels of one field, the second serves where the first
/// one has no value: a mobile number, where there is no other.
fn field_of(row: Row<'_>, layout: &Layout, cell: &Cell) -> Option<(&'static Field, Option<u16>)> {
    match layout.labels[cell.label as usize].target {
        Target::Field(field, rank) => Some((field, rank)),
        Target::Taken(field) => {
            let is_of_field = |target: &Target| match target {
                Target::Field(known, None) | Target::Taken(known) => std::ptr::eq(*known, field),
                _ => false,
            };
            let mut first = row.cells().iter().filter(|other| {
                is_of_field(&layout.labels[other.label as usize].target)
                    && rank_of(other, layout) == rank_of(cell, layout)
            });
            let has_no_rank = layout
                .labels
                .iter()
                .any(|label| matches!(label.target, Target::Field(known, None) if std::ptr::eq(known, field)));
            (has_no_rank && first.next().is_some_and(|first| std::ptr::eq(first, cell))).then_some((field, None))
        }
        _ => None,
    }
}

/// Whether a cell may hold several values.
fn holds_several(text: &str) -> bool {
    memchr::memchr2(b'|', b';', text.as_bytes()).is_some()
}

/// The values in one cell: split at `|` or `;`, where a backslash makes either one part of the value; without these, as
/// the field itself tells several apart.
fn values<'a>(field: &Field, text: &'a str, single: bool) -> impl Iterator<Item = Cow<'a, str>> + use<'a> {
    let is_split = !single && holds_several(text);
    let listed = match field.slot {
        Slot::Texts(_, listed) | Slot::Elements(_, listed) if !single && !is_split => listed(text),
        _ => None,
    };
    let has_escapes = !single && memchr::memchr(b'\\', text.as_bytes()).is_some();
    let mut rest = if listed.is_some() { None } else { Some(text) };
    let split = std::iter::from_fn(move || {
        while let Some(text) = rest.take() {
            let value = if has_escapes {
                let (value, after) = unescaped(text);
                rest = after;
                Cow::Owned(value.trim().to_owned())
            } else if is_split {
                match memchr::memchr2(b'|', b';', text.as_bytes()) {
                    Some(at) => {
                        rest = Some(&text[at + 1..]);
                        Cow::Borrowed(text[..at].trim())
                    }
                    None => Cow::Borrowed(text.trim()),
                }
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

/// Builds the record of a row. What it notes down, and the ranks it counts, are of this row alone; their memory serves
/// again for the next.
pub(crate) fn record(row: Row<'_>, layout: &Layout, ranks: &mut Ranks, notes: &mut Vec<Note>) -> (Record, Vec<Moved>) {
    notes.clear();
    let mut record = Record::default();
    let repeated = |is_placed: bool| (!is_placed).then_some("repeated-label");
    let mut left: Vec<(usize, Option<(&'static str, &'static Field)>)> = Vec::new();
    walk(row, layout, ranks, |index, cell, field, rank, text| {
        let taken = match field.slot {
            // `walk` gives it with the name.
            Slot::BeforeName => None,
            Slot::Text(slot) => repeated(fill(slot(&mut record), text)),
            Slot::ElementText(slot) => repeated(fill(slot(&mut record, rank), text)),
            Slot::Number(slot) => match (slot(&mut record), number(field, text)) {
                (empty @ None, Some(number)) => {
                    *empty = Some(number);
                    None
                }
                (Some(_), Some(_)) => Some("repeated-label"),
                (_, None) if placeholder::says_nothing(text, field.pointer) => Some("placeholder-value"),
                (_, None) => Some("wrong-type"),
            },
            Slot::Texts(slot, _) => {
                let list = slot(&mut record);
                let before = list.len();
                list.extend(values(field, text, cell.single).map(Cow::into_owned));
                return list.len() - before;
            }
            Slot::Elements(slot, _) => {
                let (mut count, mut is_placed) = (0, true);
                for value in values(field, text, cell.single) {
                    is_placed &= slot(&mut record, rank + count, &value);
                    if field.is_headed {
                        head(&mut record, rank + count, &layout.labels[cell.label as usize].text);
                    }
                    count += 1;
                }
                if !is_placed {
                    left.push((index, Some(("repeated-label", field))));
                }
                return count;
            }
        };
        if let Some(code) = taken {
            left.push((index, Some((code, field))));
        }
        0
    });
    left.extend(ranks.kept.iter().map(|index| (*index, None)));
    for (index, cell) in row.cells().iter().enumerate() {
        let is_key = matches!(layout.labels[cell.label as usize].target, Target::Key);
        if !is_key && field_of(row, layout, cell).is_none() {
            left.push((index, None));
        }
    }
    if !left.is_empty() {
        left.sort_unstable_by_key(|(index, _)| *index);
        for (index, problem) in left {
            let cell = &row.cells()[index];
            if let Some((code, field)) = problem {
                let kept = format!("/source/autres/{}", record.source.others.len());
                let pointer =
                    if matches!(code, "wrong-type" | "placeholder-value") { field.pointer.to_owned() } else { kept };
                notes.push(Note { code, pointer, cell: index });
            }
            let label = layout.labels[cell.label as usize].text.as_str();
            record.source.others.push(Other {
                // A column without a header has no label: an empty value is an absent one.
                label: Some(label.to_owned()).filter(|label| !label.is_empty()),
                value: Some(row.text(cell).to_owned()),
            });
        }
    }
    let moved = settle(&mut record, row, layout);
    (record, moved)
}

/// Tells of a partner what the label of its list says: the heading, and the family where the heading names one.
fn head(record: &mut Record, rank: usize, label: &str) {
    if let Some(partner) = record.partners.get_mut(rank) {
        let family = partner.name.as_deref().and_then(|name| families::under_heading(name, label));
        partner.group.get_or_insert_with(|| label.to_owned());
        if partner.category.is_none() {
            partner.category = family.map(str::to_owned);
        }
    }
}

/// Gives the parts that stand in one cell each their own field. The cell's whole text is kept in `source.autres`.
fn settle(record: &mut Record, row: Row<'_>, layout: &Layout) -> Vec<Moved> {
    let mut moved = Vec::new();
    let others = &mut record.source.others;
    let mut keep = |pointer: &str, text: String| {
        let is_of = |label: &&Label| matches!(label.target, Target::Field(field, _) if field.pointer == pointer);
        let label = row.cells().iter().map(|cell| &layout.labels[cell.label as usize]).find(is_of);
        others.push(Other { label: label.map(|label| label.text.clone()), value: Some(text) });
    };
    address::settle(&mut record.address, &mut moved, &mut keep);
    // « Collectivités locales » for `collectivite`, as texts are read.
    for category in record.partners.iter_mut().filter_map(|partner| partner.category.as_mut()) {
        if let Some(value) = vocabulary::value("/partenaires/*/categorie", category) {
            value.clone_into(category);
        }
    }
    // « 93 », « Bretagne (53) » in the column of the region.
    let region = &mut record.region;
    if region.code.is_none()
        && let Some(text) = region.name.take_if(|name| name.bytes().any(|byte| byte.is_ascii_digit()))
    {
        let (code, name) = code_and_name(&text);
        if code.as_deref().is_some_and(regions::is_code) {
            moved.push(Moved { to: "/region/code", from: "/region/nom" });
            (region.code, region.name) = (code, name);
            if region.name.is_some() {
                keep("/region/nom", text);
            }
        } else {
            region.name = Some(text);
        }
    }
    moved
}

/// The rank that the source gives to the element of `list` whose own rank is `index`, counted from 0.
pub(crate) fn source_rank(row: Row<'_>, layout: &Layout, list: &str, index: usize) -> Option<u16> {
    let mut ranks = Ranks::default();
    walk(row, layout, &mut ranks, |_, _, _, _, _| 0);
    ranks.met.iter().filter(|(known, _)| *known == list).nth(index).map(|(_, rank)| *rank)
}

/// The cell that gave the value at a JSON Pointer of the record; of a group or an element, its first cell.
pub(crate) fn cell_of<'a>(row: Row<'a>, layout: &Layout, pointer: &str) -> Option<&'a Cell> {
    // A cell that gives whole elements stands for their values, unless these have a cell of their own.
    let (mut found, mut is_own) = (None, false);
    walk(row, layout, &mut Ranks::default(), |_, cell, field, rank, text| {
        let (list, rest) = field.pointer.split_once("/*").unwrap_or((field.pointer, ""));
        let count = if field.is_list() { values(field, text, cell.single).count() } else { 1 };
        let here = match pointer.strip_prefix(list) {
            // The list or the group itself: its first value stands for it.
            Some("") => true,
            Some(below) => match below.strip_prefix('/') {
                Some(below) if field.is_list() || !rest.is_empty() => {
                    let (index, key) = below.split_once('/').unwrap_or((below, ""));
                    let in_range = index.parse().is_ok_and(|index: usize| (rank..rank + count).contains(&index));
                    in_range && (field.is_list() || key.is_empty() || rest.strip_prefix('/') == Some(key))
                }
                _ => false,
            },
            // A group: the first of its values stands for it.
            None => list.strip_prefix(pointer).is_some_and(|below| below.starts_with('/')),
        };
        let gives_whole =
            field.is_list() && pointer.strip_prefix(list).is_some_and(|below| below.matches('/').count() > 1);
        if here && (found.is_none() || (!is_own && !gives_whole)) {
            (found, is_own) = (Some(cell), !gives_whole);
        }
        count
    });
    found
}
