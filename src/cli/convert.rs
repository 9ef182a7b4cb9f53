//! `ptce convert`: the same records in another format, or as an open-data publication.

use std::borrow::Cow;
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

use super::output::format_of_path;
use super::{Judgement, Progress, Sources, Verdict, bytes_of, colours, tell, write_out};
use crate::OwnedEntry;
use crate::completion::{Completed, complete};
use crate::error::{Error, ErrorKind, Result};
use crate::export::open_data::{
    Consents, Decisions, Doubtful, Granted, Metadata, Objections, OpenData, OpenDataOptions, Privacy, unwritable,
};
use crate::export::{self, CsvReader, Exporter};
use crate::finding::{Finding, Level};
use crate::import::Input;
use crate::language::{Language, counted};
use crate::report::write_summary;
use crate::row::Format;
use crate::run::{self, Event, Lost, Options, Outcome};
use crate::settings::Settings;
use jiff::Timestamp;
use jiff::tz::TimeZone;

/// What to convert to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum To {
    /// Tableau de fiches / array of records
    Json,
    /// Une fiche par ligne / one record a line
    Ndjson,
    /// Une ligne par fiche / one row a record
    Csv,
    /// XML
    Xml,
    /// Classeur / workbook
    Xlsx,
    /// Tables CSV liées par une clé, dans une archive .zip / CSV tables joined by a key, in a .zip archive
    Tables,
    /// Publication ouverte : un dossier ou une archive .zip / open-data publication: a folder or a .zip archive
    OpenData,
}

impl To {
    fn format(self) -> Option<Format> {
        Some(match self {
            To::Json => Format::Json,
            To::Ndjson => Format::Ndjson,
            To::Csv => Format::Csv,
            To::Xml => Format::Xml,
            To::Xlsx => Format::Xlsx,
            To::Tables => Format::Tables,
            To::OpenData => return None,
        })
    }
}

/// The arguments of `ptce convert`.
#[derive(clap::Args)]
pub(super) struct Arguments {
    #[command(flatten)]
    sources: Sources,
    /// Fichier à écrire, son extension dit le format ; avec --to open-data, un dossier / file to write, whose
    /// extension tells the format; with --to open-data, a folder
    #[arg(long, short, value_name = "OUT")]
    output: Option<PathBuf>,
    /// Format, si l’extension ne le dit pas / format, where the extension does not tell it
    #[arg(long, value_enum, value_name = "FORMAT")]
    to: Option<To>,
    /// CSV qu’un Excel français ouvre d’un double clic : « ; », CR LF, UTF-8 avec BOM, virgule décimale / CSV that a
    /// French Excel opens with a double click: “;”, CR LF, UTF-8 with a BOM, decimal commas
    #[arg(long)]
    csv_for_excel: bool,
    /// Ajouter le département et la région qui manquent, quand le reste de la fiche les dit ; chaque ajout est dit / add the
    /// department and the region that are missing, where the rest of the record tells them; each addition is told
    #[arg(long)]
    complete: bool,
    /// Sortir avec le code 1 s’il y a des erreurs / exit with code 1 if there are errors
    #[arg(long)]
    strict: bool,
    /// Remplacer un dossier de publication existant / replace an existing publication folder
    #[arg(long)]
    force: bool,
    /// Publier aussi les fiches en erreur / publish the records with errors too
    #[arg(long)]
    keep_invalid: bool,
    /// Description de la publication, TOML / description of the publication, TOML
    #[arg(
        long,
        value_name = "FILE",
        long_help = "\
Description de la publication / description of the publication (TOML):

