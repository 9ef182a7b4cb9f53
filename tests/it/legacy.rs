//! Workbooks of older offices and of other ones: .xls, .xlsb and .ods, made here byte by byte where no program would.

use ptce::Language;
use ptce::row::Format;

use crate::hostile::xlsx;
use crate::support::{Read, archive, folder, ptce, ran, read, run_with_input, sample, values};

/// A compound file of sectors of 512 bytes, with one sector of directory; streams of 4,096 bytes or more.
pub fn compound(streams: &[(&str, Vec<u8>)]) -> Vec<u8> {
    let sectors_of = |bytes: &[u8]| bytes.len().div_ceil(512) as u32;
    let tables = 1 + streams.iter().map(|(_, bytes)| sectors_of(bytes)).sum::<u32>() / 126;
    let mut next: Vec<u32> = vec![0xFFFF_FFFD; tables as usize];
    next.push(0xFFFF_FFFE);
    let mut directory = entry("Root Entry", 5, 0xFFFF_FFFE, 0);
    let mut content = Vec::new();
    for (name, bytes) in streams {
        assert!(bytes.len() >= 4096);
        let start = next.len() as u32;
        directory.extend(entry(name, 2, start, bytes.len() as u32));
        next.extend((1..sectors_of(bytes)).map(|rank| start + rank));
        next.push(0xFFFF_FFFE);
        content.extend_from_slice(bytes);
        content.resize(content.len().next_multiple_of(512), 0);
    }
    directory.resize(512, 0);
    next.resize(tables as usize * 128, u32::MAX);
    let mut file = b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1".to_vec();
    file.resize(512, 0);
    file[26] = 3;
    file[28..30].copy_from_slice(&[0xFE, 0xFF]);
    file[30] = 9;
    file[32] = 6;
    for (at, value) in [(44, tables), (48, tables), (56, 4096), (60, 0xFFFF_FFFE), (68, 0xFFFF_FFFE)] {
        file[at..at + 4].copy_from_slice(&value.to_le_bytes());
    }
    for rank in 0..109 {
        let table = if rank < tables { rank } else { u32::MAX };
        file[76 + rank as usize * 4..][..4].copy_from_slice(&table.to_le_bytes());
    }
    file.extend(next.into_iter().flat_map(u32::to_le_bytes));
    file.extend(directory);
    file.extend(content);
    file
}

fn entry(name: &str, kind: u8, start: u32, size: u32) -> Vec<u8> {
    let mut entry: Vec<u8> = name.encode_utf16().flat_map(u16::to_le_bytes).collect();
    entry.resize(128, 0);
    entry[64] = 2 * (name.len() as u8 + 1);
    entry[66] = kind;
    entry[116..120].copy_from_slice(&start.to_le_bytes());
    entry[120..124].copy_from_slice(&size.to_le_bytes());
    entry
}

pub fn record(kind: u16, data: &[u8]) -> Vec<u8> {
    [&kind.to_le_bytes()[..], &(data.len() as u16).to_le_bytes(), data].concat()
}

pub fn cell(kind: u16, row: u16, column: u16, style: u16, value: &[u8]) -> Vec<u8> {
    let place = [row, column, style].map(u16::to_le_bytes).concat();
    record(kind, &[&place, value].concat())
}

/// A text as Excel 97 writes it: with its length in two bytes, one byte a character when that is enough.
pub fn text(text: &str) -> Vec<u8> {
    let units: Vec<u16> = text.encode_utf16().collect();
    let mut bytes = (units.len() as u16).to_le_bytes().to_vec();
    if units.iter().all(|unit| *unit < 256) {
        bytes.push(0);
        bytes.extend(units.iter().map(|unit| *unit as u8));
    } else {
        bytes.push(1);
        bytes.extend(units.iter().flat_map(|unit| unit.to_le_bytes()));
    }
    bytes
}

