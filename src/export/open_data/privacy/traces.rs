//! What withheld values leave behind to be found by: hashes of their words, never the words.
//!
//! A search takes time in proportion to the text, whatever the number of values: each word is looked up once, in a table
//! that says how many words those values have in which it stands. Most words of a text are in none of them.

use std::sync::LazyLock;

use super::handles::{handle_around, is_handle};
use super::numbers::{self, each_number_and_code};
use crate::text::fold::{ASCII_LETTERS, accented, letters};
use crate::text::lexicon::{AT_WORDS, IN_BRACKETS, POINT_WORDS};
use crate::text::names::names_something_else;
use crate::text::placeholder::says_nothing;
use crate::text::words::next_word;

/// Words of a value that are looked for: the first ones of a longer value.
const LONGEST: usize = 7;
/// Words of a text that are looked back at: those of a value, and as many that stand for signs.
const KEPT: usize = 16;
/// Among the lengths of a word: it may stand for a sign of a mailbox.
const SIGN: u8 = 1 << LONGEST;
/// Letters and digits of the shortest value that is looked for.
pub(super) const SHORTEST: usize = 5;
/// Bytes between two words of one value.
const WIDEST_GAP: usize = 12;

/// What a value is, and with it where it may stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::export::open_data) enum Kind {
    /// Part of a mailbox or a web address, and no word elsewhere: « zquincampoix ».
    Handle,
    /// The name of a person, which is not that person where a street or a school bears it.
    Name,
    /// A mailbox, a number: nothing else is written so.
    Exact,
    /// A street with its number, which every town may have: it is somebody's beside the commune or its postal code alone.
    Street,
}

const KINDS: [Kind; 4] = [Kind::Handle, Kind::Name, Kind::Exact, Kind::Street];

/// The traces of values, whatever the case, the accents, the punctuation and the order of their words.
#[derive(Debug, Clone, Default)]
pub(in crate::export::open_data) struct Traces {
    /// The hashes of the values; the two lowest bits are the kind.
    values: Hashes,
    /// The hash of each word of a value; its three lowest bits are the number of words of that value, less one.
    words: Hashes,
    /// Telephone numbers by their last nine digits, and codes by all of theirs.
    numbers: Hashes,
    codes: Hashes,
    /// The streets with their communes and postal codes, each by the sum of the hashes of both.
    towns: Hashes,
    /// The numbers of words that values have: bit 1 for two words.
    lengths: u8,
    /// The same by word: `lengths` of the values that hold a word whose hash begins with the bits of this place. Empty
    /// until the traces are complete.
    table: Vec<u8>,
}

/// A set of hashes, which repeat a good deal while they are added.
#[derive(Debug, Clone, Default)]
struct Hashes(Vec<u64>);

impl Hashes {
    fn insert(&mut self, hash: u64) {
        if self.0.len() == self.0.capacity() {
            self.sort();
            if self.0.len() * 2 > self.0.capacity() {
                self.0.reserve(self.0.capacity().max(8));
            }
        }
        self.0.push(hash);
    }

    fn sort(&mut self) {
        self.0.sort_unstable();
        self.0.dedup();
    }
}

/// Where values stand in a text, as ranges of bytes.
#[derive(Debug, Default)]
pub(in crate::export::open_data) struct Found {
    pub spans: Vec<(usize, usize)>,
    /// Names of people that are borne by something else there.
    pub namesakes: Vec<(usize, usize)>,
    /// Whether a street stands there that is somebody's in another commune, so that what is found depends on the record.
    pub has_street: bool,
}

