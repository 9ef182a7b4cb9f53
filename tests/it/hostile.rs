//! Workbooks made to harm: each is refused in one line, and what only looks strange is read.

use std::io::Write;

use ptce::ErrorKind;
use ptce::settings::Settings;

use crate::legacy::{compound, ods};
use crate::support::{archive, read, read_with, sample};

pub const TYPES: &str = r#"<?xml version="1.0" encoding="UTF-8"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/></Types>"#;
const PACKAGE: &str = r#"<Relationships><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>"#;
pub const WORKBOOK: &str =
    r#"<workbook xmlns:r="r"><sheets><sheet name="PTCE" sheetId="1" r:id="r1"/></sheets></workbook>"#;
pub const RELATIONS: &str = r#"<Relationships><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>"#;
const SHEET: &str = "xl/worksheets/sheet1.xml";
pub const ROWS: &str = r#"<row r="1"><c r="A1" t="inlineStr"><is><t>Nom</t></is></c></row><row r="2"><c r="A2" t="inlineStr"><is><t>Roue libre</t></is></c></row>"#;

pub fn sheet(rows: &str) -> String {
    format!("<worksheet><sheetData>{rows}</sheetData></worksheet>")
}

/// The parts of a workbook with one sheet.
pub fn parts(sheet: &str) -> Vec<(String, Vec<u8>)> {
    let parts = [
        ("[Content_Types].xml", TYPES),
        ("_rels/.rels", PACKAGE),
        ("xl/workbook.xml", WORKBOOK),
        ("xl/_rels/workbook.xml.rels", RELATIONS),
        (SHEET, sheet),
    ];
    parts.map(|(name, text)| (name.to_owned(), text.as_bytes().to_vec())).to_vec()
}

/// A workbook with these rows.
pub fn xlsx(rows: &str) -> Vec<u8> {
    archive(&parts(&sheet(rows)))
}

pub fn with_part(name: &str, text: impl Into<Vec<u8>>) -> Vec<u8> {
    let mut parts = parts(&sheet(ROWS));
    parts.retain(|(known, _)| known != name);
    parts.push((name.to_owned(), text.into()));
    archive(&parts)
}

fn shared_strings(attribute: &str) -> Vec<u8> {
    with_part("xl/sharedStrings.xml", format!("<sst {attribute}><si><t>Nom</t></si></sst>"))
}

/// Rewrites the headers of a part of an archive, the one before it and the one in the directory at the end.
pub fn patched(mut archive: Vec<u8>, name: &str, patch: impl Fn(&mut [u8], usize)) -> Vec<u8> {
    let places: Vec<usize> = (0..archive.len()).filter(|at| archive[*at..].starts_with(name.as_bytes())).collect();
    for place in places {
        // Flags, sizes and lengths stand at the same distance from each other, two bytes further in the directory.
        for (length, signature, shift) in [(30, b"PK\x03\x04", 0), (46, b"PK\x01\x02", 2)] {
            if let Some(start) = place.checked_sub(length)
                && archive[start..].starts_with(signature)
            {
                patch(&mut archive[start..], shift);
            }
        }
    }
    archive
}

/// The archive, with other sizes of a part than it has.
fn declared(archive: Vec<u8>, name: &str, packed: Option<u32>, size: u32) -> Vec<u8> {
    patched(archive, name, |header, shift| {
        if let Some(packed) = packed {
            header[18 + shift..22 + shift].copy_from_slice(&packed.to_le_bytes());
        }
        header[22 + shift..26 + shift].copy_from_slice(&size.to_le_bytes());
    })
}

/// Text that does not pack well.
fn noise(length: usize) -> String {
    let mut state = 1_u32;
    let letter = |_| {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        char::from(b'a' + (state >> 24) as u8 % 26)
    };
    (0..length).map(letter).collect()
}

