//! A telephone number is possible, but hardly that of somebody who answers.

use crate::entry::Entry;
use crate::finding::Level;
use crate::language::Phrase;
use crate::rules::{Check, Problem, Reporter, Rule, Topic};
use crate::text::phones::each_number;

pub(super) static RULE: Rule = Rule {
    code: "suspicious-phone",
    topic: Topic::Contact,
    level: Level::Warning,
    summary: Phrase {
        fr: "Un numéro de téléphone est de ceux du démarchage automatisé ou des appels surtaxés.",
        en: "A telephone number is of those for automated canvassing or premium-rate calls.",
    },
    message: Phrase {
        fr: "« {value} » commence par {prefix}, réservé aux appels automatisés ou surtaxés.",
        en: "“{value}” begins with {prefix}, which is reserved for automated or premium-rate calls.",
    },
    expected: Phrase { fr: "", en: "" },
    explanation: Phrase {
        fr: "Depuis 2023, les automates d’appel et le démarchage se servent de numéros à part : 0162, 0163, \
             0270, 0271, 0377, 0378, 0424, 0425, 0568, 0569, 0948, 0949 et, outre-mer, 09475 à 09479. Les \
             numéros en 089 sont facturés en plus de l’appel. Ce ne sont guère les numéros d’un contact : \
             un chiffre est sans doute faux. Vérifiez le numéro auprès du contact.",
        en: "Since 2023, automated calls and canvassing have numbers of their own: 0162, 0163, 0270, 0271, \
             0377, 0378, 0424, 0425, 0568, 0569, 0948, 0949 and, overseas, 09475 to 09479. Numbers that \
             begin with 089 are charged on top of the call. They are hardly those of a contact: a digit is \
             probably wrong. Check the number with the contact.",
    },
    basis: "Arcep, décision n° 2018-0881 modifiée par la décision n° 2022-1583",
    wrong: r#"{"nom":"Fabriques du Quercy","contacts":[{"telephone":"0892 12 34 56"}]}"#,
    right: r#"{"nom":"Fabriques du Quercy","contacts":[{"telephone":"05 36 49 12 34"}]}"#,
    check: Check::Record(check),
};

fn check(entry: &Entry, reporter: &mut Reporter<'_>) {
    for (rank, contact) in entry.record.contacts.iter().enumerate() {
        let mut prefix = None;
        if let Some(phone) = &contact.phone
            && each_number(phone, |number| prefix = prefix.or(number.odd_prefix()))
            && let Some(prefix) = prefix
        {
            reporter.raise(Problem::at(format!("/contacts/{rank}/telephone")).with("prefix", prefix));
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::raised;

    #[test]
    fn one_of_several_numbers_is_enough() {
        let count = |phone: &str| raised(&super::RULE, &format!(r#"{{"contacts":[{{"telephone":"{phone}"}}]}}"#)).len();
        assert_eq!(count("01 99 00 12 34 / 01 62 00 12 34"), 1);
        assert_eq!(count("01 99 00 12 34 / 06 39 98 12 34"), 0);
        // A malformed text is told by the other rule.
        assert_eq!(count("01 62 00 12 34 / 12"), 0);
    }
}
