//! What a check of one record costs without a schema, a configuration or a message: column by column, by hand.

use std::collections::HashMap;

pub const COLUMNS: [&str; 19] = [
    "nom",
    "region",
    "departements",
    "territoire",
    "thematiques",
    "description",
    "coordinateur_nom",
    "coordinateur_forme_juridique",
    "coordinateur_siret",
    "contact_nom",
    "contact_fonction",
    "contact_email",
    "contact_telephone",
    "adresse_ligne",
    "code_postal",
    "commune",
    "partenaires",
    "site_web",
    "annee_laureat",
];

const LEGAL_FORMS: [&str; 9] = [
    "Association loi 1901",
    "SCIC",
    "SCOP",
    "Coopérative d'activité et d'emploi",
    "Fondation",
    "Mutuelle",
    "Société commerciale ESUS",
    "GIP",
    "Collectivité territoriale",
];

/// The departments that each postal code serves.
pub struct References(HashMap<[u8; 5], Vec<[u8; 3]>>);

fn padded(department: &[u8]) -> [u8; 3] {
    let mut code = [b' '; 3];
    code.iter_mut().zip(department).for_each(|(to, from)| *to = *from);
    code
}

impl References {
    /// Reads lines of a postal code, a tab and a department: what a program would embed.
    pub fn load(path: &str) -> References {
        let bytes = std::fs::read(path).expect("the table of postal codes");
        let mut codes: HashMap<[u8; 5], Vec<[u8; 3]>> = HashMap::with_capacity(8192);
        for line in bytes.split(|byte| *byte == b'\n').filter(|line| line.len() > 6) {
            codes.entry(line[..5].try_into().unwrap()).or_default().push(padded(&line[6..]));
        }
        References(codes)
    }
}

fn is_digits(text: &[u8]) -> bool {
    text.iter().all(u8::is_ascii_digit)
}

fn is_siret(text: &[u8]) -> bool {
    if text.len() != 14 || !is_digits(text) {
        return false;
    }
    let digit = |(rank, byte): (usize, &u8)| {
        let digit = u32::from(byte - b'0');
        if rank % 2 == 1 {
            digit
        } else if digit > 4 {
            digit * 2 - 9
        } else {
            digit * 2
        }
    };
    text.iter().enumerate().map(digit).sum::<u32>() % 10 == 0
}

fn is_phone(text: &[u8]) -> bool {
    let is_separator = |byte: u8| matches!(byte, b' ' | b'.' | b'-');
    let trimmed = |text: &[u8]| text.first().is_some_and(|byte| is_separator(*byte)) as usize;
    let mut rest = if let Some(rest) = text.strip_prefix(b"+33").or_else(|| text.strip_prefix(b"0033")) {
        &rest[trimmed(rest)..]
    } else if let Some(rest) = text.strip_prefix(b"0") {
        rest
    } else {
        return false;
    };
    if !rest.first().is_some_and(|byte| (b'1'..=b'9').contains(byte)) {
        return false;
    }
    rest = &rest[1..];
    for _ in 0..4 {
        rest = &rest[trimmed(rest)..];
        if rest.len() < 2 || !is_digits(&rest[..2]) {
            return false;
        }
        rest = &rest[2..];
    }
    rest.is_empty()
}

fn is_email(text: &[u8]) -> bool {
    let Some(at) = memchr::memchr(b'@', text) else { return false };
    let (local, domain) = (&text[..at], &text[at + 1..]);
    let is_atom = |text: &[u8], extra: &[u8]| {
        !text.is_empty() && text.iter().all(|byte| byte.is_ascii_alphanumeric() || extra.contains(byte))
    };
    local.split(|byte| *byte == b'.').all(|atom| is_atom(atom, b"_%+-'"))
        && domain.contains(&b'.')
        && domain
            .split(|byte| *byte == b'.')
            .all(|atom| is_atom(atom, b"-") && atom[0] != b'-' && atom[atom.len() - 1] != b'-')
}

fn is_postal_code(text: &[u8]) -> bool {
    text.len() == 5 && is_digits(text) && b"01"[..] <= text[..2] && text[..2] <= b"98"[..]
}

fn characters(text: &[u8]) -> usize {
    text.iter().filter(|byte| (**byte as i8) >= -0x40).count()
}

/// Gives `wrong` the column of each defect; `field` answers the text of a column.
#[inline]
pub fn check<'a>(references: &References, field: impl Fn(usize) -> &'a [u8], mut wrong: impl FnMut(usize)) {
    for column in [0, 1, 3, 4, 13, 15] {
        if field(column).is_empty() {
            wrong(column);
        }
    }
    if !(100..=600).contains(&characters(field(5))) {
        wrong(5);
    }
    if field(6).is_empty() {
        wrong(6);
    }
    if !field(6).is_empty() || !field(8).is_empty() {
        if !LEGAL_FORMS.iter().any(|form| form.as_bytes() == field(7)) {
            wrong(7);
        }
        if !is_siret(field(8)) {
            wrong(8);
        }
    }
    if field(9).is_empty() && field(11).is_empty() && field(12).is_empty() {
        wrong(9);
    } else {
        if !is_email(field(11)) {
            wrong(11);
        }
        if !is_phone(field(12)) {
            wrong(12);
        }
    }
    let departments = field(2);
    for code in departments.split(|byte| *byte == b';') {
        if !matches!(code.len(), 2 | 3) || !code[0].is_ascii_digit() {
            wrong(2);
        }
    }
    let code = field(14);
    let serves = |code: &[u8]| {
        let served = references.0.get(code).map(Vec::as_slice).unwrap_or_default();
        departments.split(|byte| *byte == b';').any(|department| served.contains(&padded(department)))
    };
    if !is_postal_code(code) || !serves(code) {
        wrong(14);
    }
    let year = field(18);
    if year.len() != 4 || !is_digits(year) || year < &b"2010"[..] || year > &b"2030"[..] {
        wrong(18);
    }
}