  title = \"Lauréats de l’appel à projets PTCE de 2013\"
  description = \"…\"
  publisher = \"Ministère…\"                  # qui publie / who publishes
  updated = 2014-01-10                       # dernière mise à jour / last update
  issued = 2014-01-10
  contact = \"contact@example.org\"
  homepage = \"https://example.org/ptce\"
  base_url = \"https://example.org/ptce/\"    # où seront les fichiers / where the files will be
  frequency = \"irregular\"                  # daily, weekly, monthly, quarterly, semiannual, annual, never
  keywords = [\"ptce\", \"ess\"]

  [coverage]
  start = 2013-07-15
  end = 2014-01-10
  area = \"France\"

  [[sources]]
  title = \"Dossier de presse du 10 janvier 2014\"
  url = \"https://example.org/dossier.pdf\"

  [[figures]]
  value = \"180\"
  label = \"dossiers reçus\""
    )]
    metadata: Option<PathBuf>,
    /// Publier les contacts, pour une raison qui sera publiée / publish the contacts, for a reason that is published too
    #[arg(long, value_name = "REASON")]
    keep_contacts: Option<String>,
    /// Personnes qui acceptent d’être publiées : CSV avec valeur, date, preuve / people who agree to be published: CSV with
    /// the columns valeur, date, preuve
    #[arg(long, value_name = "FILE")]
    consents: Option<PathBuf>,
    /// Personnes qui s’y opposent : CSV avec valeur (ou son empreinte) / people who refuse: CSV with the column valeur (or
    /// its hash)
    #[arg(long, value_name = "FILE")]
    objections: Option<PathBuf>,
    /// Décisions sur les mentions douteuses : le fichier a-verifier.csv d’une publication, sa colonne « decision » remplie /
    /// decisions about doubtful mentions: the file a-verifier.csv of a publication, with its column “decision” filled in
    #[arg(long, value_name = "FILE")]
    decisions: Option<PathBuf>,
    /// Retirer la phrase de chaque mention douteuse que personne n’a jugée, au lieu de la publier / withhold the sentence of
    /// each doubtful mention that nobody has judged, instead of publishing it
    #[arg(long)]
    withhold_doubtful: bool,
    #[command(flatten)]
    judgement: Judgement,
}

impl Arguments {
    /// Whether an option asks for something that only a publication has.
    fn is_about_publication(&self) -> bool {
        let files = [&self.metadata, &self.consents, &self.objections, &self.decisions];
        self.force
            || self.keep_invalid
            || self.withhold_doubtful
            || self.keep_contacts.is_some()
            || files.into_iter().any(Option::is_some)
    }
}

pub(super) fn run(arguments: &Arguments, language: Language) -> Result<Verdict> {
    let settings = arguments.judgement.settings(language)?;
    let to = arguments.to.or_else(|| arguments.output.as_deref().and_then(to_of_path));
    let usage = |fr: &str, en: &str| Err(Error::new(ErrorKind::Usage, fr, en));
    match (to, &arguments.output) {
        (None, None) => usage(
            "dites où écrire, avec -o FICHIER, ou dans quel format, avec --to",
            "say where to write, with -o FILE, or in which format, with --to",
        ),
        (None, Some(_)) => usage(
            "l’extension du fichier à écrire doit être .json, .ndjson, .csv, .xml, .xlsx ou .zip, ou --to dire le format",
            "the file to write must end in .json, .ndjson, .csv, .xml, .xlsx or .zip, or --to must name the format",
        ),
        (Some(to), _) if arguments.csv_for_excel && to != To::Csv => usage(
            "--csv-for-excel ne vaut que pour le CSV ; un classeur .xlsx s’ouvre tel quel dans Excel",
            "--csv-for-excel is for CSV alone; Excel opens an .xlsx workbook as it stands",
        ),
        (Some(to), _) if to != To::OpenData && arguments.is_about_publication() => usage(
            "--metadata, --keep-contacts, --consents, --objections, --decisions, --withhold-doubtful, --keep-invalid et --force ne valent que pour une publication : ajoutez --to open-data",
            "--metadata, --keep-contacts, --consents, --objections, --decisions, --withhold-doubtful, --keep-invalid and --force are for a publication: add --to open-data",
        ),
        (Some(To::OpenData), None) => usage(
            "dites où publier, avec -o DOSSIER ou -o ARCHIVE.zip",
            "say where to publish, with -o FOLDER or -o ARCHIVE.zip",
        ),
        (Some(to), Some(path)) if arguments.to.is_some() && contradicts(path, to) => Err(Error::new(
            ErrorKind::Usage,
            "l’extension et --to disent deux choses ; retirez --to, ou changez l’extension",
            "the extension and --to say two things; leave --to out, or change the extension",
        )
        .in_file(&path.display().to_string())),
        (Some(to), output) => {
            let inputs = arguments.sources.open_all(arguments.judgement.quiet, language)?;
            super::originals::claim(output.as_deref())?;
            let names: Vec<String> = inputs.iter().map(|input| input.name().to_owned()).collect();
            let done = match (to.format(), output) {
                (Some(format), output) => convert(arguments, inputs, format, output.as_deref(), &settings),
                (None, Some(folder)) => publish(arguments, inputs, folder, &settings),
                (None, None) => unreachable!("refused above"),
            };
            let is_of_one = |error: &Error| names.len() > 1 && names.iter().any(|name| error.file() == Some(name));
            done.map_err(|error| match is_of_one(&error) {
                true => error.so(
                    "\u{a0}; rien n’a été écrit, pas même les autres fichiers",
                    "; nothing was written, not even the other files",
                ),
                false => error,
            })
        }
    }
}

