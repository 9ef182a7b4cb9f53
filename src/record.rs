//! The canonical record: one PTCE, as plain data.
//!
//! Field names are English in the code and French in every file; the string beside each field below is the only
//! bridge between the two. An absent value is `None` (or an empty list, or a group without any value): the canonical
//! form knows neither empty text, nor `null`, nor empty lists.

use serde::{Deserialize, Serialize};
pub use serde_json::Number;

/// One value of a record, whatever its shape: how the schema, the exports and the reports look at a record without
/// knowing its fields by name.
#[derive(Clone, Copy)]
pub enum Part<'a> {
    /// A text. Codes are texts: a postal code is not a number.
    Text(&'a str),
    /// A number.
    Number(&'a Number),
    /// A list, never empty.
    List(&'a dyn List),
    /// A group of named values, never empty.
    Group(&'a dyn Group),
}

/// A group of named values.
pub trait Group {
    /// The keys of the group, in the order in which they are written.
    fn keys(&self) -> &'static [&'static str];
    /// The value under `key`; `None` when it is absent.
    fn part(&self, key: &str) -> Option<Part<'_>>;
    /// The value of the key at `rank` among [`keys`](Group::keys), counted from 0; `None` when it is absent.
    fn part_at(&self, rank: usize) -> Option<Part<'_>>;
}

/// A list of values, all of one shape.
pub trait List {
    /// How many elements the list holds.
    fn count(&self) -> usize;
    /// The element at `index`, counted from 0.
    fn element(&self, index: usize) -> Option<Part<'_>>;
}

/// What the texts of a record are: its own, or borrowed from the source that it was read from.
pub trait Text: AsRef<str> + Default {}

impl Text for String {}
impl Text for &str {}

/// The place of a value in a record: the number of its field, as [`fields`](crate::field::fields) counts, and the index of
/// the element of a list that it is in. Both count from 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct At {
    pub field: u8,
    pub index: u32,
}

/// What stands at a place of the record, whatever its texts are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Shape {
    Text,
    Number,
    Texts,
    Groups,
}

