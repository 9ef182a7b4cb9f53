//! The same records laid out in every way in which people lay them out, in every format that can hold it.

use std::collections::{BTreeMap, BTreeSet};

use proptest::collection::vec;
use proptest::prelude::*;
use ptce::Record;
use ptce::finding::{Finding, Level};
use ptce::row::Target;
use ptce::settings::Settings;
use ptce::vocabulary::meaning_despite_slips;

use crate::support::{Read, assert_current, read, read_with, root, values};

pub mod book;

use book::{FORMATS, Format, Grid};

/// The records, as one reads them.
const SOURCE: &str = r#"[
    {
        "id": "fabriques-du-quercy",
        "nom": "Fabriques du Quercy",
        "appel": {"date_annonce": "2014-01-10"},
        "region": {"nom": "Midi-Pyrénées"},
        "territoire": {"departements": [{"nom": "Lot"}, {"nom": "Aveyron"}]},
        "thematiques": ["Bois", "Énergie"],
        "projet": {"resume": "Une filière locale du bois.\nDes emplois qui durent."},
        "coordinateur": {"nom": "Ateliers réunis", "forme_juridique": "SCIC"},
        "partenaires": [{"nom": "Scierie du Causse"}, {"nom": "Cuirs & Peaux"}],
        "contacts": [
            {"nom": "Anne Delmas", "courriel": "anne.delmas@example.org", "telephone": "05 65 11 22 33"},
            {"nom": "Paul Vidal", "courriel": "paul.vidal@example.org"}
        ],
        "adresse": {"voie": "12 rue des Tanneurs", "code_postal": "46100", "commune": "Figeac"},
        "emploi": {"etp": 12.5}
    },
    {
        "id": "roue-libre",
        "nom": "Roue libre des Écrins",
        "appel": {"date_annonce": "2014-01-10"},
        "region": {"nom": "Provence-Alpes-Côte d’Azur"},
        "territoire": {"departements": [{"nom": "Hautes-Alpes"}]},
        "thematiques": ["Mobilité"],
        "projet": {"resume": "Des vélos pour la montagne."},
        "coordinateur": {"nom": "Cycles du Champsaur", "forme_juridique": "Association"},
        "partenaires": [{"nom": "Vélos Gap"}],
        "contacts": [{"nom": "Inès Roux", "courriel": "ines.roux@example", "telephone": "04 92 11 22"}],
        "adresse": {"voie": "3 place aux Herbes", "code_postal": "05000", "commune": "Gap"},
        "emploi": {"etp": 4}
    },
    {
        "id": "quais-d-arles",
        "nom": "Quais d’Arles",
        "appel": {"date_annonce": "2014-01-10"},
        "region": {"nom": "Provence-Alpes-Côte d’Azur"},
        "territoire": {"departements": [{"nom": "Bouches-du-Rhône"}]},
        "coordinateur": {"nom": "Ports ouverts"},
        "adresse": {"code_postal": "13200", "commune": "Arles"}
    }
]"#;

/// What each column is called, and the value of a record that stands in it.
const COLUMNS: [(&str, &str); 19] = [
    ("Identifiant", "/id"),
    ("Nom du PTCE", "/nom"),
    ("Région", "/region/nom"),
    ("Départements", "/territoire/departements"),
    ("Thématiques", "/thematiques"),
    ("Présentation du projet", "/projet/resume"),
    ("Structure coordinatrice", "/coordinateur/nom"),
    ("Forme juridique", "/coordinateur/forme_juridique"),
    ("Contact 1 – Nom", "/contacts/0/nom"),
    ("Contact 1 – Courriel", "/contacts/0/courriel"),
    ("Contact 1 – Téléphone", "/contacts/0/telephone"),
    ("Contact 2 – Nom", "/contacts/1/nom"),
    ("Contact 2 – Courriel", "/contacts/1/courriel"),
    ("Partenaires", "/partenaires"),
    ("Adresse – Voie", "/adresse/voie"),
    ("Adresse – Code postal", "/adresse/code_postal"),
    ("Adresse – Commune", "/adresse/commune"),
    ("Emplois – ETP", "/emploi/etp"),
    ("Date d’annonce", "/appel/date_annonce"),
];

