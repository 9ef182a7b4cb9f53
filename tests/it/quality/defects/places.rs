//! Addresses and territories.

use ptce::reference::communes::{self, Commune};
use ptce::reference::departments::{self, DEPARTMENTS, Department};
use ptce::reference::postal_codes::{cedex_label, communes_of, is_postal_code};
use ptce::reference::regions::{self, RegionSet};

use super::{Broken, Defect, broken};
use crate::quality::random::{Random, changed, misspelt, shouted, slipped, swapped, with, without};
use crate::quality::world::addresses::{STREETS, TYPES};
use crate::quality::world::{Base, Wish, World, department};

const CODE: &str = "/adresse/code_postal";
const TOWN: &str = "/adresse/commune";
const STREET: &str = "/adresse/voie";

/// A record with an ordinary address.
fn base(world: &World, random: &mut Random) -> Base {
    world.base(random, &Wish { cedex: Some(false), ..Wish::default() })
}

/// The same, both code and name given of what stands there.
fn with_department(world: &World, random: &mut Random) -> Base {
    let mut base = base(world, random);
    base.set("/territoire/departements/0/code", base.department.code);
    base.set("/territoire/departements/0/nom", base.department.name);
    base
}

fn with_commune(world: &World, random: &mut Random) -> Base {
    let mut base = base(world, random);
    base.set("/territoire/communes/0/code_insee", base.commune.code);
    base.set("/territoire/communes/0/nom", base.commune.name);
    base
}

fn with_name_alone(world: &World, random: &mut Random) -> Base {
    let mut base = base(world, random);
    base.set("/territoire/communes", serde_json::json!([{"nom": base.commune.name}]));
    base.meant.insert("/territoire/communes/0/nom".into(), base.commune.name.into());
    base
}

/// Whether any commune bears that name, or did.
fn is_a_commune(name: &str) -> bool {
    communes::by_name(name).chain(communes::by_former_name(name)).next().is_some()
}

/// The departments that a postal code can be of.
fn of_code(code: &str) -> Vec<&'static Department> {
    communes_of(code).filter_map(|commune| commune.department()).collect()
}

fn declared(base: &Base) -> Vec<&'static Department> {
    let list = base.value["territoire"]["departements"].as_array().unwrap();
    let meant = |rank: usize| &base.meant[&format!("/territoire/departements/{rank}/code")];
    // Those that a defect has set again are the seat.
    (0..list.len())
        .map(|rank| match base.meant.contains_key(&format!("/territoire/departements/{rank}/code")) {
            true => department(meant(rank)),
            false => base.department,
        })
        .collect()
}

macro_rules! codes {
    ($($kind:literal: $slip:expr,)*) => {
        &[$(Defect::new("malformed-postal-code", $kind, |world, random| {
            let base = base(world, random);
            let slip: fn(&mut Random, &str) -> String = $slip;
            broken(base, CODE, |right| slip(random, right)).filter(|broken| {
                let code = broken.record.pointer(CODE).unwrap().as_str().unwrap();
                // What lost a zero at its start is the matter of another rule.
                let is_padded = format!("0{code}") == broken.base.text(CODE).unwrap();
                let is_other = code.len() == 5
                    && code.bytes().all(|byte| byte.is_ascii_digit())
                    && !code.starts_with("00")
                    && !code.starts_with("99");
                !is_padded && !is_other
            })
        }),)*]
    };
}

pub const MALFORMED_CODES: &[Defect] = codes! {
    "a digit too many": |random, right| with(right, random.below(5), '3'),
    "a digit left out": |random, right| without(right, random.below(5)),
    "two digits left out": |_, right| right[..3].to_owned(),
    "O for 0": |_, right| right.replacen('0', "O", 1),
    "l for 1": |_, right| right.replacen('1', "l", 1),
    "two codes": |_, right| format!("{right}-{right}"),
    "a letter": |random, right| changed(right, 2 + random.below(3), 'A'),
    "words": |random, _| random.pick(&["voir Paris", "CEDEX", "Lot", "France"]).to_owned(),
    "out of all ranges": |random, right| format!("{}{}", random.pick(&["99", "00"]), &right[2..]),
};

