//! Judges records: runs the schema and the rules on each, and tells what they find where it stands.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::LazyLock;

use super::plain::{ANOTHER_YEAR, Plain};
use crate::completeness::Completeness;
use crate::entry::Entry;
use crate::field::{Field, Fields};
use crate::finding::{Confidence, Finding, Level, RecordName, Waived};
use crate::language::{Language, Phrase};
use crate::location::Location;
use crate::mapping::Note;
use crate::record::{Part, Record};
use crate::row::{Batch, Label, Layout, Remark, Row, Target};
use crate::rules::{Check, Problem, RULES, Reporter, Rule, TextCheck};
use crate::schema::{self, Schema, Wanted};
use crate::settings::{Profile, Settings, Values, Waiver};
use crate::text::damage;

/// What is found in one record.
#[derive(Default)]
struct Found {
    findings: Vec<Finding>,
    /// The places at which something was found: by which rules, or by the empty name where a value is explained.
    explained: BTreeMap<String, Vec<&'static str>>,
}

impl Found {
    fn push(&mut self, finding: Finding) {
        let by = if finding.value.is_some() { "" } else { finding.code };
        self.explained.entry(finding.pointer.clone()).or_default().push(by);
        self.findings.push(finding);
    }

    /// Whether there is nothing more to find at a place by a rule. One cause, one finding: the first rule that explains a
    /// value silences the later ones.
    fn explains(&self, pointer: &str, code: &str) -> bool {
        self.explained.get(pointer).is_some_and(|by| by.iter().any(|by| by.is_empty() || *by == code))
    }
}

/// The checks of the texts of each field, by its number, each with the rank of its rule; they are the same for every run.
static TEXT_CHECKS: LazyLock<Vec<Vec<(u8, TextCheck)>>> = LazyLock::new(|| {
    let checks_of = |field: &Field| {
        let check = |(rank, rule): (usize, &&Rule)| match rule.check {
            Check::Text(check) if check.fields.is_empty() || check.fields.contains(&field.pointer) => {
                Some((rank as u8, check))
            }
            _ => None,
        };
        RULES.iter().enumerate().filter_map(check).collect()
    };
    Field::all().iter().map(checks_of).collect()
});

