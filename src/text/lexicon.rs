//! The words by which people, organisations and the ways to reach them are known, for everybody who looks for them: the
//! importer, the rules and the redaction.
//!
//! The lists are files, one word a line, sorted; unless said otherwise in lower case and without accents.

#![allow(clippy::disallowed_types, reason = "words are looked up, never listed: their order shows nowhere")]

use std::collections::HashSet;
use std::hash::{BuildHasherDefault, Hasher};
use std::sync::LazyLock;

use xxhash_rust::xxh3::xxh3_64;

use super::fold::{accented, without_accent};
use crate::texts::{Text, text};

/// A list of words.
pub(crate) struct Words(LazyLock<List>);

/// The words of a list. Nearly every word that is looked for is in none: most are told so by their first letter and length.
struct List {
    words: HashSet<&'static [u8], BuildHasherDefault<WordHasher>>,
    /// For each first byte, the lengths of the words that begin with it, a bit each; the last one is that of all longer ones.
    lengths: [u32; 256],
}

impl List {
    fn of(words: impl Iterator<Item = &'static str> + Clone) -> List {
        let mut list = List {
            words: HashSet::with_capacity_and_hasher(words.clone().count(), BuildHasherDefault::default()),
            lengths: [0; 256],
        };
        for word in words.map(str::as_bytes) {
            list.lengths[usize::from(word.first().copied().unwrap_or(0))] |= length_bit(word);
            list.words.insert(word);
        }
        list
    }

    fn has(&self, word: &[u8]) -> bool {
        word.first().is_some_and(|first| self.lengths[usize::from(*first)] & length_bit(word) != 0)
            && self.words.contains(word)
    }
}

fn length_bit(word: &[u8]) -> u32 {
    1 << word.len().min(31)
}

/// The hash of a word. The lists are our own, so nobody can choose words that have the same one.
#[derive(Default)]
struct WordHasher(u64);

impl Hasher for WordHasher {
    fn write(&mut self, bytes: &[u8]) {
        self.0 ^= xxh3_64(bytes);
    }

    fn write_usize(&mut self, length: usize) {
        self.0 = length as u64;
    }

    fn finish(&self) -> u64 {
        self.0
    }
}

impl Words {
    /// Whether a word, folded already, is in the list.
    pub fn contains(&self, folded: &str) -> bool {
        self.0.has(folded.as_bytes())
    }

    /// Whether a word is in the list, whatever its case and accents.
    pub fn has(&self, word: &str) -> bool {
        plain_bytes(word, &mut [0; LONGEST]).is_some_and(|word| self.0.has(word))
    }

    /// Its words, in their order.
    #[cfg(test)]
    pub fn iter(&self) -> impl Iterator<Item = &'static str> {
        let mut words: Vec<&str> = self.0.words.iter().map(|word| std::str::from_utf8(word).unwrap()).collect();
        words.sort_unstable();
        words.into_iter()
    }
}

/// Letters of the longest word that is told whatever its case and accents.
pub(crate) const LONGEST: usize = 16;

/// A word in lower case and without accents, when it is short enough to be one of the lists.
pub(crate) fn plain<'b>(word: &str, buffer: &'b mut [u8; LONGEST]) -> Option<&'b str> {
    std::str::from_utf8(plain_bytes(word, buffer)?).ok()
}

/// The same as bytes, all of ASCII.
fn plain_bytes<'b>(word: &str, buffer: &'b mut [u8; LONGEST]) -> Option<&'b [u8]> {
    let bytes = word.as_bytes();
    let (mut at, mut length) = (0, 0);
    while let Some(byte) = bytes.get(at) {
        let (letter, width) = match byte {
            0..0x80 => (byte.to_ascii_lowercase(), 1),
            _ => match accented(&bytes[at..]) {
                Some(letter) => (letter, 2),
                None => {
                    let c = word[at..].chars().next()?;
                    (u8::try_from(without_accent(c)).ok().filter(u8::is_ascii)?, c.len_utf8())
                }
            },
        };
        *buffer.get_mut(length)? = letter;
        length += 1;
        at += width;
    }
    Some(&buffer[..length])
}

