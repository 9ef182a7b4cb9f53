//! Profiles of people on the networks: « linkedin.com/in/zelie-quincampoix », « @zelie.quincampoix ».

use super::named::Doubt;
use super::seen::Seen;
use crate::reference::communes;
use crate::text::fold::folded;
use crate::text::lexicon::{ACCOUNTS, BODIES, FIRST_NAMES, GIVEN_NAMES, NAME_WORDS, is_common};
use crate::text::words::Word;

/// Whether a web address is somebody’s.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Site {
    Nobodys,
    /// A first name seems to begin a word: « twitter.com/zeliequincampoix ».
    Doubtful,
    Personal,
}

/// Ends of the names of files that people send: « CV_Zelie_Quincampoix.pdf ».
const FILES: [&str; 12] =
    [".csv", ".doc", ".docx", ".jpeg", ".jpg", ".odt", ".pdf", ".png", ".rtf", ".txt", ".xls", ".xlsx"];
/// What stands before the name of who uses a machine, in the paths of its files.
const USERS: [&str; 3] = [r"\users\", "/users/", "/home/"];

/// Adds to `spans` the profiles of a text, `all` being its words; accounts and files that may bear a name are doubts.
pub(super) fn find(text: &str, all: &[Word<'_>], spans: &mut Vec<(usize, usize)>, doubts: &mut Vec<Doubt>) {
    for (rank, word) in all.iter().enumerate() {
        if matches!(word.next(), Some(' ' | ':' | '\u{a0}')) && ACCOUNTS.has(word.text) {
            doubts.extend(account(text, &all[rank..]).map(|span| (span, PROFILE)));
        }
    }
    if memchr::memchr3(b'/', b'@', b'\\', text.as_bytes()).is_none() && !has_file(text) {
        return;
    }
    for token in
        text.split(|c: char| c.is_whitespace() || matches!(c, '"' | '<' | '>' | ',' | ';' | '(' | ')' | '«' | '»'))
    {
        let own = token.trim_end_matches(|c: char| !c.is_alphanumeric() && c != '/');
        let start = own.as_ptr() as usize - text.as_ptr() as usize;
        let span = (start, start + own.len());
        let site = match own.strip_prefix('@') {
            Some(handle) => of_handle(handle),
            None if own.contains('/') && own.contains('.') && (!own.contains('@') || own.contains("/@")) => site(own),
            None => Site::Nobodys,
        };
        match site {
            Site::Personal => spans.push(span),
            Site::Doubtful => doubts.push((span, PROFILE)),
            Site::Nobodys if is_somebodys_file(own) => doubts.push((span, "fichier au nom d’une personne ?")),
            Site::Nobodys => {}
        }
    }
}

const PROFILE: &str = "profil d’une personne ?";

/// The account behind the name of a service: it has a sign or a digit that words of a sentence have not, or stands behind a
/// colon: « Discord zelie#1234 », « Snapchat : zelie ».
fn account(text: &str, words: &[Word<'_>]) -> Option<(usize, usize)> {
    let rest = text[words[0].end()..].trim_start_matches([' ', '\u{a0}']);
    let after = rest.trim_start_matches([':', ' ', '\u{a0}', '@']);
    let own =
        after.split(|c: char| c.is_whitespace() || matches!(c, ',' | ';' | '(' | ')' | '"' | '«' | '»')).next()?;
    let own = own.trim_end_matches(|c: char| !c.is_alphanumeric());
    let has_sign =
        own.contains(|c: char| c.is_ascii_digit() || matches!(c, '#' | '_' | '.' | ':')) && !own.contains('/');
    let is_announced = rest.starts_with(':') && own.starts_with(|c: char| c.is_ascii_lowercase());
    let is_word = is_common(&folded(own)) || own.bytes().all(|byte| byte.is_ascii_digit());
    let start = text.len() - after.len();
    (own.len() > 3 && (has_sign || is_announced) && !is_word).then_some((start, start + own.len()))
}

/// Whether a text has the name of a file, which hardly any has.
fn has_file(text: &str) -> bool {
    memchr::memchr_iter(b'.', text.as_bytes()).any(|at| FILES.iter().any(|end| text[at..].starts_with(end)))
}

/// Whether the name of a file has a first name and a word that is none of the language, or its path the name of a user.
fn is_somebodys_file(path: &str) -> bool {
    let lower = path.to_lowercase();
    let is_users = || USERS.iter().any(|users| lower.split_once(users).is_some_and(|(_, user)| !user.is_empty()));
    let is_named = || {
        let name = path.rsplit(['/', '\\']).next().unwrap_or(path);
        let plain = folded(name);
        let words: Vec<&str> = plain.split(' ').collect();
        let is_other = |word: &&str| word.len() > 3 && !is_common(word) && !GIVEN_NAMES.contains(word);
        words.iter().any(|word| word.len() > 2 && GIVEN_NAMES.contains(word) && !is_common(word))
            && words.iter().any(is_other)
    };
    (path.contains('\\') || path.starts_with('/')) && is_users() || has_file(&lower) && is_named()
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
    if host.contains("linkedin.") && path.strip_prefix("in/").is_some_and(|name| !name.is_empty()) {
        return Site::Personal;
    }
    // On these none but people have accounts, or nothing tells them apart.
    let bare = lower.trim_start_matches("https://").trim_start_matches("http://").trim_start_matches("www.");
    let is_account = |path: &str| path.starts_with(char::is_alphanumeric);
    let known = NETWORKS.lines().filter_map(|start| bare.strip_prefix(start)).find(|rest| is_account(rest));
    if let Some(account) = known {
        let is_person = of_handle(account.split(['/', '?']).next().unwrap_or("")) == Site::Personal;
        return if is_person { Site::Personal } else { Site::Doubtful };
    }
    let handle = path.strip_prefix('@').filter(|handle| is_account(handle));
    let is_network = ["facebook.", "instagram.", "twitter.", "x.com", "medium.", "viadeo.", "youtube.", "tiktok."]
        .iter()
        .any(|name| host.strip_prefix("www.").or(host.strip_prefix("fr.")).unwrap_or(host).starts_with(name));
    match is_network {
        true => of_handle(path.split(['/', '?']).next().unwrap_or("").trim_start_matches('@')),
        // « mastodon.social/@zelie »
        false if handle.is_some_and(|handle| of_handle(handle) == Site::Personal) => Site::Personal,
        false if handle.is_some() => Site::Doubtful,
        false => Site::Nobodys,
    }
}

/// Addresses under which people have their accounts, by their beginnings.
static NETWORKS: &str = include_str!("../../../text/lexicon/networks.txt");

/// Whose a handle seems to be, whose name begins with a first name: « paul.leroyer ».
fn of_handle(handle: &str) -> Site {
    let plain = folded(&handle.to_lowercase());
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
    use crate::text::words::all_words;

    #[test]
    fn accounts_and_files_are_doubtful() {
        for (text, expected) in [
            ("Skype : live:zelie.quincampoix", Some("live:zelie.quincampoix")),
            ("Discord zelie#1234", Some("zelie#1234")),
            ("Signal faible, Skype ou téléphone", None),
            ("Sur Instagram : photos du pôle", None),
            ("Voir CV_Zelie_Quincampoix_2023.pdf.", Some("CV_Zelie_Quincampoix_2023.pdf")),
            ("Voir rapport_annuel_2023.pdf.", None),
            (r"C:\Users\zquincampoix\budget.xlsx", Some(r"C:\Users\zquincampoix\budget.xlsx")),
        ] {
            let mut doubts = Vec::new();
            find(text, &all_words(text), &mut Vec::new(), &mut doubts);
            assert_eq!(doubts.first().map(|((start, end), _)| &text[*start..*end]), expected, "{text}");
        }
    }

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
            ("https://www.linkedin.com/in/", Site::Nobodys),
            ("https://t.me/zelieq", Site::Doubtful),
            ("https://www.facebook.com/profile.php?id=100012", Site::Doubtful),
            ("https://mastodon.social/@zelie_quincampoix", Site::Personal),
            ("https://www.tiktok.com/@roue.libre", Site::Nobodys),
        ] {
            assert_eq!(site(address), expected, "{address}");
        }
    }
}
