//! Records that are right, however odd they look: France as the tables of reference have it, dressed as people write.

pub mod addresses;
mod base;
mod dossier;
pub mod mail;
pub mod organisations;
pub mod phones;
mod post;

use std::cell::Cell;
use std::collections::BTreeMap;

use ptce::reference::communes::{self, Commune, Kind};
use ptce::reference::departments::{self, DEPARTMENTS, Department};
use ptce::reference::regions::{self, RegionSet};
use ptce::settings::Profile;
use serde_json::json;

use super::random::{Random, shouted};
use addresses::{address, dressed};
pub use base::{Base, remove, set};
use dossier::people;
use post::{Office, OldName, offices, old_names};

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

/// The department of that code.
pub fn department(code: &str) -> &'static Department {
    departments::by_code(code).unwrap()
}
