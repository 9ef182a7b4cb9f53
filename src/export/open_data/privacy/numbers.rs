//! Numbers that reach or name somebody, whatever sets their digits apart.

use crate::text::fold::folded;
use crate::text::lexicon::PHONE_LABELS;
use crate::text::names::LINE_END;
use crate::text::phones::Number;

/// Digits by which a French telephone number is known: what stands before them says how it is dialled.
const TELLING: usize = 9;
/// What stands before these digits: the trunk 0, and the codes of France and of its overseas territories.
const PREFIXES: [&str; 14] =
    ["0", "33", "330", "0033", "00330", "262", "00262", "508", "590", "594", "596", "00590", "00594", "00596"];
/// Signs between two groups of digits of one number.
const WIDEST_GAP: usize = 4;

/// A withheld number, as it is looked for.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Own<'a> {
    /// Its last nine digits.
    Nine(u64),
    /// The groups of digits of one that has fewer.
    Short(Vec<&'a str>),
}

/// Where a group of digits begins and ends.
type Group = (usize, usize);

/// Groups of digits that adjoin each other.
struct Run {
    groups: Vec<Group>,
}

/// Calls `each` for every run of groups of digits; « (0) » is none, and between two cells of a table a run ends.
fn runs(text: &str, each: &mut dyn FnMut(&[Group])) {
    let bytes = text.as_bytes();
    if bytes.iter().filter(|byte| byte.is_ascii_digit()).count() < TELLING {
        return;
    }
    let mut run = Run { groups: Vec::new() };
    let mut at = 0;
    while let Some(start) = bytes[at..].iter().position(u8::is_ascii_digit).map(|found| at + found) {
        let end =
            bytes[start..].iter().position(|byte| !byte.is_ascii_digit()).map_or(bytes.len(), |length| start + length);
        let is_idle = bytes[start..end] == *b"0" && text[..start].ends_with('(') && text[end..].starts_with(')');
        if let Some((_, last)) = run.groups.last() {
            // So many signs have no more bytes.
            let is_far = start - *last > 4 * (WIDEST_GAP + 6);
            let adjoins = || {
                let gap = &text[*last..start];
                let gap = gap.strip_suffix("(0)").unwrap_or(gap);
                let is_near = gap.chars().count() <= WIDEST_GAP
                    && !gap.contains(|c: char| c.is_alphanumeric() || matches!(c, '"' | '<' | '>'));
                // « …)(0) » stands between two groups.
                is_near || gap.contains("(0)") && gap.chars().count() <= WIDEST_GAP + 3
            };
            if is_far || !adjoins() {
                each(&run.groups);
                run.groups.clear();
            }
        }
        if !is_idle || run.groups.is_empty() {
            run.groups.push((start, end));
        }
        at = end;
    }
    each(&run.groups);
}

/// Calls `number` for what may be a telephone number in a text as it is seen, with its place and its last nine digits, and
/// `code` for the runs of digits that have as many as a SIREN or a SIRET.
pub(super) fn each_number_and_code(
    text: &str,
    number: &mut dyn FnMut(usize, usize, u64),
    code: &mut dyn FnMut(usize, usize, u64),
) {
    runs(text, &mut |groups| {
        each_number_of(text, groups, number);
        each_code_of(text, groups, code);
    });
}

/// Calls `each` for what may be a telephone number among groups of digits.
fn each_number_of(text: &str, groups: &[Group], each: &mut dyn FnMut(usize, usize, u64)) {
    for last in 0..groups.len() {
        let mut count = 0;
        for first in (0..=last).rev() {
            count += groups[first].1 - groups[first].0;
            if count >= TELLING {
                let own = &groups[first..=last];
                if let Some(nine) = telling(text, own, count, first.checked_sub(1).map(|rank| groups[rank])) {
                    let start = if text[..own[0].0].ends_with('+') { own[0].0 - 1 } else { own[0].0 };
                    each(start, own[own.len() - 1].1, nine);
                }
                // The trunk 0 may stand in a group of its own.
                if count > TELLING || first == 0 || !matches!(&text[groups[first - 1].0..groups[first - 1].1], "0") {
                    break;
                }
            }
        }
    }
}

