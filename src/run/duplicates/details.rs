//! What is needed to speak of a record that has a twin, and the bytes by which it is kept until then.

/// What two records may have in common besides their key, as hashes; 0 where a record has nothing.
pub(super) type Traits = [u64; 6];

/// The place of a value: line, column and index of its label.
pub(crate) type Cell = (u64, u32, u32);

/// The place of a record among all: the number of its source, and its rank in it.
pub(crate) type Position = (u32, u64);

/// What is needed to speak of a record that has a twin.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Details {
    /// Its place among all records.
    pub at: Position,
    /// Number of the record in its file, from 1.
    pub index: u64,
    /// Index of the layout in the run.
    pub layout: u32,
    pub id_at: Cell,
    pub name_at: Cell,
    /// The identifier and the name of the record; empty when it has none.
    pub id: String,
    pub name: String,
    pub(super) traits: Traits,
}

impl Details {
    /// Bytes before the identifier and the name: the index and the traits, eight for each.
    const HEAD: usize = 8 * 7;
    /// Bytes before the text of either: the line, the column, the label and the length.
    const PLACE: usize = 8 + 4 * 3;

    /// Writes the details of a record as [`Details::read`] reads them; `values` are its identifier and its name.
    pub(super) fn write(out: &mut Vec<u8>, index: u64, traits: Traits, values: [Option<(&str, Cell)>; 2]) {
        for number in [index].into_iter().chain(traits) {
            out.extend_from_slice(&number.to_le_bytes());
        }
        for (value, (line, column, label)) in values.map(Option::unwrap_or_default) {
            out.extend_from_slice(&line.to_le_bytes());
            for number in [column, label, value.len() as u32] {
                out.extend_from_slice(&number.to_le_bytes());
            }
            out.extend_from_slice(value.as_bytes());
        }
    }

    /// The details of a record as they are written, of which its place and its layout are no part.
    pub(super) fn read(mut details: &[u8], at: Position, layout: u32) -> Details {
        let index = number::<8>(&mut details);
        let traits = std::array::from_fn(|_| number::<8>(&mut details));
        let mut value = || {
            let line = number::<8>(&mut details);
            let [column, label, length] = std::array::from_fn(|_| number::<4>(&mut details) as u32);
            let (text, rest) = details.split_at(length as usize);
            details = rest;
            ((line, column, label), String::from_utf8_lossy(text).into_owned())
        };
        let ((id_at, id), (name_at, name)) = (value(), value());
        Details { at, index, layout, id_at, name_at, id, name, traits }
    }

    /// The index of the record in its file, from its details as they are written.
    pub fn index(details: &[u8]) -> u64 {
        number::<8>(&mut &details[..8])
    }

    /// The labels of the identifier and of the name.
    pub fn labels(details: &[u8]) -> [u32; 2] {
        let mut values = &details[Details::HEAD..];
        [(); 2].map(|()| {
            let [_, label, length] = std::array::from_fn(|at| number::<4>(&mut &values[8 + at * 4..][..4]) as u32);
            values = &values[Details::PLACE + length as usize..];
            label
        })
    }

    /// Whether details that come from elsewhere are written as they should be.
    pub fn are_whole(details: &[u8]) -> bool {
        let value = |rest: &[u8]| -> Option<usize> {
            let length = number::<4>(&mut rest.get(8 + 4 * 2..Details::PLACE)?) as usize;
            Some(Details::PLACE + length).filter(|end| *end <= rest.len())
        };
        let Some(values) = details.get(Details::HEAD..) else { return false };
        let Some(first) = value(values) else { return false };
        value(&values[first..]) == Some(values.len() - first)
    }
}

/// The next number of some bytes that we have written ourselves, of eight bytes or of as many as said.
pub(crate) fn number<const N: usize>(bytes: &mut &[u8]) -> u64 {
    let (number, rest) = bytes.split_at(N);
    *bytes = rest;
    number.iter().rev().fold(0, |number, byte| number << 8 | u64::from(*byte))
}
