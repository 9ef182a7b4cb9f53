//! Readers: bytes in, labelled values out, a batch of rows at a time.

mod annotations;
mod boxes;
mod continued;
mod csv;
mod encoding;
mod folder;
mod found;
mod frame;
mod grids;
mod json;
mod limits;
mod mail;
mod range;
mod saved;
mod sheet;
mod sink;
mod survey;
mod tables;
mod text;
mod tree;
mod vcard;
mod window;
pub(crate) mod workbook;
mod xml;

use std::fs::File;
use std::io::{Cursor, Read, Seek, SeekFrom};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use crate::error::{Error, ErrorKind, Result};
use crate::row::{Batch, Change, Format, RemarkKind};
use crate::scratch::scratch;
pub(crate) use encoding::{TextKind, from_dos, to_dos};
pub use folder::{open_all, open_held, open_within};
pub use found::Found;
pub use frame::{Column, Frame, FrameValue, Rows};
#[cfg(feature = "cli")]
pub(crate) use limits::whole;
pub(crate) use limits::whole_file;
pub use limits::{Limits, MAX_CELL_BYTES, MAX_COLUMNS, MAX_DEPTH, MAX_LABEL_BYTES, MAX_RECORD_BYTES};
pub(crate) use saved::pointer;
pub use saved::{SavedMapping, SavedTable};
pub(crate) use sink::Sink;

/// Bytes that are looked at to recognise a file: a text may have pages before its first label.
const RECOGNISED_BYTES: u64 = 64 << 10;

trait ReadSeek: Read + Seek + Send {}
impl<T: Read + Seek + Send> ReadSeek for T {}

/// The bytes of a source that is open, and how many they are.
type Opened = (Box<dyn ReadSeek>, u64);

/// How to open a source.
type Opening = Box<dyn FnOnce(&Limits) -> Result<Opened> + Send>;

/// A source to read: its name, and its bytes or its rows.
pub struct Input {
    name: String,
    source: Box<dyn ReadSeek>,
    /// A folder or an archive may hold more files than a process may have open: each is opened when its turn comes.
    closed: Option<Opening>,
    /// The table that it is in place of bytes.
    frame: Option<Frame>,
    length: u64,
    record_path: Option<String>,
    mapping: Option<Arc<SavedMapping>>,
    limits: Limits,
    /// Whether it is of no format of records, so that nothing of it is read.
    is_passed_over: bool,
    /// The format that the name says and the one that the content is, where they differ.
    misnamed: Option<(Format, Format)>,
}

impl Input {
    fn new(name: &str, (source, length): Opened) -> Input {
        Input {
            name: name.to_owned(),
            source,
            closed: None,
            frame: None,
            length,
            record_path: None,
            mapping: None,
            limits: Limits::default(),
            is_passed_over: false,
            misnamed: None,
        }
    }

    /// A file that is of no format of records: a run tells it and reads nothing of it.
    #[must_use]
    pub fn passed_over(name: &str) -> Input {
        Input { is_passed_over: true, ..Input::from_bytes(name, Vec::new()) }
    }

    /// Whether nothing of it is read.
    pub fn is_passed_over(&self) -> bool {
        self.is_passed_over
    }

    /// A file.
    ///
    /// # Errors
    /// When it does not exist, is a folder, or may not be read.
    pub fn open(path: &Path) -> Result<Input> {
        let name = path.display().to_string();
        let file = File::open(path).map_err(|error| Error::io(&name, &error))?;
        let metadata = file.metadata().map_err(|error| Error::io(&name, &error))?;
        if metadata.is_dir() {
            return Err(Error::io(&name, &std::io::Error::from(std::io::ErrorKind::IsADirectory)));
        }
        if metadata.is_file() {
            return Ok(Input::new(&name, (Box::new(file), metadata.len())));
        }
        Ok(Input::stream(&name, file))
    }

