//! Styles of cells that are added behind those that are there: a style is named by its rank, so that none may move.

use std::collections::BTreeMap;

use super::super::markup::{Edits, Element, Kind, Token};
use crate::finding::Level;

/// Excel's ceiling.
const MAX_STYLES: usize = 64_000;

/// The colour behind a flagged cell. They are near those that people know from their spreadsheet, and no one else's: by them a
/// copy that was saved since is cleaned.
pub(super) fn colour(level: Level) -> &'static str {
    match level {
        Level::Error => "FFFFC9CF",
        Level::Warning => "FFFFE99C",
        Level::Info => "FFDCEAF9",
    }
}

const LEVELS: [Level; 3] = [Level::Error, Level::Warning, Level::Info];

/// What a style that is added is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Look {
    /// A flagged cell that had a style.
    Flagged(u32, Level),
    /// The header of our sheet.
    Header,
    /// A text of it on several lines.
    Text,
    /// The level of a finding, beside such texts.
    Level(Level),
}

/// The styles of a workbook, and those to add.
pub(super) struct Styles {
    /// The rank of the first style that is added.
    first: usize,
    added: BTreeMap<Look, u32>,
}

impl Styles {
    /// `text` is the part of the styles; none when it has no style of cells.
    pub fn of(text: &str) -> Option<Styles> {
        let list = Element::root(text).and_then(|root| root.child(text, "cellXfs"))?;
        let count = list.children(text).filter(|style| style.tag.name() == "xf").count();
        (count > 0).then(|| Styles { first: count, added: BTreeMap::new() })
    }

    /// The rank of a style; none beyond what a workbook may have.
    pub fn look(&mut self, look: Look) -> Option<u32> {
        if let Some(rank) = self.added.get(&look) {
            return Some(*rank);
        }
        let rank = self.first + self.added.len();
        if rank >= MAX_STYLES {
            return None;
        }
        self.added.insert(look, rank as u32);
        Some(rank as u32)
    }

    pub fn is_empty(&self) -> bool {
        self.added.is_empty()
    }

    /// Writes what was added.
    pub fn write(&self, text: &str, edits: &mut Edits) {
        let Some(root) = Element::root(text) else { return };
        let prefix = root.tag.prefix();
        let fill = |level| {
            format!(
                "<{prefix}fill><{prefix}patternFill patternType=\"solid\"><{prefix}fgColor rgb=\"{}\"/><{prefix}bgColor indexed=\"64\"/></{prefix}patternFill></{prefix}fill>",
                colour(level)
            )
        };
        let fills: Vec<String> = LEVELS.into_iter().map(fill).collect();
        let first_fill = add(text, &root, "fills", "fill", &fills, edits);
        let bold = format!("<{prefix}font><{prefix}b/></{prefix}font>");
        // A font of ours is that of the workbook, in bold.
        let font = root.child(text, "fonts").and_then(|fonts| fonts.children(text).next());
        let bold = font.map_or(bold, |font| emboldened(text, &font));
        let is_bold = self.added.contains_key(&Look::Header);
        let bold_font = if is_bold { add(text, &root, "fonts", "font", &[bold], edits) } else { 0 };
        let known: Vec<Element<'_>> = root
            .child(text, "cellXfs")
            .map(|list| list.children(text).filter(|style| style.tag.name() == "xf").collect())
            .unwrap_or_default();
        let mut by_rank: Vec<(u32, Look)> = self.added.iter().map(|(look, rank)| (*rank, *look)).collect();
        by_rank.sort_unstable();
        let styles: Vec<String> = by_rank
            .into_iter()
            .map(|(_, look)| {
                let fill_of = |level| first_fill + LEVELS.iter().position(|known| *known == level).unwrap_or(0);
                let aligned = |font: usize, fill: usize, more: &str| {
                    format!(
                        "<{prefix}xf numFmtId=\"0\" fontId=\"{font}\" fillId=\"{fill}\" borderId=\"0\" xfId=\"0\"{more} applyAlignment=\"1\"><{prefix}alignment vertical=\"top\" wrapText=\"1\"/></{prefix}xf>"
                    )
                };
                match look {
                    Look::Header => aligned(bold_font, 0, " applyFont=\"1\""),
                    Look::Text => aligned(0, 0, ""),
                    Look::Level(level) => aligned(0, fill_of(level), " applyFill=\"1\""),
                    Look::Flagged(style, level) => {
                        let own = known.get(style as usize).or(known.first());
                        let own = own.map_or(format!("<{prefix}xf/>"), |own| own.text(text).to_owned());
                        filled(&own, fill_of(level))
                    }
                }
            })
            .collect();
        add(text, &root, "cellXfs", "xf", &styles, edits);
    }
}