type RecordCheck = fn(&Entry, &mut Reporter<'_>);

/// A rule with the level it has in this run.
#[derive(Clone, Copy)]
struct Applied {
    rule: &'static Rule,
    level: Level,
    /// Whether the configuration set the level, so that the rule itself cannot soften it.
    is_set: bool,
}

/// Everything needed to judge, made once a run.
pub(crate) struct Checker {
    language: Language,
    profile: Profile,
    schema: Schema,
    applied: Vec<Applied>,
    /// The checks of the texts of each field, by its number, in the order of the rules.
    text_checks: Vec<Vec<(Applied, TextCheck)>>,
    record_checks: Vec<(Applied, RecordCheck)>,
    /// Whether values stay as they were typed.
    pub as_typed: bool,
    /// Whether no rule is asked but those that most runs ask, so that a quick look tells of nearly all rows.
    pub is_usual: bool,
    waivers: Vec<Waiver>,
    /// The day of the run, where it is known.
    today: Option<String>,
}

impl Checker {
    pub fn new(settings: &Settings) -> Checker {
        // By the rank of the rule, whether it is applied or not.
        let by_rank: Vec<Option<Applied>> = RULES
            .iter()
            .map(|rule| {
                let is_set = settings.levels.contains_key(rule.code);
                settings.level(rule).map(|level| Applied { rule, level, is_set })
            })
            .collect();
        let applied: Vec<Applied> = by_rank.iter().flatten().copied().collect();
        let record_checks = applied
            .iter()
            .filter_map(|applied| match applied.rule.check {
                Check::Record(check) => Some((*applied, check)),
                _ => None,
            })
            .collect();
        let checks_of = |checks: &Vec<(u8, TextCheck)>| {
            let applied = |(rank, check): &(u8, TextCheck)| Some((by_rank[usize::from(*rank)]?, *check));
            checks.iter().filter_map(applied).collect()
        };
        let is_of_laureates = |applied: &Applied| Profile::Laureate.level(applied.rule).is_some();
        Checker {
            is_usual: settings.values == Values::Understood
                && settings.waivers.is_empty()
                && applied.iter().all(is_of_laureates),
            text_checks: TEXT_CHECKS.iter().map(checks_of).collect(),
            language: settings.language,
            profile: settings.profile,
            schema: Schema::compile(),
            applied,
            record_checks,
            as_typed: settings.values == Values::AsTyped,
            waivers: settings.waivers.clone(),
            today: settings.today.clone(),
        }
    }

    fn applied(&self, code: &str) -> Option<Applied> {
        self.applied.iter().copied().find(|applied| applied.rule.code == code)
    }

    /// How complete a record is for the profile of the run.
    pub fn completeness(&self, entry: &Entry) -> Completeness {
        Completeness::of_fields(entry.present(), self.profile)
    }

    /// How complete a record is that has a value of these fields.
    pub fn completeness_of(&self, has: Fields) -> Completeness {
        Completeness::of_fields(has, self.profile)
    }

    /// How findings name a record.
    pub fn name(&self, entry: &Entry) -> RecordName {
        RecordName {
            index: entry.index,
            id: entry.record.id.map(str::to_owned),
            name: entry.record.name.map(str::to_owned),
            completeness: Some(self.completeness(entry).percent()),
        }
    }

    /// Everything wrong with one record, the texts of which may be damaged or not, as
    /// [`is_possible`](crate::text::damage::is_possible) has it.
    pub fn record(&self, entry: &Entry, notes: &[Note], may_be_damaged: bool) -> Vec<Finding> {
        let mut found = Found::default();
        entry.record.texts(|at, text| {
            // Hardly any text of a row that may be damaged is.
            let may_be_damaged = may_be_damaged && damage::is_possible(text.as_bytes());
            for (applied, check) in &self.text_checks[usize::from(at.field)] {
                if text.len() <= check.longest && (may_be_damaged || !check.is_of_damage) {
                    let mut raise = |problem: Problem| self.raise(*applied, problem, entry, &mut found);
                    (check.check)(entry, at, text, &mut Reporter { raise: &mut raise });
                }
            }
        });
        for (applied, check) in &self.record_checks {
            let mut raise = |problem: Problem| self.raise(*applied, problem, entry, &mut found);
            check(entry, &mut Reporter { raise: &mut raise });
        }
        for note in notes {
            if let Some(applied) = self.applied(note.code) {
                let finding = self.noted(applied, note, entry);
                // What was read is told, and then judged as any other value.
                match note.code {
                    "value-understood" => found.findings.push(finding),
                    _ => found.push(finding),
                }
            }
        }
        for violation in self.schema.violations(entry.record, |pointer, code| found.explains(pointer, code)) {
            if let Some(applied) = self.applied(violation.code) {
                let wanted = self.wanted(&violation.wanted);
                self.raise(applied, Problem::at(violation.pointer).with("expected", wanted), entry, &mut found);
            }
        }
        // The order of reading: by place, then by code.
        let place = |finding: &Finding| {
            let Location { line, row, column, .. } = finding.location;
            (line.or(row), column, finding.code)
        };
        found.findings.sort_by(|a, b| place(a).cmp(&place(b)));
        found.findings
    }

    /// What there is to say of a row that plainly is in order, but for the year of its region perhaps: that rule alone is asked,
    /// of a sketch of the record.
    pub fn plain<'t>(
        &self,
        plain: &Plain<'t>,
        row: Row<'t>,
        layout: &'t Layout,
        sketch: &mut Record<&'t str>,
    ) -> Vec<Finding> {
        let Some(another_year) = &plain.another_year else { return Vec::new() };
        another_year.sketch(&plain.identity, sketch);
        let entry = Entry::new(row.index, sketch, row, layout, &[]).with_present(plain.has);
        let mut found = Vec::new();
        for (applied, check) in self.record_checks.iter().filter(|(applied, _)| applied.rule.code == ANOTHER_YEAR) {
            let mut raise = |problem: Problem| found.push(self.found(*applied, &problem, &entry));
            check(&entry, &mut Reporter { raise: &mut raise });
        }
        found
    }

    /// Takes out of what was found in a record what is accepted, and tells which waivers of it have expired.
    pub fn waive(&self, entry: &Entry, found: &mut Vec<Finding>) -> Vec<Waived> {
        if self.waivers.is_empty() {
            return Vec::new();
        }
        let name = self.name(entry);
        let mut waived = Vec::new();
        for finding in std::mem::take(found) {
            match self.waiver(&finding) {
                Some(waiver) => waived.push(waiver.accept(finding)),
                None => found.push(finding),
            }
        }
        if let Some(applied) = self.applied("expired-waiver") {
            for waiver in self.waivers.iter().filter(|waiver| self.has_expired(waiver) && waiver.is_of(&name)) {
                let problem = Problem::at("")
                    .with("waived", waiver.code.as_str())
                    .with("until", waiver.until.as_str())
                    .with("reason", waiver.reason.as_str());
                found.push(self.finding(applied, &problem, Some(entry), None, entry.location("")));
            }
        }
        waived
    }

    /// The waiver that accepts a finding.
    pub fn waiver(&self, finding: &Finding) -> Option<&Waiver> {
        let record = finding.record.as_ref()?;
        self.waivers
            .iter()
            .find(|waiver| waiver.code == finding.code && !self.has_expired(waiver) && waiver.is_of(record))
    }

    /// Days written so come in the order of their texts.
    fn has_expired(&self, waiver: &Waiver) -> bool {
        self.today.as_ref().is_some_and(|today| *today > waiver.until)
    }

    fn noted(&self, applied: Applied, note: &Note, entry: &Entry) -> Finding {
        let mut problem = Problem::at(note.pointer.as_str());
        let (value, place) = match note.cell {
            Some(cell) => {
                let cell = &entry.row().cells()[cell];
                let label = &entry.layout.labels[cell.label as usize];
                problem = problem.with("label", label.text.as_str()).with("candidates", candidates(&label.target));
                (entry.row().text(cell), entry.layout.location(cell.line, Some(cell.column), Some(label)))
            }
            None => ("", entry.location(&note.pointer)),
        };
        if note.code == "ambiguous-label" {
            problem = problem.saying(UNPARTED);
        }
        let Some(told) = &note.told else {
            return self.finding(applied, &problem, Some(entry), Some(value.to_owned()), place);
        };
        problem = match &told.other {
            Some(other) => problem.with("other", other.as_str()).suggest(told.value.as_str(), Confidence::Medium),
            None => problem.saying(told.way.message()).suggest(told.value.as_str(), Confidence::High),
        };
        let mut finding = self.finding(applied, &problem, Some(entry), Some(told.was.clone()), place);
        finding.way = told.other.is_none().then_some(told.way);
        finding
    }

    fn raise(&self, applied: Applied, problem: Problem, entry: &Entry, found: &mut Found) {
        if !found.explains(&problem.pointer, applied.rule.code) {
            found.push(self.found(applied, &problem, entry));
        }
    }

    /// The finding that tells a problem of a record.
    fn found(&self, applied: Applied, problem: &Problem, entry: &Entry) -> Finding {
        let value = match entry.record.at(&problem.pointer) {
            Some(Part::Text(text)) => Some(text.to_owned()),
            Some(Part::Number(number)) => Some(number.to_string()),
            Some(Part::List(_) | Part::Group(_)) | None => None,
        };
        self.finding(applied, problem, Some(entry), value, entry.location(&problem.pointer))
    }

    fn finding(
        &self,
        applied: Applied,
        problem: &Problem,
        entry: Option<&Entry>,
        value: Option<String>,
        location: Location,
    ) -> Finding {
        let Applied { rule, level, is_set } = applied;
        // A number of the record is told as its readers write it; the finding holds it as programs do.
        let own = match entry.and_then(|entry| entry.record.at(&problem.pointer)) {
            Some(Part::Number(number)) => Some(number.to_string()),
            _ => None,
        };
        let is_number = |name: &str, text: &str| match name {
            "value" => own.as_deref() == Some(text),
            "suggestion" | "other" => own.is_some() || rule.code == "ambiguous-value",
            _ => false,
        };
        let given = problem.arguments.iter().map(|(name, text)| (*name, text.as_str()));
        let of_value = value.iter().map(|text| ("value", text.as_str()));
        let of_suggestion = problem.suggestion.iter().map(|(text, _)| ("suggestion", text.as_str()));
        let told: Vec<(&str, Cow<'_, str>)> = given
            .chain(of_value)
            .chain(of_suggestion)
            .map(|(name, text)| match self.language == Language::French && is_number(name, text) {
                true => (name, Cow::Owned(text.replace('.', ","))),
                false => (name, Cow::Borrowed(text)),
            })
            .collect();
        let mut arguments: Vec<(&str, &str)> = told.iter().map(|(name, text)| (*name, &**text)).collect();
        let title;
        if rule.code == "invalid-value" {
            let node = schema::root().at(&problem.pointer);
            title = node.map_or("", |node| match self.language {
                Language::French => node.text("title"),
                Language::English => node.english("title"),
            });
            arguments.push(("field", title));
        }
        let expected = rule.expected.fill(self.language, &arguments);
        Finding {
            code: rule.code,
            level: problem.level.filter(|_| !is_set).unwrap_or(level),
            message: problem.message.unwrap_or(rule.message).fill(self.language, &arguments),
            record: entry.map(|entry| self.name(entry)),
            pointer: problem.pointer.clone(),
            expected: Some(expected).filter(|expected| !expected.is_empty()),
            suggestion: problem.suggestion.as_ref().map(|(suggestion, _)| suggestion.clone()),
            confidence: problem.suggestion.as_ref().map(|(_, confidence)| *confidence),
            value,
            location,
            way: None,
        }
    }

    fn wanted(&self, wanted: &Wanted) -> String {
        let french = self.language == Language::French;
        match wanted {
            Wanted::Present => String::new(),
            Wanted::OneOf(values) => values.join(", "),
            Wanted::Form(examples) => match examples.first() {
                Some(example) if french => format!("la forme de « {example} »"),
                Some(example) => format!("the form of “{example}”"),
                None => String::new(),
            },
            Wanted::Distinct if french => "des valeurs toutes différentes".to_owned(),
            Wanted::Distinct => "no value twice".to_owned(),
            Wanted::AtLeast(limit) if french => format!("{limit} ou plus"),
            Wanted::AtLeast(limit) => format!("{limit} or more"),
        }
    }

    /// What there is to say of the labels that are new in a batch, and its remarks, in the order of the source.
    pub fn labels(&self, batch: &Batch) -> Vec<Finding> {
        let layout = &batch.layout;
        let mut findings = Vec::new();
        let mut remarks = batch.remarks.iter().filter(|remark| remark.record == 0).peekable();
        for (rank, label) in layout.labels.iter().enumerate().skip(batch.known_labels) {
            while let Some(remark) = remarks.next_if(|remark| remark.after_labels <= rank) {
                findings.extend(self.remark(remark, layout, None));
            }
            findings.extend(self.label(label, layout));
        }
        findings.extend(remarks.filter_map(|remark| self.remark(remark, layout, None)));
        findings
    }

    fn label(&self, label: &Label, layout: &Layout) -> Option<Finding> {
        let code = match label.target {
            Target::Field(..) if label.usual.is_some() => "misspelt-label",
            Target::Field(..) | Target::Joint(..) | Target::Key | Target::Rest | Target::Aside => return None,
            Target::Unknown => "unknown-label",
            Target::Ambiguous(_) => "ambiguous-label",
            Target::Taken(_) => "repeated-label",
            Target::Beside => "text-outside-table",
        };
        let applied = self.applied(code)?;
        let mut problem =
            Problem::at("").with("label", label.text.as_str()).with("candidates", candidates(&label.target));
        if label.text.is_empty() && matches!(label.target, Target::Unknown) {
            problem = problem.saying(UNNAMED);
        }
        if matches!(label.target, Target::Beside) {
            problem = problem.saying(BESIDE);
        }
        if let Some(usual) = &label.usual {
            problem = problem.suggest(usual.as_str(), Confidence::Medium);
        }
        let place = layout.location(label.line, Some(label.column), Some(label));
        Some(self.finding(applied, &problem, None, Some(label.text.clone()), place))
    }

    /// What there is to say of a remark, and of the record that it is about.
    pub fn remark(&self, remark: &Remark, layout: &Layout, entry: Option<&Entry>) -> Option<Finding> {
        let applied = self.applied(remark.kind.code()?)?;
        let mut problem = Problem::at("").with("label", remark.text.as_str());
        if let Some(message) = remark.kind.message(remark.line) {
            let last = remark.kind.last_line(remark.line);
            problem = problem.with("first", remark.line.to_string()).with("last", last.to_string()).saying(message);
        }
        problem.level = remark.kind.level();
        Some(self.finding(applied, &problem, entry, Some(remark.text.clone()), layout.location_of(remark)))
    }

    /// A row without any value.
    pub fn blank(&self, entry: &Entry) -> Option<Finding> {
        let applied = self.applied("blank-record")?;
        let problem = Problem::at("");
        let mut finding = self.finding(applied, &problem, None, None, entry.location(""));
        finding.record = None;
        Some(finding)
    }

    /// A record whose key another one bears already.
    pub fn duplicate(&self, code: &str, twin: &Twin<'_>) -> Option<Finding> {
        let applied = self.applied(code)?;
        let problem = Problem::at(twin.pointer)
            .with("other", twin.other)
            .with("score", twin.score.to_string())
            .with("reasons", twin.reasons.as_str());
        let mut finding = self.finding(applied, &problem, None, Some(twin.value.to_owned()), twin.location.clone());
        finding.record = Some(twin.record.clone());
        Some(finding)
    }
}

/// A record that repeats another one.
pub(crate) struct Twin<'a> {
    pub pointer: &'static str,
    pub value: &'a str,
    /// Where the first one stands, in words.
    pub other: &'a str,
    /// How alike the two are, in hundredths, and what they share, in words.
    pub score: u32,
    pub reasons: String,
    pub record: RecordName,
    pub location: Location,
}

