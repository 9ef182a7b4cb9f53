//! Texts that people read: a press kit like those that ministries hand out, mails, forms pasted as text.
//!
//! The kit of 10 January 2014 is not part of the project. Where `PTCE_KIT` names its text, the reading is held against
//! the sample that people made of it; without it, that test has nothing to read and passes.

use std::collections::{BTreeMap, BTreeSet};

use ptce::fold::folded;
use ptce::record::Record;
use ptce::row::Format;

use crate::support::{
    FORMATS, Read, folder, names_in, ptce, ran, read, records, run_with_input, sample, substance, values,
};

fn shown(records: &[Record]) -> String {
    serde_json::to_string_pretty(records).unwrap()
}

fn converted(read: Read) -> Vec<Record> {
    read.entries.into_iter().map(ptce::entry::OwnedEntry::into_record).collect()
}

#[test]
fn the_sample_is_read_as_people_read_it() {
    let read = converted(read("fiches.txt", &sample("fiches.txt")));
    assert_eq!(shown(&read), shown(&records("fiches")));
}

#[test]
fn the_encoding_and_the_line_breaks_do_not_matter() {
    let text = String::from_utf8(sample("fiches.txt")).unwrap();
    let utf16 = |text: &str| [0xFEFF].into_iter().chain(text.encode_utf16()).flat_map(u16::to_be_bytes).collect();
    let sources: [(&str, Vec<u8>); 5] = [
        ("bom", format!("\u{feff}{text}").into_bytes()),
        ("utf-16", utf16(&text)),
        ("windows-1252", encoding_rs::WINDOWS_1252.encode(&text).0.into_owned()),
        ("crlf", text.replace('\n', "\r\n").into_bytes()),
        ("form feed", text.replacen("\n\n\nÎle-de-France", "\n\n\u{c}\nÎle-de-France", 1).into_bytes()),
    ];
    for (name, bytes) in sources {
        assert_ne!(bytes, text.as_bytes(), "{name}");
        assert_eq!(shown(&converted(read("fiches.txt", &bytes))), shown(&records("fiches")), "{name}");
    }
}

/// The records of a text get the findings that they would get in any other format, and those about what stands around.
#[test]
fn findings_are_those_of_the_same_records_as_json() {
    let mut text = read("fiches.txt", &sample("fiches.txt"));
    text.findings.retain(|finding| finding.code != "text-outside-table");
    let json = read("fiches.json", &sample("fiches.json"));
    assert!(!json.findings.is_empty());
    assert_eq!(substance(&text.findings), substance(&json.findings));
}

/// Each word of the source stands in a record, in a label, or in a passage that is told.
fn assert_nothing_is_dropped(source: &str, read: &Read) {
    let mut told: BTreeSet<String> = BTreeSet::new();
    let mut tell = |text: &str| told.extend(folded(text).split(' ').map(str::to_owned));
    for entry in &read.entries {
        values(&entry.record).iter().for_each(|(_, value)| tell(value));
    }
    // The labels, those without a value too.
    let inspected = run_with_input(&["inspect", "-"], source.as_bytes()).stdout;
    inspected.lines().filter_map(|line| line.split_once('→')).for_each(|(label, _)| tell(label));
    let passages: Vec<(u64, u64)> = read
        .findings
        .iter()
        .filter(|finding| finding.code == "text-outside-table")
        .map(|finding| {
            let first = finding.location.line.unwrap();
            let last = finding.message.split(' ').filter_map(|word| word.parse().ok()).nth(1).unwrap_or(first);
            (first, last)
        })
        .collect();
    for (number, line) in (1..).zip(source.split('\n')) {
        if passages.iter().any(|(first, last)| (*first..=*last).contains(&number)) {
            continue;
        }
        // Articles, prepositions and « etc. » join a list; `<u>` is a mark.
        for word in folded(line).split(' ').filter(|word| word.len() > 3 && !["dont", "plus"].contains(word)) {
            let is_joining = ["departements", "particulierement", "regroupant", "surtout"].contains(&word);
            assert!(is_joining || told.contains(word), "line {number}: {word:?} of {line:?} is nowhere");
        }
    }
}