/// How people write a label whose usual spelling the source has.
const MISSPELT: [(&str, &str); 9] = [
    ("Nom du PTCE", "NOM  DU PTCE :"),
    ("Départements", "Dépt(s)"),
    ("Thématiques", "Thématqiues"),
    ("Structure coordinatrice", "Structure\ncoordonatrice"),
    ("Contact 1 – Courriel", "Mél. (contact 1)"),
    ("Contact 1 – Téléphone", "N° de téléphone\n(contact 1)"),
    ("Contact 2 – Courriel", "contact n° 2 : e-mail"),
    ("Adresse – Code postal", "Code\npostale"),
    ("Partenaires", "Partenaire(s)"),
];

/// Findings that speak of the layout itself.
const OF_LAYOUTS: [&str; 3] = ["text-outside-table", "hidden-rows", "misspelt-label"];

/// Records as a table: a label for each column, a row for each record. Every layout is made of it.
#[derive(Debug, Clone)]
struct Table {
    labels: Vec<String>,
    rows: Vec<Vec<String>>,
}

fn records() -> Vec<Record> {
    serde_json::from_str(SOURCE).unwrap()
}

fn source() -> Table {
    let records: Vec<serde_json::Value> = serde_json::from_str(SOURCE).unwrap();
    fn shown(value: &serde_json::Value) -> String {
        match value {
            serde_json::Value::String(text) => text.clone(),
            serde_json::Value::Array(list) => list.iter().map(shown).collect::<Vec<_>>().join(" ; "),
            serde_json::Value::Object(_) => shown(&value["nom"]),
            other => other.to_string(),
        }
    }
    let cell = |record: &serde_json::Value, pointer| record.pointer(pointer).map(shown).unwrap_or_default();
    Table {
        labels: COLUMNS.iter().map(|(label, _)| (*label).to_owned()).collect(),
        rows: records.iter().map(|record| COLUMNS.iter().map(|(_, pointer)| cell(record, pointer)).collect()).collect(),
    }
}

impl Table {
    /// The group that a label names, and the rest: « Contact 1 – Nom ».
    fn grouped(&self) -> Vec<(Option<&str>, &str)> {
        self.labels
            .iter()
            .map(|label| label.split_once(" – ").map_or((None, label.as_str()), |(g, l)| (Some(g), l)))
            .collect()
    }

    /// The columns that a predicate chooses by their labels.
    fn only(&self, is_wanted: impl Fn(&str) -> bool) -> Table {
        let kept: Vec<usize> = (0..self.labels.len()).filter(|at| is_wanted(&self.labels[*at])).collect();
        let pick = |row: &Vec<String>| kept.iter().map(|at| row[*at].clone()).collect();
        Table { labels: pick(&self.labels), rows: self.rows.iter().map(pick).collect() }
    }
}

/// A way to lay records out.
struct Layout {
    name: &'static str,
    make: fn(&Table) -> Vec<Grid>,
}

const LAYOUTS: [Layout; 28] = [
    Layout { name: "plain table", make: plain },
    Layout { name: "titles and a legend above the header", make: titles },
    Layout { name: "table that begins at C7", make: elsewhere },
    Layout { name: "blank rows and columns", make: blanks },
    Layout { name: "two-line header, merged groups", make: groups },
    Layout { name: "two-line header, groups named once", make: groups_named_once },
    Layout { name: "two-line header, merged both ways", make: groups_and_tall_cells },
    Layout { name: "header cells merged over two rows", make: tall_header },
    Layout { name: "a value merged over several records", make: shared_values },
    Layout { name: "a record merged over the rows of its contacts", make: contact_rows },
    Layout { name: "a row for each contact, the rest left out", make: contact_rows_left_out },
    Layout { name: "a row for each contact, the rest again", make: contact_rows_again },
    Layout { name: "regions in rows of their own", make: regions },
    Layout { name: "two tables, one below the other", make: two_tables },
    Layout { name: "sums and a source below", make: sums },
    Layout { name: "header repeated on each page", make: pages },
    Layout { name: "misspelt labels in another order, broken over lines", make: misspelt },
    Layout { name: "a record a column", make: transposed },
    Layout { name: "a form a sheet, labels on the left", make: form_sheets },
    Layout { name: "forms one below the other, labels on the left", make: forms },
    Layout { name: "forms, “label: value” in one cell", make: forms_in_one_cell },
    Layout { name: "forms, labels above", make: forms_above },
    Layout { name: "forms, a value over several rows", make: long_forms },
    Layout { name: "two forms side by side", make: side_by_side },
    Layout { name: "sheets joined by name", make: joined_by_name },
    Layout { name: "sheets joined by identifier", make: joined_by_identifier },
    Layout { name: "hidden rows", make: hidden },
    Layout { name: "rows hidden by a filter", make: filtered },
];

