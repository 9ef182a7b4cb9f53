//! What `ptce convert` writes.

use std::path::Path;

use sha2::{Digest, Sha256};

use ptce::row::Format;

use crate::support::{archive_view, exported, files_in, names_in, ptce, ran, records, root, sample, workbook_view};

fn conforming(format: Format) -> String {
    String::from_utf8(exported(format, "PTCE", &records("conforme"))).unwrap()
}

#[test]
fn json() {
    insta::assert_snapshot!(conforming(Format::Json));
}

#[test]
fn ndjson() {
    insta::assert_snapshot!(conforming(Format::Ndjson));
}

#[test]
fn csv() {
    insta::assert_snapshot!(conforming(Format::Csv));
}

#[test]
fn xml() {
    insta::assert_snapshot!(conforming(Format::Xml));
}

#[test]
fn xlsx() {
    insta::assert_snapshot!(workbook_view(&exported(Format::Xlsx, "PTCE", &records("conforme"))));
}

#[test]
fn tables() {
    insta::assert_snapshot!(archive_view(&exported(Format::Tables, "PTCE", &records("conforme"))));
}

/// The command writes what the library writes: the records of the sample have their origin already.
#[test]
fn the_command_converts_from_and_to_every_format() {
    let folder = tempfile::tempdir().unwrap();
    for from in ["json", "csv", "xlsx"] {
        for to in crate::support::FORMATS {
            let out = folder.path().join(format!("sortie.{}", to.extension()));
            let source = root().join(format!("samples/conforme.{from}"));
            let ran = ran(ptce().arg("convert").arg(&source).arg("-o").arg(&out));
            assert_eq!((ran.code, ran.stdout.as_str()), (0, ""), "{from} {to:?}: {}", ran.stderr);
            assert!(std::fs::read(&out).unwrap() == exported(to, "PTCE", &records("conforme")), "{from} to {to:?}");
        }
    }
    assert_eq!(names_in(folder.path()).len(), 6);
}