impl Traces {
    /// Adds the words of a name, or of anything that is found by its words; what is too short for anybody's is not added.
    pub fn add_words(&mut self, words: &[&str], kind: Kind) {
        let mut hashes = [0; LONGEST];
        let (mut count, mut length) = (0, 0);
        for word in words.iter().flat_map(|word| HashedWords::of(word)).take(LONGEST) {
            hashes[count] = word.hash;
            count += 1;
            length += word.end - word.start;
        }
        // « Li Na » is somebody’s whole name.
        let is_shortest = kind == Kind::Name && words.len() == 2 && words.iter().all(|word| word.len() == 2);
        if length < SHORTEST && !is_shortest || count == 0 {
            return;
        }
        let rank = count as u64 - 1;
        let sum = hashes[..count].iter().fold(0, |sum: u64, hash| sum.wrapping_add(*hash));
        self.values.insert((run_hash(sum, count) & !3) | kind as u64);
        self.lengths |= 1 << rank;
        hashes[..count].iter().for_each(|hash| self.words.insert((hash & !7) | rank));
    }

    /// Adds a mailbox, whose signs may be spelt elsewhere.
    pub fn add_mailbox(&mut self, mailbox: &str) {
        let words: Vec<&str> = mailbox.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
        let telling: Vec<&str> = words.iter().copied().filter(|word| !is_sign(HashedWords::of(word).next())).collect();
        for words in [words, telling] {
            if words.len() > 1 {
                self.add_words(&words, Kind::Exact);
            }
        }
    }

    /// Adds the telephone numbers of a text, each by its last nine digits.
    pub fn add_numbers(&mut self, text: &str) {
        numbers::each_own(text, |number| match number {
            numbers::Own::Nine(nine) => self.numbers.insert(nine),
            // A shorter one is found in the groups in which it is written, and in one.
            numbers::Own::Short(groups) => {
                self.add_words(&[&groups.concat()], Kind::Exact);
                if groups.len() > 2 {
                    self.add_words(&groups, Kind::Exact);
                }
            }
        });
    }

    /// Adds an identifier, whose digits may be set apart elsewhere.
    pub fn add_code(&mut self, code: &str) {
        const SIREN: usize = 9;
        const SIRET: usize = 14;
        let digits: String = code.chars().filter(char::is_ascii_digit).collect();
        // A SIRET begins with the SIREN.
        let siren = digits.get(..SIREN).filter(|_| digits.len() == SIRET);
        for digits in [Some(digits.as_str()), siren].into_iter().flatten().filter(|digits| digits.len() >= SIREN) {
            if let Ok(number) = digits.parse() {
                self.codes.insert(number);
                self.add_words(&[digits], Kind::Exact);
            }
        }
        let letters: String = code.chars().filter(|c| c.is_alphanumeric()).collect();
        if letters.len() > digits.len() && digits.len() > 5 {
            self.add_words(&[&letters], Kind::Exact);
        }
    }

    /// Adds a street with its number in a commune, by its name or its postal code.
    pub fn add_street(&mut self, line: &str, towns: &[&str]) {
        let words: Vec<&str> = line.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
        let mut spellings = vec![words.clone()];
        for (at, word) in words.iter().enumerate() {
            let abbreviated =
                |pair: &&(&str, &str)| word.eq_ignore_ascii_case(pair.0) || word.eq_ignore_ascii_case(pair.1);
            for (short, long) in ABBREVIATED.iter().filter(abbreviated) {
                let other = if word.eq_ignore_ascii_case(long) { short } else { long };
                spellings.push(
                    words
                        .iter()
                        .enumerate()
                        .map(|(rank, word)| if rank == at { other } else { word })
                        .copied()
                        .collect(),
                );
            }
        }
        for words in spellings {
            let mut hashes = words.iter().flat_map(|word| HashedWords::of(word)).map(|word| word.hash).take(LONGEST);
            let (sum, count) =
                hashes.by_ref().fold((0_u64, 0), |(sum, count), hash| (sum.wrapping_add(hash), count + 1));
            self.add_words(&words, Kind::Street);
            for town in towns.iter().filter_map(|town| telling_word(town)) {
                self.towns.insert(stirred((run_hash(sum, count) & !3).wrapping_add(town)));
            }
        }
    }

