//! CSV files that do not follow the rules of CSV: what is read of them, what is told, and what must not be taken for damage.

use proptest::prelude::*;
use ptce::{Level, Record};

use crate::support::{Read, read};

fn csv(text: &str) -> Read {
    read("envoi.csv", text.as_bytes())
}

/// The values of each record: name, coordinator, summary, mailbox.
fn shown(read: &Read) -> Vec<String> {
    let of = |text: &Option<String>| text.clone().unwrap_or_default();
    let one = |record: &Record| {
        let mail: Vec<String> = record.contacts.iter().map(|contact| of(&contact.email)).collect();
        [of(&record.name), of(&record.coordinator.name), of(&record.project.summary), mail.join("+")].join(" | ")
    };
    read.records().iter().map(one).collect()
}

/// What is told of the file and its rows: the code, the level, the line, and the record if there is one.
fn told(read: &Read) -> Vec<String> {
    let codes = ["mended-row", "uneven-row", "swallowed-rows", "text-outside-table"];
    let of_rows = read.findings.iter().filter(|finding| codes.contains(&finding.code));
    of_rows
        .map(|finding| {
            let record = finding.record.as_ref().map_or(0, |record| record.index);
            let line = finding.location.line.unwrap_or_default();
            format!("{} {} {line} {record}", finding.code, finding.level.name())
        })
        .collect()
}

const HEADER: &str = "nom;coordinateur;résumé;courriel\n";
const TWO: [&str; 2] = ["Pôle A | Roue A | Bois | a@example.org", "Pôle B | Roue B | Laine | b@example.org"];

/// Each row is read as a careful person would, and told.
#[test]
fn damaged_rows_are_mended_where_one_reading_is_certain() {
    for (kind, rows, second, told_as) in [
        (
            "a quote that nothing closes",
            "Pôle A;Roue A;Bois;a@example.org\nPôle B;Roue B;\"Laine;b@example.org\n",
            "Laine",
            "mended-row warning 3 2",
        ),
        (
            "a quote too many before a quoted cell",
            "Pôle A;Roue A;Bois;a@example.org\nPôle B;Roue B;\"\"Laine ; feutre\";b@example.org\n",
            "\"Laine ; feutre",
            "mended-row warning 3 2",
        ),
        (
            "quotes within a quoted cell",
            "Pôle A;Roue A;Bois;a@example.org\nPôle B;Roue B;\"La \"laine\" ; le feutre\";b@example.org\n",
            "La \"laine\" ; le feutre",
            "mended-row warning 3 2",
        ),
        (
            "quotes behind a backslash",
            "Pôle A;Roue A;Bois;a@example.org\nPôle B;Roue B;\"La \\\"laine\\\" ; le feutre\";b@example.org\n",
            "La \"laine\" ; le feutre",
            "",
        ),
        (
            "a blank cell too many",
            "Pôle A;Roue A;Bois;a@example.org\nPôle B;Roue B;;Laine;b@example.org\n",
            "Laine",
            "mended-row warning 3 2",
        ),
        (
            "a text with delimiters",
            "Pôle A;Roue A;Bois;a@example.org\nPôle B;Roue B;Laine ; feutre;b@example.org\n",
            "Laine ; feutre",
            "mended-row warning 3 2",
        ),
        (
            "a line quoted as a whole",
            "Pôle A;Roue A;Bois;a@example.org\n\"Pôle B;Roue B;Laine;b@example.org\"\n",
            "Laine",
            "mended-row info 3 0",
        ),
        (
            "another delimiter",
            "Pôle A;Roue A;Bois;a@example.org\nPôle B,Roue B,\"Laine, feutre\",b@example.org\n",
            "Laine, feutre",
            "mended-row info 3 0",
        ),
        (
            "a line break within a cell",
            "Pôle A;Roue A;Bois;a@example.org\nPôle B;Roue B;La\nine;b@example.org\n",
            "La\nine",
            "mended-row warning 3 2",
        ),
        (
            "a byte order mark before a line",
            "Pôle A;Roue A;Bois;a@example.org\n\u{feff}\"Pôle B\";Roue B;Laine;b@example.org\n",
            "Laine",
            "",
        ),
        (
            "a quote behind a blank",
            "Pôle A;Roue A;Bois;a@example.org\nPôle B; Roue B; \"Laine ; feutre\" ; b@example.org\n",
            "Laine ; feutre",
            "",
        ),
    ] {
        for end in ["\n", "\r\n"] {
            let read = csv(&format!("{HEADER}{rows}").replace('\n', end));
            let mended = format!("Pôle B | Roue B | {second} | b@example.org");
            let lines: Vec<String> = shown(&read).iter().map(|line| line.replace("\r\n", "\n")).collect();
            assert_eq!(lines, [TWO[0], &mended], "{kind}");
            assert_eq!(told(&read).join(", "), told_as, "{kind}");
        }
    }
}

