//! The command line: what the user may ask, and how the answer reaches them.
//!
//! Exit codes: 0, nothing of level error; 1, at least one; 2, the work could not be done. Findings go to the standard
//! output, talk and progress to the standard error; a closed pipe is no error.

mod about;
mod annotate;
mod convert;
mod diff;
mod explain;
mod fix;
mod inspect;
mod merge;
mod objection;
mod originals;
mod output;
mod schema;
mod template;
mod usage;
mod validate;

use std::cell::Cell;
use std::ffi::OsString;
use std::fs::File;
use std::io::{BufWriter, IsTerminal, Seek, Write};
#[cfg(unix)]
use std::os::fd::AsFd;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::Duration;

use clap::{Args, CommandFactory, Parser, Subcommand, ValueEnum};
use indicatif::{ProgressBar, ProgressStyle};
use tempfile::SpooledTempFile;

use crate::error::{Error, ErrorKind, Result};
use crate::import::{Found, Input, Limits, SavedMapping, open_within, whole_file};
use crate::language::{Language, Phrase};
use crate::report::Colours;
use crate::settings::{Configuration, Profile, Settings};
use crate::text::visible::{Unseen, Visible, acts, visible};
use crate::wording;
use crate::workshop::{self, Workshop};

/// Lit, vérifie et convertit les fiches de pôles territoriaux de coopération économique (PTCE).
///
/// Reads, checks and converts records of French PTCE.
#[derive(Parser)]
#[command(
    name = "ptce",
    version,
    after_help = "\
Exemples / examples:
  ptce validate laureats.xlsx
  ptce validate envois/*.csv -o rapport.json
  ptce validate envoi.xlsx -o envoi.annote.xlsx
  ptce convert laureats.xlsx -o laureats.json
  ptce convert laureats.xlsx --to open-data -o publication
  ptce template -o formulaire.xlsx --profile candidature
  ptce explain missing-coordinator

Codes de sortie / exit codes:
  0  rien de niveau erreur / nothing of level error
  1  au moins une erreur / at least one error
  2  le travail n’a pas pu être fait / the work could not be done"
)]
struct Cli {
    /// Langue des messages ; par défaut celle du système / language of the messages; by default that of the locale
    #[arg(long, global = true, value_name = "fr|en")]
    lang: Option<Language>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Vérifie des fichiers et dit ce qu’il faut corriger, et où / checks files and says what is wrong, and where
    Validate(validate::Arguments),
    /// Met les constats d’un rapport dans les cellules d’un classeur / puts the findings of a report into a workbook
    Annotate(annotate::Arguments),
    /// Convertit des fichiers, ou en fait une publication ouverte / converts files, or makes an open-data package
    Convert(convert::Arguments),
    /// Compare deux envois, ou deux rapports : résolu, reste, nouveau / compares two submissions, or two reports
    Diff(diff::Arguments),
    /// Corrige le fichier lui-même, sur un plan coché ou seulement le certain / corrects the file itself, by a plan that was
    /// ticked, or what is certain
    Fix(fix::Arguments),
    /// Réunit plusieurs envois en un classeur, leurs différences côte à côte / makes several submissions one workbook
    Merge(merge::Arguments),
    /// Écrit le formulaire de saisie, à remplir puis à vérifier / writes the entry form, to fill in and then check
    Template(template::Arguments),
    /// Montre comment un fichier est compris / shows how a file is understood
    Inspect(inspect::Arguments),
    /// Explique un code de constat / explains the code of a finding
    Explain(explain::Arguments),
    /// Liste les règles / lists the rules
    Rules,
    /// Écrit le schéma / writes the schema
    Schema(schema::Arguments),
    /// Écrit les empreintes des personnes qui s’opposent à une publication / writes the hashes of people who refuse to be
    /// published
    Objection(objection::Arguments),
    /// Dit quelles données de référence le programme contient / says which reference data the program holds
    About,
    /// Écrit le script de complétion d’un shell / writes the completion script of a shell
    Completions {
        /// Le shell / the shell
        shell: clap_complete::Shell,
    },
}

/// The options that shape a verdict.
#[derive(Args)]
struct Judgement {
    /// Ce qui est attendu des fiches / what is asked of the records
    #[arg(long, value_name = "laureat|candidature")]
    profile: Option<Profile>,
    /// Fichier TOML : profil, niveaux, codes désactivés / TOML file: profile, levels, codes switched off
    #[arg(
        long,
        value_name = "FILE",
        long_help = "\
Fichier TOML qui adapte la vérification / TOML file that adapts the checks:

  profile = \"candidature\"

  [levels]
  missing-contact = \"error\"        # error, warning, info

  [off]
  missing-region = \"la raison\"     # code désactivé, avec la raison / switched off, with the reason

  [[waivers]]                      # constat accepté pour un temps / finding accepted for a while
  record = \"fabriques-du-quercy\"   # identifiant ou nom / identifier or name
  code = \"missing-contact\"
  reason = \"la raison\"
  until = \"2026-12-31\""
    )]
    config: Option<PathBuf>,
    /// Ne rien dire sur la sortie d’erreur, sauf les erreurs / say nothing on stderr but errors
    #[arg(long, short)]
    quiet: bool,
}

impl Judgement {
    fn settings(&self, language: Language) -> Result<Settings> {
        let configuration = match &self.config {
            Some(path) => {
                let name = path.display().to_string();
                let text = text_of(path)?;
                Configuration::parse(&text, &name)?
            }
            None => Configuration::default(),
        };
        let Configuration { profile, values, levels, off, waivers } = configuration;
        let profile = self.profile.or(profile).unwrap_or_default();
        // Only what expires needs to know the day.
        let today = if waivers.is_empty() { None } else { Some(today()?) };
        Ok(Settings { profile, language, values, levels, off, waivers, today })
    }
}

/// The sources that a command reads.
#[derive(Args)]
struct Sources {
    /// Fichiers .xlsx, .xlsm, .xlsb, .xls, .ods, .csv, .xml, .json, .ndjson, .txt, dossiers, archives .zip ; « - » lit l’entrée standard / files, folders,
    /// .zip archives; “-” reads the standard input
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// XML, JSON : les éléments qui sont des fiches, si ce ne sont pas ceux qui sont trouvés / XML, JSON: the elements
    /// that are records, if they are not those that are found
    #[arg(long, value_name = "export/donnees/ptce")]
    record_path: Option<String>,
    /// Fichier de correspondances, écrit par « ptce inspect --save » puis corrigé / mapping file, written by “ptce inspect
    /// --save” and then corrected ; un dossier en a un pour chaque fichier / a folder has one for each file
    #[arg(long, value_name = "mapping.toml")]
    mapping: Option<PathBuf>,
    /// Relève une limite pour un fichier sûr : inflated, xls, held, repeated, stream en Mo, ratio, parts / raises a limit for
    /// a file that is safe: inflated, xls, held, repeated, stream in MB, ratio, parts
    #[arg(long, value_name = "held=256")]
    limit: Vec<String>,
}

/// Tells of which files nothing is read.
fn tell_passed_over(inputs: &[Input], language: Language) {
    let colon = if language == Language::French { "\u{a0}:" } else { ":" };
    for input in inputs.iter().filter(|input| input.is_passed_over()) {
        tell(&format!("{}{colon} {}", input.name(), wording::passed_over(input.name()).in_language(language)));
    }
}

/// Names once what nobody meant to send.
fn tell_left_behind(names: &[String], language: Language) {
    /// A list that goes on says no more.
    const SHOWN: usize = 5;
    if names.is_empty() {
        return;
    }
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

impl Sources {
    /// What each source may take of the machine.
    fn limits(&self) -> Result<Limits> {
        let mut limits = Limits::default();
        self.limit.iter().try_for_each(|text| limits.set(text))?;
        Ok(limits)
    }

    /// Opens them; `-` is the standard input. Those of a folder or an archive that we do not read are told.
    fn open(&self, language: Language) -> Result<Vec<Input>> {
        Ok(self.open_and_tell(language)?.0)
    }

    /// The same, with the names of what systems and programs have left among them.
    fn open_and_tell(&self, language: Language) -> Result<(Vec<Input>, Vec<String>)> {
        let (mut inputs, left_behind) = self.all()?;
        tell_passed_over(&inputs, language);
        inputs.retain(|input| !input.is_passed_over());
        Ok((inputs, left_behind))
    }

    /// All of them; those of which nothing is read are told, and by a run as findings too, of which a configuration may make errors.
    fn open_all(&self, quiet: bool, language: Language) -> Result<Vec<Input>> {
        let (inputs, left_behind) = self.all()?;
        tell_passed_over(&inputs, language);
        if !quiet {
            tell_left_behind(&left_behind, language);
        }
        Ok(inputs)
    }

    /// All of them, also those that are passed over, and the names of what systems and programs have left among them.
    fn all(&self) -> Result<(Vec<Input>, Vec<String>)> {
        let (mut inputs, mut left_behind) = (Vec::new(), Vec::new());
        let limits = self.limits()?;
        let mut is_read = false;
        for path in &self.files {
            if path.as_os_str() == "-" {
                if std::mem::replace(&mut is_read, true) {
                    return Err(Error::new(
                        ErrorKind::Usage,
                        "l’entrée standard ne se lit qu’une fois ; ne donnez « - » qu’une fois",
                        "the standard input is read but once; give “-” once",
                    ));
                }
                originals::note_standard_input();
                inputs.push(Input::stream("-", std::io::stdin()).with_limits(limits));
                continue;
            }
            originals::note(path);
            let Found { inputs: found, skipped, left_behind: of_system } = open_within(path, &limits)?;
            if path.is_dir() {
                let names = found.iter().map(Input::name).chain(skipped.iter().chain(&of_system).map(String::as_str));
                names.map(Path::new).for_each(originals::note);
            }
            inputs.extend(found);
            left_behind.extend(of_system);
            inputs.extend(skipped.iter().map(|name| Input::passed_over(name)));
        }
        if let Some(path) = &self.record_path {
            inputs = inputs.into_iter().map(|input| input.with_record_path(path)).collect();
        }
        if let Some(path) = &self.mapping {
            inputs = self.mapped(path, inputs)?;
        }
        Ok((inputs, left_behind))
    }

    /// The sources with their mappings: the same one for all, or those of a folder, each for the source of its name.
    fn mapped(&self, path: &Path, inputs: Vec<Input>) -> Result<Vec<Input>> {
        let parsed = |path: &Path| -> Result<Arc<SavedMapping>> {
            Ok(Arc::new(SavedMapping::parse(&text_of(path)?, &path.display().to_string())?))
        };
        let shared = if path.is_dir() { None } else { Some(parsed(path)?) };
        let mapping = |input: &Input| match &shared {
            Some(shared) => Ok(Some(Arc::clone(shared))),
            None => Some(self.mapping_file(path, input.name()))
                .filter(|path| path.exists())
                .map(|path| parsed(&path))
                .transpose(),
        };
        let with = |input: Input| {
            Ok(match mapping(&input)? {
                Some(mapping) => input.with_mapping(mapping),
                None => input,
            })
        };
        inputs.into_iter().map(with).collect()
    }

    /// Where the mapping of a source stands in a folder of mappings: `envoi/62/fiches.csv` of `envoi` is `62/fiches.csv.toml`.
    fn mapping_file(&self, folder: &Path, source: &str) -> PathBuf {
        let source = Path::new(source);
        let below = self.files.iter().find_map(|given| source.strip_prefix(given).ok());
        let own = below.filter(|own| !own.as_os_str().is_empty()).or_else(|| source.file_name().map(Path::new));
        let mut file = folder.join(kept_within(own.unwrap_or(source))).into_os_string();
        file.push(".toml");
        file.into()
    }
}

/// A path that leads out of no folder, of names that every system takes. The files of an archive are called as its sender
/// likes; a path that is not kept as it is ends with a part of its hash, so that it is found again and no other one is the same.
fn kept_within(path: &Path) -> PathBuf {
    use sha2::Digest;
    /// Bytes of a name, which systems allow 255, with what is added to it.
    const LONGEST: usize = 200;
    let mut within = PathBuf::new();
    let mut is_same = true;
    for component in path.components() {
        match component {
            std::path::Component::Normal(name) => {
                let name = name.to_string_lossy();
                let sound = |sign: char| !acts(sign) && !matches!(sign, '\\' | ':' | '"' | '<' | '>' | '|' | '?' | '*');
                let mut kept: String = name.chars().map(|sign| if sound(sign) { sign } else { '_' }).collect();
                let end = (0..=LONGEST.min(kept.len())).rev().find(|end| kept.is_char_boundary(*end));
                kept.truncate(end.unwrap_or_default());
                is_same &= kept == name;
                within.push(kept);
            }
            std::path::Component::CurDir => {}
            _ => is_same = false,
        }
    }
    if is_same && within.file_name().is_some() {
        return within;
    }
    let hash = sha2::Sha256::digest(path.as_os_str().as_encoded_bytes());
    let name = within.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let hash: String = hash.iter().take(4).map(|byte| format!("{byte:02x}")).collect();
    within.with_file_name(format!("{name}~{hash}"))
}

/// The day of the run, or the one that the environment sets.
///
/// # Errors
/// When what the environment says is no moment.
pub fn today() -> Result<String> {
    let now = match convert::source_date()? {
        Some(moment) => moment,
        None => {
            let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
            let seconds = since.map_or(0, |since| since.as_secs() as i64);
            jiff::Timestamp::from_second(seconds).unwrap_or_default()
        }
    };
    Ok(jiff::tz::TimeZone::UTC.to_datetime(now).date().to_string())
}

/// Megabytes of a file that accompanies the records: lists of a hundred thousand people have fewer.
const COMPANION: u64 = 16;

/// Megabytes of what we have written of a file, and grows with it: a report, a plan, a log, a merged workbook.
const WRITTEN: u64 = 1024;

/// What to do with a file that is longer.
const OTHER_FILE: Phrase =
    Phrase { fr: "ce n’est pas le fichier attendu ici", en: "this is not the file that is expected here" };

/// The bytes of a file that accompanies the records: a configuration, a list of people.
fn bytes_of(path: &Path) -> Result<Vec<u8>> {
    bytes_within(path, COMPANION)
}

/// The same for a file of so many megabytes at most.
fn bytes_within(path: &Path, most: u64) -> Result<Vec<u8>> {
    originals::note(path);
    whole_file(path, most, OTHER_FILE)
}

/// The text of such a file.
fn text_of(path: &Path) -> Result<String> {
    text_in(path, bytes_of(path)?)
}

/// The text that the bytes of a file are.
fn text_in(path: &Path, bytes: Vec<u8>) -> Result<String> {
    String::from_utf8(bytes).map_err(|error| {
        let invalid = std::io::Error::new(std::io::ErrorKind::InvalidData, error.utf8_error());
        Error::io(&path.display().to_string(), &invalid)
    })
}

/// A progress bar on a terminal, for work that lasts.
struct Progress {
    bar: ProgressBar,
    read: Arc<AtomicU64>,
}

impl Progress {
    fn new(inputs: &[Input], quiet: bool) -> Progress {
        /// Below this, the work is over before a bar could be seen.
        const LASTING_BYTES: u64 = 16 << 20;
        /// With so many files, one may be waiting for one of them.
        const MANY_FILES: usize = 20;
        let read: Arc<AtomicU64> = Arc::default();
        let bytes = inputs.iter().map(Input::length).sum();
        let is_short = bytes < LASTING_BYTES && inputs.len() < MANY_FILES;
        if quiet || is_short || !std::io::stderr().is_terminal() {
            return Progress { bar: ProgressBar::hidden(), read };
        }
        let bar = ProgressBar::new(bytes);
        if let Ok(style) = ProgressStyle::with_template("{bar:30} {percent:>3} % · {bytes_per_sec} · {eta} · {msg}")
        {
            bar.set_style(style);
        }
        // Where each file ends among the bytes of all of them.
        let ends: Vec<(u64, String)> = inputs
            .iter()
            .scan(0, |end, input| {
                *end += input.length();
                Some((*end, input.name().to_owned()))
            })
            .collect();
        let (shown, counted) = (bar.clone(), Arc::clone(&read));
        std::thread::spawn(move || {
            while !shown.is_finished() {
                let position = counted.load(Ordering::Relaxed);
                let rank = ends.partition_point(|(end, _)| *end <= position).min(ends.len().saturating_sub(1));
                if let Some((_, name)) = ends.get(rank) {
                    shown.set_message(format!("{}/{} {}", rank + 1, ends.len(), visible(name)));
                }
                shown.set_position(position.min(bytes));
                std::thread::sleep(Duration::from_millis(100));
            }
        });
        Progress { bar, read }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}

/// Gives `write` a file, or the standard output, that gets what was written in one step: whatever fails before, nothing is
/// left half written.
fn write_out<T>(given: Option<&Path>, write: impl FnOnce(&mut (dyn Write + Send)) -> Result<T>) -> Result<T> {
    // A link is followed, also one that leads to no file yet; what is no file (a pipe, a device) is written to, not replaced.
    let is_stream = |path: &Path| {
        path.as_os_str() == "-" || std::fs::metadata(path).is_ok_and(|target| !target.is_file() && !target.is_dir())
    };
    // The link of a pipe, `/dev/stdout`, leads to no name.
    let real = |path: &Path| match is_stream(path) {
        true => Ok(path.to_owned()),
        false => followed(path).map_err(|error| Error::io(&path.display().to_string(), &error)),
    };
    let resolved = given.map(real).transpose()?;
    if let Some(path) = resolved.as_ref().filter(|path| path.as_os_str() != "-") {
        originals::spare(path)?;
    }
    let Some(path) = resolved.as_ref().filter(|path| !is_stream(path)) else {
        let name = given.map_or("-".to_owned(), |path| path.display().to_string());
        let mut held = BufWriter::new(SpooledTempFile::new(4 << 20));
        let done = write(&mut held).map_err(|error| error.in_file(&name))?;
        let copied = held.into_inner().map_err(std::io::IntoInnerError::into_error).and_then(|mut held| {
            let mut stream: Box<dyn Write> = match resolved.filter(|path| path.as_os_str() != "-") {
                Some(path) => on_terminal(std::fs::File::options().write(true).open(path)?),
                None => on_terminal(std::io::stdout().lock()),
            };
            held.rewind()?;
            std::io::copy(&mut held, &mut stream)?;
            stream.flush()
        });
        return written_to(&name, copied).map(|()| done);
    };
    // Errors speak of the file as the user named it.
    let name = given.unwrap_or(path).display().to_string();
    let failed = |error: &std::io::Error| Error::io(&name, error);
    if path.is_dir() {
        return Err(Error::new(
            ErrorKind::Usage,
            "c’est un dossier ; donnez le nom du fichier à écrire",
            "this is a folder; name the file to write",
        )
        .in_file(&name));
    }
    if std::fs::metadata(path).is_ok_and(|target| target.permissions().readonly()) {
        return Err(failed(&std::io::Error::from(std::io::ErrorKind::PermissionDenied)));
    }
    let workshop = Workshop::beside(path).map_err(|error| failed(&error))?;
    let made = workshop.path("made");
    let mut out = BufWriter::new(File::create_new(&made).map_err(|error| failed(&error))?);
    let done = write(&mut out).map_err(|error| error.in_file(&name))?;
    out.flush().map_err(|error| failed(&error))?;
    workshop.install(&made, path).map_err(|error| failed(&error))?;
    Ok(done)
}

/// A stream through which a terminal gets nothing that acts on it, and a file or a program all that is written.
fn on_terminal<'a>(stream: impl Write + IsTerminal + 'a) -> Box<dyn Write + 'a> {
    match stream.is_terminal() {
        true => Box::new(Visible::new(stream, Unseen::Coloured)),
        false => Box::new(stream),
    }
}

/// The error of a file that is there and is not replaced.
fn exists(path: &Path) -> Error {
    Error::new(
        ErrorKind::Usage,
        "ce fichier existe déjà ; donnez un autre nom, ou --force pour le remplacer",
        "this file exists already; give another name, or --force to replace it",
    )
    .in_file(&path.display().to_string())
}

/// Where links lead, be there a file or not.
fn followed(path: &Path) -> std::io::Result<PathBuf> {
    /// As many links as systems follow.
    const MOST_LINKS: usize = 40;
    let mut path = path.to_owned();
    for _ in 0..MOST_LINKS {
        match std::fs::read_link(&path) {
            Ok(target) => path = path.parent().unwrap_or(Path::new("")).join(target),
            Err(_) => return Ok(std::fs::canonicalize(&path).unwrap_or(path)),
        }
    }
    Err(std::io::Error::other("too many links"))
}

/// Writes to the standard output; a closed pipe ends the work without an error.
fn written(result: std::io::Result<()>) -> Result<()> {
    written_to("-", result)
}

/// The same for any stream.
fn written_to(name: &str, result: std::io::Result<()>) -> Result<()> {
    match result {
        Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => Ok(()),
        result => result.map_err(|error| Error::io(name, &error)),
    }
}

/// Colours are for a terminal; the choice follows NO_COLOR and CLICOLOR too.
fn colours(stream: &impl anstream::stream::RawStream) -> Colours {
    match anstream::AutoStream::choice(stream) {
        anstream::ColorChoice::Never => Colours::Without,
        _ => Colours::With,
    }
}

/// The language of the locale: by the variables that POSIX names, in its order, else as the system has it (Windows sets
/// no variables).
pub fn locale_language() -> Language {
    let locale = ["LC_ALL", "LC_MESSAGES", "LANG"]
        .iter()
        .find_map(|name| std::env::var(name).ok().filter(|value| !value.is_empty()));
    Language::of_locale(&locale.or_else(sys_locale::get_locale).unwrap_or_default())
}

/// The language of what is said of arguments that cannot be understood.
fn wanted_language(arguments: &[OsString]) -> Language {
    let arguments: Vec<_> = arguments.iter().map(|argument| argument.to_string_lossy()).collect();
    let asked = arguments.iter().enumerate().find_map(|(rank, argument)| match argument.strip_prefix("--lang") {
        Some("") => Language::from_str(arguments.get(rank + 1)?, true).ok(),
        Some(value) => Language::from_str(value.strip_prefix('=')?, true).ok(),
        None => None,
    });
    asked.unwrap_or_else(locale_language)
}

/// What is said where the program itself is at fault, or a library that has no other way to tell that the disk is full. What
/// the panic says may hold a value of a record, and is not told.
fn broken(place: &str, language: Language) -> String {
    let of_library = place.split_once("/registry/src/").and_then(|(_, rest)| rest.split_once('/'));
    let place = of_library.map_or(place, |(_, of_library)| of_library);
    match language {
        Language::French => format!(
            "ptce : erreur interne ({place}) ; rien n’a été écrit. Si le disque n’est pas plein, signalez-la avec le fichier, \
             ou avec un fichier qui la provoque sans données personnelles"
        ),
        Language::English => format!(
            "ptce: internal error ({place}); nothing was written. Unless the disk is full, report it with the file, or \
             with one that causes it without personal data"
        ),
    }
}

/// What is said where memory has run out.
const EXHAUSTED: Phrase = Phrase {
    fr: "ptce : mémoire insuffisante ; donnez les fichiers un à un, sans relever --limit, ou accordez plus de mémoire à ce \
         processus\n",
    en: "ptce: not enough memory; give the files one by one, without raising --limit, or allow this process more memory\n",
};

/// The language of this process, once it is known.
static LANGUAGE: OnceLock<Language> = OnceLock::new();

/// Memory that is given back where it has run out, so that the end can be told and half-made files be removed.
static RESERVE: Mutex<Vec<u8>> = Mutex::new(Vec::new());

/// Ends the process for want of memory. It is called from within an allocation, so that this thread may hold any lock: it
/// waits for none, and what it says was written before.
pub fn exhausted() -> ! {
    static IS_TOLD: AtomicBool = AtomicBool::new(false);
    thread_local! { static TELLS: Cell<bool> = const { Cell::new(false) } }
    if TELLS.replace(true) {
        // What is kept free was not enough.
        std::process::exit(2);
    }
    while IS_TOLD.swap(true, Ordering::SeqCst) {
        // Another thread ends the process.
        std::thread::sleep(Duration::from_secs(1));
    }
    let text = EXHAUSTED.in_language(LANGUAGE.get().copied().unwrap_or_default());
    // A copy of the stream has no lock.
    #[cfg(unix)]
    let _ = std::io::stderr().as_fd().try_clone_to_owned().map(|copy| File::from(copy).write_all(text.as_bytes()));
    #[cfg(not(unix))]
    let _ = std::io::stderr().write_all(text.as_bytes());
    if let Ok(mut reserve) = RESERVE.try_lock() {
        *reserve = Vec::new();
    }
    workshop::clear_from_within();
    std::process::exit(2)
}

/// The exit code of a command that is ended from outside, as shells have it for Ctrl-C.
const INTERRUPTED: i32 = 130;

/// Runs the command line of this process.
pub fn main() -> ExitCode {
    /// Bytes that removing some folders takes, and more.
    const KEPT_FREE: usize = 1 << 20;
    *RESERVE.lock().unwrap_or_else(PoisonError::into_inner) = Vec::with_capacity(KEPT_FREE);
    ExitCode::from(run(&std::env::args_os().collect::<Vec<_>>()))
}

/// Runs a command line, the first argument of which is the name of the program, and answers the exit code. It takes over what
/// ends the process.
pub fn run(arguments: &[OsString]) -> u8 {
    let cli = match Cli::try_parse_from(arguments) {
        Ok(cli) => cli,
        Err(error) => {
            let language = wanted_language(arguments);
            if language == Language::French
                && let Some(message) = usage::in_french(&error)
            {
                tell(&format!("ptce : {message}"));
                return 2;
            }
            // It names arguments as they were given, which may come from a list of files.
            if arguments.iter().any(|argument| argument.to_string_lossy().contains(acts)) && error.use_stderr() {
                tell(error.to_string().trim_end());
                return 2;
            }
            // clap knows which of its messages are help: these go to the standard output with code 0.
            if let Err(error) = written(error.print()) {
                say(&error, language);
                return 2;
            }
            return u8::try_from(error.exit_code()).unwrap_or(2);
        }
    };
    let language = cli.lang.unwrap_or_else(locale_language);
    let _ = LANGUAGE.set(language);
    std::panic::set_hook(Box::new(move |panic| {
        // The standard library panics where there is no room for one more thread.
        if panic.payload().downcast_ref::<String>().is_some_and(|told| told.starts_with("failed to spawn thread")) {
            exhausted();
        }
        workshop::clear_from_within();
        let place = panic.location().map(ToString::to_string).unwrap_or_default();
        let _ = writeln!(std::io::stderr(), "{}", broken(&place, language));
        std::process::exit(2);
    }));
    // Without the handler the work can be done all the same.
    let _ = ctrlc::set_handler(|| {
        workshop::clear();
        std::process::exit(INTERRUPTED);
    });
    let done = match &cli.command {
        Command::Validate(arguments) => validate::run(arguments, language),
        Command::Annotate(arguments) => annotate::run(arguments, language),
        Command::Convert(arguments) => convert::run(arguments, language),
        Command::Diff(arguments) => diff::run(arguments, language),
        Command::Fix(arguments) => fix::run(arguments, language),
        Command::Merge(arguments) => merge::run(arguments, language),
        Command::Template(arguments) => template::run(arguments),
        Command::Inspect(arguments) => inspect::run(arguments, language),
        Command::Explain(arguments) => explain::run(arguments, language),
        Command::Objection(arguments) => objection::run(arguments),
        Command::About => about::run(language),
        Command::Rules => explain::list(language),
        Command::Schema(arguments) => schema::run(arguments, language),
        Command::Completions { shell } => {
            let mut script = Vec::new();
            clap_complete::generate(*shell, &mut Cli::command(), "ptce", &mut script);
            written(std::io::stdout().write_all(&script)).map(|()| Verdict::Clean)
        }
    };
    workshop::wait_if_ending();
    match done {
        Ok(Verdict::Clean) => 0,
        Ok(Verdict::Faulty) => 1,
        Ok(Verdict::Partial) => 2,
        Err(error) => {
            say(&error, language);
            2
        }
    }
}

/// Tells an error on stderr.
fn say(error: &Error, language: Language) {
    let label = match language {
        Language::French => "ptce : ",
        Language::English => "ptce: ",
    };
    tell(&format!("{label}{}", error.message(language)));
}

/// Writes a line to the standard error, which may be a terminal; talk that nobody hears is no reason to fail.
fn tell(text: &str) {
    workshop::wait_if_ending();
    let _ = writeln!(std::io::stderr(), "{}", visible(text));
}

/// What the exit code says of work that was done.
enum Verdict {
    /// Nothing of level error.
    Clean,
    /// At least one error, or a record left out.
    Faulty,
    /// Some of the sources could not be read.
    Partial,
}

impl Verdict {
    fn of(is_clean: bool) -> Verdict {
        if is_clean { Verdict::Clean } else { Verdict::Faulty }
    }
}
