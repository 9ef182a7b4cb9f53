//! The sheet of the differences in a merged workbook: what each file says, side by side, for a person to decide.

use std::collections::BTreeMap;

use super::{Conflict, Merged, Settled};
use crate::error::{Error, ErrorKind, Result};
use crate::export::PlainSheet;
use crate::guide;
use crate::import::Limits;
use crate::import::workbook::rows_of_sheet;
use crate::language::{Language, Phrase};
use crate::text::fold::folded;

/// The columns before those of the values, with their widths. A person writes in the first one.
const COLUMNS: [(Phrase, u16); 7] = [
    (Phrase { fr: "Décision", en: "Decision" }, 30),
    (Phrase { fr: "État", en: "State" }, 22),
    (Phrase { fr: "PTCE", en: "PTCE" }, 30),
    (Phrase { fr: "Champ", en: "Field" }, 30),
    (Phrase { fr: "Retenu", en: "Kept" }, 30),
    (Phrase { fr: "Fiche (ne pas changer)", en: "Record (do not change)" }, 24),
    (Phrase { fr: "Place (ne pas changer)", en: "Place (do not change)" }, 24),
];
const DECISION: usize = 0;
const RECORD: usize = 5;
const PLACE: usize = 6;

const VALUE: Phrase = Phrase { fr: "Valeur", en: "Value" };
const WHERE: Phrase = Phrase { fr: "Où", en: "Where" };
const ORIGIN: Phrase = Phrase { fr: "Origine", en: "Origin" };

impl Settled {
    /// The state of a difference, in words.
    pub fn described(self, language: Language) -> &'static str {
        let phrase = match self {
            Settled::Open => Phrase { fr: "à trancher", en: "to be decided" },
            Settled::Spelling => Phrase { fr: "écrit autrement", en: "written otherwise" },
            Settled::Removed => Phrase { fr: "retiré", en: "removed" },
            Settled::Preferred => Phrase { fr: "préférence appliquée", en: "preference applied" },
            Settled::Decided => Phrase { fr: "décidé", en: "decided" },
        };
        phrase.in_language(language)
    }
}

/// The decisions of a person, by the record and the place in it.
pub type Decisions = BTreeMap<(String, String), String>;

impl Merged {
    /// The sheets that stand beside the records: the differences, and where each record comes from.
    pub fn sheets(&self, language: Language) -> Vec<PlainSheet> {
        let most = self.conflicts.iter().map(|conflict| conflict.said.len()).max().unwrap_or_default();
        let say = |phrase: Phrase| phrase.in_language(language).to_owned();
        let mut columns: Vec<(String, u16)> = COLUMNS.iter().map(|(title, width)| (say(*title), *width)).collect();
        if self.conflicts.iter().any(|conflict| conflict.base.is_some()) {
            columns.insert(PLACE + 1, (say(ORIGIN), 30));
        }
        let has_origin = columns.len() > COLUMNS.len();
        for rank in 1..=most {
            columns.push((format!("{} {rank}", say(VALUE)), 30));
            columns.push((format!("{} {rank}", say(WHERE)), 24));
        }
        let cells = |conflict: &Conflict| {
            let mut cells = vec![
                if conflict.settled == Settled::Decided { conflict.kept.clone() } else { String::new() },
                conflict.settled.described(language).to_owned(),
                conflict.name.clone(),
                conflict.title(language),
                conflict.kept.clone(),
                conflict.record.clone(),
                conflict.pointer.clone(),
            ];
            cells.extend(has_origin.then(|| conflict.base.clone().unwrap_or_default()));
            cells.extend(conflict.said.iter().flat_map(|said| [said.text.clone(), said.place.clone()]));
            cells
        };
        let mut rows: Vec<&Conflict> = self.conflicts.iter().collect();
        // What is to be decided comes first.
        rows.sort_by_key(|conflict| conflict.settled != Settled::Open);
        let conflicts = PlainSheet {
            name: guide::CONFLICTS.to_owned(),
            first_line: guide::CONFLICTS_LINE.in_language(language).to_owned(),
            columns,
            rows: rows.into_iter().map(cells).collect(),
        };
        let origins = PlainSheet {
            name: guide::ORIGINS.to_owned(),
            first_line: guide::ORIGINS_LINE.in_language(language).to_owned(),
            columns: vec![
                (say(Phrase { fr: "PTCE", en: "PTCE" }), 30),
                (say(Phrase { fr: "Fichier", en: "File" }), 40),
                (say(WHERE), 24),
            ],
            rows: self
                .origins
                .iter()
                .map(|origin| vec![origin.name.clone(), origin.file.clone(), origin.place.clone()])
                .collect(),
        };
        vec![conflicts, origins]
    }
}

/// The decisions that a person has written in the sheet of the differences of a merged workbook; `name` is its name in errors.
///
/// # Errors
/// When the file is no such workbook.
pub fn decisions(workbook: &[u8], name: &str, limits: &Limits) -> Result<Decisions> {
    let rows = rows_of_sheet(workbook, Some(guide::CONFLICTS), limits).map_err(|error| error.in_file(name))?;
    let none = || {
        Error::new(
            ErrorKind::Syntax,
            "ce classeur n’a pas de feuille « Conflits » ; donnez celui que « ptce merge -o » a écrit",
            "this workbook has no sheet “Conflits”; give the one that “ptce merge -o” has written",
        )
        .in_file(name)
    };
    let mut rows = rows.ok_or_else(none)?.into_iter();
    let place = |head: &[String], column: usize| {
        let title = COLUMNS[column].0;
        head.iter().position(|cell| [title.fr, title.en].iter().any(|title| folded(title) == folded(cell)))
    };
    let places = rows
        .by_ref()
        .find_map(|(_, head)| Some([place(&head, DECISION)?, place(&head, RECORD)?, place(&head, PLACE)?]));
    let places = places.ok_or_else(none)?;
    let mut decisions = Decisions::new();
    for (_, row) in rows {
        let [decision, record, pointer] =
            places.map(|place| row.get(place).map(|cell| cell.trim().to_owned()).unwrap_or_default());
        if !decision.is_empty() && !pointer.is_empty() {
            decisions.insert((record, pointer), decision);
        }
    }
    Ok(decisions)
}
