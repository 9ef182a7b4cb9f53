//! Addresses of mailboxes: which are right, and what the others were meant to be.

use crate::finding::Confidence;
use crate::text::fold::{ASCII_LETTERS, without_accent};
use crate::text::lexicon::{AROUND_AT, AT_WORDS, POINT_WORDS, spelt_sign};
use crate::text::mail_services::right_domain;

/// Whether a text holds several right addresses: `a@b.fr, c@d.fr`.
pub(crate) fn are_several(text: &str) -> bool {
    let is_apart = |c: char| c.is_whitespace() || matches!(c, ',' | ';' | '/' | '|' | '<' | '>');
    let with_sign = || text.split(is_apart).filter(|word| word.contains('@'));
    with_sign().count() > 1 && with_sign().all(|word| judge(word) != Mailbox::Wrong)
}

#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Mailbox {
    Right,
    /// Right, but for letters beyond ASCII in the local part: allowed since RFC 6531, and hardly ever meant.
    Accented,
    Wrong,
}

pub(crate) fn judge(email: &str) -> Mailbox {
    if ends_in_letters(email) && is_usual(email) {
        return Mailbox::Right;
    }
    let Some((local, domain)) = email.rsplit_once('@') else { return Mailbox::Wrong };
    let right = email.len() <= 254
        && local.len() <= 64
        && local.split('.').all(|atom| !atom.is_empty() && atom.chars().all(is_atom_character))
        && is_domain(domain);
    match (right, local.is_ascii()) {
        (true, true) => Mailbox::Right,
        (true, false) => Mailbox::Accented,
        (false, _) => Mailbox::Wrong,
    }
}

/// Whether a text ends in a full stop and two letters or more, as the names of hosts do.
pub(crate) fn ends_in_letters(text: &str) -> bool {
    let top = text.bytes().rev().take_while(u8::is_ascii_alphabetic).count();
    top >= 2 && text[..text.len() - top].ends_with('.')
}

/// Whether a text is words of letters, digits and a few signs, joined by full stops, at least so many.
pub(crate) fn are_words(text: &str, least: usize, is_sign: impl Fn(u8) -> bool) -> bool {
    let (mut words, mut length, mut is_behind_letter) = (1, 0, false);
    for byte in text.bytes() {
        let is_letter = ASCII_LETTERS[usize::from(byte)] != 0;
        if !is_letter {
            // Every other sign stands between two letters or digits.
            if !is_behind_letter || byte != b'.' && !is_sign(byte) {
                return false;
            }
            if byte == b'.' {
                (words, length, is_behind_letter) = (words + 1, 0, false);
                continue;
            }
        }
        (length, is_behind_letter) = (length + 1, is_letter);
        if length == 64 {
            return false;
        }
    }
    words >= least && is_behind_letter && text.len() < 200
}

/// Whether a text is a mailbox such as nearly all are, told without taking it apart.
pub(crate) fn is_usual(text: &str) -> bool {
    text.split_once('@').is_some_and(|(local, domain)| {
        let is_sign = |byte| matches!(byte, b'-' | b'_' | b'+');
        local.len() < 64 && are_words(local, 1, is_sign) && are_words(domain, 2, |byte| byte == b'-')
    })
}

fn is_atom_character(c: char) -> bool {
    c.is_ascii_alphanumeric() || "!#$%&'*+-/=?^_`{|}~".contains(c) || (!c.is_ascii() && c.is_alphanumeric())
}

/// Whether a text is the name of a host on the network, in letters of any language.
pub(crate) fn is_domain(domain: &str) -> bool {
    let label = |label: &str| {
        // Hyphens in third and fourth place are those of encoded names (RFC 5891, 4.2.3.1).
        let is_coded = label.as_bytes().get(2..4) == Some(b"--");
        (1..=63).contains(&label.len())
            && (!is_coded || label.get(..4).is_some_and(|start| start.eq_ignore_ascii_case("xn--")))
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label.chars().all(|c| c.is_alphanumeric() || c == '-')
    };
    let Some((_, top)) = domain.rsplit_once('.') else { return false };
    let alphabetic = top.chars().count() >= 2 && top.chars().all(char::is_alphabetic);
    (alphabetic || top.starts_with("xn--")) && domain.split('.').all(label)
}

pub(crate) fn without_accents(email: &str) -> String {
    email
        .chars()
        .map(|c| if c.is_ascii() { c } else { without_accent(c) })
        .collect::<String>()
        .replace('œ', "oe")
        .replace('æ', "ae")
}