fn table_at(table: &Table, top: usize, left: usize) -> Grid {
    let mut grid = Grid::new("PTCE");
    grid.label_row(top, left, &table.labels);
    for (row, cells) in table.rows.iter().enumerate() {
        grid.put_row(top + 1 + row, left, cells);
    }
    grid
}

fn plain(table: &Table) -> Vec<Grid> {
    vec![table_at(table, 0, 0)]
}

fn titles(table: &Table) -> Vec<Grid> {
    let mut grid = table_at(table, 5, 0);
    grid.put(0, 0, "Pôles soutenus en 2014");
    grid.put(1, 0, "Direction de la cohésion, bureau des pôles");
    grid.put(3, 1, "En gras : les lauréats ; en italique : les autres");
    vec![grid]
}

fn elsewhere(table: &Table) -> Vec<Grid> {
    vec![table_at(table, 6, 2)]
}

/// A blank row below the header and between the records, a blank column after every third.
fn blanks(table: &Table) -> Vec<Grid> {
    let mut grid = Grid::new("PTCE");
    for (column, label) in table.labels.iter().enumerate() {
        grid.label(0, column + column / 3, label);
    }
    for (row, cells) in table.rows.iter().enumerate() {
        for (column, cell) in cells.iter().enumerate() {
            grid.put(2 * row + 2, column + column / 3, cell);
        }
    }
    vec![grid]
}

/// A header of two rows; the name of a group stands above its first column.
fn below_groups(table: &Table, are_singles_above: bool) -> Grid {
    let mut grid = table_at(table, 1, 0);
    let labels = table.grouped();
    for (column, (group, label)) in labels.iter().enumerate() {
        match group {
            Some(group) => {
                grid.label(1, column, label);
                if column == 0 || labels[column - 1].0 != Some(group) {
                    grid.label(0, column, group);
                }
            }
            None if are_singles_above => {
                grid.label(0, column, label);
                grid.set(1, column, "");
            }
            None => {}
        }
    }
    grid
}

fn merge_groups(table: &Table, grid: &mut Grid) {
    let labels = table.grouped();
    let mut column = 0;
    while column < labels.len() {
        let group = labels[column].0;
        let end = labels[column..].iter().take_while(|label| label.0 == group).count() + column;
        if group.is_some() && end > column + 1 {
            grid.merges.push([0, column, 0, end - 1]);
        }
        column = end;
    }
}

fn groups(table: &Table) -> Vec<Grid> {
    let mut grid = below_groups(table, false);
    merge_groups(table, &mut grid);
    vec![grid]
}

fn groups_named_once(table: &Table) -> Vec<Grid> {
    vec![below_groups(table, true)]
}

fn groups_and_tall_cells(table: &Table) -> Vec<Grid> {
    let mut grid = below_groups(table, true);
    merge_groups(table, &mut grid);
    let labels = table.grouped();
    grid.merges.extend((0..labels.len()).filter(|at| labels[*at].0.is_none()).map(|at| [0, at, 1, at]));
    vec![grid]
}

fn tall_header(table: &Table) -> Vec<Grid> {
    let mut grid = table_at(table, 1, 0);
    let labels = std::mem::take(&mut grid.rows[1]);
    grid.rows[0] = labels;
    grid.merges = (0..table.labels.len()).map(|at| [0, at, 1, at]).collect();
    vec![grid]
}

/// Equal values of one column, in rows one below the other, are one merged cell.
fn shared_values(table: &Table) -> Vec<Grid> {
    let mut grid = table_at(table, 0, 0);
    let is_shared = |label: &String| label == "Région" || label.starts_with("Date");
    for column in (0..table.labels.len()).filter(|at| is_shared(&table.labels[*at])) {
        let mut top = 0;
        while top < table.rows.len() {
            let value = &table.rows[top][column];
            let count = table.rows[top..].iter().take_while(|row| &row[column] == value).count();
            if count > 1 && !value.is_empty() {
                grid.merges.push([top + 1, column, top + count, column]);
                (top + 1..top + count).for_each(|row| grid.set(row + 1, column, ""));
            }
            top += count;
        }
    }
    vec![grid]
}

