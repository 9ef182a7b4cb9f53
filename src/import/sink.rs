//! Gathers the rows of a reader into batches, and the labels of a table into its layout.

mod annotated;
mod beside;
mod headings;
mod joined;
mod labels;

use std::collections::BTreeMap;
use std::sync::Arc;

use headings::Heading;
pub(super) use headings::{HEADING, is_heading};
pub(crate) use joined::{Attached, By};

use super::annotations::Annotations;
use super::continued;
use super::saved::{Names, SavedMapping, SavedTable, is_untitled};
use super::{Limits, MAX_RECORD_BYTES};
use crate::error::{Error, ErrorKind, Result};
use crate::guide;
use crate::row::{Arrangement, Batch, Change, Evidence, Format, Layout, Remark, RemarkKind, Rows, Target};
use crate::tables::ListTable;
use crate::text::fold::folded;
use crate::vocabulary::Reason;

/// What one batch holds: enough to be worth sending, little enough to stay in a processor's cache.
const BATCH_ROWS: usize = 128;
const BATCH_BYTES: usize = 128 << 10;
const BATCH_REMARKS: usize = 1024;
/// Texts alone above another header that are its titles.
const MOST_TITLES: usize = 8;

/// Where a reader puts what it reads.
pub(crate) struct Sink<'a> {
    send: &'a mut dyn FnMut(Batch) -> Result<()>,
    layout: Arc<Layout>,
    /// Labels of the layout that a batch has already carried.
    sent_labels: usize,
    /// What there is to report that no batch has carried yet.
    remarks: Vec<Remark>,
    /// Whether the layout says more than the last batch did, apart from labels.
    is_amended: bool,
    rows: Rows,
    /// Records read so far, without the blank rows.
    records: u64,
    /// The list whose table is read, when it is not that of the records.
    list: Option<ListTable>,
    attached: Vec<Attached>,
    /// Names of records that some of these tables do not hold, by the words that tell them apart.
    unjoined: BTreeMap<String, String>,
    limits: Limits,
    /// How a person wants the source to be understood.
    mapping: Option<Arc<SavedMapping>>,
    /// The sheets of the workbook; the labels entered in this one, as the mapping names them, with their places.
    sheets: Vec<String>,
    names: Names,
    entered: Vec<(String, u64, u32)>,
    /// Bytes of the labels of the table that is read, or of the tree.
    label_bytes: usize,
    /// Where the labels of the header that is read begin.
    header: usize,
    /// The labels of that header that name the PTCE, among so many.
    identity: (usize, Vec<u32>),
    /// What stands above the table that follows, and its line.
    title: Option<(String, u64)>,
    /// What the name of the sheet says of all its records.
    common: Vec<Heading>,
    /// What rows of their own say of those below them.
    headings: Vec<Heading>,
    is_row_by_row: bool,
    is_share: bool,
    is_of_keys: bool,
    annotations: Annotations,
}

impl<'a> Sink<'a> {
    pub fn new(file: &str, format: Format, send: &'a mut dyn FnMut(Batch) -> Result<()>) -> Sink<'a> {
        let layout = Layout {
            file: file.to_owned(),
            format,
            sheet: None,
            is_hidden: false,
            arrangement: Arrangement::default(),
            header: None,
            delimiter: None,
            encoding: None,
            evidence: None,
            formulas: 0,
            continued: 0,
            labels: Vec::new(),
            is_unordered: false,
            has_parts: false,
        };
        Sink {
            send,
            layout: Arc::new(layout),
            sent_labels: 0,
            remarks: Vec::new(),
            is_amended: false,
            rows: Rows::default(),
            records: 0,
            list: None,
            attached: Vec::new(),
            unjoined: BTreeMap::new(),
            limits: Limits::default(),
            mapping: None,
            sheets: Vec::new(),
            names: Names::default(),
            entered: Vec::new(),
            label_bytes: 0,
            header: 0,
            identity: (0, Vec::new()),
            title: None,
            common: Vec::new(),
            headings: Vec::new(),
            is_row_by_row: false,
            is_share: false,
            is_of_keys: false,
            annotations: Annotations::default(),
        }
    }

    /// Reads the source as a person wants it to be understood.
    #[must_use]
    pub fn with_mapping(mut self, mapping: Option<Arc<SavedMapping>>) -> Sink<'a> {
        self.mapping = mapping;
        self
    }

