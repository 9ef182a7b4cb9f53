//! `ptce inspect`: how a file is understood before anything is judged.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::output::format_of_path;
use super::{Progress, Sources, Verdict, say, tell, write_out, written};
use crate::error::{Error, ErrorKind, Result};
use crate::inspect::{Understood, inspect, unlabelled};
use crate::language::Language;
use crate::row::Format;
use crate::text::visible::visible;

/// The arguments of `ptce inspect`.
#[derive(clap::Args)]
pub(super) struct Arguments {
    #[command(flatten)]
    sources: Sources,
    /// Forme de la réponse / form of the answer
    #[arg(long, value_enum, default_value_t, value_name = "text|json")]
    format: AnswerFormat,
    /// Écrire comment le fichier est compris, à corriger et à rejouer avec --mapping / write how the file is understood, to
    /// be corrected and replayed with --mapping ; dans un dossier, un fichier de correspondances par fichier lu / in a folder,
    /// one mapping for each file
    #[arg(long, value_name = "mapping.toml")]
    save: Option<PathBuf>,
}

/// The form of the answer.
#[derive(Debug, Clone, Copy, Default, clap::ValueEnum)]
enum AnswerFormat {
    /// Pour être lu / to be read
    #[default]
    Text,
    /// Pour un autre programme / for another program
    Json,
}

pub(super) fn run(arguments: &Arguments, language: Language) -> Result<Verdict> {
    let (inputs, left_behind) = arguments.sources.open_and_tell(language)?;
    if !left_behind.is_empty() {
        tell_left_behind(&left_behind, language);
    }
    let saves_many = arguments.save.as_ref().is_some_and(|path| path.is_dir() || ends_as_folder(path));
    if arguments.save.is_some() && inputs.len() != 1 && !saves_many {
        return Err(Error::new(
            ErrorKind::Usage,
            "--save décrit un seul fichier ; pour plusieurs, donnez un dossier : --save correspondances/",
            "--save describes one file; for several, give a folder: --save mappings/",
        ));
    }
    let names_format = |path: &&PathBuf| !saves_many && format_of_path(path).is_some_and(Format::is_workbook);
    if let Some(path) = arguments.save.as_ref().filter(names_format) {
        return Err(Error::new(
            ErrorKind::Usage,
            "--save écrit un fichier de correspondances, qui est un texte ; donnez-lui l’extension .toml",
            "--save writes a mapping file, which is a text; give it the extension .toml",
        )
        .in_file(&path.display().to_string()));
    }
    let progress = Progress::new(&inputs, false);
    let (mut understood, mut unread) = (Vec::new(), Vec::new());
    let goes_on = inputs.len() > 1;
    for input in inputs {
        let file = match inspect(input, language, &progress.read) {
            Ok(read) => read,
            Err(error) if goes_on => {
                unread.push(error);
                continue;
            }
            Err(error) => match with_header_of(&error, arguments, language, &progress) {
                Some(read) => {
                    unread.push(error);
                    read
                }
                None => return Err(error),
            },
        };
        if let Some(path) = &arguments.save {
            let mapping = file.mapping().to_toml()?;
            let failed = |error: std::io::Error| Error::io(file.file(), &error);
            let own = if saves_many { arguments.sources.mapping_file(path, file.file()) } else { path.clone() };
            if let Some(folder) = own.parent().filter(|_| saves_many) {
                fs::create_dir_all(folder).map_err(|error| Error::io(&folder.display().to_string(), &error))?;
            }
            write_out(Some(&own), |out| out.write_all(mapping.as_bytes()).map_err(failed))?;
        }
        understood.push(file);
    }
    drop(progress);
    let mut answer;
    match arguments.format {
        AnswerFormat::Text => {
            let texts: String = understood.iter().map(|file| file.to_text(language)).collect();
            answer = visible(&texts).into_owned();
        }
        AnswerFormat::Json => {
            answer = serde_json::to_string_pretty(&understood)
                .map_err(|error| Error::new(ErrorKind::Io, error.to_string(), error.to_string()))?;
            answer.push('\n');
        }
    }
    written(std::io::stdout().write_all(answer.as_bytes()))?;
    unread.iter().for_each(|error| say(error, language));
    if let Some(path) = arguments.save.as_ref().filter(|_| !unread.is_empty()) {
        say(&to_complete(path), language);
    }
    Ok(if unread.is_empty() { Verdict::Clean } else { Verdict::Partial })
}

/// Whether a path ends as that of a folder, whether or not it is there.
fn ends_as_folder(path: &Path) -> bool {
    path.as_os_str().to_string_lossy().ends_with(['/', std::path::MAIN_SEPARATOR])
}

/// Names once what nobody meant to send.
fn tell_left_behind(names: &[String], language: Language) {
    /// A list that goes on says no more.
    const SHOWN: usize = 5;
    let mut shown: Vec<&str> = names.iter().map(String::as_str).take(SHOWN).collect();
    if names.len() > SHOWN {
        shown.push("…");
    }
    let shown = shown.join(", ");
    tell(&match language {
        Language::French => format!("{shown}\u{a0}: laissé par le système ou par un classeur ouvert, non lu"),
        Language::English => format!("{shown}: left by the system or an open workbook, not read"),
    });
}

/// Reads once more a source of which no label is known, for its labels to be saved: a person then says what they mean.
fn with_header_of(error: &Error, arguments: &Arguments, language: Language, progress: &Progress) -> Option<Understood> {
    let mapping = Arc::new(unlabelled(error)?);
    if arguments.save.is_none() || arguments.sources.mapping.is_some() {
        return None;
    }
    // The standard input cannot be read twice.
    let is_file = arguments.sources.files.iter().all(|path| path.as_os_str() != "-");
    let input = arguments.sources.open(language).ok().filter(|_| is_file)?.pop()?;
    inspect(input.with_mapping(mapping), language, &progress.read).ok()
}

/// What remains to be done with labels that were saved without a meaning.
fn to_complete(path: &Path) -> Error {
    Error::new(
        ErrorKind::Format,
        "les libellés y sont écrits sans champ ; donnez à chacun le sien, puis rejouez-les avec --mapping",
        "holds the labels without a field; give each its own, then replay them with --mapping",
    )
    .in_file(&path.display().to_string())
}
