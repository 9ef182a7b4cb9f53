//! The words of a text, with their places.

use super::fold::ASCII_LETTERS;

/// The months, by their French and their English names, folded.
const MONTHS: [[&str; 2]; 12] = [
    ["janvier", "january"],
    ["fevrier", "february"],
    ["mars", "march"],
    ["avril", "april"],
    ["mai", "may"],
    ["juin", "june"],
    ["juillet", "july"],
    ["aout", "august"],
    ["septembre", "september"],
    ["octobre", "october"],
    ["novembre", "november"],
    ["decembre", "december"],
];

/// The month, counted from 1, of a folded French or English name or its abbreviation: `janvier`, `janv`, `jan`.
pub(crate) fn month(name: &str) -> Option<u32> {
    if name.len() < 3 {
        return None;
    }
    let mut meant = (1..).zip(MONTHS).filter(|(_, names)| names.iter().any(|full| full.starts_with(name)));
    // « jui » is two months.
    meant.next().filter(|_| meant.next().is_none()).map(|(month, _)| month)
}

/// Whether a folded word is the whole French name of a month: abbreviations are other words elsewhere.
pub(crate) fn is_month(word: &str) -> bool {
    MONTHS.iter().any(|[french, _]| *french == word)
}

/// A word of a text, where it begins, and what follows it.
#[derive(Clone, Copy)]
pub(crate) struct Word<'a> {
    pub text: &'a str,
    pub start: usize,
    behind: &'a str,
}

impl Word<'_> {
    /// Where it ends.
    pub fn end(&self) -> usize {
        self.start + self.text.len()
    }

    /// The character that follows it.
    pub fn next(&self) -> Option<char> {
        self.behind.chars().next()
    }
}

/// A text without the blanks around it: nearly none has any, which its ends tell.
pub(crate) fn trimmed(text: &str) -> &str {
    match text.as_bytes() {
        [first, .., last] if first.is_ascii_graphic() && last.is_ascii_graphic() => text,
        _ => text.trim(),
    }
}

/// The words of a text: runs of letters and digits.
pub(crate) fn words(text: &str) -> impl Iterator<Item = Word<'_>> {
    let mut at = 0;
    std::iter::from_fn(move || {
        let start = next_word(text, at)?;
        at = word_end(text, start);
        Some(Word { text: &text[start..at], start, behind: &text[at..] })
    })
}

/// The words of a text, for several that look at them.
pub(crate) fn all_words(text: &str) -> Vec<Word<'_>> {
    /// Bytes of a word of French, with what parts it from the next one; few texts have shorter ones.
    const USUAL: usize = 4;
    /// Words for which room is made at once.
    const MOST: usize = 1 << 12;
    let mut all = Vec::with_capacity((text.len() / USUAL + 1).min(MOST));
    all.extend(words(text));
    all
}

/// Where the next word begins, at `from` or behind.
pub(crate) fn next_word(text: &str, from: usize) -> Option<usize> {
    let bytes = text.as_bytes();
    let mut at = from;
    loop {
        let byte = *bytes.get(at)?;
        if ASCII_LETTERS[usize::from(byte)] != 0 {
            return Some(at);
        }
        match byte {
            0..0x80 => at += 1,
            _ => match sign_at(text, at) {
                (true, _) => return Some(at),
                (false, length) => at += length,
            },
        }
    }
}

/// Where a word ends that begins, or goes on, at `from`.
pub(crate) fn word_end(text: &str, from: usize) -> usize {
    let bytes = text.as_bytes();
    let mut at = from;
    while let Some(byte) = bytes.get(at) {
        if ASCII_LETTERS[usize::from(*byte)] != 0 {
            at += 1;
            continue;
        }
        // Most signs of French are ASCII, which one look tells.
        if *byte < 0x80 {
            break;
        }
        match sign_at(text, at) {
            (true, length) => at += length,
            (false, _) => break,
        }
    }
    at
}

/// Whether the sign beyond ASCII that stands somewhere in a text is a letter or a digit, and how many bytes it has. Those of
/// French are known without a look into the tables of Unicode.
fn sign_at(text: &str, at: usize) -> (bool, usize) {
    match &text.as_bytes()[at..] {
        // `À` to `ÿ`, but for `×` and `÷`.
        [0xC3, second, ..] => (!matches!(second, 0x97 | 0xB7), 2),
        _ => text[at..].chars().next().map_or((false, 1), |c| (c.is_alphanumeric(), c.len_utf8())),
    }
}

/// The last word of a text.
pub(crate) fn last_word(text: &str) -> Option<Word<'_>> {
    let text = text.trim_end_matches(|c: char| !c.is_alphanumeric());
    let start = text.trim_end_matches(char::is_alphanumeric).len();
    (start < text.len()).then(|| Word { text: &text[start..], start, behind: "" })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(300) })]

        #[test]
        fn words_are_runs_of_letters_and_digits(text in "[aZ9 '.×÷À-ÿœŒ日´ \u{300}]{0,24}") {
            let found: Vec<&str> = words(&text).map(|word| word.text).collect();
            let plain: Vec<&str> =
                text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
            prop_assert_eq!(found, plain);
            for word in words(&text) {
                prop_assert_eq!(&text[word.start..word.end()], word.text);
                prop_assert_eq!(text[word.end()..].chars().next(), word.next());
            }
        }
    }
}