/// The address, when it is plain what was meant: for sure when only its dress is wrong, else likely.
pub(crate) fn repaired(email: &str) -> Option<(String, Confidence)> {
    let text: String = email.chars().filter(|c| !is_invisible(*c)).map(plain_sign).collect();
    let mut text = without_dress(&text).to_owned();
    // What people write to hide an address from machines: between brackets it can be nothing else.
    text = plainly_signed(&text);
    let sure = text.clone();
    let lower = text.to_ascii_lowercase();
    for word in AT_WORDS.iter().filter(|word| word.starts_with(char::is_alphabetic) && lower.contains(*word)) {
        for around in AROUND_AT.chars() {
            if !text.contains('@') {
                text = replaced(&text, &format!("{around}{word}{around}"), "@");
            }
        }
    }
    if !text.contains('@') {
        // Next to it on the keyboard.
        text = text.replace('à', "@");
    }
    // A comma is next to the full stop on the keyboard; what comes before and after it is one address.
    for (odd, right) in
        [(" dot ", "."), (" point ", "."), (",", "."), (";", "."), ("@@", "@"), ("..", "."), (".@", "@"), ("@.", "@")]
    {
        while text.contains(odd) {
            text = replaced(&text, odd, right);
        }
    }
    if let Some((local, domain)) = text.split_once('@')
        && let Some(right) = right_domain(domain)
    {
        text = format!("{local}@{right}");
    }
    let confidence = if text == sure { Confidence::High } else { Confidence::Medium };
    (judge(&text) == Mailbox::Right && text != email).then_some((text, confidence))
}

/// The address without what stands around it: `Nom <a@b.fr>`, `Nom (a@b.fr)`, `a@b.fr (accueil)`, `mailto:a@b.fr`,
/// `Courriel : a@b.fr.`; or a link that shows it: `a@b.fr#mailto:a@b.fr#`, `[a@b.fr](mailto:a@b.fr)`.
fn without_dress(text: &str) -> &str {
    let mut text = text;
    let link = || {
        let of_database = text.strip_suffix('#').and_then(|text| text.split_once('#'));
        let of_page = || text.strip_prefix('[')?.strip_suffix(')')?.split_once("](");
        of_database.or_else(of_page)
    };
    if let Some((shown, target)) = link()
        && target.strip_prefix("mailto:").unwrap_or(target).eq_ignore_ascii_case(shown)
    {
        text = shown;
    }
    if let Some((before, words)) = text.strip_suffix(')').and_then(|text| text.rsplit_once('('))
        && before.contains('@')
        && !words.contains('@')
        && words.chars().all(|c| c.is_alphabetic() || matches!(c, ' ' | '-' | '\'' | '’' | '.'))
        && !words.eq_ignore_ascii_case("at")
    {
        text = before;
    }
    for (open, close) in [('<', '>'), ('(', ')'), ('[', ']')] {
        // « (@) » hides the sign; a second address must not be lost.
        if let Some((before, rest)) = text.split_once(open)
            && let Some((inner, after)) = rest.split_once(close)
            && inner.trim() != "@"
            && inner.contains('@')
            && !before.contains('@')
            && !after.contains('@')
        {
            text = inner;
        }
    }
    if let Some((label, address)) = text.split_once(':')
        && label.chars().all(|c| c.is_alphabetic() || matches!(c, ' ' | '-' | '.'))
    {
        text = address.trim_start_matches('/');
    }
    text.trim_matches(['.', ',', ';', ':', '<', '>', '"', '\'', '(', ')', '[', ']', ' ', '\t', '\n', '\r'])
}

/// Signs without a shape, which copies from web pages bring along.
fn is_invisible(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
}

/// The sign on the keyboard for what a word processor makes of it.
fn plain_sign(c: char) -> char {
    match c {
        '\u{a0}' | '\u{202f}' => ' ',
        '\u{2010}'..='\u{2014}' => '-',
        '’' | '‘' => '\'',
        '“' | '”' | '«' | '»' => '"',
        '＠' => '@',
        c => c,
    }
}

/// A text with the signs of a mailbox for the words in brackets that stand for them, and without blanks around the signs.
fn plainly_signed(text: &str) -> String {
    let mut signed = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let spelt = [(AT_WORDS, '@'), (POINT_WORDS, '.')]
            .into_iter()
            .find_map(|(words, sign)| Some((spelt_sign(rest, words, "")?.0, sign)));
        let (length, c) = spelt.unwrap_or((c.len_utf8(), c));
        match c {
            '@' | '.' => {
                signed.truncate(signed.trim_end_matches(' ').len());
                signed.push(c);
            }
            ' ' if signed.ends_with(['@', '.']) => {}
            c => signed.push(c),
        }
        rest = &rest[length..];
    }
    signed
}

