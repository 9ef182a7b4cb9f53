//! The labels of a source on their way into its layout: what each means, beside the others.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::super::limits::long_label;
use super::super::saved::is_untitled;
use super::super::sheet::arrangement::{grouped, meaning_in_group};
use super::super::{MAX_COLUMNS, MAX_LABEL_BYTES, MAX_RECORD_BYTES};
use super::Sink;
use crate::error::{Error, ErrorKind, Result};
use crate::field::{Field, Kind};
use crate::language::Language;
use crate::row::{Format, Label, Target};
use crate::tables::{KEY, RANK};
use crate::text::damage;
use crate::text::fold::folded;
use crate::vocabulary::{self, Meant, Reason, Values};

impl Sink<'_> {
    /// What a label means, below the name of its group if it has one.
    fn meant(&self, name: Option<&str>, group: Option<&str>, text: &str, values: &Values<'_>) -> Meant {
        if let Some(target) = name.and_then(|name| self.saved()?.meaning(name)) {
            // A mapping names a field; what else the label says of its values, it says still.
            let whole = group.map_or_else(|| text.to_owned(), |group| grouped(group, text));
            let target = vocabulary::with_heading(target, &whole);
            return Meant::new((target, Some(Reason::Mapping)));
        }
        let meant = self.meant_without_mapping(group, text, values);
        self.once_told(name, meant)
    }

    /// A label that is neither known nor in the mapping is told as the news that it is, not as unknown besides.
    fn once_told(&self, name: Option<&str>, meant: Meant) -> Meant {
        let is_news = |name: &&str| !is_untitled(name) && self.saved().is_some_and(|saved| !saved.labels.is_empty());
        match meant.target {
            Target::Unknown if name.as_ref().is_some_and(is_news) => Meant::new((Target::Aside, None)),
            _ => meant,
        }
    }

    fn meant_without_mapping(&self, group: Option<&str>, text: &str, values: &Values<'_>) -> Meant {
        match self.list {
            _ if self.layout.format == Format::Tables && (text == KEY || text == RANK) => {
                Meant::new((Target::Key, None))
            }
            Some(list) => {
                let path: Vec<&str> = list.path.iter().copied().chain([text]).collect();
                Meant::new(vocabulary::meaning_of_path(&path))
            }
            None => {
                // A label whose letters are damaged is looked at with its own.
                if let Some(restored) = self.restored(group, text)
                    && !matches!(vocabulary::meaning(text).0, Target::Field(..))
                {
                    return restored;
                }
                let meant = match group.and_then(|group| meaning_in_group(group, text)) {
                    Some(meaning) => Meant::new(meaning),
                    None => match (vocabulary::meaning_in_header(text, values), group) {
                        // « Courriel » below « Personne à joindre pour le projet ».
                        (Meant { target: Target::Unknown, .. }, Some(group)) => {
                            vocabulary::meaning_in_header(&grouped(group, text), values)
                        }
                        (meant, _) => meant,
                    },
                };
                if matches!(meant.target, Target::Field(..)) {
                    meant
                } else {
                    self.restored(group, text).unwrap_or(meant)
                }
            }
        }
    }

    /// What a label means whose accents were read in the wrong encoding, as those of the values were perhaps.
    fn restored(&self, group: Option<&str>, text: &str) -> Option<Meant> {
        let undamaged = damage::undamaged(text);
        let restored_group = group.and_then(damage::undamaged);
        if undamaged.is_none() && restored_group.is_none() {
            return None;
        }
        let (group, text) = (restored_group.as_deref().or(group), undamaged.as_deref().unwrap_or(text));
        let meaning = match group.and_then(|group| meaning_in_group(group, text)) {
            Some(meaning) => Some(meaning),
            None => Some(vocabulary::meaning(text)).filter(|(target, _)| matches!(target, Target::Field(..))),
        };
        let (target, _) = meaning?;
        let usual = group.map_or_else(|| text.to_owned(), |group| grouped(group, text));
        Some(Meant { target, reason: Some(Reason::Misspelt), usual: Some(usual) })
    }

    /// Enters a label beside those of the ranks `others`: a field that one of these fills already is not filled twice.
    pub(super) fn enter_beside(
        &mut self,
        others: &[u32],
        text: String,
        mut meant: Meant,
        line: u64,
        column: u32,
    ) -> Result<u32> {
        if let Target::Field(field, rank) = meant.target {
            let labels = &self.layout.labels;
            if let Some(other) = others.iter().copied().find(|other| fills(&labels[*other as usize], field, rank)) {
                // Of two labels of one field, the one that is spelled right is meant.
                if is_number_of_street(&labels[other as usize], field) {
                    let layout = Arc::make_mut(&mut self.layout);
                    let number = Field::at("/adresse/voie/numero").map(|number| Target::Field(number, None));
                    layout.labels[other as usize].target = number.unwrap_or(Target::Unknown);
                    layout.has_parts = true;
                } else if is_said_better(&labels[other as usize], field, &meant, &text) {
                    // « Nom | Fonction | Mail | PTCE »: what gives way is the name of a person, where such labels stand beside it.
                    let person = Field::at("/contacts/*/nom").filter(|_| is_name_of_person(labels, others, other));
                    let other = &mut Arc::make_mut(&mut self.layout).labels[other as usize];
                    other.target = person.map_or(Target::Taken(field), |person| Target::Field(person, None));
                    other.usual = None;
                } else {
                    meant = Meant::new((Target::Taken(field), None));
                }
            }
        }
        let entered = self.enter(text, meant.target, line, column)?;
        let layout = Arc::make_mut(&mut self.layout);
        let label = &mut layout.labels[entered as usize];
        (label.reason, label.usual) = (meant.reason, meant.usual);
        let is_taken = matches!(label.target, Target::Taken(_));
        if let Some(number) = others.last() {
            number_of_street(&mut layout.labels, *number, entered);
            layout.has_parts |=
                matches!(layout.labels[*number as usize].target, Target::Field(field, _) if field.is_part());
        }
        if layout.has_parts || is_taken {
            let all: Vec<u32> = others.iter().copied().chain([entered]).collect();
            if is_taken {
                again(&mut layout.labels, &all);
                apart(&mut layout.labels, &all);
            }
            if layout.has_parts {
                surname(&mut layout.labels, &all);
            }
        }
        Ok(entered)
    }

    /// Enters a column header, below the name of its group if it has one, and answers its rank.
    pub fn column(
        &mut self,
        group: Option<&str>,
        text: &str,
        values: &Values<'_>,
        line: u64,
        column: u32,
    ) -> Result<u32> {
        let others: Vec<u32> = (self.header as u32..self.layout.labels.len() as u32).collect();
        let label = self.labelled(&others, (group, text), values, line, column)?;
        self.learn_groups(label, values);
        Ok(label)
    }

    /// The values below a label of numbers may tell how these are written.
    fn learn_groups(&mut self, label: u32, values: &Values<'_>) {
        let is_number = |field: &Field| matches!(field.kind, Kind::Number);
        if matches!(self.layout.labels[label as usize].target, Target::Field(field, _) if is_number(field))
            && let Some(groups) = values.mark_of_groups()
        {
            Arc::make_mut(&mut self.layout).labels[label as usize].groups = Some(groups);
        }
    }

    /// Enters a label whose meaning its header tells besides its words, and answers its rank.
    pub fn told(&mut self, text: &str, target: Target, line: u64, column: u32) -> Result<u32> {
        self.admit(text.len(), line, column)?;
        let label = self.enter(text.to_owned(), target, line, column)?;
        Arc::make_mut(&mut self.layout).labels[label as usize].reason = Some(Reason::Values);
        Ok(label)
    }

    /// The label of a rank means something else than its words alone say.
    pub fn means(&mut self, label: u32, target: Target) {
        let label = &mut Arc::make_mut(&mut self.layout).labels[label as usize];
        (label.target, label.reason, label.usual) = (target, Some(Reason::Values), None);
    }

    /// Enters a label of a form in which the labels of the ranks `others` stand already, and its value; answers its rank.
    pub fn form_label(
        &mut self,
        others: &[u32],
        group: Option<&str>,
        text: &str,
        values: &Values<'_>,
        line: u64,
        column: u32,
    ) -> Result<u32> {
        // The one value of a form may be a slip: it chooses between meanings, and refutes none.
        let whole = group.map_or_else(|| text.to_owned(), |group| grouped(group, text));
        let is_open = matches!(vocabulary::meaning(&whole).0, Target::Ambiguous(_));
        let none = Values::none();
        self.labelled(others, (group, text), if is_open { values } else { &none }, line, column)
    }

    fn labelled(
        &mut self,
        others: &[u32],
        (group, text): (Option<&str>, &str),
        values: &Values<'_>,
        line: u64,
        column: u32,
    ) -> Result<u32> {
        self.admit(text.len() + group.map_or(0, str::len), line, column)?;
        let whole = group.map_or_else(|| text.to_owned(), |group| grouped(group, text));
        let name = self.name(&whole, line, column);
        let mut meant = self.meant(name.as_deref(), group, text, values);
        if self.is_of_person(&meant.target, others, values)
            && let Some(person) = Field::at("/contacts/*/nom")
        {
            meant = Meant::new((Target::Field(person, None), Some(Reason::Values)));
        }
        self.enter_beside(others, whole, meant, line, column)
    }

    /// Whether a label of the coordinator, beside another one of it, stands over names of people: « Structure porteuse »,
    /// « Coordinateur ».
    fn is_of_person(&self, target: &Target, others: &[u32], values: &Values<'_>) -> bool {
        let labels = || others.iter().map(|other| &self.layout.labels[*other as usize]);
        let is_of = |label: &Label, pointer: &str| matches!(label.target, Target::Field(field, None) if field.pointer == pointer);
        let is_coordinator = matches!(target, Target::Field(field, None) if field.pointer == "/coordinateur/nom");
        is_coordinator
            && labels().any(|label| is_of(label, "/coordinateur/nom"))
            && !labels().any(|label| is_of(label, "/contacts/*/nom"))
            && values.are_people()
    }

    /// Refuses a label before it is looked at that no source of ours has, so that memory stays within its limits.
    fn admit(&mut self, bytes: usize, line: u64, column: u32) -> Result<()> {
        self.label_bytes += bytes;
        if bytes > MAX_LABEL_BYTES || self.label_bytes > MAX_RECORD_BYTES {
            return Err(long_label().at(line, Some(column.into())));
        }
        Ok(())
    }

    /// The name of a label in a mapping, when there is one.
    pub(super) fn name(&mut self, text: &str, line: u64, column: u32) -> Option<String> {
        self.mapping.as_ref()?;
        let name = self.names.of_label(text, column, self.layout.format);
        self.entered.push((name.clone(), line, column));
        Some(name)
    }

    /// What the label of a rank means.
    pub fn target(&self, label: u32) -> &Target {
        &self.layout.labels[label as usize].target
    }

    /// Enters a label whose meaning the reader has settled, and answers its rank: a text under one label may hold the
    /// values of several fields.
    pub fn settled(&mut self, text: &str, target: Target, line: u64, column: u32) -> Result<u32> {
        self.admit(text.len(), line, column)?;
        let (own, reason) = vocabulary::meaning(text);
        let is_own =
            matches!((&own, &target), (Target::Field(own, _), Target::Field(field, _)) if std::ptr::eq(*own, *field));
        let (mut target, mut reason) = (target, reason.filter(|_| is_own));
        // Labels of a text, which come with their values; those of a form were entered before their parts.
        if is_own && self.layout.format == Format::Text && self.mapping.is_some() {
            if !self.entered.iter().any(|(known, ..)| folded(known) == folded(text)) {
                self.entered.push((text.to_owned(), line, column));
            }
            if let Some(wanted) = self.saved().and_then(|saved| saved.meaning(text)) {
                (target, reason) = (wanted, Some(Reason::Mapping));
            }
        }
        let entered = self.enter(text.to_owned(), target, line, column)?;
        // A text under one label may hold the values of several fields, which the label does not name.
        Arc::make_mut(&mut self.layout).labels[entered as usize].reason = reason;
        Ok(entered)
    }

    /// Enters the path of an element beside those of the ranks `others`, and answers its rank.
    pub fn path(&mut self, others: &[u32], path: &[&str], values: &Values<'_>, line: u64, column: u32) -> Result<u32> {
        self.admit(path.iter().map(|name| name.len()).sum(), line, column)?;
        let whole = path.join("/");
        let name = self.name(&whole, line, column);
        let wanted = name.as_ref().and_then(|name| self.saved()?.meaning(name));
        let meant = match wanted {
            Some(target) => Meant::new((target, Some(Reason::Mapping))),
            None => self.once_told(name.as_deref(), vocabulary::meaning_in_tree(path, values)),
        };
        let label = self.enter_beside(others, whole, meant, line, column)?;
        self.learn_groups(label, values);
        Ok(label)
    }

    pub(super) fn enter(&mut self, text: String, target: Target, line: u64, column: u32) -> Result<u32> {
        if self.layout.labels.len() == MAX_COLUMNS {
            let error = |fr: &str, en: &str| {
                Error::new(
                    ErrorKind::Limit,
                    format!(
                        "{fr}plus de {MAX_COLUMNS} colonnes ou éléments différents ; gardez ceux qui décrivent les PTCE"
                    ),
                    format!(
                        "{en}more than {MAX_COLUMNS} different columns or elements; keep those that describe the PTCE"
                    ),
                )
            };
            // In a workbook a line and a column say nothing without their sheet.
            let cell = self.layout.location(line, Some(column), None).within_file(Language::French);
            return Err(match self.layout.format.is_workbook() {
                true => error(&format!("{cell} : "), &format!("{cell}: ")),
                false => error("", "").at(line, Some(u64::from(column))),
            });
        }
        let layout = Arc::make_mut(&mut self.layout);
        let is_before = match target {
            Target::Field(field, Some(rank)) => layout.labels.iter().any(|label| {
                matches!(label.target, Target::Field(other, Some(known)) if known > rank && other.list() == field.list())
            }),
            _ => false,
        };
        let is_part = matches!(target, Target::Field(field, _) if field.is_part());
        layout.labels.push(Label { text, target, reason: None, usual: None, table: None, groups: None, line, column });
        layout.is_unordered |= is_before;
        layout.has_parts |= is_part;
        Ok(layout.labels.len() as u32 - 1)
    }
}

