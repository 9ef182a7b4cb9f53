//! Two sets of invented texts by which the redaction of a publication is measured: what is personal for certain, in every
//! spelling, field and file, of which nothing may be left; and what only looks like it, which should stay as it is.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;

use ptce::export::open_data::{OpenData, OpenDataOptions};
use ptce::record::{Contact, Partner, Record};

use crate::support::{assert_current, files_in, folder};

/// People who exist nowhere: first name, surname, the telling part of the surname.
const PEOPLE: [(&str, &str, &str); 5] = [
    ("Zélie", "Quincampoix", "quincampoix"),
    ("Jean-Baptiste", "de La Tour Maubourgeon", "maubourgeon"),
    ("Awa", "N’Diayépour", "diayepour"),
    ("Marie Anne", "Le Goffic-Taravello", "taravello"),
    ("Ourdoze", "Zimbrovick", "zimbrovick"),
];

/// Every way of writing a name that a reader would recognise.
fn spellings(given: &str, surname: &str) -> Vec<(&'static str, String)> {
    let plain = |text: &str| ptce::fold::folded(text);
    let joined = |text: &str, by: &str| plain(text).split(' ').collect::<Vec<_>>().join(by);
    let initials: String =
        given.split(['-', ' ']).filter_map(|part| part.chars().next()).map(|c| format!("{c}.")).collect();
    let first = given.chars().next().unwrap_or_default();
    let each = |sign: &str| {
        let mut text = String::new();
        for c in format!("{given} {surname}").chars() {
            text.push(c);
            if c.is_alphabetic() {
                text.push_str(sign);
            }
        }
        text
    };
    let mapped = |map: &dyn Fn(char) -> char| format!("{given} {surname}").chars().map(map).collect::<String>();
    let wide = |c: char| if c.is_ascii_alphanumeric() { char::from_u32(c as u32 + 0xFEE0).unwrap_or(c) } else { c };
    let cyrillic = |c: char| match c {
        'a' => 'а',
        'e' => 'е',
        'o' => 'о',
        'i' => 'і',
        'c' => 'с',
        'x' => 'х',
        'M' => 'М',
        c => c,
    };
    let mut decomposed = String::new();
    for c in format!("{given} {surname}").chars() {
        unicode_normalization::char::decompose_canonical(c, |part| decomposed.push(part));
    }
    vec![
        ("telle quelle", format!("{given} {surname}")),
        ("casse", format!("{given} {surname}").to_lowercase()),
        ("casse", format!("{given} {surname}").to_uppercase()),
        ("casse", format!("{given} {}", surname.to_uppercase())),
        ("accents", plain(&format!("{given} {surname}"))),
        ("accents", decomposed),
        ("ordre", format!("{surname} {given}")),
        ("ordre", format!("{}, {given}", surname.to_uppercase())),
        ("initiales", format!("{initials} {surname}")),
        ("initiales", format!("{first}. {surname}")),
        ("initiales", format!("{first}.{surname}")),
        ("initiales", format!("{surname} {first}.")),
        ("civilité", format!("Mme {given} {surname}")),
        ("civilité", format!("monsieur {surname}")),
        ("civilité", format!("madame {given} {surname}")),
        ("civilité", format!("Melle {surname}")),
        ("civilité", format!("le docteur {surname}")),
        ("civilité", format!("Mmes Durandeau, {surname}")),
        ("civilité", format!("Mme la présidente {given} {surname}")),
        ("espaces", format!("{given}\n{surname}")),
        ("espaces", format!("{given}\u{a0}{surname}")),
        ("espaces", format!("M.\n{surname}")),
        ("espaces", format!("{given}  \t {surname}")),
        ("traits", format!("{given}-{surname}")),
        ("traits", format!("{}_{}", joined(given, "_"), joined(surname, "_"))),
        ("traits", format!("{given}/{surname}")),
        ("signes sans forme", each("\u{200b}")),
        ("signes sans forme", each("\u{ad}")),
        ("signes sans forme", each("\u{2060}")),
        ("sosies", mapped(&wide)),
        ("sosies", mapped(&cyrillic)),
        ("codes", format!("{given}&nbsp;{surname}")),
        ("codes", format!("{given}%20{surname}")),
        ("deuxième prénom", format!("{given} Anne {surname}")),
        ("un seul mot", format!("{}{}", joined(given, ""), joined(surname, ""))),
        ("un seul mot", format!("#{}{}", joined(given, ""), joined(surname, ""))),
        ("adresse électronique", format!("{}.{}@pole.example.org", joined(given, "."), joined(surname, "."))),
        ("adresse électronique", format!("{}{}@pole.example.org", plain(&first.to_string()), joined(surname, ""))),
        (
            "adresse électronique",
            format!("{}-{} at pole dot example dot org", joined(given, "-"), joined(surname, "-")),
        ),
        ("site", format!("https://{}-{}.example.org", joined(given, "-"), joined(surname, "-"))),
        ("site", format!("www.{}{}.example.org/contact", joined(given, ""), joined(surname, ""))),
        ("site", format!("https://www.linkedin.com/in/{}-{}", joined(given, "-"), joined(surname, "-"))),
        ("site", format!("https://example.org/~{}{}", plain(&first.to_string()), joined(surname, ""))),
        ("identifiant", format!("@{}.{}", joined(given, "."), joined(surname, "."))),
        ("identifiant", format!("@{}{}", plain(&first.to_string()), joined(surname, ""))),
    ]
}

