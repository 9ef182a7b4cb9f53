//! Files in TOML – a configuration, the description of a publication, a mapping – and their errors in both languages.

use serde::de::DeserializeOwned;

use super::{Error, ErrorKind, Result};
use crate::language::Phrase;

/// Sets the French text of an error apart from the English one, in what a deserialiser says itself.
pub(crate) const BOTH: char = '\u{1f}';

/// Reads a text; `file` is its name in errors, `what` says what is wrong with such a file, `remedy` what to do.
///
/// # Errors
/// When the text is not TOML, or not what `T` takes: with the line, and what stands there.
pub(crate) fn read<T: DeserializeOwned>(text: &str, file: &str, what: Phrase, remedy: Phrase) -> Result<T> {
    toml::from_str(text).map_err(|error| {
        let line = error.span().map_or(1, |span| text[..span.start].matches('\n').count() as u64 + 1);
        let (fr, en) = match error.message().split_once(BOTH) {
            Some((fr, en)) => (fr.to_owned(), en.to_owned()),
            None => (
                format!("{} : {} ; {}", what.fr, in_french(error.message()), remedy.fr),
                format!("{}: {}; {}", what.en, error.message(), remedy.en),
            ),
        };
        Error::new(ErrorKind::Usage, fr, en).in_file(file).at(line, None)
    })
}

/// What the library says, in French.
fn in_french(message: &str) -> String {
    let names: Vec<&str> = message.split('`').skip(1).step_by(2).collect();
    let known = match names.get(1..) {
        Some(known @ [_, ..]) => format!(" ; possibles : {}", known.join(", ")),
        _ => String::new(),
    };
    let first = names.first().copied().unwrap_or_default();
    if message.starts_with("unknown field") {
        format!("la clé « {first} » n’existe pas ici{known}")
    } else if message.starts_with("unknown variant") {
        format!("« {first} » n’est pas une des valeurs prévues{known}")
    } else if message.starts_with("missing field") {
        format!("la clé « {first} » manque")
    } else if message.starts_with("duplicate") {
        "une clé est donnée deux fois".to_owned()
    } else if let Some((found, wanted)) =
        message.strip_prefix("invalid type: ").and_then(|types| types.split_once(", expected "))
    {
        format!("{} au lieu {}", kind(found), of_kind(wanted))
    } else if message.starts_with("string values must be quoted") {
        "un texte se met entre guillemets".to_owned()
    } else {
        "cette ligne ne suit pas la syntaxe TOML : clé = \"valeur\", ou [groupe]".to_owned()
    }
}

/// What stands in the place of something else: `integer `3``, `string "x"`.
fn kind(found: &str) -> &'static str {
    match found.split([' ', '`']).next().unwrap_or_default() {
        "integer" => "un nombre entier",
        "floating" => "un nombre",
        "string" => "un texte",
        "boolean" => "vrai ou faux",
        "sequence" => "une liste",
        "map" => "un groupe de clés",
        _ => "une valeur",
    }
}

/// What was wanted.
fn of_kind(wanted: &str) -> &'static str {
    match wanted.trim_start_matches("a ").trim_start_matches("an ") {
        "string" => "d’un texte",
        "boolean" => "de true ou false",
        "sequence" => "d’une liste",
        wanted if wanted.starts_with("map") || wanted.starts_with("struct") => "d’un groupe de clés",
        wanted if wanted.starts_with(['u', 'i']) && wanted[1..].parse::<u8>().is_ok() => "d’un nombre entier",
        wanted if wanted.starts_with("integer") => "d’un nombre entier",
        _ => "de ce qui est attendu",
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use serde::Deserialize;

    use super::*;

    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Sample {
        #[serde(rename = "nom")]
        _name: String,
        #[serde(default, rename = "groupes")]
        _groups: BTreeMap<String, u64>,
    }

    #[test]
    fn errors_are_told_in_french() {
        let what = Phrase { fr: "configuration illisible", en: "unreadable configuration" };
        let remedy = Phrase { fr: "voyez l’aide", en: "see the help" };
        let told = |text: &str| {
            let error = read::<Sample>(text, "c.toml", what, remedy).err().unwrap();
            error.message(crate::Language::French).replace('\u{a0}', " ")
        };
        for (text, expected) in [
            (
                "profil = 1",
                "c.toml:1 : configuration illisible : la clé « profil » n’existe pas ici ; possibles : nom, groupes ; voyez l’aide",
            ),
            ("nom = 1", "c.toml:1 : configuration illisible : un nombre entier au lieu d’un texte ; voyez l’aide"),
            ("nom = a", "c.toml:1 : configuration illisible : un texte se met entre guillemets ; voyez l’aide"),
            (
                "nom = \"a\"\nnom = \"b\"",
                "c.toml:2 : configuration illisible : une clé est donnée deux fois ; voyez l’aide",
            ),
            ("[groupes]\na = 1", "c.toml:1 : configuration illisible : la clé « nom » manque ; voyez l’aide"),
            (
                "nom = \"a\"\n[groupes]\na = \"x\"",
                "c.toml:3 : configuration illisible : un texte au lieu d’un nombre entier ; voyez l’aide",
            ),
            (
                "nom : \"a\"",
                "c.toml:1 : configuration illisible : cette ligne ne suit pas la syntaxe TOML : clé = \"valeur\", ou [groupe] ; voyez l’aide",
            ),
        ] {
            assert_eq!(told(text), expected.replace('\u{a0}', " "), "{text}");
        }
    }
}