/// Calls `each` for what is written in the groups of a French telephone number, whatever sets them apart: « 06·39·98·12·34 ».
pub(super) fn each_usual(text: &str, each: &mut dyn FnMut(usize, usize)) {
    runs(text, &mut |groups| {
        for five in groups.windows(5) {
            let (start, end) = (five[0].0, five[4].1);
            let number = &text[start..end];
            let sizes = five.iter().map(|(start, end)| end - start);
            let first = &text[start..five[0].1];
            let is_mobile = matches!(first, "6" | "7") && sizes.clone().eq([1, 2, 2, 2, 2]);
            let is_usual = first.starts_with('0') && !first.ends_with('0') && sizes.eq([2; 5]);
            // Anything else that parts pairs of digits parts the members of a list.
            let is_set_apart = !number.contains(", ") && !number.contains("; ");
            if (is_usual && is_set_apart || is_mobile)
                && is_even(text, five)
                && !is_series(text, (start, end))
                && !is_reference(text, (start, end))
            {
                each(start, end);
            }
        }
        // `tel0639981234`, `wa.me/33639981234`, « +687 26 12 34 »
        for (rank, (start, end)) in groups.iter().enumerate() {
            let digits = &text[*start..*end];
            let is_glued = text[..*start].ends_with(|c: char| c.is_alphabetic() || c == '/');
            let is_mobile = |digits: &str| digits.starts_with('6') || digits.starts_with('7');
            let glued = ["0", "33", "0033"]
                .iter()
                .any(|prefix| digits.strip_prefix(prefix).is_some_and(|nine| nine.len() == TELLING && is_mobile(nine)));
            if is_glued && glued {
                each(*start, *end);
            }
            let is_of_pacific = ["687", "689", "681"].iter().any(|code| digits.starts_with(code));
            if is_of_pacific && text[..*start].ends_with('+') {
                let mut count = 0;
                let last = groups[rank..].iter().take_while(|(start, end)| {
                    count += end - start;
                    count <= 11
                });
                if let Some((_, end)) = last.last().filter(|_| count >= 9) {
                    each(start - 1, *end);
                }
            }
        }
    });
}

/// The digits of groups, one after the other.
fn digits<'t>(text: &'t str, groups: &'t [Group]) -> impl Iterator<Item = u8> + Clone + 't {
    groups.iter().flat_map(|(start, end)| text.as_bytes()[*start..*end].iter().copied())
}

/// The number that digits make, of which there are fewer than twenty.
fn number(digits: impl Iterator<Item = u8>) -> u64 {
    digits.fold(0, |number: u64, digit| number.wrapping_mul(10).wrapping_add(u64::from(digit - b'0')))
}

/// The last nine digits of groups that have as many at least, if they are written as a telephone number is.
fn telling(text: &str, groups: &[Group], count: usize, before: Option<Group>) -> Option<u64> {
    let has_sign = || text[..groups[0].0].ends_with('+');
    let is_dialled = match count - TELLING {
        // Nine digits alone are an identifier, but for the groups of a telephone number or a country code before them.
        0 => {
            let has_code = || before.is_some_and(|(start, end)| PREFIXES.contains(&&text[start..end]));
            // « Tél. 639981234 » has lost its 0: which one it is tells whether it is anybody's.
            groups.len() == 1 && matches!(text.as_bytes()[groups[0].0], b'6' | b'7')
                || groups.iter().map(|(start, end)| end - start).eq([1, 2, 2, 2, 2])
                || has_code()
                || has_sign()
        }
        length => {
            let prefix = digits(text, groups).take(length);
            prefix.clone().take(2).eq(*b"00")
                || PREFIXES.iter().any(|known| known.len() == length && known.bytes().eq(prefix.clone()))
                || has_sign()
        }
    };
    (is_dialled && is_even(text, groups)).then(|| number(digits(text, groups).skip(count - TELLING)))
}

/// Whether groups of digits are of one number: what parts them is the same throughout, or they are of two or three digits.
fn is_even(text: &str, groups: &[Group]) -> bool {
    let gap = |pair: &[Group]| text[pair[0].1..pair[1].0].trim_matches([' ', '\u{a0}', LINE_END]);
    let mut gaps = groups.windows(2).map(gap).filter(|gap| !gap.contains("(0)"));
    let first = gaps.next();
    if gaps.all(|gap| Some(gap) == first) {
        return true;
    }
    groups.len() > 3
        && groups.iter().rev().take(3).all(|(start, end)| end - start == 2)
        && groups.iter().all(|(start, end)| end - start < 5)
}

