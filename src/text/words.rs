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

/// The words of a text: runs of letters and digits.
pub(crate) fn words(text: &str) -> impl Iterator<Item = Word<'_>> {
    let mut at = 0;
    std::iter::from_fn(move || {
        let start = at + text[at..].find(|c: char| c.is_alphanumeric())?;
        let from = &text[start..];
        let end = from.find(|c: char| !c.is_alphanumeric()).unwrap_or(from.len());
        at = start + end;
        Some(Word { text: &from[..end], start, next: from[end..].chars().next() })
    })
}

/// The last word of a text.
pub(crate) fn last_word(text: &str) -> Option<Word<'_>> {
    let text = text.trim_end_matches(|c: char| !c.is_alphanumeric());
    let start = text.trim_end_matches(char::is_alphanumeric).len();
    (start < text.len()).then(|| Word { text: &text[start..], start, next: None })
}
