//! Sheets that hold the lists of a record (contacts, partenaires), joined to the sheet of the PTCE by name or identifier.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::{Limits, SheetNames, Sink};
use crate::error::{Error, ErrorKind, Result};
use crate::field::{Field, Kind};
use crate::import::sheet::arrangement::meaning_in_group;
use crate::import::sink::{Attached, By};
use crate::row::{Arrangement, Batch, Format, Label, Layout, OwnedRow, Remark, Row, Target};
use crate::schema;
use crate::tables::{LISTS, ListTable};
use crate::text::fold::folded;
use crate::vocabulary::{self, Meant};

/// The list that a sheet holds by its name: « 3. Contacts ».
pub(super) fn list_of(sheet: &str) -> Option<&'static ListTable> {
    let Target::Field(field, _) = vocabulary::meaning(&words_of(sheet)).0 else { return None };
    LISTS.iter().find(|list| is_of(field.pointer, &list.pointer()))
}

/// The words of the name of a sheet, without what says nothing of its rows.
fn words_of(sheet: &str) -> String {
    let words = folded(sheet);
    let says = |word: &&str| {
        !matches!(*word, "liste" | "listes" | "feuille" | "onglet") && !word.bytes().all(|byte| byte.is_ascii_digit())
    };
    words.split(' ').filter(says).collect::<Vec<_>>().join(" ")
}

/// Whether a sheet tells of one part of the records by its name: « Emploi », « Financement ».
fn tells_part(sheet: &str) -> bool {
    const PARTS: &[&str] = &["/emploi", "/financement", "/adresse", "/territoire", "/appel/montant"];
    let is_of_part = |field: &&'static Field| PARTS.iter().any(|part| field.pointer.starts_with(part));
    match vocabulary::meaning_despite_slips(&words_of(sheet)).target {
        Target::Field(field, None) => is_of_part(&field),
        Target::Ambiguous(fields) => fields.iter().all(is_of_part),
        _ => false,
    }
}

/// The sheets whose rows may belong to the records of another one: lists, and parts where one sheet is left that has the records.
pub(super) fn joining(names: &SheetNames) -> Vec<String> {
    let of = |is: &dyn Fn(&str) -> bool| names.iter().filter(|name| is(name)).cloned().collect::<Vec<_>>();
    let is_list = |name: &str| list_of(name).is_some();
    let all = of(&|name| is_list(name) || tells_part(name));
    if all.len() < names.len() { all } else { of(&is_list) }
}

/// A workbook of an export whose sheets name by a key the record that their rows belong to.
pub(super) struct Export {
    /// The sheet of the records.
    records: &'static str,
    /// The label of the key in the other sheets.
    joined: &'static str,
    /// The sheet whose rows tell of the record itself where a label has a value.
    own: Option<(&'static str, &'static str, &'static str)>,
    /// Labels whose values are none of the record.
    aside: Vec<String>,
}

impl Export {
    /// The export that the sheets of a workbook are those of.
    pub fn of(names: &SheetNames) -> Option<Export> {
        let exports = schema::root().keyword("x-exports").and_then(|exports| exports.as_array())?;
        exports.iter().find_map(|export| {
            let text = |key: &str| export.get(key).and_then(|text| text.as_str());
            let records = text("records").filter(|records| names.len() > 1 && names.contains(*records))?;
            let aside = export.get("aside").and_then(|list| list.as_array()).into_iter().flatten();
            Some(Export {
                records,
                joined: text("joined")?,
                own: text("sheet")
                    .zip(text("label"))
                    .zip(text("value"))
                    .map(|((sheet, label), value)| (sheet, label, value)),
                aside: aside.filter_map(|text| text.as_str()).map(folded).collect(),
            })
        })
    }

    /// The sheets that are not that of the records.
    pub fn others(&self, names: &SheetNames) -> Vec<String> {
        names.iter().filter(|name| *name != self.records).cloned().collect()
    }

