//! What a publication must never hold, and what people may decide about it.

mod written;

use std::io::Read;
use std::path::Path;

use ptce::fold::folded;
use ptce::record::{Contact, Record};

use crate::support::{Ran, files_in, folder, names_in, ptce, ran, root, run_ptce};

/// A person who exists nowhere, with a mailbox and a number that nobody has.
const PERSON: &str = "Zéphyrine Valdoré";
const MAILBOX: &str = "z.valdore@pole-bois.example.org";
const MOBILE: &str = "06 39 98 12 34";

/// Publishes records, each with the little that it must have.
fn publish(folder: &Path, records: &[Record], more: &[&str]) -> Ran {
    let mut records = records.to_vec();
    for record in &mut records {
        record.name.get_or_insert_with(|| "Pôle".to_owned());
        record.coordinator.name.get_or_insert_with(|| "Association du pôle".to_owned());
    }
    std::fs::write(folder.join("fiches.json"), serde_json::to_string(&records).unwrap()).unwrap();
    let arguments = ["convert", "fiches.json", "--to", "open-data", "-o", "jeu", "-q", "--lang", "fr"];
    ran(ptce().current_dir(folder).args(arguments).args(more))
}

/// What a reader of any file of the package sees: its words without case and accents, and its digits without blanks.
fn seen(package: &Path) -> Vec<(String, String, String)> {
    let texts = files_in(package).into_iter().map(|file| {
        let name = file.file_name().unwrap().to_str().unwrap().to_owned();
        (name, String::from_utf8_lossy(&std::fs::read(file).unwrap()).into_owned())
    });
    texts
        .map(|(name, text)| {
            let digits = text.chars().filter(|c| !matches!(c, ' ' | '.' | '-' | '\u{a0}' | '\u{202f}')).collect();
            (name, folded(&text), digits)
        })
        .collect()
}

fn assert_nobody(package: &Path) {
    for (name, words, digits) in seen(package) {
        for secret in ["zephyrine", "valdore"] {
            assert!(!words.contains(secret), "{secret} in {name}");
        }
        assert!(!digits.contains("639981234"), "the number in {name}");
    }
}

/// A record with `text` in every field that takes a text.
fn filled(text: &str) -> Record {
    let mut record = serde_json::json!({});
    for field in ptce::field::fields() {
        let mut place = &mut record;
        let steps: Vec<&str> = field.pointer.split('/').skip(1).collect();
        let node = ptce::schema::root().at(field.pointer).unwrap();
        let item = node.items().unwrap_or(node);
        if item.text("type") != "string" {
            continue;
        }
        let is_list = node.items().is_some();
        for step in steps {
            if step == "*" {
                if !place.is_array() {
                    *place = serde_json::json!([{}]);
                }
                place = &mut place[0];
            } else {
                place = &mut place[step];
            }
        }
        *place = if is_list { serde_json::json!([text]) } else { text.into() };
    }
    serde_json::from_value(record).unwrap()
}

#[test]
fn a_person_in_any_field_is_in_no_byte() {
    let place = folder(&[]);
    let text = format!("Suivi par Mme {PERSON} ({MAILBOX}, {MOBILE}).");
    let mut with_contact = filled(&text);
    with_contact.contacts = vec![Contact {
        name: Some(PERSON.to_owned()),
        role: Some("présidente".to_owned()),
        email: Some(MAILBOX.to_owned()),
        phone: Some(MOBILE.to_owned()),
    }];
    let records = [filled(&text), with_contact];
    // Its codes are none: they stand among the records to correct.
    let ran = publish(place.path(), &records, &["--keep-invalid"]);
    assert_eq!((ran.code, ran.stdout.as_str()), (1, ""), "{}", ran.stderr);
    assert_nobody(&place.path().join("jeu"));
    let counts = std::fs::read_to_string(place.path().join("jeu/occultations.json")).unwrap();
    let counts: serde_json::Value = serde_json::from_str(&counts).unwrap();
    let fields: Vec<&str> =
        counts["retraits"].as_array().unwrap().iter().map(|row| row["champ"].as_str().unwrap()).collect();
    for field in ["/contacts/*/nom", "/projet/resume", "/partenaires/*/note", "/calendrier", "/source/autres", "/id"] {
        assert!(fields.contains(&field), "{field}: {fields:?}");
    }
}

/// A contact of one record is named in another one, with no title before the name.
#[test]
fn a_person_of_one_record_is_not_told_by_another() {
    let place = folder(&[]);
    let contact = Contact { name: Some(PERSON.to_owned()), ..Contact::default() };
    let mut other = Record { name: Some("Autre pôle".to_owned()), ..Record::default() };
    other.project.summary = Some(format!("Un projet de VALDORÉ Zéphyrine, tél. {MOBILE}."));
    other.website = Some("https://zephyrine-valdore.example.org".to_owned());
    let records = [Record { name: Some("Pôle".to_owned()), contacts: vec![contact], ..Record::default() }, other];
    assert_eq!(publish(place.path(), &records, &[]).code, 0);
    assert_nobody(&place.path().join("jeu"));
    let table = std::fs::read_to_string(place.path().join("jeu/ptce.csv")).unwrap();
    assert!(table.contains("Un projet de [donnée personnelle retirée], tél. [donnée personnelle retirée]."), "{table}");
}