fn is_of_contact(label: &str) -> bool {
    label.starts_with("Contact ")
}

/// The rows of the contacts of a record, under labels without a rank.
fn contacts(table: &Table, row: &[String]) -> (Vec<String>, Vec<Vec<String>>) {
    let mut labels: Vec<String> = Vec::new();
    let mut contacts: Vec<Vec<String>> = Vec::new();
    let grouped = table.grouped();
    let of_contacts = || grouped.iter().enumerate().filter(|(at, _)| is_of_contact(&table.labels[*at]));
    for (_, (_, label)) in of_contacts() {
        if !labels.iter().any(|known| known == label) {
            labels.push((*label).to_owned());
        }
    }
    let mut last = None;
    for (at, (group, label)) in of_contacts() {
        if *group != last {
            last = *group;
            contacts.push(vec![String::new(); labels.len()]);
        }
        let place = labels.iter().position(|known| known == label).unwrap();
        contacts.last_mut().unwrap()[place].clone_from(&row[at]);
    }
    contacts.retain(|contact| contact.iter().any(|cell| !cell.is_empty()));
    (labels, contacts)
}

/// What the cells of a record say in the rows of its contacts below the first.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Below {
    Merged,
    Blank,
    Again,
}

fn rows_of_contacts(table: &Table, below: Below) -> Vec<Grid> {
    let others = table.only(|label| !is_of_contact(label));
    let width = others.labels.len();
    let mut grid = Grid::new("PTCE");
    grid.label_row(0, 0, &others.labels);
    let mut top = 1;
    for (row, own) in table.rows.iter().zip(&others.rows) {
        let (labels, contacts) = contacts(table, row);
        for (at, label) in labels.iter().enumerate() {
            grid.label(0, width + at, &format!("Contact – {label}"));
        }
        for at in 0..contacts.len().max(1) {
            if at == 0 || below == Below::Again {
                grid.put_row(top + at, 0, own);
            }
        }
        for (at, contact) in contacts.iter().enumerate() {
            grid.put_row(top + at, width, contact);
        }
        let bottom = top + contacts.len().max(1) - 1;
        if bottom > top && below == Below::Merged {
            grid.merges.extend((0..width).filter(|at| !own[*at].is_empty()).map(|at| [top, at, bottom, at]));
        }
        top = bottom + 1;
    }
    vec![grid]
}

fn contact_rows(table: &Table) -> Vec<Grid> {
    rows_of_contacts(table, Below::Merged)
}

fn contact_rows_left_out(table: &Table) -> Vec<Grid> {
    rows_of_contacts(table, Below::Blank)
}

fn contact_rows_again(table: &Table) -> Vec<Grid> {
    rows_of_contacts(table, Below::Again)
}

fn regions(table: &Table) -> Vec<Grid> {
    let region = table.labels.iter().position(|label| label == "Région").unwrap_or(0);
    let others = table.only(|label| label != "Région");
    let mut grid = Grid::new("PTCE");
    grid.label_row(0, 0, &others.labels);
    let mut last = "";
    for (row, own) in table.rows.iter().zip(&others.rows) {
        if row[region] != last {
            last = &row[region];
            grid.put(grid.rows.len(), 0, last);
        }
        grid.put_row(grid.rows.len(), 0, own);
    }
    vec![grid]
}

/// The second table has its columns in another order.
fn two_tables(table: &Table) -> Vec<Grid> {
    let turned = |cells: &Vec<String>| cells.iter().rev().cloned().collect::<Vec<String>>();
    let mut grid = Grid::new("PTCE");
    grid.label_row(0, 0, &table.labels);
    for row in table.rows.iter().take(1) {
        grid.put_row(1, 0, row);
    }
    grid.label_row(4, 0, &turned(&table.labels));
    for (at, row) in table.rows.iter().skip(1).enumerate() {
        grid.put_row(5 + at, 0, &turned(row));
    }
    vec![grid]
}

