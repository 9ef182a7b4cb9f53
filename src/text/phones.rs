//! The French numbering plan: which telephone numbers are possible, how they are written, and how a cell holds several.
//!
//! Arcep, decision 2018-0881 as amended; of foreign plans only what E.164 says of all of them is known.

use super::lexicon::PHONE_LABELS;

/// What a number serves for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// 01 to 05, and their like overseas.
    Geographic,
    /// 06 and 07, and their like overseas.
    Mobile,
    /// 09.
    NonGeographic,
    /// 08: free, or charged for more than the call.
    Special,
    /// 15, 112, 10xx, 3xxx, 118xxx, 116xxx: known inside the country alone.
    Short,
    /// Of a plan that is not a French one.
    Foreign,
}

/// A telephone number of a possible form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Number {
    pub kind: Kind,
    /// `33`, `262`…; empty for a short number, and for a foreign one, whose code is among the digits.
    pub country: &'static str,
    /// The digits behind the trunk 0 or the country code.
    digits: [u8; 15],
    length: usize,
}

impl Number {
    /// The number that a text is, once its label, its separators and an idle « (0) » are taken off.
    pub fn parse(text: &str) -> Option<Number> {
        if let Some(digits) = plain_digits(text) {
            return Number::national(&digits);
        }
        let text = without_labels(text.trim_matches(is_separator));
        let mut buffer = [0_u8; MOST_DIGITS];
        let mut count = 0;
        let (mut is_international, mut is_open, mut idle_zero) = (false, false, None);
        let mut rest = text;
        while let Some(c) = rest.chars().next() {
            if let Some(after) = rest.strip_prefix("(0)") {
                if idle_zero.replace(count).is_some() {
                    return None;
                }
                rest = after;
                continue;
            }
            rest = &rest[c.len_utf8()..];
            match c {
                '0'..='9' if count < buffer.len() => {
                    buffer[count] = c as u8;
                    count += 1;
                }
                '+' if count == 0 && !is_international => is_international = true,
                // « (+33) 1 … », « (01) 99 … »
                '(' if count == 0 && !is_open => is_open = true,
                ')' if is_open => is_open = false,
                c if is_separator(c) => {}
                _ => return None,
            }
        }
        if is_open {
            return None;
        }
        let digits = &buffer[..count];
        match (is_international, digits, idle_zero) {
            (true, digits, zero) => Number::international(digits, zero),
            // Ten digits that begin with 00 are rather a French number with a slip than one of Japan.
            (false, [b'0', b'0', ..], _) if count <= 10 => None,
            (false, [b'0', b'0', digits @ ..], zero) => {
                Number::international(digits, zero.map(|at| at.saturating_sub(2)))
            }
            // `33 1 99 00 12 34` for `+33 1 99 00 12 34`.
            (false, [b'3', b'3', ..], zero) if count >= 11 => Number::international(digits, zero),
            // The same of the overseas territories, whose code comes again in their numbers or stands before a mobile one.
            (false, [b'2', b'6', b'2', ..] | [b'5', b'9', b'0' | b'4' | b'6', ..], zero) if count == 12 => {
                Number::international(digits, zero)
            }
            (false, [b'0', digits @ ..], None) => Number::national(digits),
            (false, digits, None) if is_short(digits) => Some(Number::new(Kind::Short, "", digits)),
            (false, _, _) => None,
        }
    }

    fn new(kind: Kind, country: &'static str, digits: &[u8]) -> Number {
        let mut own = [0; 15];
        own[..digits.len()].copy_from_slice(digits);
        Number { kind, country, digits: own, length: digits.len() }
    }

