//! Finds records that bear the same key, in memory that does not grow with their number: of each record, a few hashes and
//! what is needed to speak of it go to scratch files, in which only what has a twin is looked up.

use std::io::{Read, Seek, SeekFrom, Write};

use xxhash_rust::xxh3::xxh3_64_with_seed;

use crate::entry::Entry;
use crate::error::Result;
use crate::language::Language;
use crate::scratch::{self, scratch};
use crate::text::fold::{ASCII_LETTERS, accented, folded, push_letters};

/// Bytes that a scratch file holds in memory before it goes to the disk.
const HELD_BYTES: usize = 1 << 20;
/// Records whose keys are compared at a time.
const COMPARED: u64 = 1 << 20;

/// What makes two records the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum KeyKind {
    /// The identifier.
    Id,
    /// The folded name, and the commune or department.
    Name,
    /// The SIRET of the coordinator, else its SIREN.
    Siret,
    /// The folded name alone: one of the two may lack a place, or give another one for the same postal code.
    NameAlone,
    /// How the first and the last word of the name begin, and the postal code: a word more or less, a letter missing.
    Likeness,
}

/// How many kinds of keys there are.
pub(crate) const KINDS: usize = 5;

impl KeyKind {
    pub(crate) const ALL: [KeyKind; KINDS] =
        [KeyKind::Id, KeyKind::Name, KeyKind::Siret, KeyKind::NameAlone, KeyKind::Likeness];
}

/// What two records may have in common besides their key, as hashes; 0 where a record has nothing.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Traits([u64; 6]);

/// A trait that two records share, and what it adds to the score, in hundredths.
struct Trait {
    fr: &'static str,
    en: &'static str,
    weight: u32,
}

/// In the order of [`Traits`]. One coordinator may carry several hubs, and one commune hold several: only a name with
/// its place, or a SIRET with more, makes two records the same.
const TRAITS: [Trait; 6] = [
    Trait { fr: "même nom", en: "same name", weight: 45 },
    Trait { fr: "même commune", en: "same commune", weight: 15 },
    Trait { fr: "même SIRET", en: "same SIRET", weight: 35 },
    Trait { fr: "même courriel", en: "same e-mail", weight: 20 },
    Trait { fr: "même voie", en: "same street", weight: 15 },
    Trait { fr: "même code postal", en: "same postal code", weight: 15 },
];

/// What is not the same and weighs all the same.
const LIKE_NAMES: Trait = Trait { fr: "noms voisins", en: "like names", weight: 45 };
const NO_PLACE: Trait =
    Trait { fr: "lieu absent de l’une des deux", en: "place absent from one of the two", weight: 15 };

/// What the names of two hubs of one owner take off: one organisation may carry several.
const UNLIKE_NAMES: u32 = 40;

/// From this score on, in hundredths, two records are told to be probable duplicates: a name and its place.
const PROBABLE: u32 = 60;

/// How alike two records are.
pub(crate) struct Likeness {
    shared: Vec<&'static Trait>,
    less: u32,
}

impl Likeness {
    fn of(one: &Details, other: &Details) -> Likeness {
        let (a, b) = (&one.traits.0, &other.traits.0);
        let is_same = |at: usize| a[at] != 0 && a[at] == b[at];
        // A commune and its postal code tell the same.
        let mut shared: Vec<&Trait> =
            (0..TRAITS.len()).filter(|at| is_same(*at) && (*at != 5 || !is_same(1))).map(|at| &TRAITS[at]).collect();
        let mut less = 0;
        if !is_same(0) && !one.name.is_empty() && !other.name.is_empty() {
            match are_like(&one.name, &other.name) {
                true => shared.insert(0, &LIKE_NAMES),
                false => less = UNLIKE_NAMES,
            }
        }
        let has_place = |traits: &[u64; 6]| traits[1] != 0 || traits[5] != 0;
        if is_same(0) && has_place(a) != has_place(b) && words_of(&one.name).len() > 1 {
            shared.push(&NO_PLACE);
        }
        Likeness { shared, less }
    }

    /// The score in hundredths.
    pub fn score(&self) -> u32 {
        self.shared.iter().map(|shared| shared.weight).sum::<u32>().saturating_sub(self.less).min(100)
    }

