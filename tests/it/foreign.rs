//! What files of others have taught us, made again here: `tests/foreign.py` runs over such files.

use ptce::settings::Settings;

use crate::hostile::{RELATIONS, ROWS, TYPES, WORKBOOK, parts, patched, sheet, with_part, xlsx};
use crate::legacy::{compound, ods, record, rows, stream, text, xls, xlsb};
use crate::support::{Read, archive, folder, ptce, ran, read, read_with, run_with_input};

const TABLE: &str = "Nom;Coordinateur;Commune\nPôle d’été;Léa;Vitré\nŒuvre;Noé;Figeac\n";

fn utf16(text: &str, bytes: fn(u16) -> [u8; 2]) -> Vec<u8> {
    text.encode_utf16().flat_map(bytes).collect()
}

fn names(name: &str, bytes: &[u8]) -> Vec<String> {
    read(name, bytes).records().into_iter().filter_map(|record| record.name).collect()
}

/// The message of the refusal.
fn refusal(name: &str, bytes: &[u8]) -> String {
    let refused = read_with(name, bytes, &Settings::default()).map(|read| read.entries.len());
    let Err(error) = refused else { panic!("{name} is read") };
    error.to_string()
}

#[test]
fn utf16_is_read_without_its_mark() {
    for (bytes, encoding) in [(u16::to_le_bytes as fn(u16) -> [u8; 2], "UTF-16LE"), (u16::to_be_bytes, "UTF-16BE")] {
        for breaks in ["\n", "\r\n", "\r"] {
            let table = TABLE.replace('\n', breaks);
            assert_eq!(names("envoi.csv", &utf16(&table, bytes)), ["Pôle d’été", "Œuvre"], "{encoding} {breaks:?}");
            let marked = utf16(&format!("\u{FEFF}{table}"), bytes);
            assert_eq!(names("envoi.csv", &marked), ["Pôle d’été", "Œuvre"], "{encoding} {breaks:?}");
        }
        let table = run_with_input(&["inspect", "-"], &utf16(TABLE, bytes)).stdout;
        assert!(
            table.contains(&format!("  encoding {encoding} (every second byte is zero), delimiter “;”")),
            "{table}"
        );
        let lines = utf16("Nom du PTCE : Pôle d’été\nCommune : Vitré\n", bytes);
        assert_eq!(names("envoi.txt", &lines), ["Pôle d’été"]);
        let told = run_with_input(&["inspect", "-"], &lines).stdout;
        assert!(told.contains(&format!("encoding {encoding}\n")), "{told}");
        assert_eq!(names("envoi.json", &utf16("[{\"nom\": \"Pôle d’été\"}]", bytes)), ["Pôle d’été"]);
        let tree = "<ptces><ptce><nom>Pôle d’été</nom></ptce></ptces>";
        assert_eq!(names("envoi.xml", &utf16(tree, bytes)), ["Pôle d’été"]);
    }
}

/// A NUL character alone on a line once ended the file without a word.
#[test]
fn nul_characters_are_told_wherever_they_stand() {
    let utf32: Vec<u8> = TABLE.chars().flat_map(|letter| u32::from(letter).to_le_bytes()).collect();
    for bytes in [
        TABLE.replacen('\n', "\n\0\n", 2).into_bytes(),
        [TABLE.as_bytes(), b"\0"].concat(),
        [TABLE.as_bytes(), &[0; 512]].concat(),
        [TABLE.as_bytes(), b"\"Quai\0"].concat(),
        utf32,
    ] {
        let said = refusal("envoi.csv", &bytes);
        assert!(said.contains("NUL character"), "{said}");
    }
    assert!(refusal("envoi.csv", format!("{TABLE}\"Quai").as_bytes()).contains("quote"));
}

