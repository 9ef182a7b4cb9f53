//! The name behind a title: « M. Jean Dupont », « madame de La Tour », « famille Quincampoix ».

use super::words::{is_capital, is_civility, is_commune, is_no_word, is_word_only};
use super::{Certainty, is_blank};
use crate::text::fold::folded;
use crate::text::lexicon::{BESIDE, GIVEN_NAMES, KIN, PARTICLES, ROLES, TITLES, is_common};
use crate::text::names::{is_function_word, is_region_word};
use crate::text::words::Word;

/// Where the name behind a title begins and ends, and whether it can be nothing else: `M. Jean Dupont`, `madame de La Tour`.
pub(super) fn titled(text: &str, word: &Word<'_>) -> Option<(usize, usize, Certainty)> {
    // The letters with which titles begin.
    let first = word.text.as_bytes()[0] | 0x20;
    // « Époux » begins with two bytes.
    if matches!(first, b'c' | b'e' | b'f' | b'v' | 0xE3) && KIN.has(word.text) {
        return kin(text, word);
    }
    // « MmeQuincampoix »
    let glued = ["Mme", "Mlle"].iter().find_map(|title| word.text.strip_prefix(title)).unwrap_or_default();
    if glued.starts_with(char::is_uppercase) && glued.chars().any(char::is_lowercase) {
        return Some((word.end() - glued.len(), word.end(), Certainty::Sure));
    }
    let may_be = matches!(first, b'a' | b'd' | b'm' | b'p');
    if !may_be || matches!(word.next(), Some('\'' | '’' | '-')) || !TITLES.has(word.text) {
        return None;
    }
    let is_long = word.text.len() > 2;
    let is_abbreviation = word.next() == Some('.') && (word.text == "m" || word.text == "mm");
    let follows_number = text[..word.start].trim_end().ends_with(|c: char| c.is_ascii_digit());
    let is_title =
        word.text.starts_with(char::is_uppercase) || is_long || word.text == "mr" || is_abbreviation && !follows_number;
    if !is_title {
        return None;
    }
    let plain = folded(word.text);
    let is_plural = matches!(plain.as_str(), "mm" | "mmes" | "mlles" | "mrs" | "messieurs" | "mesdames");
    let Some((first, end)) = named_end(text, word.end(), is_plural) else {
        return lower_name(text, word, &plain);
    };
    // « Mr Bricolage », « M Éco »: a shop is no gentleman.
    let name = &text[first..end];
    let is_bare = matches!(plain.as_str(), "m" | "mr" | "monsieur" | "madame") && word.next() != Some('.');
    // « Docteur Vélo », « Maître Composteur »: what one does, not whom one is.
    let is_trade = !is_civility(&plain);
    // A name of two words that is all there is: « M. Bricolage », « ME Conseil ».
    let is_all = word.start == 0 && end == text.trim_end().len();
    let is_sign = is_all && word.next() != Some('.') && word.text.len() == 2 && is_capital(word.text);
    let is_word = if is_sign { |word: &str| is_common(&folded(word)) || is_word_only(word) } else { is_word_only };
    let is_shop = !name.contains(' ') && is_bare && plain == "m" && name.chars().count() < 4
        || (is_bare && !name.contains(' ') || is_trade || is_all) && name.split(is_blank).all(is_word);
    if plain == "maitre" && name.starts_with(['d', 'D']) && name[1..].starts_with(['\'', '’']) {
        return None;
    }
    let is_nobody = name.split(is_blank).all(|word| is_function_word(&folded(word)));
    (!is_nobody).then_some((first, end, if is_shop { Certainty::Doubtful } else { Certainty::Sure }))
}

/// Where the surname stands behind « famille », « les époux », « veuve », which is no word of the language.
fn kin(text: &str, word: &Word<'_>) -> Option<(usize, usize, Certainty)> {
    let (first, end) = named_end(text, word.end(), false)?;
    let is_near = text[word.end()..first].chars().all(is_blank);
    let is_name = |name: &str| PARTICLES.has(name) || is_no_word(name) && !is_commune(name);
    (is_near && text[first..end].split(is_blank).all(is_name)).then_some((first, end, Certainty::Sure))
}