/// « Nom » beside « Prénom » is the name of a person, though alone it is that of the PTCE; a label that it has kept from its
/// field gets it.
fn surname(labels: &mut [Label], ranks: &[u32]) {
    let (Some(of_hub), Some(of_contact)) = (Field::at("/nom"), Field::at("/contacts/*/nom")) else { return };
    let of_first_name = |rank: &u32| match labels[*rank as usize].target {
        Target::Field(field, of) if field.pointer == "/contacts/*/prenom" => Some(of),
        _ => None,
    };
    let first_names: Vec<Option<u16>> = ranks.iter().filter_map(of_first_name).collect();
    let fills = |label: &Label, field, of| matches!(label.target, Target::Field(known, rank) if std::ptr::eq::<Field>(known, field) && rank == of);
    let is_kept_away = |label: &Label| matches!(label.target, Target::Taken(field) if std::ptr::eq(field, of_hub));
    for of in first_names {
        let find = |labels: &[Label], is: &dyn Fn(&Label) -> bool| {
            ranks.iter().map(|rank| *rank as usize).find(|rank| is(&labels[*rank]))
        };
        // « Prénom du référent » tells nothing of « Nom ».
        let first_name = ranks.iter().map(|rank| &labels[*rank as usize]).find(|label| {
            matches!(label.target, Target::Field(field, rank) if field.pointer == "/contacts/*/prenom" && rank == of)
        });
        let place = first_name.map_or((0, 0), |label| (label.line, label.column));
        let whose = first_name.map(|label| vocabulary::whose(&label.text));
        if find(labels, &|label| fills(label, of_contact, of)).is_some() {
            continue;
        }
        // « Nom 2 » alone is no label of ours.
        let is_surname = |label: &Label| {
            let text = folded(&label.text);
            let is_plain = match of {
                None => matches!(text.as_str(), "noms" | "name") || vocabulary::is_name_alone(&label.text),
                Some(of) => text == format!("nom {of}") || text == format!("name {of}"),
            };
            let is_free = fills(label, of_hub, None) || is_kept_away(label) || matches!(label.target, Target::Unknown);
            let is_same = whose.as_ref().is_none_or(|whose| vocabulary::whose(&label.text) == *whose);
            is_plain && is_free && is_same && label.reason != Some(Reason::Mapping)
        };
        // Of several, the one that stands nearest is of the same person.
        let names = ranks.iter().map(|rank| *rank as usize).filter(|rank| is_surname(&labels[*rank]));
        let distance = |rank: &usize| {
            let label = &labels[*rank];
            (label.line.abs_diff(place.0), label.column.abs_diff(place.1))
        };
        let Some(name) = names.min_by_key(distance) else { continue };
        (labels[name].target, labels[name].reason) = (Target::Field(of_contact, of), Some(Reason::Composed));
        if find(labels, &|label| fills(label, of_hub, None)).is_none()
            && let Some(next) = find(labels, &is_kept_away)
        {
            let (_, reason) = vocabulary::meaning(&labels[next].text);
            (labels[next].target, labels[next].reason) = (Target::Field(of_hub, None), reason);
        }
    }
}

