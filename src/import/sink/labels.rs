//! The labels of a source on their way into its layout: what each means, beside the others.

use std::sync::Arc;

use super::super::limits::long_label;
use super::super::saved::is_untitled;
use super::super::sheet::arrangement::{grouped, meaning_in_group};
use super::super::{MAX_COLUMNS, MAX_LABEL_BYTES, MAX_RECORD_BYTES};
use super::Sink;
use super::beside::{
    again, apart, fills, is_name_of_person, is_number_of_street, is_said_better, number_of_street, part_of_joint,
    share, surname,
};
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
        match &meant.target {
            // What stands in a column of its own is no part of another cell.
            Target::Joint(fields, _)
                if others.iter().any(|other| share(&self.layout.labels[*other as usize], fields)) =>
            {
                meant.target = Target::Ambiguous(fields.clone());
            }
            Target::Field(field, _) => {
                let joint =
                    others.iter().copied().find(|other| part_of_joint(&self.layout.labels[*other as usize], field));
                if let Some(joint) = joint {
                    let label = &mut Arc::make_mut(&mut self.layout).labels[joint as usize];
                    if let Target::Joint(fields, _) = &label.target {
                        label.target = Target::Ambiguous(fields.clone());
                    }
                }
            }
            _ => {}
        }
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
