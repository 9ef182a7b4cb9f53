//! A text holds characters that nobody sees.

use crate::entry::Entry;
use crate::finding::{Confidence, Level};
use crate::language::Phrase;
use crate::record::At;
use crate::rules::{Problem, Reporter, Rule, TextCheck, Topic};
use crate::text::mailboxes::{self, Mailbox};

pub(super) static RULE: Rule = Rule {
    code: "control-character",
    topic: Topic::TextDamage,
    level: Level::Warning,
    summary: Phrase {
        fr: "Un texte contient des caractères invisibles.",
        en: "A text holds characters that nobody sees.",
    },
    message: Phrase {
        fr: "Le texte contient un caractère invisible ({character}).",
        en: "The text holds a character that nobody sees ({character}).",
    },
    expected: Phrase { fr: "", en: "" },
    explanation: Phrase {
        fr: "On cherche les caractères de contrôle (U+0000 à U+001F, hors tabulation et fins de ligne, et U+007F), les traits \
             d’union conditionnels et les espaces de largeur nulle : une copie depuis un PDF ou un traitement de texte en \
             laisse. La recherche ne trouve plus le mot, et XML refuse le fichier. Supprimez-les ; le texte proposé n’en a \
             plus.",
        en: "We look for control characters (U+0000 to U+001F but tabs and line ends, and U+007F), soft hyphens and spaces of no \
             width: a copy from a PDF or a text editor leaves them. Searches no longer find the word, and XML refuses the \
             file. Remove them; the suggested text has none.",
    },
    basis: "XML 1.0, 2.2",
    wrong: "{\"nom\":\"Fabriques\\u0007 du Quercy\"}",
    right: "{\"nom\":\"Fabriques du Quercy\"}",
    check: TextCheck::of_damage(check),
};

fn check(_: &Entry, at: At, text: &str, reporter: &mut Reporter<'_>) {
    if let Some(found) = text.chars().find(|c| is_invisible(*c)) {
        let problem = Problem::at(at.pointer()).with("character", format!("U+{:04X}", u32::from(found)));
        let clean = cleaned(text);
        // What is left of a mailbox must be one.
        let is_right = !clean.is_empty()
            && (at.field().pointer != "/contacts/*/courriel" || mailboxes::judge(&clean) != Mailbox::Wrong);
        reporter.raise(if is_right { problem.suggest(clean, Confidence::High) } else { problem });
    }
}

fn is_invisible(c: char) -> bool {
    matches!(c, '\0'..='\u{8}' | '\u{B}' | '\u{C}' | '\u{E}'..='\u{1F}' | '\u{7F}')
        || matches!(c, '\u{80}'..='\u{9F}' | '\u{AD}' | '\u{200B}' | '\u{2060}' | '\u{FEFF}')
}

/// The sign of Windows-1252 for a control of the second row: an apostrophe for U+0092.
fn meant(c: char) -> char {
    match u8::try_from(u32::from(c)) {
        Ok(byte @ 0x80..=0x9F) => {
            let meant = encoding_rs::WINDOWS_1252.decode_without_bom_handling(&[byte]).0.chars().next();
            meant.unwrap_or(c)
        }
        _ => c,
    }
}

/// A text without them; those that break a line or a page in other programs break the line.
fn cleaned(text: &str) -> String {
    let visible = text.chars().map(|c| if matches!(c, '\u{B}' | '\u{C}') { '\n' } else { meant(c) });
    visible.filter(|c| !is_invisible(*c)).collect::<String>().trim().to_owned()
}
