//! Address books, vCard 2.1 to 4.0 (RFC 6350): a card is a record, its properties are labels. The card of a person who has an
//! organisation is a contact of that organisation.

use std::collections::BTreeMap;
use std::io::Read;

use mail_parser::decoders::quoted_printable::quoted_printable_decode;

use super::{Sink, grids};
use crate::error::Result;
use crate::field::Field;
use crate::row::Target;

/// A property of a card, with where it stands, counted from 1.
struct Property<'t> {
    /// In capitals, without the group before it: `EMAIL` of `item1.EMAIL`.
    name: String,
    parameters: Vec<String>,
    value: std::borrow::Cow<'t, str>,
    line: u64,
    column: u32,
}

impl Property<'_> {
    /// Whether a parameter says that it is of a type: `TYPE=HOME`, `TYPE=home,postal`, and `HOME` alone in vCard 2.1.
    fn is_of(&self, kind: &str) -> bool {
        self.parameters.iter().any(|parameter| parameter.contains(kind))
    }
}

/// What a property, or a part of its value, becomes; the texts are the labels under which it is told.
struct Part {
    label: &'static str,
    pointer: &'static str,
    rank: Option<u16>,
}

const fn part(label: &'static str, pointer: &'static str) -> Part {
    Part { label, pointer, rank: None }
}

const fn of_contact(label: &'static str, pointer: &'static str) -> Part {
    Part { label, pointer, rank: Some(1) }
}

const NAME: Part = part("FN", "/nom");
const CATEGORY: Part = part("CATEGORIES", "/thematiques");
const PERSON: Part = of_contact("FN", "/contacts/*/nom");
const ORGANISATION: Part = part("ORG", "/nom");
/// The parts of an address, in the order of RFC 6350, 6.3.1; the country is none of ours.
const ADDRESS: [Part; 6] = [
    part("ADR (post office box)", "/adresse/mention"),
    part("ADR (extended address)", "/adresse/complement"),
    part("ADR (street)", "/adresse/voie"),
    part("ADR (locality)", "/adresse/commune"),
    part("ADR (region)", "/region/nom"),
    part("ADR (code)", "/adresse/code_postal"),
];
const POSITION: [Part; 2] =
    [part("GEO (latitude)", "/adresse/latitude"), part("GEO (longitude)", "/adresse/longitude")];

/// What the other properties become.
const OTHERS: &[Part] = &[
    part("URL", "/site_web"),
    part("NOTE", "/projet/resume"),
    of_contact("TITLE", "/contacts/*/fonction"),
    of_contact("ROLE", "/contacts/*/fonction"),
    of_contact("EMAIL", "/contacts/*/courriel"),
    of_contact("TEL", "/contacts/*/telephone"),
];

/// Properties that speak of the card, not of whom it is.
const OF_THE_CARD: &[&str] = &["VERSION", "PRODID", "REV", "KIND", "PROFILE"];

pub(super) fn read(mut source: impl Read, sink: &mut Sink<'_>) -> Result<()> {
    let text = grids::whole(&mut source, sink.limits())?;
    let mut cards = Cards { sink, labels: BTreeMap::new() };
    let mut card: Vec<Property<'_>> = Vec::new();
    let mut begun = None;
    for property in properties(&text) {
        let is = |name: &str| property.name == name && property.value.trim().eq_ignore_ascii_case("VCARD");
        if is("BEGIN") || is("END") {
            // A card that lacks its end is ended by the next one.
            if let Some(line) = begun.take() {
                cards.card(&std::mem::take(&mut card), line)?;
            }
            begun = is("BEGIN").then_some(property.line);
        } else if begun.is_some() {
            card.push(property);
        } else {
            let said = format!("{}: {}", property.name, property.value);
            cards.sink.outside(&said, property.line, 1)?;
        }
    }
    match begun {
        Some(line) => cards.card(&card, line),
        None => Ok(()),
    }
}

/// The cards of a file on their way into records.
struct Cards<'s, 'b> {
    sink: &'s mut Sink<'b>,
    labels: BTreeMap<(&'static str, &'static str), u32>,
}

