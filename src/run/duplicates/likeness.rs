//! How alike two records are that bear the same key, and why.

use super::details::{Details, Traits};
use super::names::{are_like, words_of};
use crate::language::Language;

/// A trait that two records share, and what it adds to the score, in hundredths.
struct Trait {
    fr: &'static str,
    en: &'static str,
    weight: u32,
}

/// In the order of [`Details::traits`]. One coordinator may carry several hubs, and one commune hold several: only a name with
/// its place, or a SIRET with more, makes two records the same.
const TRAITS: [Trait; 6] = [
    Trait { fr: "même nom", en: "same name", weight: 45 },
    Trait { fr: "même commune", en: "same commune", weight: 15 },
    Trait { fr: "même SIRET", en: "same SIRET", weight: 35 },
    Trait { fr: "même courriel", en: "same e-mail", weight: 20 },
    Trait { fr: "même voie", en: "same street", weight: 15 },
    Trait { fr: "même code postal", en: "same postal code", weight: 15 },
];

/// Where some of them stand in that order.
const NAME: usize = 0;
const COMMUNE: usize = 1;
const POSTAL_CODE: usize = 5;

/// What is not the same and weighs all the same.
const LIKE_NAMES: Trait = Trait { fr: "noms voisins", en: "like names", weight: 45 };
const NO_PLACE: Trait =
    Trait { fr: "lieu absent de l’une des deux", en: "place absent from one of the two", weight: 15 };

/// What the names of two hubs of one owner take off: one organisation may carry several.
const UNLIKE_NAMES: u32 = 40;

/// From this score on, in hundredths, two records are told to be probable duplicates: a name and its place.
const PROBABLE: u32 = 60;

/// How alike two records are.
pub(crate) struct Likeness {
    shared: Vec<&'static Trait>,
    less: u32,
}

impl Likeness {
    /// Compares two records.
    pub(super) fn of(one: &Details, other: &Details) -> Likeness {
        let (a, b) = (&one.traits, &other.traits);
        let is_same = |at: usize| a[at] != 0 && a[at] == b[at];
        // A commune and its postal code tell the same.
        let mut shared: Vec<&Trait> = (0..TRAITS.len())
            .filter(|at| is_same(*at) && (*at != POSTAL_CODE || !is_same(COMMUNE)))
            .map(|at| &TRAITS[at])
            .collect();
        let mut less = 0;
        if !is_same(NAME) && !one.name.is_empty() && !other.name.is_empty() {
            match are_like(&one.name, &other.name) {
                true => shared.insert(0, &LIKE_NAMES),
                false => less = UNLIKE_NAMES,
            }
        }
        let has_place = |traits: &Traits| traits[COMMUNE] != 0 || traits[POSTAL_CODE] != 0;
        if is_same(NAME) && has_place(a) != has_place(b) && words_of(&one.name).len() > 1 {
            shared.push(&NO_PLACE);
        }
        Likeness { shared, less }
    }

    /// Whether the records are probable duplicates.
    pub(super) fn is_probable(&self) -> bool {
        self.score() >= PROBABLE
    }

    /// The score in hundredths.
    pub fn score(&self) -> u32 {
        self.shared.iter().map(|shared| shared.weight).sum::<u32>().saturating_sub(self.less).min(100)
    }

    /// What the records share, in words.
    pub fn reasons(&self, language: Language) -> String {
        let name = |shared: &&Trait| if language == Language::French { shared.fr } else { shared.en };
        self.shared.iter().map(name).collect::<Vec<_>>().join(", ")
    }
}
