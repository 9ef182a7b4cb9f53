//! The second pass: the files as produced are searched for what was withheld.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::hash::{DefaultHasher, Hasher};
use std::io::{BufRead, BufReader, Read};

use super::Secrets;
use crate::error::{Error, ErrorKind, Result};

/// How a link begins that leads to a place of the same page.
const WITHIN: &str = "href=\"#";
/// How the name of a thing in the graph begins, after the address of the publication, which the other files hold too.
const NAMED: &str = "ptce.jsonld#";
/// Bytes of a file that are read at a time.
const BLOCK: usize = 1 << 18;

/// Searches a produced file, whose texts are read as any program would: without entities and escapes. A line that `blank`
/// has is written without records: what stands there is nobody's.
///
/// # Errors
/// When it holds a withheld value, or cannot be read. The value itself is never told.
pub(in crate::export::open_data) fn search(
    name: &str,
    file: impl Read,
    secrets: &Secrets,
    blank: &dyn Fn() -> Result<BTreeSet<u64>>,
) -> Result<()> {
    let mut reader = BufReader::with_capacity(BLOCK, file);
    // A line that goes on in the next block, and the text of one that has entities or escapes.
    let (mut begun, mut decoded) = (Vec::new(), String::new());
    let mut number = 0;
    let mut own = None;
    let is_json = [".json", ".ndjson", ".geojson", ".jsonld"].iter().any(|ending| name.ends_with(ending));
    let is_page = name.ends_with(".html");
    let is_graph = name.ends_with(".jsonld");
    let mut is_leak = |line: &[u8]| {
        number += 1;
        let text = simdutf8::basic::from_utf8(line).map_or_else(|_| String::from_utf8_lossy(line), Cow::Borrowed);
        // A link within the page is no handle of anybody: « #ptce-roue-libre ».
        let text = match is_page && text.contains(WITHIN) {
            true => Cow::Owned(text.replace(WITHIN, "href=\"")),
            false => text,
        };
        let is_clean = match is_json {
            // No value goes on beyond a quote. What the graph names is no handle of anybody: « ptce.jsonld#pole-de-sainte-foy ».
            true => pieces(&text).all(|piece| {
                !secrets.are_in_string(piece, |piece| {
                    let is_named = is_graph && memchr::memchr(b'#', piece.as_bytes()).is_some();
                    let own = if is_named { piece.rsplit_once(NAMED).map_or(piece, |(_, own)| own) } else { piece };
                    secrets.are_in(plain(own, &mut decoded))
                })
            }),
            false => !secrets.are_in(plain(&text, &mut decoded)),
        };
        if is_clean {
            return Ok(());
        }
        if own.is_none() {
            own = Some(blank()?);
        }
        let is_own = own.as_ref().is_some_and(|own| own.contains(&line_hash(line)));
        if is_own { Ok(()) } else { Err(leak(name, number, None)) }
    };
    loop {
        let block = reader.fill_buf().map_err(|error| Error::io(name, &error))?;
        let length = block.len();
        if length == 0 {
            return if begun.is_empty() { Ok(()) } else { is_leak(&begun) };
        }
        let mut start = 0;
        for end in memchr::memchr_iter(b'\n', block) {
            if begun.is_empty() {
                is_leak(&block[start..end])?;
            } else {
                begun.extend_from_slice(&block[..end]);
                is_leak(&begun)?;
                begun.clear();
            }
            start = end + 1;
        }
        begun.extend_from_slice(&block[start..]);
        reader.consume(length);
    }
}

