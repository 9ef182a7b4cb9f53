//! Gathers the rows of a reader into batches, and the labels of a table into its layout.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::sync::mpsc::Receiver;

use super::annotations::{Annotations, Kind, has_site};
use super::continued;
use super::saved::{Names, SavedMapping, SavedTable, is_untitled};
use super::sheet::arrangement::{grouped, meaning_in_group};
use super::{Limits, MAX_COLUMNS, MAX_RECORD_BYTES};
use crate::error::{Error, ErrorKind, Result};
use crate::field::{Field, Slot};
use crate::fold::folded;
use crate::guide;
use crate::language::Language;
use crate::reference::regions;
use crate::row::{Arrangement, Batch, Cell, Change, Evidence, Format, Label, Layout, Row, Target};
use crate::rules::mojibake;
use crate::tables::{KEY, ListTable, RANK};
use crate::vocabulary::{self, Meant, Reason};

/// What stands for the label of a value that a row, or a line, of its own says of those below it.
pub(super) const HEADING: &str = "(intertitre)";

/// What one batch holds: enough to be worth sending, little enough to stay in a processor's cache.
const BATCH_ROWS: usize = 128;
const BATCH_BYTES: usize = 128 << 10;

/// How the label of a mailbox ends that is the link of a name.
const MAILBOX: &str = "courriel du lien";
const MAILBOX_END: &str = "(courriel du lien)";

/// A table whose rows belong to the records of another one.
pub(crate) struct Attached {
    /// The name of its file or sheet.
    pub name: Arc<str>,
    /// Its labels.
    pub labels: Vec<Label>,
    /// Its rows, by the key of the record, in the order of the list.
    pub rows: BTreeMap<String, Vec<Row>>,
    /// JSON Pointer of the field of the record that is the key, whose text is compared folded; without it, the key is the
    /// column of that name.
    pub by: Option<&'static str>,
    /// JSON Pointer of the list.
    pub list: String,
}

/// Where a reader puts what it reads.
pub(crate) struct Sink<'a> {
    send: &'a mut dyn FnMut(Batch) -> Result<()>,
    layout: Arc<Layout>,
    /// Labels of the layout that a batch has already carried.
    sent_labels: usize,
    /// Whether the layout says more than the last batch did, apart from labels.
    is_amended: bool,
    rows: Vec<Row>,
    bytes: usize,
    /// Records read so far, without the blank rows.
    records: u64,
    spare: Row,
    /// Rows that were judged and dropped, whose memory can serve again.
    used: &'a Receiver<Vec<Row>>,
    pool: Vec<Row>,
    /// The list whose table is read, when it is not that of the records.
    list: Option<ListTable>,
    attached: Vec<Attached>,
    limits: Limits,
    /// How a person wants the source to be understood.
    mapping: Option<Arc<SavedMapping>>,
    /// The sheets of the workbook; the labels entered in this one, as the mapping names them, with their places.
    sheets: Vec<String>,
    names: Names,
    entered: Vec<(String, u64, u32)>,
    /// Where the labels of the header that is read begin.
    header: usize,
    /// The labels of that header that name the PTCE, among so many.
    identity: (usize, Vec<u32>),
    /// The region that a row of its own names for those below it: its label, its text and its place.
    region: Option<(u32, String, u64, u32)>,
    is_row_by_row: bool,
    annotations: Annotations,
}

impl<'a> Sink<'a> {
    pub fn new(
        file: &str,
        format: Format,
        used: &'a Receiver<Vec<Row>>,
        send: &'a mut dyn FnMut(Batch) -> Result<()>,
    ) -> Sink<'a> {
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
            is_amended: false,
            rows: Vec::new(),
            bytes: 0,
            records: 0,
            spare: Row::default(),
            used,
            pool: Vec::new(),
            list: None,
            attached: Vec::new(),
            limits: Limits::default(),
            mapping: None,
            sheets: Vec::new(),
            names: Names::default(),
            entered: Vec::new(),
            header: 0,
            identity: (0, Vec::new()),
            region: None,
            is_row_by_row: false,
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

    /// The limits within which the source is read.
    pub fn limits(&self) -> &Limits {
        &self.limits
    }

