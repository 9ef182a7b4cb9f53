//! Committed files that are derived: the samples in every format, and what is deduced from the schema.

use ptce::Language;
use ptce::export::Options;
use ptce::row::Format;
use ptce::schema;

use crate::support::{SAMPLES, assert_current, exported_with, records, sheet};

#[test]
fn samples_are_current_in_every_format() {
    use Format::{Csv, Json, Ndjson, Xlsx, Xml};
    let derived: [(&str, &[Format]); 3] = [
        ("laureats-2014", &[Json, Xlsx, Csv, Xml, Ndjson]),
        ("conforme", &[Json, Csv, Xlsx]),
        ("candidature", &[Json, Xlsx, Csv]),
    ];
    for (name, formats) in derived {
        let records = records(name);
        for format in formats {
            let (_, profile) = SAMPLES.into_iter().find(|(sample, _)| *sample == name).unwrap();
            let options = Options { sheet: sheet(name).to_owned(), profile, ..Options::default() };
            let bytes = exported_with(*format, &options, &records);
            assert_current(&format!("samples/{name}.{}", format.name()), &bytes);
        }
    }
}

#[test]
fn the_table_schema_is_current() {
    assert_current("schema/ptce.tableschema.json", format!("{:#}\n", schema::table::table_schema()).as_bytes());
}

#[test]
fn the_xml_schema_is_current() {
    assert_current("schema/ptce.xsd", schema::xsd::xsd().as_bytes());
}

#[test]
fn the_field_references_are_current() {
    assert_current("schema/champs.md", schema::markdown::markdown(Language::French).as_bytes());
    assert_current("schema/fields.md", schema::markdown::markdown(Language::English).as_bytes());
}
