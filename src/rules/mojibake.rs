//! Accented letters were read in the wrong encoding.

use crate::entry::Entry;
use crate::finding::{Confidence, Level};
use crate::language::Phrase;
use crate::record::At;
use crate::rules::{Problem, Reporter, Rule, TextCheck, Topic};
use crate::text::damage::{has_lost_letters, is_damaged, looks_damaged, restored, restored_from_mac};

pub(super) static RULE: Rule = Rule {
    code: "mojibake",
    topic: Topic::TextDamage,
    level: Level::Warning,
    summary: Phrase {
        fr: "Des lettres accentuées ont été lues dans le mauvais encodage.",
        en: "Accented letters were read in the wrong encoding.",
    },
    message: Phrase {
        fr: "Les accents de « {value} » sont abîmés.", en: "The accents of “{value}” are damaged."
    },
    expected: Phrase { fr: "", en: "" },
    explanation: Phrase {
        fr: "On cherche les suites de signes qui naissent quand un fichier UTF-8 est ouvert comme s’il \
             était en Windows-1252 (« Ã© » à la place de « é »), ainsi que les signes � et « ? » qui remplacent une \
             lettre perdue. Le texte est pénible à lire et ne se retrouve plus par une recherche. \
             Reprenez-le dans le fichier d’origine, ou acceptez le texte restauré qui vous est proposé.",
        en: "We look for the signs that appear when a UTF-8 file is opened as if it were in Windows-1252 \
             (“Ã©” in the place of “é”), and for the signs � and “?” that stand for a lost letter. Such a text is \
             hard to read, and searches no longer find it. Take it again from the original file, or \
             accept the restored text that is suggested.",
    },
    basis: "",
    wrong: r#"{"nom":"PÃ´le de l’Ã‰conomie"}"#,
    right: r#"{"nom":"Pôle de l’Économie"}"#,
    check: TextCheck::of_damage(check),
};

fn check(_: &Entry, at: At, text: &str, reporter: &mut Reporter<'_>) {
    if !looks_damaged(text.as_bytes()) {
        return;
    }
    let from_mac = restored_from_mac(text);
    if from_mac.is_some() || is_damaged(text) || has_lost_letters(text) {
        let problem = Problem::at(at.pointer());
        reporter.raise(match from_mac.or_else(|| restored(text)) {
            Some(restored) => problem.suggest(restored, Confidence::High),
            None => problem,
        });
    }
}