/// Whether a label that names something stands right before one of a person: « Nom », « Fonction ».
fn is_name_of_person(labels: &[Label], others: &[u32], name: u32) -> bool {
    let label = &labels[name as usize];
    let of_person = |other: &&u32| matches!(labels[**other as usize].target, Target::Field(field, _) if field.pointer.starts_with("/contacts/*/"));
    let is_named = |other: &u32| matches!(labels[*other as usize].target, Target::Field(field, _) if field.pointer == "/contacts/*/nom");
    vocabulary::is_name_alone(&label.text)
        && !others.iter().any(is_named)
        && others.iter().filter(of_person).any(|other| {
            let other = &labels[*other as usize];
            (other.line, other.column) == (label.line, label.column + 1)
                || (other.line, other.column) == (label.line + 1, label.column)
        })
}

/// Whether a label says that it is of a field better than one that has been taken for it: that one is misspelt, names anything, or
/// tells the address of whoever carries the hub.
fn is_said_better(other: &Label, field: &Field, meant: &Meant, text: &str) -> bool {
    let is_misspelt = |reason: Option<Reason>| reason == Some(Reason::Misspelt);
    let is_of_coordinator = vocabulary::is_of_coordinator;
    // `nom`, as our own tables write it, is the name of the hub.
    let is_alone = |text: &str| text != "nom" && vocabulary::is_name_alone(text);
    is_misspelt(other.reason) && !is_misspelt(meant.reason)
        || field.pointer == "/nom" && other.reason != Some(Reason::Mapping) && is_alone(&other.text) && !is_alone(text)
        || field.pointer.starts_with("/adresse/")
            && meant.reason != Some(Reason::Mapping)
            && other.reason != Some(Reason::Mapping)
            && is_of_coordinator(&other.text)
            && !is_of_coordinator(text)
}

