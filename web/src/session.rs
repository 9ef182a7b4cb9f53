//! A session: the files that a person has given, what was found in them, and what is asked about them.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use ptce::export::open_data::{
    Consents, Decisions, Doubtful, Metadata, Objections, OpenData, OpenDataOptions, Privacy, unwritable,
};
use ptce::export::{CsvReader, Exporter, Options as ExportOptions};
use ptce::fix::{self, Log, Plan};
use ptce::import::{Found, SavedMapping, open_held};
use ptce::patch::{self, Copied};
use ptce::report::{Colours, LetterForm, Report, ReportFormat};
use ptce::run::{self, Event, Options, Outcome};
use ptce::settings::{Configuration, Settings};
use ptce::{Error, Finding, Format, Input, Language, Level, Phrase, Profile, field, inspect, rules, schema};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// Findings that are kept to be looked at; the others are counted, and the reports have them.
const KEPT: usize = 200_000;

/// What is told of a question: JSON, and a file.
#[derive(Default)]
pub struct Answer {
    /// The answer.
    pub json: String,
    /// The bytes of the file that was asked for.
    pub bytes: Vec<u8>,
}

/// Tells how many bytes were read, of how many.
pub type Tell<'t> = &'t mut dyn FnMut(u64, u64);

/// The files of a person.
#[derive(Default)]
pub struct Session {
    files: Vec<(String, Arc<[u8]>)>,
    ask: Asked,
    findings: Vec<Finding>,
    /// The files in the order in which they were read.
    order: Vec<String>,
    /// What could be corrected, by file, since the last check.
    plans: BTreeMap<String, Plan>,
}

/// What is asked of the records; it stays until it is said anew.
#[derive(Default, Clone, Deserialize)]
#[serde(default, rename_all = "camelCase", deny_unknown_fields)]
struct Asked {
    language: String,
    /// The day of the reader, as `2026-12-31`: by it what the configuration accepts for a while expires.
    today: String,
    profile: Option<String>,
    /// The text of a configuration file, and its name.
    configuration: Option<(String, String)>,
    /// The text of a mapping, and its name.
    mapping: Option<(String, String)>,
    /// Which field each label means, by file, table and the name of the label.
    meanings: BTreeMap<String, Vec<BTreeMap<String, String>>>,
}

#[derive(Deserialize)]
#[serde(tag = "do", rename_all = "camelCase", rename_all_fields = "camelCase", deny_unknown_fields)]
enum Question {
    /// Forgets the files.
    Forget,
    /// Says what is asked of the records, and checks them.
    Check { asked: Asked },
    /// Some of the findings.
    Findings(Wanted),
    /// How the files are understood.
    Understood,
    /// The mapping of a file, to be kept.
    Mapping { file: String },
    /// A report; of a letter the template of the office.
    Report { form: String, template: Option<String> },
    /// The source, annotated.
    Annotated { fill: bool },
    /// What could be corrected in a file.
    Corrections { file: String },
    /// A file with the corrections of these ranks; `part` is the file, its log, or the plan as a table to tick.
    Corrected { file: String, chosen: BTreeSet<usize>, part: String },
    /// A file before the corrections of a log.
    Undone { file: String, log: (String, String) },
    /// Another format.
    Converted { to: String, for_excel: bool },
    /// A publication.
    Published(Publishing),
    /// The entry form: a table (`xlsx`, `csv`), or the form of one record (`upright`).
    Form { to: String },
    /// What a rule says.
    Explained { code: String },
    /// What the program is.
    About,
    /// Nothing: it is asked before a person does, and makes what is made once.
    Warm,
}

/// Which findings are wanted.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Wanted {
    levels: Vec<Level>,
    code: Option<String>,
    file: Option<String>,
    /// A text that the record or the finding holds.
    text: Option<String>,
    /// The first group that is wanted, and how many findings at most.
    first: usize,
    most: usize,
}

/// How a publication is made.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Publishing {
    metadata: Option<(String, String)>,
    consents: Option<(String, String)>,
    objections: Option<(String, String)>,
    decisions: Option<(String, String)>,
    keep_invalid: bool,
    withhold_doubtful: bool,
    /// The day of the reader, where a consent of a day to come is refused.
    today: String,
    /// Which file of it is wanted: the archive, the list to look at, the page.
    part: String,
}

