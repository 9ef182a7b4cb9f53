//! Sheets that hold the lists of a record (contacts, partenaires), joined to the sheet of the PTCE by name or identifier.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::{Limits, Sink};
use crate::error::{Error, ErrorKind, Result};
use crate::import::sheet::arrangement::meaning_in_group;
use crate::import::sink::Attached;
use crate::row::{Arrangement, Batch, Format, Label, Layout, OwnedRow, Remark, Row, Target};
use crate::tables::{LISTS, ListTable};
use crate::text::fold::folded;
use crate::vocabulary::{self, Meant};

/// The list that a sheet holds by its name: « 3. Contacts ».
pub(super) fn list_of(sheet: &str) -> Option<&'static ListTable> {
    let words = folded(sheet);
    let name: Vec<&str> = words
        .split(' ')
        .filter(|word| !matches!(*word, "liste" | "listes" | "feuille" | "onglet"))
        .filter(|word| !word.bytes().all(|byte| byte.is_ascii_digit()))
        .collect();
    let Target::Field(field, _) = vocabulary::meaning(&name.join(" ")).0 else { return None };
    LISTS.iter().find(|list| is_of(field.pointer, &list.pointer()))
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
    Ok(sheets.into_iter().filter_map(|(layout, rows, remarks)| attachable(&layout, rows, remarks)).collect())
}

/// The rows of a sheet by what joins them; none when the sheet is no list: it has no column that names the PTCE, or says
/// more of the PTCE than of the list.
fn attachable(layout: &Layout, rows: Vec<OwnedRow>, remarks: Vec<Remark>) -> Option<Attached> {
    let sheet = layout.sheet.as_deref()?;
    let list = list_of(sheet)?;
    let pointer = list.pointer();
    if layout.arrangement != Arrangement::Table {
        return None;
    }
    let mut labels: Vec<Label> = layout.labels.clone();
    let mut key: Option<(usize, &'static str)> = None;
    let (mut own, mut others) = (0, 0);
    for (rank, label) in labels.iter_mut().enumerate() {
        if matches!(label.target, Target::Beside) {
            continue;
        }
        // « Nom » on the sheet of the contacts is the name of a contact, « Nom du PTCE » is not.
        let is_column = list.columns().any(|column| folded(column) == folded(&label.text));
        if let Target::Field(field, _) = vocabulary::meaning(&label.text).0
            && matches!(field.pointer, "/id" | "/nom")
            && key.is_none()
            && !is_column
        {
            key = Some((rank, field.pointer));
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
    let mut by_key: BTreeMap<String, Vec<OwnedRow>> = BTreeMap::new();
    let mut last = String::new();
    for row in rows {
        // A blank below a name is the same name, as people leave it out.
        if let Some(text) = row.view().value(key) {
            last = folded(text);
        }
        by_key.entry(last.clone()).or_default().push(row);
    }
    Some(Attached { name: Arc::from(sheet), labels, remarks, rows: by_key, by: Some(by), list: pointer })
}

fn too_long(sheet: &str, held: u64) -> Error {
    Error::new(
        ErrorKind::Limit,
        format!("la feuille « {sheet} » dépasse {held} Mo de textes à rattacher aux PTCE ; partagez le classeur"),
        format!("the sheet “{sheet}” exceeds {held} MB of texts to join to the PTCE; split the workbook"),
    )
}
