//! What is exported and read again is the same record, in every format.

use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;
use ptce::Record;
use ptce::export::{CsvReader, Options};
use ptce::record::{
    Address, Call, Commune, Contact, Coordinator, Department, Employment, Number, Other, Partner, Project, Region,
    Source, Territory,
};
use ptce::row::Format;
use unicode_normalization::UnicodeNormalization;

use crate::support::{exported, exported_with, read_as_typed as read};

/// What a text is made of: letters, and all that some format gives a meaning of its own.
const PIECES: &[&str] = &[
    "a",
    "Bois",
    "été",
    "œuvre",
    "07",
    "00",
    "1",
    "12,5",
    " ",
    " ",
    "  ",
    "\u{a0}",
    "\u{202f}",
    "\n",
    "\n\n",
    "\t",
    "|",
    ";",
    ",",
    "\\",
    "\\|",
    "\\\\",
    "\"",
    "\"\"",
    "'",
    "''",
    "'=",
    "'-",
    "=",
    "+",
    "-",
    "@",
    "=1+1",
    "＝",
    "＠",
    "+33 1",
    "-5",
    "-12,5",
    "<",
    ">",
    "&",
    "&amp;",
    "]]>",
    "<b>",
    "<!--",
    "{",
    "[",
    "}",
    "]",
    ":",
    "#",
    "%",
    "/",
    "_",
    "_x0041_",
    "_x000D_",
    "E+",
    "1e5",
    "«",
    "»",
    "’",
    "€",
    "😀",
    "👩‍🌾",
    "漢字",
    "עברית",
    "ß",
    "\u{2028}",
    "\r",
    "\r\n",
    "\u{7f}",
    "\u{85}",
    "\u{e000}",
    "\u{2a6d6}",
    "\u{e0001}",
    "\u{10ffff}",
    "\u{feff}",
    "null",
    "TRUE",
    "2014-01-10",
    "(05)",
    "05 - ",
];

fn text() -> impl Strategy<Value = String> {
    let clean = |pieces: Vec<&str>| pieces.concat().nfc().collect::<String>().trim().to_owned();
    vec(select(PIECES), 1..7).prop_map(clean).prop_filter("empty", |text| !text.is_empty())
}

fn any_text() -> impl Strategy<Value = Option<String>> {
    option::weighted(0.4, text())
}

fn number() -> impl Strategy<Value = Option<Number>> {
    let fraction = |number: f64| Number::from_f64(number).unwrap();
    option::weighted(
        0.4,
        prop_oneof![
            any::<i32>().prop_map(|number| Number::from(i64::from(number))),
            any::<i64>().prop_map(Number::from),
            any::<u64>().prop_map(Number::from),
            // 12.0 is 12: what is whole is generated as such, but for what no whole number of 64 bits holds.
            (any::<i32>(), 1_u8..100)
                .prop_map(move |(whole, part)| fraction(f64::from(whole) + f64::from(part) / 128.0)),
            any::<f64>().prop_filter("whole", |number| number.fract() != 0.0 || *number >= 2e19).prop_map(fraction),
        ]
        .boxed(),
    )
}

fn texts() -> impl Strategy<Value = Vec<String>> {
    vec(text(), 0..4)
}

/// Lists of groups, each with one value at least.
fn groups<T: Default + PartialEq + std::fmt::Debug>(group: impl Strategy<Value = T>) -> impl Strategy<Value = Vec<T>> {
    vec(group, 0..4).prop_map(|mut groups| {
        groups.retain(|group| *group != T::default());
        groups
    })
}

/// A part of a contact that is not taken apart: a mailbox is the mailbox of the contact, whatever column it stands in.
fn contact_part() -> impl Strategy<Value = Option<String>> {
    any_text().prop_map(|part| part.filter(|text| !text.contains('@')))
}

/// A mailbox that is read as nothing else: a telephone number is the number of the contact, in the column of mailboxes too.
fn mailbox() -> impl Strategy<Value = Option<String>> {
    let is_number = |text: &String| !text.contains('@') && text.bytes().filter(u8::is_ascii_digit).count() >= 4;
    any_text().prop_map(move |part| part.filter(|text| !is_number(text)))
}

/// A part of an address that is not taken apart: what follows a number, a comma or a line may be another part.
fn address_part() -> impl Strategy<Value = Option<String>> {
    any_text().prop_map(|part| {
        part.filter(|text| !text.contains(|c: char| c.is_ascii_digit() || matches!(c, ',' | ';' | '\n' | '\r')))
    })
}

