//! Corrections in the file itself: what is certain changes and nothing else, and all of it can be taken back.

use std::collections::BTreeMap;
use std::io::{Cursor, Write};

use proptest::prelude::*;
use ptce::difference::{Difference, Round};
use ptce::fix::{self, Log, Obstacle, Options, Plan};
use ptce::import::Limits;
use ptce::{Format, Language};
use rust_xlsxwriter::{Format as CellFormat, Formula, Workbook};

use crate::support::{archived, exported, folder, ptce, ran, read, records, root, sample};

fn plan(name: &str, bytes: &[u8]) -> Plan {
    fix::plan(name, bytes, &Options::default()).unwrap_or_else(|error| panic!("{name}: {error}"))
}

fn safe(name: &str, bytes: &[u8]) -> fix::Fixed {
    fix::safe(name, bytes, &Options::default()).unwrap_or_else(|error| panic!("{name}: {error}"))
}

/// All that can be applied, applied.
fn all(name: &str, bytes: &[u8]) -> (Plan, fix::Fixed) {
    let mut plan = plan(name, bytes);
    for correction in &mut plan.corrections {
        correction.chosen = correction.obstacle.is_none();
    }
    let fixed = fix::apply(name, bytes, &plan, &Options::default()).unwrap_or_else(|error| panic!("{name}: {error}"));
    (plan, fixed)
}

/// The parts of an archive, unpacked.
fn parts(bytes: &[u8]) -> BTreeMap<String, Vec<u8>> {
    archived(bytes).into_iter().collect()
}

/// Corrected, corrected again, and taken back.
fn assert_reversible(name: &str, bytes: &[u8]) -> fix::Fixed {
    let fixed = safe(name, bytes);
    let again = safe(name, &fixed.bytes);
    assert!(again.log.changes.is_empty() && again.bytes == fixed.bytes, "{name}: {:?}", again.log.changes);
    // A log that was written and read is the same log.
    let log = Log::parse(&fixed.log.to_json().unwrap(), "log.json").unwrap();
    assert_eq!(log, fixed.log);
    let undone = fix::undo(&fixed.bytes, &log, &Options::default()).unwrap();
    assert!(undone.is_original && undone.left.is_empty(), "{name}");
    match name.ends_with(".xlsx") || name.ends_with(".ods") {
        true => assert!(parts(&undone.bytes) == parts(bytes), "{name}"),
        false => assert!(undone.bytes == bytes, "{name}"),
    }
    fixed
}

fn changes(fixed: &fix::Fixed) -> Vec<String> {
    let change = |change: &fix::Change| {
        format!("{} {} → {}", change.location.within_file(Language::English), change.before, change.after)
    };
    fixed.log.changes.iter().map(change).collect()
}

const CSV: &str = "Nom;Structure porteuse;Code postal;Commune;Site web;Date d’annonce
Fabriques;Ateliers;F-46100;Figeac;www.example.org;22 mai 2025
\"Laine; et fil\";\"Filature \"\"du\"\" Lot\";\" 46 100 \";Figeac;\"https://example.com\";2025-05-22
";

#[test]
fn csv_keeps_its_dialect() {
    let windows = |text: &str| encoding_rs_encode(text, encoding_rs::WINDOWS_1252);
    let utf16 = |text: &str| -> Vec<u8> {
        std::iter::once(0xFEFF).chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect()
    };
    type Encode = dyn Fn(&str) -> Vec<u8>;
    let encodings: [(&str, &Encode); 4] = [
        ("UTF-8", &|text| text.as_bytes().to_vec()),
        ("BOM", &|text| [&b"\xEF\xBB\xBF"[..], text.as_bytes()].concat()),
        ("Windows-1252", &windows),
        ("UTF-16", &utf16),
    ];
    for (encoding, encode) in encodings {
        for (end, delimiter) in [("\n", ";"), ("\r\n", ";"), ("\r", ";"), ("\r\n", "\t")] {
            let dressed = |text: &str| {
                let text = text.replace('\n', end);
                let text =
                    if delimiter == ";" { text } else { text.replace(';', delimiter).replace("Laine\t", "Laine;") };
                encode(&text)
            };
            let fixed = assert_reversible("envoi.csv", &dressed(CSV));
            let expected = CSV
                .replace("F-46100", "46100")
                .replace("46 100", "46100")
                .replace("www.example.org", "https://www.example.org")
                .replace("22 mai 2025", "2025-05-22");
            let is_same = fixed.bytes == dressed(&expected);
            assert!(is_same, "{encoding} {end:?}: {}", String::from_utf8_lossy(&fixed.bytes));
        }
    }
}

