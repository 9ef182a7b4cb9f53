//! What hangs on the cells of a sheet beside their values: comments, and where links lead.

use std::collections::BTreeMap;

use super::range::Range;
use crate::guide;

/// Annotations that are held of a sheet; those beyond are counted.
const MAX_HELD: usize = 100_000;
/// Bytes of their texts.
const MAX_HELD_BYTES: usize = 16 << 20;
/// Cells of one link that are told apart: a link over a whole column is one link.
const MAX_CELLS: usize = 1_000;
/// Annotations outside the records that are told one by one.
const TOLD: usize = 20;

/// What an annotation is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Comment,
    Link,
}

#[derive(Debug, Clone)]
struct Annotation {
    kind: Kind,
    text: String,
    /// The row and column of its first cell.
    place: (u64, u32),
    /// Whether a record has it, or the text of its cell says it.
    is_told: bool,
}

/// The annotations of a sheet.
#[derive(Debug, Clone, Default)]
pub(crate) struct Annotations {
    all: Vec<Annotation>,
    cells: BTreeMap<(u64, u32), Vec<u32>>,
    /// How many of the cells that annotations have are held, which may be the same ones.
    places: usize,
    bytes: usize,
    beyond: u64,
}

impl Annotations {
    /// A comment on a cell.
    pub fn comment(&mut self, row: u64, column: u32, text: &str) {
        let text = guide::without_our_notes(text);
        let text = said(&text);
        if !text.is_empty() {
            self.add(Kind::Comment, text.to_owned(), Range { top: row, left: column, bottom: row, right: column });
        }
    }

    /// Cells that lead to a place outside the workbook.
    pub(in crate::import) fn link(&mut self, range: Range, target: &str) {
        let text = address(target);
        if !text.is_empty() && !text.starts_with('#') {
            self.add(Kind::Link, text, range);
        }
    }

    fn add(&mut self, kind: Kind, text: String, range: Range) {
        if self.places >= MAX_HELD || self.bytes + text.len() > MAX_HELD_BYTES {
            self.beyond += 1;
            return;
        }
        self.bytes += text.len();
        let rank = self.all.len() as u32;
        self.all.push(Annotation { kind, text, place: (range.top, range.left), is_told: false });
        let columns = range.left..=range.right;
        let cells = (range.top..=range.bottom).flat_map(|row| columns.clone().map(move |column| (row, column)));
        for cell in cells.take(MAX_CELLS) {
            self.places += 1;
            self.cells.entry(cell).or_default().push(rank);
        }
    }

    /// So many more, which are not held.
    pub fn beyond(&mut self, count: u64) {
        self.beyond += count;
    }

    pub fn is_empty(&self) -> bool {
        self.all.is_empty()
    }

    /// What hangs on a cell that has a value and says something else than it; it counts as told.
    pub fn of(&mut self, row: u64, column: u32, value: &str) -> Vec<(Kind, String)> {
        let mut found = Vec::new();
        for rank in self.cells.get(&(row, column)).into_iter().flatten() {
            let annotation = &mut self.all[*rank as usize];
            annotation.is_told = true;
            if annotation.kind == Kind::Comment || !shows(value, &annotation.text) {
                found.push((annotation.kind, annotation.text.clone()));
            }
        }
        found
    }

    /// A text outside the records, whose link leads where it says.
    pub fn outside(&mut self, row: u64, column: u32, value: &str) {
        for rank in self.cells.get(&(row, column)).into_iter().flatten() {
            let annotation = &mut self.all[*rank as usize];
            annotation.is_told |= annotation.kind == Kind::Link && shows(value, &annotation.text);
        }
    }

    /// What no record has, in the order of the sheet: the first texts one by one, then all others together.
    pub fn rest(self, is_ours: impl Fn(&str) -> bool) -> Vec<((u64, u32), String)> {
        let mut rest: Vec<((u64, u32), String)> = self
            .all
            .into_iter()
            .filter(|annotation| !annotation.is_told)
            .filter(|annotation| annotation.kind == Kind::Link || !is_ours(&annotation.text))
            .map(|annotation| (annotation.place, annotation.text))
            .collect();
        rest.sort();
        if rest.len() > TOLD {
            let others = rest.split_off(TOLD);
            let texts: Vec<String> = others.iter().map(|(_, text)| text.clone()).collect();
            rest.push((others[0].0, texts.join(" · ")));
        }
        if self.beyond > 0 {
            rest.push(((1, 1), format!("… (+\u{a0}{})", self.beyond)));
        }
        rest
    }
}