    /// The rows of a sheet, by the key of their records; none where it has no such key.
    fn attachable(&self, layout: &Layout, rows: Vec<OwnedRow>, remarks: Vec<Remark>) -> Vec<Attached> {
        let Some(sheet) = layout.sheet.as_deref() else { return Vec::new() };
        let is_named = |label: &Label, name: &str| folded(&label.text) == folded(name);
        let key = layout.labels.iter().position(|label| is_named(label, self.joined));
        let Some(key) = key.filter(|_| layout.arrangement == Arrangement::Table) else { return Vec::new() };
        let list = block_of(sheet);
        let own = self.own.filter(|(name, ..)| folded(name) == folded(sheet));
        let target = |label: &Label| match (&list, own) {
            (_, Some(_)) if self.aside.contains(&folded(&label.text)) => Target::Aside,
            // What the column that comes first left to nobody is there for the other.
            (_, Some(_)) => match &label.target {
                Target::Taken(field) => Target::Field(field, None),
                target => target.clone(),
            },
            (Some(list), _) => {
                vocabulary::in_block(list, &label.text).map_or(Target::Aside, |field| Target::Field(field, None))
            }
            (None, _) => Target::Aside,
        };
        let labels = |is_own: bool| -> Vec<Label> {
            let label = |(rank, label): (usize, &Label)| {
                let target = match rank == key {
                    true => Target::Key,
                    false if is_own => target(label),
                    false => Target::Aside,
                };
                // A value that another column of the sheet has already is told as it stands.
                let target = if matches!(target, Target::Field(..)) {
                    target
                } else if rank == key {
                    Target::Key
                } else {
                    Target::Aside
                };
                Label { target, ..label.clone() }
            };
            layout.labels.iter().enumerate().map(label).collect()
        };
        let told = own.and_then(|(_, name, value)| {
            layout.labels.iter().position(|label| is_named(label, name)).map(|rank| (rank, folded(value)))
        });
        let mut by_key = [BTreeMap::<String, Vec<OwnedRow>>::new(), BTreeMap::new()];
        for row in rows {
            let is_of =
                |(rank, value): &(usize, String)| row.view().value(*rank).is_some_and(|text| folded(text) == *value);
            // « Dossier », or the label of the question that asked for the coordinator.
            let names_coordinator = |(rank, _): &(usize, String)| {
                row.view().value(*rank).is_some_and(|text| {
                    matches!(vocabulary::meaning(text).0, Target::Field(field, _) if field.pointer == "/coordinateur/nom")
                })
            };
            let is_own = told.as_ref().is_none_or(|told| is_of(told) || names_coordinator(told));
            let text = row.view().value(key).map(folded).unwrap_or_default();
            by_key[usize::from(!is_own)].entry(text).or_default().push(row);
        }
        let [own_rows, others] = by_key;
        let table = |rows, remarks, is_own| Attached {
            name: Arc::from(sheet),
            labels: labels(is_own),
            remarks,
            rows,
            by: By::Field("/id"),
            list: list.clone().unwrap_or_default(),
            entered: Vec::new(),
            is_first: is_own && own.is_some(),
            keeps_words: true,
        };
        let rest = (!others.is_empty()).then(|| table(others, Vec::new(), false));
        std::iter::once(table(own_rows, remarks, true)).chain(rest).collect()
    }
}

/// The list that a block of an export holds, by the name of its sheet, which is cut: « (4699796) Liste des communes c ».
fn block_of(sheet: &str) -> Option<String> {
    let words = folded(sheet);
    let names = |start: &[&str]| words.split(' ').any(|word| start.iter().any(|start| word.starts_with(start)));
    let list = if names(&["commune"]) {
        "/territoire/communes"
    } else if names(&["equipe", "contact", "referent", "interlocuteur"]) {
        "/contacts"
    } else if names(&["partenaire", "membre", "acteur"]) || words.contains("presentation des par") {
        "/partenaires"
    } else if names(&["action"]) {
        "/projet/actions"
    } else {
        return None;
    };
    Some(list.to_owned())
}

/// Whether a field is a list, or one of an element of it.
fn is_of(pointer: &str, list: &str) -> bool {
    pointer.strip_prefix(list).is_some_and(|rest| rest.is_empty() || rest.starts_with("/*"))
}

/// The tables of the sheets that hold lists, which `read` gives to a sink of its own.
pub(super) fn attached(
    file: &str,
    format: Format,
    limits: &Limits,
    export: Option<&Export>,
    read: impl FnOnce(&mut Sink<'_>) -> Result<()>,
) -> Result<Vec<Attached>> {
    let mut sheets: Vec<(Arc<Layout>, Vec<OwnedRow>, Vec<Remark>)> = Vec::new();
    let (mut bytes, held) = (0, limits.held);
    let mut keep = |batch: Batch| {
        bytes += batch.rows().map(|row| row.size() as u64).sum::<u64>();
        if bytes > Limits::bytes(held) {
            return Err(too_long(batch.layout.sheet.as_deref().unwrap_or_default(), held));
        }
        let rows = batch.rows().filter(|row| row.index > 0).map(Row::to_owned);
        match sheets.last_mut().filter(|(layout, ..)| layout.sheet == batch.layout.sheet) {
            Some((layout, known, remarks)) => {
                known.extend(rows);
                remarks.extend(batch.remarks.iter().cloned());
                *layout = batch.layout;
            }
            None => sheets.push((Arc::clone(&batch.layout), rows.collect(), batch.remarks.clone())),
        }
        Ok(())
    };
    let mut sink = Sink::new(file, format, &mut keep).with_limits(*limits).row_by_row();
    read(&mut sink)?;
    match sink.finish() {
        Err(error) if error.kind() != ErrorKind::Empty => return Err(error),
        _ => {}
    }
    let attached = |(layout, rows, remarks): (Arc<Layout>, Vec<OwnedRow>, Vec<Remark>)| match export {
        Some(export) => export.attachable(&layout, rows, remarks),
        None => attachable(&layout, rows, remarks).into_iter().collect(),
    };
    Ok(sheets.into_iter().flat_map(attached).collect())
}

/// The rows of a sheet by what joins them; none when the sheet is no list: it has no column that names the PTCE, or says
/// more of the PTCE than of the list.
fn attachable(layout: &Layout, rows: Vec<OwnedRow>, remarks: Vec<Remark>) -> Option<Attached> {
    let sheet = layout.sheet.as_deref()?;
    let Some(list) = list_of(sheet) else { return part(layout, rows, remarks) };
    let pointer = list.pointer();
    if layout.arrangement != Arrangement::Table {
        return None;
    }
    let mut labels: Vec<Label> = layout.labels.clone();
    let mut key: Option<(usize, By)> = None;
    let (mut own, mut others) = (0, 0);
    for (rank, label) in labels.iter_mut().enumerate() {
        if matches!(label.target, Target::Beside) {
            continue;
        }
        // « Nom » on the sheet of the contacts is the name of a contact, « Nom du PTCE » is not.
        let is_column = list.columns().any(|column| folded(column) == folded(&label.text));
        if let Target::Field(field, _) = vocabulary::meaning(&label.text).0
            && matches!(field.pointer, "/id" | "/nom")
            && key.as_ref().is_none_or(|(_, by)| matches!(by, By::Label(_)))
            && !is_column
        {
            key = Some((rank, By::Field(field.pointer)));
            label.target = Target::Key;
            continue;
        }
        // « N° » on both sheets.
        if rank == 0 && is_number(&label.text) {
            key = Some((rank, By::Label(folded(&label.text))));
            label.target = Target::Key;
            continue;
        }
        let meant = match meaning_in_group(&pointer, &label.text) {
            Some(meaning) => Meant::new(meaning),
            None => vocabulary::meaning_despite_slips(&label.text),
        };
        (label.reason, label.usual) = (meant.reason, meant.usual);
        let in_list = meant.target;
        match in_list {
            Target::Field(field, _) if is_of(field.pointer, &pointer) => own += 1,
            Target::Field(..) => others += 1,
            _ => {}
        }
        label.target = in_list;
    }
    let (key, by) = key.filter(|_| own > others)?;
    // A number beside the name joins nothing.
    for (_, label) in labels.iter_mut().enumerate().filter(|(rank, _)| *rank != key) {
        if matches!(label.target, Target::Key) {
            label.target = Target::Unknown;
        }
    }
    let mut by_key: BTreeMap<String, Vec<OwnedRow>> = BTreeMap::new();
    let mut last = String::new();
    for row in rows {
        // A blank below a name is the same name, as people leave it out.
        if let Some(text) = row.view().value(key) {
            last = folded(text);
        }
        by_key.entry(last.clone()).or_default().push(row);
    }
    Some(Attached {
        name: Arc::from(sheet),
        labels,
        remarks,
        rows: by_key,
        by,
        list: pointer,
        entered: Vec::new(),
        is_first: false,
        keeps_words: false,
    })
}

/// The rows of a sheet that tells one part of the records, by the names of these; none where it says who carries the hub, so that it
/// may be the list of them, or has several rows of one name.
fn part(layout: &Layout, rows: Vec<OwnedRow>, remarks: Vec<Remark>) -> Option<Attached> {
    let sheet = layout.sheet.as_deref().filter(|_| layout.arrangement == Arrangement::Table)?;
    let field = |label: &Label| match label.target {
        Target::Field(field, None) => Some(field),
        _ => None,
    };
    let is_at = |pointer: &'static str| move |label: &Label| field(label).is_some_and(|field| field.pointer == pointer);
    let key = layout.labels.iter().position(is_at("/nom"))?;
    let fields =
        || layout.labels.iter().enumerate().filter(|(rank, _)| *rank != key).filter_map(|(_, label)| field(label));
    let is_single = |field: &Field| matches!(field.kind, Kind::Text | Kind::Number);
    if layout.labels.iter().any(is_at("/coordinateur/nom")) || fields().next().is_none() || !fields().all(is_single) {
        return None;
    }
    let mut labels: Vec<Label> = layout.labels.clone();
    labels[key].target = Target::Key;
    let mut by_key: BTreeMap<String, Vec<OwnedRow>> = BTreeMap::new();
    for row in rows {
        let name = folded(row.view().value(key)?);
        // A row for each year of the hub is none of the record.
        if by_key.insert(name, vec![row]).is_some() {
            return None;
        }
    }
    Some(Attached {
        name: Arc::from(sheet),
        labels,
        remarks,
        rows: by_key,
        by: By::Field("/nom"),
        list: String::new(),
        entered: Vec::new(),
        is_first: false,
        keeps_words: false,
    })
}

/// Whether a label counts the records of a workbook, or names them by a code of its own.
fn is_number(label: &str) -> bool {
    const NUMBERS: &[&str] = &["n", "no", "num", "numero", "code", "ref", "reference", "cle", "n d ordre", "n ordre"];
    let words = folded(label);
    let own = ["ptce", "pole", "fiche", "projet"].iter().find_map(|word| words.strip_suffix(word)).unwrap_or(&words);
    let own = own.trim_end_matches(" du").trim_end();
    NUMBERS.contains(&own)
}

fn too_long(sheet: &str, held: u64) -> Error {
    Error::new(
        ErrorKind::Limit,
        format!("la feuille « {sheet} » dépasse {held} Mo de textes à rattacher aux PTCE ; partagez le classeur"),
        format!("the sheet “{sheet}” exceeds {held} MB of texts to join to the PTCE; split the workbook"),
    )
}