macro_rules! streets {
    ($code:literal, $($kind:literal: $line:expr,)*) => {
        &[$(Defect::new($code, $kind, |world, random| {
            let mut base = base(world, random);
            // Whole, so that nothing is moved to a field that is free.
            base.set("/adresse/complement", "Entrée B");
            let line: fn(&mut Random) -> String = $line;
            Broken::of(base).put(STREET, line(random))
        }),)*]
    };
}

fn house(random: &mut Random) -> usize {
    1 + random.below(200)
}

/// Names of people and days, for streets that say no more.
const BARE: &[&str] = &[
    "Jean-Jaurès",
    "Victor Hugo",
    "Maurice Sarraut",
    "Général de Gaulle",
    "Louis Pasteur",
    "Pierre et Marie Curie",
    "Édouard-Herriot",
    "Frères Lumière",
    "Gambetta",
    "Léon Blum",
    "Aristide-Briand",
    "Anatole France",
    "JULES FERRY",
    "Salvador-Allende",
    "Président Wilson",
    "République",
    "Onze-Novembre",
    "Simone Veil",
    "Marx Dormoy",
];

pub const MALFORMED_STREETS: &[Defect] = streets! {
    "malformed-address",
    "number without a type": |random| format!("{} {}", house(random), random.pick(BARE)),
    "number and comma without a type": |random| format!("{}, {}", house(random), random.pick(BARE)),
    "bis without a type": |random| {
        format!("{}{} {}", house(random), random.pick(&[" bis", ", bis", " ter", "bis"]), random.pick(BARE))
    },
    "a mere number": |random| format!("{}{}", house(random), random.pick(&["", " bis", ","])),
    "a mailbox": |random| format!("contact.exemple{}@example.org", house(random)),
    "a telephone": |random| format!("01 99 00 12 {:02}", random.below(100)),
    "another address": |random| {
        format!("{} rue {} 75018 Paris", house(random), random.pick(STREETS))
    },
    "postal code and town": |random| format!("{} {}", random.pick(&["31300", "75018"]), random.pick(&["Toulouse", "Paris"])),
    "a mailbox behind": |random| format!("{} rue {} – contact@example.org", house(random), random.pick(STREETS)),
};

pub const WITHOUT_NUMBER: &[Defect] = streets! {
    "missing-street-number",
    "no number": |random| format!("{} {}", random.pick(TYPES), random.pick(STREETS)),
    "in capitals": |random| shouted(&format!("{} {}", random.pick(&["rue", "avenue", "place"]), random.pick(STREETS))),
    "a comma for a number": |random| format!(", {} {}", random.pick(TYPES), random.pick(STREETS)),
};

pub const WITHOUT_TYPE: &[Defect] = streets! {
    "missing-street-type",
    "a bare name": |random| random.pick(BARE).to_owned(),
    "in capitals": |random| shouted(random.pick(BARE)),
    "the type left out": |random| {
        random.pick(&["de la République", "des Tanneurs", "du 8-Mai-1945", "de l’Église", "d'Alsace", "du Château d'eau"]).to_owned()
    },
    "with a title": |random| format!("{} {}", random.pick(&["Docteur", "Maréchal", "Capitaine"]), random.pick(BARE)),
};

/// A region whose code or name is nowhere known.
pub const UNKNOWN_REGIONS: &[Defect] = &[
    Defect::new("unknown-region", "a code of none", |world, random| {
        let mut base = base(world, random);
        base.set("/region/code", base.region.code);
        let code = random.pick(&["05", "07", "10", "20", "33", "46", "59", "62", "99", "13"]);
        Broken::of(base).put("/region/code", code)
    }),
    Defect::new("unknown-region", "letters for a code", |world, random| {
        let mut base = base(world, random);
        base.set("/region/code", base.region.code);
        let code = random.pick(&["OCC", "FR-ARA", "R76", "IDF", "2A", "7", "076"]);
        Broken::of(base).put("/region/code", code)
    }),
    Defect::new("unknown-region", "misspelt, with its code", |world, random| {
        let mut base = base(world, random);
        base.set("/region/code", base.region.code);
        base.set("/region/nom", base.region.name);
        let text = misspelt(random, base.region.name, 1);
        let is_known =
            [RegionSet::Present, RegionSet::Until2015].iter().any(|set| regions::by_name(*set, &text).is_some());
        Broken::of(base).put("/region/nom", text).filter(|_| !is_known)
    }),
    Defect::new("unknown-region", "misspelt, without a code", |world, random| {
        let mut base = base(world, random);
        base.set("/region", serde_json::json!({"nom": base.region.name}));
        let text = misspelt(random, base.region.name, 2);
        let is_known =
            [RegionSet::Present, RegionSet::Until2015].iter().any(|set| regions::by_name(*set, &text).is_some());
        Broken::of(base).put("/region/nom", text).filter(|_| !is_known)
    }),
    Defect::new("unknown-region", "a province or a department", |world, random| {
        let base = base(world, random);
        let name = random.pick(&["Quercy", "Lot", "Béarn", "Savoie", "Grand Ouest", "Gascogne", "Dauphiné", "France"]);
        Broken::of(base).put("/region/nom", name)
    }),
];

