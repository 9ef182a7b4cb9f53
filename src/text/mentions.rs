//! What in a text names or reaches people: one scanner for the importer, which takes cells of contacts apart, for the
//! rules, and for the redaction of a publication.
//!
//! Each scan takes the text once: what begins at one place is looked at from there only as far as it can reach.

use std::collections::BTreeSet;
use std::iter::from_fn;

use super::fold::folded;
use super::lexicon::{
    ANNOUNCERS, AROUND_AT, AROUND_POINT, AT_WORDS, BEGIN_NO_PERSON, BESIDE, BODIES, EPONYMS, FIRST_NAMES, GIVEN_NAMES,
    KIN, NAME_WORDS, NAMESAKES, OFFICES, PARTICLES, POINT_WORDS, ROLES, TITLES, TOP_DOMAINS, is_common, spelt_sign,
};
use super::names::{LINE_END, is_function_word, is_region_word, names_something_else};
use super::words::{Word, words};
use crate::reference::communes;

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
    matches!(c, ' ' | '\u{a0}' | '\u{202f}' | LINE_END)
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

/// The people of a text, `all` being its words: behind a title, beside a role, before what reaches them, `reached`. A first
/// name that we know and another word with its capital letter, with nothing that says so, may be a person.
pub(crate) fn people(text: &str, all: &[Word<'_>], reached: &[(usize, usize)]) -> Vec<Mention> {
    let mut found: Vec<Mention> = Vec::new();
    if !may_name_people(text, all) {
        return found;
    }
    let mut add = |(start, end), certainty| found.push(Mention { start, end, kind: Kind::Person, certainty });
    let mut taken = 0;
    // Where the last name behind a role or a label ends, and which: « Co-présidents : A, B et C ».
    let mut row: Option<(usize, Cue)> = None;
    for (rank, word) in all.iter().enumerate() {
        if word.start < taken {
            continue;
        }
        if let Some((name, end, certainty)) = titled(text, word) {
            if !names_something_else(text, word.start) && !names_something_else(text, name) {
                // « M. et Mme Quincampoix »
                let couple = rank.checked_sub(2).filter(|rank| is_civility(&folded(all[*rank].text)));
                let start = couple.filter(|rank| all[rank + 1].text == "et").map_or(word.start, |rank| all[rank].start);
                add((start, end), certainty);
                if let Some(other) = other_name(text, all, rank, end) {
                    add(other, certainty);
                }
            }
            taken = end;
            continue;
        }
        let Some((last, has_given)) = name_at(text, all, rank) else { continue };
        let own = &all[rank..=last];
        let span = (word.start, all[last].end());
        let has_initial = has_initial(text, own);
        let before = match row.filter(|(end, _)| is_row(&text[*end..span.0])) {
            Some((_, cue)) => cue,
            None => cue_before(text, all, rank),
        };
        let is_reached = reached.iter().any(|(start, _)| *start >= span.1 && leads_to(&text[span.1..*start]))
            && (has_given || !is_commune(own[own.len() - 1].text));
        let is_usual =
            || has_given && own.iter().any(|word| FIRST_NAMES.has(word.text)) && !is_namesake(&text[span.0..span.1]);
        // « Représentant légal : Awa Diayépour », and not « Responsable : Emmaüs Figeac ».
        let is_nothing_else = || {
            let is_surname = |word: &Word<'_>| {
                is_capital(word.text) && !is_capital(own[0].text) | (own.len() == 2 && !is_capital(own[1].text))
            };
            let is_name = |word: &Word<'_>| is_no_word(word.text) || is_surname(word) && !BODIES.has(word.text);
            own.iter().all(|word| PARTICLES.has(word.text) || is_name(word) && !is_commune(word.text))
        };
        let behind = role_behind(text, all, last);
        let is_sure = is_reached
            || (has_given || has_initial) && behind.is_some()
            // « Sivakoumar Quincampoix, directeur »
            || behind.as_deref().is_some_and(|role| OFFICES.contains(role)) && is_nothing_else()
            || match before {
                Cue::None | Cue::Mention => false,
                Cue::Label => has_initial || is_usual(),
                Cue::By => has_given || has_initial,
                Cue::Role => has_given || has_initial || is_nothing_else(),
            };
        let is_doubtful = has_given
            || has_initial
            || behind.is_some() && is_nothing_else()
            || matches!(before, Cue::By | Cue::Label | Cue::Role)
                && (own.iter().all(|word| is_no_word(word.text)) || is_nothing_else());
        if names_something_else(text, span.0) || !is_sure && !is_doubtful {
            continue;
        }
        let is_body = (last + 1 - rank == 2) && is_word_only(all[last].text) && !is_reached;
        let certainty = if is_sure && !is_body { Certainty::Sure } else { Certainty::Doubtful };
        add(span, certainty);
        if let Some(other) = other_name(text, all, rank, span.1).filter(|_| certainty == Certainty::Sure) {
            add(other, certainty);
        }
        row = Some((span.1, before)).filter(|_| matches!(before, Cue::Label | Cue::Role));
        taken = span.1;
    }
    add_known(text, all, &mut found);
    found
}