/// A name in small letters behind a title that is none of a sentence: « mme quincampoix ».
fn lower_name(text: &str, title: &Word<'_>, plain: &str) -> Option<(usize, usize, Certainty)> {
    if !matches!(plain, "m" | "mme" | "mlle" | "melle" | "mr" | "madame" | "mademoiselle" | "monsieur") {
        return None;
    }
    let rest = text[title.end()..].trim_start_matches('.');
    let blank = rest.trim_start_matches(is_blank);
    let first = text.len() - blank.len();
    let word_of = |text: &'_ str| text.find(|c: char| !c.is_alphabetic()).unwrap_or(text.len());
    // « m. le guennec », « monsieur van thanh »
    let led = word_of(blank);
    let particle = Some(&blank[..led]).filter(|word| PARTICLES.contains(word) && blank[led..].starts_with(is_blank));
    let behind = particle.map_or(blank, |_| blank[led..].trim_start_matches(is_blank));
    let start = text.len() - behind.len();
    let name = &behind[..word_of(behind)];
    let own = folded(name);
    if (particle.is_some() || plain == "m") && (is_common(&own) || is_region_word(&own)) {
        return None;
    }
    let is_other = own.len() < 3
        || rest.len() == blank.len()
        || is_function_word(&own)
        || ROLES.contains(&own)
        || TITLES.contains(&own)
        || BESIDE.contains(&own)
        || matches!(title.text.as_bytes()[0], b'M') && title.text.len() > 4;
    let is_common = is_common(&own);
    if is_other || is_common && plain.len() > 4 {
        return None;
    }
    Some((first, start + name.len(), if is_common { Certainty::Doubtful } else { Certainty::Sure }))
}

/// Where the name behind a title begins and ends, when there is one; behind a title in the plural, several.
fn named_end(text: &str, title_end: usize, is_plural: bool) -> Option<(usize, usize)> {
    /// A name has few words: a sentence in capitals is not taken whole.
    const MOST: usize = 7;
    let mut at = title_end + usize::from(text[title_end..].starts_with('.'));
    // « Mme : Quincampoix »
    let announced = text[at..].trim_start_matches(is_blank).strip_prefix(':').filter(|_| title_end == at);
    at = announced.map_or(at, |rest| text.len() - rest.len());
    // « Mme « Quincampoix » », « Mme (Quincampoix) »
    let quoted = text[at..].trim_start_matches(is_blank).strip_prefix(['(', '«', '“', '"']);
    at = quoted.map_or(at, |rest| text.len() - rest.len());
    let (mut begin, mut end) = (None, None);
    let mut is_behind_particle = false;
    let mut count = 0;
    // « Mme la présidente Zélie Quincampoix »
    let mut in_role = false;
    while count < if is_plural { 4 * MOST } else { MOST } {
        let mut rest = text[at..].trim_start_matches(is_blank);
        if is_plural
            && end.is_some()
            && let Some(next) = rest.strip_prefix(',')
        {
            rest = next.trim_start_matches(is_blank);
        }
        let is_part = |c: char| c.is_alphanumeric() || matches!(c, '-' | '\'' | '’');
        let mut part = &rest[..rest.find(|c| !is_part(c)).unwrap_or(rest.len())];
        let start = text.len() - rest.len();
        // « J.-P. »
        if end.is_some() && rest.starts_with("-") && part.len() == 1 {
            part = "";
        }
        if part.is_empty() || part == "-" {
            break;
        }
        count += 1;
        at = start + part.len();
        let own = part.trim_start_matches('-');
        if own.starts_with(char::is_uppercase) {
            // « Mesdames et Messieurs les élus », « Monsieur le Président Quincampoix »
            if end.is_none() && is_civility(&folded(own)) && own.chars().count() > 1 {
                at += usize::from(text[at..].starts_with('.'));
                continue;
            }
            if in_role && end.is_none() && ROLES.has(own) {
                continue;
            }
            if in_role && !GIVEN_NAMES.has(own.split('-').next().unwrap_or(own)) && !TITLES.has(own) && !is_no_word(own)
            {
                break;
            }
            // An initial keeps its full stop.
            let is_initial = own.chars().count() == 1 && text[at..].starts_with('.');
            at += usize::from(is_initial);
            begin = begin.or(Some(start));
            end = Some(at);
            continue;
        }
        let (particle, elided) = part.split_once(['\'', '’']).map_or((part, None), |(first, rest)| (first, Some(rest)));
        let hyphened = part
            .split_once('-')
            .filter(|(first, rest)| PARTICLES.contains(first) && rest.starts_with(char::is_uppercase));
        match elided {
            Some(name) if matches!(particle, "d" | "l") && name.starts_with(char::is_uppercase) => {
                begin = begin.or(Some(start));
                end = Some(at);
            }
            None if hyphened.is_some() => {
                begin = begin.or(Some(start));
                end = Some(at);
            }
            None if end.is_none()
                && !is_behind_particle
                && (in_role || matches!(particle, "la" | "le"))
                && (matches!(particle, "la" | "le") || ROLES.has(particle)) =>
            {
                in_role = true
            }
            // « Mme veuve Quincampoix »
            None if end.is_none() && BESIDE.has(particle) => {}
            // “M. le maire” names nobody, “M. le maire de Gap” neither.
            None if (PARTICLES.contains(particle) || is_plural && particle == "et") && !in_role => {
                is_behind_particle = particle != "et";
            }
            None if particle == "et" && is_plural => {}
            _ => break,
        }
    }
    begin.zip(end)
}