pub const UNKNOWN_DEPARTMENTS: &[Defect] = &[
    Defect::new("unknown-department", "a code of none", |world, random| {
        let base = with_department(world, random);
        let code = random.pick(&["96", "97", "98", "99", "00", "979", "970", "2C", "100", "123"]);
        Broken::of(base).put("/territoire/departements/0/code", code)
    }),
    Defect::new("unknown-department", "a code of none, alone", |world, random| {
        let mut base = base(world, random);
        base.set("/territoire/departements", serde_json::json!([{"code": base.department.code}]));
        let code = random.pick(&["96", "97", "99", "00", "2C", "046"]);
        Broken::of(base).put("/territoire/departements/0/code", code)
    }),
    Defect::new("unknown-department", "Corsica as it was", |world, random| {
        let own = world.communes_of(department(random.pick(&["2A", "2B"])));
        let wish = Wish { commune: Some(own[random.below(own.len())]), cedex: Some(false), ..Wish::default() };
        let mut base = world.base(random, &wish);
        base.set("/territoire/departements/0", serde_json::json!({"code": base.department.code}));
        broken(base, "/territoire/departements/0/code", |_| "20".to_owned())
    }),
    Defect::new("unknown-department", "misspelt, without a code", |world, random| {
        let mut base = base(world, random);
        base.set("/territoire/departements/0", serde_json::json!({"nom": base.department.name}));
        let slips = 1 + random.below(2);
        let text = misspelt(random, base.department.name, slips);
        let is_known = departments::by_name(&text).is_some();
        Broken::of(base).put("/territoire/departements/0/nom", text).filter(|_| !is_known)
    }),
    Defect::new("unknown-department", "a region or a town", |world, random| {
        let mut base = base(world, random);
        base.set("/territoire/departements/0", serde_json::json!({"nom": base.department.name}));
        let name =
            random.pick(&["Bretagne", "Corse", "Figeac", "Pays basque", "Quercy", "Savoies", "Charentes", "Toulouse"]);
        Broken::of(base).put("/territoire/departements/0/nom", name)
    }),
];