    /// A stream that is read when its turn comes.
    pub(crate) fn stream(name: &str, reader: impl Read + Send + 'static) -> Input {
        Input::closed(name, 0, |limits| kept_within(reader, limits))
    }

    /// A source of so many bytes, as far as is known, that is opened when it is read.
    fn closed(name: &str, length: u64, open: impl FnOnce(&Limits) -> Result<Opened> + Send + 'static) -> Input {
        Input { closed: Some(Box::new(open)), ..Input::new(name, (Box::new(std::io::empty()), length)) }
    }

    /// A stream, such as the standard input. A workbook cannot be read front to back, so the bytes are kept: in memory
    /// while they are few, then in a temporary file.
    ///
    /// # Errors
    /// When the stream fails, or is longer than [`Limits::stream`] is by default.
    pub fn from_reader(name: &str, reader: impl Read) -> Result<Input> {
        Ok(Input::new(name, kept_within(reader, &Limits::default()).map_err(|error| error.in_file(name))?))
    }

    /// Bytes in memory.
    pub fn from_bytes(name: &str, bytes: Vec<u8>) -> Input {
        let length = bytes.len() as u64;
        Input::new(name, (Box::new(Cursor::new(bytes)), length))
    }

    /// Bytes in memory that others hold too: a source that is read several times is not copied each time.
    pub fn from_shared(name: &str, bytes: Arc<[u8]>) -> Input {
        let length = bytes.len() as u64;
        Input::new(name, (Box::new(Cursor::new(bytes)), length))
    }

    /// A table in memory. Its rows are read like those of a CSV file whose header would be line 1, and a record's index is
    /// the number of its row; values that have parts, like those of JSON. It has no bytes: its length is 0.
    ///
    /// ```
    /// use ptce::import::{Column, Frame, FrameValue, Input, Rows};
    ///
    /// /// Names, in the only column.
    /// struct Names(std::vec::IntoIter<&'static str>, u64, &'static str);
    ///
    /// impl Rows for Names {
    ///     fn next(&mut self) -> ptce::Result<Option<u64>> {
    ///         let Some(name) = self.0.next() else { return Ok(None) };
    ///         (self.1, self.2) = (self.1 + 1, name);
    ///         Ok(Some(self.1))
    ///     }
    ///     fn values(&self, take: &mut dyn FnMut(FrameValue<'_>)) {
    ///         take(FrameValue { column: 0, element: 0, is_number: false, text: self.2 });
    ///     }
    /// }
    ///
    /// let columns = vec![Column { rank: 1, path: vec!["Nom du PTCE".into()] }];
    /// let rows = Names(vec!["Fabriques du Quercy", "Roue libre"].into_iter(), 0, "");
    /// let input = Input::from_frame("table", Frame::new(columns, Box::new(rows)));
    /// let records = ptce::records(vec![input])?;
    /// assert_eq!(records[1].name.as_deref(), Some("Roue libre"));
    /// # Ok::<(), ptce::Error>(())
    /// ```
    pub fn from_frame(name: &str, frame: Frame) -> Input {
        Input { frame: Some(frame), ..Input::from_bytes(name, Vec::new()) }
    }

    /// Says which elements of an XML or JSON file are the records: their names from the root down, as `export/donnees/ptce`.
    /// Without it, they are the elements that hold the most labels that are known.
    #[must_use]
    pub fn with_record_path(mut self, path: &str) -> Input {
        self.record_path = Some(path.to_owned());
        self
    }

    /// Says how the source is to be understood; what the mapping leaves open is found as without it.
    #[must_use]
    pub fn with_mapping(mut self, mapping: Arc<SavedMapping>) -> Input {
        self.mapping = Some(mapping);
        self
    }

    /// Raises what the source may take of the machine.
    #[must_use]
    pub fn with_limits(mut self, limits: Limits) -> Input {
        self.limits = limits;
        self
    }

