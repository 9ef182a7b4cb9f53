//! Accented letters were read in the wrong encoding.

use crate::entry::Entry;
use crate::finding::{Confidence, Level};
use crate::language::Phrase;
use crate::record::At;
use crate::rules::{Problem, Reporter, Rule, TextCheck, Topic};
use crate::text::damage::{has_damage, undamaged};

pub(super) static RULE: Rule = Rule {
    code: "mojibake",
    topic: Topic::TextDamage,
    level: Level::Warning,
    summary: Phrase {
        fr: "Des lettres accentuées ont été perdues ou lues dans le mauvais encodage.",
        en: "Accented letters were lost or read in the wrong encoding.",
    },
    message: Phrase {
        fr: "Les accents de « {value} » sont abîmés.", en: "The accents of “{value}” are damaged."
    },
    expected: Phrase { fr: "", en: "" },
    explanation: Phrase {
        fr: "On cherche les signes � et « ? » qui remplacent une lettre perdue (« coop?ration », « March? »), et les \
             suites de signes qui naissent quand un fichier est ouvert dans un autre encodage que le sien. Le texte est \
             pénible à lire et ne se retrouve plus par une recherche. Reprenez-le dans le fichier d’origine. Un texte \
             qui peut être rétabli tout entier (« PÃ´le » pour « Pôle ») est compris, et signalé par value-understood.",
        en: "We look for the signs � and “?” that stand for a lost letter (“coop?ration”, “March?”), and for the signs that \
             appear when a file is opened in another encoding than its own. Such a text is hard to read, and searches \
             no longer find it. Take it again from the original file. A text that can be restored as a whole \
             (“PÃ´le” for “Pôle”) is understood, and told by value-understood.",
    },
    basis: "",
    wrong: r#"{"nom":"P?le de l'?conomie"}"#,
    right: r#"{"nom":"Pôle de l’Économie"}"#,
    check: TextCheck::of_damage(check),
};

fn check(_: &Entry, at: At, text: &str, reporter: &mut Reporter<'_>) {
    if has_damage(text) {
        let problem = Problem::at(at.pointer());
        reporter.raise(match undamaged(text) {
            Some(restored) => problem.suggest(restored, Confidence::High),
            None => problem,
        });
    }
}
