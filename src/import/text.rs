//! Texts that people read: press kits, mails, forms pasted as text. Records are lines « label : value » and headings.
//!
//! What is known of such texts, and of no one of them in particular:
//!
//! * A label is what the vocabulary knows, before a colon or alone on its line. Its value stands behind it, or below it
//!   until the next label.
//! * A record begins where its first label comes again, or one that can stand in it only once.
//! * A short text set apart above a record is its title; a region's name there is the region of the records that follow
//!   while their departments lie in it.
//! * What belongs to no record is told, a passage at a time; what a field cannot take goes to `source.autres`.

mod lines;
mod members;
mod named;
mod organisation;
mod signature;
mod territory;
mod values;

use std::collections::{BTreeMap, BTreeSet};
use std::io::{Cursor, Read};

use super::{MAX_COLUMNS, MAX_RECORD_BYTES, Sink, decoded, encoding, read_error};
use crate::error::{Error, ErrorKind, Result};
use crate::field::{Field, code_and_name};
use crate::reference::departments::{self, Department};
use crate::reference::regions::{self, RegionSet};
use crate::row::Target;
use crate::text::families;
use crate::text::fold::folded;
use crate::text::words::words;
use crate::text::{mentions, names, people};
use crate::vocabulary::{self, Reason};
use lines::{Line, Lines, Paragraph, WIDE, goes_on, too_long, without_number};
use signature::{begins_message, is_closing};
use values::{HEADING, TITLE, Value, Values};

/// Lines after a first label among which another one must come: a lone « Objet : » in running text makes no record.
const SEARCHED_LINES: usize = 8;
/// Passages, and labels without a field, that are told one by one: each takes one of the labels that a file may have.
const TOLD: usize = 300;

/// What stands before the name of a contact, under a label of its own.
const FIRST_NAME: &str = "/contacts/*/prenom";

/// Texts under one label that hold the values of several fields, by the field that the label means.
static COMPOSITES: &[(&str, Composite)] = &[
    ("/contacts/*/nom", Composite::People),
    ("/coordinateur/nom", Composite::Organisation),
    ("/partenaires", Composite::Members),
    ("/territoire/libelle", Composite::Territory),
];

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Composite {
    People,
    Organisation,
    Members,
    Territory,
}

fn composite(target: &Target) -> Option<Composite> {
    let Target::Field(field, _) = target else { return None };
    COMPOSITES.iter().find(|(pointer, _)| *pointer == field.pointer).map(|(_, composite)| *composite)
}

/// How many lines of a text begin with a label that the vocabulary knows.
pub(super) fn labelled_lines(text: &str) -> usize {
    let is_labelled = |line: &Line| {
        written_label(&line.text).is_some_and(|(label, _)| is_known(label))
            || line.heading && bare_label(line).is_some()
    };
    text.lines().map(Line::new).filter(is_labelled).count()
}

fn is_known(label: &str) -> bool {
    !matches!(vocabulary::meaning(label).0, Target::Unknown)
}

pub(super) fn read(mut source: impl Read, sink: &mut Sink<'_>) -> Result<()> {
    let mut mark = Vec::new();
    source.by_ref().take(2).read_to_end(&mut mark).map_err(|error| read_error(&error))?;
    sink.read_as(encoding::name(&mark), None);
    let lines = Lines::new(decoded(Cursor::new(mark).chain(source), None));
    let mut reader = Reader {
        sink,
        lines,
        labels: BTreeMap::new(),
        passages: 0,
        records: 0,
        record: None,
        outside: Vec::new(),
        outside_bytes: 0,
        unknown: BTreeSet::new(),
        region: None,
        furniture: Vec::new(),
        page_heads: BTreeSet::new(),
        after_number: false,
        is_signed: false,
    };
    reader.read()
}

/// A label of the text, and what follows it.
struct Found {
    text: String,
    target: Target,
    /// Where the label begins and where its value does, in the line.
    at: usize,
    value: usize,
    /// Whether it means what it means only below the heading of its group: « Nom » under « Contact ».
    below: bool,
}

/// A label, and the paragraphs behind and below it.
struct Section {
    text: String,
    target: Target,
    line: u64,
    column: u32,
    gap: u32,
    below: bool,
    /// Whether the value begins on the line of the label.
    inline: bool,
    paragraphs: Vec<Paragraph>,
}