fn sums(table: &Table) -> Vec<Grid> {
    let mut grid = table_at(table, 0, 0);
    let below = grid.rows.len();
    grid.put(below, 0, "Total");
    grid.put(below, table.labels.len() - 1, "3");
    grid.put(below + 1, 0, "Nombre de PTCE : 3");
    grid.put(below + 3, 0, "Source : enquête auprès des pôles, janvier 2014");
    vec![grid]
}

fn pages(table: &Table) -> Vec<Grid> {
    let mut grid = Grid::new("PTCE");
    for row in &table.rows {
        let next = grid.rows.len();
        grid.label_row(next, 0, &table.labels);
        grid.put_row(next + 1, 0, row);
    }
    vec![grid]
}

fn misspelt(table: &Table) -> Vec<Grid> {
    let spelt = |label: &String| {
        let known = MISSPELT.iter().find(|(known, _)| known == label);
        known.map_or_else(|| label.clone(), |(_, spelt)| (*spelt).to_owned())
    };
    let mut table = Table { labels: table.labels.iter().map(spelt).collect(), rows: table.rows.clone() };
    table.labels.reverse();
    table.rows.iter_mut().for_each(|row| row.reverse());
    vec![table_at(&table, 0, 0)]
}

fn transposed(table: &Table) -> Vec<Grid> {
    let mut grid = Grid::new("PTCE");
    table.labels.iter().enumerate().for_each(|(row, label)| grid.label(row, 0, label));
    for (cells, column) in table.rows.iter().zip(1..) {
        cells.iter().enumerate().for_each(|(row, cell)| grid.put(row, column, cell));
    }
    vec![grid]
}

/// A record with its labels on the left, and the row below it.
fn put_form(grid: &mut Grid, top: usize, left: usize, labels: &[String], row: &[String]) -> usize {
    for (at, (label, cell)) in labels.iter().zip(row).enumerate() {
        grid.label(top + at, left, label);
        grid.put(top + at, left + 1, cell);
    }
    top + labels.len()
}

fn form_sheets(table: &Table) -> Vec<Grid> {
    let form = |(row, number): (&Vec<String>, usize)| {
        let mut grid = Grid::new(&format!("Fiche {number}"));
        grid.put(0, 0, "Dossier de candidature");
        put_form(&mut grid, 2, 0, &table.labels, row);
        grid
    };
    table.rows.iter().zip(1..).map(form).collect()
}

fn forms(table: &Table) -> Vec<Grid> {
    let mut grid = Grid::new("PTCE");
    let mut top = 0;
    for row in &table.rows {
        top = put_form(&mut grid, top, 1, &table.labels, row) + 1;
    }
    vec![grid]
}

fn forms_in_one_cell(table: &Table) -> Vec<Grid> {
    let mut grid = Grid::new("PTCE");
    let mut top = 0;
    for row in &table.rows {
        for (label, cell) in table.labels.iter().zip(row).filter(|(_, cell)| !cell.is_empty()) {
            grid.labels.insert(label.clone());
            grid.put(top, 0, &format!("{label} : {cell}"));
            top += 1;
        }
        top += 1;
    }
    vec![grid]
}

fn forms_above(table: &Table) -> Vec<Grid> {
    let mut grid = Grid::new("PTCE");
    let mut top = 0;
    for row in &table.rows {
        for (labels, cells) in table.labels.chunks(4).zip(row.chunks(4)) {
            grid.label_row(top, 0, labels);
            grid.put_row(top + 1, 0, cells);
            top += 3;
        }
    }
    vec![grid]
}

/// Each line and each element of a list has a row of its own, below the first.
fn long_forms(table: &Table) -> Vec<Grid> {
    let mut grid = Grid::new("PTCE");
    let mut top = 0;
    for row in &table.rows {
        for (label, cell) in table.labels.iter().zip(row) {
            grid.label(top, 0, label);
            for part in cell.split(['\n', ';']) {
                grid.put(top, 1, part.trim());
                top += 1;
            }
        }
        top += 1;
    }
    vec![grid]
}

fn side_by_side(table: &Table) -> Vec<Grid> {
    let mut grid = Grid::new("PTCE");
    for (at, row) in table.rows.iter().enumerate() {
        put_form(&mut grid, at / 2 * (table.labels.len() + 2), at % 2 * 3, &table.labels, row);
    }
    vec![grid]
}

