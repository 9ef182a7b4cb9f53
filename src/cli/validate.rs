//! `ptce validate`: what is wrong, where, and whether the file can be accepted.

use std::path::{Path, PathBuf};

use super::annotate::{self, Look};
use super::output::{self, Form, FormName};
use super::{Judgement, Progress, Sources, Verdict, colours, originals, say, tell_left_behind, text_of, write_out};
use crate::error::Result;
use crate::export::write_error;
use crate::language::Language;
use crate::patch::{self, Copied};
use crate::report::{Colours, Report, ReportFormat};
use crate::run::{self, Options};

/// The arguments of `ptce validate`.
#[derive(clap::Args)]
pub(super) struct Arguments {
    #[command(flatten)]
    sources: Sources,
    /// Forme du rapport, si l’extension du fichier à écrire ne la dit pas / form of the report, where the extension of the
    /// file to write does not tell it
    #[arg(long, value_enum, value_name = "FORM")]
    format: Option<FormName>,
    /// Fichier à écrire, dont l’extension dit la forme ; plusieurs à la fois. Un .xlsx est le classeur reçu, annoté / file to
    /// write, whose extension tells the form; several at once. An .xlsx is the workbook received, annotated
    #[arg(long, short, value_name = "OUT")]
    output: Vec<PathBuf>,
    /// Modèle de lettre, où {{verdict}}, {{blocking}}, {{to_confirm}}… sont remplis / template of the letter, in which
    /// {{verdict}}, {{blocking}}, {{to_confirm}}… are filled in
    #[arg(long, value_name = "FILE")]
    template: Option<PathBuf>,
    #[command(flatten)]
    look: Look,
    #[command(flatten)]
    judgement: Judgement,
}

pub(super) fn run(arguments: &Arguments, language: Language) -> Result<Verdict> {
    let outputs = output::outputs(&arguments.output, arguments.format)?;
    let settings = arguments.judgement.settings(language)?;
    // What is passed over stands in the report.
    let (mut inputs, left_behind) = arguments.sources.all()?;
    originals::claim(arguments.output.iter().map(PathBuf::as_path))?;
    let mut copied = match outputs.iter().any(|(_, form)| *form == Form::Workbook) {
        true => Some(Copied::of(&mut inputs)?),
        false => None,
    };
    if !arguments.judgement.quiet {
        tell_left_behind(&left_behind, language);
    }
    let template = arguments.template.as_deref().map(text_of).transpose()?;
    let progress = Progress::new(&inputs, arguments.judgement.quiet);
    let options = Options {
        records: copied.as_ref().is_some_and(Copied::wants_records),
        goes_on: true,
        progress: progress.read.clone(),
        ..Options::default()
    };
    let options = outputs.iter().fold(options, |options, (_, form)| match form {
        Form::Report(form) => form.asking(options),
        Form::Workbook => options,
    });
    let is_shown = |path: Option<&Path>| path.is_none_or(|path| path.as_os_str() == "-");
    let mut reports: Vec<(Option<&Path>, Report)> = outputs
        .iter()
        .filter_map(|(path, form)| {
            let Form::Report(form) = form else { return None };
            let colours = if is_shown(*path) { colours(&std::io::stdout()) } else { Colours::Without };
            let report = match (form, &template) {
                (ReportFormat::Letter(form), Some(template)) => Report::letter(language, *form, template.clone()),
                _ => Report::new(*form, language, colours),
            };
            Some((*path, report))
        })
        .collect();
    let outcome = run::run(inputs, &settings, &options, &mut |event| {
        if let Some(copied) = &mut copied {
            copied.add(&event);
        }
        reports.iter_mut().try_for_each(|(_, report)| report.add(&event))
    })?;
    drop(progress);
    for (path, report) in reports {
        write_out(path, |out| report.write(&outcome, &settings, out).map_err(write_error))?;
    }
    let copy = outputs.iter().find(|(_, form)| *form == Form::Workbook).map(|(path, _)| path.unwrap_or(Path::new("-")));
    if let Some((copied, path)) = copied.zip(copy) {
        let mut look = arguments.look.options(language, arguments.sources.limits()?);
        look.about = patch::about(&settings);
        let done = annotate::write_copy(copied, &look, path)?;
        if !arguments.judgement.quiet && !is_shown(Some(path)) {
            annotate::tell(path, &done, language);
        }
    }
    // The text of a report names them already; whoever reads another form of it, or none, is told here.
    let is_told = outputs.iter().any(|(path, form)| *form == Form::Report(ReportFormat::Text) && is_shown(*path));
    if !is_told {
        outcome.unread.iter().for_each(|error| say(error, language));
    }
    Ok(match outcome.unread.as_slice() {
        [] => Verdict::of(outcome.summary.errors == 0),
        _ => Verdict::Partial,
    })
}