#[test]
fn the_end_that_dos_marks_is_no_record() {
    for end in ["\x1A", "\r\n\x1A", "\x1A\n"] {
        let bytes = format!("{TABLE}Quai;Ana{end}");
        // The last row of the first one has the mark in its last cell.
        if end != "\x1A" && end != "\x1A\n" {
            assert_eq!(names("envoi.csv", bytes.as_bytes()), ["Pôle d’été", "Œuvre", "Quai"]);
        }
        let bytes = format!("{TABLE}{}", end.trim_start());
        assert_eq!(names("envoi.csv", bytes.as_bytes()), ["Pôle d’été", "Œuvre"]);
        let form = format!("Nom;Quai\nCoordinateur;Ana\nCommune;Figeac\n{}", end.trim_start());
        assert_eq!(names("envoi.csv", form.as_bytes()), ["Quai"]);
    }
}

/// Document servers leave properties in UTF-16 in a workbook, which nothing reads.
#[test]
fn properties_of_document_servers_may_be_utf16() {
    let properties = utf16("\u{FEFF}<?xml version=\"1.0\" encoding=\"UTF-16\"?><properties/>", u16::to_le_bytes);
    assert_eq!(names("envoi.xlsx", &with_part("customXml/item1.xml", properties)), ["Roue libre"]);
    let relations = RELATIONS.replace("worksheets/sheet1.xml", "../customXml/item1.xml");
    assert!(refusal("envoi.xlsx", &with_part("xl/_rels/workbook.xml.rels", relations)).contains("damaged"));
}

#[test]
fn a_workbook_may_hold_documents() {
    let document = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";
    let types =
        TYPES.replace("<Override", &format!("<Default Extension=\"docx\" ContentType=\"{document}\"/><Override"));
    assert_eq!(names("envoi.xlsx", &with_part("[Content_Types].xml", types)), ["Roue libre"]);
    let types = TYPES.replace("spreadsheetml.sheet.main", "wordprocessingml.document.main").replace(
        "<Override",
        "<Default Extension=\"xlsx\" ContentType=\"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet\"/><Override",
    );
    assert!(refusal("envoi.xlsx", &with_part("[Content_Types].xml", types)).contains("document is damaged"));
}

#[test]
fn encrypted_workbooks_are_told_as_such() {
    let encrypted = archive(&[
        ("mimetype".to_owned(), b"application/vnd.oasis.opendocument.spreadsheet".to_vec()),
        ("content.xml".to_owned(), vec![0x9F, 0, 0x3C, 0, 0xE2]),
        ("META-INF/manifest.xml".to_owned(), b"<manifest:encryption-data/>".to_vec()),
    ]);
    assert!(refusal("envoi.ods", &encrypted).contains("password"));
}

#[test]
fn sheets_of_macros_are_told_as_such() {
    let macros = RELATIONS.replace("/worksheet\"", "/xlMacrosheet\"").replace("worksheets/", "macrosheets/");
    assert_eq!(macros.matches("acrosheet").count(), 2);
    let macros =
        macros.replace("http://schemas.openxmlformats.org/officeDocument", "http://schemas.microsoft.com/office");
    let said = refusal("envoi.xlsx", &with_part("xl/_rels/workbook.xml.rels", macros));
    assert!(said.contains("sheet of macros") && WORKBOOK.contains("r1"), "{said}");
}

/// A format that counts one character too many once refused the whole workbook.
#[test]
fn a_format_that_is_cut_shows_numbers() {
    let format = record(0x041E, &[&[42, 0][..], &text("# ##0")[..7]].concat());
    let label = |row: u16, name: &str| record(0x0204, &[&row.to_le_bytes()[..], &[0; 4], &text(name)].concat());
    let sheet = ("PTCE", 0, vec![label(0, "Nom"), label(1, "Roue libre")]);
    let workbook = compound(&[("Workbook", stream(0x0600, &[format], &[sheet]))]);
    assert_eq!(names("envoi.xls", &workbook), ["Roue libre"]);
}

/// They are XML, of which only that of Excel is read: their styles once passed for records.
#[test]
fn workbooks_in_one_xml_file_are_told_as_such() {
    let excel = "<?xml version=\"1.0\"?>\n<?mso-application progid=\"Excel.Sheet\"?>\n<Workbook xmlns=\"urn:schemas-microsoft-com:office:spreadsheet\"><Styles><Style><Name>Normal</Name></Style></Styles></Workbook>";
    let flat = "<office:document office:mimetype=\"application/vnd.oasis.opendocument.spreadsheet\"/>";
    for name in ["envoi.xml", "envoi.xls", "envoi"] {
        let said = refusal(name, flat.as_bytes());
        assert!(said.contains("single XML file") && said.contains(".xlsx"), "{name}: {said}");
        assert!(refusal(name, excel.as_bytes()).contains("no record"), "{name}");
    }
    let marked = utf16(&format!("\u{FEFF}{excel}"), u16::to_le_bytes);
    assert!(refusal("envoi.xml", &marked).contains("no record"));
}