    /// What the records share, in words.
    pub fn reasons(&self, language: Language) -> String {
        let name = |shared: &&Trait| if language == Language::French { shared.fr } else { shared.en };
        self.shared.iter().map(name).collect::<Vec<_>>().join(", ")
    }
}

/// The words of a name that say which it is, folded.
fn words_of(name: &str) -> Vec<String> {
    let folded = folded(name);
    let words = folded.split(' ').filter(|word| !says_little(word.as_bytes()));
    words.map(|word| whole_word(word.as_bytes()).map_or_else(|| word.to_owned(), str::to_owned)).collect()
}

/// Whether two names differ by a word or a letter only.
pub(crate) fn are_like(one: &str, other: &str) -> bool {
    /// A letter more or less in a shorter word makes another word.
    const LONG: usize = 5;
    let (one, other) = (words_of(one), words_of(other));
    let (short, long) = if one.len() <= other.len() { (&one, &other) } else { (&other, &one) };
    let has_digit = |word: &str| word.bytes().any(|byte| byte.is_ascii_digit());
    let is_like = |a: &String, b: &String| {
        a == b || a.len().min(b.len()) >= LONG && !has_digit(a) && !has_digit(b) && strsim::osa_distance(a, b) <= 1
    };
    short.len() > 1
        && long.len() - short.len() <= 1
        && short.iter().all(|word| long.iter().any(|other| is_like(word, other)))
}

/// « St » for « Saint », as the names of communes have it.
fn whole_word(word: &[u8]) -> Option<&'static str> {
    match word {
        b"st" => Some("saint"),
        b"ste" => Some("sainte"),
        _ => None,
    }
}

/// Whether a word of a name is of many: articles, prepositions, and what a PTCE is.
fn says_little(word: &[u8]) -> bool {
    match word.len() {
        1 => matches!(word, b"a" | b"d" | b"l"),
        2 => matches!(word, b"au" | b"de" | b"du" | b"en" | b"et" | b"la" | b"le"),
        3 => matches!(word, b"aux" | b"des" | b"les" | b"sur"),
        4 => matches!(word, b"pole" | b"ptce"),
        _ => matches!(word, b"cooperation" | b"economique" | b"territorial"),
    }
}

impl KeyKind {
    pub fn code(self) -> &'static str {
        match self {
            KeyKind::Id => "duplicate-id",
            _ => "probable-duplicate",
        }
    }

    pub fn pointer(self) -> &'static str {
        match self {
            KeyKind::Id => "/id",
            _ => "/nom",
        }
    }

    /// The hash of a record by which its key of this kind is sent to others: a name with its place goes where the name goes.
    pub fn way(self, hashes: &[u64; KINDS]) -> u64 {
        match self {
            KeyKind::Name => hashes[KeyKind::NameAlone as usize],
            kind => hashes[kind as usize],
        }
    }

    /// The value that is repeated, as the source has it, and its place.
    pub fn value(self, details: &Details) -> (&str, Cell) {
        match self {
            KeyKind::Id => (&details.id, details.id_at),
            _ => (&details.name, details.name_at),
        }
    }
}

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
    traits: Traits,
}

