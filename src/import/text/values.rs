//! The values of the sections of a record: which fields the text under one label fills.

use std::collections::BTreeMap;

use super::lines::{Paragraph, without_number};
use super::members::capitalised;
use super::{Composite, Section, composite, members, organisation, territory};
use crate::field::Field;
use crate::import::boxes;
use crate::row::Target;
use crate::text::families;
use crate::text::fold::folded;
use crate::text::people;
use crate::text::words::words;

/// In the place of a section's rank: the value stands in the title, or in the heading above.
pub(super) const TITLE: usize = usize::MAX;
pub(super) const HEADING: usize = usize::MAX - 1;

/// One value on its way to the row.
pub(super) struct Value {
    pub section: usize,
    pub target: Target,
    pub element: u16,
    pub single: bool,
    pub text: String,
    pub place: (u64, u32),
}

/// The values of a record.
#[derive(Default)]
pub(super) struct Values {
    pub all: Vec<Value>,
    /// The element of each list that the next value may still belong to, and its fields that are filled.
    elements: BTreeMap<&'static str, (u16, Vec<&'static str>)>,
    /// How many sections have been taken.
    sections: usize,
}

impl Values {
    pub fn first_line(&self) -> Option<u64> {
        self.all.first().filter(|value| value.section == TITLE).map(|value| value.place.0)
    }

    pub fn texts(&self, pointer: &str) -> impl Iterator<Item = &str> {
        let is_of = move |value: &&Value| matches!(value.target, Target::Field(field, _) if field.pointer == pointer);
        self.all.iter().filter(is_of).map(|value| value.text.as_str())
    }

    /// Adds a value of the field at a pointer.
    pub fn push(&mut self, pointer: &str, element: u16, single: bool, text: &str, place: (u64, u32), section: usize) {
        let target = Field::at(pointer).map_or(Target::Rest, |field| Target::Field(field, None));
        self.all.push(Value { section, target, element, single, text: text.to_owned(), place });
    }

    /// Keeps what no field takes.
    pub fn rest(&mut self, text: &str, place: (u64, u32), section: usize) {
        let text = text.to_owned();
        self.all.push(Value { section, target: Target::Rest, element: 0, single: true, text, place });
    }

