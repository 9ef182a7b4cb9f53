//! Records that are right, however odd they look: France as the tables of reference have it, dressed as people write.

use std::cell::Cell;
use std::collections::{BTreeMap, BTreeSet};

use ptce::reference::communes::{self, Commune, Kind};
use ptce::reference::departments::{self, DEPARTMENTS, Department};
use ptce::reference::regions::{self, Region, RegionSet};
use ptce::settings::Profile;
use serde_json::{Value, json};

use super::random::{Random, bare, shouted};
use crate::support::root;

/// A CEDEX code, its office, and a commune of the firms that use it.
pub struct Office {
    pub code: String,
    pub name: String,
    /// `CEDEX`, `CEDEX 9`.
    pub word: String,
    pub commune: Commune,
}

/// A name that a commune bore until it was renamed or merged.
pub struct OldName {
    /// Its former code, unless a commune bears it today.
    pub code: Option<String>,
    pub name: String,
    pub present: Commune,
}

/// What the records are made of.
pub struct World {
    /// The communes that have a postal code, by department.
    pub departments: Vec<(&'static Department, Vec<Commune>)>,
    /// Those worth a look of their own: homonyms, several postal codes, arrondissements, and so on.
    tricky: Vec<Vec<Commune>>,
    pub offices: Vec<Office>,
    pub old_names: Vec<OldName>,
    counter: Cell<usize>,
}

/// What a record is to be like.
#[derive(Default)]
pub struct Wish {
    pub profile: Option<Profile>,
    pub commune: Option<Commune>,
    /// A CEDEX address, or none.
    pub cedex: Option<bool>,
    /// At least two departments.
    pub several: bool,
    pub single: bool,
    pub set: Option<RegionSet>,
}

/// A record that is right.
#[derive(Clone)]
pub struct Base {
    pub value: Value,
    pub profile: Profile,
    pub set: RegionSet,
    pub commune: Commune,
    pub department: &'static Department,
    pub region: &'static Region,
    /// The official form of values that stand in another dress.
    pub meant: BTreeMap<String, String>,
}

impl Base {
    pub fn text(&self, pointer: &str) -> Option<&str> {
        self.value.pointer(pointer).and_then(Value::as_str)
    }

    pub fn set(&mut self, pointer: &str, value: impl Into<Value>) {
        set(&mut self.value, pointer, value.into());
        self.meant.remove(pointer);
    }

    /// Whether a text is the right value of a field, in the dress of the record or in the official one.
    pub fn is_right(&self, pointer: &str, text: &str) -> bool {
        // A suggested department, « Lot (46) », is one of those of the record.
        if pointer == "/territoire/departements" {
            let mut departments = self.value["territoire"]["departements"].as_array().into_iter().flatten();
            let (name, code) = text.trim_end_matches(')').split_once(" (").unwrap_or((text, ""));
            let is = |given: &serde_json::Value, part: &str| {
                given.as_str().is_some_and(|given| ptce::fold::slug(given) == ptce::fold::slug(part))
            };
            return departments.any(|given| is(&given["code"], code) || is(&given["nom"], name));
        }
        // A suggested region is its name.
        let named = format!("{pointer}/nom");
        let pointers = [pointer, named.as_str()];
        let plain = |text: &str| match pointer.ends_with("/telephone") {
            true => national(text),
            false => text.replace('’', "'"),
        };
        let mut rights = pointers
            .iter()
            .flat_map(|pointer| [self.text(pointer), self.meant.get(*pointer).map(String::as_str)])
            .flatten();
        rights.any(|right| plain(right) == plain(text))
    }
}

/// A French number as it is dialled in France.
fn national(text: &str) -> String {
    let digits: String = text.replace("(0)", "").chars().filter(char::is_ascii_digit).collect();
    let digits = digits.strip_prefix("00").unwrap_or(&digits);
    digits.strip_prefix("33").map_or(digits.to_owned(), |own| format!("0{own}"))
}

/// Writes a value of a record, and makes the groups on the way.
pub fn set(record: &mut Value, pointer: &str, value: Value) {
    let (holder, key) = pointer.rsplit_once('/').unwrap();
    if record.pointer(holder).is_none() {
        set(record, holder, json!({}));
    }
    match record.pointer_mut(holder).unwrap() {
        Value::Array(list) => list[key.parse::<usize>().unwrap()] = value,
        Value::Object(map) => {
            map.insert(key.to_owned(), value);
        }
        other => panic!("{other} holds no {key}"),
    }
}

/// Takes a value out of a record, and what it leaves empty.
pub fn remove(record: &mut Value, pointer: &str) {
    let (holder, key) = pointer.rsplit_once('/').unwrap();
    match record.pointer_mut(holder) {
        Some(Value::Object(map)) => {
            map.shift_remove(key);
            if map.is_empty() && !holder.is_empty() {
                remove(record, holder);
            }
        }
        Some(Value::Array(list)) => {
            list.remove(key.parse().unwrap());
        }
        _ => {}
    }
}

impl World {
    pub fn new() -> World {
        let all: Vec<_> = DEPARTMENTS
            .iter()
            .map(|department| {
                let own = communes::of_department(department.code).filter(|commune| {
                    commune.postal_codes().next().is_some() && commune.department() == Some(department)
                });
                (department, own.collect::<Vec<_>>())
            })
            .filter(|(_, own)| !own.is_empty())
            .collect();
        let each = || all.iter().flat_map(|(_, own)| own.iter().copied());
        let mut bearers: BTreeMap<String, usize> = BTreeMap::new();
        each().for_each(|commune| *bearers.entry(shouted(commune.name)).or_default() += 1);
        let mut served: BTreeMap<&str, usize> = BTreeMap::new();
        each().flat_map(|commune| commune.postal_codes().collect::<Vec<_>>()).for_each(|code| {
            *served.entry(code).or_default() += 1;
        });
        let is_elsewhere = |commune: &Commune| {
            let own = commune.code.replace("2A", "20").replace("2B", "20");
            commune.postal_codes().any(|code| code[..2] != own[..2])
        };
        let tricky = vec![
            each().filter(|commune| bearers[&shouted(commune.name)] > 1).collect(),
            each().filter(|commune| commune.postal_codes().count() > 1).collect(),
            each().filter(|commune| commune.postal_codes().any(|code| served[code] > 25)).collect(),
            each().filter(is_elsewhere).collect(),
            each().filter(|commune| commune.kind == Kind::Arrondissement).collect(),
            each().filter(|commune| commune.name.starts_with("Saint")).collect(),
            each().filter(|commune| commune.name.contains('\'')).collect(),
            each().filter(|commune| commune.name.starts_with("L") && commune.name.contains(' ')).collect(),
            each().filter(|commune| commune.name.len() < 4 || commune.name == "Aucun").collect(),
            each().filter(|commune| commune.code.starts_with("97") || commune.code.starts_with("98")).collect(),
        ];
        World { departments: all, tricky, offices: offices(), old_names: old_names(), counter: Cell::new(0) }
    }