pub const CONTRADICTED_DEPARTMENTS: &[Defect] = &[
    Defect::new("department-name-mismatch", "number of another", |world, random| {
        let base = with_department(world, random);
        let other = &DEPARTMENTS[random.below(DEPARTMENTS.len())];
        Some(
            Broken::of(base)
                .put("/territoire/departements/0/code", other.code)?
                .or_at("/territoire/departements/0/nom"),
        )
    }),
    Defect::new("department-name-mismatch", "number of the next", |world, random| {
        let base = with_department(world, random);
        let rank = DEPARTMENTS.iter().position(|one| one == base.department)?;
        let other = DEPARTMENTS.get(rank + 1)?;
        Some(
            Broken::of(base)
                .put("/territoire/departements/0/code", other.code)?
                .or_at("/territoire/departements/0/nom"),
        )
    }),
    Defect::new("department-name-mismatch", "name of another", |world, random| {
        let base = with_department(world, random);
        let other = &DEPARTMENTS[random.below(DEPARTMENTS.len())];
        Some(
            Broken::of(base)
                .put("/territoire/departements/0/nom", other.name)?
                .or_at("/territoire/departements/0/code"),
        )
    }),
    Defect::new("department-name-mismatch", "a name like it", |world, random| {
        let pairs = [
            ("42", "Loiret"),
            ("44", "Loire"),
            ("70", "Saône-et-Loire"),
            ("04", "Hautes-Alpes"),
            ("64", "Pyrénées-Orientales"),
            ("67", "Haut-Rhin"),
            ("79", "Vendée"),
            ("52", "Marne"),
            ("41", "Indre-et-Loire"),
            ("93", "Seine-Maritime"),
        ];
        let (code, name) = pairs[random.below(pairs.len())];
        let own = world.communes_of(department(code));
        let wish = Wish { commune: Some(own[random.below(own.len())]), cedex: Some(false), ..Wish::default() };
        let mut base = world.base(random, &wish);
        base.set("/territoire/departements/0/code", code);
        base.set("/territoire/departements/0/nom", department(code).name);
        Some(Broken::of(base).put("/territoire/departements/0/nom", name)?.or_at("/territoire/departements/0/code"))
    }),
    Defect::new("department-name-mismatch", "misspelt", |world, random| {
        let base = with_department(world, random);
        let text = misspelt(random, base.department.name, 1);
        let is_known = departments::by_name(&text).is_some();
        Broken::of(base).put("/territoire/departements/0/nom", text).filter(|_| !is_known)
    }),
    Defect::new("department-name-mismatch", "a province", |world, random| {
        let base = with_department(world, random);
        let name =
            random.pick(&["Quercy", "Béarn", "Dauphiné", "Flandres", "Pays basque", "Côte-du-Nord", "Basses-Alpes"]);
        let at = "/territoire/departements/0/nom";
        Broken::of(base).put(at, name)
    }),
];

/// A department whose regions of today and of 2015 are both others.
fn elsewhere(random: &mut Random, base: &Base) -> &'static Department {
    loop {
        let other = &DEPARTMENTS[random.below(DEPARTMENTS.len())];
        if other.region != base.department.region && other.region_until_2015 != base.department.region_until_2015 {
            return other;
        }
    }
}

pub const DEPARTMENTS_ELSEWHERE: &[Defect] = &[
    Defect::new("region-department-mismatch", "another department beside", |world, random| {
        let wish = Wish { several: true, cedex: Some(false), ..Wish::default() };
        let base = world.base(random, &wish);
        let rank = base.value["territoire"]["departements"].as_array()?.len() - 1;
        let other = elsewhere(random, &base);
        let (at, key, text) = match random.chance(70) {
            true => (format!("/territoire/departements/{rank}"), "code", other.code),
            false => (format!("/territoire/departements/{rank}"), "nom", other.name),
        };
        let is_seat = rank == 0;
        let broken = Broken::of(base).with(&at, serde_json::json!({})).put(&format!("{at}/{key}"), text)?;
        (!is_seat).then_some(broken)
    }),
    Defect::new("region-department-mismatch", "another region", |world, random| {
        let base = world.base(random, &Wish { single: true, cedex: Some(false), ..Wish::default() });
        let other = elsewhere(random, &base);
        let region = regions::by_code(base.set, other.region_in(base.set))?;
        let has_code = base.text("/territoire/departements/0/code").is_some();
        let mut broken = Broken::of(base).with("/region", serde_json::json!({"code": region.code, "nom": region.name}));
        broken.at.push(format!("/territoire/departements/0/{}", if has_code { "code" } else { "nom" }));
        Some(broken)
    }),
    // Each department that does not lie in the wrong region is told.
    Defect::new("region-department-mismatch", "another region, by its name", |world, random| {
        let base = world.base(random, &Wish { several: true, cedex: Some(false), ..Wish::default() });
        let other = elsewhere(random, &base);
        let region = regions::by_code(base.set, other.region_in(base.set))?;
        let has_code = base.text("/territoire/departements/0/code").is_some();
        let mut broken = Broken::of(base).with("/region", serde_json::json!({"nom": region.name}));
        broken.at.push(format!("/territoire/departements/0/{}", if has_code { "code" } else { "nom" }));
        Some(broken)
    })
    .also(&["region-department-mismatch"]),
];