/// Each value stands where the finding would say: its first word is on that line, from that column on.
fn assert_places_are_true(source: &str, read: &Read) {
    let lines: Vec<&str> = source.split('\n').collect();
    for entry in &read.entries {
        for (pointer, value) in values(&entry.record) {
            // What the vocabulary tells of a partner stands nowhere; what is kept apart has the label of its field.
            if pointer.ends_with("/categorie") || pointer.starts_with("/source") {
                continue;
            }
            let place = entry.location(&pointer);
            let line = lines[place.line.unwrap() as usize - 1];
            let rest: String = line.chars().skip(place.column.unwrap() as usize - 1).collect();
            let first = folded(&value).split(' ').next().unwrap().to_owned();
            assert!(folded(&rest).contains(&first), "{pointer} {place:?}: {value:?} is not in {rest:?}");
            assert!(place.label.is_some() && place.path.is_none(), "{pointer} {place:?}");
        }
    }
}

#[test]
fn nothing_is_dropped_and_places_are_true() {
    let source = String::from_utf8(sample("fiches.txt")).unwrap();
    let read = read("fiches.txt", source.as_bytes());
    assert_nothing_is_dropped(&source, &read);
    assert_places_are_true(&source, &read);
}

#[test]
fn what_stands_around_the_records_is_told_a_passage_at_a_time() {
    let read = read("fiches.txt", &sample("fiches.txt"));
    let told: Vec<(Option<u64>, &str)> = read
        .findings
        .iter()
        .filter(|finding| finding.code == "text-outside-table")
        .map(|finding| (finding.location.line, finding.message.as_str()))
        .collect();
    insta::assert_debug_snapshot!(told);
}

/// A mail whose body holds two forms.
const MAIL: &str = "\
De : Camille Exemple <camille@example.org>
À : bureau@example.org
Objet : notre candidature

Bonjour,

Voici nos deux fiches.

Nom du pôle : Fabriques du Quercy
Région : Occitanie
Départements : Lot, Aveyron
Thématiques : bois, laine et
 textiles anciens
Couleur du logo : verte
Coordinateur : SCIC Fabriques
Contact :
  Nom : Camille Exemple
  Fonction : gérante
  Mél. : camille@example.org
  Tél. : 01 99 00 12 34
Adresse : 4, rue de la Halle
46100 Figeac

Nom du pôle : Bois debout
Région : Bretagne
Porteur : association Bois debout
Membres :
- Scierie Neuve (sciage)
- Commune de Pontivy
Courriel : bois@example.org
Courriel : accueil@example.org

Bien à vous,
Camille
";

#[test]
fn a_mail_is_read_as_the_forms_in_it() {
    let read = read("message.txt", MAIL.as_bytes());
    assert_nothing_is_dropped(MAIL, &read);
    let unknown: Vec<&str> =
        read.findings.iter().filter(|f| f.code == "unknown-label").filter_map(|f| f.value.as_deref()).collect();
    assert_eq!(unknown, ["Couleur du logo"]);
    insta::assert_snapshot!(shown(&converted(read)));
}

/// Other ways to write the same: lists of labels, headings of an editor, capitals above the block, numbered contacts.
#[test]
fn the_shape_of_the_labels_does_not_matter() {
    let expected = [
        ("/nom", "Bois debout"),
        ("/region/nom", "Bretagne"),
        ("/thematiques/0", "bois"),
        ("/thematiques/1", "lin"),
        ("/coordinateur/nom", "Scierie Neuve"),
        ("/contacts/0/nom", "Camille Exemple"),
        ("/contacts/0/courriel", "c@example.org"),
    ];
    for text in [
        "- Nom : Bois debout\n- Région : Bretagne\n- Thèmes : bois, lin\n- Porteur : Scierie Neuve\n- Contact : Camille Exemple, c@example.org\n",
        "# BRETAGNE\n\n## Bois debout\n\n**Thèmes** : bois, lin\n\n**Porteur** : Scierie Neuve\n\n### Contact\n\nCamille Exemple\nc@example.org\n",
        "# Bois debout\n\n## Région\n\nBretagne\n\n## Thèmes\n\n- bois\n- lin\n\n## Porteur\n\nScierie Neuve\n\n## Contact\n\nCamille Exemple, c@example.org\n",
        "Nom\tBois debout\nRégion\tBretagne\nThèmes\tbois, lin\nPorteur\tScierie Neuve\nContact\tCamille Exemple\nCourriel\tc@example.org\n",
        "1) NOM DU PÔLE : Bois debout\n2) RÉGION : Bretagne\n3) THÈMES :\n- bois\n- lin\n4) PORTEUR :\nScierie Neuve\n5) CONTACT :\nCamille Exemple <c@example.org>\n",
        "Nom du PTCE: Bois debout\n\nRégion: Bretagne\n\nThématiques: bois ; lin\n\nStructure porteuse: Scierie Neuve\n\nContact 1: Camille Exemple\n\nContact 1 courriel: c@example.org\n",
        "> Nom : Bois debout\n> Région : Bretagne\n> Filières : bois,\n> lin\n> Chef de file : Scierie Neuve\n> Référent : Camille Exemple (c@example.org)\n",
    ] {
        let read = read("message.txt", text.as_bytes());
        assert_eq!(read.entries.len(), 1, "{text}");
        let found = values(&read.entries[0].record);
        let found: Vec<(&str, String)> =
            found.iter().map(|(pointer, value)| (pointer.as_str(), value.to_lowercase())).collect();
        let expected: Vec<(&str, String)> =
            expected.iter().map(|(pointer, value)| (*pointer, value.to_lowercase())).collect();
        assert_eq!(found, expected, "{text}");
    }
}

