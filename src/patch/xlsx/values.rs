//! Cells of a workbook of Excel that get another value: a text within the cell, or a number, in the style that is there.

use std::collections::BTreeMap;
use std::ops::Range;

use super::super::markup::{Edits, Element, Kind, Part, escaped, tokens};
use super::super::package::Package;
use super::super::values::{Refusal, Rewritten, Value, is_same_number, replaced};
use super::book::{Book, part};
use super::cells::{self, Found};
use crate::error::Result;
use crate::import::workbook::scan;
use crate::import::workbook::xlsx::{reference, unescape};
use crate::location::column_letters;

/// The texts that cells share.
struct Strings {
    part: Part,
    /// Where each one stands.
    places: Vec<Range<usize>>,
}

impl Strings {
    fn read(package: &mut Package, book: &Book) -> Result<Strings> {
        let part = match book.companion(package, "sharedStrings")? {
            Some(path) => part(package, &path)?,
            None => None,
        };
        let part = part.unwrap_or_else(|| Part::new(String::new()));
        let root = Element::root(&part.text);
        let items = root.iter().flat_map(|root| root.children(&part.text));
        let places = items.filter(|item| item.tag.name() == "si").map(|item| item.inner).collect();
        Ok(Strings { part, places })
    }

    fn get(&self, rank: usize) -> Option<String> {
        Some(rich_text(&self.part.text, self.places.get(rank)?.clone()))
    }
}

/// The text of a cell in one font or several, without the aids for reading Japanese.
fn rich_text(text: &str, within: Range<usize>) -> String {
    let (mut said, mut is_aid, mut is_text) = (String::new(), false, false);
    for token in tokens(text, within.start).take_while(|token| token.start < within.end) {
        match token.kind {
            Kind::Open if token.name() == "rPh" => is_aid = true,
            Kind::Close if token.name() == "rPh" => is_aid = false,
            Kind::Open if token.name() == "t" => is_text = !is_aid,
            Kind::Close if token.name() == "t" => is_text = false,
            Kind::Text if is_text => said.push_str(&plain(token.text)),
            _ => {}
        }
    }
    unescape(&mut said, 0);
    said
}

/// What a text says.
fn plain(text: &str) -> String {
    match text.strip_prefix("<![CDATA[").and_then(|text| text.strip_suffix("]]>")) {
        Some(text) => text.to_owned(),
        None => scan::shown(text.as_bytes()),
    }
}

/// A text as cells have it: what looks like one of Excel's own ways of writing a sign is marked as none.
fn written(text: &str) -> String {
    let bytes = text.as_bytes();
    let is_mark = |at: usize| {
        let code = bytes.get(at + 2..at + 6);
        bytes.get(at + 1) == Some(&b'x')
            && code.is_some_and(|code| code.iter().all(u8::is_ascii_hexdigit))
            && bytes.get(at + 6) == Some(&b'_')
    };
    let mut written = String::with_capacity(text.len());
    for (at, sign) in text.char_indices() {
        match sign {
            '_' if is_mark(at) => written.push_str("_x005F_"),
            sign => written.push(sign),
        }
    }
    escaped(&written)
}

/// The cells that one formula makes together.
fn arrays(text: &str) -> Vec<Range2> {
    let formulas = tokens(text, 0).filter(|token| token.opens("f"));
    let arrays =
        formulas.filter(|token| token.attribute("t").is_some_and(|kind| kind == "array" || kind == "dataTable"));
    arrays.filter_map(|token| Range2::read(&token.attribute("ref")?)).collect()
}

/// Rows and columns, the last ones among them.
struct Range2 {
    first: (u64, u32),
    last: (u64, u32),
}

impl Range2 {
    fn read(text: &str) -> Option<Range2> {
        let (first, last) = text.split_once(':').unwrap_or((text, text));
        Some(Range2 { first: reference(first.as_bytes())?, last: reference(last.as_bytes())? })
    }

    fn has(&self, (row, column): (u64, u32)) -> bool {
        (self.first.0..=self.last.0).contains(&row) && (self.first.1..=self.last.1).contains(&column)
    }
}

/// Gives cells other values.
pub(in super::super) fn rewrite(package: &mut Package, values: &[Value], done: &mut Rewritten) -> Result<()> {
    let book = Book::read(package)?;
    let strings = Strings::read(package, &book)?;
    let mut by_sheet: BTreeMap<usize, BTreeMap<(u64, u32), usize>> = BTreeMap::new();
    for (rank, value) in values.iter().enumerate() {
        match book.sheets.iter().position(|place| place.is_grid && place.name == value.sheet) {
            Some(sheet) => {
                by_sheet.entry(sheet).or_default().insert(value.cell, rank);
            }
            None => done.refused[rank] = Some(Refusal::Absent),
        }
    }
    let mut is_changed = false;
    for (sheet, cells) in by_sheet {
        let path = &book.sheets[sheet].path;
        let Some(sheet) = part(package, path)? else { continue };
        let arrays = arrays(&sheet.text);
        // What is merged is held by the first of the cells.
        let shown = cells::merged(&sheet.text, &cells);
        let mut held: BTreeMap<(u64, u32), usize> = BTreeMap::new();
        for (cell, rank) in cells {
            let cell = shown.get(&cell).copied().unwrap_or(cell);
            let is_same = |known: &usize| values[*known].after == values[rank].after;
            match held.get(&cell) {
                Some(known) if !is_same(known) => done.refused[rank] = Some(Refusal::OtherText),
                Some(_) => {}
                None if arrays.iter().any(|range| range.has(cell)) => done.refused[rank] = Some(Refusal::Formula),
                None => {
                    held.insert(cell, rank);
                }
            }
        }
        let mut edits = Edits::default();
        let text = &sheet.text;
        let mut met = vec![false; values.len()];
        cells::visit(text, &held, &mut edits, &mut |(row, column), found, rank: usize, edits| {
            let value = &values[rank];
            met[rank] = true;
            match found {
                Found::Cell(token) => {
                    let element = Element::of(text, *token);
                    match new_text(text, &element, value, &strings) {
                        Err(refusal) => done.refused[rank] = Some(refusal),
                        Ok(new) => {
                            let new = changed(text, &element, &new, value.is_number);
                            edits.replace(element.tag.start..element.end, new);
                        }
                    }
                    None
                }
                Found::None { prefix, style } => {
                    if !value.before.is_empty() {
                        done.refused[rank] = Some(Refusal::OtherText);
                        return None;
                    }
                    let place = format!("{}{row}", column_letters(column));
                    let style = if style > 0 { format!(" s=\"{style}\"") } else { String::new() };
                    let (kind, content) = content(prefix, &value.after, value.is_number);
                    Some(format!("<{prefix}c r=\"{place}\"{style}{kind}>{content}</{prefix}c>"))
                }
            }
        });
        for rank in held.into_values().filter(|rank| !met[*rank]) {
            done.refused[rank] = Some(Refusal::Absent);
        }
        is_changed |= !edits.is_empty();
        done.apply(package, path, sheet, edits);
    }
    if is_changed { recalculate(package, &book, done) } else { Ok(()) }
}

