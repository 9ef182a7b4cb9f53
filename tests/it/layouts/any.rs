//! Whatever a grid holds and however it is laid out, no value of it is lost.

use proptest::collection::vec;
use proptest::prelude::*;
use ptce::row::Target;
use ptce::settings::Settings;
use ptce::vocabulary::meaning_despite_slips;

use super::book::{FORMATS, Grid};
use super::list::LAYOUTS;
use super::lost::{said_less_often, unaccounted};
use super::source::Table;
use crate::support::{read, read_with};

/// Labels that mean a field, several fields, a field that another label means too, or nothing.
const LABELS: [&str; 24] = [
    "Nom du PTCE",
    "Identifiant",
    "Région",
    "Départements",
    "Thématiques",
    "Présentation du projet",
    "Structure coordinatrice",
    "Porteur",
    "Forme juridique",
    "Contact 1 – Nom",
    "Contact 1 – Courriel",
    "Contact 2 – Nom",
    "Contact 2 – Téléphone",
    "Courriel",
    "Partenaires",
    "Adresse – Voie",
    "Adresse – Code postal",
    "Adresse",
    "Emplois – ETP",
    "Date d’annonce",
    "Statut",
    "Relances",
    "Instruit par",
    "Suite – Réserve",
];

/// What a cell says; `#` stands for a word that no other cell has.
const VALUES: [&str; 16] = [
    "",
    "",
    "",
    "",
    "#",
    "Ateliers # réunis",
    "# ; Scierie #",
    "Deux lignes #\net la suite #",
    "#@example.org",
    "12 rue # 05000 Gap",
    "# (46)",
    "Région",
    "Nom : #",
    "Total #",
    "Remarque : #",
    "1 2#",
];

/// Texts above and below the records.
const ASIDES: [&str; 7] = [
    "Pôles suivis par #",
    "Source : #",
    "Total #",
    "Fiche n° 3 #",
    "Contacts : #",
    "Légende : # en gras",
    "Mis à jour : #",
];

/// A template with its own words instead of `#`, counted on from `next`.
fn filled(template: &str, next: &mut usize) -> String {
    let mut text = String::new();
    for (rank, part) in template.split('#').enumerate() {
        if rank > 0 {
            *next += 1;
            text.push_str(&format!("q{next:04}"));
        }
        text.push_str(part);
    }
    text
}

prop_compose! {
    fn table()(
        others in vec(proptest::sample::select(&LABELS[..]), 0..9),
        first in 0..4_usize,
    )(
        rows in vec(vec(proptest::sample::select(&VALUES[..]), others.len() + 2), 1..5),
        labels in Just([&[LABELS[first], LABELS[6]][..], &others].concat()).prop_shuffle(),
    ) -> Table {
        let mut next = 0;
        let mut row = |row: &Vec<&str>| row.iter().map(|text| filled(text, &mut next)).collect();
        Table { labels: labels.iter().map(|label| (*label).to_owned()).collect(), rows: rows.iter().map(&mut row).collect() }
    }
}

/// Values that could be taken for something else: codes, lists of codes, numbers, letters.
const LIKENESSES: [&str; 10] = ["", "08", "2A", "62", "7", "75, 93, 94", "1", "12,5", "x", "B"];
/// The same: words that are labels elsewhere. Beside labels that nobody knows they could be either.
const LABELS_ELSEWHERE: [&str; 6] = ["Commune", "Courriel", "Entreprises", "Type", "Région", "Contact 2"];

prop_compose! {
    /// Some of the labels, and rows that each have a name, and one value that is a label elsewhere at most.
    fn table_of_likenesses()(
        // A number is written in another way than it stands.
        others in proptest::sample::subsequence(LABELS[3..].iter().filter(|label| !label.contains("ETP")).collect::<Vec<_>>(), 5..9).prop_shuffle(),
    )(
        // No row says the same twice.
        rows in vec(proptest::sample::subsequence(&LIKENESSES[..], others.len()).prop_shuffle(), 1..5),
        labels_elsewhere in vec(
            proptest::option::of((0..others.len(), proptest::sample::select(&LABELS_ELSEWHERE[..]))),
            5,
        ),
        others in Just(others),
    ) -> Table {
        let are_known = others.iter().all(|label| !matches!(meaning_despite_slips(label).target, Target::Unknown));
        let rows = rows.into_iter().zip(labels_elsewhere).enumerate().map(|(number, (mut row, label))| {
            if let Some((column, label)) = label.filter(|_| are_known) {
                row[column] = label;
            }
            [format!("Pôle q{number:04}")].into_iter().chain(row.into_iter().map(str::to_owned)).collect()
        });
        let labels = ["Nom du PTCE"].iter().chain(others).map(|label| (*label).to_owned()).collect();
        Table { labels, rows: rows.collect() }
    }
}

