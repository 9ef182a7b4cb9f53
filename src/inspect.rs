//! How a source is understood before anything is judged: its tables, their headers, what each label means and why.

use std::sync::Arc;
use std::sync::atomic::AtomicU64;

use serde::Serialize;

use crate::error::{Error, Result};
use crate::import::{self, Input, SavedMapping, SavedTable, pointer};
use crate::language::{Language, counted};
use crate::row::{Arrangement, Batch, Evidence, Format, Label, Layout, Remark, Target};
use crate::vocabulary::Reason;

/// Values that are shown of each field.
const SAMPLES: usize = 3;
/// Characters that are shown of each value.
const SAMPLE_CHARACTERS: usize = 40;

/// How a file is understood. As JSON it is what `ptce inspect --format json` writes of a file.
#[derive(Serialize)]
pub struct Understood {
    file: String,
    format: Format,
    records: u64,
    tables: Vec<Table>,
    #[serde(skip)]
    mapping: SavedMapping,
    #[serde(skip)]
    names: Vec<Vec<Option<String>>>,
}

/// How a sheet, or the one table of another file, is understood.
#[derive(Serialize)]
struct Table {
    #[serde(skip_serializing_if = "Option::is_none")]
    sheet: Option<String>,
    hidden: bool,
    layout: Arrangement,
    /// The first and the last row of the header.
    #[serde(skip_serializing_if = "Option::is_none")]
    header: Option<(u64, u64)>,
    records: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    encoding: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    delimiter: Option<char>,
    #[serde(skip_serializing_if = "Option::is_none")]
    evidence: Option<Evidence>,
    /// How many cells hold a formula, whose value is read.
    #[serde(skip_serializing_if = "Option::is_none")]
    formulas: Option<u64>,
    /// How many rows go on with the record above.
    #[serde(skip_serializing_if = "Option::is_none")]
    continued: Option<u64>,
    labels: Vec<Named>,
    left_out: Vec<LeftOut>,
    /// Rows below the header without any value.
    blank_rows: u64,
}

/// A label, and what it means.
#[derive(Serialize)]
struct Named {
    label: String,
    place: String,
    /// JSON Pointer of the field.
    #[serde(skip_serializing_if = "Option::is_none")]
    field: Option<String>,
    /// How sure the meaning is, in hundredths.
    #[serde(skip_serializing_if = "Option::is_none")]
    score: Option<u8>,
    /// What it means and why, in words.
    meaning: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    candidates: Vec<&'static str>,
    /// How many records have a value.
    values: u64,
    samples: Vec<String>,
}

/// A text that enters no record.
#[derive(Serialize)]
struct LeftOut {
    text: String,
    place: String,
    why: String,
}

/// A table as it was read.
struct Read {
    layout: Arc<Layout>,
    records: u64,
    blank_rows: u64,
    /// Of each label, how many values it has and the first of them.
    values: Vec<(u64, Vec<String>)>,
    remarks: Vec<Remark>,
}

impl Understood {
    /// The file as the user named it.
    pub fn file(&self) -> &str {
        &self.file
    }

    /// The mapping that would read it again in the same way, to be corrected and replayed.
    pub fn mapping(&self) -> &SavedMapping {
        &self.mapping
    }

    /// Of each table, the name that the mapping has for each of its labels; none for a label that no mapping can change.
    pub fn names(&self) -> &[Vec<Option<String>>] {
        &self.names
    }

    /// The same to be read.
    pub fn to_text(&self, language: Language) -> String {
        let mut answer = String::new();
        text(&mut answer, self, language);
        answer
    }
}

/// The mapping by which a source of which no label is known is read all the same, for a person to say what its labels mean;
/// none where the error is another one.
pub fn unlabelled(error: &Error) -> Option<SavedMapping> {
    let (sheet, row) = error.header()?;
    let table = SavedTable { sheet: sheet.map(str::to_owned), header: vec![row], ..SavedTable::default() };
    Some(SavedMapping { tables: vec![table] })
}