/// A heading that is a region's name holds for the records below it, until one of another region.
#[test]
fn regions_stand_above_their_records() {
    let text = "\
LES LAURÉATS

BRETAGNE

1. Bois debout
Thématique : bois
Département : Morbihan (56)

2. Lin du large
Thématique : lin
Département : Finistère

3. Pommes d’hiver
Thématique : verger
Département : 14

NORMANDIE

4. Sel marin
Thématique : sel
Départements : Calvados, Manche
";
    let read = read("laureats.txt", text.as_bytes());
    let found: Vec<(Option<String>, Option<String>)> =
        read.records().into_iter().map(|record| (record.name, record.region.name)).collect();
    let found: Vec<(&str, Option<&str>)> =
        found.iter().map(|(name, region)| (name.as_deref().unwrap(), region.as_deref())).collect();
    assert_eq!(
        found,
        [
            ("Bois debout", Some("BRETAGNE")),
            ("Lin du large", Some("BRETAGNE")),
            // In Calvados, so that its heading was lost.
            ("Pommes d’hiver", None),
            ("Sel marin", Some("NORMANDIE")),
        ]
    );
    assert_eq!(read.entries[1].location("/region/nom").line, Some(3));
}

/// A `.txt` may be a table, JSON or XML: its content tells. A text without a name is known by its labels.
#[test]
fn the_content_tells_a_text_from_a_table() {
    for (name, text, format) in [
        ("a.txt", "nom;région\nBois debout;Bretagne\n", "csv"),
        ("a.txt", "nom\nBois debout\n", "csv"),
        ("a.txt", "{\"nom\":\"Bois debout\"}", "json"),
        ("a.txt", "<ptces><ptce><nom>Bois debout</nom></ptce></ptces>", "xml"),
        ("a.txt", "Nom : Bois debout\n", "txt"),
        ("a.md", "# Bretagne\n\nNom : Bois debout\nThème : bois, lin\n", "txt"),
        ("-", "Nom : Bois debout\nThème : bois, lin\n", "txt"),
        ("-", "nom,thème\nBois debout,lin\n", "csv"),
    ] {
        let read = read(name, text.as_bytes());
        assert_eq!(read.outcome.sources[0].format.name(), format, "{name}: {text}");
        assert_eq!(read.records()[0].name.as_deref(), Some("Bois debout"), "{name}: {text}");
    }
    let ran = run_with_input(&["convert", "-", "--to", "ndjson", "--quiet"], &sample("fiches.txt"));
    assert_eq!((ran.code, ran.stdout.lines().count()), (0, 5), "{}", ran.stderr);
}

#[test]
fn a_text_is_read_but_not_written() {
    assert!(!Format::Text.is_written() && FORMATS.iter().all(|format| format.is_written()));
    let folder = folder(&[("fiches.txt", &sample("fiches.txt"))]);
    for language in ["fr", "en"] {
        let arguments = ["convert", "fiches.txt", "-o", "copie.txt", "--lang", language];
        let refused = ran(ptce().current_dir(folder.path()).args(arguments));
        assert_eq!((refused.code, refused.stderr.lines().count()), (2, 1), "{}", refused.stderr);
    }
    assert_eq!(names_in(folder.path()), ["fiches.txt"]);
    let refused = ptce::export::Exporter::new(Format::Text, Vec::new(), &ptce::export::Options::default());
    assert_eq!(refused.map(|_| ()).unwrap_err().kind(), ptce::ErrorKind::Usage);
}

