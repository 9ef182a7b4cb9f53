//! The fields of the record: which JSON Pointer names which place in [`Record`], and how a source value gets there.

use crate::fold::folded;
use crate::lists;
use crate::record::{Number, Record};
use crate::reference::departments;

/// A field that a source value can fill.
pub struct Field {
    /// Its JSON Pointer; `*` stands for the rank of an element.
    pub pointer: &'static str,
    pub(crate) slot: Slot,
    /// Whether the label itself is the heading under which the source lists the elements: « Partenaires ESS ».
    pub(crate) is_headed: bool,
}

/// A value that was read from the cell of another field: people write a postal code into the cell of the street.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Moved {
    /// JSON Pointer of the value.
    pub to: &'static str,
    /// JSON Pointer of the field whose cell held it.
    pub from: &'static str,
}

/// How a value reaches its place.
pub(crate) enum Slot {
    /// One text of the record.
    Text(fn(&mut Record) -> &mut Option<String>),
    /// One text of an element of a list, at a rank counted from 0.
    ElementText(fn(&mut Record, usize) -> &mut Option<String>),
    /// One number of the record.
    Number(fn(&mut Record) -> &mut Option<Number>),
    /// A list of plain texts. The second function is that of [`Slot::Elements`].
    Texts(fn(&mut Record) -> &mut Vec<String>, Listed),
    /// A list of groups, each given by one text: `Hautes-Alpes (05)`, at a rank counted from 0.
    /// Answers whether all of it found its place. The second function tells the elements that one text names without the
    /// separators of our own tables.
    Elements(fn(&mut Record, usize, &str) -> bool, Listed),
    /// What stands before the name of a contact, which has one field for the whole name.
    BeforeName,
}

/// Tells the values that one text lists; `None` when it is one value.
type Listed = fn(&str) -> Option<Vec<String>>;

/// The element at `index`, made if need be. Ranks are dense (see `mapping`), so this grows by one at most.
fn element<T: Default>(list: &mut Vec<T>, index: usize) -> &mut T {
    if list.len() <= index {
        list.resize_with(index + 1, T::default);
    }
    &mut list[index]
}

/// Puts `text` into an empty place; answers whether the place now holds it.
pub(crate) fn fill(place: &mut Option<String>, text: &str) -> bool {
    match place {
        Some(known) => known == text,
        None => {
            *place = Some(text.to_owned());
            true
        }
    }
}

/// `Hautes-Alpes (05)`, `05`, `05 Hautes-Alpes`, `Hautes-Alpes`: a code and a name, as far as they are given.
pub(crate) fn code_and_name(text: &str) -> (Option<String>, Option<String>) {
    let is_code = |word: &str| {
        (1..=3).contains(&word.len())
            && word.starts_with(|c: char| c.is_ascii_digit())
            && word[1..].chars().all(|c| c.is_ascii_digit() || matches!(c, 'A' | 'B' | 'a' | 'b'))
    };
    let own = |word: &str| Some(word.trim().to_owned()).filter(|word| !word.is_empty());
    if is_code(text) {
        return (own(text), None);
    }
    if let Some((name, code)) = text.strip_suffix(')').and_then(|text| text.rsplit_once('('))
        && is_code(code.trim())
    {
        return (own(code), own(name));
    }
    if let Some((code, name)) = text.split_once([' ', '-', '–', ':'])
        && is_code(code)
    {
        return (own(code), own(name.trim_start_matches([' ', '-', '–', ':'])));
    }
    // « (39) Jura ».
    if let Some((code, name)) = text.strip_prefix('(').and_then(|text| text.split_once(')'))
        && is_code(code.trim())
    {
        return (own(code), own(name));
    }
    // « Jura - 39 ».
    if let Some((name, code)) = text.rsplit_once(" - ").or_else(|| text.rsplit_once(" – "))
        && is_code(code.trim())
    {
        return (own(code), own(name));
    }
    // « dép. 38 »; « Jura 39 », where the two agree.
    if let Some((name, code)) = text.rsplit_once([' ', '-'])
        && is_code(code)
    {
        let is_number = matches!(folded(name).as_str(), "dep" | "dept" | "dpt" | "departement" | "region");
        let agrees = || departments::by_code(code).is_some_and(|known| departments::by_name(name) == Some(known));
        if is_number {
            return (own(code), None);
        }
        if agrees() {
            return (own(code), own(name));
        }
    }
    (None, own(text))
}