    pub fn communes_of(&self, department: &Department) -> &[Commune] {
        self.departments.iter().find(|(one, _)| *one == department).map_or(&[], |(_, own)| own)
    }

    /// Every department in turn; and every second time a commune of the tricky kinds.
    fn commune(&self, random: &mut Random, rank: usize) -> Commune {
        let among = match rank % 2 {
            0 => &self.departments[rank / 2 % self.departments.len()].1,
            _ => &self.tricky[rank / 2 % self.tricky.len()],
        };
        among[random.below(among.len())]
    }

    /// A rank that no other record has.
    pub fn rank(&self) -> usize {
        self.counter.set(self.counter.get() + 1);
        self.counter.get()
    }

    pub fn base(&self, random: &mut Random, wish: &Wish) -> Base {
        let rank = self.rank();
        let office = wish.cedex.unwrap_or(wish.commune.is_none() && rank % 9 == 4);
        let office = office.then(|| &self.offices[random.below(self.offices.len())]);
        let commune =
            office.map(|office| office.commune).or(wish.commune).unwrap_or_else(|| self.commune(random, rank));
        let department = commune.department().unwrap();
        let profile =
            wish.profile.unwrap_or(if rank.is_multiple_of(2) { Profile::Laureate } else { Profile::Submission });
        let set = wish.set.unwrap_or(if random.chance(35) { RegionSet::Until2015 } else { RegionSet::Present });
        let region = regions::by_code(set, department.region_in(set)).unwrap();
        let mut base = Base { value: json!({}), profile, set, commune, department, region, meant: BTreeMap::new() };
        people(&mut base, random, rank);
        self.places(&mut base, random, wish);
        address(&mut base, random, office);
        base
    }