/// The stream of a workbook: what stands before the sheets, then the sheets, whose places are filled in.
pub fn stream(version: u16, globals: &[Vec<u8>], sheets: &[(&str, u8, Vec<Vec<u8>>)]) -> Vec<u8> {
    let begin = |kind: u16| record(0x0809, &[version, kind, 0, 0].map(u16::to_le_bytes).concat());
    let bounds = |starts: &[u32]| {
        let bound = |((name, state, _), start): (&(&str, u8, _), &u32)| {
            let mut data = start.to_le_bytes().to_vec();
            data.extend([*state, 0, name.len() as u8]);
            if version >= 0x0600 {
                data.push(0);
            }
            data.extend(name.bytes());
            record(0x0085, &data)
        };
        [
            &begin(5)[..],
            &globals.concat(),
            &sheets.iter().zip(starts).flat_map(bound).collect::<Vec<u8>>(),
            &record(0x0A, &[]),
        ]
        .concat()
    };
    let mut whole = bounds(&vec![0; sheets.len()]);
    let mut starts = Vec::new();
    for (_, _, cells) in sheets {
        starts.push(whole.len() as u32);
        whole.extend([begin(0x10), cells.concat(), record(0x0A, &[])].concat());
    }
    let head = bounds(&starts);
    whole[..head.len()].copy_from_slice(&head);
    whole.resize(whole.len().max(4096), 0);
    whole
}

pub fn styles(formats: &[u16]) -> Vec<u8> {
    formats.iter().flat_map(|format| record(0x00E0, &[[0, 0], format.to_le_bytes(), [0, 0]].concat())).collect()
}

fn packed(value: i32) -> [u8; 4] {
    (value << 2 | 2).to_le_bytes()
}

fn places(read: &Read) -> Vec<String> {
    let entries = read.entries.iter();
    let of = |entry: &ptce::entry::OwnedEntry| {
        let shown = |(pointer, value): (String, String)| {
            format!("{pointer} = {value:?} {}", entry.location(&pointer).within_file(Language::English))
        };
        values(&entry.record).into_iter().map(shown).collect::<Vec<_>>()
    };
    entries.flat_map(of).collect()
}

/// Every kind of cell, dates since 1904, a text cut in two records, a hidden sheet, a chart within the sheet.
pub fn xls() -> Vec<u8> {
    let long = "Fabriques étoilées du Quercy — «\u{a0}bois\u{a0}»";
    let written = text(long);
    let (first, second) = written.split_at(3 + 2 * 9);
    let shared = [&2_u32.to_le_bytes()[..], &2_u32.to_le_bytes(), &text("nom"), first].concat();
    let globals = [
        record(0x0042, &1200_u16.to_le_bytes()),
        record(0x0022, &[1, 0]),
        record(0x041E, &[&164_u16.to_le_bytes()[..], &text("dd/mm/yyyy")].concat()),
        styles(&[0, 164]),
        record(0x00FC, &shared),
        // The rest of a text says again how wide its characters are.
        record(0x003C, &[&[1], second].concat()),
    ];
    let formula = |value: [u8; 8]| [&value[..], &[0; 8]].concat();
    let label = |row, column, name: &str| cell(0x0204, row, column, 0, &text(name));
    let cells = vec![
        cell(0x00FD, 0, 0, 0, &0_u32.to_le_bytes()),
        label(0, 1, "appel_date_annonce"),
        label(0, 2, "adresse_code_postal"),
        label(0, 3, "emploi_salaries"),
        label(0, 4, "emploi_etp"),
        label(0, 5, "coordinateur_nom"),
        label(0, 6, "adresse_commune"),
        label(0, 7, "sigle"),
        cell(0x00FD, 1, 0, 0, &1_u32.to_le_bytes()),
        cell(0x0203, 1, 1, 1, &40_187.0_f64.to_le_bytes()),
        // Two numbers in one record.
        cell(0x00BD, 1, 2, 0, &[&packed(5000)[..], &[0, 0], &packed(12), &[3, 0]].concat()),
        cell(0x0006, 1, 4, 0, &formula(2.5_f64.to_le_bytes())),
        record(0x0809, &[0, 6, 0x20, 0]),
        label(1, 4, "dans un graphique"),
        record(0x000A, &[]),
        cell(0x0006, 1, 5, 0, &formula([0, 0, 0, 0, 0, 0, 0xFF, 0xFF])),
        record(0x0207, &text("Ateliers réunis")),
        cell(0x0006, 1, 6, 0, &formula([2, 0, 0x17, 0, 0, 0, 0xFF, 0xFF])),
        cell(0x0205, 1, 7, 0, &[1, 0]),
    ];
    let hidden = vec![label(0, 0, "nom"), label(1, 0, "Roue libre")];
    compound(&[("Workbook", stream(0x0600, &globals, &[("Visible", 0, cells), ("Cachee", 1, hidden)]))])
}

