//! What spreadsheets, encodings and copies do to texts, and what people write who know no value.

use super::{Broken, Defect, broken};
use crate::quality::random::{Random, with};
use crate::quality::world::{Base, Wish, World};

/// Where people write free texts, and formal ones.
const FREE: &[&str] = &[
    "/nom",
    "/projet/resume",
    "/projet/objectifs/0",
    "/thematiques/0",
    "/coordinateur/nom",
    "/partenaires/0/nom",
    "/partenaires/1/nom",
    "/contacts/0/nom",
    "/contacts/0/fonction",
    "/adresse/voie",
    "/territoire/libelle",
    "/calendrier",
    "/evaluation",
    "/appel/edition",
];
const CODES: &[&str] = &[
    "/adresse/code_postal",
    "/contacts/0/courriel",
    "/contacts/0/telephone",
    "/coordinateur/siren",
    "/coordinateur/siret",
    "/coordinateur/rna",
    "/site_web",
    "/appel/date_annonce",
    "/adresse/commune",
    "/region/nom",
    "/territoire/departements/0/nom",
    "/territoire/communes/0/code_insee",
];

fn anywhere(random: &mut Random) -> &'static str {
    let all: Vec<&str> = FREE.iter().chain(CODES).copied().collect();
    all[random.below(all.len())]
}

/// Puts one of the texts at one of the places, if the record has a value there.
fn placed(world: &World, random: &mut Random, at: &str, texts: &[&str]) -> Option<Broken> {
    let base = world.base(random, &Wish::default());
    let text = random.pick(texts);
    broken(base, at, |_| text.to_owned())
}

pub const FORMULAS: &[Defect] = &[
    Defect::new("formula-error", "in English", |world, random| {
        let at = anywhere(random);
        placed(world, random, at, &["#REF!", "#N/A", "#VALUE!", "#NAME?", "#DIV/0!", "#NULL!", "#NUM!"])
    }),
    Defect::new("formula-error", "in French", |world, random| {
        let at = anywhere(random);
        placed(world, random, at, &["#REF!", "#N/A", "#VALEUR!", "#NOM?", "#DIV/0!", "#NUL!", "#NOMBRE!"])
    }),
    Defect::new("formula-error", "with a blank before the mark", |world, random| {
        let at = anywhere(random);
        placed(world, random, at, &["#NOM\u{a0}?", "#NOM ?", "#REF !", "#VALEUR\u{a0}!", "#VALEUR !"])
    }),
    Defect::new("formula-error", "of recent spreadsheets", |world, random| {
        let at = anywhere(random);
        placed(world, random, at, &["#SPILL!", "#CALC!", "#PROPAGATION!", "#CALCUL!", "#FIELD!", "#CHAMP!"])
    }),
    Defect::new("formula-error", "of other spreadsheets", |world, random| {
        let at = anywhere(random);
        placed(world, random, at, &["#ERROR!", "#ERREUR!", "Err:502", "Err:508", "Err:504", "#valeur!"])
    }),
];

pub const PLACEHOLDERS: &[Defect] = &[
    Defect::new("placeholder-value", "words, in a text", |world, random| {
        let at = random.pick(FREE);
        let texts = ["néant", "Néant", "N/A", "n/a", "N.A.", "à compléter", "A COMPLETER", "À préciser", "à définir"];
        placed(world, random, at, &texts)
    }),
    Defect::new("placeholder-value", "more words, in a text", |world, random| {
        let at = random.pick(FREE);
        let texts = ["Non renseigné", "(non communiqué)", "inconnu", "sans objet", "TBD", "todo", "nc", "N.C.", "vide"];
        placed(world, random, at, &texts)
    }),
    Defect::new("placeholder-value", "words, in a formal field", |world, random| {
        let at = random.pick(&CODES[..8]);
        let texts =
            ["néant", "NC", "aucun", "Aucune", "non", "RAS", "s.o.", "sans", "à venir", "idem", "en cours", "NR"];
        placed(world, random, at, &texts)
    }),
    Defect::new("placeholder-value", "signs", |world, random| {
        let at = random.pick(&[FREE, CODES].concat());
        placed(world, random, at, &["-", "–", "—", "?", "???", "...", "…", "/", "--", "*", "_"])
    }),
    Defect::new("placeholder-value", "crosses", |world, random| {
        let at = random.pick(&[FREE, &CODES[..8]].concat());
        placed(world, random, at, &["xxx", "XXX", "XX XX", "xxxxx", "X X X"])
    }),
    Defect::new("placeholder-value", "nothing but zeros", |world, random| {
        let (at, texts): (_, &[&str]) = match random.below(5) {
            0 => ("/adresse/code_postal", &["00000", "0"]),
            1 => ("/contacts/0/telephone", &["00 00 00 00 00", "0000000000", "00.00.00.00.00", "0"]),
            2 => ("/coordinateur/siren", &["000000000", "0", "000 000 000"]),
            3 => ("/coordinateur/siret", &["00000000000000", "0"]),
            _ => ("/coordinateur/rna", &["0", "000000000"]),
        };
        placed(world, random, at, texts)
    }),
];

