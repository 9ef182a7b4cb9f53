//! `ptce inspect`: how a file is understood before anything is judged.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::output::format_of_path;
use super::{Progress, Sources, Verdict, originals, say, tell_left_behind, write_out, written};
use crate::error::{Error, ErrorKind, Result};
use crate::import::{SavedMapping, whole_file};
use crate::inspect::{Understood, inspect, unlabelled};
use crate::language::Language;
use crate::row::Format;
use crate::text::visible::{escaped_json, visible};
use crate::workshop::Workshop;

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
    /// Remplacer les fichiers qui existent déjà / replace the files that exist already
    #[arg(long, requires = "save")]
    force: bool,
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
    tell_left_behind(&left_behind, language);
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
    if let Some(path) = arguments.save.as_ref().filter(|_| !saves_many) {
        originals::claim([path.as_path()])?;
        // The mapping of an earlier run is replaced: it was named.
        if !is_mapping(path) {
            spare_existing(path, arguments.force)?;
        }
    }
    let progress = Progress::new(&inputs, false);
    let (mut understood, mut unread, mut mappings) = (Vec::new(), Vec::new(), Vec::new());
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
            let own = if saves_many { arguments.sources.mapping_file(path, file.file()) } else { path.clone() };
            mappings.push((own, file.mapping().to_toml()?));
        }
        understood.push(file);
    }
    drop(progress);
    match &arguments.save {
        Some(folder) if saves_many => save_all(folder, &mappings, arguments.force)?,
        _ => mappings.iter().try_for_each(|(path, mapping)| {
            write_out(Some(path), |out| out.write_all(mapping.as_bytes()).map_err(crate::export::write_error))
        })?,
    }
    let mut answer;
    match arguments.format {
        AnswerFormat::Text => {
            let texts: String = understood.iter().map(|file| file.to_text(language)).collect();
            answer = visible(&texts).into_owned();
        }
        AnswerFormat::Json => {
            answer = serde_json::to_string_pretty(&understood)
                .map_err(|error| Error::new(ErrorKind::Io, error.to_string(), error.to_string()))?;
            answer = escaped_json(&answer);
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

/// Whether a file is a mapping.
fn is_mapping(path: &Path) -> bool {
    fs::metadata(path).is_ok_and(|target| target.is_file())
        && whole_file(path, super::COMPANION, super::OTHER_FILE)
            .ok()
            .and_then(|bytes| String::from_utf8(bytes).ok())
            .is_some_and(|text| SavedMapping::parse(&text, "").is_ok())
}

/// Refuses a place that is taken: somebody may have corrected what is there.
fn spare_existing(path: &Path, force: bool) -> Result<()> {
    // A link that leads nowhere is there too; a device is not replaced.
    let is_there = fs::symlink_metadata(path).is_ok_and(|target| target.is_file() || target.is_symlink());
    let is_stream = fs::metadata(path).is_ok_and(|target| !target.is_file());
    if is_there && !is_stream && !force {
        return Err(super::exists(path));
    }
    Ok(())
}

/// Writes the mappings to their folder, all of them or none: they are made beside it, and then moved. The folder may be
/// anybody's: no link in it is followed.
fn save_all(folder: &Path, mappings: &[(PathBuf, String)], force: bool) -> Result<()> {
    let failed = |path: &Path| {
        let name = path.display().to_string();
        move |error: std::io::Error| Error::io(&name, &error)
    };
    for (path, _) in mappings {
        spare_existing(path, force)?;
        originals::spare(path)?;
        // A link that stands for a folder leads elsewhere.
        let between = path.ancestors().skip(1).take_while(|parent| *parent != folder);
        for parent in between.filter(|parent| parent.starts_with(folder)) {
            if fs::symlink_metadata(parent).is_ok_and(|target| !target.is_dir()) {
                return Err(Error::new(
                    ErrorKind::Usage,
                    "un lien ou un fichier tient la place d’un dossier ; donnez à --save un dossier vide",
                    "a link or a file stands where a folder is to be; give --save an empty folder",
                )
                .in_file(&parent.display().to_string()));
            }
        }
    }
    let mut made = Made::default();
    made.folder(folder).map_err(failed(folder))?;
    let workshop = Workshop::beside(&folder.join("made")).map_err(failed(folder))?;
    for (rank, (_, mapping)) in mappings.iter().enumerate() {
        fs::write(workshop.path(&rank.to_string()), mapping).map_err(failed(folder))?;
    }
    for (rank, (path, _)) in mappings.iter().enumerate() {
        let parent = path.parent().unwrap_or(folder);
        made.folder(parent).map_err(failed(parent))?;
        let is_new = fs::symlink_metadata(path).is_err();
        // To rename replaces a link, and follows none.
        fs::rename(workshop.path(&rank.to_string()), path).map_err(failed(path))?;
        made.files.extend(is_new.then(|| path.clone()));
    }
    made.is_whole = true;
    Ok(())
}

/// What was made so far, which goes again where not all of it can be.
#[derive(Default)]
struct Made {
    folders: Vec<PathBuf>,
    files: Vec<PathBuf>,
    is_whole: bool,
}

impl Made {
    /// Makes a folder and those that it is in.
    fn folder(&mut self, path: &Path) -> std::io::Result<()> {
        let missing = path.ancestors().take_while(|parent| !parent.as_os_str().is_empty() && !parent.exists());
        for parent in missing.collect::<Vec<_>>().into_iter().rev() {
            fs::create_dir(parent)?;
            self.folders.push(parent.to_owned());
        }
        Ok(())
    }
}

impl Drop for Made {
    fn drop(&mut self) {
        if self.is_whole {
            return;
        }
        // What cannot be removed stays: the error that led here is told.
        self.files.iter().for_each(|path| drop(fs::remove_file(path)));
        self.folders.iter().rev().for_each(|path| drop(fs::remove_dir(path)));
    }
}

/// Whether a path ends as that of a folder, whether or not it is there.
fn ends_as_folder(path: &Path) -> bool {
    path.as_os_str().to_string_lossy().ends_with(['/', std::path::MAIN_SEPARATOR])
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
