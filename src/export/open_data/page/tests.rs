//! What the page says and does not say, and that it is the same each time.

use super::*;
use crate::export::open_data::privacy;

fn records(json: &str) -> Vec<Record> {
    serde_json::from_str(json).unwrap()
}

fn laureates() -> Vec<Record> {
    let mut records = records(include_str!("../../../../samples/laureats-2014.json"));
    for (rank, record) in records.iter_mut().enumerate() {
        privacy::redact(record);
        record.id.get_or_insert_with(|| format!("ptce-{rank}"));
    }
    records
}

fn metadata() -> Metadata {
    let text = "title = \"Pôles territoriaux de coopération économique : les lauréats de 2013\"\n\
        description = \"Vingt-trois pôles, choisis parmi cent quatre-vingts candidats, réunissent sur un territoire des entreprises, \
        des associations, des collectivités, des centres de recherche et des organismes de formation autour de projets \
        économiques et sociaux innovants.\"\n\
        publisher = \"Ministère délégué à l’Économie sociale et solidaire et à la Consommation\"\nupdated = 2014-01-10\n\
        contact = \"contact@example.org\"\nhomepage = \"https://example.org/ptce\"\nbase_url = \"https://example.org/ptce/\"\n\
        [coverage]\nstart = 2013-07-15\n\
        [[sources]]\ntitle = \"Dossier de presse du 10 janvier 2014\"\n\
        [[figures]]\nvalue = \"180\"\nlabel = \"dossiers reçus\"\n";
    Metadata::parse(text, "p.toml").unwrap()
}

const FILES: &[(&str, &str, u64)] = &[
    ("ptce.csv", "une ligne par PTCE", 27_226),
    ("ptce.json", "les mêmes fiches, avec leurs listes", 51_940),
    ("ptce.geojson", "les points de la carte", 1_450_000),
];

fn page(metadata: &Metadata, records: &[Record]) -> String {
    let mut page = Page::new(metadata);
    for record in records {
        page.add(record);
    }
    let mut out = Vec::new();
    let withheld = [("noms de personnes".to_owned(), 17), ("adresses électroniques".to_owned(), 12)];
    page.write(&mut out, FILES, &withheld).unwrap();
    String::from_utf8(out).unwrap()
}

#[test]
fn the_page_can_be_looked_at() {
    let written = page(&metadata(), &laureates());
    assert!(written.len() < 350_000, "{}", written.len());
    if let Some(path) = std::env::var_os("PTCE_PAGE") {
        std::fs::write(path, written).unwrap();
    }
}
