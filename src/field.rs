//! The fields of the record: which JSON Pointer names which place in [`Record`], and how a source value gets there.

use std::sync::LazyLock;

use crate::record::{At, Member, Partner, Record, Shape, Slot, Text};
use crate::reference::{departments, written};
use crate::text::fold::folded;
use crate::text::{families, lists};

/// A field that a source value can fill.
pub struct Field {
    /// Its JSON Pointer; `*` stands for the index of an element.
    pub pointer: &'static str,
    /// Its place in the order of the record; parts of a field have that of the field.
    pub(crate) number: u8,
    pub(crate) kind: Kind,
    /// Whether the label itself is the heading under which the source lists the elements: « Partenaires ESS ».
    pub(crate) is_headed: bool,
    /// The pointer of its values, when it is a list of texts; else its own.
    values: &'static str,
    /// The number and the pointer of the list that it is in; its own in no list.
    list: (u8, &'static str),
    /// The keys that lead to it, by their indexes in their groups.
    path: Vec<u8>,
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
#[derive(Clone, Copy)]
pub(crate) enum Kind {
    /// One text of the record.
    Text,
    /// One text of an element of a list.
    ElementText,
    /// One number of the record.
    Number,
    /// A list of plain texts.
    Texts(Split),
    /// A list of groups, each of which one text can give: `Hautes-Alpes (05)`.
    Elements(Split, Take),
    /// What stands before the name of a contact, which has one field for the whole name.
    BeforeName,
    /// What stands before the name of a street: its number, its type.
    BeforeStreet,
    /// A list of groups that no single text gives.
    Groups,
}

/// Tells the values that one text lists without the separators of our own tables; `None` when it is one value.
pub(crate) type Split = fn(&str) -> Option<Vec<String>>;

/// Puts one text into the element at an index, counted from 0. Answers whether all of it found its place.
pub(crate) type Take = for<'t> fn(&mut Record<&'t str>, usize, &'t str) -> bool;

/// How one text lists several values, for each list of the record; a test tells which one is forgotten here.
const LISTS: &[(&str, Split, Option<Take>)] = &[
    ("/territoire/departements", departments::listed, Some(department)),
    ("/territoire/communes", written::listed, Some(commune)),
    ("/territoire/priorites", lists::choices, None),
    ("/thematiques", lists::short, None),
    ("/projet/objectifs", lists::sentences, None),
    ("/projet/actions", lists::sentences, None),
    ("/partenaires", lists::partners, Some(partner)),
];

fn department<'t>(record: &mut Record<&'t str>, index: usize, text: &'t str) -> bool {
    let (code, name) = code_and_name(text);
    let department = element(&mut record.territory.departments, index);
    let is_placed = |place: &mut Option<&'t str>, text: Option<&'t str>| text.is_none_or(|text| fill(place, text));
    is_placed(&mut department.code, code) & is_placed(&mut department.name, name)
}

fn commune<'t>(record: &mut Record<&'t str>, index: usize, text: &'t str) -> bool {
    let commune = element(&mut record.territory.communes, index);
    let is_free = commune.name.is_none() && commune.code.is_none();
    match written::told(text).filter(|_| is_free) {
        Some((known, name)) => fill(&mut commune.name, name) && fill(&mut commune.code, known.code),
        None => fill(&mut commune.name, text),
    }
}

fn partner<'t>(record: &mut Record<&'t str>, index: usize, text: &'t str) -> bool {
    let partner = element(&mut record.partners, index);
    let headed = memchr::memchr(b':', text.as_bytes()).and_then(|_| lists::heading_and_name(text));
    match headed.filter(|(_, name)| !name.is_empty()) {
        Some((heading, name)) => {
            let is_placed = fill(&mut partner.name, name);
            tell_heading(partner, heading);
            is_placed
        }
        None => match may_hold_address(text).then(|| lists::name_and_address(text)).flatten() {
            Some((name, address)) if partner.note.is_none() => {
                partner.note = Some(address);
                fill(&mut partner.name, name)
            }
            _ => fill(&mut partner.name, text),
        },
    }
}

/// Whether a text has what stands before an address behind a name.
fn may_hold_address(text: &str) -> bool {
    memchr::memchr2(b',', b'(', text.as_bytes()).is_some_and(|at| text.as_bytes()[at..].iter().any(u8::is_ascii_digit))
}