/// Reads a source for what its labels mean; `progress` counts the bytes read.
///
/// ```
/// use ptce::{Input, Language, inspect};
/// let csv = "Nom du pôle;Structure porteuse\nFabriques du Quercy;Roue libre\n";
/// let input = Input::from_bytes("envoi.csv", csv.into());
/// let understood = inspect::inspect(input, Language::English, &Default::default())?;
/// assert_eq!(understood.mapping().tables[0].labels["Structure porteuse"], "/coordinateur/nom");
/// # Ok::<(), ptce::Error>(())
/// ```
///
/// # Errors
/// When it cannot be read, or no label of it is known: see [`unlabelled`].
pub fn inspect(mut input: Input, language: Language, progress: &Arc<AtomicU64>) -> Result<Understood> {
    let format = input.format()?;
    let file = input.name().to_owned();
    let mut tables: Vec<Read> = Vec::new();
    let records = import::read(input, format, progress, &mut |batch: Batch| {
        let is_known = tables.last().is_some_and(|read| read.layout.sheet == batch.layout.sheet);
        if !is_known {
            tables.push(Read {
                layout: Arc::clone(&batch.layout),
                records: 0,
                blank_rows: 0,
                values: Vec::new(),
                remarks: Vec::new(),
            });
        }
        let Some(read) = tables.last_mut() else { return Ok(()) };
        read.values.resize_with(batch.layout.labels.len().max(read.values.len()), Default::default);
        for row in batch.rows() {
            if row.index == 0 {
                read.blank_rows += 1;
                continue;
            }
            read.records += 1;
            for cell in row.cells() {
                let (count, samples) = &mut read.values[cell.label as usize];
                *count += 1;
                let value = row.text(cell);
                if samples.len() < SAMPLES && !samples.iter().any(|known| known == value) {
                    samples.push(value.to_owned());
                }
            }
        }
        read.remarks.extend(batch.remarks);
        read.layout = batch.layout;
        Ok(())
    })?;
    let layouts: Vec<&Layout> = tables.iter().map(|table| table.layout.as_ref()).collect();
    let mapping = SavedMapping::of(&layouts);
    let names = layouts.iter().map(|layout| SavedMapping::names(layout)).collect();
    let tables = tables.into_iter().map(|read| table(read, language)).collect();
    Ok(Understood { file, format, records, tables, mapping, names })
}

fn table(read: Read, language: Language) -> Table {
    let Read { layout, records, blank_rows, values, remarks } = read;
    let place = |label: &Label| layout.location(label.line, Some(label.column), Some(label)).within_file(language);
    let mut table = Table {
        sheet: layout.sheet.clone(),
        hidden: layout.is_hidden,
        layout: layout.arrangement,
        header: layout.header,
        records,
        encoding: layout.encoding,
        delimiter: layout.delimiter,
        evidence: layout.evidence.clone(),
        formulas: Some(layout.formulas).filter(|count| *count > 0),
        continued: Some(layout.continued).filter(|count| *count > 0),
        labels: Vec::new(),
        left_out: Vec::new(),
        blank_rows,
    };
    for remark in remarks {
        let (first, last) = (remark.line.to_string(), remark.kind.last_line(remark.line).to_string());
        let label = one_line(&remark.text);
        let arguments = [("first", first.as_str()), ("last", last.as_str()), ("label", label.as_str())];
        table.left_out.push(LeftOut {
            place: layout.location_of(&remark).within_file(language),
            why: remark.kind.shown(remark.line).fill(language, &arguments),
            text: remark.text,
        });
    }
    for (rank, label) in layout.labels.iter().enumerate() {
        let (why, score) = understood(label, language);
        let (count, samples) = values.get(rank).cloned().unwrap_or_default();
        table.labels.push(Named {
            label: label.text.clone(),
            place: place(label),
            field: matches!(label.target, Target::Field(..)).then(|| pointer(&label.target)),
            score,
            meaning: why,
            candidates: match &label.target {
                Target::Ambiguous(fields) | Target::Joint(fields, _) => {
                    fields.iter().map(|field| field.pointer).collect()
                }
                _ => Vec::new(),
            },
            values: count,
            samples,
        });
    }
    table
}

