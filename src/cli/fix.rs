//! `ptce fix`: what could be corrected, in a plan to tick; the corrections in the file itself; and the file as it was.

use std::path::{Path, PathBuf};

use super::{
    Judgement, OTHER_FILE, Verdict, WRITTEN, annotate, bytes_within, originals, tell, text_in, text_of, write_out,
};
use crate::error::{Error, ErrorKind, Result};
use crate::export::write_error;
use crate::fix::{self, Fixed, Log, Options, Plan, Undone};
use crate::import::{Input, Limits, SavedMapping, whole_file};
use crate::language::{Language, counted};
use crate::row::Format;

/// The arguments of `ptce fix`.
#[derive(clap::Args)]
#[command(group(clap::ArgGroup::new("work").required(true).args(["plan", "apply", "safe", "undo"])))]
pub(super) struct Arguments {
    /// Le fichier : .xlsx, .xlsm, .ods, .csv, .json, .ndjson, .xml / the file
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// Écrit les corrections proposées, à cocher / writes the corrections that are proposed, to be ticked
    #[arg(long, value_name = "PLAN.xlsx|csv")]
    plan: Option<PathBuf>,
    /// Applique les corrections cochées d’un plan / applies the ticked corrections of a plan
    #[arg(long, value_name = "PLAN.xlsx|csv", requires = "output")]
    apply: Option<PathBuf>,
    /// Applique ce qui est certain, sans plan / applies what is certain, without a plan
    #[arg(long, requires = "output")]
    safe: bool,
    /// Rend le fichier d’avant les corrections d’un journal / gives the file before the corrections of a log
    #[arg(long, value_name = "LOG.json", requires = "output")]
    undo: Option<PathBuf>,
    /// Fichier à écrire ; l’original n’est jamais modifié / file to write; the original is never changed
    #[arg(long, short, value_name = "OUT", conflicts_with = "plan")]
    output: Option<PathBuf>,
    /// Journal des corrections ; par défaut OUT.log.json / log of the corrections; by default OUT.log.json
    #[arg(long, value_name = "LOG.json", conflicts_with_all = ["plan", "undo"])]
    log: Option<PathBuf>,
    #[command(flatten)]
    judgement: Judgement,
    /// XML, JSON : les éléments qui sont des fiches / XML, JSON: the elements that are records
    #[arg(long, value_name = "export/donnees/ptce")]
    record_path: Option<String>,
    /// Fichier de correspondances / mapping file
    #[arg(long, value_name = "mapping.toml")]
    mapping: Option<PathBuf>,
    /// Corriger même un classeur signé, dont la signature ne vaudra plus / correct even a signed workbook
    #[arg(long)]
    break_signature: bool,
    /// Relève une limite pour un fichier sûr / raises a limit for a file that is safe
    #[arg(long, value_name = "inflated=8000")]
    limit: Vec<String>,
}

impl Arguments {
    /// Where the log of corrections goes, of a run that makes some.
    fn log_path(&self) -> Option<PathBuf> {
        let output = self.output.as_ref().filter(|_| self.undo.is_none())?;
        Some(self.log.clone().unwrap_or_else(|| {
            let mut path = output.clone().into_os_string();
            path.push(".log.json");
            path.into()
        }))
    }

    fn options(&self, language: Language) -> Result<Options> {
        let mut limits = Limits::default();
        self.limit.iter().try_for_each(|text| limits.set(text))?;
        let mapping = |path: &PathBuf| SavedMapping::parse(&text_of(path)?, &path.display().to_string());
        Ok(Options {
            settings: self.judgement.settings(language)?,
            limits,
            record_path: self.record_path.clone(),
            mapping: self.mapping.as_ref().map(mapping).transpose()?.map(Into::into),
            breaks_signatures: self.break_signature,
        })
    }
}