impl Details {
    /// Bytes before the identifier and the name: the index and the traits, eight for each.
    const HEAD: usize = 8 * 7;
    /// Bytes before the text of either: the line, the column, the label and the length.
    const PLACE: usize = 8 + 4 * 3;

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
    hashes: Vec<([u64; KINDS], u32)>,
    /// The details, one after the other.
    details: Vec<u8>,
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
        let numbers = [index].into_iter().chain(traits);
        for number in numbers {
            self.details.extend_from_slice(&number.to_le_bytes());
        }
        for (value, (line, column, label)) in [record.id, record.name].map(Option::unwrap_or_default) {
            self.details.extend_from_slice(&line.to_le_bytes());
            for number in [column, label, value.len() as u32] {
                self.details.extend_from_slice(&number.to_le_bytes());
            }
            self.details.extend_from_slice(value.as_bytes());
        }
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
            let length = push_run(&mut folded[end..], &bytes[at..]);
            (end, at) = (end + length, at + length);
            let rest = &bytes[at..];
            if let Some(letter) = accented(rest) {
                folded[end] = letter;
                (end, at) = (end + 1, at + 2);
                continue;
            }
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
            let length = push_run(&mut folded[end..], &bytes[at..]);
            (end, at) = (end + length, at + length);
            let rest = &bytes[at..];
            if let Some(letter) = accented(rest) {
                folded[end] = letter;
                (end, at) = (end + 1, at + 2);
            } else if rest.first().is_some_and(|byte| !byte.is_ascii()) {
                folded.clear();
                push_letters(text, folded);
                end = folded.len();
                break;
            } else {
                at += 1;
            }
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

/// Writes the letters and digits of ASCII with which a text begins, in lower case; answers how many there are. What follows them
/// in `out`, which is as long as the text, is overwritten.
fn push_run(out: &mut [u8], text: &[u8]) -> usize {
    let mut length = 0;
    for (place, byte) in out.iter_mut().zip(text) {
        let letter = ASCII_LETTERS[usize::from(*byte)];
        *place = letter;
        if letter == 0 {
            break;
        }
        length += 1;
    }
    length
}

/// What is compared of a name, as hashes; 0 where there is nothing.
struct Name {
    whole: u64,
    /// How its first and its last word begin.
    beginnings: u64,
}

/// A hash of 64 bits: among ten million keys, two different ones meet three times in a million runs.
fn hash(seed: u64, bytes: &[u8]) -> u64 {
    xxh3_64_with_seed(bytes, seed).max(1)
}

/// Gathers the keys of a run.
pub(crate) struct Duplicates {
    /// The keys of each kind, eight bytes for each record.
    keys: [Scratch; KINDS],
    /// Where the details of each record begin, in which layout it is, and its place among all: [`START`] bytes for each record.
    starts: Scratch,
    details: Scratch,
    records: u64,
    /// The place of the last record, and whether all have come in the order of their places.
    last: Position,
    is_ordered: bool,
}

/// Bytes that tell where the details of a record are.
const START: u64 = 24;

impl Duplicates {
    pub fn new() -> Duplicates {
        let keys = std::array::from_fn(|_| Scratch::new());
        let (starts, details) = (Scratch::new(), Scratch::new());
        Duplicates { keys, starts, details, records: 0, last: (0, 0), is_ordered: true }
    }

    /// Takes the keys of more records; `of` tells of one after the other its layout and its place among all.
    pub fn add(&mut self, keys: &Keys, mut of: impl FnMut() -> (u32, Position)) -> Result<()> {
        let mut column = Vec::with_capacity(keys.hashes.len() * START as usize);
        for (kind, scratch) in self.keys.iter_mut().enumerate() {
            column.clear();
            column.extend(keys.hashes.iter().flat_map(|(hashes, _)| hashes[kind].to_le_bytes()));
            scratch.push(&column)?;
        }
        column.clear();
        let mut start = 0;
        for (_, end) in &keys.hashes {
            column.extend_from_slice(&(self.details.length + u64::from(start)).to_le_bytes());
            let (layout, at) = of();
            column.extend_from_slice(&layout.to_le_bytes());
            column.extend_from_slice(&at.0.to_le_bytes());
            column.extend_from_slice(&at.1.to_le_bytes());
            self.is_ordered &= at >= self.last;
            (self.last, start) = (at, *end);
        }
        self.starts.push(&column)?;
        self.details.push(&keys.details)?;
        self.records += keys.hashes.len() as u64;
        Ok(())
    }

    /// Shows `each` every record whose key an earlier one bears already, after the first that bears it, and how alike
    /// they are, when that makes a duplicate: identifiers before names, names before SIRET; of what is compared at a time,
    /// in the order of the records.
    pub fn twins(mut self, mut each: impl FnMut(KeyKind, &Details, &Details, &Likeness) -> Result<()>) -> Result<()> {
        let parts = self.records.div_ceil(COMPARED);
        for kind in KeyKind::ALL {
            for part in 0..parts {
                let repeated = self.keys[kind as usize].repeated(part, parts)?;
                for (first, later) in if self.is_ordered { repeated } else { self.ordered(repeated)? } {
                    let (first, later) = (self.details_of(first)?, self.details_of(later)?);
                    let likeness = Likeness::of(&first, &later);
                    // Texts tell for sure what hashes only make likely.
                    let is_twin = match kind {
                        KeyKind::Id => first.id == later.id,
                        _ => likeness.score() >= PROBABLE,
                    };
                    if is_twin {
                        each(kind, &first, &later, &likeness)?;
                    }
                }
            }
        }
        Ok(())
    }

