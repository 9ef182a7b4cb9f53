//! What a row of its own, or the name of a sheet, says of all records below it: their region, department or call.

use super::Sink;
use crate::error::Result;
use crate::field::Field;
use crate::reference::{departments, regions};
use crate::row::{Label, RemarkKind, Target};
use crate::text::fold::folded;
use crate::vocabulary;

/// What stands for the label of a value that a row, or a line, of its own says of those below it.
pub(in crate::import) const HEADING: &str = "(intertitre)";

/// What stands for the label of a value that the name of the sheet says.
const SHEET_NAME: &str = "(nom de la feuille)";

/// A value that all records below it have.
pub(super) struct Heading {
    label: u32,
    /// What of a record it tells.
    kind: &'static Kind,
    /// The value and its place; none where the heading is over.
    told: Option<(String, u64, u32)>,
    /// Whether a record has it.
    is_used: bool,
}

/// What headings may tell.
struct Kind {
    /// The field, and the beginning of the pointers of those that say the same of a record.
    field: &'static str,
    group: &'static str,
    /// The fields whose headings are over where one of this kind comes: a region has other departments than the last one.
    ends: &'static [&'static str],
    find: fn(&str) -> Option<&str>,
}

const DEPARTMENTS: &str = "/territoire/departements";

static KINDS: [Kind; 3] = [
    Kind { field: "/region/nom", group: "/region/", ends: &["/region/nom", DEPARTMENTS], find: region_in },
    Kind { field: DEPARTMENTS, group: DEPARTMENTS, ends: &[DEPARTMENTS], find: department_in },
    Kind { field: "/appel/edition", group: "/appel/edition", ends: &["/appel/edition"], find: edition_in },
];

/// What a text alone says of records, and its kind.
fn told_by(text: &str) -> Option<(&'static Kind, &str)> {
    KINDS.iter().find_map(|kind| Some((kind, (kind.find)(text)?)))
}

/// Whether a text that stands alone in its row says something of the records below it.
pub(in crate::import) fn is_heading(text: &str) -> bool {
    told_by(text).is_some()
}

impl Sink<'_> {
    /// A row that says something of the rows below it; where these say it themselves, it only stands there.
    pub fn section(&mut self, text: &str, line: u64, column: u32) -> Result<()> {
        let Some((kind, value)) = told_by(text) else {
            // A heading that we do not understand ends what the last ones have said.
            self.end_headings(|_, _| true)?;
            return self.outside(text, line, column);
        };
        // What came first is the larger: the next call has other regions where calls list them.
        let larger = self.headings.iter().position(|heading| std::ptr::eq(heading.kind, kind)).unwrap_or(usize::MAX);
        self.end_headings(|rank, heading| rank > larger || kind.ends.contains(&heading.kind.field))?;
        let own: Vec<u32> = self.headings.iter().map(|heading| heading.label).collect();
        if self.has_column(kind, &own) {
            return self.outside(text, line, column);
        }
        let told = Some((value.to_owned(), line, column));
        if let Some(heading) = self.headings.iter_mut().find(|heading| std::ptr::eq(heading.kind, kind)) {
            (heading.told, heading.is_used) = (told, false);
        } else if let Some(field) = Field::at(kind.field) {
            let label = self.settled(HEADING, Target::Field(field, None), line, column)?;
            self.headings.push(Heading { label, kind, told, is_used: false });
        }
        Ok(())
    }

    /// Ends some headings, by their ranks; one that no record has is a text like any other.
    fn end_headings(&mut self, is_over: impl Fn(usize, &Heading) -> bool) -> Result<()> {
        let mut unused = Vec::new();
        for (rank, heading) in self.headings.iter_mut().enumerate() {
            if is_over(rank, heading) {
                unused.extend(heading.told.take().filter(|_| !heading.is_used));
            }
        }
        unused.into_iter().try_for_each(|(text, line, column)| self.outside(&text, line, column))
    }

    /// The table is over, and what its headings say.
    pub fn leave_headings(&mut self) -> Result<()> {
        self.end_headings(|_, _| true)?;
        self.headings.clear();
        Ok(())
    }

    /// The name of a sheet that is a region, a department or the year of a call, says it of the records below a header that does
    /// not.
    pub fn sheet_says(&mut self, line: u64) -> Result<()> {
        self.common.clear();
        let name = self.layout.sheet.clone().filter(|_| self.layout.format.is_workbook());
        let Some(name) = name.filter(|_| self.mapping.is_none()) else { return Ok(()) };
        if let Some((kind, value)) = told_by(&name)
            && let Some(field) = Field::at(kind.field)
            && !self.has_column(kind, &[])
        {
            let label = self.settled(SHEET_NAME, Target::Field(field, None), line, 1)?;
            self.common.push(Heading { label, kind, told: Some((value.to_owned(), line, 1)), is_used: true });
        }
        Ok(())
    }

    /// What stands above the table that follows, and its line; it may be the name of the one record in it.
    pub fn set_title(&mut self, title: Option<(String, u64)>) {
        self.title = title;
    }

    /// Whether that has become the name of a record.
    pub fn has_taken_title(&self) -> bool {
        self.title.is_none()
    }

    /// The name of the one record of a sheet that no label of it names: what stands above its table, or the name of the sheet.
    pub fn title_of_sheet(&mut self, line: u64) -> Option<(String, u64, u32)> {
        let above = self.title.take_if(|(text, _)| vocabulary::names_hub(text));
        let sheet =
            || self.layout.sheet.clone().filter(|name| self.layout.format.is_workbook() && vocabulary::names_hub(name));
        above.map(|(text, line)| (text, line, 1)).or_else(|| sheet().map(|name| (name, line, 1)))
    }

    /// Tells of the record that was just read that its name is a title.
    pub fn remark_on_title(&mut self, text: String, line: u64, column: u32) -> Result<()> {
        self.remark(RemarkKind::Title, text, line, column)?;
        if let Some(remark) = self.remarks.last_mut() {
            remark.record = self.records;
        }
        Ok(())
    }

    /// Whether a column of the header says what headings of a kind do; `own` are labels of headings.
    fn has_column(&self, kind: &Kind, own: &[u32]) -> bool {
        let says = |label: &Label| match label.target {
            Target::Field(field, _) | Target::Taken(field) => field.pointer.starts_with(kind.group),
            _ => false,
        };
        let labels = (self.header as u32..).zip(&self.layout.labels[self.header..]);
        labels.into_iter().any(|(rank, label)| says(label) && !own.contains(&rank))
    }

    /// Adds to the row that is filled what is said of it above.
    pub(super) fn push_headings(&mut self) {
        if self.headings.is_empty() && self.common.is_empty() || self.rows.current().cells().is_empty() {
            return;
        }
        let said: Vec<&Kind> =
            self.headings.iter().filter(|own| own.told.is_some()).map(|heading| heading.kind).collect();
        let common = self.common.iter_mut().filter(|common| !said.iter().any(|own| std::ptr::eq(*own, common.kind)));
        for heading in self.headings.iter_mut().chain(common) {
            if let Some((text, line, column)) = &heading.told {
                heading.is_used = true;
                self.rows.push(heading.label, 0, true, text, *line, *column);
            }
        }
    }
}

