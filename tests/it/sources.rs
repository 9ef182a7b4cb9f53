//! Folders, archives, and XML of another office's making.

use ptce::Input;

use crate::support::{archive, folder, ptce, ran, read, sample};

const ONE: &[u8] = b"nom;commune\nAteliers du Lot;Figeac\n";

#[test]
fn a_folder_and_an_archive_are_read_whole_and_in_order() {
    let place =
        folder(&[("b.csv", ONE), ("a.json", &sample("conforme.json")), ("notes.pdf", b"%PDF"), (".cache", b"x")]);
    std::fs::create_dir(place.path().join("envois")).unwrap();
    for name in ["b.csv", "a.json", "notes.pdf", ".cache"] {
        std::fs::rename(place.path().join(name), place.path().join("envois").join(name)).unwrap();
    }
    std::fs::create_dir(place.path().join("envois/c")).unwrap();
    std::fs::write(place.path().join("envois/c/d.csv"), ONE).unwrap();
    let files = [
        ("b.csv".to_owned(), ONE.to_vec()),
        ("a.json".to_owned(), sample("conforme.json")),
        ("notes.pdf".to_owned(), b"%PDF".to_vec()),
        ("__MACOSX/._b.csv".to_owned(), b"x".to_vec()),
        ("c/d.csv".to_owned(), ONE.to_vec()),
    ];
    std::fs::write(place.path().join("envois.zip"), archive(&files)).unwrap();
    for source in ["envois", "envois.zip"] {
        let ran =
            ran(ptce().current_dir(place.path()).args(["convert", source, "--to", "ndjson", "-q", "--lang", "fr"]));
        assert_eq!(ran.code, 0, "{}", ran.stderr);
        assert_eq!(ran.stderr, format!("{source}/notes.pdf\u{a0}: ce n’est pas un format de fiches, non lu\n"));
        let names: Vec<String> =
            ran.stdout.lines().map(|line| serde_json::from_str::<ptce::Record>(line).unwrap().name.unwrap()).collect();
        assert_eq!(names.len(), 5, "{names:?}");
        assert_eq!(names[3..], ["Ateliers du Lot", "Ateliers du Lot"]);
    }
    let told = ran(ptce().current_dir(place.path()).args(["validate", "envois.zip", "--format", "csv"])).stdout;
    assert!(told.contains("envois.zip/c/d.csv"), "{told}");
}

#[test]
fn every_file_given_is_accounted_for() {
    let place = folder(&[("a.csv", ONE), ("message.msg", b"x"), ("b.csv", ONE)]);
    let validate = |arguments: &[&str]| {
        let ran = ran(ptce().current_dir(place.path()).args(["validate", ".", "--lang", "fr"]).args(arguments));
        assert_eq!((ran.code, ran.stderr.as_str()), (1, ""), "{arguments:?}");
        ran.stdout
    };
    let text = validate(&[]);
    assert!(text.contains("[unread-file]") && text.contains("1 fichier donné n’est pas lu.\n"), "{text}");
    assert_eq!(validate(&["-q"]), text);
    let told =
        |answer: &str, file: &str| answer.lines().any(|line| line.contains("unread-file") && line.contains(file));
    assert!(told(&validate(&["--format", "csv"]), "message.msg"));
    let json: serde_json::Value = serde_json::from_str(&validate(&["--format", "json"])).unwrap();
    assert_eq!(json["unread"][0]["file"], "./message.msg");
    assert_eq!(json["inputs"].as_array().unwrap().len(), 2);
    assert_eq!(json["summary"]["codes"]["unread-file"], 1);
}

