//! What is needed to speak of a record that has a twin, and the bytes by which it is kept until then.

/// What two records may have in common besides their key, as hashes; 0 where a record has nothing.
pub(super) type Traits = [u64; TRAITS];
const TRAITS: usize = 6;

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

    /// Writes details shorter than they are kept: to be sent to another machine, behind those of the record number `before`.
    pub fn pack(mut details: &[u8], before: u64, out: &mut Vec<u8>) {
        let index = number::<8>(&mut details);
        push_short(out, zigzag(index.wrapping_sub(before)));
        let mask_at = out.len();
        out.push(0);
        let mut mask = 0;
        for bit in 0..TRAITS {
            let (own, rest) = details.split_at(8);
            details = rest;
            if own.iter().any(|byte| *byte != 0) {
                mask |= 1 << bit;
                out.extend_from_slice(own);
            }
        }
        for bit in [TRAITS, TRAITS + 1] {
            let line = number::<8>(&mut details);
            let [column, label, length] = std::array::from_fn(|_| number::<4>(&mut details));
            let (text, rest) = details.split_at(length as usize);
            details = rest;
            if (line, column, label, length) != (0, 0, 0, 0) {
                mask |= 1 << bit;
                // Records stand some lines from the one before, and values some from their record.
                push_short(out, zigzag(line.wrapping_sub(index)));
                [column, label, length].iter().for_each(|number| push_short(out, *number));
                out.extend_from_slice(text);
            }
        }
        out[mask_at] = mask;
    }

    /// Reads what [`Details::pack`] wrote, which is then gone from the bytes, and appends it as it is kept; answers the index.
    /// `None` where it is damaged.
    pub fn unpack(bytes: &mut &[u8], before: u64, out: &mut Vec<u8>) -> Option<u64> {
        let index = before.wrapping_add(unzigzag(short(bytes)?));
        out.extend_from_slice(&index.to_le_bytes());
        let mask = take(bytes, 1)?[0];
        let is_in = |bit: usize| mask >> bit & 1 == 1;
        for bit in 0..TRAITS {
            out.extend_from_slice(if is_in(bit) { take(bytes, 8)? } else { &[0; 8] });
        }
        for bit in [TRAITS, TRAITS + 1] {
            if !is_in(bit) {
                out.extend_from_slice(&[0; Details::PLACE]);
                continue;
            }
            let line = index.wrapping_add(unzigzag(short(bytes)?));
            out.extend_from_slice(&line.to_le_bytes());
            let mut length = 0;
            for _ in 0..3 {
                length = u32::try_from(short(bytes)?).ok()?;
                out.extend_from_slice(&length.to_le_bytes());
            }
            out.extend_from_slice(take(bytes, length as usize)?);
        }
        Some(index)
    }
}

/// The next number of some bytes that we have written ourselves, of eight bytes or of as many as said.
pub(crate) fn number<const N: usize>(bytes: &mut &[u8]) -> u64 {
    let (number, rest) = bytes.split_at(N);
    *bytes = rest;
    number.iter().rev().fold(0, |number, byte| number << 8 | u64::from(*byte))
}

/// A difference as a number that is small where it is, whatever its sign.
fn zigzag(difference: u64) -> u64 {
    (difference << 1) ^ ((difference as i64 >> 63) as u64)
}

fn unzigzag(number: u64) -> u64 {
    (number >> 1) ^ (number & 1).wrapping_neg()
}

/// Writes a number in as few bytes as it needs, seven bits in each.
pub(crate) fn push_short(out: &mut Vec<u8>, mut number: u64) {
    while number > 0x7f {
        out.push(number as u8 | 0x80);
        number >>= 7;
    }
    out.push(number as u8);
}

/// Reads what [`push_short`] wrote.
pub(crate) fn short(bytes: &mut &[u8]) -> Option<u64> {
    let mut number = 0;
    for shift in (0..64).step_by(7) {
        let byte = take(bytes, 1)?[0];
        number |= u64::from(byte & 0x7f) << shift;
        if byte < 0x80 {
            return Some(number);
        }
    }
    None
}

/// The first bytes of some, as many as said, which are then gone.
pub(crate) fn take<'b>(bytes: &mut &'b [u8], length: usize) -> Option<&'b [u8]> {
    let (taken, rest) = bytes.split_at_checked(length)?;
    *bytes = rest;
    Some(taken)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_packed_comes_back() {
        let name = Some(("Œuvre", (12, 3, 1)));
        type Case = (u64, Traits, [Option<(&'static str, Cell)>; 2]);
        let cases: [Case; 5] = [
            (1, [0; 6], [None, None]),
            (7, [1, 0, u64::MAX, 0, 5, 6], [None, name]),
            (7, [9; 6], [Some(("", (u64::MAX, u32::MAX, 0))), name]),
            (u64::MAX, [0, 0, 0, 0, 0, 1], [Some(("a", (0, 0, 0))), None]),
            (300, [0; 6], [name, name]),
        ];
        let (mut packed, mut before, mut kept) = (Vec::new(), 0, Vec::new());
        for (index, traits, values) in cases {
            let mut details = Vec::new();
            Details::write(&mut details, index, traits, values);
            Details::pack(&details, before, &mut packed);
            kept.push(details);
            before = index;
        }
        let (mut bytes, mut before) = (packed.as_slice(), 0);
        for details in kept {
            let mut own = Vec::new();
            before = Details::unpack(&mut bytes, before, &mut own).unwrap();
            assert_eq!(own, details);
        }
        assert!(bytes.is_empty());
        for end in 0..packed.len() {
            let (mut bytes, mut before) = (&packed[..end], 0);
            while let Some(index) = Details::unpack(&mut bytes, before, &mut Vec::new()) {
                before = index;
            }
        }
    }
}
