//! Files that cannot be read: one line that says which file and what to do, exit code 2, and nothing left behind.

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use ptce::settings::Settings;

use crate::support::{folder, names_in, ptce, ran, read_with, sample};

fn tables(files: &[(&str, &str)]) -> Vec<u8> {
    let files = files.iter().map(|(name, text)| ((*name).to_owned(), text.as_bytes().to_vec()));
    crate::support::archive(&files.collect::<Vec<_>>())
}

/// Bad files, by name.
fn bad() -> Vec<(&'static str, Vec<u8>)> {
    let text = |text: &str| text.as_bytes().to_vec();
    let half = |name: &str| {
        let bytes = sample(name);
        bytes[..bytes.len() / 2].to_vec()
    };
    let csv = sample("conforme.csv");
    let in_last_row = csv.len() - 100;
    let ole = [&b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1"[..], &[0; 600]].concat();
    let encrypted = crate::support::archive(&[
        ("mimetype".to_owned(), b"application/vnd.oasis.opendocument.spreadsheet".to_vec()),
        ("META-INF/manifest.xml".to_owned(), b"<manifest:encryption-data/>".to_vec()),
        ("content.xml".to_owned(), b"<a/>".to_vec()),
    ]);
    let document =
        crate::support::archive(&[("mimetype".to_owned(), b"application/vnd.oasis.opendocument.text".to_vec())]);
    let content = "<table:table table:name=\"A\"><table:table-row><table:table-cell><text:p>Nom</text:p>";
    let mut bad = vec![
        ("abime.xls", ole),
        ("chiffre.ods", encrypted),
        (
            "contenu-coupe.ods",
            tables(&[("mimetype", "application/vnd.oasis.opendocument.spreadsheet"), ("content.xml", content)]),
        ),
        ("coupe.ods", half("conforme.ods")),
        ("coupe.xls", half("conforme.xls")),
        ("debut.xls", sample("conforme.xls")[..20_000].to_vec()),
        ("document.ods", document),
        ("excel-4.xls", b"\x09\x04\x06\x00\x00\x00\x10\x00".to_vec()),
        ("page.xls", text("<html>\n<table><tr><td>Nom</td></tr></table></html>")),
        ("texte.ods", text("Bonjour,\n\nNos fiches suivront : merci.\n")),
        ("vide.ods", vec![]),
        ("vide.xls", vec![]),
        ("blancs.csv", text(" \n\n  \t\n")),
        ("blancs.json", text(" \n\n ")),
        ("colonnes.csv", text(&(vec!["nom"; 20_000].join(",") + "\nA\n"))),
        ("colonnes.xlsx", wide_workbook()),
        ("coupe.csv", half("laureats-2014.csv")),
        ("coupe.json", half("laureats-2014.json")),
        ("coupe.ndjson", half("laureats-2014.ndjson")),
        ("coupe.xlsx", half("laureats-2014.xlsx")),
        ("coupe.xml", half("laureats-2014.xml")),
        ("derniere-ligne.csv", csv[..in_last_row].to_vec()),
        (
            "doctype.xml",
            text(
                "<?xml version=\"1.0\"?>\n<!DOCTYPE ptces [<!ENTITY a \"b\">]>\n<ptces><ptce><nom>&a;</nom></ptce></ptces>",
            ),
        ),
        ("entite.xml", text("<ptces>\n  <ptce><nom>Fabriques &eacute;toil&eacute;es</nom></ptce>\n</ptces>")),
        ("entete-seul.csv", text("nom,commune\n")),
        ("entete-seul.xlsx", workbook(&[&["Nom", "Commune"]])),
        ("esperluette.xml", text("<ptces>\n  <ptce><nom>Bois & Laine</nom></ptce>\n</ptces>")),
        ("guillemet.csv", text("nom,commune\nA,Figeac\n\"B,Le,ns\nC,Vitré\n")),
        ("imbrique.json", text(&format!("{}{}", "[".repeat(1000), "]".repeat(1000)))),
        ("imbrique-objets.json", text(&format!("[{}1{}]", "{\"a\":".repeat(1000), "}".repeat(1000)))),
        ("imbrique.xml", text(&format!("{}{}", "<a>".repeat(1000), "</a>".repeat(1000)))),
        ("mal-forme.xml", text("<ptces>\n  <ptce>\n    <nom>A</nmo>\n  </ptce>\n</ptces>\n")),
        ("mal-forme.json", text("[\n  {\"nom\": \"A\"},\n  {\"nom\" \"B\"}\n]\n")),
        ("virgule.json", text("[\n  {\"nom\": \"A\",}\n]\n")),
        ("nombres.json", text("[1, 2]\n")),
        ("nul.csv", text("nom,commune\nA,Fig\0eac\n")),
        ("nul.txt", text("Nom : A\nCommune : Fig\0eac\n")),
        ("pdf.xlsx", text("%PDF-1.7\n%\u{e2}\n1 0 obj\n")),
        ("prose.json", text("Bonjour,\n\nNos fiches suivront : merci de votre patience.\n")),
        ("prose.txt", text("Bonjour,\n\nNos fiches suivront : merci de votre patience.\n")),
        ("sans-entete.csv", text("1,2,3\n4,5,6\n")),
        ("sans-entete.xlsx", workbook(&[&["1", "2"], &["3", "4"]])),
        ("tables-cle.zip", tables(&[("ptce.csv", "nom\nA\n"), ("contacts.csv", "cle_ptce,nom\n1,B\n")])),
        ("tables-coupe.zip", tables(&[("ptce.csv", "cle_ptce,nom\n1,A\n")])[..60].to_vec()),
        ("tables-intrus.zip", tables(&[("ptce.csv", "cle_ptce,nom\n1,A\n"), ("notes.txt", "à relire")])),
        ("tables-ligne.zip", tables(&[("ptce.csv", "cle_ptce,nom\n1,A\n"), ("contacts.csv", "cle_ptce,nom\n,B\n")])),
        (
            "tables-orphelin.zip",
            tables(&[("ptce.csv", "cle_ptce,nom\n1,A\n"), ("contacts.csv", "cle_ptce,nom\n7,B\n")]),
        ),
        ("tables-sans-ptce.zip", tables(&[("contacts.csv", "cle_ptce,nom\n1,B\n")])),
        ("trop-de-cellules.csv", text("nom,commune\nA,Figeac,46\nB,Lens,62\n")),
        ("vide.csv", vec![]),
        ("vide.json", vec![]),
        ("vide.ndjson", vec![]),
        ("vide.txt", vec![]),
        ("vide.xlsx", vec![]),
        ("vide.xml", vec![]),
        ("vide-liste.json", text("[]")),
        ("vide-racine.xml", text("<ptces></ptces>")),
        ("zip.xlsx", text("PK\u{3}\u{4} ceci n’est pas un classeur")),
    ];
    bad.extend(crate::hostile::files());
    bad
}

fn workbook(rows: &[&[&str]]) -> Vec<u8> {
    let mut book = rust_xlsxwriter::Workbook::new();
    let sheet = book.add_worksheet();
    for (row, cells) in rows.iter().enumerate() {
        for (column, text) in cells.iter().enumerate() {
            sheet.write_string(row as u32, column as u16, *text).unwrap();
        }
    }
    book.save_to_buffer().unwrap()
}

fn wide_workbook() -> Vec<u8> {
    let names = vec!["nom"; 16_000];
    workbook(&[&names, &["A"]])
}

#[test]
fn each_is_told_in_one_line_and_leaves_nothing() {
    let folder = folder(&[]);
    let mut names = vec!["absent.csv", "dossier.csv"];
    std::fs::create_dir(folder.path().join("dossier.csv")).unwrap();
    let files = bad();
    for (name, bytes) in &files {
        std::fs::write(folder.path().join(name), bytes).unwrap();
        names.push(name);
    }
    names.sort_unstable();
    let before = names_in(folder.path());
    let mut messages = String::new();
    for name in names {
        for language in ["fr", "en"] {
            let mut told = Vec::new();
            let all = [
                vec!["validate", name],
                vec!["validate", name, "--format", "json", "-o", "rapport.json"],
                vec!["inspect", name],
                vec!["convert", name, "-o", "sortie.json"],
                vec!["convert", name, "--to", "xlsx"],
                vec!["convert", name, "--to", "open-data", "-o", "publication"],
            ];
            // All commands in one language; in the other, it is only the words that change.
            let asked = if language == "fr" { all.len() } else { 1 };
            for arguments in &all[..asked] {
                let ran = ran(ptce().current_dir(folder.path()).args(arguments).args(["--lang", language]));
                assert_eq!((ran.code, ran.stdout.as_str()), (2, ""), "{arguments:?}: {}", ran.stderr);
                assert_eq!(ran.stderr.lines().count(), 1, "{arguments:?}: {}", ran.stderr);
                assert!(ran.stderr.contains(name), "{arguments:?}: {}", ran.stderr);
                told.push(ran.stderr);
            }
            assert!(told.iter().all(|line| *line == told[0]), "{name}: {told:#?}");
            messages.push_str(&told[0]);
        }
    }
    assert_eq!(names_in(folder.path()), before, "something was left behind");
    insta::assert_snapshot!(messages);
}

const NAMES: &[&str] =
    &["x.csv", "x.xlsx", "x.xls", "x.xlsb", "x.ods", "x.xml", "x.json", "x.ndjson", "x.txt", "x", "-"];

/// Pieces that lead a parser far into its code.
const PIECES: &[&[u8]] = &[
    b"PK\x03\x04",
    b"<",
    b"</",
    b"<ptces>",
    b"<ptce>",
    b"</ptce>",
    b"<nom>",
    b"A",
    b"</nom>",
    b"<contacts>",
    b"<contact>",
    b"<?xml version=\"1.0\" encoding=\"utf-16\"?>",
    b"<?xml version=\"1.0\" encoding=\"latin1\"?>",
    b"<![CDATA[",
    b"]]>",
    b"&",
    b"&#0;",
    b"&#x110000;",
    b"&amp;",
    b"<!--",
    b"-->",
    b"{",
    b"}",
    b"[",
    b"]",
    b"\"nom\"",
    b":",
    b",",
    b"\"",
    b"\\u",
    b"\\ud800",
    b"1e999",
    b"-",
    b"null",
    b"true",
    b"\n",
    b"\r\n",
    b"\r",
    b"\t",
    b";",
    b"|",
    b" ",
    b"\0",
    b"\xEF\xBB\xBF",
    b"\xFF\xFE",
    b"\xFE\xFF",
    b"\xE9",
    b"\xC3",
    b"\xC3\xA9",
    b"nom,commune\n",
    b"Nom;CP\r\n",
    b"Nom : ",
    b"Contact\n\n",
    b"Partenaires :\n",
    "Bretagne\n\n\nThématique : é\n".as_bytes(),
    b"- ",
    b"(",
    b"), ",
    b"a@example.org ",
    b"0199001234",
    b"**",
    b"\x0C",
    b" et la ",
    b"contact_2_courriel",
    b"contact_65535_nom",
    b"contact_0_nom",
    b"_rels/.rels",
    b"xl/workbook.xml",
];

proptest! {
    #![proptest_config(ProptestConfig { cases: 128, ..ProptestConfig::default() })]

    #[test]
    fn any_bytes_give_records_or_an_error(name in select(NAMES), bytes in vec(any::<u8>(), 0..400)) {
        let _ = read_with(name, &bytes, &Settings::default());
    }

    #[test]
    fn any_pieces_give_records_or_an_error(name in select(NAMES), pieces in vec(select(PIECES), 0..40)) {
        let _ = read_with(name, &pieces.concat(), &Settings::default());
    }

    #[test]
    fn damaged_samples_give_records_or_an_error(
        name in select(&["conforme.csv", "conforme.xlsx", "conforme.xls", "conforme.ods", "conforme.json", "laureats-2014.xml", "laureats-2014.ndjson", "fiches.txt"][..]),
        damage in vec((any::<prop::sample::Index>(), any::<u8>()), 1..8),
        cut in option_of_index(),
    ) {
        let mut bytes = sample(name);
        for (at, byte) in damage {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        if let Some(cut) = cut {
            bytes.truncate(cut.index(bytes.len()));
        }
        let _ = read_with(name, &bytes, &Settings::default());
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 128, ..ProptestConfig::default() })]

    /// Damage within the parts of a workbook, which no checksum of the archive gives away.
    #[test]
    fn damaged_parts_give_records_or_an_error(
        name in select(&["x.xlsx", "x.ods", "x.xlsb"][..]),
        damage in vec((any::<prop::sample::Index>(), any::<prop::sample::Index>(), select(PIECES)), 1..6),
        cut in option_of_index(),
    ) {
        let mut files = crate::support::archived(&crate::legacy::small(name));
        for (file, at, piece) in damage {
            let (_, content) = file.get(&files);
            let mut content = content.clone();
            let at = at.index(content.len());
            let end = content.len().min(at + piece.len());
            content.splice(at..end, piece.iter().copied());
            let rank = file.index(files.len());
            files[rank].1 = content;
        }
        if let Some(cut) = cut {
            let content = &mut files.last_mut().unwrap().1;
            content.truncate(cut.index(content.len()));
        }
        let _ = read_with(name, &crate::support::archive(&files), &Settings::default());
    }

    #[test]
    fn damaged_xls_gives_records_or_an_error(
        damage in vec((any::<prop::sample::Index>(), any::<u8>()), 1..20),
    ) {
        let mut bytes = crate::legacy::small("x.xls");
        for (at, byte) in damage {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        let _ = read_with("x.xls", &bytes, &Settings::default());
    }
}

fn option_of_index() -> impl Strategy<Value = Option<prop::sample::Index>> {
    proptest::option::weighted(0.3, any::<prop::sample::Index>())
}

/// Rows without any value are no records: a file of nothing else is as empty as one that ends at its header.
#[test]
fn a_table_of_blank_rows_is_empty() {
    let folder = folder(&[("blanc.csv", b"nom,commune\n,\n,\n")]);
    let ran = ran(ptce().current_dir(folder.path()).args(["validate", "blanc.csv"]));
    assert_eq!((ran.code, ran.stdout.as_str()), (2, ""));
}

/// A file that stops in the middle of a name is cut short; no colon would help it.
#[test]
fn json_cut_in_a_name_is_cut_short() {
    for text in ["[{\"nom\"", "[{\"nom\": \"A\", \"com", "[{\"nom\":", "[{\"nom\": \"A\"", "[{", "["] {
        let error = read_with("coupe.json", text.as_bytes(), &Settings::default()).map(|_| ()).unwrap_err();
        assert!(error.to_string().contains("cut short"), "{text}: {error}");
    }
}
