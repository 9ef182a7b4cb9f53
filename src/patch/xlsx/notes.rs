//! The notes of a sheet: its part of comments, and the drawing that shows them.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use super::super::markup::{Edits, Element, Kind, Part, Token, escaped, tokens};
use super::super::package::{Package, free};
use super::book::{Book, Relation, change, part, relations};
use crate::error::Result;
use crate::guide;
use crate::import::workbook::xlsx::reference;
use crate::location::column_letters;

/// Who writes our notes.
const AUTHOR: &str = "ptce";
/// Shapes that one block of numbers has.
const BLOCK: u64 = 1024;

/// What hangs on the cells of a sheet.
pub(super) struct Parts {
    /// The part of the sheet.
    sheet: String,
    /// The part of its comments, and the relation that leads to it.
    comments: Option<Relation>,
    /// The part of the drawing in which they are shown.
    drawing: Option<String>,
    /// Cells with comments in a thread, which are not ours to change.
    pub threaded: BTreeSet<(u64, u32)>,
}

fn cell_of(tag: &Token<'_>) -> Option<(u64, u32)> {
    let cell = tag.attribute("ref")?;
    reference(cell.split(':').next()?.as_bytes()).filter(|(_, column)| *column > 0)
}

impl Parts {
    pub fn of(package: &mut Package, sheet: &str, text: &str) -> Result<Parts> {
        let leads = relations(package, sheet)?;
        let comments = leads.iter().find(|relation| relation.kind == "comments").cloned();
        let comments = comments.filter(|lead| lead.path.as_ref().is_some_and(|path| package.has(path)));
        let id = tail(text)
            .find(|token| token.opens("legacyDrawing"))
            .and_then(|tag| tag.attributes().find(|(name, _)| name.ends_with(":id")).map(|(_, id)| id.to_owned()));
        let drawing = leads.iter().find(|relation| Some(&relation.id) == id.as_ref());
        let drawing = drawing.and_then(|lead| lead.path.clone()).filter(|path| package.has(path));
        let mut threaded = BTreeSet::new();
        for lead in leads.iter().filter(|relation| relation.kind == "threadedComment") {
            let Some(path) = &lead.path else { continue };
            let Some(part) = part(package, path)? else { continue };
            threaded.extend(
                tokens(&part.text, 0).filter(|tag| tag.opens("threadedComment")).filter_map(|tag| cell_of(&tag)),
            );
        }
        Ok(Parts { sheet: sheet.to_owned(), comments, drawing, threaded })
    }

    /// Adds notes, and what shows them; `edits` are those of the sheet.
    pub fn add(
        &self,
        package: &mut Package,
        book: &Book,
        notes: &BTreeMap<(u64, u32), String>,
        text: &str,
        edits: &mut Edits,
    ) -> Result<()> {
        let new = match self.comments.as_ref().and_then(|lead| lead.path.clone()) {
            Some(path) => add_to_comments(package, &path, notes)?,
            None => {
                let path = free(package, |rank| book.in_folder(&format!("comments{rank}.xml")));
                package.write(&path, Part::new(new_comments(book, notes)).encode());
                let kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.comments+xml";
                Book::declare(package, &path, kind)?;
                book.lead(package, &self.sheet, "comments", &path)?;
                notes.keys().copied().collect()
            }
        };
        if new.is_empty() {
            return Ok(());
        }
        let block = free_block(package)?;
        match &self.drawing {
            Some(path) => change(package, path, |text, edits| add_to_drawing(text, block, &new, notes, edits)),
            None => {
                let path = free(package, |rank| book.in_folder(&format!("drawings/vmlDrawing{rank}.vml")));
                package.write(&path, Part::new(new_drawing(block, &new, notes)).encode());
                let kind = "application/vnd.openxmlformats-officedocument.vmlDrawing";
                Book::declare_extension(package, "vml", kind)?;
                let id = book.lead(package, &self.sheet, "vmlDrawing", &path)?;
                add_legacy_drawing(book, text, &id, edits);
                Ok(())
            }
        }
    }

