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

/// What can stand in a field of a group.
trait Field {
    fn part(&self) -> Option<Part<'_>>;
    fn is_absent(&self) -> bool {
        self.part().is_none()
    }
}

impl Field for Option<String> {
    fn part(&self) -> Option<Part<'_>> {
        self.as_deref().map(Part::Text)
    }
}

impl Field for Option<Number> {
    fn part(&self) -> Option<Part<'_>> {
        self.as_ref().map(Part::Number)
    }
}

impl Field for String {
    fn part(&self) -> Option<Part<'_>> {
        Some(Part::Text(self))
    }
}

impl<T: Field> Field for Vec<T> {
    fn part(&self) -> Option<Part<'_>> {
        (!self.is_empty()).then_some(Part::List(self))
    }
}

impl<T: Field> List for Vec<T> {
    fn count(&self) -> usize {
        self.len()
    }
    fn element(&self, index: usize) -> Option<Part<'_>> {
        self.get(index).and_then(Field::part)
    }
}

/// Defines each group once: its fields, their keys, and from these its serde form and its [`Group`] view.
macro_rules! groups {
    ($($(#[$doc:meta])* $group:ident { $($(#[$field_doc:meta])* $field:ident: $type:ty = $key:literal,)* })*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
        #[serde(default, deny_unknown_fields)]
        pub struct $group {
            $($(#[$field_doc])* #[serde(rename = $key, skip_serializing_if = "Field::is_absent")] pub $field: $type,)*
        }

        impl Group for $group {
            fn keys(&self) -> &'static [&'static str] {
                &[$($key),*]
            }
            fn part(&self, key: &str) -> Option<Part<'_>> {
                match key {
                    $($key => Field::part(&self.$field),)*
                    _ => None,
                }
            }
            fn part_at(&self, rank: usize) -> Option<Part<'_>> {
                // Each arm compares with a constant known at compile time: the chain becomes a jump.
                let mut _at = 0;
                $(
                    if rank == _at {
                        return Field::part(&self.$field);
                    }
                    _at += 1;
                )*
                None
            }
        }

        impl Field for $group {
            fn part(&self) -> Option<Part<'_>> {
                let present = false $(|| !self.$field.is_absent())*;
                present.then_some(Part::Group(self))
            }
        }
    )*};
}