/// Whether the extension of a file names a workbook and something else is to stand in it, or the other way round.
fn contradicts(path: &Path, to: To) -> bool {
    // A publication that is an archive.
    let wanted = to.format().unwrap_or(Format::Tables);
    format_of_path(path).is_some_and(|named| named != wanted && (named.is_workbook() || wanted.is_workbook()))
}

fn to_of_path(path: &Path) -> Option<To> {
    Some(match format_of_path(path)? {
        Format::Json => To::Json,
        Format::Ndjson => To::Ndjson,
        Format::Csv => To::Csv,
        Format::Xml => To::Xml,
        Format::Xlsx => To::Xlsx,
        Format::Tables => To::Tables,
        _ => return None,
    })
}

fn convert(
    arguments: &Arguments,
    inputs: Vec<Input>,
    format: Format,
    output: Option<&Path>,
    settings: &Settings,
) -> Result<Verdict> {
    let progress = Progress::new(&inputs, arguments.judgement.quiet);
    let options = Options { progress: progress.read.clone(), ..Options::default() };
    let csv = if arguments.csv_for_excel { CsvReader::FrenchExcel } else { CsvReader::Programs };
    let choices = export::Options { csv, profile: settings.profile, ..export::Options::default() };
    let outcome = write_out(output, |out| {
        let mut exporter = Exporter::new(format, out, &choices)?;
        let outcome = match arguments.complete {
            true => {
                let asked = Options { records: true, ..options };
                run::run(inputs, settings, &asked, &mut |event| {
                    exporter.add(completed(event, settings.language, arguments.judgement.quiet))
                })
            }
            false => run::run(inputs, settings, &exporter.asking(options), &mut |event| exporter.add(event)),
        }?;
        exporter.finish()?;
        Ok(outcome)
    })?;
    drop(progress);
    talk(arguments, &outcome, settings);
    let is_whole = tell_lost(&outcome.summary.lost, settings.language);
    Ok(Verdict::of(is_whole && (!arguments.strict || outcome.summary.errors == 0)))
}

/// Tells which rows are in no record, whoever wants talk or none, and answers whether there are none.
pub(super) fn tell_lost(lost: &Lost, language: Language) -> bool {
    for (location, code) in &lost.first {
        let (file, place) = (&location.file, location.within_file(language));
        tell(&match language {
            Language::French => format!("{file}, {place} : non converti, aucune fiche n’a ces valeurs [{code}]"),
            Language::English => format!("{file}, {place}: not converted, no record has these values [{code}]"),
        });
    }
    let others = lost.count - lost.first.len() as u64;
    if others > 0 {
        tell(&match language {
            Language::French => format!(
                "non converti : {}, que « ptce validate » nomme",
                counted(others, "autre endroit", "autres endroits")
            ),
            Language::English => {
                format!("not converted: {}, named by “ptce validate”", counted(others, "other place", "other places"))
            }
        });
    }
    lost.count == 0
}

/// The event with its record completed; each addition is told.
fn completed(event: Event, language: Language, quiet: bool) -> Event {
    let Event::Record(mut entry, findings) = event else { return event };
    for Completed { pointer, value, from, .. } in complete(&mut entry.record) {
        if quiet {
            continue;
        }
        let file = &entry.location("").file;
        let name = entry.record.name.as_deref().map(|name| format!(" – {name}")).unwrap_or_default();
        let is_region = pointer == "/region";
        tell(&match language {
            Language::French => {
                let field = if is_region { "région" } else { "département" };
                format!(
                    "{file}, fiche {}{name} : {field} ajouté{} : {value}, d’après {from}",
                    entry.index,
                    if is_region { "e" } else { "" }
                )
            }
            Language::English => {
                let field = if is_region { "region" } else { "department" };
                format!("{file}, record {}{name}: {field} added: {value}, from {from}", entry.index)
            }
        });
    }
    Event::Record(entry, findings)
}