/// Tells of a partner what stands above it, or is the label of its list: the heading, and the family where the heading names one.
pub(crate) fn tell_heading<'t>(partner: &mut Partner<&'t str>, heading: &'t str) {
    let family = partner.name.and_then(|name| families::under_heading(name, heading));
    partner.group.get_or_insert(heading);
    if partner.category.is_none() {
        partner.category = family;
    }
}

/// The element at `index`, made if need be. Elements come in the order of their indexes, so this grows by one at most.
fn element<T: Default>(list: &mut Vec<T>, index: usize) -> &mut T {
    if list.len() <= index {
        list.resize_with(index + 1, T::default);
    }
    &mut list[index]
}

/// Puts `text` into an empty place; answers whether the place now holds it.
pub(crate) fn fill<'t>(place: &mut Option<&'t str>, text: &'t str) -> bool {
    match place {
        Some(known) => *known == text,
        None => {
            *place = Some(text);
            true
        }
    }
}

/// `Hautes-Alpes (05)`, `05`, `05 Hautes-Alpes`, `Hautes-Alpes`: a code and a name, as far as they are given.
pub(crate) fn code_and_name(text: &str) -> (Option<&str>, Option<&str>) {
    // « '08 »: a spreadsheet hides the apostrophe that keeps a code from being counted, other programs do not.
    let is_number = |rest: &&str| rest.starts_with(|c: char| c.is_ascii_digit());
    let text = text.strip_prefix('\'').filter(is_number).unwrap_or(text);
    let is_code = |word: &str| {
        (1..=3).contains(&word.len())
            && word.starts_with(|c: char| c.is_ascii_digit())
            && word[1..].chars().all(|c| c.is_ascii_digit() || matches!(c, 'A' | 'B' | 'a' | 'b'))
            // The two halves of the Rhône: « 69D », and « 69M », that of Lyon.
            || matches!(word, "69D" | "69M" | "69d" | "69m")
            // « D93 ».
            || matches!(word.as_bytes(), [b'D', b'0'..=b'9', b'0'..=b'9'])
    };
    fn own(word: &str) -> Option<&str> {
        Some(word.trim()).filter(|word| !word.is_empty())
    }
    // « 2 A » is one code.
    let is_corsican = |text: &str| matches!(text.as_bytes(), [b'2', b' ' | b'-', b'A' | b'B' | b'a' | b'b']);
    if is_code(text) || is_corsican(text) {
        return (own(text), None);
    }
    if let Some((name, code)) = text.strip_suffix(')').and_then(|text| text.rsplit_once('('))
        && is_code(code.trim())
    {
        return (own(code), own(name));
    }
    if let Some((code, name)) = text.split_once([' ', '-', '–', ':'])
        && is_code(code)
        // « 4 départements bretons » counts them.
        && !(code.len() == 1 && folded(name).starts_with("departement"))
    {
        let name = name.trim_matches([' ', '-', '–', ':']);
        // « 93 (Seine-Saint-Denis) ».
        let bare =
            name.strip_prefix('(').and_then(|name| name.strip_suffix(')')).filter(|bare| !bare.contains(['(', ')']));
        return (own(code), own(bare.unwrap_or(name)));
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

/// Every field of the record, in the order of the record, which is that of the schema; their indexes are their numbers.
static ALL: LazyLock<Vec<Field>> = LazyLock::new(|| {
    let mut fields = Vec::new();
    Record::<String>::describe(&mut Vec::new(), &mut |keys, shape| {
        let pointer: String = keys.iter().flat_map(|(key, _)| ["/", key]).collect();
        let listed = LISTS.iter().find(|(known, ..)| *known == pointer);
        let kind = match (shape, listed) {
            (Shape::Text, _) if keys.iter().any(|(key, _)| *key == "*") => Kind::ElementText,
            (Shape::Text, _) => Kind::Text,
            (Shape::Number, _) => Kind::Number,
            (Shape::Texts, Some((_, split, _))) => Kind::Texts(*split),
            (Shape::Texts, None) => Kind::Texts(lists::short),
            (Shape::Groups, Some((_, split, Some(take)))) => Kind::Elements(*split, *take),
            (Shape::Groups, _) => Kind::Groups,
        };
        let values = if matches!(kind, Kind::Texts(_)) { format!("{pointer}/*") } else { pointer.clone() };
        let pointer: &'static str = pointer.leak();
        let list = pointer.split_once("/*").map_or(pointer, |(list, _)| list);
        let of_list = fields.iter().position(|field: &Field| field.pointer == list).unwrap_or(fields.len());
        fields.push(Field {
            pointer,
            list: (of_list as u8, list),
            values: values.leak(),
            number: fields.len() as u8,
            kind,
            is_headed: false,
            path: keys.iter().filter(|(key, _)| *key != "*").map(|(_, index)| *index).collect(),
        });
    });
    fields
});

/// Every field that a source value can fill, in the order of the schema.
pub fn fields() -> impl Iterator<Item = &'static Field> + Clone {
    ALL.iter().filter(|field| !matches!(field.kind, Kind::Groups))
}

/// The list of partners again, under a label that tells their group besides.
pub(crate) static PARTNERS_UNDER_HEADING: LazyLock<Field> = LazyLock::new(|| {
    let list = Field::at("/partenaires").expect("the record has partners");
    Field { is_headed: true, path: list.path.clone(), ..*list }
});

/// Parts of a name and of a street that sources keep apart, in the order in which they stand in it. They are no fields of the
/// record: the name of the contact, and the line of the street, hold them.
static PARTS: LazyLock<Vec<Field>> = LazyLock::new(|| {
    let name = Field::at("/contacts/*/nom").expect("a contact has a name");
    let street = Field::at("/adresse/voie").expect("an address has a street");
    let part = |of: &'static Field, kind, pointer| Field { pointer, kind, path: of.path.clone(), ..*of };
    vec![
        part(name, Kind::BeforeName, "/contacts/*/civilite"),
        part(name, Kind::BeforeName, "/contacts/*/prenom"),
        part(street, Kind::BeforeStreet, "/adresse/voie/numero"),
        part(street, Kind::BeforeStreet, "/adresse/voie/indice"),
        part(street, Kind::BeforeStreet, "/adresse/voie/type_voie"),
    ]
});

impl Field {
    /// The field, or the part of one, at `pointer`, where `*` stands for an index.
    pub fn at(pointer: &str) -> Option<&'static Field> {
        let is_at = |field: &&Field| field.pointer == pointer;
        fields().find(is_at).or_else(|| PARTS.iter().find(is_at))
    }

    /// Every field of the record, by their numbers: those that no source fills too.
    pub(crate) fn all() -> &'static [Field] {
        &ALL
    }

    /// Its index among all fields.
    pub(crate) fn number(&self) -> usize {
        usize::from(self.number)
    }

    /// The pointer of its values: of a list of texts, that of its elements.
    pub(crate) fn values(&self) -> &'static str {
        self.values
    }

    /// The field of a number.
    pub(crate) fn of(number: u8) -> &'static Field {
        &ALL[usize::from(number)]
    }

    /// The list that an element's field belongs to: `/contacts/*/nom` → `/contacts`; the field itself in no list.
    pub(crate) fn list(&self) -> &'static str {
        self.list.1
    }

    /// The number of that list.
    pub(crate) fn list_number(&self) -> u8 {
        self.list.0
    }

    /// Whether it is a part of a field that sources keep apart: a first name.
    pub(crate) fn is_part(&self) -> bool {
        matches!(self.kind, Kind::BeforeName | Kind::BeforeStreet)
    }

    /// Whether its values are numbers.
    pub(crate) fn is_number(&self) -> bool {
        matches!(self.kind, Kind::Number)
    }

    /// Whether one cell can hold several values of this field.
    pub fn is_list(&self) -> bool {
        matches!(self.kind, Kind::Texts(_) | Kind::Elements(..))
    }
}

