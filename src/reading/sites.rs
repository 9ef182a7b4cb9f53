//! Addresses of web sites as people write them.

use super::{Read, Way};
use crate::text::lexicon::TOP_DOMAINS;
use crate::text::mailboxes::{are_words, is_domain};

/// Whether a text is the whole address of a public site, or close enough to one for the rules to judge.
pub(crate) fn is_canonical(text: &str) -> bool {
    let rest = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
    rest.is_some_and(|rest| {
        is_usual(rest)
            || text.is_ascii() && !text.bytes().any(|byte| byte <= b' ') && is_host(host_of(rest)) && !has_scheme(rest)
    })
}

/// Whether an address without its scheme is one of those that nearly all sites have, told without taking it apart.
fn is_usual(rest: &str) -> bool {
    let (host, path) = rest.split_at(memchr::memchr(b'/', rest.as_bytes()).unwrap_or(rest.len()));
    let top = host.bytes().rev().take_while(u8::is_ascii_lowercase).count();
    // The name, a full stop, and an end of two letters or more; « www.exemple » has none.
    top >= 2
        && host.len() > top + 5
        && host[..host.len() - top].ends_with('.')
        && are_words(host, 3, |byte| byte == b'-')
        && !host.bytes().any(|byte| byte.is_ascii_uppercase())
        && host.starts_with(|c: char| c.is_ascii_lowercase())
        && !host.starts_with("http")
        && path.bytes().all(|byte| byte.is_ascii_graphic())
}

/// The host at the beginning of an address without its scheme.
pub(crate) fn host_of(rest: &str) -> &str {
    let authority = &rest[..rest.find(['/', '?', '#']).unwrap_or(rest.len())];
    match authority.rsplit_once(':') {
        Some((host, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => host,
        _ => authority,
    }
}

/// Whether a text is the name of a public host: of several words, the last of which can be the end of one.
pub(crate) fn is_host(host: &str) -> bool {
    is_domain(host) && host.strip_prefix("www.").is_none_or(|rest| rest.contains('.'))
}

fn has_scheme(rest: &str) -> bool {
    scheme(rest).is_some()
}

/// The scheme at the beginning of a text, whole or with a slip, and what follows it: `http:/`, `Http://`, `htp;//`, `https ://`.
fn scheme(text: &str) -> Option<(&'static str, &str)> {
    let letters =
        text.bytes().take_while(|byte| matches!(byte.to_ascii_lowercase(), b'h' | b't' | b'p' | b's')).count();
    let (word, rest) = text.split_at(letters);
    let is_mark = |c: char| matches!(c, ':' | '/' | '\\' | ';' | '.') || c.is_whitespace();
    let after = rest.trim_start_matches(is_mark);
    let marks = &rest[..rest.len() - after.len()];
    let is_scheme = (3..=6).contains(&letters) && marks.contains([':', '/', '\\', ';']);
    is_scheme.then(|| (if word.contains(['s', 'S']) { "https://" } else { "http://" }, after))
}

/// Whether a text without a beginning may be the name of a host with a path: « M.Untel » is none.
pub(crate) fn is_likely(text: &str) -> bool {
    let host = host_of(text);
    let is_top = |top: &str| (2..=12).contains(&top.len()) && top.bytes().all(|byte| byte.is_ascii_lowercase());
    text.is_ascii() && is_host(host) && host.rsplit_once('.').is_some_and(|(_, top)| is_top(top))
}

/// The address that a text can only mean.
pub(crate) fn read(text: &str) -> Option<Read> {
    let is_dress = |c: char| c.is_whitespace() || matches!(c, '<' | '>' | '«' | '»' | '"' | ',' | ';' | '\u{feff}');
    let mut rest = text.trim_matches(|c: char| is_dress(c) || c == '\u{200b}');
    let mut start = None;
    while let Some((found, after)) = scheme(rest) {
        (start, rest) = (Some(found), after);
    }
    // « Site : www.example.org ».
    if start.is_none()
        && let Some((label, address)) = rest.split_once(':')
        && label.chars().all(|c| c.is_alphabetic() || c == ' ')
        && label.split_whitespace().count() <= 2
        && !label.is_empty()
    {
        rest = address.trim_start();
        while let Some((found, after)) = scheme(rest) {
            (start, rest) = (Some(found), after);
        }
    }
    let is_said = start.is_some() || rest.get(..4).is_some_and(|word| word.eq_ignore_ascii_case("www."));
    let rest = joined(rest)?;
    let host = host_of(&rest);
    if host.contains('@') || !is_host(host) {
        return None;
    }
    let path = &rest[host.len()..];
    // « M.Untel » and « en.cours » are no hosts.
    let top = host.rsplit_once('.').map_or("", |(_, top)| top);
    let is_known = is_said || TOP_DOMAINS.contains(top) && host == host.to_lowercase();
    if !is_known {
        return None;
    }
    let plain_host = if host.is_ascii() { host.to_owned() } else { idna::domain_to_ascii(host).ok()? };
    let way = if start.is_none() && plain_host == host { Way::Site } else { Way::SiteSpelling };
    let mut value = format!("{}{plain_host}", start.unwrap_or("https://"));
    for c in path.chars() {
        match c {
            c if c.is_ascii_graphic() => value.push(c),
            c => c.encode_utf8(&mut [0; 4]).bytes().for_each(|byte| value.push_str(&format!("%{byte:02X}"))),
        }
    }
    (value != text).then_some(Read { value, way })
}

/// A text without the blanks beside a full stop or a stroke; `None` where others stand in it.
fn joined(text: &str) -> Option<String> {
    let mut whole = String::with_capacity(text.len());
    let mut pieces = text.split_whitespace().peekable();
    while let Some(piece) = pieces.next() {
        whole.push_str(piece);
        let Some(next) = pieces.peek() else { break };
        let is_bound = piece.ends_with(['.', '/']) || next.starts_with(['.', '/']);
        // « www.example.org / www.example.com » are two.
        if !is_bound || piece == "/" || *next == "/" {
            return None;
        }
    }
    Some(whole).filter(|whole| !whole.is_empty() && !whole.contains([',', '|', ';']))
}
