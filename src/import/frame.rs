//! A table in memory, as a library of dataframes has it: its columns have names, its cells are values, each of its rows is a
//! record, whatever it says and whatever stands around it. So a share of the rows is judged as the whole is.

use super::sheet::arrangement::SEARCHED_ROWS;
use super::sheet::{Columns, GridRow, Merges};
use super::{MAX_COLUMNS, Sink};
use crate::error::{Error, ErrorKind, Result};
use crate::reading::numbers::unmistakable;
use crate::row::Target;
use crate::vocabulary::Values;

/// A column of a table, or a part of one whose values have parts: `contacts`, `courriel`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// Which column of the table it is, or is a part of, counted from 1.
    pub rank: u32,
    /// Its name; of a part, the names from the column down to it.
    pub path: Vec<String>,
}

/// A value of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FrameValue<'v> {
    /// The place of its column among those of the frame, from 0.
    pub column: usize,
    /// The rank of the element of a list that it is, or is a part of, counted from 1; 0 where there is no list.
    pub element: u16,
    /// Whether it is a number, whose text is digits with a full stop, as programs write it.
    pub is_number: bool,
    /// What a person would type for it.
    pub text: &'v str,
}

/// The rows of a table, one after the other.
pub trait Rows: Send {
    /// Goes on to the next row, and answers its number in the table, counted from 1; nothing behind the last one.
    ///
    /// # Errors
    /// When it cannot be had.
    fn next(&mut self) -> Result<Option<u64>>;

    /// Shows the values of that row in the order of the columns, without those that are absent.
    fn values(&self, take: &mut dyn FnMut(FrameValue<'_>));
}

/// A table in memory: see [`Input::from_frame`](super::Input::from_frame).
pub struct Frame {
    columns: Vec<Column>,
    rows: Box<dyn Rows>,
    sample: Option<Box<dyn Rows>>,
}

impl Frame {
    /// A table of these columns and rows.
    pub fn new(columns: Vec<Column>, rows: Box<dyn Rows>) -> Frame {
        Frame { columns, rows, sample: None }
    }

    /// Makes it a share of the rows of a larger table, whose first rows are `sample`: these tell what columns mean whose names
    /// leave it open. What is to say of the columns is then left to whoever has the whole table, and a share may be empty.
    #[must_use]
    pub fn share_of(mut self, sample: Box<dyn Rows>) -> Frame {
        self.sample = Some(sample);
        self
    }
}

/// A value that outlives its row.
struct Held {
    column: usize,
    element: u16,
    text: String,
}

/// The first rows, as many as are looked at in a file, each with its number.
fn first(rows: &mut dyn Rows) -> Result<Vec<(u64, Vec<Held>)>> {
    let mut first = Vec::new();
    while first.len() < SEARCHED_ROWS
        && let Some(number) = rows.next()?
    {
        let mut held = Vec::new();
        rows.values(&mut |value| {
            let FrameValue { column, element, .. } = value;
            held.push(Held { column, element, text: written(&value).into_owned() });
        });
        first.push((number, held));
    }
    Ok(first)
}

/// The text of a value, in which a number has one reading.
fn written<'v>(value: &FrameValue<'v>) -> std::borrow::Cow<'v, str> {
    if value.is_number { unmistakable(value.text) } else { value.text.into() }
}

/// The line on which a row would stand in a file whose header is the first line.
fn line_of(number: u64) -> u64 {
    number.saturating_add(1)
}

/// Reads a table whose header would be line 1, and whose row 1 would be line 2.
pub(super) fn read(frame: Frame, sink: &mut Sink<'_>) -> Result<()> {
    let Frame { columns, mut rows, sample } = frame;
    let is_share = sample.is_some();
    let sample = match sample {
        Some(mut sample) => first(&mut *sample)?,
        None => first(&mut *rows)?,
    };
    let mut table = Table::begin(columns, &sample, sink)?;
    if is_share {
        sink.begin_share();
    }
    for (number, values) in sample.iter().filter(|_| !is_share) {
        table.begin_row(line_of(*number));
        for Held { column, element, text } in values {
            table.value(*column, *element, text);
        }
        table.end_row(*number, sink)?;
    }
    while let Some(number) = rows.next()? {
        table.begin_row(line_of(number));
        rows.values(&mut |value| match value.is_number {
            true => table.value(value.column, value.element, &written(&value)),
            false => table.value(value.column, value.element, value.text),
        });
        table.end_row(number, sink)?;
    }
    Ok(())
}

/// A table whose rows come.
struct Table {
    columns: Vec<Column>,
    /// The columns that a file could have as well.
    plain: Columns,
    /// The label of each column.
    labels: Vec<u32>,
    /// The row that is filled: the values that a cell of a file could hold, and the others.
    row: GridRow,
    nested: Vec<Held>,
}