impl<T: Text> Record<T> {
    /// The place of a field. Of a list, it is that of the element at `index`, made if need be.
    pub(crate) fn slot(&mut self, field: &Field, index: usize) -> Option<Slot<'_, T>> {
        let mut slot = Slot::Group(self);
        for key in &field.path {
            slot = match slot {
                Slot::Group(group) => group.slot_at(usize::from(*key))?,
                Slot::Groups(list) => list.element_mut(index).slot_at(usize::from(*key))?,
                Slot::Text(_) | Slot::Number(_) | Slot::Texts(_) => return None,
            };
        }
        Some(slot)
    }

    /// The fields that have a value.
    pub(crate) fn present(&self) -> Fields {
        Fields(Member::present(self, 0))
    }

    /// Shows each text of the record, but those that say where the record came from.
    pub(crate) fn texts<'r>(&'r self, mut look: impl FnMut(At, &'r str)) {
        let origin = ORIGIN.number;
        self.each_text(At::FIRST, &mut |at: At, text| {
            if at.field < origin {
                look(at, text);
            }
        });
    }
}

/// A set of fields.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Fields(u128);

impl Fields {
    /// The fields at these pointers; of a group, those below it.
    pub(crate) fn at(pointers: &[&str]) -> Fields {
        let is_in = |field: &Field, pointer: &str| {
            field.pointer.strip_prefix(pointer).is_some_and(|below| below.is_empty() || below.starts_with('/'))
        };
        let of = |pointer: &str| {
            ALL.iter().filter(|field| is_in(field, pointer)).fold(0, |set, field| set | 1 << field.number)
        };
        Fields(pointers.iter().fold(0, |set, pointer| set | of(pointer)))
    }