pub const OTHER_YEARS: &[Defect] = &[
    Defect::new("region-of-another-year", "of today, before 2016", |world, random| {
        let base = world.base(random, &Wish { set: Some(RegionSet::Until2015), ..Wish::default() });
        let region = regions::by_code(RegionSet::Present, base.department.region)?;
        let is_other = regions::by_name(RegionSet::Until2015, region.name).is_none();
        Broken::of(base).without("/region").put("/region/nom", region.name).filter(|_| is_other)
    }),
    Defect::new("region-of-another-year", "of 2015, since", |world, random| {
        let base = world.base(random, &Wish { set: Some(RegionSet::Present), ..Wish::default() });
        let region = regions::by_code(RegionSet::Until2015, base.department.region_until_2015)?;
        let is_other = regions::by_name(RegionSet::Present, region.name).is_none();
        Broken::of(base).without("/region").put("/region/nom", region.name).filter(|_| is_other)
    }),
    Defect::new("region-of-another-year", "code and name", |world, random| {
        let base = world.base(random, &Wish { cedex: Some(false), ..Wish::default() });
        let set = if base.set == RegionSet::Present { RegionSet::Until2015 } else { RegionSet::Present };
        let region = regions::by_code(set, base.department.region_in(set))?;
        let is_other = regions::by_code(base.set, region.code).is_none();
        Broken::of(base)
            .with("/region", serde_json::json!({"code": region.code}))
            .put("/region/nom", region.name)
            .filter(|_| is_other)
    }),
    Defect::new("region-of-another-year", "by its code", |world, random| {
        let base = world.base(random, &Wish { cedex: Some(false), ..Wish::default() });
        let set = if base.set == RegionSet::Present { RegionSet::Until2015 } else { RegionSet::Present };
        let region = regions::by_code(set, base.department.region_in(set))?;
        let is_other = regions::by_code(base.set, region.code).is_none();
        Broken::of(base).without("/region").put("/region/code", region.code).filter(|_| is_other)
    }),
    Defect::new("region-of-another-year", "without any department", |world, random| {
        let base = world.base(random, &Wish { set: Some(RegionSet::Present), cedex: Some(false), ..Wish::default() });
        let region = regions::by_code(RegionSet::Until2015, base.department.region_until_2015)?;
        let is_other = regions::by_name(RegionSet::Present, region.name).is_none();
        let broken = Broken::of(base).without("/territoire/departements").without("/region");
        broken.put("/region/nom", region.name).filter(|_| is_other)
    })
    // Taken out, so that the region is told by itself.
    .also(&["missing-department"]),
];

pub const UNKNOWN_COMMUNES: &[Defect] = &[
    Defect::new("unknown-commune", "a code of none", |world, random| {
        let base = with_commune(world, random);
        let code = format!("{}{}", &base.commune.code[..2], 700 + random.below(300));
        let is_known = communes::by_code(&code).is_some() || communes::former(&code).next().is_some();
        Broken::of(base).put("/territoire/communes/0/code_insee", code).filter(|_| !is_known)
    }),
    Defect::new("unknown-commune", "a slip in the code", |world, random| {
        let base = with_commune(world, random);
        let code = format!("{}{}", &base.commune.code[..2], slipped(random, &base.commune.code[2..]));
        let is_known = communes::by_code(&code).is_some() || communes::former(&code).next().is_some();
        Broken::of(base).put("/territoire/communes/0/code_insee", code).filter(|_| !is_known)
    }),
    Defect::new("unknown-commune", "the postal code", |world, random| {
        let base = with_commune(world, random);
        let code = base.commune.postal_codes().next()?;
        let is_known =
            communes::by_code(code).is_some() || communes::former(code).next().is_some() || code.starts_with("20");
        Broken::of(base).put("/territoire/communes/0/code_insee", code).filter(|_| !is_known)
    }),
    Defect::new("unknown-commune", "misspelt, without a code", |world, random| {
        let base = with_name_alone(world, random);
        let slips = 1 + random.below(2);
        let text = misspelt(random, base.commune.name, slips);
        let is_known = is_a_commune(&text);
        Broken::of(base).put("/territoire/communes/0/nom", text).filter(|_| !is_known)
    }),
    Defect::new("unknown-commune", "a group of communes", |world, random| {
        let base = with_name_alone(world, random);
        let start = random.pick(&["Communauté de communes de ", "Pays de ", "Grand ", "CC du bassin de "]);
        let text = format!("{start}{}", base.commune.name);
        let is_known = is_a_commune(&text);
        Broken::of(base).put("/territoire/communes/0/nom", text).filter(|_| !is_known)
    }),
];