    /// The name under which findings speak of it.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Its length in bytes.
    pub fn length(&self) -> u64 {
        self.length
    }

    /// Its bytes; a source that is closed is opened.
    fn opened(&mut self) -> Result<&mut Box<dyn ReadSeek>> {
        if let Some(open) = self.closed.take() {
            (self.source, self.length) = open(&self.limits).map_err(|error| error.in_file(&self.name))?;
        }
        Ok(&mut self.source)
    }

    /// All its bytes.
    pub(crate) fn bytes(&mut self) -> Result<Vec<u8>> {
        let source = self.opened()?;
        let mut bytes = Vec::new();
        let read = source.read_to_end(&mut bytes).and_then(|_| source.seek(SeekFrom::Start(0)));
        read.map_err(|error| Error::io(&self.name, &error))?;
        Ok(bytes)
    }

    /// The SHA-256 of its bytes, in hexadecimal, where it has bytes.
    pub(crate) fn sha256(&mut self) -> Result<Option<String>> {
        use sha2::{Digest, Sha256};
        if self.frame.is_some() {
            return Ok(None);
        }
        let mut hasher = Sha256::new();
        let source = self.opened()?;
        let hashed = std::io::copy(source, &mut hasher).and_then(|_| source.seek(SeekFrom::Start(0)));
        hashed.map_err(|error| Error::io(&self.name, &error))?;
        Ok(Some(hasher.finalize().iter().map(|byte| format!("{byte:02x}")).collect()))
    }

    /// What the bytes are. Where the name says another format, that is noted, to be told; a text that is no table is refused
    /// under the name of another format.
    pub(crate) fn format(&mut self) -> Result<Format> {
        if self.frame.is_some() {
            return Ok(Format::Frame);
        }
        let mut start = Vec::with_capacity(4096);
        let source = self.opened()?;
        let read = source
            .by_ref()
            .take(RECOGNISED_BYTES)
            .read_to_end(&mut start)
            .and_then(|_| source.seek(SeekFrom::Start(0)));
        read.map_err(|error| Error::io(&self.name, &error))?;
        let extension = self.name.rsplit(['/', '\\']).next().and_then(|name| name.rsplit_once('.')).map(|(_, e)| e);
        let named = extension.and_then(Format::of_extension);
        let format = self.recognised(&start, named).map_err(|error| error.in_file(&self.name))?;
        match named {
            // Any text may be called .txt: what it is, its content tells.
            Some(Format::Text) => Ok(format),
            // Programs write under the name of .xls what spreadsheets open, whatever it is.
            Some(Format::Xls | Format::Xml | Format::Xlsx) if format.is_grid() => Ok(format),
            Some(named) if named != format && format != Format::Text && !(is_json(named) && is_json(format)) => {
                self.misnamed = Some((named, format));
                Ok(format)
            }
            Some(named) if named != format && !(is_json(named) && is_json(format)) => Err(Error::new(
                ErrorKind::Format,
                format!(
                    "le nom annonce du {}, le contenu est du {} ; renommez le fichier en .{} ou demandez l’original",
                    named.name(),
                    format.name(),
                    format.name()
                ),
                format!(
                    "the name says {}, the content is {}; rename the file to .{} or ask for the original",
                    named.name(),
                    format.name(),
                    format.name()
                ),
            )
            .in_file(&self.name)),
            Some(named) => Ok(named),
            None => Ok(format),
        }
    }

    fn recognised(&mut self, start: &[u8], named: Option<Format>) -> Result<Format> {
        let format = if start.starts_with(b"PK\x03\x04") {
            // A workbook is an archive too. What tells nothing by its content is told by its name, or taken for a
            // workbook: its reader says what is wrong with it.
            let is_archive = |format: &Format| {
                matches!(format, Format::Tables | Format::Docx | Format::Odt)
                    || (format.is_workbook() && *format != Format::Xls)
            };
            let named = named.filter(is_archive).unwrap_or(Format::Xlsx);
            workbook::kind_of_archive(self.opened()?)?.unwrap_or(named)
        } else if start.starts_with(b"\xD0\xCF\x11\xE0") {
            workbook::check_compound(self.opened()?)?;
            Format::Xls
        } else {
            return recognise(start, named);
        };
        rewound(self.opened()?)?;
        Ok(format)
    }
}