/// What a configuration calls an error is one for convert and for a publication too, though no record has it.
#[test]
fn an_error_of_a_file_binds_every_command() {
    let place = folder(&[
        ("in/a.csv", &sample("conforme.csv")),
        ("in/message.msg", b"x"),
        ("ptce.toml", b"[levels]\nunread-file = \"error\"\n"),
        ("m.toml", &sample("publication.toml")),
    ]);
    let code = |arguments: &[&str]| ran(ptce().current_dir(place.path()).args(arguments).args(["-q", "--lang", "fr"]));
    let strict = ["convert", "in", "--to", "ndjson", "--strict"];
    let publication = ["convert", "in", "--to", "open-data", "-o", "out", "--metadata", "m.toml", "--force"];
    for arguments in [strict.as_slice(), &publication, &["validate", "in"]] {
        let without = code(arguments);
        let bound = code(&[arguments, &["--config", "ptce.toml"]].concat());
        assert!(without.code <= bound.code && bound.code == 1, "{arguments:?}: {}", bound.stderr);
    }
    let told = code(&[publication.as_slice(), &["--config", "ptce.toml"]].concat()).stderr;
    assert!(told.contains("in/message.msg\u{a0}: Non lu"), "{told}");
}

/// What would lose records in silence is refused: two files of one name in an archive, a link that leads nowhere.
#[test]
fn nothing_of_a_folder_or_an_archive_is_left_out_in_silence() {
    // The second name is made to be the first, in both its places.
    let bytes = archive(&[("a.csv".to_owned(), ONE.to_vec()), ("b.csv".to_owned(), ONE.to_vec())]);
    let mut same = bytes.clone();
    for at in 0..same.len() {
        if same[at..].starts_with(b"b.csv") {
            same[at] = b'a';
        }
    }
    let place = folder(&[("two.zip", &bytes), ("same.zip", &same), ("in/a.csv", ONE)]);
    let validate = |name: &str| ran(ptce().current_dir(place.path()).args(["validate", name, "--lang", "fr"]));
    assert!(validate("two.zip").code < 2);
    let refused = validate("same.zip");
    assert!(refused.code == 2 && refused.stderr.contains("le même nom"), "{}", refused.stderr);
    #[cfg(unix)]
    {
        assert!(validate("in").code < 2);
        std::os::unix::fs::symlink("/nowhere/b.csv", place.path().join("in/b.csv")).unwrap();
        let refused = validate("in");
        assert!(refused.code == 2 && refused.stderr.contains("in/b.csv"), "{}", refused.stderr);
    }
}

#[test]
fn a_file_is_read_as_what_it_is_whatever_its_name() {
    let as_they_are = |name: &str, bytes: &[u8]| {
        let found = read(name, bytes);
        let codes: Vec<_> = found.findings.iter().filter(|finding| finding.code == "misnamed-file").collect();
        (found.records().len(), codes.iter().map(|finding| finding.message.clone()).collect::<Vec<_>>())
    };
    let (xlsx, json) = (sample("conforme.xlsx"), sample("conforme.json"));
    let count = as_they_are("conforme.xlsx", &xlsx);
    assert_eq!(count.1, [""; 0]);
    for (name, bytes, formats) in [
        ("envoi.xls", xlsx.as_slice(), ".xls → xlsx"),
        ("envoi.csv", &xlsx, ".csv → xlsx"),
        ("envoi.xlsx", &json, ".xlsx → json"),
        ("envoi.xml", &json, ".xml → json"),
    ] {
        let (records, told) = as_they_are(name, bytes);
        assert_eq!(records, count.0, "{name}");
        assert!(told.len() == 1 && told[0].contains(formats), "{name}: {told:?}");
    }
    for name in ["envoi.xls", "envoi.xlsx", "envoi.json", "envoi.ods", "envoi.xml"] {
        let (records, told) = as_they_are(name, ONE);
        assert_eq!((records, told.len()), (1, 1), "{name}");
    }
}

/// A mail as programs write them: a text, a table and a picture attached, another mail within it.
fn mail(text: &str, attached: &[(&str, &[u8])]) -> Vec<u8> {
    let mut mail = format!(
        "From: Jeanne <jeanne@example.org>\r\nSubject: =?utf-8?Q?Fiches_compl=C3=A9t=C3=A9es?=\r\nMIME-Version: 1.0\r\n\
         Content-Type: multipart/mixed; boundary=\"b\"\r\n\r\n--b\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n{text}\r\n"
    )
    .into_bytes();
    for (name, bytes) in attached {
        let kind = if name.ends_with(".eml") { "message/rfc822" } else { "application/octet-stream" };
        let how = if name.ends_with(".png") { "inline" } else { "attachment" };
        let head = format!("--b\r\nContent-Type: {kind}\r\nContent-Disposition: {how}; filename=\"{name}\"\r\n\r\n");
        mail.extend(head.bytes());
        mail.extend_from_slice(bytes);
        mail.extend(b"\r\n");
    }
    mail.extend(b"--b--\r\n");
    mail
}

