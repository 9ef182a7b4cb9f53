//! A text is not one e-mail address.

use crate::entry::Entry;
use crate::finding::{Confidence, Level};
use crate::fold::without_accent;
use crate::language::Phrase;
use crate::rules::suspicious_email::right_domain;
use crate::rules::{Check, Problem, Reporter, Rule, Topic};

pub(super) static RULE: Rule = Rule {
    code: "malformed-email",
    topic: Topic::Contact,
    level: Level::Error,
    summary: Phrase {
        fr: "Un courriel n’est pas une adresse électronique bien formée.",
        en: "A text is not one well-formed e-mail address.",
    },
    message: Phrase {
        fr: "« {value} » n’est pas une adresse électronique valide.",
        en: "“{value}” is not a valid e-mail address.",
    },
    expected: Phrase {
        fr: "Une seule adresse, de la forme nom@domaine.fr.",
        en: "One address only, of the form name@domain.fr.",
    },
    explanation: Phrase {
        fr: "Une adresse a un nom, une seule arobase et un domaine, sans espace, sans point doublé ni \
             final. Une adresse mal écrite ne recevra rien. Des accents avant l’arobase sont presque \
             toujours une erreur de frappe : l’adresse sans accents vous est alors proposée, à confirmer. \
             Pour deux adresses, créez deux contacts.",
        en: "An address has a name, one at sign and a domain, without spaces, doubled dots or a final \
             dot. A badly written address will receive nothing. Accents before the at sign are nearly \
             always a slip: the address without them is then suggested, for you to confirm. For two \
             addresses, make two contacts.",
    },
    basis: "RFC 5322, RFC 5321, RFC 5890",
    wrong: r#"{"nom":"Fabriques du Quercy","contacts":[{"courriel":"contact(at)example.org"}]}"#,
    right: r#"{"nom":"Fabriques du Quercy","contacts":[{"courriel":"contact@example.org"}]}"#,
    check: Check::Record(check),
};

fn check(entry: &Entry, reporter: &mut Reporter<'_>) {
    for (rank, contact) in entry.record.contacts.iter().enumerate() {
        let Some(email) = &contact.email else { continue };
        let problem = || Problem::at(format!("/contacts/{rank}/courriel"));
        match judge(email) {
            Mailbox::Right => {}
            Mailbox::Accented => {
                let plain = without_accents(email);
                let problem = problem().softened(Level::Warning);
                reporter.raise(if plain.is_ascii() { problem.suggest(plain, Confidence::Medium) } else { problem });
            }
            Mailbox::Wrong => reporter.raise(match repaired(email) {
                Some(repaired) => problem().suggest(repaired, Confidence::Medium),
                None => problem(),
            }),
        }
    }
}

#[derive(Debug, PartialEq, Eq)]
enum Mailbox {
    Right,
    /// Right, but for letters beyond ASCII in the local part: allowed since RFC 6531, and hardly ever meant.
    Accented,
    Wrong,
}

fn judge(email: &str) -> Mailbox {
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

fn is_atom_character(c: char) -> bool {
    c.is_ascii_alphanumeric() || "!#$%&'*+-/=?^_`{|}~".contains(c) || (!c.is_ascii() && c.is_alphanumeric())
}

fn is_domain(domain: &str) -> bool {
    let label = |label: &str| {
        (1..=63).contains(&label.len())
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label.chars().all(|c| c.is_alphanumeric() || c == '-')
    };
    let Some((_, top)) = domain.rsplit_once('.') else { return false };
    let alphabetic = top.chars().count() >= 2 && top.chars().all(char::is_alphabetic);
    (alphabetic || top.starts_with("xn--")) && domain.split('.').all(label)
}

fn without_accents(email: &str) -> String {
    email
        .chars()
        .map(|c| if c.is_ascii() { c } else { without_accent(c) })
        .collect::<String>()
        .replace('œ', "oe")
        .replace('æ', "ae")
}

/// The address, when it is plain what was meant.
fn repaired(email: &str) -> Option<String> {
    let mut text = email.trim();
    if let (Some(start), Some(end)) = (text.find('<'), text.find('>')) {
        text = text.get(start + 1..end)?;
    }
    if text.get(..7).is_some_and(|start| start.eq_ignore_ascii_case("mailto:")) {
        text = text[7..].trim_start();
    }
    let mut text = text
        .trim_matches(['.', ',', ';', ':', '<', '>', '"', '(', ')', '[', ']', ' ', '\u{a0}', '\u{200b}'])
        .to_owned();
    for at in
        ["(at)", "[at]", "{at}", "(a)", "[a]", "(arobase)", "[arobase]", "(AT)", "[AT]", " at ", " AT ", " arobase "]
    {
        text = text.replace(at, "@");
    }
    for dot in ["(dot)", "[dot]", "(point)", "[point]", "(.)", " dot ", " point "] {
        text = text.replace(dot, ".");
    }
    for (odd, plain) in [
        ("\u{a0}", " "),
        ("\u{200b}", ""),
        (" @", "@"),
        ("@ ", "@"),
        (" .", "."),
        (". ", "."),
        ("@@", "@"),
        ("..", "."),
    ] {
        while text.contains(odd) {
            text = text.replace(odd, plain);
        }
    }
    text = text.replace(".@", "@").replace("@.", "@");
    if text.matches('@').count() != 1 {
        return None;
    }
    // A comma is next to the full stop on the keyboard; what comes before and after it is one address.
    text = text.replace([',', ';'], ".");
    if let Some((local, domain)) = text.split_once('@')
        && let Some(right) = right_domain(domain)
    {
        text = format!("{local}@{right}");
    }
    (judge(&text) == Mailbox::Right && text != email).then_some(text)
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
        for (email, right) in [
            ("a(at)b.fr", "a@b.fr"),
            ("a [at] b.fr", "a@b.fr"),
            ("a at b point fr", "a@b.fr"),
            ("a@b.fr.", "a@b.fr"),
            ("mailto:a@b.fr", "a@b.fr"),
            ("a @b.fr", "a@b.fr"),
            ("a,b@c.fr", "a.b@c.fr"),
            ("a@b,fr", "a@b.fr"),
            ("a@@b.fr", "a@b.fr"),
            ("a..b@c.fr", "a.b@c.fr"),
            ("Baptiste Escaudel <b.escaudel@example.org>", "b.escaudel@example.org"),
            ("a@orange.f", "a@orange.fr"),
        ] {
            assert_eq!(judge(email), Mailbox::Wrong, "{email}");
            assert_eq!(repaired(email).as_deref(), Some(right), "{email}");
        }
        for email in ["a@", "a b@c.fr", "a@b.fr, c@d.fr", "a@b.fr c@d.fr", "a", "> <"] {
            assert_eq!(repaired(email), None, "{email}");
        }
    }
}
