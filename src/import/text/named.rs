//! The name that a text gives to its hub in running words: « le PTCE Fabriques du Quercy a… », where no title tells it.

use std::collections::BTreeMap;

use crate::text::fold::folded;
use crate::text::words::{Word, all_words};

/// The word after which a hub is named, and before which: « Fabriques du Quercy est un PTCE ».
const HUB: &str = "ptce";

/// Words that may stand within a name without a capital.
static WITHIN: &[&str] = &["a", "au", "aux", "d", "de", "des", "du", "en", "et", "l", "la", "le", "les", "pour"];

fn is_capital(word: &Word<'_>) -> bool {
    word.text.starts_with(|c: char| c.is_uppercase() || c.is_ascii_digit())
}

/// Whether nothing but what may stand within a name lies between two words.
fn is_joined(between: &str) -> bool {
    matches!(between, " " | "-" | "'" | "’" | "\u{a0}" | " – " | "/")
}

/// The name in running words among `texts`, if it is sure: a quoted name, or one that the text bears out elsewhere.
pub(super) fn name<'a>(texts: &[&'a str]) -> Option<&'a str> {
    // By their letters, so that « le Damier » and « Le Damier » are one.
    let mut met: BTreeMap<String, Vec<(&'a str, bool)>> = BTreeMap::new();
    // More names than that are those of others; none of them would be sure.
    const MOST: usize = 20;
    /// No name has more characters.
    const LONGEST: usize = 200;
    for text in texts.iter().copied() {
        let all = all_words(text);
        for at in 0..all.len() {
            if !all[at].text.eq_ignore_ascii_case(HUB) || met.len() > MOST {
                continue;
            }
            let after = text[all[at].end()..].trim_start();
            let quoted = [('«', '»'), ('“', '”')].into_iter().find_map(|(open, close)| {
                let inner = after.strip_prefix(open)?;
                let (end, _) = inner.char_indices().take(LONGEST).find(|(_, c)| *c == close)?;
                Some(inner[..end].trim())
            });
            if let Some(name) = quoted {
                met.entry(folded(name)).or_default().push((name, true));
            } else if let Some(name) = run(text, &all, at + 1) {
                met.entry(folded(name)).or_default().push((name, false));
            } else if let Some(name) = run_before(text, &all, at) {
                met.entry(folded(name)).or_default().push((name, false));
            }
        }
    }
    let texts: Vec<String> = texts.iter().map(|text| folded(text)).collect();
    met.retain(|folded_name, forms| {
        let told: usize = texts.iter().map(|text| text.matches(folded_name.as_str()).count()).sum();
        !folded_name.is_empty() && (forms.iter().any(|(_, quoted)| *quoted) || told > 1)
    });
    // Two names that are sure are none.
    let mut names = met.into_values();
    let forms = names.next().filter(|_| names.next().is_none())?;
    let capital = forms.iter().find(|(name, _)| name.starts_with(char::is_uppercase));
    capital.or(forms.first()).map(|(name, _)| *name)
}

/// The words of a name from word `at` on.
fn run<'a>(text: &'a str, all: &[Word<'_>], at: usize) -> Option<&'a str> {
    if at == 0 || !matches!(&text[all[at - 1].end()..all.get(at)?.start], " " | "\u{a0}") || !is_capital(&all[at]) {
        return None;
    }
    let mut last = at;
    for next in at + 1..all.len() {
        if !is_joined(&text[all[next - 1].end()..all[next].start]) {
            break;
        }
        if is_capital(&all[next]) {
            last = next;
        } else if !WITHIN.contains(&folded(all[next].text).as_str()) {
            break;
        }
    }
    Some(&text[all[at].start..all[last].end()])
}

/// The name before « est un PTCE », at the beginning of a sentence.
fn run_before<'a>(text: &'a str, all: &[Word<'_>], at: usize) -> Option<&'a str> {
    let is = |back: usize, word: &str| at.checked_sub(back).is_some_and(|at| folded(all[at].text) == word);
    let end = at.checked_sub(3).filter(|_| is(1, "un") && is(2, "est"))?;
    let mut first = end;
    while first > 0 && is_joined(&text[all[first - 1].end()..all[first].start]) {
        first -= 1;
    }
    let is_name = is_capital(&all[first]) && is_capital(&all[end]) && end > first;
    let words = all[first..=end].iter();
    let all_named = words.clone().all(|word| is_capital(word) || WITHIN.contains(&folded(word.text).as_str()));
    (is_name && all_named).then(|| &text[all[first].start..all[end].end()])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_sure_name_is_taken() {
        for (texts, expected) in [
            (&["Le PTCE « Bois debout » vise"][..], Some("Bois debout")),
            (&["Le PTCE Bois et Lin vise loin. Bois et Lin est né."], Some("Bois et Lin")),
            (&["Le PTCE Bois et Lin vise loin."], None),
            (&["La Roue libre Atelier est un PTCE", "Association la Roue libre Atelier"], None),
            (&["La Roue Libre est un PTCE", "Association la Roue Libre"], Some("La Roue Libre")),
            (&["Le PTCE « le Damier » est", "Le PTCE « Le Damier » a"], Some("Le Damier")),
            (&["Le PTCE « Bois » et le PTCE « Lin »"], None),
            (&["Le PTCE vise", "Ce PTCE, Bois, vise Bois"], None),
        ] {
            assert_eq!(name(texts), expected, "{texts:?}");
        }
    }
}