/// Another commune of the department, of another name.
fn neighbour(world: &World, random: &mut Random, base: &Base) -> Option<Commune> {
    let own = world.communes_of(base.department);
    let other = own[random.below(own.len())];
    let bears = |name: &str, code: &str| {
        communes::by_name(name).chain(communes::by_former_name(name)).any(|commune| commune.code == code)
    };
    let is_other = other.code != base.commune.code
        && other.parent.is_empty()
        && base.commune.parent.is_empty()
        && !bears(other.name, base.commune.code)
        && !bears(base.commune.name, other.code);
    is_other.then_some(other)
}

pub const CONTRADICTED_COMMUNES: &[Defect] = &[
    Defect::new("commune-name-mismatch", "code of another", |world, random| {
        let base = with_commune(world, random);
        let other = neighbour(world, random, &base)?;
        Some(Broken::of(base).put("/territoire/communes/0/code_insee", other.code)?.or_at("/territoire/communes/0/nom"))
    }),
    Defect::new("commune-name-mismatch", "name of another", |world, random| {
        let base = with_commune(world, random);
        let other = neighbour(world, random, &base)?;
        Some(Broken::of(base).put("/territoire/communes/0/nom", other.name)?.or_at("/territoire/communes/0/code_insee"))
    }),
    Defect::new("commune-name-mismatch", "digits swapped in the code", |world, random| {
        let base = with_commune(world, random);
        let code = swapped(base.commune.code, 2 + random.below(2));
        let other = communes::by_code(&code)?;
        let bears = communes::by_name(base.commune.name)
            .chain(communes::by_former_name(base.commune.name))
            .any(|commune| commune.code == other.code);
        Some(Broken::of(base).put("/territoire/communes/0/code_insee", other.code)?.or_at("/territoire/communes/0/nom"))
            .filter(|_| !bears && other.code == code)
    }),
    Defect::new("commune-name-mismatch", "misspelt", |world, random| {
        let base = with_commune(world, random);
        let slips = 1 + random.below(2);
        let text = misspelt(random, base.commune.name, slips);
        let is_known = is_a_commune(&text);
        Broken::of(base).put("/territoire/communes/0/nom", text).filter(|_| !is_known)
    }),
];

pub const UNKNOWN_CODES: &[Defect] = &[
    Defect::new("unknown-postal-code", "a slip in the last digits", |world, random| {
        let base = base(world, random);
        broken(base, CODE, |right| format!("{}{}", &right[..2], slipped(random, &right[2..]))).filter(is_unknown)
    }),
    Defect::new("unknown-postal-code", "two digits swapped", |world, random| {
        let base = base(world, random);
        broken(base, CODE, |right| swapped(right, 2 + random.below(2))).filter(is_unknown)
    }),
    Defect::new("unknown-postal-code", "a slip in the first digits", |world, random| {
        let base = base(world, random);
        broken(base, CODE, |right| format!("{}{}", slipped(random, &right[..2]), &right[2..])).filter(is_unknown)
    }),
    Defect::new("unknown-postal-code", "the INSEE code", |world, random| {
        let base = base(world, random);
        let code = base.commune.code;
        broken(base, CODE, |_| code.to_owned()).filter(is_unknown)
    }),
];

/// Whether the code of the broken address has the form of one and is none.
fn is_unknown(broken: &Broken) -> bool {
    let code = broken.record.pointer(CODE).unwrap().as_str().unwrap();
    let is_formed =
        code.bytes().all(|byte| byte.is_ascii_digit()) && !code.starts_with("00") && !code.starts_with("99");
    is_formed && !is_postal_code(code) && cedex_label(code).is_none()
}