impl Cards<'_, '_> {
    fn card(&mut self, properties: &[Property<'_>], line: u64) -> Result<()> {
        self.sink.row(line, 1);
        let has = |name: &str| properties.iter().any(|property| property.name == name && !property.value.is_empty());
        let has_organisation = has("ORG");
        let mut taken: Vec<&'static str> = Vec::new();
        for property in properties.iter().filter(|property| !OF_THE_CARD.contains(&&*property.name)) {
            let name = property.name.as_str();
            // A field of one value takes the first property that fills it.
            let once = |part: &'static Part, taken: &mut Vec<&'static str>| {
                let is_first = !taken.contains(&part.pointer) || matches!(part.pointer, "/thematiques");
                taken.push(part.pointer);
                is_first.then_some(part)
            };
            match name {
                // The parts of the name that `FN` writes whole.
                "N" if has("FN") => {}
                "FN" | "N" if has_organisation => {
                    let is_organisation = properties
                        .iter()
                        .any(|other| other.name == "ORG" && organisation(&other.value) == unescaped(&property.value));
                    if !is_organisation {
                        self.push(once(&PERSON, &mut taken), property, &full_name(property))?;
                    }
                }
                "FN" | "N" => self.push(once(&NAME, &mut taken), property, &full_name(property))?,
                "ORG" => self.push(once(&ORGANISATION, &mut taken), property, &organisation(&property.value))?,
                "ADR" => {
                    // Where a person lives is no seat of an organisation.
                    let is_home = has_organisation && property.is_of("HOME") && !property.is_of("WORK");
                    let is_taken = is_home || taken.contains(&"/adresse");
                    if !is_home {
                        taken.push("/adresse");
                    }
                    for (part, value) in ADDRESS.iter().zip(split(&property.value, ';')) {
                        self.push(Some(part).filter(|_| !is_taken), property, &unescaped(value))?;
                    }
                }
                "GEO" => {
                    let value = property.value.trim_start_matches("geo:");
                    for (part, value) in POSITION.iter().zip(value.split([',', ';'])) {
                        self.push(once(part, &mut taken), property, value)?;
                    }
                }
                "CATEGORIES" => {
                    for value in split(&property.value, ',') {
                        self.push(once(&CATEGORY, &mut taken), property, &unescaped(value))?;
                    }
                }
                // A facsimile answers nobody.
                "TEL" if property.is_of("FAX") => {
                    self.push(None, property, &property.value)?;
                }
                _ => {
                    let part = OTHERS.iter().find(|part| part.label == name).and_then(|part| once(part, &mut taken));
                    let value = unescaped(&property.value);
                    self.push(part, property, value.strip_prefix("tel:").unwrap_or(&value))?;
                }
            }
        }
        self.sink.commit()
    }

    /// A value of the record; what no field takes is kept under the name of its property.
    fn push(&mut self, part: Option<&'static Part>, property: &Property<'_>, value: &str) -> Result<()> {
        if value.trim().is_empty() {
            return Ok(());
        }
        let (line, column) = (property.line, property.column);
        let label = match part {
            Some(part) => match self.labels.get(&(part.label, part.pointer)) {
                Some(label) => *label,
                None => {
                    let target = Field::at(part.pointer).map_or(Target::Aside, |field| Target::Field(field, part.rank));
                    let label = self.sink.settled(part.label, target, line, column)?;
                    self.labels.insert((part.label, part.pointer), label);
                    label
                }
            },
            None => self.sink.settled(&property.name, Target::Aside, line, column)?,
        };
        self.sink.current().push(label, 1, false, value, line, column);
        Ok(())
    }
}

/// The properties of a text, each with all its lines.
fn properties(text: &str) -> impl Iterator<Item = Property<'_>> {
    let mut lines = text.lines().zip(1_u64..).peekable();
    std::iter::from_fn(move || {
        loop {
            let (line, number) = lines.next()?;
            let Some(colon) = end_of_name(line) else { continue };
            let (head, value) = (&line[..colon], &line[colon + 1..]);
            let mut words = head.split(';');
            let name = words.next().unwrap_or_default();
            let name = name.rsplit_once('.').map_or(name, |(_, name)| name).trim().to_ascii_uppercase();
            let parameters: Vec<String> = words.map(str::to_ascii_uppercase).collect();
            let is_quoted = parameters.iter().any(|parameter| parameter.contains("QUOTED-PRINTABLE"));
            let mut value = std::borrow::Cow::Borrowed(value);
            // A line that is folded goes on behind a blank; one of quoted-printable, behind an equals sign.
            while let Some((next, _)) =
                lines.next_if(|(next, _)| next.starts_with([' ', '\t']) || is_quoted && value.ends_with('='))
            {
                match is_quoted && value.ends_with('=') {
                    true => value.to_mut().push_str(&format!("\n{next}")),
                    false => value.to_mut().push_str(&next[1..]),
                }
            }
            if is_quoted && let Some(bytes) = quoted_printable_decode(value.as_bytes()) {
                let text = String::from_utf8(bytes)
                    .unwrap_or_else(|error| encoding_rs::WINDOWS_1252.decode(error.as_bytes()).0.into_owned());
                value = std::borrow::Cow::Owned(text);
            }
            let column = head.chars().count() as u32 + 2;
            return Some(Property { name, parameters, value, line: number, column });
        }
    })
}