    /// Takes our notes away, and the part of comments with the drawing where no note is left.
    pub fn clean(&self, package: &mut Package, book: &Book) -> Result<()> {
        let Some(lead) = &self.comments else { return Ok(()) };
        let Some(path) = &lead.path else { return Ok(()) };
        let (mut gone, mut left) = (BTreeSet::new(), 0);
        change(package, path, |text, edits| {
            for comment in tokens(text, 0).filter(|tag| tag.opens("comment")).map(|tag| Element::of(text, tag)) {
                let said = texts(text, &comment);
                let all: String = said.iter().map(|(_, said)| said.as_str()).collect();
                let kept = guide::without_our_notes(&all);
                left += 1;
                if kept.len() == all.len() {
                    continue;
                }
                if kept.trim().is_empty() {
                    gone.extend(cell_of(&comment.tag));
                    left -= 1;
                    edits.replace(comment.tag.start..comment.end, "");
                    continue;
                }
                // What is left is the beginning, but for answers below ours, which follow it.
                let mut rest = kept.as_ref();
                for (range, said) in said {
                    let same = said
                        .char_indices()
                        .map(|(at, c)| at + c.len_utf8())
                        .take_while(|end| rest.starts_with(&said[..*end]));
                    let length = same.last().unwrap_or(0);
                    if length < said.len() {
                        edits.replace(range, escaped(&rest[..length]));
                    }
                    rest = &rest[length..];
                }
                if !rest.is_empty() {
                    let at = comment.end - format!("</{}>", comment.tag.full_name()).len();
                    let close = text[..at].rfind("</").unwrap_or(at);
                    edits.insert(close, run(comment.tag.prefix(), rest));
                }
            }
        })?;
        if gone.is_empty() {
            return Ok(());
        }
        if let Some(drawing) = &self.drawing {
            change(package, drawing, |text, edits| {
                for shape in tokens(text, 0).filter(|tag| tag.opens("shape")).map(|tag| Element::of(text, tag)) {
                    if note_of(text, &shape).is_some_and(|cell| gone.contains(&cell)) {
                        edits.replace(shape.tag.start..shape.end, "");
                    }
                }
            })?;
        }
        if left == 0 {
            book.forget(package, &self.sheet, &lead.id, path)?;
        }
        Ok(())
    }
}

/// The tokens of a sheet behind its cells.
fn tail(text: &str) -> impl Iterator<Item = Token<'_>> {
    let from = text.rfind("sheetData").map_or(0, |at| text[at..].find('>').map_or(at, |end| at + end + 1));
    tokens(text, from)
}

/// The texts of a comment: where each stands, and what it says.
fn texts(text: &str, comment: &Element<'_>) -> Vec<(Range<usize>, String)> {
    let said = |tag: Token<'_>| {
        let element = Element::of(text, tag);
        let said = crate::import::workbook::scan::shown(text[element.inner.clone()].as_bytes());
        (element.inner, said)
    };
    tokens(text, comment.inner.start)
        .take_while(|token| token.start < comment.inner.end)
        .filter(|token| token.kind == Kind::Open && token.name() == "t")
        .map(said)
        .collect()
}

/// The cell whose note a shape shows.
fn note_of(text: &str, shape: &Element<'_>) -> Option<(u64, u32)> {
    let number = |name| {
        let element = Element::find(&text[..shape.end], name, shape.inner.start)?;
        text[element.inner].trim().parse::<u64>().ok()
    };
    Some((number("Row")? + 1, u32::try_from(number("Column")?).ok()? + 1))
}

fn run(prefix: &str, said: &str) -> String {
    format!("<{prefix}r><{prefix}t xml:space=\"preserve\">{}</{prefix}t></{prefix}r>", in_cell(said))
}

/// A text as parts of a workbook write it: what looks like one of their own escapes is escaped.
pub(super) fn in_cell(text: &str) -> String {
    let is_escape = |rest: &str| {
        let digits = rest.as_bytes().get(2..7);
        rest.starts_with("_x") && digits.is_some_and(|d| d[4] == b'_' && d[..4].iter().all(u8::is_ascii_hexdigit))
    };
    let mut plain = String::with_capacity(text.len());
    for (at, character) in text.char_indices() {
        if character == '_' && is_escape(&text[at..]) {
            plain.push_str("_x005F");
        }
        plain.push(character);
    }
    escaped(&plain)
}

fn comment(prefix: &str, cell: (u64, u32), author: usize, said: &str) -> String {
    let (row, column) = (cell.0, column_letters(cell.1));
    format!(
        "<{prefix}comment ref=\"{column}{row}\" authorId=\"{author}\"><{prefix}text>{}</{prefix}text></{prefix}comment>",
        run(prefix, said)
    )
}

fn new_comments(book: &Book, notes: &BTreeMap<(u64, u32), String>) -> String {
    let list: String = notes.iter().map(|(cell, said)| comment("", *cell, 0, said)).collect();
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n<comments xmlns=\"{}\"><authors><author>{AUTHOR}</author></authors><commentList>{list}</commentList></comments>",
        book.main_namespace()
    )
}

