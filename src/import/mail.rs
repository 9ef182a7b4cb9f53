//! Mails: what is attached to one is read as the files of a folder are, and so is its text where it holds records.

use std::io::Cursor;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;

use mail_parser::{Message, MessageParser, MessagePart, MimeHeaders};

use super::found::{Found, is_readable};
use super::{Input, Opened, read};
use crate::error::{Error, ErrorKind, Result};

/// Mails within mails that are opened.
const MAX_DEPTH: usize = 4;

/// How to get the bytes of a mail, as often as they are asked for.
type Bytes = Arc<dyn Fn() -> Result<Arc<[u8]>> + Send + Sync>;

/// Where a part of a mail stands: its rank, counted from 0, among what is attached to the mail; before it, those of the mails
/// that it is within. Of the text of a mail, the ranks of that mail alone.
type Trail = Vec<usize>;

/// Whether a file is a mail, by its name.
pub(super) fn is_mail(name: &str) -> bool {
    name.rsplit_once('.').is_some_and(|(_, extension)| extension.eq_ignore_ascii_case("eml"))
}

/// Finds the sources of a mail: its attachments under its own name, `envoi.eml/fiches.xlsx`, and its text under that name
/// alone. A mail in which nothing can be read is passed over as any file of no format of records. Nothing is held of a mail
/// between its search and the turn of each source.
///
/// # Errors
/// When the bytes cannot be had, or are no mail.
pub(super) fn open(
    name: &str,
    bytes: impl Fn() -> Result<Arc<[u8]>> + Send + Sync + 'static,
    found: &mut Found,
) -> Result<()> {
    let bytes: Bytes = Arc::new(bytes);
    let held = bytes()?;
    let message = parsed(&held).map_err(|error| error.in_file(name))?;
    let before = found.inputs.len();
    parts(name, &message, &Trail::new(), &bytes, found);
    if found.inputs.len() == before {
        found.skipped.push(name.to_owned());
    }
    Ok(())
}

fn parsed(bytes: &[u8]) -> Result<Message<'_>> {
    MessageParser::default().parse(bytes).ok_or_else(unreadable)
}

fn unreadable() -> Error {
    Error::new(
        ErrorKind::Syntax,
        "ce courriel ne se lit pas ; enregistrez ses pièces jointes, et donnez-les",
        "this mail cannot be read; save what is attached to it, and give that",
    )
}

fn parts(name: &str, message: &Message<'_>, trail: &Trail, bytes: &Bytes, found: &mut Found) {
    if let Some(body) = body(name, message) {
        found.inputs.push(part(name, body.len(), trail.clone(), bytes));
    }
    for (rank, attached) in message.attachments().enumerate() {
        let own =
            attached.attachment_name().map_or_else(|| (rank + 1).to_string(), |own| own.replace(['/', '\\'], "_"));
        let full = format!("{name}/{own}");
        let trail = [trail.as_slice(), &[rank]].concat();
        match attached.message() {
            Some(message) if trail.len() <= MAX_DEPTH => parts(&full, message, &trail, bytes, found),
            _ if is_readable(&own) => found.inputs.push(part(&full, attached.contents().len(), trail, bytes)),
            // The pictures of a signature.
            _ if is_of_text(attached) => found.left_behind.push(full),
            _ => found.skipped.push(full),
        }
    }
}

/// A part of a mail as a source, which is looked for once more when it is opened.
fn part(name: &str, length: usize, trail: Trail, bytes: &Bytes) -> Input {
    let (bytes, own) = (Arc::clone(bytes), name.to_owned());
    Input::closed(name, length as u64, move |_| {
        let held = bytes()?;
        let message = parsed(&held)?;
        let content = content(&own, &message, &trail).ok_or_else(unreadable)?;
        let length = content.len() as u64;
        Ok::<Opened, Error>((Box::new(Cursor::new(content)), length))
    })
}

/// The bytes of a part.
fn content(name: &str, message: &Message<'_>, trail: &[usize]) -> Option<Vec<u8>> {
    let Some((rank, rest)) = trail.split_first() else { return body(name, message) };
    let attached = message.attachments().nth(*rank)?;
    match attached.message() {
        Some(message) => content(name, message, rest),
        None => Some(attached.contents().to_vec()),
    }
}

/// Whether a part is shown within the text of a mail.
fn is_of_text(part: &MessagePart<'_>) -> bool {
    part.content_id().is_some() || part.content_disposition().is_some_and(|how| how.is_inline())
}

/// The text of a mail, where it holds records: most only say what is attached.
fn body(name: &str, message: &Message<'_>) -> Option<Vec<u8>> {
    let texts = [message.body_html(0), message.body_text(0)].into_iter().flatten();
    let mut texts = texts.map(|text| text.into_owned().into_bytes());
    texts.find(|text| {
        let mut input = Input::from_bytes(name, text.clone());
        let mut count = |_| Ok(());
        input.format().is_ok_and(|format| {
            let records = read(input, format, &Arc::new(AtomicU64::new(0)), &mut count);
            records.is_ok_and(|records| records > 0)
        })
    })
}
