//! What stands before or behind a name and says that it is a person's: a role, a label, what reaches them.

use super::is_blank;
use crate::text::fold::folded;
use crate::text::lexicon::{ANNOUNCERS, ROLES};
use crate::text::words::{Word, words};

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Cue {
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

/// What stands before a name and says that it is a person's.
pub(super) fn cue_before(text: &str, all: &[Word<'_>], rank: usize) -> Cue {
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
pub(super) fn role_behind(text: &str, all: &[Word<'_>], last: usize) -> Option<String> {
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
pub(super) fn leads_to(between: &str) -> bool {
    between.len() < 24
        && !between.contains(['\n', ';'])
        && words(between).all(|word| ANNOUNCERS.has(word.text) || matches!(word.text, "au" | "le" | "à" | "sur" | "e"))
        && !between.trim_end().ends_with('.') | between.contains("él.")
}
