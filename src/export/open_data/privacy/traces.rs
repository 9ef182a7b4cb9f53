//! What withheld values leave behind to be found by: hashes of their words, never the words.
//!
//! A search takes time in proportion to the text, whatever the number of values: each word is looked up once, in a table
//! that says how many words those values have in which it stands. Most words of a text are in none of them.

use crate::text::fold::{ASCII_LETTERS, letters};
use crate::text::phones::Number;
use crate::text::placeholder::says_nothing;

use super::texts;

/// Words of a value that are looked for: the first ones of a longer value.
const LONGEST: usize = 8;
/// Digits of one word that is looked for without a second one, as those of a telephone number.
const TELLING_DIGITS: usize = 9;
/// Digits of the shortest telephone number that is found in a text.
const FEWEST_DIGITS: usize = 10;
/// Words of the longest telephone number, each digit apart, with its label.
const LONGEST_NUMBER: usize = 24;
/// Bytes between two groups of digits of one number: three characters, of three bytes each.
const WIDEST_GAP: usize = 9;

/// The traces of values, whatever the case, the accents, the punctuation and the order of their words.
#[derive(Debug, Clone, Default)]
pub(in crate::export::open_data) struct Traces {
    /// The hashes of the values, and of the telephone numbers that they are.
    values: Hashes,
    /// The hash of each word of a value; its three lowest bits are the number of words of that value, less one.
    words: Hashes,
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

impl Traces {
    /// Adds a value. One word alone may be any word, and leaves no trace unless it is a long number; what only says that
    /// there is no value, « N/A », « à préciser », is no trace of anybody.
    pub fn add(&mut self, value: &str) {
        if says_nothing(value, "/contacts/*/nom") {
            return;
        }
        let (mut hashes, mut count, mut telling) = ([0; LONGEST], 0, false);
        for word in HashedWords::of(value).take(LONGEST) {
            hashes[count] = word.hash;
            count += 1;
            telling |= value[word.start..word.end].bytes().filter(u8::is_ascii_digit).count() >= TELLING_DIGITS;
        }
        if count > 1 || telling {
            let rank = count as u64 - 1;
            let sum = hashes[..count].iter().fold(0, |sum: u64, hash| sum.wrapping_add(*hash));
            self.values.insert(run_hash(sum, count));
            self.lengths |= 1 << rank;
            hashes[..count].iter().for_each(|hash| self.words.insert((hash & !7) | rank));
        }
        if let Some(hash) = number_hash(value) {
            self.values.insert(hash);
        }
    }

    /// Adds a value and every run of words in it.
    pub fn add_parts(&mut self, value: &str) {
        let words: Vec<HashedWord> = HashedWords::of(value).collect();
        for (rank, first) in words.iter().enumerate() {
            // A longer run leaves the trace of its first words.
            for last in words[rank..].iter().take(LONGEST_NUMBER) {
                self.add(&value[first.start..last.end]);
            }
        }
        self.add(value);
    }

    /// Forgets the values that `others` has, and makes ready to be searched for among many texts.
    pub fn without(mut self, mut others: Traces) -> Traces {
        others.values.sort();
        self.values.sort();
        self.values.0.retain(|hash| others.values.0.binary_search(hash).is_err());
        self.words.sort();
        self.table = vec![0; (self.words.0.len() * 8).next_power_of_two().max(1 << 12)];
        for word in std::mem::take(&mut self.words).0 {
            let place = self.place(word);
            self.table[place] |= 1 << (word & 7);
        }
        self
    }

    /// How many there are, once they are complete.
    pub fn count(&self) -> usize {
        self.values.0.len()
    }

    /// Where a word stands in the table.
    fn place(&self, hash: u64) -> usize {
        (hash >> 32) as usize & self.table.len().wrapping_sub(1)
    }

    /// The numbers of words of the values that may hold a word.
    fn lengths_with(&self, hash: u64) -> u8 {
        self.table.get(self.place(hash)).copied().unwrap_or(self.lengths)
    }