    /// The element of a list to which values of these fields go: the last one while it lacks them all.
    pub fn element(&mut self, list: &'static str, fields: &[&'static str], is_new: bool) -> u16 {
        let (element, filled) = self.elements.entry(list).or_insert((1, Vec::new()));
        if !filled.is_empty() && (is_new || fields.iter().any(|field| filled.contains(field))) {
            *element = element.saturating_add(1);
            filled.clear();
        }
        filled.extend(fields);
        *element
    }

    /// Takes the values of a section; beside the label of a first name, a name is only a part of one.
    ///
    /// `is_lone` says that no field of its list stands twice in the record, so that all its values are of one element.
    pub fn section(&mut self, section: &Section, is_beside_first_name: bool, is_lone: bool) {
        let rank = self.sections;
        self.sections += 1;
        let own = section.own();
        let (paragraphs, after) = section.paragraphs.split_at(own);
        let whole = Paragraph::joined(paragraphs);
        let text = whole.text.as_str();
        let first = paragraphs.first().map_or((section.line, section.column), |first| first.place(&first.text));
        match (&section.target, composite(&section.target)) {
            _ if text.is_empty() => {}
            // A line « label : value » is a cell of a table.
            (Target::Field(..), _) if is_lone && !is_beside_first_name && section.is_cell() => {
                let target = section.target.clone();
                // A table that was saved with the cells behind it: « Nom : Roue libre;; ».
                let text = boxes::ticked(text.trim_end_matches([';', '\t', ' '])).into_owned();
                self.all.push(Value { section: rank, target, element: 0, single: false, text, place: first });
            }
            (Target::Field(_, label_rank), Some(Composite::People)) if !is_beside_first_name => {
                self.people(&whole, rank, *label_rank)
            }
            (_, Some(Composite::Organisation)) => self.organisation(&whole, rank),
            (_, Some(Composite::Members)) => self.members(paragraphs, rank),
            (_, Some(Composite::Territory)) => self.territory(&whole, rank),
            (Target::Field(field, _), None) if field.is_list() => self.list(field, paragraphs, rank),
            (Target::Field(field, None), None | Some(Composite::People)) if field.pointer.contains('*') => {
                let list = field.pointer.split_once("/*").map_or("", |(list, _)| list);
                let element = self.element(list, &[field.pointer], false);
                self.push(field.pointer, element, false, text, first, rank);
            }
            (Target::Field(..), None) => {
                let paragraphs = self.groups(paragraphs, rank);
                let whole = Paragraph::joined(&paragraphs);
                let target = section.target.clone();
                self.all.push(Value {
                    section: rank,
                    target,
                    element: 0,
                    single: false,
                    text: whole.text,
                    place: first,
                });
            }
            _ => {
                let target = section.target.clone();
                self.all.push(Value {
                    section: rank,
                    target,
                    element: 0,
                    single: true,
                    text: text.to_owned(),
                    place: first,
                });
            }
        }
        for paragraph in after {
            self.rest(&paragraph.text, paragraph.place(&paragraph.text), rank);
        }
    }

    /// Takes lists of members out of running text, where a heading above them says what they are; answers the others.
    pub fn groups(&mut self, paragraphs: &[Paragraph], section: usize) -> Vec<Paragraph> {
        const MEMBERSHIP: &[&str] = &[
            "adherentes",
            "adherents",
            "associees",
            "associes",
            "constituant",
            "fondatrices",
            "fondateurs",
            "membres",
            "partenaires",
        ];
        let mut others = Vec::new();
        let mut at = 0;
        while let Some(paragraph) = paragraphs.get(at) {
            let folded = folded(&paragraph.text);
            let heads = !paragraph.bullet
                && paragraph.text.ends_with(':')
                && words(&paragraph.text).count() <= 8
                && families::is_heading(&paragraph.text)
                && folded.split(' ').any(|word| MEMBERSHIP.contains(&word));
            let elements = || paragraphs[at + 1..].iter().take_while(|next| next.bullet).count();
            if heads && let elements @ 1.. = elements() {
                self.members(&paragraphs[at..=at + elements], section);
                at += elements;
            } else {
                others.push(paragraph.clone());
            }
            at += 1;
        }
        others
    }

    pub fn people(&mut self, whole: &Paragraph, section: usize, label_rank: Option<u16>) {
        let found = people::parse(&whole.text);
        for (rank, person) in found.people.iter().enumerate() {
            let parts = person.parts();
            let fields: Vec<&'static str> = parts.clone().map(|(pointer, _)| pointer).collect();
            let next = self.element("/contacts", &fields, rank > 0);
            let element = label_rank.map_or(next, |label_rank| label_rank.saturating_add(rank as u16));
            for (pointer, part) in parts {
                self.push(pointer, element, true, part, whole.place(part), section);
            }
        }
        if let Some(address) = found.address {
            if self
                .all
                .iter()
                .any(|value| matches!(value.target, Target::Field(field, _) if field.pointer.starts_with("/adresse")))
            {
                self.rest(address, whole.place(address), section);
            } else {
                self.address(address, whole, section);
            }
        }
        for rest in found.rest {
            self.rest(rest, whole.place(rest), section);
        }
    }

    pub fn address(&mut self, text: &str, whole: &Paragraph, section: usize) {
        for (pointer, part) in people::address_parts(text) {
            // « 05 000 » is written apart: it stands where the address does.
            let at = text.rfind(&part).unwrap_or(0);
            self.push(pointer, 0, true, &part, whole.place(&text[at..]), section);
        }
    }

    pub fn organisation(&mut self, whole: &Paragraph, section: usize) {
        let text = whole.text.trim_end_matches(['.', ' ']);
        let found = organisation::parse(text);
        self.push("/coordinateur/nom", 0, true, &capitalised(found.name), whole.place(found.name), section);
        let mut known = folded(found.name);
        if let Some(form) = found.form {
            let is_acronym = form.chars().all(|c| !c.is_lowercase());
            let shown = if is_acronym { form.to_owned() } else { form.to_lowercase() };
            self.push("/coordinateur/forme_juridique", 0, true, &shown, whole.place(form), section);
            known.push(' ');
            known.push_str(&folded(form));
        }
        let is_told =
            |word: &str| known.split(' ').any(|known| known == word) || ["l", "la", "le", "les"].contains(&word);
        if !folded(text).split(' ').all(is_told) {
            self.rest(text, whole.place(text), section);
        }
    }

    pub fn territory(&mut self, whole: &Paragraph, section: usize) {
        let text = whole.text.trim_end_matches(['.', ' ']);
        let (label, departments) = territory::parse(text);
        if !label.is_empty() {
            self.push("/territoire/libelle", 0, true, label, whole.place(label), section);
        }
        for (code, name) in departments {
            let fields = ["/territoire/departements/*/code", "/territoire/departements/*/nom"];
            let element = self.element("/territoire/departements", &fields, true);
            self.push(fields[0], element, true, code, whole.place(code), section);
            if let Some(name) = name {
                self.push(fields[1], element, true, name, whole.place(name), section);
            }
        }
    }

    pub fn members(&mut self, paragraphs: &[Paragraph], section: usize) {
        let (members, rest) = members::parse(paragraphs);
        let place = |(rank, part): members::Part<'_>| paragraphs[rank].place(part);
        for member in members {
            let element = self.element("/partenaires", &["/partenaires/*/nom"], true);
            let mut push = |pointer, text: &str, part| self.push(pointer, element, true, text, place(part), section);
            push("/partenaires/*/nom", &member.name, member.place);
            if let Some(family) = member.family {
                let told_by = member.group.as_ref().map_or(member.place, |(place, _)| *place);
                push("/partenaires/*/categorie", family, told_by);
            }
            if let Some((place, group)) = &member.group {
                push("/partenaires/*/groupe", group, *place);
            }
            if let Some(note) = &member.note {
                push("/partenaires/*/note", note, member.note_place.unwrap_or(member.place));
            }
        }
        for rank in rest {
            let paragraph = &paragraphs[rank];
            self.rest(&paragraph.text, paragraph.place(&paragraph.text), section);
        }
    }

    /// A list: its bullets, its lines, or what commas tell apart where nothing reads as a sentence.
    pub fn list(&mut self, field: &'static Field, paragraphs: &[Paragraph], rank: usize) {
        /// The longest elements that commas tell apart: longer ones are sentences with commas of their own.
        const LONGEST: usize = 8;
        let has_bullets = paragraphs.iter().any(|paragraph| paragraph.bullet || paragraph.numbered);
        let whole = Paragraph::joined(paragraphs);
        let of_bullets: Vec<(&str, (u64, u32))> =
            paragraphs.iter().map(|paragraph| (paragraph.text.as_str(), paragraph.place(&paragraph.text))).collect();
        let commas: Vec<&str> = whole.text.split([',', '\n', ';', '|']).map(str::trim).collect();
        let is_sentence = whole.text.ends_with('.') && !whole.text.ends_with("...");
        let elements: Vec<(&str, (u64, u32))> = if has_bullets {
            of_bullets
        } else if !is_sentence && commas.iter().all(|element| words(element).count() <= LONGEST) {
            commas.into_iter().map(|element| (element, whole.place(element))).collect()
        } else {
            whole.text.split(['\n', ';', '|']).map(|element| (element.trim(), whole.place(element.trim()))).collect()
        };
        for (element, place) in elements {
            let element = if has_bullets { without_number(element) } else { element };
            let ended = element.trim_end_matches([';', ',', ' ', '\u{a0}', '…']);
            let ended = ended.trim_end_matches("...").strip_suffix(" etc.").unwrap_or(ended.trim_end_matches("..."));
            let ended = if words(ended).count() <= LONGEST { ended.trim_end_matches('.') } else { ended };
            self.push(field.pointer, 0, true, ended, place, rank);
        }
    }
}