/// Hostile workbooks, by name.
pub fn files() -> Vec<(&'static str, Vec<u8>)> {
    let cell =
        |text: &str| xlsx(&format!("{ROWS}<row r=\"3\"><c r=\"A3\" t=\"inlineStr\"><is><t>{text}</t></is></c></row>"));
    let mut many = parts(&sheet(ROWS));
    many.extend((0..2_000).map(|rank| (format!("xl/media/{rank}.png"), vec![])));
    let utf16: Vec<u8> = sheet(ROWS).encode_utf16().flat_map(u16::to_le_bytes).collect();
    let mut twice = parts(&sheet(ROWS));
    twice.push(("xl/worksheets/sheet2.xml".to_owned(), b"<worksheet/>".to_vec()));
    let twice = archive(&twice);
    let mut same = twice.clone();
    for at in 0..same.len() {
        if same[at..].starts_with(b"xl/worksheets/sheet2.xml") {
            same[at + 19] = b'1';
        }
    }
    let picture = RELATIONS.replace("sheet1.xml", "sheet1.png");
    let mut huge = parts(&sheet(ROWS));
    huge.extend((1..=2).map(|rank| (format!("xl/media/{rank}.png"), vec![0; 9])));
    let huge = ["xl/media/1.png", "xl/media/2.png"]
        .into_iter()
        .fold(archive(&huge), |huge, name| declared(huge, name, Some(0x1000_0000), 0xF000_0000));
    let row = "<table:table-row><table:table-cell office:value-type=\"string\"><text:p>Nom</text:p></table:table-cell>\
               </table:table-row>";
    vec![
        ("piege-bombe.xlsx", cell(&"A".repeat(8 << 20))),
        ("piege-cellule.xlsx", cell(&noise(3 << 20))),
        ("piege-fragments.xlsx", cell(&noise(3 << 10).replace('a', "</t><r/><t>").repeat(900))),
        (
            "piege-attribut.xlsx",
            xlsx(&format!("{ROWS}<row r=\"{}\"/>", noise(3 << 10).replace('a', "><b>").repeat(900))),
        ),
        ("piege-commentaire.xlsx", xlsx(&format!("{ROWS}<!--{}-->", noise(3 << 10).replace('a', "<b>").repeat(900)))),
        ("piege-chiffre.xlsx", patched(xlsx(ROWS), SHEET, |header, shift| header[6 + shift] |= 1)),
        ("piege-colonne.xlsx", xlsx(&format!("{ROWS}<row r=\"1048576\"><c r=\"XFD1048576\"><v>1</v></c></row>"))),
        ("piege-doctype.xlsx", with_part(SHEET, format!("<!DOCTYPE worksheet [<!ENTITY a \"b\">]>{}", sheet(ROWS)))),
        ("piege-doublon.xlsx", same),
        ("piege-casse.xlsx", {
            let mut parts = parts(&sheet(ROWS));
            parts.push(("XL/Worksheets/Sheet1.xml".to_owned(), b"<worksheet/>".to_vec()));
            archive(&parts)
        }),
        ("piege-image.xlsx", with_part("xl/_rels/workbook.xml.rels", picture)),
        ("piege-mensonge.xlsx", declared(xlsx(ROWS), SHEET, None, 20)),
        ("piege-parties.xlsx", archive(&many)),
        (
            "piege-styles.xlsx",
            with_part(
                "xl/styles.xml",
                format!("<styleSheet><cellXfs>{}</cellXfs></styleSheet>", "<xf/>\n".repeat(300_000) + &noise(1 << 16)),
            ),
        ),
        ("piege-total.xlsx", huge),
        ("piege-utf16.xlsx", with_part(SHEET, utf16)),
        ("piege-boucle.xls", {
            // The directory that follows itself.
            let mut file = compound(&[("Workbook", vec![0; 5000])]);
            let next = (file[48], 512 + 4 * usize::from(file[48]));
            file[next.1..next.1 + 4].copy_from_slice(&u32::from(next.0).to_le_bytes());
            file
        }),
        (
            "piege-mot-de-passe.xlsx",
            compound(&[("EncryptionInfo", vec![0; 5000]), ("EncryptedPackage", vec![0; 5000])]),
        ),
        ("piege-texte.xls", compound(&[("WordDocument", vec![0; 5000])])),
        ("piege-courriel.msg", compound(&[("__properties_version1.0", vec![0; 5000])])),
        (
            "piege-lignes.ods",
            ods(&row
                .repeat(2)
                .replacen("<table:table-row>", "<table:table-row table:number-rows-repeated=\"1000000000\">", 2)
                .replacen(" table:number-rows-repeated=\"1000000000\"", "", 1)),
        ),
        (
            "piege-colonnes.ods",
            ods(&format!(
                "{row}{}",
                row.replace("<table:table-cell", "<table:table-cell table:number-columns-repeated=\"4000000000\"")
            )),
        ),
        ("piege-espaces.ods", ods(&format!("{row}{}", row.replace("Nom", "A<text:s text:c=\"4000000000\"/>B")))),
    ]
}

