//! What the page says and does not say, and that it is the same each time.

use super::gathered::LIMIT;
use super::head::{STYLE, sha256_base64};
use super::view::FOLDED_LIMIT;
use super::*;
use crate::export::open_data::metadata::Metadata;
use crate::export::open_data::place::Placed;
use crate::export::open_data::privacy;
use crate::record::Record;

fn records(json: &str) -> Vec<Record> {
    serde_json::from_str(json).unwrap()
}

fn laureates() -> Vec<Record> {
    let mut records = records(include_str!("../../../../samples/laureats-2014.json"));
    for (rank, record) in records.iter_mut().enumerate() {
        privacy::Redactor::new(&privacy::Privacy::default()).redact(record, &mut Vec::new());
        record.id.get_or_insert_with(|| format!("ptce-{rank}"));
    }
    records
}

fn metadata() -> Metadata {
    let text = r#"
        title = "Pôles territoriaux de coopération économique : les lauréats de 2013"
        description = """
Vingt-trois pôles, choisis parmi cent quatre-vingts candidats, réunissent sur un territoire des entreprises, des \
associations, des collectivités, des centres de recherche et des organismes de formation autour de projets économiques \
et sociaux innovants."""
        publisher = "Ministère délégué à l’Économie sociale et solidaire et à la Consommation"
        updated = 2014-01-10
        contact = "contact@example.org"
        homepage = "https://example.org/ptce"
        base_url = "https://example.org/ptce/"
        [coverage]
        start = 2013-07-15
        [[sources]]
        title = "Dossier de presse du 10 janvier 2014"
        [[figures]]
        value = "180"
        label = "dossiers reçus"
        "#;
    Metadata::parse(text, "p.toml").unwrap()
}

const FILES: &[(&str, &str, u64)] = &[
    ("ptce.csv", "une ligne par PTCE", 27_226),
    ("ptce.json", "les mêmes fiches, avec leurs listes", 51_940),
    ("ptce.geojson", "les points de la carte", 1_450_000),
];