    /// Whether a street stands beside its commune, in a text or by `towns`; where it was not withheld, it is anybody's.
    fn is_at_home(&self, text: &str, (start, end): (usize, usize), street: u64, towns: &[u64]) -> bool {
        /// Bytes between the two: « 3 rue Haute, bâtiment B, 46100 Figeac ».
        const FARTHEST: usize = 64;
        let is_of = |town: u64| {
            let pair = stirred((street & !3).wrapping_add(town));
            self.towns.0.binary_search(&pair).is_ok() || self.table.is_empty() && self.towns.0.contains(&pair)
        };
        // « 3 rue Haute-Vienne » is another street.
        let goes_on = text[end..].starts_with('-') && text[end + 1..].starts_with(char::is_alphanumeric);
        if goes_on {
            return false;
        }
        let is_cut = |c: char| matches!(c, '"' | '<' | '>' | '{' | '}');
        let floor = (start.saturating_sub(FARTHEST)..=start).find(|at| text.is_char_boundary(*at)).unwrap_or(start);
        let roof = (end..=text.len().min(end + FARTHEST)).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(end);
        let before = text[floor..start].rsplit(is_cut).next().unwrap_or("");
        let after = text[end..roof].split(is_cut).next().unwrap_or("");
        towns.iter().any(|town| is_of(*town))
            || [after, before].into_iter().any(|near| HashedWords::of(near).any(|word| is_of(word.hash)))
    }

    /// Adds a value of any kind by its words, its mailboxes and its numbers.
    pub fn add(&mut self, value: &str, kind: Kind) {
        if says_nothing(value, "/contacts/*/nom") {
            return;
        }
        let words: Vec<&str> = value.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
        if words.len() > 1 {
            self.add_words(&words, kind);
        }
    }

    /// Forgets the values that `others` has.
    pub fn without(mut self, mut others: Traces) -> Traces {
        for (own, other) in [
            (&mut self.values, &mut others.values),
            (&mut self.numbers, &mut others.numbers),
            (&mut self.codes, &mut others.codes),
            (&mut self.towns, &mut others.towns),
        ] {
            other.sort();
            own.sort();
            own.0.retain(|hash| other.0.binary_search(hash).is_err());
        }
        self
    }

    /// Adds what `others` has.
    pub fn with(mut self, others: Traces) -> Traces {
        self.values.0.extend(others.values.0);
        self.words.0.extend(others.words.0);
        self.numbers.0.extend(others.numbers.0);
        self.codes.0.extend(others.codes.0);
        self.towns.0.extend(others.towns.0);
        self.lengths |= others.lengths;
        self
    }

    /// Makes ready to be searched for among many texts.
    pub fn complete(mut self) -> Traces {
        for hashes in [&mut self.values, &mut self.words, &mut self.numbers, &mut self.codes, &mut self.towns] {
            hashes.sort();
            hashes.0.shrink_to_fit();
        }
        self.table = vec![0; (self.words.0.len() * 8).next_power_of_two().max(1 << 12)];
        for word in std::mem::take(&mut self.words).0 {
            let place = self.place(word);
            self.table[place] |= 1 << (word & 7);
        }
        for sign in SIGNS.iter() {
            let place = self.place(*sign);
            self.table[place] |= SIGN;
        }
        self
    }

    /// How many there are, once they are complete.
    pub fn count(&self) -> usize {
        self.values.0.len() + self.numbers.0.len() + self.codes.0.len()
    }

    fn is_empty(&self) -> bool {
        self.count() == 0
    }

    /// Where a word stands in the table.
    fn place(&self, hash: u64) -> usize {
        (hash >> 32) as usize & self.table.len().wrapping_sub(1)
    }

    /// The numbers of words of the values that may hold a word.
    fn lengths_with(&self, hash: u64) -> u8 {
        self.table.get(self.place(hash)).copied().unwrap_or(self.lengths | SIGN)
    }

