//! The sender's own workbook back: notes on the cells that are wrong, a colour by level, and one sheet more that lists the
//! findings. All else stays as it was, byte for byte.
//!
//! ```text
//!  bytes ─▶ package (entries as they are packed) ─▶ parts that change, as text ─▶ markup: a few places of it
//!                 │                                                                     │
//!                 └── all other entries, copied ─────────▶ copy ◀── packed anew ────────┘
//! ```
//!
//! Never through a model of the workbook: what reads and rebuilds a workbook loses what it does not know. The copy keeps, in
//! an entry that is no part of the workbook, the bytes that it has not in common with the original, so that [`strip`] gives
//! this back byte for byte; a copy that another program has saved since is cleaned of what is known to be ours.

mod copy;
mod listing;
pub(crate) mod markup;
mod ods;
mod original;
mod package;
mod remark;
mod table;
pub(crate) mod values;
mod xlsx;

use crate::error::{Error, ErrorKind, Result};
use crate::import::Limits;
use crate::language::Language;
use crate::row::Format;
#[cfg(feature = "cli")]
pub(crate) use copy::file_name;
pub use copy::{Copied, Ready, about};
use original::Original;
use package::Package;
pub use remark::{Place, Remark, remarks_of_report};
pub use table::Table;

/// Gives cells of a workbook other values.
///
/// # Errors
/// When the workbook cannot be read, is encrypted, or is signed and that is not to be broken.
pub(crate) fn rewrite(
    workbook: &[u8],
    format: Format,
    cells: &[values::Value],
    options: &Options,
) -> Result<values::Rewritten> {
    let mut package = Package::open(workbook.to_vec(), &options.limits)?;
    let mut done = values::Rewritten { bytes: Vec::new(), refused: vec![None; cells.len()], reversals: Vec::new() };
    if format == Format::Ods {
        ods::check(&mut package, options.breaks_signatures)?;
        ods::rewrite(&mut package, cells, &mut done)?;
    } else {
        xlsx::check_signature(&package, options.breaks_signatures)?;
        xlsx::rewrite(&mut package, cells, &mut done)?;
    }
    done.bytes = match package.is_changed() {
        true => package.finish(None)?,
        false => workbook.to_vec(),
    };
    Ok(done)
}

/// How a workbook is annotated.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Options {
    /// The language of what is added.
    pub language: Language,
    /// Whether flagged cells get a colour.
    pub fill: bool,
    /// Whether a signed workbook is annotated all the same: its signature is then no longer true.
    pub breaks_signatures: bool,
    /// The name of the workbook, which the sheet of the findings tells with the hash of its bytes.
    pub source: Option<String>,
    /// Lines above the list of the findings: by what they were found.
    pub about: Vec<String>,
    /// What a workbook may take of the machine.
    pub limits: Limits,
}

impl Default for Options {
    fn default() -> Options {
        Options {
            language: Language::default(),
            fill: true,
            breaks_signatures: false,
            source: None,
            about: Vec::new(),
            limits: Limits::default(),
        }
    }
}

/// An annotated copy.
#[derive(Debug, Clone, Default)]
#[non_exhaustive]
pub struct Done {
    /// The bytes of the copy.
    pub bytes: Vec<u8>,
    /// How many cells have a note.
    pub notes: usize,
    /// How many remarks stand in the sheet of the findings alone.
    pub only_listed: usize,
}

/// What [`strip`] gives.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum Stripped {
    /// The original, byte for byte.
    Original(Vec<u8>),
    /// A copy that another program has saved since, without what we added.
    Cleaned(Vec<u8>),
    /// Nothing of it was ours.
    Untouched,
}