pub(super) fn run(arguments: &Arguments, language: Language) -> Result<Verdict> {
    let options = arguments.options(language)?;
    originals::note(&arguments.file);
    [&arguments.apply, &arguments.undo].into_iter().flatten().for_each(|path| originals::note(path));
    let log = arguments.log_path();
    originals::claim([&arguments.plan, &arguments.output, &log].into_iter().flatten().map(PathBuf::as_path))?;
    let is_log = |bytes: &[u8]| std::str::from_utf8(bytes).is_ok_and(|text| Log::parse(text, "").is_ok());
    log.as_deref().map_or(Ok(()), |path| spare_foreign(path, is_log))?;
    let is_plan = |bytes: &[u8]| Plan::read(bytes, "", &options.limits).is_ok();
    arguments.plan.as_deref().map_or(Ok(()), |path| spare_foreign(path, is_plan))?;
    let name = arguments.file.display().to_string();
    let mut input = Input::open(&arguments.file)?.with_limits(options.limits);
    let format = input.format()?;
    let bytes = input.bytes()?;
    let quiet = arguments.judgement.quiet;
    if let Some(path) = &arguments.plan {
        return plan(&name, &bytes, path, &options, quiet);
    }
    let Some(output) = &arguments.output else { return Ok(Verdict::Clean) };
    check_extension(output, &bytes, format, &options)?;
    if let Some(path) = &arguments.undo {
        let log = Log::parse(&text_in(path, bytes_within(path, WRITTEN)?)?, &path.display().to_string())?;
        let undone = fix::undo(&bytes, &log, &options).map_err(|error| error.in_file(&name))?;
        write(output, &undone.bytes)?;
        tell_undone(output, &undone, language, quiet);
        return Ok(Verdict::of(undone.left.is_empty()));
    }
    let fixed = match &arguments.apply {
        Some(path) => {
            let plan = Plan::read(&bytes_within(path, WRITTEN)?, &path.display().to_string(), &options.limits)?;
            fix::apply(&name, &bytes, &plan, &options)
        }
        None => fix::safe(&name, &bytes, &options),
    };
    let fixed = fixed.map_err(|error| error.in_file(&name))?;
    let Some(log) = log else { return Ok(Verdict::Clean) };
    write(output, &fixed.bytes)?;
    // A run that changes nothing keeps the log of the one that did.
    let has_log = !fixed.log.changes.is_empty() || !log.exists();
    if has_log {
        write(&log, fixed.log.to_json()?.as_bytes())?;
    }
    tell_fixed(output, has_log.then_some(log.as_path()), &fixed, language, quiet);
    Ok(Verdict::of(fixed.left.is_empty()))
}

/// Refuses to replace a file that is there and is none of ours: a log or a plan of an earlier run is.
fn spare_foreign(path: &Path, is_ours: impl FnOnce(&[u8]) -> bool) -> Result<()> {
    let target = std::fs::metadata(path);
    if !target.is_ok_and(|target| target.is_file() && target.len() > 0) {
        return Ok(());
    }
    let bytes = whole_file(path, WRITTEN, OTHER_FILE)?;
    if is_ours(&bytes) {
        return Ok(());
    }
    Err(Error::new(
        ErrorKind::Usage,
        "ce fichier existe déjà et ne vient pas de « ptce fix » ; donnez un autre nom",
        "this file exists already and is not from “ptce fix”; give another name",
    )
    .in_file(&path.display().to_string()))
}

fn plan(name: &str, bytes: &[u8], path: &Path, options: &Options, quiet: bool) -> Result<Verdict> {
    let language = options.settings.language;
    let extension = path.extension().and_then(|extension| extension.to_str()).map(str::to_ascii_lowercase);
    let mut plan = fix::plan(name, bytes, options).map_err(|error| error.in_file(name))?;
    plan.choose_safe();
    let table = match extension.as_deref() {
        Some("xlsx") => plan.to_xlsx(language)?,
        Some("csv") => plan.to_csv(language)?,
        _ => {
            return Err(Error::new(
                ErrorKind::Usage,
                "un plan s’écrit en .xlsx ou en .csv ; donnez-lui l’une de ces extensions",
                "a plan is written as .xlsx or .csv; give it one of these extensions",
            )
            .in_file(&path.display().to_string()));
        }
    };
    write(path, &table)?;
    if !quiet {
        let number = plan.corrections.len() as u64;
        let ticked = plan.corrections.iter().filter(|correction| correction.chosen).count();
        let by_hand = plan.corrections.iter().filter(|correction| correction.obstacle.is_some()).count();
        let path = path.display();
        tell(&match language {
            Language::French => format!(
                "{path} : {}, dont {ticked} sûres déjà cochées et {by_hand} à faire à la main",
                counted(number, "correction proposée", "corrections proposées")
            ),
            Language::English => format!(
                "{path}: {}, of which {ticked} certain and ticked already, {by_hand} to be done by hand",
                counted(number, "correction proposed", "corrections proposed")
            ),
        });
    }
    Ok(Verdict::Clean)
}