/// What a stream gives within its limit.
fn kept_within(reader: impl Read, limits: &Limits) -> Result<Opened> {
    let most = Limits::bytes(limits.stream);
    let (source, length) = kept(reader.take(most.saturating_add(1))).map_err(|error| read_error(&error))?;
    if length > most {
        let stream = limits.stream;
        return Err(Error::new(
            ErrorKind::Limit,
            format!("plus de {stream} Mo ; donnez un fichier, ou, si le flux est sûr, relevez --limit stream={stream}"),
            format!("more than {stream} MB; give a file, or raise --limit stream={stream} if the stream is safe"),
        ));
    }
    Ok((source, length))
}

/// What a stream gives: in memory while it is little, then in a temporary file.
fn kept(mut reader: impl Read) -> std::io::Result<Opened> {
    let mut kept = scratch(1 << 20);
    let length = std::io::copy(&mut reader, &mut kept)?;
    kept.seek(SeekFrom::Start(0))?;
    Ok((Box::new(kept), length))
}

fn rewound(source: &mut impl Seek) -> Result<()> {
    source.seek(SeekFrom::Start(0)).map(|_| ()).map_err(|error| read_error(&error))
}

fn is_json(format: Format) -> bool {
    matches!(format, Format::Json | Format::Ndjson)
}

/// Whether XML is a workbook: that of Excel 2003, which is true, or an OpenDocument one in a single file.
fn flat_workbook(text: &[u8]) -> Option<bool> {
    let start = &text[..text.len().min(4096)];
    let has = |mark: &[u8]| memchr::memmem::find(start, mark).is_some();
    let is_office = has(b"urn:schemas-microsoft-com:office:spreadsheet");
    (is_office || has(b"application/vnd.oasis.opendocument.spreadsheet")).then_some(is_office)
}

/// Whether a text begins as JSON does, and not as one that has its first words in brackets: « [EXTERNE] Nos fiches ».
fn is_json_start(text: &[u8]) -> bool {
    let second = text[1..].trim_ascii_start().first();
    match text[0] {
        b'{' => matches!(second, None | Some(b'"' | b'}')),
        b'[' => matches!(second, None | Some(b'"' | b'{' | b'[' | b']' | b'-' | b'0'..=b'9')),
        _ => false,
    }
}

/// Whether a text begins as a page of the Web does.
fn is_page(text: &[u8]) -> bool {
    [&b"<!doctype html"[..], b"<html", b"<head", b"<meta", b"<style", b"<table", b"<body", b"<div"]
        .iter()
        .any(|start| text.get(..start.len()).is_some_and(|text| text.eq_ignore_ascii_case(start)))
}

