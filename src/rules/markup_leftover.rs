//! Marks of a web page or a text editor were left in a text.

use crate::entry::Entry;
use crate::finding::{Confidence, Level};
use crate::language::Phrase;
use crate::record::At;
use crate::rules::{Problem, Reporter, Rule, TextCheck, Topic};
use crate::text::markup::{cleaned, has_marks};

pub(super) static RULE: Rule = Rule {
    code: "markup-leftover",
    topic: Topic::TextDamage,
    level: Level::Info,
    summary: Phrase {
        fr: "Un texte garde des marques de page web ou de traitement de texte.",
        en: "Marks of a web page or a text editor were left in a text.",
    },
    message: Phrase {
        fr: "Des marques de mise en forme sont restées dans le texte.",
        en: "Formatting marks were left in the text.",
    },
    expected: Phrase { fr: "", en: "" },
    explanation: Phrase {
        fr: "On cherche les restes d’une copie : « ** », des balises comme <u> ou <br>, des codes comme \
             &amp; ou &nbsp;, et le _x000D_ que certains classeurs écrivent à la place d’un retour à la \
             ligne. Ils seraient publiés tels quels. Supprimez-les ; le texte proposé n’en a plus.",
        en: "We look for what a copy leaves behind: “**”, tags such as <u> or <br>, codes such as &amp; \
             or &nbsp;, and the _x000D_ that some workbooks write in the place of a line break. They \
             would be published as they are. Remove them; the suggested text has none.",
    },
    basis: "",
    wrong: r#"{"nom":"Recyclerie &amp; Compagnie"}"#,
    right: r#"{"nom":"Recyclerie & Compagnie"}"#,
    check: TextCheck::of_damage(check),
};

fn check(_: &Entry, at: At, text: &str, reporter: &mut Reporter<'_>) {
    if has_marks(text) {
        let clean = cleaned(text);
        let problem = Problem::at(at.pointer());
        reporter.raise(if clean.is_empty() { problem } else { problem.suggest(clean, Confidence::High) });
    }
}
