//! Addresses of any shape, and the names of communes as people write them.

use ptce::reference::communes::{Commune, Kind};

use super::base::Base;
use super::post::Office;
use crate::quality::random::{Random, shouted};

/// Names of streets behind their type.
pub const STREETS: &[&str] = &[
    "des Tanneurs",
    "Jean-Jaurès",
    "Victor Hugo",
    "de la République",
    "du 8-Mai-1945",
    "de l’Église",
    "d'Alsace",
    "Général de Gaulle",
    "Saint-Joseph",
    "des Frères-Lumière",
    "du Onze-Novembre",
    "Pierre et Marie Curie",
    "Aucun",
    "de Paris",
    "du Château d'eau",
    "Édouard-Herriot",
];

pub const TYPES: &[&str] = &[
    "rue",
    "avenue",
    "boulevard",
    "place",
    "chemin",
    "impasse",
    "allée",
    "quai",
    "route",
    "cours",
    "square",
    "Rue",
    "AVENUE",
    "av.",
    "bd",
    "Bd",
    "faubourg",
    "passage",
    "sentier",
    "esplanade",
    "montée",
    "traverse",
    "ruelle",
    "chaussée",
];

/// Lines that are whole without a number or a type.
const LINES: &[&str] = &[
    "Lieu-dit Les Granges",
    "Le Bourg",
    "Hameau de Bel-Air",
    "La Croix Blanche",
    "Les Quatre Vents",
    "ZA des Prés",
    "Z.A. des Prés",
    "ZI Nord",
    "Zone artisanale du Moulin",
    "Parc d’activités du Lac",
    "Résidence des Lilas",
    "Domaine de la Forêt",
    "Technopôle de l’Aube",
    "Mairie",
    "Ferme du Pré Vert",
    "Château de la Motte",
    "La Canebière",
    "3 La Canebière",
    "5 Grand’Rue",
    "Grand-Rue, 7",
    "7 Le Bourg",
    "12 Grand-Place",
    "9 ZI du Port",
    "rue Basse, 12",
    "Bâtiment A, 12 rue Basse",
    "L’Orée du bois",
    "Au Village",
    "Aux Quatre Chemins",
    "12 Cité des Fleurs",
    "2 Villa des Roses",
    "15 Mail François-Mitterrand",
    "8 Parvis de la Gare",
    "3 Le Clos des Vignes",
    "20 Voie Romaine",
    "18 Passage du Commerce",
    "1 Grande Rue",
    "145 RD 12",
    "Maison des associations",
    "Pépinière d’entreprises",
    "Tiers-lieu La Bascule",
    "Ancienne gare",
    "Centre municipal A. Castets",
    "5 Vieux Chemin de Toulouse",
    "Quartier des Aires",
    "Rond-point des Nations, 4",
    "lieu dit Kerbihan",
    "12 Résidence du Parc",
    "Immeuble Le Forum",
];

const NUMBERS: &[&str] = &["", ",", " bis", " bis,", " ter", "B", " B,", " A", "-14", "/14,", " à 18", " et 16", "bis"];

/// A street line of any shape.
fn street(random: &mut Random) -> String {
    if random.chance(35) {
        return random.pick(LINES).to_owned();
    }
    let before = random.pick(&["", "", "", "", "", "n° ", "N°"]);
    let number = random.below(12) + 1;
    format!("{before}{number}{} {} {}", random.pick(NUMBERS), random.pick(TYPES), random.pick(STREETS))
}

pub(super) fn address(base: &mut Base, random: &mut Random, office: Option<&Office>) {
    if random.chance(20) {
        base.set(
            "/adresse/complement",
            random.pick(&["Entrée B", "2e étage", "Zone artisanale des Filaos", "Aile sud"]),
        );
    }
    base.set("/adresse/voie", street(random));
    if random.chance(15) || office.is_some() {
        base.set("/adresse/mention", random.pick(&["BP 12", "CS 40001", "TSA 12345", "B.P. 77"]));
    }
    match office {
        Some(office) => {
            base.set("/adresse/code_postal", office.code.as_str());
            base.set("/adresse/commune", office.name.as_str());
            let word = if random.chance(50) { office.word.clone() } else { office.word.replace("CEDEX", "Cedex") };
            base.set("/adresse/cedex", word);
            base.meant.insert("/adresse/cedex".into(), office.word.clone());
        }
        None => {
            let codes: Vec<&str> = base.commune.postal_codes().collect();
            base.set("/adresse/code_postal", random.pick(&codes));
            let name = dressed(random, &base.commune);
            base.set("/adresse/commune", name);
            base.meant.insert("/adresse/commune".into(), base.commune.name.into());
        }
    }
}

/// The name of a commune as people write it.
pub fn dressed(random: &mut Random, commune: &Commune) -> String {
    let name = commune.name;
    if commune.kind == Kind::Arrondissement {
        let (city, ordinal) = name.split_once(' ').unwrap();
        let ordinal = ordinal.trim_end_matches(" Arrondissement");
        let number: String = ordinal.chars().filter(char::is_ascii_digit).collect();
        return match random.below(4) {
            0 => name.to_owned(),
            1 => format!("{city} {number}"),
            2 => format!("{} {number}", city.to_uppercase()),
            _ => format!("{city} {ordinal}"),
        };
    }
    match random.below(8) {
        0 => name.to_uppercase(),
        1 => shouted(name),
        2 => shouted(name).replace('-', " "),
        3 => name.replace("Saint-", "St-").replace("Sainte-", "Ste-"),
        4 => shouted(name).replace("SAINTE-", "STE ").replace("SAINT-", "ST ").replace('-', " "),
        5 => name.replace('\'', "’"),
        6 if name.starts_with("Le ") || name.starts_with("La ") && name.len() > 7 => name[3..].to_owned(),
        _ => name.to_owned(),
    }
}