    /// Pairs of the first record to come of those that bear one key, and another one, as pairs of the first by its place and
    /// another one.
    fn ordered(&mut self, mut pairs: Vec<(u64, u64)>) -> Result<Vec<(u64, u64)>> {
        pairs.sort_unstable();
        let mut ordered = Vec::with_capacity(pairs.len());
        for group in pairs.chunk_by(|a, b| a.0 == b.0) {
            let all = || [group[0].0].into_iter().chain(group.iter().map(|(_, other)| *other));
            let mut first = (self.place_of(group[0].0)?, group[0].0);
            for (_, other) in group {
                first = first.min((self.place_of(*other)?, *other));
            }
            ordered.extend(all().filter(|other| *other != first.1).map(|other| (first.1, other)));
        }
        Ok(ordered)
    }

    /// The place among all of the record that came so many records after the first.
    fn place_of(&mut self, record: u64) -> Result<Position> {
        let mut place = [0; 12];
        self.starts.read(record * START + 12, &mut place)?;
        let mut place = place.as_slice();
        Ok((number::<4>(&mut place) as u32, number::<8>(&mut place)))
    }

    /// The details of the record that came so many records after the first.
    fn details_of(&mut self, record: u64) -> Result<Details> {
        let is_last = record + 1 == self.records;
        let mut places = vec![0; if is_last { START as usize } else { 2 * START as usize }];
        self.starts.read(record * START, &mut places)?;
        let mut places = places.as_slice();
        let (start, layout) = (number::<8>(&mut places), number::<4>(&mut places) as u32);
        let at = (number::<4>(&mut places) as u32, number::<8>(&mut places));
        let end = if is_last { self.details.length } else { number::<8>(&mut places) };
        let mut details = vec![0; (end - start) as usize];
        self.details.read(start, &mut details)?;
        let mut details = details.as_slice();
        let index = number::<8>(&mut details);
        let traits = Traits(std::array::from_fn(|_| number::<8>(&mut details)));
        let mut value = || {
            let line = number::<8>(&mut details);
            let [column, label, length] = std::array::from_fn(|_| number::<4>(&mut details) as u32);
            let (text, rest) = details.split_at(length as usize);
            details = rest;
            ((line, column, label), String::from_utf8_lossy(text).into_owned())
        };
        let ((id_at, id), (name_at, name)) = (value(), value());
        Ok(Details { at, index, layout, id_at, name_at, id, name, traits })
    }
}

/// The next number of some bytes that we have written ourselves, of eight bytes or of as many as said.
pub(crate) fn number<const N: usize>(bytes: &mut &[u8]) -> u64 {
    let (number, rest) = bytes.split_at(N);
    *bytes = rest;
    number.iter().rev().fold(0, |number, byte| number << 8 | u64::from(*byte))
}

/// Bytes that are written one after the other and looked up later.
struct Scratch {
    file: scratch::Scratch,
    length: u64,
}

impl Scratch {
    fn new() -> Scratch {
        Scratch { file: scratch(HELD_BYTES), length: 0 }
    }

    fn push(&mut self, bytes: &[u8]) -> Result<()> {
        self.length += bytes.len() as u64;
        self.file.write_all(bytes).map_err(|error| scratch::failed(&error))
    }

    /// Reads the bytes from `start` on.
    fn read(&mut self, start: u64, bytes: &mut [u8]) -> Result<()> {
        self.file
            .seek(SeekFrom::Start(start))
            .and_then(|_| self.file.read_exact(bytes))
            .map_err(|error| scratch::failed(&error))
    }

    /// Shows each of the numbers that it holds, with its index.
    fn each_number(&mut self, mut each: impl FnMut(u64, u64)) -> Result<()> {
        const CHUNK: u64 = 64 << 10;
        let (mut chunk, mut start) = (Vec::new(), 0);
        while start < self.length {
            chunk.resize((self.length - start).min(CHUNK) as usize, 0);
            self.read(start, &mut chunk)?;
            let mut numbers = chunk.as_slice();
            for index in start / 8..(start + chunk.len() as u64) / 8 {
                each(index, number::<8>(&mut numbers));
            }
            start += chunk.len() as u64;
        }
        Ok(())
    }

