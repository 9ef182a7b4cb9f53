//! Gathers the rows of a reader into batches, and the labels of a table into its layout.

use std::sync::Arc;
use std::sync::mpsc::Receiver;

use super::{MAX_COLUMNS, MAX_RECORD_BYTES};
use crate::error::{Error, ErrorKind, Result};
use crate::field::Field;
use crate::row::{Batch, Format, Label, Layout, Row, Target};
use crate::vocabulary;

/// What one batch holds: enough to be worth sending, little enough to stay in a processor's cache.
const BATCH_ROWS: usize = 128;
const BATCH_BYTES: usize = 128 << 10;

/// Where a reader puts what it reads.
pub(crate) struct Sink<'a> {
    send: &'a mut dyn FnMut(Batch) -> Result<()>,
    layout: Arc<Layout>,
    /// Labels of the layout that a batch has already carried.
    sent_labels: usize,
    rows: Vec<Row>,
    bytes: usize,
    /// Records read so far, without the blank rows.
    records: u64,
    spare: Row,
    /// Rows that were judged and dropped, whose memory can serve again.
    used: &'a Receiver<Vec<Row>>,
    pool: Vec<Row>,
}

impl<'a> Sink<'a> {
    pub fn new(
        file: &str,
        format: Format,
        used: &'a Receiver<Vec<Row>>,
        send: &'a mut dyn FnMut(Batch) -> Result<()>,
    ) -> Sink<'a> {
        let layout =
            Layout { file: file.to_owned(), format, sheet: None, delimiter: None, encoding: None, labels: Vec::new() };
        Sink {
            send,
            layout: Arc::new(layout),
            sent_labels: 0,
            rows: Vec::new(),
            bytes: 0,
            records: 0,
            spare: Row::default(),
            used,
            pool: Vec::new(),
        }
    }

    /// Begins another table of the same file.
    pub fn begin_sheet(&mut self, name: &str) -> Result<()> {
        self.flush()?;
        let layout = Layout {
            file: self.layout.file.clone(),
            format: self.layout.format,
            sheet: Some(name.to_owned()),
            delimiter: None,
            encoding: None,
            labels: Vec::new(),
        };
        self.layout = Arc::new(layout);
        self.sent_labels = 0;
        Ok(())
    }

    /// Enters the first text of a sheet that has no header.
    pub fn unread(&mut self, text: &str, line: u64, column: u32) -> Result<()> {
        self.enter(text.to_owned(), Target::Unread, line, column).map(|_| ())
    }

    /// Enters the first text of a sheet that only explains the others.
    pub fn guide(&mut self, text: &str) -> Result<()> {
        self.enter(text.to_owned(), Target::Guide, 1, 1).map(|_| ())
    }

    /// Notes how the bytes of a text file are read.
    pub fn read_as(&mut self, encoding: &'static str, delimiter: Option<char>) {
        let layout = Arc::make_mut(&mut self.layout);
        layout.encoding = Some(encoding);
        layout.delimiter = delimiter;
    }

    /// Enters a column header, and answers its rank.
    pub fn column(&mut self, text: &str, line: u64, column: u32) -> Result<u32> {
        let (mut target, _) = vocabulary::meaning(text);
        if let Target::Field(field, rank) = target
            && self.layout.labels.iter().any(|label| fills(label, field, rank))
        {
            target = Target::Taken(field);
        }
        self.enter(text.to_owned(), target, line, column)
    }

    /// Enters a text that stands outside the table: a title, a legend.
    pub fn outside(&mut self, text: &str, line: u64, column: u32) -> Result<()> {
        if text.is_empty() {
            return Ok(());
        }
        self.enter(text.to_owned(), Target::Outside, line, column).map(|_| ())
    }

    /// Enters the path of an element, and answers its rank.
    pub fn path(&mut self, path: &[&str], line: u64, column: u32) -> Result<u32> {
        let (target, _) = vocabulary::meaning_of_path(path);
        self.enter(path.join("/"), target, line, column)
    }

    fn enter(&mut self, text: String, target: Target, line: u64, column: u32) -> Result<u32> {
        let labels = &mut Arc::make_mut(&mut self.layout).labels;
        if labels.len() == MAX_COLUMNS {
            return Err(Error::new(
                ErrorKind::Limit,
                format!("plus de {MAX_COLUMNS} colonnes ou éléments différents ; gardez ceux qui décrivent les PTCE"),
                format!("more than {MAX_COLUMNS} different columns or elements; keep those that describe the PTCE"),
            )
            .at(line, Some(u64::from(column))));
        }
        labels.push(Label { text, target, line, column });
        Ok(labels.len() as u32 - 1)
    }

    /// A row to fill, beginning at a line and a column.
    pub fn row(&mut self, line: u64, column: u32) -> &mut Row {
        self.spare.restart(line, column);
        &mut self.spare
    }

    /// The row being filled.
    pub fn current(&mut self) -> &mut Row {
        &mut self.spare
    }

    /// Sends the row that [`Sink::row`] gave on its way.
    pub fn commit(&mut self) -> Result<()> {
        if self.spare.size() > MAX_RECORD_BYTES {
            let line = self.spare.line;
            return Err(Error::new(
                ErrorKind::Limit,
                format!(
                    "une fiche dépasse {} Mo ; le fichier est abîmé ou n’est pas une liste de PTCE",
                    MAX_RECORD_BYTES >> 20
                ),
                format!("one record exceeds {} MB; the file is damaged or not a list of PTCE", MAX_RECORD_BYTES >> 20),
            )
            .at(line, None));
        }
        self.spare.index = if self.spare.cells().is_empty() {
            0
        } else {
            self.records += 1;
            self.records
        };
        self.bytes += self.spare.size();
        if self.pool.is_empty() {
            self.pool = self.used.try_recv().unwrap_or_default();
        }
        let next = self.pool.pop().unwrap_or_default();
        self.rows.push(std::mem::replace(&mut self.spare, next));
        if self.rows.len() >= BATCH_ROWS || self.bytes >= BATCH_BYTES {
            self.flush()?;
        }
        Ok(())
    }

    fn flush(&mut self) -> Result<()> {
        if self.rows.is_empty() && self.sent_labels == self.layout.labels.len() {
            return Ok(());
        }
        let rows = std::mem::take(&mut self.rows);
        let batch = Batch { layout: Arc::clone(&self.layout), known_labels: self.sent_labels, rows };
        self.sent_labels = self.layout.labels.len();
        self.bytes = 0;
        (self.send)(batch)
    }

    /// Sends the rest, and answers how many records there were.
    pub fn finish(&mut self) -> Result<u64> {
        self.flush()?;
        if self.records == 0 {
            return Err(Error::new(
                ErrorKind::Empty,
                "aucune fiche : le fichier ne contient rien sous l’en-tête, ou aucun élément ; vérifiez l’envoi",
                "no record: the file holds nothing below the header, or no element; check what was sent",
            ));
        }
        Ok(self.records)
    }
}

/// Whether a label already fills a field, so that another one cannot.
fn fills(label: &Label, field: &Field, rank: Option<u16>) -> bool {
    matches!(label.target, Target::Field(known, known_rank)
        if std::ptr::eq(known, field) && known_rank.unwrap_or(1) == rank.unwrap_or(1) && !field.is_list())
}