/// The PTCE, their contacts and their partners on a sheet each.
fn joined(table: &Table, by: &str, key: &str) -> Vec<Grid> {
    let mut hubs = plain(&table.only(|label| !is_of_contact(label) && label != "Partenaires")).remove(0);
    hubs.name = "PTCE".to_owned();
    let (mut people, mut partners) = (Grid::new("Contacts"), Grid::new("Partenaires"));
    partners.label_row(0, 0, &[key.to_owned(), "Nom du partenaire".to_owned()]);
    for row in &table.rows {
        let key_at = |label: &str| table.labels.iter().position(|known| known == label);
        let own = key_at(by).map_or("", |at| row[at].as_str());
        let (labels, contacts) = contacts(table, row);
        people.label_row(0, 0, &[&[key.to_owned()][..], &labels].concat());
        for contact in contacts {
            let next = people.rows.len();
            people.put_row(next, 0, &[&[own.to_owned()][..], &contact].concat());
        }
        let names = key_at("Partenaires").map_or("", |at| row[at].as_str());
        for name in names.split(" ; ").filter(|name| !name.is_empty()) {
            let next = partners.rows.len();
            partners.put_row(next, 0, &[own.to_owned(), name.to_owned()]);
        }
    }
    vec![hubs, people, partners]
}

fn joined_by_name(table: &Table) -> Vec<Grid> {
    joined(table, "Nom du PTCE", "PTCE")
}

fn joined_by_identifier(table: &Table) -> Vec<Grid> {
    joined(table, "Identifiant", "Identifiant du PTCE")
}

fn hidden(table: &Table) -> Vec<Grid> {
    let mut grid = table_at(table, 0, 0);
    grid.hidden = vec![2];
    vec![grid]
}

fn filtered(table: &Table) -> Vec<Grid> {
    let mut grids = hidden(table);
    grids[0].is_filtered = true;
    grids
}

/// What errors and warnings say of the data, whatever the layout and the order of the records.
fn verdict(findings: &[Finding]) -> Vec<String> {
    let of_data = |finding: &&Finding| finding.level > Level::Info && !OF_LAYOUTS.contains(&finding.code);
    let told = |finding: &Finding| {
        let record = finding.record.as_ref().and_then(|record| record.name.as_deref());
        format!("{record:?} {} {} {:?} {:?}", finding.code, finding.pointer, finding.value, finding.suggestion)
    };
    let mut told: Vec<String> = findings.iter().filter(of_data).map(told).collect();
    told.sort();
    told
}

/// The records without what says where they come from.
fn bare(read: &Read) -> Vec<Record> {
    let mut records = read.records();
    records.iter_mut().for_each(|record| record.source = ptce::record::Source::default());
    records
}

/// The words of a text, folded.
fn words(text: &str) -> Vec<String> {
    ptce::fold::folded(text).split(' ').filter(|word| !word.is_empty()).map(str::to_owned).collect()
}

/// The texts that are found neither in a record nor in a finding.
fn lost<'t>(texts: impl Iterator<Item = &'t str>, read: &Read) -> Vec<String> {
    let mut known: Vec<String> =
        read.entries.iter().flat_map(|entry| values(&entry.record)).map(|(_, value)| value).collect();
    for finding in &read.findings {
        known.push(finding.message.clone());
        known.extend(finding.value.clone());
        known.extend(finding.location.label.clone());
    }
    let known = ptce::fold::folded(&known.join(" "));
    texts.filter(|text| words(text).iter().any(|word| !known.contains(word.as_str()))).map(str::to_owned).collect()
}

