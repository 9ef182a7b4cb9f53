//! What in a text names or reaches people: one scanner for the importer, which takes cells of contacts apart, for the
//! rules, and for the redaction of a publication.
//!
//! Each scan takes the text once: what begins at one place is looked at from there only as far as it can reach.

use std::iter::from_fn;

use super::lexicon::{AROUND_AT, AROUND_POINT, AT_WORDS, PARTICLES, POINT_WORDS, TITLES, spelt_sign};
use super::names::name_before;
use super::words::words;

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Kind {
    /// An e-mail address, however its signs are written.
    Mailbox,
    Telephone,
    /// The name of a person: behind a title, or before what reaches them.
    Person,
}

/// How much a text bears out that a mention is one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Certainty {
    /// It may be something else: a number that adjoins letters or a stroke, a word for a sign without brackets.
    Doubtful,
    Sure,
}

/// A part of a text that names or reaches a person: a range of bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Mention {
    pub start: usize,
    pub end: usize,
    pub kind: Kind,
    pub certainty: Certainty,
}

/// All mentions of a text, by their beginning. Those of different kinds may overlap.
pub(crate) fn mentions(text: &str) -> Vec<Mention> {
    let mut all: Vec<Mention> = mailboxes(text).chain(telephones(text)).chain(titled(text)).collect();
    all.sort_unstable_by_key(|mention| (mention.start, mention.end));
    // « Camille Exemple, c.exemple@example.org »: a name that no title tells stands before what reaches its bearer.
    let mut from = 0;
    for rank in 0..all.len() {
        let (start, end) = (all[rank].start, all[rank].end);
        if let Some((first, last)) = text.get(from..start).and_then(name_before) {
            let (start, end) = (from + first, from + last);
            all.push(Mention { start, end, kind: Kind::Person, certainty: Certainty::Sure });
        }
        from = from.max(end);
    }
    all
}

/// Mailboxes and telephone numbers that stand apart from each other, by their beginning: the parts of a cell of contacts.
pub(crate) fn details(text: &str) -> Vec<Mention> {
    let mut all: Vec<Mention> = mailboxes(text).collect();
    let numbers = telephones(text).filter(|number| number.certainty == Certainty::Sure);
    let mut at = 0;
    let numbers: Vec<Mention> = numbers
        .filter(|number| {
            at += all[at..].iter().take_while(|mailbox| mailbox.end <= number.start).count();
            all.get(at).is_none_or(|mailbox| number.end <= mailbox.start)
        })
        .collect();
    all.extend(numbers);
    all.sort_unstable_by_key(|mention| mention.start);
    all
}

pub(super) fn is_blank(c: char) -> bool {
    matches!(c, ' ' | '\u{a0}' | '\u{202f}')
}

/// The mailboxes of a text, whose signs may be spelt: `a [at] b [point] fr`.
pub(crate) fn mailboxes(text: &str) -> impl Iterator<Item = Mention> {
    let mut at = 0;
    let mut floor = 0;
    from_fn(move || {
        while let Some(next) = text.as_bytes().get(at..)?.iter().position(|byte| may_be_sign(*byte)) {
            at += next;
            let sign = at;
            at += 1;
            if text.is_char_boundary(sign)
                && let Some(mailbox) = mailbox_at(text, floor, sign)
            {
                at = mailbox.end;
                floor = mailbox.end;
                return Some(mailbox);
            }
        }
        None
    })
}

/// Whether a sign of a mailbox may begin with a byte: every byte of every text comes by here.
fn may_be_sign(byte: u8) -> bool {
    matches!(byte, b'@' | b'(' | b'[' | b'{' | b'<' | b' ' | b'-' | b'_' | 0xEF)
}