/// Two stray quotes, however far apart: every record between them is there.
#[test]
fn stray_quotes_swallow_nothing() {
    for between in [1, 48, 3_000] {
        let mut text = HEADER.to_owned() + "Pôle A;Roue;\"Ensemble;a@example.org\n";
        for rank in 0..between {
            text.push_str(&format!("Pôle {rank};Roue;Bois;contact{rank}@example.org\n"));
        }
        text.push_str("Pôle Z;Roue;\"Partage;z@example.org\nPôle fin;Roue;Paille;fin@example.org\n");
        let read = csv(&text);
        assert_eq!(read.records().len(), between + 3);
        assert_eq!(read.records()[between + 2].project.summary.as_deref(), Some("Paille"));
        assert_eq!(told(&read).len(), 2, "{:?}", told(&read));
    }
    // The quotes close each other as the rules want it: the mailboxes tell that these are rows.
    let closed = format!(
        "{HEADER}\"Pôle A;Roue;Bois;a@example.org\nPôle B;Roue;Laine;b@example.org\nPôle C\";Roue;Paille;c@example.org\n"
    );
    let read = csv(&closed);
    assert_eq!(read.records().len(), 3);
    // Where no column tells, the cell is read as the rules want it, and told.
    let read = csv("nom;coordinateur;résumé\n\"Pôle A;Roue;Bois\nPôle B;Roue;Laine\nPôle C\";Roue;Paille\n");
    assert_eq!((read.records().len(), told(&read)), (1, vec!["swallowed-rows warning 2 1".to_owned()]));
    // A list of which each element ends in a delimiter is a text.
    let read = csv("nom;objectifs;thématiques\nPôle A;\"- former ;\n- insérer ;\";Bois\n");
    assert_eq!((read.records().len(), told(&read)), (1, Vec::<String>::new()));
    // In the header, where they would hide the first records.
    let read = csv(
        "nom;coordinateur;\"résumé;courriel\nPôle A;Roue A;Bois;a@example.org\nPôle B;Roue B;\"Laine\";b@example.org\n",
    );
    assert_eq!(shown(&read), TWO);
}

/// What a text may hold is no damage.
#[test]
fn sound_texts_are_left_alone() {
    for summary in [
        "Dit \"oui\"",
        "Relier ; former\nbâtir ; accueillir",
        "a;b;c\nd;e",
        "Pôle X;Roue X;Bois\nPôle Y;Roue Y;Laine",
        "12\" de large",
        "C:\\pôle\\",
        "L'atelier 'bois'",
        "'entre apostrophes'",
        "'05000",
        "une ligne\n\nune autre",
        "un | deux, trois",
    ] {
        let quoted = summary.replace('"', "\"\"");
        let text = format!("{HEADER}Pôle A;Roue A;\"{quoted}\";a@example.org\n{}\n", TWO[1].replace(" | ", ";"));
        let read = csv(&text);
        assert_eq!(shown(&read), [format!("Pôle A | Roue A | {summary} | a@example.org").as_str(), TWO[1]]);
        assert_eq!(told(&read), Vec::<String>::new(), "{summary}");
    }
}