/// A small workbook, by its name.
pub fn small(name: &str) -> Vec<u8> {
    match name {
        "x.xls" => xls(),
        "x.xlsb" => xlsb(),
        "x.ods" => ods(&rows()),
        _ => sample("conforme.xlsx"),
    }
}

#[test]
fn xls_cells_of_every_kind() {
    let bytes = xls();
    let read = read("envoi.xls", &bytes);
    insta::assert_snapshot!(places(&read).join("\n"));
    assert_eq!(read.count("formula-error"), 1);
    let folder = folder(&[("envoi.xls", &bytes)]);
    let inspected = ran(ptce().current_dir(folder.path()).args(["inspect", "envoi.xls"]));
    assert!(
        inspected.stdout.contains("\n  hidden sheet “Cachee”, header in row 1, 1 record\n"),
        "{}",
        inspected.stdout
    );
    let inspected = ran(ptce().current_dir(folder.path()).args(["inspect", "envoi.xls", "--lang", "fr"]));
    assert!(inspected.stdout.contains("feuille masquée «\u{a0}Cachee\u{a0}»"), "{}", inspected.stdout);
}

/// Excel 5 and 95 wrote one byte a character, in the code page of the machine.
#[test]
fn xls_of_old_code_pages() {
    for (page, encoding) in
        [(1252_u16, encoding_rs::WINDOWS_1252), (10_000, encoding_rs::MACINTOSH), (32_769, encoding_rs::WINDOWS_1252)]
    {
        let label = |row, name: &str| {
            let (bytes, _, lossy) = encoding.encode(name);
            assert!(!lossy);
            cell(0x0204, row, 0, 0, &[&(bytes.len() as u16).to_le_bytes()[..], &bytes].concat())
        };
        let globals = [record(0x0042, &page.to_le_bytes()), styles(&[0])];
        let bytes = compound(&[(
            "Book",
            stream(0x0500, &globals, &[("Feuil1", 0, vec![label(0, "Nom du PTCE"), label(1, "Pôle « Œuvre »")])]),
        )]);
        assert_eq!(read("envoi.xls", &bytes).records()[0].name.as_deref(), Some("Pôle « Œuvre »"), "{page}");
    }
}

pub fn binary(kind: u16, data: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::new();
    if kind < 128 {
        bytes.push(kind as u8);
    } else {
        bytes.extend([kind as u8 | 0x80, (kind >> 7) as u8]);
    }
    let mut length = data.len();
    while length >= 128 {
        bytes.push(length as u8 | 0x80);
        length >>= 7;
    }
    bytes.push(length as u8);
    bytes.extend_from_slice(data);
    bytes
}

pub fn wide(text: &str) -> Vec<u8> {
    let units: Vec<u16> = text.encode_utf16().collect();
    let bytes = units.iter().flat_map(|unit| unit.to_le_bytes());
    (units.len() as u32).to_le_bytes().into_iter().chain(bytes).collect()
}