/// A text of a muddle: half of them are labels.
fn muddled() -> impl Strategy<Value = &'static str> {
    prop_oneof![
        3 => proptest::sample::select(&LABELS[..]),
        3 => proptest::sample::select(&VALUES[..]),
        1 => proptest::sample::select(&ASIDES[..]),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 192, max_shrink_iters: 250, ..ProptestConfig::default() })]

    /// Whatever a grid holds: what is no label is in a record or in a finding, and so is a label without a meaning.
    #[test]
    fn no_value_of_any_grid_is_lost(
        table in table(),
        layout in 0..LAYOUTS.len(),
        format in proptest::sample::select(&FORMATS[..]),
        above in vec(proptest::sample::select(&ASIDES[..]), 0..3),
        below in vec(proptest::sample::select(&ASIDES[..]), 0..2),
    ) {
        let mut grids = (LAYOUTS[layout].make)(&table);
        let mut next = 9_000;
        grids[0].lower(above.len());
        for (row, text) in above.iter().enumerate() {
            grids[0].put(row, 0, &filled(text, &mut next));
        }
        for text in below {
            let row = grids[0].rows.len() + 1;
            grids[0].put(row, 0, &filled(text, &mut next));
        }
        prop_assume!(format.why_not(&grids).is_none());
        let lost = unaccounted(&grids, format);
        prop_assert!(lost.is_empty(), "{}, {format}: lost {lost:?} of {grids:#?}", LAYOUTS[layout].name);
    }

    /// Values that look like something else: each row keeps its own.
    #[test]
    fn no_value_is_lost_whatever_it_looks_like(
        table in table_of_likenesses(),
        layout in 0..LAYOUTS.len(),
        format in proptest::sample::select(&FORMATS[..]),
    ) {
        // Not yet: among forms and in the sheet of a list, a word that is a label elsewhere may still be taken for one.
        let has_label = table.rows.iter().flatten().any(|value| LABELS_ELSEWHERE.contains(&value.as_str()));
        let name = LAYOUTS[layout].name;
        prop_assume!(!has_label || !["form", "joined", "sheet each"].iter().any(|kind| name.contains(kind)));
        // Not yet: where two labels mean the coordinator and a form lacks the first, the next form may be taken for a part of it.
        let lacks = |row: &Vec<String>, wanted: &str| {
            table.labels.iter().position(|label| *label == wanted).is_some_and(|at| row[at].is_empty())
        };
        let has_both = ["Porteur", "Structure coordinatrice"].iter().all(|wanted| table.labels.iter().any(|label| label == wanted));
        let is_short = has_both && table.rows.iter().any(|row| lacks(row, "Porteur") || lacks(row, "Structure coordinatrice"));
        prop_assume!(!is_short || !name.contains("form"));
        let grids = (LAYOUTS[layout].make)(&table);
        prop_assume!(format.why_not(&grids).is_none());
        // A grid that is refused is told as a whole.
        if let Ok(read) = read_with(&format!("l.{}", format.extension()), &format.bytes(&grids), &Settings::default()) {
            let lost = said_less_often(&table, &read);
            prop_assert!(lost.is_empty(), "{}, {format}: lost {lost:?} of {grids:#?}", LAYOUTS[layout].name);
        }
    }

    /// The same in a text.
    #[test]
    fn no_value_of_a_text_is_lost_whatever_it_looks_like(table in table_of_likenesses()) {
        let mut text = String::new();
        for row in &table.rows {
            for (label, value) in table.labels.iter().zip(row).filter(|(_, value)| !value.is_empty()) {
                text.push_str(&format!("{label} : {value}\n"));
            }
            text.push('\n');
        }
        let lost = said_less_often(&table, &read("l.txt", text.as_bytes()));
        prop_assert!(lost.is_empty(), "lost {lost:?} of {text}");
    }

    /// Labels, values and remarks anywhere, in merged cells too: what makes no sense is not lost either.
    #[test]
    fn no_value_of_a_muddle_is_lost(
        cells in vec(vec(muddled(), 1..6), 1..12),
        merged in proptest::option::of((0..8_usize, 0..4_usize, 0..3_usize, 0..3_usize)),
        format in proptest::sample::select(&FORMATS[..]),
    ) {
        let mut grid = Grid::new("PTCE");
        let mut next = 0;
        for (row, texts) in cells.iter().enumerate() {
            for (column, text) in texts.iter().enumerate() {
                match LABELS.contains(text) {
                    true => grid.label(row, column, text),
                    false => grid.put(row, column, &filled(text, &mut next)),
                }
            }
        }
        if let Some((top, left, height, width)) = merged.filter(|(_, _, height, width)| height + width > 0) {
            let covered = (top..=top + height).flat_map(|row| (left..=left + width).map(move |column| (row, column)));
            covered.skip(1).for_each(|(row, column)| grid.set(row, column, ""));
            let Grid { rows, labels, .. } = &mut grid;
            labels.retain(|label| rows.iter().flatten().any(|text| text == label));
            grid.merges.push([top, left, top + height, left + width]);
        }
        let grids = [grid];
        prop_assume!(format.why_not(&grids).is_none());
        let lost = unaccounted(&grids, format);
        prop_assert!(lost.is_empty(), "{format}: lost {lost:?} of {grids:#?}");
    }
}