/// « r&eacute;emploi » is one word, « R&D;bois » are two.
#[test]
fn codes_of_letters_part_no_values() {
    let themes = |text: &str| {
        csv(&format!("nom;coordinateur;thématiques\nPôle A;Roue A;\"{text}\"\n")).records()[0].themes.clone()
    };
    assert_eq!(themes("r&eacute;emploi;bois"), ["r&eacute;emploi", "bois"]);
    assert_eq!(themes("m&#233;tal|laine &amp; lin"), ["m&#233;tal", "laine &amp; lin"]);
    assert_eq!(themes("R&D;bois"), ["R&D", "bois"]);
}

/// The apostrophe that keeps a spreadsheet from counting a code is no part of it; that of a name is.
#[test]
fn codes_behind_an_apostrophe_are_read() {
    let read = csv("nom;coordinateur;département;siret;téléphone;site;code postal;commune\n\
         'Pôle A;Roue A;'46;'99916408000015;'0199001234;'https://www.example.org;'46100;Figeac\n");
    let record = &read.records()[0];
    assert_eq!(record.name.as_deref(), Some("'Pôle A"));
    assert_eq!(record.territory.departments[0].code.as_deref(), Some("46"));
    assert_eq!(record.coordinator.siret.as_deref(), Some("99916408000015"));
    assert_eq!(record.contacts[0].phone.as_deref(), Some("0199001234"));
    assert_eq!(record.website.as_deref(), Some("https://www.example.org"));
    assert_eq!(record.address.postal_code.as_deref(), Some("46100"));
}

/// « 12.500,50 » tells what the full stop of « 95.000 » is in the same column; nothing tells it of « 1.500 » alone.
#[test]
fn the_rest_of_a_column_tells_what_its_marks_are() {
    let read_in = |format: &str, values: &[&str]| match format {
        "csv" => {
            let rows: String = values.iter().map(|value| format!("Pôle;Roue;{value}\n")).collect();
            csv(&format!("nom;coordinateur;montant\n{rows}"))
        }
        "json" => {
            let record = |value| serde_json::json!({ "nom": "Pôle", "coordinateur": "Roue", "montant": value });
            read("envoi.json", serde_json::Value::Array(values.iter().map(record).collect()).to_string().as_bytes())
        }
        _ => {
            let mut book = rust_xlsxwriter::Workbook::new();
            let sheet = book.add_worksheet();
            for (row, cells) in
                (0..).zip([["nom", "montant"]].into_iter().chain(values.iter().map(|one| ["Pôle", one])))
            {
                sheet.write_string(row, 0, cells[0]).unwrap();
                sheet.write_string(row, 1, cells[1]).unwrap();
            }
            read("envoi.xlsx", &book.save_to_buffer().unwrap())
        }
    };
    let amounts_in = |format: &str, values: &[&str]| {
        let read = read_in(format, values);
        let amount = |record: &Record| record.call.amount.as_ref().map_or("?".to_owned(), ToString::to_string);
        let ambiguous = read.findings.iter().filter(|finding| finding.code == "ambiguous-value").count();
        (read.records().iter().map(amount).collect::<Vec<_>>().join(" "), ambiguous)
    };
    let amounts = |values: &[&str]| amounts_in("csv", values);
    // Whatever the format, and wherever it stands among the rows that are known with their header.
    let mut late = vec!["95.000"; 23];
    late.push("12.500,50");
    for format in ["csv", "json", "xlsx"] {
        let (read, ambiguous) = amounts_in(format, &late);
        assert_eq!((read.matches("95000").count(), ambiguous), (23, 0), "{format}: {read}");
        late.insert(0, "95.000");
        let (read, ambiguous) = amounts_in(format, &late);
        assert_eq!((read.matches("95000").count(), ambiguous), (0, 24), "{format}: {read}");
        late.remove(0);
    }
    assert_eq!(amounts(&["95.000", "12.500,50", "1.500 €"]), ("95000 12500.5 1500".to_owned(), 0));
    assert_eq!(amounts(&["95,000", "1,250,000"]), ("95000 1250000".to_owned(), 0));
    assert_eq!(amounts(&["95.000", "1500"]), ("? 1500".to_owned(), 1));
    assert_eq!(amounts(&["95.000", "12.5", "1.250.000"]), ("? 12.5 1250000".to_owned(), 1));
}

