//! A code lost the zero that it begins with.

use crate::entry::Entry;
use crate::finding::{Confidence, Level};
use crate::language::Phrase;
use crate::reading::confirms_postal_code;
use crate::reading::sirene::{digits, is_siren, is_siret};
use crate::reference::communes;
use crate::reference::postal_codes::{can_lie_in, cedex_label, is_postal_code};
use crate::rules::seat;
use crate::rules::{Check, Problem, Reporter, Rule, Topic};
use crate::text::phones::Number;

pub(super) static RULE: Rule = Rule {
    code: "lost-leading-zero",
    topic: Topic::SpreadsheetDamage,
    level: Level::Error,
    summary: Phrase {
        fr: "Un code a perdu le zéro par lequel il commence.",
        en: "A code lost the zero that it begins with.",
    },
    message: Phrase {
        fr: "« {value} » a perdu le zéro du début.", en: "“{value}” has lost its leading zero."
    },
    expected: Phrase { fr: "", en: "" },
    explanation: Phrase {
        fr: "Un tableur prend les codes pour des nombres et supprime le zéro du début : 01400 devient \
             1400, le département 05 devient 5, le 05 36 49 12 34 devient 536491234. Le code ne désigne \
             plus rien, ou désigne autre chose. Remettez le zéro, et donnez le format texte à la colonne.",
        en: "A spreadsheet takes codes for numbers and drops the leading zero: 01400 becomes 1400, \
             department 05 becomes 5, 05 36 49 12 34 becomes 536491234. The code then means nothing, or \
             something else. Put the zero back, and set the column to text format.",
    },
    basis: "",
    wrong: r#"{"nom":"Fabriques du Quercy","adresse":{"voie":"7 rue des Tanneurs","code_postal":"1400"}}"#,
    right: r#"{"nom":"Fabriques du Quercy","adresse":{"voie":"7 rue des Tanneurs","code_postal":"01400"}}"#,
    check: Check::Record(check),
};

fn check(entry: &Entry, reporter: &mut Reporter<'_>) {
    let record = &entry.record;
    let has = |code: &Option<&str>, length| {
        code.as_deref().map(whole).is_some_and(|code| code.len() == length && digits(code) && !code.starts_with('0'))
    };
    let mut padded = |pointer: String, code: &Option<&str>, confidence, is_right: fn(&str) -> bool| {
        let padded = format!("0{}", whole(code.as_deref().unwrap_or_default()));
        if is_right(&padded) {
            reporter.raise(Problem::at(pointer).suggest(padded, confidence));
        }
    };
    if has(&record.address.postal_code, 4)
        && let Some(confidence) = padded_code(entry)
    {
        padded("/adresse/code_postal".into(), &record.address.postal_code, confidence, |_| true);
    }
    // Overseas regions: 01 to 06.
    if has(&record.region.code, 1) {
        padded("/region/code".into(), &record.region.code, Confidence::High, |code| code < "07");
    }
    for (rank, department) in record.territory.departments.iter().enumerate() {
        if has(&department.code, 1) {
            padded(format!("/territoire/departements/{rank}/code"), &department.code, Confidence::High, |_| true);
        }
    }
    for (rank, commune) in record.territory.communes.iter().enumerate() {
        if has(&commune.code, 4) {
            padded(format!("/territoire/communes/{rank}/code_insee"), &commune.code, Confidence::High, |code| {
                communes::by_code(code).is_some()
            });
        }
    }
    // One digit in ten fits the key by chance: the digit that lacks may be another.
    if has(&record.coordinator.siren, 8) {
        padded("/coordinateur/siren".into(), &record.coordinator.siren, Confidence::Medium, is_siren);
    }
    if has(&record.coordinator.siret, 13) {
        padded("/coordinateur/siret".into(), &record.coordinator.siret, Confidence::Medium, is_siret);
    }
    for (rank, contact) in record.contacts.iter().enumerate() {
        if let Some(phone) = contact.phone
            && let phone = whole(phone)
            && lacks_zero(phone)
            && let Some(number) = Number::parse(&format!("0{phone}"))
        {
            reporter
                .raise(Problem::at(format!("/contacts/{rank}/telephone")).suggest(number.display(), Confidence::High));
        }
    }
}