    /// The nine digits behind the trunk 0.
    fn national(digits: &[u8]) -> Option<Number> {
        if digits.len() != 9 {
            return None;
        }
        let (kind, country) = match digits {
            // 0700 begins the numbers of machines, which have 14 digits; the rest of 070 to 072 is not open.
            [b'7', b'0', b'8', ..] => (Kind::Mobile, "508"),
            [b'7', b'0', b'9', b'0', ..] => (Kind::Mobile, "590"),
            [b'7', b'0', b'9', b'1', ..] => (Kind::Mobile, "596"),
            [b'7', b'0', b'9', b'3', b'0'..=b'4', ..] => (Kind::Mobile, "594"),
            [b'7', b'0', b'9', b'2' | b'3', ..] => (Kind::Mobile, "262"),
            [b'7', b'0'..=b'2', ..] => return None,
            [b'6', b'9', b'0' | b'1', ..] => (Kind::Mobile, "590"),
            // The numbers kept for fiction stand among those of Mayotte.
            [b'6', b'3', b'9', b'9', b'8', ..] => (Kind::Mobile, "33"),
            [b'6', b'3', b'9', ..] | [b'6', b'9', b'2' | b'3', ..] => (Kind::Mobile, "262"),
            [b'6', b'9', b'4', ..] => (Kind::Mobile, "594"),
            [b'6', b'9', b'6' | b'7', ..] => (Kind::Mobile, "596"),
            [b'6' | b'7', ..] => (Kind::Mobile, "33"),
            [b'2', b'6', b'2' | b'3' | b'9', ..] | [b'2', b'6', b'8', b'8' | b'9', ..] => (Kind::Geographic, "262"),
            [b'5', b'0', b'8', b'2'..=b'9', ..] => (Kind::Geographic, "508"),
            [b'5', b'0', b'8', ..] => return None,
            [b'5', b'9', b'0', ..] | [b'5', b'9', b'8', b'7', ..] => (Kind::Geographic, "590"),
            [b'5', b'9', b'4', ..] | [b'5', b'9', b'8', b'8', ..] => (Kind::Geographic, "594"),
            [b'5', b'9', b'6', ..] | [b'5', b'9', b'8', b'9', ..] => (Kind::Geographic, "596"),
            [b'1'..=b'5', ..] => (Kind::Geographic, "33"),
            // 087 gave way to 09 before 2010.
            [b'8', b'7', ..] => return None,
            [b'8', ..] => (Kind::Special, "33"),
            // The overseas shares of 09: 0939 and 0947 by territory, and 0976.
            [b'9', b'3', b'9', digit, ..] | [b'9', b'4', b'7', digit, ..] => (
                Kind::NonGeographic,
                match digit {
                    b'5' => "590",
                    b'6' => "594",
                    b'7' => "596",
                    b'8' | b'9' => "262",
                    _ => "33",
                },
            ),
            [b'9', b'7', b'6', digit, ..] => (
                Kind::NonGeographic,
                match digit {
                    b'0' | b'1' | b'8' => "590",
                    b'4' | b'5' => "594",
                    b'6' | b'7' => "596",
                    _ => "262",
                },
            ),
            [b'9', ..] => (Kind::NonGeographic, "33"),
            _ => return None,
        };
        Some(Number::new(kind, country, digits))
    }

    /// The digits from the country code on; `idle_zero` is where « (0) » stood among them.
    fn international(digits: &[u8], idle_zero: Option<usize>) -> Option<Number> {
        const CODES: [&str; 9] = ["33", "262", "508", "590", "594", "596", "687", "689", "681"];
        let Some((country, own)) =
            CODES.iter().find_map(|code| digits.strip_prefix(code.as_bytes()).map(|own| (*code, own)))
        else {
            let is_possible = match digits {
                [b'0', ..] => false,
                // The one foreign plan whose numbers all have one length.
                [b'1', ..] => digits.len() == 11,
                _ => (7..=15).contains(&digits.len()),
            };
            return is_possible.then(|| Number::new(Kind::Foreign, "", digits));
        };
        if idle_zero.is_some_and(|at| at != country.len()) {
            return None;
        }
        let is_of_pacific = |mobile: bool| {
            let kind = if mobile { Kind::Mobile } else { Kind::Geographic };
            Some(Number::new(kind, country, own))
        };
        match (country, own) {
            ("687", [b'2'..=b'9', ..] | [b'0', b'5', b'0', ..]) if own.len() == 6 => {
                is_of_pacific(matches!(own[0], b'5' | b'7'..=b'9'))
            }
            ("681", [b'4' | b'7'..=b'9', ..]) if own.len() == 6 => is_of_pacific(own[0] == b'8'),
            // Six digits until June 2014.
            ("689", [b'4' | b'8', ..]) if own.len() == 8 => is_of_pacific(own[0] == b'8'),
            ("689", [b'2'..=b'9', ..]) if own.len() == 6 => is_of_pacific(matches!(own[0], b'2' | b'3' | b'7')),
            ("687" | "681" | "689", _) => None,
            // The 508 of the trunk form is the code of the country, which is not written twice.
            ("508", [b'2'..=b'9', ..]) if own.len() == 6 => {
                let mut national = *b"508000000";
                national[3..].copy_from_slice(own);
                Number::national(&national)
            }
            _ => {
                let number = Number::national(own)?;
                // 08 and 0976 are shared by all territories.
                let is_shared = own.starts_with(b"8") || own.starts_with(b"976");
                match number.country == country {
                    true => Some(number),
                    false if is_shared && country != "33" => Some(Number { country, ..number }),
                    false => None,
                }
            }
        }
    }

