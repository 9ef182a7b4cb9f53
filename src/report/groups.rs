//! Findings gathered by rule, equal ones together, in memory that does not grow with their number: what is beyond is counted.

use std::borrow::Cow;
use std::collections::BTreeMap;

use super::shown_value;
use crate::finding::{Confidence, Finding, Level};
use crate::language::Language;

/// Different findings of a rule that are kept, and places of each.
const MAX_GROUPS: usize = 300;
const MAX_PLACES: usize = 40;

/// All findings of a rule.
#[derive(Debug)]
pub(super) struct OfRule {
    /// The gravest level.
    pub level: Level,
    pub count: u64,
    pub groups: BTreeMap<What, Where>,
    /// Findings that no group has.
    pub beyond: u64,
}

/// What a finding says, wherever it stands.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct What {
    pub level: std::cmp::Reverse<Level>,
    pub message: String,
    pub value: Option<String>,
    pub expected: Option<String>,
    pub suggestion: Option<String>,
    pub confidence: Option<Confidence>,
}

/// Where it stands.
#[derive(Debug, Default)]
pub(super) struct Where {
    pub count: u64,
    pub places: Vec<String>,
}

#[derive(Debug, Default)]
pub(super) struct Groups(BTreeMap<&'static str, OfRule>);

impl Groups {
    pub fn add(&mut self, finding: &Finding, language: Language, names_file: bool) {
        let of_rule = self.0.entry(finding.code).or_insert_with(|| OfRule {
            level: finding.level,
            count: 0,
            groups: BTreeMap::new(),
            beyond: 0,
        });
        of_rule.level = of_rule.level.max(finding.level);
        of_rule.count += 1;
        let what = What {
            level: std::cmp::Reverse(finding.level),
            message: finding.message.clone(),
            value: shown_value(finding, language).map(Cow::into_owned),
            expected: finding.expected.clone(),
            suggestion: finding.suggestion.clone(),
            confidence: finding.confidence,
        };
        if of_rule.groups.len() >= MAX_GROUPS && !of_rule.groups.contains_key(&what) {
            of_rule.beyond += 1;
            return;
        }
        let group = of_rule.groups.entry(what).or_default();
        group.count += 1;
        if group.places.len() < MAX_PLACES {
            let place = finding.location.within_file(language);
            group.places.push(match (names_file, place.is_empty()) {
                (true, true) => finding.location.file.clone(),
                (true, false) => format!("{} {place}", finding.location.file),
                (false, _) => place,
            });
        }
    }

    /// The rules, the gravest and most frequent first.
    pub fn rules(&self) -> Vec<(&'static str, &OfRule)> {
        let mut rules: Vec<(&'static str, &OfRule)> = self.0.iter().map(|(code, of_rule)| (*code, of_rule)).collect();
        rules
            .sort_by_key(|(code, of_rule)| (std::cmp::Reverse(of_rule.level), std::cmp::Reverse(of_rule.count), *code));
        rules
    }
}
