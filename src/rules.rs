//! The rules: each one a file that says what it checks, why, and how to correct it.
//!
//! A rule is a `static RULE: Rule`; [`RULES`] lists them all. The order of the list is the order of judgement: the
//! first rule that explains a value silences the later ones at the same place, so that one cause gives one finding.

mod ambiguous_label;
mod ambiguous_value;
mod blank_record;
mod cedex_mismatch;
pub(crate) mod changed_source;
mod commune_name_mismatch;
mod contact_without_address;
mod contact_without_email;
mod control_character;
mod department_name_mismatch;
#[cfg(test)]
mod differential;
mod duplicate_id;
mod expired_waiver;
mod former_commune;
pub(crate) mod formula_error;
mod hidden_column;
mod hidden_rows;
mod hidden_sheet;
mod incomplete_dossier;
mod invalid_rna;
mod invalid_siren;
mod invalid_siret;
mod invalid_value;
mod lost_leading_zero;
mod malformed_address;
mod malformed_email;
mod malformed_phone;
mod malformed_postal_code;
pub mod manual;
pub(crate) mod markup_leftover;
mod members;
mod mended_row;
mod misnamed_file;
mod missing_contact;
mod missing_coordinator;
pub(crate) mod missing_department;
pub(crate) mod missing_metadata;
mod missing_name;
mod missing_postal_code;
mod missing_region;
mod missing_street_number;
mod missing_street_type;
mod missing_value;
mod misspelt_label;
mod mojibake;
mod no_enterprise_member;
mod no_ess_member;
mod no_public_or_research_member;
pub(crate) mod personal_metadata;
mod placeholder_value;
pub(crate) mod places;
mod postal_code_commune_mismatch;
mod postal_code_outside_territory;
mod probable_duplicate;
mod region_department_mismatch;
mod region_of_another_year;
mod repeated_label;
mod scientific_notation;
mod seat;
mod sirene;
mod struck_rows;
mod suspicious_email;
mod suspicious_phone;
mod swallowed_rows;
mod text_outside_table;
mod uneven_row;
mod unknown_commune;
mod unknown_department;
mod unknown_label;
mod unknown_postal_code;
mod unknown_region;
mod unmatched_rows;
mod unread_file;
mod unread_sheet;
mod value_understood;
mod wrong_type;

use crate::entry::Entry;
use crate::finding::{Confidence, Level};
use crate::language::Phrase;
use crate::record::At;

/// What a rule is about; `ptce rules` lists them under these headings.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Topic {
    /// Name, coordinator, contacts.
    Roles,
    /// Postal address.
    Address,
    /// Regions and departments.
    Territory,
    /// Mailboxes and telephone numbers.
    Contact,
    /// SIREN, SIRET, RNA.
    Identifiers,
    /// The same record twice.
    Duplicates,
    /// What spreadsheets do to codes.
    SpreadsheetDamage,
    /// What encodings and copies do to texts.
    TextDamage,
    /// Labels, types, required values.
    Structure,
    /// What the call and the law ask of a submission.
    Eligibility,
    /// What a publication says about itself.
    Publication,
}

impl Topic {
    /// The heading.
    pub fn title(self) -> Phrase {
        let (fr, en) = match self {
            Topic::Roles => ("Nom, coordinateur, contacts", "Name, coordinator, contacts"),
            Topic::Address => ("Adresse", "Address"),
            Topic::Territory => ("Territoire", "Territory"),
            Topic::Contact => ("Courriels et téléphones", "Mailboxes and telephones"),
            Topic::Identifiers => ("Identifiants", "Identifiers"),
            Topic::Duplicates => ("Doublons", "Duplicates"),
            Topic::SpreadsheetDamage => ("Dégâts de tableur", "Spreadsheet damage"),
            Topic::TextDamage => ("Dégâts de texte", "Text damage"),
            Topic::Structure => ("Structure", "Structure"),
            Topic::Eligibility => ("Éligibilité (profil candidature)", "Eligibility (profile candidature)"),
            Topic::Publication => ("Publication (données ouvertes)", "Publication (open data)"),
        };
        Phrase { fr, en }
    }
}