fn encoding_rs_encode(text: &str, encoding: &'static encoding_rs::Encoding) -> Vec<u8> {
    let (bytes, _, had_errors) = encoding.encode(text);
    assert!(!had_errors);
    bytes.into_owned()
}

#[test]
fn trees_change_at_the_value_only() {
    let json = "[\n  { \"nom\" : \"Fabriques\", \"coordinateur\": {\"nom\": \"Ateliers\", \"siren\": \"999 164 080\"},\n    \"emploi\": { \"etp\": \"1'200,5\" },\t\"site_web\": \"www.example.org\",\n    \"adresse\": {\"code_postal\": \"F-46\\u0031\\u0030\\u0030\", \"commune\": \"Figeac\"} }\n]";
    let fixed = assert_reversible("envoi.json", json.as_bytes());
    let expected = json
        .replace("999 164 080", "999164080")
        .replace("\"1'200,5\"", "1200.5")
        .replace("www.", "https://www.")
        .replace("F-46\\u0031\\u0030\\u0030", "46100");
    assert_eq!(String::from_utf8(fixed.bytes).unwrap(), expected);

    let ndjson = "{\"nom\":\"Fabriques\",\"site_web\":\"www.example.org\"}\r\n{\"nom\":\"Laine\",\"site_web\":\"www.example.com\"}\r\n";
    let fixed = assert_reversible("envoi.ndjson", ndjson.as_bytes());
    assert_eq!(String::from_utf8(fixed.bytes).unwrap(), ndjson.replace("www.", "https://www."));

    let xml = "<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?>\n<!-- Pôles -->\n<ptces><ptce site_web='www.example.org'>\n  <nom>Été &amp; fil</nom>\n  <coordinateur><nom>Ateliers</nom><siren> 999 164 080\n</siren></coordinateur>\n  <adresse><code_postal><![CDATA[F-46100]]></code_postal><commune>Figeac</commune></adresse>\n</ptce></ptces>\n";
    let bytes = encoding_rs_encode(xml, encoding_rs::WINDOWS_1252);
    let fixed = assert_reversible("envoi.xml", &bytes);
    let expected = xml
        .replace("'www.", "'https://www.")
        .replace("999 164 080", "999164080")
        .replace("<![CDATA[F-46100]]>", "46100");
    assert_eq!(encoding_rs_decode(&fixed.bytes), expected);
}

fn encoding_rs_decode(bytes: &[u8]) -> String {
    encoding_rs::WINDOWS_1252.decode_without_bom_handling(bytes).0.into_owned()
}

/// A workbook with what a person has in one: numbers for codes, formulas, two fonts in a cell, merged cells.
fn book() -> Vec<u8> {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    sheet.set_name("Pôles & co").unwrap();
    let bold = CellFormat::new().set_bold();
    for (column, label) in
        ["Nom", "Structure porteuse", "Code postal", "Commune", "Département", "SIREN", "Site web", "ETP"]
            .into_iter()
            .enumerate()
    {
        sheet.write_with_format(0, column as u16, label, &bold).unwrap();
    }
    let rows: [[&str; 8]; 3] = [
        ["Fabriques", "Ateliers", "", "Privas", "Ardèche", "", "www.example.org", "1'200,5"],
        ["Laine", "Filature", "F-46100", "Figeac", "Lot (46)", "999 164 080", "https://example.com", "3"],
        ["Bois", "Scierie", "46100", "Figeac", "Lot (46)", "", "", ""],
    ];
    for (row, cells) in (1..).zip(rows) {
        for (column, cell) in (0..).zip(cells).filter(|(_, cell)| !cell.is_empty()) {
            sheet.write(row, column, cell).unwrap();
        }
    }
    sheet.write_with_format(1, 2, 7000, &bold).unwrap();
    sheet.write(3, 7, Formula::new("1+1").set_result("2")).unwrap();
    sheet.write(3, 6, Formula::new("\"www.\"&\"example.org\"").set_result("www.example.org")).unwrap();
    let red = CellFormat::new().set_font_color("FF0000");
    sheet.write_rich_string(2, 6, &[(&bold, "www."), (&red, "example.com")]).unwrap();
    book.add_worksheet()
        .set_name("Notes")
        .unwrap()
        .write(0, 0, Formula::new("'Pôles & co'!C2").set_result("7000"))
        .unwrap();
    book.save_to_buffer().unwrap()
}