fn contacts() -> Vec<Record> {
    let contact = |name: &str, email: &str| Contact {
        name: Some(name.to_owned()),
        email: Some(email.to_owned()),
        phone: Some(MOBILE.to_owned()),
        ..Contact::default()
    };
    let mut record = Record {
        name: Some("Pôle bois".to_owned()),
        contacts: vec![contact(PERSON, MAILBOX), contact("Ambre Quintal", "a.quintal@pole-bois.example.org")],
        ..Record::default()
    };
    record.coordinator.name = Some("Association du pôle".to_owned());
    vec![record]
}

fn published(package: &Path) -> Vec<Contact> {
    let json = std::fs::read(package.join("ptce.json")).unwrap();
    serde_json::from_slice::<Vec<Record>>(&json).unwrap().remove(0).contacts
}

#[test]
fn those_who_agree_are_published() {
    let place = folder(&[("accords.csv", format!("valeur;date;preuve\n{MAILBOX};2026-03-02;courriel\n").as_bytes())]);
    assert_eq!(publish(place.path(), &contacts(), &["--consents", "accords.csv"]).code, 0);
    // The other one has the same number, which speaks for nobody.
    assert_eq!(published(&place.path().join("jeu")), contacts()[0].contacts[..1]);
    std::fs::write(place.path().join("numero.csv"), format!("valeur,date,preuve\n{MOBILE},2026-03-02,courriel\n"))
        .unwrap();
    assert_eq!(publish(place.path(), &contacts(), &["--force", "--consents", "numero.csv"]).code, 0);
    assert!(published(&place.path().join("jeu")).is_empty());
}

#[test]
fn those_who_refuse_are_not_whatever_else_is_said() {
    let hashed = run_ptce(&["objection", "--salt", "sel", PERSON]).stdout;
    assert!(hashed.starts_with("sha256:sel:") && hashed.lines().count() == 1, "{hashed}");
    let refusal = format!("valeur\n{hashed}");
    let agreement = format!("valeur,date,preuve\n{MAILBOX},2026-03-02,courriel\n");
    let place = folder(&[("refus.csv", refusal.as_bytes()), ("accords.csv", agreement.as_bytes())]);
    let mut records = contacts();
    records[0].project.summary = Some("Valdoré Zéphyrine en parle.".to_owned());
    let more = ["--keep-contacts", "convention", "--consents", "accords.csv", "--objections", "refus.csv"];
    assert_eq!(publish(place.path(), &records, &more).code, 0);
    let package = place.path().join("jeu");
    assert_eq!(published(&package), contacts()[0].contacts[1..]);
    for (name, words, _) in seen(&package) {
        assert!(!words.contains("valdore"), "{name}: {words}");
    }
}

#[test]
fn contacts_are_kept_for_a_reason_that_is_published() {
    let place = folder(&[]);
    let reason = "accord écrit de chaque lauréat, convention du 10 janvier 2014";
    assert_eq!(publish(place.path(), &contacts(), &["--keep-contacts", reason]).code, 0);
    let package = place.path().join("jeu");
    assert_eq!(published(&package), contacts()[0].contacts);
    for file in ["datapackage.json", "occultations.json", "LISEZMOI.md"] {
        assert!(std::fs::read_to_string(package.join(file)).unwrap().contains(reason), "{file}");
    }
    let refused = publish(place.path(), &contacts(), &["--force", "--keep-contacts", " "]);
    assert_eq!(refused.code, 2);
}

/// Whom a description names that a record withholds: nothing is published.
#[test]
fn a_leak_fails_the_job() {
    let description = format!("title = \"Le pôle de {PERSON}\"\n");
    let place = folder(&[("jeu.toml", description.as_bytes())]);
    let ran = publish(place.path(), &contacts(), &["--metadata", "jeu.toml"]);
    assert_eq!(ran.code, 2);
    insta::assert_snapshot!(ran.stderr);
    assert_eq!(names_in(place.path()), ["fiches.json", "jeu.toml"]);
}

#[test]
fn an_archive_holds_the_same_files_without_dates() {
    let place = folder(&[]);
    for (out, clock) in [("jeu", "UTC"), ("un.zip", "UTC"), ("deux.zip", "Asia/Tokyo")] {
        let source = root().join("samples/conforme.json");
        let ran = ran(ptce().current_dir(place.path()).env("TZ", clock).arg("convert").arg(source).args([
            "--to",
            "open-data",
            "-q",
            "-o",
            out,
        ]));
        assert_eq!(ran.code, 0, "{}", ran.stderr);
    }
    let bytes = |name: &str| std::fs::read(place.path().join(name)).unwrap();
    assert!(bytes("un.zip") == bytes("deux.zip"));
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(bytes("un.zip"))).unwrap();
    assert_eq!(archive.len(), names_in(&place.path().join("jeu")).len());
    for index in 0..archive.len() {
        let mut file = archive.by_index(index).unwrap();
        let mut content = Vec::new();
        file.read_to_end(&mut content).unwrap();
        let name = file.name().unwrap().into_owned();
        assert!(content == bytes(&format!("jeu/{name}")), "{name}");
    }
}