/// A style with another fill.
fn filled(style: &str, fill: usize) -> String {
    let kind = if style.ends_with("/>") && !style.contains("</") { Kind::Empty } else { Kind::Open };
    let end = style.find('>').map_or(style.len(), |end| end + 1);
    let tag = Token { kind, start: 0, text: &style[..end] }.with("fillId", Some(&fill.to_string()));
    let tag = Token { kind, start: 0, text: &tag }.with("applyFill", Some("1"));
    format!("{tag}{}", &style[end..])
}

/// A font in bold, which comes first in it.
fn emboldened(text: &str, font: &Element<'_>) -> String {
    if font.children(text).any(|child| child.tag.name() == "b") {
        return font.text(text).to_owned();
    }
    let prefix = font.tag.prefix();
    match font.tag.kind {
        Kind::Empty => format!("<{prefix}font><{prefix}b/></{prefix}font>"),
        _ => format!("{}<{prefix}b/>{}", font.tag.text, &text[font.inner.start..font.end]),
    }
}

/// The lists of a part of styles, in their order.
const ORDER: [&str; 11] = [
    "numFmts",
    "fonts",
    "fills",
    "borders",
    "cellStyleXfs",
    "cellXfs",
    "cellStyles",
    "dxfs",
    "tableStyles",
    "colors",
    "extLst",
];

/// Adds elements to a list, and answers the rank of the first.
fn add(text: &str, root: &Element<'_>, list: &str, element: &str, new: &[String], edits: &mut Edits) -> usize {
    let content = new.concat();
    if let Some(known) = root.child(text, list) {
        let count = known.children(text).filter(|child| child.tag.name() == element).count();
        let tag = match known.tag.attribute("count") {
            Some(_) => known.tag.with("count", Some(&(count + new.len()).to_string())),
            None => known.tag.text.to_owned(),
        };
        edits.append(&known, &tag, &content);
        return count;
    }
    let place = |name: &str| ORDER.iter().position(|known| *known == name);
    let next = root.children(text).find(|child| place(child.tag.name()) > place(list));
    let prefix = root.tag.prefix();
    let content = format!("<{prefix}{list} count=\"{}\">{content}</{prefix}{list}>", new.len());
    match next {
        Some(next) => edits.insert(next.tag.start, content),
        None => edits.append(root, root.tag.text, &content),
    }
    0
}

/// Takes our fills from the styles that have them: all cells of these styles lose them.
pub(super) fn unfill(text: &str, edits: &mut Edits) {
    let Some(root) = Element::root(text) else { return };
    let Some(fills) = root.child(text, "fills") else { return };
    let is_ours = |fill: &Element<'_>| LEVELS.iter().any(|level| fill.text(text).contains(colour(*level)));
    let ours: Vec<u64> =
        (0..).zip(fills.children(text)).filter(|(_, fill)| is_ours(fill)).map(|(rank, _)| rank).collect();
    let styles = root.child(text, "cellXfs");
    for style in styles.iter().flat_map(|list| list.children(text)) {
        if style.tag.number("fillId").is_some_and(|fill| ours.contains(&fill)) {
            edits.retag(&style.tag, style.tag.with("fillId", Some("0")));
        }
    }
}
