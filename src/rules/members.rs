//! Who takes part in a PTCE: the partners by category, the coordinator by its legal form.

use crate::record::Record;
use crate::text::fold::folded;

/// Whether a partner is of one of these categories.
pub(super) fn has_partner(record: &Record<&str>, categories: &[&str]) -> bool {
    record.partners.iter().filter_map(|partner| partner.category).any(|own| categories.contains(&own))
}

fn legal_form(record: &Record<&str>) -> String {
    let Some(form) = record.coordinator.legal_form else { return String::new() };
    if !form.contains('.') {
        return folded(form);
    }
    // « S.C.O.P. » is « SCOP ».
    let is_initials = |word: &str| word.contains('.') && word.split('.').all(|part| part.chars().count() < 2);
    let words =
        form.split_whitespace().map(|word| if is_initials(word) { word.replace('.', "") } else { word.to_owned() });
    folded(&words.collect::<Vec<_>>().join(" "))
}

fn is_ess(form: &str) -> bool {
    let roots = [
        "association",
        "cooperative",
        "mutuelle",
        "mutualiste",
        "fondation",
        "fonds de dotation",
        "economie sociale",
        "solidaire d utilite sociale",
    ];
    roots.iter().any(|root| form.contains(root))
        || form.split(' ').any(|word| matches!(word, "scop" | "scic" | "cae" | "cuma" | "esus"))
}

/// Whether the legal form of the coordinator is one of the social and solidarity economy (law 2014-856, article 1).
pub(super) fn coordinator_is_ess(record: &Record<&str>) -> bool {
    is_ess(&legal_form(record))
}

/// Whether the coordinator is a company outside it.
pub(super) fn coordinator_is_company(record: &Record<&str>) -> bool {
    let form = legal_form(record);
    let company =
        |word| matches!(word, "sarl" | "sas" | "sasu" | "sa" | "eurl" | "snc" | "eirl" | "societe" | "entreprise");
    !is_ess(&form) && form.split(' ').any(company)
}

/// Whether the coordinator is a public body.
pub(super) fn coordinator_is_public(record: &Record<&str>) -> bool {
    let form = legal_form(record);
    let roots = [
        "collectivite",
        "commune",
        "communaute d agglomeration",
        "communaute urbaine",
        "metropole",
        "departement",
        "syndicat mixte",
        "etablissement public",
        "groupement d interet public",
        "syndicat intercommunal",
        "conseil regional",
        "centre communal d action sociale",
        "universite",
    ];
    !is_ess(&form)
        && (roots.iter().any(|root| form.contains(root))
            || form.split(' ').any(|word| matches!(word, "gip" | "petr" | "epci" | "epic" | "epa" | "ccas" | "region")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::Coordinator;

    fn led_by(form: &str) -> Record<&str> {
        let coordinator = Coordinator { legal_form: Some(form), ..Coordinator::default() };
        Record { coordinator, ..Record::default() }
    }

    #[test]
    fn legal_forms_are_sorted() {
        for form in [
            "association loi 1901",
            "SCOP SARL",
            "SCIC",
            "Coopérative d'activité et d'emploi",
            "Fonds de dotation",
            "union d'économie sociale anonyme",
            "Société commerciale ESUS",
            "Mutuelle",
            "S.C.O.P.",
            "S.C.I.C. S.A.S.",
            "Entreprise solidaire d’utilité sociale",
        ] {
            let record = led_by(form);
            assert!(coordinator_is_ess(&record) && !coordinator_is_company(&record), "{form}");
        }
        for form in ["SARL", "SAS", "Société anonyme", "S.A.R.L.", "S.A.S."] {
            assert!(coordinator_is_company(&led_by(form)) && !coordinator_is_ess(&led_by(form)), "{form}");
        }
        for form in [
            "GIP",
            "G.I.P.",
            "Collectivité territoriale",
            "Communauté de communes",
            "Région",
            "Conseil régional",
            "Syndicat intercommunal",
            "CCAS",
        ] {
            assert!(coordinator_is_public(&led_by(form)) && !coordinator_is_ess(&led_by(form)), "{form}");
        }
        assert!(!coordinator_is_ess(&Record::default()));
    }
}