/// Refuses a name that says another format than the one of the file.
fn check_extension(output: &Path, bytes: &[u8], format: Format, options: &Options) -> Result<()> {
    if crate::patch::is_in_place(format) {
        return annotate::check_extension(output, bytes, format, &options.limits);
    }
    let named = output.extension().and_then(|extension| extension.to_str()).and_then(Format::of_extension);
    if output.as_os_str() == "-" || named.is_none_or(|named| named == format) {
        return Ok(());
    }
    Err(Error::new(
        ErrorKind::Usage,
        format!("le fichier écrit garde le format de l’original ; donnez-lui l’extension .{}", format.extension()),
        format!(
            "the file that is written keeps the format of the original; give it the extension .{}",
            format.extension()
        ),
    )
    .in_file(&output.display().to_string()))
}

fn write(output: &Path, bytes: &[u8]) -> Result<()> {
    write_out(Some(output), |out| out.write_all(bytes).map_err(write_error))
}

fn tell_fixed(output: &Path, log: Option<&Path>, fixed: &Fixed, language: Language, quiet: bool) {
    // What was not done is told whatever is asked.
    for (correction, obstacle) in &fixed.left {
        let (place, code) = (correction.location.within_file(language), &correction.code);
        let (before, after, why) = (&correction.before, &correction.after, obstacle.message(language));
        tell(&match language {
            Language::French => format!("{place} : « {before} » → « {after} » [{code}] non appliquée : {why}"),
            Language::English => format!("{place}: “{before}” → “{after}” [{code}] not applied: {why}"),
        });
    }
    if quiet {
        return;
    }
    let (output, number) = (output.display(), fixed.log.changes.len() as u64);
    let already = fixed.already;
    let log = log.map(|log| log.display().to_string());
    tell(&match (language, log, already) {
        (Language::French, _, 1..) => format!("{output} : rien à faire, {already} corrections y sont déjà"),
        (Language::English, _, 1..) => format!("{output}: nothing to do, {already} corrections are there already"),
        (Language::French, Some(log), 0) => {
            format!("{output} : {} ; journal : {log}", counted(number, "correction", "corrections"))
        }
        (Language::English, Some(log), 0) => {
            format!("{output}: {}; log: {log}", counted(number, "correction", "corrections"))
        }
        (Language::French, None, 0) => format!("{output} : aucune correction"),
        (Language::English, None, 0) => format!("{output}: no correction"),
    });
}

fn tell_undone(output: &Path, undone: &Undone, language: Language, quiet: bool) {
    for change in &undone.left {
        let place = change.location.within_file(language);
        let after = &change.after;
        tell(&match language {
            Language::French => format!("{place} : la cellule ne contient plus « {after} », elle reste comme elle est"),
            Language::English => format!("{place}: the cell no longer holds “{after}”, it stays as it is"),
        });
    }
    if quiet {
        return;
    }
    let (output, count) = (output.display(), undone.count);
    tell(&match (language, undone.is_original) {
        (Language::French, true) => format!("{output} : le fichier d’avant les {count} corrections"),
        (Language::English, true) => format!("{output}: the file before the {count} corrections"),
        (Language::French, false) => {
            format!("{output} : le fichier a changé depuis ; {count} corrections défaites, cellule par cellule")
        }
        (Language::English, false) => {
            format!("{output}: the file has changed since; {count} corrections undone, cell by cell")
        }
    });
}