/// The findings of a record, or of a file.
#[derive(Serialize)]
struct Of<'f> {
    file: &'f str,
    #[serde(skip_serializing_if = "Option::is_none")]
    index: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<&'f str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    completeness: Option<u8>,
    findings: Vec<Value>,
}

type Answered = Result<(Value, Vec<u8>), Error>;

impl Session {
    /// Adds a file: its name, with its folders where it is of a folder, and its bytes.
    pub fn add(&mut self, name: &str, bytes: Box<[u8]>) {
        self.files.push((name.to_owned(), bytes.into()));
    }

    /// Answers a question in JSON.
    pub fn answer(&mut self, question: &[u8], tell: Tell<'_>) -> Answer {
        let answered = match serde_json::from_slice(question) {
            Ok(question) => self.answered(question, tell),
            Err(error) => return refused(&json!({ "message": error.to_string(), "code": "impossible-request" })),
        };
        match answered {
            Ok((json, bytes)) => Answer { json: json!({ "ok": json }).to_string(), bytes },
            Err(error) => refused(&self.error(&error)),
        }
    }

    fn answered(&mut self, question: Question, tell: Tell<'_>) -> Answered {
        match question {
            Question::Forget => {
                *self = Session::default();
                Ok((Value::Null, Vec::new()))
            }
            Question::Check { asked } => {
                self.ask = asked;
                Ok((self.check(tell)?, Vec::new()))
            }
            Question::Findings(wanted) => Ok((self.wanted(&wanted), Vec::new())),
            Question::Understood => Ok((self.understood()?, Vec::new())),
            Question::Mapping { file } => self.mapping(&file),
            Question::Report { form, template } => self.report(&form, template, tell),
            Question::Annotated { fill } => self.annotated(fill, tell),
            Question::Corrections { file } => Ok((self.corrections(&file)?, Vec::new())),
            Question::Corrected { file, chosen, part } => self.corrected_file(&file, &chosen, &part),
            Question::Undone { file, log } => self.undone(&file, &log),
            Question::Converted { to, for_excel } => self.converted(&to, for_excel, tell),
            Question::Published(publishing) => self.published(&publishing, tell),
            Question::Form { to } => self.form(&to),
            Question::Explained { code } => Ok((self.explained(&code), Vec::new())),
            Question::About => Ok((self.about(), Vec::new())),
            Question::Warm => Ok((warm()?, Vec::new())),
        }
    }

    fn language(&self) -> Language {
        Language::of_locale(&self.ask.language)
    }

