//! What each line of a text is, and what is done with it: a class from independent signs, and one table of steps.

use std::io::Read;

use super::lines::{Line, Lines, WIDE, goes_on};
use super::signature::{begins_message, is_closing};
use super::{Composite, FIRST_NAME, Reader, Section, composite, is_capitals};
use crate::error::Result;
use crate::field::Field;
use crate::row::Target;
use crate::text::families;
use crate::text::fold::folded;
use crate::text::words::words;
use crate::text::{mentions, names};
use crate::vocabulary::{self, Reason};

/// Lines after a first label among which another one must come: a lone « Objet : » in running text makes no record.
const SEARCHED_LINES: usize = 8;
/// Lines that tell whether a text is one of labels above their values.
const MOST_LOOKED_AT: usize = 100;
/// Passages, and labels without a field, that are told one by one: each takes one of the labels that a file may have.
pub(super) const TOLD: usize = 300;

/// What a line is.
pub(super) enum Class {
    /// The number of a page, or what heads every page.
    Page,
    /// A label of the record.
    Label(Found),
    /// The first label of the record once more.
    FirstLabel(Found),
    /// The words that end a mail, or what begins another message.
    Closing,
    /// The name of who has written the text, before their mailbox or number.
    Sender,
    /// The label of a mailbox or a number of the sender.
    SenderLabel,
    Text,
}

/// Where the text is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum State {
    /// Before the first record.
    Before,
    Record,
    /// Behind the words that end a mail: the labels of a signature are those of no record.
    Signature,
}

pub(super) enum Action {
    Skip,
    /// Begins a section, and where need be a record.
    Open(Found),
    /// Adds the line to what has been begun.
    Keep,
    /// The same, but as a paragraph of its own that is no part of a value.
    KeepApart,
}

impl State {
    /// What is done with a line, and where the text then is.
    pub fn step(self, class: Class) -> (Action, State) {
        match (self, class) {
            (_, Class::Page) => (Action::Skip, self),
            (State::Before | State::Record, Class::Label(found)) => (Action::Open(found), State::Record),
            (_, Class::FirstLabel(found)) => (Action::Open(found), State::Record),
            (State::Before, _) => (Action::Keep, self),
            (_, Class::Closing) => (Action::KeepApart, State::Signature),
            (_, Class::Sender) => (Action::KeepApart, self),
            (_, Class::SenderLabel) => (Action::Keep, State::Signature),
            (_, Class::Label(_) | Class::Text) => (Action::Keep, self),
        }
    }
}

/// A label of the text, and what follows it.
pub(super) struct Found {
    pub text: String,
    pub target: Target,
    /// Where the label begins and where its value does, in the line.
    pub at: usize,
    pub value: usize,
    /// Whether it means what it means only below the heading of its group: « Nom » under « Contact ».
    pub below: bool,
}

/// A text before a colon that may be a label: where its value begins, and what the vocabulary says of it alone.
struct Candidate<'l> {
    text: &'l str,
    value: usize,
    target: Target,
    /// Whether anything stands behind the colon.
    is_empty: bool,
}

/// What a sign says of a candidate; `None` where it says nothing.
enum Reading {
    Label(Target),
    /// It means that only here.
    Below(Target),
    NoLabel,
}

