//! What was understood, in a few lines: « 40 sites sans https:// : D6 à D45 ».

use std::collections::BTreeMap;
use std::io::Write;

use crate::finding::{Finding, Level};
use crate::language::{Language, Phrase, counted};
use crate::location::{Location, column_letters};
use crate::reading::Way;

/// As many runs of rows as are named one by one.
const NAMED: usize = 4;

/// Values read in the same way under the same label: their memory grows with the labels, not with the values.
#[derive(Default)]
pub(super) struct Understood {
    groups: BTreeMap<Key, Group>,
}

/// The file, the sheet and the label, in the order of the source, and how the values were read.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Key {
    file: String,
    sheet: Option<String>,
    column: u32,
    label: Option<String>,
    what: What,
}

/// What is told together, and asks nothing of the sender.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum What {
    /// A value that was read in this way.
    Read(Way),
    /// A region that is absent, and told by the departments.
    Region,
    /// A department that is absent, and told by the address.
    Department,
}

impl What {
    fn of(finding: &Finding) -> Option<What> {
        let is_told = finding.level == Level::Info && finding.suggestion.is_some();
        match (finding.way, finding.code) {
            (Some(way), _) => Some(What::Read(way)),
            (None, "missing-region") if is_told => Some(What::Region),
            (None, "missing-department") if is_told => Some(What::Department),
            _ => None,
        }
    }

    /// What one such value is called, and what several are.
    fn names(self) -> [Phrase; 2] {
        match self {
            What::Read(way) => way.names(),
            What::Region => [
                Phrase {
                    fr: "région absente, que le reste de la fiche donne",
                    en: "region absent, told by the rest of the record",
                },
                Phrase {
                    fr: "régions absentes, que le reste des fiches donne",
                    en: "regions absent, told by the rest of the records",
                },
            ],
            What::Department => [
                Phrase {
                    fr: "département absent, que l’adresse donne", en: "department absent, told by the address"
                },
                Phrase {
                    fr: "départements absents, que les adresses donnent",
                    en: "departments absent, told by the addresses",
                },
            ],
        }
    }
}

struct Group {
    count: u64,
    /// The first of them, as an example: what stood there, and what it was read as.
    was: String,
    value: String,
    /// The first and the last row of each run, and whether there are more runs.
    runs: Vec<(u64, u64)>,
    last: u64,
    has_cells: bool,
}

impl Understood {
    pub fn is_empty(&self) -> bool {
        self.groups.is_empty()
    }

    /// Takes a finding that tells what was understood; answers whether it is one.
    pub fn take(&mut self, finding: &Finding) -> bool {
        let (Some(what), Some(value)) = (What::of(finding), &finding.suggestion) else { return false };
        let was = finding.value.clone().unwrap_or_default();
        let Location { file, sheet, cell, row, line, column, label, path, heading: _ } = &finding.location;
        let is_tree = path.is_some();
        let label = label.clone().or_else(|| path.as_ref().map(|path| without_ranks(path)));
        // In a tree the column is that of the character.
        let column = if is_tree || label.is_none() { 0 } else { column.unwrap_or_default() };
        let column = if cell.is_some() { finding.location.column.unwrap_or_default() } else { column };
        let key = Key { file: file.clone(), sheet: sheet.clone(), column, label, what };
        let at = line.or(*row).unwrap_or_default();
        let group = self.groups.entry(key).or_insert_with(|| Group {
            count: 0,
            was,
            value: value.clone(),
            runs: Vec::new(),
            last: 0,
            has_cells: cell.is_some(),
        });
        group.count += 1;
        group.last = group.last.max(at);
        let count = group.runs.len();
        match group.runs.last_mut() {
            Some((_, last)) if at == *last || at == *last + 1 => *last = at,
            _ if count <= NAMED => group.runs.push((at, at)),
            _ => {}
        }
        true
    }