const MOBILE: &str = "06 39 98 12 34";
const LANDLINE: &str = "04 65 71 12 98";

/// Every way of writing a number.
fn numbers() -> Vec<(&'static str, String)> {
    let mut all = Vec::new();
    for pairs in [["06", "39", "98", "12", "34"], ["04", "65", "71", "12", "98"]] {
        for sign in [
            "", " ", ".", "-", "\u{a0}", "\u{202f}", "\u{2009}", "\u{2002}", "\t", "\n", "\u{200b}", "\u{2010}",
            "\u{2011}", " – ", " · ", "·", "•", "|", ":", ",", "+", "*", "/", "_", " / ",
        ] {
            all.push(("séparateurs", pairs.join(sign)));
        }
        let national: String = pairs.concat();
        let own = &national[1..];
        let spaced = pairs.join(" ");
        for text in [
            format!("+33{own}"),
            format!("+33 {}", &spaced[1..]),
            format!("+33 (0){}", &spaced[1..]),
            format!("+33(0){own}"),
            format!("0033{own}"),
            format!("0033 {}", &spaced[1..]),
            format!("33 {}", &spaced[1..]),
            format!("33{own}"),
            spaced[1..].to_owned(),
            format!("tel{national}"),
            format!("wa.me/33{own}"),
            format!("tel:+33{own}"),
            format!("({}) {}", &national[..2], &spaced[3..]),
            format!("{} {} {}", &national[..4], &national[4..7], &national[7..]),
            national.chars().map(|c| char::from_u32(c as u32 + 0xFEE0).unwrap_or(c)).collect(),
        ] {
            all.push(("indicatifs et formes", text));
        }
    }
    all
}

const MAILBOX: &str = "z.quincampoix@pole-laine.example.org";

/// Every way of hiding a mailbox from programs.
fn mailboxes() -> Vec<(&'static str, String)> {
    let mut all = Vec::new();
    for at in [
        "@",
        " @ ",
        "＠",
        "﹫",
        "(at)",
        "[at]",
        "{at}",
        "<at>",
        " at ",
        " AT ",
        " (at) ",
        "(@)",
        "[@]",
        "[arobas]",
        "[arobase]",
        " arobase ",
        "-at-",
        "_at_",
        "&#64;",
        "&#x40;",
        "&commat;",
        "%40",
        "\u{200b}@",
        "@\u{200b}",
    ] {
        for point in [".", "(point)", "[dot]", " dot ", " point ", " DOT ", "．", "%2E"] {
            all.push(("signes", format!("z.quincampoix{at}pole-laine{point}example{point}org")));
        }
    }
    for text in [
        "Z.Quincampoix@Pole-Laine.Example.org",
        "mailto:z.quincampoix@pole-laine.example.org",
        "<z.quincampoix@pole-laine.example.org>",
    ] {
        all.push(("forme", text.to_owned()));
    }
    all
}