    /// What the value of a hash is.
    fn kind(&self, hash: u64) -> Option<Kind> {
        let is_of = |value: &u64| value & !3 == hash & !3;
        let kinds = |value: &u64| KINDS.get((value & 3) as usize).copied();
        match self.table.is_empty() {
            true => self.values.0.iter().filter(|value| is_of(value)).filter_map(kinds).max(),
            false => {
                let start = self.values.0.partition_point(|value| *value < hash & !3);
                self.values.0[start..].iter().take_while(|value| is_of(value)).filter_map(kinds).max()
            }
        }
    }

    /// Where the values stand in a text as it is seen. In a table, a comma parts two cells.
    #[cfg(test)]
    fn find(&self, text: &str) -> Found {
        self.find_at(text, &[])
    }

    /// The same in a record of a commune: `towns` are the hashes of what tells it.
    pub fn find_at(&self, text: &str, towns: &[u64]) -> Found {
        let mut found = Found::default();
        if self.is_empty() {
            return found;
        }
        let mut last = Last::default();
        // Where the last word stood that may be written for a sign of a mailbox.
        let mut sign = None;
        // « Camille <b>EXEMPLE</b> »: the signs that set a text are no words of it.
        let words = HashedWords::of(text).filter(|word| !is_tag(text, word.start, word.end));
        for (rank, word) in words.enumerate() {
            let lengths = self.lengths_with(word.hash);
            last.push(rank, (word.start, word.end, word.hash, lengths));
            if lengths == 0 {
                continue;
            }
            if lengths & SIGN != 0 && is_sign_hash(word.hash) {
                sign = Some(rank);
            }
            self.find_runs(text, &last, false, towns, &mut found);
            self.find_around_one(text, &last, &mut found);
            if sign.is_some_and(|sign| rank - sign < LONGEST) {
                self.find_runs(text, &last, true, towns, &mut found);
            }
        }
        if !(self.numbers.0.is_empty() && self.codes.0.is_empty()) {
            let has = |hashes: &Hashes, number: u64| {
                hashes.0.binary_search(&number).is_ok() || self.table.is_empty() && hashes.0.contains(&number)
            };
            let (mut numbers, mut codes) = (Vec::new(), Vec::new());
            each_number_and_code(
                text,
                &mut |start, end, nine| {
                    if has(&self.numbers, nine) {
                        numbers.push((start, end));
                    }
                },
                &mut |start, end, code| {
                    if has(&self.codes, code) {
                        codes.push((start, end));
                    }
                },
            );
            found.spans.extend(numbers.into_iter().chain(codes));
        }
        found
    }

    /// The values that end with the last word; without the words that stand for signs, if `telling`.
    fn find_runs(&self, text: &str, last: &Last, telling: bool, towns: &[u64], found: &mut Found) {
        let (mut sum, mut lengths, mut count) = (0_u64, u8::MAX, 0);
        let end = last.back(0).map_or(0, |word| word.1);
        let mut next_start = None;
        let words = (0..last.len()).map_while(|rank| last.back(rank));
        for (start, word_end, hash, own) in words {
            if next_start.is_some_and(|next| !is_joined(text, word_end, next)) {
                break;
            }
            next_start = Some(start);
            if telling && own & SIGN != 0 && is_sign_hash(hash) {
                continue;
            }
            lengths &= own;
            count += 1;
            if lengths & !SIGN == 0 || count > LONGEST {
                break;
            }
            sum = sum.wrapping_add(hash);
            if lengths & (1 << (count - 1)) != 0
                && let Some(kind) = self.kind(run_hash(sum, count))
            {
                if kind == Kind::Street && !self.is_at_home(text, (start, end), run_hash(sum, count), towns) {
                    found.has_street = true;
                    continue;
                }
                self.take(text, (start, end), count, kind, found);
            }
        }
    }