/// Whether a label that was taken for the line of a street is the one of the number in it: « N° de voie » beside « Nom de la
/// voie ». Alone, it may mean the whole line.
fn is_number_of_street(label: &Label, field: &Field) -> bool {
    field.pointer == "/adresse/voie"
        && matches!(
            folded(&label.text).as_str(),
            "n de voie"
                | "no de voie"
                | "num de voie"
                | "numero de voie"
                | "numero voie"
                | "n voie"
                | "numero de la voie"
                | "numero de rue"
                | "n de rue"
                | "numero rue"
                | "n rue"
        )
}

/// « N° » right before the column of a street is the number in it; first in a table it counts the rows.
fn number_of_street(labels: &mut [Label], before: u32, street: u32) {
    let is_street =
        matches!(labels[street as usize].target, Target::Field(field, None) if field.pointer == "/adresse/voie");
    let next = labels[street as usize].column;
    let label = &mut labels[before as usize];
    let is_number = || matches!(folded(&label.text).as_str(), "n" | "no" | "num" | "numero");
    if is_street
        && label.column > 1
        && label.column + 1 == next
        && matches!(label.target, Target::Unknown)
        && is_number()
        && let Some(number) = Field::at("/adresse/voie/numero")
    {
        (label.target, label.reason) = (Target::Field(number, None), Some(Reason::Composed));
    }
}