/// Neither the order of the sources nor the day matters; the environment may set the moment.
#[test]
fn the_same_records_give_the_same_package() {
    let place = folder(&[]);
    let [one, two] = ["conforme", "candidature"].map(|name| root().join(format!("samples/{name}.json")));
    let publish = |out: &str, files: [&Path; 2], moment: Option<&str>| {
        let mut command = ptce();
        command.current_dir(place.path()).arg("convert").args(files);
        command.args(["--to", "open-data", "--keep-invalid", "-q", "-o", out]);
        match moment {
            Some(moment) => command.env("SOURCE_DATE_EPOCH", moment),
            None => command.env_remove("SOURCE_DATE_EPOCH"),
        };
        ran(&mut command)
    };
    assert_eq!(publish("a", [&one, &two], None).code, 0);
    assert_eq!(publish("b", [&two, &one], None).code, 0);
    let read = |name: &str| std::fs::read_to_string(place.path().join(name)).unwrap();
    assert_eq!(read("a/SHA256SUMS"), read("b/SHA256SUMS"));
    assert_eq!(publish("c", [&one, &two], Some("1700000000")).code, 0);
    assert!(read("c/datapackage.json").contains("\"created\": \"2023-11-14T22:13:20Z\""));
    assert_eq!(publish("d", [&one, &two], Some("demain")).code, 2);
}

/// Surnames that are communes, have two parts or an apostrophe, two people in a cell, a partner who is a person.
#[test]
fn names_of_every_shape_are_withheld() {
    let place = folder(&[]);
    for (cell, text, secrets) in [
        ("Régis Capdebarthe-Lunel", "M. Régis a réuni les élus ; Capdebarthe-Lunel préside.", &["capdebarthe"][..]),
        ("Zélie Marcoussis", "Marcoussis pilote, Zélie aussi.", &["marcoussis", "zelie"]),
        ("MARCOUSSIS", "Avec Marcoussis.", &["marcoussis"]),
        ("Mme Awa N’Diayépour et Mme Josette Lacoste", "N’Diayépour et Josette Lacoste.", &["diayepour", "lacoste"]),
        ("Paul L’Hostisse", "Selon L'Hostisse.", &["hostisse"]),
        ("Ursula Etchevarry", "L’idée d’Etchevarry, qu’Ursula porte.", &["etchevarry", "ursula"]),
    ] {
        let contact = Contact { name: Some(cell.to_owned()), ..Contact::default() };
        let mut record = Record { name: Some("Pôle bois".to_owned()), contacts: vec![contact], ..Record::default() };
        record.project.summary = Some(text.to_owned());
        if cell.contains(' ') {
            record.partners = vec![ptce::record::Partner { name: Some(cell.to_owned()), ..Default::default() }];
        }
        let mut other = Record { name: Some("Autre".to_owned()), ..Record::default() };
        other.project.summary = Some(format!("Avec {} et d’autres.", cell.rsplit("et Mme ").next().unwrap()));
        // A name of one word is looked for in its own record alone.
        let records = if cell.contains(' ') { vec![record, other] } else { vec![record] };
        let ran = publish(place.path(), &records, &["--force"]);
        assert_eq!(ran.code, 0, "{}", ran.stderr);
        for (name, words, _) in seen(&place.path().join("jeu")) {
            for secret in secrets {
                assert!(!words.contains(secret), "{cell}: {secret} in {name}: {words}");
            }
        }
    }
}

/// A place keeps its name, though somebody bears it too.
#[test]
fn places_are_not_people() {
    let place = folder(&[]);
    let mut record = Record { name: Some("Pôle de Paris".to_owned()), ..Record::default() };
    record.contacts = vec![Contact { name: Some("Anne Paris".to_owned()), ..Contact::default() }];
    record.territory.label = Some("Paris et Lunel".to_owned());
    record.address.commune = Some("Paris".to_owned());
    assert_eq!(publish(place.path(), &[record], &[]).code, 0);
    let table = std::fs::read_to_string(place.path().join("jeu/ptce.csv")).unwrap();
    assert!(table.contains("Pôle de Paris") && table.contains("Paris et Lunel"), "{table}");
}

#[test]
fn nothing_replaces_what_is_not_a_publication() {
    let place = folder(&[]);
    std::fs::create_dir(place.path().join("jeu")).unwrap();
    for name in ["datapackage.json", "mesures.csv"] {
        std::fs::write(place.path().join("jeu").join(name), "{}").unwrap();
    }
    assert_eq!(publish(place.path(), &contacts(), &["--force"]).code, 2);
    assert_eq!(names_in(&place.path().join("jeu")), ["datapackage.json", "mesures.csv"]);
    std::fs::remove_dir_all(place.path().join("jeu")).unwrap();
    assert_eq!(publish(place.path(), &contacts(), &["--force"]).code, 0);
    std::fs::write(place.path().join("jeu/notes.txt"), "à garder").unwrap();
    assert_eq!(publish(place.path(), &contacts(), &["--force"]).code, 2);
}