/// The strings of a line of JSON, as they are written, and what stands between them.
fn pieces(line: &str) -> impl Iterator<Item = &str> {
    let bytes = line.as_bytes();
    let is_end = move |at: &usize| {
        let before = bytes[..*at].iter().rev();
        bytes[*at] == b'"' && before.take_while(|byte| **byte == b'\\').count().is_multiple_of(2)
    };
    let mut start = Some(0);
    std::iter::from_fn(move || {
        /// Signs that mostly stand between two strings: a search that is made for long texts takes longer.
        const FEW: usize = 3;
        let from = start?;
        let near = bytes.len().min(from + FEW);
        let far = || memchr::memchr_iter(b'"', &bytes[near..]).map(|at| near + at).find(is_end);
        let end = (from..near).find(is_end).or_else(far);
        start = end.map(|end| end + 1);
        Some(&line[from..end.unwrap_or(bytes.len())])
    })
}

/// Searches a table, each cell by itself.
///
/// # Errors
/// When a cell holds a withheld value, or the file cannot be read. The record and the column are told, never the value.
pub(in crate::export::open_data) fn search_table(name: &str, file: impl Read, secrets: &Secrets) -> Result<()> {
    let mut reader = csv::ReaderBuilder::new().buffer_capacity(BLOCK).has_headers(false).from_reader(file);
    let mut row = csv::ByteRecord::new();
    let mut header = None;
    let unreadable = |error: csv::Error| Error::io(name, &std::io::Error::other(error));
    let text = |cell: &[u8]| String::from_utf8_lossy(cell).into_owned();
    while reader.read_byte_record(&mut row).map_err(unreadable)? {
        let Some(header) = &header else {
            header = Some(row.clone());
            continue;
        };
        let is_leak = |cell: &[u8]| match simdutf8::basic::from_utf8(cell) {
            Ok(cell) => secrets.are_in(cell),
            Err(_) => secrets.are_in(&text(cell)),
        };
        if let Some(rank) = row.iter().position(is_leak) {
            let line = row.position().map_or(0, csv::Position::line);
            let id = row.get(0).filter(|id| rank > 0 && !is_leak(id)).map_or_else(|| "?".to_owned(), text);
            let column = header.get(rank).map(text).unwrap_or_default();
            return Err(leak(name, line, Some((&id, &column))));
        }
    }
    Ok(())
}

/// What a line is known by.
pub(in crate::export::open_data) fn line_hash(line: &[u8]) -> u64 {
    let mut hasher = DefaultHasher::new();
    hasher.write(line.trim_ascii());
    hasher.finish()
}

/// The error of a withheld value that stands in a file at `line`; in a table, in a cell of a record.
pub(in crate::export::open_data) fn leak(name: &str, line: u64, cell: Option<(&str, &str)>) -> Error {
    let file = name.rsplit(['/', '\\']).next().unwrap_or(name);
    let (fr, en) = match (cell, file) {
        (Some((id, column)), _) => (
            format!(
                "la colonne « {column} » de la fiche « {id} » contient encore une donnée personnelle retirée d’une fiche ; \
                 rien n’est publié ; retirez-la de ce texte dans la source, et signalez ce défaut du programme"
            ),
            format!(
                "the column “{column}” of the record “{id}” still holds a personal value that was withheld from a record; \
                 nothing is published; take it out of that text in the source, and report this fault of the program"
            ),
        ),
        (None, "datapackage.json" | "catalogue.ttl" | "catalogue.jsonld" | "LICENCE" | "LISEZMOI.md" | "occultations.json") => (
            "la description de la publication (titre, éditeur, mots-clés, motif…) nomme une personne retirée des fiches ; \
             rien n’est publié ; corrigez le fichier donné par --metadata, ou le motif donné en option"
                .to_owned(),
            "the description of the publication (title, publisher, keywords, reason…) names a person withheld from the \
             records; nothing is published; correct the file given by --metadata, or the reason given as an option"
                .to_owned(),
        ),
        (None, _) => (
            "une donnée personnelle retirée des fiches s’y retrouve ; rien n’est publié ; cherchez-la à cette ligne, dans \
             les métadonnées ou dans le texte d’une fiche, et signalez ce défaut du programme"
                .to_owned(),
            "a personal value withheld from the records is found here; nothing is published; look for it at this line, in \
             the metadata or in the text of a record, and report this fault of the program"
                .to_owned(),
        ),
    };
    Error::new(ErrorKind::Format, fr, en).in_file(name).at(line, None)
}