    /// The sheets that the workbook has.
    pub fn has_sheets<'n>(&mut self, names: impl Iterator<Item = &'n String>) {
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
            self.enter(before.to_string(), Target::Changed(Change::HeaderMoved), now, 1)?;
        }
        for name in saved.labels.keys().filter(|name| !is_untitled(name)) {
            if !entered.iter().any(|(known, ..)| folded(known) == folded(name)) {
                self.enter(name.clone(), Target::Changed(Change::LabelGone), line, 1)?;
            }
        }
        for (name, line, column) in entered.into_iter().filter(|(name, ..)| !is_untitled(name)) {
            if saved.meaning(&name).is_none() {
                self.enter(name, Target::Changed(Change::LabelNew), line, column)?;
            }
        }
        Ok(())
    }

    /// The table that follows is that of a list.
    pub fn of_list(&mut self, list: &ListTable) {
        self.list = Some(*list);
    }

    /// Adds the rows of a table to the records that follow, by key.
    pub fn attach(&mut self, attached: Attached) {
        self.attached.push(attached);
    }

    /// A row of an attached table whose key no record has: its table, its line and the key.
    pub fn orphan(&self) -> Option<(Arc<str>, u64, &str)> {
        self.attached.iter().find_map(|table| {
            let (key, rows) = table.rows.iter().next()?;
            Some((Arc::clone(&table.name), rows.first()?.line, key.as_str()))
        })
    }

    /// Makes records of the rows of the attached tables whose PTCE no other table holds, and tells their names.
    pub fn release(&mut self) -> Result<()> {
        /// A list that goes on says no more.
        const SHOWN: usize = 12;
        for Attached { name, labels, rows, by, .. } in std::mem::take(&mut self.attached) {
            let Some(first) = rows.values().flatten().min_by_key(|row| row.line) else {
                // What stands around a table that was joined is told with the table that it was joined to.
                for label in
                    labels.into_iter().filter(|label| matches!(label.target, Target::Outside | Target::HiddenRows))
                {
                    let rank = self.enter(label.text, label.target, label.line, label.column)?;
                    Arc::make_mut(&mut self.layout).labels[rank as usize].table = Some(Arc::clone(&name));
                }
                continue;
            };
            let key = labels.iter().position(|label| matches!(label.target, Target::Key));
            let mut keys: Vec<&str> =
                rows.values().filter_map(|rows| rows.first()?.value(key?)).take(SHOWN + 1).collect();
            if keys.len() > SHOWN {
                keys[SHOWN] = "…";
            }
            let (keys, line, column) = (keys.join(", "), first.line, key.map_or(1, |key| labels[key].column));
            self.begin_sheet(&name, false)?;
            self.enter(keys, Target::Unmatched, line, column)?;
            let offset = self.layout.labels.len() as u32;
            for label in labels {
                let (target, reason) = match (label.target, by.and_then(Field::at)) {
                    (Target::Key, Some(field)) => (Target::Field(field, None), Some(Reason::Listed)),
                    (target, _) => (target, label.reason),
                };
                self.enter_beside(&[], label.text, Meant::new((target, reason)), label.line, label.column)?;
            }
            for rows in rows.values() {
                let mut rows = rows.iter().zip(1..);
                let Some((first, _)) = rows.clone().next() else { continue };
                self.row(first.line, first.column);
                for (row, element) in &mut rows {
                    for cell in row.cells() {
                        let text = row.text(cell);
                        self.spare.push_composed(cell.label + offset, element, true, text, cell.line, cell.column);
                    }
                }
                self.commit()?;
            }
        }
        Ok(())
    }

    /// Whether the first row of the table is known to be its header.
    pub fn has_plain_header(&self) -> bool {
        self.layout.format == Format::Tables
    }

    /// The file that is read, as the user named it.
    pub fn file(&self) -> &str {
        &self.layout.file
    }

    /// Begins another table of the same file.
    pub fn begin_sheet(&mut self, name: &str, is_hidden: bool) -> Result<()> {
        self.flush()?;
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
        (self.names, self.entered) = (Names::default(), Vec::new());
        (self.header, self.identity, self.region) = (0, (0, Vec::new()), None);
        self.annotations = Annotations::default();
        let is_new = self.layout.format.is_workbook()
            && self.saved().is_none()
            && self.mapping.as_ref().is_some_and(|mapping| mapping.tables.iter().any(|table| table.sheet.is_some()));
        if is_new {
            self.enter(name.to_owned(), Target::Changed(Change::SheetNew), 1, 1)?;
        }
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
        self.is_amended |= layout.encoding.is_some_and(|known| known != encoding);
        layout.encoding = Some(encoding);
        layout.delimiter = delimiter;
    }

    /// The rows that follow are those of a table, whose header stands in the rows from `first` to `last`.
    pub fn begin_table(&mut self, first: u64, last: u64) {
        self.header = self.layout.labels.len();
        self.region = None;
        let layout = Arc::make_mut(&mut self.layout);
        layout.arrangement = Arrangement::Table;
        // Another table below the first has a header of its own, told by its labels.
        layout.header = layout.header.or(Some((first, last)));
    }

    /// A row that says of what region the rows below it are; where these say it themselves, it only stands there.
    pub fn section(&mut self, text: &str, line: u64, column: u32) -> Result<()> {
        let is_of_region =
            |label: &Label| matches!(label.target, Target::Field(field, _) if field.pointer.starts_with("/region/"));
        let own = self.region.take().map(|(label, ..)| label);
        let has_column = (self.header..)
            .zip(&self.layout.labels[self.header..])
            .any(|(rank, label)| is_of_region(label) && Some(rank as u32) != own);
        match region_in(text).filter(|_| !has_column).zip(Field::at("/region/nom")) {
            None => self.outside(text, line, column),
            Some((name, field)) => {
                let label = match own {
                    Some(label) => label,
                    None => self.settled(HEADING, Target::Field(field, None), line, column)?,
                };
                self.region = Some((label, name.to_owned(), line, column));
                Ok(())
            }
        }
    }

    /// The records that follow are laid out in another way.
    pub fn begin_forms(&mut self, arrangement: Arrangement) {
        Arc::make_mut(&mut self.layout).arrangement = arrangement;
    }

    /// Notes by what the encoding and the delimiter of a text file were found.
    pub fn found_by(&mut self, evidence: Evidence) {
        Arc::make_mut(&mut self.layout).evidence = Some(evidence);
    }

    /// What a label means, below the name of its group if it has one.
    fn meant(&self, name: Option<&str>, group: Option<&str>, text: &str) -> Meant {
        if let Some(target) = name.and_then(|name| self.saved()?.meaning(name)) {
            // A mapping names a field; what else the label says of its values, it says still.
            let whole = group.map_or_else(|| text.to_owned(), |group| grouped(group, text));
            let target = vocabulary::with_heading(target, &whole);
            return Meant::new((target, Some(Reason::Mapping)));
        }
        let meant = self.meant_without_mapping(group, text);
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

    fn meant_without_mapping(&self, group: Option<&str>, text: &str) -> Meant {
        match self.list {
            _ if self.layout.format == Format::Tables && (text == KEY || text == RANK) => {
                Meant::new((Target::Key, None))
            }
            Some(list) => {
                let path: Vec<&str> = list.path.iter().copied().chain([text]).collect();
                Meant::new(vocabulary::meaning_of_path(&path))
            }
            None => {
                let meant = match group.and_then(|group| meaning_in_group(group, text)) {
                    Some(meaning) => Meant::new(meaning),
                    None => vocabulary::meaning_despite_slips(text),
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
        let undamaged = mojibake::undamaged(text);
        let restored_group = group.and_then(mojibake::undamaged);
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
    fn enter_beside(&mut self, others: &[u32], text: String, mut meant: Meant, line: u64, column: u32) -> Result<u32> {
        if let Target::Field(field, rank) = meant.target {
            let labels = &self.layout.labels;
            if let Some(other) = others.iter().copied().find(|other| fills(&labels[*other as usize], field, rank)) {
                // Of two labels of one field, the one that is spelled right is meant.
                if labels[other as usize].reason == Some(Reason::Misspelt) && meant.reason != Some(Reason::Misspelt) {
                    let other = &mut Arc::make_mut(&mut self.layout).labels[other as usize];
                    (other.target, other.usual) = (Target::Taken(field), None);
                } else {
                    meant = Meant::new((Target::Taken(field), None));
                }
            }
        }
        let entered = self.enter(text, meant.target, line, column)?;
        let layout = Arc::make_mut(&mut self.layout);
        let label = &mut layout.labels[entered as usize];
        (label.reason, label.usual) = (meant.reason, meant.usual);
        if layout.has_parts {
            let all: Vec<u32> = others.iter().copied().chain([entered]).collect();
            surname(&mut layout.labels, &all);
        }
        Ok(entered)
    }

    /// Enters a column header, below the name of its group if it has one, and answers its rank.
    pub fn column(&mut self, group: Option<&str>, text: &str, line: u64, column: u32) -> Result<u32> {
        let others: Vec<u32> = (self.header as u32..self.layout.labels.len() as u32).collect();
        self.form_label(&others, group, text, line, column)
    }

    /// Enters a label of a form in which the labels of the ranks `others` stand already, and answers its rank.
    pub fn form_label(
        &mut self,
        others: &[u32],
        group: Option<&str>,
        text: &str,
        line: u64,
        column: u32,
    ) -> Result<u32> {
        let whole = group.map_or_else(|| text.to_owned(), |group| grouped(group, text));
        let name = self.name(&whole, line, column);
        let meant = self.meant(name.as_deref(), group, text);
        self.enter_beside(others, whole, meant, line, column)
    }

    /// The name of a label in a mapping, when there is one.
    fn name(&mut self, text: &str, line: u64, column: u32) -> Option<String> {
        self.mapping.as_ref()?;
        let name = self.names.of_label(text, column, self.layout.format);
        self.entered.push((name.clone(), line, column));
        Some(name)
    }

    /// What the label of a rank means.
    pub fn target(&self, label: u32) -> &Target {
        &self.layout.labels[label as usize].target
    }

    /// Enters the rows that have values and are not shown, the first of which is `line`.
    pub fn hidden_rows(&mut self, rows: &str, line: u64) -> Result<()> {
        self.enter(rows.to_owned(), Target::HiddenRows, line, 1).map(|_| ())
    }

    /// Notes how many cells of the sheet that was read hold a formula.
    pub fn formulas(&mut self, count: u64) {
        Arc::make_mut(&mut self.layout).formulas = count;
        self.is_amended = true;
    }

    /// Enters a text that stands outside the table: a title, a legend.
    pub fn outside(&mut self, text: &str, line: u64, column: u32) -> Result<()> {
        if text.is_empty() {
            return Ok(());
        }
        self.annotations.outside(line, column, text);
        self.enter(text.to_owned(), Target::Outside, line, column).map(|_| ())
    }

    /// What hangs on the cells of the sheet that is read, told before they come.
    pub fn annotations(&mut self) -> &mut Annotations {
        &mut self.annotations
    }

    /// Tells the comments and links of the sheet that was read which no record has.
    pub fn end_annotations(&mut self) -> Result<()> {
        let annotations = std::mem::take(&mut self.annotations);
        for ((line, column), text) in annotations.rest(guide::is_note) {
            self.enter(text, Target::Outside, line, column)?;
        }
        Ok(())
    }

    /// The field of the mailbox that is the link of a person's name, where the table has no mailboxes of its own.
    fn mailbox_of_person(&self, label: &Label, kind: Kind, text: &str, value: &str) -> Option<Target> {
        let Target::Field(field, rank) = label.target else { return None };
        let is_mailbox = kind == Kind::Link && text.contains('@') && !text.contains(['/', ' ', ',', ';']);
        let is_one =
            !value.contains([',', ';', '/', '|', '\n', '&']) && !folded(value).split(' ').any(|word| word == "et");
        if field.pointer != "/contacts/*/nom" || !is_mailbox || !is_one {
            return None;
        }
        let email = Field::at("/contacts/*/courriel")?;
        let has_own = |known: &Label| {
            matches!(known.target, Target::Field(field, _) if std::ptr::eq(field, email))
                && !known.text.ends_with(MAILBOX_END)
        };
        (!self.layout.labels.iter().any(has_own)).then_some(Target::Field(email, rank))
    }

    /// Adds to the row being filled what hangs on its cells. A link is the value where its text is none.
    fn annotate(&mut self) -> Result<()> {
        let mut places = BTreeSet::new();
        for rank in 0..self.spare.cells().len() {
            let cell = self.spare.cells()[rank];
            if !places.insert((cell.line, cell.column)) {
                continue;
            }
            let value = self.spare.text(&cell).to_owned();
            for (kind, text) in self.annotations.of(cell.line, cell.column, &value) {
                let label = &self.layout.labels[cell.label as usize];
                let is_value = kind == Kind::Link
                    && match label.target {
                        Target::Field(field, _) if field.pointer == "/site_web" => !has_site(&value),
                        Target::Field(field, _) if field.pointer == "/contacts/*/courriel" => {
                            text.contains('@') && !value.contains('@')
                        }
                        _ => false,
                    };
                let mailbox = self.mailbox_of_person(label, kind, &text, &value);
                let (kept, what) = match (kind, is_value) {
                    (Kind::Link, true) => {
                        self.spare.replace(rank, &text);
                        (&value, "texte du lien")
                    }
                    (Kind::Link, false) if mailbox.is_some() => (&text, MAILBOX),
                    (Kind::Link, false) => (&text, "lien"),
                    (Kind::Comment, _) => (&text, "commentaire"),
                };
                let name = format!("{} ({what})", label.text).trim().to_owned();
                let is_known = |known: &Label| known.reason.is_none() && known.text == name;
                let known = self.layout.labels.iter().position(is_known);
                let beside = match known {
                    Some(known) => known as u32,
                    None => self.enter(name, mailbox.unwrap_or(Target::Beside), cell.line, cell.column)?,
                };
                self.spare.push(beside, cell.element, true, kept, cell.line, cell.column);
            }
        }
        Ok(())
    }

    /// Enters a label whose meaning the reader has settled, and answers its rank: a text under one label may hold the
    /// values of several fields.
    pub fn settled(&mut self, text: &str, target: Target, line: u64, column: u32) -> Result<u32> {
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

    /// Enters the path of an element, and answers its rank.
    pub fn path(&mut self, path: &[&str], line: u64, column: u32) -> Result<u32> {
        let whole = path.join("/");
        let name = self.name(&whole, line, column);
        let wanted = name.as_ref().and_then(|name| self.saved()?.meaning(name));
        let meant = match wanted {
            Some(target) => Meant::new((target, Some(Reason::Mapping))),
            None => self.once_told(name.as_deref(), Meant::new(vocabulary::meaning_of_path(path))),
        };
        self.enter_beside(&[], whole, meant, line, column)
    }

    fn enter(&mut self, text: String, target: Target, line: u64, column: u32) -> Result<u32> {
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
        let labels = &mut Arc::make_mut(&mut self.layout).labels;
        let is_before = match target {
            Target::Field(field, Some(rank)) => labels.iter().any(|label| {
                matches!(label.target, Target::Field(other, Some(known)) if known > rank && other.list() == field.list())
            }),
            _ => false,
        };
        let is_part = matches!(target, Target::Field(field, _) if matches!(field.slot, Slot::BeforeName));
        labels.push(Label { text, target, reason: None, usual: None, table: None, line, column });
        let entered = labels.len() as u32 - 1;
        let layout = Arc::make_mut(&mut self.layout);
        layout.is_unordered |= is_before;
        layout.has_parts |= is_part;
        Ok(entered)
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
            return Err(long_record().at(self.spare.line, None));
        }
        if let Some((label, text, line, column)) = &self.region
            && !self.spare.cells().is_empty()
        {
            self.spare.push(*label, 0, true, text, *line, *column);
        }
        if !self.annotations.is_empty() {
            self.annotate()?;
        }
        if !self.attached.is_empty() {
            self.join()?;
        } else if !self.is_row_by_row && self.layout.arrangement == Arrangement::Table && self.goes_on() {
            return Ok(());
        }
        if self.rows.len() >= BATCH_ROWS || self.bytes >= BATCH_BYTES {
            self.flush()?;
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
        // The last row stays until the next one comes, which may go on with it.
        self.rows.push(std::mem::replace(&mut self.spare, next));
        Ok(())
    }

    /// Whether the row being filled goes on with the record above, to which it has been added.
    fn goes_on(&mut self) -> bool {
        let labels = &self.layout.labels;
        if self.identity.0 != labels.len() {
            let names =
                |rank: &usize| matches!(labels[*rank].target, Target::Field(field, _) if continued::is_identity(field));
            let ranks = (self.header..labels.len()).filter(names).map(|rank| rank as u32);
            self.identity = (labels.len(), ranks.collect());
        }
        let Some(above) = self.rows.last_mut().filter(|above| above.size() + self.spare.size() <= MAX_RECORD_BYTES)
        else {
            return false;
        };
        let before = above.size();
        if !continued::goes_on(above, &self.spare, &self.layout, &self.identity.1) {
            return false;
        }
        self.bytes += above.size() - before;
        Arc::make_mut(&mut self.layout).continued += 1;
        self.is_amended = true;
        true
    }

    /// Adds to the row being filled those of the attached tables that have its key.
    fn join(&mut self) -> Result<()> {
        for table in 0..self.attached.len() {
            let key = match self.attached[table].by {
                None => self.own_key()?,
                Some(pointer) => self.key_at(pointer),
            };
            let Some(rows) = key.as_ref().and_then(|key| self.attached[table].rows.remove(key)) else { continue };
            let before = self.last_rank(&self.attached[table].list);
            for (row, element) in rows.iter().zip(u64::from(before) + 1..) {
                let Ok(element) = u16::try_from(element) else {
                    let key = key.unwrap_or_default();
                    return Err(Error::new(
                        ErrorKind::Limit,
                        format!("la clé « {key} » a plus de {} lignes ; gardez celles de ce PTCE", u16::MAX),
                        format!("the key “{key}” has more than {} lines; keep those of this PTCE", u16::MAX),
                    )
                    .in_file(&format!("{}/{}", self.layout.file, self.attached[table].name))
                    .at(row.line, None));
                };
                for cell in row.cells() {
                    let label = self.label_of(table, cell.label)?;
                    self.spare.push_composed(label, element, true, row.text(cell), cell.line, cell.column);
                }
            }
        }
        Ok(())
    }

    /// The key of the row being filled, in the column of keys; none when the row is blank.
    fn own_key(&self) -> Result<Option<String>> {
        let labels = &self.layout.labels;
        let Some(place) = labels.iter().position(|label| matches!(label.target, Target::Key)) else {
            return Err(Error::new(
                ErrorKind::Format,
                format!("la colonne « {KEY} » manque : sans elle, on ne sait pas quelles lignes des autres tables sont de ce PTCE"),
                format!("there is no column “{KEY}”: without it, nothing tells which lines of the other tables belong to this PTCE"),
            )
            .at(1, None));
        };
        match self.spare.value(place) {
            None if !self.spare.cells().is_empty() => Err(Error::new(
                ErrorKind::Format,
                format!("cette ligne n’a pas de {KEY} ; complétez-la"),
                format!("this line has no {KEY}; complete it"),
            )
            .at(self.spare.line, None)),
            key => Ok(key.map(str::to_owned)),
        }
    }

    /// The folded text of a field of the row being filled.
    fn key_at(&self, pointer: &str) -> Option<String> {
        let is_key = |label: &Label| matches!(label.target, Target::Field(field, _) if field.pointer == pointer);
        let place = self.layout.labels.iter().position(is_key)?;
        self.spare.value(place).map(folded)
    }

    /// The rank of the last element of a list that the row being filled has of its own, counted from 1.
    fn last_rank(&self, list: &str) -> u16 {
        let rank = |cell: &Cell| match self.layout.labels[cell.label as usize].target {
            Target::Field(field, rank)
                if field.pointer.strip_prefix(list).is_some_and(|rest| rest.starts_with("/*")) =>
            {
                rank.unwrap_or(cell.element.max(1))
            }
            _ => 0,
        };
        self.spare.cells().iter().map(rank).max().unwrap_or(0)
    }

    /// The rank in the layout of a label of an attached table.
    fn label_of(&mut self, table: usize, label: u32) -> Result<u32> {
        let Attached { name, labels, .. } = &self.attached[table];
        let own = &labels[label as usize];
        let is_own =
            |known: &Label| known.table.as_ref() == Some(name) && known.column == own.column && known.text == own.text;
        if let Some(known) = self.layout.labels.iter().position(is_own) {
            return Ok(known as u32);
        }
        let (name, own) = (Arc::clone(name), own.clone());
        let rank = self.enter(own.text, own.target, own.line, own.column)?;
        let label = &mut Arc::make_mut(&mut self.layout).labels[rank as usize];
        // In related tables, the name of the table and its own make the path of the field.
        (label.table, label.reason, label.usual) = (Some(name), own.reason.or(Some(Reason::Key)), own.usual);
        Ok(rank)
    }

    fn flush(&mut self) -> Result<()> {
        if self.rows.is_empty() && self.sent_labels == self.layout.labels.len() && !self.is_amended {
            return Ok(());
        }
        self.is_amended = false;
        let rows = std::mem::take(&mut self.rows);
        let batch = Batch { layout: Arc::clone(&self.layout), known_labels: self.sent_labels, rows };
        self.sent_labels = self.layout.labels.len();
        self.bytes = 0;
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
                let rank = self.enter(name.clone(), Target::Changed(Change::SheetGone), 1, 1)?;
                Arc::make_mut(&mut self.layout).labels[rank as usize].table = Some(Arc::from(name.as_str()));
            }
        }
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

/// The name of a region in the row of a table that says nothing else: « Région Bretagne ».
pub(super) fn region_in(text: &str) -> Option<&str> {
    let name = ["Région :", "RÉGION :", "Région", "RÉGION", "Region", "REGION"]
        .iter()
        .find_map(|word| text.strip_prefix(word));
    let name = name.unwrap_or(text).trim();
    regions::is_name(name).then_some(name)
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

/// « Nom » beside « Prénom » is the name of a person, though alone it is that of the PTCE; a label that it has kept from its
/// field gets it.
fn surname(labels: &mut [Label], ranks: &[u32]) {
    let (Some(of_hub), Some(of_contact)) = (Field::at("/nom"), Field::at("/contacts/*/nom")) else { return };
    let of_first_name = |rank: &u32| match labels[*rank as usize].target {
        Target::Field(field, of) if field.pointer == "/contacts/*/prenom" => Some(of),
        _ => None,
    };
    let first_names: Vec<Option<u16>> = ranks.iter().filter_map(of_first_name).collect();
    let fills = |label: &Label, field, of| matches!(label.target, Target::Field(known, rank) if std::ptr::eq::<Field>(known, field) && rank == of);
    let is_kept_away = |label: &Label| matches!(label.target, Target::Taken(field) if std::ptr::eq(field, of_hub));
    for of in first_names {
        let find = |labels: &[Label], is: &dyn Fn(&Label) -> bool| {
            ranks.iter().map(|rank| *rank as usize).find(|rank| is(&labels[*rank]))
        };
        if find(labels, &|label| fills(label, of_contact, of)).is_some() {
            continue;
        }
        // « Nom 2 » alone is no label of ours.
        let is_surname = |label: &Label| {
            let text = folded(&label.text);
            let is_plain = match of {
                None => matches!(text.as_str(), "nom" | "noms" | "name"),
                Some(of) => text == format!("nom {of}") || text == format!("name {of}"),
            };
            let is_free = fills(label, of_hub, None) || is_kept_away(label) || matches!(label.target, Target::Unknown);
            is_plain && is_free && label.reason != Some(Reason::Mapping)
        };
        let Some(name) = find(labels, &is_surname) else { continue };
        (labels[name].target, labels[name].reason) = (Target::Field(of_contact, of), Some(Reason::Composed));
        if find(labels, &|label| fills(label, of_hub, None)).is_none()
            && let Some(next) = find(labels, &is_kept_away)
        {
            let (_, reason) = vocabulary::meaning(&labels[next].text);
            (labels[next].target, labels[next].reason) = (Target::Field(of_hub, None), reason);
        }
    }
}

/// Whether a label already fills a field, so that another one cannot.
fn fills(label: &Label, field: &Field, rank: Option<u16>) -> bool {
    matches!(label.target, Target::Field(known, known_rank)
        if std::ptr::eq(known, field) && known_rank.unwrap_or(1) == rank.unwrap_or(1) && !field.is_list())
}