#[test]
fn a_mail_is_read_with_what_is_attached_to_it() {
    let inner = mail("Suite.", &[("suite.csv", ONE)]);
    let whole = mail(
        "Bonjour, voici nos fiches.",
        &[("fiches.csv", ONE), ("logo.png", b"x"), ("note.pdf", b"%PDF"), ("autre.eml", &inner)],
    );
    let packed = archive(&[("envoi.eml".to_owned(), whole.clone())]);
    let place = folder(&[("d/envoi.eml", &whole), ("d/a.csv", ONE), ("envoi.zip", &packed)]);
    for (source, from, records) in [("d/envoi.eml", "d/", 2), ("d", "d/", 3), ("envoi.zip", "envoi.zip/", 2)] {
        let ran = ran(ptce().current_dir(place.path()).args(["validate", source, "--format", "json"]));
        let json: serde_json::Value = serde_json::from_str(&ran.stdout).unwrap();
        assert_eq!((ran.code, json["summary"]["records"].as_u64()), (1, Some(records)), "{source}");
        let files: Vec<&str> =
            json["inputs"].as_array().unwrap().iter().filter_map(|input| input["file"].as_str()).collect();
        let own = [format!("{from}envoi.eml/fiches.csv"), format!("{from}envoi.eml/autre.eml/suite.csv")];
        assert!(own.iter().all(|own| files.contains(&own.as_str())), "{files:?}");
        assert_eq!(json["unread"].as_array().unwrap().len(), 1, "{source}");
        assert_eq!(json["unread"][0]["file"], format!("{from}envoi.eml/note.pdf"));
    }
}

#[test]
fn records_are_read_in_the_text_of_a_mail() {
    let text = "Bonjour,\r\n\r\nNom du PTCE : Ateliers du Lot\r\nStructure porteuse : SCIC Bois\r\nCourriel : contact@example.org\r\n";
    let place = folder(&[("envoi.eml", &mail(text, &[])), ("vide.eml", &mail("Bonjour.", &[]))]);
    let convert = |file: &str| ran(ptce().current_dir(place.path()).args(["convert", file, "--to", "ndjson", "-q"]));
    let record: ptce::Record = serde_json::from_str(&convert("envoi.eml").stdout).unwrap();
    assert_eq!(record.name.as_deref(), Some("Ateliers du Lot"));
    assert_eq!(record.contacts[0].email.as_deref(), Some("contact@example.org"));
    let empty = convert("vide.eml");
    assert_eq!(empty.code, 2);
    assert!(empty.stderr.contains("vide.eml"), "{}", empty.stderr);
}

#[test]
fn a_folder_without_records_is_an_error() {
    let place = folder(&[("notes.pdf", b"%PDF")]);
    let ran = ran(ptce().current_dir(place.path()).args(["validate", "."]));
    assert_eq!((ran.code, ran.stdout.as_str()), (2, ""));
    assert!(
        ran.stderr.ends_with("ptce: .: no file is of a format that can be read; “ptce validate --help” names them\n")
    );
}