/// A binary workbook, its second sheet hidden.
pub fn xlsb() -> Vec<u8> {
    let types = r#"<Types><Default Extension="bin" ContentType="application/vnd.ms-excel.sheet.binary.macroEnabled.main"/></Types>"#;
    let relations = r#"<Relationships><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.bin"/><Relationship Id="rId2" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet2.bin"/></Relationships>"#;
    let package = r#"<Relationships><Relationship Id="r" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.bin"/></Relationships>"#;
    let sheet = |state: u32, rank: u32, name: &str| {
        let numbers = [state, rank].map(u32::to_le_bytes).concat();
        binary(0x9C, &[&numbers[..], &wide(&format!("rId{rank}")), &wide(name)].concat())
    };
    let workbook = [
        binary(0x83, &[]),
        binary(0x99, &[1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]),
        binary(0x8F, &[]),
        sheet(0, 1, "Pôles"),
        sheet(1, 2, "Autres"),
        binary(0x90, &[]),
        binary(0x9D, &[0; 26]),
        binary(0x84, &[]),
    ];
    let format = |number: u16| binary(0x2F, &[&[0, 0], &number.to_le_bytes()[..], &[0; 12]].concat());
    let styles = [
        binary(0x116, &[]),
        binary(0x267, &1_u32.to_le_bytes()),
        binary(0x2C, &[&200_u16.to_le_bytes()[..], &wide("yyyy-mm-dd")].concat()),
        binary(0x268, &[]),
        binary(0x272, &1_u32.to_le_bytes()),
        format(14),
        binary(0x273, &[]),
        binary(0x269, &2_u32.to_le_bytes()),
        format(0),
        format(200),
        binary(0x26A, &[]),
        binary(0x117, &[]),
    ];
    let strings = [
        binary(0x9F, &[2, 0, 0, 0, 2, 0, 0, 0]),
        binary(0x13, &[&[0], &wide("nom")[..]].concat()),
        binary(0x13, &[&[0], &wide("Fabriques étoilées")[..]].concat()),
        binary(0xA0, &[]),
    ];
    let cell = |kind: u16, column: u32, style: u32, value: &[u8]| {
        binary(kind, &[&column.to_le_bytes()[..], &style.to_le_bytes(), value].concat())
    };
    let row = |row: u32| binary(0, &[&row.to_le_bytes()[..], &[0; 21]].concat());
    let around = |cells: Vec<Vec<u8>>| {
        let dimension = [0_u32, 1, 0, 7].map(u32::to_le_bytes).concat();
        [
            binary(0x81, &[]),
            binary(0x94, &dimension),
            binary(0x91, &[]),
            cells.concat(),
            binary(0x92, &[]),
            binary(0x82, &[]),
        ]
        .concat()
    };
    let formula = |value: &[u8]| [value, &[0; 10]].concat();
    let first = around(vec![
        row(0),
        cell(7, 0, 0, &0_u32.to_le_bytes()),
        cell(6, 1, 0, &wide("appel_date_annonce")),
        cell(6, 2, 0, &wide("adresse_code_postal")),
        cell(6, 3, 0, &wide("emploi_etp")),
        cell(6, 4, 0, &wide("coordinateur_nom")),
        cell(6, 5, 0, &wide("adresse_commune")),
        cell(6, 6, 0, &wide("sigle")),
        row(1),
        cell(7, 0, 0, &1_u32.to_le_bytes()),
        cell(5, 1, 1, &40_187.0_f64.to_le_bytes()),
        cell(2, 2, 0, &packed(5000)),
        cell(9, 3, 0, &formula(&2.5_f64.to_le_bytes())),
        cell(8, 4, 0, &formula(&wide("Ateliers réunis"))),
        cell(0x0B, 5, 0, &formula(&[0x2A])),
        cell(4, 6, 0, &[0]),
    ]);
    let second = around(vec![row(4), cell(6, 1, 0, &wide("Nom")), row(5), cell(6, 1, 0, &wide("Roue libre"))]);
    let parts = [
        ("[Content_Types].xml", types.as_bytes().to_vec()),
        ("_rels/.rels", package.as_bytes().to_vec()),
        ("xl/workbook.bin", workbook.concat()),
        ("xl/_rels/workbook.bin.rels", relations.as_bytes().to_vec()),
        ("xl/styles.bin", styles.concat()),
        ("xl/sharedStrings.bin", strings.concat()),
        ("xl/worksheets/sheet1.bin", first),
        ("xl/worksheets/sheet2.bin", second),
    ];
    archive(&parts.map(|(name, bytes)| (name.to_owned(), bytes)))
}

#[test]
fn xlsb_cells_of_every_kind() {
    let bytes = xlsb();
    let read = read("envoi.xlsb", &bytes);
    insta::assert_snapshot!(places(&read).join("\n"));
    assert_eq!(read.count("formula-error"), 1);
}

