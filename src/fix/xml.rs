//! Values of XML that get another text: the content of an element, or an attribute.

use super::text::{Lines, Splice, Text};
use super::{Edit, Obstacle};
use crate::import::TextKind;
use crate::patch::markup::{Element, Kind, Token, escaped, tokens};
use crate::patch::values::is_same;

/// The changes of a file; each edit that cannot be made says why.
pub(super) fn splices(file: &[u8], kind: &TextKind, edits: &[Edit]) -> (Vec<Splice>, Vec<Option<Obstacle>>) {
    let text = kind.of_xml(file).and_then(|encoding| Text::of_tree(file, encoding));
    let Some((text, shown)) = text.as_ref().and_then(|text| Some((text, text.as_str()?))) else {
        return (Vec::new(), vec![Some(Obstacle::Encoding); edits.len()]);
    };
    let lines = Lines::of(shown);
    let mut splices = Vec::new();
    let mut obstacle = |edit: &Edit| -> Result<(), Obstacle> {
        if edit.before.is_empty() || edit.after.is_empty() {
            return Err(Obstacle::Absent);
        }
        let at = lines.at(edit.line, edit.column).ok_or(Obstacle::OtherText)?;
        let tag = tokens(shown, at).next().filter(|token| matches!(token.kind, Kind::Open | Kind::Empty));
        let tag = tag.ok_or(Obstacle::OtherText)?;
        let range = place(shown, &tag, edit)?;
        // The value of an attribute may stand between apostrophes.
        let new = match shown[..range.start].ends_with('\'') {
            true => escaped(&edit.after).replace('\'', "&apos;"),
            false => escaped(&edit.after),
        };
        splices.push(text.splice(range.clone(), &new, range)?);
        Ok(())
    };
    let obstacles = edits.iter().map(|edit| obstacle(edit).err()).collect();
    (splices, obstacles)
}

/// Where the value stands that was read at an element.
fn place(shown: &str, tag: &Token<'_>, edit: &Edit) -> Result<std::ops::Range<usize>, Obstacle> {
    let wanted = edit.path.as_deref().and_then(|path| path.rsplit('/').next()).unwrap_or_default();
    let local = |name: &str| name.rsplit(':').next().unwrap_or_default().to_owned();
    let is_wanted = |name: &str| wanted.is_empty() || local(name) == wanted;
    if is_wanted(tag.name()) && tag.kind == Kind::Open {
        let element = Element::of(shown, *tag);
        let within = element.inner.clone();
        let inside: Vec<Token<'_>> = tokens(shown, within.start).take_while(|token| token.start < within.end).collect();
        let is_text = inside.iter().all(|token| token.kind == Kind::Text);
        let said: String = inside.iter().map(|token| plain(token.text)).collect();
        if is_text && is_same(said.trim(), &edit.before) {
            let raw = &shown[within.clone()];
            let start = within.start + (raw.len() - raw.trim_start().len());
            return Ok(start..(within.start + raw.trim_end().len()).max(start));
        }
    }
    let mut attributes = tag.attributes().filter(|(name, _)| is_wanted(name));
    let (_, value) = attributes
        .find(|(_, value)| is_same(&crate::import::workbook::scan::shown(value.as_bytes()), &edit.before))
        .ok_or(Obstacle::OtherText)?;
    let offset = value.as_ptr() as usize - shown.as_ptr() as usize;
    Ok(offset..offset + value.len())
}

/// What a text or CDATA says.
fn plain(text: &str) -> String {
    match text.strip_prefix("<![CDATA[").and_then(|text| text.strip_suffix("]]>")) {
        Some(text) => text.to_owned(),
        None => crate::import::workbook::scan::shown(text.as_bytes()),
    }
}