/// How a rule is run.
#[non_exhaustive]
pub enum Check {
    /// Raised while labelled values become a record.
    Import,
    /// Raised by the JSON Schema, whose `x-code` and `x-missing` name the rule.
    Schema,
    /// Looks at each text of a record. These rules come first: a text that is no value at all explains what else is wrong
    /// with it.
    Text(TextCheck),
    /// Looks at one record.
    Record(fn(&Entry, &mut Reporter<'_>)),
    /// Looks at the keys of all records.
    Dataset,
    /// Raised when the records are published.
    Publication,
}

/// A check of texts, with what tells cheaply of nearly all of them that there is nothing to find.
#[derive(Clone, Copy)]
pub struct TextCheck {
    /// JSON Pointers of the fields whose texts are looked at; all of them where there is none.
    pub(crate) fields: &'static [&'static str],
    /// Bytes of the longest text that is looked at.
    pub(crate) longest: usize,
    /// Whether only texts are looked at of a row that may be damaged, as [`is_possible`](crate::text::damage::is_possible) has it.
    pub(crate) is_of_damage: bool,
    pub(crate) check: fn(&Entry, At, &str, &mut Reporter<'_>),
}

impl TextCheck {
    /// A check of every text for damage.
    const fn of_damage(check: fn(&Entry, At, &str, &mut Reporter<'_>)) -> Check {
        Check::Text(TextCheck { fields: &[], longest: usize::MAX, is_of_damage: true, check })
    }
}

/// A rule.
pub struct Rule {
    /// Stable name in kebab-case; never reused.
    pub code: &'static str,
    /// Heading.
    pub topic: Topic,
    /// Level unless the profile or the configuration says otherwise.
    pub level: Level,
    /// One sentence: what the rule finds.
    pub summary: Phrase,
    /// What a finding says. `{value}` and the arguments of the finding are filled in.
    pub message: Phrase,
    /// What was expected; empty when the message says it all.
    pub expected: Phrase,
    /// What is checked, why it matters, how to correct it.
    pub explanation: Phrase,
    /// The law, standard or source that it follows; empty when it is common sense.
    pub basis: &'static str,
    /// A source (JSON, or CSV) that raises the finding; run in a test. Empty when only a workbook or a publication can.
    pub wrong: &'static str,
    /// The same, corrected; run in a test.
    pub right: &'static str,
    /// How it is run.
    pub check: Check,
}

/// Something wrong at one place of a record.
pub struct Problem {
    pub(crate) pointer: String,
    pub(crate) arguments: Vec<(&'static str, String)>,
    pub(crate) suggestion: Option<(String, Confidence)>,
    pub(crate) level: Option<Level>,
    pub(crate) message: Option<Phrase>,
}

impl Problem {
    /// A problem at a JSON Pointer. The value that stands there, if any, becomes the value of the finding.
    pub fn at(pointer: impl Into<String>) -> Problem {
        Problem { pointer: pointer.into(), arguments: Vec::new(), suggestion: None, level: None, message: None }
    }

    /// Fills `{name}` in the texts of the rule.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl Into<String>) -> Problem {
        self.arguments.push((name, value.into()));
        self
    }

    /// The likely correction, and how sure it is.
    #[must_use]
    pub fn suggest(mut self, suggestion: impl Into<String>, confidence: Confidence) -> Problem {
        self.suggestion = Some((suggestion.into(), confidence));
        self
    }

    /// The text of the suggestion.
    #[cfg(test)]
    pub(crate) fn suggested(&self) -> Option<String> {
        self.suggestion.as_ref().map(|(text, _)| text.clone())
    }

    /// Says what is wrong here, where the message of the rule is too general to tell.
    #[must_use]
    pub fn saying(mut self, message: Phrase) -> Problem {
        self.message = Some(message);
        self
    }

    /// Graver or less grave here than the rule is in general. A level set by the configuration still wins.
    #[must_use]
    pub fn with_level(mut self, level: Level) -> Problem {
        self.level = Some(level);
        self
    }
}

/// Takes the problems that a rule finds in a record.
pub struct Reporter<'a> {
    pub(crate) raise: &'a mut dyn FnMut(Problem),
}

impl Reporter<'_> {
    /// Reports a problem.
    pub fn raise(&mut self, problem: Problem) {
        (self.raise)(problem);
    }
}

/// The rule of that code.
pub fn rule(code: &str) -> Option<&'static Rule> {
    RULES.iter().copied().find(|rule| rule.code == code)
}

