//! `ptce annotate`: the findings of a report in the cells of a workbook, or a workbook without what we added.

use std::path::{Path, PathBuf};

use super::{Verdict, WRITTEN, bytes_within, originals, text_in, write_out};
use crate::error::{Error, ErrorKind, Result};
use crate::export::write_error;
use crate::import::{Input, Limits};
use crate::language::Language;
use crate::patch::{self, Copied, Done, Stripped, file_name};
use crate::row::Format;

/// How a workbook is annotated.
#[derive(clap::Args)]
pub(super) struct Look {
    /// Classeur annoté : des notes seulement, sans couleur / annotated workbook: notes alone, no colour
    #[arg(long)]
    no_fill: bool,
    /// Annoter même un classeur signé, dont la signature ne vaudra plus / annotate even a signed workbook, whose signature
    /// will no longer hold
    #[arg(long)]
    break_signature: bool,
}

impl Look {
    pub fn options(&self, language: Language, limits: Limits) -> patch::Options {
        patch::Options {
            language,
            fill: !self.no_fill,
            breaks_signatures: self.break_signature,
            limits,
            ..patch::Options::default()
        }
    }
}

/// The arguments of `ptce annotate`.
#[derive(clap::Args)]
pub(super) struct Arguments {
    /// Le classeur, .xlsx ou .xlsm / the workbook, .xlsx or .xlsm
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// Rapport JSON de ptce ou d’un autre programme : findings[].{level, code, message, location: {sheet, cell}} / JSON report
    /// of ptce or of another program
    #[arg(long, value_name = "REPORT.json", required_unless_present = "strip", conflicts_with = "strip")]
    report: Option<PathBuf>,
    /// Rend l’original d’une copie annotée, octet pour octet / gives the original of an annotated copy back, byte for byte
    #[arg(long)]
    strip: bool,
    /// Classeur à écrire / workbook to write
    #[arg(long, short, value_name = "OUT")]
    output: PathBuf,
    #[command(flatten)]
    look: Look,
    /// Relève une limite pour un fichier sûr / raises a limit for a file that is safe
    #[arg(long, value_name = "inflated=8000")]
    limit: Vec<String>,
    /// Ne rien dire sur la sortie d’erreur, sauf les erreurs / say nothing on stderr but errors
    #[arg(long, short)]
    quiet: bool,
}

pub(super) fn run(arguments: &Arguments, language: Language) -> Result<Verdict> {
    let mut limits = Limits::default();
    arguments.limit.iter().try_for_each(|text| limits.set(text))?;
    [Some(&arguments.file), arguments.report.as_ref()].into_iter().flatten().for_each(|path| originals::note(path));
    originals::claim([arguments.output.as_path()])?;
    let mut options = arguments.look.options(language, limits);
    let name = arguments.file.display().to_string();
    let mut input = Input::open(&arguments.file)?;
    let format = input.format()?;
    let workbook = input.bytes()?;
    let Some(report) = &arguments.report else {
        let stripped = patch::strip(&workbook, &options).map_err(|error| error.in_file(&name))?;
        let (bytes, told) = match stripped {
            Stripped::Original(bytes) => (bytes, ("l’original, octet pour octet", "the original, byte for byte")),
            Stripped::Cleaned(bytes) => (
                bytes,
                (
                    "la copie a été enregistrée depuis par un autre programme : notes, couleurs et feuille « Constats » ôtées, le reste tel qu’il l’a écrit",
                    "the copy has been saved since by another program: notes, colours and the sheet “Constats” taken out, the rest as it was written",
                ),
            ),
            Stripped::Untouched => (workbook, ("rien à ôter", "nothing to take out")),
        };
        write(&arguments.output, &bytes)?;
        if !arguments.quiet {
            say(&arguments.output, told, language);
        }
        return Ok(Verdict::Clean);
    };
    let (report_name, text) = (report.display().to_string(), text_in(report, bytes_within(report, WRITTEN)?)?);
    let (remarks, left_out) = patch::remarks_of_report(&text, &report_name, &name)?;
    options.source = Some(file_name(&name));
    check_extension(&arguments.output, &workbook, format, &options.limits).map_err(|error| error.in_file(&name))?;
    let done = patch::annotate(&workbook, format, &remarks, &options).map_err(|error| error.in_file(&name))?;
    write(&arguments.output, &done.bytes)?;
    if !arguments.quiet {
        tell(&arguments.output, &done, language);
        if left_out > 0 {
            say(
                &arguments.output,
                (
                    &format!("{left_out} constats du rapport concernent d’autres fichiers"),
                    &format!("{left_out} findings of the report are about other files"),
                ),
                language,
            );
        }
    }
    Ok(Verdict::Clean)
}

/// Refuses a name by which no program would open the copy.
pub(super) fn check_extension(output: &Path, workbook: &[u8], format: Format, limits: &Limits) -> Result<()> {
    if !patch::is_in_place(format) || output.as_os_str() == "-" {
        return Ok(());
    }
    let wanted = patch::extension(workbook, format, limits)?;
    if output.extension().is_some_and(|extension| extension.eq_ignore_ascii_case(wanted)) {
        return Ok(());
    }
    Err(Error::new(
        ErrorKind::Usage,
        format!("la copie est un classeur .{wanted} ; donnez-lui cette extension"),
        format!("the copy is a workbook .{wanted}; give it that extension"),
    )
    .in_file(&output.display().to_string()))
}

/// Writes the annotated copy of the only source.
pub(super) fn write_copy(copied: Copied, options: &patch::Options, output: &Path) -> Result<Done> {
    let ready = copied.ready()?;
    check_extension(output, ready.workbook(), ready.format(), &options.limits)?;
    let done = ready.annotate(options)?;
    write(output, &done.bytes)?;
    Ok(done)
}

fn write(output: &Path, bytes: &[u8]) -> Result<()> {
    write_out(Some(output), |out| out.write_all(bytes).map_err(write_error))
}

/// Tells what became of the remarks.
pub(super) fn tell(output: &Path, done: &Done, language: Language) {
    let sheet = crate::guide::FINDINGS;
    let (notes, listed) = (done.notes, done.only_listed);
    say(
        output,
        (
            &format!("cellules annotées : {notes} ; constats dans la seule feuille « {sheet} » : {listed}"),
            &format!("annotated cells: {notes}; findings in the sheet “{sheet}” alone: {listed}"),
        ),
        language,
    );
}

fn say(output: &Path, (french, english): (&str, &str), language: Language) {
    let output = output.display();
    super::tell(&match language {
        Language::French => format!("{output} : {french}"),
        Language::English => format!("{output}: {english}"),
    });
}
