//! Web addresses, mailboxes and handles within a text, in which names stand too.

/// The web address, the mailbox or the handle in which a range of a text stands: the signs around it up to a space.
pub(super) fn handle_around(text: &str, start: usize, end: usize) -> Option<(usize, usize)> {
    /// None is longer.
    const LONGEST: usize = 256;
    let is_edge = |c: char| {
        c.is_whitespace()
            || matches!(c, '"' | '<' | '>' | '(' | ')' | '[' | ']' | ',' | ';' | '|' | '«' | '»' | '{' | '}')
    };
    let before =
        text[..start].chars().rev().take(LONGEST).take_while(|c| !is_edge(*c)).map(char::len_utf8).sum::<usize>();
    let after = text[end..].chars().take(LONGEST).take_while(|c| !is_edge(*c)).map(char::len_utf8).sum::<usize>();
    let (from, to) = (start - before, end + after);
    let own = &text[from..to];
    let trimmed = own.trim_end_matches(['.', ':', '!', '?', '\'', '’']).len().max(end - from);
    let own = &text[from..from + trimmed];
    // « mail:zelie@… »: the label is no part of it.
    let label = own.find(':').filter(|at| !own[*at..].starts_with("://") && from + at < start).map_or(0, |at| at + 1);
    Some((from + label, from + trimmed)).filter(|(from, to)| *from <= start && end <= *to)
}

/// Whether a run of signs is a mailbox, a web address or a handle.
pub(super) fn is_handle(text: &str) -> bool {
    let has_domain = || {
        text.split('/').next().is_some_and(|host| {
            host.rsplit_once('.').is_some_and(|(before, top)| {
                before.len() > 2
                    && (2..7).contains(&top.len())
                    && top.bytes().all(|byte| byte.is_ascii_lowercase())
                    && !before.contains(|c: char| c.is_uppercase())
            })
        })
    };
    text.contains('@')
        || text.contains("://")
        || text.starts_with("www.")
        || text.starts_with('#')
        || text.contains('_')
        || text.contains('/') && text.contains('.')
        || has_domain()
}