#[test]
fn a_workbook_changes_in_its_cells_only() {
    // As programs write it that do not have formulas computed at each opening.
    let original = changed(&book(), "xl/workbook.xml", &[(" fullCalcOnLoad=\"1\"", "")]);
    let fixed = assert_reversible("envoi.xlsx", &original);
    assert_eq!(
        changes(&fixed),
        [
            "'Pôles & co'!C2 7000 → 07000",
            "'Pôles & co'!G2 www.example.org → https://www.example.org",
            "'Pôles & co'!H2 1'200,5 → 1200.5",
            "'Pôles & co'!C3 F-46100 → 46100",
            "'Pôles & co'!F3 999 164 080 → 999164080",
            "'Pôles & co'!G3 www.example.com → https://www.example.com",
        ]
    );
    assert_eq!(fixed.left.iter().map(|(_, obstacle)| *obstacle).collect::<Vec<_>>(), [Obstacle::Formula]);
    let (before, after) = (parts(&original), parts(&fixed.bytes));
    let changed: Vec<&String> = before.keys().filter(|name| before[*name] != after[*name]).collect();
    assert_eq!(changed, ["xl/workbook.xml", "xl/worksheets/sheet1.xml"]);
    assert_eq!(before.len(), after.len());
    // What was made of the old values is made anew.
    assert!(String::from_utf8_lossy(&after["xl/workbook.xml"]).contains("fullCalcOnLoad=\"1\""));
    let sheet = String::from_utf8_lossy(&after["xl/worksheets/sheet1.xml"]).into_owned();
    assert!(
        sheet.contains("<c r=\"C2\" s=\"1\" t=\"inlineStr\"><is><t xml:space=\"preserve\">07000</t></is></c>"),
        "{sheet}"
    );
    assert!(sheet.contains("<c r=\"H2\"><v>1200.5</v></c>"), "{sheet}");
    // Another program reads it.
    let mut book: calamine::Xlsx<_> = calamine::Reader::new(Cursor::new(&fixed.bytes)).unwrap();
    let range = calamine::Reader::worksheet_range(&mut book, "Pôles & co").unwrap();
    let cell = |row, column| range.get((row, column)).map(ToString::to_string);
    assert_eq!(cell(1, 2).as_deref(), Some("07000"));
    assert_eq!(cell(3, 7).as_deref(), Some("2"));
}

/// An archive in which some texts of a part are others.
fn changed(bytes: &[u8], part: &str, changes: &[(&str, &str)]) -> Vec<u8> {
    let mut out = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in parts(bytes) {
        let mut text = content;
        if name == part {
            let mut changed = String::from_utf8(text).unwrap();
            for (old, new) in changes {
                assert!(changed.contains(old), "{old}");
                changed = changed.replace(old, new);
            }
            text = changed.into_bytes();
        }
        out.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
        out.write_all(&text).unwrap();
    }
    out.finish().unwrap().into_inner()
}

#[test]
fn an_open_document_workbook_changes_in_its_cells_only() {
    let site = read("conforme.ods", &sample("conforme.ods")).records()[0].website.clone().unwrap();
    let bare = site.trim_start_matches("https://");
    assert_ne!(site, bare);
    let (old, new) = (format!("<text:p>{site}</text:p>"), format!("<text:p>{bare}</text:p>"));
    let original = changed(&sample("conforme.ods"), "content.xml", &[(&old, &new)]);
    let fixed = assert_reversible("envoi.ods", &original);
    assert_eq!(fixed.log.changes.len(), 1, "{:?}", changes(&fixed));
    assert_eq!(read("envoi.ods", &fixed.bytes).records()[0].website.as_deref(), Some(site.as_str()));
    let (before, after) = (parts(&original), parts(&fixed.bytes));
    let changed: Vec<&String> = before.keys().filter(|name| before[*name] != after[*name]).collect();
    assert_eq!(changed, ["content.xml"]);
}

