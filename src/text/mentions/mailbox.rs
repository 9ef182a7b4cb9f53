//! Mailboxes in a text, whose signs may be spelt.

use std::iter::from_fn;

use super::{Certainty, Kind, Mention, is_blank};
use crate::text::lexicon::{AROUND_AT, AROUND_POINT, AT_WORDS, POINT_WORDS, TOP_DOMAINS, spelt_sign};
use crate::text::words::Word;

/// The mailboxes of a text, whose signs may be spelt: `a [at] b [point] fr`.
pub(crate) fn mailboxes(text: &str) -> impl Iterator<Item = Mention> {
    let mut at = 0;
    let mut floor = 0;
    from_fn(move || {
        while let Some(next) = text.as_bytes().get(at..)?.iter().position(|byte| may_be_sign(*byte)) {
            at += next;
            let sign = at;
            at += 1;
            // Between words that stand apart a word for the sign begins: every text has many of them.
            let is_between = matches!(text.as_bytes()[sign], b' ' | b'-' | b'_');
            if is_between && !text.as_bytes().get(at).is_some_and(|byte| byte.eq_ignore_ascii_case(&AT_BEGINS)) {
                continue;
            }
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

/// Whether a text of these words may hold a mailbox, which most do not: it has a sign, a bracket in which one may be spelt, or a
/// word for one.
pub(crate) fn may_hold_mailbox(text: &str, words: &[Word<'_>]) -> bool {
    /// Bytes that are looked at together.
    const BLOCK: usize = 32;
    let is_telling = |byte: u8| matches!(byte, b'@' | b'(' | b'[' | b'{' | b'<' | 0xEF);
    let has_sign = |block: &[u8]| block.iter().fold(false, |has, byte| has | is_telling(*byte));
    let is_sign_word = |word: &Word<'_>| {
        word.text.as_bytes()[0].eq_ignore_ascii_case(&AT_BEGINS)
            && AT_WORDS.iter().any(|sign| word.text.eq_ignore_ascii_case(sign))
    };
    text.as_bytes().chunks(BLOCK).any(has_sign) || words.iter().any(is_sign_word)
}

/// How each word for the sign of a mailbox begins that stands in no brackets.
const AT_BEGINS: u8 = b'a';

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
        // « pole . org »
        let set_apart = || {
            let after = unblanked.strip_prefix('.').filter(|_| is_certain)?.trim_start_matches(is_blank);
            let top = after.chars().take_while(char::is_ascii_lowercase).count();
            (rest.starts_with(is_blank) && (2..7).contains(&top) && !after[top..].starts_with(char::is_alphanumeric))
                .then_some(after)
        };
        let Some(next) = point.map(|after| after.trim_start_matches(is_blank)).or_else(set_apart) else { break };
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
    // « Suivre @zelie.quincampoix »: a handle, and no mailbox.
    let is_handle = || plain.is_some() && local_end < at && domain == at + length && !TOP_DOMAINS.has(top);
    let is_mailbox = !host.is_empty() && (is_joined || is_spelt || is_host && !is_handle());
    let certainty = if is_certain { Certainty::Sure } else { Certainty::Doubtful };
    is_mailbox.then_some(Mention { start: local_end - local, end, kind: Kind::Mailbox, certainty })
}