/// What is wrong with the records that a layout gave.
fn wrong(layout: &Layout, read: &Read, plain: &Read) -> Vec<String> {
    let mut wrong = Vec::new();
    let (mut found, mut expected) = (bare(read), records());
    if layout.name == "two forms side by side" {
        let by_name = |record: &Record| record.name.clone();
        found.sort_by_key(by_name);
        expected.sort_by_key(by_name);
    }
    if found.len() != expected.len() {
        wrong.push(format!("{} records", found.len()));
    }
    for (found, expected) in found.iter().zip(&expected).filter(|(found, expected)| found != expected) {
        let (found, expected) = (values(found), values(expected));
        wrong.extend(found.iter().filter(|value| !expected.contains(value)).map(|value| format!("more: {value:?}")));
        wrong.extend(expected.iter().filter(|value| !found.contains(value)).map(|value| format!("less: {value:?}")));
    }
    let others = read.entries.iter().flat_map(|entry| &entry.record.source.others);
    wrong.extend(others.map(|other| format!("left aside: {:?} under {:?}", other.value, other.label)));
    let (found, expected) = (verdict(&read.findings), verdict(&plain.findings));
    wrong.extend(found.iter().filter(|told| !expected.contains(told)).map(|told| format!("told: {told}")));
    wrong.extend(expected.iter().filter(|told| !found.contains(told)).map(|told| format!("not told: {told}")));
    wrong
}

