//! Where a text says where somebody lives: « demeurant 3 rue Haute », « au domicile de Mme Quincampoix, 3 rue Haute ».

use super::people::Doubt;
use crate::text::fold::folded;
use crate::text::lexicon::{LONGEST, STREETS, plain};
use crate::text::names::LINE_END;
use crate::text::words::Word;

/// Words between the two.
const NEAR: usize = 8;

/// Adds to `spans` the streets at which a text, `all` being its words, says that somebody lives; a body has its seat at such a
/// place too, which is a doubt where the text names nobody.
pub(super) fn find(text: &str, all: &[Word<'_>], spans: &mut Vec<(usize, usize)>, doubts: &mut Vec<Doubt>) {
    let mut rank = 0;
    while rank < all.len() {
        let cue = rank;
        rank += 1;
        // The lengths and the letters of the words that say so: hardly any other one is looked at.
        if !(6..=12).contains(&all[cue].text.len())
            || !matches!(all[cue].text.as_bytes()[0] | 0x20, b'd' | b'h' | b'r' | b'p')
        {
            continue;
        }
        let before = || cue.checked_sub(1).map(|rank| folded(all[rank].text)).unwrap_or_default();
        let mut buffer = [0; LONGEST];
        let may_be_seat = match plain(all[cue].text, &mut buffer).unwrap_or_default() {
            // « aide à domicile »
            "domicile" if !matches!(before().as_str(), "a" | "hors") => false,
            "demeurant" => false,
            "personnelle" | "privee" if before() == "adresse" => false,
            "domicilie" | "domiciliee" | "domicilies" | "domiciliees" | "habite" | "reside" => true,
            _ => continue,
        };
        let Some((first, last)) = street(text, &all[cue..]) else { continue };
        let span = (all[cue + first].start, all[cue + last].end());
        match may_be_seat && spans.is_empty() {
            true => doubts.push((span, "adresse d’un domicile ?")),
            false => spans.push(span),
        }
        rank = cue + last + 1;
    }
}

/// The first and last words of the street with its number that stands near behind the first of some words.
fn street(text: &str, words: &[Word<'_>]) -> Option<(usize, usize)> {
    /// Words of the name of a street.
    const MOST: usize = 8;
    let is_number = |word: &str| {
        let digits = word.bytes().take_while(u8::is_ascii_digit).count();
        (1..=4).contains(&digits) && word.len() - digits < 4
    };
    let first = (1..words.len().min(NEAR)).find(|at| is_number(words[*at].text))?;
    let is_same = !text[words[0].end()..words[first].start].contains(['!', '?', ';']);
    let kind = (first + 1..words.len().min(first + 3)).find(|at| STREETS.has(words[*at].text))?;
    if !is_same {
        return None;
    }
    let mut last = kind;
    for at in kind + 1..words.len().min(kind + MOST) {
        let gap = &text[words[at - 1].end()..words[at].start];
        let is_end =
            gap.contains([',', ';', '(', ')', ':', LINE_END]) || gap.starts_with('.') && words[at - 1].text.len() > 3;
        let own = folded(words[at].text);
        if is_end
            || own.len() == 5 && own.bytes().all(|byte| byte.is_ascii_digit())
            || matches!(own.as_str(), "a" | "dans" | "depuis" | "est" | "et" | "ou" | "pour" | "qui" | "sont")
        {
            break;
        }
        last = at;
    }
    (last > kind).then_some((first, last))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::words::all_words;

    #[test]
    fn a_home_is_told_as_one() {
        for (text, expected) in [
            ("Domicile : 3 rue Haute, 46100 Figeac.", Some("3 rue Haute")),
            ("au domicile de la trésorière, 3 bis rue des Lilas à Gap", Some("3 bis rue des Lilas")),
            ("Il demeurant 12 av. Victor Hugo 05000 Gap", Some("12 av. Victor Hugo")),
            ("adresse personnelle : 3 impasse du Four", Some("3 impasse du Four")),
            ("Aide à domicile, 3 rue Haute", None),
            ("Le siège est 3 rue Haute", None),
            ("domiciliée 3 rue Haute", None),
        ] {
            let mut spans = Vec::new();
            find(text, &all_words(text), &mut spans, &mut Vec::new());
            assert_eq!(spans.first().map(|(start, end)| &text[*start..*end]), expected, "{text}");
        }
    }
}