fn text(text: &mut String, file: &Understood, language: Language) {
    let colon = if language == Language::French { "\u{a0}:" } else { ":" };
    let Understood { file: name, format, records, tables, .. } = file;
    text.push_str(&format!("{name}{colon} {}, {}\n", format.name(), records_counted(*records, language)));
    for table in tables {
        if let Some(heading) = heading(table, language) {
            text.push_str(&format!("\n  {heading}\n"));
        }
        if let Some(bytes) = bytes(table, language) {
            text.push_str(&format!("  {bytes}\n"));
        }
        for label in &table.labels {
            // A column without a header is known by its place.
            let name = if label.label.is_empty() { format!("({})", label.place) } else { one_line(&label.label) };
            text.push_str(&format!("    {name:<40} → {}\n", meaning(label, language)));
            if !label.samples.is_empty() {
                let samples: Vec<String> = label.samples.iter().map(|sample| shortened(sample)).collect();
                text.push_str(&format!("        {}\n", samples.join(" · ")));
            }
        }
        if !table.left_out.is_empty() || table.blank_rows > 0 {
            text.push_str(match language {
                Language::French => "  hors des fiches\n",
                Language::English => "  left out\n",
            });
        }
        for left in &table.left_out {
            text.push_str(&format!("    {:<40} → {}\n", one_line(&left.text), left.why));
        }
        if table.blank_rows > 0 {
            let blank = match language {
                Language::French => counted(table.blank_rows, "ligne vide", "lignes vides"),
                Language::English => counted(table.blank_rows, "blank row", "blank rows"),
            };
            text.push_str(&format!("    {blank}\n"));
        }
    }
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn shortened(text: &str) -> String {
    let line = one_line(text);
    match line.char_indices().nth(SAMPLE_CHARACTERS) {
        Some((end, _)) => format!("{}…", &line[..end]),
        None => line,
    }
}

/// The sheet, its layout and where its header stands.
fn heading(table: &Table, language: Language) -> Option<String> {
    let french = language == Language::French;
    let mut parts = Vec::new();
    if let Some(sheet) = &table.sheet {
        // Whoever sees one sheet in the spreadsheet and two here wants to know why.
        parts.push(match (language, table.hidden) {
            (Language::French, false) => format!("feuille «\u{a0}{sheet}\u{a0}»"),
            (Language::French, true) => format!("feuille masquée «\u{a0}{sheet}\u{a0}»"),
            (Language::English, false) => format!("sheet “{sheet}”"),
            (Language::English, true) => format!("hidden sheet “{sheet}”"),
        });
    }
    match (table.layout, table.header) {
        (Arrangement::Transposed, _) if french => parts.push("une fiche par colonne".to_owned()),
        (Arrangement::Transposed, _) => parts.push("one record a column".to_owned()),
        (Arrangement::Form, _) if french => parts.push("libellés à côté ou au-dessus des valeurs".to_owned()),
        (Arrangement::Form, _) => parts.push("labels beside or above their values".to_owned()),
        (_, Some((first, last))) if french && first == last => parts.push(format!("en-tête à la ligne {first}")),
        (_, Some((first, last))) if french => parts.push(format!("en-tête aux lignes {first} et {last}")),
        (_, Some((first, last))) if first != last => parts.push(format!("header in rows {first} and {last}")),
        (_, Some((first, _))) if table.sheet.is_none() => parts.push(format!("header on line {first}")),
        (_, Some((first, _))) => parts.push(format!("header in row {first}")),
        (_, None) => {}
    }
    if table.sheet.is_some() {
        parts.push(records_counted(table.records, language));
    }
    match (table.formulas, language) {
        (None, _) => {}
        (Some(1), Language::French) => parts.push("1\u{a0}formule, lue par sa valeur".to_owned()),
        (Some(1), Language::English) => parts.push("1 formula, read by its value".to_owned()),
        (Some(count), Language::French) => parts.push(format!("{count}\u{a0}formules, lues par leur valeur")),
        (Some(count), Language::English) => parts.push(format!("{count} formulas, read by their value")),
    }
    match (table.continued, language) {
        (None, _) => {}
        (Some(1), Language::French) => parts.push("1\u{a0}ligne qui continue la fiche du dessus".to_owned()),
        (Some(1), Language::English) => parts.push("1 row that goes on with the record above".to_owned()),
        (Some(count), Language::French) => {
            parts.push(format!("{count}\u{a0}lignes qui continuent la fiche du dessus"));
        }
        (Some(count), Language::English) => parts.push(format!("{count} rows that go on with the record above")),
    }
    (!parts.is_empty()).then(|| parts.join(", "))
}

/// The encoding and the delimiter, and by what they were found.
fn bytes(table: &Table, language: Language) -> Option<String> {
    let encoding = table.encoding?;
    let french = language == Language::French;
    let name = |delimiter: char| if delimiter == '\t' { "tab".to_owned() } else { delimiter.to_string() };
    let mut text = format!("{} {encoding}", if french { "encodage" } else { "encoding" });
    let evidence = table.evidence.clone().unwrap_or_default();
    let (windows, mac) = (evidence.windows_1252_letters, evidence.mac_roman_letters);
    if evidence.byte_order_mark {
        text.push_str(if french { " (le fichier le dit)" } else { " (the file says so)" });
    } else if encoding.starts_with("UTF-16") && table.evidence.is_some() {
        text.push_str(if french { " (un octet sur deux est nul)" } else { " (every second byte is zero)" });
    } else if evidence.dos_letters > 0 {
        let dos = evidence.dos_letters;
        text.push_str(&if french {
            format!(" (lettres accentuées de Windows\u{a0}: {windows}, de Mac\u{a0}: {mac}, de DOS\u{a0}: {dos})")
        } else {
            format!(" (accented letters of Windows: {windows}, of Mac: {mac}, of DOS: {dos})")
        });
    } else if windows + mac > 0 {
        text.push_str(&if french {
            format!(" (lettres accentuées de Windows\u{a0}: {windows}, de Mac\u{a0}: {mac})")
        } else {
            format!(" (accented letters of Windows: {windows}, of Mac: {mac})")
        });
    }
    if let Some(delimiter) = table.delimiter {
        let named = name(delimiter);
        text.push_str(&if french {
            format!(", séparateur «\u{a0}{named}\u{a0}»")
        } else {
            format!(", delimiter “{named}”")
        });
        let others: Vec<String> = evidence
            .known_labels
            .iter()
            .filter(|(other, labels)| **labels > 0 || **other == delimiter)
            .map(|(other, labels)| match language {
                Language::French => format!("{labels} avec «\u{a0}{}\u{a0}»", name(*other)),
                Language::English => format!("{labels} with “{}”", name(*other)),
            })
            .collect();
        if !others.is_empty() {
            let (open, others) = (if french { "libellés connus\u{a0}:" } else { "known labels:" }, others.join(", "));
            text.push_str(&format!(" ({open} {others})"));
        }
    }
    if evidence.quoted_lines {
        text.push_str(if french {
            ", lignes entières entre guillemets, lues sans eux"
        } else {
            ", whole lines in quotes, read without them"
        });
    }
    Some(text)
}

fn records_counted(records: u64, language: Language) -> String {
    match language {
        Language::French => counted(records, "fiche", "fiches"),
        Language::English => counted(records, "record", "records"),
    }
}

/// What a label means, why, and how sure that is.
fn meaning(label: &Named, language: Language) -> String {
    match (&label.field, label.score, language) {
        (Some(field), Some(score), Language::French) => format!("{field} ({}, {score}\u{a0}%)", label.meaning),
        (Some(field), Some(score), Language::English) => format!("{field} ({}, {score}%)", label.meaning),
        (Some(field), None, _) => format!("{field} ({})", label.meaning),
        (None, ..) => label.meaning.clone(),
    }
}

/// Why a label means what it does, in words and in hundredths.
fn understood(label: &Label, language: Language) -> (String, Option<u8>) {
    let french = language == Language::French;
    let said = |fr: &str, en: &str| if french { fr.to_owned() } else { en.to_owned() };
    let meaning = match &label.target {
        Target::Field(..) => {
            return match label.reason {
                None => (said("partie du texte", "part of the text"), None),
                Some(Reason::Key) => (said("nom du schéma", "name in the schema"), Some(100)),
                Some(Reason::Mapping) => (said("fichier de correspondances", "mapping file"), Some(100)),
                Some(Reason::Listed) => (said("libellé connu", "known label"), Some(95)),
                Some(Reason::Composed) => (said("libellés composés", "composed labels"), Some(90)),
                Some(Reason::Framed) => (said("libellé connu, habillé", "known label, framed"), Some(85)),
                Some(Reason::Values) => (said("d’après les valeurs", "as the values tell"), Some(80)),
                Some(Reason::Misspelt) => {
                    let usual = label.usual.as_deref().unwrap_or_default();
                    (said(&format!("pour «\u{a0}{usual}\u{a0}»"), &format!("for “{usual}”")), Some(75))
                }
            };
        }
        Target::Unknown => said("inconnu, gardé dans source.autres", "unknown, kept in source.autres"),
        Target::Aside => said("laissé de côté, gardé dans source.autres", "left aside, kept in source.autres"),
        Target::Ambiguous(fields) => {
            let fields: Vec<&str> = fields.iter().map(|field| field.pointer).collect();
            let fields = fields.join(", ");
            if french { format!("ambigu\u{a0}: {fields}") } else { format!("ambiguous: {fields}") }
        }
        Target::Joint(fields, _) => {
            let fields: Vec<&str> = fields.iter().map(|field| field.pointer).collect();
            let fields = fields.join(", ");
            if french { format!("pris à part\u{a0}: {fields}") } else { format!("taken apart: {fields}") }
        }
        Target::Taken(field) if french => format!("{} est déjà rempli par une autre colonne", field.pointer),
        Target::Taken(field) => format!("{} is already filled by another column", field.pointer),
        Target::Rest => {
            said("le reste du texte, gardé dans source.autres", "the rest of the text, kept in source.autres")
        }
        Target::Beside => said(
            "commentaire ou lien de cellules, gardé dans source.autres",
            "comment or link of cells, kept in source.autres",
        ),
        Target::Key => said("clé qui relie les tables", "key that joins the tables"),
    };
    (meaning, None)
}