/// Annotates a workbook (.xlsx, .xlsm, .ods). What an earlier run added is replaced.
///
/// ```
/// use ptce::patch::{Options, Remark, annotate, strip, Stripped};
/// let workbook = std::fs::read("samples/conforme.xlsx").unwrap();
/// let mut remark = Remark::default();
/// remark.message = "À vérifier".to_owned();
/// remark.place.sheet = Some("PTCE".to_owned());
/// remark.place.cell = Some((2, 1));
/// let copy = annotate(&workbook, ptce::Format::Xlsx, &[remark], &Options::default())?.bytes;
/// assert!(matches!(strip(&copy, &Options::default())?, Stripped::Original(bytes) if bytes == workbook));
/// # Ok::<(), ptce::Error>(())
/// ```
///
/// # Errors
/// When the workbook cannot be read, is encrypted, or is signed and that is not to be broken.
pub fn annotate(workbook: &[u8], format: Format, remarks: &[Remark], options: &Options) -> Result<Done> {
    if !is_in_place(format) {
        return Err(xlsx::unsupported());
    }
    let mut done = Done::default();
    let mut package = match strip(workbook, options)? {
        Stripped::Original(bytes) | Stripped::Cleaned(bytes) => Package::open(bytes, &options.limits)?,
        Stripped::Untouched => Package::open(workbook.to_vec(), &options.limits)?,
    };
    let mut options = options.clone();
    if let Some(source) = &options.source {
        options.about.insert(0, format!("{source} · SHA-256 {}", package.sha256()));
    }
    let original = if format == Format::Ods {
        ods::check(&mut package, options.breaks_signatures)?;
        ods::annotate(&mut package, remarks, &options, &mut done)?;
        ods::ORIGINAL.to_owned()
    } else {
        xlsx::check_signature(&package, options.breaks_signatures)?;
        xlsx::annotate(&mut package, remarks, &options, &mut done)?;
        xlsx::place_of_original(&package)
    };
    done.bytes = package.finish(Some(&original))?;
    Ok(done)
}

/// Takes what [`annotate`] added out of a workbook.
///
/// # Errors
/// When the workbook cannot be read.
pub fn strip(workbook: &[u8], options: &Options) -> Result<Stripped> {
    let mut package = Package::open(workbook.to_vec(), &options.limits)?;
    let kept: Vec<String> = package
        .names()
        .filter(|name| *name == ods::ORIGINAL || xlsx::may_be_original(name))
        .map(str::to_owned)
        .collect();
    for name in kept {
        if let Some(kept) = package.read(&name)?.filter(|kept| Original::is_one(kept)) {
            if let Some(original) = Original::restore(&kept, workbook)? {
                return Ok(Stripped::Original(original));
            }
            if name != ods::ORIGINAL {
                package.remove(&name);
            }
        }
    }
    match package.has("mimetype") {
        true => ods::clean(&mut package)?,
        false => xlsx::clean(&mut package)?,
    }
    match package.is_changed() {
        true => package.finish(None).map(Stripped::Cleaned),
        false => Ok(Stripped::Untouched),
    }
}

/// Whether a workbook of that format is annotated as it stands.
pub fn is_in_place(format: Format) -> bool {
    matches!(format, Format::Xlsx | Format::Ods)
}

/// The extension that a copy of a workbook must have, by which programs know whether it may hold macros.
///
/// # Errors
/// When the workbook cannot be read.
pub fn extension(workbook: &[u8], format: Format, limits: &Limits) -> Result<&'static str> {
    if format != Format::Xlsx {
        return Ok(format.name());
    }
    let types = Package::open(workbook.to_vec(), limits)?.read("[Content_Types].xml")?.unwrap_or_default();
    let has = |mark: &[u8]| memchr::memmem::find(&types, mark).is_some();
    Ok(match (has(b"macroEnabled.main+xml"), has(b"template.main+xml") || has(b"template.macroEnabled")) {
        (true, true) => "xltm",
        (true, false) => "xlsm",
        (false, true) => "xltx",
        (false, false) => "xlsx",
    })
}

/// The name of the sheet of the findings, which no other sheet may have.
fn free_sheet_name(names: &[String]) -> String {
    let name = |rank: u32| match rank {
        1 => crate::guide::FINDINGS.to_owned(),
        rank => format!("{} {rank}", crate::guide::FINDINGS),
    };
    let is_free = |name: &String| names.iter().all(|known| known.to_lowercase() != name.to_lowercase());
    (1..).map(name).find(is_free).unwrap_or_default()
}

/// The rank of the sheet where a remark stands, among their names.
fn sheet_of<'a>(remark: &Remark, names: impl Iterator<Item = &'a str> + Clone) -> Option<usize> {
    match &remark.place.sheet {
        Some(wanted) => {
            let exact = names.clone().position(|name| name == wanted);
            exact.or_else(|| names.clone().position(|name| name.trim().to_lowercase() == wanted.trim().to_lowercase()))
        }
        // Without a name it is the only one.
        None => (remark.place.cell.is_some() && names.count() == 1).then_some(0),
    }
}

fn signed() -> Error {
    Error::new(
        ErrorKind::Usage,
        "le classeur est signé, et le changer rendrait sa signature fausse ; ajoutez --break-signature pour le changer tout de même",
        "the workbook is signed, and a change would make its signature untrue; add --break-signature to change it all the same",
    )
}