/// A sign: it looks at a candidate, its line and what has been read.
type Sign<'s, 'a, R> = fn(&mut Reader<'s, 'a, R>, &Candidate<'_>, &Line) -> Result<Option<Reading>>;

impl<'s, 'a, R: Read> Reader<'s, 'a, R> {
    /// What a line is.
    pub(super) fn class(&mut self, line: &Line) -> Result<Class> {
        if self.is_of_page(line)? {
            return Ok(Class::Page);
        }
        let is_closing = self.record.is_some() && (line.signed || is_closing(&line.text) || begins_message(&line.text));
        let is_sender = !is_closing && self.names_sender(line)?;
        Ok(match self.label(line)? {
            Some(found) if self.begins_again(&found) => Class::FirstLabel(found),
            _ if is_closing => Class::Closing,
            Some(found) if self.state == State::Record && self.is_of_sender(&found, line) => Class::SenderLabel,
            Some(found) => Class::Label(found),
            None if is_sender => Class::Sender,
            None => Class::Text,
        })
    }

    fn section(&self) -> Option<&Section> {
        self.record.as_ref().and_then(|record| record.sections.last())
    }

    fn is_in_members(&self) -> bool {
        self.section().is_some_and(|section| composite(&section.target) == Some(Composite::Members))
    }

    /// Whether a line belongs to the page and not to the text: its number, or what heads every page.
    fn is_of_page(&mut self, line: &Line) -> Result<bool> {
        let is_apart = line.gap > 0 && self.lines.look(1)?.front().is_none_or(|next| next.gap > 0);
        let awaits_value = self.section().is_some_and(|section| !section.inline && section.paragraphs.is_empty());
        let number = is_apart && !awaits_value && is_page_number(&line.text);
        let is_head = line.page || std::mem::replace(&mut self.after_number, number);
        let repeated = is_head
            && !line.text.ends_with(':')
            && !line.bullet
            && line.text.chars().count() < 100
            && !self.page_heads.insert(line.text.clone());
        if number || repeated {
            self.furniture.push((line.number, line.text.clone()));
        }
        Ok(number || repeated)
    }

    /// Whether a label is the first one of the record once more, so that another record follows a signature.
    fn begins_again(&self, found: &Found) -> bool {
        let first = self.record.as_ref().and_then(|record| record.sections.first());
        first.is_some_and(|first| folded(&first.text) == folded(&found.text))
    }

    /// Whether a label is one of a mailbox or a number below a name that stands apart, of nobody whom the record names.
    fn is_of_sender(&self, found: &Found, line: &Line) -> bool {
        let Target::Field(field, None) = found.target else { return false };
        let is_of_person =
            ["/adresse/", "/contacts/*/", "/site_web"].iter().any(|group| field.pointer.starts_with(group));
        let Some(section) = self.section().filter(|section| is_of_person && section.inline && line.gap < WIDE) else {
            return false;
        };
        section.paragraphs[section.own()..].last().is_some_and(|paragraph| {
            let name = paragraph.text.lines().next().unwrap_or("");
            names::is_name(name) && !self.is_named(name)
        })
    }

    /// Whether a label of the record names a person already.
    fn is_named(&self, name: &str) -> bool {
        let name = folded(name);
        let sections = self.record.iter().flat_map(|record| &record.sections);
        sections
            .filter(|section| section.pointer().starts_with("/contacts"))
            .flat_map(|section| &section.paragraphs[..section.own()])
            .any(|paragraph| folded(&paragraph.text).contains(&name))
    }

    /// Whether a line just below a value that is no contact is the name of a person whose mailbox or number follows: who
    /// has written the text.
    fn names_sender(&mut self, line: &Line) -> Result<bool> {
        /// A role may stand between the name and the number.
        const NEAR: usize = 3;
        let is_below_value =
            self.section().is_some_and(|section| section.inline && !section.pointer().starts_with("/contacts"));
        if !is_below_value || line.bullet || !names::is_known_name(&line.text) || self.is_named(&line.text) {
            return Ok(false);
        }
        let near = self.lines.look(NEAR)?.iter().take(NEAR).take_while(|next| next.gap == 0);
        Ok(near.into_iter().any(|next| !mentions::details(&next.text).is_empty()))
    }

    /// The label that a line begins with, or is. The first sign that says something decides.
    fn label(&mut self, line: &Line) -> Result<Option<Found>> {
        let Some((text, value)) = written_label(&line.text) else {
            let is_over_value = self.is_stacked && self.section().is_some_and(|section| !section.paragraphs.is_empty());
            let Some(found) = label_alone(line, is_over_value) else { return Ok(None) };
            // A word alone on its line begins no record, unless its marks, and those of others below, make headings, or each value of
            // the record stands on the line below its label.
            let is_label = |next: &Line| next.heading && bare_label(next).is_some();
            if self.record.is_none() {
                let ahead: Vec<Line> = self.lines.look(SEARCHED_LINES)?.iter().cloned().collect();
                self.is_stacked = is_stack(&found, &ahead);
                let begins = self.is_stacked || line.heading && ahead.iter().any(is_label);
                return Ok(begins.then_some(found));
            }
            return Ok(Some(found));
        };
        let signs: [Sign<'s, 'a, R>; 7] = [
            Self::is_surname,
            Self::is_before_records,
            Self::is_of_heading,
            Self::is_of_list,
            Self::heads_members,
            Self::is_known,
            Self::is_of_form,
        ];
        let is_empty = line.text[value..].trim().is_empty();
        let candidate = Candidate { text, value, target: vocabulary::meaning(text).0, is_empty };
        for sign in signs {
            let (target, below) = match sign(self, &candidate, line)? {
                None => continue,
                Some(Reading::NoLabel) => return Ok(None),
                Some(Reading::Label(target)) => (target, false),
                Some(Reading::Below(target)) => (target, true),
            };
            let at = text.as_ptr() as usize - line.text.as_ptr() as usize;
            return Ok(Some(Found { text: text.to_owned(), target, at, value: candidate.value, below }));
        }
        Ok(None)
    }

    /// « Nom » beside the label of a first name is that of a person.
    fn is_surname(&mut self, label: &Candidate<'_>, _: &Line) -> Result<Option<Reading>> {
        let is_name = matches!(label.target, Target::Field(field, None) if field.pointer == "/nom");
        if !is_name || folded(label.text) != "nom" {
            return Ok(None);
        }
        let is_first_name = |label: &str| matches!(vocabulary::meaning(label).0, Target::Field(field, _) if field.pointer == FIRST_NAME);
        let next = self.lines.look(1)?.front().and_then(|next| written_label(&next.text));
        let is_beside = next.is_some_and(|(label, _)| is_first_name(label))
            || self.section().is_some_and(|section| section.pointer() == FIRST_NAME);
        let surname = Field::at("/contacts/*/nom").filter(|_| is_beside);
        Ok(surname.map(|surname| Reading::Below(Target::Field(surname, None))))
    }

    /// A label alone begins the first record only where others bear it out, or nothing else follows.
    fn is_before_records(&mut self, label: &Candidate<'_>, line: &Line) -> Result<Option<Reading>> {
        if self.record.is_some() {
            return Ok(None);
        }
        if matches!(label.target, Target::Unknown) {
            return Ok(Some(Reading::NoLabel));
        }
        let ahead = self.lines.look(SEARCHED_LINES)?;
        let is_label = |line: &Line| {
            written_label(&line.text).is_some_and(|(label, _)| is_known(label)) || bare_label(line).is_some()
        };
        let is_alone = || ahead.len() < SEARCHED_LINES && ahead.iter().all(|line| line.gap == 0) && !line.bullet;
        let is_borne_out = ahead.iter().any(is_label) || is_alone();
        Ok(Some(if is_borne_out { Reading::Label(label.target.clone()) } else { Reading::NoLabel }))
    }

    /// Below the heading of a group, a label is of the group: « Nom » under « Contact ».
    fn is_of_heading(&mut self, label: &Candidate<'_>, line: &Line) -> Result<Option<Reading>> {
        let context = self.record.as_ref().and_then(|record| record.context.as_ref());
        let Some((heading, group)) = context.filter(|_| line.gap < WIDE && !self.is_in_members()) else {
            return Ok(None);
        };
        let is_of_group =
            |target: &Target| matches!(target, Target::Field(field, _) if field.pointer.starts_with(group));
        let (composed, _) = vocabulary::meaning(&format!("{heading} {}", label.text));
        Ok((is_of_group(&composed) && !is_of_group(&label.target)).then_some(Reading::Below(composed)))
    }

    /// The element of a list is no label, unless the labels of the record stand in a list.
    fn is_of_list(&mut self, _: &Candidate<'_>, line: &Line) -> Result<Option<Reading>> {
        let is_bulleted = self.record.as_ref().is_some_and(|record| record.bulleted);
        Ok((line.bullet && (!is_bulleted || self.is_in_members())).then_some(Reading::NoLabel))
    }

    /// « Les PME : » among members heads some of them.
    fn heads_members(&mut self, label: &Candidate<'_>, _: &Line) -> Result<Option<Reading>> {
        if !label.is_empty || !self.is_in_members() {
            return Ok(None);
        }
        let is_same = matches!((&label.target, self.section()), (Target::Field(field, _), Some(section)) if field.pointer == section.pointer());
        let heads_list = self.lines.look(1)?.front().is_some_and(|next| next.bullet);
        let heads = is_same || heads_list && families::is_heading(label.text);
        Ok(heads.then_some(Reading::NoLabel))
    }

    fn is_known(&mut self, label: &Candidate<'_>, _: &Line) -> Result<Option<Reading>> {
        let is_known = !matches!(label.target, Target::Unknown);
        Ok(is_known.then(|| Reading::Label(label.target.clone())))
    }

    /// In a form, whatever stands before a colon is a label, known or not. A text of more of them than are told has no
    /// labels of its own: its lines are kept with the value above.
    fn is_of_form(&mut self, label: &Candidate<'_>, line: &Line) -> Result<Option<Reading>> {
        let is_form = self.section().is_some_and(|section| {
            let last = section.paragraphs.last();
            section.inline && last.is_some_and(|last| line.gap > 0 || !goes_on(&last.text, label.text))
        });
        let is_short = words(label.text).count() <= 5 && label.text.starts_with(char::is_uppercase);
        let is_label = is_form && is_short && !line.bullet && line.gap < WIDE && !label.is_empty;
        let is_told = is_label && (self.unknown.len() < TOLD || self.unknown.contains(label.text));
        if is_told {
            self.unknown.insert(label.text.to_owned());
        }
        Ok(is_told.then(|| Reading::Label(label.target.clone())))
    }
}

/// Whether the label of the name of a hub stands above it, and so do other labels above other values, whatever is between them.
fn is_stack(first: &Found, ahead: &[Line]) -> bool {
    let is_name = matches!(first.target, Target::Field(field, None) if field.pointer == "/nom")
        && !vocabulary::is_name_alone(&first.text);
    let is_label = |line: &Line| label_alone(line, true).is_some();
    let is_value = |line: Option<&Line>| {
        line.is_some_and(|line| line.gap == 0 && !is_label(line) && written_label(&line.text).is_none())
    };
    let over_value = |(at, line): &(usize, &Line)| *at > 0 && is_label(line) && is_value(ahead.get(at + 1));
    let labels: Vec<&Line> = ahead.iter().enumerate().filter(over_value).map(|(_, line)| line).collect();
    // Without blank lines between them, one word that is a label may be a value.
    is_name && is_value(ahead.first()) && (labels.len() > 1 || labels.iter().any(|label| label.gap > 0))
}

/// How many lines of a text are labels above their values.
fn stacked_lines(text: &str) -> usize {
    let lines: Vec<Line> = {
        let mut lines = Lines::new(text.as_bytes());
        let mut all = Vec::new();
        while all.len() < MOST_LOOKED_AT
            && let Ok(Some(line)) = lines.next()
        {
            all.push(line);
        }
        all
    };
    let Some(first) = lines.first().and_then(|first| label_alone(first, true)) else { return 0 };
    match is_stack(&first, &lines[1..lines.len().min(SEARCHED_LINES + 1)]) {
        true => lines.iter().filter(|line| label_alone(line, true).is_some()).count(),
        false => 0,
    }
}

/// How many lines of a text begin with a label that the vocabulary knows, or are one above its value.
pub(in crate::import) fn labelled_lines(text: &str) -> usize {
    let is_labelled = |line: &Line| {
        written_label(&line.text).is_some_and(|(label, _)| is_known(label))
            || line.heading && bare_label(line).is_some()
    };
    let labelled = text.lines().map(Line::new).filter(is_labelled).count();
    if labelled > 0 { labelled } else { stacked_lines(text) }
}

fn is_known(label: &str) -> bool {
    !matches!(vocabulary::meaning(label).0, Target::Unknown)
}

/// The text before a colon, or a tab, that may be a label, and where its value begins.
pub(super) fn written_label(line: &str) -> Option<(&str, usize)> {
    const LONGEST: usize = 80;
    let (colon, sign) = line.char_indices().take(LONGEST).find(|(_, c)| matches!(c, ':' | '\t'))?;
    // « 3) Nom du pôle ».
    let text = line[..colon].trim_start_matches(|c: char| c.is_ascii_digit() || ".)-– •*\t".contains(c)).trim_end();
    // « Nom du PTCE......... : » leads the eye to its value.
    let bare = text.trim_end_matches(['.', '…', '_', ' ']);
    let text = if text.len() - bare.len() > 1 { bare } else { text };
    let is_address = line[colon + 1..].starts_with("//");
    let is_label = text.starts_with(char::is_alphabetic) && words(text).count() <= 8 && !text.contains(['@', '.', ';'])
        || is_abbreviation(text);
    // The cells of a form that was pasted are tabs apart; so are many other things.
    let is_cell = sign == ':' || is_known(text);
    (is_label && !is_address && is_cell).then_some((text, colon + 1))
}

/// « Tél. », « C.P. ».
fn is_abbreviation(text: &str) -> bool {
    text.starts_with(char::is_alphabetic) && text.chars().count() <= 12 && !text.contains(['@', ';'])
}

/// A label alone on its line: set apart or in capitals, without an article or a point that would make a name or a sentence of it.
fn bare_label(line: &Line) -> Option<Found> {
    label_alone(line, false)
}

/// The same; where values are known to stand below their labels, nothing else need set it apart.
fn label_alone(line: &Line, is_over_value: bool) -> Option<Found> {
    let text = line.text.as_str();
    let count = words(text).count();
    let is_article = |word: &str| ["l", "la", "le", "les", "un", "une", "des"].contains(&folded(word).as_str());
    let starts = words(text).next()?;
    if line.bullet
        || line.gap == 0 && !line.heading && !is_over_value && !is_capitals(text)
        || !(1..=4).contains(&count)
        || starts.start > 0
        || is_article(starts.text) && count == 2 && !line.heading
        || text.ends_with(|c: char| !c.is_alphanumeric() && c != ')')
    {
        return None;
    }
    let (target, reason) = vocabulary::meaning(text);
    let is_sure = matches!(reason, Some(Reason::Key | Reason::Listed)) && matches!(target, Target::Field(..));
    is_sure.then(|| Found { text: text.to_owned(), target, at: 0, value: text.len(), below: false })
}

/// « 12 », « 3 / 20 », « Page 4 », « - 5 - ».
fn is_page_number(text: &str) -> bool {
    let rest = text.trim_start_matches(|c: char| !c.is_alphanumeric());
    let rest = ["Page", "page", "p."].iter().find_map(|start| rest.strip_prefix(start)).unwrap_or(rest);
    let numbers = words(rest);
    rest.len() <= 12
        && rest.chars().any(|c| c.is_ascii_digit())
        && numbers.into_iter().all(|word| {
            word.text.len() <= 3 && word.text.bytes().all(|byte| byte.is_ascii_digit())
                || ["sur", "of"].contains(&word.text)
        })
}
