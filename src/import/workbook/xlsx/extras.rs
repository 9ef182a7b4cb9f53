//! What a sheet of an .xlsx says beside its cells, wanted before them: which are merged, comments and hyperlinks.

use std::io::{Read, Seek};

use super::super::archive::Archive;
use super::super::scan::{Scanner, Token, shown};
use super::super::{MAX_CELL_BYTES, hold};
use super::{no_sheet, path_of, relations};
use crate::error::Result;
use crate::import::range::Range;
use crate::import::sheet::Sheet;

/// Hyperlinks of a sheet that are held; those beyond are counted.
const MAX_LINKS: usize = 100_000;

/// Tells the table what the part of its sheet, and those that this leads to, say beside the cells. Answers whether the sheet
/// has cells at all, which that of a chart has not.
pub(super) fn tell(archive: &mut Archive<impl Read + Seek>, path: &str, table: &mut Sheet<'_, '_>) -> Result<bool> {
    let Some(part) = archive.part(path)? else { return Err(no_sheet()) };
    let mut scanner = Scanner::new(path, part);
    loop {
        match scanner.next()? {
            None => return Ok(false),
            Some(Token::Open(tag)) if tag.name() == b"sheetData" => {
                if !tag.is_empty() {
                    scanner.pass_end_of("sheetData")?;
                }
                break;
            }
            Some(_) => {}
        }
    }
    let (mut merges, mut links, mut beyond) = (Vec::new(), Vec::new(), 0);
    while let Some(token) = scanner.next()? {
        let Token::Open(tag) = token else { continue };
        let range = || tag.text("ref").and_then(|text| Range::parse(&text));
        match tag.name() {
            b"mergeCell" => {
                hold(&mut merges.len())?;
                merges.extend(range());
            }
            b"hyperlink" => {
                // A link within the workbook has no relation.
                let id = tag.attributes().find(|(name, _)| name.ends_with(b":id")).map(|(_, id)| shown(id));
                let link = range().zip(id);
                if links.len() < MAX_LINKS {
                    links.extend(link);
                } else {
                    beyond += u64::from(link.is_some());
                }
            }
            _ => {}
        }
    }
    drop(scanner);
    merges.sort_by_key(|range: &Range| range.top);
    merges.into_iter().for_each(|range| table.merge(range));
    let (folder, file) = path.rsplit_once('/').unwrap_or(("", path));
    let relations = relations(archive, &format!("{folder}/_rels/{file}.rels"))?;
    if let Some(relation) = relations.values().find(|relation| relation.is("comments")) {
        comments(archive, &path_of(folder, &relation.target), table)?;
    }
    if let Some(annotations) = table.annotations() {
        annotations.beyond(beyond);
        for (range, id) in links {
            if let Some(relation) = relations.get(&id) {
                annotations.link(range, &relation.target);
            }
        }
    }
    Ok(true)
}

/// Tells the comments that a part holds.
fn comments(archive: &mut Archive<impl Read + Seek>, path: &str, table: &mut Sheet<'_, '_>) -> Result<()> {
    let Some(part) = archive.part(path)? else { return Ok(()) };
    let mut scanner = Scanner::new(path, part);
    let (mut cell, mut said, mut is_said) = (None, Vec::new(), false);
    while let Some(token) = scanner.next()? {
        match token {
            Token::Open(tag) if tag.name() == b"comment" => {
                cell = tag.text("ref").and_then(|text| Range::parse(&text));
                said.clear();
            }
            Token::Open(tag) if tag.name() == b"t" => is_said = !tag.is_empty(),
            Token::Close(b"t") => is_said = false,
            Token::Text(text) | Token::Plain(text) if is_said && said.len() < MAX_CELL_BYTES => {
                said.extend_from_slice(text);
            }
            Token::Close(b"comment") => {
                if let Some((Range { top, left, .. }, annotations)) = cell.take().zip(table.annotations()) {
                    annotations.comment(top, left, &shown(&said));
                }
            }
            _ => {}
        }
    }
    Ok(())
}