/// A record with `text` in every field that takes one.
fn filled(text: &str) -> Record {
    let mut record = serde_json::json!({});
    for field in ptce::field::fields() {
        let node = ptce::schema::root().at(field.pointer).unwrap();
        let item = node.items().unwrap_or(node);
        if item.text("type") != "string" || field.pointer.starts_with("/source") {
            continue;
        }
        let is_list = node.items().is_some();
        let mut place = &mut record;
        for step in field.pointer.split('/').skip(1) {
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

fn publish(folder: &Path, records: impl IntoIterator<Item = Record>) -> ptce::Result<()> {
    let options = OpenDataOptions::default();
    let mut publication = OpenData::create(&folder.join("jeu"), true, &options)?;
    for record in records {
        publication.record(record)?;
    }
    publication.finish(&|_| false).map(drop)
}

/// The telling letters and digits of a file, as somebody would look for them by other means than ours.
fn bare(text: &str) -> String {
    let text = text.replace("&nbsp;", " ").replace("%20", " ").replace("&#64;", "@");
    let mut bare = String::new();
    for c in text.chars() {
        let latin = match c {
            'а' => 'a',
            'е' => 'e',
            'о' => 'o',
            'і' => 'i',
            'с' => 'c',
            'х' => 'x',
            'М' => 'm',
            c if ('\u{ff01}'..='\u{ff5e}').contains(&c) => char::from_u32(c as u32 - 0xFEE0).unwrap_or(c),
            '\n' => '\n',
            c => c,
        };
        match latin {
            '\u{200b}' | '\u{ad}' | '\u{2060}' => {}
            '\n' => bare.push('\n'),
            c => bare.push_str(&ptce::fold::folded(&c.to_string())),
        }
    }
    bare
}

/// What is left of texts that hold a personal value in every field, and how many texts there are, by kind.
fn left(
    records: Vec<Record>,
    texts: Vec<(&'static str, String)>,
    telling: &[&str],
) -> (BTreeMap<&'static str, usize>, Vec<String>) {
    let place = folder(&[]);
    let mut counts = BTreeMap::new();
    for (kind, _) in &texts {
        *counts.entry(*kind).or_default() += 1;
    }
    let all = records.into_iter().chain(texts.iter().map(|(_, text)| filled(&format!("Avec {text} et d’autres."))));
    let mut wrong = Vec::new();
    if let Err(error) = publish(place.path(), all) {
        wrong.push(error.message(ptce::Language::French));
        return (counts, wrong);
    }
    for file in files_in(&place.path().join("jeu")) {
        let bytes = std::fs::read(&file).unwrap();
        let name = file.file_name().unwrap().to_string_lossy().into_owned();
        if name == "SHA256SUMS" || name == "datapackage.json" {
            continue;
        }
        for line in String::from_utf8_lossy(&bytes).lines() {
            let line_bare = bare(line);
            if telling.iter().any(|telling| line_bare.contains(telling)) && wrong.len() < 60 {
                wrong.push(format!("{name}: {}", line.chars().take(160).collect::<String>()));
            }
        }
    }
    (counts, wrong)
}

fn contact(name: &str, email: &str, phone: &str) -> Record {
    let own = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    Record {
        name: Some("Pôle de référence".to_owned()),
        contacts: vec![Contact { name: own(name), role: None, email: own(email), phone: own(phone) }],
        ..Record::default()
    }
}

/// The rows of the document for a set.
fn rows(counts: &BTreeMap<&'static str, usize>, per: usize) -> String {
    counts.iter().fold(String::new(), |mut text, (kind, count)| {
        let _ = writeln!(text, "| {kind} | {count} | {} |", count * per);
        text
    })
}

/// Texts of the second set: names that are also words, places, streets, schools, bodies; mailboxes of offices; numbers that
/// are none of a telephone.
fn innocent() -> Vec<(&'static str, String)> {
    let mut all: Vec<(&'static str, String)> = Vec::new();
    for head in [
        "12 rue",
        "avenue",
        "la place",
        "le boulevard",
        "le quai",
        "l’école",
        "le collège",
        "le lycée",
        "l’université",
        "la fondation",
        "l’hôpital",
        "la salle",
        "le stade",
        "le gymnase",
        "la médiathèque",
        "le square",
        "le prix",
        "l’espace",
        "le centre",
        "le théâtre",
    ] {
        for name in [
            "Jean Jaurès",
            "Paul Sabatier",
            "Marie Curie",
            "Anne Frank",
            "Pierre Mendès France",
            "Jules-Ferry",
            "Simone Veil",
        ] {
            all.push((
                "rues, écoles, fondations",
                format!("Les ateliers ont lieu dans {head} {name}, à deux pas du pôle."),
            ));
        }
        all.push(("rues, écoles, fondations", format!("Rendez-vous : {head} du Docteur Calmette.")));
        all.push(("rues, écoles, fondations", format!("Rendez-vous : {head} de l’Abbé Pierre.")));
        all.push(("rues, écoles, fondations", format!("Rendez-vous : {head} du Général de Gaulle.")));
    }
    for text in [
        "La France compte cent pôles.",
        "Le Grand Est et les Hauts-de-France.",
        "Petit à petit, le pôle grandit.",
        "Le petit marché de Paris.",
        "Un grand projet pour les petits producteurs.",
        "La rose et le marchand de quatre saisons.",
        "Le moulin à huile d’olive.",
        "Un berger et deux boulangers.",
        "La pierre sèche, le bois et la laine.",
        "Paris, Lyon et Marseille.",
        "Les Hautes-Alpes (05) et la Loire (42).",
        "Le Bourg-d’Oisans accueille le pôle.",
        "Le bourg revit.",
        "Le Pois chiche, une marque locale.",
        "Mr Bricolage et La Poste sont partenaires.",
        "La Poste, n° 1 du courrier.",
        "M Éco, la monnaie locale.",
        "Le pôle est né le 12 mars 2012.",
        "Une association née en 1998 à Gap.",
        "Le Secours populaire et Emmaüs.",
        "Le Relais, Familles rurales et Cap Emploi.",
        "Le développement économique et l’économie sociale et solidaire.",
        "La coopération économique en Provence-Alpes-Côte d’Azur.",
        "Initiative Alpes finance le projet.",
        "La maison commune et la chambre d’agriculture.",
        "Le pays et la ville.",
        "Maître d’ouvrage et maître d’œuvre.",
        "Les professeurs des écoles et les docteurs en droit.",
        "Saint-Paul, Saint-Pierre et Sainte-Rose.",
        "L’île de la Réunion et Saint-Martin.",
    ] {
        for end in ["", " Le projet continue.", " C’est un succès."] {
            all.push(("mots et lieux", format!("{text}{end}")));
        }
    }
    for word in [
        "contact",
        "accueil",
        "info",
        "economie",
        "developpement",
        "coordination",
        "animation",
        "equipe",
        "admin",
        "standard",
        "ccas",
        "urbanisme",
        "tiers-lieu",
        "ressourcerie",
        "pole.bois",
        "dgs",
        "maire",
        "mairie",
        "direction",
        "secretariat",
        "communication",
        "partenariats",
        "formation",
        "emploi",
        "insertion",
        "culture",
        "tourisme",
        "environnement",
        "recyclerie",
        "atelier",
    ] {
        all.push(("adresses de services", format!("Écrire à {word}@pole.example.org.")));
        all.push(("adresses de services", format!("Inscriptions : {word}@agglo.example.org, avant mars.")));
    }
    for text in [
        "SIRET 732 829 320 00074",
        "SIREN 732829320",
        "RNA W051001234",
        "Le dossier n° 0123456789",
        "Convention n° 01 23 45 67 89",
        "Un budget de 1 200 000 € en 2013",
        "Le 01/02/2014 à 12:30",
        "Du 01/02/2014 au 31/03/2015",
        "Dans les départements 04, 05, 06, 13, 83",
        "Les départements 01-26-38-69-73",
        "ISBN 0123456789",
        "05000 Gap, 69001 Lyon",
        "Latitude 44.559638, longitude 6.079758",
        "1 000 000 de repas, 250 000 € par an",
        "Article 9 de la loi n° 2014-856",
        "FR 12 732829320",
        "Lot 1 2 3, parcelle 0456",
    ] {
        all.push(("nombres", format!("{text}.")));
        all.push(("nombres", format!("Pour mémoire : {text}, fin.")));
    }
    all
}

/// Contacts whose names are words, places and names of other things.
fn namesakes() -> Vec<Contact> {
    let names = [
        "France Dupont",
        "Paul Petit",
        "Yves Grand",
        "Anne Paris",
        "Jean Jaurès",
        "Pierre Marchand",
        "Rose Moulin",
        "Olive Berger",
        "Paul Sabatier",
        "Mme Le Bourg",
        "Développement économique",
        "Économie sociale et solidaire",
        "Coopération économique",
        "Provence-Alpes-Côte d’Azur",
        "Secours Populaire",
        "Le Relais",
        "La Poste",
        "Familles Rurales",
        "Cap Emploi",
        "Initiative Alpes",
        "Emmaüs",
        "Service développement local",
        "n° 1",
        "Zélie Bureau",
        "Marc Maison",
        "Luc Pays",
        "Agnès Ville",
    ];
    let phones = ["1 2 3", "0 4 9 2 5 1 1 2 3 4", "15", "3949"];
    let named = names.map(|name| Contact { name: Some(name.to_owned()), ..Contact::default() });
    let reached = phones.map(|phone| Contact { phone: Some(phone.to_owned()), ..Contact::default() });
    named.into_iter().chain(reached).collect()
}

#[test]
fn nothing_personal_is_left_and_nothing_else_is_touched() {
    let mut document = String::from(
        "# Ce que le retrait des données personnelles laisse et touche\n\n\
         Deux jeux de textes inventés, faits par combinaison (`tests/it/personal_data.rs`), mesurés par un test à chaque\n\
         changement. Les noms, les adresses et les numéros ne sont de personne.\n\n\
         ## Ce qui est personnel à coup sûr\n\n\
         Chaque écriture est mise dans tous les champs de texte d’une fiche autre que celle du contact ; tous les fichiers de la\n\
         publication sont relus par un autre moyen que celui du programme. Il reste **0** donnée.\n\n\
         | écriture | textes | champs |\n|---|---|---|\n",
    );
    let fields = ptce::field::fields().filter(|field| !field.pointer.starts_with("/source")).count();
    let mut wrong = Vec::new();
    let mut counts: BTreeMap<&'static str, usize> = BTreeMap::new();
    for (given, surname, telling) in PEOPLE {
        let (own, found) =
            left(vec![contact(&format!("{given} {surname}"), "", "")], spellings(given, surname), &[telling]);
        wrong.extend(found);
        own.into_iter().for_each(|(kind, count)| *counts.entry(kind).or_default() += count);
    }
    for (records, texts, telling) in [
        (
            vec![contact("Zélie Quincampoix", "", MOBILE), contact("Paul Leroyer", "", LANDLINE)],
            numbers(),
            &["639981234", "465711298"][..],
        ),
        (vec![contact("", MAILBOX, "")], mailboxes(), &["quincampoix", "polelaine"][..]),
        (
            vec![contact("", MAILBOX, "")],
            spellings("Zélie", "Quincampoix").into_iter().filter(|(kind, _)| *kind == "initiales").take(3).collect(),
            &["quincampoix"][..],
        ),
        (
            Vec::new(),
            ["1 84 12 76 451 089 46", "184127645108946", "1-84-12-76-451-089-46"]
                .map(|text| ("numéro de sécurité sociale", text.to_owned()))
                .into_iter()
                .chain(
                    ["FR76 3000 6000 0112 3456 7890 189", "FR7630006000011234567890189"]
                        .map(|text| ("compte bancaire", text.to_owned())),
                )
                .collect(),
            &["184127645108946", "3456789"][..],
        ),
    ] {
        let (own, found) = left(records, texts, telling);
        wrong.extend(found);
        own.into_iter().for_each(|(kind, count)| *counts.entry(kind).or_default() += count);
    }
    document.push_str(&rows(&counts, fields));
    let total: usize = counts.values().sum();
    let _ = writeln!(document, "| **ensemble** | **{total}** | **{}** |", total * fields);
    assert!(wrong.is_empty(), "{} left: {wrong:#?}", wrong.len());
    assert!(total > 300, "{total}");

    document.push_str(
        "\n## Ce qui ne l’est pas\n\n\
         Chaque texte est publié deux fois : dans une fiche dont les contacts portent des noms qui sont aussi des mots, des lieux\n\
         ou des noms d’autre chose (France Dupont, Paul Petit, Jean Jaurès, « Développement économique »…), et dans une autre.\n\n\
         | texte | textes | touchés |\n|---|---|---|\n",
    );
    let texts = innocent();
    let place = folder(&[]);
    let mut records = Vec::new();
    for (rank, (_, text)) in texts.iter().enumerate() {
        let mut record =
            Record { id: Some(format!("a-{rank:04}")), name: Some("Pôle".to_owned()), ..Record::default() };
        record.project.summary = Some(text.clone());
        let other = Record { id: Some(format!("b-{rank:04}")), ..record.clone() };
        record.contacts = namesakes();
        record.partners = vec![Partner { name: Some("La Poste".to_owned()), ..Partner::default() }];
        records.extend([record, other]);
    }
    publish(place.path(), records).unwrap();
    let published: Vec<Record> =
        serde_json::from_slice(&std::fs::read(place.path().join("jeu/ptce.json")).unwrap()).unwrap();
    let mut touched: BTreeMap<&'static str, (usize, usize)> = BTreeMap::new();
    let mut shown = Vec::new();
    for (half, start) in published.chunks(texts.len()).zip(["a", "b"]) {
        for ((kind, text), record) in texts.iter().zip(half) {
            assert!(record.id.as_ref().unwrap().starts_with(start));
            let of = touched.entry(kind).or_default();
            of.0 += 1;
            if record.project.summary.as_ref() != Some(text) {
                of.1 += 1;
                shown.push(format!("{start}: {text} → {}", record.project.summary.as_deref().unwrap_or("")));
            }
        }
    }
    for (kind, (count, changed)) in &touched {
        let _ = writeln!(document, "| {kind} | {count} | {changed} |");
    }
    let (count, changed) = touched.values().fold((0, 0), |sum, of| (sum.0 + of.0, sum.1 + of.1));
    let _ = writeln!(document, "| **ensemble** | **{count}** | **{changed}** |");
    assert!(changed * 100 <= count, "{changed} of {count} touched: {shown:#?}");
    assert!(
        published
            .iter()
            .all(|record| record.partners.is_empty() || record.partners[0].name.as_deref() == Some("La Poste"))
    );
    assert_current("docs/personal-data.md", document.as_bytes());
}

/// What one record keeps frees nothing of what another one withholds.
#[test]
fn no_record_frees_what_another_withholds() {
    let place = folder(&[]);
    let mut address = contact("", "contact@zelie-quincampoix.example.org", "");
    address.address.complement = Some("Zélie Quincampoix".to_owned());
    let mut text = contact("", "", "");
    text.project.summary = Some("Avec Zélie Quincampoix.".to_owned());
    publish(place.path(), [contact("Zélie Quincampoix", "", ""), address, text]).unwrap();
    for file in files_in(&place.path().join("jeu")) {
        let bytes = std::fs::read(&file).unwrap();
        assert!(!bare(&String::from_utf8_lossy(&bytes)).contains("quincampoix"), "{}", file.display());
    }
}

/// Names of hubs, communes and sites are no handles of the people of other records, whose surnames have words in common with
/// many communes: « Émile Saint-Just », « Sainte-Euphémie ».
#[test]
fn hubs_all_over_france_are_published() {
    const COUNT: usize = 600;
    let given = ["Émile", "Anne", "Théo", "Louis", "Marie-Paule", "Eugénie", "Sacha"];
    let surnames =
        ["Saint-Just", "Sainte-Marie", "Le Goff", "Du Val", "La Roche-Martin", "Rivière", "Bourg-Neuf", "Grand"];
    let communes = include_str!("../../src/reference/tables/communes.tsv");
    let communes: Vec<Vec<&str>> = communes.lines().map(|line| line.split('\t').collect()).collect();
    let names: Vec<&str> =
        communes.iter().filter(|row| row[1] == "C" && !row[4].is_empty()).map(|row| row[3]).collect();
    // A stride that is prime to the number of communes meets them all.
    let hub = |rank: usize| {
        let commune = names[rank * 7919 % names.len()];
        let slug = ptce::fold::folded(commune).replace(' ', "-");
        let person = format!("{} {}", given[rank % given.len()], surnames[rank % surnames.len()]);
        let mailbox = format!("{}@{slug}.example.org", ptce::fold::folded(&person).replace(' ', "."));
        let mut record = contact(&person, &mailbox, "");
        record.name = Some(format!("Pôle {rank} de {commune}"));
        record.coordinator.name = Some(format!("Association de {commune}"));
        record.address.commune = Some(commune.to_owned());
        record.website = Some(format!("https://www.{slug}.example.org/ptce"));
        record
    };
    let place = folder(&[]);
    publish(place.path(), (0..COUNT).map(hub)).unwrap();
    let published: Vec<Record> =
        serde_json::from_slice(&std::fs::read(place.path().join("jeu/ptce.json")).unwrap()).unwrap();
    let kept = published.iter().filter(|record| record.website.is_some()).count();
    assert!(kept * 100 >= COUNT * 99, "{kept} sites of {COUNT}");
}

/// With somebody who trades alone go their number, the mailbox and the site of their own domain, and the address.
#[test]
fn a_sole_trader_is_a_person() {
    for (form, name) in [
        (Some("Micro-entrepreneuse"), "Zélie Quincampoix"),
        (None, "Zélie Quincampoix EI"),
        (Some("1000"), "EI Quincampoix Zélie"),
    ] {
        let place = folder(&[]);
        let mut record = contact("", "contact@zelie-quincampoix.example.org", LANDLINE);
        record.coordinator.name = Some(name.to_owned());
        record.coordinator.legal_form = form.map(str::to_owned);
        record.coordinator.siret = Some("732 829 320 00074".to_owned());
        record.website = Some("https://quincampoix.fr".to_owned());
        record.address.street = Some("12 rue des Lilas-Mauves".to_owned());
        record.project.summary =
            Some("Quincampoix, 12 rue des Lilas-Mauves, SIRET 73282932000074, 0465711298.".to_owned());
        let partner = Partner { name: Some(name.to_owned()), ..Partner::default() };
        let other = Record { partners: vec![partner], ..contact("", "", "") };
        publish(place.path(), [record, other]).unwrap();
        for file in files_in(&place.path().join("jeu")) {
            let bytes = std::fs::read(&file).unwrap();
            let text = bare(&String::from_utf8_lossy(&bytes));
            // The schema gives an invented SIRET as an example.
            let secrets = ["quincampoix", "lilasmauves", "465711298", "73282932000074"];
            let secrets = if file.ends_with("schema.json") { &secrets[..3] } else { &secrets[..] };
            for secret in secrets {
                assert!(!text.contains(secret), "{form:?} {name}: {secret} in {}", file.display());
            }
        }
    }
}
