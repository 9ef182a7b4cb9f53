//! The annotated copy of the one source of a run, whatever its format.

use super::{Done, Options, Remark, Table, annotate, is_in_place};
use crate::error::{Error, ErrorKind, Result};
use crate::finding::Finding;
use crate::import::Input;
use crate::language::Language;
use crate::row::Format;
use crate::run::Event;
use crate::settings::Settings;

/// What the sheet of the findings says of a verification: for [`Options::about`].
pub fn about(settings: &Settings) -> Vec<String> {
    let profile = settings.profile.name();
    let date = crate::reference::sources::sources().map(|source| source.date).max().unwrap_or_default();
    let version = env!("CARGO_PKG_VERSION");
    vec![match settings.language {
        Language::French => format!("ptce {version} · profil\u{a0}: {profile} · données de référence du {date}"),
        Language::English => format!("ptce {version} · profile: {profile} · reference data of {date}"),
    }]
}

/// The name of a file without its folders.
pub(crate) fn file_name(path: &str) -> String {
    path.rsplit(['/', '\\']).next().unwrap_or(path).to_owned()
}

/// The only source of a run, of which an annotated copy is to be made. It takes the events of the run.
///
/// ```
/// use ptce::patch::{Copied, Options};
/// use ptce::{Input, Settings, run};
///
/// let mut inputs = vec![Input::from_bytes("envoi.csv", "nom,coordinateur_nom\nRoue libre,\n".into())];
/// let mut copied = Copied::of(&mut inputs)?;
/// let options = run::Options { records: copied.wants_records(), ..run::Options::default() };
/// run::run(inputs, &Settings::default(), &options, &mut |event| Ok(copied.add(&event)))?;
/// let done = copied.ready()?.annotate(&Options::default())?;
/// assert!(done.bytes.starts_with(b"PK") && done.notes > 0);
/// # Ok::<(), ptce::Error>(())
/// ```
pub struct Copied {
    name: String,
    format: Format,
    kind: Kind,
}

enum Kind {
    /// It is annotated as it stands.
    InPlace { workbook: Vec<u8>, remarks: Vec<Remark> },
    /// The table that is read of it becomes a workbook.
    Table { table: Box<Table>, findings: Vec<Finding> },
}

/// A workbook, and what is to be said in it.
pub struct Ready {
    name: String,
    format: Format,
    workbook: Vec<u8>,
    remarks: Vec<Remark>,
}

impl Copied {
    /// # Errors
    /// When there are several sources, or the one cannot be read.
    pub fn of(inputs: &mut [Input]) -> Result<Copied> {
        let [input] = inputs else {
            return Err(Error::new(
                ErrorKind::Usage,
                "un classeur annoté est la copie d’un seul fichier ; vérifiez les fichiers un à un",
                "an annotated workbook is the copy of one file; check the files one by one",
            ));
        };
        let (name, format) = (input.name().to_owned(), input.format()?);
        let kind = match is_in_place(format) {
            true => Kind::InPlace { workbook: input.bytes()?, remarks: Vec::new() },
            false => Kind::Table { table: Box::default(), findings: Vec::new() },
        };
        Ok(Copied { name, format, kind })
    }

    /// Whether it takes the records too.
    pub fn wants_records(&self) -> bool {
        matches!(self.kind, Kind::Table { .. })
    }

    /// Takes what an event tells.
    pub fn add(&mut self, event: &Event) {
        let (Event::Record(_, found) | Event::Findings(found)) = event else { return };
        match &mut self.kind {
            Kind::InPlace { remarks, .. } => remarks.extend(found.iter().map(Remark::from)),
            Kind::Table { table, findings } => {
                if let Event::Record(entry, _) = event {
                    table.record(entry);
                }
                findings.extend(found.iter().cloned());
            }
        }
    }

    /// Ends the work on the source.
    ///
    /// # Errors
    /// When its table cannot be made a workbook.
    pub fn ready(self) -> Result<Ready> {
        let Copied { name, format, kind } = self;
        Ok(match kind {
            Kind::InPlace { workbook, remarks } => Ready { name, format, workbook, remarks },
            Kind::Table { table, findings } => {
                let remarks = findings.iter().map(|finding| table.remark(finding, format)).collect();
                Ready { name, format: Format::Xlsx, workbook: table.to_xlsx()?, remarks }
            }
        })
    }
}

impl Ready {
    /// The workbook as it stands.
    pub fn workbook(&self) -> &[u8] {
        &self.workbook
    }

    /// Its format.
    pub fn format(&self) -> Format {
        self.format
    }

    /// The copy; it tells the name of the source.
    ///
    /// # Errors
    /// Those of [`annotate`].
    pub fn annotate(&self, options: &Options) -> Result<Done> {
        let options = Options { source: Some(file_name(&self.name)), ..options.clone() };
        annotate(&self.workbook, self.format, &self.remarks, &options).map_err(|error| error.in_file(&self.name))
    }
}