    /// The region and the territory.
    fn places(&self, base: &mut Base, random: &mut Random, wish: &Wish) {
        let (region, set) = (base.region, base.set);
        let name = match random.below(4) {
            0 => region.name.replace('\'', "’"),
            1 => shouted(region.name),
            2 if !region.aliases.is_empty() => region.aliases[random.below(region.aliases.len())].to_owned(),
            _ => region.name.to_owned(),
        };
        let with_both = random.below(5);
        if with_both != 0 {
            base.set("/region/code", region.code);
        }
        if with_both != 1 {
            base.set("/region/nom", name);
        }
        base.meant.insert("/region/nom".into(), region.name.into());
        base.meant.insert("/region/code".into(), region.code.into());

        let mut own = vec![base.department];
        let around: Vec<&'static Department> = region.departments(set).filter(|one| *one != base.department).collect();
        if !wish.single && !around.is_empty() && (wish.several || random.chance(30)) {
            let first = random.below(around.len());
            own.push(around[first]);
            if random.chance(30) && around.len() > 1 {
                own.push(around[(first + 1) % around.len()]);
            }
        }
        base.set("/territoire/libelle", format!("Bassin de vie de {}", base.commune.name));
        let mut list = Vec::new();
        for (rank, department) in own.iter().enumerate() {
            let name = match random.below(4) {
                0 => department.name.replace('\'', "’"),
                1 => shouted(department.name),
                2 => department.name.replace('-', " ").replace("Saint", "St"),
                _ => department.name.to_owned(),
            };
            list.push(match random.below(4) {
                0 => json!({"code": department.code}),
                1 => json!({"nom": name}),
                _ => json!({"code": department.code, "nom": name}),
            });
            let at = format!("/territoire/departements/{rank}");
            base.meant.insert(format!("{at}/nom"), department.name.into());
            base.meant.insert(format!("{at}/code"), department.code.into());
        }
        base.set("/territoire/departements", list);

        let mut communes = vec![base.commune];
        for _ in 0..random.below(4) {
            let among = self.communes_of(own[random.below(own.len())]);
            let other = among.get(random.below(among.len().max(1))).copied().unwrap_or(base.commune);
            if !communes.contains(&other) {
                communes.push(other);
            }
        }
        let mut list = Vec::new();
        for (rank, commune) in communes.iter().enumerate() {
            let name = dressed(random, commune);
            list.push(match random.below(5) {
                0 => json!({"code_insee": commune.code}),
                1 => json!({"nom": name}),
                _ => json!({"code_insee": commune.code, "nom": name}),
            });
            let at = format!("/territoire/communes/{rank}");
            base.meant.insert(format!("{at}/nom"), commune.name.into());
            base.meant.insert(format!("{at}/code_insee"), commune.code.into());
        }
        base.set("/territoire/communes", list);
        if random.chance(50) {
            base.set("/territoire/priorites", json!(["zone_rurale", "politique_de_la_ville"]));
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

const STRUCTURES: &[&str] = &[
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
const CATEGORIES: &[&str] = &["ess", "entreprise", "collectivite", "recherche", "formation", "financeur", "autre"];

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

/// Names, partners, the coordinator, contacts and all that has no place.
fn people(base: &mut Base, random: &mut Random, rank: usize) {
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

/// Domains of everybody's mail, of examples, and real ones that look like slips.
pub const DOMAINS: &[&str] = &[
    "example.org",
    "example.com",
    "pole-bois.example.org",
    "mail.example.com",
    "gmail.com",
    "orange.fr",
    "wanadoo.fr",
    "free.fr",
    "laposte.net",
    "hotmail.fr",
    "hotmail.com",
    "outlook.fr",
    "outlook.com",
    "yahoo.fr",
    "yahoo.com",
    "sfr.fr",
    "bbox.fr",
    "icloud.com",
    "protonmail.com",
    "live.fr",
    "neuf.fr",
    "numericable.fr",
    "aol.com",
    "gmx.fr",
    "gmx.net",
    "mail.com",
    "email.com",
    "ymail.com",
    "googlemail.com",
    "hotmail.be",
    "hotmail.co.uk",
    "yahoo.co.uk",
    "yahoo.ca",
    "yahoo.de",
    "outlook.be",
    "live.be",
    "orange.com",
    "orange.be",
    "grange.fr",
    "orage.fr",
    "livre.fr",
    "laposte.fr",
    "proton.me",
    "pm.me",
    "caramail.com",
    "skynet.be",
    "bluewin.ch",
    "mailo.com",
    "vieuxfree.fr",
    "tutanota.com",
    "rocketmail.com",
    "netcourrier.com",
    "aliceadsl.fr",
    "cegetel.net",
    "ac-lyon.fr",
    "education.gouv.fr",
    "example.coop",
    "example.re",
    "example.nc",
    "coopération.example.org",
];

/// The start of a mailbox that nobody has.
pub fn mailbox(random: &mut Random, rank: usize) -> String {
    match random.below(6) {
        0 => format!("contact.exemple{rank}"),
        1 => format!("exemple-{rank}+ptce"),
        2 => format!("o'exemple_{rank}"),
        3 => format!("EXEMPLE.{rank}"),
        4 => format!("l.exemple{rank}"),
        _ => format!("{rank}.direction.exemple"),
    }
}

fn email(random: &mut Random, rank: usize) -> String {
    format!("{}@{}", mailbox(random, rank), random.pick(DOMAINS))
}

/// Ten digits of those that Arcep keeps for fiction.
pub fn number(random: &mut Random) -> String {
    let prefix = random.pick(&["019900", "026191", "035301", "046571", "053649", "063998"]);
    format!("{prefix}{}", random.digits(4))
}

/// Digits two by two.
pub fn paired(digits: &str, between: &str) -> String {
    let pairs: Vec<&str> = (0..digits.len()).step_by(2).map(|at| &digits[at..(at + 2).min(digits.len())]).collect();
    pairs.join(between)
}

/// A number as people write it.
pub fn phone(random: &mut Random) -> String {
    let national = number(random);
    let (head, tail) = (&national[1..2], paired(&national[2..], " "));
    match random.below(24) {
        0 => national,
        1 => paired(&national, "."),
        2 => paired(&national, "-"),
        3 => paired(&national, "\u{a0}"),
        4 => paired(&national, "\u{202f}"),
        5 => format!("+33 {head} {tail}"),
        6 => format!("+33{}", &national[1..]),
        7 => format!("+33 (0){head} {tail}"),
        8 => format!("0033 {head} {tail}"),
        9 => format!("(+33) {head} {tail}"),
        10 => format!("33 {head} {tail}"),
        11 => format!("Tél. : {}", paired(&national, " ")),
        12 => format!("{} / {}", paired(&national, " "), paired(&number(random), " ")),
        13 => format!("{} ou {}", paired(&national, "."), paired(&number(random), ".")),
        14 => format!("{} (standard)", paired(&national, " ")),
        15 => random
            .pick(&[
                "+262 262 12 34 56",
                "0262 12 34 56",
                "+687 26 12 34",
                "+689 40 12 34 56",
                "+681 72 12 34",
                "+32 2 123 45 67",
                "+41 22 123 45 67",
                "3949",
                "1044",
                "118 712",
                "112",
                "0800 12 34 56",
            ])
            .to_owned(),
        16 => format!("{}–{}", paired(&national[..6], "–"), paired(&national[6..], "–")),
        17 => format!("{} {}", &national[..4], paired(&national[4..], " ")),
        _ => paired(&national, " "),
    }
}

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

fn address(base: &mut Base, random: &mut Random, office: Option<&Office>) {
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

fn table(name: &str) -> String {
    std::fs::read_to_string(root().join(format!("src/reference/tables/{name}.tsv"))).unwrap()
}

fn offices() -> Vec<Office> {
    let mut offices = Vec::new();
    for row in table("cedex").lines() {
        let mut columns = row.split('\t');
        let (code, labels, communes) = (columns.next().unwrap(), columns.next().unwrap(), columns.next().unwrap_or(""));
        let Some((name, rest)) = labels.split('|').next().and_then(|label| label.split_once(" CEDEX")) else {
            continue;
        };
        let number = rest.trim();
        // The commune of the office, not of a firm in the next department.
        let start = match &code[..2] {
            "97" | "98" => &code[..3],
            start => start,
        };
        let is_near = |commune: &Commune| commune.code.replace("2A", "20").replace("2B", "20").starts_with(start);
        let commune = communes.split(',').filter_map(communes::by_code).find(is_near);
        let commune = commune.filter(|commune| commune.kind != Kind::Part);
        let is_number = number.len() <= 2 && number.bytes().all(|byte| byte.is_ascii_digit());
        if let Some(commune) = commune.filter(|_| is_number) {
            let word = format!("CEDEX {number}").trim_end().to_owned();
            offices.push(Office { code: code.to_owned(), name: name.to_owned(), word, commune });
        }
    }
    assert!(offices.len() > 5000, "{}", offices.len());
    offices
}

fn old_names() -> Vec<OldName> {
    let mut names: Vec<(Option<String>, String, String)> = Vec::new();
    for row in table("former").lines() {
        let columns: Vec<&str> = row.split('\t').collect();
        let is_free = communes::by_code(columns[0]).is_none();
        names.push((is_free.then(|| columns[0].to_owned()), columns[1].to_owned(), columns[3].to_owned()));
    }
    let parts = table("communes");
    for columns in parts.lines().map(|row| row.split('\t').collect::<Vec<_>>()) {
        if matches!(columns[1], "D" | "A") {
            names.push((None, columns[3].to_owned(), columns[2].to_owned()));
        }
    }
    let mut old = Vec::new();
    for (code, name, present) in names {
        let present = communes::by_code(&present).unwrap();
        // « Ambérieu » for « Ambérieu-en-Bugey » is short for it; only another name is a former one.
        let words = |name: &str| -> BTreeSet<String> { shouted(name).split([' ', '-', '\'']).map(bare).collect() };
        if present.postal_codes().next().is_some() && words(&name).is_disjoint(&words(present.name)) {
            old.push(OldName { code, name, present });
        }
    }
    assert!(old.len() > 1000, "{}", old.len());
    old
}

/// The department of that code.
pub fn department(code: &str) -> &'static Department {
    departments::by_code(code).unwrap()
}