    /// Reads the source within other limits.
    #[must_use]
    pub fn with_limits(mut self, limits: Limits) -> Sink<'a> {
        self.limits = limits;
        self
    }

    /// Gives each row of a table by itself, though the next ones may go on with it.
    #[must_use]
    pub fn row_by_row(mut self) -> Sink<'a> {
        self.is_row_by_row = true;
        self
    }

    /// Whether a person says how the source is to be understood.
    pub fn has_mapping(&self) -> bool {
        self.mapping.is_some()
    }

    /// The limits within which the source is read.
    pub fn limits(&self) -> &Limits {
        &self.limits
    }

    /// The sheets that the workbook has.
    pub fn set_sheet_names<'n>(&mut self, names: impl Iterator<Item = &'n String>) {
        self.sheets = names.cloned().collect();
    }

    /// What the mapping says of the table that is read.
    pub fn saved(&self) -> Option<&SavedTable> {
        let sheet = self.layout.sheet.as_deref().filter(|_| self.layout.format.is_workbook());
        self.mapping.as_ref()?.table(sheet, self.sheets.len() <= 1)
    }

    /// Tells in what the table that was read differs from what the mapping says of it.
    pub fn compare(&mut self) -> Result<()> {
        let Some(saved) = self.saved().filter(|saved| !saved.labels.is_empty()).cloned() else { return Ok(()) };
        let entered = std::mem::take(&mut self.entered);
        let (line, _) = self.layout.header.unwrap_or((1, 1));
        let header = self.layout.header.map(|(first, _)| first);
        if let (Some(now), Some(before)) = (header, saved.header.first())
            && now != *before
        {
            self.remark(RemarkKind::Changed(Change::HeaderMoved), before.to_string(), now, 1)?;
        }
        for name in saved.labels.keys().filter(|name| !is_untitled(name)) {
            if !entered.iter().any(|(known, ..)| folded(known) == folded(name)) {
                self.remark(RemarkKind::Changed(Change::LabelGone), name.clone(), line, 1)?;
            }
        }
        for (name, line, column) in entered.into_iter().filter(|(name, ..)| !is_untitled(name)) {
            if saved.meaning(&name).is_none() {
                self.remark(RemarkKind::Changed(Change::LabelNew), name, line, column)?;
            }
        }
        Ok(())
    }

    /// The table that follows is that of a list.
    pub fn set_list(&mut self, list: &ListTable) {
        self.list = Some(*list);
    }

    /// Whether the first row of the table is known to be its header.
    pub fn has_plain_header(&self) -> bool {
        self.layout.format == Format::Tables
    }

    /// Whether each row is a record, whatever it says: those of a table in memory are.
    pub fn is_of_records(&self) -> bool {
        self.layout.format == Format::Frame
    }

    /// The file that is read, as the user named it.
    pub fn file(&self) -> &str {
        &self.layout.file
    }

    /// Begins another table of the same file.
    pub fn begin_sheet(&mut self, name: &str, is_hidden: bool) -> Result<()> {
        self.flush(0)?;
        let layout = Layout {
            file: self.layout.file.clone(),
            format: self.layout.format,
            sheet: Some(name.to_owned()),
            is_hidden,
            arrangement: Arrangement::default(),
            header: None,
            delimiter: None,
            encoding: None,
            evidence: None,
            formulas: 0,
            continued: 0,
            labels: Vec::new(),
            is_unordered: false,
            has_parts: false,
        };
        self.layout = Arc::new(layout);
        self.sent_labels = 0;
        (self.names, self.entered, self.label_bytes) = (Names::default(), Vec::new(), 0);
        (self.header, self.identity) = (0, (0, Vec::new()));
        self.headings.clear();
        self.common.clear();
        self.annotations = Annotations::default();
        let is_new = self.layout.format.is_workbook()
            && self.saved().is_none()
            && self.mapping.as_ref().is_some_and(|mapping| mapping.tables.iter().any(|table| table.sheet.is_some()));
        if is_new {
            self.remark(RemarkKind::Changed(Change::SheetNew), name.to_owned(), 1, 1)?;
        }
        Ok(())
    }

    /// Reports what is no label and no value of a record.
    pub fn remark(&mut self, kind: RemarkKind, text: impl Into<String>, line: u64, column: u32) -> Result<()> {
        let after_labels = self.layout.labels.len();
        self.remarks.push(Remark { kind, text: text.into(), table: None, line, column, record: 0, after_labels });
        match self.remarks.len() {
            // The rows that another one may change stay.
            BATCH_REMARKS.. => self.flush(self.titles().max(1)),
            _ => Ok(()),
        }
    }

    /// Reports something about the row that was just read, and of its record if it is one.
    pub fn remark_on_row(&mut self, kind: RemarkKind, text: String, line: u64, is_record: bool) -> Result<()> {
        self.remark(kind, text, line, 1)?;
        // What was sent already waits for no record.
        if let Some(remark) = self.remarks.last_mut().filter(|_| is_record) {
            remark.record = self.records;
        }
        Ok(())
    }

    /// Notes how the bytes of a text file are read.
    pub fn set_encoding(&mut self, encoding: &'static str, delimiter: Option<char>) {
        let layout = Arc::make_mut(&mut self.layout);
        self.is_amended |= layout.encoding.is_some_and(|known| known != encoding);
        layout.encoding = Some(encoding);
        layout.delimiter = delimiter;
    }

    /// The rows that follow are those of a table, whose header stands in the rows from `first` to `last`.
    ///
    /// # Errors
    /// When the file has too many labels, or the batch cannot be sent.
    pub fn begin_table(&mut self, first: u64, last: u64) -> Result<()> {
        let is_second = self.layout.header.is_some();
        // A text alone just above another header is its title, though it was read as a row.
        for _ in 0..if is_second { self.titles() } else { 0 } {
            let Some(title) = self.rows.pop() else { break };
            self.records -= 1;
            let cell = title.view().cells()[0];
            self.outside(title.view().text(&cell), cell.line, cell.column)?;
        }
        self.leave_headings()?;
        self.header = self.layout.labels.len();
        let layout = Arc::make_mut(&mut self.layout);
        layout.arrangement = Arrangement::Table;
        // Another table below the first has a header of its own, told by its labels.
        layout.header = layout.header.or(Some((first, last)));
        Ok(())
    }

    /// The records that follow are laid out in another way.
    pub fn begin_forms(&mut self, arrangement: Arrangement) {
        Arc::make_mut(&mut self.layout).arrangement = arrangement;
    }

    /// Notes by what the encoding and the delimiter of a text file were found.
    pub fn set_evidence(&mut self, evidence: Evidence) {
        Arc::make_mut(&mut self.layout).evidence = Some(evidence);
    }

    /// Notes how many cells of the sheet that was read hold a formula.
    pub fn formulas(&mut self, count: u64) {
        Arc::make_mut(&mut self.layout).formulas = count;
        self.is_amended = true;
    }

    /// Reports a text that stands outside the table: a title, a legend.
    pub fn outside(&mut self, text: &str, line: u64, column: u32) -> Result<()> {
        if text.is_empty() || guide::is_of_form(text) {
            return Ok(());
        }
        self.annotations.outside(line, column, text);
        self.remark(RemarkKind::Outside, text, line, column)
    }

    /// How many of the last rows are texts alone, which are titles where another header follows.
    fn titles(&self) -> usize {
        self.rows.iter().rev().take(MOST_TITLES).take_while(|row| row.cells().len() == 1).count()
    }

    /// A row to fill, beginning at a line and a column.
    pub fn row(&mut self, line: u64, column: u32) -> &mut Rows {
        self.rows.begin(line, column);
        &mut self.rows
    }

    /// The row being filled.
    pub fn current(&mut self) -> &mut Rows {
        &mut self.rows
    }

    /// Sends the row that [`Sink::row`] gave on its way.
    pub fn commit(&mut self) -> Result<()> {
        if self.rows.current().size() > MAX_RECORD_BYTES {
            return Err(long_record().at(self.rows.current().line, None));
        }
        let may_go_on = self.layout.arrangement == Arrangement::Table && !self.is_row_by_row && self.is_typed();
        if may_go_on {
            self.rows.repeat();
        }
        self.push_headings();
        if !self.annotations.is_empty() {
            self.annotate()?;
        }
        if !self.attached.is_empty() {
            self.join()?;
        } else if may_go_on && self.goes_on() {
            return Ok(());
        }
        if self.rows.len() >= BATCH_ROWS || self.rows.size() >= BATCH_BYTES {
            // What another row may change stays: the last row, which the next one may continue, and titles.
            self.flush(self.titles().max(1))?;
        }
        let index = self.records + 1;
        self.seal(index);
        Ok(())
    }

    /// Sends the row that [`Sink::row`] gave on its way as the record of that index, whatever stands around it.
    pub fn commit_as(&mut self, index: u64) -> Result<()> {
        if self.rows.current().size() > MAX_RECORD_BYTES {
            return Err(long_record().at(self.rows.current().line, None));
        }
        if self.rows.len() >= BATCH_ROWS || self.rows.size() >= BATCH_BYTES {
            self.flush(0)?;
        }
        self.seal(index);
        Ok(())
    }

    /// Ends the row being filled; one without values is no record.
    fn seal(&mut self, index: u64) {
        let is_record = !self.rows.current().cells().is_empty();
        self.records += u64::from(is_record);
        self.rows.seal(if is_record { index } else { 0 });
    }

    /// What follows is a share of the rows of a table, and may be none: what is to say of the labels is left to somebody else.
    pub fn begin_share(&mut self) {
        self.is_share = true;
        self.sent_labels = self.layout.labels.len();
        self.remarks.clear();
    }

    /// Whether people have typed the table: the headers that we write are keys, `contact_1_courriel`, or the titles of the
    /// schema, « Contact 1 – courriel », and each row below these is a record, whatever its cells say.
    fn is_typed(&mut self) -> bool {
        let labels = &self.layout.labels;
        if self.identity.0 != labels.len() {
            let names =
                |rank: &usize| matches!(labels[*rank].target, Target::Field(field, _) if continued::is_identity(field));
            let ranks = (self.header..labels.len()).filter(names).map(|rank| rank as u32);
            let is_of_key = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_';
            let labels = &labels[self.header..];
            self.is_of_keys = labels.iter().all(|label| label.text.bytes().all(is_of_key))
                || labels.iter().all(|label| label.reason == Some(Reason::Key))
                    && labels.iter().any(|label| label.text.contains(" – "));
            self.identity = (self.layout.labels.len(), ranks.collect());
        }
        !self.is_of_keys
    }

    /// Whether the row being filled continues the record above, to which it has been added.
    fn goes_on(&mut self) -> bool {
        let next = self.rows.current();
        let above = self.rows.last().filter(|above| above.size() + next.size() <= MAX_RECORD_BYTES);
        let added = above.and_then(|above| continued::added(above, next, &self.layout, &self.identity.1));
        let Some(added) = added else { return false };
        self.rows.join(added.into_iter(), |cell| continued::is_of_element(cell, &self.layout));
        Arc::make_mut(&mut self.layout).continued += 1;
        self.is_amended = true;
        true
    }

    /// Sends the rows but for the last `kept`.
    pub(super) fn flush(&mut self, kept: usize) -> Result<()> {
        let is_known = self.sent_labels == self.layout.labels.len() && self.remarks.is_empty();
        if self.rows.len() <= kept && is_known && !self.is_amended {
            return Ok(());
        }
        self.is_amended = false;
        let rows = self.rows.take(kept);
        let mut remarks = std::mem::take(&mut self.remarks);
        // What is about a record goes with it.
        if let Some(waiting) = self.rows.iter().map(|row| row.index).find(|index| *index > 0) {
            self.remarks.extend(remarks.extract_if(.., |remark| remark.record >= waiting));
        }
        let batch = Batch { layout: Arc::clone(&self.layout), known_labels: self.sent_labels, remarks, rows };
        self.sent_labels = self.layout.labels.len();
        (self.send)(batch)
    }

    /// Sends the rest, and answers how many records there were.
    pub fn finish(&mut self) -> Result<u64> {
        if !self.layout.format.is_table() {
            self.compare()?;
        }
        if let Some(mapping) = self.mapping.clone() {
            let is_workbook = self.layout.format.is_workbook();
            let gone: Vec<&String> = mapping
                .tables
                .iter()
                .filter_map(|table| table.sheet.as_ref())
                .filter(|name| is_workbook && !self.sheets.contains(name))
                .collect();
            for name in gone {
                self.remark(RemarkKind::Changed(Change::SheetGone), name.clone(), 1, 1)?;
                if let Some(remark) = self.remarks.last_mut() {
                    remark.table = Some(Arc::from(name.as_str()));
                }
            }
        }
        self.flush(0)?;
        if self.records == 0 && !self.is_share {
            return Err(Error::new(
                ErrorKind::Empty,
                "aucune fiche : le fichier ne contient rien sous l’en-tête, ou aucun élément ; vérifiez l’envoi",
                "no record: the file holds nothing below the header, or no element; check what was sent",
            ));
        }
        Ok(self.records)
    }
}

/// One record takes more than any record does.
pub(super) fn long_record() -> Error {
    Error::new(
        ErrorKind::Limit,
        format!(
            "une fiche dépasse {} Mo ; le fichier est abîmé ou n’est pas une liste de PTCE",
            MAX_RECORD_BYTES >> 20
        ),
        format!("one record exceeds {} MB; the file is damaged or not a list of PTCE", MAX_RECORD_BYTES >> 20),
    )
}