/// Another office wraps its records and speaks of itself around them: nothing of that is lost.
#[test]
fn records_of_xml_are_found_wherever_they_stand() {
    let xml = "<?xml version=\"1.0\"?>\n<e:export xmlns:e=\"urn:x\" date=\"2014-01-10\"><entete><emetteur>Chambre</emetteur></entete>\n\
               <donnees><lot><dossier numero=\"7\"><intitule>Ateliers</intitule><structurePorteuse>SCIC Bois</structurePorteuse>\
               <contact><courriel>contact@example.org</courriel></contact></dossier>\n\
               <dossier><intitule>Fabriques</intitule></dossier></lot></donnees></e:export>";
    let found = read("export.xml", xml.as_bytes());
    let records = found.records();
    let names: Vec<&str> = records.iter().filter_map(|record| record.name.as_deref()).collect();
    assert_eq!(names, ["Ateliers", "Fabriques"]);
    assert_eq!(records[0].coordinator.name.as_deref(), Some("SCIC Bois"));
    assert_eq!(records[0].contacts[0].email.as_deref(), Some("contact@example.org"));
    let outside: Vec<_> = found
        .findings
        .iter()
        .filter(|finding| finding.code == "text-outside-table")
        .map(|finding| (finding.value.as_deref().unwrap(), finding.location.line.unwrap()))
        .collect();
    assert_eq!(outside, [("2014-01-10", 2), ("Chambre", 2)]);
}

#[test]
fn the_record_path_of_xml_can_be_given() {
    let xml = "<lots><lot><nom>Lot 1</nom><region>Bretagne</region><commune>Vitré</commune>\
               <items><item><nom>Ateliers</nom></item><item><nom>Fabriques</nom></item></items></lot></lots>";
    let names = |input: Input| -> Vec<String> {
        ptce::records(vec![input]).unwrap().into_iter().filter_map(|record| record.name).collect()
    };
    let input = || Input::from_bytes("lots.xml", xml.into());
    assert_eq!(names(input()), ["Lot 1"]);
    assert_eq!(names(input().with_record_path("lots/lot/items/item")), ["Ateliers", "Fabriques"]);
    let place = folder(&[("lots.xml", xml.as_bytes())]);
    let arguments = ["convert", "lots.xml", "--record-path", "lots/lot/items/item", "--to", "ndjson", "-q"];
    let ran = ran(ptce().current_dir(place.path()).args(arguments));
    assert_eq!((ran.code, ran.stdout.lines().count()), (0, 2), "{}", ran.stderr);
}

/// One damaged file among many hides nothing of the others: one report, and an exit code that says that it is not whole.
#[test]
fn a_file_that_cannot_be_read_hides_no_other() {
    let files: &[(&str, &[u8])] =
        &[("a.csv", ONE), ("b.xlsx", b"PK\x03\x04 cut"), ("c.csv", b"nom;commune\nFabriques;Cahors\n")];
    let place = folder(files);
    let validated =
        ran(ptce().current_dir(place.path()).args(["validate", "a.csv", "b.xlsx", "c.csv", "--lang", "en"]));
    assert_eq!(validated.code, 2);
    assert!(
        validated.stdout.contains("2 records read") && validated.stdout.contains("1 file could not be read:\n  b.xlsx")
    );
    assert_eq!(validated.stderr, "", "told once, in the report");
    for arguments in [&["--format", "json"][..], &["--format", "csv"], &["-o", "report.txt"]] {
        let asked = ["validate", "a.csv", "b.xlsx", "c.csv", "--lang", "en"];
        let told = ran(ptce().current_dir(place.path()).args(asked).args(arguments));
        assert_eq!(told.stderr.matches("ptce: b.xlsx: ").count(), 1, "{arguments:?}");
    }
    std::fs::remove_file(place.path().join("report.txt")).unwrap();
    let converted = ran(ptce().current_dir(place.path()).args(["convert", ".", "-o", "all.json", "--lang", "fr"]));
    assert!(
        converted.stderr.ends_with("\u{a0}; rien n’a été écrit, pas même les autres fichiers\n"),
        "{}",
        converted.stderr
    );
    assert!(!place.path().join("all.json").exists());
    let json = ran(ptce().current_dir(place.path()).args(["validate", ".", "--format", "json"]));
    let report: serde_json::Value = serde_json::from_str(&json.stdout).unwrap();
    assert_eq!((report["inputs"].as_array().unwrap().len(), &report["unread"][0]["file"]), (2, &"./b.xlsx".into()));
    let inspected = ran(ptce().current_dir(place.path()).args(["inspect", "."]));
    assert_eq!(inspected.code, 2);
    assert!(inspected.stdout.contains("a.csv") && inspected.stdout.contains("c.csv"));
    // Alone, or with nothing else to report, it leaves no report; and a conversion is whole or not at all.
    for arguments in [&["validate", "b.xlsx"][..], &["convert", ".", "--to", "ndjson"]] {
        let refused = ran(ptce().current_dir(place.path()).args(arguments));
        assert_eq!((refused.code, refused.stdout.as_str()), (2, ""), "{arguments:?}");
    }
}