    /// The digits behind the trunk 0 or the country code.
    fn digits(&self) -> &str {
        std::str::from_utf8(&self.digits[..self.length]).unwrap_or_default()
    }

    /// The prefix, when it is one of those that automated calls come from or that callers pay extra for.
    pub fn odd_prefix(&self) -> Option<&'static str> {
        const PREFIXES: &[&str] = &[
            "0162", "0163", "0270", "0271", "0377", "0378", "0424", "0425", "0568", "0569", "0948", "0949", "09475",
            "09476", "09477", "09478", "09479", "089",
        ];
        let is_french = !matches!(self.kind, Kind::Short | Kind::Foreign) && self.length == 9;
        // Two digits tell it of nearly all numbers.
        if !matches!(&self.digits[..2], b"16" | b"27" | b"37" | b"42" | b"56" | b"94" | b"89") {
            return None;
        }
        let digits = self.digits();
        PREFIXES.iter().copied().find(|prefix| is_french && digits.starts_with(&prefix[1..]))
    }

    /// As it is printed: `01 99 00 12 34`, `0262 12 34 56`, `+687 26 12 34`, `3949`.
    pub fn display(&self) -> String {
        let (start, head, rest) = match (self.kind, self.country) {
            (Kind::Short, _) => return self.digits().to_owned(),
            (Kind::Foreign, _) => return format!("+{}", self.digits()),
            (_, "681" | "687" | "689") => ("+", self.country, self.digits()),
            (Kind::Special, _) => ("0", &self.digits()[..3], &self.digits()[3..]),
            (_, "33") => ("0", &self.digits()[..1], &self.digits()[1..]),
            _ => ("0", &self.digits()[..3], &self.digits()[3..]),
        };
        let mut text = String::with_capacity(15);
        text.push_str(start);
        text.push_str(head);
        for (at, digit) in rest.chars().enumerate() {
            if at % 2 == 0 {
                text.push(' ');
            }
            text.push(digit);
        }
        text
    }

    /// As machines dial it from anywhere: `+33199001234`; a short number has no such form.
    pub fn e164(&self) -> Option<String> {
        match (self.kind, self.country) {
            (Kind::Short, _) => None,
            (Kind::Geographic, "508") => Some(format!("+{}", self.digits())),
            _ => Some(format!("+{}{}", self.country, self.digits())),
        }
    }
}

/// Shows each number of a text to `visit`; answers whether the text is nothing but numbers, their labels and what sets
/// them apart.
pub(crate) fn each_number(text: &str, mut visit: impl FnMut(Number)) -> bool {
    let mut rest = text;
    // Whether a mark, not mere blanks, parts the number from the one before it; nothing stands before the first.
    let mut is_apart = None;
    loop {
        // What has more digits than a number is not looked at to its end.
        let may_be_one = rest.bytes().filter(u8::is_ascii_digit).nth(MOST_DIGITS).is_none();
        let whole = may_be_one.then(|| Number::parse(rest)).flatten();
        if let Some(number) = whole.filter(|number| is_apart.is_none_or(|apart| may_be_listed(number, apart))) {
            visit(number);
            return true;
        }
        let Some((number, after, apart)) = first_number(rest) else { return false };
        visit(number);
        rest = after;
        is_apart = Some(apart);
    }
}