/// Reads a file that accompanies the records.
fn companion<T>(path: Option<&Path>, parse: impl FnOnce(&str, &str) -> Result<T>) -> Result<Option<T>> {
    path.map(|path| {
        let name = path.display().to_string();
        let bytes = bytes_of(path)?;
        // A French Excel saves its lists in Windows-1252.
        let text = match std::str::from_utf8(&bytes) {
            Ok(text) => Cow::Borrowed(text),
            Err(_) => encoding_rs::WINDOWS_1252.decode_without_bom_handling(&bytes).0,
        };
        parse(&text, &name)
    })
    .transpose()
}

/// The moment that the environment sets for what is made, by the convention of reproducible builds.
pub(super) fn source_date() -> Result<Option<Timestamp>> {
    let Ok(text) = std::env::var("SOURCE_DATE_EPOCH") else { return Ok(None) };
    let moment = text.parse().ok().and_then(|seconds| Timestamp::from_second(seconds).ok());
    moment.map(Some).ok_or_else(|| {
        Error::new(
            ErrorKind::Usage,
            format!("SOURCE_DATE_EPOCH vaut « {text} » : donnez un nombre de secondes depuis 1970, ou retirez-la"),
            format!("SOURCE_DATE_EPOCH is “{text}”: give a number of seconds since 1970, or unset it"),
        )
    })
}

fn open_data_options(arguments: &Arguments) -> Result<OpenDataOptions> {
    let keep_contacts = arguments.keep_contacts.as_ref().map(|reason| reason.trim().to_owned());
    if keep_contacts.as_ref().is_some_and(String::is_empty) {
        return Err(Error::new(
            ErrorKind::Usage,
            "--keep-contacts demande la raison : l’accord des personnes, ou le texte qui en dispense",
            "--keep-contacts asks for the reason: the consent of the people, or the text that allows to do without",
        ));
    }
    // The day where it is latest.
    let now = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs() as i64) + 14 * 3600;
    let today = TimeZone::UTC.to_datetime(Timestamp::from_second(now).unwrap_or_default()).date();
    Ok(OpenDataOptions {
        metadata: companion(arguments.metadata.as_deref(), Metadata::parse)?.unwrap_or_default(),
        made: source_date()?,
        privacy: Privacy {
            keep_contacts,
            consents: companion(arguments.consents.as_deref(), |text, file| Consents::parse(text, file)?.until(today))?
                .unwrap_or_default(),
            objections: companion(arguments.objections.as_deref(), Objections::parse)?.unwrap_or_default(),
            decisions: companion(arguments.decisions.as_deref(), Decisions::parse)?.unwrap_or_default(),
            doubtful: if arguments.withhold_doubtful { Doubtful::Withhold } else { Doubtful::Publish },
        },
        keep_excluded: arguments.keep_invalid,
    })
}