groups! {
    /// One PTCE (*pôle territorial de coopération économique*).
    Record {
        /// Stable slug, unique in a data set.
        id: Option<String> = "id",
        /// Name of the PTCE as printed.
        name: Option<String> = "nom",
        /// Acronym.
        acronym: Option<String> = "sigle",
        /// The call for projects that the record answers.
        call: Call = "appel",
        /// The region as of the call: before 2016, one of the 22 metropolitan regions of the time.
        region: Region = "region",
        /// The area where the PTCE acts.
        territory: Territory = "territoire",
        /// Themes, as printed.
        themes: Vec<String> = "thematiques",
        /// What the PTCE wants and does.
        project: Project = "projet",
        /// The organisation that carries the project.
        coordinator: Coordinator = "coordinateur",
        /// The other members and supporters.
        partners: Vec<Partner> = "partenaires",
        /// People and mailboxes to write to.
        contacts: Vec<Contact> = "contacts",
        /// Postal address of the PTCE.
        address: Address = "adresse",
        /// Employment figures.
        employment: Employment = "emploi",
        /// Web site, an absolute URL.
        website: Option<String> = "site_web",
        /// Submission: the schedule over three years.
        schedule: Option<String> = "calendrier",
        /// Submission: the funding plan.
        funding: Option<String> = "financement",
        /// Submission: how results will be evaluated.
        evaluation: Option<String> = "evaluation",
        /// Submission: links with other schemes.
        networking: Option<String> = "mise_en_reseau",
        /// Submission: links with local public policies.
        local_policies: Option<String> = "politiques_locales",
        /// Where the record came from, and the values that no field could take.
        source: Source = "source",
    }
    /// The call for projects.
    Call {
        /// The edition of the call, usually its year of launch.
        edition: Option<String> = "edition",
        /// `candidature`, `recevable` or `laureat`.
        status: Option<String> = "statut",
        /// `emergent` or `consolidation`.
        kind: Option<String> = "type",
        /// Day of the announcement, ISO 8601 (`2014-01-10`).
        announced: Option<String> = "date_annonce",
        /// Amount granted, in euros.
        amount: Option<Number> = "montant",
    }
    /// A region.
    Region {
        /// INSEE code (COG) of the region, two characters or three overseas.
        code: Option<String> = "code",
        /// Name.
        name: Option<String> = "nom",
    }
    /// The area where a PTCE acts.
    Territory {
        /// The area in words.
        label: Option<String> = "libelle",
        /// Departments.
        departments: Vec<Department> = "departements",
        /// Communes.
        communes: Vec<Commune> = "communes",
        /// `politique_de_la_ville`, `zone_rurale`, `bassin_desindustrialise`.
        priorities: Vec<String> = "priorites",
    }
    /// A department.
    Department {
        /// INSEE code: `01` to `95`, `2A`, `2B`, `971`…
        code: Option<String> = "code",
        /// Name.
        name: Option<String> = "nom",
    }
    /// A commune.
    Commune {
        /// INSEE code, five characters; not the postal code.
        code: Option<String> = "code_insee",
        /// Name.
        name: Option<String> = "nom",
    }
    /// What a PTCE wants and does.
    Project {
        /// Summary.
        summary: Option<String> = "resume",
        /// Objectives.
        objectives: Vec<String> = "objectifs",
        /// Actions.
        actions: Vec<String> = "actions",
    }
    /// The organisation that carries the project.
    Coordinator {
        /// Name.
        name: Option<String> = "nom",
        /// Legal form, as printed.
        legal_form: Option<String> = "forme_juridique",
        /// SIREN, 9 digits.
        siren: Option<String> = "siren",
        /// SIRET, 14 digits.
        siret: Option<String> = "siret",
        /// RNA number of an association: `W` and 9 digits.
        rna: Option<String> = "rna",
    }
    /// A partner.
    Partner {
        /// Name.
        name: Option<String> = "nom",
        /// `ess`, `entreprise`, `collectivite`, `recherche`, `formation`, `financeur`, `autre`.
        category: Option<String> = "categorie",
        /// The heading under which the source lists the partner.
        group: Option<String> = "groupe",
        /// What the source adds about the partner.
        note: Option<String> = "note",
    }
    /// A person or a mailbox to write to.
    Contact {
        /// Name of the person; absent for a shared mailbox or number.
        name: Option<String> = "nom",
        /// Role.
        role: Option<String> = "fonction",
        /// E-mail address.
        email: Option<String> = "courriel",
        /// Telephone number, as printed.
        phone: Option<String> = "telephone",
    }
    /// A French postal address (AFNOR NF Z10-011).
    Address {
        /// Building, entrance, zone (line 3).
        complement: Option<String> = "complement",
        /// Number, type and name of the street (line 4).
        street: Option<String> = "voie",
        /// Special delivery: BP, CS, TSA (line 5).
        delivery: Option<String> = "mention",
        /// Postal code, or CEDEX code, 5 digits (line 6).
        postal_code: Option<String> = "code_postal",
        /// Commune, or CEDEX office (line 6).
        commune: Option<String> = "commune",
        /// `CEDEX`, with its number where there is one (line 6).
        cedex: Option<String> = "cedex",
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
    Source {
        /// Name of the file, without its folder.
        file: Option<String> = "fichier",
        /// Sheet of a workbook.
        sheet: Option<String> = "feuille",
        /// Row or line, counted from 1.
        line: Option<Number> = "ligne",
        /// Values of the source that no field could take.
        others: Vec<Other> = "autres",
    }
    /// A value of the source that no field could take.
    Other {
        /// The label under which it stood.
        label: Option<String> = "libelle",
        /// The value.
        value: Option<String> = "valeur",
    }
}

impl Record {
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
        fn first_year(text: &str) -> Option<u16> {
            text.split(|c: char| !c.is_ascii_digit())
                .find(|digits| digits.len() == 4)
                .and_then(|digits| digits.parse().ok())
                .filter(|year| (1990..2100).contains(year))
        }
        self.call
            .announced
            .as_deref()
            .and_then(first_year)
            .or_else(|| self.call.edition.as_deref().and_then(first_year))
    }
}

/// The name of one element of the list `key`: `contacts` → `contact`. Every list key of the contract is a plural in `s`.
pub fn singular(key: &str) -> &str {
    key.strip_suffix('s').unwrap_or(key)
}