/// What stands before what a heading counts or adds: « Grand Est (2 PTCE) », « Bretagne : 3 ».
fn without_count(text: &str) -> &str {
    text[..text.find(['(', ':']).unwrap_or(text.len())].trim()
}

/// A text without one of some words before it, and a colon.
fn without<'t>(text: &'t str, words: &[&str]) -> &'t str {
    let Some((first, rest)) = text.split_once([' ', ':']) else { return text };
    if words.contains(&folded(first).as_str()) { rest.trim_start_matches([' ', ':']) } else { text }
}

/// The name of a region in a text that says nothing else: « Région Bretagne ».
fn region_in(text: &str) -> Option<&str> {
    let name = without_count(without(text, &["region"]));
    regions::is_name(name).then_some(name)
}

/// A department in a text that says nothing else: « ARDÈCHE », « Département : Ardèche (07) », « 07 – Ardèche ».
fn department_in(text: &str) -> Option<&str> {
    let text = without(text, &["departement", "dept", "dpt", "dep"]).trim();
    let is_code = |code: &str| departments::by_code(code).is_some();
    let is_of = |name: &str, code: &str| departments::by_name(name).is_some_and(|known| known.code == code);
    let digits = text.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(text.len());
    let (code, behind) = text.split_at(digits);
    let behind = behind.trim_matches([' ', '-', '–', '—', ':', '(', ')', '.']);
    if is_code(code) && (behind.is_empty() || is_of(behind, code)) {
        return Some(text);
    }
    let name = without_count(text);
    departments::by_name(name)?;
    let code = text[name.len()..].trim().strip_prefix('(').and_then(|rest| rest.split(')').next());
    Some(if code.is_some_and(|code| is_of(name, code)) { text } else { name })
}

/// The year of a call that a text is, among words that say nothing else: « Lauréats 2014 ».
fn edition_in(name: &str) -> Option<&str> {
    const PLAIN: &[&str] = &[
        "a",
        "aap",
        "ami",
        "annee",
        "appel",
        "appels",
        "candidats",
        "candidatures",
        "de",
        "des",
        "dossiers",
        "du",
        "edition",
        "en",
        "l",
        "la",
        "laureat",
        "laureats",
        "les",
        "liste",
        "poles",
        "projet",
        "projets",
        "promotion",
        "ptce",
        "selection",
        "session",
        "vague",
    ];
    let words = folded(name);
    let is_year =
        |word: &str| word.len() == 4 && ("1990".."2100").contains(&word) && word.bytes().all(|b| b.is_ascii_digit());
    let mut years = words.split(' ').filter(|word| is_year(word));
    let year = years.next().filter(|_| years.next().is_none())?;
    let is_plain = words.split(' ').all(|word| word == year || PLAIN.contains(&word));
    let at = name.find(year).filter(|_| is_plain)?;
    Some(&name[at..at + year.len()])
}