#[test]
fn a_text_may_begin_with_brackets() {
    for start in ["[EXTERNE] Nos fiches", "{à relire}"] {
        let bytes = format!("{start}\n\nNom du PTCE : Quai\nCommune : Figeac\n");
        assert_eq!(names("envoi.txt", bytes.as_bytes()), ["Quai"]);
    }
    assert_eq!(names("envoi.txt", b"[ {\"nom\": \"Quai\"} ]"), ["Quai"]);
}

#[test]
fn unusual_compression_is_told_in_an_archive() {
    let archive = archive(&[("envoi.csv".to_owned(), TABLE.into())]);
    // 98 is that of PPMd.
    let unusual = patched(archive, "envoi.csv", |header, shift| header[8 + shift] = 98);
    let folder = folder(&[("envoi.zip", &unusual)]);
    let refused = ran(ptce().current_dir(folder.path()).args(["inspect", "envoi.zip", "--lang", "fr"]));
    assert_eq!(refused.code, 2, "{}", refused.stderr);
    assert!(
        refused.stderr.contains("envoi.zip/envoi.csv") && refused.stderr.contains("donnez-le seul"),
        "{}",
        refused.stderr
    );
}

/// The value of a formula is read as any other, and how many there are is told.
#[test]
fn formulas_are_told() {
    let cells =
        format!("{ROWS}<row r=\"3\"><c r=\"A3\" t=\"str\"><f>A2&amp;\" bis\"</f><v>Roue libre bis</v></c></row>");
    let workbook = xlsx(&cells);
    assert_eq!(names("envoi.xlsx", &workbook), ["Roue libre", "Roue libre bis"]);
    let told = run_with_input(&["inspect", "-"], &workbook).stdout;
    assert!(told.contains("header in row 1, 2 records, 1 formula, read by its value\n"), "{told}");
    let told = run_with_input(&["inspect", "-", "--lang", "fr"], &workbook).stdout;
    assert!(told.contains("2 fiches, 1\u{a0}formule, lue par sa valeur\n"), "{told}");
    let told = run_with_input(&["inspect", "-", "--format", "json"], &workbook).stdout;
    assert!(told.contains("\"formulas\": 1,"), "{told}");
    for (bytes, count) in [(xls(), 3), (xlsb(), 3), (ods(&rows()), 6)] {
        let told = run_with_input(&["inspect", "-"], &bytes).stdout;
        assert!(told.contains(&format!(", {count} formulas, read by their value\n")), "{told}");
    }
    let told = run_with_input(&["inspect", "-"], &xlsx(ROWS)).stdout;
    assert!(!told.contains("formula"), "{told}");
}