/// How sure it is that the postal code lacks a zero: « 7210 » in the Sarthe, and « 1204 » in Geneva, lack something else. What is
/// left is told as malformed.
fn padded_code(entry: &Entry) -> Option<Confidence> {
    let record = entry.record;
    let code = format!("0{}", whole(record.address.postal_code.unwrap_or_default()));
    if confirms_postal_code(record, &code) {
        return Some(Confidence::High);
    }
    let declared = entry.departments();
    let is_declared = declared.is_empty() || declared.iter().any(|department| can_lie_in(&code, department));
    // A name that no commune bears may be misspelt.
    let may_be_there = match record.address.commune {
        Some(name) => !record.territory.departments.is_empty() && seat::named(entry, name).is_empty(),
        None => true,
    };
    let exists = is_postal_code(&code) || cedex_label(&code).is_some();
    (exists && is_declared && may_be_there).then_some(Confidence::Medium)
}

/// A number without the decimal that some programs write behind whole ones: `5000.0`.
fn whole(code: &str) -> &str {
    code.strip_suffix(".0").or_else(|| code.strip_suffix(",0")).unwrap_or(code)
}

/// Nine digits that do not begin with 0, and nothing else but separators.
fn lacks_zero(phone: &str) -> bool {
    phone.starts_with(|c: char| matches!(c, '1'..='9'))
        && phone.bytes().filter(u8::is_ascii_digit).count() == 9
        && phone.chars().all(|c| c.is_ascii_digit() || matches!(c, ' ' | '.' | '-' | '\u{a0}' | '\u{202f}'))
}

#[cfg(test)]
mod tests {
    use crate::rules::raised;

    #[test]
    fn each_code_is_padded() {
        let suggestions = |json: &str| -> Vec<(String, Option<String>)> {
            raised(&super::RULE, json)
                .into_iter()
                .map(|problem| (problem.pointer.clone(), problem.suggested()))
                .collect()
        };
        let one = |json: &str, pointer: &str, suggestion: &str| {
            assert_eq!(suggestions(json), [(pointer.to_owned(), Some(suggestion.to_owned()))]);
        };
        one(r#"{"adresse":{"code_postal":"5000"}}"#, "/adresse/code_postal", "05000");
        one(r#"{"territoire":{"departements":[{"code":"5"}]}}"#, "/territoire/departements/0/code", "05");
        one(r#"{"contacts":[{"telephone":"639981234"}]}"#, "/contacts/0/telephone", "06 39 98 12 34");
        one(r#"{"contacts":[{"telephone":"1 99 00 12 34"}]}"#, "/contacts/0/telephone", "01 99 00 12 34");
        one(r#"{"contacts":[{"telephone":"639981234.0"}]}"#, "/contacts/0/telephone", "06 39 98 12 34");
        one(r#"{"adresse":{"code_postal":"5000.0"}}"#, "/adresse/code_postal", "05000");
        one(r#"{"contacts":[{"telephone":"262123456"}]}"#, "/contacts/0/telephone", "0262 12 34 56");
        one(r#"{"coordinateur":{"siren":"55480693"}}"#, "/coordinateur/siren", "055480693");
        one(
            r#"{"territoire":{"departements":[{"code":"46"}]},"adresse":{"code_postal":"5000","commune":"Gap"}}"#,
            "/adresse/code_postal",
            "05000",
        );
        for right in [
            // Another digit lacks.
            r#"{"territoire":{"departements":[{"code":"72"}]},"adresse":{"code_postal":"7210","commune":"Le Mans"}}"#,
            r#"{"adresse":{"code_postal":"05000"}}"#,
            // Another country, a code that does not exist, a code of another town.
            r#"{"adresse":{"code_postal":"1204","commune":"Genève"}}"#,
            r#"{"adresse":{"code_postal":"4900","commune":"Angers"}}"#,
            r#"{"adresse":{"code_postal":"7502","commune":"Paris"}}"#,
            r#"{"territoire":{"departements":[{"code":"2A"},{"code":"0"}]}}"#,
            r#"{"contacts":[{"telephone":"+33 6 39 98 12 34"},{"telephone":"019900123"},{"telephone":"700123456"}]}"#,
            r#"{"coordinateur":{"siren":"55480690"}}"#,
        ] {
            assert!(suggestions(right).is_empty(), "{right}");
        }
    }
}