/// Calls `each` for the runs of groups of digits that have as many as a SIREN or a SIRET.
fn each_code_of(text: &str, groups: &[Group], each: &mut dyn FnMut(usize, usize, u64)) {
    for last in 0..groups.len() {
        let mut count = 0;
        // A VAT number ends with the SIREN: « FR12 999 164 080 » in one word.
        let (start, end) = groups[last];
        if end - start == 11 && text[..start].ends_with(['R', 'r']) {
            each(start, end, number(digits(text, &[(end - 9, end)])));
        }
        for first in (0..=last).rev() {
            count += groups[first].1 - groups[first].0;
            if count == 9 || count == 14 {
                each(groups[first].0, groups[last].1, number(digits(text, &groups[first..=last])));
            }
            if count >= 14 {
                break;
            }
        }
    }
}

/// Calls `each` for the telephone numbers of a field that is of one.
pub(super) fn each_own<'a>(text: &'a str, mut each: impl FnMut(Own<'a>)) {
    let mut any = false;
    runs(text, &mut |groups| {
        each_number_of(text, groups, &mut |_, _, nine| {
            any = true;
            each(Own::Nine(nine));
        });
    });
    if any {
        return;
    }
    let groups: Vec<&str> = text.split(|c: char| !c.is_ascii_digit()).filter(|group| !group.is_empty()).collect();
    let digits = groups.concat();
    match digits.len() {
        TELLING..20 => {
            if let Ok(nine) = digits[digits.len() - TELLING..].parse() {
                each(Own::Nine(nine));
            }
            // « +689 40 41 57 00 » is written without its code where one lives.
            let own =
                ["00689", "689", "00687", "687", "00681", "681"].iter().find_map(|code| digits.strip_prefix(code));
            if own.is_some_and(|own| own.len() == 6 || own.len() == 8) && groups.len() > 2 {
                each(Own::Short(groups[groups.len() - own.map_or(0, str::len) / 2..].to_vec()));
            }
        }
        6..TELLING if Number::parse(text).is_none_or(|number| number.e164().is_some()) => each(Own::Short(groups)),
        _ => {}
    }
}

/// Words before a number that is no telephone number: « SIRET 0123… », « dossier n° 01… ».
const REFERENCES: &[&str] = &[
    "siret",
    "siren",
    "rna",
    "rcs",
    "tva",
    "naf",
    "ape",
    "dossier",
    "convention",
    "isbn",
    "issn",
    "ean",
    "facture",
    "marche",
    "contrat",
    "horaire",
    "horaires",
    "parcelle",
    "parcelles",
    "agrement",
    "deliberation",
    "arrete",
];

/// Words that say less: what is written in pairs behind one is a telephone number all the same.
const WEAK_REFERENCES: &[&str] = &["code", "compte", "id", "ref", "reference"];

/// Words before numbers that follow each other, and behind them.
const SERIES: &[&str] = &[
    "annees",
    "ans",
    "classe",
    "classes",
    "code",
    "codes",
    "dep",
    "departement",
    "departements",
    "dept",
    "depts",
    "dpt",
    "dpts",
    "effectif",
    "effectifs",
    "euros",
    "groupe",
    "groupes",
    "jours",
    "ligne",
    "lignes",
    "lot",
    "lots",
    "mois",
    "parcelle",
    "parcelles",
    "phase",
    "phases",
    "secteur",
    "secteurs",
    "semaine",
    "semaines",
    "tranche",
    "tranches",
    "zone",
    "zones",
];

/// Whether some text speaks of a number that is no telephone number. « n° » alone says nothing of the kind.
pub(super) fn is_reference(text: &str, (start, end): (usize, usize)) -> bool {
    let is_number_word = |word: &str| matches!(word, "n" | "numero" | "no" | "de" | "du");
    let mut before = &text[..start];
    for _ in 0..3 {
        let gap = before.trim_end_matches(|c: char| !c.is_alphanumeric());
        if before.len() - gap.len() > 6 {
            return false;
        }
        let from = gap.trim_end_matches(char::is_alphanumeric).len();
        let word = folded(&gap[from..]);
        if PHONE_LABELS.contains(&word) && !is_number_word(&word) {
            return false;
        }
        let is_weak = || WEAK_REFERENCES.contains(&word.as_str()) && !is_in_pairs(&text[start..end]);
        if REFERENCES.contains(&word.as_str()) || is_weak() {
            let earlier = folded(gap[..from].rsplit(['.', '\n', LINE_END]).next().unwrap_or(""));
            return !earlier.split(' ').rev().take(3).any(|word| PHONE_LABELS.contains(word) && !is_number_word(word));
        }
        // « parcelles 0612345678 et 0612345679 »
        let is_another = word.len() > 8 && word.bytes().all(|byte| byte.is_ascii_digit());
        if !is_another && !matches!(word.as_str(), "de" | "du" | "le" | "est" | "et" | "d" | "n" | "numero" | "no") {
            return false;
        }
        before = &gap[..from];
    }
    false
}