/// An empty publication does not take the place of a good one, and a silent job still says what it leaves out.
#[test]
fn nothing_publishable_publishes_nothing() {
    let place = folder(&[("fiches.csv", b"nom,coordinateur\n,Atelier\n".as_slice())]);
    let arguments = ["convert", "fiches.csv", "--to", "open-data", "-o", "jeu", "-q", "--lang", "fr"];
    let ran = ran(ptce().current_dir(place.path()).args(arguments));
    assert_eq!(ran.code, 2);
    insta::assert_snapshot!(ran.stderr);
    assert_eq!(names_in(place.path()), ["fiches.csv"]);
}

#[test]
fn a_decision_that_concerns_nobody_is_told() {
    let (refusals, ..) = encoding_rs::WINDOWS_1252.encode("valeur\nZéphyrine Valdoré\nZéphirine Valdorée\n");
    let place = folder(&[("refus.csv", &refusals)]);
    std::fs::write(place.path().join("fiches.json"), serde_json::to_string(&contacts()).unwrap()).unwrap();
    let arguments = ["convert", "fiches.json", "--to", "open-data", "-o", "jeu", "--keep-contacts", "x"];
    let ran = ran(ptce().current_dir(place.path()).args(arguments).args(["--objections", "refus.csv"]));
    assert_eq!(ran.code, 1, "{}", ran.stderr);
    assert!(ran.stderr.contains("refus.csv:3: no record names this person; check the spelling\n"), "{}", ran.stderr);
    assert!(!ran.stderr.contains("refus.csv:2"));
    assert_eq!(published(&place.path().join("jeu")), contacts()[0].contacts[1..]);
}