/// What Excel needs to open a CSV file by a double click, and what it must not run.
#[test]
fn csv_for_a_french_excel() {
    let source = r#"[{"nom":"=1+1; \"été\"","emploi":{"etp":12.5,"salaries":-3},"contacts":[{"telephone":"+33 1 99 00 12 34"}]}]"#;
    let folder = crate::support::folder(&[("a.json", source.as_bytes())]);
    let run = |out: &str, more: &[&str]| {
        ran(ptce().current_dir(folder.path()).args(["convert", "a.json", "-q", "-o", out]).args(more))
    };
    assert_eq!(run("a.csv", &["--csv-for-excel"]).code, 0);
    let text = std::fs::read_to_string(folder.path().join("a.csv")).unwrap();
    assert_eq!(
        text,
        "\u{feff}nom;contact_1_telephone;emploi_etp;emploi_salaries;source_fichier;source_ligne\r\n\
         \"'=1+1; \"\"été\"\"\";+33 1 99 00 12 34;12,5;-3;a.json;1\r\n"
    );
    let back = ran(ptce().current_dir(folder.path()).args(["convert", "a.csv", "-q", "--to", "ndjson"]));
    assert!(back.stdout.starts_with(r#"{"nom":"=1+1; \"été\"","#), "{}", back.stdout);
    assert!(back.stdout.contains(r#""etp":12.5,"salaries":-3"#), "{}", back.stdout);
    let refused = run("a.xlsx", &["--csv-for-excel", "--lang", "fr"]);
    assert_eq!((refused.code, refused.stderr.lines().count()), (2, 1));
    insta::assert_snapshot!(refused.stderr);
}

/// A record whose source gives no origin gets that of the file.
#[test]
fn the_origin_is_filled_in() {
    let folder = crate::support::folder(&[("liste.csv", b"nom\nA\nB\n")]);
    let ran = ran(ptce().current_dir(folder.path()).args(["convert", "liste.csv", "--to", "ndjson"]));
    assert_eq!(
        ran.stdout,
        "{\"nom\":\"A\",\"source\":{\"fichier\":\"liste.csv\",\"ligne\":2}}\n\
         {\"nom\":\"B\",\"source\":{\"fichier\":\"liste.csv\",\"ligne\":3}}\n"
    );
}

/// What no field can take goes along.
#[test]
fn nothing_is_dropped() {
    let source = "nom,statut,couleur,etp,nom du pôle\nA,association,vert,une douzaine,B\n";
    let folder = crate::support::folder(&[("liste.csv", source.as_bytes())]);
    let ran = ran(ptce().current_dir(folder.path()).args(["convert", "liste.csv", "--to", "ndjson", "-q"]));
    for value in ["association", "vert", "une douzaine", "\"B\""] {
        assert!(ran.stdout.contains(value), "{value}: {}", ran.stdout);
    }
    insta::assert_snapshot!(ran.stdout);
}

fn publish(folder: &Path, source: &str, more: &[&str]) -> crate::support::Ran {
    let source = root().join(source);
    ran(ptce()
        .current_dir(folder)
        .arg("convert")
        .arg(source)
        .args(["--to", "open-data", "-o", "publication"])
        .args(more))
}

#[test]
fn the_open_data_package() {
    // Three records: what stands in a snapshot is to be read.
    let laureates = serde_json::to_vec(&records("laureats-2014")[..3]).unwrap();
    let folder = crate::support::folder(&[("laureats.json", &laureates)]);
    let source = folder.path().join("laureats.json");
    let ran = publish(folder.path(), source.to_str().unwrap(), &["--keep-invalid"]);
    assert_eq!((ran.code, ran.stdout.as_str()), (0, ""), "{}", ran.stderr);
    insta::assert_snapshot!("open_data_talk", ran.stderr);
    let package = folder.path().join("publication");
    insta::assert_snapshot!("open_data_names", names_in(&package).join("\n"));
    for file in files_in(&package) {
        let name = file.file_name().unwrap().to_str().unwrap().to_owned();
        let text =
            if name.ends_with(".parquet") { parquet_view(&file) } else { std::fs::read_to_string(&file).unwrap() };
        if name == "schema.json" {
            assert!(text.as_bytes() == std::fs::read(root().join("schema/ptce.tableschema.json")).unwrap());
        } else if name != "SHA256SUMS" {
            insta::assert_snapshot!(format!("open_data_{name}"), without_drawings(&text));
        }
    }
    let sums = std::fs::read_to_string(package.join("SHA256SUMS")).unwrap();
    assert_eq!(sums.lines().count(), names_in(&package).len() - 1);
    for line in sums.lines() {
        let (sum, name) = line.split_once("  ").unwrap();
        let hash = Sha256::digest(std::fs::read(package.join(name)).unwrap());
        assert_eq!(sum, hash.iter().map(|byte| format!("{byte:02x}")).collect::<String>(), "{name}");
    }
}

/// A page without its style, its script and its map, which are long and have tests of their own.
fn without_drawings(page: &str) -> String {
    let mut text = page.to_owned();
    for element in ["style", "script", "svg"] {
        let (open, close) = (format!("<{element}"), format!("</{element}>"));
        let mut kept = String::new();
        let mut rest = text.as_str();
        while let Some((before, after)) = rest.split_once(&open) {
            kept += before;
            kept += &format!("{open}…");
            rest = after.split_once(&close).map_or("", |(_, after)| after);
            kept += &close;
        }
        text = kept + rest;
    }
    text
}

/// What the standards ask of a description is a finding, as grave as the configuration says.
#[test]
fn a_description_that_lacks_something_is_told() {
    let folder = crate::support::folder(&[
        (
            "jeu.toml",
            b"title = \"Bois\"\npublisher = \"R\xc3\xa9gion\"\nbase_url = \"https://example.org/\"\n".as_slice(),
        ),
        ("severe.toml", b"[levels]\nmissing-metadata = \"error\"\n".as_slice()),
        ("faux.toml", b"title = \"Bois\"\nupdated = \"hier\"\n".as_slice()),
    ]);
    let publish = |out: &str, more: &[&str]| {
        let source = root().join("samples/conforme.json");
        let arguments = ["--to", "open-data", "-o", out, "--lang", "fr"];
        ran(ptce().current_dir(folder.path()).arg("convert").arg(source).args(arguments).args(more))
    };
    let lenient = publish("a", &["--metadata", "jeu.toml"]);
    assert_eq!(lenient.code, 0);
    let told: Vec<&str> = lenient.stderr.lines().filter(|line| line.contains("missing-metadata")).collect();
    assert_eq!(told.len(), 1, "{}", lenient.stderr);
    assert!(told[0].starts_with("jeu.toml : ") && told[0].contains("« updated »"), "{}", told[0]);
    // What decides the exit code is told even to who wants no talk.
    let severe = publish("b", &["--metadata", "jeu.toml", "--config", "severe.toml", "--quiet"]);
    assert_eq!((severe.code, severe.stderr.lines().count()), (1, 1), "{}", severe.stderr);
    assert!(severe.stderr.contains("[missing-metadata]"));
    let wrong = publish("c", &["--metadata", "faux.toml"]);
    assert_eq!(wrong.code, 2);
    assert!(wrong.stderr.starts_with("ptce : faux.toml:2 : "), "{}", wrong.stderr);
    let catalogue = std::fs::read_to_string(folder.path().join("a/catalogue.ttl")).unwrap();
    assert!(catalogue.contains("foaf:name \"Région\"@fr"));
}

/// A Parquet file as text: its columns and their types, then its rows.
#[cfg(feature = "parquet")]
fn parquet_view(file: &Path) -> String {
    use parquet::file::reader::{FileReader, SerializedFileReader};

    let reader = SerializedFileReader::new(std::fs::File::open(file).unwrap()).unwrap();
    let mut view = String::new();
    for column in reader.metadata().file_metadata().schema_descr().columns() {
        view += &format!("{} {:?} {:?}\n", column.name(), column.physical_type(), column.logical_type_ref());
    }
    for row in reader.get_row_iter(None).unwrap() {
        view += &format!("{}\n", row.unwrap());
    }
    view
}

#[cfg(not(feature = "parquet"))]
fn parquet_view(_: &Path) -> String {
    unreachable!("no such file is made")
}

/// The published table has the columns of its schema, and each row keeps to it.
#[test]
fn the_published_table_follows_its_schema() {
    let folder = tempfile::tempdir().unwrap();
    publish(folder.path(), "samples/conforme.json", &[]);
    let package = folder.path().join("publication");
    let schema: serde_json::Value =
        serde_json::from_slice(&std::fs::read(package.join("schema.json")).unwrap()).unwrap();
    let mut reader = csv::Reader::from_path(package.join("ptce.csv")).unwrap();
    let header: Vec<String> = reader.headers().unwrap().iter().map(str::to_owned).collect();
    let fields: Vec<&str> = schema["fields"].as_array().unwrap().iter().map(|f| f["name"].as_str().unwrap()).collect();
    assert_eq!(header, fields);
    assert_eq!(reader.records().count(), 3);
}

#[test]
fn records_with_errors_are_left_out_and_named() {
    let folder = tempfile::tempdir().unwrap();
    let ran = publish(folder.path(), "samples/laureats-2014.json", &["--lang", "fr"]);
    assert_eq!((ran.code, ran.stdout.as_str()), (1, ""));
    insta::assert_snapshot!(ran.stderr.replace(&format!("{}/", root().display()), ""));
    let published = std::fs::read_to_string(folder.path().join("publication/ptce.csv")).unwrap();
    assert!(!published.contains("clemaître"));
    let rows = csv::Reader::from_reader(published.as_bytes()).records().count();
    let left_out = ran.stderr.lines().filter(|line| line.starts_with("non publiée")).count();
    assert!(left_out > 0);
    assert_eq!(rows + left_out, 23, "{}", ran.stderr);
}

/// Mailboxes of an office, as one reads them in the laureates; all others are someone's.
const OFFICES: &[&str] = &[
    "contact@la-coursive.fr",
    "contact@la-serre.org",
    "contact@ledamier-auvergne.com",
    "contact@madeingouttedor.com",
    "direction@cbe-seignanx.com",
    "direction@halage.fr",
];

#[test]
fn open_data_names_nobody() {
    let folder = tempfile::tempdir().unwrap();
    let mut people = 0;
    let mut kept = 0;
    for source in ["samples/laureats-2014.json", "samples/laureats-2014.xlsx"] {
        let ran = publish(folder.path(), source, &["--keep-invalid", "--force"]);
        assert_eq!(ran.code, 1, "{}", ran.stderr);
        for file in files_in(&folder.path().join("publication")) {
            let text = if file.extension().is_some_and(|extension| extension == "parquet") {
                parquet_view(&file)
            } else {
                std::fs::read_to_string(&file).unwrap()
            };
            let plain = text.to_lowercase();
            let digits: String =
                text.chars().filter(|c| !matches!(c, ' ' | '.' | '\u{a0}' | '\u{202f}' | '-')).collect();
            for contact in records("laureats-2014").iter().flat_map(|record| &record.contacts) {
                if let Some(name) = &contact.name {
                    assert!(!plain.contains(&name.to_lowercase()), "{}: {name}", file.display());
                    people += 1;
                }
                if let Some(email) = &contact.email {
                    let is_office = OFFICES.contains(&email.as_str());
                    assert!(is_office || !plain.contains(&email.to_lowercase()), "{}: {email}", file.display());
                    kept += usize::from(is_office && plain.contains(email.as_str()));
                }
                if let Some(phone) = &contact.phone {
                    let phone: String = phone.chars().filter(char::is_ascii_digit).collect();
                    let is_mobile = phone.starts_with("06") || phone.starts_with("07");
                    assert!(!is_mobile || !digits.contains(&phone[1..]), "{}: {phone}", file.display());
                }
            }
        }
    }
    assert!(people > 100 && kept >= OFFICES.len(), "the test must have something to look for");
}

#[test]
fn an_existing_folder_is_refused_without_force() {
    let folder = tempfile::tempdir().unwrap();
    assert_eq!(publish(folder.path(), "samples/conforme.json", &[]).code, 0);
    let before = std::fs::read(folder.path().join("publication/ptce.csv")).unwrap();
    let refused = publish(folder.path(), "samples/candidature.json", &[]);
    assert_eq!((refused.code, refused.stdout.as_str()), (2, ""));
    insta::assert_snapshot!(refused.stderr);
    assert!(std::fs::read(folder.path().join("publication/ptce.csv")).unwrap() == before);
    assert_eq!(publish(folder.path(), "samples/laureats-2014.json", &["--force", "--keep-invalid"]).code, 1);
    assert!(std::fs::read(folder.path().join("publication/ptce.csv")).unwrap() != before);
    assert!(names_in(folder.path()).iter().all(|name| name == "publication" || name == "a-verifier.csv"));
}

#[test]
fn a_folder_of_other_things_is_never_replaced() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join("publication")).unwrap();
    std::fs::write(folder.path().join("publication/these.odt"), "dix ans de travail").unwrap();
    let refused = publish(folder.path(), "samples/conforme.json", &["--force"]);
    assert_eq!(refused.code, 2);
    assert_eq!(names_in(&folder.path().join("publication")), ["these.odt"]);
}

#[test]
fn a_failure_leaves_nothing() {
    let mut bytes = sample("laureats-2014.csv");
    bytes.extend_from_slice(b"\"jamais referm");
    let folder = crate::support::folder(&[("coupe.csv", &bytes)]);
    for to in ["open-data", "json", "ndjson", "csv", "xml", "xlsx"] {
        let ran = ran(ptce().current_dir(folder.path()).args(["convert", "coupe.csv", "--to", to, "-o", "sortie"]));
        assert_eq!((ran.code, ran.stdout.as_str()), (2, ""), "{to}");
        assert_eq!(names_in(folder.path()), ["coupe.csv"], "{to}");
    }
    std::fs::write(folder.path().join("sortie.json"), "ancien").unwrap();
    let ran = ran(ptce().current_dir(folder.path()).args(["convert", "coupe.csv", "-o", "sortie.json"]));
    assert_eq!(ran.code, 2);
    assert_eq!(std::fs::read_to_string(folder.path().join("sortie.json")).unwrap(), "ancien");
}

#[test]
fn the_package_is_the_same_every_time() {
    let folder = tempfile::tempdir().unwrap();
    let mut seen: Vec<Vec<u8>> = Vec::new();
    for _ in 0..2 {
        publish(folder.path(), "samples/laureats-2014.xlsx", &["--force", "--keep-invalid"]);
        seen.push(std::fs::read(folder.path().join("publication/SHA256SUMS")).unwrap());
    }
    assert!(seen[0] == seen[1]);
}

#[test]
fn what_is_missing_is_completed_and_told() {
    let csv = "id;nom;édition;code postal;commune;région;département\n\
               a;Fabriques;2013;46100;Figeac;;\n\
               b;Laine;2025;46100;Figeac;;\n\
               c;Bois;2025;33220;;;\n\
               d;Haies;2025;46100;Figeac;Bretagne;Lot (46)\n";
    let folder = crate::support::folder(&[("envoi.csv", csv.as_bytes())]);
    let path = |name: &str| folder.path().join(name).display().to_string();
    let run = |arguments: &[&str]| {
        let mut command = crate::support::ptce();
        command.arg("convert").arg(path("envoi.csv")).args(arguments);
        let ran = crate::support::ran(&mut command);
        assert_eq!(ran.code, 0, "{}", ran.stderr);
        ran.stderr
    };
    let told = run(&["-o", &path("plain.json")]);
    assert!(!told.contains("added"), "{told}");
    let told = run(&["-o", &path("whole.json"), "--complete"]);
    let added: Vec<&str> =
        told.lines().filter_map(|line| line.split_once("envoi.csv, ")).map(|(_, line)| line).collect();
    assert_eq!(
        added,
        [
            "record 1 – Fabriques: department added: Lot (46), from 46100 Figeac",
            "record 1 – Fabriques: region added: Midi-Pyrénées, from Lot",
            "record 2 – Laine: department added: Lot (46), from 46100 Figeac",
            "record 2 – Laine: region added: Occitanie, from Lot",
        ]
    );
    let read =
        |name: &str| -> Vec<ptce::Record> { serde_json::from_slice(&std::fs::read(path(name)).unwrap()).unwrap() };
    let (plain, mut whole) = (read("plain.json"), read("whole.json"));
    assert_eq!(whole[0].region.code.as_deref(), Some("73"));
    assert_eq!(whole[1].territory.departments[0].name.as_deref(), Some("Lot"));
    // Nothing else is added, and what a record names stays.
    for record in &mut whole[..2] {
        record.region = Default::default();
        record.territory.departments.clear();
    }
    assert!(whole == plain);
    assert!(!run(&["-o", &path("quiet.json"), "--complete", "--quiet"]).contains("added"));
}
