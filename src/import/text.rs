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
mod territory;

use std::collections::{BTreeMap, BTreeSet};
use std::io::{Cursor, Read};

use super::{MAX_COLUMNS, MAX_RECORD_BYTES, Sink, decoded, encoding, read_error};
use crate::error::{Error, ErrorKind, Result};
use crate::families;
use crate::field::{Field, code_and_name};
use crate::fold::folded;
use crate::people;
use crate::reference::departments::{self, Department};
use crate::reference::regions::{self, RegionSet};
use crate::row::Target;
use crate::vocabulary::{self, Reason};
use crate::words::words;
use lines::{Line, Lines, Paragraph, WIDE, goes_on, too_long, without_number};
use members::capitalised;

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
        while let Some(line) = self.lines.next()? {
            if was_utf8 && !self.lines.is_utf8 {
                was_utf8 = false;
                self.sink.read_as("Windows-1252", None);
            }
            if self.is_furniture(&line)? {
                continue;
            }
            self.is_signed |= self.record.is_some() && (line.signed || is_closing(&line.text));
            let found = self.label(&line)?;
            self.is_signed |= found.as_ref().is_some_and(|found| self.is_of_sender(found, &line));
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
        section.paragraphs[section.own()..].last().is_some_and(is_sender)
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
            Some(last) if line.gap == 0 && !line.bullet && !line.numbered && !line.heading && !last.heading => {
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
                (_, Some(name)) => departments::by_name(&name),
                (Some(code), None) => departments::by_code(&code),
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

/// In the place of a section's rank: the value stands in the title, or in the heading above.
const TITLE: usize = usize::MAX;
const HEADING: usize = usize::MAX - 1;

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

/// One value on its way to the row.
struct Value {
    section: usize,
    target: Target,
    element: u16,
    single: bool,
    text: String,
    place: (u64, u32),
}

/// The values of a record.
#[derive(Default)]
struct Values {
    all: Vec<Value>,
    /// The element of each list that the next value may still belong to, and its fields that are filled.
    elements: BTreeMap<&'static str, (u16, Vec<&'static str>)>,
    /// How many sections have been taken.
    sections: usize,
}

impl Values {
    fn first_line(&self) -> Option<u64> {
        self.all.first().filter(|value| value.section == TITLE).map(|value| value.place.0)
    }

    fn texts(&self, pointer: &str) -> impl Iterator<Item = &str> {
        let is_of = move |value: &&Value| matches!(value.target, Target::Field(field, _) if field.pointer == pointer);
        self.all.iter().filter(is_of).map(|value| value.text.as_str())
    }

    /// Adds a value of the field at a pointer.
    fn push(&mut self, pointer: &str, element: u16, single: bool, text: &str, place: (u64, u32), section: usize) {
        let target = Field::at(pointer).map_or(Target::Rest, |field| Target::Field(field, None));
        self.all.push(Value { section, target, element, single, text: text.to_owned(), place });
    }

    /// Keeps what no field takes.
    fn rest(&mut self, text: &str, place: (u64, u32), section: usize) {
        let text = text.to_owned();
        self.all.push(Value { section, target: Target::Rest, element: 0, single: true, text, place });
    }

    /// The element of a list to which values of these fields go: the last one while it lacks them all.
    fn element(&mut self, list: &'static str, fields: &[&'static str], is_new: bool) -> u16 {
        let (element, filled) = self.elements.entry(list).or_insert((1, Vec::new()));
        if !filled.is_empty() && (is_new || fields.iter().any(|field| filled.contains(field))) {
            *element = element.saturating_add(1);
            filled.clear();
        }
        filled.extend(fields);
        *element
    }

    /// Takes the values of a section; beside the label of a first name, a name is only a part of one.
    fn section(&mut self, section: &Section, is_beside_first_name: bool) {
        let rank = self.sections;
        self.sections += 1;
        let own = section.own();
        let (paragraphs, after) = section.paragraphs.split_at(own);
        let whole = Paragraph::joined(paragraphs);
        let text = whole.text.as_str();
        let first = paragraphs.first().map_or((section.line, section.column), |first| first.place(&first.text));
        match (&section.target, composite(&section.target)) {
            _ if text.is_empty() => {}
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
    fn groups(&mut self, paragraphs: &[Paragraph], section: usize) -> Vec<Paragraph> {
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
            let elements = paragraphs[at + 1..].iter().take_while(|next| next.bullet).count();
            if heads && elements > 0 {
                self.members(&paragraphs[at..=at + elements], section);
                at += elements;
            } else {
                others.push(paragraph.clone());
            }
            at += 1;
        }
        others
    }

    fn people(&mut self, whole: &Paragraph, section: usize, label_rank: Option<u16>) {
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

    fn address(&mut self, text: &str, whole: &Paragraph, section: usize) {
        for (pointer, part) in people::address_parts(text) {
            // « 05 000 » is written apart: it stands where the address does.
            let at = text.rfind(&part).unwrap_or(0);
            self.push(pointer, 0, true, &part, whole.place(&text[at..]), section);
        }
    }

    fn organisation(&mut self, whole: &Paragraph, section: usize) {
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

    fn territory(&mut self, whole: &Paragraph, section: usize) {
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

    fn members(&mut self, paragraphs: &[Paragraph], section: usize) {
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
    fn list(&mut self, field: &'static Field, paragraphs: &[Paragraph], rank: usize) {
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

/// The words that end a mail: what follows them belongs to no record.
fn is_closing(text: &str) -> bool {
    /// Each may have a few words behind it: « Cordialement, Camille Exemple ».
    const CLOSINGS: &[&str] = &[
        "a bientot",
        "amicalement",
        "amities",
        "belle journee",
        "bien a toi",
        "bien a vous",
        "bien cordialement",
        "best regards",
        "bonne journee",
        "bonne reception",
        "bonne soiree",
        "cordialement",
        "cordiales salutations",
        "kind regards",
        "many thanks",
        "meilleures salutations",
        "regards",
        "respectueusement",
        "salutations",
        "salutations distinguees",
        "sincerely",
        "sincerement",
        "sinceres salutations",
        "tres cordialement",
        "yours sincerely",
    ];
    /// The beginning of a sentence that ends a mail.
    const POLITE: &[&str] = &[
        "dans l attente de votre",
        "en vous remerciant",
        "envoye a partir de mon",
        "envoye depuis mon",
        "envoye de mon",
        "je reste a votre disposition",
        "je vous prie d agreer",
        "merci d avance",
        "merci par avance",
        "nous restons a votre disposition",
        "nous vous prions d agreer",
        "restant a votre disposition",
        "sent from my",
        "veuillez agreer",
        "veuillez recevoir",
    ];
    const FEW: usize = 5;
    let first = text.lines().next().unwrap_or("");
    let plain = folded(first);
    let begins = |known: &str| plain.strip_prefix(known).is_some_and(|rest| rest.is_empty() || rest.starts_with(' '));
    // « Cordialement invités » goes on; a name does not.
    let is_over = |known: &str| {
        let mut behind = words(first).skip(known.split(' ').count());
        let next = behind.next();
        next.is_none_or(|word| word.text.starts_with(char::is_uppercase)) && behind.count() < FEW
    };
    CLOSINGS.iter().any(|known| begins(known) && is_over(known)) || POLITE.iter().any(|known| begins(known))
}

/// Whether a paragraph that belongs to no label begins with a person: who has written the text.
fn is_sender(paragraph: &Paragraph) -> bool {
    paragraph.text.lines().next().is_some_and(people::is_name)
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
