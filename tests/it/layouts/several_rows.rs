//! Records of several rows: one for each contact, or rows on other sheets that name their record.

use super::book::Grid;
use super::source::Table;
use super::tables::plain;

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

pub(super) fn contact_rows(table: &Table) -> Vec<Grid> {
    rows_of_contacts(table, Below::Merged)
}

pub(super) fn contact_rows_left_out(table: &Table) -> Vec<Grid> {
    rows_of_contacts(table, Below::Blank)
}

pub(super) fn contact_rows_again(table: &Table) -> Vec<Grid> {
    rows_of_contacts(table, Below::Again)
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

pub(super) fn joined_by_name(table: &Table) -> Vec<Grid> {
    joined(table, "Nom du PTCE", "PTCE")
}

pub(super) fn joined_by_identifier(table: &Table) -> Vec<Grid> {
    joined(table, "Identifiant", "Identifiant du PTCE")
}