/// What a comment says. A comment in a thread is kept for old programs behind a word from the program itself, with a link.
fn said(text: &str) -> &str {
    let text = text.trim();
    let own = text.strip_prefix('[').and_then(|_| text.split_once("go.microsoft.com/fwlink"));
    own.and_then(|(_, rest)| rest.split_once('\n')).map_or(text, |(_, said)| said.trim())
}

/// Where a link leads, as people write it: a mailbox without what a mail would say.
pub(in crate::import) fn address(target: &str) -> String {
    let target = target.trim();
    match target.get(..7).filter(|scheme| scheme.eq_ignore_ascii_case("mailto:")) {
        Some(_) => unescaped(target[7..].split('?').next().unwrap_or_default()),
        None => target.to_owned(),
    }
}

/// A text without the escapes of an address: `%40` is `@`.
fn unescaped(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, after @ ..] = rest {
        let escaped = match after {
            [high, low, ..] if *first == b'%' => {
                let digit = |byte: u8| char::from(byte).to_digit(16);
                digit(*high).zip(digit(*low)).map(|(high, low)| (high * 16 + low) as u8)
            }
            _ => None,
        };
        bytes.push(escaped.unwrap_or(*first));
        rest = if escaped.is_some() { &after[2..] } else { after };
    }
    String::from_utf8(bytes).unwrap_or_else(|_| text.to_owned())
}

/// Where a formula leads that is a link: `HYPERLINK("https://…","site")`.
pub(in crate::import) fn target_of_formula(formula: &str) -> Option<String> {
    let (name, argument) = formula.trim_start_matches("of:").trim_start_matches('=').split_once('(')?;
    let rest = argument.trim_start().strip_prefix('"').filter(|_| name.trim().eq_ignore_ascii_case("hyperlink"))?;
    let end = rest.find('"')?;
    Some(rest[..end].to_owned())
}

/// Whether a text says where its link leads.
pub(in crate::import) fn shows(text: &str, target: &str) -> bool {
    let plain = |text: &str| {
        let text = text.trim().to_lowercase();
        let text = ["https://", "http://"].iter().find_map(|scheme| text.strip_prefix(scheme)).unwrap_or(&text);
        text.strip_prefix("www.").unwrap_or(text).trim_end_matches('/').to_owned()
    };
    let target = plain(target);
    plain(text).contains(&target)
}

/// Whether a text holds the address of a site.
pub(super) fn has_site(text: &str) -> bool {
    text.split_whitespace().any(|word| {
        word.split_once('.').is_some_and(|(before, after)| {
            before.ends_with(char::is_alphanumeric) && after.starts_with(char::is_alphanumeric)
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_says_something_else_than_its_text_or_not() {
        for (text, target) in [
            ("www.example.org", "https://www.example.org/"),
            ("Site : HTTPS://example.org", "http://example.org"),
            ("a@example.org", "mailto:a@example.org?subject=PTCE"),
            ("a@example.org", "mailto:a%40example.org"),
        ] {
            assert!(shows(text, &address(target)), "{text} {target}");
        }
        for (text, target) in [("site", "https://example.org"), ("b@example.org", "mailto:a@example.org")] {
            assert!(!shows(text, &address(target)), "{text} {target}");
        }
        assert!(has_site("voir www.example.org") && !has_site("voir le site. Merci") && !has_site("site"));
        assert_eq!(address("mailto:100%"), "100%");
        let target = |formula| target_of_formula(formula);
        assert_eq!(target("of:=HYPERLINK(\"a\";\"b\")").as_deref(), Some("a"));
        assert_eq!((target("HYPERLINK(A1)"), target("SUM(\"a\")"), target("")), (None, None, None));
    }

    #[test]
    fn a_comment_in_a_thread_is_what_people_say() {
        let kept = "[Threaded comment]\n\nYour version of Excel… https://go.microsoft.com/fwlink/?linkid=870924\n\nComment:\n    Appeler";
        assert_eq!(said(kept), "Comment:\n    Appeler");
        assert_eq!(said(" [x] vu "), "[x] vu");
    }

    #[test]
    fn what_is_held_is_bounded() {
        let mut many = Annotations::default();
        for row in 1..=(MAX_HELD as u64 + 5) {
            many.comment(row, 1, "vu");
        }
        many.link(Range { top: 1, left: 1, bottom: u64::MAX, right: 9 }, "https://example.org");
        assert_eq!((many.all.len(), many.beyond), (MAX_HELD, 6));
        let rest = many.rest(|_| false);
        assert_eq!((rest.len(), rest.last().unwrap().1.as_str()), (TOLD + 2, "… (+\u{a0}6)"));
    }
}