/// Every rule, in the order of judgement: what damages any text, then what is wrong with each value, then what is
/// missing, then what is wrong with the whole.
pub static RULES: &[&Rule] = &[
    &formula_error::RULE,
    &placeholder_value::RULE,
    &mojibake::RULE,
    &markup_leftover::RULE,
    &control_character::RULE,
    &scientific_notation::RULE,
    &lost_leading_zero::RULE,
    &malformed_postal_code::RULE,
    &malformed_address::RULE,
    &malformed_email::RULE,
    &malformed_phone::RULE,
    &invalid_siren::RULE,
    &invalid_siret::RULE,
    &invalid_rna::RULE,
    &unknown_region::RULE,
    &unknown_department::RULE,
    &department_name_mismatch::RULE,
    &region_department_mismatch::RULE,
    &region_of_another_year::RULE,
    &unknown_commune::RULE,
    &commune_name_mismatch::RULE,
    &unknown_postal_code::RULE,
    &postal_code_outside_territory::RULE,
    &postal_code_commune_mismatch::RULE,
    &former_commune::RULE,
    &cedex_mismatch::RULE,
    &suspicious_email::RULE,
    &suspicious_phone::RULE,
    &missing_street_number::RULE,
    &missing_street_type::RULE,
    &missing_name::RULE,
    &missing_coordinator::RULE,
    &missing_contact::RULE,
    &contact_without_email::RULE,
    &contact_without_address::RULE,
    &missing_postal_code::RULE,
    &missing_region::RULE,
    &missing_department::RULE,
    &missing_value::RULE,
    &value_understood::RULE,
    &ambiguous_value::RULE,
    &wrong_type::RULE,
    &invalid_value::RULE,
    &unknown_label::RULE,
    &misspelt_label::RULE,
    &ambiguous_label::RULE,
    &repeated_label::RULE,
    &text_outside_table::RULE,
    &uneven_row::RULE,
    &mended_row::RULE,
    &swallowed_rows::RULE,
    &unread_file::RULE,
    &misnamed_file::RULE,
    &unread_sheet::RULE,
    &hidden_sheet::RULE,
    &hidden_column::RULE,
    &hidden_rows::RULE,
    &struck_rows::RULE,
    &unmatched_rows::RULE,
    &changed_source::RULE,
    &expired_waiver::RULE,
    &blank_record::RULE,
    &duplicate_id::RULE,
    &probable_duplicate::RULE,
    &no_ess_member::RULE,
    &no_enterprise_member::RULE,
    &no_public_or_research_member::RULE,
    &incomplete_dossier::RULE,
    &missing_metadata::RULE,
    &personal_metadata::RULE,
];

