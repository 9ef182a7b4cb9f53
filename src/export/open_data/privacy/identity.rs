//! What identifies a person for a state or a bank: social security numbers, bank accounts, dates of birth.

use crate::text::fold::folded;
use crate::text::lexicon::{BODIES, LONGEST, ROLES, THINGS, is_common, plain};
use crate::text::names::LINE_END;
use crate::text::words::{Word, month};

/// Adds to `spans` where a text, as it is seen, holds one of them; `all` are its words. A date of birth is one where the text speaks of a person,
/// or says that it is.
pub(super) fn find(text: &str, all: &[Word<'_>], has_person: bool, spans: &mut Vec<(usize, usize)>) {
    let bytes = text.as_bytes();
    let digits = bytes.iter().filter(|byte| byte.is_ascii_digit()).count();
    if digits < 4 {
        return;
    }
    if digits >= 10 {
        security_numbers(text, spans);
        accounts(text, spans);
        if digits >= 18 {
            french_accounts(text, spans);
        }
    }
    births(text, all, has_person, spans);
}

/// French social security numbers (NIR): 13 digits and the key, 97 less their remainder.
fn security_numbers(text: &str, spans: &mut Vec<(usize, usize)>) {
    let bytes = text.as_bytes();
    for start in 0..bytes.len() {
        let is_first = matches!(bytes[start], b'1' | b'2' | b'3' | b'4' | b'7' | b'8');
        if !is_first || start > 0 && bytes[start - 1].is_ascii_alphanumeric() {
            continue;
        }
        let (mut sign, mut at) = (Vec::with_capacity(15), start);
        let mut end = start;
        while sign.len() < 15 && at < bytes.len() && at - start < 40 {
            match bytes[at] {
                byte @ b'0'..=b'9' => sign.push(byte),
                // Corsica is 2A and 2B.
                byte @ (b'A' | b'B' | b'a' | b'b') if sign.len() == 6 => sign.push(byte.to_ascii_uppercase()),
                b' ' | b'.' | b'-' | b'/' | b'_' | 0xc2 | 0xa0 | 0xe2 | 0x80 | 0xaf | 0xa8 if at > start => {
                    at += 1;
                    continue;
                }
                _ => break,
            }
            at += 1;
            end = at;
        }
        let is_apart = bytes.get(end).is_none_or(|byte| !byte.is_ascii_alphanumeric());
        let has_label = || {
            // Five words are no longer, in which the label stands if there is one.
            let from = (start.saturating_sub(120)..start).find(|at| text.is_char_boundary(*at)).unwrap_or(start);
            let before = folded(text[from..start].rsplit([LINE_END, '.', ';']).next().unwrap_or(""));
            let mut last = before.split(' ').rev().take(5);
            last.any(|word| matches!(word, "nir" | "securite" | "secu" | "insee" | "immatriculation"))
        };
        if is_apart
            && text.is_char_boundary(end)
            && (sign.len() == 15 && (is_keyed(&sign) || has_label()) || sign.len() == 13 && has_label())
        {
            spans.push((start, end));
        }
    }
}

fn is_keyed(sign: &[u8]) -> bool {
    let month = |text: &[u8]| std::str::from_utf8(text).ok().and_then(|text| text.parse::<u32>().ok());
    let is_month =
        month(&sign[3..5]).is_some_and(|month| (1..=12).contains(&month) || (20..=42).contains(&month) || month >= 50);
    let number: String = sign[..13].iter().map(|byte| char::from(*byte)).collect();
    let (number, less) = match sign[6] {
        b'A' => (number.replacen('A', "0", 1), 1_000_000),
        b'B' => (number.replacen('B', "0", 1), 2_000_000),
        _ => (number, 0),
    };
    let key = std::str::from_utf8(&sign[13..]).ok().and_then(|key| key.parse::<i64>().ok());
    let number = number.parse::<i64>().ok();
    is_month && key.zip(number).is_some_and(|(key, number)| 97 - (number - less).rem_euclid(97) == key)
}

/// Bank accounts (IBAN): a country, two digits, and letters and digits that leave 1 by 97.
fn accounts(text: &str, spans: &mut Vec<(usize, usize)>) {
    let bytes = text.as_bytes();
    for start in 0..bytes.len().saturating_sub(14) {
        let is_begin = bytes[start].is_ascii_alphabetic()
            && bytes[start + 1].is_ascii_alphabetic()
            && (start == 0 || !bytes[start - 1].is_ascii_alphanumeric());
        let digits = bytes[start + 2..].iter().take(4).filter(|byte| byte.is_ascii_digit()).count();
        if !is_begin || digits < 2 {
            continue;
        }
        let (mut account, mut at, mut found) = (Vec::with_capacity(34), start, None);
        while account.len() < 34 && at < bytes.len() {
            match bytes[at] {
                byte if byte.is_ascii_alphanumeric() => account.push(byte.to_ascii_uppercase()),
                b' ' | b'-' | b'.' => {
                    at += 1;
                    continue;
                }
                _ => break,
            }
            at += 1;
            let is_apart = bytes.get(at).is_none_or(|byte| !byte.is_ascii_alphanumeric());
            if account.len() >= 15
                && is_apart
                && account[2..4].iter().all(u8::is_ascii_digit)
                && remainder(&account) == 1
            {
                found = Some(at);
            }
        }
        spans.extend(found.map(|end| (start, end)));
    }
}

/// French bank accounts as a RIB writes them: five digits of the bank, five of the branch, eleven letters or digits, and the key.
fn french_accounts(text: &str, spans: &mut Vec<(usize, usize)>) {
    const LENGTH: usize = 23;
    let bytes = text.as_bytes();
    for start in 0..bytes.len().saturating_sub(LENGTH - 1) {
        if !bytes[start].is_ascii_digit() || start > 0 && bytes[start - 1].is_ascii_alphanumeric() {
            continue;
        }
        let (mut account, mut at) = (Vec::with_capacity(LENGTH), start);
        while account.len() < LENGTH && at < bytes.len() {
            match bytes[at] {
                byte if byte.is_ascii_digit() || account.len() >= 10 && byte.is_ascii_alphabetic() => {
                    account.push(byte)
                }
                b' ' | b'-' | b'.' => {}
                _ => break,
            }
            at += 1;
        }
        let is_apart = bytes.get(at).is_none_or(|byte| !byte.is_ascii_alphanumeric());
        if account.len() == LENGTH && is_apart && is_french_account(&account) {
            spans.push((start, at));
        }
    }
}

fn is_french_account(account: &[u8]) -> bool {
    // A to I, J to R and S to Z count as 1 to 9, the last ones from 2.
    let digit = |byte: u8| match byte.to_ascii_uppercase() {
        digit @ b'0'..=b'9' => u64::from(digit - b'0'),
        letter @ b'A'..=b'R' => u64::from((letter - b'A') % 9) + 1,
        letter => u64::from(letter.saturating_sub(b'S')) + 2,
    };
    let number = |part: &[u8]| part.iter().fold(0, |number, byte| number * 10 + digit(*byte));
    let sum = 89 * number(&account[..5]) + 15 * number(&account[5..10]) + 3 * number(&account[10..21]);
    account[21..].iter().all(u8::is_ascii_digit)
        && number(&account[..10]) > 0
        && number(&account[21..]) == 97 - sum % 97
}

fn remainder(account: &[u8]) -> u32 {
    account[4..].iter().chain(&account[..4]).fold(0, |rest, byte| match byte {
        b'0'..=b'9' => (rest * 10 + u32::from(byte - b'0')) % 97,
        _ => (rest * 100 + u32::from(byte - b'A') + 10) % 97,
    })
}

/// Dates behind « né le », « date de naissance ».
fn births(text: &str, all: &[Word<'_>], has_person: bool, spans: &mut Vec<(usize, usize)>) {
    /// Words between the two: « née Durand le », « (F) : ».
    const NEAR: usize = 5;
    /// The first year in which nobody of whom a text speaks is born.
    const YOUNGEST: u32 = 2010;
    for (rank, word) in all.iter().enumerate() {
        if !matches!(word.text.as_bytes()[0], b'n' | b'N' | b'd' | b'D') {
            continue;
        }
        // « Né(e) le : » is the label of a form.
        let is_form = || text[word.end()..].starts_with("(e") && word.text.to_lowercase() == "né";
        let is_said =
            ["naissance", "naiss", "ddn"].iter().any(|said| word.text.eq_ignore_ascii_case(said)) || is_form();
        let mut buffer = [0; LONGEST];
        let is_born = matches!(plain(word.text, &mut buffer), Some("ne" | "nee" | "nes" | "nees"));
        if !is_said && !is_born {
            continue;
        }
        // Without its accent it is a negation, but for the date.
        let is_plain = is_born && word.text.is_ascii();
        let mut from = rank + 1;
        let mut is_first = true;
        // « Nés le 12/03/1984 et le 14/05/1986 »
        while let Some((first, last)) =
            (from..all.len().min(from + NEAR)).find_map(|at| date_end(&all[at..]).map(|count| (at, at + count - 1)))
        {
            let before = &text[all[from - 1].end()..all[first].start];
            let is_whole = last > first;
            let year = [first, last].into_iter().filter_map(|at| all[at].text.parse::<u32>().ok()).max().unwrap_or(0);
            let is_other = before.contains([';']) || before.contains('.') && !is_said;
            let is_person = || match subject(text, all, rank, last) {
                Subject::Thing => false,
                Subject::Person => is_whole || year < YOUNGEST,
                Subject::Unknown => is_whole && (has_person || year < YOUNGEST),
            };
            let is_near =
                is_first || matches!(before.trim(), "et le" | "et" | "et du" | ", le" | "," | "et né le" | "et née le");
            if is_other || !is_near || !is_said && (is_plain && !is_whole || !is_person()) {
                break;
            }
            spans.push((all[first].start, all[last].end()));
            (from, is_first) = (last + 1, false);
        }
    }
}

/// Of what a text says that it is born.
#[derive(PartialEq, Eq)]
enum Subject {
    Person,
    Thing,
    /// Nothing says which.
    Unknown,
}

/// What is born where the word at `rank` says so; the date ends with the word at `last`.
fn subject(text: &str, all: &[Word<'_>], rank: usize, last: usize) -> Subject {
    /// Words that are looked at on either side.
    const NEAR: usize = 6;
    let is_end = |at: usize| text[all[at].end()..all[at + 1].start].contains(['.', '!', '?', ';']);
    let is_thing = |word: &str| {
        let singular = word.strip_suffix('s').unwrap_or(word);
        [word, singular].iter().any(|word| THINGS.contains(word) || BODIES.contains(word))
    };
    let is_role = |word: &str| ROLES.contains(word) || word.strip_suffix('s').is_some_and(|one| ROLES.contains(one));
    let mut is_pronoun = false;
    for at in (rank.saturating_sub(NEAR)..rank).rev().take_while(|at| !is_end(*at)) {
        let word = folded(all[at].text);
        match word.as_str() {
            _ if is_role(&word) => return Subject::Person,
            _ if is_thing(&word) => return Subject::Thing,
            "est" | "sont" | "fut" | "etait" | "ete" | "a" | "ont" | "et" | "qui" | "donc" | "elle" | "il"
            | "elles" | "ils" => {
                is_pronoun |= word.starts_with("el") || word.starts_with("il");
            }
            // « une idée de Zélie née en 1999 » is of neither for certain.
            _ if all[at].text.starts_with(char::is_uppercase) && !is_common(&word) && at > 0 => return Subject::Person,
            _ => {}
        }
    }
    // « Née en 2004, l’association… », « La SCIC gère un moulin. Elle est née le … »
    let behind = all.iter().take(last + 1 + NEAR).skip(last + 1);
    let nearby = behind.chain(is_pronoun.then_some(&all[..rank]).into_iter().flatten());
    if nearby.map(|word| folded(word.text)).any(|word| is_thing(&word)) { Subject::Thing } else { Subject::Unknown }
}

/// How many words make the date that some words begin with: « 12/03/1984 », « 12 mars 1984 », « 1984-03-12 », « 1984 ».
fn date_end(words: &[Word<'_>]) -> Option<usize> {
    let number = |rank: usize| words.get(rank).and_then(|word| word.text.trim_end_matches("er").parse::<u32>().ok());
    let is_day = |rank| number(rank).is_some_and(|day| (1..=31).contains(&day));
    let is_year = |rank| {
        number(rank).is_some_and(|year| (1900..2100).contains(&year) || year < 100 && words[rank].text.len() == 2)
    };
    let is_month =
        |rank: usize| is_day(rank) || words.get(rank).is_some_and(|word| month(&folded(word.text)).is_some());
    let is_long_year = |rank| number(rank).is_some_and(|year| (1900..2100).contains(&year));
    if is_day(0) && is_month(1) && is_year(2) || is_long_year(0) && is_day(1) && is_day(2) {
        return Some(3);
    }
    is_long_year(0).then_some(1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::words::all_words;

    #[test]
    fn numbers_of_the_state_and_the_bank_are_found() {
        for (text, has_person, expected) in [
            ("NIR 1 84 12 76 451 089 46.", false, Some("1 84 12 76 451 089 46")),
            ("184127645108946", false, Some("184127645108946")),
            ("1 84 12 2A 451 089 58", false, None),
            ("n° de sécurité sociale 1 84 12 76 451 089", false, Some("1 84 12 76 451 089")),
            ("1 84 12 76 451 089", false, None),
            ("184127645108947", false, None),
            ("FR76 3000 6000 0112 3456 7890 189", false, Some("FR76 3000 6000 0112 3456 7890 189")),
            ("FR7630006000011234567890189 (CIC)", false, Some("FR7630006000011234567890189")),
            ("FR76 3000 6000 0112 3456 7890 188", false, None),
            ("RIB : 30006 00001 12345678901 89", false, Some("30006 00001 12345678901 89")),
            ("RIB : 30006 00001 12345678901 88", false, None),
            ("Né(e) le : 12/03/1975", false, Some("12/03/1975")),
            ("né le 12 mars 1984", true, Some("12 mars 1984")),
            ("Date de naissance : 12/03/1984", false, Some("12/03/1984")),
            ("Le pôle est né le 12 mars 2012", false, None),
            ("Sa fondatrice est née le 12/04/1972.", false, Some("12/04/1972")),
            ("La directrice le dit : le pôle est né en 2004", false, None),
            ("une association née en 1901", false, None),
            ("Née le 12/03/1984.", false, Some("12/03/1984")),
            ("NE LE 12 MARS 1984", false, Some("12 MARS 1984")),
            ("Elle est née le 12 mars 1984.", false, Some("12 mars 1984")),
            ("Née à Lens le 3 mai 1979.", false, Some("3 mai 1979")),
            ("Né le dimanche 12 mars 1984", false, Some("12 mars 1984")),
            ("Date naiss. 12/03/1984", false, Some("12/03/1984")),
            ("La SCIC, née le 3 mai 1999, gère un moulin.", true, None),
            ("La coopérative gère un moulin. Elle est née le 3 mai 1999.", false, None),
            ("Née le 3 mai 1999, l’association gère un moulin.", false, None),
            ("Le festival est né le 14 juillet 1989.", false, None),
            ("Ils ne sont que 12 en 1984", false, None),
            ("NIR 1 84 12 76 451 089 47", false, Some("1 84 12 76 451 089 47")),
            ("SIRET 732 829 320 00074", false, None),
        ] {
            let mut spans = Vec::new();
            find(text, &all_words(text), has_person, &mut spans);
            assert_eq!(spans.first().map(|(start, end)| &text[*start..*end]), expected, "{text}");
        }
    }
}
