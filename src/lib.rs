//! Reads, checks and converts records of French *pôles territoriaux de coopération économique* (PTCE).
//!
//! ```text
//!          import                 mapping              rules, schema          report
//!  bytes ─────────▶ labelled values ─────▶ records ─────────────────▶ findings ─────▶ text, json, csv
//!                   (row, place)              │
//!                                             └──export──▶ json, ndjson, csv, xml, xlsx, tables, open data
//! ```
//!
//! Everything a source holds is a label, a value and a place: the header of a column, the path of an XML element, the
//! key of a JSON object. One [`vocabulary`], written in the [`schema`], says which label means which field. Records
//! stream: memory does not grow with their number.
//!
//! Wrong data is a [`Finding`]; work that could not be done is an [`Error`].
//!
//! ```
//! use ptce::{Input, Level, Settings};
//!
//! let csv = "Nom du pôle;Structure porteuse;Mél.\nFabriques du Quercy;;contact@example.org\n";
//! let input = Input::from_bytes("envoi.csv", csv.as_bytes().to_vec());
//!
//! let validation = ptce::validate(vec![input], &Settings::default())?;
//! let error = validation.findings.iter().find(|finding| finding.level == Level::Error).unwrap();
//! assert_eq!(error.code, "missing-coordinator");
//! assert_eq!(error.location.label.as_deref(), Some("Structure porteuse"));
//! assert_eq!((error.location.line, error.location.column), (Some(2), Some(2)));
//! # Ok::<(), ptce::Error>(())
//! ```
//!
//! # What to use
//!
//! | for | use |
//! |---|---|
//! | bytes, a stream or a file to read | [`Input`], and [`import::open_all`] for folders and archives |
//! | a table in memory | [`Input::from_frame`], with [`import::Rows`] of one's own |
//! | what is asked of the records | [`Settings`]: profile, language, levels; [`settings::Configuration`] reads them |
//! | all that is wrong, in memory | [`validate`] gives a [`Validation`] |
//! | all records, in memory | [`records`] |
//! | judged records one after the other | [`read`], an iterator; [`run::run`], a callback, for several inputs |
//! | records in shares, on several machines | [`run::judge`] for each, [`run::Twins`] for the duplicates among all |
//! | how a source is understood, to correct it | [`mod@inspect`] |
//! | several submissions made one, their contradictions side by side | [`mod@merge`] |
//! | another format | [`convert`]; [`export::Exporter`] for records of your own |
//! | a publication | [`export::open_data`] |
//! | an annotated copy of a workbook | [`patch`] |
//! | the region and the department that the rest of a record tells | [`completion`] |
//! | corrections in the file itself, and taken back | [`fix`] |
//! | a report for people or programs | [`report::Report`] |
//! | what a record is | [`Record`]; the [`schema`] and what is derived from it |
//! | what is wrong, how badly, where | [`Finding`], [`Level`], [`Location`]; [`rules`] explains each code |
//! | why work was not done | [`Error`], its [`ErrorKind`] and its code; [`error::ERRORS`] explains each |
//! | communes, departments, regions | [`mod@reference`] |
//!
//! Without the feature `cli` (`default-features = false`) the library does not depend on what only the command needs. It
//! then compiles for `wasm32-unknown-unknown`: no thread, file or clock is used there, and scratch data stays in memory;
//! [`Input::from_bytes`] and [`Input::from_reader`] take the sources. `parquet` adds the typed table of a publication.
//! `docs/embedding.md` shows it at work.

#![forbid(unsafe_code)]

pub mod completeness;
pub mod completion;
pub mod difference;
pub mod error;
pub mod export;
pub mod finding;
pub mod fix;
mod guide;
pub mod import;
pub mod inspect;
pub mod language;
pub mod location;
mod mapping;
pub mod merge;
pub mod patch;
pub mod record;
pub mod reference;
pub mod report;
mod requirements;
pub mod rules;
pub mod run;
pub mod schema;
mod scratch;
pub mod settings;
mod stream;
mod tables;
mod texts;
mod wording;
mod workshop;