    fn contains(&self, hash: u64) -> bool {
        match self.table.is_empty() {
            true => self.values.0.contains(&hash),
            false => self.values.0.binary_search(&hash).is_ok(),
        }
    }

    /// Where the values stand in `text`, as ranges of bytes.
    pub fn find(&self, text: &str) -> Vec<(usize, usize)> {
        let mut found = Vec::new();
        if self.values.0.is_empty() {
            return found;
        }
        // The last words, each where it begins, with its hash and the lengths of the values that may hold it.
        let mut last = [(0, 0, 0); LONGEST];
        let mut numbers = Numbers::default();
        for (rank, word) in HashedWords::of(text).enumerate() {
            last[rank % LONGEST] = (word.start, word.hash, self.lengths_with(word.hash));
            let (mut sum, mut lengths) = (0_u64, u8::MAX);
            for count in 1..=LONGEST {
                let (start, hash, own) = last[rank.wrapping_sub(count - 1) % LONGEST];
                lengths &= own;
                if lengths == 0 {
                    break;
                }
                sum = sum.wrapping_add(hash);
                if lengths & (1 << (count - 1)) != 0 && self.contains(run_hash(sum, count)) {
                    found.push((start, word.end));
                }
            }
            if let Some((start, end)) = numbers.add(text, Some(&word)) {
                self.find_numbers(text, start, end, &mut found);
            }
        }
        if let Some((start, end)) = numbers.add(text, None) {
            self.find_numbers(text, start, end, &mut found);
        }
        found
    }

    /// Adds the telephone numbers between `start` and `end` of `text` that are among the values, however they are written.
    fn find_numbers(&self, text: &str, start: usize, end: usize, found: &mut Vec<(usize, usize)>) {
        for number in texts::phones(&text[start..end]) {
            if number_hash(number).is_some_and(|hash| self.contains(hash)) {
                let start = number.as_ptr() as usize - text.as_ptr() as usize;
                found.push((start, start + number.len()));
            }
        }
    }
}

/// Looks among words for digits that may be a telephone number, which costs more to recognise than a text without one is
/// worth.
#[derive(Default)]
struct Numbers {
    start: usize,
    end: usize,
    digits: usize,
}

impl Numbers {
    /// Takes the next word, or the end of the text; answers where a number may stand before it.
    fn add(&mut self, text: &str, word: Option<&HashedWord>) -> Option<(usize, usize)> {
        let bytes = text.as_bytes();
        let digits = match word {
            Some(word) if bytes[word.start].is_ascii_digit() => {
                bytes[word.start..word.end].iter().take_while(|byte| byte.is_ascii_digit()).count()
            }
            _ if self.digits == 0 => return None,
            _ => 0,
        };
        let (start, end) = word.map_or((text.len(), text.len()), |word| (word.start, word.end));
        if self.digits > 0 && digits > 0 && start - self.end <= WIDEST_GAP {
            self.digits += digits;
            self.end = end;
            return None;
        }
        let before = (self.digits >= FEWEST_DIGITS).then_some((self.start, self.end));
        // A number begins with its trunk 0 or its plus sign; what stands before it says whether it is one.
        let is_first = digits > 0 && (bytes[start] == b'0' || start > 0 && bytes[start - 1] == b'+');
        self.digits = if is_first { digits } else { 0 };
        self.start = text[..start].char_indices().rev().take(2).last().map_or(0, |(at, _)| at);
        self.end = end;
        before
    }
}

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
        let mut at = self.at;
        loop {
            let start = at;
            let mut letters = LetterHash::default();
            while let Some(byte) = bytes.get(at) {
                let letter = ASCII_LETTERS[usize::from(*byte)];
                if letter != 0 {
                    letters.push(letter);
                    at += 1;
                } else if *byte < 0x80 {
                    break;
                } else {
                    let Some(c) = self.text[at..].chars().next().filter(|c| is_letter(*c)) else { break };
                    letters.push_folded(&self.text[at..at + c.len_utf8()]);
                    at += c.len_utf8();
                }
            }
            if at > start {
                self.at = at;
                return Some(HashedWord { start, end: at, hash: letters.finish() });
            }
            at += match bytes.get(at)? {
                0..0x80 => 1,
                _ => self.text[at..].chars().next()?.len_utf8(),
            };
        }
    }
}