fn page(metadata: &Metadata, records: &[Record]) -> String {
    let mut page = Page::new(metadata, 0);
    for record in records {
        page.add(&Placed::new(record.clone()));
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

/// The page without its style, its script and the lines of its map, which other tests look at.
fn told(page: &str) -> String {
    let (head, rest) = page.split_once("<style>").unwrap();
    let (_, rest) = rest.split_once("</style>").unwrap();
    let (body, _) = rest.rsplit_once("<script>").unwrap();
    let policy = |line: &str| line.starts_with("<meta http-equiv=");
    let head: Vec<&str> = head.lines().filter(|line| !policy(line)).collect();
    let body = body.lines().map(|line| match line.split_once(" d=\"M") {
        Some((path, _)) if line.starts_with("<path") => format!("{path}…"),
        _ => line.to_owned(),
    });
    head.into_iter().map(str::to_owned).chain(body).collect::<Vec<_>>().join("\n")
}

#[test]
fn the_page_tells_what_the_records_tell() {
    let mut sample = records(include_str!("../../../../samples/conforme.json"));
    for (rank, record) in sample.iter_mut().enumerate() {
        privacy::Redactor::new(&privacy::Privacy::default()).redact(record, &mut Vec::new());
        record.id.get_or_insert_with(|| format!("n-{rank}"));
    }
    sample[0].call.amount = Some(serde_json::Number::from(1_200_000));
    insta::assert_snapshot!(told(&page(&metadata(), &sample)));
}

#[test]
fn the_same_records_give_the_same_bytes_in_any_order() {
    let laureates = laureates();
    let reversed: Vec<Record> = laureates.iter().rev().cloned().collect();
    assert!(page(&metadata(), &laureates) == page(&metadata(), &reversed));
}

#[test]
fn each_laureate_has_one_number_in_the_list_on_the_map_and_on_its_sheet() {
    let written = page(&metadata(), &laureates());
    for number in 1..=23 {
        for name in ["<bdi>", "<span><bdi>"] {
            assert!(written.contains(&format!("<span class=\"n\">{number}</span> {name}")), "{number}");
        }
        // On a large screen, and on a phone.
        assert_eq!(written.matches(&format!("<title>{number}. ")).count(), 2, "{number}");
    }
    assert_eq!(written.matches("<article").count(), 23);
    let targets = written.split("href=\"#").skip(1).filter_map(|rest| rest.split_once('"')).map(|(id, _)| id);
    for id in targets {
        assert_eq!(written.matches(&format!(" id=\"{id}\"")).count(), 1, "{id}");
    }
    assert!(written.contains("Champagne-Ardenne (aujourd’hui Grand Est)"));
    assert!(written.contains("<h3>Plusieurs régions"));
    assert!(!written.contains("n/a") && !written.contains("<dd></dd>") && !written.contains("<ul></ul>"));
}

#[test]
fn the_regions_of_the_call_are_shown_first() {
    let checked = |records: &[Record]| {
        let page = page(&Metadata::default(), records);
        page.contains("id=\"limites-2015\" checked")
    };
    let mut mixed = laureates();
    assert!(checked(&mixed));
    mixed[3].call.announced = Some("2023-01-10".to_owned());
    assert!(!checked(&mixed));
    assert!(!checked(&records(r#"[{"id":"x","nom":"Sans date"}]"#)));
}

#[test]
fn no_value_becomes_markup() {
    let hostile = "</script><script>alert(1)</script>\" onmouseover=\"x' & <b>";
    let text = serde_json::to_string(hostile).unwrap();
    let json = format!(
        r#"[{{"id":"a","nom":{text},"sigle":{text},"appel":{{"edition":{text},"statut":{text},"type":{text},"date_annonce":{text}}},
        "region":{{"nom":{text}}},"territoire":{{"libelle":{text},"departements":[{{"code":{text},"nom":{text}}}],
        "communes":[{{"nom":{text}}}],"priorites":[{text}]}},"thematiques":[{text}],
        "projet":{{"resume":{text},"objectifs":[{text}],"actions":[{text}]}},
        "coordinateur":{{"nom":{text},"forme_juridique":{text},"siren":{text},"siret":{text},"rna":{text}}},
        "partenaires":[{{"nom":{text},"categorie":{text},"groupe":{text},"note":{text}}},{{"nom":{text},"categorie":{text}}}],
        "contacts":[{{"nom":{text},"fonction":{text},"courriel":{text},"telephone":{text}}}],
        "adresse":{{"complement":{text},"voie":{text},"mention":{text},"code_postal":{text},"commune":{text},"cedex":{text}}},
        "site_web":"javascript:alert(1)"}},
        {{"id":"b","nom":"B","site_web":"https://example.org/\" onclick=\"x"}},
        {{"id":"c","nom":"C","site_web":"HTTPS://example.org/a?b=c&d"}}]"#
    );
    let metadata = Metadata {
        title: hostile.to_owned(),
        description: hostile.to_owned(),
        publisher: Some(hostile.to_owned()),
        homepage: Some("data:text/html,x".to_owned()),
        contact: Some(hostile.to_owned()),
        base_url: Some(hostile.to_owned()),
        keywords: vec![hostile.to_owned()],
        sources: vec![crate::export::open_data::DataSource {
            title: hostile.to_owned(),
            url: Some(hostile.to_owned()),
        }],
        figures: vec![crate::export::open_data::Figure { value: hostile.to_owned(), label: hostile.to_owned() }],
        ..Metadata::default()
    };
    let mut page = Page::new(&metadata, 0);
    records(&json).iter().for_each(|record| page.add(&Placed::new(record.clone())));
    let mut out = Vec::new();
    page.write(&mut out, &[(hostile, hostile, 1)], &[(hostile.to_owned(), 1)]).unwrap();
    let written = String::from_utf8(out).unwrap();
    // The script of the page, and the description of the data set.
    assert_eq!(written.matches("<script").count(), 2);
    assert_eq!(written.matches("</script").count(), 2);
    assert!(!written.contains("<b>") && !written.contains("onmouseover=\"") && !written.contains("onclick=\""));
    for scheme in ["href=\"javascript:", "href=\"data:text"] {
        assert!(!written.contains(scheme), "{scheme}");
    }
    assert!(
        written.contains("<a href=\"HTTPS://example.org/a?b=c&amp;d\" rel=\"external\">example.org/a?b=c&amp;d</a>")
    );
    let (_, rest) = written.split_once("application/ld+json\">").unwrap();
    let described: serde_json::Value = serde_json::from_str(rest.split_once("</script>").unwrap().0).unwrap();
    assert_eq!(described["name"], hostile);
}

#[test]
fn the_page_asks_the_network_for_nothing() {
    let written = page(&metadata(), &laureates());
    for loading in
        [" src=", "url(", "@import", "@font-face", "<iframe", "<object", "fetch(", "XMLHttpRequest", "style=\""]
    {
        assert!(!written.contains(loading), "{loading}");
    }
    assert_eq!(written.matches("<link ").count(), 1);
    assert!(written.contains("<link rel=\"icon\" href=\"data:"));
    // `printf %s abc | openssl dgst -sha256 -binary | base64`
    assert_eq!(sha256_base64("abc"), "ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0=");
    for text in [STYLE, SCRIPT] {
        assert!(written.contains(&format!("&#39;sha256-{}&#39;", sha256_base64(text))));
        assert!(!text.contains("</"));
    }
}

#[test]
fn a_large_publication_stays_usable() {
    let laureates = laureates();
    let many = |count: usize| -> Vec<Record> {
        let all = (0..count).map(|rank| Record { id: Some(format!("n-{rank}")), ..laureates[rank % 23].clone() });
        all.collect()
    };
    let listed = page(&metadata(), &many(200));
    assert_eq!(listed.matches("<article").count(), 200);
    assert!(listed.contains("n-semis") && !listed.contains("points petit"));
    // Those of one place are one point, with their number.
    assert!((1..=23).contains(&listed.matches(" data-poles=").count()) && listed.contains("<title>9 pôles\u{a0}:\n"));
    // Lists and sheets are folded.
    assert!(listed.matches("<details").count() > 30 && !listed.contains("class=\"groupe\""));
    assert!(!page(&metadata(), &many(FOLDED_LIMIT)).contains("<details"));
    let counted = page(&metadata(), &many(LIMIT + 1));
    assert!(counted.len() < 500_000, "{}", counted.len());
    assert_eq!(counted.matches("<li data-pole=").count(), LIMIT + 1);
    assert!(counted.contains("<form") && counted.contains("<details"));
    assert!(!counted.contains("<article") && counted.contains("<caption>Nombre de pôles par région</caption>"));
    assert!(counted.contains("compte 1\u{202f}001\u{a0}pôles"));
}

#[test]
fn the_map_names_regions_and_has_the_frames_that_it_needs() {
    let written = page(&metadata(), &laureates());
    for name in [">Bretagne</tspan>", ">Franche-Comté</tspan>", ">Grand Est</tspan>", ">d’Azur</tspan>"] {
        assert!(written.contains(name), "{name}");
    }
    assert!(written.contains(">Paris et petite</tspan>") && !written.contains(">Mayotte</tspan>"));
    let islands = r#"[{"id":"a","nom":"A","adresse":{"code_postal":"97500","commune":"Saint-Pierre"}},
        {"id":"b","nom":"B","territoire":{"departements":[{"code":"974"}]}}]"#;
    let written = page(&metadata(), &records(islands));
    assert!(written.contains(">Saint-Pierre-</tspan>") && written.contains(">La Réunion</tspan>"));
    assert!(!written.contains("petite</tspan>") && !written.contains("pas situé"));
}

#[test]
fn mailboxes_and_numbers_are_links_and_no_other_text_is() {
    let written = page(
        &metadata(),
        &records(
            r#"[{"id":"a","nom":"A","contacts":[{"courriel":"contact@pole.example.org","telephone":"+33 2 61 91 00 01"},
            {"courriel":"x\" onclick=\"y@z.org","telephone":"sur rendez-vous"}]}]"#,
        ),
    );
    assert!(written.contains("<a href=\"mailto:contact@pole.example.org\">contact@pole.example.org</a>"));
    assert!(written.contains("<a href=\"tel:+33261910001\">+33 2 61 91 00 01</a>"));
    assert_eq!(written.matches("mailto:").count() + written.matches("\"tel:").count(), 2);
}

#[test]
fn an_empty_publication_is_a_page_too() {
    let written = page(&Metadata::default(), &[]);
    assert!(written.contains("aucun pôle") && !written.contains("<form"));
}