/// A row that no reading explains is set aside; all such rows are told, and the others are read.
#[test]
fn a_row_that_cannot_be_read_hides_no_other() {
    let text = format!(
        "{HEADER}Pôle A;Roue A;Bois;a@example.org\nPôle X;x;y;z;t;u\nPôle Y;;x;y;z\n{}\n",
        TWO[1].replace(" | ", ";")
    );
    let read = csv(&text);
    assert_eq!(shown(&read), TWO);
    assert_eq!(told(&read), ["uneven-row error 3 0", "uneven-row error 4 0"]);
    let values: Vec<_> = read.findings.iter().filter(|finding| finding.code == "uneven-row").collect();
    assert_eq!(values[0].value.as_deref(), Some("Pôle X;x;y;z;t;u"));
    assert!(values.iter().all(|finding| finding.level == Level::Error));
}

/// Cells behind the last column are kept; rows that are shorter are read and told together.
#[test]
fn longer_and_shorter_rows_are_told() {
    let read = csv(&format!("{HEADER}Pôle A;Roue A;Bois;a@example.org;à vérifier\n{}\n", TWO[1].replace(" | ", ";")));
    assert_eq!(shown(&read), TWO);
    assert_eq!(told(&read), ["uneven-row warning 2 1"]);
    let others = &read.records()[0].source.others;
    assert_eq!(others[0].value.as_deref(), Some("à vérifier"));

    let rows = "Pôle A;Roue A;Bois;a@example.org\nPôle C;Roue C\nPôle D;Roue D\nPôle E;Roue E;Pain;e@example.org\n";
    let read = csv(&format!("{HEADER}{rows}"));
    assert_eq!(read.records().len(), 4);
    assert_eq!(told(&read), ["uneven-row warning 3 0"]);
    let message = &read.findings.iter().find(|finding| finding.code == "uneven-row").unwrap().message;
    assert!(message.contains("3–4"), "{message}");
    // Last columns that no record fills are none of the rows' faults.
    let read = csv(&format!("{HEADER}Pôle A;Roue A\nPôle B;Roue B\nPôle C;Roue C\n"));
    assert_eq!((read.records().len(), told(&read)), (3, Vec::new()));
    // A delimiter is missing: what is behind it stands where it belongs.
    let read = csv("nom;coordinateur;code postal;commune;courriel\nPôle A;Roue A;46100;Figeac;a@example.org\n\
                    Pôle BRoue B;05000;Gap;b@example.org\n");
    let second = &read.records()[1];
    assert_eq!(second.address.postal_code.as_deref(), Some("05000"));
    assert_eq!(told(&read), ["mended-row warning 3 2"]);
}

/// The header has a delimiter too many, or too few.
#[test]
fn a_header_that_does_not_fit_its_rows_is_mended() {
    let rows = "Pôle A;Roue A;Bois;a@example.org\nPôle B;Roue B;Laine;b@example.org\n";
    for header in ["nom;coordinateur;;résumé;courriel", "Nom;CoordinateurRésumé;Courriel"] {
        let read = csv(&format!("{header}\n{rows}"));
        assert_eq!(shown(&read), TWO, "{header}");
        assert_eq!(told(&read), ["mended-row warning 1 0"], "{header}");
    }
    // The columns that a header leaves without a name are no fault of it.
    let read = csv("nom;coordinateur;;courriel\nPôle A;Roue A;x;a@example.org\nPôle B;Roue B;y;b@example.org\n");
    assert_eq!(told(&read), Vec::<String>::new());
}

