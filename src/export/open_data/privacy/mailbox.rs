//! Whether a mailbox is that of an office or someone's own.

use crate::text::fold::{folded, slug};
use crate::text::lexicon::{BODIES, GIVEN_NAMES, NAME_WORDS, OFFICE_MAILBOXES, is_common};

/// A name as it would stand before the `@`.
pub(super) fn compact(name: &str) -> String {
    slug(name).replace('-', "")
}

/// Whether an address is that of an office and not of a person: its local part is made of words such as `contact`, or is
/// the name of the PTCE, and its domain is not one where anybody takes a mailbox.
pub(super) fn is_shared_mailbox(email: &str, own: &[String], person: Option<&str>) -> bool {
    let email = email.trim().to_lowercase();
    let Some((local, domain)) = email.split_once('@') else { return false };
    if !is_local_part(local) || !is_domain(domain) || is_free_mail(domain) {
        return false;
    }
    let words: Vec<&str> = local.split(|c: char| !c.is_alphabetic()).filter(|word| !word.is_empty()).collect();
    let of_person =
        |word: &str| person.is_some_and(|person| folded(person).split(' ').any(|name| name.len() > 2 && name == word));
    if is_of_office(&words) && !words.iter().any(|word| of_person(word)) {
        return true;
    }
    let local = compact(local);
    let is_persons = person.is_some_and(|person| {
        folded(person).split(' ').any(|name| name.len() > 1 && (local.contains(name) || name.contains(&local)))
    });
    !is_persons && own.iter().any(|name| name.len() > 1 && *name == local)
}

/// Whether words are those of an office: none of them is a name, but for « pôle bois ».
fn is_of_office(words: &[&str]) -> bool {
    let is_plain = |word: &str| {
        OFFICE_MAILBOXES.contains(word) || BODIES.contains(word) || is_common(word) && !NAME_WORDS.contains(word)
    };
    let may_be = |word: &str| is_common(word) && !GIVEN_NAMES.contains(word);
    let has_body = words.iter().any(|word| BODIES.contains(word));
    !words.is_empty() && words.iter().all(|word| is_plain(word) || has_body && may_be(word))
}

fn is_local_part(local: &str) -> bool {
    !local.is_empty()
        && local.split('.').all(|word| !word.is_empty())
        && local.chars().all(|c| c.is_ascii_alphanumeric() || "._%+-".contains(c))
}

fn is_domain(domain: &str) -> bool {
    let is_label = |label: &str| {
        !label.is_empty()
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label.chars().all(|c| c.is_alphanumeric() || c == '-')
    };
    domain.contains('.')
        && domain.split('.').all(is_label)
        && domain
            .rsplit('.')
            .next()
            .is_some_and(|top| top.chars().count() > 1 && !top.contains(|c: char| c.is_numeric()))
}

/// Domains where people have mailboxes of their own, and their subdomains. One that ends in a dot stands for any country.
fn is_free_mail(domain: &str) -> bool {
    let below = domain.match_indices('.').map(|(at, _)| &domain[at + 1..]);
    [domain].into_iter().chain(below).any(|domain| {
        FREE_MAIL.iter().any(|known| match known.ends_with('.') {
            true => domain.starts_with(known),
            false => domain == *known,
        })
    })
}

const FREE_MAIL: &[&str] = &[
    "9online.fr",
    "aliceadsl.fr",
    "aliceadsl.com",
    "aol.",
    "bbox.fr",
    "caramail.",
    "cegetel.net",
    "club-internet.fr",
    "dbmail.com",
    "free.fr",
    "freesbee.fr",
    "gmail.",
    "gmx.",
    "googlemail.",
    "hotmail.",
    "icloud.com",
    "infonie.fr",
    "laposte.net",
    "libertysurf.fr",
    "live.",
    "mac.com",
    "mail.com",
    "mail.ru",
    "mailo.",
    "me.com",
    "modulonet.fr",
    "msn.",
    "neuf.fr",
    "noos.fr",
    "nordnet.fr",
    "numericable.",
    "only.fr",
    "orange.",
    "outlook.",
    "ouvaton.org",
    "ozone.net",
    "pm.me",
    "posteo.",
    "proton.",
    "protonmail.",
    "riseup.net",
    "rocketmail.com",
    "sfr.",
    "skynet.be",
    "tele2.fr",
    "tiscali.",
    "tutanota.",
    "vivaldi.net",
    "voila.fr",
    "wanadoo.",
    "worldonline.fr",
    "yahoo.",
    "yandex.",
    "ymail.com",
    "zaclys.net",
    "zoho.",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_shared_mailboxes_are_kept() {
        let own = vec!["fvd".to_owned(), "filieresvives".to_owned()];
        let is_kept = |email: &str| is_shared_mailbox(email, &own, None);
        for email in [
            "contact@pole.example.org",
            "Accueil@pole.fr",
            "contact-05@pole.fr",
            "info.ptce@pole.fr",
            "fvd@pole.fr",
            "filieres-vives@pole.fr",
            "economie@pole.fr",
            "developpement@pole.fr",
            "coordination@pole.fr",
            "animation@pole.fr",
            "equipe@pole.fr",
            "admin@pole.fr",
            "standard@pole.fr",
            "ccas@pole.fr",
            "urbanisme@pole.fr",
            "tiers-lieu@pole.fr",
            "ressourcerie@pole.fr",
            "pole.bois@pole.fr",
            "dgs@pole.fr",
            "maire@pole.fr",
        ] {
            assert!(is_kept(email), "{email}");
        }
        for email in [
            "jean.dupont@pole.fr",
            "berger@pole.fr",
            "pierre@pole.fr",
            "rose.marchand@pole.fr",
            "j.dupont@pole.fr",
            "contact.dupont@pole.fr",
            "contact@orange.fr",
            "contact@asso.free.fr",
            "info@yahoo.com",
            "info@hotmail.co.uk",
            "contact@pole",
            "contact@pole..fr",
            "contact@a@pole.fr",
            "contact pole.fr",
            "05@pole.fr",
            "",
        ] {
            assert!(!is_kept(email), "{email}");
        }
        assert!(!is_shared_mailbox("fvd@pole.fr", &own, Some("Fvd Martin")));
    }
}