/// `text` without the entities of XML and HTML nor the escapes of JSON, whose letters would hang on to a word; `decoded`
/// is where it is written when it has any.
fn plain<'a>(text: &'a str, decoded: &'a mut String) -> &'a str {
    let next = |text: &str| memchr::memchr3(b'&', b'\\', b'%', text.as_bytes());
    let Some(mut at) = next(text) else { return text };
    decoded.clear();
    let mut rest = text;
    loop {
        decoded.push_str(&rest[..at]);
        let (stands_for, length) = match rest.as_bytes()[at] {
            b'&' => entity(&rest[at..]),
            b'\\' => escape(&rest[at..]),
            _ => percent(&rest[at..]),
        };
        decoded.push(stands_for);
        rest = &rest[at + length..];
        match next(rest) {
            Some(found) => at = found,
            None => break,
        }
    }
    decoded.push_str(rest);
    decoded
}

fn entity(text: &str) -> (char, usize) {
    let Some(end) = text.find(';').filter(|end| *end < 12) else { return ('&', 1) };
    let name = &text[1..end];
    let number = name.strip_prefix('#').and_then(|number| match number.strip_prefix(['x', 'X']) {
        Some(digits) => u32::from_str_radix(digits, 16).ok(),
        None => number.parse().ok(),
    });
    match number {
        Some(number) => (char::from_u32(number).unwrap_or(' '), end + 1),
        // The others that we write stand for no letter.
        None if name.bytes().all(|byte| byte.is_ascii_alphanumeric()) => (' ', end + 1),
        None => ('&', 1),
    }
}

fn escape(text: &str) -> (char, usize) {
    match text.as_bytes().get(1) {
        Some(b'u') => {
            let code = text.get(2..6).and_then(|digits| u32::from_str_radix(digits, 16).ok());
            code.map_or(('\\', 1), |code| (char::from_u32(code).unwrap_or(' '), 6))
        }
        Some(b'n') => ('\n', 2),
        Some(b'r' | b't' | b'b' | b'f') => (' ', 2),
        _ => (' ', 1),
    }
}

