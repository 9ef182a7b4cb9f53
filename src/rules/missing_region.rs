//! A record names no region.

use crate::entry::Entry;
use crate::finding::{Confidence, Level};
use crate::language::Phrase;
use crate::reference::regions::{RegionSet, by_code};
use crate::rules::{Check, Problem, Reporter, Rule, Topic, missing_department, places};

pub(super) static RULE: Rule = Rule {
    code: "missing-region",
    topic: Topic::Territory,
    level: Level::Info,
    summary: Phrase { fr: "Une fiche ne nomme pas sa région.", en: "A record names no region." },
    message: Phrase { fr: "La fiche ne nomme pas de région.", en: "The record names no region." },
    expected: Phrase { fr: "", en: "" },
    explanation: Phrase {
        fr: "La région sert à classer et à compter les pôles. Quand les départements de la fiche sont \
             tous dans la même région, elle vous est proposée : celle d’avant 2016 pour les appels \
             d’avant 2016. Quand elle n’en nomme aucun, c’est celle de l’adresse. Sinon, choisissez celle où le pôle a son siège.",
        en: "The region serves to sort and count the hubs. When all departments of the record lie in the \
             same region, it is suggested to you: the one from before 2016 for calls before 2016. \
             When it names none, it is that of the address. Otherwise choose the one where the hub has its seat.",
    },
    basis: "Insee, Code officiel géographique",
    wrong: r#"{"nom":"Fabriques du Quercy","territoire":{"departements":[{"code":"46","nom":"Lot"}]}}"#,
    right: r#"{"nom":"Fabriques du Quercy","region":{"nom":"Occitanie"},"territoire":{"departements":[{"code":"46","nom":"Lot"}]}}"#,
    check: Check::Record(check),
};

fn check(entry: &Entry, reporter: &mut Reporter<'_>) {
    let record = &entry.record;
    if record.region.code.is_some() || record.region.name.is_some() {
        return;
    }
    let set = places::set_of(record).unwrap_or(RegionSet::Present);
    let problem = Problem::at("/region");
    let of_seat = || {
        let seat = missing_department::of_seat(record, entry.postal_agreement())?;
        by_code(set, seat.region_in(set))
    };
    reporter.raise(match (places::shared_region(record, set), of_seat()) {
        (Some(region), _) => problem.suggest(region.name, Confidence::High),
        (None, Some(region)) => problem.suggest(region.name, Confidence::Medium),
        (None, None) => problem,
    });
}

#[cfg(test)]
mod tests {
    use crate::rules::raised;

    #[test]
    fn departments_that_agree_tell_the_region() {
        let suggestion = |departments: &str| {
            let json = format!(r#"{{"appel":{{"edition":"2013"}},"territoire":{{"departements":[{departments}]}}}}"#);
            raised(&super::RULE, &json).remove(0).suggested()
        };
        assert_eq!(suggestion(r#"{"code":"60","nom":"Oise"}"#).as_deref(), Some("Picardie"));
        assert_eq!(suggestion(r#"{"nom":"Paris"},{"code":"93"}"#).as_deref(), Some("Île-de-France"));
        assert_eq!(suggestion(r#"{"code":"61","nom":"Oise"},{"code":"76"}"#), None);
        assert_eq!(suggestion(r#"{"code":"60"},{"code":"76"}"#), None);
        assert_eq!(suggestion(""), None);
    }
}