/// The sample with all its defects, in each format that is written in place.
#[test]
fn every_correction_of_the_sample_is_undone() {
    let of_sample = records("laureats-2014");
    let mut counts = Vec::new();
    for format in [Format::Csv, Format::Json, Format::Ndjson, Format::Xml, Format::Xlsx] {
        let name = format!("envoi.{}", format.extension());
        let bytes = exported(format, "Lauréats", &of_sample);
        assert_reversible(&name, &bytes);
        let (plan, fixed) = all(&name, &bytes);
        let possible = plan.corrections.iter().filter(|correction| correction.obstacle.is_none()).count();
        assert!(possible > 0 && fixed.left.is_empty(), "{name}: {:?}", fixed.left);
        assert_eq!(fixed.log.changes.len(), possible, "{name}");
        let undone = fix::undo(&fixed.bytes, &fixed.log, &Options::default()).unwrap();
        assert!(undone.is_original);
        counts.push((name, plan.corrections.len(), possible));
    }
    // What is proposed does not depend on the format.
    assert!(counts.iter().all(|(_, proposed, _)| *proposed == counts[0].1), "{counts:?}");
}

fn round(name: &str, bytes: &[u8]) -> Round {
    let mut round = Round::default();
    let options = ptce::run::Options { assess: true, ..ptce::run::Options::default() };
    let input = ptce::Input::from_bytes(name, bytes.to_vec());
    ptce::run::run(vec![input], &ptce::Settings::default(), &options, &mut |event| {
        round.add(&event);
        Ok(())
    })
    .unwrap();
    round
}

/// What stands in a cell and what it is corrected to, by column.
const DAMAGE: &[(usize, &str)] = &[
    (2, "F-46100"),
    (2, "46 100"),
    (2, "46100.0"),
    (4, "999 164 080"),
    (4, "SIREN : 999.164.080"),
    (5, "www.example.org"),
    (5, "example.org/ptce"),
    (5, "https://example.org/pôle"),
    (6, "22 mai 2025"),
    (6, "le jeudi 22 mai 2025"),
    (6, "22/05/2025"),
    (7, "1'200,5"),
    (8, "contact @example.org"),
    (8, "<contact@example.org>"),
    (9, "05 65 00 00 1O"),
    (0, "PÃ´le d’essai"),
    (0, "Pôle <b>d’essai</b>"),
];
const HEADER: [&str; 10] = [
    "nom",
    "coordinateur_nom",
    "adresse_code_postal",
    "adresse_commune",
    "coordinateur_siren",
    "site_web",
    "appel_date_annonce",
    "emploi_etp",
    "contact_1_courriel",
    "contact_1_telephone",
];