/// Where the colon behind the name of a property stands; none within the quotes of a parameter.
fn end_of_name(line: &str) -> Option<usize> {
    let mut is_quoted = false;
    line.bytes().position(|byte| {
        is_quoted ^= byte == b'"';
        byte == b':' && !is_quoted
    })
}

/// The parts of a value between separators that no backslash hides.
fn split(value: &str, separator: char) -> impl Iterator<Item = &str> {
    let mut is_hidden = false;
    value.split(move |c: char| {
        let is_end = c == separator && !is_hidden;
        is_hidden = c == '\\' && !is_hidden;
        is_end
    })
}

/// A text without its backslashes.
fn unescaped(value: &str) -> String {
    let mut text = String::with_capacity(value.len());
    let mut chars = value.trim().chars();
    while let Some(c) = chars.next() {
        match c {
            '\\' => match chars.next() {
                Some('n' | 'N') => text.push('\n'),
                Some(hidden) => text.push(hidden),
                None => {}
            },
            c => text.push(c),
        }
    }
    text
}

/// The name of an organisation with those of its units.
fn organisation(value: &str) -> String {
    let units = split(value, ';').map(unescaped).filter(|unit| !unit.is_empty());
    units.collect::<Vec<_>>().join(", ")
}

/// The name of a card, of which `N` has the parts: family name, first name, others, title, what stands behind.
fn full_name(property: &Property<'_>) -> String {
    if property.name == "FN" {
        return unescaped(&property.value);
    }
    let parts: Vec<String> = split(&property.value, ';').map(unescaped).collect();
    let at = |rank: usize| parts.get(rank).map(String::as_str).unwrap_or_default();
    [at(3), at(1), at(2), at(0), at(4)].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn properties_are_whole_whatever_their_lines() {
        let text = "item1.EMAIL;TYPE=\"a:b\":x@example.org\r\nNOTE:un\r\n  deux\\, trois\\nquatre\r\nN;ENCODING=QUOTED-PRINTABLE:Dur=C3=A9=\r\n;Zo=E9\r\nvide\r\n";
        let read: Vec<(String, String, u64)> = properties(text)
            .map(|property| (property.name.clone(), unescaped(&property.value), property.line))
            .collect();
        assert_eq!(read[0], ("EMAIL".into(), "x@example.org".into(), 1));
        assert_eq!(read[1], ("NOTE".into(), "un deux, trois\nquatre".into(), 2));
        assert_eq!((read[2].0.as_str(), read[2].2), ("N", 4));
        assert_eq!(read.len(), 3);
    }

    #[test]
    fn separators_may_be_hidden() {
        assert_eq!(split("a\\;b;c\\\\;d", ';').collect::<Vec<_>>(), ["a\\;b", "c\\\\", "d"]);
        assert_eq!(organisation("Fil\\, de Brebis;Pôle"), "Fil, de Brebis, Pôle");
    }
}