/// Another reader sees the same cells in the binary workbook made above.
#[test]
fn xlsb_as_calamine_reads_it() {
    use calamine::Reader;
    let mut book: calamine::Xlsb<_> = calamine::Xlsb::new(std::io::Cursor::new(xlsb())).unwrap();
    assert_eq!(book.sheet_names(), ["Pôles", "Autres"]);
    let range = book.worksheet_range("Pôles").unwrap();
    let shown: Vec<String> = range.rows().nth(1).unwrap().iter().map(crate::support::shown).collect();
    assert_eq!(shown[..5], ["Fabriques étoilées", "2014-01-10", "5000", "2.5", "Ateliers réunis"]);
}

/// An OpenDocument workbook whose first sheet has these rows, with a hidden one after it.
pub fn ods(rows: &str) -> Vec<u8> {
    let content = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?><office:document-content><office:automatic-styles>\
         <style:style style:name=\"ta1\"><style:table-properties table:display=\"true\"/></style:style>\
         <style:style style:name=\"ta2\"><style:table-properties table:display=\"false\"/></style:style>\
         </office:automatic-styles><office:body><office:spreadsheet>\
         <table:tracked-changes><table:cell-content-change><table:change-track-table-cell><text:p>Perdu</text:p>\
         </table:change-track-table-cell></table:cell-content-change></table:tracked-changes>\
         <table:table table:name=\"Pôles &amp; &#xe9;lus\" table:style-name=\"ta1\"><table:shapes><draw:frame><text:p>Image</text:p>\
         </draw:frame></table:shapes>{rows}</table:table>\
         <table:table table:name=\"Cachée\" table:style-name=\"ta2\"><table:table-row><table:table-cell \
         office:value-type=\"string\"><text:p>Nom</text:p></table:table-cell></table:table-row><table:table-row>\
         <table:table-cell office:value-type=\"string\"><text:p>Roue libre</text:p></table:table-cell></table:table-row>\
         </table:table></office:spreadsheet></office:body></office:document-content>"
    );
    let parts = [("mimetype", "application/vnd.oasis.opendocument.spreadsheet"), ("content.xml", content.as_str())];
    archive(&parts.map(|(name, text)| (name.to_owned(), text.as_bytes().to_vec())))
}

/// Every kind of cell, rows and columns that are repeated, a note, a formula that was never computed.
pub fn rows() -> String {
    let header = [
        "nom",
        "appel_date_annonce",
        "adresse_code_postal",
        "emploi_etp",
        "coordinateur_nom",
        "adresse_commune",
        "sigle",
        "site_web",
    ];
    let string = |text: &str| {
        format!("<table:table-cell office:value-type=\"string\"><text:p>{text}</text:p></table:table-cell>")
    };
    let header: String = header.iter().map(|name| string(name)).collect();
    format!(
        "<table:table-header-rows><table:table-row table:number-rows-repeated=\"3\"><table:table-cell \
         table:number-columns-repeated=\"16384\"/></table:table-row>\
         <table:table-row><table:table-cell/>{header}</table:table-row></table:table-header-rows>\
         <table:table-row table:number-rows-repeated=\"2\"><table:covered-table-cell/>\
         <table:table-cell office:value-type=\"string\"><office:annotation><text:p>Note</text:p></office:annotation>\
         <text:p>Fabriques<text:s/>du <text:span>Quercy</text:span> &amp; d&apos;ailleurs</text:p></table:table-cell>\
         <table:table-cell office:value-type=\"date\" office:date-value=\"2014-01-10T00:00:00\"><text:p>10/01/14</text:p></table:table-cell>\
         <table:table-cell office:value-type=\"float\" office:value=\"5000\"><text:p>05000</text:p></table:table-cell>\
         <table:table-cell table:formula=\"of:=5/2\" office:value-type=\"float\" office:value=\"2.5\"><text:p>2,5</text:p></table:table-cell>\
         <table:table-cell table:formula=\"of:=A1\"/>\
         <table:table-cell table:formula=\"of:=#REF!\" office:value-type=\"string\" office:string-value=\"\" calcext:value-type=\"error\"><text:p>#REF!</text:p></table:table-cell>\
         <table:table-cell office:value-type=\"boolean\" office:boolean-value=\"true\"><text:p>VRAI</text:p></table:table-cell>\
         <table:table-cell table:number-columns-repeated=\"16376\"/></table:table-row>\
         <table:table-row table:number-rows-repeated=\"1048570\"><table:table-cell table:number-columns-repeated=\"16384\"/></table:table-row>"
    )
}