/// Adds notes to those of a sheet, and answers the cells that had none.
fn add_to_comments(
    package: &mut Package,
    path: &str,
    notes: &BTreeMap<(u64, u32), String>,
) -> Result<BTreeSet<(u64, u32)>> {
    let mut new: BTreeSet<(u64, u32)> = notes.keys().copied().collect();
    change(package, path, |text, edits| {
        let Some(root) = Element::root(text) else { return };
        let (authors, list) = (root.child(text, "authors"), root.child(text, "commentList"));
        let prefix = root.tag.prefix();
        let names: Vec<&str> =
            authors.iter().flat_map(|list| list.children(text)).map(|author| &text[author.inner]).collect();
        let author = names.iter().position(|name| *name == AUTHOR);
        for known in list.iter().flat_map(|list| list.children(text)) {
            let Some((cell, said)) = cell_of(&known.tag).and_then(|cell| notes.get_key_value(&cell)) else { continue };
            new.remove(cell);
            let Some(body) = known.child(text, "text") else { continue };
            // Behind what is said, before how it is pronounced.
            let pronounced = body.children(text).find(|child| matches!(child.tag.name(), "rPh" | "phoneticPr"));
            let run = run(prefix, &format!("\n{said}"));
            match pronounced {
                Some(behind) => edits.insert(behind.tag.start, run),
                None => edits.append(&body, body.tag.text, &run),
            }
        }
        if new.is_empty() {
            return;
        }
        let rank = author.unwrap_or(names.len());
        if author.is_none() {
            match &authors {
                Some(list) => {
                    edits.append(list, list.tag.text, &format!("<{prefix}author>{AUTHOR}</{prefix}author>"));
                }
                None => edits.insert(
                    root.inner.start,
                    format!("<{prefix}authors><{prefix}author>{AUTHOR}</{prefix}author></{prefix}authors>"),
                ),
            }
        }
        let comments: String = new.iter().map(|cell| comment(prefix, *cell, rank, &notes[cell])).collect();
        match &list {
            Some(list) => edits.append(list, list.tag.text, &comments),
            None => {
                edits.append(&root, root.tag.text, &format!("<{prefix}commentList>{comments}</{prefix}commentList>"))
            }
        }
    })?;
    Ok(new)
}

/// The first block of numbers of shapes that no drawing of the package uses.
fn free_block(package: &mut Package) -> Result<u64> {
    let drawings: Vec<String> =
        package.names().filter(|name| name.to_ascii_lowercase().ends_with(".vml")).map(str::to_owned).collect();
    let mut last = 0;
    for path in drawings {
        let Some(part) = part(package, &path)? else { continue };
        for token in tokens(&part.text, 0) {
            if token.opens("idmap") {
                let blocks = token.attribute("data").unwrap_or_default();
                last = blocks.split(',').filter_map(|block| block.trim().parse().ok()).fold(last, u64::max);
            } else if token.opens("shape") {
                let id = token.attribute("id").unwrap_or_default();
                let number = id.rsplit("_s").next().and_then(|digits| digits.parse::<u64>().ok());
                last = last.max(number.map_or(0, |number| number / BLOCK));
            }
        }
    }
    Ok(last + 1)
}

/// The blocks that so many shapes take.
fn blocks(first: u64, shapes: usize) -> String {
    let last = first + shapes as u64 / BLOCK;
    (first..=last).map(|block| block.to_string()).collect::<Vec<_>>().join(",")
}

const SHAPE_TYPE: &str = "<v:shapetype id=\"_x0000_t202\" coordsize=\"21600,21600\" o:spt=\"202\" path=\"m,l,21600r21600,l21600,xe\"><v:stroke joinstyle=\"miter\"/><v:path gradientshapeok=\"t\" o:connecttype=\"rect\"/></v:shapetype>";
const NAMESPACES: &str = "xmlns:v=\"urn:schemas-microsoft-com:vml\" xmlns:o=\"urn:schemas-microsoft-com:office:office\" xmlns:x=\"urn:schemas-microsoft-com:office:excel\"";

fn new_drawing(block: u64, cells: &BTreeSet<(u64, u32)>, notes: &BTreeMap<(u64, u32), String>) -> String {
    format!(
        "<xml {NAMESPACES}><o:shapelayout v:ext=\"edit\"><o:idmap v:ext=\"edit\" data=\"{}\"/></o:shapelayout>{SHAPE_TYPE}{}</xml>",
        blocks(block, cells.len()),
        shapes(block, "", cells, notes)
    )
}