// What follows is public for the command and the tests of this package alone: no promise is made about it.
#[doc(hidden)]
pub mod address;
#[cfg(feature = "cli")]
#[doc(hidden)]
pub mod cli;
#[doc(hidden)]
pub mod entry;
#[doc(hidden)]
pub mod field;
#[cfg(any(test, fuzzing))]
#[doc(hidden)]
pub mod properties;
#[doc(hidden)]
pub mod reading;
#[doc(hidden)]
pub mod row;
#[doc(hidden)]
pub mod text;
#[doc(hidden)]
pub mod vocabulary;

use std::io::Write;

pub use entry::OwnedEntry;
pub use error::{Error, ErrorKind, Result};
pub use finding::{Finding, Level};
pub use import::Input;
pub use language::{Language, Phrase};
pub use location::Location;
pub use record::Record;
pub use row::Format;
pub use run::Outcome;
pub use settings::{Profile, Settings};
pub use stream::{Judged, Records, Rest, read};
#[doc(hidden)]
pub use text::fold;

use run::{Event, Options};

/// What [`validate`] found.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Validation {
    /// The sources, and the verdict in figures.
    pub outcome: Outcome,
    /// Every finding, in the order of the sources; duplicates last.
    pub findings: Vec<Finding>,
}

/// Checks every record of `inputs`, and holds all findings in memory.
///
/// # Errors
/// When an input cannot be read.
pub fn validate(inputs: Vec<Input>, settings: &Settings) -> Result<Validation> {
    let mut findings = Vec::new();
    let outcome = run::run(inputs, settings, &Options::default(), &mut |event| {
        if let Event::Record(_, found) | Event::Findings(found) = event {
            findings.extend(found);
        }
        Ok(())
    })?;
    Ok(Validation { outcome, findings })
}

/// Reads every record of `inputs` into memory, right or wrong.
///
/// ```
/// use ptce::Input;
/// let xml = "<ptces><ptce><nom>Fabriques du Quercy</nom></ptce></ptces>";
/// let records = ptce::records(vec![Input::from_bytes("envoi.xml", xml.into())])?;
/// assert_eq!(records[0].name.as_deref(), Some("Fabriques du Quercy"));
/// # Ok::<(), ptce::Error>(())
/// ```
///
/// # Errors
/// When an input cannot be read.
pub fn records(inputs: Vec<Input>) -> Result<Vec<Record>> {
    let mut records = Vec::new();
    run::run(inputs, &Settings::default(), &Options { records: true, ..Options::default() }, &mut |event| {
        if let Event::Record(entry, _) = event {
            records.push(entry.into_record());
        }
        Ok(())
    })?;
    Ok(records)
}

/// Writes every record of `inputs` to `out` in another format, right or wrong, and answers the verdict.
///
/// ```
/// use ptce::{Format, Input, Settings};
/// let csv = Input::from_bytes("envoi.csv", "nom,thematiques\nFabriques du Quercy,culture|bois\n".into());
/// let mut json = Vec::new();
/// ptce::convert(vec![csv], Format::Ndjson, &mut json, &Settings::default())?;
/// assert!(json.starts_with(br#"{"nom":"Fabriques du Quercy","thematiques":["culture","bois"]"#));
/// # Ok::<(), ptce::Error>(())
/// ```
///
/// # Errors
/// When an input cannot be read, or `out` cannot be written; what `out` then holds is incomplete.
pub fn convert(inputs: Vec<Input>, to: Format, out: impl Write + Send, settings: &Settings) -> Result<Outcome> {
    let options = export::Options { profile: settings.profile, ..export::Options::default() };
    let mut exporter = export::Exporter::new(to, out, &options)?;
    let asked = exporter.asking(Options::default());
    let outcome = run::run(inputs, settings, &asked, &mut |event| exporter.add(event))?;
    exporter.finish()?;
    Ok(outcome)
}
