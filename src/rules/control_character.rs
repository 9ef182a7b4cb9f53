//! A text holds characters that nobody sees.

use crate::entry::Entry;
use crate::finding::{Confidence, Level};
use crate::language::Phrase;
use crate::record::At;
use crate::rules::{Problem, Reporter, Rule, TextCheck, Topic};

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
        reporter.raise(if clean.is_empty() { problem } else { problem.suggest(clean, Confidence::High) });
    }
}

fn is_invisible(c: char) -> bool {
    matches!(c, '\0'..='\u{8}' | '\u{B}' | '\u{C}' | '\u{E}'..='\u{1F}' | '\u{7F}')
        || matches!(c, '\u{AD}' | '\u{200B}' | '\u{2060}' | '\u{FEFF}')
}

/// A text without them; those that break a line or a page in other programs break the line.
fn cleaned(text: &str) -> String {
    let visible = text.chars().map(|c| if matches!(c, '\u{B}' | '\u{C}') { '\n' } else { c });
    visible.filter(|c| !is_invisible(*c)).collect::<String>().trim().to_owned()
}
