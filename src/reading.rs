//! How the value of a field is read: what people write, made canonical where one reading is certain.
//!
//! `READERS` is the one place: a field, what its canonical values plainly look like, and what else means one of them. A
//! value that is canonical is told so by a quick look and stays as it is; any other goes to its reader, which answers the
//! value that it can only mean, or nothing, and then it is for the rules to tell. Where two readings are possible there is none.
//! What was read is told (`Told`), with the text that stood there, and how (`Way`).

mod codes;
pub(crate) mod days;
pub(crate) mod joint;
pub mod manual;
pub(crate) mod numbers;
mod places;
pub(crate) mod sirene;
pub(crate) mod sites;

pub(crate) use crate::finding::Way;
pub(crate) use codes::{confirms as confirms_postal_code, is_dressed_postal_code};
pub(crate) use places::is_region;

use bumpalo::Bump;

use crate::field::Field;
use crate::record::{Record, Slot};
use crate::vocabulary;

/// What a reader made of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Read {
    pub value: String,
    pub way: Way,
}

impl Read {
    fn new(value: impl Into<String>, way: Way) -> Option<Read> {
        Some(Read { value: value.into(), way })
    }
}

/// A value that was read, with what stood in its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Told {
    /// What the source has.
    pub was: String,
    /// What it was read as; of two readings, the likelier.
    pub value: String,
    /// The other reading, where there are two and none was taken.
    pub other: Option<String>,
    pub way: Way,
}

/// Finds the text of a field in a record: of an element of a list by its index. The outer `None` is the end of the list.
type Find = for<'r, 't> fn(&'r Record<&'t str>, usize) -> Option<Option<&'t str>>;

/// How the texts of a field are read.
pub(crate) struct Reader {
    /// JSON Pointer of the field.
    pub field: &'static str,
    find: Find,
    /// Whether a text plainly is a canonical value: true of nearly every text, and cheap.
    is_plain: fn(&Record<&str>, usize, &str) -> bool,
    /// The one value that a text can mean besides.
    read: fn(&Record<&str>, usize, &str) -> Option<Read>,
    /// What is understood, for `docs/values.md`.
    examples: &'static [Example],
}

/// What somebody writes, what it is read as, and what of the record the reading rests on.
#[derive(Debug, Clone, Copy)]
pub struct Example {
    /// What stands in the source.
    pub written: &'static str,
    /// What the record holds; empty where there is no certain reading.
    pub read: &'static str,
    /// Another label of the source, and its value.
    pub beside: Option<(&'static str, &'static str)>,
}

pub(crate) const fn example(written: &'static str, read: &'static str) -> Example {
    Example { written, read, beside: None }
}

const fn beside(label: &'static str, value: &'static str, written: &'static str, read: &'static str) -> Example {
    Example { written, read, beside: Some((label, value)) }
}