    /// The records, by their indexes, whose key an earlier one has, each after the first that has it. Only the keys of one
    /// part among several are looked at.
    fn repeated(&mut self, part: u64, parts: u64) -> Result<Vec<(u64, u64)>> {
        // A first look finds the keys that may come twice: those whose bit is set already. Most have no twin, and only
        // those that may have one are sorted.
        let slots = (self.length / 8 / parts * 16).clamp(64, 1 << 25).next_power_of_two();
        let (mut once, mut twice) = (Bits::new(slots), Bits::new(slots));
        let is_of_part = |key: u64| key != 0 && key % parts == part;
        self.each_number(|_, key| {
            if is_of_part(key) && once.insert(key >> 16) {
                twice.insert(key >> 16);
            }
        })?;
        let mut keys = Vec::new();
        self.each_number(|index, key| {
            if is_of_part(key) && twice.contains(key >> 16) {
                keys.push((key, index));
            }
        })?;
        keys.sort_unstable();
        let mut repeated: Vec<(u64, u64)> = keys
            .chunk_by(|a, b| a.0 == b.0)
            .flat_map(|group| group[1..].iter().map(|(_, later)| (group[0].1, *later)))
            .collect();
        repeated.sort_unstable_by_key(|(_, later)| *later);
        Ok(repeated)
    }
}

/// A set of slots, a bit each.
struct Bits {
    bits: Vec<u64>,
    mask: u64,
}

impl Bits {
    fn new(slots: u64) -> Bits {
        Bits { bits: vec![0; (slots / 64) as usize], mask: slots - 1 }
    }

    /// Sets the slot of a number; answers whether it was set.
    fn insert(&mut self, number: u64) -> bool {
        let was = self.contains(number);
        let slot = number & self.mask;
        self.bits[(slot / 64) as usize] |= 1 << (slot % 64);
        was
    }

    fn contains(&self, number: u64) -> bool {
        let slot = number & self.mask;
        self.bits[(slot / 64) as usize] & (1 << (slot % 64)) != 0
    }
}

#[cfg(test)]
mod tests {
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

    #[test]
    fn names_are_like_but_for_a_word_or_a_letter() {
        for (one, other) in [
            ("PTCE Ateliers du Quercy", "Ateliers du Quercy"),
            ("Ateliers du Quercy", "Ateliers solidaires du Quercy"),
            ("Ateliers du Quercy", "Atelirs du Quercy"),
            ("Fabriques de St Denis", "Fabriques de Saint-Denis"),
        ] {
            assert!(are_like(one, other), "{one} {other}");
        }
        for (one, other) in [
            ("Pôle bois du Quercy", "Pôle alimentation du Célé"),
            ("Pôle bois du Quercy", "Pôle réemploi du Quercy"),
            ("Ateliers", "Atelier"),
            ("Pôle bois 10349", "Pôle bois 10348"),
            ("Ateliers bois", "Ateliers bras"),
        ] {
            assert!(!are_like(one, other), "{one} {other}");
        }
    }

    #[test]
    fn keys_on_disk_are_found_like_those_in_memory() {
        // Enough keys to go to files; each 10,000th comes back once, and those of one part are those of another.
        let count: u64 = 600_000;
        let mut scratch = Scratch::new();
        let repeated: Vec<u64> = (1..=count).step_by(10_000).collect();
        for key in (1..=count).chain(repeated.iter().copied()) {
            scratch.push(&hash(0, &key.to_le_bytes()).to_le_bytes()).unwrap();
        }
        assert!(scratch.file.is_rolled(), "the keys were to be too many for memory");
        let expected: Vec<(u64, u64)> = repeated.iter().map(|key| key - 1).zip(count..).collect();
        for parts in [1, 7] {
            let mut found: Vec<(u64, u64)> =
                (0..parts).flat_map(|part| scratch.repeated(part, parts).unwrap()).collect();
            found.sort_unstable();
            assert_eq!(found, expected);
        }
    }
}