/// `%40` in a URL.
fn percent(text: &str) -> (char, usize) {
    let code = text.get(1..3).and_then(|digits| u8::from_str_radix(digits, 16).ok());
    code.filter(u8::is_ascii).map_or(('%', 1), |code| (char::from(code), 3))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_of_json_is_cut_at_its_quotes() {
        let all = |line: &'static str| pieces(line).collect::<Vec<_>>();
        assert_eq!(all(r#"{"nom":"a \"b\" c\\\\","n":12}"#), ["{", "nom", ":", r#"a \"b\" c\\\\"#, ",", "n", ":12}"]);
        assert_eq!(all("sans"), ["sans"]);
    }
    use crate::export::open_data::privacy::{Privacy, Redactor};
    use crate::record::{Contact, Record};

    fn secrets() -> Secrets {
        let contact = |name: &str, email: &str, phone: &str| Contact {
            name: Some(name.to_owned()),
            role: None,
            email: Some(email.to_owned()),
            phone: Some(phone.to_owned()),
        };
        let privacy = Privacy::default();
        let mut redactor = Redactor::new(&privacy);
        redactor.redact(
            &mut Record {
                contacts: vec![contact("Maëlle d’Arvor", "m.arvor@pole.fr", "06 39 98 12 34")],
                ..Record::default()
            },
            &mut Vec::new(),
        );
        redactor.finish()
    }

    /// The sheet of « Cluster Arvor » has a link to it, which is no handle of the person whose mailbox is m.arvor@….
    #[test]
    fn a_link_within_the_page_is_no_handle() {
        let is_leak =
            |name: &str, text: &str| search(name, text.as_bytes(), &secrets(), &|| Ok(BTreeSet::new())).is_err();
        assert!(!is_leak("index.html", "<a href=\"#ptce-cluster-arvor\"><title>12. Cluster Arvor</title></a>"));
        assert!(is_leak("index.html", "<a href=\"#x\">Maëlle d’Arvor</a>"));
        assert!(is_leak("index.html", "<a href=\"#maelle-d-arvor\">12</a>"));
    }

    /// The name of a hub in the graph is no handle either: « Pôle de Mdarvor » is not M. d’Arvor.
    #[test]
    fn a_name_in_the_graph_is_no_handle() {
        let is_leak = |text: &str| search("ptce.jsonld", text.as_bytes(), &secrets(), &|| Ok(BTreeSet::new())).is_err();
        assert!(!is_leak(r#"{"@id":"ptce.jsonld#pole-de-mdarvor/coordinateur"}"#));
        assert!(!is_leak(r#"{"@id":"https://data.pole.fr/ptce.jsonld#pole-de-mdarvor"}"#));
        assert!(is_leak(r#"{"@id":"https://data.pole.fr/ptce.jsonld#maelle-d-arvor"}"#));
        assert!(is_leak(r#"{"foaf:homepage":{"@id":"https://data.pole.fr/marvor"}}"#));
    }

    #[test]
    fn a_withheld_value_is_found_whatever_hides_it() {
        for text in [
            "\"nom\": \"Maëlle d’Arvor\"",
            "Ma&#235;lle d&#39;Arvor",
            "ligne\\nMaëlle d\\u2019Arvor",
            "Arvor (d’) Maelle",
            "mailto:m.arvor%40pole.fr",
            "0639981234,",
            "tel:+33639981234",
        ] {
            let found = search("p/ptce.csv", format!("x\n{text}\n").as_bytes(), &secrets(), &|| Ok(BTreeSet::new()));
            let error = found.expect_err(text);
            assert_eq!((error.file(), error.position()), (Some("p/ptce.csv"), Some((2, None))), "{text}");
            assert!(!error.message(crate::Language::French).to_lowercase().contains("arvor"));
        }
        for text in ["Maëlle", "arvor@pole.fr", "12 34", ""] {
            search("p", text.as_bytes(), &secrets(), &|| Ok(BTreeSet::new())).unwrap();
        }
        // What stands in a publication without records is nobody's.
        let own = || Ok(BTreeSet::from([line_hash("Maëlle d’Arvor".as_bytes())]));
        search("p", "  Maëlle d’Arvor\n".as_bytes(), &secrets(), &own).unwrap();
    }

    /// What is clean as it is written in a table may stand for a withheld value in JSON.
    #[test]
    fn a_text_that_was_clean_is_decoded_all_the_same() {
        let secrets = secrets();
        let hidden = "Maëlle\\nd’Arvor";
        search_table("ptce.csv", format!("ptce_id,resume\nbois,{hidden}\n").as_bytes(), &secrets).unwrap();
        for _ in 0..2 {
            let json = format!("{{\"resume\":\"{hidden}\"}}");
            assert!(search("ptce.json", json.as_bytes(), &secrets, &|| Ok(BTreeSet::new())).is_err());
        }
    }

    #[test]
    fn the_record_of_a_leak_is_told() {
        let table = "ptce_id,resume\nbois,\"rien,\nni personne\"\nlaine,avec Maëlle d’Arvor\n";
        let error = search_table("p/ptce.csv", table.as_bytes(), &secrets()).unwrap_err();
        let told = error.message(crate::Language::English);
        assert!(told.contains("“resume” of the record “laine”"), "{told}");
        search_table("p/ptce.csv", "ptce_id,nom\nbois,\"Arvor\"\n".as_bytes(), &secrets()).unwrap();
    }
}