/// Digits of the longest number: E.164 allows 15; the international prefix 00 and an idle 0 make 18.
const MOST_DIGITS: usize = 18;

/// The number that a list begins with, what comes after the separator, and whether that is more than blanks.
fn first_number(list: &str) -> Option<(Number, &str, bool)> {
    // The longest text that is a number: the length of foreign ones is not known.
    for at in ends(list).into_iter().rev() {
        let Some(number) = Number::parse(&list[..at]) else { continue };
        let mut after = &list[at..];
        loop {
            after = after.trim_start_matches(|c| is_separator(c) || is_list_separator(c) || c == ':');
            match ["ou ", "et ", "le "].iter().find_map(|word| after.strip_prefix(word)) {
                Some(rest) => after = rest,
                None => break,
            }
        }
        let gap = &list[at..list.len() - after.len()];
        let is_apart = gap.contains(|c: char| is_list_separator(c) || c.is_alphabetic());
        return may_be_listed(&number, is_apart).then_some((number, after, is_apart));
    }
    None
}

/// Where the first number of a list may end: at the separators behind its first digit, as far as its digits and the words
/// of a label behind them go.
fn ends(list: &str) -> Vec<usize> {
    /// « (secrétariat ligne directe) » has fewer letters.
    const LONGEST_LABEL: usize = 80;
    let mut ends = Vec::new();
    let (mut digits, mut letters, mut was_separator) = (0, 0, false);
    for (at, c) in list.char_indices() {
        let is_between = is_separator(c);
        if digits > 0 && (is_list_separator(c) || is_between && !was_separator) {
            ends.push(at);
        }
        was_separator = is_between;
        if c.is_ascii_digit() {
            (digits, letters) = (digits + 1, 0);
        } else if digits > 0 && !is_between {
            letters += 1;
        }
        if digits > MOST_DIGITS || letters > LONGEST_LABEL {
            break;
        }
    }
    ends
}

/// « 01 99 00 12 34 / 15 » rather shortens a second number than names the ambulance.
fn may_be_listed(number: &Number, is_apart: bool) -> bool {
    number.kind != Kind::Short || (is_apart && number.length >= 4)
}

/// What may stand between the digits of one number.
pub(crate) fn is_separator(c: char) -> bool {
    matches!(c, ' ' | '.' | '-' | '\t' | '·' | '\u{a0}' | '\u{2009}' | '\u{2010}' | '\u{2011}' | '–' | '—' | '\u{202f}')
}

/// What only stands between numbers.
fn is_list_separator(c: char) -> bool {
    matches!(c, '/' | ';' | ',' | '|' | '&' | '\n' | '\r' | '•')
}

/// The nine digits behind the trunk 0 of a number that is written as most are: `0199001234`, `01 99 00 12 34`.
fn plain_digits(text: &str) -> Option<[u8; 9]> {
    let bytes = text.as_bytes();
    // Ten digits side by side, or two by two.
    let step = match bytes.len() {
        10 => 2,
        14 => 3,
        _ => return None,
    };
    let mut digits = [0; 10];
    for (pair, place) in bytes.chunks(step).zip(digits.chunks_exact_mut(2)) {
        let [one, other, rest @ ..] = pair else { return None };
        if !one.is_ascii_digit() || !other.is_ascii_digit() || !matches!(rest, [] | [b' ' | b'.']) {
            return None;
        }
        place.copy_from_slice(&[*one, *other]);
    }
    let [b'0', own @ ..] = digits else { return None };
    (own[0] != b'0').then_some(own)
}