fn is_letter(c: char) -> bool {
    // Those of French without a search through the tables of Unicode.
    matches!(c, 'À'..='Ö' | 'Ø'..='ö' | 'ø'..='ÿ') || c.is_alphanumeric()
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
        if self.count.is_multiple_of(8) {
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

/// The hash of a telephone number, however it is written.
fn number_hash(text: &str) -> Option<u64> {
    let number = Number::parse(text)?.e164()?;
    HashedWords::of(&number).next().map(|word| word.hash)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn traces(values: &[&str]) -> Traces {
        let mut traces = Traces::default();
        values.iter().for_each(|value| traces.add(value));
        traces
    }

    #[test]
    fn values_are_found_however_they_are_written() {
        let traces = traces(&["Maëlle Quintric", "j.dupont@pole.fr", "06 39 98 12 34"]);
        for text in [
            "avec MAELLE QUINTRIC, présidente",
            "Quintric Maëlle",
            "<a href=\"mailto:j.dupont@pole.fr\">",
            "tél. 0639981234",
            "+33 6 39 98 12 34",
        ] {
            assert_eq!(traces.find(text).len(), 1, "{text}");
        }
        for text in ["Quintric", "dupont@pole.fr", "06 39 98 12 35", ""] {
            assert!(traces.find(text).is_empty(), "{text}");
        }
        let text = "« Maëlle Quintric » pilote";
        let (start, end) = traces.find(text)[0];
        assert_eq!(&text[start..end], "Maëlle Quintric");
    }

    #[test]
    fn complete_traces_find_what_a_plain_search_finds() {
        let values = ["Ana de Rive", "Rive Ana", "a.rive@pole.example.org", "Zoé d’Arc", "01 99 00 12 34", "732829320"];
        let plain = traces(&values);
        let complete = plain.clone().without(Traces::default());
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
        // Every word follows every other at some distance.
        for step in 1..words.len() {
            let text: Vec<&str> =
                (0..400).map(|rank| words[(rank * step + rank / words.len()) % words.len()]).collect();
            let text = text.join(" ");
            assert_eq!(complete.find(&text), plain.find(&text), "{step}");
            assert!(step == 7 || !plain.find(&text).is_empty(), "{step}");
        }
    }

    #[test]
    fn numbers_are_found_in_every_form() {
        let withheld = traces(&["06 39 98 12 34"]).without(Traces::default());
        for number in [
            "0639981234",
            "06.39.98.12.34",
            "06 – 39 – 98 – 12 – 34",
            "+33 (0)6 39 98 12 34",
            "0033639981234",
            "+33639981234",
        ] {
            for (before, after) in
                [("", ""), ("tél.", " (soir)"), ("en 2013 ", ", 05000 Gap"), ("le 3, ", "bis"), ("(", ")")]
            {
                let text = format!("{before}{number}{after}");
                assert!(!withheld.find(&text).is_empty(), "{text}");
            }
        }
    }

    #[test]
    fn what_is_kept_is_not_looked_for() {
        let withheld = traces(&["Maëlle Quintric", "Ana Rivoire"]).without(traces(&["QUINTRIC Maëlle"]));
        assert_eq!(withheld.count(), 1);
        assert!(withheld.find("Maëlle Quintric").is_empty());
    }

    #[test]
    fn a_word_alone_leaves_no_trace() {
        assert_eq!(traces(&["Martin", "05", "", "—"]).count(), 0);
        assert_eq!(traces(&["73282932000074"]).count(), 1);
    }
}