/// Right texts, full of what encodings damage.
const ACCENTED: &[&str] = &[
    "Pôle de l’Économie circulaire du Béarn",
    "À l’œuvre : coopération & énergies",
    "« Les Forêts » – filière bois",
    "Association Où ça pousse",
    "Être acteur de son développement",
    "Réemploi à Nîmes, dès l’été",
    "Café associatif Chez Noëlle",
    "ÉCOLE DES MÉTIERS DE LA FORÊT",
    "Insertion par l’activité économique à Sète",
    "Garçon de café, maïs et blé",
    "Coût prévu : 12 000 € l’an",
    "Île d’Yeu… et après",
    "Cœur de Pévèle",
    "Aînés, hôtes et naïfs",
    "Où va l’Ôde",
    "Ça et là",
];

fn accented(world: &World, random: &mut Random) -> (Base, &'static str) {
    let mut base = world.base(random, &Wish { profile: Some(ptce::settings::Profile::Submission), ..Wish::default() });
    let at = random.pick(&[
        "/nom",
        "/projet/resume",
        "/coordinateur/nom",
        "/partenaires/0/nom",
        "/evaluation",
        "/thematiques/0",
    ]);
    let rank = if at == "/nom" { format!(" {}", world.rank()) } else { String::new() };
    base.set(at, format!("{}{rank}", random.pick(ACCENTED)));
    (base, at)
}

/// UTF-8 read as Windows-1252, as the web reads it: what that has no sign for stays a control.
fn misread(text: &str) -> String {
    encoding_rs::WINDOWS_1252.decode_without_bom_handling(text.as_bytes()).0.into_owned()
}

pub const MOJIBAKE: &[Defect] = &[
    Defect::new("mojibake", "letters lost", |world, random| {
        let (base, at) = accented(world, random);
        broken(base, at, |text| text.chars().map(|c| if c.is_ascii() { c } else { '\u{fffd}' }).collect())
    }),
    Defect::new("mojibake", "letters made question marks", |world, random| {
        let (mut base, at) = accented(world, random);
        base.set(at, format!("Coopération et réemploi à Sète, {}", world.rank()));
        broken(base, at, |text| text.chars().map(|c| if c.is_ascii() { c } else { '?' }).collect())
    }),
    Defect::new("mojibake", "letters made question marks behind words", |world, random| {
        let (mut base, at) = accented(world, random);
        let text = random.pick(&["Place du Marché", "Café associatif de la Cité", "École de la Paix"]);
        base.set(at, format!("{text} {}", world.rank()));
        broken(base, at, |text| text.replace(['é', 'É'], "?"))
    }),
];

/// Letters that can be restored, whatever made them.
pub const RESTORED: &[Defect] = &[
    Defect::new("value-understood", "UTF-8 as Windows-1252", |world, random| {
        let (base, at) = accented(world, random);
        broken(base, at, misread)
    }),
    Defect::new("value-understood", "UTF-8 as Latin-1", |world, random| {
        let (base, at) = accented(world, random);
        broken(base, at, |text| text.bytes().map(char::from).collect())
    }),
    Defect::new("value-understood", "twice", |world, random| {
        let (base, at) = accented(world, random);
        broken(base, at, |text| misread(&misread(text)))
    }),
    Defect::new("value-understood", "non-breaking spaces made plain", |world, random| {
        let (base, at) = accented(world, random);
        broken(base, at, |text| misread(text).replace('\u{a0}', " "))
    }),
    Defect::new("value-understood", "one word of a sound text", |world, random| {
        let (base, at) = accented(world, random);
        broken(base, at, |text| {
            let word = text.split(' ').find(|word| !word.is_ascii()).unwrap();
            text.replacen(word, &misread(word), 1)
        })
    }),
    Defect::new("value-understood", "name of a commune", |world, random| {
        let mut base = world.base(random, &Wish { cedex: Some(false), ..Wish::default() });
        base.set("/adresse/commune", base.commune.name);
        let is_ascii = base.commune.name.is_ascii();
        broken(base, "/adresse/commune", misread).filter(|_| !is_ascii)
    }),
    Defect::new("value-understood", "UTF-8 as Mac Roman", |world, random| {
        let (base, at) = accented(world, random);
        broken(base, at, |text| encoding_rs::MACINTOSH.decode_without_bom_handling(text.as_bytes()).0.into_owned())
    }),
];

const MARKED: &[&str] =
    &["/nom", "/projet/resume", "/projet/objectifs/0", "/partenaires/0/nom", "/coordinateur/nom", "/evaluation"];

fn marked(world: &World, random: &mut Random, mark: fn(&mut Random, &str) -> String) -> Option<Broken> {
    let (mut base, _) = accented(world, random);
    let at = random.pick(MARKED);
    let rank = if at == "/nom" { format!(" {}", world.rank()) } else { String::new() };
    base.set(at, format!("{}{rank}", random.pick(ACCENTED)));
    broken(base, at, |text| mark(random, text))
}