    pub fn write(&self, language: Language, names_files: bool, out: &mut dyn Write) -> std::io::Result<()> {
        let french = language == Language::French;
        let colon = if french { " :" } else { ":" };
        for (key, group) in &self.groups {
            let [one, many] = key.what.names().map(|name| name.in_language(language));
            let place = place(key, group, language, names_files);
            let read = match (key.what, french) {
                (What::Read(_), true) => format!("« {} » compris comme {}", group.was, group.value),
                (What::Read(_), false) => format!("“{}” read as {}", group.was, group.value),
                (_, true) => format!("par exemple {}", group.value),
                (_, false) => format!("for example {}", group.value),
            };
            let shown = |text: &str| crate::text::visible::one_line(text).into_owned();
            writeln!(out, "  {}{colon} {} ({})", counted(group.count, one, many), shown(&place), shown(&read))?;
        }
        Ok(())
    }
}

fn place(key: &Key, group: &Group, language: Language, names_files: bool) -> String {
    let french = language == Language::French;
    let to = if french { "à" } else { "to" };
    let cell = |row: u64| match group.has_cells {
        true => format!("{}{row}", column_letters(key.column)),
        false => row.to_string(),
    };
    let first = group.runs.first().map_or(0, |(first, _)| *first);
    let rows = if group.runs.len() > NAMED {
        match french {
            true => format!("entre {} et {}", cell(first), cell(group.last)),
            false => format!("between {} and {}", cell(first), cell(group.last)),
        }
    } else {
        let run = |(first, last): &(u64, u64)| match first == last {
            true => cell(*first),
            false => format!("{} {to} {}", cell(*first), cell(*last)),
        };
        group.runs.iter().map(run).collect::<Vec<_>>().join(", ")
    };
    let is_one = group.runs.len() == 1 && first == group.last;
    let mut place = match (group.has_cells, is_one, french) {
        (true, ..) => rows,
        (false, true, true) => format!("ligne {rows}"),
        (false, false, true) => format!("lignes {rows}"),
        (false, true, false) => format!("line {rows}"),
        (false, false, false) => format!("lines {rows}"),
    };
    if let Some(label) = key.label.as_ref().filter(|label| !group.has_cells && !label.is_empty()) {
        place = format!("{place}, {label}");
    }
    if let Some(sheet) = &key.sheet {
        place = format!("{sheet}, {place}");
    }
    if names_files {
        place = format!("{}, {place}", key.file);
    }
    place
}

/// A path without the ranks of elements: those of one list are told together.
fn without_ranks(path: &str) -> String {
    let is_rank = |step: &&str| step.is_empty() || step.bytes().any(|byte| !byte.is_ascii_digit());
    path.split('/').filter(is_rank).collect::<Vec<_>>().join("/")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::import::Input;
    use crate::settings::Settings;

    fn told(csv: &str) -> String {
        let settings = Settings { language: Language::French, ..Settings::default() };
        let input = Input::from_bytes("envoi.csv", csv.as_bytes().to_vec());
        let mut understood = Understood::default();
        for finding in crate::validate(vec![input], &settings).unwrap().findings {
            understood.take(&finding);
        }
        let mut out = Vec::new();
        understood.write(Language::French, false, &mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn equal_readings_are_told_together() {
        let rows = |sites: &[&str]| {
            let rows: String = sites.iter().map(|site| format!("Pôle {site},{site}\n")).collect();
            told(&format!("nom,site\n{rows}"))
        };
        let first = "(« www.a.fr » compris comme https://www.a.fr)\n";
        assert_eq!(rows(&["www.a.fr"]), format!("  1 site sans https:// : ligne 2, site {first}"));
        assert_eq!(
            rows(&["www.a.fr", "www.b.fr", "https://c.fr", "www.d.fr"]),
            format!("  3 sites sans https:// : lignes 2 à 3, 5, site {first}")
        );
        let scattered: Vec<&str> = ["www.a.fr", "https://c.fr"].into_iter().cycle().take(13).collect();
        assert_eq!(rows(&scattered), format!("  7 sites sans https:// : lignes entre 2 et 14, site {first}"));
        assert_eq!(rows(&["https://a.fr"]), "");
    }
}