/// A header of more labels is none that a person has written: whose they are is told by their own words alone. To hold each label
/// against all those before it would take the square of their number.
const MOST_TOGETHER: usize = 400;

/// Labels that come again together, « Contact ; Mail ; Contact ; Mail », are those of the next element. One alone that comes
/// again may be anything.
fn again(labels: &mut [Label], ranks: &[u32]) {
    /// A label by its field and its text: each is made comparable once.
    type Said = (*const Field, String);
    if ranks.len() > MOST_TOGETHER {
        return;
    }
    let mut said_before: BTreeMap<Said, u16> = BTreeMap::new();
    let mut first_alone: BTreeMap<Said, usize> = BTreeMap::new();
    let mut repeated: Vec<(usize, &'static Field, u16, Said)> = Vec::new();
    for at in ranks.iter().map(|rank| *rank as usize) {
        let (field, is_element) = match labels[at].target {
            Target::Field(field, rank) => (field, rank.is_some()),
            Target::Taken(field) => (field, true),
            _ => continue,
        };
        let said = (std::ptr::from_ref(field), folded(&labels[at].text));
        if matches!(labels[at].target, Target::Field(_, None)) {
            first_alone.entry(said.clone()).or_insert(at);
        }
        let before = said_before.entry(said.clone()).or_default();
        if *before > 0 && is_element && matches!(field.kind, Kind::ElementText) {
            repeated.push((at, field, before.saturating_add(1), said));
        }
        *before = before.saturating_add(1);
    }
    // The fields that come again together, by their list and by how often they have come.
    let mut together: BTreeMap<(&'static str, u16), BTreeSet<*const Field>> = BTreeMap::new();
    for (_, field, rank, _) in &repeated {
        together.entry((field.list(), *rank)).or_default().insert(std::ptr::from_ref(*field));
    }
    for (label, field, rank, said) in repeated {
        if together.get(&(field.list(), rank)).is_some_and(|fields| fields.len() > 1) {
            // The first of them are those of the first element alone.
            if let Some(first) = first_alone.remove(&said) {
                labels[first].target = Target::Field(field, Some(1));
            }
            (labels[label].target, labels[label].reason) = (Target::Field(field, Some(rank)), Some(Reason::Composed));
        }
    }
}

/// The same things told of another person, « Mail contact, Nom contact SA, Mail contact SA », are those of the next contact.
fn apart(labels: &mut [Label], ranks: &[u32]) {
    let Some(last) = ranks.last().map(|rank| *rank as usize) else { return };
    let of_contact = |label: &Label| match label.target {
        Target::Field(field, rank) if field.list() == "/contacts" && !field.is_list() => Some((field, rank, false)),
        Target::Taken(field) if field.list() == "/contacts" => Some((field, None, true)),
        _ => None,
    };
    let Some((_, _, true)) = of_contact(&labels[last]) else { return };
    if ranks.len() > MOST_TOGETHER || labels[last].reason == Some(Reason::Mapping) {
        return;
    }
    let own = vocabulary::whose(&labels[last].text);
    let all: Vec<(usize, &'static Field, Option<u16>, bool)> = ranks
        .iter()
        .filter_map(|rank| {
            let at = *rank as usize;
            of_contact(&labels[at]).map(|(field, rank, is_taken)| (at, field, rank, is_taken))
        })
        .collect();
    let (same, others): (Vec<_>, Vec<_>) =
        all.into_iter().partition(|(at, ..)| vocabulary::whose(&labels[*at].text) == own);
    let told: BTreeSet<*const Field> = same.iter().map(|(_, field, ..)| std::ptr::from_ref(*field)).collect();
    let takers = same.iter().filter(|(_, field, ..)| std::ptr::eq(*field, same[same.len() - 1].1)).count();
    if told.len() < 2 || others.is_empty() || takers > 1 {
        return;
    }
    let known = same.iter().find_map(|(_, _, rank, _)| *rank);
    let next = others.iter().filter_map(|(_, _, rank, _)| *rank).max().unwrap_or(1).saturating_add(1);
    let rank = known.unwrap_or(next);
    for (at, field, of, _) in same {
        if of.is_none() {
            (labels[at].target, labels[at].reason) = (Target::Field(field, Some(rank)), Some(Reason::Composed));
        }
    }
    for (at, field, of, is_taken) in others {
        if of.is_none() && !is_taken {
            labels[at].target = Target::Field(field, Some(1));
        }
    }
}

/// Whether a label already fills a field, so that another one cannot.
fn fills(label: &Label, field: &Field, rank: Option<u16>) -> bool {
    matches!(label.target, Target::Field(known, known_rank)
        if std::ptr::eq(known, field) && known_rank.unwrap_or(1) == rank.unwrap_or(1) && !field.is_list())
}