/// What is said of a column that has values and no header.
const UNNAMED: Phrase = Phrase {
    fr: "Cette colonne n’a pas de titre ; ses valeurs ne sont pas vérifiées.",
    en: "This column has no header; its values are not checked.",
};

/// What is said of a cell that does not hold the parts that its label names.
const UNPARTED: Phrase = Phrase {
    fr: "« {value} » ne se partage pas comme le libellé « {label} » entre {candidates} ; le texte est gardé à part.",
    en: "“{value}” cannot be shared out as the label “{label}” does between {candidates}; the text is kept apart.",
};

/// What is said of the comments and links of a column, once.
const BESIDE: Phrase = Phrase {
    fr: "Des cellules ont un commentaire, ou un lien qui mène ailleurs qu’elles ne le disent ; il est gardé dans source.autres \
         et n’est pas vérifié : « {label} ».",
    en: "Cells have a comment, or a link that leads elsewhere than they say; it is kept in source.autres, and not checked: \
         “{label}”.",
};

fn candidates(target: &Target) -> String {
    match target {
        Target::Ambiguous(fields) | Target::Joint(fields, _) => {
            fields.iter().map(|field| field.pointer).collect::<Vec<_>>().join(", ")
        }
        Target::Field(field, _) | Target::Taken(field) => field.pointer.to_owned(),
        Target::Unknown | Target::Rest | Target::Beside | Target::Aside | Target::Key => String::new(),
    }
}