/// Whether digits are written two by two: « 06 39 98 12 34 ».
fn is_in_pairs(number: &str) -> bool {
    let mut pairs = number.split(|c: char| !c.is_ascii_digit()).filter(|pair| !pair.is_empty());
    pairs.clone().count() > 3 && pairs.all(|pair| pair.len() == 2)
}

/// Whether ten digits are numbers that follow each other: « 04, 05, 06, 13, 83 », « départements 01-26-38-69-73 », « lots 01 02
/// 03 04 05 ».
pub(super) fn is_series(text: &str, (start, end): (usize, usize)) -> bool {
    let number = &text[start..end];
    let mut pairs = number.split(|c: char| !c.is_ascii_digit()).filter(|pair| !pair.is_empty());
    if !is_in_pairs(number) || !pairs.clone().zip(pairs.by_ref().skip(1)).all(|(one, next)| one < next) {
        return false;
    }
    // A comma parts what is listed; anything else parts the pairs of a telephone number as well. Nobody has 01 02 03 04 05.
    let values = || number.split(|c: char| !c.is_ascii_digit()).filter_map(|pair| pair.parse::<u8>().ok());
    if number.contains([',', ';']) || values().zip(values().skip(1)).all(|(one, next)| one + 1 == next) {
        return true;
    }
    let is_of_series = |word: &str| SERIES.contains(&folded(word).as_str());
    // « effectifs 2018-2022 : »
    let led = text[..start].trim_end_matches(|c: char| c.is_ascii_digit() || matches!(c, ' ' | '-' | '–' | ':'));
    let gap = led.trim_end_matches(|c: char| !c.is_alphanumeric());
    let start = if start - led.len() < 16 { led.len() } else { start };
    let before = gap.rsplit(|c: char| !c.is_alphanumeric()).next().unwrap_or("");
    let is_near = start - gap.len() < 6 && !text[gap.len()..start].contains(['.', '\n', LINE_END]);
    let behind = text[end..].trim_start_matches([' ', '\u{a0}', '\u{202f}', ')']);
    let after = behind.split(|c: char| !c.is_alphanumeric()).next().unwrap_or("");
    is_near && is_of_series(before) || is_of_series(after) || behind.starts_with(['%', '€'])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Vec<u64> {
        let mut all = Vec::new();
        each_number_and_code(text, &mut |_, _, nine| all.push(nine), &mut |_, _, _| {});
        all
    }

    #[test]
    fn numbers_are_found_in_every_form() {
        for number in [
            "0639981234",
            "06.39.98.12.34",
            "06 – 39 – 98 – 12 – 34",
            "06 · 39 · 98 · 12 · 34",
            "06|39|98|12|34",
            "06,39,98,12,34",
            "06+39+98+12+34",
            "06*39*98*12*34",
            "06:39:98:12:34",
            "06 399 81 234",
            "0639-98.12/34",
            "+33 (0)6 39 98 12 34",
            "+33(0)639981234",
            "33 6 39 98 12 34",
            "6 39 98 12 34",
            "0033639981234",
            "+33639981234",
            "639981234",
            "tel0639981234",
            "wa.me/33639981234",
        ] {
            for (before, after) in
                [("", ""), ("tél.", " (soir)"), ("en 2013 ", ", 05000 Gap"), ("le 3, ", "bis"), ("(", ")")]
            {
                let text = format!("{before}{number}{after}");
                assert!(found(&text).contains(&639_981_234), "{text}: {:?}", found(&text));
            }
        }
    }

    #[test]
    fn other_numbers_are_none() {
        for text in ["SIREN 639 981 234", "63998123400010", "5.639981,23.4", "[5.6399,81.234]", "12345"] {
            assert!(!found(text).contains(&639_981_234), "{text}");
        }
    }

    #[test]
    fn short_numbers_are_found_as_they_are_written() {
        let own = |text: &'static str| {
            let mut all = Vec::new();
            each_own(text, |one| all.push(one));
            all
        };
        assert_eq!(own("40 41 57 00"), [Own::Short(vec!["40", "41", "57", "00"])]);
        assert_eq!(own("+687 26 12 34"), [Own::Nine(687_261_234)]);
        assert!(own("1 2 3").is_empty() && own("15").is_empty());
    }
}
