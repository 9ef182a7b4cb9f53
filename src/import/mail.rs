//! Mails: what is attached to one is read as the files of a folder are, and so is its text where it holds records.

use std::sync::Arc;
use std::sync::atomic::AtomicU64;

use mail_parser::{Message, MessageParser, MessagePart, MimeHeaders};

use super::folder::{Found, is_readable};
use super::{Input, read};
use crate::error::{Error, ErrorKind, Result};

/// Mails within mails that are opened.
const MAX_DEPTH: usize = 4;

/// Whether a file is a mail, by its name.
pub(super) fn is_mail(name: &str) -> bool {
    name.rsplit_once('.').is_some_and(|(_, extension)| extension.eq_ignore_ascii_case("eml"))
}

/// Finds the sources of a mail: its attachments under its own name, `envoi.eml/fiches.xlsx`, and its text under that name
/// alone. A mail in which nothing can be read is passed over as any file of no format of records.
///
/// # Errors
/// When the bytes are no mail.
pub(super) fn open(name: &str, bytes: &[u8], found: &mut Found) -> Result<()> {
    let message = MessageParser::default().parse(bytes).ok_or_else(|| {
        Error::new(
            ErrorKind::Syntax,
            "ce courriel ne se lit pas ; enregistrez ses pièces jointes, et donnez-les",
            "this mail cannot be read; save what is attached to it, and give that",
        )
        .in_file(name)
    })?;
    let before = found.inputs.len();
    parts(name, &message, 0, found);
    if found.inputs.len() == before {
        found.skipped.push(name.to_owned());
    }
    Ok(())
}

fn parts(name: &str, message: &Message<'_>, depth: usize, found: &mut Found) {
    if let Some(body) = body(name, message) {
        found.inputs.push(Input::from_bytes(name, body));
    }
    for (rank, part) in (1..).zip(message.attachments()) {
        let own = part.attachment_name().map_or_else(|| rank.to_string(), |own| own.replace(['/', '\\'], "_"));
        let full = format!("{name}/{own}");
        match part.message() {
            Some(message) if depth < MAX_DEPTH => parts(&full, message, depth + 1, found),
            _ if is_readable(&own) => found.inputs.push(Input::from_bytes(&full, part.contents().to_vec())),
            // The pictures of a signature.
            _ if is_of_text(part) => found.left_behind.push(full),
            _ => found.skipped.push(full),
        }
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