/// `text` with each `word`, in whatever case, replaced.
fn replaced(text: &str, word: &str, by: &str) -> String {
    // Lower case in ASCII moves no byte.
    let lower = text.to_ascii_lowercase();
    let mut out = String::with_capacity(text.len());
    let mut from = 0;
    for (at, _) in lower.match_indices(word) {
        out.push_str(&text[from..at]);
        out.push_str(by);
        from = at + word.len();
    }
    out.push_str(&text[from..]);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mailboxes_are_judged() {
        for email in [
            "fabien.harel@example.org",
            "o'neill+ptce@mail.example.org",
            "a@b.fr",
            "contact@culture-coopération.org",
            "contact@xn--exemple-9ta.xn--p1ai",
            "direction@example.coop",
        ] {
            assert_eq!(judge(email), Mailbox::Right, "{email}");
        }
        assert_eq!(judge("clemaître@culture-coopération.org"), Mailbox::Accented);
        assert_eq!(without_accents("clemaître@culture-coopération.org"), "clemaitre@culture-cooperation.org");
        for email in [
            "",
            "a",
            "a@",
            "@b.fr",
            "a@b",
            "a@@b.fr",
            "a..b@c.fr",
            ".a@b.fr",
            "a.@b.fr",
            "a@b..fr",
            "a@b.fr.",
            "a@-b.fr",
            "a@b-.fr",
            "a@b.f",
            "a@b.12",
            "a b@c.fr",
            "a@b.fr, c@d.fr",
            "a@b.fr / c@d.fr",
            "a@b_c.fr",
            "www.example.org",
        ] {
            assert_eq!(judge(email), Mailbox::Wrong, "{email}");
        }
        assert_eq!(judge(&format!("{}@b.fr", "a".repeat(65))), Mailbox::Wrong);
    }

    #[test]
    fn plain_slips_are_repaired() {
        use Confidence::{High, Medium};
        for (email, right, confidence) in [
            ("a(at)b.fr", "a@b.fr", High),
            ("a@b.fr (secrétariat)", "a@b.fr", High),
            ("a@b.fr#mailto:a@b.fr#", "a@b.fr", High),
            ("[a@b.fr](mailto:a@b.fr)", "a@b.fr", High),
            ("a [at] b.fr", "a@b.fr", High),
            ("a(AT)b(Dot)fr", "a@b.fr", High),
            ("a [arobase] b [point] fr", "a@b.fr", High),
            ("a{@}b.fr", "a@b.fr", High),
            ("a at b point fr", "a@b.fr", Medium),
            ("a Arobase b.fr", "a@b.fr", Medium),
            ("a-at-b.fr", "a@b.fr", Medium),
            ("aàb.fr", "a@b.fr", Medium),
            ("a@b.fr.", "a@b.fr", High),
            ("a@b.fr ;", "a@b.fr", High),
            ("« a@b.fr »", "a@b.fr", High),
            ("mailto:a@b.fr", "a@b.fr", High),
            ("MAILTO: a@b.fr", "a@b.fr", High),
            ("Courriel : a@b.fr", "a@b.fr", High),
            ("http://a@b.fr", "a@b.fr", High),
            ("a @b.fr", "a@b.fr", High),
            ("a\u{a0}@\u{a0}b.fr", "a@b.fr", High),
            ("\u{200b}a@b.fr", "a@b.fr", High),
            ("a\u{2011}c@b.fr", "a-c@b.fr", High),
            ("o’neill@b.fr", "o'neill@b.fr", High),
            ("a,b@c.fr", "a.b@c.fr", Medium),
            ("a@b,fr", "a@b.fr", Medium),
            ("a@@b.fr", "a@b.fr", Medium),
            ("a..b@c.fr", "a.b@c.fr", Medium),
            ("a.@b.fr", "a@b.fr", Medium),
            ("Baptiste Escaudel <b.escaudel@example.org>", "b.escaudel@example.org", High),
            ("Baptiste Escaudel (b.escaudel@example.org)", "b.escaudel@example.org", High),
            ("<a@b.fr>", "a@b.fr", High),
            ("a@orange.f", "a@orange.fr", Medium),
            ("a@gmailcom", "a@gmail.com", Medium),
            ("a@orange", "a@orange.fr", Medium),
        ] {
            assert_eq!(judge(email), Mailbox::Wrong, "{email}");
            assert_eq!(repaired(email), Some((right.to_owned(), confidence)), "{email}");
        }
        for email in [
            "a@",
            "a b@c.fr",
            "a@b.fr, c@d.fr",
            "a@b.fr c@d.fr",
            "a@b.fr / c@d.fr",
            "a@b.fr ou c@d.fr",
            "A <a@b.fr>, C <c@d.fr>",
            "a@yahoo",
            "a",
            "> <",
            "rendez-vous à la mairie",
        ] {
            assert_eq!(repaired(email), None, "{email}");
        }
    }
}