#[test]
fn ods_cells_of_every_kind() {
    let bytes = ods(&rows());
    let read = read("envoi.ods", &bytes);
    insta::assert_snapshot!(places(&read).join("\n"));
    assert_eq!(read.count("formula-error"), 4);
    let folder = folder(&[("envoi.ods", &bytes)]);
    let inspected = ran(ptce().current_dir(folder.path()).args(["inspect", "envoi.ods"]));
    assert!(inspected.stdout.contains("  hidden sheet “Cachée”, header in row 1, 1 record\n"), "{}", inspected.stdout);
}

/// A formula that no program has computed yet must not pass for an empty cell; one whose value is an empty text is one.
#[test]
fn formulas_without_a_value_are_told() {
    let text = |place: &str, text: &str| format!("<c r=\"{place}\" t=\"inlineStr\"><is><t>{text}</t></is></c>");
    let rows = format!(
        "<row r=\"1\">{}{}{}</row><row r=\"2\">{}<c r=\"B2\"><f>A2&amp;\"x\"</f></c><c r=\"C2\" t=\"str\"><f>D2</f><v></v></c></row>\
         <row r=\"3\">{}<c r=\"B3\" t=\"str\"><f>A3</f><v>Atelier</v></c><c r=\"C3\"><f t=\"shared\" si=\"4000000000\"/><v/></c></row>",
        text("A1", "nom"),
        text("B1", "coordinateur_nom"),
        text("C1", "sigle"),
        text("A2", "Pôle A"),
        text("A3", "Pôle B"),
    );
    let read = read("envoi.xlsx", &xlsx(&rows));
    let found: Vec<_> = read.findings.iter().filter(|finding| finding.code == "formula-error").collect();
    let cells: Vec<_> = found.iter().map(|finding| finding.location.cell.as_deref()).collect();
    assert_eq!(cells, [Some("B2"), Some("C3")]);
    assert_eq!(read.records()[1].coordinator.name.as_deref(), Some("Atelier"));
    assert_eq!(read.records()[0].acronym, None);
}

/// Without a name, the content alone tells the format.
#[test]
fn formats_are_known_by_their_content() {
    for (bytes, name) in [
        (sample("conforme.xls"), "xls"),
        (sample("conforme.ods"), "ods"),
        (sample("conforme.xlsx"), "xlsx"),
        (xlsb(), "xlsb"),
    ] {
        let inspected = run_with_input(&["inspect", "-"], &bytes);
        assert!(
            inspected.stdout.starts_with(&format!("-: {name}, ")),
            "{name}: {} {}",
            inspected.stdout,
            inspected.stderr
        );
    }
}

#[test]
fn what_is_only_read_is_not_written() {
    for format in [Format::Xls, Format::Xlsb, Format::Ods] {
        assert!(format.is_workbook() && !format.is_written());
        let refused = ptce::export::Exporter::new(format, std::io::sink(), &ptce::export::Options::default());
        assert_eq!(refused.err().map(|error| error.kind()), Some(ptce::ErrorKind::Usage));
        let output = format!("sortie.{}", format.extension());
        let refused = ran(ptce().args(["convert", "samples/conforme.csv", "-o", &output]));
        assert_eq!(refused.code, 2, "{}", refused.stderr);
    }
}

