//! All of a record that has no place: its name, its call, its coordinator, its partners, its contacts.

use ptce::reference::regions::RegionSet;
use ptce::settings::Profile;
use serde_json::{Value, json};

use super::base::Base;
use super::mail::email;
use super::organisations::{CATEGORIES, COMPANIES, ESS, PUBLIC, STRUCTURES, siren, siret};
use super::phones::phone;
use crate::quality::random::Random;

const HEADS: &[&str] = &[
    "Pôle Bois",
    "Recyclerie & Compagnie",
    "« Les Mains ouvertes »",
    "L’Atelier \"Part’Âge\"",
    "C# Coopération",
    "#Ensemble",
    "Aucun Bois Perdu",
    "NC Développement",
    "N.A. Textile",
    "Vide-Grenier solidaire",
    "Inconnus d’ici",
    "À définir ensemble",
    "Sans Souci",
    "SÃO JOÃO Coopération",
    "Âtre & Œuvre",
    "PÂTISSERIES DU PAYS",
    "Ångström Énergies",
    "Filière laine (100 % locale)",
    "Moins de 2 °C, c'est < 3",
    "R&D ; circuits courts",
    "3 Rivières",
    "Tiers-lieu 2.0",
    "Le Grand Écart…",
    "SCOP’ & Co",
    "Ça Coule de Source",
    "L’Œuf ou la Poule ?",
    "Maïs, Lin & Chanvre",
    "Noël toute l’année",
    "*Étoile* du Berger",
    "Cœur à cœur",
    "Plan B_2",
    "À compléter par vos idées",
    "E=mc2 Énergies",
    "Le 1E10 de la rue",
    "Zéro 000 déchet",
    "Xx Textile",
    "<3 Territoire",
    "Q&A;",
];

/// Names, partners, the coordinator, contacts and all that has no place.
pub(super) fn people(base: &mut Base, random: &mut Random, rank: usize) {
    let year = if base.set == RegionSet::Present { 2016 + random.below(9) } else { 2013 + random.below(3) };
    base.set("/id", format!("pole-{rank}"));
    base.set("/nom", format!("{} {rank}", random.pick(HEADS)));
    base.set("/sigle", random.pick(&["NC", "PBHP", "N/A", "XX", "FdQ", "É2C"]));
    let edition = random.pick(&["", "AMI ", "Appel à projets ", "Vague 2, "]);
    base.set("/appel/edition", format!("{edition}{year}"));
    base.set("/appel/statut", if base.profile == Profile::Submission { "candidature" } else { "laureat" });
    base.set("/appel/type", random.pick(&["emergent", "consolidation"]));
    if base.profile == Profile::Laureate {
        base.set("/appel/date_annonce", format!("{year}-{:02}-{:02}", 1 + random.below(12), 1 + random.below(28)));
        base.set("/appel/montant", json!(1000 * random.below(300)));
    }
    base.set("/thematiques", json!([random.pick(&["bois énergie", "R&D", "textile", "économie circulaire", "NTIC"])]));
    base.set(
        "/projet/resume",
        "Allier ateliers et acteurs solidaires : réparer, louer & former (100 % local), dès l’été.",
    );
    base.set("/projet/objectifs", json!(["Créer une filière locale", "Réduire le gaspillage : < 5 %"]));
    base.set("/projet/actions", json!(["Ouvrir un chantier-école par an", "Aucun invendu jeté"]));

    let (forms, needed): (_, &[&str]) = match random.below(4) {
        0 => (COMPANIES, &["ess", "recherche"]),
        1 => (PUBLIC, &["ess", "entreprise"]),
        2 => (ESS, &["entreprise", "formation"]),
        _ => (ESS, &["ess", "entreprise", "collectivite"]),
    };
    base.set("/coordinateur/nom", format!("{} {}", random.pick(STRUCTURES), base.commune.name));
    base.set("/coordinateur/forme_juridique", random.pick(forms));
    let post = random.chance(2);
    let siren = if post { "356000000".to_owned() } else { siren(random) };
    let siret = match post {
        true if random.chance(20) => "35600000000048".to_owned(),
        // Beyond its head office, the digits of an establishment of La Poste add up to a multiple of 5.
        true => {
            let nic = 10 + random.below(9000);
            let of_digits = |nic: usize| format!("{siren}{nic:05}").bytes().map(|c| u32::from(c - b'0')).sum::<u32>();
            format!("{siren}{:05}", (nic..).find(|nic| of_digits(*nic).is_multiple_of(5)).unwrap())
        }
        false => siret(random, &siren),
    };
    if random.chance(80) {
        base.set("/coordinateur/siren", siren);
    }
    base.set("/coordinateur/siret", siret);
    if random.chance(50) {
        let start = random.pick(&["46", "2A", "9C", "75", "01", "9R"]);
        base.set("/coordinateur/rna", format!("W{start}{}", random.digits(7)));
    }
    let mut partners: Vec<Value> = Vec::new();
    for category in needed {
        partners.push(json!({"nom": format!("{} {}", random.pick(STRUCTURES), partners.len()), "categorie": category}));
    }
    for _ in 0..random.below(3) {
        let name = random.pick(STRUCTURES);
        partners.push(json!({"nom": name, "categorie": random.pick(CATEGORIES), "note": "usinage de pièces"}));
    }
    base.set("/partenaires", partners);

    let name = random.pick(&["Anaëlle Rivoire-Payet", "O’Neill", "Noël Nihil", "Mme Aucun", "Jean Sans", "Zoé NGUYỄN"]);
    let role = random.pick(&["directrice", "chargé de projet", "Président·e", "DAF", "PDG & fondatrice"]);
    base.set("/contacts", json!([{"nom": name, "fonction": role}]));
    base.set("/contacts/0/courriel", email(random, rank));
    base.set("/contacts/0/telephone", phone(random));
    if random.chance(30) {
        let second = json!({"courriel": email(random, rank + 7), "telephone": phone(random)});
        base.value["contacts"].as_array_mut().unwrap().push(second);
    }
    base.set("/emploi/etp", json!(0.5 * random.below(50) as f64));
    base.set("/emploi/salaries", json!(random.below(60)));
    base.set("/emploi/creations_prevues", json!(random.below(20)));
    let site = random.pick(&[
        "https://www.example.org",
        "http://example.com/",
        "https://pole-bois.example.org/actualit%C3%A9s?page=2#haut",
        "https://example.org:8443/ptce",
        "https://xn--exemple-cva.example.org",
        "https://example.coop/a/b_c/~d",
    ]);
    base.set("/site_web", site);
    if base.profile == Profile::Submission || random.chance(20) {
        base.set("/calendrier", "2025 : atelier ; 2026 : ouverture ; 2027 : extension à d’autres bourgs.");
        base.set("/financement", "Budget de 240 000 € : 45 % d’aides, 30 % de recettes, le reste en apports.");
        base.set("/evaluation", "Suivi annuel des emplois créés, revu par un comité d’usagers.");
        base.set("/mise_en_reseau", "Réseau régional des ateliers de réparation & pôles voisins.");
        base.set("/politiques_locales", "Contrat de ville n° 3 ; plan de mobilité rurale.");
    }
}