impl Table {
    /// Enters the columns, in the light of the first rows.
    fn begin(columns: Vec<Column>, sample: &[(u64, Vec<Held>)], sink: &mut Sink<'_>) -> Result<Table> {
        let is_plain = |column: &Column| column.path.len() == 1;
        if columns.iter().any(|column| column.rank as usize > MAX_COLUMNS) {
            return Err(super::csv::too_many_columns(1));
        }
        let mut header = GridRow::default();
        header.restart(1);
        for column in columns.iter().filter(|column| is_plain(column)) {
            header.push(column.rank, &column.path[0]);
        }
        let below: Vec<GridRow> = sample
            .iter()
            .map(|(number, values)| {
                let mut row = GridRow::default();
                row.restart(line_of(*number));
                for Held { column, text, .. } in values.iter().filter(|value| is_plain(&columns[value.column])) {
                    row.push(columns[*column].rank, text);
                }
                row
            })
            .collect();
        let mut plain = Columns::begin(&[header], 0, false, &Merges::default(), &below, sink)?;
        let mut labels = Vec::with_capacity(columns.len());
        for (at, column) in columns.iter().enumerate() {
            labels.push(match is_plain(column) {
                true => plain.label(column.rank, sink)?,
                false => {
                    let values = sample.iter().flat_map(|(_, values)| values).filter(|value| value.column == at);
                    let values = Values::of(values.map(|value| value.text.as_str()));
                    let path: Vec<&str> = column.path.iter().map(String::as_str).collect();
                    sink.path(&[], &path, &values, 1, column.rank)?
                }
            });
        }
        sink.compare()?;
        if !labels.iter().any(|label| matches!(sink.target(*label), Target::Field(..))) {
            return Err(unknown(&columns));
        }
        Ok(Table { columns, plain, labels, row: GridRow::default(), nested: Vec::new() })
    }

    fn begin_row(&mut self, line: u64) {
        self.row.restart(line);
        self.nested.clear();
    }

    fn value(&mut self, column: usize, element: u16, text: &str) {
        let of = &self.columns[column];
        match of.path.len() == 1 && element == 0 {
            true => self.row.push(of.rank, text),
            false => self.nested.push(Held { column, element, text: text.to_owned() }),
        }
    }

    /// Passes the row on as the record of its number.
    fn end_row(&mut self, number: u64, sink: &mut Sink<'_>) -> Result<()> {
        let line = self.row.number;
        sink.row(line, 1);
        self.plain.push(&self.row, 0, sink)?;
        for Held { column, element, text } in &self.nested {
            let rank = self.columns[*column].rank;
            sink.current().push(self.labels[*column], *element, *element > 0, text, line, rank);
        }
        sink.commit_as(number)
    }
}