/// A commune of a department that the record does not name, that its postal code serves alone.
fn far(world: &World, random: &mut Random, base: &Base) -> (Commune, &'static str) {
    let own = declared(base);
    loop {
        let (_, among) = &world.departments[random.below(world.departments.len())];
        let commune = among[random.below(among.len())];
        let code = commune.postal_codes().next().unwrap();
        let is_far = !of_code(code).iter().any(|department| own.contains(department));
        let is_homonym = communes::by_name(commune.name).any(|other| other.department() == Some(base.department));
        if is_far && !is_homonym && commune.parent.is_empty() {
            return (commune, code);
        }
    }
}

pub const CODES_OUTSIDE: &[Defect] = &[
    Defect::new("postal-code-outside-territory", "code of another department", |world, random| {
        let base = base(world, random);
        let (_, code) = far(world, random, &base);
        let name = base.commune.name;
        let serves = communes_of(code).any(|commune| communes::by_name(name).any(|other| other.code == commune.code));
        Broken::of(base).put(CODE, code).filter(|_| !serves)
    }),
    Defect::new("postal-code-outside-territory", "address in another department", |world, random| {
        let base = base(world, random);
        let (commune, code) = far(world, random, &base);
        Broken::of(base).with(TOWN, commune.name).put(CODE, code)
    }),
    Defect::new("postal-code-outside-territory", "first digits swapped", |world, random| {
        let base = base(world, random);
        let own = declared(&base);
        let code = swapped(base.text(CODE)?, 0);
        let found = of_code(&code);
        let is_far = !found.is_empty() && !found.iter().any(|department| own.contains(department));
        let name = base.commune.name;
        let serves = communes_of(&code).any(|commune| communes::by_name(name).any(|other| other.code == commune.code));
        Broken::of(base).put(CODE, code).filter(|_| is_far && !serves)
    }),
    Defect::new("postal-code-outside-territory", "a slip in the first digits", |world, random| {
        let base = base(world, random);
        let own = declared(&base);
        let right = base.text(CODE)?;
        let code = format!("{}{}", slipped(random, &right[..2]), &right[2..]);
        let found = of_code(&code);
        let is_far = !found.is_empty() && !found.iter().any(|department| own.contains(department));
        let name = base.commune.name;
        let serves = communes_of(&code).any(|commune| communes::by_name(name).any(|other| other.code == commune.code));
        Broken::of(base).put(CODE, code).filter(|_| is_far && !serves)
    }),
];

/// Whether a commune that bears, or bore, the name has the postal code.
fn goes_with(name: &str, code: &str) -> bool {
    communes::by_name(name)
        .chain(communes::by_former_name(name))
        .any(|commune| commune.postal_codes().any(|own| own == code))
}

pub const CONTRADICTED_CODES: &[Defect] = &[
    Defect::new("postal-code-commune-mismatch", "code of a neighbour", |world, random| {
        let base = base(world, random);
        let other = neighbour(world, random, &base)?;
        let code = other.postal_codes().next()?;
        let is_wrong = !goes_with(base.commune.name, code) && of_code(code).contains(&base.department);
        Some(Broken::of(base).put(CODE, code)?.or_at(TOWN)).filter(|_| is_wrong)
    }),
    Defect::new("postal-code-commune-mismatch", "a slip in the code", |world, random| {
        let base = base(world, random);
        let right = base.text(CODE)?;
        let code = format!("{}{}", &right[..2], slipped(random, &right[2..]));
        let is_wrong = !goes_with(base.commune.name, &code) && of_code(&code).contains(&base.department);
        Some(Broken::of(base).put(CODE, code)?.or_at(TOWN)).filter(|_| is_wrong)
    }),
    Defect::new("postal-code-commune-mismatch", "a neighbour", |world, random| {
        let base = base(world, random);
        let other = neighbour(world, random, &base)?;
        let is_wrong = !goes_with(other.name, base.text(CODE)?);
        Some(Broken::of(base).put(TOWN, other.name)?.or_at(CODE)).filter(|_| is_wrong)
    }),
    Defect::new("postal-code-commune-mismatch", "misspelt by a letter", |world, random| {
        misspelt_town(world, random, 1)
    }),
    Defect::new("postal-code-commune-mismatch", "misspelt by two letters", |world, random| {
        misspelt_town(world, random, 2)
    }),
    Defect::new("postal-code-commune-mismatch", "a town far away", |world, random| {
        let base = base(world, random);
        let (other, _) = far(world, random, &base);
        let is_wrong = !goes_with(other.name, base.text(CODE)?);
        Some(Broken::of(base).put(TOWN, other.name)?.or_at(CODE)).filter(|_| is_wrong)
    }),
    Defect::new("postal-code-commune-mismatch", "another office", |world, random| {
        let base = world.base(random, &Wish { cedex: Some(true), ..Wish::default() });
        let other = neighbour(world, random, &base)?;
        let office = base.text(TOWN)?;
        // An office serves the communes around: a name within the other is no contradiction.
        let is_near = shouted(office).contains(&shouted(other.name)[..3.min(other.name.len())]);
        let firms = cedex_communes(base.text(CODE)?).contains(other.code);
        Some(Broken::of(base).put(TOWN, other.name)?.or_at(CODE)).filter(|_| !is_near && !firms)
    }),
];

