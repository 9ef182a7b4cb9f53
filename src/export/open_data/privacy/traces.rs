//! What withheld values leave behind to be found by: the hash of their words, never the words.

use std::collections::BTreeSet;
use std::hash::{DefaultHasher, Hash, Hasher};

use crate::fold::letters;
use crate::rules::phones::Number;
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
}

impl Traces {
    /// Adds a value. One word alone may be any word, and leaves no trace unless it is a long number.
    pub fn add(&mut self, value: &str) {
        let mut sum = Sum::default();
        let mut telling = false;
        for word in words(value).take(LONGEST) {
            sum.push(word);
            telling |= word.text.bytes().filter(u8::is_ascii_digit).count() >= TELLING_DIGITS;
        }
        if sum.count > 1 || telling {
            self.hashes.insert(sum.hash());
            self.lengths |= 1 << sum.count;
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

    /// Forgets the values that `others` has.
    pub fn remove(&mut self, others: &Traces) {
        self.hashes.retain(|hash| !others.hashes.contains(hash));
    }

    /// How many there are.
    pub fn count(&self) -> usize {
        self.hashes.len()
    }

    /// Where the values stand in `text`, as ranges of bytes.
    pub fn find(&self, text: &str) -> Vec<(usize, usize)> {
        let mut found = Vec::new();
        if self.hashes.is_empty() {
            return found;
        }
        // The sums of the windows that end with the present word: the first one is of one word.
        let mut windows: Vec<(usize, Sum)> = Vec::with_capacity(LONGEST);
        for word in words(text) {
            windows.insert(0, (word.start, Sum::default()));
            windows.truncate(LONGEST);
            for (start, sum) in &mut windows {
                sum.push(word);
                if self.lengths & (1 << sum.count) != 0 && self.hashes.contains(&sum.hash()) {
                    found.push((*start, word.end()));
                }
            }
        }
        for number in texts::phones(text) {
            if number_hash(number).is_none_or(|hash| !self.hashes.contains(&hash)) {
                continue;
            }
            let start = number.as_ptr() as usize - text.as_ptr() as usize;
            found.push((start, start + number.len()));
        }
        found
    }
}

/// The sum of the hashes of words: the same whatever their order, and one addition a word.
#[derive(Debug, Clone, Copy, Default)]
struct Sum {
    sum: u64,
    count: usize,
}

impl Sum {
    fn push(&mut self, word: Word<'_>) {
        // The hasher has no seed of its own: the same words hash alike throughout the program.
        let mut hasher = DefaultHasher::new();
        letters(word.text).for_each(|letter| letter.hash(&mut hasher));
        self.sum = self.sum.wrapping_add(hasher.finish());
        self.count += 1;
    }

    fn hash(self) -> u64 {
        self.sum.wrapping_mul(2 * self.count as u64 + 1)
    }
}

/// The hash of a telephone number, however it is written.
fn number_hash(text: &str) -> Option<u64> {
    let mut hasher = DefaultHasher::new();
    Number::parse(text)?.e164()?.hash(&mut hasher);
    Some(hasher.finish())
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
        let mut withheld = traces(&["Maëlle Quintric", "Ana Rivoire"]);
        withheld.remove(&traces(&["QUINTRIC Maëlle"]));
        assert_eq!(withheld.count(), 1);
        assert!(withheld.find("Maëlle Quintric").is_empty());
    }

    #[test]
    fn a_word_alone_leaves_no_trace() {
        assert_eq!(traces(&["Martin", "05", "", "—"]).count(), 0);
        assert_eq!(traces(&["73282932000074"]).count(), 1);
    }
}
