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

mod classes;
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
use crate::field::code_and_name;
use crate::reference::departments::{self, Department};
use crate::reference::regions::{self, RegionSet};
use crate::row::{RemarkKind, Target};
use crate::text::fold::folded;
use crate::text::people;
use crate::text::words::words;
use crate::vocabulary::{self, Values as Evidence};
use classes::{Action, Found, State, TOLD, written_label};
use lines::{Line, Lines, Paragraph, WIDE, goes_on, too_long, without_number};
use signature::is_closing;
use values::{HEADING, TITLE, Value, Values};

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

pub(super) use classes::labelled_lines;

pub(super) fn read(mut source: impl Read, sink: &mut Sink<'_>) -> Result<()> {
    let mut mark = Vec::new();
    source.by_ref().take(2).read_to_end(&mut mark).map_err(|error| read_error(&error))?;
    sink.set_encoding(encoding::name(&mark), None);
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
        is_stacked: false,
        state: State::Before,
    };
    reader.read()
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

    /// The list that the field is in, or the field.
    fn list(&self) -> &'static str {
        let pointer = self.pointer();
        pointer.split_once("/*").map_or(pointer, |(list, _)| list)
    }

    /// Whether it stands on the one line of its label, as the cell of a table does beside its own: what is more is a text.
    fn is_cell(&self) -> bool {
        let is_line = |paragraph: &Paragraph| paragraph.height() == 1 && !paragraph.bullet && !paragraph.numbered;
        let is_text = matches!(composite(&self.target), Some(Composite::Members | Composite::Territory));
        self.inline && !is_text && self.own() == 1 && self.paragraphs.first().is_some_and(is_line)
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
    /// Whether each value stands on the line below its label.
    is_stacked: bool,
    state: State,
}

impl<R: Read> Reader<'_, '_, R> {
    fn read(&mut self) -> Result<()> {
        self.mail_header()?;
        let mut was_utf8 = true;
        while let Some(mut line) = self.lines.next()? {
            if was_utf8 && !self.lines.is_utf8 {
                was_utf8 = false;
                self.sink.set_encoding("Windows-1252", None);
            }
            let class = self.class(&line)?;
            let (action, state) = self.state.step(class);
            self.state = state;
            match action {
                Action::Skip => {}
                Action::Open(found) => self.open(found, &line)?,
                Action::Keep => self.text(&line)?,
                Action::KeepApart => {
                    line.signed = true;
                    self.text(&line)?;
                }
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
            self.sink.remark(RemarkKind::Passage(*line), text, *line, 1)?;
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

    /// Begins a section, and where need be a record.
    fn open(&mut self, mut found: Found, line: &Line) -> Result<()> {
        let value = Paragraph::new(line, found.value);
        let inline = !value.text.is_empty();
        // Of two meanings, the value tells which one it is.
        if inline && matches!(found.target, Target::Ambiguous(_)) {
            found.target =
                vocabulary::meaning_in_header(&found.text, &Evidence::of([value.text.as_str()].into_iter())).target;
        }
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
        self.sink.remark(RemarkKind::Passage(last.last_line()), text, line, column)
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
        // The lists of which a field stands in the record more than once.
        let mut known = BTreeSet::new();
        let several: BTreeSet<&str> =
            record.sections.iter().filter(|section| !known.insert(section.pointer())).map(Section::list).collect();
        for (at, section) in record.sections.iter().enumerate() {
            let is_lone = !several.contains(section.list());
            values.section(section, is_first_name(at.checked_sub(1)) || is_first_name(Some(at + 1)), is_lone);
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