/// Comments are texts of objects, and links stand behind the cells; those of a damaged record hide no cell.
#[test]
fn comments_and_links_of_xls_are_kept() {
    let label = |row, column, name: &str| cell(0x0204, row, column, 0, &text(name));
    let object = |id: u16| record(0x005D, &[&[0x15, 0, 0x12, 0, 0x19, 0][..], &id.to_le_bytes(), &[0; 14]].concat());
    let said = |said: &str| {
        let mut data = [0; 18];
        data[10] = said.chars().count() as u8;
        // The text without its length, then its fonts.
        [record(0x01B6, &data), record(0x003C, &text(said)[2..]), record(0x003C, &[0; 16])].concat()
    };
    let note = |row: u16, column: u16, id: u16| {
        record(0x001C, &[&[row, column, 0, id].map(u16::to_le_bytes).concat()[..], &[0; 4]].concat())
    };
    let link = |row: u16, column: u16, shown: &str, target: &str| {
        let wide = |text: &str| -> Vec<u8> { text.encode_utf16().chain([0]).flat_map(u16::to_le_bytes).collect() };
        let (shown, target) = (wide(shown), wide(target));
        let parts = [
            &[row, row, column, column].map(u16::to_le_bytes).concat()[..],
            &[0; 16],
            &2_u32.to_le_bytes(),
            &0x17_u32.to_le_bytes(),
            &(shown.len() as u32 / 2).to_le_bytes(),
            &shown,
            b"\xE0\xC9\xEA\x79\xF9\xBA\xCE\x11\x8C\x82\x00\xAA\x00\x4B\xA9\x0B",
            &(target.len() as u32).to_le_bytes(),
            &target,
        ];
        record(0x01B8, &parts.concat())
    };
    let cells = vec![
        label(0, 0, "Nom du PTCE"),
        label(0, 1, "Site web"),
        label(1, 0, "Roue libre"),
        label(1, 1, "voir"),
        object(7),
        said("Vu — à rappeler"),
        object(8),
        said("Ailleurs"),
        note(1, 0, 7),
        note(5, 5, 8),
        link(1, 1, "voir", "https://example.org/é"),
        record(0x01B8, &[0; 20]),
        record(0x001C, &[0; 3]),
    ];
    let bytes = compound(&[("Workbook", stream(0x0600, &[], &[("PTCE", 0, cells)]))]);
    let found = read("r.xls", &bytes);
    let record = &found.records()[0];
    assert_eq!(record.website.as_deref(), Some("https://example.org/%C3%A9"));
    let kept: Vec<&str> = record.source.others.iter().filter_map(|other| other.value.as_deref()).collect();
    assert_eq!(kept, ["Vu — à rappeler", "voir"]);
    assert!(found.findings.iter().any(|finding| finding.value.as_deref() == Some("Ailleurs")), "{:?}", found.findings);
}