/// No name of a column is known.
fn unknown(columns: &[Column]) -> Error {
    /// As many tell what the table is.
    const SHOWN: usize = 12;
    let mut names: Vec<String> = columns.iter().take(SHOWN).map(|column| column.path.join(".")).collect();
    if columns.len() > SHOWN {
        names.push("…".to_owned());
    }
    let names = names.join(", ");
    Error::new(
        ErrorKind::Format,
        format!(
            "aucune colonne connue parmi {names} ; nommez-les comme dans un fichier, par exemple « nom » et « coordinateur_nom »"
        ),
        format!("no known column among {names}; name them as in a file, for example “nom” and “coordinateur_nom”"),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Finding, Input, Settings};

    /// A row: its number, and of each value the column, the element and the text.
    type TextRow = (u64, &'static [(usize, u16, &'static str)]);
    /// What is told, and where.
    type Told<'f> = (&'f str, Option<u64>, Option<u32>, Option<&'f str>);

    /// Rows of texts, each with its number.
    struct Texts(std::slice::Iter<'static, TextRow>, &'static [(usize, u16, &'static str)]);

    impl Rows for Texts {
        fn next(&mut self) -> Result<Option<u64>> {
            let Some((number, values)) = self.0.next() else { return Ok(None) };
            self.1 = values;
            Ok(Some(*number))
        }

        fn values(&self, take: &mut dyn FnMut(FrameValue<'_>)) {
            for (column, element, text) in self.1 {
                let is_number = text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
                take(FrameValue { column: *column, element: *element, is_number, text });
            }
        }
    }

    fn texts(rows: &'static [TextRow]) -> Box<dyn Rows> {
        Box::new(Texts(rows.iter(), &[]))
    }

    fn columns(names: &[&str]) -> Vec<Column> {
        let column = |(name, rank): (&&str, u32)| Column { rank, path: name.split('/').map(str::to_owned).collect() };
        names.iter().zip(1..).map(column).collect()
    }

    fn validated(frame: Frame) -> Vec<Finding> {
        crate::validate(vec![Input::from_frame("t", frame)], &Settings::default()).unwrap().findings
    }

    fn told(findings: &[Finding]) -> Vec<Told<'_>> {
        findings
            .iter()
            .map(|Finding { code, location, .. }| (*code, location.line, location.column, location.label.as_deref()))
            .collect()
    }

    #[test]
    fn a_table_gets_the_verdict_of_the_file() {
        let names = ["Nom du PTCE", "Structure porteuse", "Mél.", "Motif", "Code postal", "Commune"];
        const ROWS: &[TextRow] = &[
            (1, &[(0, 0, "Fabriques"), (2, 0, "pas un courriel"), (4, 0, "5000"), (5, 0, "Gap")]),
            (2, &[(0, 0, "Total"), (1, 0, "Roue libre"), (3, 0, "x")]),
            (3, &[]),
            (4, &[(0, 0, "Fabriques"), (1, 0, " Roue "), (4, 0, "05000"), (5, 0, "Gap")]),
        ];
        let mut csv = names.join(",") + "\n";
        for (_, values) in ROWS {
            let cell = |at| values.iter().find(|(column, ..)| *column == at).map_or("", |(.., text)| *text);
            csv.push_str(&(0..names.len()).map(cell).collect::<Vec<_>>().join(","));
            csv.push('\n');
        }
        let of_file = crate::validate(vec![Input::from_bytes("t", csv.into_bytes())], &Settings::default()).unwrap();
        let of_table = validated(Frame::new(columns(&names), texts(ROWS)));
        assert_eq!(told(&of_table), told(&of_file.findings));
        assert!(of_table.iter().any(|finding| finding.code == "blank-record"));
        // A blank row counts: the index is the number of the row.
        let twin = of_table.iter().find(|finding| finding.code == "probable-duplicate").unwrap();
        assert_eq!(twin.record.as_ref().unwrap().index, 4);
    }

    #[test]
    fn shares_leave_the_columns_to_the_whole() {
        let names = ["nom", "coordinateur_nom", "Montant (k€)", "zzz"];
        const FIRST: &[TextRow] = &[(1, &[(0, 0, "A"), (1, 0, "R"), (2, 0, "12.5")])];
        const LAST: &[TextRow] = &[(90, &[(0, 0, "B"), (3, 0, "y")])];
        let share = |rows| Frame::new(columns(&names), texts(rows)).share_of(texts(FIRST));
        assert_eq!(told(&validated(share(LAST)))[0].1, Some(91));
        assert!(validated(share(LAST)).iter().all(|finding| finding.code != "unknown-label"));
        assert!(
            validated(Frame::new(columns(&names), texts(LAST))).iter().any(|finding| finding.code == "unknown-label")
        );
        // A share without rows is none of a fault, unlike a table.
        assert!(validated(share(&[])).is_empty());
        let empty = Input::from_frame("t", Frame::new(columns(&names), texts(&[])));
        assert_eq!(crate::records(vec![empty]).unwrap_err().kind(), ErrorKind::Empty);
    }

    #[test]
    fn parts_of_values_are_fields() {
        let names = ["nom", "contacts/nom", "contacts/courriel", "coordinateur/nom", "thematiques", "emploi_etp"];
        const ROWS: &[TextRow] = &[(
            1,
            &[
                (0, 0, "A"),
                (1, 1, "Jeanne Roux"),
                (1, 2, "Léo Blanc"),
                (2, 2, "faux"),
                (3, 0, "Roue libre"),
                (4, 1, "bois ; pierre"),
                (4, 2, "culture"),
                (5, 0, "15.125"),
            ],
        )];
        let frame = || Frame::new(columns(&names), texts(ROWS));
        let record = crate::records(vec![Input::from_frame("t", frame())]).unwrap().remove(0);
        assert_eq!(record.themes, ["bois ; pierre", "culture"]);
        assert_eq!(record.coordinator.name.as_deref(), Some("Roue libre"));
        assert_eq!(record.contacts[1].email.as_deref(), Some("faux"));
        assert_eq!(record.employment.full_time_equivalents.map(|number| number.to_string()).as_deref(), Some("15.125"));
        let faulty: Vec<Finding> =
            validated(frame()).into_iter().filter(|finding| finding.code == "malformed-email").collect();
        assert_eq!(told(&faulty), [("malformed-email", Some(2), Some(3), Some("contacts/courriel"))]);
        assert_eq!(faulty[0].pointer, "/contacts/1/courriel");
    }

    #[test]
    fn a_table_of_something_else_is_refused() {
        const ROWS: &[TextRow] = &[(1, &[(0, 0, "a")])];
        let input = Input::from_frame("t", Frame::new(columns(&["zzz"]), texts(ROWS)));
        let error = crate::records(vec![input]).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Format);
        assert!(error.to_string().contains("no known column among zzz"), "{error}");
    }
}