/// The name of a coordinator that is not taken apart: what reaches it may stand behind it.
fn coordinator_name() -> impl Strategy<Value = Option<String>> {
    any_text().prop_map(|name| {
        name.filter(|text| !text.contains(['@', '\n', '\r']) && text.bytes().filter(u8::is_ascii_digit).count() < 5)
    })
}

prop_compose! {
    pub(crate) fn record()(
        (id, name, acronym, website) in (any_text(), any_text(), any_text(), any_text()),
        (edition, phase, status, kind, announced, amount) in (any_text(), any_text(), any_text(), any_text(), any_text(), number()),
        (region_code, region_name, label) in (any_text(), any_text(), any_text()),
        departments in groups((any_text(), any_text()).prop_map(|(code, name)| Department { code, name })),
        communes in groups((any_text(), any_text()).prop_map(|(code, name)| Commune { code, name })),
        (priorities, themes, objectives, actions) in (texts(), texts(), texts(), texts()),
        summary in any_text(),
        (coordinator, legal_form, siren, siret, rna) in (coordinator_name(), any_text(), any_text(), any_text(), any_text()),
        partners in groups((any_text(), any_text(), any_text(), any_text())
            .prop_map(|(name, category, group, note)| Partner { name, category, group, note })),
        contacts in groups((contact_part(), contact_part(), mailbox(), contact_part())
            .prop_map(|(name, role, email, phone)| Contact { name, role, email, phone })),
        address in (address_part(), address_part(), any_text(), address_part(), address_part(), any_text()),
        (commune_code, latitude, longitude) in (any_text(), number(), number()),
        (full_time_equivalents, employees, planned_jobs) in (number(), number(), number()),
        dossier in (any_text(), any_text(), any_text(), any_text(), any_text()),
        (file, sheet, line) in (text(), any_text(), number()),
        others in groups((any_text(), any_text()).prop_map(|(label, value)| Other { label, value })),
    ) -> Record {
        let (complement, street, delivery, postal_code, commune, cedex) = address;
        // A number in the place of the name is the code of a region, and read as one.
        let region_name = region_name.filter(|name| !name.bytes().all(|byte| byte.is_ascii_digit()));
        let (schedule, funding, evaluation, networking, local_policies) = dossier;
        Record {
            id, name, acronym, website, themes, partners, contacts,
            schedule, funding, evaluation, networking, local_policies,
            call: Call { edition, phase, status, kind, announced, amount },
            region: Region { code: region_code, name: region_name },
            territory: Territory { label, departments, communes, priorities },
            project: Project { summary, objectives, actions },
            coordinator: Coordinator { name: coordinator, legal_form, siren, siret, rna },
            address: Address {
                complement, street, delivery, postal_code, commune, cedex, commune_code, latitude, longitude,
            },
            employment: Employment { full_time_equivalents, employees, planned_jobs },
            source: Source { file: Some(file), sheet, line, others },
        }
    }
}

fn comes_back(format: Format, records: &[Record]) {
    come_back(format, &exported(format, "PTCE", records), records);
}

fn come_back(format: Format, bytes: &[u8], records: &[Record]) {
    let back: Vec<Record> = read(&format!("r.{}", format.extension()), bytes)
        .entries
        .into_iter()
        .map(|entry| entry.into_record())
        .collect();
    for (back, sent) in back.iter().zip(records) {
        assert_eq!(back, sent);
    }
    assert_eq!(back.len(), records.len());
}

macro_rules! round_trips {
    ($($name:ident: $format:expr,)*) => {
        proptest! {
            #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]
            $(
                #[test]
                fn $name(records in vec(record(), 1..4)) {
                    comes_back($format, &records);
                }
            )*
        }
    };
}

round_trips! {
    json: Format::Json,
    ndjson: Format::Ndjson,
    csv: Format::Csv,
    xml: Format::Xml,
    xlsx: Format::Xlsx,
    tables: Format::Tables,
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]
    #[test]
    fn csv_for_excel(records in vec(record(), 1..4)) {
        let options = Options { csv: CsvReader::FrenchExcel, ..Options::default() };
        come_back(Format::Csv, &exported_with(Format::Csv, &options, &records), &records);
    }
}

/// From each format to each other, the samples stay what they are.
#[test]
fn the_samples_go_round() {
    for (name, _) in crate::support::SAMPLES {
        let first = crate::support::records(name);
        let mut records = first.clone();
        for format in [Format::Csv, Format::Xml, Format::Xlsx, Format::Tables, Format::Ndjson, Format::Json] {
            let bytes = exported(format, "PTCE", &records);
            records = read(&format!("r.{}", format.extension()), &bytes).records();
        }
        assert_eq!(records, first, "{name}");
    }
}
