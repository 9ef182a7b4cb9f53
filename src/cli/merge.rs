//! `ptce merge`: several submissions made one workbook, with what they say differently side by side.

use std::path::PathBuf;

use super::{Judgement, Sources, Verdict, WRITTEN, bytes_within, convert, originals, say, tell, write_out};
use crate::error::{Error, ErrorKind, Result};
use crate::export::{self, Exporter};
use crate::import::{Input, Limits};
use crate::language::{Language, counted};
use crate::merge::{self, Merged, Prefers};
use crate::row::Format;

/// The arguments of `ptce merge`.
#[derive(clap::Args)]
pub(super) struct Arguments {
    #[command(flatten)]
    sources: Sources,
    /// Le fichier dont les autres sont des copies relues / the file that the others are reviewed copies of
    #[arg(long, value_name = "FILE")]
    base: Option<PathBuf>,
    /// Ce qui est retenu quand les fichiers se contredisent ; par défaut, rien n’est tranché / what is kept where files
    /// contradict each other; by default nothing is decided
    #[arg(long, value_enum, value_name = "first|last")]
    prefer: Option<Preference>,
    /// Un classeur déjà réuni, dont la feuille « Conflits » porte des décisions / a workbook merged before, whose sheet
    /// “Conflits” bears decisions
    #[arg(long, value_name = "MERGED.xlsx")]
    decisions: Option<PathBuf>,
    /// Classeur à écrire / workbook to write
    #[arg(long, short, value_name = "OUT.xlsx")]
    output: PathBuf,
    #[command(flatten)]
    judgement: Judgement,
}

/// Which file is right.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Preference {
    /// Le premier donné / the first one given
    First,
    /// Le dernier donné / the last one given
    Last,
}

pub(super) fn run(arguments: &Arguments, language: Language) -> Result<Verdict> {
    let output = arguments.output.display().to_string();
    if !output.to_ascii_lowercase().ends_with(".xlsx") {
        return Err(Error::new(
            ErrorKind::Usage,
            "des envois réunis s’écrivent dans un classeur ; donnez-lui l’extension .xlsx",
            "merged submissions are written as a workbook; give it the extension .xlsx",
        )
        .in_file(&output));
    }
    let settings = arguments.judgement.settings(language)?;
    let inputs = arguments.sources.open(language)?;
    [&arguments.base, &arguments.decisions].into_iter().flatten().for_each(|path| originals::note(path));
    originals::claim([arguments.output.as_path()])?;
    let limits = arguments.sources.limits()?;
    let base = arguments.base.as_ref().map(|path| Ok(Input::open(path)?.with_limits(limits))).transpose()?;
    let decisions = match &arguments.decisions {
        Some(path) => merge::decisions(&bytes_within(path, WRITTEN)?, &path.display().to_string(), &Limits::default())?,
        None => merge::Decisions::new(),
    };
    let prefers = match arguments.prefer {
        None => Prefers::Nobody,
        Some(Preference::First) => Prefers::First,
        Some(Preference::Last) => Prefers::Last,
    };
    let profile = settings.profile;
    let files = inputs.len() as u64;
    let merged = merge::merge(base, inputs, &merge::Options { settings, prefers, decisions })?;
    merged.unread.iter().for_each(|error| say(error, language));
    if merged.records.is_empty() && !merged.unread.is_empty() {
        // Nothing could be read: a workbook without records would say that there were none.
        return Ok(Verdict::Partial);
    }
    let options = export::Options { sheets: merged.sheets(language), profile, ..export::Options::default() };
    let mut workbook = Vec::new();
    let mut exporter = Exporter::new(Format::Xlsx, &mut workbook, &options)?;
    merged.records.iter().try_for_each(|record| exporter.record(record))?;
    exporter.finish()?;
    write_out(Some(&arguments.output), |out| out.write_all(&workbook).map_err(export::write_error))?;
    if !arguments.judgement.quiet {
        tell(&told(&merged, files, &output, language));
    }
    let is_whole = convert::tell_lost(&merged.lost, language);
    Ok(match merged.unread.is_empty() {
        true => Verdict::of(is_whole && merged.open() == 0),
        false => Verdict::Partial,
    })
}

/// What became of the files, in a sentence or two.
fn told(merged: &Merged, files: u64, output: &str, language: Language) -> String {
    let (read, records, open) = (merged.read as u64, merged.records.len() as u64, merged.open() as u64);
    let settled = merged.conflicts.len() as u64 - open;
    match language {
        Language::French => format!(
            "{output} : {} {} {}. {}, {} : feuille « Conflits ».",
            counted(read, "fiche lue dans", "fiches lues dans"),
            counted(files, "fichier,", "fichiers,"),
            counted(records, "après réunion", "après réunion"),
            counted(open, "différence à trancher", "différences à trancher"),
            counted(settled, "réglée", "réglées"),
        ),
        Language::English => format!(
            "{output}: {} {} {}. {}, {settled} settled: sheet “Conflits”.",
            counted(read, "record read in", "records read in"),
            counted(files, "file,", "files,"),
            counted(records, "after the merge", "after the merge"),
            counted(open, "difference to decide", "differences to decide"),
        ),
    }
}
