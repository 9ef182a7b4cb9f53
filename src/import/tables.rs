//! Related tables: a zip archive of CSV files, one for the PTCE and one for each list of groups, joined by a key.
//!
//! The table of the PTCE streams; the rows of the others are held in memory, for they may stand in any order.

use std::collections::BTreeMap;
use std::io::{Read, Seek};
use std::sync::Arc;

use zip::ZipArchive;
use zip::result::ZipError;

use super::encoding::Evidence;
use super::sink::{Attached, By};
use super::{Sink, csv};
use crate::error::{Error, ErrorKind, Result};
use crate::row::{Batch, Format, Layout, OwnedRow, Row};
use crate::tables::{HUBS, KEY, LISTS, ListTable, RANK};

pub(super) fn read(source: impl Read + Seek, sink: &mut Sink<'_>) -> Result<()> {
    let name = sink.file().to_owned();
    let mut archive = ZipArchive::new(source).map_err(|error| zip_error(&error))?;
    let mut names: Vec<String> = Vec::new();
    for index in 0..archive.len() {
        let file = archive.by_index_raw(index).map_err(|error| zip_error(&error))?;
        let inner = file.name().map_err(|error| zip_error(&error))?.into_owned();
        let is_known = inner == HUBS || LISTS.iter().any(|list| list.file == inner);
        if names.contains(&inner) || !(is_known || file.is_dir() || is_of_system(&inner)) {
            return Err(stranger(&inner));
        }
        names.push(inner);
    }
    if !names.iter().any(|name| name == HUBS) {
        return Err(Error::new(
            ErrorKind::Format,
            format!("cette archive n’a pas de {HUBS} ; sortez-en les fichiers et donnez-les un par un"),
            format!("this archive has no {HUBS}; take the files out and give them one by one"),
        ));
    }
    for list in LISTS.iter().filter(|list| names.iter().any(|name| name == list.file)) {
        let file = archive.by_name(list.file).map_err(|error| zip_error(&error))?;
        let attached = held(file, list).map_err(|error| error.in_file(&inside(&name, list.file)))?;
        sink.attach(attached);
    }
    sink.begin_sheet(HUBS, false)?;
    let hubs = archive.by_name(HUBS).map_err(|error| zip_error(&error))?;
    csv::read(hubs, Evidence::default(), sink).map_err(|error| error.in_file(&inside(&name, HUBS)))?;
    match sink.orphan() {
        None => Ok(()),
        Some((file, line, key)) => Err(Error::new(
            ErrorKind::Format,
            format!("la clé « {key} » n’est pas dans {HUBS} ; corrigez {KEY} sur cette ligne, ou retirez-la"),
            format!("the key “{key}” is not in {HUBS}; correct {KEY} on this line, or remove the line"),
        )
        .in_file(&inside(&name, &file))
        .at(line, None)),
    }
}

/// How errors name a file of an archive.
fn inside(archive: &str, file: &str) -> String {
    format!("{archive}/{file}")
}

/// The rows of a list's table, by key.
fn held(file: impl Read, list: &ListTable) -> Result<Attached> {
    let mut layout: Option<Arc<Layout>> = None;
    let mut rows: Vec<OwnedRow> = Vec::new();
    let mut keep = |batch: Batch| {
        rows.extend(batch.rows().filter(|row| row.index > 0).map(Row::to_owned));
        layout = Some(batch.layout);
        Ok(())
    };
    let mut sink = Sink::new(list.file, Format::Tables, &mut keep).row_by_row();
    sink.set_list(list);
    csv::read(file, Evidence::default(), &mut sink)?;
    match sink.finish() {
        Err(error) if error.kind() != ErrorKind::Empty => return Err(error),
        _ => {}
    }
    let labels = layout.map(|layout| layout.labels.clone()).unwrap_or_default();
    let place = |name: &str| labels.iter().position(|label| label.text == name);
    let (key, rank) = (place(KEY), place(RANK));
    let Some(key) = key else {
        return Err(Error::new(
            ErrorKind::Format,
            format!("la colonne « {KEY} » manque : sans elle, on ne sait pas de quel PTCE est chaque ligne"),
            format!("there is no column “{KEY}”: without it, nothing tells which PTCE a line belongs to"),
        )
        .at(1, None));
    };
    let mut by_key: BTreeMap<String, Vec<OwnedRow>> = BTreeMap::new();
    for row in rows {
        let key = row.view().value(key).map(str::to_owned).ok_or_else(|| {
            Error::new(
                ErrorKind::Format,
                format!("cette ligne n’a pas de {KEY} ; complétez-la ou retirez-la"),
                format!("this line has no {KEY}; complete it or remove it"),
            )
            .at(row.view().line, None)
        })?;
        by_key.entry(key).or_default().push(row);
    }
    if let Some(rank) = rank {
        // Whoever sorted the table by another column has not changed the order of the list.
        let order =
            |row: &OwnedRow| row.view().value(rank).and_then(|rank| rank.parse::<u64>().ok()).unwrap_or(u64::MAX);
        by_key.values_mut().for_each(|rows| rows.sort_by_key(order));
    }
    Ok(Attached {
        name: Arc::from(list.file),
        labels,
        remarks: Vec::new(),
        rows: by_key,
        by: By::Key,
        list: list.pointer(),
        entered: Vec::new(),
        is_first: false,
        keeps_words: false,
    })
}

/// What systems put into archives without being asked.
fn is_of_system(name: &str) -> bool {
    name.starts_with("__MACOSX/") || name.rsplit('/').next().is_some_and(|file| file.starts_with('.'))
}

fn stranger(name: &str) -> Error {
    let known: Vec<&str> = [HUBS].into_iter().chain(LISTS.iter().map(|list| list.file)).collect();
    Error::new(
        ErrorKind::Format,
        format!(
            "l’archive contient « {name} », qui n’est pas une de ses tables ({}), une fois chacune ; retirez-le, ou sortez les \
             fichiers de l’archive et donnez-les un par un",
            known.join(", ")
        ),
        format!(
            "the archive holds “{name}”, which is none of its tables ({}), once each; remove it, or take the files out of \
             the archive and give them one by one",
            known.join(", ")
        ),
    )
}

fn zip_error(error: &ZipError) -> Error {
    Error::new(
        ErrorKind::Syntax,
        format!("archive illisible : {error} ; demandez un nouvel envoi"),
        format!("unreadable archive: {error}; ask for it again"),
    )
}