/// A text without the words that say what number it is: « Tél. : », « (fax) ».
fn without_labels(text: &str) -> &str {
    let is_label = |text: &str| {
        text.chars().all(|c| {
            c.is_alphabetic() || c.is_whitespace() || matches!(c, '.' | ':' | '°' | '/' | '(' | ')' | '-' | 'º')
        }) && text
            .split(|c: char| !c.is_alphabetic() || c == 'º')
            .filter(|word| !word.is_empty())
            .all(|word| PHONE_LABELS.has(word))
    };
    let mut text = text;
    if text.starts_with(char::is_alphabetic)
        && let Some(start) = text.find(|c: char| c.is_ascii_digit() || c == '+')
    {
        let label = text[..start].strip_suffix('(').unwrap_or(&text[..start]);
        if is_label(label) {
            text = &text[label.len()..];
        }
    }
    if text.ends_with(|c: char| c.is_alphabetic() || c == ')')
        && let Some(last) = text.rfind(|c: char| c.is_ascii_digit())
        && is_label(&text[last + 1..])
        && text[last + 1..].contains(char::is_alphabetic)
    {
        text = &text[..=last];
    }
    text
}

/// Short numbers: 15, 17, 18, 112, 115…, 10xx, 3xxx, 118xxx, 116xxx.
fn is_short(digits: &[u8]) -> bool {
    matches!(
        digits,
        [b'1', b'5' | b'7' | b'8']
            | [b'1', b'1', b'2' | b'4' | b'5' | b'9']
            | [b'1', b'9', b'1' | b'6' | b'7']
            | [b'1', b'0', _, _]
            | [b'3', _, _, _]
            | [b'1', b'1', b'6' | b'8', _, _, _]
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one(text: &str) -> Number {
        Number::parse(text).unwrap_or_else(|| panic!("{text}"))
    }

    fn all(text: &str) -> Option<Vec<String>> {
        let mut numbers = Vec::new();
        each_number(text, |number| numbers.push(number.display())).then_some(numbers)
    }

    #[test]
    fn each_kind_has_its_forms() {
        use Kind::{Foreign, Geographic, Mobile, NonGeographic, Short, Special};
        for (text, kind, display, e164) in [
            ("0199001234", Geographic, "01 99 00 12 34", "+33199001234"),
            ("+33 (0)1 99 00 12 34", Geographic, "01 99 00 12 34", "+33199001234"),
            ("(+33) 1 99 00 12 34", Geographic, "01 99 00 12 34", "+33199001234"),
            ("06-39-98-12-34", Mobile, "06 39 98 12 34", "+33639981234"),
            ("07 50 00 12 34", Mobile, "07 50 00 12 34", "+33750001234"),
            ("09 70 00 12 34", NonGeographic, "09 70 00 12 34", "+33970001234"),
            ("0 800 123 456", Special, "0800 12 34 56", "+33800123456"),
            ("0262 12 34 56", Geographic, "0262 12 34 56", "+262262123456"),
            ("+262 692 12 34 56", Mobile, "0692 12 34 56", "+262692123456"),
            ("0639 12 34 56", Mobile, "0639 12 34 56", "+262639123456"),
            ("0590 12 34 56", Geographic, "0590 12 34 56", "+590590123456"),
            ("0694 12 34 56", Mobile, "0694 12 34 56", "+594694123456"),
            ("0696 12 34 56", Mobile, "0696 12 34 56", "+596696123456"),
            ("0508 41 12 34", Geographic, "0508 41 12 34", "+508411234"),
            ("+508 41 12 34", Geographic, "0508 41 12 34", "+508411234"),
            ("0976 00 12 34", NonGeographic, "0976 00 12 34", "+590976001234"),
            ("+687 26 12 34", Geographic, "+687 26 12 34", "+687261234"),
            ("+689 40 12 34 56", Geographic, "+689 40 12 34 56", "+68940123456"),
            ("+681 82 12 34", Mobile, "+681 82 12 34", "+681821234"),
            ("+32 2 123 45 67", Foreign, "+3221234567", "+3221234567"),
            ("3949", Short, "3949", ""),
        ] {
            let number = one(text);
            assert_eq!(number.kind, kind, "{text}");
            assert_eq!(number.display(), display, "{text}");
            assert_eq!(number.e164().unwrap_or_default(), e164, "{text}");
            assert_eq!(one(display), number, "{text}");
        }
        assert_eq!(one("+590 800 12 34 56").e164().as_deref(), Some("+590800123456"));
    }

    #[test]
    fn the_plan_has_gaps() {
        for text in [
            "0700 12 34 56",
            "0700 12 34 56 78 90 12",
            "0701 12 34 56",
            "0710 12 34 56",
            "0729 12 34 56",
            "0870 12 34 56",
            "0508 04 12 34",
            "0012 34 56 78",
            "+262 590 12 34 56",
            "+596 692 12 34 56",
            "+33 262 12 34 56",
            "+590 199 00 12 34",
            "+687 012 345",
            "+1 99 00 12 34",
            "+0 199 00 12 34",
        ] {
            assert_eq!(Number::parse(text), None, "{text}");
        }
    }

    #[test]
    fn lists_are_read() {
        for list in [
            "01 99 00 12 34 / 06 39 98 12 34",
            "01 99 00 12 34/06 39 98 12 34",
            "01 99 00 12 34 ou 06 39 98 12 34",
            "01 99 00 12 34 et le 06 39 98 12 34",
            "01 99 00 12 34 ; 06 39 98 12 34",
            "01 99 00 12 34, 06 39 98 12 34",
            "01 99 00 12 34\n06 39 98 12 34",
            "01 99 00 12 34 - 06 39 98 12 34",
            "01-99-00-12-34 – 06-39-98-12-34",
            "01.99.00.12.34  06.39.98.12.34",
            "0199001234 0639981234",
            "01 99 00 12 34 & 06 39 98 12 34",
            "Tél. : 01 99 00 12 34 - Port. : 06 39 98 12 34",
            "Tél : 01 99 00 12 34 / Fax : 06 39 98 12 34",
            "fixe 01 99 00 12 34, mobile 06 39 98 12 34",
            "01 99 00 12 34 (bureau) / 06 39 98 12 34 (portable)",
            "T. 01 99 00 12 34 ou +33 6 39 98 12 34",
        ] {
            assert_eq!(all(list), Some(vec!["01 99 00 12 34".to_owned(), "06 39 98 12 34".to_owned()]), "{list}");
        }
        assert_eq!(all("3949 / 01 99 00 12 34").map(|numbers| numbers.len()), Some(2));
        assert_eq!(all("01 99 00 12 34 / 06 39 98 12 34 / +32 2 123 45 67").map(|numbers| numbers.len()), Some(3));
        for wrong in [
            "01 99 00 12 34 / 35",
            "01 99 00 12 34 / 15",
            "01 99 00 12 34 3949",
            "01 99 00 12 34 56",
            "01 99 00 12 34 /",
            "01 99 00 12 34 ou",
            "01 99 00 12 34 / 06 39 98 12 3",
            "Mairie : 01 99 00 12 34",
            "",
        ] {
            assert_eq!(all(wrong), None, "{wrong}");
        }
        assert_eq!(all(&"01 99 00 12 34 / ".repeat(2000)), None);
    }

    #[test]
    fn labels_are_no_part_of_a_number() {
        for text in [
            "Tél. : 01 99 00 12 34",
            "Tél. 01 99 00 12 34",
            "TEL:0199001234",
            "Tél (fixe) : 01 99 00 12 34",
            "Tél/Fax : 01 99 00 12 34",
            "N° de téléphone : (+33) 1 99 00 12 34",
            "Ligne directe : 01 99 00 12 34",
            "01 99 00 12 34 (standard)",
        ] {
            assert_eq!(one(text).display(), "01 99 00 12 34", "{text}");
        }
        for text in ["M. Untel 01 99 00 12 34", "01 99 00 12 34 poste 12", "Tél. O1 99 00 12 34", "01 99 00 12 34 )"] {
            assert_eq!(Number::parse(text), None, "{text}");
        }
    }

    #[test]
    fn odd_prefixes_are_told() {
        for (text, prefix) in [
            ("01 62 00 12 34", "0162"),
            ("+33 9 48 00 12 34", "0948"),
            ("0947 60 12 34", "09476"),
            ("0892 12 34 56", "089"),
        ] {
            assert_eq!(one(text).odd_prefix(), Some(prefix), "{text}");
        }
        for text in ["01 99 00 12 34", "0800 12 34 56", "0947 10 12 34", "+1 620 000 1234", "1620", "+48 9 48 12 34 56"]
        {
            assert_eq!(Number::parse(text).and_then(|number| number.odd_prefix()), None, "{text}");
        }
    }
}