#[test]
fn every_layout_gives_the_same_records() {
    let table = source();
    let plain = read("p.csv", &Format::Csv(',').bytes(&plain(&table)));
    assert_eq!(bare(&plain), records());
    assert!(verdict(&plain.findings).len() == 3, "there is something to compare: {:?}", verdict(&plain.findings));
    let mut faults = Vec::new();
    for layout in &LAYOUTS {
        let grids = (layout.make)(&table);
        for format in FORMATS.into_iter().filter(|format| format.why_not(&grids).is_none()) {
            let name = format!("l.{}", format.extension());
            match read_with(&name, &format.bytes(&grids), &Settings::default()) {
                Ok(read) => {
                    let wrong = wrong(layout, &read, &plain);
                    faults.extend(wrong.into_iter().map(|wrong| format!("{}, {format}: {wrong}", layout.name)));
                    let lost = lost(grids.iter().flat_map(Grid::values), &read);
                    faults.extend(lost.iter().map(|text| format!("{}, {format}: lost {text:?}", layout.name)));
                }
                Err(error) => faults.push(format!("{}, {format}: {error}", layout.name)),
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

/// Rows whose PTCE has another name on the main sheet are told with the near one.
#[test]
fn near_names_of_joined_sheets_are_told() {
    let of = |cells: &[&str]| cells.iter().map(|cell| (*cell).to_owned()).collect::<Vec<String>>();
    let mut hubs = Grid::new("PTCE");
    hubs.label_row(0, 0, &of(&["Nom", "Région"]));
    hubs.put_row(1, 0, &of(&["PTCE Terres Vives", "Occitanie"]));
    hubs.put_row(2, 0, &of(&["Pôle Mer Nord", "Bretagne"]));
    let mut contacts = Grid::new("Contacts");
    contacts.label_row(0, 0, &of(&["PTCE", "Nom", "Mail"]));
    contacts.put_row(1, 0, &of(&["Terres Vives", "Paul Modèle", "a@example.org"]));
    contacts.put_row(2, 0, &of(&["Ailleurs", "Sophie Exemple", "b@example.org"]));
    let format = Format::Xlsx;
    let read = read(&format!("l.{}", format.extension()), &format.bytes(&[hubs, contacts]));
    let told: Vec<&str> = read
        .findings
        .iter()
        .filter(|finding| finding.code == "unmatched-rows")
        .map(|finding| finding.message.as_str())
        .collect();
    assert_eq!(told.len(), 1);
    assert!(told[0].contains("Ailleurs, Terres Vives (≈\u{a0}PTCE Terres Vives)"), "{told:?}");
    // What a record of the main sheet lacks is missing there, not in a row of somebody else.
    let missing = read.findings.iter().find(|finding| finding.code == "missing-contact").unwrap();
    assert_eq!((missing.location.sheet.as_deref(), missing.location.row), (Some("PTCE"), Some(2)));
}

/// What a filter has hidden is read, and told in the same words whatever the format.
#[test]
fn hidden_rows_are_read_and_told() {
    for make in [hidden as fn(&Table) -> Vec<Grid>, filtered] {
        let grids = make(&source());
        let formats = FORMATS.into_iter().filter(|format| format.why_not(&grids).is_none());
        let told: Vec<String> = formats
            .map(|format| {
                let read = read(&format!("l.{}", format.extension()), &format.bytes(&grids));
                let mut told = read.findings.iter().filter(|finding| finding.code == "hidden-rows");
                let place = |finding: &Finding| format!("{} {:?}", finding.message, finding.location.row);
                format!("{:?} {:?}", told.next().map(place), told.next())
            })
            .collect();
        assert_eq!(told.len(), 4);
        assert!(
            told.iter().all(|told| told == "Some(\"These rows are hidden, and read as the others: 3. Some(3)\") None"),
            "{told:?}"
        );
    }
}

/// The rows of the table in the documentation: what is tested above, and nothing else.
fn matrix() -> String {
    let formats = [Format::Xlsx, Format::Xls, Format::Xlsb, Format::Ods, Format::Csv(';')];
    let mut rows = String::from("| layout | xlsx | xls | xlsb | ods | csv |\n|---|---|---|---|---|---|\n");
    let table = source();
    for layout in &LAYOUTS {
        let grids = (layout.make)(&table);
        let cells = formats.map(|format| if format.why_not(&grids).is_none() { " yes |" } else { " – |" });
        rows.push_str(&format!("| {} |{}\n", layout.name, cells.concat()));
    }
    rows
}

#[test]
fn the_page_of_layouts_is_current() {
    let page = String::from_utf8(std::fs::read(root().join("docs/layouts.md")).unwrap()).unwrap();
    let (before, after) = page.split_once("| layout |").expect("the page has the table of the layouts");
    let (_, after) = after.split_once("\n\n").unwrap();
    assert_current("docs/layouts.md", format!("{before}{}\n{after}", matrix()).as_bytes());
}

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

/// `templates` with their own words instead of `#`, counted on from `next`.
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

/// The words that the records and the findings of a file say less often than its rows.
fn said_less_often(table: &Table, read: &Read) -> Vec<String> {
    // A number is the same with the zeros before it.
    fn counted(text: &str, counts: &mut BTreeMap<String, i64>, by: i64) {
        words(text).iter().for_each(|word| *counts.entry(word.trim_start_matches('0').to_owned()).or_default() += by);
    }
    let mut counts = BTreeMap::new();
    // Where several rows are read as one record, a field that gets the same text again holds it once.
    for column in 0..table.labels.len() {
        let distinct: BTreeSet<&String> = table.rows.iter().filter_map(|row| row.get(column)).collect();
        distinct.into_iter().for_each(|value| counted(value, &mut counts, 1));
    }
    let of_records = read.entries.iter().flat_map(|entry| values(&entry.record)).map(|(_, value)| value);
    // What is said of a record repeats what it holds.
    let of_file = read.findings.iter().filter(|finding| finding.record.is_none());
    of_records
        .chain(of_file.filter_map(|finding| finding.value.clone()))
        .for_each(|text| counted(&text, &mut counts, -1));
    counts.into_iter().filter(|(_, count)| *count > 0).map(|(word, _)| word).collect()
}

/// A text of a muddle: half of them are labels.
fn muddled() -> impl Strategy<Value = &'static str> {
    prop_oneof![
        3 => proptest::sample::select(&LABELS[..]),
        3 => proptest::sample::select(&VALUES[..]),
        1 => proptest::sample::select(&ASIDES[..]),
    ]
}

/// What of the grids is neither in a record nor told, when they are read from a file.
fn unaccounted(grids: &[Grid], format: Format) -> Vec<String> {
    // A grid that is refused is told as a whole.
    let Ok(read) = read_with(&format!("l.{}", format.extension()), &format.bytes(grids), &Settings::default()) else {
        return Vec::new();
    };
    // So is a sheet that is not read.
    let is_unread = |grid: &&Grid| {
        let told =
            |one: &Finding| one.code == "unread-sheet" && one.location.sheet.as_deref() == Some(grid.name.as_str());
        read.findings.iter().any(told)
    };
    let grids: Vec<&Grid> = grids.iter().filter(|grid| !is_unread(grid)).collect();
    let is_known = |label: &str| !matches!(meaning_despite_slips(label).target, Target::Unknown);
    let labels = grids.iter().flat_map(|grid| &grid.labels).map(String::as_str);
    // A label and its value may stand in one cell.
    let value = |text: &str| match text.split_once(" : ") {
        Some((label, _)) if is_known(label) => label.len() + 3,
        _ => 0,
    };
    let values = grids.iter().flat_map(|grid| grid.values()).map(|text| &text[value(text)..]);
    lost(values.chain(labels.filter(|label| !is_known(label))), &read)
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