/// What says that there is no value is no person: it stands in any text, and fails no job.
#[test]
fn placeholders_are_nobody() {
    let place = folder(&[]);
    let mut record = Record { name: Some("Pôle".to_owned()), ..Record::default() };
    record.contacts =
        vec![Contact { name: Some("à préciser".to_owned()), email: Some("N/A".to_owned()), ..Contact::default() }];
    record.project.summary = Some("Un budget à préciser.".to_owned());
    let ran = publish(place.path(), &[record], &[]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    let table = std::fs::read_to_string(place.path().join("jeu/ptce.csv")).unwrap();
    assert!(table.contains("Un budget à préciser."), "{table}");
}

/// Whoever is reached by a mailbox in a text is withheld with it, though no contact names them.
#[test]
fn a_name_goes_with_its_mailbox() {
    let place = folder(&[]);
    let mut record = Record { name: Some("Pôle".to_owned()), ..Record::default() };
    record.project.summary = Some(
        "Suivi par Sophie Quintal (s.quintal@example.org) et par la Mairie de Gap, contact@example.org.".to_owned(),
    );
    assert_eq!(publish(place.path(), &[record], &[]).code, 0);
    let table = std::fs::read_to_string(place.path().join("jeu/ptce.csv")).unwrap();
    assert!(!table.contains("Sophie") && !table.contains("Quintal") && table.contains("la Mairie de Gap"), "{table}");
}

/// Two records of one name, or without any, get their identifiers by what they hold.
#[test]
fn the_order_of_records_of_one_name_does_not_matter() {
    let place = folder(&[]);
    let named = |name: Option<&str>, summary: &str| {
        let mut record = Record { name: name.map(str::to_owned), ..Record::default() };
        record.project.summary = Some(summary.to_owned());
        record.coordinator.name = Some("Association".to_owned());
        record
    };
    let mut records = vec![named(Some("Bois"), "un"), named(Some("Bois"), "deux"), named(Some("Laine"), "trois")];
    assert_eq!(publish(place.path(), &records, &[]).code, 0);
    let sums = || std::fs::read_to_string(place.path().join("jeu/SHA256SUMS")).unwrap();
    let first = sums();
    records.reverse();
    assert_eq!(publish(place.path(), &records, &["--force"]).code, 0);
    assert_eq!(first, sums());
}

/// A control character stops its own record, which is told with its place; the others are published.
#[test]
fn a_record_that_no_file_can_hold_is_left_out() {
    let place = folder(&[(
        "fiches.csv",
        "nom;coordinateur;résumé\nBois;Atelier;Un\u{1}projet\nLaine;Filature;Un autre\n".as_bytes(),
    )]);
    let arguments = ["convert", "fiches.csv", "--to", "open-data", "-o", "jeu", "-q", "--lang", "fr"];
    let ran = ran(ptce().current_dir(place.path()).args(arguments));
    assert_eq!(ran.code, 1, "{}", ran.stderr);
    assert!(ran.stderr.contains("Bois », fiches.csv, ligne 2") && ran.stderr.contains("U+0001"), "{}", ran.stderr);
    let table = std::fs::read_to_string(place.path().join("jeu/ptce.csv")).unwrap();
    assert!(table.contains("Laine") && !table.contains("Bois"), "{table}");
}

/// What may be a person is listed beside the package; what was decided is kept.
#[test]
fn doubtful_mentions_are_listed_and_decided() {
    let place = folder(&[]);
    let mut record = contacts().remove(0);
    record.contacts[0].name = Some("Jean Jaurès".to_owned());
    record.project.summary = Some("Au lycée Jean Jaurès. Un bois.".to_owned());
    let records = [record];
    let ran = publish(place.path(), &records, &[]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert_eq!(names_in(place.path()), ["a-verifier.csv", "fiches.json", "jeu"]);
    let summary = || {
        let json = std::fs::read(place.path().join("jeu/ptce.json")).unwrap();
        serde_json::from_slice::<Vec<Record>>(&json).unwrap().remove(0).project.summary.unwrap()
    };
    assert_eq!(summary(), "Au lycée Jean Jaurès. Un bois.");
    let list = std::fs::read_to_string(place.path().join("a-verifier.csv")).unwrap();
    assert!(list.contains(";/projet/resume;Jean Jaurès;Au lycée Jean Jaurès.;"), "{list}");
    for (decision, expected) in [
        ("retirer;rue", "[donnée personnelle retirée] Un bois."),
        ("publier;un lycée", "Au lycée Jean Jaurès. Un bois."),
    ] {
        let decided: String =
            list.lines().map(|line| format!("{}\n", line.replacen(";;;", &format!(";{decision};"), 1))).collect();
        std::fs::write(place.path().join("decisions.csv"), decided).unwrap();
        assert_eq!(publish(place.path(), &records, &["--force", "--decisions", "decisions.csv"]).code, 0);
        assert_eq!(summary(), expected);
        let counts = std::fs::read_to_string(place.path().join("jeu/occultations.json")).unwrap();
        assert!(counts.contains(decision.split_once(';').unwrap().1), "{counts}");
    }
    assert_eq!(publish(place.path(), &records, &["--force", "--withhold-doubtful"]).code, 0);
    assert_eq!(summary(), "[donnée personnelle retirée] Un bois.");
    // Whoever refuses with a title, or has a name of many words, is found all the same.
    let refusal = "valeur\nMme Marie Anne de La Tour Maubourgeon\n";
    std::fs::write(place.path().join("refus.csv"), refusal).unwrap();
    let mut record = records[0].clone();
    record.project.summary = Some("Avec Marie Anne de La Tour Maubourgeon, et M. A. Maubourgeon.".to_owned());
    assert_eq!(publish(place.path(), &[record], &["--force", "--objections", "refus.csv"]).code, 0);
    assert!(!summary().contains("Maubourgeon"), "{}", summary());
}

#[test]
fn two_people_of_a_cell_agree_each_for_themselves() {
    let consents = "valeur;date;preuve\nzelie@pole.example.org;2026-01-02;courriel\n";
    let place =
        folder(&[("accords.csv", consents.as_bytes()), ("futur.csv", consents.replace("2026", "2099").as_bytes())]);
    let mut records = contacts();
    records[0].contacts = vec![Contact {
        name: Some("Zélie Quincampoix et Paul Leroyer".to_owned()),
        email: Some("zelie@pole.example.org".to_owned()),
        ..Contact::default()
    }];
    assert_eq!(publish(place.path(), &records, &["--consents", "accords.csv"]).code, 0);
    let contact = &published(&place.path().join("jeu"))[0];
    assert_eq!(
        (contact.name.as_deref(), contact.email.as_deref()),
        (Some("Zélie Quincampoix"), Some("zelie@pole.example.org"))
    );
    let refused = publish(place.path(), &records, &["--force", "--consents", "futur.csv"]);
    assert_eq!(refused.code, 2);
    assert!(refused.stderr.contains("futur.csv:2") && refused.stderr.contains("2099"), "{}", refused.stderr);
}

/// What `ptce.json` says, and the mentions that are listed beside it.
fn published_with_doubts(place: &Path, records: &serde_json::Value, more: &[&str]) -> (Vec<Record>, Vec<String>) {
    std::fs::write(place.join("fiches.json"), records.to_string()).unwrap();
    let arguments =
        ["convert", "fiches.json", "--to", "open-data", "-o", "jeu", "--force", "--keep-invalid", "--lang", "fr"];
    let ran = ran(ptce().current_dir(place).args(arguments).args(more));
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    let json = std::fs::read(place.join("jeu/ptce.json")).unwrap();
    let list = std::fs::read_to_string(place.join("a-verifier.csv")).unwrap_or_default();
    let mut rows =
        csv::ReaderBuilder::new().delimiter(b';').from_reader(list.trim_start_matches('\u{feff}').as_bytes());
    let mentions = rows.records().map(|row| row.unwrap()[5].to_owned()).collect();
    (serde_json::from_slice(&json).unwrap(), mentions)
}

/// A record that is told by `id`, with more of its fields.
fn told(id: &str, more: serde_json::Value) -> serde_json::Value {
    let mut record = serde_json::json!({
        "id": id, "nom": format!("Pôle {id}"), "coordinateur": { "nom": "SCIC Zinc" },
    });
    let serde_json::Value::Object(more) = more else { panic!("no object") };
    record.as_object_mut().unwrap().extend(more);
    record
}

/// Texts of records in which somebody is named or reached, in ways that say so, and texts that only look like it: « # » stands
/// for what is withheld, « ~ » before a mention that is listed.
#[test]
fn what_is_said_of_people_in_texts() {
    let contact = |name: &str| serde_json::json!({ "nom": name, "courriel": "contact@pole.example.org" });
    let names = [
        "Pierre Martin",
        "Luc Grand",
        "Max France",
        "Jean Saint Martin",
        "Camille Maire",
        "Łukasz Wałęsa",
        "Eva Strauß",
        "Camille Exemple",
        "Li Na",
        "李小龙",
        "Figeac Lot",
    ];
    let mut records = vec![told(
        "a",
        serde_json::json!({
            "contacts": names.iter().map(|name| contact(name)).chain([serde_json::json!({ "telephone": MOBILE })]).collect::<Vec<_>>(),
            "adresse": { "complement": "2e étage", "voie": "3 rue Haute", "code_postal": "46100", "commune": "Figeac" },
        }),
    )];
    let rows: &[(&str, &str)] = &[
        // Whom a record names is named everywhere.
        ("Pierre Martin pilote.", "# pilote."),
        ("Luc Grand, Max France et Jean Saint Martin.", "#, # et #."),
        ("Camille Maire pilote.", "# pilote."),
        ("LUKASZ WALESA et Eva Strauss.", "# et #."),
        ("Camille Exem-\nple pilote.", "# pilote."),
        ("Camille <b>EXEMPLE</b> signe.", "#</b> signe."),
        ("12 rue de la Gare\nCamille Exemple", "12 rue de la Gare\n#"),
        ("Lycée\nCamille Exemple", "Lycée\n#"),
        ("Li Na pilote, 李小龙 aussi.", "# pilote, # aussi."),
        ("À Figeac (Lot).", "À Figeac (Lot)."),
        // The street of somebody is that of Figeac.
        ("Rendez-vous 3 rue Haute à Figeac, ou 3 r. Haute, 46100.", "Rendez-vous # à Figeac, ou #, 46100."),
        ("Rendez-vous 3 rue Haute à Cahors.", "Rendez-vous 3 rue Haute à Cahors."),
        ("Au 3 rue Haute-Vienne à Figeac.", "Au 3 rue Haute-Vienne à Figeac."),
        // Numbers.
        ("Joindre la présidente au n° 06 39 98 56 78.", "Joindre la présidente au n° #."),
        ("Tél. n° 06-20-30-40-50, 06-12-34-56-78.", "Tél. n° #, #."),
        ("Réf. 06 39 98 56 78.", "Réf. #."),
        ("Tél. 639981234", "Tél. #"),
        ("Départements (04 05 06 13 83), lots 01 02 03 04 05, 06 12 24 36 48 mois.", "="),
        ("RIB : 30006 00001 12345678901 89", "RIB : #"),
        ("Né(e) le : 12/03/1975", "Né(e) le : #"),
        // Functions, labels, initials.
        ("Présidente : S. Durand. Bureau : P. Dupont (président).", "Présidente : #. Bureau : # (président)."),
        ("Contact : S. Durand. Dossier suivi par : S. Martin.", "Contact : #. Dossier suivi par : #."),
        ("MARTIN Paul, président.", "#, président."),
        (
            "Chef de projet : Koffi Kouadio. Représentant légal : Koffi Kouadio.",
            "Chef de projet : #. Représentant légal : #.",
        ),
        ("Chargée de mission : Sophie Durand", "Chargée de mission : #"),
        ("Contact : Sophie Durand", "Contact : #"),
        // Whom or which body is not certain.
        ("Porté par Léo Lagrange, avec Petra Patrimonia.", "Porté par ~Léo Lagrange, avec ~Petra Patrimonia."),
        ("Contact : Emmaüs Figeac.", "Contact : ~Emmaüs Figeac."),
        ("Contact : Lycée Jean Zay, 05 65 00 11 22.", "Contact : Lycée Jean Zay, #."),
        // Titles.
        ("Mme van den Berg, Mme de la Tour et M. dos Santos.", "#, # et #."),
        ("Monsieur le Président Dupont ouvre, mme dupont signe.", "# ouvre, # signe."),
        ("M. et Mme Dupont.", "#."),
        ("Mesdames et Messieurs les élus, Mmes et MM. les conseillers, Maître d’Ouvrage Délégué.", "="),
        // Homes and profiles.
        (
            "Siège au domicile de la trésorière, 5 rue Basse, 46100 Figeac.",
            "Siège au domicile de la trésorière, #, 46100 Figeac.",
        ),
        ("Aide à domicile, 5 rue Basse à Figeac.", "="),
        ("Le pôle réside 7 rue Neuve.", "Le pôle réside ~7 rue Neuve."),
        ("T. Vasseur pilote, A. Projet suit.", "~T. Vasseur pilote, A. Projet suit."),
        ("Madame la Sous-Préfète et le lot n° 01 02 03 04 05.", "="),
        ("Profil : https://www.linkedin.com/in/jeanne-dupont-46/", "Profil : #"),
        ("Suivre @jeanne.dupont et @poleduquercy.", "Suivre # et @poleduquercy."),
    ];
    for (rank, (text, _)) in rows.iter().enumerate() {
        records.push(told(&format!("b-{rank:02}"), serde_json::json!({ "projet": { "resume": text } })));
    }
    let place = folder(&[]);
    let (published, mentions) = published_with_doubts(place.path(), &records.into(), &[]);
    let mut wrong = Vec::new();
    for ((text, expected), record) in rows.iter().zip(&published[1..]) {
        let expected = if *expected == "=" { text } else { expected };
        let shown = record.project.summary.clone().unwrap_or_default().replace("[donnée personnelle retirée]", "#");
        let listed =
            expected.split('~').skip(1).all(|rest| mentions.iter().any(|mention| rest.starts_with(mention.as_str())));
        if shown != expected.replace('~', "") || !listed {
            wrong.push(format!("{text} → {shown} ({listed})"));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}\n{mentions:#?}");
    let untouched: Vec<&str> = rows.iter().filter(|(_, expected)| *expected == "=").map(|(text, _)| *text).collect();
    let wolf: Vec<&String> =
        mentions.iter().filter(|mention| untouched.iter().any(|text| text.contains(mention.as_str()))).collect();
    assert!(wolf.is_empty(), "{wolf:?}");
}

/// A person in the place of a body goes with the address and the site; a body keeps its own.
#[test]
fn coordinators_who_are_people() {
    let address = serde_json::json!({ "voie": "3 rue Haute", "code_postal": "46100", "commune": "Figeac" });
    for (coordinator, contact, is_person) in [
        ("Jeanne Dupont", serde_json::json!({ "nom": "Jeanne Dupont", "telephone": MOBILE }), true),
        ("M. Koffi Kouadio", serde_json::json!({ "courriel": "contact@x.example.org" }), true),
        ("Koffi Kouadio, président", serde_json::json!({ "courriel": "contact@x.example.org" }), true),
        ("Koffi Kouadio", serde_json::json!({ "nom": "KOUADIO Koffi", "fonction": "président" }), true),
        (
            "Association Laine et Liens",
            serde_json::json!({ "nom": "Association Laine et Liens", "telephone": MOBILE }),
            false,
        ),
        ("Docteur Vélo", serde_json::json!({ "nom": "Docteur Vélo", "telephone": "05 65 00 11 22" }), false),
        ("EI Groupe", serde_json::json!({ "courriel": "contact@x.example.org" }), false),
    ] {
        let record = told(
            "a",
            serde_json::json!({
                "coordinateur": { "nom": coordinator }, "contacts": [contact], "adresse": address,
                "site_web": "https://jeanne-dupont.fr/",
            }),
        );
        let place = folder(&[]);
        let (published, _) = published_with_doubts(place.path(), &serde_json::json!([record]), &[]);
        let record = &published[0];
        assert_eq!(record.coordinator.name.is_none(), is_person, "{coordinator}");
        assert_eq!(record.address.street.is_none(), is_person, "{coordinator}");
        if coordinator.contains("Jeanne") {
            assert_eq!(record.website, None);
        }
    }
}

/// What names a place, a body or an office stays; the exact name of a person in the place of one is listed.
#[test]
fn names_of_places_and_offices_stay() {
    let address = |complement: &str, street: &str| {
        serde_json::json!({ "adresse": {
        "complement": complement, "voie": street, "code_postal": "46100", "commune": "Figeac",
    } })
    };
    let rows = [
        ("ZI Sainte-Agathe", "9 rue Descartes", true),
        ("ZA Saint-Jean", "12 avenue de la Porte d’Italie", true),
        ("Résidence Victor Hugo", "20 rue Monsieur le Prince", true),
        ("Pépinière Rose Marin", "1 place de la Mairie", true),
        ("Le Marin", "1 place de la Mairie", true),
        ("Porte B", "1 place de la Mairie", false),
        ("J. Dupont", "1 place de la Mairie", false),
        ("Zélie Quincampoix", "1 place de la Mairie", false),
        ("Bât. B, Zélie Quincampoix", "2 place de la Mairie", false),
    ];
    let mut records: Vec<serde_json::Value> = rows
        .iter()
        .enumerate()
        .map(|(rank, (complement, street, _))| {
            told(&format!("a-{rank}"), address(complement, &format!("{street} {rank}")))
        })
        .collect();
    for (rank, (name, mailbox, phone)) in [
        ("Mairie de Figeac", "mairie@figeac.example.org", "05 65 50 05 40"),
        ("Accueil", "accueil@f.example.org", "05 65 00 11 22"),
        ("Service communication", "contact@f.example.org", "05 65 00 11 23"),
    ]
    .into_iter()
    .enumerate()
    {
        let contact = serde_json::json!({ "nom": name, "courriel": mailbox, "telephone": phone });
        records.push(told(&format!("b-{rank}"), serde_json::json!({ "contacts": [contact] })));
    }
    let doubtful = [
        ("Jeanne Dupont", true),
        ("Saint-Martin", false),
        ("Rose", false),
        ("Jean Bart", false),
        ("Grand Figeac", false),
    ];
    for (rank, (name, _)) in doubtful.iter().enumerate() {
        records.push(told(&format!("c-{rank}"), serde_json::json!({ "sigle": name })));
    }
    let partners = ["M. Bricolage", "Docteur Vélo", "ME Conseil", "MM Bois", "EI Groupe"];
    let partners: Vec<_> = partners.iter().map(|name| serde_json::json!({ "nom": name })).collect();
    records.push(told("d", serde_json::json!({ "partenaires": partners })));
    let people = [
        ("Jeanne Dupont", "note", "auto-entrepreneuse"),
        ("Menuiserie Dupont", "note", "EI"),
        ("Sophie Durand", "groupe", "Personnes physiques"),
    ];
    let people: Vec<_> =
        people.iter().map(|(name, key, told)| serde_json::json!({ "nom": name, *key: told })).collect();
    records.push(told("e", serde_json::json!({ "partenaires": people })));
    let place = folder(&[]);
    let (published, mentions) = published_with_doubts(place.path(), &records.into(), &[]);
    for ((complement, street, is_kept), record) in rows.iter().zip(&published) {
        assert_eq!(record.address.street.is_some(), *is_kept, "{complement}, {street}");
        assert_eq!(record.address.complement.is_some(), *is_kept, "{complement}, {street}");
    }
    for record in &published[rows.len()..rows.len() + 3] {
        assert!(record.contacts[0].email.is_some() && record.contacts[0].phone.is_some(), "{:?}", record.contacts);
    }
    for (name, is_listed) in doubtful {
        assert_eq!(mentions.iter().any(|mention| mention == name), is_listed, "{name}: {mentions:?}");
    }
    let is_kept = |id: &str| {
        let record = published.iter().find(|record| record.id.as_deref() == Some(id)).unwrap();
        record.partners.iter().map(|one| !one.name.as_deref().unwrap_or("").contains("retirée")).collect::<Vec<_>>()
    };
    assert_eq!((is_kept("d"), is_kept("e")), (vec![true; 5], vec![false; 3]));
}

/// With the SIRET of somebody who trades alone goes the SIREN, in a VAT number and an address too.
#[test]
fn a_siren_goes_with_its_siret() {
    let trader = told(
        "a",
        serde_json::json!({
            "coordinateur": { "nom": "Jean Dupont", "forme_juridique": "particulier", "siret": "99916408000015" },
            "projet": { "resume": "SIREN 999 164 080, TVA FR12999164080, https://annuaire.example.org/999164080" },
        }),
    );
    let place = folder(&[]);
    published_with_doubts(place.path(), &serde_json::json!([trader]), &[]);
    for (name, _, digits) in seen(&place.path().join("jeu")) {
        assert!(!digits.contains("999164080"), "{name}");
    }
}

/// Reasons are published, and name nobody; a name that two contacts bear is told.
#[test]
fn reasons_and_agreements_are_of_one_person() {
    let contact = |mailbox: &str| serde_json::json!({ "nom": "Jeanne Dupont", "courriel": mailbox });
    let records = serde_json::json!([
        told("a", serde_json::json!({ "contacts": [contact("jdupont@x.example.org")] })),
        told("b", serde_json::json!({ "contacts": [contact("jeanne.dupont@y.example.org")] })),
    ]);
    let place = folder(&[
        ("accords.csv", "valeur,date,preuve\nJeanne Dupont,2024-01-02,dossier 12\n".as_bytes()),
        ("motif.csv", "cle;decision;motif\n0;retirer;refuse (jdupont@x.example.org)\n".as_bytes()),
        ("fiches.json", records.to_string().as_bytes()),
    ]);
    let publish = |more: &[&str]| {
        let arguments = ["convert", "fiches.json", "--to", "open-data", "-o", "jeu", "--force", "--lang", "fr"];
        ran(ptce().current_dir(place.path()).args(arguments).args(more))
    };
    let agreed = publish(&["--consents", "accords.csv"]);
    assert_eq!(agreed.code, 0, "{}", agreed.stderr);
    assert!(agreed.stderr.contains("accords.csv:2 : plusieurs contacts portent ce nom"), "{}", agreed.stderr);
    for more in [["--decisions", "motif.csv"], ["--keep-contacts", "accord de Mme Dupont"]] {
        let refused = publish(&more);
        assert_eq!(refused.code, 2, "{}", refused.stderr);
        assert!(refused.stderr.contains("publié"), "{}", refused.stderr);
    }
}
