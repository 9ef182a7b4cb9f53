//! The second pass: the files are searched for what was withheld, block by block as they are written.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::hash::{DefaultHasher, Hasher};

use csv_core::ReadRecordResult;

use super::Secrets;
use crate::error::{Error, ErrorKind, Result};

/// How a link begins that leads to a place of the same page.
const WITHIN: &str = "href=\"#";
/// How the name of a thing in the graph begins, after the address of the publication, which the other files hold too.
const NAMED: &str = "ptce.jsonld#";

/// A search of a file that takes its blocks in their order. A record is looked for in one file while what was found out about
/// its texts for another one is still in the cache of the processor: a file that is read again later finds none of it there.
pub(in crate::export::open_data) trait Search {
    /// Searches what the next block completes.
    ///
    /// # Errors
    /// When that holds a withheld value. The value itself is never told.
    fn block(&mut self, block: &[u8]) -> Result<()>;

    /// Searches what no block has completed.
    ///
    /// # Errors
    /// The same.
    fn end(&mut self) -> Result<()>;
}

/// Answers the hashes of the lines that are written without records.
type Blank = dyn Fn() -> Result<BTreeSet<u64>> + Sync;

/// A search by lines, whose texts are read as any program would: without entities and escapes. A line that `blank` has is
/// written without records: what stands there is nobody's.
pub(in crate::export::open_data) struct Lines<'a> {
    name: &'static str,
    secrets: &'a Secrets,
    blank: &'a Blank,
    own: Option<BTreeSet<u64>>,
    number: u64,
    /// A line that goes on in the next block.
    begun: Vec<u8>,
    /// The text of one that has entities or escapes.
    decoded: String,
}

impl<'a> Lines<'a> {
    pub fn new(name: &'static str, secrets: &'a Secrets, blank: &'a Blank) -> Lines<'a> {
        Lines { name, secrets, blank, own: None, number: 0, begun: Vec::new(), decoded: String::new() }
    }

    fn line(&mut self, line: &[u8]) -> Result<()> {
        self.number += 1;
        if self.is_clean(line) {
            return Ok(());
        }
        let own = match &mut self.own {
            Some(own) => own,
            own => own.insert((self.blank)()?),
        };
        if own.contains(&line_hash(line)) { Ok(()) } else { Err(leak(self.name, self.number, None)) }
    }

    fn is_clean(&mut self, line: &[u8]) -> bool {
        let Lines { name, secrets, decoded, .. } = self;
        let text = simdutf8::basic::from_utf8(line).map_or_else(|_| String::from_utf8_lossy(line), Cow::Borrowed);
        // A link within the page is no handle of anybody: « #ptce-roue-libre ».
        let text = match name.ends_with(".html") && text.contains(WITHIN) {
            true => Cow::Owned(text.replace(WITHIN, "href=\"")),
            false => text,
        };
        if ![".json", ".ndjson", ".geojson", ".jsonld"].iter().any(|ending| name.ends_with(ending)) {
            return !secrets.are_in(plain(&text, decoded));
        }
        let is_graph = name.ends_with(".jsonld");
        // No value goes on beyond a quote. What the graph names is no handle of anybody: « ptce.jsonld#pole-de-sainte-foy ».
        pieces(&text).all(|piece| {
            !secrets.are_in_string(piece, |piece| {
                let is_named = is_graph && memchr::memchr(b'#', piece.as_bytes()).is_some();
                let own = if is_named { piece.rsplit_once(NAMED).map_or(piece, |(_, own)| own) } else { piece };
                secrets.are_in(plain(own, decoded))
            })
        })
    }
}

impl Search for Lines<'_> {
    fn block(&mut self, block: &[u8]) -> Result<()> {
        let mut start = 0;
        for end in memchr::memchr_iter(b'\n', block) {
            if self.begun.is_empty() {
                self.line(&block[start..end])?;
            } else {
                self.begun.extend_from_slice(&block[start..end]);
                self.end()?;
            }
            start = end + 1;
        }
        self.begun.extend_from_slice(&block[start..]);
        Ok(())
    }