fn are_digits(text: &str, count: usize) -> bool {
    text.len() == count && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// Whether a text is made as the few values of a field are: of small letters of ASCII.
fn is_like_a_choice(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_')
}

fn choice(field: &str, text: &str) -> Option<Read> {
    Read::new(vocabulary::value(field, text)?, Way::Choice)
}

fn passage(text: &str) -> Option<Read> {
    Read::new(crate::text::markup::passage(text)?, Way::Passage)
}

/// How each field is read that has one way of writing its values. A reader may rest on what those before it have read.
pub(crate) static READERS: &[Reader] = &[
    Reader {
        field: "/id",
        find: |record, at| (at == 0).then_some(record.id),
        is_plain: |_, _, text| text.bytes().all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-')),
        read: |_, _, text| codes::identifier(text),
        examples: &[
            example("PTCE_001", "ptce-001"),
            example("recA1b2C3d", "reca1b2c3d"),
            example("{0AF3-11}", "0af3-11"),
            example("Pôle A", ""),
        ],
    },
    Reader {
        field: "/appel/statut",
        find: |record, at| (at == 0).then_some(record.call.status),
        is_plain: |_, _, text| is_like_a_choice(text) && vocabulary::is_value("/appel/statut", text),
        read: |_, _, text| choice("/appel/statut", text),
        examples: &[
            example("Lauréat", "laureat"),
            example("Lauréat(e)", "laureat"),
            example("lauréat·e·s", "laureat"),
            example("LAURÉATE", "laureat"),
            example("Retenu", "laureat"),
            example("retenue", "laureat"),
            example("Recevable", "recevable"),
            example("peut-être", ""),
        ],
    },
    Reader {
        field: "/appel/type",
        find: |record, at| (at == 0).then_some(record.call.kind),
        is_plain: |_, _, text| is_like_a_choice(text) && vocabulary::is_value("/appel/type", text),
        read: |_, _, text| choice("/appel/type", text),
        examples: &[
            example("Émergent", "emergent"),
            example("émergence", "emergent"),
            example("PTCE émergents", "emergent"),
            example("Consolidé(e)", "consolidation"),
            example("en création", ""),
        ],
    },
    Reader {
        field: "/appel/date_annonce",
        find: |record, at| (at == 0).then_some(record.call.announced),
        is_plain: |_, _, text| days::is_canonical(text),
        read: |_, _, text| Read::new(days::sure(text)?, Way::Day),
        examples: &[
            example("22 mai 2025", "2025-05-22"),
            example("1er août 2014", "2014-08-01"),
            example("le jeudi 22 mai 2025", "2025-05-22"),
            example("22/05/2025", "2025-05-22"),
            example("05/06/2025", "2025-06-05"),
            example("22.5.25", "2025-05-22"),
            example("2025-12-11T10:30:00", "2025-12-11"),
            example("11/12/2025 à 10h30", "2025-12-11"),
            example("courant 2025", ""),
            example("30/02/2025", ""),
            example("lundi 22 mai 2025", ""),
        ],
    },
    Reader {
        field: "/region/nom",
        find: |record, at| (at == 0).then_some(record.region.name),
        is_plain: |_, _, text| places::is_region(text),
        read: |_, _, text| Read::new(places::region(text)?, Way::Place),
        examples: &[
            example("Provence-Alpes-Côte d’Azur (PACA)", "Provence-Alpes-Côte d'Azur"),
            example("Auvergne-Rhône-Alpes (Ardèche)", "Auvergne-Rhône-Alpes"),
            example("Occitanie / Midi-Pyrénées", "Occitanie"),
            example("Occitanie (Ardèche)", ""),
            example("Sud-Ouest", ""),
        ],
    },
    Reader {
        field: "/territoire/departements/*/code",
        find: |record, at| record.territory.departments.get(at).map(|one| one.code),
        is_plain: |_, _, text| places::is_department_code(text),
        read: |_, _, text| places::department_code(text),
        examples: &[example("2b", "2B"), example("7", "07"), example("20", ""), example("99", "")],
    },
    Reader {
        field: "/territoire/departements/*/nom",
        find: |record, at| record.territory.departments.get(at).map(|one| one.name),
        is_plain: |record, at, text| places::is_department(record.territory.departments[at].code, text),
        read: |record, at, text| places::department_name(record.territory.departments[at].code, text),
        examples: &[
            example("Hte-Garonne", "Haute-Garonne"),
            example("Htes Alpes", "Hautes-Alpes"),
            example("Hts-de-Seine", "Hauts-de-Seine"),
            example("Belfort", "Territoire de Belfort"),
            example("Dpt du Lot", "Lot"),
            example("Haute", ""),
            example("Figeac", ""),
        ],
    },
    Reader {
        field: "/territoire/communes/*/code_insee",
        find: |record, at| record.territory.communes.get(at).map(|one| one.code),
        is_plain: |_, _, text| are_digits(text, 5),
        read: |record, at, text| codes::commune_code(text, record.territory.communes[at].name),
        examples: &[
            example("46 102", "46102"),
            example("2a004", "2A004"),
            example("5061", "05061"),
            example("99999999", ""),
        ],
    },
    Reader {
        field: "/territoire/priorites",
        find: |record, at| record.territory.priorities.get(at).map(|text| Some(*text)),
        is_plain: |_, _, text| is_like_a_choice(text) && vocabulary::is_value("/territoire/priorites", text),
        read: |_, _, text| choice("/territoire/priorites", text),
        examples: &[
            example("QPV", "politique_de_la_ville"),
            example("Politique de la ville", "politique_de_la_ville"),
            example("Zones rurales", "zone_rurale"),
            example("Bassin désindustrialisé", "bassin_desindustrialise"),
            example("montagne", ""),
        ],
    },
    Reader {
        field: "/projet/resume",
        find: |record, at| (at == 0).then_some(record.project.summary),
        is_plain: |_, _, text| !text.starts_with('<'),
        read: |_, _, text| passage(text),
        examples: &[
            example("<p>Relancer la <b>laine</b>.</p>", "Relancer la laine."),
            example("<p>Deux&nbsp;lignes,<br/>dont une seconde</p>", "Deux lignes, dont une seconde"),
            example("Relancer <p>la laine</p>", ""),
        ],
    },
    Reader {
        field: "/projet/objectifs",
        find: |record, at| record.project.objectives.get(at).map(|text| Some(*text)),
        is_plain: |_, _, text| !text.starts_with('<'),
        read: |_, _, text| passage(text),
        examples: &[],
    },
    Reader {
        field: "/projet/actions",
        find: |record, at| record.project.actions.get(at).map(|text| Some(*text)),
        is_plain: |_, _, text| !text.starts_with('<'),
        read: |_, _, text| passage(text),
        examples: &[],
    },
    Reader {
        field: "/coordinateur/siren",
        find: |record, at| (at == 0).then_some(record.coordinator.siren),
        is_plain: |_, _, text| are_digits(text, 9),
        read: |_, _, text| Read::new(sirene::undressed(text, sirene::is_siren)?, Way::Dress),
        examples: &[
            example("999 164 080", "999164080"),
            example("999.164.080", "999164080"),
            example("SIREN : 999 164 080", "999164080"),
            example("999 164 081", ""),
        ],
    },
    Reader {
        field: "/coordinateur/siret",
        find: |record, at| (at == 0).then_some(record.coordinator.siret),
        is_plain: |_, _, text| are_digits(text, 14),
        read: |_, _, text| Read::new(sirene::undressed(text, sirene::is_siret)?, Way::Dress),
        examples: &[
            example("999 164 080 00015", "99916408000015"),
            example("'99916408000015", "99916408000015"),
            example("N° SIRET 999 164 080 000 15", "99916408000015"),
            example("999164080-00015", "99916408000015"),
            example("999 164 080 00016", ""),
            example("999 164 080", ""),
        ],
    },
    Reader {
        field: "/coordinateur/rna",
        find: |record, at| (at == 0).then_some(record.coordinator.rna),
        is_plain: |_, _, text| sirene::is_rna(text),
        read: |_, _, text| Read::new(sirene::undressed_rna(text)?, Way::Dress),
        examples: &[
            example("w462999104", "W462999104"),
            example("W 46 2999104", "W462999104"),
            example("RNA : W462999104", "W462999104"),
            example("462999104", ""),
        ],
    },
    Reader {
        field: "/partenaires/*/categorie",
        find: |record, at| record.partners.get(at).map(|one| one.category),
        is_plain: |_, _, text| is_like_a_choice(text) && vocabulary::is_value("/partenaires/*/categorie", text),
        read: |_, _, text| choice("/partenaires/*/categorie", text),
        examples: &[],
    },
    Reader {
        field: "/adresse/code_postal",
        find: |record, at| (at == 0).then_some(record.address.postal_code),
        is_plain: |_, _, text| are_digits(text, 5),
        read: |record, _, text| codes::postal_code(record, text),
        examples: &[
            example("46 100", "46100"),
            example("F-46100", "46100"),
            example("CP 46100", "46100"),
            example("46100.0", "46100"),
            beside("commune", "Privas", "7000", "07000"),
            beside("département", "Ardèche", "7000", "07000"),
            beside("commune", "Genève", "1204", ""),
            example("7000", ""),
            example("4610", ""),
        ],
    },
    Reader {
        field: "/adresse/cedex",
        find: |record, at| (at == 0).then_some(record.address.cedex),
        is_plain: |_, _, text| codes::is_cedex(text),
        read: |_, _, text| Read::new(codes::cedex(text)?, Way::Dress),
        examples: &[example("Cédex 16.", "CEDEX 16"), example("CEDEX n° 9", "CEDEX 9"), example("Cedex 07 SP", "")],
    },
    Reader {
        field: "/contacts/*/telephone",
        find: |record, at| record.contacts.get(at).map(|one| one.phone),
        is_plain: |_, _, text| text.starts_with(['0', '+']),
        read: |record, _, text| Read::new(places::local_number(record, text)?, Way::Local),
        examples: &[
            beside("code postal", "98714", "40 41 57 00", "+689 40 41 57 00"),
            beside("code postal", "98800", "27 31 15", "+687 27 31 15"),
            beside("code postal", "97500", "41 12 34", "0508 41 12 34"),
            beside("code postal", "46100", "27 31 15", ""),
        ],
    },
    Reader {
        field: "/site_web",
        find: |record, at| (at == 0).then_some(record.website),
        is_plain: |_, _, text| sites::is_canonical(text),
        read: |_, _, text| sites::read(text),
        examples: &[
            example("www.example.org", "https://www.example.org"),
            example("example.org/ptce", "https://example.org/ptce"),
            example("http:// www.example.org", "http://www.example.org"),
            example("Http://www.example.org", "http://www.example.org"),
            example("https ://example.org", "https://example.org"),
            example("http://https://example.org/", "https://example.org/"),
            example("www.coopération.fr", "https://www.xn--coopration-e7a.fr"),
            example("https://example.org/pôle", "https://example.org/p%C3%B4le"),
            example("contact@example.org", ""),
            example("en.cours", ""),
            example("www.example.org et www.example.com", ""),
        ],
    },
];

/// Puts the values that texts can only mean in their places, and adds what they were to `told`.
pub(crate) fn understand<'t>(record: &mut Record<&'t str>, texts: &'t Bump, mut tell: impl FnMut(String, Told)) {
    for reader in READERS {
        for index in 0.. {
            let Some(text) = (reader.find)(record, index) else { break };
            let Some(text) = text.filter(|text| !(reader.is_plain)(record, index, text)) else { continue };
            let read = |text: &str| (reader.read)(record, index, text);
            let Some(Read { value, way }) = read(text).or_else(|| {
                // A spreadsheet hides the apostrophe that keeps a code from being counted; other programs do not.
                let bare = text.strip_prefix('\'')?;
                if (reader.is_plain)(record, index, bare) { Read::new(bare, Way::Dress) } else { read(bare) }
            }) else {
                continue;
            };
            let Some(field) = Field::at(reader.field) else { continue };
            let place = match record.slot(field, index) {
                Some(Slot::Text(Some(place))) => place,
                Some(Slot::Texts(list)) => &mut list[index],
                _ => continue,
            };
            *place = texts.alloc_str(&value);
            let pointer = match field.is_list() {
                true => format!("{}/{index}", reader.field),
                false => reader.field.replacen('*', &index.to_string(), 1),
            };
            tell(pointer, Told { was: text.to_owned(), value, other: None, way });
        }
    }
}
