//! Work that could not be done: the file cannot be read, the output cannot be written, the request makes no sense.
//! Wrong data is a [`Finding`](crate::Finding) instead.

mod catalogue;
pub(crate) mod toml;

use std::fmt;
use std::io;
use std::sync::Arc;

use crate::Language;
pub use catalogue::{ERRORS, ErrorText, error};

/// Why the work could not be done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The operating system refused to read or write.
    Io,
    /// The file is not in a format that can be read, or not in the one its name says.
    Format,
    /// The file is damaged or breaks the rules of its format.
    Syntax,
    /// The file holds no header or no record.
    Empty,
    /// The file is beyond a limit set for safety.
    Limit,
    /// The request itself is wrong: options, configuration, an existing output.
    Usage,
}

impl ErrorKind {
    /// The code of this kind: a stable name in kebab-case, which `ptce explain` knows.
    pub fn code(self) -> &'static str {
        match self {
            ErrorKind::Io => "inaccessible-file",
            ErrorKind::Format => "unknown-format",
            ErrorKind::Syntax => "damaged-file",
            ErrorKind::Empty => "no-record",
            ErrorKind::Limit => "limit-exceeded",
            ErrorKind::Usage => "impossible-request",
        }
    }
}

/// An error: one sentence that says which file, where, and what to do.
#[derive(Debug, Clone)]
pub struct Error {
    kind: ErrorKind,
    file: Option<String>,
    line: Option<u64>,
    column: Option<u64>,
    /// Where a header may stand that no label told: its sheet and its row.
    header: Option<Box<(Option<String>, u64)>>,
    /// What the operating system answered.
    source: Option<Arc<io::Error>>,
    fr: Box<str>,
    en: Box<str>,
}

/// A result whose error is this crate's.
pub type Result<T, E = Error> = std::result::Result<T, E>;

impl Error {
    /// An error of this kind, with its sentence in French and in English: what failed, and what to do.
    pub fn new(kind: ErrorKind, fr: impl Into<String>, en: impl Into<String>) -> Error {
        let (fr, en) = (fr.into().into_boxed_str(), en.into().into_boxed_str());
        Error { kind, file: None, line: None, column: None, header: None, source: None, fr, en }
    }

    pub(crate) fn in_file(mut self, file: &str) -> Error {
        self.file.get_or_insert_with(|| file.to_owned());
        self
    }

    pub(crate) fn at(mut self, line: u64, column: Option<u64>) -> Error {
        self.line = Some(line);
        self.column = column;
        self
    }

    /// The row of a sheet that may be the header, though no label of it is known.
    pub(crate) fn with_header(mut self, sheet: Option<String>, row: Option<u64>) -> Error {
        self.header = row.map(|row| Box::new((sheet, row)));
        self
    }

    pub(crate) fn header(&self) -> Option<(Option<&str>, u64)> {
        self.header.as_ref().map(|header| (header.0.as_deref(), header.1))
    }

    /// Says where it was found, in a source in which lines are no places: « feuille « PTCE », après la ligne 7 ».
    pub(crate) fn after(mut self, fr: &str, en: &str) -> Error {
        self.fr = format!("{fr} : {}", self.fr).into_boxed_str();
        self.en = format!("{en}: {}", self.en).into_boxed_str();
        self
    }

    /// Adds what follows from it.
    #[cfg(feature = "cli")]
    pub(crate) fn so(mut self, fr: &str, en: &str) -> Error {
        self.fr = format!("{}{fr}", self.fr).into_boxed_str();
        self.en = format!("{}{en}", self.en).into_boxed_str();
        self
    }

    /// An error of the operating system while `file` was read or written.
    pub(crate) fn io(file: &str, error: &io::Error) -> Error {
        let (fr, en) = match error.kind() {
            io::ErrorKind::NotFound => (
                "ce fichier ou ce dossier n’existe pas ; vérifiez le chemin".to_owned(),
                "no such file or folder; check the path".to_owned(),
            ),
            io::ErrorKind::PermissionDenied => {
                ("accès refusé ; vérifiez les droits".to_owned(), "permission denied; check your rights".to_owned())
            }
            io::ErrorKind::IsADirectory => (
                "c’est un dossier ; indiquez les fichiers qu’il contient".to_owned(),
                "this is a folder; name the files it contains".to_owned(),
            ),
            _ => (format!("lecture ou écriture impossible : {error}"), format!("cannot be read or written: {error}")),
        };
        Error { source: Some(Arc::new(copied(error))), ..Error::new(ErrorKind::Io, fr, en).in_file(file) }
    }

    /// What kind of error this is.
    pub fn kind(&self) -> ErrorKind {
        self.kind
    }

    /// The code of its kind: see [`ErrorKind::code`].
    pub fn code(&self) -> &'static str {
        self.kind.code()
    }

    /// The file concerned, as the caller named it.
    pub fn file(&self) -> Option<&str> {
        self.file.as_deref()
    }

    /// The line and the column where reading stopped, counted from 1.
    pub fn position(&self) -> Option<(u64, Option<u64>)> {
        self.line.map(|line| (line, self.column))
    }

    /// The sentence in `language`.
    pub fn message(&self, language: Language) -> String {
        let mut text = String::new();
        if let Some(file) = &self.file {
            text.push_str(file);
            if let Some(line) = self.line {
                text.push_str(&format!(":{line}"));
                if let Some(column) = self.column {
                    text.push_str(&format!(":{column}"));
                }
            }
            text.push_str(match language {
                Language::French => " : ",
                Language::English => ": ",
            });
        }
        text.push_str(match language {
            Language::French => &self.fr,
            Language::English => &self.en,
        });
        text
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message(Language::English))
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.source.as_deref().map(|error| error as _)
    }
}

/// An error of the operating system once more: it cannot be cloned.
fn copied(error: &io::Error) -> io::Error {
    match error.raw_os_error() {
        Some(code) => io::Error::from_raw_os_error(code),
        None => io::Error::new(error.kind(), error.to_string()),
    }
}