/// Adds shapes to a drawing that is there, be it that of form controls.
fn add_to_drawing(
    text: &str,
    block: u64,
    cells: &BTreeSet<(u64, u32)>,
    notes: &BTreeMap<(u64, u32), String>,
    edits: &mut Edits,
) {
    let Some(root) = Element::root(text) else { return };
    // The names of its elements are ours where it has the usual prefixes; else each shape brings them.
    let is_usual = ["xmlns:v=", "xmlns:o=", "xmlns:x="].iter().all(|name| root.tag.text.contains(name));
    let declared = if is_usual { String::new() } else { format!(" {NAMESPACES}") };
    if let Some(map) = tokens(text, 0).find(|token| token.opens("idmap")) {
        let known = map.attribute("data").unwrap_or_default();
        let all = format!("{known},{}", blocks(block, cells.len()));
        edits.retag(&map, map.with("data", Some(all.trim_start_matches(','))));
    }
    let has_type = tokens(text, 0).any(|token| token.opens("shapetype") && token.text.contains("_x0000_t202"));
    let kind = match has_type {
        true => String::new(),
        false => SHAPE_TYPE.replacen("<v:shapetype", &format!("<v:shapetype{declared}"), 1),
    };
    edits.append(&root, root.tag.text, &format!("{kind}{}", shapes(block, &declared, cells, notes)));
}

fn shapes(block: u64, declared: &str, cells: &BTreeSet<(u64, u32)>, notes: &BTreeMap<(u64, u32), String>) -> String {
    let shape = |(rank, (row, column)): (u64, &(u64, u32))| {
        let height = notes.get(&(*row, *column)).map_or(3, |said| lines(said)).clamp(3, 24);
        let (row, column) = (row - 1, u64::from(*column) - 1);
        // Beside the cell; to its left at the right border of the sheet.
        let left = if column + 6 > 16_383 { column.saturating_sub(6) } else { column + 1 };
        let top = row.saturating_sub(1).min(1_048_575 - height);
        format!(
            "<v:shape{declared} id=\"_x0000_s{}\" type=\"#_x0000_t202\" style=\"position:absolute;margin-left:80pt;margin-top:5pt;width:240pt;height:{}pt;z-index:{};visibility:hidden\" fillcolor=\"infoBackground [80]\" strokecolor=\"none [81]\" o:insetmode=\"auto\"><v:fill color2=\"infoBackground [80]\"/><v:shadow color=\"none [81]\" obscured=\"t\"/><v:path o:connecttype=\"none\"/><v:textbox style=\"mso-direction-alt:auto\"><div style=\"text-align:left\"></div></v:textbox><x:ClientData ObjectType=\"Note\"><x:MoveWithCells/><x:SizeWithCells/><x:Anchor>{left}, 15, {top}, 4, {}, 15, {}, 4</x:Anchor><x:AutoFill>False</x:AutoFill><x:Row>{row}</x:Row><x:Column>{column}</x:Column></x:ClientData></v:shape>",
            block * BLOCK + rank,
            height * 15,
            rank,
            left + 5,
            top + height,
        )
    };
    (1..).zip(cells).map(shape).collect()
}

/// How many lines a note takes in its box.
fn lines(said: &str) -> u64 {
    const WIDTH: usize = 44;
    said.lines().map(|line| line.chars().count().div_ceil(WIDTH).max(1) as u64).sum::<u64>() + 1
}

/// The elements of a sheet that stand behind the one which leads to the drawing of its notes.
const BEHIND: [&str; 9] = [
    "legacyDrawingHF",
    "drawingHF",
    "picture",
    "oleObjects",
    "controls",
    "webPublishItems",
    "tableParts",
    "extLst",
    "webPublishItem",
];

fn add_legacy_drawing(book: &Book, text: &str, id: &str, edits: &mut Edits) {
    let Some(root) = Element::root(text) else { return };
    let (prefix, own) = book.relation_prefix(&root.tag);
    let element = format!("<{}legacyDrawing{own} {prefix}:id=\"{id}\"/>", root.tag.prefix());
    let is_behind = |child: &Element<'_>| match child.tag.name() {
        // What it stands for is what it holds.
        "AlternateContent" => tokens(text, child.inner.start)
            .take_while(|token| token.start < child.inner.end)
            .any(|token| BEHIND.contains(&token.name())),
        name => BEHIND.contains(&name),
    };
    let next = root.children(text).find(is_behind);
    match next {
        Some(next) => edits.insert(next.tag.start, element),
        None => edits.append(&root, root.tag.text, &element),
    }
}