fn table(rows: &[Vec<String>], format: Format) -> Vec<u8> {
    match format {
        Format::Csv => {
            let mut out = csv::WriterBuilder::new().delimiter(b';').from_writer(Vec::new());
            out.write_record(HEADER).unwrap();
            rows.iter().for_each(|row| out.write_record(row).unwrap());
            out.into_inner().unwrap()
        }
        Format::Xlsx => {
            let mut book = Workbook::new();
            let sheet = book.add_worksheet();
            sheet.write_row(0, 0, HEADER).unwrap();
            for (row, cells) in (1..).zip(rows) {
                sheet.write_row(row, 0, cells.iter().map(String::as_str)).unwrap();
            }
            book.save_to_buffer().unwrap()
        }
        _ => {
            let csv = table(rows, Format::Csv);
            let mut out = Vec::new();
            let mut settings = ptce::Settings::default();
            settings.values = ptce::settings::Values::AsTyped;
            let input = ptce::Input::from_bytes("envoi.csv", csv);
            ptce::convert(vec![input], format, &mut out, &settings).unwrap();
            out
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    /// Fixed and undone is the original; fixed twice is fixed once; and the difference is the plan.
    #[test]
    fn what_is_fixed_is_the_plan(
        damage in prop::collection::vec((0_usize..6, prop::sample::select(DAMAGE)), 0..8),
        format in prop::sample::select(vec![Format::Csv, Format::Xlsx, Format::Json, Format::Ndjson, Format::Xml]),
    ) {
        let names = ["Fabriques du Lot", "Laine et fil", "Bois de Figeac", "Haies vives", "Roue libre", "Tiers-lieu"];
        let mut rows: Vec<Vec<String>> = names
            .iter()
            .map(|name| {
                let site = "https://example.org";
                [*name, "Ateliers", "46100", "Figeac", "", site, "2025-05-22", "3.5", "contact@example.org", "05 65 00 00 10"]
                    .map(str::to_owned)
                    .to_vec()
            })
            .collect();
        for (row, (column, text)) in &damage {
            rows[*row][*column] = if *column == 0 { format!("{text} {row}") } else { (*text).to_owned() };
        }
        let name = format!("envoi.{}", format.extension());
        let bytes = table(&rows, format);
        assert_reversible(&name, &bytes);
        let (plan, fixed) = all(&name, &bytes);
        let difference = Difference::between(&round(&name, &bytes), &round(&name, &fixed.bytes));
        let mut resolved: Vec<(String, Option<u64>)> = difference
            .resolved
            .iter()
            .map(|told| (told.code.clone(), told.record.as_ref().map(|record| record.index)))
            .collect();
        let mut planned: Vec<(String, Option<u64>)> = plan
            .corrections
            .iter()
            .filter(|correction| correction.chosen)
            .map(|correction| (correction.code.clone(), Some(correction.record.index)))
            .collect();
        resolved.sort();
        planned.sort();
        // A name that was wrong is another name: its record is then another one.
        if damage.iter().all(|(_, (column, _))| *column != 0) {
            prop_assert_eq!(resolved, planned);
            prop_assert!(difference.new.is_empty(), "{:?}", difference.new);
        }
    }
}

#[test]
fn a_plan_survives_the_spreadsheet() {
    let mut plan = plan("envoi.csv", CSV.as_bytes());
    plan.choose_safe();
    assert!(plan.corrections.iter().any(|correction| correction.chosen));
    for language in [Language::French, Language::English] {
        for table in [plan.to_xlsx(language).unwrap(), plan.to_csv(language).unwrap()] {
            let again = Plan::read(&table, "plan", &Limits::default()).unwrap();
            let fixed = fix::apply("envoi.csv", CSV.as_bytes(), &again, &Options::default()).unwrap();
            let expected = fix::apply("envoi.csv", CSV.as_bytes(), &plan, &Options::default()).unwrap();
            assert!(fixed.bytes == expected.bytes && fixed.bytes != CSV.as_bytes());
        }
    }
}

#[test]
fn a_plan_is_answered_for_what_is_wrong_with_it() {
    let plan = plan("envoi.csv", CSV.as_bytes());
    let text = String::from_utf8(plan.to_csv(Language::French).unwrap()).unwrap();
    let read = |text: &str| Plan::read(text.as_bytes(), "plan.csv", &Limits::default());
    let message = |text: &str| read(text).unwrap_err().message(Language::French);
    let first = text.lines().nth(1).unwrap();
    let ticked = text.replacen(first, &format!("peut-être{first}"), 1);
    assert!(message(&ticked).contains("écrivez x"), "{}", message(&ticked));
    assert!(message("a;b\n1;2\n").contains("--plan"));
    let other = text.replacen(&plan.sha256, "00", 1);
    assert!(message(&other).contains("plusieurs fichiers"));
    // An emptied cell is never the correction.
    let mut emptied = plan.clone();
    let first = plan.corrections.iter().position(|correction| correction.before == "F-46100").unwrap();
    emptied.corrections[first].chosen = true;
    emptied.corrections[first].after = "  ".to_owned();
    let fixed = fix::apply("envoi.csv", CSV.as_bytes(), &emptied, &Options::default()).unwrap();
    assert_eq!((fixed.bytes.as_slice(), fixed.left[0].1), (CSV.as_bytes(), Obstacle::Empty));
    // A person's own value is written, and one that would be read otherwise is not.
    let mut own = plan.clone();
    own.corrections[first].chosen = true;
    own.corrections[first].after = "46102".to_owned();
    let fixed = fix::apply("envoi.csv", CSV.as_bytes(), &own, &Options::default()).unwrap();
    assert_eq!(String::from_utf8(fixed.bytes).unwrap(), CSV.replace("F-46100", "46102"));
    // Another state of the file.
    let sorted = CSV.replace("Fabriques", "Autres");
    let error = fix::apply("envoi.csv", sorted.as_bytes(), &own, &Options::default()).unwrap_err();
    assert!(error.message(Language::French).contains("refaites le plan"));
}

#[test]
fn what_was_changed_since_is_undone_cell_by_cell() {
    let fixed = safe("envoi.csv", CSV.as_bytes());
    // Somebody adds a record below, and corrects one of our corrections.
    let text = String::from_utf8(fixed.bytes).unwrap().replacen("2025-05-22", "2025-05-23", 1)
        + "Haies;Ateliers;46100;Figeac;;\n";
    let undone = fix::undo(text.as_bytes(), &fixed.log, &Options::default()).unwrap();
    assert!(!undone.is_original);
    assert_eq!(undone.left.iter().map(|change| change.after.as_str()).collect::<Vec<_>>(), ["2025-05-22"]);
    let expected = CSV.replace("22 mai 2025", "2025-05-23") + "Haies;Ateliers;46100;Figeac;;\n";
    assert_eq!(String::from_utf8(undone.bytes).unwrap(), expected);
}

#[test]
fn the_command_corrects_and_takes_back() {
    let folder = folder(&[("envoi.csv", CSV.as_bytes())]);
    let path = |name: &str| folder.path().join(name).display().to_string();
    std::fs::write(path("envoi.csv"), CSV).unwrap();
    let run = |arguments: &[&str]| {
        let mut command = ptce();
        command.args(arguments).args(["--lang", "en"]);
        ran(&mut command)
    };
    let (envoi, plan, corrected, log) =
        (path("envoi.csv"), path("plan.xlsx"), path("corrige.csv"), path("corrige.csv.log.json"));
    assert_eq!(run(&["fix", &envoi, "--plan", &plan]).code, 0);
    let applied = run(&["fix", &envoi, "--apply", &plan, "-o", &corrected]);
    assert_eq!(applied.code, 0, "{}", applied.stderr);
    let written = std::fs::read(&corrected).unwrap();
    assert_ne!(written, CSV.as_bytes());
    assert_eq!(run(&["fix", &envoi, "--safe", "-o", &path("sur.csv"), "--log", &path("sur.json")]).code, 0);
    assert_eq!(std::fs::read(path("sur.csv")).unwrap(), written);
    // Applied again it changes nothing, and the log of what was changed stays.
    let logged = std::fs::read(&log).unwrap();
    assert_eq!(run(&["fix", &corrected, "--apply", &plan, "-o", &path("encore.csv"), "--log", &log]).code, 0);
    assert_eq!((std::fs::read(path("encore.csv")).unwrap(), std::fs::read(&log).unwrap()), (written, logged));
    assert_eq!(run(&["fix", &corrected, "--undo", &log, "-o", &path("avant.csv")]).code, 0);
    assert_eq!(std::fs::read(path("avant.csv")).unwrap(), CSV.as_bytes());
    for (wrong, said) in [
        (vec!["fix", &envoi], "--plan"),
        (vec!["fix", &envoi, "--safe"], "--output"),
        (vec!["fix", &envoi, "--safe", "-o", &envoi], "read"),
        (vec!["fix", &envoi, "--plan", &envoi], "read"),
        (vec!["fix", &envoi, "--safe", "-o", &corrected, "--log", &envoi], "read"),
        (vec!["fix", &envoi, "--safe", "-o", &path("corrige.xlsx")], ".csv"),
        (vec!["fix", &envoi, "--plan", &path("plan.txt")], ".xlsx"),
        (vec!["fix", &envoi, "--apply", &envoi, "-o", &corrected], "no plan"),
    ] {
        let ran = run(&wrong);
        assert_eq!(ran.code, 2, "{wrong:?}: {}", ran.stderr);
        assert!(ran.stderr.contains(said), "{wrong:?}: {}", ran.stderr);
    }
    assert_eq!(std::fs::read(&envoi).unwrap(), CSV.as_bytes());
    let xls = root().join("samples/conforme.xls").display().to_string();
    assert!([0, 2].contains(&run(&["fix", &xls, "--safe", "-o", &path("x.xls")]).code));
}
