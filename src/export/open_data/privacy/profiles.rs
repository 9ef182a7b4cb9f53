//! Profiles of people on the networks: « linkedin.com/in/zelie-quincampoix », « @zelie.quincampoix ».

use super::people::Doubt;
use super::seen::Seen;
use crate::reference::communes;
use crate::text::fold::folded;
use crate::text::lexicon::{BODIES, FIRST_NAMES, GIVEN_NAMES, NAME_WORDS, is_common};

/// Whether a web address is somebody’s.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Site {
    Nobodys,
    /// A first name seems to begin a word: « twitter.com/zeliequincampoix ».
    Doubtful,
    Personal,
}

/// Adds to `spans` the profiles of a text.
pub(super) fn find(text: &str, spans: &mut Vec<(usize, usize)>, doubts: &mut Vec<Doubt>) {
    for token in
        text.split(|c: char| c.is_whitespace() || matches!(c, '"' | '<' | '>' | ',' | ';' | '(' | ')' | '«' | '»'))
    {
        let own = token.trim_end_matches(|c: char| !c.is_alphanumeric() && c != '/');
        let site = match own.strip_prefix('@') {
            Some(handle) => of_handle(handle),
            None if own.contains('/') && own.contains('.') && !own.contains('@') => site(own),
            None => continue,
        };
        let start = own.as_ptr() as usize - text.as_ptr() as usize;
        let span = (start, start + own.len());
        match site {
            Site::Personal => spans.push(span),
            Site::Doubtful => doubts.push((span, "profil d’une personne ?")),
            Site::Nobodys => {}
        }
    }
}

/// Whether a web address is of a person by itself: a mailbox, a profile.
pub(super) fn site(address: &str) -> Site {
    let seen = Seen::of(address);
    let lower = seen.text.to_lowercase();
    if lower.contains('@') && !lower.contains("/@") {
        return Site::Personal;
    }
    let Some((host, path)) = lower.trim_start_matches("https://").trim_start_matches("http://").split_once('/') else {
        return Site::Nobodys;
    };
    if host.contains("linkedin.") && path.starts_with("in/") {
        return Site::Personal;
    }
    let is_network = ["facebook.", "instagram.", "twitter.", "x.com", "medium.", "viadeo.", "youtube.", "tiktok."]
        .iter()
        .any(|name| host.strip_prefix("www.").or(host.strip_prefix("fr.")).unwrap_or(host).starts_with(name));
    match is_network {
        true => of_handle(path.split(['/', '?']).next().unwrap_or("").trim_start_matches('@')),
        false => Site::Nobodys,
    }
}

/// Whose a handle seems to be, whose name begins with a first name: « paul.leroyer ».
fn of_handle(handle: &str) -> Site {
    let plain = folded(handle);
    let words: Vec<&str> = plain.split(|c: char| !c.is_ascii_alphabetic()).filter(|word| !word.is_empty()).collect();
    let is_other = |word: &str| is_common(word) && !NAME_WORDS.contains(word) || BODIES.contains(word);
    match words[..] {
        [first, ref rest @ ..] if !rest.is_empty() => {
            let is_person = GIVEN_NAMES.contains(first) && !rest.iter().any(|word| is_other(word));
            if is_person { Site::Personal } else { Site::Nobodys }
        }
        [word] if is_joined(word) => Site::Doubtful,
        _ => Site::Nobodys,
    }
}

/// Whether a word may be a usual first name and a surname in one.
fn is_joined(word: &str) -> bool {
    /// Letters of either.
    const FEWEST: usize = 4;
    let is_word = || is_common(word) || NAME_WORDS.contains(word) || communes::by_name(word).next().is_some();
    let is_other = |rest: &str| is_common(rest) || BODIES.contains(rest);
    word.is_ascii()
        && word.len() >= 2 * FEWEST
        && !is_word()
        && (FEWEST..=word.len() - FEWEST).any(|at| FIRST_NAMES.contains(&word[..at]) && !is_other(&word[at..]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn profiles_are_of_people() {
        for (address, expected) in [
            ("https://www.linkedin.com/in/zelie-quincampoix-46/", Site::Personal),
            ("https://www.facebook.com/zelie.quincampoix.46", Site::Personal),
            ("https://twitter.com/jeannequincampoix", Site::Doubtful),
            ("https://www.facebook.com/rose.services", Site::Nobodys),
            ("https://twitter.com/poleboisdugap", Site::Nobodys),
            ("https://www.linkedin.com/company/pole", Site::Nobodys),
            ("https://pole.example.org/jeannequincampoix", Site::Nobodys),
            ("mailto:zelie@pole.fr", Site::Personal),
        ] {
            assert_eq!(site(address), expected, "{address}");
        }
    }
}