    fn end(&mut self) -> Result<()> {
        if self.begun.is_empty() {
            return Ok(());
        }
        let mut line = std::mem::take(&mut self.begun);
        let searched = self.line(&line);
        line.clear();
        self.begun = line;
        searched
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

/// A search of a table, each cell by itself. The record and the column of a withheld value are told.
pub(in crate::export::open_data) struct Cells<'a> {
    name: &'static str,
    secrets: &'a Secrets,
    reader: csv_core::Reader,
    header: Option<Vec<String>>,
    /// The line in which the row begins that is being read.
    line: u64,
    /// The texts of its cells one after the other, and where each ends; how much of both is read.
    text: Vec<u8>,
    ends: Vec<usize>,
    read: (usize, usize),
}

impl<'a> Cells<'a> {
    pub fn new(name: &'static str, secrets: &'a Secrets) -> Cells<'a> {
        let reader = csv_core::Reader::new();
        let (text, ends) = (vec![0; 1 << 12], vec![0; 1 << 6]);
        Cells { name, secrets, reader, header: None, line: 1, text, ends, read: (0, 0) }
    }

    /// Reads on to the end of a row, if it is among these bytes; without any, the table is at its end. Answers what it has read
    /// of them, and whether there may be more rows.
    fn read(&mut self, bytes: &[u8]) -> Result<(usize, bool)> {
        let (length, count) = self.read;
        let (result, read, written, ended) =
            self.reader.read_record(bytes, &mut self.text[length..], &mut self.ends[count..]);
        self.read = (length + written, count + ended);
        match result {
            ReadRecordResult::InputEmpty => {}
            ReadRecordResult::OutputFull => self.text.resize(2 * self.text.len(), 0),
            ReadRecordResult::OutputEndsFull => self.ends.resize(2 * self.ends.len(), 0),
            ReadRecordResult::Record => {
                self.row()?;
                self.read = (0, 0);
                self.line = self.reader.line();
            }
            ReadRecordResult::End => return Ok((read, false)),
        }
        Ok((read, true))
    }

    fn row(&mut self) -> Result<()> {
        let ends = &self.ends[..self.read.1];
        let starts = std::iter::once(&0).chain(ends);
        let mut cells = starts.zip(ends).map(|(start, end)| &self.text[*start..*end]);
        let told = |cell: &[u8]| String::from_utf8_lossy(cell).into_owned();
        let Some(header) = &self.header else {
            self.header = Some(cells.map(told).collect());
            return Ok(());
        };
        let is_leak = |cell: &[u8]| match simdutf8::basic::from_utf8(cell) {
            Ok(cell) => self.secrets.are_in(cell),
            Err(_) => self.secrets.are_in(&told(cell)),
        };
        let id = cells.clone().next();
        let Some(rank) = cells.position(is_leak) else { return Ok(()) };
        let id = id.filter(|id| rank > 0 && !is_leak(id)).map_or_else(|| "?".to_owned(), told);
        let column = header.get(rank).map_or("", String::as_str);
        Err(leak(self.name, self.line, Some((&id, column))))
    }
}