    fn phrase(&self, phrase: Phrase) -> &'static str {
        phrase.in_language(self.language())
    }

    fn error(&self, error: &Error) -> Value {
        json!({ "message": error.message(self.language()), "code": error.code(), "file": error.file() })
    }

    fn settings(&self) -> Result<Settings, Error> {
        let configuration = match &self.ask.configuration {
            Some((text, name)) => Configuration::parse(text, name)?,
            None => Configuration::default(),
        };
        let Configuration { profile, values, levels, off, waivers } = configuration;
        let asked = self.ask.profile.as_deref().map(|name| match name {
            "candidature" => Profile::Submission,
            _ => Profile::Laureate,
        });
        let profile = asked.or(profile).unwrap_or_default();
        // Only what expires needs to know the day.
        let today = (!waivers.is_empty()).then(|| self.ask.today.clone());
        Ok(Settings { profile, language: self.language(), values, levels, off, waivers, today })
    }

    /// The files, to be read once more.
    fn found(&self) -> Result<Found, Error> {
        let mut found = open_held(self.files.clone())?;
        let mapping = match &self.ask.mapping {
            Some((text, name)) => Some(Arc::new(SavedMapping::parse(text, name)?)),
            None => None,
        };
        let inputs = std::mem::take(&mut found.inputs);
        for mut input in inputs {
            if let Some(mapping) = &mapping {
                input = input.with_mapping(Arc::clone(mapping));
            }
            if let Some(mapping) = self.corrected(input.name())? {
                input = input.with_mapping(Arc::new(mapping));
            }
            found.inputs.push(input);
        }
        Ok(found)
    }

    fn inputs(&self) -> Result<Vec<Input>, Error> {
        Ok(self.found()?.inputs)
    }

    /// Also those of no format of records, of which a report tells that they were not read.
    fn all_inputs(&self) -> Result<Vec<Input>, Error> {
        let Found { mut inputs, skipped, .. } = self.found()?;
        inputs.extend(skipped.iter().map(|name| Input::passed_over(name)));
        Ok(inputs)
    }

    /// How a file is understood as it stands, and the error of a file of which no label is known.
    fn inspected(&self, input: Input) -> Result<(inspect::Understood, Option<Error>), Error> {
        let name = input.name().to_owned();
        match inspect::inspect(input, self.language(), &Arc::default()) {
            Ok(understood) => Ok((understood, None)),
            Err(error) => {
                let Some(mapping) = inspect::unlabelled(&error) else { return Err(error) };
                let again = self.raw(&name)?.into_iter().next();
                let Some(again) = again else { return Err(error) };
                let again = again.with_mapping(Arc::new(mapping));
                Ok((inspect::inspect(again, self.language(), &Arc::default())?, Some(error)))
            }
        }
    }

    /// One of the files, without any mapping.
    fn raw(&self, name: &str) -> Result<Vec<Input>, Error> {
        Ok(open_held(self.files.clone())?.inputs.into_iter().filter(|input| input.name() == name).collect())
    }

    /// The mapping of a file in which a person has corrected labels.
    fn corrected(&self, name: &str) -> Result<Option<SavedMapping>, Error> {
        let Some(tables) = self.ask.meanings.get(name).filter(|tables| tables.iter().any(|table| !table.is_empty()))
        else {
            return Ok(None);
        };
        let mut input = self.raw(name)?.into_iter().next();
        if let Some((text, file)) = &self.ask.mapping {
            let mapping = Arc::new(SavedMapping::parse(text, file)?);
            input = input.map(|input| input.with_mapping(mapping));
        }
        let Some(input) = input else { return Ok(None) };
        let mut mapping = self.inspected(input)?.0.mapping().clone();
        for (table, meanings) in mapping.tables.iter_mut().zip(tables) {
            for (label, pointer) in meanings {
                table.labels.insert(label.clone(), pointer.clone());
            }
        }
        Ok(Some(mapping))
    }

    fn check(&mut self, tell: Tell<'_>) -> Result<Value, Error> {
        self.plans.clear();
        let settings = self.settings()?;
        let left_behind = self.found()?.left_behind;
        let inputs = self.all_inputs()?;
        let options = Options { goes_on: true, ..Options::default() };
        self.order = inputs.iter().map(|input| input.name().to_owned()).collect();
        let (mut findings, mut faulty, mut all) = (Vec::new(), BTreeSet::new(), 0_u64);
        let outcome = running(inputs, &settings, &options, tell, &mut |event| {
            match event {
                Event::Findings(found) | Event::Record(_, found) => {
                    all += found.len() as u64;
                    for finding in found {
                        if let Some(record) = finding.record.as_ref().filter(|_| finding.level == Level::Error) {
                            faulty.insert((finding.location.file.clone(), record.index));
                        }
                        if findings.len() < KEPT {
                            findings.push(finding);
                        }
                    }
                }
                _ => {}
            }
            Ok(())
        })?;
        self.findings = findings;
        let Outcome { sources, unread, waived, passed_over, summary, .. } = &outcome;
        let accepted: Vec<Value> = waived
            .iter()
            .map(|waived| json!({ "finding": self.told(&waived.finding), "reason": waived.reason, "until": waived.until }))
            .collect();
        let codes: Vec<Value> = summary
            .codes
            .iter()
            .map(|(code, count)| {
                let level = summary.levels.get(code).copied().unwrap_or(Level::Info);
                let said = rules::rule(code).map_or("", |rule| self.phrase(rule.summary));
                json!({ "code": code, "count": count, "level": level, "summary": said })
            })
            .collect();
        Ok(json!({
            "profile": settings.profile.name(),
            "summary": summary,
            "faulty": faulty.len(),
            "findings": all,
            "kept": self.findings.len(),
            "codes": codes,
            "sources": sources,
            "unread": unread.iter().map(|error| self.error(error)).collect::<Vec<_>>(),
            "accepted": accepted,
            "skipped": passed_over,
            "leftBehind": left_behind,
            "notRun": settings.not_run().iter().filter(|rule| settings.off.contains_key(rule.code)).collect::<Vec<_>>(),
        }))
    }

    /// The findings by record: those of a file first, then its records in their order.
    fn wanted(&self, wanted: &Wanted) -> Value {
        let text = wanted.text.as_ref().map(|text| ptce::fold::folded(text)).filter(|text| !text.is_empty());
        let is_wanted = |finding: &Finding| {
            wanted.levels.contains(&finding.level)
                && wanted.code.as_ref().is_none_or(|code| finding.code == code)
                && wanted.file.as_ref().is_none_or(|file| finding.location.file == *file)
                && text.as_ref().is_none_or(|text| {
                    let record = finding.record.as_ref();
                    let name = record.and_then(|record| record.name.as_deref());
                    [Some(finding.message.as_str()), name, finding.value.as_deref(), finding.location.cell.as_deref()]
                        .into_iter()
                        .flatten()
                        .any(|part| ptce::fold::folded(part).contains(text.as_str()))
                })
        };
        let rank = |file: &str| self.order.iter().position(|known| known == file).unwrap_or(usize::MAX);
        let ranks: BTreeMap<&str, usize> = self.order.iter().map(|file| (file.as_str(), rank(file))).collect();
        let mut groups: BTreeMap<(usize, u64), Vec<&Finding>> = BTreeMap::new();
        let mut total = 0;
        for finding in self.findings.iter().filter(|finding| is_wanted(finding)) {
            let file = ranks.get(finding.location.file.as_str()).copied().unwrap_or(usize::MAX);
            let record = finding.record.as_ref().map_or(0, |record| record.index);
            groups.entry((file, record)).or_default().push(finding);
            total += 1;
        }
        let (mut shown, mut given, mut next) = (Vec::new(), 0, None);
        for (rank, (_, mut findings)) in groups.into_iter().enumerate().skip(wanted.first) {
            if given >= wanted.most {
                next = Some(rank);
                break;
            }
            findings.sort_by_key(|finding| std::cmp::Reverse(finding.level));
            given += findings.len();
            let first = findings[0];
            let file = first.location.file.as_str();
            let record = first.record.as_ref();
            shown.push(Of {
                file,
                index: record.map(|record| record.index),
                name: record.and_then(|record| record.name.as_deref().or(record.id.as_deref())),
                // That a record is given twice is told when it is no longer known how complete it was.
                completeness: findings.iter().find_map(|finding| finding.record.as_ref()?.completeness),
                findings: findings.into_iter().map(|finding| self.told(finding)).collect(),
            });
        }
        json!({ "total": total, "groups": shown, "next": next })
    }

    fn told(&self, finding: &Finding) -> Value {
        let mut value = serde_json::to_value(finding).unwrap_or_default();
        value["place"] = finding.location.within_file(self.language()).into();
        value["heading"] = finding.location.heading.clone().or_else(|| finding.location.label.clone()).into();
        value
    }

    fn understood(&self) -> Result<Value, Error> {
        let mut files = Vec::new();
        for input in self.inputs()? {
            let name = input.name().to_owned();
            let corrected = self.ask.meanings.get(&name).is_some_and(|tables| tables.iter().any(|t| !t.is_empty()));
            let told = self.inspected(input).map(|(understood, error)| {
                let mut value = serde_json::to_value(&understood).unwrap_or_default();
                for (table, names) in understood.names().iter().enumerate() {
                    for (label, name) in names.iter().enumerate() {
                        value["tables"][table]["labels"][label]["key"] = name.clone().into();
                    }
                }
                value["problem"] = error.map(|error| error.message(self.language())).into();
                value["corrected"] = corrected.into();
                value
            });
            files.push(told.unwrap_or_else(
                |error| json!({ "file": name, "tables": [], "problem": error.message(self.language()) }),
            ));
        }
        let fields: Vec<Value> = field::fields()
            .filter_map(|field| {
                let node = schema::root().at(field.pointer)?;
                let group = field.pointer.split('/').nth(1)?;
                let group = schema::root().at(&format!("/{group}"))?;
                let title = |node: schema::Node| match self.language() {
                    Language::English if !node.english("title").is_empty() => node.english("title"),
                    _ => node.text("title"),
                };
                Some(json!({ "pointer": field.pointer, "title": title(node), "group": title(group) }))
            })
            .collect();
        Ok(json!({ "files": files, "fields": fields }))
    }

    fn mapping(&self, file: &str) -> Answered {
        let input = self.inputs()?.into_iter().find(|input| input.name() == file);
        let Some(input) = input else { return Ok((Value::Null, Vec::new())) };
        let mapping = self.inspected(input)?.0.mapping().to_toml()?;
        Ok((json!({ "name": "mapping.toml" }), mapping.into_bytes()))
    }

    fn report(&self, form: &str, template: Option<String>, tell: Tell<'_>) -> Answered {
        let (form, extension) = match form {
            "html" => (ReportFormat::Html, "html"),
            "json" => (ReportFormat::Json, "json"),
            "ndjson" => (ReportFormat::Ndjson, "ndjson"),
            "csv" => (ReportFormat::Csv, "csv"),
            "letter" => (ReportFormat::Letter(LetterForm::Text), "txt"),
            "letter-html" => (ReportFormat::Letter(LetterForm::Html), "html"),
            _ => (ReportFormat::Text, "txt"),
        };
        let settings = self.settings()?;
        let options = form.asking(Options { goes_on: true, ..Options::default() });
        let mut report = match (form, template) {
            (ReportFormat::Letter(form), Some(template)) => Report::letter(settings.language, form, template),
            _ => Report::new(form, settings.language, Colours::Without),
        };
        let outcome = running(self.all_inputs()?, &settings, &options, tell, &mut |event| report.add(&event))?;
        let mut bytes = Vec::new();
        // A vector takes all that is written to it.
        let _ = report.write(&outcome, &settings, &mut bytes);
        Ok((json!({ "extension": extension }), bytes))
    }

    fn annotated(&self, fill: bool, tell: Tell<'_>) -> Answered {
        let settings = self.settings()?;
        let mut inputs = self.all_inputs()?;
        let mut copied = Copied::of(&mut inputs)?;
        let options = Options { records: copied.wants_records(), goes_on: true, ..Options::default() };
        running(inputs, &settings, &options, tell, &mut |event| {
            copied.add(&event);
            Ok(())
        })?;
        let ready = copied.ready()?;
        let mut look = patch::Options::default();
        look.language = settings.language;
        look.fill = fill;
        look.about = patch::about(&settings);
        let extension = patch::extension(ready.workbook(), ready.format(), &look.limits)?;
        let done = ready.annotate(&look)?;
        Ok((json!({ "extension": extension, "notes": done.notes, "listed": done.only_listed }), done.bytes))
    }

    /// A file as it was given, and how it is read.
    fn as_given(&self, name: &str) -> Result<(Arc<[u8]>, fix::Options), Error> {
        let mut options = fix::Options::default();
        options.settings = self.settings()?;
        options.mapping = match (self.corrected(name)?, &self.ask.mapping) {
            (Some(mapping), _) => Some(Arc::new(mapping)),
            (None, Some((text, file))) => Some(Arc::new(SavedMapping::parse(text, file)?)),
            (None, None) => None,
        };
        let bytes = self.files.iter().find(|(known, _)| known == name).map(|(_, bytes)| Arc::clone(bytes));
        Ok((bytes.unwrap_or_default(), options))
    }

    fn corrections(&mut self, file: &str) -> Result<Value, Error> {
        let (bytes, options) = self.as_given(file)?;
        let plan = fix::plan(file, &bytes, &options)?;
        let language = self.language();
        let told: Vec<Value> = plan
            .corrections
            .iter()
            .map(|correction| {
                let mut value = serde_json::to_value(correction).unwrap_or_default();
                value["place"] = correction.location.within_file(language).into();
                value["isSafe"] = correction.is_safe().into();
                value["obstacle"] = correction.obstacle.map(|obstacle| obstacle.message(language)).into();
                value
            })
            .collect();
        self.plans.insert(file.to_owned(), plan);
        Ok(told.into())
    }

    fn corrected_file(&mut self, file: &str, chosen: &BTreeSet<usize>, part: &str) -> Answered {
        if !self.plans.contains_key(file) {
            self.corrections(file)?;
        }
        let (bytes, options) = self.as_given(file)?;
        let Some(plan) = self.plans.get_mut(file) else { return Ok((Value::Null, Vec::new())) };
        for (rank, correction) in plan.corrections.iter_mut().enumerate() {
            correction.chosen = chosen.contains(&rank);
        }
        let plan = &self.plans[file];
        if part == "plan" {
            return Ok((json!({ "extension": "xlsx" }), plan.to_xlsx(self.language())?));
        }
        let fixed = fix::apply(file, &bytes, plan, &options)?;
        let left: Vec<Value> = fixed
            .left
            .iter()
            .map(|(correction, obstacle)| {
                json!({
                    "place": correction.location.within_file(self.language()),
                    "before": correction.before,
                    "after": correction.after,
                    "message": obstacle.message(self.language()),
                })
            })
            .collect();
        let told = json!({ "changes": fixed.log.changes.len(), "left": left, "already": fixed.already });
        Ok((told, if part == "log" { fixed.log.to_json()?.into_bytes() } else { fixed.bytes }))
    }

    fn undone(&self, file: &str, (text, name): &(String, String)) -> Answered {
        let (bytes, options) = self.as_given(file)?;
        let undone = fix::undo(&bytes, &Log::parse(text, name)?, &options)?;
        Ok((
            json!({ "changes": undone.count, "left": undone.left.len(), "isOriginal": undone.is_original }),
            undone.bytes,
        ))
    }

    fn converted(&self, to: &str, for_excel: bool, tell: Tell<'_>) -> Answered {
        let settings = self.settings()?;
        let (format, extension) = match to {
            "tables" => (Format::Tables, "zip"),
            to => (Format::of_extension(to).unwrap_or(Format::Json), to),
        };
        let csv = if for_excel { CsvReader::FrenchExcel } else { CsvReader::Programs };
        let choices = ExportOptions { csv, profile: settings.profile, ..ExportOptions::default() };
        let mut bytes = Vec::new();
        let mut exporter = Exporter::new(format, &mut bytes, &choices)?;
        let asked = exporter.asking(Options::default());
        let outcome = running(self.inputs()?, &settings, &asked, tell, &mut |event| exporter.add(event))?;
        exporter.finish()?;
        Ok((json!({ "extension": extension, "records": outcome.summary.records }), bytes))
    }

    fn published(&self, publishing: &Publishing, tell: Tell<'_>) -> Answered {
        fn companion<T>(
            given: &Option<(String, String)>,
            parse: impl FnOnce(&str, &str) -> Result<T, Error>,
        ) -> Result<Option<T>, Error> {
            given.as_ref().map(|(text, name)| parse(text, name)).transpose()
        }
        let settings = self.settings()?;
        let consents = companion(&publishing.consents, |text, name| {
            let consents = Consents::parse(text, name)?;
            match publishing.today.parse() {
                Ok(today) => consents.until(today),
                Err(_) => Ok(consents),
            }
        })?;
        let open_data = OpenDataOptions {
            metadata: companion(&publishing.metadata, Metadata::parse)?.unwrap_or_default(),
            made: None,
            privacy: Privacy {
                keep_contacts: None,
                consents: consents.unwrap_or_default(),
                objections: companion(&publishing.objections, Objections::parse)?.unwrap_or_default(),
                decisions: companion(&publishing.decisions, Decisions::parse)?.unwrap_or_default(),
                doubtful: if publishing.withhold_doubtful { Doubtful::Withhold } else { Doubtful::Publish },
            },
            keep_excluded: publishing.keep_invalid,
        };
        let described_in = publishing.metadata.as_ref().map(|(_, name)| name.as_str());
        let missing = open_data.metadata.findings(described_in, &settings);
        let mut publication = OpenData::in_memory("publication.zip", &open_data)?;
        let options = Options { records: true, ..Options::default() };
        let mut left_out: BTreeMap<u64, Value> = BTreeMap::new();
        let (mut hidden, mut unwritten) = (Vec::new(), Vec::new());
        let mut rank = 0;
        let outcome = running(self.inputs()?, &settings, &options, tell, &mut |event| match event {
            Event::Record(entry, findings) => {
                rank += 1;
                if let Some(finding) = findings.iter().find(|finding| finding.level == Level::Error) {
                    left_out.insert(rank, self.told(finding));
                }
                if let Some((pointer, c)) = unwritable(&entry.record) {
                    let character = Phrase {
                        fr: "caractère de contrôle U+{code}, à retirer de la source",
                        en: "control character U+{code}, to be removed from the source",
                    };
                    let code = format!("{:04X}", u32::from(c));
                    unwritten.push(json!({
                        "record": { "nom": entry.record.name },
                        "place": entry.location(pointer).within_file(settings.language),
                        "message": character.fill(settings.language, &[("code", &code)]),
                    }));
                }
                publication.record(entry.into_record())
            }
            Event::Unpublishable(rank, finding) => {
                left_out.entry(rank).or_insert_with(|| self.told(&finding));
                Ok(())
            }
            Event::Findings(findings) => {
                hidden.extend(findings.iter().filter(|f| f.code.starts_with("hidden-")).map(|f| self.told(f)));
                Ok(())
            }
            _ => Ok(()),
        })?;
        let published = publication.finish(&|rank| left_out.contains_key(&rank))?;
        let Some(held) = published.held else { return Ok((Value::Null, Vec::new())) };
        let unmatched = [
            ("consents", open_data.privacy.consents.unmatched()),
            ("objections", open_data.privacy.objections.unmatched()),
            ("decisions", open_data.privacy.decisions.unmatched()),
        ];
        let json = json!({
            "records": published.records,
            "read": outcome.summary.records,
            "withheld": published.withheld.total(),
            "doubtful": published.doubtful,
            "leftOut": left_out.into_values().chain(unwritten).collect::<Vec<_>>(),
            "hidden": hidden,
            "missing": missing.iter().map(|finding| self.told(finding)).collect::<Vec<_>>(),
            "unmatched": unmatched.into_iter().collect::<BTreeMap<_, _>>(),
            "review": String::from_utf8_lossy(&held.review),
            "bytes": held.archive.len(),
        });
        Ok((
            json,
            match publishing.part.as_str() {
                "review" => held.review,
                "page" => held.page,
                _ => held.archive,
            },
        ))
    }

    fn form(&self, to: &str) -> Answered {
        let settings = self.settings()?;
        let format = if to == "csv" { Format::Csv } else { Format::Xlsx };
        let options = ExportOptions { profile: settings.profile, ..ExportOptions::default() };
        let mut bytes = Vec::new();
        match to {
            "upright" => Exporter::upright_form(&mut bytes, &options)?,
            _ => Exporter::form(format, &mut bytes, &options)?.finish()?,
        }
        Ok((json!({ "extension": format.name() }), bytes))
    }

    fn explained(&self, code: &str) -> Value {
        let Some(rule) = rules::rule(code) else { return Value::Null };
        json!({
            "code": rule.code,
            "level": rule.level,
            "summary": self.phrase(rule.summary),
            "explanation": self.phrase(rule.explanation),
            "basis": rule.basis,
            "wrong": rule.wrong,
            "right": rule.right,
        })
    }

    fn about(&self) -> Value {
        let sources: Vec<_> = ptce::reference::sources::sources().collect();
        json!({ "version": env!("CARGO_PKG_VERSION"), "sources": sources })
    }
}