const fn text(pointer: &'static str, slot: fn(&mut Record) -> &mut Option<String>) -> Field {
    Field { pointer, slot: Slot::Text(slot), is_headed: false }
}

const fn element_text(pointer: &'static str, slot: fn(&mut Record, usize) -> &mut Option<String>) -> Field {
    Field { pointer, slot: Slot::ElementText(slot), is_headed: false }
}

const fn number(pointer: &'static str, slot: fn(&mut Record) -> &mut Option<Number>) -> Field {
    Field { pointer, slot: Slot::Number(slot), is_headed: false }
}

const fn texts(pointer: &'static str, slot: fn(&mut Record) -> &mut Vec<String>, listed: Listed) -> Field {
    Field { pointer, slot: Slot::Texts(slot, listed), is_headed: false }
}

const fn elements(pointer: &'static str, slot: fn(&mut Record, usize, &str) -> bool, listed: Listed) -> Field {
    Field { pointer, slot: Slot::Elements(slot, listed), is_headed: false }
}

fn partner(record: &mut Record, rank: usize, value: &str) -> bool {
    fill(&mut element(&mut record.partners, rank).name, value)
}

/// The list of partners again, under a label that tells their group besides.
pub(crate) static PARTNERS_UNDER_HEADING: Field =
    Field { pointer: "/partenaires", slot: Slot::Elements(partner, lists::names), is_headed: true };