    /// Adds a field; answers whether it was not there.
    pub(crate) fn insert(&mut self, field: &Field) -> bool {
        let before = self.0;
        self.0 |= 1 << field.number;
        self.0 != before
    }

    /// Whether the two sets have a field in common.
    pub(crate) fn meet(self, other: Fields) -> bool {
        self.0 & other.0 != 0
    }
}

/// The first of the fields that say where a record came from, which are the last of all.
static ORIGIN: LazyLock<&'static Field> =
    LazyLock::new(|| Field::at("/source/fichier").expect("the record has an origin"));

impl At {
    /// The place of the first field.
    pub(crate) const FIRST: At = At { field: 0, index: 0 };

    /// The field.
    pub(crate) fn field(self) -> &'static Field {
        Field::of(self.field)
    }

    /// The JSON Pointer of the value.
    pub(crate) fn pointer(self) -> String {
        let template = self.field().values;
        match template.split_once('*') {
            Some((before, after)) => format!("{before}{}{after}", self.index),
            None => template.to_owned(),
        }
    }
}

impl std::fmt::Debug for Field {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.pointer)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::Part;
    use crate::schema::{self, Node};

    /// Each list of the schema, with whether its elements are groups.
    fn lists_below(node: Node, pointer: &str, found: &mut Vec<(String, bool)>) {
        for (key, child) in node.properties() {
            let pointer = format!("{pointer}/{key}");
            if let Some(items) = child.items() {
                found.push((pointer.clone(), items.properties().next().is_some()));
            }
            lists_below(child, &pointer, found);
        }
    }

    #[test]
    fn every_list_says_how_one_text_lists_its_values() {
        let mut lists = Vec::new();
        lists_below(schema::root(), "", &mut lists);
        for (pointer, has_groups) in lists {
            let is_known = LISTS.iter().any(|(known, ..)| *known == pointer);
            // One text is a contact only where it is taken apart, and never a value that no field took.
            assert!(
                is_known || has_groups && matches!(pointer.as_str(), "/contacts" | "/source/autres"),
                "{pointer}: add a line to LISTS in src/field.rs"
            );
        }
    }

    #[test]
    fn every_text_is_filled_and_seen() {
        let mut record = Record::<&str>::default();
        for field in fields() {
            match record.slot(field, 0) {
                Some(Slot::Text(place)) => *place = Some("x"),
                Some(Slot::Texts(list)) => list.push("x"),
                _ => {}
            }
        }
        let mut seen = Vec::new();
        record.texts(|at, _| {
            assert!(matches!(record.at(&at.pointer()), Some(Part::Text("x"))), "{}", at.pointer());
            seen.push(at.field().pointer);
        });
        for field in fields() {
            let is_text = matches!(field.kind, Kind::Text | Kind::ElementText | Kind::Texts(_));
            assert_eq!(seen.contains(&field.pointer), is_text && !field.pointer.starts_with("/source"), "{field:?}");
        }
    }
}