/// Days counted since 1904, words in several fonts, texts in the cell itself, line breaks and spaces that are kept.
#[test]
fn cells_of_a_workbook_from_a_mac() {
    let workbook = WORKBOOK.replace("<sheets>", "<workbookPr date1904=\"1\"/><sheets>");
    let styles = "<styleSheet><cellXfs><xf numFmtId=\"0\"/><xf numFmtId=\"14\"/></cellXfs></styleSheet>";
    let strings = "<sst><si><t>nom</t></si><si><r><t xml:space=\"preserve\">Pôle </t></r><r><rPr><b/></rPr><t>d’été</t></r>\
                   <rPh sb=\"0\" eb=\"1\"><t>PO</t></rPh></si></sst>";
    let rows = "<row r=\"1\"><c r=\"A1\" t=\"s\"><v>0</v></c><c r=\"B1\" t=\"inlineStr\"><is><t>appel_date_annonce</t></is></c>\
                <c r=\"C1\" t=\"str\"><f>\"coordinateur\"&amp;\"_nom\"</f><v>coordinateur_nom</v></c></row>\
                <row r=\"2\"><c r=\"A2\" t=\"s\"><v>1</v></c><c r=\"B2\" s=\"1\"><v>40187</v></c>\
                <c r=\"C2\" t=\"inlineStr\"><is><r><t>Léa</t></r><r><t xml:space=\"preserve\">\u{a0}Noé</t></r></is></c></row>";
    let mut parts = parts(&sheet(rows));
    parts.retain(|(name, _)| name != "xl/workbook.xml");
    for (name, text) in [("workbook", &*workbook), ("styles", styles), ("sharedStrings", strings)] {
        parts.push((format!("xl/{name}.xml"), text.as_bytes().to_vec()));
    }
    let read = read("envoi.xlsx", &archive(&parts));
    let record = &read.records()[0];
    assert_eq!(record.name.as_deref(), Some("Pôle d’été"));
    assert_eq!(
        crate::support::values(record).iter().find(|(place, _)| place == "/appel/date_annonce").unwrap().1,
        "2014-01-10"
    );
    assert_eq!(record.coordinator.name.as_deref(), Some("Léa\u{a0}Noé"));
}

/// Half of the lines in UTF-8, half in Windows-1252; texts that were encoded twice are restored, and told.
#[test]
fn encodings_may_change_from_line_to_line() {
    let (windows, ..) = encoding_rs::WINDOWS_1252.encode(TABLE);
    let lines = |bytes: &[u8]| bytes.split(|byte| *byte == b'\n').map(<[u8]>::to_vec).collect::<Vec<_>>();
    let mixed = [&lines(TABLE.as_bytes())[..2], &lines(&windows)[1..3]].concat().join(&b'\n');
    assert_eq!(names("envoi.csv", &mixed), ["Pôle d’été", "Pôle d’été", "Œuvre"]);
    let (twice, ..) = encoding_rs::WINDOWS_1252.decode_without_bom_handling(TABLE.as_bytes());
    let read = read("envoi.csv", twice.as_bytes());
    let restored: Vec<_> = read
        .findings
        .iter()
        .filter(|finding| finding.code == "value-understood")
        .filter_map(|finding| finding.suggestion.as_deref())
        .collect();
    assert_eq!(restored, ["Pôle d’été", "Léa", "Vitré", "Œuvre", "Noé"]);
    assert_eq!(names("envoi.csv", twice.as_bytes()), ["Pôle d’été", "Œuvre"]);
}

/// A cell of several values is told as a whole, at the first value that was restored.
#[test]
fn each_value_of_a_list_is_restored_on_its_own() {
    for (cell, listed, told) in [
        ("boisstatutÃ|bois", &["boisstatutÃ", "bois"][..], Some((0, "boisstatutà|bois"))),
        ("bois; lÃ ;laine", &["bois", "lÃ", "laine"], Some((1, "bois; là ;laine"))),
        ("bois|PÃ´le|coop?ration", &["bois", "PÃ´le", "coop?ration"], Some((1, "bois|Pôle|coop?ration"))),
        ("coop?ration, PÃ´le", &["coop?ration", "PÃ´le"], Some((1, "coop?ration, Pôle"))),
        (r"a\|b\;c, lÃ|dÃ©jÃ", &["a|b;c, lÃ", "dÃ©jÃ"], Some((0, r"a\|b\;c, là|déjà"))),
        ("&eacute;tÃ©|forÃªt", &["&eacute;tÃ©", "forÃªt"], Some((0, "&eacute;té|forêt"))),
        ("coop?ration|bois", &["coop?ration", "bois"], None),
    ] {
        let csv = read("a.csv", format!("nom,thematiques\nRoue,\"{cell}\"\n").as_bytes());
        let json = read("a.json", serde_json::json!([{ "nom": "Roue", "thematiques": listed }]).to_string().as_bytes());
        assert_eq!(csv.records()[0].themes, json.records()[0].themes, "{cell}");
        let of = |read: &Read, code: &str| -> Vec<_> {
            let found = read.findings.iter().filter(|finding| finding.code == code);
            found.map(|finding| (finding.pointer.clone(), finding.suggestion.clone())).collect()
        };
        assert_eq!(of(&csv, "mojibake"), of(&json, "mojibake"), "{cell}");
        let told = told.map(|(rank, text)| (format!("/thematiques/{rank}"), Some(text.to_owned())));
        assert_eq!(of(&csv, "value-understood"), told.into_iter().collect::<Vec<_>>(), "{cell}");
    }
}

