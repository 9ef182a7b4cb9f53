//! The words of a text, with their places.

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

/// A word of a text, where it begins, and the character that follows it.
#[derive(Clone, Copy)]
pub(crate) struct Word<'a> {
    pub text: &'a str,
    pub start: usize,
    pub next: Option<char>,
}

impl Word<'_> {
    /// Where it ends.
    pub fn end(&self) -> usize {
        self.start + self.text.len()
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
        let start = run_end(text, at, false);
        at = run_end(text, start, true);
        (start < at).then(|| Word { text: &text[start..at], start, next: text[at..].chars().next() })
    })
}

/// Where a run of signs ends that are letters and digits, or that are none.
fn run_end(text: &str, start: usize, is_of_words: bool) -> usize {
    let bytes = text.as_bytes();
    let mut at = start;
    while let Some(byte) = bytes.get(at) {
        // Most signs of French are ASCII, which one look tells.
        let (is_of_word, length) = if byte.is_ascii() { (byte.is_ascii_alphanumeric(), 1) } else { sign_at(text, at) };
        if is_of_word != is_of_words {
            break;
        }
        at += length;
    }
    at
}

/// Whether the sign that stands somewhere in a text is a letter or a digit, and how many bytes it has. Those of French are
/// known without a look into the tables of Unicode.
fn sign_at(text: &str, at: usize) -> (bool, usize) {
    match &text.as_bytes()[at..] {
        [byte @ 0..0x80, ..] => (byte.is_ascii_alphanumeric(), 1),
        // `À` to `ÿ`, but for `×` and `÷`.
        [0xC3, second, ..] => (!matches!(second, 0x97 | 0xB7), 2),
        _ => text[at..].chars().next().map_or((false, 1), |c| (c.is_alphanumeric(), c.len_utf8())),
    }
}

/// The last word of a text.
pub(crate) fn last_word(text: &str) -> Option<Word<'_>> {
    let text = text.trim_end_matches(|c: char| !c.is_alphanumeric());
    let start = text.trim_end_matches(char::is_alphanumeric).len();
    (start < text.len()).then(|| Word { text: &text[start..], start, next: None })
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
                prop_assert_eq!(text[word.end()..].chars().next(), word.next);
            }
        }
    }
}