    /// A name of two words around another one: « Zélie Anne Quincampoix », « Zélie A. Quincampoix ».
    fn find_around_one(&self, text: &str, last: &Last, found: &mut Found) {
        if let (Some(third), Some(second), Some(first)) = (last.back(0), last.back(1), last.back(2))
            && first.3 & third.3 & 2 != 0
            && text[second.0..second.1].starts_with(char::is_uppercase)
            && is_joined(text, first.1, second.0)
            && is_joined(text, second.1, third.0)
            && !text[first.1..third.0].contains([',', ';', '/', '(', '|'])
            && self.kind(run_hash(first.2.wrapping_add(third.2), 2)) == Some(Kind::Name)
        {
            self.take(text, (first.0, third.1), 2, Kind::Name, found);
        }
    }

    fn take(&self, text: &str, (start, end): (usize, usize), count: usize, kind: Kind, found: &mut Found) {
        let handle = || handle_around(text, start, end).filter(|(start, end)| is_handle(&text[*start..*end]));
        match kind {
            Kind::Handle => found.spans.extend(handle()),
            // « Le Plessier-sur-Noye n° 3 » is no « Noyé N. »
            Kind::Name if text[end..].starts_with(['°', 'º']) => {}
            Kind::Name if count > 1 && names_something_else(text, start) => found.namesakes.push((start, end)),
            _ => found.spans.push(handle().unwrap_or((start, end))),
        }
    }
}

/// The last words of a text, each with its place, its hash and the lengths of the values that may hold it.
#[derive(Default)]
struct Last {
    words: [(usize, usize, u64, u8); KEPT],
    count: usize,
}

impl Last {
    fn push(&mut self, rank: usize, word: (usize, usize, u64, u8)) {
        self.words[rank % KEPT] = word;
        self.count = rank + 1;
    }

    fn len(&self) -> usize {
        self.count.min(KEPT)
    }

    /// The word that stands so many before the last one.
    fn back(&self, rank: usize) -> Option<(usize, usize, u64, u8)> {
        (rank < self.len()).then(|| self.words[(self.count - 1 - rank) % KEPT])
    }
}

/// Whether two words may be of one value by what stands between them.
fn is_joined(text: &str, end: usize, start: usize) -> bool {
    let gap = &text[end..start];
    if gap.contains(['<', '>']) {
        return gap.len() <= 2 * WIDEST_GAP && is_set_apart(gap);
    }
    start - end <= WIDEST_GAP && !gap.contains(['"', '{', '}'])
}

/// Elements that set a part of a line in another way, and part no words.
const TAGS: [&str; 8] = ["b", "br", "em", "i", "mark", "span", "strong", "u"];

/// Whether a word is the name of such an element: `<b>`, `</b>`.
fn is_tag(text: &str, start: usize, end: usize) -> bool {
    let bytes = text.as_bytes();
    let is_begun = start > 0 && bytes[start - 1] == b'<' || start > 1 && bytes[start - 2..start] == *b"</";
    is_begun && matches!(bytes.get(end), Some(b'>' | b'/' | b' ')) && TAGS.contains(&&text[start..end])
}

/// Whether nothing but such elements, without attributes, stands between two words.
fn is_set_apart(gap: &str) -> bool {
    let mut rest = gap;
    while let Some(at) = rest.find('<') {
        let Some(end) = rest[at..].find('>') else { return false };
        let name = rest[at + 1..at + end].trim_matches(['/', ' ']);
        if rest[..at].contains(['>', '"', '{', '}']) || !TAGS.contains(&name) {
            return false;
        }
        rest = &rest[at + end + 1..];
    }
    !rest.contains(['>', '"', '{', '}'])
}

/// The hash of the word by which a commune or a postal code is told: the longest one of its name.
pub(super) fn telling_word(town: &str) -> Option<u64> {
    let words = HashedWords::of(town).filter(|word| word.end - word.start > 2);
    words.max_by_key(|word| word.end - word.start).map(|word| word.hash)
}

