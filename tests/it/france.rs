//! No false alarm: every commune of the reference tables, with each of its postal codes, its department and its
//! region of today and of 2015, and under each name it ever bore, passes all rules.

use std::fmt::Write as _;

use ptce::reference::communes::{self, Commune};
use ptce::reference::postal_codes::{Agreement, agreement};
use ptce::reference::regions::{RegionSet, by_code};

use crate::support::read;

const TABLES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/src/reference/tables");

fn table(name: &str) -> String {
    std::fs::read_to_string(format!("{TABLES}/{name}.tsv")).unwrap()
}

/// A file with one record for each address.
struct File {
    text: String,
    records: usize,
}

impl File {
    fn new() -> File {
        let columns = "id,nom,appel_edition,region_code,region_nom,territoire_departement_1_code,\
                       territoire_departement_1_nom,territoire_commune_1_code_insee,territoire_commune_1_nom,\
                       coordinateur_nom,contact_1_courriel,adresse_voie,adresse_code_postal,adresse_commune\n";
        File { text: columns.to_owned(), records: 0 }
    }

    fn add(&mut self, set: RegionSet, commune: &Commune, name: &str, postal_code: &str) {
        self.records += 1;
        let department = commune.department().unwrap();
        let region = by_code(set, department.region_in(set)).unwrap();
        let year = if set == RegionSet::Present { 2024 } else { 2013 };
        let (rank, code) = (self.records, commune.code);
        writeln!(
            self.text,
            "p{rank},Pôle {rank} de {code},{year},{},{},{},{},{code},\"{name}\",Roue libre,contact@example.org,\
             7 rue des Tanneurs,{postal_code},\"{name}\"",
            region.code, region.name, department.code, department.name
        )
        .unwrap();
    }
}

#[test]
fn every_commune_passes_with_its_postal_codes_department_and_region() {
    let mut file = File::new();
    for row in table("communes").lines() {
        let commune = communes::by_code(row.split('\t').next().unwrap()).unwrap();
        if row.split('\t').nth(1) == Some("C") {
            for postal_code in commune.postal_codes() {
                for set in [RegionSet::Present, RegionSet::Until2015] {
                    file.add(set, &commune, commune.name, postal_code);
                }
            }
        }
    }
    assert!(file.records > 70_000);
    let found = read("communes.csv", file.text.as_bytes()).findings;
    assert!(found.is_empty(), "{} findings, first {:#?}", found.len(), found.first());
}

#[test]
fn former_names_are_told_as_such_and_nothing_else() {
    let mut file = File::new();
    let mut expected = 0;
    let parts = table("communes");
    let parts = parts.lines().map(|row| row.split('\t').collect::<Vec<_>>()).filter(|row| matches!(row[1], "D" | "A"));
    let mut names: Vec<(String, String)> = parts.map(|row| (row[3].to_owned(), row[2].to_owned())).collect();
    let former = table("former");
    names.extend(former.lines().map(|row| {
        let row: Vec<&str> = row.split('\t').collect();
        (row[1].to_owned(), row[3].to_owned())
    }));
    for (name, present) in names {
        let present = communes::by_code(&present).unwrap();
        for postal_code in present.postal_codes() {
            // A name that another commune of that postal code, or the commune itself, bears today is no former name.
            expected += usize::from(matches!(agreement(postal_code, &name), Agreement::Former(_)));
            file.add(RegionSet::Present, &present, &name, postal_code);
        }
    }
    assert!(file.records > 9_000 && expected > 7_000);
    let found = read("anciennes.csv", file.text.as_bytes()).findings;
    let other = found.iter().find(|finding| finding.code != "former-commune");
    assert_eq!(other, None);
    assert_eq!(found.len(), expected);
}
