//! Gives each published record an identifier of its own.

use std::collections::{BTreeMap, BTreeSet};
use std::hash::{DefaultHasher, Hash, Hasher};

use super::privacy::seen::Seen;
use crate::record::Record;
use crate::text::fold::slug;

/// What a record offers for an identifier.
#[derive(Debug)]
pub(super) struct Offered {
    /// The identifier that the source gives, when it is a slug.
    pub given: Option<String>,
    /// What one can be made of.
    pub base: String,
    /// A hash of what tells hubs of one name apart, and stays when a text of theirs is corrected: place and coordinator.
    pub twin: u64,
}

impl Offered {
    pub fn by(record: &Record) -> Offered {
        // Of letters as they are seen: an identifier hides none.
        let mut texts = [&record.id, &record.name].into_iter().flatten().map(|text| slug(&Seen::of(text).text));
        let base = texts.find(|slug| !slug.is_empty()).unwrap_or_else(nameless);
        let (address, coordinator) = (&record.address, &record.coordinator);
        let mut hasher = DefaultHasher::new();
        let place = [&address.commune, &address.postal_code, &record.region.code, &record.region.name];
        let body = [&coordinator.siret, &coordinator.siren, &coordinator.rna, &coordinator.name];
        (place, body).hash(&mut hasher);
        Offered { given: record.id.clone().filter(|id| *id == slug(id)), base, twin: hasher.finish() }
    }
}

fn nameless() -> String {
    "ptce".to_owned()
}

/// The identifiers given so far.
#[derive(Debug, Default)]
pub(super) struct Identifiers {
    /// Those that the sources give: no derived one may take their place.
    given: BTreeSet<String>,
    taken: BTreeSet<String>,
    /// The last number that was put behind each.
    numbers: BTreeMap<String, u64>,
}

impl Identifiers {
    pub fn new<'a>(offers: impl Iterator<Item = &'a Offered>) -> Identifiers {
        Identifiers { given: offers.filter_map(|offer| offer.given.clone()).collect(), ..Identifiers::default() }
    }

    /// The identifier of a record; `may_be_told` answers whether a text may be published.
    pub fn of(&mut self, offered: &Offered, may_be_told: impl Fn(&str) -> bool) -> String {
        if let Some(id) = offered.given.as_ref().filter(|id| may_be_told(id))
            && self.taken.insert(id.clone())
        {
            return id.clone();
        }
        let base = if may_be_told(&offered.base) { offered.base.clone() } else { nameless() };
        let number = self.numbers.entry(base.clone()).or_insert(1);
        let mut id = if *number == 1 { base.clone() } else { format!("{base}-{number}") };
        while self.given.contains(&id) || self.taken.contains(&id) {
            *number += 1;
            id = format!("{base}-{number}");
        }
        self.taken.insert(id.clone());
        id
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_record_has_its_own_identifier() {
        let offers: Vec<Offered> = [
            ("Bois", None),
            ("Bois", None),
            ("Laine", Some("bois")),
            ("Laine", Some("bois")),
            ("Laine", Some("Bois Sacré")),
            ("Bois 2", None),
            ("—", None),
            ("", None),
            ("Camille Exemple", Some("camille-exemple")),
        ]
        .map(|(name, id)| {
            Offered::by(&Record { id: id.map(str::to_owned), name: Some(name.to_owned()), ..Record::default() })
        })
        .into();
        let mut identifiers = Identifiers::new(offers.iter());
        let ids: Vec<String> =
            offers.iter().map(|offer| identifiers.of(offer, |text| !text.contains("camille"))).collect();
        assert_eq!(ids, ["bois-2", "bois-3", "bois", "bois-4", "bois-sacre", "bois-2-2", "ptce", "ptce-2", "ptce-3"]);
    }
}