/// The mailbox whose sign stands at `at`; none of it stands before `floor`.
fn mailbox_at(text: &str, floor: usize, at: usize) -> Option<Mention> {
    /// The longest local part and host that a mailbox may have (RFC 5321, 4.5.3.1). A word for the sign is none in a longer
    /// run of letters and hyphens; they also bound the search where such words follow each other.
    const LONGEST: (usize, usize) = (64, 255);
    let rest = &text[at..];
    let plain = ["@", "＠"].into_iter().find(|sign| rest.starts_with(sign)).map(|sign| (sign.len(), true));
    let (length, is_certain) = plain.or_else(|| spelt_sign(rest, AT_WORDS, AROUND_AT))?;
    let of_local = |c: char| c.is_alphanumeric() || "._%+-".contains(c);
    let most = |longest: usize| if is_certain { usize::MAX } else { longest };
    let before = text[floor..at].trim_end_matches(is_blank);
    let local: usize =
        before.chars().rev().take(most(LONGEST.0 + 1)).take_while(|c| of_local(*c)).map(char::len_utf8).sum();
    if local == 0 || local > most(LONGEST.0) {
        return None;
    }
    let local_end = floor + before.len();
    let after = text[at + length..].trim_start_matches(is_blank);
    let domain = text.len() - after.len();
    let mut end = domain;
    let mut is_spelt = false;
    loop {
        let host = text[end..].chars().take(most(LONGEST.1)).take_while(|c| of_local(*c)).map(char::len_utf8);
        end += host.sum::<usize>();
        if end == domain {
            return None;
        }
        // « pole [point] org », « pole point org »
        let rest = &text[end..];
        let unblanked = rest.trim_start_matches(is_blank);
        let point = [rest, unblanked].into_iter().find_map(|from| {
            let (length, _) = spelt_sign(from, POINT_WORDS, AROUND_POINT)?;
            Some(&from[length..])
        });
        let Some(next) = point.map(|after| after.trim_start_matches(is_blank)) else { break };
        if !next.starts_with(char::is_alphanumeric) {
            break;
        }
        (end, is_spelt) = (text.len() - next.len(), true);
    }
    let host = text[domain..end].trim_end_matches(|c: char| !c.is_alphanumeric());
    let end = domain + host.len();
    let is_joined = plain.is_some() && local_end == at && domain == at + length;
    let top = host.rsplit('.').next().unwrap_or("");
    let is_host = host.contains('.') && (is_certain || top.len() > 1 && top.chars().all(char::is_alphabetic));
    let is_mailbox = !host.is_empty() && (is_joined || is_spelt || is_host);
    let certainty = if is_certain { Certainty::Sure } else { Certainty::Doubtful };
    is_mailbox.then_some(Mention { start: local_end - local, end, kind: Kind::Mailbox, certainty })
}

/// The telephone numbers of a text.
pub(crate) fn telephones(text: &str) -> impl Iterator<Item = Mention> {
    let mut at = 0;
    from_fn(move || {
        while let Some(next) = memchr::memchr2(b'0', b'+', text.as_bytes().get(at..)?) {
            let start = at + next;
            // What follows `00` in the middle of a number is no international number.
            if let Some(number) = telephone_at(text, start) {
                at = number.end;
                return Some(number);
            }
            at = start + 1;
        }
        None
    })
}

/// The telephone number that begins at `start` with `0` or `+`: ten digits from 0, or an international number.
fn telephone_at(text: &str, start: usize) -> Option<Mention> {
    let mut before = text[..start].chars().rev();
    let (last, second) = (before.next(), before.next());
    // Inside a longer number, a code or a decimal number.
    if last.is_some_and(char::is_alphanumeric)
        || last.is_some_and(|c| matches!(c, '.' | ',')) && second.is_some_and(|c| c.is_ascii_digit())
    {
        return None;
    }
    let end = number_end(text, start)?;
    let is_apart =
        last.is_none_or(|c| !"._-+@/".contains(c)) && text[end..].chars().next().is_none_or(|c| !c.is_alphanumeric());
    let certainty = if is_apart { Certainty::Sure } else { Certainty::Doubtful };
    Some(Mention { start, end, kind: Kind::Telephone, certainty })
}

fn number_end(text: &str, start: usize) -> Option<usize> {
    let is_separator = |c: char| is_blank(c) || matches!(c, '.' | '-' | '–' | '‑' | '/' | '_' | '(' | ')');
    let has_sign = text[start..].starts_with('+');
    // The digits, how long their groups are, and what stands between these.
    let (mut digits, mut groups, mut separators) = (String::new(), vec![0_usize], Vec::<&str>::new());
    let mut at = start + usize::from(has_sign);
    let mut end = None;
    while let Some(c) = text[at..].chars().next() {
        if c.is_ascii_digit() {
            digits.push(c);
            *groups.last_mut()? += 1;
            at += 1;
        } else {
            let signs = text[at..].chars().take(4).take_while(|c| is_separator(*c));
            let (count, length) = signs.fold((0, 0), |(count, length), c| (count + 1, length + c.len_utf8()));
            let goes_on = text[at + length..].starts_with(|c: char| c.is_ascii_digit());
            if digits.is_empty() || !(1..=3).contains(&count) || !goes_on {
                break;
            }
            separators.push(&text[at..at + length]);
            groups.push(0);
            at += length;
        }
        if text[at..].starts_with(|c: char| c.is_ascii_digit()) {
            if digits.len() > 17 {
                break;
            }
            continue;
        }
        let count = digits.len();
        match if has_sign { Some(digits.as_str()) } else { digits.strip_prefix("00") } {
            Some(number) => {
                let length = number.len();
                let is_french = number.starts_with("33") && length == if number.starts_with("330") { 12 } else { 11 };
                if is_french {
                    return Some(at);
                }
                if (10..=15).contains(&length) && !number.starts_with('0') {
                    end = Some(at);
                }
                if length > 15 {
                    break;
                }
            }
            None if count == 10 && !digits.starts_with("00") => {
                // A date and an hour have ten digits as well, but neither this shape nor one separator throughout.
                let is_usual = groups == [2, 2, 2, 2, 2] || separators.windows(2).all(|pair| pair[0] == pair[1]);
                return is_usual.then_some(at);
            }
            None if count > 10 => break,
            None => {}
        }
    }
    end
}