/// The row of a CEDEX code.
fn cedex_communes(code: &str) -> String {
    let table = include_str!("../../../../src/reference/tables/cedex.tsv");
    table.lines().find(|row| row.starts_with(code)).unwrap_or_default().to_owned()
}

fn misspelt_town(world: &World, random: &mut Random, slips: usize) -> Option<Broken> {
    let base = base(world, random);
    let text = misspelt(random, base.commune.name, slips);
    let is_known = is_a_commune(&text) || base.commune.name.contains("Arrondissement");
    Broken::of(base).put(TOWN, text).filter(|_| !is_known)
}

pub const FORMER: &[Defect] = &[
    Defect::new("former-commune", "in the address", |world, random| {
        let old = &world.old_names[random.below(world.old_names.len())];
        let wish = Wish { commune: Some(old.present), cedex: Some(false), ..Wish::default() };
        let base = world.base(random, &wish);
        let code = base.text(CODE)?.to_owned();
        let lives = communes_of(&code).any(|commune| communes::by_name(&old.name).any(|one| one.code == commune.code));
        Broken::of(base).put(TOWN, old.name.as_str()).filter(|_| !lives)
    }),
    Defect::new("former-commune", "code and name in the territory", |world, random| {
        let old = &world.old_names[random.below(world.old_names.len())];
        let code = old.code.as_deref()?;
        let mut base = world.base(random, &Wish { commune: Some(old.present), cedex: Some(false), ..Wish::default() });
        base.set("/territoire/communes/0/code_insee", old.present.code);
        let broken = Broken::of(base).with("/territoire/communes/0/nom", old.name.as_str());
        broken.put("/territoire/communes/0/code_insee", code)
    }),
    Defect::new("former-commune", "name in the territory", |world, random| {
        let old = &world.old_names[random.below(world.old_names.len())];
        let mut base = world.base(random, &Wish { commune: Some(old.present), cedex: Some(false), ..Wish::default() });
        base.set("/territoire/communes", serde_json::json!([{"nom": old.present.name}]));
        let lives = communes::by_name(&old.name).next().is_some();
        Broken::of(base).put("/territoire/communes/0/nom", old.name.as_str()).filter(|_| !lives)
    }),
    Defect::new("former-commune", "in capitals, in the address", |world, random| {
        let old = &world.old_names[random.below(world.old_names.len())];
        let wish = Wish { commune: Some(old.present), cedex: Some(false), ..Wish::default() };
        let base = world.base(random, &wish);
        let code = base.text(CODE)?.to_owned();
        let lives = communes_of(&code).any(|commune| communes::by_name(&old.name).any(|one| one.code == commune.code));
        Broken::of(base).put(TOWN, shouted(&old.name).replace('-', " ")).filter(|_| !lives)
    }),
];

pub const CEDEX: &[Defect] = &[
    Defect::new("cedex-mismatch", "no word", |world, random| {
        let base = world.base(random, &Wish { cedex: Some(true), ..Wish::default() });
        Some(Broken::of(base).cut("/adresse/cedex"))
    }),
    Defect::new("cedex-mismatch", "ordinary code", |world, random| {
        let base = base(world, random);
        let word = random.pick(&["Cedex", "CEDEX 9", "cedex", "Cedex 01"]);
        Broken::of(base).put("/adresse/cedex", word)
    }),
];