/// Whatever the declaration says, and without one: no letter is lost.
#[test]
fn the_bytes_of_xml_go_before_its_declaration() {
    let text = "<ptces><ptce><nom>Pôle étoilé de l’œuvre</nom></ptce></ptces>";
    let utf16 = |text: &str, mark: &[u8], to: fn(u16) -> [u8; 2]| -> Vec<u8> {
        mark.iter().copied().chain(text.encode_utf16().flat_map(to)).collect()
    };
    let bytes = |encoding: &'static encoding_rs::Encoding, text: &str| encoding.encode(text).0.into_owned();
    let declared = format!("<?xml version=\"1.0\" encoding=\"UTF-8\"?>{text}");
    let latin = format!("<?xml version=\"1.0\" encoding=\"windows-1252\"?>{text}");
    for (name, source, encoding) in [
        ("declared UTF-8", declared.clone().into_bytes(), "UTF-8"),
        ("declared UTF-8, is not", bytes(encoding_rs::WINDOWS_1252, &declared), "Windows-1252"),
        ("declared, is", bytes(encoding_rs::WINDOWS_1252, &latin), "Windows-1252"),
        ("not declared", bytes(encoding_rs::WINDOWS_1252, text), "Windows-1252"),
        ("an old Mac", bytes(encoding_rs::MACINTOSH, text), "Mac Roman"),
        ("a mark", utf16(text, b"\xFF\xFE", u16::to_le_bytes), "UTF-16LE"),
        ("no mark", utf16(text, b"", u16::to_le_bytes), "UTF-16LE"),
        ("a mark, the other way", utf16(text, b"\xFE\xFF", u16::to_be_bytes), "UTF-16BE"),
    ] {
        let read = read("export.xml", &source);
        assert_eq!(read.records()[0].name.as_deref(), Some("Pôle étoilé de l’œuvre"), "{name}");
        let place = folder(&[("export.xml", &source)]);
        let told = ran(ptce().current_dir(place.path()).args(["inspect", "export.xml", "--format", "json"])).stdout;
        assert!(told.contains(&format!("\"encoding\": \"{encoding}\"")), "{name}: {told}");
    }
}

/// What nobody meant to send is passed over, but not without a word to whoever wants to see how the files are understood.
#[test]
fn what_systems_leave_behind_is_named_once() {
    let files: &[(&str, &[u8])] = &[("a.csv", ONE), ("~$b.xlsx", b"lock"), (".cache", b"x")];
    let place = folder(files);
    let members = [("a.csv".to_owned(), ONE.to_vec()), ("__MACOSX/._a.csv".to_owned(), b"x".to_vec())];
    let zipped = folder(&[("envois.zip", &archive(&members))]);
    let inspect = |place: &tempfile::TempDir, source: &str| {
        ran(ptce().current_dir(place.path()).args(["inspect", source, "--lang", "fr"])).stderr
    };
    let told = "\u{a0}: laissé par le système ou par un classeur ouvert, non lu\n";
    assert_eq!(inspect(&place, "."), format!("./.cache, ./~$b.xlsx{told}"));
    assert_eq!(inspect(&zipped, "envois.zip"), format!("envois.zip/__MACOSX/._a.csv{told}"));
    let validated =
        |more: &[&str]| ran(ptce().current_dir(place.path()).args(["validate", ".", "--lang", "fr"]).args(more)).stderr;
    assert_eq!(validated(&[]), format!("./.cache, ./~$b.xlsx{told}"));
    assert_eq!(validated(&["-q"]), "");
}