/// Whole files in another dialect.
#[test]
fn other_dialects_are_read() {
    let expected = [
        "Pôle A | L'atelier | Bois, paille | a@example.org",
        "Pôle B | Coop d'Yeu | Laine, \"feutre\" | b@example.org",
    ];
    for text in [
        "nom, coordinateur, résumé, courriel\nPôle A, L'atelier, \"Bois, paille\", a@example.org\nPôle B, Coop d'Yeu, \
         \"Laine, \"\"feutre\"\"\", b@example.org\n",
        "'nom','coordinateur','résumé','courriel'\n'Pôle A','L''atelier','Bois, paille','a@example.org'\n'Pôle B','Coop \
         d''Yeu','Laine, \"feutre\"','b@example.org'\n",
        "nom;coordinateur;résumé;courriel\n'Pôle A;'L'atelier;'Bois, paille;'a@example.org\n'Pôle B;'Coop d'Yeu;'Laine, \
         \"feutre\";'b@example.org\n",
        "nom||coordinateur||résumé||courriel\nPôle A||L'atelier||Bois, paille||a@example.org\nPôle B||Coop d'Yeu||Laine, \
         \"feutre\"||b@example.org\n",
    ] {
        assert_eq!(shown(&csv(text)), expected, "{text}");
    }
    // A comma without a blank is none of these delimiters.
    let read = csv("nom, montant, courriel\nPôle A, 12,5, a@example.org\nPôle B, 7,25, b@example.org\n");
    assert_eq!(shown(&read)[1], "Pôle B |  |  | b@example.org");
    assert_eq!(told(&read), Vec::<String>::new());
}

/// Carriage returns end lines as line feeds do, wherever they stand but in quotes.
#[test]
fn line_ends_may_differ() {
    for text in [
        "nom;coordinateur;résumé;courriel\r\nPôle A;Roue A;Bois;a@example.org\rPôle B;Roue B;Laine;b@example.org\r\n",
        "nom;coordinateur;résumé;courriel\rPôle A;Roue A;Bois;a@example.org\rPôle B;Roue B;Laine;b@example.org\n",
    ] {
        let read = csv(text);
        assert_eq!((shown(&read), told(&read)), (TWO.map(str::to_owned).to_vec(), Vec::new()));
    }
    let read = csv("nom;coordinateur;résumé;courriel\rPôle A;Roue A;\"Bois\npaille\";a@example.org\rPôle B;;;\r");
    assert_eq!(shown(&read)[0], "Pôle A | Roue A | Bois\npaille | a@example.org");
    assert_eq!(read.entries[1].location("/nom").line, Some(4));
}

