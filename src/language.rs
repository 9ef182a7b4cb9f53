//! The two languages of every message: French and English.

/// A language for messages.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[cfg_attr(feature = "cli", derive(clap::ValueEnum))]
pub enum Language {
    /// Français.
    #[cfg_attr(feature = "cli", value(name = "fr"))]
    French,
    /// English.
    #[default]
    #[cfg_attr(feature = "cli", value(name = "en"))]
    English,
}

impl Language {
    /// The language of a locale, by its POSIX name (`fr_FR.UTF-8`) or its BCP 47 tag (`fr-FR`): French when it says so,
    /// else English.
    pub fn of_locale(locale: &str) -> Language {
        match locale.split(['_', '-', '.', '@']).next() {
            Some("fr") => Language::French,
            _ => Language::English,
        }
    }
}

/// `1 fiche`, `2 fiches`. In French 0 is singular; in English “0 error” reads as well as “0 errors”.
pub(crate) fn counted(number: u64, one: &str, many: &str) -> String {
    format!("{number} {}", if number < 2 { one } else { many })
}

/// A fixed text in both languages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Phrase {
    /// Le texte français.
    pub fr: &'static str,
    /// The English text.
    pub en: &'static str,
}

impl Phrase {
    /// The text in `language`.
    pub fn in_language(self, language: Language) -> &'static str {
        match language {
            Language::French => self.fr,
            Language::English => self.en,
        }
    }

    /// The text in `language`, each `{name}` replaced by its argument.
    ///
    /// ```
    /// use ptce::{Language, Phrase};
    /// let phrase = Phrase { fr: "« {value} » n’est pas un code", en: "“{value}” is not a code" };
    /// assert_eq!(phrase.fill(Language::English, &[("value", "x")]), "“x” is not a code");
    /// ```
    pub fn fill(self, language: Language, arguments: &[(&str, &str)]) -> String {
        let mut rest = self.in_language(language);
        let mut text = String::with_capacity(rest.len() + 32);
        while let Some(start) = rest.find('{') {
            let (before, after) = rest.split_at(start);
            text.push_str(before);
            let Some(end) = after.find('}') else {
                rest = after;
                break;
            };
            let name = &after[1..end];
            match arguments.iter().find(|(known, _)| *known == name) {
                Some((_, value)) => text.push_str(value),
                None => text.push_str(&after[..=end]),
            }
            rest = &after[end + 1..];
        }
        text.push_str(rest);
        text
    }
}