/// One workbook from one text, in one command.
#[test]
fn a_text_becomes_a_workbook() {
    let folder = folder(&[("fiches.txt", &sample("fiches.txt"))]);
    let done = ran(ptce().current_dir(folder.path()).args(["convert", "fiches.txt", "-o", "out.xlsx", "--quiet"]));
    assert_eq!(done.code, 0, "{}", done.stderr);
    let workbook = std::fs::read(folder.path().join("out.xlsx")).unwrap();
    let text = read("fiches.txt", &sample("fiches.txt"));
    let names = |read: Read| read.records().into_iter().map(|record| record.name).collect::<Vec<_>>();
    assert_eq!(names(read("out.xlsx", &workbook)), names(text));
}

/// Where the reading of the kit and the sample may differ: record, what the pointer begins with, and why.
const DIFFERENCES: &[(usize, &str, &str)] = &[
    (0, "/id", "made from the name"),
    (0, "/appel", "told once, before the records, in sentences"),
    (0, "/projet", "the summaries of the sample are ours"),
    (0, "/region/code", "the kit prints names alone"),
    (0, "/emploi", "in sentences of the project"),
    (0, "/territoire/priorites", "in sentences of the project"),
    (0, "/sigle", "a person saw it in the title, or in brackets within a name"),
    (0, "/source/autres", "the sample does not keep the words around the values"),
    (1, "/partenaires/0/note", "the sample leaves the enumeration out"),
    (1, "/partenaires/11/nom", "the sample corrects « Strutures »"),
    (1, "/partenaires/12/note", "the sample corrects « Al », an acronym read by a machine"),
    (1, "/partenaires/16", "nothing divides the last two in the kit"),
    (1, "/partenaires/17", "nothing divides the last two in the kit"),
    (1, "/partenaires/18", "nothing divides the last two in the kit"),
    (5, "/partenaires/5/note", "the sample leaves the role out"),
    (7, "/partenaires/6/note", "the sample puts the spaces back"),
    (7, "/partenaires/7/nom", "the sample divides a word that the kit has lost the space of"),
    (7, "/partenaires/10/note", "the sample puts the spaces back"),
    (7, "/partenaires/16", "nothing divides name and role in the kit"),
    (8, "/partenaires/1/note", "the sample leaves the speciality out"),
    (8, "/partenaires/8", "nothing divides kind and name in the kit"),
    (9, "/partenaires/*/categorie", "known to people, not told by the kit"),
    (10, "/coordinateur/forme_juridique", "in a sentence of the project"),
    (14, "/partenaires/4/categorie", "known to people, not told by the kit"),
    (16, "/partenaires/0/nom", "the sample corrects a name read by a machine"),
    (16, "/partenaires/*/note", "the sample shortens what is said of each"),
    (18, "/territoire/libelle", "the sample writes « 18e » for « 18° »"),
    (19, "/partenaires/*/categorie", "known to people, not told by the kit"),
    (19, "/partenaires/*/groupe", "the sample shortens the heading"),
    (20, "/partenaires/0/categorie", "known to people, not told by the kit"),
    (21, "/partenaires/3/nom", "the sample keeps one article in a list whose articles it drops"),
    (23, "/partenaires/0/categorie", "the coordinator's legal form, told elsewhere"),
];

fn template(pointer: &str) -> String {
    let step = |step: &str| if step.parse::<usize>().is_ok() { "*".to_owned() } else { step.to_owned() };
    pointer.split('/').map(step).collect::<Vec<_>>().join("/")
}