/// Whether what stands between two names makes them a row.
fn is_row(between: &str) -> bool {
    matches!(between.trim(), "," | ";" | "/" | "&" | "et" | ", et" | "–" | "-")
}

/// Where the other name of somebody stands whose name ends at `end`: « née Delépine », « (épouse Trubert) », « dite Lili ».
fn other_name(text: &str, all: &[Word<'_>], rank: usize, end: usize) -> Option<(usize, usize)> {
    let cue = rank + all[rank..].iter().take_while(|word| word.start < end).count();
    let (word, first) = (all.get(cue)?, all.get(cue + 1)?);
    let is_cue = matches!(text[end..word.start].trim(), "" | "," | "(" | ", (") && BESIDE.has(word.text);
    if !is_cue || !first.text.starts_with(char::is_uppercase) || first.start - word.end() > 4 {
        return None;
    }
    let goes_on = |at: &usize| {
        let gap = &text[all[*at - 1].end()..all[*at].start];
        gap.chars().all(|c| is_blank(c) || matches!(c, '-' | '\'' | '’'))
            && gap.chars().count() < 2
            && (all[*at].text.starts_with(char::is_uppercase) || PARTICLES.has(all[*at].text))
    };
    let last = (cue + 2..all.len().min(cue + 5)).take_while(goes_on).last().unwrap_or(cue + 1);
    Some((first.start, all[last].end()))
}

/// Adds where a text names those again by their surname alone whom it names for certain: « Mme Truptil préside. Truptil vend. »
fn add_known(text: &str, all: &[Word<'_>], found: &mut Vec<Mention>) {
    let surname = |mention: &Mention| {
        let name = words(&text[mention.start..mention.end]).last()?;
        let plain = folded(name.text);
        let is_surname =
            plain.len() > 3 && is_no_word(name.text) && !GIVEN_NAMES.contains(&plain) && !is_commune(name.text);
        is_surname.then_some(plain)
    };
    let known: BTreeSet<String> =
        found.iter().filter(|mention| mention.certainty == Certainty::Sure).filter_map(surname).collect();
    if known.is_empty() {
        return;
    }
    found.sort_unstable_by_key(|mention| mention.start);
    let is_apart = |rank: usize| {
        let (before, after) = (rank.checked_sub(1).map(|rank| &all[rank]), all.get(rank + 1));
        let joins = |gap: &str| gap.chars().all(|c| is_blank(c) || c == '-');
        !before.is_some_and(|word| is_capital_word(word) && joins(&text[word.end()..all[rank].start]))
            && !after.is_some_and(|word| is_capital_word(word) && joins(&text[all[rank].end()..word.start]))
    };
    let mut again = Vec::new();
    for (rank, word) in all.iter().enumerate() {
        if !is_capital_word(word) || !known.contains(&folded(word.text)) {
            continue;
        }
        let begun = found.partition_point(|mention| mention.start <= word.start);
        let is_new = begun.checked_sub(1).is_none_or(|rank| found[rank].end <= word.start);
        if is_new && !names_something_else(text, word.start) {
            let certainty = if is_apart(rank) { Certainty::Sure } else { Certainty::Doubtful };
            again.push(Mention { start: word.start, end: word.end(), kind: Kind::Person, certainty });
        }
    }
    found.extend(again);
}

fn is_capital_word(word: &Word<'_>) -> bool {
    word.text.starts_with(char::is_uppercase)
}

/// Whether a text has a title, or two words in a row with their capital letters: most have neither.
fn may_name_people(text: &str, all: &[Word<'_>]) -> bool {
    let mut last: Option<usize> = None;
    all.iter().any(|word| {
        let is_capital = word.text.starts_with(char::is_uppercase);
        let follows = last.is_some_and(|end| word.start - end < 12);
        // Particles may stand between: « Anne de La Tour ».
        if is_capital {
            last = Some(word.end());
        }
        is_capital && follows || titled(text, word).is_some()
    })
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Cue {
    None,
    /// « porté par », « avec »: whom, or which body.
    Mention,
    /// « Contact : », « Porteur : »: the same, and mostly whom.
    Label,
    /// « présidé par », « représentée par »
    By,
    /// « Présidente : », « son gérant », « Chef de projet : »
    Role,
}

/// Whether a name has a well-known person’s, after whom bodies are named.
fn is_namesake(name: &str) -> bool {
    NAMESAKES.contains(&folded(name))
}

fn is_commune(word: &str) -> bool {
    communes::by_name(word).next().is_some()
}

/// Whether some words are an initial and a surname: « Z. Quincampoix ».
fn has_initial(text: &str, words: &[Word<'_>]) -> bool {
    let is_initial = |word: &Word<'_>| word.text.chars().count() == 1 && text[word.end()..].starts_with('.');
    let rest = words.iter().skip_while(|word| is_initial(word));
    is_initial(&words[0])
        && rest.clone().count() > 0
        && rest.filter(|word| !PARTICLES.has(word.text)).all(|word| word.text.len() > 2 && !is_word_only(word.text))
}

fn is_civility(folded: &str) -> bool {
    const WORDS: &[&str] = &[
        "m",
        "madame",
        "mademoiselle",
        "melle",
        "mesdames",
        "messieurs",
        "mlle",
        "mlles",
        "mm",
        "mme",
        "mmes",
        "monsieur",
        "mr",
        "mrs",
    ];
    WORDS.contains(&folded)
}

/// The last word of a name of two words at least that begins with a word, and whether it has a first name that we know.
fn name_at(text: &str, all: &[Word<'_>], rank: usize) -> Option<(usize, bool)> {
    /// A name has no more words.
    const MOST: usize = 8;
    let first = &all[rank];
    if !first.text.starts_with(char::is_uppercase)
        || text[..first.start].ends_with(['-', '.', '@', '/', '_', '\'', '’']) && !is_after_elision(text, first)
    {
        return None;
    }
    let follows = all.get(rank + 1).is_some_and(|next| {
        next.start - first.end() < 4 && (next.text.starts_with(char::is_uppercase) || PARTICLES.has(next.text))
    });
    if !follows {
        return None;
    }
    let mut last = rank;
    let mut capitals = 0;
    let mut has_given = false;
    for (at, word) in all.iter().enumerate().skip(rank).take(MOST) {
        let gap = if at == rank { "" } else { &text[all[at - 1].end()..word.start] };
        let is_joined = gap.chars().all(|c| is_blank(c) || matches!(c, '-' | '\'' | '’'))
            || matches!(gap, ". " | ".-" | ".\u{a0}" | ".") && all[at - 1].text.chars().count() == 1;
        if !is_joined || gap.chars().filter(|c| is_blank(*c)).count() > 1 {
            break;
        }
        if word.text.starts_with(char::is_uppercase) && word.text.chars().all(char::is_alphabetic) {
            let plain = folded(word.text);
            if at > rank && (ROLES.contains(&plain) || BODIES.contains(&plain)) {
                break;
            }
            has_given |=
                capitals == 0 && GIVEN_NAMES.contains(&plain) || is_capital(first.text) && GIVEN_NAMES.contains(&plain);
            last = at;
            capitals += 1;
        } else if !PARTICLES.has(word.text) || at == rank {
            break;
        }
    }
    let plain = folded(first.text);
    // « S. Quincampoix » begins with no « s’ ».
    let is_initial = first.text.chars().count() == 1 && text[first.end()..].starts_with('.');
    let begins_nobody = is_function_word(&plain) && !is_initial
        || BEGIN_NO_PERSON.contains(&plain)
        || BODIES.contains(&plain)
        || ROLES.contains(&plain)
        || EPONYMS.contains(&plain)
        || is_region_word(&plain);
    // A first name of several words, « Jean-Claude », is no name yet.
    let is_whole = all[rank..=last].iter().any(|word| !GIVEN_NAMES.has(word.text))
        || capitals > 2
        || capitals == 2 && !text[first.end()..].starts_with('-');
    (capitals > 1 && !begins_nobody && is_whole).then_some((last, has_given))
}

fn is_after_elision(text: &str, word: &Word<'_>) -> bool {
    let before = text[..word.start].strip_suffix(['\'', '’']).unwrap_or_default().as_bytes();
    let ends_in = |elided: &[u8]| {
        before.len().checked_sub(elided.len()).is_some_and(|at| before[at..].eq_ignore_ascii_case(elided))
    };
    ends_in(b"d") || ends_in(b"l") || ends_in(b"qu")
}

fn is_capital(word: &str) -> bool {
    word.chars().count() > 1 && !word.chars().any(char::is_lowercase)
}

/// Whether a word is none of the language, nor a place.
fn is_no_word(word: &str) -> bool {
    let plain = folded(word);
    // « Sous-Préfète »
    let is_common = plain.split(' ').all(is_common);
    !is_common && !is_region_word(&plain) && !BODIES.contains(&plain) && plain.len() > 2
}

/// Whether a word is one of the language and hardly anybody's name.
fn is_word_only(word: &str) -> bool {
    let plain = folded(word);
    (is_common(&plain) && !NAME_WORDS.contains(&plain)) || is_region_word(&plain)
}

/// What stands before a name and says that it is a person's.
fn cue_before(text: &str, all: &[Word<'_>], rank: usize) -> Cue {
    let Some(before) = rank.checked_sub(1).map(|rank| &all[rank]) else { return Cue::None };
    let gap = &text[before.end()..all[rank].start];
    if gap.len() > 8 || gap.contains(['.', '!', '?', ';']) && !gap.contains(':') {
        return Cue::None;
    }
    let plain = folded(before.text);
    let role = |plain: &str| {
        let singular = plain.strip_suffix('s').unwrap_or(plain);
        ROLES.contains(plain) || ROLES.contains(singular)
    };
    let earlier = |back: usize| rank.checked_sub(back).map(|rank| folded(all[rank].text)).unwrap_or_default();
    match plain.as_str() {
        // « présidé par », « dossier suivi par »
        "par" if is_of_person(&earlier(2)) => return Cue::By,
        "par" => return Cue::Mention,
        // « assistante de Zélie »
        // « à l’attention de Zélie »
        "de" | "d" if earlier(2) == "attention" => return Cue::Label,
        "de" | "d" => return if role(&earlier(2)) { Cue::By } else { Cue::None },
        "avec" | "selon" if gap.trim().is_empty() => return Cue::Mention,
        "contacter" | "joindre" if gap.trim().is_empty() => return Cue::Label,
        plain if role(plain) => return Cue::Role,
        plain if is_label(plain) => return Cue::Label,
        _ => {}
    }
    // « Chargée de mission : », « la chef de projet Zélie »
    /// Words of a role, and of where it is held.
    const MOST: usize = 8;
    let is_announced = gap.contains(':');
    let is_apposed = gap.trim().is_empty() && before.text.starts_with(char::is_lowercase);
    if !(is_announced || is_apposed) {
        return Cue::None;
    }
    for back in 2..=MOST {
        let Some(at) = rank.checked_sub(back) else { break };
        if !text[all[at].end()..all[at + 1].start]
            .chars()
            .all(|c| is_blank(c) || matches!(c, '\'' | '’' | '-' | '(' | ')' | '·'))
        {
            break;
        }
        let plain = folded(all[at].text);
        // Without a colon nothing but « de mission » stands between.
        let is_near = back == 3 && matches!(folded(all[at + 1].text).as_str(), "de" | "du" | "d") || back == 2;
        match role(&plain) {
            true if is_announced || is_near => return Cue::Role,
            true => break,
            false if is_announced && is_label(&plain) => return Cue::Label,
            false => {}
        }
    }
    Cue::None
}

/// Words that announce somebody, or a body: « Contact : », « Porteur du projet : ».
fn is_label(plain: &str) -> bool {
    const WORDS: &[&str] = &[
        "contacter",
        "interlocuteur",
        "interlocutrice",
        "joindre",
        "personne",
        "porteur",
        "porteuse",
        "signature",
        "signe",
    ];
    let singular = plain.strip_suffix('s').unwrap_or(plain);
    [plain, singular].iter().any(|word| ANNOUNCERS.contains(word) || WORDS.contains(word))
}

/// Whether a word says what a person does: « présidé », « représentée », « suivi ».
fn is_of_person(plain: &str) -> bool {
    const STEMS: &[&str] = &["dirige", "preside", "redige", "represente", "signe", "suivi"];
    STEMS.iter().any(|stem| plain.strip_prefix(stem).is_some_and(|end| matches!(end, "" | "e" | "s" | "es")))
}

/// The role that stands behind a name: « Philippe Durand (directeur) », « Paul Leroyer, président ».
fn role_behind(text: &str, all: &[Word<'_>], last: usize) -> Option<String> {
    let after = all.get(last + 1)?;
    let gap = text[all[last].end()..after.start].trim();
    if !matches!(gap, "" | "(" | "," | "–" | "-" | "—") {
        return None;
    }
    let plain = folded(after.text);
    let is_article = matches!(plain.as_str(), "la" | "le" | "son" | "sa" | "notre" | "l") && !gap.is_empty();
    let role = if is_article { folded(all.get(last + 2)?.text) } else { plain };
    ROLES.contains(&role).then_some(role)
}

/// Whether what stands between a name and a mailbox or a number says whose it is: « (tél. : ».
fn leads_to(between: &str) -> bool {
    between.len() < 24
        && !between.contains(['\n', ';'])
        && words(between).all(|word| ANNOUNCERS.has(word.text) || matches!(word.text, "au" | "le" | "à" | "sur" | "e"))
        && !between.trim_end().ends_with('.') | between.contains("él.")
}

/// Where the name behind a title begins and ends, and whether it can be nothing else: `M. Jean Dupont`, `madame de La Tour`.
fn titled(text: &str, word: &Word<'_>) -> Option<(usize, usize, Certainty)> {
    // The letters with which titles begin.
    let first = word.text.as_bytes()[0] | 0x20;
    // « Époux » begins with two bytes.
    if matches!(first, b'c' | b'e' | b'f' | b'v' | 0xE3) && KIN.has(word.text) {
        return kin(text, word);
    }
    // « MmeQuincampoix »
    let glued = ["Mme", "Mlle"].iter().find_map(|title| word.text.strip_prefix(title)).unwrap_or_default();
    if glued.starts_with(char::is_uppercase) && glued.chars().any(char::is_lowercase) {
        return Some((word.end() - glued.len(), word.end(), Certainty::Sure));
    }
    let may_be = matches!(first, b'a' | b'd' | b'm' | b'p');
    if !may_be || matches!(word.next(), Some('\'' | '’' | '-')) || !TITLES.has(word.text) {
        return None;
    }
    let is_long = word.text.len() > 2;
    let is_abbreviation = word.next() == Some('.') && (word.text == "m" || word.text == "mm");
    let follows_number = text[..word.start].trim_end().ends_with(|c: char| c.is_ascii_digit());
    let is_title =
        word.text.starts_with(char::is_uppercase) || is_long || word.text == "mr" || is_abbreviation && !follows_number;
    if !is_title {
        return None;
    }
    let plain = folded(word.text);
    let is_plural = matches!(plain.as_str(), "mm" | "mmes" | "mlles" | "mrs" | "messieurs" | "mesdames");
    let Some((first, end)) = named_end(text, word.end(), is_plural) else {
        return lower_name(text, word, &plain);
    };
    // « Mr Bricolage », « M Éco »: a shop is no gentleman.
    let name = &text[first..end];
    let is_bare = matches!(plain.as_str(), "m" | "mr" | "monsieur" | "madame") && word.next() != Some('.');
    // « Docteur Vélo », « Maître Composteur »: what one does, not whom one is.
    let is_trade = !is_civility(&plain);
    // A name of two words that is all there is: « M. Bricolage », « ME Conseil ».
    let is_all = word.start == 0 && end == text.trim_end().len();
    let is_sign = is_all && word.next() != Some('.') && word.text.len() == 2 && is_capital(word.text);
    let is_word = if is_sign { |word: &str| is_common(&folded(word)) || is_word_only(word) } else { is_word_only };
    let is_shop = !name.contains(' ') && is_bare && plain == "m" && name.chars().count() < 4
        || (is_bare && !name.contains(' ') || is_trade || is_all) && name.split(is_blank).all(is_word);
    if plain == "maitre" && name.starts_with(['d', 'D']) && name[1..].starts_with(['\'', '’']) {
        return None;
    }
    let is_nobody = name.split(is_blank).all(|word| is_function_word(&folded(word)));
    (!is_nobody).then_some((first, end, if is_shop { Certainty::Doubtful } else { Certainty::Sure }))
}

/// Where the surname stands behind « famille », « les époux », « veuve », which is no word of the language.
fn kin(text: &str, word: &Word<'_>) -> Option<(usize, usize, Certainty)> {
    let (first, end) = named_end(text, word.end(), false)?;
    let is_near = text[word.end()..first].chars().all(is_blank);
    let is_name = |name: &str| PARTICLES.has(name) || is_no_word(name) && !is_commune(name);
    (is_near && text[first..end].split(is_blank).all(is_name)).then_some((first, end, Certainty::Sure))
}

/// A name in small letters behind a title that is none of a sentence: « mme quincampoix ».
fn lower_name(text: &str, title: &Word<'_>, plain: &str) -> Option<(usize, usize, Certainty)> {
    if !matches!(plain, "m" | "mme" | "mlle" | "melle" | "mr" | "madame" | "mademoiselle" | "monsieur") {
        return None;
    }
    let rest = text[title.end()..].trim_start_matches('.');
    let blank = rest.trim_start_matches(is_blank);
    let first = text.len() - blank.len();
    let word_of = |text: &'_ str| text.find(|c: char| !c.is_alphabetic()).unwrap_or(text.len());
    // « m. le guennec », « monsieur van thanh »
    let led = word_of(blank);
    let particle = Some(&blank[..led]).filter(|word| PARTICLES.contains(word) && blank[led..].starts_with(is_blank));
    let behind = particle.map_or(blank, |_| blank[led..].trim_start_matches(is_blank));
    let start = text.len() - behind.len();
    let name = &behind[..word_of(behind)];
    let own = folded(name);
    if (particle.is_some() || plain == "m") && (is_common(&own) || is_region_word(&own)) {
        return None;
    }
    let is_other = own.len() < 3
        || rest.len() == blank.len()
        || is_function_word(&own)
        || ROLES.contains(&own)
        || TITLES.contains(&own)
        || BESIDE.contains(&own)
        || matches!(title.text.as_bytes()[0], b'M') && title.text.len() > 4;
    let is_common = is_common(&own);
    if is_other || is_common && plain.len() > 4 {
        return None;
    }
    Some((first, start + name.len(), if is_common { Certainty::Doubtful } else { Certainty::Sure }))
}

/// Where the name behind a title begins and ends, when there is one; behind a title in the plural, several.
fn named_end(text: &str, title_end: usize, is_plural: bool) -> Option<(usize, usize)> {
    /// A name has few words: a sentence in capitals is not taken whole.
    const MOST: usize = 7;
    let mut at = title_end + usize::from(text[title_end..].starts_with('.'));
    // « Mme : Quincampoix »
    let announced = text[at..].trim_start_matches(is_blank).strip_prefix(':').filter(|_| title_end == at);
    at = announced.map_or(at, |rest| text.len() - rest.len());
    // « Mme « Quincampoix » », « Mme (Quincampoix) »
    let quoted = text[at..].trim_start_matches(is_blank).strip_prefix(['(', '«', '“', '"']);
    at = quoted.map_or(at, |rest| text.len() - rest.len());
    let (mut begin, mut end) = (None, None);
    let mut is_behind_particle = false;
    let mut count = 0;
    // « Mme la présidente Zélie Quincampoix »
    let mut in_role = false;
    while count < if is_plural { 4 * MOST } else { MOST } {
        let mut rest = text[at..].trim_start_matches(is_blank);
        if is_plural
            && end.is_some()
            && let Some(next) = rest.strip_prefix(',')
        {
            rest = next.trim_start_matches(is_blank);
        }
        let is_part = |c: char| c.is_alphanumeric() || matches!(c, '-' | '\'' | '’');
        let mut part = &rest[..rest.find(|c| !is_part(c)).unwrap_or(rest.len())];
        let start = text.len() - rest.len();
        // « J.-P. »
        if end.is_some() && rest.starts_with("-") && part.len() == 1 {
            part = "";
        }
        if part.is_empty() || part == "-" {
            break;
        }
        count += 1;
        at = start + part.len();
        let own = part.trim_start_matches('-');
        if own.starts_with(char::is_uppercase) {
            // « Mesdames et Messieurs les élus », « Monsieur le Président Quincampoix »
            if end.is_none() && is_civility(&folded(own)) && own.chars().count() > 1 {
                at += usize::from(text[at..].starts_with('.'));
                continue;
            }
            if in_role && end.is_none() && ROLES.has(own) {
                continue;
            }
            if in_role && !GIVEN_NAMES.has(own.split('-').next().unwrap_or(own)) && !TITLES.has(own) && !is_no_word(own)
            {
                break;
            }
            // An initial keeps its full stop.
            let is_initial = own.chars().count() == 1 && text[at..].starts_with('.');
            at += usize::from(is_initial);
            begin = begin.or(Some(start));
            end = Some(at);
            continue;
        }
        let (particle, elided) = part.split_once(['\'', '’']).map_or((part, None), |(first, rest)| (first, Some(rest)));
        let hyphened = part
            .split_once('-')
            .filter(|(first, rest)| PARTICLES.contains(first) && rest.starts_with(char::is_uppercase));
        match elided {
            Some(name) if matches!(particle, "d" | "l") && name.starts_with(char::is_uppercase) => {
                begin = begin.or(Some(start));
                end = Some(at);
            }
            None if hyphened.is_some() => {
                begin = begin.or(Some(start));
                end = Some(at);
            }
            None if end.is_none()
                && !is_behind_particle
                && (in_role || matches!(particle, "la" | "le"))
                && (matches!(particle, "la" | "le") || ROLES.has(particle)) =>
            {
                in_role = true
            }
            // « Mme veuve Quincampoix »
            None if end.is_none() && BESIDE.has(particle) => {}
            // “M. le maire” names nobody, “M. le maire de Gap” neither.
            None if (PARTICLES.contains(particle) || is_plural && particle == "et") && !in_role => {
                is_behind_particle = particle != "et";
            }
            None if particle == "et" && is_plural => {}
            _ => break,
        }
    }
    begin.zip(end)
}

#[cfg(test)]
mod tests {
    use super::super::lexicon::{TITLES, spellings};
    use super::super::mailboxes::repaired;
    use super::super::names::is_known_name;
    use super::super::words::all_words;
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
            let all = all_words(&text);
            assert!(people(&text, &all, &[]).iter().any(|one| text[one.start..one.end] == name), "redaction: {name}");
        }
        for sign in spellings(AT_WORDS, AROUND_AT) {
            let mailbox = format!("jean.dupont{sign}pole.fr");
            let text = format!("Écrire à {mailbox}.");
            assert!(details(&text).iter().any(|one| text[one.start..one.end] == mailbox), "importer: {text}");
            assert!(mailboxes(&text).any(|one| text[one.start..one.end] == mailbox), "redaction: {text}");
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
            assert!(mailboxes(&mailbox).any(|one| mailbox[one.start..one.end] == mailbox), "redaction: {mailbox}");
        }
    }
}
