//! `ptce validate`: what is wrong, where, and whether the file can be accepted.

use std::path::PathBuf;

use super::{Judgement, Progress, Sources, Verdict, colours, say, write_out};
use crate::error::Result;
use crate::export::write_error;
use crate::language::Language;
use crate::report::{Colours, Report, ReportFormat};
use crate::run::{self, Options};

/// The arguments of `ptce validate`.
#[derive(clap::Args)]
pub(super) struct Arguments {
    #[command(flatten)]
    sources: Sources,
    /// Forme du rapport / form of the report
    #[arg(long, value_enum, default_value_t, value_name = "text|json|csv")]
    format: ReportFormat,
    /// Fichier où écrire le rapport / file to write the report to
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,
    #[command(flatten)]
    judgement: Judgement,
}

pub(super) fn run(arguments: &Arguments, language: Language) -> Result<Verdict> {
    let settings = arguments.judgement.settings(language)?;
    let inputs = arguments.sources.open(language)?;
    let progress = Progress::new(&inputs, arguments.judgement.quiet);
    let is_json = arguments.format == ReportFormat::Json;
    let options = Options {
        assess: is_json,
        digest: is_json,
        goes_on: true,
        progress: progress.read.clone(),
        ..Options::default()
    };
    let is_shown = arguments.output.as_deref().is_none_or(|path| path.as_os_str() == "-");
    let colours = if is_shown { colours(&std::io::stdout()) } else { Colours::Without };
    let mut report = Report::new(arguments.format, language, colours);
    let outcome = run::run(inputs, &settings, &options, &mut |event| report.add(&event))?;
    drop(progress);
    write_out(arguments.output.as_deref(), |out| report.write(&outcome, &settings, out).map_err(write_error))?;
    // The text of a report names them already; whoever reads another form of it, or none, is told here.
    if arguments.format != ReportFormat::Text || !is_shown {
        outcome.unread.iter().for_each(|error| say(error, language));
    }
    Ok(match outcome.unread.as_slice() {
        [] => Verdict::of(outcome.summary.errors == 0),
        _ => Verdict::Partial,
    })
}