impl Search for Cells<'_> {
    fn block(&mut self, block: &[u8]) -> Result<()> {
        let mut rest = block;
        while !rest.is_empty() {
            rest = &rest[self.read(rest)?.0..];
        }
        Ok(())
    }

    fn end(&mut self) -> Result<()> {
        while self.read(&[])?.1 {}
        Ok(())
    }
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

    fn nothing() -> Result<BTreeSet<u64>> {
        Ok(BTreeSet::new())
    }

    /// Searches a text in blocks of some bytes, which part lines and rows anywhere.
    fn in_blocks(mut search: impl Search, text: &str, bytes: usize) -> Result<()> {
        text.as_bytes().chunks(bytes).try_for_each(|block| search.block(block))?;
        search.end()
    }

    fn in_lines(name: &'static str, text: &str, blank: &Blank) -> Result<()> {
        in_any_blocks(|secrets, bytes| in_blocks(Lines::new(name, secrets, blank), text, bytes))
    }

    fn in_cells(name: &'static str, text: &str) -> Result<()> {
        in_any_blocks(|secrets, bytes| in_blocks(Cells::new(name, secrets), text, bytes))
    }

    /// What a search answers, whatever the size of the blocks.
    fn in_any_blocks(search: impl Fn(&Secrets, usize) -> Result<()>) -> Result<()> {
        let secrets = secrets();
        let told = |found: &Result<()>| found.as_ref().map_err(|error| error.to_string()).err();
        let whole = search(&secrets, usize::MAX);
        for bytes in [1, 7] {
            assert_eq!(told(&search(&secrets, bytes)), told(&whole));
        }
        whole
    }

    /// The sheet of « Cluster Arvor » has a link to it, which is no handle of the person whose mailbox is m.arvor@….
    #[test]
    fn a_link_within_the_page_is_no_handle() {
        let is_leak = |name, text| in_lines(name, text, &nothing).is_err();
        assert!(!is_leak("index.html", "<a href=\"#ptce-cluster-arvor\"><title>12. Cluster Arvor</title></a>"));
        assert!(is_leak("index.html", "<a href=\"#x\">Maëlle d’Arvor</a>"));
        assert!(is_leak("index.html", "<a href=\"#maelle-d-arvor\">12</a>"));
    }

    /// The name of a hub in the graph is no handle either: « Pôle de Mdarvor » is not M. d’Arvor.
    #[test]
    fn a_name_in_the_graph_is_no_handle() {
        let is_leak = |text| in_lines("ptce.jsonld", text, &nothing).is_err();
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
            let found = in_lines("p/ptce.csv", &format!("x\n{text}\n"), &nothing);
            let error = found.expect_err(text);
            assert_eq!((error.file(), error.position()), (Some("p/ptce.csv"), Some((2, None))), "{text}");
            assert!(!error.message(crate::Language::French).to_lowercase().contains("arvor"));
        }
        for text in ["Maëlle", "arvor@pole.fr", "12 34", ""] {
            in_lines("p", text, &nothing).unwrap();
        }
        // What stands in a publication without records is nobody's.
        let own = || Ok(BTreeSet::from([line_hash("Maëlle d’Arvor".as_bytes())]));
        in_lines("p", "  Maëlle d’Arvor\n", &own).unwrap();
    }

    /// What is clean as it is written in a table may stand for a withheld value in JSON.
    #[test]
    fn a_text_that_was_clean_is_decoded_all_the_same() {
        let secrets = secrets();
        let hidden = "Maëlle\\nd’Arvor";
        let table = format!("ptce_id,resume\nbois,{hidden}\n");
        in_blocks(Cells::new("ptce.csv", &secrets), &table, usize::MAX).unwrap();
        for _ in 0..2 {
            let json = format!("{{\"resume\":\"{hidden}\"}}");
            assert!(in_blocks(Lines::new("ptce.json", &secrets, &nothing), &json, usize::MAX).is_err());
        }
    }

    #[test]
    fn the_record_of_a_leak_is_told() {
        let table = "ptce_id,resume\nbois,\"rien,\nni personne\"\nlaine,avec Maëlle d’Arvor\n";
        let error = in_cells("p/ptce.csv", table).unwrap_err();
        assert_eq!(error.position(), Some((4, None)));
        let told = error.message(crate::Language::English);
        assert!(told.contains("“resume” of the record “laine”"), "{told}");
        in_cells("p/ptce.csv", "ptce_id,nom\nbois,\"Arvor\"\n").unwrap();
        in_cells("p/ptce.csv", &format!("ptce_id,nom\n{},\"Arv\"\"or\"{}", "bois".repeat(2000), ",".repeat(99)))
            .unwrap();
    }
}