/// Checks a record that has some of everything, so that tables stand ready and the browser knows what it will run.
fn warm() -> Result<Value, Error> {
    const RECORD: &str = "Nom;Structure porteuse;Région;Département;Adresse;CP;Commune;Contact;Mél.;Tél.;Partenaires\n\
        Pôle;Atelier;Bretagne;35;1 rue de la Gare;35000;Rennes;Camille Exemple;contact@example.org;02 99 00 00 00;Mairie\n";
    ptce::validate(vec![Input::from_bytes("", RECORD.as_bytes().to_vec())], &Settings::default())?;
    Ok(Value::Null)
}

fn refused(error: &Value) -> Answer {
    Answer { json: json!({ "error": error }).to_string(), bytes: Vec::new() }
}

/// Runs, and tells how far it is.
fn running(
    inputs: Vec<Input>,
    settings: &Settings,
    options: &Options,
    tell: Tell<'_>,
    each: &mut dyn FnMut(Event) -> Result<(), Error>,
) -> Result<Outcome, Error> {
    let of: u64 = inputs.iter().map(Input::length).sum();
    let done = Arc::new(AtomicU64::new(0));
    let options = Options { progress: Arc::clone(&done), ..options.clone() };
    let mut told = 0;
    run::run(inputs, settings, &options, &mut |event| {
        let read = done.load(Ordering::Relaxed);
        // A hundredth is the least that anybody sees.
        if read.saturating_sub(told) * 100 > of {
            told = read;
            tell(read, of);
        }
        each(event)
    })
}