#[test]
fn the_press_kit_is_read_as_people_read_it() {
    let Some(path) = std::env::var_os("PTCE_KIT") else { return };
    let bytes = std::fs::read(&path).unwrap();
    let source = String::from_utf8(bytes.clone()).unwrap();
    let read = read("dossier-ptce-2014.txt", &bytes);
    assert_nothing_is_dropped(&source, &read);
    assert_places_are_true(&source, &read);
    let expected = records("laureats-2014");
    let found = converted(read);
    assert_eq!(found.len(), expected.len());
    let mut used = vec![false; DIFFERENCES.len()];
    let mut counts: BTreeMap<String, (u32, u32)> = BTreeMap::new();
    let mut surprises = Vec::new();
    for (rank, (found, expected)) in (1..).zip(found.iter().zip(&expected)) {
        let found: BTreeMap<String, String> = values(found).into_iter().collect();
        let expected: BTreeMap<String, String> = values(expected).into_iter().collect();
        let pointers: BTreeSet<&String> = found.keys().chain(expected.keys()).collect();
        for pointer in pointers {
            let key = template(pointer);
            let count = counts.entry(key.clone()).or_default();
            if found.get(pointer) == expected.get(pointer) {
                count.0 += 1;
                continue;
            }
            count.1 += 1;
            let is_known = |(_, (record, known, _)): &(usize, &(usize, &str, &str))| {
                let begins = |pointer: &str| {
                    pointer.strip_prefix(known).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
                };
                (*record == 0 || *record == rank) && (begins(pointer) || begins(&key))
            };
            match DIFFERENCES.iter().enumerate().find(is_known) {
                Some((at, _)) => used[at] = true,
                None => surprises.push(format!(
                    "{rank} {pointer}: {:?}, in the sample {:?}",
                    found.get(pointer),
                    expected.get(pointer)
                )),
            }
        }
    }
    for (key, (equal, different)) in &counts {
        eprintln!("{key}: {equal} equal, {different} different");
    }
    assert!(surprises.is_empty(), "{surprises:#?}");
    let unused: Vec<_> = DIFFERENCES.iter().zip(used).filter(|(_, used)| !used).map(|(known, _)| known).collect();
    assert!(unused.is_empty(), "no longer different: {unused:#?}");
}

/// Neither does what stands just below the last value, without a blank line, nor another message that the mail quotes.
#[test]
fn a_signature_just_below_a_value_belongs_to_no_record() {
    for last in ["Partenaires : Mairie d’Aubusson", "Résumé : filière laine", "Ville : Aubusson", "Contact : Zoé Brun"]
    {
        for signature in [
            "Cordialement\nPaul Modèle\n01 99 00 00 01\n",
            "Bien cordialement,\nPaul Modèle\nDirecteur du réseau\nTél : 01 99 00 00 01\n",
            "\nDe : Paul Modèle\nTél : 01 99 00 00 01\n",
            "\n-----Message d’origine-----\nDe : Paul Modèle\nTél : 01 99 00 00 01\n",
            "Paul Modèle\n01 99 00 00 01\n",
        ] {
            // A contact may well have another one below.
            if last.starts_with("Contact") && signature.starts_with("Paul") {
                continue;
            }
            let mail = format!("PTCE : Pôle Laine\nStructure porteuse : Les Tisserands\n{last}\n{signature}");
            let read = read("mail.txt", mail.as_bytes());
            let mut record = read.records().remove(0);
            record.source = ptce::record::Source::default();
            let kept = serde_json::to_string(&record).unwrap();
            assert!(!kept.contains("01 99") && !kept.contains("Paul"), "{mail}: {kept}");
        }
    }
}

/// Who sends the mail is no contact of the hub: the labels of a signature belong to no record, and are told.
#[test]
fn a_signature_belongs_to_no_record() {
    for closing in [
        "Bien cordialement,",
        "Cordialement",
        "Cordialement, Agnès",
        "--",
        "-- ",
        "Merci d’avance de votre retour.",
        "Belle journée !",
        // Her name alone tells as much.
        "",
    ] {
        let record = |name: &str| format!("Nom du PTCE : {name}\nContact : Camille Exemple\nThématiques : bois\n\n");
        let signature = format!("{closing}\n\nAgnès Modèle\nTél. : 01 99 00 00 01\nMail : agnes@example.org\n\n");
        let mail = format!("{}{signature}{}{signature}", record("Pôle A"), record("Pôle B"));
        let read = read("mail.txt", mail.as_bytes());
        let records = read.records();
        assert_eq!(records.len(), 2, "{closing}");
        for record in &records {
            assert_eq!(record.contacts.len(), 1, "{closing}: {:?}", record.contacts);
            assert_eq!(
                (record.contacts[0].phone.as_deref(), record.themes.as_slice()),
                (None, &["bois".to_owned()][..])
            );
            let kept = serde_json::to_string(record).unwrap();
            assert!(!kept.contains("01 99") && !kept.contains("agnes@"), "{closing}: {kept}");
        }
        assert_eq!(read.count("text-outside-table"), 2, "{closing}");
    }
}
