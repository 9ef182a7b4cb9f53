//! Cells that are written as nearly all of their column are, told in one go over their bytes. What is told here is told by the
//! functions that take texts apart as well, so that these are asked of other cells only.

use std::borrow::Cow;

use crate::field::Field;
use crate::mapping;
use crate::text::fold::ASCII_LETTERS;
use crate::text::words::trimmed;

/// Whether a byte is a letter or a digit of ASCII.
fn is_letter(byte: u8) -> bool {
    ASCII_LETTERS[usize::from(byte)] != 0
}

/// Whether a byte behind a hyphen or a blank may begin what stands for the sign of a mailbox: « -at- », « (@) ».
fn may_begin_sign(byte: u8) -> bool {
    matches!(byte, b'a' | b'A' | b'@')
}

/// Whether a text is one mailbox, of an organisation whose domain is no slip of that of a mail service: « a.b@c.example.org ».
pub(super) fn is_mailbox(text: &str) -> bool {
    /// No telephone number is so short, and no domain of a service has so many words.
    const MOST_DIGITS: usize = 8;
    let bytes = text.as_bytes();
    let Some(sign) = memchr::memchr(b'@', bytes).filter(|sign| (1..64).contains(sign)) else { return false };
    let (local, domain) = (&bytes[..sign], &bytes[sign + 1..]);
    let (mut digits, mut before) = (0, b'.');
    for byte in local {
        digits += usize::from(byte.is_ascii_digit());
        let is_right = if is_letter(*byte) {
            !(matches!(before, b'-' | b'_') && may_begin_sign(*byte))
        } else {
            is_letter(before) && matches!(byte, b'.' | b'-' | b'_' | b'+')
        };
        if !is_right {
            return false;
        }
        before = *byte;
    }
    is_letter(before) && host(domain).is_some_and(|host| host.words >= 3 && digits + host.digits <= MOST_DIGITS)
}

/// Whether a text is the address of a site with a name of three words or more: « https://www.example.org/ptce ».
pub(super) fn is_site(text: &str) -> bool {
    let Some(rest) = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://")) else { return false };
    let bytes = rest.as_bytes();
    let (name, path) = bytes.split_at(memchr::memchr(b'/', bytes).unwrap_or(bytes.len()));
    let is_plain = |byte: &u8| is_letter(*byte) || matches!(byte, b'/' | b'-' | b'_' | b'.');
    host(name).is_some_and(|host| host.words >= 3)
        && name[0].is_ascii_lowercase()
        && !name.starts_with(b"http")
        && path.iter().all(is_plain)
}

/// A name of a host: how many words it has, and how many digits.
struct Host {
    words: usize,
    digits: usize,
}

/// The name of a host in small letters, digits and hyphens that stand between these, longer than those of mail services, which
/// ends in two or three letters that are the end of many; none where it is not plainly one.
fn host(name: &[u8]) -> Option<Host> {
    const ENDS: [&[u8]; 4] = [b".fr", b".org", b".com", b".net"];
    if !(18..64).contains(&name.len()) || !ENDS.iter().any(|end| name.ends_with(end)) {
        return None;
    }
    let (mut words, mut digits, mut before) = (1, 0, b'.');
    for byte in name {
        match byte {
            b'a'..=b'z' if !(before == b'-' && *byte == b'a') => {}
            b'0'..=b'9' => digits += 1,
            b'.' | b'-' if is_letter(before) => words += usize::from(*byte == b'.'),
            _ => return None,
        }
        before = *byte;
    }
    Some(Host { words, digits })
}

/// Whether a text is the name of one person: letters, with a hyphen, an apostrophe or a blank between them, and no word that
/// joins two names.
pub(super) fn is_person(text: &str) -> bool {
    // The sign before, and the letter with which the word that is being read begins, while no other has followed.
    let (mut before, mut first) = (b'.', b'.');
    text.bytes().all(|byte| {
        let is_apart = matches!(before, b' ' | b'-');
        // « et », « -at- », « -arobase- ».
        let joins = match first {
            b'a' | b'A' => matches!(byte, b'r' | b'R' | b't' | b'T'),
            b'e' => byte == b't',
            _ => false,
        };
        (before, first) = (byte, if is_apart { byte } else { b'.' });
        match byte {
            b' ' | b'-' => !is_apart,
            b'a'..=b'z' | b'A'..=b'Z' | b'\'' | 0x80..=0xE1 => !joins,
            _ => false,
        }
    })
}

