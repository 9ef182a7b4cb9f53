//! What the cells of each column look like, as far as its label tells: by this a row that has a cell too many or too few
//! shows where.

use encoding_rs::Encoding;

use super::decode;
use super::record::Record;
use crate::field::{Field, Kind, code_and_name};
use crate::import::Sink;
use crate::import::sheet::Columns;
use crate::reference::{departments, regions};
use crate::row::Target;
use crate::vocabulary;

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Holds {
    Text,
    Mailbox,
    Site,
    /// A postal code, or that of a commune.
    Code,
    Phone,
    /// A number of a company or an association.
    Identifier,
    Number,
    Date,
    Region,
    Department,
}

impl Holds {
    fn of(field: &Field) -> Holds {
        match field.pointer {
            "/contacts/*/courriel" => Holds::Mailbox,
            "/contacts/*/telephone" => Holds::Phone,
            "/site_web" => Holds::Site,
            "/adresse/code_postal" | "/adresse/code_insee" | "/territoire/communes/*/code_insee" => Holds::Code,
            "/coordinateur/siren" | "/coordinateur/siret" => Holds::Identifier,
            "/appel/date_annonce" => Holds::Date,
            "/region/nom" | "/region/code" => Holds::Region,
            pointer if pointer.starts_with("/territoire/departements") => Holds::Department,
            _ if matches!(field.kind, Kind::Number) => Holds::Number,
            _ => Holds::Text,
        }
    }

    /// Whether a text may well stand in such a column.
    fn takes(self, text: &str) -> bool {
        let digits = || text.bytes().filter(u8::is_ascii_digit).count();
        let letters = || text.chars().filter(|c| c.is_alphabetic()).count();
        let is_address = || {
            !text.contains(char::is_whitespace)
                && (text.contains('@') || text.contains("://") || text.starts_with("www."))
        };
        match self {
            Holds::Text => !is_address(),
            Holds::Mailbox => text.contains('@'),
            Holds::Site => !text.contains('@') && !text.contains(' ') && text.contains('.') && letters() > 3,
            Holds::Code => (4..=5).contains(&digits()) && letters() <= 1 && text.len() <= 8,
            Holds::Phone => digits() >= 6 && letters() <= digits(),
            Holds::Identifier => digits() >= 9 && letters() == 0,
            Holds::Number => digits() > 0 && letters() <= 6 && letters() <= digits() + 3 && !is_address(),
            Holds::Date => digits() >= 4 && text.len() <= 40,
            Holds::Region => regions::is_name(text) || text.len() == 2 && digits() == 2,
            Holds::Department => {
                let (code, name) = code_and_name(text);
                let is_known = code.is_some_and(|code| code.len() == 1 || departments::by_code(code).is_some())
                    || name.is_some_and(|name| departments::by_name(name).is_some());
                is_known || departments::listed(text).is_some()
            }
        }
    }
}

/// What the columns of a table hold.
pub(super) struct Fit {
    columns: Vec<Holds>,
    /// Those that hold names, which are no numbers.
    names: Vec<bool>,
    single_byte: &'static Encoding,
}

/// The field that a label means.
fn field(target: &Target) -> Option<&'static Field> {
    match target {
        Target::Field(field, _) => Some(field),
        _ => None,
    }
}

/// How well cells fit their columns: how many of those whose column tells do, and how many cells do not.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Judgement {
    pub good: usize,
    pub bad: usize,
}

impl Judgement {
    /// Whether all of them do, and one of them tells.
    pub fn is_certain(self) -> bool {
        self.bad == 0 && self.good > 0
    }
}

impl Fit {
    pub fn of(columns: &Columns, sink: &Sink<'_>, single_byte: &'static Encoding) -> Fit {
        Fit::of_fields(columns.labels().map(|label| field(sink.target(label?))), single_byte)
    }

    /// Whether a cell fits its column; `None` where the column tells nothing.
    fn takes(&self, column: usize, cell: &[u8]) -> Option<bool> {
        let cell = cell.trim_ascii();
        if cell.is_empty() {
            return None;
        }
        let holds = *self.columns.get(column).unwrap_or(&Holds::Text);
        let text = decode(cell, self.single_byte);
        let text = text.trim_matches(|c: char| c.is_whitespace() || matches!(c, '"' | '\''));
        let takes = holds.takes(text);
        if holds == Holds::Text && takes { None } else { Some(takes) }
    }

    /// The same of labels that are not entered yet.
    pub fn of_labels<'l>(labels: impl Iterator<Item = &'l str>, single_byte: &'static Encoding) -> Fit {
        Fit::of_fields(labels.map(|label| field(&vocabulary::meaning(label).0)), single_byte)
    }

    fn of_fields(fields: impl Iterator<Item = Option<&'static Field>>, single_byte: &'static Encoding) -> Fit {
        const NAMES: &[&str] =
            &["/nom", "/coordinateur/nom", "/adresse/commune", "/contacts/*/nom", "/contacts/*/fonction"];
        let is_name = |field: &Field| NAMES.contains(&field.pointer);
        let (columns, names) =
            fields.map(|field| (field.map_or(Holds::Text, Holds::of), field.is_some_and(is_name))).unzip();
        Fit { columns, names, single_byte }
    }

    /// Whether a column holds numbers.
    pub fn is_number(&self, column: usize) -> bool {
        self.columns.get(column) == Some(&Holds::Number)
    }

    /// Whether a number stands in the place of a name.
    pub fn has_number_for_name<'c>(&self, cells: impl Iterator<Item = &'c [u8]>) -> bool {
        let is_number = |cell: &[u8]| !cell.is_empty() && cell.iter().all(u8::is_ascii_digit);
        cells.zip(&self.names).any(|(cell, is_name)| *is_name && is_number(cell.trim_ascii()))
    }

    /// How well cells fit the columns from the first one on.
    pub fn judge<'c>(&self, cells: impl Iterator<Item = &'c [u8]>) -> Judgement {
        let mut judgement = Judgement::default();
        for (column, cell) in cells.enumerate() {
            match self.takes(column, cell) {
                Some(true) => judgement.good += 1,
                Some(false) => judgement.bad += 1,
                None => {}
            }
        }
        judgement
    }

    pub fn record(&self, record: &Record) -> Judgement {
        self.judge(record.cells().take(self.columns.len().max(1)))
    }

    /// Whether a column takes any text.
    pub fn is_text(&self, column: usize) -> bool {
        self.columns.get(column).is_none_or(|holds| *holds == Holds::Text)
    }
}