/// The names of characters in HTML.
fn named(text: &str) -> String {
    let names = [
        ('é', "&eacute;"),
        ('è', "&egrave;"),
        ('ê', "&ecirc;"),
        ('à', "&agrave;"),
        ('À', "&Agrave;"),
        ('É', "&Eacute;"),
        ('Ê', "&Ecirc;"),
        ('Ç', "&Ccedil;"),
        ('ç', "&ccedil;"),
        ('ô', "&ocirc;"),
        ('Ô', "&Ocirc;"),
        ('î', "&icirc;"),
        ('Î', "&Icirc;"),
        ('ï', "&iuml;"),
        ('ù', "&ugrave;"),
        ('û', "&ucirc;"),
        ('œ', "&oelig;"),
        ('ë', "&euml;"),
        ('’', "&rsquo;"),
        ('«', "&laquo;"),
        ('»', "&raquo;"),
        ('…', "&hellip;"),
        ('–', "&ndash;"),
        ('€', "&euro;"),
    ];
    let name = |c: char| names.iter().find(|(sign, _)| *sign == c).map(|(_, name)| (*name).to_owned());
    text.chars().map(|c| name(c).unwrap_or_else(|| c.to_string())).collect()
}

pub const MARKUP: &[Defect] = &[
    Defect::new("markup-leftover", "tags around", |world, random| {
        let broken = marked(world, random, |random, text| {
            let (open, close) = *random.pick(&[
                &("<p>", "</p>"),
                &("<b>", "</b>"),
                &("<strong>", "</strong>"),
                &("<span style=\"color:red\">", "</span>"),
                &("<div class=\"x\"><p>", "</p></div>"),
                &("<a href=\"https://example.org\">", "</a>"),
                &("<i>", "</i>"),
                &("<LI>", "</LI>"),
                &("<u>", "</u>"),
            ]);
            format!("{open}{text}{close}")
        });
        // A passage about the project is read without its tags, and told as such.
        broken.filter(|broken| !broken.at.iter().any(|at| at.starts_with("/projet/")))
    }),
    Defect::new("markup-leftover", "break at the end", |world, random| {
        marked(world, random, |random, text| {
            format!("{text}{}", random.pick(&["<br>", "<br/>", "<br />", "<BR>", "</p>"]))
        })
    }),
    Defect::new("markup-leftover", "break between words", |world, random| {
        marked(world, random, |random, text| text.replacen(' ', random.pick(&["<br>", " <br/>", "<br /> "]), 1))
    }),
    Defect::new("markup-leftover", "stars", |world, random| {
        marked(world, random, |random, text| match random.below(2) {
            0 => format!("**{text}**"),
            _ => format!("**{text}"),
        })
    }),
    Defect::new("markup-leftover", "characters by name", |world, random| {
        marked(world, random, |_, text| named(text))
            .filter(|broken| broken.record.pointer(&broken.at[0]).unwrap().as_str().unwrap().contains(';'))
    }),
    Defect::new("markup-leftover", "characters by number", |world, random| {
        marked(world, random, |_, text| {
            text.chars().map(|c| if c.is_ascii() { c.to_string() } else { format!("&#{};", u32::from(c)) }).collect()
        })
    }),
    Defect::new("markup-leftover", "characters by hexadecimal number", |world, random| {
        marked(world, random, |_, text| {
            text.chars().map(|c| if c.is_ascii() { c.to_string() } else { format!("&#x{:X};", u32::from(c)) }).collect()
        })
    }),
    Defect::new("markup-leftover", "ampersand and blanks by name", |world, random| {
        marked(world, random, |_, text| text.replace('&', "&amp;").replacen(' ', "&nbsp;", 1))
    }),
    Defect::new("markup-leftover", "end of line of a workbook", |world, random| {
        marked(world, random, |random, text| format!("{text}{}", random.pick(&["_x000D_", "_x000d_", "_x000D_\n"])))
    }),
];

/// Puts a sign between two letters of a text.
fn between_letters(random: &mut Random, text: &str, sign: char) -> String {
    let at = 1 + random.below(text.chars().count().max(2) - 1);
    with(text, at.min(text.chars().count() - 1), sign)
}

pub const INVISIBLE: &[Defect] = &[
    Defect::new("control-character", "control characters", |world, random| {
        marked(world, random, |random, text| {
            let sign = ['\u{1}', '\u{7}', '\u{8}', '\u{1B}', '\u{1F}', '\u{7F}'][random.below(6)];
            between_letters(random, text, sign)
        })
    }),
    Defect::new("control-character", "of no width", |world, random| {
        marked(world, random, |random, text| {
            let sign = ['\u{AD}', '\u{200B}', '\u{2060}', '\u{FEFF}'][random.below(4)];
            between_letters(random, text, sign)
        })
    }),
];