/// What the first bytes of a text say.
fn recognise(start: &[u8], named: Option<Format>) -> Result<Format> {
    let text = start.trim_ascii_start();
    let text = text.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(text).trim_ascii_start();
    let refuse = |fr: &str, en: &str| Err(Error::new(ErrorKind::Format, fr, en));
    if text.is_empty() {
        return Err(Error::new(
            ErrorKind::Empty,
            "le fichier est vide ; demandez un nouvel envoi",
            "the file is empty; ask for it again",
        ));
    }
    if start.starts_with(b"%PDF") {
        return refuse(
            "c’est un PDF ; demandez le classeur ou le CSV d’origine",
            "this is a PDF; ask for the workbook or the CSV that it was made from",
        );
    }
    if [&b"\x89PNG"[..], b"\xFF\xD8\xFF", b"\x1F\x8B", b"{\\rtf", b"Rar!", b"7z\xBC\xAF"]
        .iter()
        .any(|m| start.starts_with(m))
    {
        return refuse(
            "ce n’est ni un classeur, ni du CSV, du XML ou du JSON ; demandez l’un de ces formats",
            "this is neither a workbook nor CSV, XML or JSON; ask for one of these formats",
        );
    }
    // The first bytes of a workbook before Excel 5, which was no compound file yet.
    if matches!(start, [9, 0 | 2 | 4 | 8, 4 | 6 | 8, 0, ..]) {
        return refuse(
            "c’est un classeur d’avant Excel 5 ; enregistrez-le au format .xlsx",
            "this is a workbook from before Excel 5; save it as .xlsx",
        );
    }
    // A part of a page has no beginning that tells it, but the name of the file does.
    if is_page(text) || named == Some(Format::Html) && text[0] == b'<' && !text.starts_with(b"<?") {
        return Ok(Format::Html);
    }
    if text.starts_with(b"ID;P") {
        return Ok(Format::Sylk);
    }
    if text.starts_with(b"TABLE\n0,1") || text.starts_with(b"TABLE\r\n0,1") {
        return Ok(Format::Dif);
    }
    if text.get(..11).is_some_and(|start| start.eq_ignore_ascii_case(b"BEGIN:VCARD")) {
        return Ok(Format::Vcard);
    }
    let utf16 = match encoding::name(start) {
        "UTF-8" if encoding::missing_mark(start).is_empty() => None,
        "UTF-8" => Some(start),
        _ => Some(&start[2..]),
    };
    if let Some(utf16) = utf16 {
        let letters: Vec<u8> = utf16.iter().copied().filter(|byte| *byte != 0).collect();
        // Beyond ASCII what remains is no text, which no label that tells a format needs.
        return recognise(if letters.is_empty() { b"x" } else { &letters }, named);
    }
    let is_markup = |text: &[u8]| {
        // A text may begin with a tag that an editor left: « <u>Contact</u> ».
        named != Some(Format::Text)
            || text.get(1).is_some_and(|byte| matches!(byte, b'?' | b'!'))
            || text.ends_with(b">")
    };
    if text[0] == b'<'
        && let Some(is_office) = flat_workbook(text)
    {
        if is_office {
            return Ok(Format::Spreadsheetml);
        }
        return refuse(
            "c’est un classeur en un seul fichier XML (.fods) ; ouvrez-le dans un tableur et enregistrez-le au format .xlsx",
            "this is a workbook in a single XML file (.fods); open it in a spreadsheet and save it as .xlsx",
        );
    }
    let found = match text[0] {
        b'<' if is_markup(text.trim_ascii_end()) => Format::Xml,
        b'{' if named == Some(Format::Ndjson) || is_many_lines(text) => Format::Ndjson,
        b'{' | b'[' if named == Some(Format::Text) && !is_json_start(text) => table_or_text(text, named),
        b'{' | b'[' if named != Some(Format::Csv) => Format::Json,
        _ if grids::columns::is_in(&String::from_utf8_lossy(start)) => Format::Columns,
        _ if named == Some(Format::Csv) => Format::Csv,
        _ => table_or_text(text, named),
    };
    let says_nothing = || found == Format::Text || found == Format::Csv && csv::known_columns(text) == 0;
    match named {
        Some(named) if named.is_workbook() && named != Format::Xls && says_nothing() => refuse(
            "le nom annonce un classeur, mais le contenu n’en est pas un ; le fichier est abîmé ou mal nommé, demandez un nouvel envoi",
            "the name says workbook, but the content is not one; the file is damaged or misnamed, ask for it again",
        ),
        Some(Format::Xml) if says_nothing() => refuse(
            "le nom annonce du XML, mais le contenu ne commence pas par « < » ; vérifiez le fichier",
            "the name says XML, but the content does not begin with “<”; check the file",
        ),
        Some(Format::Json | Format::Ndjson) if says_nothing() => refuse(
            "le nom annonce du JSON, mais le contenu ne commence ni par « { » ni par « [ » ; vérifiez le fichier",
            "the name says JSON, but the content begins with neither “{” nor “[”; check the file",
        ),
        _ => Ok(found),
    }
}