/// Traps are refused for what they are: no system error, no request that makes no sense.
#[test]
fn traps_are_refused() {
    for (name, bytes) in files() {
        let refused = read_with(name, &bytes, &Settings::default()).map(|read| read.entries.len());
        let kind = refused.map_err(|error| error.kind());
        assert!(matches!(kind, Err(ErrorKind::Limit | ErrorKind::Syntax | ErrorKind::Format)), "{name}: {kind:?}");
    }
}

/// An .xls is held in memory, unlike the others.
#[test]
fn an_xls_has_a_size_at_most() {
    let mut bytes = sample("conforme.xls");
    bytes.resize(ptce::import::Limits::default().xls as usize * (1 << 20), 0);
    assert_eq!(read("envoi.xls", &bytes).entries.len(), 3);
    bytes.push(0);
    let refused = read_with("envoi.xls", &bytes, &Settings::default()).map(|read| read.entries.len());
    assert_eq!(refused.map_err(|error| error.kind()), Err(ErrorKind::Limit));
}

#[test]
fn strange_workbooks_are_read() {
    let far = xlsx(&format!(
        "{ROWS}<row r=\"1048576\"><c r=\"A1048576\" t=\"inlineStr\"><is><t>Voie verte</t></is></c><c r=\"XFD1048576\"/></row>"
    ));
    let far = read("loin.xlsx", &far);
    assert_eq!(far.entries.len(), 2);
    assert_eq!(far.entries[1].location("/nom").cell.as_deref(), Some("A1048576"));
    let mut tiny = ROWS.to_owned();
    for row in 3..500 {
        tiny.push_str(&format!("<row r=\"{row}\">{}</row>", "<c/>".repeat(200)));
    }
    assert_eq!(read("vides.xlsx", &xlsx(&tiny)).entries.len(), 1);
    // More texts are counted than there are: Excel counts how often they are used.
    for count in ["count=\"1000000\" uniqueCount=\"1\"", "count=\"1\" uniqueCount=\"4294967295\""] {
        assert_eq!(read("textes.xlsx", &shared_strings(count)).entries.len(), 1);
    }
    // A value that holds « > », and a name of a sheet that holds a quote.
    let quoted = xlsx(&format!("{ROWS}<row r=\"3\" a=\"'>\" b='\"'/>"));
    assert_eq!(read("guillemets.xlsx", &quoted).entries.len(), 1);
}

/// A thousand honest rows pass as before, and a part that nothing reads may be what it likes.
#[test]
fn honest_workbooks_pass() {
    let mut rows = ROWS.to_owned();
    for row in 3..1_003 {
        rows.push_str(&format!(
            "<row r=\"{row}\"><c r=\"A{row}\" t=\"inlineStr\"><is><t>Pôle {row}</t></is></c></row>"
        ));
    }
    let mut parts = parts(&sheet(&rows));
    parts.push(("xl/media/image1.png".to_owned(), noise(2 << 20).into_bytes()));
    assert_eq!(read("envoi.xlsx", &archive(&parts)).entries.len(), 1_001);
    assert_eq!(read("envoi.xlsx", &sample("conforme.xlsx")).entries.len(), 3);
}

/// The bytes after the archive, the archive in a stream without sizes: what programs write that do not go back.
#[test]
fn archives_that_were_streamed_are_read() {
    let mut writer = zip::ZipWriter::new_stream(Vec::new());
    for (name, content) in parts(&sheet(ROWS)) {
        writer.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
        writer.write_all(&content).unwrap();
    }
    let bytes = writer.finish().unwrap().into_inner();
    assert_eq!(read("envoi.xlsx", &bytes).entries.len(), 1);
}