fn publish(arguments: &Arguments, inputs: Vec<Input>, folder: &Path, settings: &Settings) -> Result<Verdict> {
    let open_data = open_data_options(arguments)?;
    let described_in = arguments.metadata.as_ref().map(|path| path.display().to_string());
    let missing = open_data.metadata.findings(described_in.as_deref(), settings);
    super::originals::spare(folder)?;
    let mut publication = OpenData::create(folder, arguments.force, &open_data)?;
    let progress = Progress::new(&inputs, arguments.judgement.quiet);
    let options = Options { records: true, progress: progress.read.clone(), ..Options::default() };
    let mut left_out: Vec<(u64, String)> = Vec::new();
    let mut bad: Vec<String> = Vec::new();
    let mut of_files: Vec<String> = Vec::new();
    let mut rank = 0;
    let complete = |event| match arguments.complete {
        true => completed(event, settings.language, arguments.judgement.quiet),
        false => event,
    };
    let outcome = run::run(inputs, settings, &options, &mut |event| match complete(event) {
        Event::Record(entry, findings) => {
            rank += 1;
            if let Some(finding) = findings.into_iter().find(|finding| finding.level == Level::Error) {
                left_out.push((rank, told(&finding, settings.language)));
            }
            if let Some((pointer, c)) = unwritable(&entry.record) {
                bad.push(told_character(&entry, pointer, c, settings.language));
            }
            publication.record(entry.into_record())
        }
        Event::Unpublishable(rank, finding) => {
            left_out.push((rank, told(&finding, settings.language)));
            Ok(())
        }
        // What the sender cannot see is published: that is told whoever wants talk or none.
        Event::Findings(findings) => {
            // What a configuration calls an error is one, though it is about a file and no record.
            let errors = findings.iter().filter(|finding| finding.level == Level::Error);
            let colon = if settings.language == Language::French { "\u{a0}:" } else { ":" };
            of_files.extend(errors.map(|finding| {
                let Finding { code, location, message, .. } = finding;
                format!("{}{colon} {message} [{code}]", location.file)
            }));
            for finding in findings.iter().filter(|finding| finding.code.starts_with("hidden-")) {
                let Finding { code, location, message, .. } = finding;
                let sheet = location.sheet.as_deref().unwrap_or_default();
                tell(&match settings.language {
                    Language::French => {
                        format!("{}, feuille «\u{a0}{sheet}\u{a0}»\u{a0}: {message} [{code}]", location.file)
                    }
                    Language::English => format!("{}, sheet “{sheet}”: {message} [{code}]", location.file),
                });
            }
            Ok(())
        }
        Event::Encoded(_) | Event::Assessed(_) => Ok(()),
    })?;
    left_out.sort();
    // An unattended job is told what it does not publish even when it wants no talk.
    for told in left_out.iter().map(|(_, told)| told).chain(&bad) {
        tell(&match (settings.language, arguments.keep_invalid) {
            (Language::French, false) => format!("non publiée : {told}"),
            (Language::French, true) => format!("à corriger, publiée à part : {told}"),
            (Language::English, false) => format!("not published: {told}"),
            (Language::English, true) => format!("to correct, published apart: {told}"),
        });
    }
    of_files.iter().for_each(|told| tell(told));
    let is_whole = tell_lost(&outcome.summary.lost, settings.language);
    let published = publication.finish(&|rank| left_out.binary_search_by_key(&rank, |(rank, _)| *rank).is_ok())?;
    drop(progress);
    talk(arguments, &outcome, settings);
    let language = settings.language;
    for Finding { code, level, location, message, .. } in &missing {
        if !arguments.judgement.quiet || *level == Level::Error {
            let colon = if language == Language::French { " :" } else { ":" };
            tell(&format!("{}{colon} {message} [{code}]", location.file));
        }
    }
    let privacy = &open_data.privacy;
    // Who refuses and is not found may be published under another spelling: an unattended job is told as well.
    let objections = privacy.objections.unmatched();
    if let Some(list) = arguments.objections.as_ref().filter(|_| privacy.objections.is_empty()) {
        let list = list.display();
        tell(&match language {
            Language::French => format!("{list} : cette liste d’oppositions est vide"),
            Language::English => format!("{list}: this list of objections is empty"),
        });
    }
    let is_heeded = objections.is_empty();
    for (list, lines, is_told) in [
        (&arguments.consents, privacy.consents.unmatched(), !arguments.judgement.quiet),
        (&arguments.objections, objections, true),
        (&arguments.decisions, privacy.decisions.unmatched(), !arguments.judgement.quiet),
    ] {
        if is_told {
            for line in lines {
                let list = list.as_ref().map(|path| path.display().to_string()).unwrap_or_default();
                tell(&match language {
                    Language::French => {
                        format!("{list}:{line} : aucune fiche ne nomme cette personne ; vérifiez l’écriture")
                    }
                    Language::English => format!("{list}:{line}: no record names this person; check the spelling"),
                });
            }
        }
    }
    if !arguments.judgement.quiet {
        for line in privacy.consents.shared() {
            let list = arguments.consents.as_ref().map(|path| path.display().to_string()).unwrap_or_default();
            tell(&match language {
                Language::French => format!(
                    "{list}:{line} : plusieurs contacts portent ce nom et sont publiés ; donnez plutôt l’adresse \
                     électronique de la personne qui a donné son accord"
                ),
                Language::English => format!(
                    "{list}:{line}: several contacts bear this name and are published; give the mailbox of the one who \
                     agreed instead"
                ),
            });
        }
        if let Some(review) = &published.review {
            let review = review.display();
            tell(&match language {
                Language::French => format!(
                    "{} peut-être une personne ; à juger dans {review} (colonne « decision »), à relire avec --decisions",
                    counted(published.doubtful, "mention nomme", "mentions nomment")
                ),
                Language::English => format!(
                    "{} a person; judge them in {review} (column “decision”), to be read with --decisions",
                    counted(published.doubtful, "mention may name", "mentions may name")
                ),
            });
        }
        if let Some(told) = told_grants(&published.granted, language) {
            tell(&told);
        }
        let folder = folder.display();
        let (records, withheld) = (published.records, published.withheld.total());
        tell(&match language {
            Language::French => format!(
                "publié dans {folder} : {}, {}",
                counted(records, "fiche", "fiches"),
                counted(withheld, "valeur personnelle retirée", "valeurs personnelles retirées")
            ),
            Language::English => format!(
                "published in {folder}: {}, {}",
                counted(records, "record", "records"),
                counted(withheld, "personal value withheld", "personal values withheld")
            ),
        });
    }
    let is_described = missing.iter().all(|finding| finding.level < Level::Error);
    Ok(Verdict::of(
        left_out.is_empty()
            && bad.is_empty()
            && of_files.is_empty()
            && is_described
            && is_whole
            && is_heeded
            && (!arguments.strict || outcome.summary.errors == 0),
    ))
}