/// A second table has its own header; one that lists no PTCE, a sum and a comment are no records.
#[test]
fn what_stands_below_a_table_is_no_record() {
    let second =
        "nom;coordinateur;résumé;courriel;site web\nPôle B;Roue B;Laine;b@example.org;https://b.example.org/\n";
    for gap in ["", "\n"] {
        let read =
            csv(&format!("{HEADER}Pôle A;Roue A;Bois;a@example.org\nPôle C;Roue C;Pain;c@example.org\n{gap}{second}"));
        assert_eq!(read.records().len(), 3);
        assert_eq!(read.records()[2].website.as_deref(), Some("https://b.example.org/"));
    }
    let table =
        "nom;coordinateur;courriel;montant\nPôle A;Roue A;a@example.org;95000\nPôle B;Roue B;b@example.org;12000\n";
    for below in [
        "\nRégion;Nombre\nBretagne;6\nCorse;6\n",
        ";;;107000\n",
        ";;;#REF!\n",
        "TOTAL;;;#REF!\n",
        ";TOTAL;;#NOM?\n",
        "TOTAL;;;107 000 €\n",
        "\n2 enregistrements\n",
        "# corrigé le 3 mars\n",
        "---;---;---;---\n",
        "\nSource : enquête; 2024\n",
    ] {
        let read = csv(&format!("{table}{below}"));
        assert_eq!(read.records().len(), 2, "{below}");
        assert!(read.records()[1].themes.is_empty() && read.records()[1].source.others.is_empty(), "{below}");
        let told = told(&read);
        assert!(told.iter().all(|told| told.starts_with("text-outside-table info")), "{below}: {told:?}");
        assert!(!told.is_empty(), "{below}");
    }
    for (below, name) in [
        ("Total Énergies;Roue;c@example.org;\n", "Total Énergies"),
        ("#Solidaires;Roue;c@example.org;\n", "#Solidaires"),
        ("\nRégion;Roue;c@example.org;3\n", "Région"),
        ("-;Roue;c@example.org;3\n", "-"),
    ] {
        let read = csv(&format!("{table}{below}"));
        assert_eq!(read.records().len(), 3, "{below}");
        assert_eq!(read.records()[2].name.as_deref(), Some(name));
    }
}

proptest! {
    /// Whatever texts a table holds, its rows are those that a program wrote by the rules, and nothing is told of them.
    #[test]
    fn a_sound_table_is_read_as_it_was_written(
        cells in prop::collection::vec(prop::collection::vec("([a-dé][a-dé\"';,|\\\\ \n]{0,12})?", 3), 1..6),
        delimiter in prop::sample::select(b";,\t|".as_slice()),
    ) {
        let mut writer = csv::WriterBuilder::new().delimiter(delimiter).from_writer(Vec::new());
        writer.write_record(["nom", "projet_resume", "coordinateur_nom", "contact_1_courriel"]).unwrap();
        for (rank, row) in cells.iter().enumerate() {
            let mail = format!("m{rank}@example.org");
            writer.write_record([format!("N{rank}"), row[0].clone(), row[1].clone(), mail]).unwrap();
        }
        let read = read("envoi.csv", &writer.into_inner().unwrap());
        prop_assert_eq!(read.records().len(), cells.len());
        for (record, row) in read.records().iter().zip(&cells) {
            let summary = row[0].trim();
            prop_assert_eq!(record.project.summary.as_deref().unwrap_or_default(), summary);
        }
        let told: Vec<String> = told(&read).into_iter().filter(|told| !told.starts_with("swallowed")).collect();
        prop_assert_eq!(told, Vec::<String>::new());
    }

    /// No damage makes the program fail, nor hides what it does not touch: the last row is always read or told.
    #[test]
    fn damage_anywhere_is_survived(at in 0..180_usize, sign in prop::sample::select(vec!["\"", ";", "\r", "\\\"", "'", "\u{feff}", "\n"])) {
        let rows: Vec<String> =
            (0..4).map(|rank| format!("Pôle {rank};Roue {rank};\"Bois ; paille {rank}\";m{rank}@example.org")).collect();
        let mut text = format!("{HEADER}{}\n", rows.join("\n"));
        let at = (at..text.len()).find(|at| text.is_char_boundary(*at)).unwrap_or(text.len());
        text.insert_str(at, sign);
        let Ok(read) = crate::support::read_with("envoi.csv", text.as_bytes(), &ptce::Settings::default()) else {
            return Ok(());
        };
        let all = format!("{:?} {:?}", read.records(), read.findings);
        for rank in 0..4 {
            let mail = format!("m{rank}@");
            let is_whole = text.contains(&mail);
            prop_assert!(!is_whole || all.contains(&mail), "{text}");
        }
    }
}