macro_rules! words {
    ($($(#[$about:meta])* $name:ident, $file:literal;)+) => {
        $(
            $(#[$about])*
            pub(crate) static $name: Words =
                Words(LazyLock::new(|| {
                    static TEXT: Text = text!(concat!("text/lexicon/", $file));
                    List::of(TEXT.get().lines())
                }));
        )+
        #[cfg(test)]
        static FILES: &[(&str, &str)] = &[$(($file, include_str!(concat!("lexicon/", $file)))),+];
    };
}

words! {
    /// Titles before the name of a person.
    TITLES, "titles.txt";
    /// Words before the surname of several people, or of one by marriage: « famille », « veuve ».
    KIN, "kin.txt";
    /// Words before another name of somebody: « née », « épouse », « dite ».
    BESIDE, "beside.txt";
    /// Roles that people alone hold; a body may be « coordinateur » or « gestionnaire ».
    OFFICES, "offices.txt";
    /// Small words within the name of a person.
    PARTICLES, "particles.txt";
    /// First names: they tell two people apart in one run of words, « Anne Durand Jean-Claude Petit ».
    FIRST_NAMES, "first-names.txt";
    /// First names that a hundred people at least bear (INSEE): what tells a person where it is not enough to be sure.
    GIVEN_NAMES, "given-names.txt";
    /// Words of the language, without what only inflects another one; see [`is_common`].
    COMMON_WORDS, "common-words.txt";
    /// Words of the language that are also first names, or the surnames of many.
    NAME_WORDS, "name-words.txt";
    /// What is named after people: streets, schools, foundations, prizes.
    EPONYMS, "eponyms.txt";
    /// Words that begin a role, in the singular.
    ROLES, "roles.txt";
    /// Words that announce a person, a number or a mailbox, and say nothing else.
    ANNOUNCERS, "announcers.txt";
    /// Words that say what number a telephone number is: « Tél. », « standard », « ligne directe ».
    PHONE_LABELS, "phone-labels.txt";
    /// Kinds of streets whose houses are numbered, and their abbreviations (AFNOR, INSEE, La Poste).
    STREETS, "streets.txt";
    /// With what the names begin that streets of every town bear, and hamlets do not: « Gambetta », « Général… ».
    STREET_NAMES, "street-names.txt";
    /// Places that need no number: hamlets, estates, buildings, delivery services.
    PLACES, "places.txt";
    /// What a building or an estate is called: the complement of a street, not a street.
    BUILDINGS, "buildings.txt";
    /// What bears a number of its own, which is not the one of the street that follows.
    NUMBERED_PLACES, "numbered-places.txt";
    /// Common nouns for what is no person, and may be born or have its seat somewhere all the same.
    THINGS, "things.txt";
    /// Words that say where somebody lives: « demeurant », « habite ».
    LIVES, "lives.txt";
    /// What people live in, and its parts: no street, but told in the place of one or behind it.
    DWELLINGS, "dwellings.txt";
    /// Services on which people have accounts: « Skype : zelie.q ».
    ACCOUNTS, "accounts.txt";
    /// Ends of the names of hosts that French organisations have: by them a site without its beginning is known.
    TOP_DOMAINS, "top-domains.txt";
}

/// Whether a word, folded already, is one of the language, inflected or not.
pub(crate) fn is_common(folded: &str) -> bool {
    ["", "s", "e", "x", "es"]
        .iter()
        .any(|end| folded.strip_suffix(end).is_some_and(|base| base.len() > 2 && COMMON_WORDS.contains(base)))
}

/// Words of organisations, each with what it says: `begins`, `body`, `mailbox`, `noun`, `several`.
static ORGANISATIONS: &str = include_str!("lexicon/organisations.txt");

fn organisations(kind: &str) -> List {
    let entries = ORGANISATIONS.lines().filter_map(|line| line.split_once('\t'));
    List::of(entries.filter(|(_, kinds)| kinds.split(' ').any(|known| known == kind)).map(|(word, _)| word))
}

/// Words with which no name of a person begins.
pub(crate) static BEGIN_NO_PERSON: Words = Words(LazyLock::new(|| organisations("begins")));
/// Words of the names of bodies and offices: what has one is the name of no person.
pub(crate) static BODIES: Words = Words(LazyLock::new(|| organisations("body")));
/// Words of which the mailboxes of offices are made: « contact », « accueil ».
pub(crate) static OFFICE_MAILBOXES: Words = Words(LazyLock::new(|| organisations("mailbox")));
/// Common nouns for an organisation: an article before one is no part of a name.
pub(crate) static COMMON_NOUNS: Words = Words(LazyLock::new(|| organisations("noun")));
/// Words that begin a heading: what follows them are several, not one.
pub(crate) static SEVERAL: Words = Words(LazyLock::new(|| organisations("several")));

/// People after whom streets, schools and bodies are named: their whole names tell of nobody who could be withheld.
pub(crate) static NAMESAKES: Words = Words(LazyLock::new(|| List::of(include_str!("lexicon/namesakes.txt").lines())));

/// Words that people write for the sign of a mailbox, lest programs find it.
pub(crate) const AT_WORDS: &[&str] = &["arobase", "arrobase", "arobas", "arobace", "chez", "à", "at", "@"];
/// Those that are words of any sentence, and signs only in brackets.
pub(crate) const IN_BRACKETS: &[&str] = &["chez", "à"];
/// Words that people write for the full stops of a mailbox.
pub(crate) const POINT_WORDS: &[&str] = &["point", "dot", "."];

/// What a word for the sign of a mailbox may have on both sides where it stands in no brackets: « jean -at- pole.fr ».
pub(crate) const AROUND_AT: &str = " -_";
/// The same for a full stop. « rond-point-du-bois.fr » is a name.
pub(crate) const AROUND_POINT: &str = " ";

/// The length of a word for a sign at the beginning of a text with what stands around it, and whether that are brackets:
/// `(at)`, `[arobase]`, ` at `, `-at-`. Brackets can mean nothing else; the others may be words of a sentence.
pub(crate) fn spelt_sign(text: &str, words: &[&str], around: &str) -> Option<(usize, bool)> {
    let open = text.chars().next()?;
    let close = match open {
        '(' => ')',
        '[' => ']',
        '{' => '}',
        '<' => '>',
        c if around.contains(c) => c,
        _ => return None,
    };
    let inner = &text[1..];
    let is_bracketed = open != close;
    let is_word = |word: &&&str| {
        inner.get(..word.len()).is_some_and(|start| start.eq_ignore_ascii_case(word))
            && inner[word.len()..].starts_with(close)
            && (is_bracketed || !IN_BRACKETS.contains(word))
            && (is_bracketed || word.starts_with(char::is_alphabetic))
    };
    words.iter().find(is_word).map(|word| (word.len() + 2, is_bracketed))
}

/// Every way of writing a sign with one of `words`.
#[cfg(test)]
pub(crate) fn spellings(words: &[&str], around: &str) -> Vec<String> {
    let brackets = ["()", "[]", "{}", "<>"].map(str::to_owned);
    let frames: Vec<String> = brackets.into_iter().chain(around.chars().map(|c| format!("{c}{c}"))).collect();
    let all =
        words.iter().flat_map(|word| frames.iter().map(move |frame| format!("{}{word}{}", &frame[..1], &frame[1..])));
    all.filter(|sign| spelt_sign(sign, words, around).is_some()).collect()
}

#[cfg(test)]
mod tests {
    use super::super::fold::folded;
    use super::*;

    #[test]
    fn every_list_is_sorted_and_says_nothing_twice() {
        for (file, words) in FILES {
            let words: Vec<&str> = words.lines().collect();
            assert!(words.is_sorted_by(|a, b| a < b), "{file}");
            let is_plain = |word: &&&str| plain(word, &mut [0; 16]) == Some(word) && folded(word) == **word;
            assert_eq!(words.iter().find(|word| !is_plain(word)), None, "{file}");
        }
        let words: Vec<&str> = ORGANISATIONS.lines().filter_map(|line| line.split('\t').next()).collect();
        assert!(words.is_sorted_by(|a, b| a < b));
        let names: Vec<&str> = include_str!("lexicon/namesakes.txt").lines().collect();
        assert!(names.is_sorted_by(|a, b| a < b) && names.iter().all(|name| folded(name) == **name));
        let kinds = ["begins", "body", "mailbox", "noun", "several"];
        let known: usize = kinds.iter().map(|kind| organisations(kind).words.len()).sum();
        let written = ORGANISATIONS.lines().filter_map(|line| line.split_once('\t'));
        assert_eq!(known, written.map(|(_, kinds)| kinds.split(' ').count()).sum::<usize>());
    }
}