/// Whether lines without markup are a table or a text with labels.
fn table_or_text(start: &[u8], named: Option<Format>) -> Format {
    let known = csv::known_columns(start);
    if known > 1 {
        return Format::Csv;
    }
    let lines = text::labelled_lines(&String::from_utf8_lossy(start));
    let is_text = if named == Some(Format::Text) { lines > 0 || known == 0 } else { lines > 1 };
    if is_text { Format::Text } else { Format::Csv }
}

/// Whether a second JSON object follows on a line of its own.
fn is_many_lines(text: &[u8]) -> bool {
    text.split(|byte| *byte == b'\n').nth(1).is_some_and(|line| line.trim_ascii_start().first() == Some(&b'{'))
        && text.split(|byte| *byte == b'\n').next().is_some_and(|line| line.trim_ascii_end().ends_with(b"}"))
}

/// Reads an input from its first to its last record. A mapping that does not fit it is left out, and that is told.
pub(crate) fn read(
    mut input: Input,
    format: Format,
    progress: &Arc<AtomicU64>,
    send: &mut dyn FnMut(Batch) -> Result<()>,
) -> Result<u64> {
    input.opened()?;
    let mapping = input.mapping.take();
    let is_other = match &mapping {
        // The rows of a table in memory come once: whoever has it knows its columns.
        Some(mapping) if input.frame.is_none() => !fits(&mut input, format, mapping)?,
        _ => false,
    };
    read_with(&mut input, format, mapping.filter(|_| !is_other), is_other, progress, send)
}

/// Whether a mapping is that of a source: it is read with it until its labels tell.
fn fits(input: &mut Input, format: Format, mapping: &Arc<SavedMapping>) -> Result<bool> {
    if mapping.is_unlabelled() {
        return Ok(true);
    }
    let mut fits = false;
    let unread = Arc::new(AtomicU64::new(0));
    let mut look = |batch: Batch| {
        fits |= mapping.fits(&batch.layout);
        // What is wrong with the source is told when it is read.
        if fits { Err(Error::new(ErrorKind::Io, "", "")) } else { Ok(()) }
    };
    let _ended = read_with(input, format, Some(Arc::clone(mapping)), false, &unread, &mut look);
    rewound(&mut input.source).map_err(|error| error.in_file(&input.name))?;
    Ok(fits)
}

