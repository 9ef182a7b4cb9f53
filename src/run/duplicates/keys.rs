//! The keys of records, and what makes their texts comparable.

use xxhash_rust::xxh3::xxh3_64_with_seed;

use super::details::{Cell, Details};
use super::kinds::KINDS;
use super::names::{says_little, whole_word};
use crate::entry::Entry;
use crate::text::fold::{ASCII_LETTERS, accented, push_letters};

/// What makes a record the same as another one, as the source has it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Identity<'t> {
    /// The identifier and the name, each with the place of its cell.
    pub id: Option<(&'t str, Cell)>,
    pub name: Option<(&'t str, Cell)>,
    /// The commune of the address, else the first department.
    pub place: Option<&'t str>,
    /// The SIRET of the coordinator, else its SIREN.
    pub number: Option<&'t str>,
    /// The first mailbox of a contact.
    pub email: Option<&'t str>,
    pub street: Option<&'t str>,
    pub postal_code: Option<&'t str>,
}

impl<'t> Identity<'t> {
    /// What the record of an entry is known by.
    pub fn of(entry: &Entry<'t>) -> Identity<'t> {
        let record = entry.record;
        let department = || record.territory.departments.first().and_then(|given| given.code.or(given.name));
        let placed = |text: Option<&'t str>, pointer| text.map(|text| (text, entry.cell_at(pointer)));
        Identity {
            id: placed(record.id, "/id"),
            name: placed(record.name, "/nom"),
            place: record.address.commune.or_else(department),
            number: record.coordinator.siret.or(record.coordinator.siren),
            email: record.contacts.iter().find_map(|contact| contact.email),
            street: record.address.street,
            postal_code: record.address.postal_code,
        }
    }
}

/// The keys of the records of a batch.
#[derive(Debug, Clone, Default)]
pub(crate) struct Keys {
    /// For each record, the hash of each kind of key (0 where it has none), and where its details end.
    pub(super) hashes: Vec<([u64; KINDS], u32)>,
    /// The details, one after the other.
    pub(super) details: Vec<u8>,
    /// A text being made comparable.
    folded: Vec<u8>,
}

impl Keys {
    /// How many records there are.
    pub fn len(&self) -> usize {
        self.hashes.len()
    }

    /// The hashes and the details of each record.
    pub fn each(&self) -> impl Iterator<Item = (&[u64; KINDS], &[u8])> {
        let mut start = 0;
        self.hashes.iter().map(move |(hashes, end)| {
            let details = &self.details[start..*end as usize];
            start = *end as usize;
            (hashes, details)
        })
    }

    /// Adds a record by its hashes and its details.
    pub fn push(&mut self, hashes: &[u64; KINDS], details: &[u8]) {
        self.details.extend_from_slice(details);
        self.hashes.push((*hashes, self.details.len() as u32));
    }

    /// Adds the records of others.
    pub fn append(&mut self, others: &Keys) {
        let begun = self.details.len() as u32;
        self.details.extend_from_slice(&others.details);
        self.hashes.extend(others.hashes.iter().map(|(hashes, end)| (*hashes, begun + end)));
    }

    /// Adds the keys of a record, whose number in its file is `index`.
    pub fn add(&mut self, index: u64, record: &Identity<'_>) {
        let name = self.name(record.name.map_or("", |(name, _)| name));
        let place = self.name(record.place.unwrap_or_default()).whole;
        let [of_number, email, street, postal_code] = [record.number, record.email, record.street, record.postal_code]
            .map(|text| text.map_or(0, |text| self.letters(text)));
        let traits = [name.whole, place, of_number, email, street, postal_code];
        let of_name = if name.whole == 0 { 0 } else { hash(place, &name.whole.to_le_bytes()) };
        let of_name_alone = if name.whole == 0 { 0 } else { hash(1, &name.whole.to_le_bytes()) };
        // « 732 829 320 00074 » is the same number.
        let of_siret = record.number.map_or(0, |_| of_number.max(1));
        let of_id = record.id.map_or(0, |(id, _)| hash(0, id.as_bytes()));
        let of_likeness = if postal_code == 0 || name.beginnings == 0 {
            0
        } else {
            hash(postal_code, &name.beginnings.to_le_bytes())
        };
        Details::write(&mut self.details, index, traits, [record.id, record.name]);
        self.hashes.push(([of_id, of_name, of_siret, of_name_alone, of_likeness], self.details.len() as u32));
    }

    /// A name made comparable: without what says little of it, « St » written in full.
    fn name(&mut self, name: &str) -> Name {
        let bytes = name.as_bytes();
        let folded = room(&mut self.folded, bytes.len());
        let (mut first, mut last, mut count) = ([0; 3], [0; 3], 0);
        // Where the word begins that is being read, and where it ends so far.
        let (mut begun, mut end, mut at) = (0, 0, 0);
        loop {
            (end, at) = push_run(folded, end, bytes, at);
            let rest = &bytes[at..];
            if rest.first().is_some_and(|byte| !byte.is_ascii()) {
                let c = name[at..].chars().next().unwrap_or_default();
                at += c.len_utf8();
                if c.is_alphanumeric() {
                    folded.truncate(end);
                    push_letters(c.encode_utf8(&mut [0; 4]), folded);
                    end = folded.len();
                    room(folded, end + bytes.len() - at);
                    continue;
                }
            } else {
                at += 1;
            }
            // A word ends here: the end of the text ends the last one.
            if says_little(&folded[begun..end]) {
                end = begun;
            } else if end > begun {
                if let Some(whole) = whole_word(&folded[begun..end]) {
                    folded.truncate(begun);
                    folded.extend_from_slice(whole.as_bytes());
                    end = folded.len();
                    room(folded, end + bytes.len().saturating_sub(at));
                }
                let word = &folded[begun..end];
                let beginning = [0, 1, 2].map(|at| word.get(at).copied().unwrap_or_default());
                if count == 0 {
                    first = beginning;
                }
                (last, count, begun) = (beginning, count + 1, end);
            }
            if rest.is_empty() {
                break;
            }
        }
        if count == 0 {
            // The name says nothing else: « PTCE ».
            return Name { whole: self.letters(name), beginnings: 0 };
        }
        let [[a, b, c], [d, e, f]] = [first, last];
        let beginnings = if count > 1 { hash(2, &[a, b, c, d, e, f]) } else { 0 };
        Name { whole: hash(0, &folded[..end]), beginnings }
    }

    /// The hash of the letters and digits of a text; 0 where it has none.
    fn letters(&mut self, text: &str) -> u64 {
        let bytes = text.as_bytes();
        let folded = room(&mut self.folded, bytes.len());
        let (mut end, mut at) = (0, 0);
        while at < bytes.len() {
            (end, at) = push_run(folded, end, bytes, at);
            if bytes.get(at).is_some_and(|byte| !byte.is_ascii()) {
                folded.clear();
                push_letters(text, folded);
                end = folded.len();
                break;
            }
            at += 1;
        }
        if end == 0 { 0 } else { hash(0, &folded[..end]) }
    }
}

/// A buffer with room for so many bytes; what stood in it may still do.
fn room(buffer: &mut Vec<u8>, length: usize) -> &mut Vec<u8> {
    if buffer.len() < length {
        buffer.resize(length, 0);
    }
    buffer
}

/// Writes from `end` on the letters and digits, accented or not, that stand in a text from `at` on; answers where they end in both.
/// What follows them in `out`, which has room for the rest of the text, is overwritten.
#[inline(always)]
fn push_run(out: &mut [u8], mut end: usize, text: &[u8], mut at: usize) -> (usize, usize) {
    loop {
        let mut length = 0;
        for (place, byte) in out[end..].iter_mut().zip(&text[at..]) {
            let letter = ASCII_LETTERS[usize::from(*byte)];
            *place = letter;
            if letter == 0 {
                break;
            }
            length += 1;
        }
        (end, at) = (end + length, at + length);
        let Some(letter) = accented(&text[at..]) else { return (end, at) };
        out[end] = letter;
        (end, at) = (end + 1, at + 2);
    }
}

/// What is compared of a name, as hashes; 0 where there is nothing.
struct Name {
    whole: u64,
    /// How its first and its last word begin.
    beginnings: u64,
}

/// A hash of 64 bits: among ten million keys, two different ones meet three times in a million runs.
pub(super) fn hash(seed: u64, bytes: &[u8]) -> u64 {
    xxh3_64_with_seed(bytes, seed).max(1)
}

#[cfg(test)]
mod tests {
    use super::super::names::words_of;
    use super::*;

    /// What is made comparable in one go is what the letters of the text make.
    #[test]
    fn letters_are_hashed_as_they_are_told() {
        let mut keys = Keys::default();
        for text in ["", "-", "46100", "A-1", "Île d’Œuvre n° 12", "12 rue de l'Été", "œœœ", "ŉǆ ﬁ 日本 A", "é", "×é"]
        {
            let mut letters = Vec::new();
            push_letters(text, &mut letters);
            assert_eq!(keys.letters(text), if letters.is_empty() { 0 } else { hash(0, &letters) }, "{text}");
            let name = keys.name(text).whole;
            let words: String = words_of(text).concat();
            assert!(
                name == if words.is_empty() { hash(0, &letters) } else { hash(0, words.as_bytes()) }
                    || letters.is_empty(),
                "{text}"
            );
        }
        for (one, other) in
            [("PTCE St Œuvre", "Saint-Œuvre"), ("Ste Œ St", "sainte oe saint"), ("Pôle de l'Été", "ete")]
        {
            assert_eq!(keys.name(one).whole, keys.name(other).whole, "{one}");
        }
    }
}
