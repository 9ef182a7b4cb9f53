//! Defects as typists, spreadsheets, encodings and copies make them. Each is made of a record that is right, so that
//! the place of what is wrong is known, and its right value.

mod contact;
mod identifiers;
mod places;
mod structure;
mod texts;
mod understood;

use serde_json::Value;

use super::random::Random;
use super::world::{Base, World, remove, set};

/// A way to break a record.
pub struct Defect {
    /// The rule that is to tell it.
    pub code: &'static str,
    pub kind: &'static str,
    /// Other rules that may speak as well, each for a reason written beside.
    pub also: &'static [&'static str],
    /// `None` when the record at hand cannot be broken that way.
    pub make: fn(&World, &mut Random) -> Option<Broken>,
}

impl Defect {
    const fn new(code: &'static str, kind: &'static str, make: fn(&World, &mut Random) -> Option<Broken>) -> Defect {
        Defect { code, kind, also: &[], make }
    }

    const fn also(mut self, codes: &'static [&'static str]) -> Defect {
        self.also = codes;
        self
    }
}

/// A broken record.
pub struct Broken {
    /// What it was.
    pub base: Base,
    pub record: Value,
    /// Where the finding may stand: one place, or the two that contradict each other.
    pub at: Vec<String>,
}

impl Broken {
    fn of(base: Base) -> Broken {
        let record = base.value.clone();
        Broken { base, record, at: Vec::new() }
    }

    /// Puts a wrong value where the finding is to stand. No defect when it is the right one after all.
    fn put(mut self, pointer: &str, value: impl Into<Value>) -> Option<Broken> {
        let value = value.into();
        let is_right = value.as_str().is_some_and(|text| self.base.text(pointer) == Some(text));
        set(&mut self.record, pointer, value);
        self.at.push(pointer.to_owned());
        (!is_right).then_some(self)
    }

    /// Takes a value out; the finding stands in its place.
    fn cut(mut self, pointer: &str) -> Broken {
        remove(&mut self.record, pointer);
        self.at.push(pointer.to_owned());
        self
    }

    /// Changes something else that belongs to the defect.
    fn with(mut self, pointer: &str, value: impl Into<Value>) -> Broken {
        set(&mut self.record, pointer, value.into());
        self
    }

    fn without(mut self, pointer: &str) -> Broken {
        remove(&mut self.record, pointer);
        self
    }

    /// The other of two values that contradict each other: the finding may stand there.
    fn or_at(mut self, pointer: &str) -> Broken {
        self.at.push(pointer.to_owned());
        self
    }
}

/// Breaks the text at a pointer, when there is one.
fn broken(base: Base, pointer: &str, slip: impl FnOnce(&str) -> String) -> Option<Broken> {
    let text = slip(base.text(pointer)?);
    Broken::of(base).put(pointer, text)
}

/// The defects of each rule, by its code.
pub static DEFECTS: &[(&str, &[Defect])] = &[
    ("formula-error", texts::FORMULAS),
    ("placeholder-value", texts::PLACEHOLDERS),
    ("mojibake", texts::MOJIBAKE),
    ("value-understood", texts::RESTORED),
    ("markup-leftover", texts::MARKUP),
    ("control-character", texts::INVISIBLE),
    ("scientific-notation", identifiers::SCIENTIFIC),
    ("lost-leading-zero", identifiers::LOST_ZEROS),
    ("malformed-postal-code", places::MALFORMED_CODES),
    ("malformed-address", places::MALFORMED_STREETS),
    ("malformed-email", contact::MALFORMED_EMAILS),
    ("malformed-phone", contact::MALFORMED_PHONES),
    ("invalid-siren", identifiers::SIREN),
    ("invalid-siret", identifiers::SIRET),
    ("invalid-rna", identifiers::RNA),
    ("unknown-region", places::UNKNOWN_REGIONS),
    ("unknown-department", places::UNKNOWN_DEPARTMENTS),
    ("department-name-mismatch", places::CONTRADICTED_DEPARTMENTS),
    ("region-department-mismatch", places::DEPARTMENTS_ELSEWHERE),
    ("region-of-another-year", places::OTHER_YEARS),
    ("unknown-commune", places::UNKNOWN_COMMUNES),
    ("commune-name-mismatch", places::CONTRADICTED_COMMUNES),
    ("unknown-postal-code", places::UNKNOWN_CODES),
    ("postal-code-outside-territory", places::CODES_OUTSIDE),
    ("postal-code-commune-mismatch", places::CONTRADICTED_CODES),
    ("former-commune", places::FORMER),
    ("cedex-mismatch", places::CEDEX),
    ("suspicious-email", contact::SUSPICIOUS_EMAILS),
    ("suspicious-phone", contact::SUSPICIOUS_PHONES),
    ("missing-street-number", places::WITHOUT_NUMBER),
    ("missing-street-type", places::WITHOUT_TYPE),
    ("missing-name", structure::NAMES),
    ("missing-coordinator", structure::COORDINATORS),
    ("missing-contact", structure::CONTACTS),
    ("contact-without-email", structure::EMAILS),
    ("contact-without-address", structure::ADDRESSES),
    ("missing-postal-code", structure::POSTAL_CODES),
    ("missing-region", structure::REGIONS),
    ("missing-department", structure::DEPARTMENTS),
    ("missing-value", structure::VALUES),
    ("value-understood", understood::WRITTEN),
    ("value-understood", understood::CODES),
    ("ambiguous-value", understood::AMBIGUOUS),
    ("wrong-type", structure::TYPES),
    ("invalid-value", structure::INVALID),
    ("no-ess-member", structure::WITHOUT_ESS),
    ("no-enterprise-member", structure::WITHOUT_ENTERPRISE),
    ("no-public-or-research-member", structure::WITHOUT_PUBLIC),
    ("incomplete-dossier", structure::INCOMPLETE),
];
