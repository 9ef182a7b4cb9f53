//! The numbers of the register Sirene: SIREN and SIRET, and the slips that leave all their digits.

/// Whether a text is a possible SIREN.
pub(crate) fn is_siren(text: &str) -> bool {
    text.len() == 9 && digits(text) && luhn(text) && text != "000000000"
}

/// Whether a text is a possible SIRET.
pub(crate) fn is_siret(text: &str) -> bool {
    if text.len() != 14 || !digits(text) || !is_siren(&text[..9]) {
        return false;
    }
    // La Poste has more establishments than the check of Luhn leaves numbers for: all but its head office follow another.
    if text.starts_with("356000000") && text != "35600000000048" {
        return text.bytes().map(|byte| u32::from(byte - b'0')).sum::<u32>().is_multiple_of(5);
    }
    luhn(text)
}

/// Whether a text is nothing but digits.
pub(crate) fn digits(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_digit())
}

/// The check of Luhn on digits: every second one from the right counts twice.
pub(crate) fn luhn(digits: &str) -> bool {
    let sum: u32 = digits
        .bytes()
        .rev()
        .enumerate()
        .map(|(rank, byte)| {
            let digit = u32::from(byte - b'0') << (rank % 2);
            if digit > 9 { digit - 9 } else { digit }
        })
        .sum();
    sum.is_multiple_of(10)
}

/// What is wrong with a number of which all digits are there.
pub(crate) enum Slip {
    /// Spaces, full stops, a label: less grave than wrong digits.
    Dress(String),
    /// Letters that look like digits.
    Letters(String),
}

/// The number, when nothing but its dress or letters like digits are wrong.
pub(crate) fn repaired(number: &str, is_right: fn(&str) -> bool) -> Option<Slip> {
    let compact = compact(number);
    let unlabelled = compact.trim_start_matches(|c: char| c.is_alphabetic() || matches!(c, ':' | '°'));
    if is_right(unlabelled) {
        return Some(Slip::Dress(unlabelled.to_owned()));
    }
    let lettered = compact.replace(['O', 'o'], "0").replace(['I', 'l'], "1");
    is_right(&lettered).then_some(Slip::Letters(lettered))
}

/// The number, when nothing but its dress is wrong.
pub(crate) fn undressed(number: &str, is_right: fn(&str) -> bool) -> Option<String> {
    match repaired(number, is_right)? {
        Slip::Dress(right) => Some(right),
        Slip::Letters(_) => None,
    }
}

/// A number without what people and programs put between its digits and behind them: `732.829.320`, `732829320.0`.
pub(crate) fn compact(number: &str) -> String {
    let number = number.trim();
    let number = number.strip_suffix(".0").or_else(|| number.strip_suffix(",0")).unwrap_or(number);
    number
        .chars()
        .filter(|c| !(c.is_whitespace() || matches!(c, '.' | '-' | '_' | '/' | '\u{2011}' | '\u{200b}')))
        .collect()
}

/// Whether a text is a possible number of the register of associations.
pub(crate) fn is_rna(text: &str) -> bool {
    // Corsica and some overseas prefectures have a letter in their number: W2A…, W9C….
    matches!(text.as_bytes(), [b'W', first, second, rest @ ..]
        if rest.len() == 7
            && first.is_ascii_digit()
            && (second.is_ascii_digit() || second.is_ascii_uppercase())
            && rest.iter().all(u8::is_ascii_digit))
}

/// A number of that register in capitals, without what people put between its digits.
pub(crate) fn compact_rna(number: &str) -> String {
    number
        .chars()
        .filter(|c| !(c.is_whitespace() || matches!(c, '.' | '-' | '/' | '_' | '\u{2011}' | '\u{200b}')))
        .map(|c| c.to_ascii_uppercase())
        .collect()
}

/// The same without its label.
pub(crate) fn without_label(compact: &str) -> &str {
    compact.trim_start_matches("RNA").trim_start_matches(['N', '°', ':'])
}

/// The number, when nothing but its dress is wrong.
pub(crate) fn undressed_rna(number: &str) -> Option<String> {
    let compact = compact_rna(number);
    Some(without_label(&compact)).filter(|number| is_rna(number)).map(str::to_owned)
}