impl Section {
    fn pointer(&self) -> &'static str {
        match self.target {
            Target::Field(field, _) => field.pointer,
            _ => "",
        }
    }

    /// How many of the paragraphs are of the value; the others only follow it.
    fn own(&self) -> usize {
        let count = self.paragraphs.len();
        let closed = self.paragraphs.iter().position(|paragraph| paragraph.signed || is_closing(&paragraph.text));
        let closed = closed.unwrap_or(count);
        if !self.inline {
            return closed;
        }
        /// A text of that many words that ends as a sentence does may have more paragraphs of its kind.
        const PROSE: usize = 6;
        let is_prose = |text: &str| words(text).count() >= PROSE && text.ends_with(['.', '!', '?', '…']);
        let own = self.paragraphs.windows(2).take_while(|pair| {
            let (before, next) = (&pair[0].text, &pair[1].text);
            (pair[1].bullet || pair[1].numbered) && pair[1].gap == 0
                || goes_on(before, next)
                || is_prose(before) && is_prose(next) && pair[1].gap < WIDE
        });
        (1 + own.count()).min(closed)
    }
}

/// The record being read.
struct Open {
    title: Option<Paragraph>,
    region: Option<Paragraph>,
    sections: Vec<Section>,
    /// Whether its labels stand in a list.
    bulleted: bool,
    /// The heading whose group the labels below it belong to.
    context: Option<(String, &'static str)>,
    bytes: usize,
}

struct Reader<'s, 'a, R: Read> {
    sink: &'s mut Sink<'a>,
    lines: Lines<R>,
    /// Ranks of the labels by their text and what they mean.
    labels: BTreeMap<(String, String), u32>,
    passages: usize,
    /// Records read so far.
    records: u64,
    record: Option<Open>,
    /// What has been read before the first record.
    outside: Vec<Paragraph>,
    outside_bytes: usize,
    /// Labels that no field takes.
    unknown: BTreeSet<String>,
    /// The last heading that is a region's name: its text and its place.
    region: Option<(String, (u64, u32))>,
    /// Numbers of pages, and what is repeated at the head of each.
    furniture: Vec<(u64, String)>,
    page_heads: BTreeSet<String>,
    after_number: bool,
    /// Whether the words that end a mail have been read: the labels of a signature are those of no record.
    is_signed: bool,
}

impl<R: Read> Reader<'_, '_, R> {
    fn read(&mut self) -> Result<()> {
        self.mail_header()?;
        let mut was_utf8 = true;
        while let Some(mut line) = self.lines.next()? {
            if was_utf8 && !self.lines.is_utf8 {
                was_utf8 = false;
                self.sink.read_as("Windows-1252", None);
            }
            if self.is_furniture(&line)? {
                continue;
            }
            if self.record.is_some() && (line.signed || is_closing(&line.text) || begins_message(&line.text)) {
                (self.is_signed, line.signed) = (true, true);
            }
            line.signed |= self.names_sender(&line)?;
            let found = self.label(&line)?;
            self.is_signed = self.is_signed || found.as_ref().is_some_and(|found| self.is_of_sender(found, &line));
            match found {
                Some(found) if !self.is_signed || self.begins_again(&found) => {
                    self.is_signed = false;
                    self.open(found, &line)?;
                }
                _ => self.text(&line)?,
            }
        }
        self.end(Vec::new())?;
        if self.records == 0 {
            return Err(Error::new(
                ErrorKind::Empty,
                "aucune fiche : aucune ligne ne commence par un libellé connu, tel que « Nom du PTCE : » ou « Territoire : » ; ajoutez-les, ou demandez un tableau",
                "no record: no line begins with a known label, such as “Nom du PTCE:” or “Territoire:”; add them, or ask for a table",
            ));
        }
        let outside = std::mem::take(&mut self.outside);
        self.passage(&outside)?;
        if let Some((line, _)) = self.furniture.first() {
            let texts: Vec<&str> = self.furniture.iter().map(|(_, text)| text.as_str()).collect();
            let text = short(&texts.join(", "), 60);
            self.sink.settled(&text, Target::Passage(*line), *line, 1)?;
        }
        Ok(())
    }