/// People behind their titles: `M. Jean Dupont`, `Mmes Martin et de La Tour`.
fn titled(text: &str) -> impl Iterator<Item = Mention> {
    words(text).filter_map(|word| {
        let is_title = word.text.starts_with(char::is_uppercase)
            && !matches!(word.next, Some('\'' | '’' | '-'))
            && TITLES.has(word.text);
        let end = is_title.then(|| named_end(text, word.end()))??;
        Some(Mention { start: word.start, end, kind: Kind::Person, certainty: Certainty::Sure })
    })
}

/// Where the name behind a title ends, when there is one.
fn named_end(text: &str, title_end: usize) -> Option<usize> {
    /// A name has few words: a sentence in capitals is not taken whole.
    const MOST: usize = 7;
    let mut at = title_end + usize::from(text[title_end..].starts_with('.'));
    let mut end = None;
    for rank in 0..MOST {
        let rest = text[at..].trim_start_matches(is_blank);
        let is_part = |c: char| c.is_alphanumeric() || matches!(c, '-' | '\'' | '’');
        let part = &rest[..rest.find(|c| !is_part(c)).unwrap_or(rest.len())];
        if part.is_empty() {
            break;
        }
        at = text.len() - rest.len() + part.len();
        if part.starts_with(char::is_uppercase) {
            // An initial keeps its full stop.
            let is_initial = part.chars().count() == 1 && text[at..].starts_with('.');
            at += usize::from(is_initial);
            end = Some(at);
            continue;
        }
        let (particle, elided) = part.split_once(['\'', '’']).map_or((part, None), |(first, rest)| (first, Some(rest)));
        match elided {
            Some(name) if particle == "d" && name.starts_with(char::is_uppercase) => end = Some(at),
            // “M. le maire” names nobody.
            None if (PARTICLES.contains(particle) || particle == "et")
                && !(rank == 0 && matches!(particle, "la" | "le" | "et")) => {}
            _ => break,
        }
    }
    end
}

#[cfg(test)]
mod tests {
    use super::super::lexicon::{TITLES, spellings};
    use super::super::mailboxes::repaired;
    use super::super::names::is_known_name;
    use super::*;

    /// What the importer, the rules and the redaction know of a word is the same.
    #[test]
    fn what_one_knows_the_others_know() {
        for title in TITLES.iter() {
            let mut letters = title.chars();
            let title: String = letters.next().unwrap().to_uppercase().chain(letters).collect();
            let name = format!("{title} Martin");
            assert!(is_known_name(&name), "importer: {name}");
            let text = format!("porté par {name}, élu");
            assert!(mentions(&text).iter().any(|one| text[one.start..one.end] == name), "redaction: {name}");
        }
        for sign in spellings(AT_WORDS, AROUND_AT) {
            let mailbox = format!("jean.dupont{sign}pole.fr");
            let text = format!("Écrire à {mailbox}.");
            assert!(details(&text).iter().any(|one| text[one.start..one.end] == mailbox), "importer: {text}");
            assert!(mentions(&text).iter().any(|one| text[one.start..one.end] == mailbox), "redaction: {text}");
            assert_eq!(
                repaired(&mailbox).map(|(mailbox, _)| mailbox).as_deref(),
                Some("jean.dupont@pole.fr"),
                "rule: {text}"
            );
        }
        for point in spellings(POINT_WORDS, AROUND_POINT) {
            let mailbox = format!("jean.dupont@pole{point}fr");
            assert_eq!(
                repaired(&mailbox).map(|(mailbox, _)| mailbox).as_deref(),
                Some("jean.dupont@pole.fr"),
                "rule: {mailbox}"
            );
            assert!(
                mentions(&mailbox).iter().any(|one| mailbox[one.start..one.end] == mailbox),
                "redaction: {mailbox}"
            );
        }
    }
}