/// Somebody has taken the second record out by a line through it; of the third only the name has one.
#[test]
fn rows_that_are_struck_through_are_told_in_every_workbook() {
    let rows = [["Nom", "Coordinateur"], ["Pôle A", "Roue A"], ["Pôle B", "Roue B"], ["Pôle C", "Roue C"]];
    let is_struck = |row: usize, column: usize| row == 2 || (row, column) == (3, 0);
    let each =
        || rows.iter().enumerate().flat_map(|(row, cells)| cells.iter().enumerate().map(move |cell| (row, cell)));

    // No font of an .xls has the rank 4: the sixth font has the rank 6.
    let font = |flags: u16| record(0x0031, &[[200, 0], flags.to_le_bytes(), [0, 0]].concat());
    let style = |font: u16| record(0x00E0, &[font.to_le_bytes(), [0, 0], [0, 0]].concat());
    let globals = [vec![font(0); 5], vec![font(8), style(0), style(6)]].concat();
    let cells = each()
        .map(|(row, (column, value))| {
            cell(0x0204, row as u16, column as u16, is_struck(row, column).into(), &text(value))
        })
        .collect();
    let xls = compound(&[("Workbook", stream(0x0600, &globals, &[("Feuil1", 0, cells)]))]);

    let xlsb = {
        let font = |flags: u16| binary(0x2B, &[&[200, 0], &flags.to_le_bytes()[..], &[0; 20]].concat());
        let style = |font: u16| binary(0x2F, &[&[0; 4], &font.to_le_bytes()[..], &[0; 10]].concat());
        let styles = [
            binary(0x0263, &2_u32.to_le_bytes()),
            font(0),
            font(8),
            binary(0x0264, &[]),
            binary(0x0269, &2_u32.to_le_bytes()),
            style(0),
            style(1),
            binary(0x026A, &[]),
        ];
        let cells = each().map(|(row, (column, value))| {
            let place = [column as u32, is_struck(row, column).into()].map(u32::to_le_bytes).concat();
            let row =
                if column == 0 { binary(0, &[&(row as u32).to_le_bytes()[..], &[0; 21]].concat()) } else { vec![] };
            [row, binary(6, &[place, wide(value)].concat())].concat()
        });
        let sheet = [binary(0x91, &[]), cells.collect::<Vec<_>>().concat(), binary(0x92, &[])].concat();
        let mut parts = crate::support::archived(&xlsb());
        for (name, bytes) in &mut parts {
            match name.as_str() {
                "xl/styles.bin" => *bytes = styles.concat(),
                "xl/worksheets/sheet1.bin" => *bytes = sheet.clone(),
                _ => {}
            }
        }
        archive(&parts)
    };

    // The column of the names is struck through, but for cells that have a style of their own.
    let ods = {
        let cell = |style: &str, value: &str| {
            format!("<table:table-cell{style} office:value-type=\"string\"><text:p>{value}</text:p></table:table-cell>")
        };
        let plain = " table:style-name=\"ce1\"";
        let rows = rows.iter().enumerate().map(|(row, [name, coordinator])| {
            let name = cell(if row < 2 { plain } else { "" }, name);
            let coordinator = cell(if row == 2 { " table:style-name=\"ce2\"" } else { "" }, coordinator);
            format!("<table:table-row>{name}{coordinator}</table:table-row>")
        });
        let columns = "<table:table-column table:default-cell-style-name=\"ce2\"/><table:table-column/>";
        let mut parts = crate::support::archived(&ods(&format!("{columns}{}", rows.collect::<String>())));
        let styles = "<style:style style:name=\"ce1\" style:family=\"table-cell\"><style:text-properties \
            style:text-line-through-style=\"none\"/></style:style><style:style style:name=\"ce2\" \
            style:family=\"table-cell\"><style:table-cell-properties/><style:text-properties \
            style:text-line-through-style=\"solid\"/></style:style></office:automatic-styles>";
        for (name, bytes) in &mut parts {
            if name == "content.xml" {
                *bytes = String::from_utf8(bytes.clone()).unwrap().replace("</office:automatic-styles>", styles).into();
            }
        }
        archive(&parts)
    };

    let xlsx = {
        let struck = rust_xlsxwriter::Format::new().set_font_strikethrough();
        let mut book = rust_xlsxwriter::Workbook::new();
        let sheet = book.add_worksheet();
        for (row, (column, value)) in each() {
            let (at, column) = (row as u32, column as u16);
            match is_struck(row, column.into()) {
                true => sheet.write_string_with_format(at, column, *value, &struck).unwrap(),
                false => sheet.write_string(at, column, *value).unwrap(),
            };
        }
        // A blank cell says nothing of the one that follows.
        sheet.write_string(0, 3, "Sigle").unwrap();
        sheet.write_string_with_format(4, 0, "Pôle D", &struck).unwrap();
        sheet.write_string_with_format(4, 1, "Roue D", &struck).unwrap();
        sheet.write_blank(4, 2, &struck).unwrap();
        sheet.write_string(4, 3, "PD").unwrap();
        book.save_to_buffer().unwrap()
    };

    for (name, bytes) in [("a.xls", xls), ("a.xlsb", xlsb), ("a.ods", ods), ("a.xlsx", xlsx)] {
        let read = read(name, &bytes);
        let told: Vec<&str> = read
            .findings
            .iter()
            .filter(|finding| finding.code == "struck-rows")
            .filter_map(|finding| finding.value.as_deref())
            .collect();
        assert_eq!(told, ["3"], "{name}");
        assert_eq!(read.records()[1].name.as_deref(), Some("Pôle B"), "{name}");
    }
}
