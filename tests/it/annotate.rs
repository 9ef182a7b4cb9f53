//! The sender's own workbook back: what is added, and that nothing else changes.

use std::collections::BTreeMap;
use std::io::{Cursor, Read, Write};

use calamine::{Reader, Xlsx};
use ptce::patch::{Options, Place, Remark, Stripped, annotate, strip};
use ptce::row::Format;
use ptce::{Language, Level};
use rust_xlsxwriter::{
    Chart, ChartType, ConditionalFormatCell, ConditionalFormatCellRule, Format as CellFormat, Image, Note, Workbook,
};
use zip::CompressionMethod;
use zip::write::SimpleFileOptions;

use crate::support::{folder, ptce, ran, read, sample, substance};

fn remark(sheet: &str, cell: (u64, u32), level: Level, message: &str) -> Remark {
    let mut remark = Remark::default();
    remark.place = Place { sheet: Some(sheet.to_owned()), cell: Some(cell) };
    remark.level = Some(level);
    remark.message = message.to_owned();
    remark
}

fn in_french() -> Options {
    let mut options = Options::default();
    options.language = Language::French;
    options
}

/// A pixel.
const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\x06\0\0\0\x1f\x15\xc4\x89\0\0\0\rIDATx\x9cc\xf8\xff\xff?\0\x05\xfe\x02\xfe\xa75\x81\x84\0\0\0\0IEND\xaeB`\x82";

/// A workbook with what libraries that rebuild one lose: a picture, a chart, rules of formats, notes, a table, links, lists,
/// formulas, a picture in the header.
fn rich() -> Vec<u8> {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    sheet.set_name("L’été & co").unwrap();
    let bold = CellFormat::new().set_bold().set_num_format("00000");
    sheet.write_with_format(0, 0, "Code", &bold).unwrap();
    for row in 1..6 {
        sheet.write_with_format(row, 0, 1000 * row, &bold).unwrap();
        sheet.write_formula(row, 1, "=A2*2").unwrap();
    }
    sheet.insert_note(1, 0, &Note::new("Vu avec la DREETS").set_author("Camille").set_width(300)).unwrap();
    sheet.insert_note(4, 0, &Note::new("À moi").set_author("Camille")).unwrap();
    let image = Image::new_from_buffer(PNG).unwrap();
    sheet.insert_image(8, 2, &image).unwrap();
    sheet.set_header("&L&G").set_header_image(&image, rust_xlsxwriter::HeaderImagePosition::Left).unwrap();
    let mut chart = Chart::new(ChartType::Column);
    chart.add_series().set_values(("L’été & co", 1, 0, 5, 0));
    sheet.insert_chart(10, 4, &chart).unwrap();
    let rule = ConditionalFormatCell::new().set_rule(ConditionalFormatCellRule::GreaterThan(2000)).set_format(&bold);
    sheet.add_conditional_format(1, 0, 5, 0, &rule).unwrap();
    sheet.write_url(7, 0, "https://example.org").unwrap();
    sheet.merge_range(20, 0, 21, 2, "fusion", &bold).unwrap();
    sheet.add_table(30, 0, 33, 1, &rust_xlsxwriter::Table::new()).unwrap();
    sheet.protect();
    book.add_worksheet().set_name("Constats").unwrap().write(0, 0, "une feuille d’un autre").unwrap();
    book.save_to_buffer().unwrap()
}

/// The entries of an archive as they are packed: header, name and content.
fn packed(bytes: &[u8]) -> BTreeMap<String, Vec<u8>> {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    (0..archive.len())
        .map(|index| {
            let file = archive.by_index_raw(index).unwrap();
            let end = file.data_start().unwrap() as usize + file.compressed_size() as usize;
            (file.name().unwrap().into_owned(), bytes[file.header_start() as usize..end].to_vec())
        })
        .collect()
}

fn part(bytes: &[u8], name: &str) -> String {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    let mut text = String::new();
    archive.by_name(name).unwrap().read_to_string(&mut text).unwrap();
    text
}

/// The same archive with parts replaced or added, written anew as another program would.
fn rewritten(bytes: &[u8], change: impl Fn(&str, String) -> Option<String>, added: &[(&str, &str)]) -> Vec<u8> {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    let mut out = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for index in 0..archive.len() {
        let mut file = archive.by_index(index).unwrap();
        let name = file.name().unwrap().into_owned();
        let mut content = Vec::new();
        file.read_to_end(&mut content).unwrap();
        let content = match String::from_utf8(content) {
            Ok(text) => match change(&name, text) {
                Some(text) => text.into_bytes(),
                None => continue,
            },
            Err(error) => error.into_bytes(),
        };
        // What packs too well is taken for a trap.
        let method = if content.len() > 1 << 20 { CompressionMethod::Stored } else { CompressionMethod::Deflated };
        out.start_file(name, SimpleFileOptions::default().compression_method(method)).unwrap();
        out.write_all(&content).unwrap();
    }
    for (name, text) in added {
        out.start_file(*name, SimpleFileOptions::default()).unwrap();
        out.write_all(text.as_bytes()).unwrap();
    }
    out.finish().unwrap().into_inner()
}

fn some_remarks() -> Vec<Remark> {
    let sheet = "L’été & co";
    vec![
        remark(sheet, (2, 1), Level::Error, "a perdu le <zéro>"),
        remark(sheet, (2, 1), Level::Info, "et autre chose"),
        remark(sheet, (3, 1), Level::Warning, "à confirmer"),
        remark(sheet, (3, 4), Level::Warning, "manque"),
        remark(sheet, (50, 30), Level::Info, "au-delà"),
        remark(sheet, (22, 2), Level::Error, "dans une cellule fusionnée"),
        remark("absente", (1, 1), Level::Error, "nulle part"),
    ]
}

#[test]
fn what_is_not_to_change_does_not() {
    let original = rich();
    let done = annotate(&original, Format::Xlsx, &some_remarks(), &in_french()).unwrap();
    assert_eq!((done.notes, done.only_listed), (5, 1));
    let (before, after) = (packed(&original), packed(&done.bytes));
    let changed: Vec<&String> =
        before.iter().filter(|(name, entry)| after.get(*name) != Some(entry)).map(|(name, _)| name).collect();
    let new: Vec<&String> = after.keys().filter(|name| !before.contains_key(*name)).collect();
    insta::assert_snapshot!(format!("changed: {changed:#?}\nnew: {new:#?}"));
    assert_eq!(part(&done.bytes, "xl/worksheets/sheet1.xml").matches("<f>").count(), 5);
}

#[test]
fn the_original_comes_back_byte_for_byte() {
    for original in [rich(), sample("laureats-2014.xlsx"), sample("candidature.xlsx")] {
        let copy = annotate(&original, Format::Xlsx, &some_remarks(), &in_french()).unwrap().bytes;
        assert!(matches!(strip(&copy, &in_french()).unwrap(), Stripped::Original(bytes) if bytes == original));
        // Once more adds nothing; what an earlier run said is gone.
        let again = annotate(&copy, Format::Xlsx, &some_remarks(), &in_french()).unwrap().bytes;
        assert!(again == copy);
        let none = annotate(&copy, Format::Xlsx, &[], &in_french()).unwrap().bytes;
        assert!(none == annotate(&original, Format::Xlsx, &[], &in_french()).unwrap().bytes);
        assert!(matches!(strip(&original, &in_french()).unwrap(), Stripped::Untouched));
    }
}

#[test]
fn notes_and_colours_stand_in_the_cells() {
    let copy = annotate(&rich(), Format::Xlsx, &some_remarks(), &in_french()).unwrap().bytes;
    let comments = part(&copy, "xl/comments1.xml").replace('\u{a0}', "~");
    insta::assert_snapshot!(comments.replace("<comment ", "\n<comment "));
    // The boxes of the notes that were there are as they were.
    let drawing = part(&copy, "xl/drawings/vmlDrawing1.vml");
    assert_eq!(drawing.matches("ObjectType=\"Note\"").count(), 6);
    assert!(drawing.starts_with(part(&rich(), "xl/drawings/vmlDrawing1.vml").split("data=").next().unwrap()));
    let sheet = part(&copy, "xl/worksheets/sheet1.xml");
    for cell in ["<c r=\"D3\" s=", "<row r=\"50\"><c r=\"AD50\" s=", "<c r=\"A21\" s="] {
        assert!(sheet.contains(cell), "{cell}");
    }
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(copy)).unwrap();
    assert_eq!(book.sheet_names(), ["L’été & co", "Constats", "Constats 2"]);
    let values = book.worksheet_range("L’été & co").unwrap();
    let mut before: Xlsx<_> = Xlsx::new(Cursor::new(rich())).unwrap();
    assert_eq!(
        values.used_cells().filter(|(.., value)| !value.to_string().is_empty()).collect::<Vec<_>>(),
        before.worksheet_range("L’été & co").unwrap().used_cells().collect::<Vec<_>>()
    );
    let listed: Vec<String> = book
        .worksheet_range("Constats 2")
        .unwrap()
        .rows()
        .skip(3)
        .map(|row| row.iter().map(ToString::to_string).collect::<Vec<_>>().join(" | "))
        .collect();
    insta::assert_snapshot!(listed.join("\n"));
}

/// A text of several lines is not cut where the program that opens the copy keeps the heights that it finds.
#[test]
fn rows_of_findings_are_as_high_as_their_texts() {
    let mut remarks = some_remarks();
    remarks[0].message = "Une phrase qui dit longuement ce qui ne va pas. ".repeat(5);
    let copy = annotate(&rich(), Format::Xlsx, &remarks, &in_french()).unwrap().bytes;
    let parts = crate::support::archived(&copy).into_iter();
    let sheets =
        parts.filter(|(name, _)| name.starts_with("xl/worksheets/")).map(|(_, bytes)| String::from_utf8(bytes));
    let sheet = sheets.flatten().find(|text| text.contains("longuement")).unwrap();
    let row = sheet.split("<row ").find(|row| row.contains("longuement")).unwrap();
    assert!(row.split('>').next().unwrap().contains(" ht=\"75\""), "{row}");
    // « absente!A1 (introuvable) » takes two lines.
    assert_eq!(sheet.matches(" ht=").count(), 2, "{sheet}");
}

#[test]
fn without_colours_no_style_changes() {
    let mut options = in_french();
    options.fill = false;
    let original = rich();
    let copy = annotate(&original, Format::Xlsx, &some_remarks(), &options).unwrap().bytes;
    let (before, after) = (packed(&original), packed(&copy));
    assert_eq!(before["xl/styles.xml"], after["xl/styles.xml"]);
    assert!(part(&copy, "xl/comments1.xml").contains("à confirmer"));
}

/// A copy that was saved by another program has lost what gives the original back: notes, colours and sheet go all the same,
/// and what people said below a remark stays.
#[test]
fn a_copy_saved_since_is_cleaned() {
    let original = rich();
    let copy = annotate(&original, Format::Xlsx, &some_remarks(), &in_french()).unwrap().bytes;
    let saved = rewritten(
        &copy,
        |name, text| match name {
            name if name.starts_with("[trash]") => None,
            "xl/comments1.xml" => Some(text.replace("à confirmer", "à confirmer\nC’est corrigé")),
            _ => Some(text),
        },
        &[],
    );
    let Stripped::Cleaned(cleaned) = strip(&saved, &in_french()).unwrap() else { panic!("nothing was ours") };
    let comments = part(&cleaned, "xl/comments1.xml");
    assert!(comments.contains("Vu avec la DREETS") && comments.contains("C’est corrigé"));
    assert!(!comments.contains("[ptce]") && comments.matches("<comment ").count() == 3, "{comments}");
    assert_eq!(part(&cleaned, "xl/drawings/vmlDrawing1.vml").matches("ObjectType=\"Note\"").count(), 3);
    assert_eq!(Xlsx::new(Cursor::new(&cleaned)).unwrap().sheet_names(), ["L’été & co", "Constats"]);
    let styles = part(&cleaned, "xl/styles.xml");
    let list = styles.split("<cellXfs").nth(1).unwrap().split("</cellXfs>").next().unwrap();
    assert!(!list.contains("fillId=\"2\"") && !list.contains("fillId=\"3\""), "{list}");
    assert!(matches!(strip(&cleaned, &in_french()).unwrap(), Stripped::Untouched));
    // A second run on it does not pile up.
    let again = annotate(&saved, Format::Xlsx, &some_remarks(), &in_french()).unwrap().bytes;
    assert_eq!(part(&again, "xl/comments1.xml").matches("[ptce]").count(), 6);
}

/// A part that packs very well is not packed so well that the copy would be taken for a trap.
#[test]
fn a_copy_is_no_trap() {
    let rows = format!("{}</sheetData>", "<row r=\"60\"/>".repeat(150_000));
    let large = rewritten(&rich(), |_, text| Some(text.replace("</sheetData>", &rows)), &[]);
    let copy = annotate(&large, Format::Xlsx, &some_remarks(), &in_french()).unwrap().bytes;
    assert!(matches!(strip(&copy, &in_french()).unwrap(), Stripped::Original(bytes) if bytes == large));
}

/// A copy bears the extension by which programs open it.
#[test]
fn a_workbook_with_macros_stays_one() {
    let kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml";
    let with_macros = "application/vnd.ms-excel.sheet.macroEnabled.main+xml";
    let vba = &[("xl/vbaProject.bin", "\u{1}VBA\u{0}")];
    let book = rewritten(&rich(), |_, text| Some(text.replace(kind, with_macros)), vba);
    let folder = folder(&[
        ("a.xlsm", &book),
        ("r.json", br#"{"findings": [{"message": "m", "location": {"cell": "A1", "sheet": "Constats"}}]}"#),
    ]);
    let run = |out: &str| {
        ran(ptce()
            .current_dir(folder.path())
            .args(["annotate", "a.xlsm", "--report", "r.json", "-o", out, "--lang", "en"]))
    };
    let refused = run("b.xlsx");
    assert!(refused.code == 2 && refused.stderr.contains("a workbook .xlsm"), "{}", refused.stderr);
    assert_eq!(run("b.xlsm").code, 0);
    let copy = std::fs::read(folder.path().join("b.xlsm")).unwrap();
    assert_eq!(packed(&copy)["xl/vbaProject.bin"], packed(&book)["xl/vbaProject.bin"]);
}

#[test]
fn a_thread_of_comments_is_left_alone() {
    let relations = "xl/worksheets/_rels/sheet1.xml.rels";
    let lead = "<Relationship Id=\"rId99\" Type=\"http://schemas.microsoft.com/office/2017/10/relationships/threadedComment\" Target=\"../threadedComments/threadedComment1.xml\"/></Relationships>";
    let threaded = rewritten(
        &rich(),
        |name, text| Some(if name == relations { text.replace("</Relationships>", lead) } else { text }),
        &[(
            "xl/threadedComments/threadedComment1.xml",
            "<ThreadedComments xmlns=\"x\"><threadedComment ref=\"A3\"/></ThreadedComments>",
        )],
    );
    let copy = annotate(&threaded, Format::Xlsx, &some_remarks(), &in_french()).unwrap();
    assert_eq!((copy.notes, copy.only_listed), (4, 2));
    assert!(!part(&copy.bytes, "xl/comments1.xml").contains("à confirmer"));
    assert!(part(&copy.bytes, "xl/worksheets/sheet3.xml").contains("fil de commentaires\u{a0}: L’été &amp; co!A3"));
}

#[test]
fn a_signature_is_broken_on_demand_alone() {
    let signed = rewritten(&rich(), |_, text| Some(text), &[("_xmlsignatures/sig1.xml", "<Signature/>")]);
    let error = annotate(&signed, Format::Xlsx, &some_remarks(), &in_french()).unwrap_err();
    assert!(error.message(Language::English).contains("--break-signature"), "{error}");
    let mut options = in_french();
    options.breaks_signatures = true;
    assert_eq!(annotate(&signed, Format::Xlsx, &some_remarks(), &options).unwrap().notes, 5);
}

/// Parts as other writers have them: prefixes, the strict edition, UTF-16, a drawing of form controls and no note, parts at odd
/// paths, no styles.
#[test]
fn workbooks_of_other_writers_are_annotated() {
    let strict = rewritten(
        &rich(),
        |_, text| {
            Some(
                text.replace(
                    "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
                    "http://purl.oclc.org/ooxml/officeDocument/relationships",
                )
                .replace(
                    "http://schemas.openxmlformats.org/spreadsheetml/2006/main",
                    "http://purl.oclc.org/ooxml/spreadsheetml/main",
                ),
            )
        },
        &[],
    );
    let book = |sheet: &str, relations: &str| {
        let mut out = zip::ZipWriter::new(Cursor::new(Vec::new()));
        let wide: String = sheet.to_owned();
        for (name, text) in [
            (
                "[Content_Types].xml",
                "<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\"><Default Extension=\"rels\" ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/><Default Extension=\"xml\" ContentType=\"application/xml\"/></Types>",
            ),
            (
                "_rels/.rels",
                "<p:Relationships xmlns:p=\"http://schemas.openxmlformats.org/package/2006/relationships\"><p:Relationship Id=\"a\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument\" Target=\"/Book.xml\"/></p:Relationships>",
            ),
            (
                "_rels/Book.xml.rels",
                "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\"><Relationship Id=\"a\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet\" Target=\"Odd/Sheet A.xml\"/></Relationships>",
            ),
            (
                "Book.xml",
                "<x:workbook xmlns:x=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\" xmlns:q=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\"><x:sheets><x:sheet name=\"A\" sheetId=\"7\" q:id=\"a\"/></x:sheets></x:workbook>",
            ),
            ("Odd/Sheet A.xml", &wide),
            ("Odd/_rels/Sheet A.xml.rels", relations),
            (
                "Odd/controls.vml",
                "<xml xmlns:v=\"urn:schemas-microsoft-com:vml\" xmlns:o=\"urn:schemas-microsoft-com:office:office\" xmlns:x=\"urn:schemas-microsoft-com:office:excel\"><o:shapelayout v:ext=\"edit\"><o:idmap v:ext=\"edit\" data=\"4\"/></o:shapelayout><v:shape id=\"_x0000_s4097\" type=\"#_x0000_t201\"><x:ClientData ObjectType=\"Checkbox\"/></v:shape></xml>",
            ),
        ] {
            out.start_file(name, SimpleFileOptions::default()).unwrap();
            if name.starts_with("Odd/Sheet") {
                let utf16: Vec<u8> =
                    std::iter::once(0xFEFF).chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect();
                out.write_all(&utf16).unwrap();
            } else {
                out.write_all(text.as_bytes()).unwrap();
            }
        }
        out.finish().unwrap().into_inner()
    };
    let none = "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\"/>";
    let controls = "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\"><Relationship Id=\"v\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/vmlDrawing\" Target=\"controls.vml\"/></Relationships>";
    let prefixed = "<s:worksheet xmlns:s=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"><s:sheetData/><s:extLst/></s:worksheet>";
    let with_controls = "<worksheet xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\" xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\"><sheetData><row r=\"2\"/></sheetData><legacyDrawing r:id=\"v\"/></worksheet>";
    let of_a = [remark("A", (2, 2), Level::Error, "ici"), remark("a", (1, 1), Level::Info, "et là")];
    for (name, workbook, remarks) in [
        ("strict", strict, some_remarks()),
        ("prefixed", book(prefixed, none), of_a.to_vec()),
        ("controls", book(with_controls, controls), of_a.to_vec()),
    ] {
        let copy = annotate(&workbook, Format::Xlsx, &remarks, &in_french()).unwrap();
        assert!(copy.notes >= 2, "{name}");
        assert!(
            matches!(strip(&copy.bytes, &in_french()).unwrap(), Stripped::Original(bytes) if bytes == workbook),
            "{name}"
        );
        match name {
            "strict" => {
                let leads = part(&copy.bytes, "xl/_rels/workbook.xml.rels");
                assert!(
                    leads.contains(
                        "rIdPtce1\" Type=\"http://purl.oclc.org/ooxml/officeDocument/relationships/worksheet"
                    )
                );
            }
            "controls" => {
                let drawing = part(&copy.bytes, "Odd/controls.vml");
                assert!(drawing.contains("data=\"4,5\"") && drawing.contains("Checkbox"), "{drawing}");
                assert_eq!(drawing.matches("ObjectType=\"Note\"").count(), 2);
            }
            _ => {
                let mut archive = zip::ZipArchive::new(Cursor::new(&copy.bytes)).unwrap();
                let mut bytes = Vec::new();
                archive.by_name("Odd/Sheet A.xml").unwrap().read_to_end(&mut bytes).unwrap();
                let units: Vec<u16> = bytes.chunks(2).map(|pair| u16::from_le_bytes([pair[0], pair[1]])).collect();
                insta::assert_snapshot!(String::from_utf16(&units[1..]).unwrap());
            }
        }
    }
}

#[test]
fn a_copy_has_the_findings_of_its_original() {
    for name in ["laureats-2014.xlsx", "conforme.ods", "candidature.xlsx"] {
        let original = sample(name);
        let before = read(name, &original);
        let remarks: Vec<Remark> = before.findings.iter().map(Remark::from).collect();
        let format = Format::of_extension(name.rsplit('.').next().unwrap()).unwrap();
        for language in [Language::French, Language::English] {
            let mut options = Options::default();
            options.language = language;
            let copy = annotate(&original, format, &remarks, &options).unwrap().bytes;
            assert_eq!(substance(&read(name, &copy).findings), substance(&before.findings), "{name}");
        }
    }
}

#[test]
fn an_open_document_workbook_is_annotated() {
    let original = sample("conforme.ods");
    let remarks = [
        remark("PTCE", (2, 2), Level::Error, "un"),
        remark("PTCE", (2, 2), Level::Warning, "deux"),
        remark("PTCE", (90, 5), Level::Info, "plus bas"),
        remark("PTCE", (2, 300), Level::Info, "plus loin"),
    ];
    let copy = annotate(&original, Format::Ods, &remarks, &in_french()).unwrap();
    assert_eq!((copy.notes, copy.only_listed), (3, 0));
    assert!(matches!(strip(&copy.bytes, &in_french()).unwrap(), Stripped::Original(bytes) if bytes == original));
    let content = part(&copy.bytes, "content.xml").replace('\u{a0}', "~");
    let note = |text: &str| {
        content.contains(&format!("<office:annotation><dc:creator>ptce</dc:creator><text:p>[ptce] {text}</text:p>"))
    };
    assert!(note("Erreur~: un") && note("Information~: plus bas") && note("Information~: plus loin"));
    let mut book: calamine::Ods<_> = calamine::Ods::new(Cursor::new(&copy.bytes)).unwrap();
    let mut before: calamine::Ods<_> = calamine::Ods::new(Cursor::new(&original)).unwrap();
    assert_eq!(book.sheet_names().last().map(String::as_str), Some("Constats"));
    let (after, before) = (book.worksheet_range("PTCE").unwrap(), before.worksheet_range("PTCE").unwrap());
    assert!(before.used_cells().all(|(row, column, value)| after.get((row, column)) == Some(value)));
    // Saved by another program since.
    let saved = rewritten(&copy.bytes, |name, text| (name != "ptce/original.dat").then_some(text), &[]);
    let Stripped::Cleaned(cleaned) = strip(&saved, &in_french()).unwrap() else { panic!("nothing was ours") };
    assert!(!part(&cleaned, "content.xml").contains("[ptce]"));
    assert!(!part(&cleaned, "content.xml").contains("#ffc9cf"));
}

/// What cannot be annotated as it stands becomes a workbook of the table that was read, with the same places.
#[test]
fn other_sources_become_annotated_workbooks() {
    let csv = "nom;code postal;étape\nFabriques;1400;\"sur\ndeux lignes\"\nRoue libre;46100;\n";
    let json = r#"[{"nom": "Fabriques", "adresse": {"code_postal": "1400"}, "thematiques": ["bois", "laine"]}, {"sigle": "RL"}]"#;
    let folder = folder(&[
        ("a.csv", csv.as_bytes()),
        ("a.json", json.as_bytes()),
        ("a.xls", &sample("conforme.xls")),
        ("conforme.ods", &sample("conforme.ods")),
    ]);
    let run = |arguments: &[&str]| ran(ptce().current_dir(folder.path()).args(arguments));
    let cells = |name: &str, sheet: &str| {
        let bytes = std::fs::read(folder.path().join(name)).unwrap();
        let range = Xlsx::new(Cursor::new(bytes)).unwrap().worksheet_range(sheet).unwrap();
        range.used_cells().map(|(row, column, value)| format!("{}:{} {value}", row + 1, column + 1)).collect::<Vec<_>>()
    };
    let note = |name: &str, cell: &str| {
        let comments = part(&std::fs::read(folder.path().join(name)).unwrap(), "xl/comments1.xml");
        comments
            .split(&format!("ref=\"{cell}\""))
            .nth(1)
            .map(|rest| rest.split("</comment>").next().unwrap().to_owned())
    };
    assert_eq!(run(&["validate", "a.csv", "-o", "csv.xlsx", "-q"]).code, 1);
    // As in the report, a row stands at the line where it begins.
    assert!(cells("csv.xlsx", "a.csv").contains(&"4:1 Roue libre".to_owned()), "{:?}", cells("csv.xlsx", "a.csv"));
    assert!(note("csv.xlsx", "B2").is_some_and(|note| note.contains("1400")));
    assert_eq!(run(&["validate", "a.json", "-o", "json.xlsx", "-q"]).code, 1);
    let of_json = cells("json.xlsx", "a.json");
    assert!(
        of_json.contains(&"2:3 bois\nlaine".to_owned()) || of_json.iter().any(|cell| cell.ends_with("bois\nlaine")),
        "{of_json:?}"
    );
    assert!(note("json.xlsx", "A3").is_some(), "what is missing is noted in the row of its record");
    assert_eq!(run(&["validate", "a.xls", "-o", "xls.xlsx", "-q"]).code, 0);
    assert!(run(&["validate", "conforme.ods", "-o", "x.xlsx"]).stderr.contains(".ods"));
    assert_eq!(run(&["validate", "conforme.ods", "-o", "x.ods", "-q"]).code, 0);
}

#[test]
fn the_command_annotates_and_gives_back() {
    let folder = folder(&[("in.xlsx", &sample("laureats-2014.xlsx"))]);
    let run = |arguments: &[&str]| ran(ptce().current_dir(folder.path()).args(arguments));
    let validated = run(&["validate", "in.xlsx", "-o", "out.xlsx", "-o", "r.json", "-o", "r.csv", "--lang", "fr"]);
    assert_eq!((validated.code, validated.stdout.as_str()), (1, ""));
    assert!(validated.stderr.contains("out.xlsx : cellules annotées : 38"), "{}", validated.stderr);
    let annotated = run(&["annotate", "in.xlsx", "--report", "r.json", "-o", "by-report.xlsx", "--lang", "fr"]);
    assert_eq!(annotated.code, 0, "{}", annotated.stderr);
    let read = |name: &str| std::fs::read(folder.path().join(name)).unwrap();
    assert_eq!(part(&read("out.xlsx"), "xl/comments1.xml"), part(&read("by-report.xlsx"), "xl/comments1.xml"));
    let stripped = run(&["annotate", "out.xlsx", "--strip", "-o", "back.xlsx", "--lang", "en"]);
    assert_eq!((stripped.code, stripped.stderr.as_str()), (0, "back.xlsx: the original, byte for byte\n"));
    assert!(read("back.xlsx") == read("in.xlsx"));
    for arguments in [
        &["validate", "in.xlsx", "-o", "in.xlsx"][..],
        &["annotate", "in.xlsx", "--report", "r.json", "-o", "in.xlsx"],
        &["validate", "in.xlsx", "out.xlsx", "-o", "both.xlsx"],
        &["validate", "in.xlsx", "-o", "r.docx"],
        &["validate", "in.xlsx", "--format", "csv", "-o", "r.xlsx"],
        &["annotate", "in.xlsx", "-o", "x.xlsx"],
    ] {
        let refused = run(arguments);
        assert_eq!(refused.code, 2, "{arguments:?} {}", refused.stderr);
    }
    assert!(read("back.xlsx") == read("in.xlsx") && !folder.path().join("both.xlsx").exists());
}

/// The next round: what is left, whether a side is a report or a submission, in any order of its rows.
#[test]
fn the_next_round_is_compared_with_the_last() {
    let old = "nom;coordinateur;code postal;commune\nFabriques;Ateliers;1400;Bourg\nRoue libre;;46100;Figeac\n";
    let new =
        "nom;coordinateur;code postal;commune\nRoue libre;;46100;Figeac\nFabriques;Ateliers;01400;Bourg\nBois;;;\n";
    let folder = folder(&[("old.csv", old.as_bytes()), ("new.csv", new.as_bytes())]);
    let run = |arguments: &[&str]| ran(ptce().current_dir(folder.path()).args(arguments));
    let text = run(&["diff", "old.csv", "new.csv", "--lang", "fr"]);
    insta::assert_snapshot!(text.stdout);
    assert_eq!(text.code, 1);
    assert_eq!(run(&["validate", "old.csv", "-o", "old.json", "--lang", "fr"]).code, 1);
    assert_eq!(run(&["diff", "old.json", "new.csv", "--lang", "fr"]).stdout, text.stdout);
    assert_eq!(run(&["diff", "old.json", "new.csv", "-o", "d.json", "-o", "d.html"]).code, 2);
    assert_eq!(run(&["diff", "old.json", "new.csv", "-o", "d.json"]).code, 1);
    let json: serde_json::Value =
        serde_json::from_slice(&std::fs::read(folder.path().join("d.json")).unwrap()).unwrap();
    assert_eq!(json["records_added"][0]["nom"], "Bois");
    assert_eq!(json["resolved"][0]["value"], "1400");
    let page = run(&["diff", "old.csv", "old.csv", "--format", "html", "--lang", "en"]).stdout;
    assert!(page.contains("0 finding resolved, 3 left, 0 new.") || page.contains(" left, 0 new."), "{page}");
    assert_eq!(run(&["diff", "old.csv", "absent.csv"]).code, 2);
}

/// A copy in which nothing leads to the sheet of the findings opens nowhere: found by the fuzz target `patch`.
#[test]
fn a_workbook_whose_parts_cannot_be_told_is_refused() {
    use crate::hostile::{RELATIONS, TYPES, with_part};
    for (part, text) in [("xl/_rels/workbook.xml.rels", RELATIONS), ("[Content_Types].xml", TYPES)] {
        let broken = text.replacen("<Relationships", "<Rela#ionships", 1).replacen("<Types", "<Ty#es", 1);
        let workbook = with_part(part, broken);
        let done = ptce::patch::annotate(&workbook, ptce::Format::Xlsx, &[], &ptce::patch::Options::default());
        assert!(done.is_err(), "{part}");
    }
}

/// Cells that say no place follow what stands before them, in a row or in none: the reader and the copy count alike.
#[test]
fn cells_without_a_place_stay_where_they_are() {
    let rows = r#"<row><c t="inlineStr"><is><t>Nom</t></is></c><c t="inlineStr"><is><t>Courriel</t></is></c></row><row><c t="inlineStr"><is><t>Roue libre</t></is></c><c t="e"><v>#REF!</v></c></row><other><c t="b"><v>1</v></c><c t="inlineStr"><is><t>a@</t></is></c></other>"#;
    // Styles, so that the flagged cells get one.
    let mut parts = crate::hostile::parts(&crate::hostile::sheet(rows));
    let relation = r#"<Relationship Id="r3" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/styles" Target="styles.xml"/></Relationships>"#;
    parts[3].1 = crate::hostile::RELATIONS.replace("</Relationships>", relation).into_bytes();
    parts.push(("xl/styles.xml".to_owned(), b"<styleSheet><cellXfs><xf/></cellXfs></styleSheet>".to_vec()));
    let book = crate::support::archive(&parts);
    let judged = read("a.xlsx", &book);
    assert_eq!(judged.records()[1].name.as_deref(), Some("VRAI"));
    let remarks: Vec<Remark> = judged.findings.iter().map(Into::into).collect();
    assert!(!remarks.is_empty());
    let copy = annotate(&book, Format::Xlsx, &remarks, &in_french()).unwrap();
    assert_eq!(read("a.xlsx", &copy.bytes).records(), judged.records());
}