    /// The head of a mail names its writer and its readers: no record, though « Objet » is a label.
    fn mail_header(&mut self) -> Result<()> {
        const FIELDS: &[&str] =
            &["a", "cc", "cci", "date", "de", "envoye", "from", "objet", "reply to", "sent", "subject", "to"];
        let ahead = self.lines.look(12)?;
        let is_field =
            |line: &Line| written_label(&line.text).is_some_and(|(label, _)| FIELDS.contains(&folded(label).as_str()));
        let count = ahead.iter().enumerate().take_while(|(at, line)| *at == 0 || line.gap == 0);
        let count = count.take_while(|(_, line)| is_field(line)).count();
        let names_sender = ahead.iter().take(count).any(|line| {
            written_label(&line.text).is_some_and(|(label, _)| ["de", "from"].contains(&folded(label).as_str()))
        });
        if count > 1 && names_sender {
            for _ in 0..count {
                if let Some(line) = self.lines.next()? {
                    self.text(&line)?;
                }
            }
        }
        Ok(())
    }

    /// Whether a line belongs to the page and not to the text: its number, or what heads every page.
    fn is_furniture(&mut self, line: &Line) -> Result<bool> {
        let is_apart = line.gap > 0 && self.lines.look(1)?.front().is_none_or(|next| next.gap > 0);
        let awaits_value = self
            .record
            .as_ref()
            .and_then(|record| record.sections.last())
            .is_some_and(|section| !section.inline && section.paragraphs.is_empty());
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
        let section = self.record.as_ref().and_then(|record| record.sections.last());
        let Some(section) = section.filter(|section| is_of_person && section.inline && line.gap < WIDE) else {
            return false;
        };
        let after = &section.paragraphs[section.own()..];
        after.last().is_some_and(|paragraph| {
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
        let section = self.record.as_ref().and_then(|record| record.sections.last());
        let is_below_value =
            section.is_some_and(|section| section.inline && !section.pointer().starts_with("/contacts"));
        if !is_below_value || line.bullet || !names::is_known_name(&line.text) || self.is_named(&line.text) {
            return Ok(false);
        }
        let ahead = self.lines.look(NEAR)?;
        let near = ahead.iter().take(NEAR).take_while(|next| next.gap == 0);
        Ok(near.into_iter().any(|next| !mentions::details(&next.text).is_empty()))
    }

    /// The label that a line begins with, or is.
    fn label(&mut self, line: &Line) -> Result<Option<Found>> {
        let section = self.record.as_ref().and_then(|record| record.sections.last());
        let is_members = section.is_some_and(|section| composite(&section.target) == Some(Composite::Members));
        let Some((text, value)) = written_label(&line.text) else {
            let Some(found) = bare_label(line) else { return Ok(None) };
            // A word alone on its line begins no record, unless its marks, and those of others below, make headings.
            let mut begins = || {
                let is_label = |next: &Line| next.heading && bare_label(next).is_some();
                self.lines.look(SEARCHED_LINES).map(|ahead| line.heading && ahead.iter().any(is_label))
            };
            return Ok(if self.record.is_some() || begins()? { Some(found) } else { None });
        };
        let at = text.as_ptr() as usize - line.text.as_ptr() as usize;
        let found = |target, below| Some(Found { text: text.to_owned(), target, at, value, below });
        let (target, _) = vocabulary::meaning(text);
        if let Target::Field(field, None) = target
            && field.pointer == "/nom"
            && folded(text) == "nom"
            && (section.is_some_and(|section| section.pointer() == FIRST_NAME) || self.names_first_name()?)
            && let Some(surname) = Field::at("/contacts/*/nom")
        {
            return Ok(found(Target::Field(surname, None), true));
        }
        let section = self.record.as_ref().and_then(|record| record.sections.last());
        let is_empty = line.text[value..].trim().is_empty();
        let Some(record) = &self.record else {
            if matches!(target, Target::Unknown) {
                return Ok(None);
            }
            // A label alone makes a record only where nothing else follows.
            let ahead = self.lines.look(SEARCHED_LINES)?;
            let is_label = |line: &Line| written_label(&line.text).is_some_and(|(label, _)| is_known(label));
            let borne_out = ahead.iter().any(is_label) || ahead.iter().any(|line| bare_label(line).is_some());
            let is_alone = ahead.len() < SEARCHED_LINES && ahead.iter().all(|line| line.gap == 0) && !line.bullet;
            return Ok(found(target, false).filter(|_| borne_out || is_alone));
        };
        if let Some((heading, group)) = &record.context
            && line.gap < WIDE
            && !is_members
        {
            let (composed, _) = vocabulary::meaning(&format!("{heading} {text}"));
            let is_of_group =
                |target: &Target| matches!(target, Target::Field(field, _) if field.pointer.starts_with(group));
            if is_of_group(&composed) && !is_of_group(&target) {
                return Ok(found(composed, true));
            }
        }
        if line.bullet && (!record.bulleted || is_members) {
            return Ok(None);
        }
        if is_members && is_empty {
            let is_same = matches!((&target, section), (Target::Field(field, _), Some(section)) if field.pointer == section.pointer());
            let heads_list = self.lines.look(1)?.front().is_some_and(|next| next.bullet);
            if is_same || heads_list && families::is_heading(text) {
                return Ok(None);
            }
        }
        if !matches!(target, Target::Unknown) {
            return Ok(found(target, false));
        }
        // In a form, whatever stands before a colon is a label, known or not.
        let is_form = section.is_some_and(|section| {
            section.inline && section.paragraphs.last().is_some_and(|last| line.gap > 0 || !goes_on(&last.text, text))
        });
        let is_short = words(text).count() <= 5 && text.starts_with(char::is_uppercase);
        let is_label = is_form && is_short && !line.bullet && line.gap < WIDE && !is_empty;
        // A text of more of them has no labels of its own: its lines are kept with the value above.
        let is_told = self.unknown.len() < TOLD || self.unknown.contains(text);
        if is_label && is_told {
            self.unknown.insert(text.to_owned());
        }
        Ok(found(target, false).filter(|_| is_label && is_told))
    }

    /// Whether the next line is that of a first name: « Nom » above it is that of a person.
    fn names_first_name(&mut self) -> Result<bool> {
        let is_first_name = |label: &str| matches!(vocabulary::meaning(label).0, Target::Field(field, _) if field.pointer == FIRST_NAME);
        let next = self.lines.look(1)?.front().and_then(|next| written_label(&next.text));
        Ok(next.is_some_and(|(label, _)| is_first_name(label)))
    }

    /// Begins a section, and where need be a record.
    fn open(&mut self, found: Found, line: &Line) -> Result<()> {
        let value = Paragraph::new(line, found.value);
        let inline = !value.text.is_empty();
        let section = Section {
            column: line.column(found.at),
            text: found.text,
            target: found.target,
            line: line.number,
            gap: line.gap,
            below: found.below,
            inline,
            paragraphs: if inline { vec![value] } else { Vec::new() },
        };
        let begins = self.record.as_ref().is_none_or(|record| record.is_over(&section));
        if begins {
            let moved = self.record.as_mut().map(|record| record.block(section.gap)).unwrap_or_default();
            let gap = moved.first().map_or(section.gap, |section| section.gap);
            let headings = self.headings(gap);
            self.end(headings)?;
            if let Some(record) = &mut self.record {
                record.sections = moved;
                record.bulleted = line.bullet;
            }
        }
        let Some(record) = &mut self.record else { return Ok(()) };
        record.bytes += line.text.len();
        if record.sections.len() == MAX_COLUMNS {
            return Err(Error::new(
                ErrorKind::Limit,
                format!("plus de {MAX_COLUMNS} libellés dans une fiche ; le fichier n’est pas une liste de PTCE"),
                format!("more than {MAX_COLUMNS} labels in one record; the file is not a list of PTCE"),
            )
            .at(line.number, None));
        }
        if !section.below {
            let group = section.pointer().split('/').nth(1).map_or(0, |group| group.len() + 1);
            let group = &section.pointer()[..group];
            let is_group = section.pointer().len() > group.len();
            record.context = (!inline && is_group).then(|| (section.text.clone(), group));
        }
        record.sections.push(section);
        Ok(())
    }

    /// Adds a line to what has been begun.
    fn text(&mut self, line: &Line) -> Result<()> {
        let paragraphs = match &mut self.record {
            Some(record) => {
                record.bytes += line.text.len();
                if record.bytes > MAX_RECORD_BYTES {
                    return Err(too_long(record.sections.first().map_or(line.number, |section| section.line)));
                }
                match record.sections.last_mut() {
                    Some(section) => &mut section.paragraphs,
                    None => &mut self.outside,
                }
            }
            None => {
                self.outside_bytes += line.text.len();
                if self.outside_bytes > MAX_RECORD_BYTES {
                    return Err(too_long(self.outside.first().map_or(line.number, Paragraph::first_line)));
                }
                &mut self.outside
            }
        };
        match paragraphs.last_mut() {
            Some(last)
                if line.gap == 0
                    && !line.signed
                    && !line.bullet
                    && !line.numbered
                    && !line.heading
                    && !last.heading =>
            {
                last.push(line, 0);
            }
            _ => paragraphs.push(Paragraph::new(line, 0)),
        }
        Ok(())
    }

    /// Takes the headings of the next record away from the end of what has been read; `gap` is that before its first
    /// label.
    fn headings(&mut self, gap: u32) -> Vec<Paragraph> {
        let (paragraphs, kept, is_closed) = match &mut self.record {
            Some(record) => match record.sections.last_mut() {
                Some(section) => {
                    let own = if section.inline { section.own() } else { 0 };
                    (&mut section.paragraphs, own, section.inline)
                }
                None => return Vec::new(),
            },
            None => (&mut self.outside, 0, true),
        };
        let mut first = paragraphs.len();
        let mut is_apart = false;
        while first > kept && !is_apart && is_heading(&paragraphs[first - 1]) {
            first -= 1;
            is_apart = paragraphs[first].gap >= WIDE;
        }
        if !is_apart {
            // Not set apart by the page: only the last can be a title, where it looks like one.
            let count = paragraphs.len();
            let is_title = |last: &Paragraph| {
                last.heading
                    || is_closed
                    || gap == 0 && last.gap > 0
                    || is_capitals(&last.text)
                    || region_named(&last.text)
            };
            first = if first < count && is_title(&paragraphs[count - 1]) { count - 1 } else { count };
            // The region's name above it comes along.
            if first > kept && first < count && region_named(&paragraphs[first - 1].text) {
                first -= 1;
            }
        }
        paragraphs.split_off(first)
    }

    /// Sends the record on its way, and begins the next below its headings.
    fn end(&mut self, headings: Vec<Paragraph>) -> Result<()> {
        let begins = !headings.is_empty() || self.lines.look(1)?.front().is_some() || self.record.is_none();
        if let Some(record) = self.record.take() {
            self.emit(record)?;
        }
        let mut next =
            Open { title: None, region: None, sections: Vec::new(), bulleted: false, context: None, bytes: 0 };
        let mut outside = std::mem::take(&mut self.outside);
        for heading in headings.into_iter().rev() {
            if next.region.is_none() && region_named(&heading.text) {
                next.region = Some(heading);
            } else if next.title.is_none() && next.region.is_none() {
                next.title = Some(heading);
            } else {
                outside.push(heading);
            }
        }
        self.outside_bytes = 0;
        self.passage(&outside)?;
        self.record = begins.then_some(next);
        Ok(())
    }

    /// Tells a passage that belongs to no record.
    fn passage(&mut self, paragraphs: &[Paragraph]) -> Result<()> {
        let (Some(first), Some(last)) = (paragraphs.first(), paragraphs.last()) else { return Ok(()) };
        self.passages += 1;
        if self.passages > TOLD {
            self.furniture.push((first.first_line(), short(&first.text, 30)));
            return Ok(());
        }
        let text = match paragraphs {
            [one] => short(&one.text, 120),
            _ => format!("{} […] {}", short(&first.text, 60), short(&last.text, 60)),
        };
        let (line, column) = first.place(&first.text);
        self.sink.settled(&text, Target::Passage(last.last_line()), line, column).map(|_| ())
    }

    /// Sends a record.
    fn emit(&mut self, mut record: Open) -> Result<()> {
        if record.sections.is_empty() {
            let rest: Vec<Paragraph> = record.region.into_iter().chain(record.title).collect();
            self.outside.extend(rest);
            return Ok(());
        }
        // What follows the last value belongs to no field: told, not kept.
        let mut after = Vec::new();
        if let Some(last) = record.sections.last_mut() {
            let own = last.own();
            after = last.paragraphs.split_off(own);
            if composite(&last.target) == Some(Composite::People) {
                let ends = (1..last.paragraphs.len()).find(|at| {
                    last.paragraphs[*at].gap >= WIDE && {
                        let found = people::parse(&last.paragraphs[*at].text);
                        found.address.is_none() && found.people.iter().all(|p| p.email.is_none() && p.phone.is_none())
                    }
                });
                if let Some(ends) = ends {
                    after = last.paragraphs.split_off(ends);
                }
            }
        }
        let mut values = Values::default();
        let has_name = record.sections.iter().any(|section| section.pointer() == "/nom");
        if let Some(title) = record.title.take() {
            if has_name {
                self.passage(&[title])?;
            } else {
                let name = without_number(&title.text);
                values.push("/nom", 0, false, &name.replace('\n', " "), title.place(name), TITLE);
            }
        } else if !has_name {
            record.named(&mut values);
        }
        let first_line = record.region.iter().map(Paragraph::first_line).chain(values.first_line()).min();
        let first_line = first_line.into_iter().chain(record.sections.first().map(|section| section.line)).min();
        let is_first_name = |at: Option<usize>| {
            at.and_then(|at| record.sections.get(at)).is_some_and(|section| section.pointer() == FIRST_NAME)
        };
        for (at, section) in record.sections.iter().enumerate() {
            values.section(section, is_first_name(at.checked_sub(1)) || is_first_name(Some(at + 1)));
        }
        // A label without a value is known too: what is missing is missing there.
        for (rank, section) in record.sections.iter().enumerate().filter(|(_, section)| section.paragraphs.is_empty()) {
            let (target, place) = (section.target.clone(), (section.line, section.column));
            let empty = Value { section: rank, target, element: 0, single: true, text: String::new(), place };
            self.rank(&empty, &record)?;
        }
        self.place_region(&record, &mut values);
        self.sink.row(first_line.unwrap_or(1), 1);
        for value in values.all {
            let label = self.rank(&value, &record)?;
            let (line, column) = value.place;
            self.sink.current().push(label, value.element, value.single, &value.text, line, column);
        }
        self.sink.commit()?;
        self.records += 1;
        self.outside.extend(after);
        Ok(())
    }

    /// The region of the heading above the record, or of the last one while the record's departments lie in it.
    fn place_region(&mut self, record: &Open, values: &mut Values) {
        let told: Vec<&'static Department> = values
            .texts("/territoire/departements")
            .flat_map(|text| departments::listed(text).unwrap_or_else(|| vec![text.to_owned()]))
            .filter_map(|text| match code_and_name(&text) {
                (_, Some(name)) => departments::by_name(name),
                (Some(code), None) => departments::by_code(code),
                (None, None) => None,
            })
            .chain(values.texts("/territoire/departements/*/nom").filter_map(departments::by_name))
            .collect();
        let has_own = record.sections.iter().any(|section| section.pointer().starts_with("/region"));
        if let Some(heading) = &record.region {
            let text = heading.text.replace('\n', " ");
            self.region = Some((text, heading.place(&heading.text)));
        } else if let Some((name, _)) = &self.region {
            let lies = told.is_empty() || told.iter().any(|department| lies_in(department, name));
            if !lies || has_own {
                self.region = None;
            }
        }
        if let Some((name, place)) = self.region.as_ref().filter(|_| !has_own) {
            values.push("/region/nom", 0, false, name, *place, HEADING);
        }
    }

    /// The rank of the label of a value.
    fn rank(&mut self, value: &Value, record: &Open) -> Result<u32> {
        let section = record.sections.get(value.section);
        let text = match (value.section, section) {
            (TITLE, _) => "(titre)",
            (HEADING, _) => super::sink::HEADING,
            (_, Some(section)) => section.text.as_str(),
            _ => "",
        };
        let key = (text.to_owned(), format!("{:?}", value.target));
        if let Some(rank) = self.labels.get(&key) {
            return Ok(*rank);
        }
        let place = section.map_or(value.place, |section| (section.line, section.column));
        let rank = self.sink.settled(text, value.target.clone(), place.0, place.1)?;
        self.labels.insert(key, rank);
        Ok(rank)
    }
}

impl Open {
    /// Whether a label begins another record: the first label again, or one that can stand in a record only once.
    fn is_over(&self, next: &Section) -> bool {
        let Target::Field(field, rank) = next.target else { return false };
        if next.below || rank.is_some() {
            return false;
        }
        let once = !field.is_list() && !field.pointer.contains('*');
        let text = folded(&next.text);
        self.sections.iter().enumerate().any(|(at, section)| {
            let same_field = section.pointer() == field.pointer && !section.below;
            same_field && (at == 0 && (once || field.is_list()) || once && folded(&section.text) == text)
                || at == 0 && folded(&section.text) == text && section.text == next.text && self.sections.len() > 1
        })
    }

    /// Takes the labels that stand in one block with the label that begins the next record; `gap` is that before it.
    fn block(&mut self, gap: u32) -> Vec<Section> {
        if gap > 0 {
            return Vec::new();
        }
        match self.sections.iter().rposition(|section| section.gap > 0) {
            Some(first) if first > 0 => self.sections.split_off(first),
            _ => Vec::new(),
        }
    }

    /// The name in running words, where no label and no title tells it.
    fn named(&self, values: &mut Values) {
        let whole = |section: &Section| Paragraph::joined(&section.paragraphs);
        let wholes: Vec<(usize, Paragraph)> =
            self.sections.iter().enumerate().map(|(rank, section)| (rank, whole(section))).collect();
        let texts: Vec<&str> = wholes.iter().map(|(_, whole)| whole.text.as_str()).collect();
        if let Some(name) = named::name(&texts)
            && let Some((rank, whole)) = wholes.iter().find(|(_, whole)| whole.holds(name))
        {
            values.push("/nom", 0, false, name, whole.place(name), *rank);
        }
    }
}

/// A text cut after so many characters, on one line.
fn short(text: &str, longest: usize) -> String {
    let mut short: String = text.chars().take(longest).map(|c| if c.is_whitespace() { ' ' } else { c }).collect();
    if text.chars().nth(longest).is_some() {
        short.truncate(short.trim_end().len());
        short.push('…');
    }
    short
}

/// The text before a colon, or a tab, that may be a label, and where its value begins.
fn written_label(line: &str) -> Option<(&str, usize)> {
    const LONGEST: usize = 80;
    let (colon, sign) = line.char_indices().take(LONGEST).find(|(_, c)| matches!(c, ':' | '\t'))?;
    // « 3) Nom du pôle ».
    let text = line[..colon].trim_start_matches(|c: char| c.is_ascii_digit() || ".)-– •*\t".contains(c)).trim_end();
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

/// A label alone on its line: set apart, without an article or a point that would make a name or a sentence of it.
fn bare_label(line: &Line) -> Option<Found> {
    let text = line.text.as_str();
    let count = words(text).count();
    let is_article = |word: &str| ["l", "la", "le", "les", "un", "une", "des"].contains(&folded(word).as_str());
    let starts = words(text).next()?;
    if line.bullet
        || line.gap == 0 && !line.heading
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

/// Whether a paragraph may be a title: short, and no sentence, address or element of a list.
fn is_heading(paragraph: &Paragraph) -> bool {
    const LONGEST: usize = 140;
    let text = paragraph.text.as_str();
    let has_code = words(text).any(|word| word.text.len() == 5 && word.text.bytes().all(|byte| byte.is_ascii_digit()));
    !paragraph.bullet
        && paragraph.height() <= 6
        && text.chars().count() <= LONGEST
        && words(text).count() <= 20
        && !text.ends_with(['.', ';', ',', ':', '?', '!'])
        && !text.contains('@')
        && !has_code
        && !text.starts_with(char::is_lowercase)
}

fn is_capitals(text: &str) -> bool {
    text.chars().filter(|c| c.is_alphabetic()).count() > 2 && !text.contains(char::is_lowercase)
}

fn region_named(text: &str) -> bool {
    regions::is_name(&text.replace('\n', " "))
}

fn lies_in(department: &Department, region: &str) -> bool {
    [RegionSet::Present, RegionSet::Until2015]
        .into_iter()
        .any(|set| regions::by_name(set, region).is_some_and(|region| region.code == department.region_in(set)))
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
