//! Names, legal forms and numbers of organisations that there are not.

use crate::quality::random::Random;

pub(super) const STRUCTURES: &[&str] = &[
    "Association Roue libre",
    "Avenir",
    "IDEM",
    "Rien",
    "SO",
    "N.R.",
    "Coopérative Goût péi",
    "Commune d'Alata",
    "Ets Dupré & Fils",
    "L’École n° 3",
    "Régie « Nord »",
    "CCI 46",
    "Lycée René-Cassin",
    "Nanterre Insertion",
    "UNKNOWN PLEASURES SARL",
    "Nul n’est parfait",
    "Sète à vous",
    "Fondation de l’Île",
    "@telier numérique",
    "A/B Services",
    "50/50",
    "Les 0-3 ans",
    "Todolist SAS",
    "Tbilissi & Cie",
    "À l’Ouest",
    "Null Part Ailleurs",
    "Vide & Plein",
    "Les X",
];

/// Legal forms: of the social economy, of companies, of public bodies; and as people write them.
pub const ESS: &[&str] = &[
    "association loi 1901",
    "Association",
    "ASSOCIATION LOI DE 1901",
    "SCIC SA",
    "SCIC SARL",
    "SCOP",
    "S.C.O.P.",
    "S.C.I.C. S.A.S.",
    "SARL SCOP",
    "Société coopérative d’intérêt collectif",
    "Coopérative d’activité et d’emploi",
    "CUMA",
    "Mutuelle",
    "Fondation reconnue d’utilité publique",
    "Fonds de dotation",
    "SAS ESUS",
    "Entreprise solidaire d’utilité sociale",
    "Entreprise d’insertion, association",
];

pub const COMPANIES: &[&str] = &[
    "SARL",
    "S.A.R.L.",
    "SAS",
    "S.A.S.",
    "SASU",
    "SA",
    "EURL",
    "Société par actions simplifiée",
    "société à responsabilité limitée",
    "Société anonyme",
    "Entreprise individuelle",
    "SNC",
];

pub const PUBLIC: &[&str] = &[
    "GIP",
    "G.I.P.",
    "Groupement d’intérêt public",
    "Communauté de communes",
    "Communauté d’agglomération",
    "Métropole",
    "PETR",
    "Commune",
    "Collectivité territoriale",
    "Syndicat mixte",
    "Syndicat intercommunal",
    "Établissement public",
    "Université",
    "Conseil départemental",
    "Conseil régional",
    "Région",
    "EPCI",
    "CCAS",
];

pub(super) const CATEGORIES: &[&str] =
    &["ess", "entreprise", "collectivite", "recherche", "formation", "financeur", "autre"];

/// The check digit of Luhn.
pub fn check_digit(digits: &str) -> char {
    let sum: u32 = digits.chars().rev().enumerate().fold(0, |sum, (rank, c)| {
        let doubled = c.to_digit(10).unwrap() * if rank % 2 == 0 { 2 } else { 1 };
        sum + doubled / 10 + doubled % 10
    });
    char::from(b'0' + ((10 - sum % 10) % 10) as u8)
}

pub fn has_check_digit(digits: &str) -> bool {
    digits.ends_with(check_digit(&digits[..digits.len() - 1]))
}

/// A number that no organisation bears: 999 begins none.
pub fn siren(random: &mut Random) -> String {
    let start = format!("999{}", random.digits(5));
    format!("{start}{}", check_digit(&start))
}

pub fn siret(random: &mut Random, siren: &str) -> String {
    let start = format!("{siren}{:04}", random.below(300));
    format!("{start}{}", check_digit(&start))
}