/// What a rule raises on a record given as JSON.
#[cfg(test)]
pub(crate) fn raised(rule: &Rule, json: &str) -> Vec<Problem> {
    use crate::record::{Map, Record};
    use crate::row::{Format, Layout, OwnedRow};

    let layout = Layout {
        file: "test.json".to_owned(),
        format: Format::Json,
        sheet: None,
        is_hidden: false,
        arrangement: crate::row::Arrangement::default(),
        header: None,
        delimiter: None,
        encoding: None,
        evidence: None,
        formulas: 0,
        continued: 0,
        labels: Vec::new(),
        is_unordered: false,
        has_parts: false,
    };
    let record: Record = serde_json::from_str(json).expect("the record follows the contract");
    let (record, row) = (record.map(&mut String::as_str), OwnedRow::default());
    let entry = Entry::new(1, &record, row.view(), &layout, &[]);
    let mut problems = Vec::new();
    let mut reporter = Reporter { raise: &mut |problem| problems.push(problem) };
    match rule.check {
        Check::Record(check) => check(&entry, &mut reporter),
        Check::Text(TextCheck { fields, longest, check, .. }) => record.texts(|at, text| {
            let is_of_field = fields.is_empty() || fields.contains(&at.field().pointer);
            if is_of_field && text.len() <= longest {
                check(&entry, at, text, &mut reporter);
            }
        }),
        _ => {}
    }
    problems
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rules_of_texts_come_first() {
        let is_of_texts: Vec<bool> = RULES.iter().map(|rule| matches!(rule.check, Check::Text(_))).collect();
        assert!(is_of_texts.is_sorted_by(|a, b| a >= b));
    }

    #[test]
    fn codes_are_unique_names() {
        let mut codes: Vec<&str> = RULES.iter().map(|rule| rule.code).collect();
        for code in &codes {
            let words = || code.split('-');
            assert!(
                words().all(|word| !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_lowercase())),
                "{code}"
            );
        }
        let count = codes.len();
        codes.sort_unstable();
        codes.dedup();
        assert_eq!(codes.len(), count);
    }

    #[test]
    fn every_rule_is_explained_in_both_languages() {
        for Rule { code, summary, message, expected, explanation, wrong, right, .. } in RULES.iter().copied() {
            for text in [summary, message, explanation].iter().flat_map(|phrase| [phrase.fr, phrase.en]) {
                assert!(!text.trim().is_empty(), "{code}");
                assert!(text.ends_with('.') && !text.contains("  ") && text.trim() == text, "{code}: {text}");
                assert!(!text.contains(['\'', '"']), "{code}: {text}");
            }
            assert_eq!(expected.fr.is_empty(), expected.en.is_empty(), "{code}");
            for text in [summary.fr, summary.en] {
                assert_eq!(text.matches(". ").count(), 0, "{code}: one sentence");
            }
            for text in [explanation.fr, explanation.en] {
                let sentences = text.matches(". ").count() + text.matches("… ").count() + 1;
                assert!((2..=6).contains(&sentences), "{code}: {sentences} sentences");
            }
            for text in [message.fr, explanation.fr, expected.fr] {
                assert!(!text.contains("« ") && !text.contains(" »"), "{code}: a space that breaks");
            }
            assert!(
                wrong != right
                    || matches!(
                        *code,
                        "changed-source"
                            | "expired-waiver"
                            | "hidden-column"
                            | "hidden-rows"
                            | "hidden-sheet"
                            | "struck-rows"
                            | "misnamed-file"
                            | "missing-metadata"
                            | "personal-metadata"
                            | "unmatched-rows"
                            | "unread-file"
                            | "unread-sheet"
                    ),
                "{code}"
            );
        }
    }

    #[test]
    fn both_languages_use_the_same_arguments() {
        let arguments = |text: &'static str| {
            let mut names: Vec<&str> =
                text.split('{').skip(1).filter_map(|rest| rest.split_once('}')).map(|(name, _)| name).collect();
            names.sort_unstable();
            names
        };
        for rule in RULES {
            assert_eq!(arguments(rule.message.fr), arguments(rule.message.en), "{}", rule.code);
            assert_eq!(arguments(rule.expected.fr), arguments(rule.expected.en), "{}", rule.code);
        }
    }

    #[test]
    fn examples_of_records_raise_their_rule() {
        for rule in RULES.iter().filter(|rule| matches!(rule.check, Check::Record(_) | Check::Text(_))) {
            assert_eq!(raised(rule, rule.wrong).len(), 1, "{}: wrong", rule.code);
            assert!(raised(rule, rule.right).is_empty(), "{}: right", rule.code);
        }
    }
}
