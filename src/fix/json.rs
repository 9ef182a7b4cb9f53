//! Values of JSON that get another value, each in its place: a text stays a text, and a number a number.

use super::text::{Lines, Splice, Text};
use super::{Edit, Obstacle};
use crate::import::TextKind;
use crate::patch::values::{is_same, is_same_number};

/// The changes of a file; each edit that cannot be made says why.
pub(super) fn splices(file: &[u8], kind: &TextKind, edits: &[Edit]) -> (Vec<Splice>, Vec<Option<Obstacle>>) {
    let text = kind.unicode(file).and_then(|encoding| Text::of_tree(file, encoding));
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
        let (length, holds) = token(&shown[at..], &edit.before).ok_or(Obstacle::OtherText)?;
        if !holds {
            return Err(Obstacle::OtherText);
        }
        let new = match edit.is_number {
            true => edit.after.clone(),
            false => serde_json::Value::from(edit.after.as_str()).to_string(),
        };
        splices.push(text.splice(at..at + length, &new, at..at + length)?);
        Ok(())
    };
    let obstacles = edits.iter().map(|edit| obstacle(edit).err()).collect();
    (splices, obstacles)
}

/// How long the value is with which a text begins, and whether it is the one that was read.
fn token(text: &str, before: &str) -> Option<(usize, bool)> {
    if text.starts_with('"') {
        let bytes = text.as_bytes();
        let mut at = 1;
        loop {
            match bytes.get(at)? {
                b'"' => break,
                b'\\' => at += 2,
                _ => at += 1,
            }
        }
        let value: String = serde_json::from_str(text.get(..=at)?).ok()?;
        return Some((at + 1, is_same(&value, before)));
    }
    let is_of_number = |sign: char| sign.is_ascii_digit() || matches!(sign, '-' | '+' | '.' | 'e' | 'E');
    let length = text.find(|sign| !is_of_number(sign)).unwrap_or(text.len());
    (length > 0).then(|| (length, is_same_number(&text[..length], before)))
}