/// The new text of a cell, or why it stays as it is.
fn new_text(text: &str, cell: &Element<'_>, value: &Value, strings: &Strings) -> Result<String, Refusal> {
    if cell.child(text, "f").is_some() {
        return Err(Refusal::Formula);
    }
    let kind = cell.tag.attribute("t").unwrap_or_default();
    let content = cell.child(text, "v").map(|value| plain_of(text, value.inner));
    let Value { before, after, .. } = value;
    let new = match (kind.as_str(), content) {
        ("inlineStr", _) => {
            let text = cell.child(text, "is").map(|string| rich_text(text, string.inner)).unwrap_or_default();
            replaced(&text, before, after)
        }
        ("s", Some(rank)) => {
            let known = rank.trim().parse().ok().and_then(|rank| strings.get(rank));
            known.and_then(|known| replaced(&known, before, after))
        }
        ("str", Some(mut known)) => {
            unescape(&mut known, 0);
            replaced(&known, before, after)
        }
        ("" | "n", Some(number)) => is_same_number(&number, before).then(|| after.clone()),
        (_, None) => before.is_empty().then(|| after.clone()),
        // A logical value, a day, an error: what is read of them is not what stands there.
        _ => None,
    };
    new.ok_or(Refusal::OtherText)
}

fn plain_of(text: &str, within: Range<usize>) -> String {
    let texts = tokens(text, within.start).take_while(|token| token.start < within.end);
    texts.filter(|token| token.kind == Kind::Text).map(|token| plain(token.text)).collect()
}

/// A cell with another value.
fn changed(text: &str, cell: &Element<'_>, new: &str, is_number: bool) -> String {
    let prefix = cell.tag.prefix();
    let (kind, content) = content(prefix, new, is_number);
    let mut attributes = String::new();
    for (name, known) in cell.tag.attributes() {
        // What says more of the value that was, goes with it.
        if !matches!(name, "t" | "cm" | "vm") {
            attributes.push_str(&format!(" {name}=\"{}\"", known.replace('"', "&quot;")));
        }
    }
    let rest: String =
        cell.children(text).filter(|child| child.tag.name() == "extLst").map(|child| child.text(text)).collect();
    if content.is_empty() && rest.is_empty() {
        return format!("<{prefix}c{attributes}/>");
    }
    format!("<{prefix}c{attributes}{kind}>{content}{rest}</{prefix}c>")
}

/// The attribute that tells the type of a value, and the elements that hold it.
fn content(prefix: &str, text: &str, is_number: bool) -> (&'static str, String) {
    match (text.is_empty(), is_number) {
        (true, _) => ("", String::new()),
        (false, true) => ("", format!("<{prefix}v>{}</{prefix}v>", escaped(text))),
        (false, false) => (
            " t=\"inlineStr\"",
            format!("<{prefix}is><{prefix}t xml:space=\"preserve\">{}</{prefix}t></{prefix}is>", written(text)),
        ),
    }
}

/// Has formulas computed anew when the workbook is opened: they keep values that were made of the old ones.
fn recalculate(package: &mut Package, book: &Book, done: &mut Rewritten) -> Result<()> {
    let mut has_formulas = false;
    for place in book.sheets.iter().filter(|place| place.is_grid) {
        has_formulas |=
            part(package, &place.path)?.is_some_and(|sheet| tokens(&sheet.text, 0).any(|token| token.opens("f")));
    }
    let Some(main) = part(package, &book.path)?.filter(|_| has_formulas) else { return Ok(()) };
    let mut edits = Edits::default();
    let Some(root) = Element::root(&main.text) else { return Ok(()) };
    const ABOVE: [&str; 4] = ["sheets", "functionGroups", "externalReferences", "definedNames"];
    let children: Vec<Element<'_>> = root.children(&main.text).collect();
    if let Some(known) = children.iter().find(|child| child.tag.name() == "calcPr") {
        if known.tag.attribute("fullCalcOnLoad").is_none_or(|value| value != "1" && value != "true") {
            edits.retag(&known.tag, known.tag.with("fullCalcOnLoad", Some("1")));
        }
    } else if let Some(last) = children.iter().rfind(|child| ABOVE.contains(&child.tag.name())) {
        edits.insert(last.end, format!("<{}calcPr fullCalcOnLoad=\"1\"/>", root.tag.prefix()));
    }
    done.apply(package, &book.path, main, edits);
    Ok(())
}
