//! What withheld values leave behind to be found by: the hash of their words, never the words.

use std::collections::BTreeSet;

use crate::fold::letters;
use crate::rules::phones::Number;
use crate::rules::placeholder_value::says_nothing;
use crate::words::{Word, words};

use super::texts;

/// Words of a value that are looked for: the first ones of a longer value.
const LONGEST: usize = 8;
/// Digits of one word that is looked for without a second one, as those of a telephone number.
const TELLING_DIGITS: usize = 9;

/// The traces of values, whatever the case, the accents, the punctuation and the order of their words.
#[derive(Debug, Clone, Default)]
pub(in crate::export::open_data) struct Traces {
    hashes: BTreeSet<u64>,
    /// How many words the values have: bit 2 for two words.
    lengths: u16,
    /// A bit for each hash that may be among them; empty while they are few. Most words of a text are none of them, and
    /// this tells so at once.
    filter: Vec<u64>,
}

impl Traces {
    /// Adds a value. One word alone may be any word, and leaves no trace unless it is a long number; what only says that
    /// there is no value, « N/A », « à préciser », is no trace of anybody.
    pub fn add(&mut self, value: &str) {
        if says_nothing(value, "/contacts/*/nom") {
            return;
        }
        let (mut sum, mut count, mut telling) = (0_u64, 0, false);
        for word in words(value).take(LONGEST) {
            sum = sum.wrapping_add(word_hash(word.text));
            count += 1;
            telling |= word.text.bytes().filter(u8::is_ascii_digit).count() >= TELLING_DIGITS;
        }
        if count > 1 || telling {
            self.hashes.insert(run_hash(sum, count));
            self.lengths |= 1 << count;
        }
        if let Some(hash) = number_hash(value) {
            self.hashes.insert(hash);
        }
    }

    /// Adds a value and every run of words in it.
    pub fn add_parts(&mut self, value: &str) {
        let words: Vec<Word<'_>> = words(value).collect();
        for (rank, first) in words.iter().enumerate() {
            for last in &words[rank..] {
                self.add(&value[first.start..last.end()]);
            }
        }
        self.add(value);
    }

    /// Forgets the values that `others` has, and makes ready to be searched for among many texts.
    pub fn without(mut self, others: &Traces) -> Traces {
        self.hashes.retain(|hash| !others.hashes.contains(hash));
        let bits = (self.hashes.len() * 32).next_power_of_two().max(1 << 12);
        self.filter = vec![0; bits / 64];
        for hash in &self.hashes {
            let bit = *hash as usize & (bits - 1);
            self.filter[bit / 64] |= 1 << (bit % 64);
        }
        self
    }

    /// How many there are.
    pub fn count(&self) -> usize {
        self.hashes.len()
    }

    fn contains(&self, hash: u64) -> bool {
        let bit = hash as usize & (self.filter.len() * 64).wrapping_sub(1);
        let may_be = self.filter.get(bit / 64).is_none_or(|bits| bits & (1 << (bit % 64)) != 0);
        may_be && self.hashes.contains(&hash)
    }

    /// Where the values stand in `text`, as ranges of bytes.
    pub fn find(&self, text: &str) -> Vec<(usize, usize)> {
        let mut found = Vec::new();
        if self.hashes.is_empty() {
            return found;
        }
        // The last words, the latest first, each with the sum of the hashes from it on.
        let mut runs = [(0_usize, 0_u64); LONGEST];
        let mut known = 0;
        for word in words(text) {
            let hash = word_hash(word.text);
            known = (known + 1).min(LONGEST);
            runs.copy_within(..LONGEST - 1, 1);
            runs[0] = (word.start, 0);
            for (count, (start, sum)) in (1..).zip(&mut runs[..known]) {
                *sum = sum.wrapping_add(hash);
                if self.lengths & (1 << count) != 0 && self.contains(run_hash(*sum, count)) {
                    found.push((*start, word.end()));
                }
            }
        }
        // A number is written in many ways; without a digit there is none.
        if text.bytes().any(|byte| byte.is_ascii_digit()) {
            for number in texts::phones(text) {
                if number_hash(number).is_some_and(|hash| self.contains(hash)) {
                    let start = number.as_ptr() as usize - text.as_ptr() as usize;
                    found.push((start, start + number.len()));
                }
            }
        }
        found
    }
}

/// The hash of a word without case and accents: FNV-1a, and a last stir so that sums of hashes differ.
fn word_hash(word: &str) -> u64 {
    stirred(letters(word).fold(0xCBF2_9CE4_8422_2325, |hash, letter| {
        (hash ^ u64::from(u32::from(letter))).wrapping_mul(0x0100_0000_01B3)
    }))
}

/// The hash of a run of words, whatever their order, from the sum of theirs.
fn run_hash(sum: u64, count: u64) -> u64 {
    stirred(sum.wrapping_add(count))
}

/// The finaliser of splitmix64.
fn stirred(hash: u64) -> u64 {
    let hash = (hash ^ (hash >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    let hash = (hash ^ (hash >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    hash ^ (hash >> 31)
}

/// The hash of a telephone number, however it is written.
fn number_hash(text: &str) -> Option<u64> {
    Some(word_hash(&Number::parse(text)?.e164()?))
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
    fn what_is_kept_is_not_looked_for() {
        let withheld = traces(&["Maëlle Quintric", "Ana Rivoire"]).without(&traces(&["QUINTRIC Maëlle"]));
        assert_eq!(withheld.count(), 1);
        assert!(withheld.find("Maëlle Quintric").is_empty());
    }

    #[test]
    fn a_word_alone_leaves_no_trace() {
        assert_eq!(traces(&["Martin", "05", "", "—"]).count(), 0);
        assert_eq!(traces(&["73282932000074"]).count(), 1);
    }
}