/// Every field, in the order of the schema; a test holds the two against each other.
pub static FIELDS: &[Field] = &[
    text("/id", |r| &mut r.id),
    text("/nom", |r| &mut r.name),
    text("/sigle", |r| &mut r.acronym),
    text("/appel/edition", |r| &mut r.call.edition),
    text("/appel/statut", |r| &mut r.call.status),
    text("/appel/type", |r| &mut r.call.kind),
    text("/appel/date_annonce", |r| &mut r.call.announced),
    number("/appel/montant", |r| &mut r.call.amount),
    text("/region/code", |r| &mut r.region.code),
    text("/region/nom", |r| &mut r.region.name),
    text("/territoire/libelle", |r| &mut r.territory.label),
    elements(
        "/territoire/departements",
        |r, i, value| {
            let (code, name) = code_and_name(value);
            let department = element(&mut r.territory.departments, i);
            let is_placed =
                |place: &mut Option<String>, text: Option<String>| text.is_none_or(|text| fill(place, &text));
            is_placed(&mut department.code, code) & is_placed(&mut department.name, name)
        },
        departments::listed,
    ),
    element_text("/territoire/departements/*/code", |r, i| &mut element(&mut r.territory.departments, i).code),
    element_text("/territoire/departements/*/nom", |r, i| &mut element(&mut r.territory.departments, i).name),
    elements(
        "/territoire/communes",
        |r, i, value| fill(&mut element(&mut r.territory.communes, i).name, value),
        lists::short,
    ),
    element_text("/territoire/communes/*/code_insee", |r, i| &mut element(&mut r.territory.communes, i).code),
    element_text("/territoire/communes/*/nom", |r, i| &mut element(&mut r.territory.communes, i).name),
    texts("/territoire/priorites", |r| &mut r.territory.priorities, lists::short),
    texts("/thematiques", |r| &mut r.themes, lists::short),
    text("/projet/resume", |r| &mut r.project.summary),
    texts("/projet/objectifs", |r| &mut r.project.objectives, lists::sentences),
    texts("/projet/actions", |r| &mut r.project.actions, lists::sentences),
    text("/coordinateur/nom", |r| &mut r.coordinator.name),
    text("/coordinateur/forme_juridique", |r| &mut r.coordinator.legal_form),
    text("/coordinateur/siren", |r| &mut r.coordinator.siren),
    text("/coordinateur/siret", |r| &mut r.coordinator.siret),
    text("/coordinateur/rna", |r| &mut r.coordinator.rna),
    elements("/partenaires", partner, lists::names),
    element_text("/partenaires/*/nom", |r, i| &mut element(&mut r.partners, i).name),
    element_text("/partenaires/*/categorie", |r, i| &mut element(&mut r.partners, i).category),
    element_text("/partenaires/*/groupe", |r, i| &mut element(&mut r.partners, i).group),
    element_text("/partenaires/*/note", |r, i| &mut element(&mut r.partners, i).note),
    element_text("/contacts/*/nom", |r, i| &mut element(&mut r.contacts, i).name),
    element_text("/contacts/*/fonction", |r, i| &mut element(&mut r.contacts, i).role),
    element_text("/contacts/*/courriel", |r, i| &mut element(&mut r.contacts, i).email),
    element_text("/contacts/*/telephone", |r, i| &mut element(&mut r.contacts, i).phone),
    text("/adresse/complement", |r| &mut r.address.complement),
    text("/adresse/voie", |r| &mut r.address.street),
    text("/adresse/mention", |r| &mut r.address.delivery),
    text("/adresse/code_postal", |r| &mut r.address.postal_code),
    text("/adresse/commune", |r| &mut r.address.commune),
    text("/adresse/cedex", |r| &mut r.address.cedex),
    number("/emploi/etp", |r| &mut r.employment.full_time_equivalents),
    number("/emploi/salaries", |r| &mut r.employment.employees),
    number("/emploi/creations_prevues", |r| &mut r.employment.planned_jobs),
    text("/site_web", |r| &mut r.website),
    text("/calendrier", |r| &mut r.schedule),
    text("/financement", |r| &mut r.funding),
    text("/evaluation", |r| &mut r.evaluation),
    text("/mise_en_reseau", |r| &mut r.networking),
    text("/politiques_locales", |r| &mut r.local_policies),
    text("/source/fichier", |r| &mut r.source.file),
    text("/source/feuille", |r| &mut r.source.sheet),
    number("/source/ligne", |r| &mut r.source.line),
    element_text("/source/autres/*/libelle", |r, i| &mut element(&mut r.source.others, i).label),
    element_text("/source/autres/*/valeur", |r, i| &mut element(&mut r.source.others, i).value),
];

/// Parts of a name that sources keep apart, in the order in which they stand in it. They are no fields of the record: the
/// name of the contact holds them.
pub static PARTS: &[Field] = &[
    Field { pointer: "/contacts/*/civilite", slot: Slot::BeforeName, is_headed: false },
    Field { pointer: "/contacts/*/prenom", slot: Slot::BeforeName, is_headed: false },
];

impl Field {
    /// The field, or the part of one, at `pointer`, where `*` stands for a rank.
    pub fn at(pointer: &str) -> Option<&'static Field> {
        FIELDS.iter().chain(PARTS).find(|field| field.pointer == pointer)
    }

    /// The list that an element's field belongs to: `/contacts/*/nom` → `/contacts`; the field itself in no list.
    pub(crate) fn list(&self) -> &'static str {
        self.pointer.split_once("/*").map_or(self.pointer, |(list, _)| list)
    }

    /// Whether it is a part of a field that sources keep apart: a first name.
    pub(crate) fn is_part(&self) -> bool {
        matches!(self.slot, Slot::BeforeName)
    }

    /// Whether one cell can hold several values of this field.
    pub fn is_list(&self) -> bool {
        matches!(self.slot, Slot::Texts(..) | Slot::Elements(..))
    }
}

impl std::fmt::Debug for Field {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.pointer)
    }
}