fn read_with(
    input: &mut Input,
    format: Format,
    mapping: Option<Arc<SavedMapping>>,
    is_of_other: bool,
    progress: &Arc<AtomicU64>,
    send: &mut dyn FnMut(Batch) -> Result<()>,
) -> Result<u64> {
    let Input { name, source, frame, record_path, limits, misnamed, .. } = input;
    let name = name.as_str();
    let sheets = if format.is_workbook() {
        let names = workbook::names(&mut *source, format, limits).map_err(|error| error.in_file(name))?;
        rewound(source).map_err(|error| error.in_file(name))?;
        names
    } else {
        workbook::SheetNames::new()
    };
    let mut evidence = match format {
        Format::Csv | Format::Xml | Format::Text => {
            encoding::evidence(source).map_err(|error| Error::io(name, &error))?
        }
        _ => encoding::Evidence::default(),
    };
    let mark = match format {
        Format::Json | Format::Ndjson | Format::Text => missing_mark(source).map_err(|error| error.in_file(name))?,
        _ => b"",
    };
    let counted = Counted { source: source.as_mut(), progress: Arc::clone(progress) };
    let wanted = mapping.as_ref().and_then(|mapping| mapping.table(None, true)?.encoding.clone());
    evidence.is_from_dos = wanted.map_or_else(|| evidence.is_dos(), |name| encoding::is_dos(&name));
    let mut sink = Sink::new(name, format, send).with_mapping(mapping).with_limits(*limits);
    sink.set_sheet_names(sheets.iter());
    if let Some((named, format)) = misnamed {
        sink.remark(RemarkKind::Misnamed, format!(".{} → {}", named.name(), format.name()), 1, 1)?;
    }
    if is_of_other {
        sink.remark(RemarkKind::Changed(Change::OtherFile), "", 1, 1)?;
    }
    let done = match format {
        Format::Csv if evidence.is_from_dos => csv::read(encoding::FromDos::new(counted), evidence, &mut sink),
        Format::Csv => csv::read(counted, evidence, &mut sink),
        Format::Xlsx | Format::Xls | Format::Xlsb | Format::Ods => workbook::read(counted, format, &sheets, &mut sink),
        Format::Xml => xml::read(counted, evidence, record_path.as_deref(), &mut sink),
        Format::Json | Format::Ndjson => json::read(mark.chain(counted), record_path.as_deref(), &mut sink),
        Format::Tables => tables::read(counted, &mut sink),
        Format::Vcard => vcard::read(counted, &mut sink),
        Format::Text if evidence.is_from_dos => {
            text::read(encoding::FromDos::new(counted), &mut sink).map(|()| sink.set_encoding(encoding::DOS, None))
        }
        Format::Text => text::read(mark.chain(counted), &mut sink),
        Format::Frame => frame.take().map_or(Ok(()), |frame| frame::read(frame, &mut sink)),
        grid => grids::read(counted, grid, &mut sink),
    };
    done.and_then(|()| sink.finish()).map_err(|error| error.in_file(name))
}

/// What is said of a source that is passed over, in place of its records.
pub(crate) fn unread(input: &Input, send: &mut dyn FnMut(Batch) -> Result<()>) -> Result<()> {
    let mut sink = Sink::new(&input.name, Format::Text, send);
    let file = input.name.rsplit(['/', '\\']).next().unwrap_or_default();
    sink.remark(RemarkKind::UnreadFile, file, 1, 1)?;
    sink.flush(0)
}

/// The byte order mark that a source in UTF-16 lacks.
fn missing_mark(source: &mut (impl Read + Seek)) -> Result<&'static [u8]> {
    let mut start = Vec::new();
    source.by_ref().take(RECOGNISED_BYTES).read_to_end(&mut start).map_err(|error| read_error(&error))?;
    rewound(source)?;
    Ok(encoding::missing_mark(&start))
}

/// Counts the bytes read, for whoever watches.
struct Counted<'s> {
    source: &'s mut dyn ReadSeek,
    progress: Arc<AtomicU64>,
}

impl Read for Counted<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let read = self.source.read(buffer)?;
        self.progress.fetch_add(read as u64, Ordering::Relaxed);
        Ok(read)
    }
}

impl Seek for Counted<'_> {
    fn seek(&mut self, to: SeekFrom) -> std::io::Result<u64> {
        self.source.seek(to)
    }
}

/// An error of the operating system while the content was read.
fn read_error(error: &std::io::Error) -> Error {
    Error::new(ErrorKind::Io, format!("lecture impossible : {error}"), format!("cannot be read: {error}"))
}

/// Bytes of a text file as UTF-8 where a byte order mark or `label` says that they are not.
fn decoded(source: impl Read, encoding: Option<&'static encoding_rs::Encoding>) -> impl Read {
    encoding_rs_io::DecodeReaderBytesBuilder::new()
        .encoding(encoding)
        .utf8_passthru(encoding.is_none_or(|encoding| encoding == encoding_rs::UTF_8))
        .strip_bom(true)
        .bom_override(true)
        .build(source)
}