/// Kinds of streets, as they are written for short and in full.
const ABBREVIATED: &[(&str, &str)] = &[
    ("all", "allée"),
    ("av", "avenue"),
    ("ave", "avenue"),
    ("bd", "boulevard"),
    ("bld", "boulevard"),
    ("che", "chemin"),
    ("chem", "chemin"),
    ("fbg", "faubourg"),
    ("imp", "impasse"),
    ("pl", "place"),
    ("r", "rue"),
    ("rte", "route"),
    ("sq", "square"),
    ("st", "saint"),
    ("ste", "sainte"),
];

/// Whether a word stands for a sign of a mailbox.
fn is_sign(word: Option<HashedWord>) -> bool {
    word.is_some_and(|word| is_sign_hash(word.hash))
}

fn is_sign_hash(hash: u64) -> bool {
    SIGNS.contains(&hash)
}

static SIGNS: LazyLock<Vec<u64>> = LazyLock::new(|| {
    let words = AT_WORDS.iter().chain(POINT_WORDS).filter(|word| !IN_BRACKETS.contains(word));
    words.flat_map(|word| HashedWords::of(word)).map(|word| word.hash).collect()
});

/// A word of a text, where it stands, and the hash of its letters.
struct HashedWord {
    start: usize,
    end: usize,
    hash: u64,
}

/// The words of a text: runs of letters and digits.
struct HashedWords<'a> {
    text: &'a str,
    at: usize,
}

impl HashedWords<'_> {
    fn of(text: &str) -> HashedWords<'_> {
        HashedWords { text, at: 0 }
    }
}

impl Iterator for HashedWords<'_> {
    type Item = HashedWord;

    fn next(&mut self) -> Option<HashedWord> {
        let bytes = self.text.as_bytes();
        let start = next_word(self.text, self.at)?;
        let mut letters = LetterHash::default();
        let mut at = start;
        while let Some(byte) = bytes.get(at) {
            let letter = ASCII_LETTERS[usize::from(*byte)];
            if letter != 0 {
                letters.push(letter);
                at += 1;
            } else if *byte < 0x80 {
                break;
            } else if let Some(letter) = accented(&bytes[at..]) {
                letters.push(letter);
                at += 2;
            } else {
                let Some(c) = self.text[at..].chars().next().filter(|c| c.is_alphanumeric()) else { break };
                letters.push_folded(&self.text[at..at + c.len_utf8()]);
                at += c.len_utf8();
            }
        }
        self.at = at;
        Some(HashedWord { start, end: at, hash: letters.finish() })
    }
}

/// The hash of the letters of a word without case and accents, eight bytes at a time.
#[derive(Default)]
struct LetterHash {
    hash: u64,
    bytes: u64,
    count: u64,
}

impl LetterHash {
    fn push(&mut self, byte: u8) {
        self.bytes = (self.bytes << 8) | u64::from(byte);
        self.count += 1;
        if self.count & 7 == 0 {
            self.hash = stirred(self.hash ^ self.bytes);
        }
    }

    fn push_folded(&mut self, text: &str) {
        for letter in letters(text) {
            letter.encode_utf8(&mut [0; 4]).bytes().for_each(|byte| self.push(byte));
        }
    }

    fn finish(self) -> u64 {
        // The length tells words apart whose last bytes are the same; the stir makes sums of hashes differ.
        stirred(self.hash ^ self.bytes.wrapping_add(self.count << 59))
    }
}

/// The hash of a run of words, whatever their order, from the sum of theirs.
fn run_hash(sum: u64, count: usize) -> u64 {
    stirred(sum.wrapping_add(count as u64))
}