/// Old programs write the letters of MS-DOS, which Windows takes for quotes and dashes.
#[test]
fn letters_of_dos_are_read() {
    let table =
        b"Nom;Num\x82ro SIRET;T\x82l\x82phone;Commune\r\nP\x93le \x82toil\x82, o\x97 ?;;05 65 11 22 33;For\x88t\r\n";
    assert_eq!(names("envoi.csv", table), ["Pôle étoilé, où ?"]);
    let read_table = read("envoi.csv", table);
    assert_eq!(read_table.records()[0].contacts[0].phone.as_deref(), Some("05 65 11 22 33"));
    assert_eq!(read_table.count("mojibake"), 0);
    let told = run_with_input(&["inspect", "-", "--lang", "fr"], table).stdout;
    assert!(
        told.contains("encodage CP850 (lettres accentuées de Windows\u{a0}: 0, de Mac\u{a0}: 1, de DOS\u{a0}: 5)"),
        "{told}"
    );
    let text = b"Nom du PTCE : P\x93le d'\x82t\x82\nCommune : Vitr\x82\n";
    assert_eq!(names("envoi.txt", text), ["Pôle d'été"]);
    assert!(run_with_input(&["inspect", "-"], text).stdout.contains("encoding CP850\n"));
}

/// A label is damaged as the values are.
#[test]
fn damaged_labels_are_restored_and_told() {
    let table = "NumÃ©ro SIRET;DÃ©partement;TÃ©lÃ©phone\n;46;05 65 11 22 33\n";
    let found = read("envoi.csv", table.as_bytes());
    let record = &found.records()[0];
    assert_eq!(record.territory.departments[0].code.as_deref(), Some("46"));
    assert_eq!(record.contacts[0].phone.as_deref(), Some("05 65 11 22 33"));
    let told: Vec<&str> = found
        .findings
        .iter()
        .filter(|finding| finding.code == "misspelt-label")
        .filter_map(|finding| finding.suggestion.as_deref())
        .collect();
    assert_eq!(told, ["Numéro SIRET", "Département", "Téléphone"]);
}

/// Some programs quote each line once more, as if it were a cell.
#[test]
fn lines_quoted_as_a_whole_are_read_without_the_quotes() {
    let rows = "\"Roue \"\"libre\"\";05 65 11 22 33;Vitré\"\n\n\"Ateliers;\"\"x;\ny\"\";Figeac\"\n";
    for header in ["\"Nom;Téléphone;Commune\"\n", "Nom;Téléphone;Commune\n"] {
        let table = format!("{header}{rows}");
        let found = read("envoi.csv", table.as_bytes());
        let records = found.records();
        assert_eq!(records.len(), 2, "{header}");
        assert_eq!(records[0].name.as_deref(), Some("Roue \"libre\""), "{header}");
        assert_eq!(records[1].address.commune.as_deref(), Some("Figeac"), "{header}");
        // Where the file has it, not where it would be without the quotes.
        let second =
            found.findings.iter().find(|finding| finding.record.as_ref().is_some_and(|record| record.index == 2));
        assert_eq!(second.unwrap().location.line, Some(4), "{header}");
        let told = run_with_input(&["inspect", "-", "--lang", "fr"], table.as_bytes()).stdout;
        assert!(told.contains(", lignes entières entre guillemets, lues sans eux\n"), "{told}");
    }
    // Quotes around cells, or around a cell of each line, are those of any CSV.
    for table in ["\"Nom\";\"Commune\"\n\"Roue;libre\";\"Vitré\"\n", "Nom\n\"Roue;libre\"\n"] {
        assert_eq!(names("envoi.csv", table.as_bytes()), ["Roue;libre"], "{table}");
    }
}