/// How many of the grants are in their table, and why others are not; nothing where the records tell of none.
fn told_grants(granted: &Granted, language: Language) -> Option<String> {
    let (all, rows, reasons) = (granted.told(), granted.rows, granted.reasons(language));
    if all == 0 {
        return None;
    }
    Some(match (language, reasons.as_str()) {
        (Language::French, "") => format!("subventions.csv : {rows} sur {all}"),
        (Language::English, "") => format!("subventions.csv: {rows} of {all}"),
        (Language::French, _) => format!("subventions.csv : {rows} sur {all} ; ne peuvent y être : {reasons}"),
        (Language::English, _) => format!("subventions.csv: {rows} of {all}; cannot be in it: {reasons}"),
    })
}

/// Which record is left out, and the first reason.
fn told(finding: &Finding, language: Language) -> String {
    let record = finding.record.as_ref();
    let name = record.and_then(|record| record.name.as_deref().or(record.id.as_deref()));
    let (file, place, code) = (&finding.location.file, finding.location.within_file(language), finding.code);
    match (name, language) {
        (Some(name), Language::French) => format!("« {name} », {file}, {place} : {code}"),
        (Some(name), Language::English) => format!("“{name}”, {file}, {place}: {code}"),
        (None, Language::French) => format!("sans nom, {file}, {place} : {code}"),
        (None, Language::English) => format!("no name, {file}, {place}: {code}"),
    }
}

/// Which record is left out because of a character that no file should hold.
fn told_character(entry: &OwnedEntry, pointer: &str, c: char, language: Language) -> String {
    let location = entry.location(pointer);
    let name = entry.record.name.as_deref().or(entry.record.id.as_deref()).unwrap_or("?");
    let name: String = name.chars().filter(|c| !c.is_control()).collect();
    let (file, place, code) = (&location.file, location.within_file(language), u32::from(c));
    match language {
        Language::French => {
            format!("« {name} », {file}, {place} : caractère de contrôle U+{code:04X}, à retirer de la source")
        }
        Language::English => {
            format!("“{name}”, {file}, {place}: control character U+{code:04X}, to be removed from the source")
        }
    }
}

/// Sums the findings up on the standard error.
fn talk(arguments: &Arguments, outcome: &Outcome, settings: &Settings) {
    if !arguments.judgement.quiet {
        // Talk that nobody hears is no reason to fail.
        let _ = write_summary(outcome, settings, colours(&std::io::stderr()), &mut std::io::stderr());
    }
}