/// The finaliser of splitmix64.
fn stirred(hash: u64) -> u64 {
    let hash = (hash ^ (hash >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    let hash = (hash ^ (hash >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    hash ^ (hash >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn traces(values: &[&str]) -> Traces {
        let mut traces = Traces::default();
        for value in values {
            match value.contains('@') {
                true => traces.add_mailbox(value),
                false => traces.add(value, Kind::Name),
            }
            traces.add_numbers(value);
        }
        traces
    }

    #[test]
    fn values_are_found_however_they_are_written() {
        let traces = traces(&["Maëlle Quintric", "j.dupont@pole.fr", "06 39 98 12 34"]);
        for text in [
            "avec MAELLE QUINTRIC, présidente",
            "Quintric Maëlle",
            "Maëlle Anne Quintric",
            "<a href=\"mailto:j.dupont@pole.fr\">",
            "j dot dupont at pole point fr",
            "tél. 0639981234",
            "+33 6 39 98 12 34",
        ] {
            assert_eq!(traces.find(text).spans.len(), 1, "{text}");
        }
        for text in
            ["Quintric", "dupont@pole.fr", "06 39 98 12 35", "", "Maëlle et Quintric", "\"Maëlle\",\"Quintric\""]
        {
            assert!(traces.find(text).spans.is_empty(), "{text}");
        }
        let text = "« Maëlle Quintric » pilote";
        let (start, end) = traces.find(text).spans[0];
        assert_eq!(&text[start..end], "Maëlle Quintric");
    }

    #[test]
    fn a_number_is_no_initial() {
        let traces = traces(&["N Noyer"]);
        assert_eq!(traces.find("avec Noyer N.").spans.len(), 1);
        assert!(traces.find("Pôle de Noyer n° 3").spans.is_empty());
    }

    #[test]
    fn a_street_is_no_person() {
        let traces = traces(&["Jean Jaurès"]);
        for text in ["12 rue Jean Jaurès", "Lycée Jean-Jaurès", "place de Jean Jaurès", "la Fondation Jean Jaurès"]
        {
            let found = traces.find(text);
            assert_eq!((found.spans.len(), found.namesakes.len()), (0, 1), "{text}");
        }
        for text in ["avec Jean Jaurès", "Sur place, Jean Jaurès", "rue Basse, Jean Jaurès"] {
            assert_eq!(traces.find(text).spans.len(), 1, "{text}");
        }
    }

    #[test]
    fn complete_traces_find_what_a_plain_search_finds() {
        let values = ["Ana de Rive", "Rive Ana", "a.rive@pole.example.org", "Zoé d’Arc", "01 99 00 12 34", "732829320"];
        let plain = traces(&values);
        let complete = plain.clone().complete();
        let words = [
            "ana",
            "Rivé",
            "de",
            "zoe",
            "D",
            "arc",
            "pole",
            "a",
            "EXAMPLE",
            "org",
            "01",
            "99 00 12",
            "34",
            "732829320",
        ];
        let mut any = 0;
        // Every word follows every other at some distance.
        for step in 1..words.len() {
            let text: Vec<&str> =
                (0..400).map(|rank| words[(rank * step + rank / words.len()) % words.len()]).collect();
            let text = text.join(" ");
            assert_eq!(complete.find(&text).spans, plain.find(&text).spans, "{step}");
            any += plain.find(&text).spans.len();
        }
        assert!(any > 100, "{any}");
    }

    #[test]
    fn what_is_too_short_to_be_of_anybody_leaves_no_trace() {
        assert_eq!(traces(&["Martin", "05", "", "—", "1 2 3", "n° 1", "N/A"]).complete().count(), 0);
        let mut codes = Traces::default();
        codes.add_code("732 829 320 00074");
        let codes = codes.complete();
        for text in ["SIRET 73282932000074", "732 829 320 00074 à Gap", "n° 732-829-320-00074"] {
            assert!(!codes.find(text).spans.is_empty(), "{text}");
        }
    }
}