/// Shows `visit` the values in a cell of a list, of those that a look knows, which are those of [`mapping::values`], as long as it answers true; answers
/// whether it always did.
pub(super) fn each_value<'a>(
    field: &Field,
    text: &'a str,
    is_single: bool,
    mut visit: impl FnMut(Cow<'a, str>) -> bool,
) -> bool {
    let bytes = text.as_bytes();
    if is_single {
        return visit(Cow::Borrowed(text));
    }
    if memchr::memchr3(b'\\', b'&', b'#', bytes).is_some() {
        return mapping::values(field, text, is_single).all(visit);
    }
    let mut start = 0;
    for at in memchr::memchr2_iter(b';', b'|', bytes) {
        let value = trimmed(&text[start..at]);
        if !value.is_empty() && !visit(Cow::Borrowed(value)) {
            return false;
        }
        start = at + 1;
    }
    if start == 0 && !is_one(text) {
        return mapping::values(field, text, is_single).all(visit);
    }
    // One value is a cell as it is.
    let last = if start == 0 { text } else { trimmed(&text[start..]) };
    last.is_empty() || visit(Cow::Borrowed(last))
}

/// Whether a text without the separators of our own tables is one value, whatever tells several apart: it begins with a letter,
/// and has neither line breaks, commas and strokes, nor dashes between blanks.
fn is_one(text: &str) -> bool {
    let bytes = text.as_bytes();
    bytes.first().is_some_and(|first| first.is_ascii_alphabetic() || *first == 0xC3)
        && memchr::memchr3(b',', b'/', b'\n', bytes).is_none()
        && memchr::memchr2(b'\r', 0xE2, bytes).is_none()
        && memchr::memchr_iter(b'-', bytes).all(|at| at > 0 && bytes[at - 1] != b' ')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::field::fields;
    use crate::reading::sites;
    use crate::text::{mail_services, mailboxes, people};

    const MAILBOX: &str = "/contacts/*/courriel";

    #[test]
    fn what_most_people_write_is_told() {
        assert!(is_mailbox("jean-francois.martin@chateauneuf-d-oze.example.org"));
        assert!(is_site("https://www.chateauneuf-d-oze.example.org/ptce"));
        for name in ["Jean-François Martin", "Hélène D'Alembert", "Léa Le Goff", "Marie-Anne Estève"] {
            assert!(is_person(name), "{name}");
        }
        for name in ["Jean et Marie", "Jean - Marie", "Léa -at- Noé", "Léa-at-Noé", "Léa (Lot)", "Léa, Noé", "Léa 2"]
        {
            assert!(!is_person(name), "{name}");
        }
    }

    /// Texts of the signs that matter.
    fn text() -> impl Strategy<Value = String> {
        let piece = prop::sample::select(vec![
            "a",
            "b",
            "e",
            "et ",
            "at",
            "A",
            "É",
            "é",
            "1",
            "99",
            " ",
            "-",
            "_",
            ".",
            "@",
            "+",
            "'",
            "’",
            ",",
            ";",
            "|",
            "/",
            "\n",
            "\\",
            "&eacute;",
            " - ",
            " – ",
            "(",
            ")",
            ":",
            "http://",
            "https://",
            "www.",
            "example",
            ".org",
            ".fr",
            "gmail.com",
            "Mairie de Gap",
            "1) ",
            "#",
            "2) ",
            "- ",
        ]);
        prop::collection::vec(piece, 0..9).prop_map(|pieces| pieces.concat())
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(2_000) })]

        #[test]
        fn what_is_told_in_one_go_is_told_the_long_way(
            beginning in text(), local in "[a-c1]{1,3}([-._+][a-c]{1,3}){0,3}", host in "[a-ct1]{4,9}([-.][a-ct]{4,9}){1,3}\\.(org|fr)", end in text(),
        ) {
            for mailbox in [format!("{beginning}@{end}"), format!("{local}@{host}"), format!("{local}{beginning}@{host}{end}")] {
                if is_mailbox(&mailbox) {
                    let (_, domain) = mailbox.split_once('@').unwrap();
                    prop_assert!(mailboxes::is_usual(&mailbox) && mailboxes::ends_in_letters(&mailbox), "{mailbox}");
                    prop_assert!(people::is_plainly_one(MAILBOX, &mailbox), "{mailbox}");
                    prop_assert_eq!(mail_services::right_domain(domain), None, "{}", mailbox);
                }
            }
            for site in [format!("https://{beginning}{end}"), format!("http://{host}/{end}"), format!("https://{beginning}{host}{end}")] {
                prop_assert!(!is_site(&site) || sites::is_canonical(&site), "{site}");
                let form = crate::schema::form_of(Field::at("/site_web").unwrap()).unwrap();
                prop_assert!(!is_site(&site) || form.is_sure_of(&site), "{site}");
            }
            for name in [&beginning, &format!("{beginning}{end}")] {
                prop_assert!(!is_person(name) || !people::may_be_several(name), "{name}");
                for field in fields().filter(|field| field.is_list() && !field.pointer.starts_with("/territoire/")) {
                    let mut told = Vec::new();
                    each_value(field, name, false, |value| {
                        told.push(value);
                        true
                    });
                    let expected: Vec<_> = mapping::values(field, name, false).collect();
                    prop_assert_eq!(told, expected, "{} {}", name, field.pointer);
                }
            }
        }
    }
}