/// A place of a record that can be filled.
pub(crate) enum Slot<'s, T> {
    Text(&'s mut Option<T>),
    Number(&'s mut Option<Number>),
    Texts(&'s mut Vec<T>),
    Group(&'s mut dyn Slots<T>),
    Groups(&'s mut dyn ListSlots<T>),
}

/// The places of a group.
pub(crate) trait Slots<T> {
    /// The place of the key at an index among [`Group::keys`].
    fn slot_at(&mut self, key: usize) -> Option<Slot<'_, T>>;
}

/// The elements of a list of groups.
pub(crate) trait ListSlots<T> {
    /// The element at an index. It is made if need be, with those before it.
    fn element_mut(&mut self, index: usize) -> &mut dyn Slots<T>;
}

/// Takes one field of the record after the other: the keys that lead to it, with their indexes among those of their group
/// (for the elements of a list, the key is `*`), and its shape.
pub(crate) type Describe<'a> = &'a mut dyn FnMut(&[(&'static str, u8)], Shape);

/// What can stand in a field of a group.
pub(crate) trait Value {
    /// The value as the schema, the exports and the reports look at it.
    fn part(&self) -> Option<Part<'_>>;
    fn is_absent(&self) -> bool;
}

/// What can stand in a field of a group, by its texts. Whatever walks over all fields of a record goes this way, so that a
/// field is declared in [`groups!`] and nowhere else.
pub(crate) trait Member<T>: Value {
    /// How many fields it is, with those below it. A group is none itself.
    const FIELDS: u8;
    fn slot(&mut self) -> Slot<'_, T>;
    /// Shows each of its texts; `at` is the place of its first field.
    fn each_text<'r>(&'r self, at: At, look: &mut impl FnMut(At, &'r str));
    /// Its fields that have a value, a bit each; `field` is the number of its first one.
    fn present(&self, field: u8) -> u128;
    /// Gives each of its texts to be changed; `edit` answers whether the text stays.
    fn each_text_mut(&mut self, at: At, edit: &mut impl FnMut(At, &mut T) -> bool);
    /// Describes it and the fields below it, in the order of their numbers.
    fn describe(keys: &mut Vec<(&'static str, u8)>, each: Describe<'_>);
    /// Makes it absent. Lists keep their memory.
    fn clear(&mut self);
}

/// The same value with texts of another kind.
pub(crate) trait Map<T, U> {
    type Mapped;
    fn map<'r>(&'r self, change: &mut impl FnMut(&'r T) -> U) -> Self::Mapped
    where
        T: 'r;
}

impl<T: Text> Value for Option<T> {
    fn part(&self) -> Option<Part<'_>> {
        self.as_ref().map(|text| Part::Text(text.as_ref()))
    }
    fn is_absent(&self) -> bool {
        self.is_none()
    }
}

impl<T: Text> Member<T> for Option<T> {
    const FIELDS: u8 = 1;
    fn slot(&mut self) -> Slot<'_, T> {
        Slot::Text(self)
    }
    fn each_text<'r>(&'r self, at: At, look: &mut impl FnMut(At, &'r str)) {
        if let Some(text) = self {
            look(at, text.as_ref());
        }
    }
    #[inline(always)]
    fn present(&self, field: u8) -> u128 {
        u128::from(self.is_some()) << field
    }
    fn each_text_mut(&mut self, at: At, edit: &mut impl FnMut(At, &mut T) -> bool) {
        if self.as_mut().is_some_and(|text| !edit(at, text)) {
            *self = None;
        }
    }
    fn describe(keys: &mut Vec<(&'static str, u8)>, each: Describe<'_>) {
        each(keys, Shape::Text);
    }
    fn clear(&mut self) {
        *self = None;
    }
}

impl<T: Text, U> Map<T, U> for Option<T> {
    type Mapped = Option<U>;
    fn map<'r>(&'r self, change: &mut impl FnMut(&'r T) -> U) -> Option<U> {
        self.as_ref().map(change)
    }
}

impl Value for Option<Number> {
    fn part(&self) -> Option<Part<'_>> {
        self.as_ref().map(Part::Number)
    }
    fn is_absent(&self) -> bool {
        self.is_none()
    }
}

impl<T> Member<T> for Option<Number> {
    const FIELDS: u8 = 1;
    fn slot(&mut self) -> Slot<'_, T> {
        Slot::Number(self)
    }
    fn each_text<'r>(&'r self, _: At, _: &mut impl FnMut(At, &'r str)) {}
    #[inline(always)]
    fn present(&self, field: u8) -> u128 {
        u128::from(self.is_some()) << field
    }
    fn each_text_mut(&mut self, _: At, _: &mut impl FnMut(At, &mut T) -> bool) {}
    fn describe(keys: &mut Vec<(&'static str, u8)>, each: Describe<'_>) {
        each(keys, Shape::Number);
    }
    fn clear(&mut self) {
        *self = None;
    }
}

impl<T, U> Map<T, U> for Option<Number> {
    type Mapped = Option<Number>;
    fn map<'r>(&'r self, _: &mut impl FnMut(&'r T) -> U) -> Option<Number>
    where
        T: 'r,
    {
        self.clone()
    }
}

impl<T: Text> Value for Vec<T> {
    fn part(&self) -> Option<Part<'_>> {
        (!self.is_empty()).then_some(Part::List(self))
    }
    fn is_absent(&self) -> bool {
        self.is_empty()
    }
}

impl<T: Text> Member<T> for Vec<T> {
    const FIELDS: u8 = 1;
    fn slot(&mut self) -> Slot<'_, T> {
        Slot::Texts(self)
    }
    fn each_text<'r>(&'r self, at: At, look: &mut impl FnMut(At, &'r str)) {
        for (index, text) in (0..).zip(self) {
            look(At { index, ..at }, text.as_ref());
        }
    }
    #[inline(always)]
    fn present(&self, field: u8) -> u128 {
        u128::from(!self.is_empty()) << field
    }
    fn each_text_mut(&mut self, at: At, edit: &mut impl FnMut(At, &mut T) -> bool) {
        let mut index = 0;
        self.retain_mut(|text| {
            index += 1;
            edit(At { index: index - 1, ..at }, text)
        });
    }
    fn describe(keys: &mut Vec<(&'static str, u8)>, each: Describe<'_>) {
        each(keys, Shape::Texts);
    }
    fn clear(&mut self) {
        Vec::clear(self);
    }
}

impl<T: Text, U> Map<T, U> for Vec<T> {
    type Mapped = Vec<U>;
    fn map<'r>(&'r self, change: &mut impl FnMut(&'r T) -> U) -> Vec<U> {
        self.iter().map(change).collect()
    }
}

impl<T: Text> List for Vec<T> {
    fn count(&self) -> usize {
        self.len()
    }
    fn element(&self, index: usize) -> Option<Part<'_>> {
        self.get(index).map(|text| Part::Text(text.as_ref()))
    }
}

/// The name of the other kind of texts in a [`Map`].
macro_rules! other {
    ($text:ident) => {
        U
    };
}

/// Defines each group once: its fields, their keys, and from these its serde form and all that walks over records.
macro_rules! groups {
    ($($(#[$doc:meta])* $group:ident $(<$text:ident>)? {
        $($(#[$field_doc:meta])* $field:ident: $type:ty = $key:literal,)*
    })*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
        #[serde(default, deny_unknown_fields)]
        pub struct $group $(<$text: Text = String>)? {
            $($(#[$field_doc])* #[serde(rename = $key, skip_serializing_if = "Value::is_absent")] pub $field: $type,)*
        }

        impl $(<$text: Text>)? Group for $group $(<$text>)? {
            fn keys(&self) -> &'static [&'static str] {
                &[$($key),*]
            }
            fn part(&self, key: &str) -> Option<Part<'_>> {
                match key {
                    $($key => Value::part(&self.$field),)*
                    _ => None,
                }
            }
            fn part_at(&self, index: usize) -> Option<Part<'_>> {
                // Each arm compares with a constant known at compile time: the chain becomes a jump.
                let mut _at = 0;
                $(
                    if index == _at {
                        return Value::part(&self.$field);
                    }
                    _at += 1;
                )*
                None
            }
        }

        impl<T: Text> Slots<T> for $group $(<$text>)? {
            fn slot_at(&mut self, key: usize) -> Option<Slot<'_, T>> {
                let mut _at = 0;
                $(
                    if key == _at {
                        return Some(Member::<T>::slot(&mut self.$field));
                    }
                    _at += 1;
                )*
                None
            }
        }

        impl $(<$text: Text>)? Value for $group $(<$text>)? {
            fn part(&self) -> Option<Part<'_>> {
                (!self.is_absent()).then_some(Part::Group(self))
            }
            fn is_absent(&self) -> bool {
                true $(&& self.$field.is_absent())*
            }
        }

        impl<T: Text> Member<T> for $group $(<$text>)? {
            const FIELDS: u8 = 0 $(+ <$type as Member<T>>::FIELDS)*;
            fn slot(&mut self) -> Slot<'_, T> {
                Slot::Group(self)
            }
            fn each_text<'r>(&'r self, mut at: At, look: &mut impl FnMut(At, &'r str)) {
                $(
                    Member::<T>::each_text(&self.$field, at, look);
                    at.field += <$type as Member<T>>::FIELDS;
                )*
                let _ = at;
            }
            #[inline(always)] // So that the shifts are constants.
            fn present(&self, mut field: u8) -> u128 {
                let mut present = 0;
                $(
                    present |= Member::<T>::present(&self.$field, field);
                    field += <$type as Member<T>>::FIELDS;
                )*
                let _ = field;
                present
            }
            fn each_text_mut(&mut self, mut at: At, edit: &mut impl FnMut(At, &mut T) -> bool) {
                $(
                    Member::<T>::each_text_mut(&mut self.$field, at, edit);
                    at.field += <$type as Member<T>>::FIELDS;
                )*
                let _ = at;
            }
            fn describe(keys: &mut Vec<(&'static str, u8)>, each: Describe<'_>) {
                let mut _at = 0;
                $(
                    keys.push(($key, _at));
                    <$type as Member<T>>::describe(keys, each);
                    keys.pop();
                    _at += 1;
                )*
            }
            fn clear(&mut self) {
                $(Member::<T>::clear(&mut self.$field);)*
            }
        }

        impl<T: Text, U: Text> Map<T, U> for $group $(<$text>)? {
            type Mapped = $group $(<other!($text)>)?;
            fn map<'r>(&'r self, change: &mut impl FnMut(&'r T) -> U) -> Self::Mapped
            where
                T: 'r,
            {
                $group { $($field: Map::<T, U>::map(&self.$field, change),)* }
            }
        }

        impl $(<$text: Text>)? Value for Vec<$group $(<$text>)?> {
            fn part(&self) -> Option<Part<'_>> {
                (!self.is_empty()).then_some(Part::List(self))
            }
            fn is_absent(&self) -> bool {
                self.is_empty()
            }
        }

        impl<T: Text> Member<T> for Vec<$group $(<$text>)?> {
            const FIELDS: u8 = 1 + <$group $(<$text>)? as Member<T>>::FIELDS;
            fn slot(&mut self) -> Slot<'_, T> {
                Slot::Groups(self)
            }
            fn each_text<'r>(&'r self, at: At, look: &mut impl FnMut(At, &'r str)) {
                for (index, element) in (0..).zip(self) {
                    Member::<T>::each_text(element, At { field: at.field + 1, index }, look);
                }
            }
            #[inline(always)]
            fn present(&self, field: u8) -> u128 {
                let own = u128::from(!self.is_empty()) << field;
                self.iter().fold(own, |present, element| present | Member::<T>::present(element, field + 1))
            }
            fn each_text_mut(&mut self, at: At, edit: &mut impl FnMut(At, &mut T) -> bool) {
                for (index, element) in (0..).zip(self) {
                    Member::<T>::each_text_mut(element, At { field: at.field + 1, index }, edit);
                }
            }
            fn describe(keys: &mut Vec<(&'static str, u8)>, each: Describe<'_>) {
                each(keys, Shape::Groups);
                keys.push(("*", 0));
                <$group $(<$text>)? as Member<T>>::describe(keys, each);
                keys.pop();
            }
            fn clear(&mut self) {
                Vec::clear(self);
            }
        }

        impl<T: Text> ListSlots<T> for Vec<$group $(<$text>)?> where $group $(<$text>)?: Default {
            fn element_mut(&mut self, index: usize) -> &mut dyn Slots<T> {
                if self.len() <= index {
                    self.resize_with(index + 1, Default::default);
                }
                &mut self[index]
            }
        }

        impl<T: Text, U: Text> Map<T, U> for Vec<$group $(<$text>)?> {
            type Mapped = Vec<$group $(<other!($text)>)?>;
            fn map<'r>(&'r self, change: &mut impl FnMut(&'r T) -> U) -> Self::Mapped
            where
                T: 'r,
            {
                self.iter().map(|element| Map::<T, U>::map(element, change)).collect()
            }
        }

        impl $(<$text: Text>)? List for Vec<$group $(<$text>)?> {
            fn count(&self) -> usize {
                self.len()
            }
            fn element(&self, index: usize) -> Option<Part<'_>> {
                self.get(index).and_then(Value::part)
            }
        }
    )*};
}

groups! {
    /// One PTCE (*pôle territorial de coopération économique*).
    Record<T> {
        /// Stable slug, unique in a data set.
        id: Option<T> = "id",
        /// Name of the PTCE as printed.
        name: Option<T> = "nom",
        /// Acronym.
        acronym: Option<T> = "sigle",
        /// The call for projects that the record answers.
        call: Call<T> = "appel",
        /// The region as of the call: before 2016, one of the 22 metropolitan regions of the time.
        region: Region<T> = "region",
        /// The area where the PTCE acts.
        territory: Territory<T> = "territoire",
        /// Themes, as printed.
        themes: Vec<T> = "thematiques",
        /// What the PTCE wants and does.
        project: Project<T> = "projet",
        /// The organisation that carries the project.
        coordinator: Coordinator<T> = "coordinateur",
        /// The other members and supporters.
        partners: Vec<Partner<T>> = "partenaires",
        /// People and mailboxes to write to.
        contacts: Vec<Contact<T>> = "contacts",
        /// Postal address of the PTCE.
        address: Address<T> = "adresse",
        /// Employment figures.
        employment: Employment = "emploi",
        /// Web site, an absolute URL.
        website: Option<T> = "site_web",
        /// Submission: the schedule over three years.
        schedule: Option<T> = "calendrier",
        /// Submission: the funding plan.
        funding: Option<T> = "financement",
        /// Submission: how results will be evaluated.
        evaluation: Option<T> = "evaluation",
        /// Submission: links with other schemes.
        networking: Option<T> = "mise_en_reseau",
        /// Submission: links with local public policies.
        local_policies: Option<T> = "politiques_locales",
        /// Where the record came from, and the values that no field could take.
        source: Source<T> = "source",
    }
    /// The call for projects.
    Call<T> {
        /// The edition of the call, usually its year of launch.
        edition: Option<T> = "edition",
        /// The phase of a call that has several.
        phase: Option<T> = "phase",
        /// `candidature`, `recevable` or `laureat`.
        status: Option<T> = "statut",
        /// `emergent` or `consolidation`.
        kind: Option<T> = "type",
        /// Day of the announcement, ISO 8601 (`2014-01-10`).
        announced: Option<T> = "date_annonce",
        /// Amount granted, in euros.
        amount: Option<Number> = "montant",
    }
    /// A region.
    Region<T> {
        /// INSEE code (COG) of the region, two characters or three overseas.
        code: Option<T> = "code",
        /// Name.
        name: Option<T> = "nom",
    }
    /// The area where a PTCE acts.
    Territory<T> {
        /// The area in words.
        label: Option<T> = "libelle",
        /// Departments.
        departments: Vec<Department<T>> = "departements",
        /// Communes.
        communes: Vec<Commune<T>> = "communes",
        /// `politique_de_la_ville`, `zone_rurale`, `bassin_desindustrialise`.
        priorities: Vec<T> = "priorites",
    }
    /// A department.
    Department<T> {
        /// INSEE code: `01` to `95`, `2A`, `2B`, `971`…
        code: Option<T> = "code",
        /// Name.
        name: Option<T> = "nom",
    }
    /// A commune.
    Commune<T> {
        /// INSEE code, five characters; not the postal code.
        code: Option<T> = "code_insee",
        /// Name.
        name: Option<T> = "nom",
    }
    /// What a PTCE wants and does.
    Project<T> {
        /// Summary.
        summary: Option<T> = "resume",
        /// Objectives.
        objectives: Vec<T> = "objectifs",
        /// Actions.
        actions: Vec<T> = "actions",
    }
    /// The organisation that carries the project.
    Coordinator<T> {
        /// Name.
        name: Option<T> = "nom",
        /// Legal form, as printed.
        legal_form: Option<T> = "forme_juridique",
        /// SIREN, 9 digits.
        siren: Option<T> = "siren",
        /// SIRET, 14 digits.
        siret: Option<T> = "siret",
        /// RNA number of an association: `W` and 9 digits.
        rna: Option<T> = "rna",
    }
    /// A partner.
    Partner<T> {
        /// Name.
        name: Option<T> = "nom",
        /// `ess`, `entreprise`, `collectivite`, `recherche`, `formation`, `financeur`, `autre`.
        category: Option<T> = "categorie",
        /// The heading under which the source lists the partner.
        group: Option<T> = "groupe",
        /// What the source adds about the partner.
        note: Option<T> = "note",
    }
    /// A person or a mailbox to write to.
    Contact<T> {
        /// Name of the person; absent for a shared mailbox or number.
        name: Option<T> = "nom",
        /// Role.
        role: Option<T> = "fonction",
        /// E-mail address.
        email: Option<T> = "courriel",
        /// Telephone number, as printed.
        phone: Option<T> = "telephone",
    }
    /// A French postal address (AFNOR NF Z10-011).
    Address<T> {
        /// Building, entrance, zone (line 3).
        complement: Option<T> = "complement",
        /// Number, type and name of the street (line 4).
        street: Option<T> = "voie",
        /// Special delivery: BP, CS, TSA (line 5).
        delivery: Option<T> = "mention",
        /// Postal code, or CEDEX code, 5 digits (line 6).
        postal_code: Option<T> = "code_postal",
        /// Commune, or CEDEX office (line 6).
        commune: Option<T> = "commune",
        /// `CEDEX`, with its number where there is one (line 6).
        cedex: Option<T> = "cedex",
        /// INSEE code of the commune, which is no postal code.
        commune_code: Option<T> = "code_insee",
        /// Degrees north, WGS 84, as the source gives them.
        latitude: Option<Number> = "latitude",
        /// Degrees east, WGS 84, as the source gives them.
        longitude: Option<Number> = "longitude",
    }
    /// Employment figures.
    Employment {
        /// Full-time equivalents.
        full_time_equivalents: Option<Number> = "etp",
        /// Employees, heads.
        employees: Option<Number> = "salaries",
        /// Jobs to be created.
        planned_jobs: Option<Number> = "creations_prevues",
    }
    /// Where a record came from.
    Source<T> {
        /// Name of the file, without its folder.
        file: Option<T> = "fichier",
        /// Sheet of a workbook.
        sheet: Option<T> = "feuille",
        /// Row or line, counted from 1.
        line: Option<Number> = "ligne",
        /// Values of the source that no field could take.
        others: Vec<Other<T>> = "autres",
    }
    /// A value of the source that no field could take.
    Other<T> {
        /// The label under which it stood.
        label: Option<T> = "libelle",
        /// The value.
        value: Option<T> = "valeur",
    }
}

impl<T: Text> Record<T> {
    /// Whether the record holds nothing at all.
    pub fn is_blank(&self) -> bool {
        self.is_absent()
    }

    /// The part that a JSON Pointer (RFC 6901) names, as `/contacts/0/courriel`.
    pub fn at(&self, pointer: &str) -> Option<Part<'_>> {
        let mut part = Part::Group(self);
        for step in pointer.split('/').skip(1) {
            part = match part {
                Part::Group(group) => group.part(step)?,
                Part::List(list) => list.element(step.parse().ok()?)?,
                Part::Text(_) | Part::Number(_) => return None,
            };
        }
        Some(part)
    }

    /// The year in which the call announced its results: from the date of the announcement, else the first year that
    /// the edition names. It tells which set of regions the record is written in.
    pub fn year(&self) -> Option<u16> {
        let year = |text: &Option<T>| text.as_ref().and_then(|text| year_of(text.as_ref()));
        year(&self.call.announced).or_else(|| year(&self.call.edition))
    }
}

/// The first year that a text names, if calls were made in it.
pub(crate) fn year_of(text: &str) -> Option<u16> {
    let digits = text.as_bytes().split(|byte| !byte.is_ascii_digit()).find(|digits| digits.len() == 4)?;
    let year = digits.iter().fold(0, |year, digit| year * 10 + u16::from(digit - b'0'));
    (1990..2100).contains(&year).then_some(year)
}

/// The name of one element of the list `key`: `contacts` → `contact`. Every list key of the contract is a plural in `s`.
pub fn singular(key: &str) -> &str {
    key.strip_suffix('s').unwrap_or(key)
}
