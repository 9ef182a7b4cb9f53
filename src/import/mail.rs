//! Mails: what is attached to one is read as the files of a folder are, and so is its text where it holds records.

use std::io::Cursor;
use std::iter::once;
use std::sync::atomic::AtomicU64;
use std::sync::{Arc, Mutex, PoisonError};

use mail_parser::{Message, MessageParser, MessagePart, MimeHeaders};
use memchr::memmem;

use super::found::{Found, is_readable};
use super::{Input, Limits, Opened, read};
use crate::error::{Error, ErrorKind, Result};

/// Mails within mails that are opened.
const MAX_DEPTH: usize = 4;
/// Parts that a mail may have, mails within it among them: pictures, texts, signatures.
const MAX_PARTS: usize = 50_000;
/// Mails that it may hold: each is read within the one before it.
const MAX_MAILS: usize = 1_000;
/// Bytes of all headers. They take thirty times as many once they are taken apart.
const MAX_HEADERS: usize = 4 << 20;

/// How to get the bytes of a mail once more.
type Again = Box<dyn Fn(&Limits) -> Result<Arc<[u8]>> + Send>;

/// The sources of a mail whose turn has come: what each holds, until it is taken.
struct Sources {
    again: Again,
    contents: Option<Vec<Option<Vec<u8>>>>,
}

impl Sources {
    /// What a source holds, by its rank; the mail is read for the first one that is asked for.
    fn take(&mut self, name: &str, rank: usize, limits: &Limits) -> Result<Vec<u8>> {
        if self.contents.is_none() {
            let held = (self.again)(limits)?;
            let mut contents = Vec::new();
            let message = parsed(&held)?;
            parts(name, &message, 0, &mut |_, part| contents.extend(part.content().map(Some)));
            self.contents = Some(contents);
        }
        let place = self.contents.as_mut().and_then(|contents| contents.get_mut(rank));
        place.and_then(Option::take).ok_or_else(unreadable)
    }
}

/// Whether a file is a mail, by its name.
pub(super) fn is_mail(name: &str) -> bool {
    name.rsplit_once('.').is_some_and(|(_, extension)| extension.eq_ignore_ascii_case("eml"))
}

/// Finds the sources of a mail: its attachments under its own name, `envoi.eml/fiches.xlsx`, and its text under that name
/// alone. A mail in which nothing can be read is passed over as any file of no format of records. Nothing is held of a mail
/// between its search and the turn of its first source, for which it is read `again`; how many sources it has does not matter.
///
/// # Errors
/// When the bytes are no mail, or too much is attached to it.
pub(super) fn open(
    name: &str,
    bytes: &[u8],
    again: impl Fn(&Limits) -> Result<Arc<[u8]>> + Send + 'static,
    found: &mut Found,
) -> Result<()> {
    let message = parsed(bytes).map_err(|error| error.in_file(name))?;
    let before = found.inputs.len();
    let shared = Arc::new(Mutex::new(Sources { again: Box::new(again), contents: None }));
    parts(name, &message, 0, &mut |full, part| match part.length() {
        Some(length) => {
            let (shared, own, rank) = (Arc::clone(&shared), name.to_owned(), found.inputs.len() - before);
            found.inputs.push(Input::closed(full, length as u64, move |limits| {
                let mut shared = shared.lock().unwrap_or_else(PoisonError::into_inner);
                let content = shared.take(&own, rank, limits)?;
                let length = content.len() as u64;
                Ok::<Opened, Error>((Box::new(Cursor::new(content)), length))
            }));
        }
        // The pictures of a signature.
        None if matches!(part, Part::Other(part) if is_of_text(part)) => found.left_behind.push(full.to_owned()),
        None => found.skipped.push(full.to_owned()),
    });
    if found.inputs.len() == before {
        found.skipped.push(name.to_owned());
    }
    found.check_count(name)
}

fn parsed(bytes: &[u8]) -> Result<Message<'_>> {
    if !is_bounded(bytes) {
        return Err(Error::new(
            ErrorKind::Limit,
            "ce courriel a trop de parties, d’en-têtes ou de courriels l’un dans l’autre ; enregistrez ses pièces jointes, et donnez-les",
            "this mail has too many parts, headers or mails within each other; save what is attached to it, and give that",
        ));
    }
    MessageParser::default().parse(bytes).ok_or_else(unreadable)
}

/// Whether a mail is taken apart within bounds, seen without taking it apart.
fn is_bounded(bytes: &[u8]) -> bool {
    let parts = || memmem::find_iter(bytes, b"\n--");
    let is_of_mail =
        |at: &usize| bytes[..*at].last_chunk().is_some_and(|kind: &[u8; 3]| kind.eq_ignore_ascii_case(b"rfc"));
    let mut mails = memmem::find_iter(bytes, b"822").filter(is_of_mail);
    // Headers go to the next blank line, and no further than to the next part.
    let headers = |start: usize| {
        let rest = &bytes[start..];
        let is_end = |at: &usize| matches!(&rest[at + 1..], [b'\n', ..] | [b'\r', b'\n', ..] | [b'-', b'-', ..]);
        memchr::memchr_iter(b'\n', rest).find(is_end).unwrap_or(rest.len())
    };
    parts().nth(MAX_PARTS).is_none()
        && mails.nth(MAX_MAILS).is_none()
        && once(0).chain(parts().map(|at| at + 1)).map(headers).sum::<usize>() <= MAX_HEADERS
}

fn unreadable() -> Error {
    Error::new(
        ErrorKind::Syntax,
        "ce courriel ne se lit pas ; enregistrez ses pièces jointes, et donnez-les",
        "this mail cannot be read; save what is attached to it, and give that",
    )
}

/// A part of a mail.
enum Part<'m> {
    /// Its text, which holds records.
    Body(Vec<u8>),
    /// A file of a format that we read.
    File(&'m MessagePart<'m>),
    Other(&'m MessagePart<'m>),
}

impl Part<'_> {
    /// How long it is, if it is a source.
    fn length(&self) -> Option<usize> {
        match self {
            Part::Body(text) => Some(text.len()),
            Part::File(part) => Some(part.contents().len()),
            Part::Other(_) => None,
        }
    }

    /// What it holds, if it is a source.
    fn content(self) -> Option<Vec<u8>> {
        match self {
            Part::Body(text) => Some(text),
            Part::File(part) => Some(part.contents().to_vec()),
            Part::Other(_) => None,
        }
    }
}

/// Shows each part of a mail, and of those within it, with its name.
fn parts<'m>(name: &str, message: &'m Message<'m>, depth: usize, visit: &mut dyn FnMut(&str, Part<'m>)) {
    if let Some(body) = body(name, message) {
        visit(name, Part::Body(body));
    }
    for (attached, rank) in message.attachments().zip(1..) {
        let own = attached.attachment_name().map_or_else(|| rank.to_string(), |own| own.replace(['/', '\\'], "_"));
        let full = format!("{name}/{own}");
        match attached.message() {
            Some(message) if depth < MAX_DEPTH => parts(&full, message, depth + 1, visit),
            _ if is_readable(&own) => visit(&full, Part::File(attached)),
            _ => visit(&full, Part::Other(attached)),
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

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;

    #[test]
    fn a_mail_is_read_once_more_for_all_its_sources() {
        let mut mail = "Content-Type: multipart/mixed; boundary=b\r\n\r\n".to_owned();
        let table = |rank: usize| format!("nom\nA{rank}");
        for rank in 0..9 {
            let head = format!("--b\r\nContent-Disposition: attachment; filename=\"{rank}.csv\"\r\n\r\n");
            mail += &format!("{head}{}\r\n", table(rank));
        }
        let bytes: Arc<[u8]> = format!("{mail}--b--\r\n").into_bytes().into();
        let (count, mut found) = (Arc::new(AtomicUsize::new(0)), Found::default());
        let (counted, held) = (Arc::clone(&count), Arc::clone(&bytes));
        let again = move |_: &Limits| {
            counted.fetch_add(1, Ordering::Relaxed);
            Ok(Arc::clone(&held))
        };
        open("a.eml", &bytes, again, &mut found).unwrap();
        assert_eq!(found.inputs.len(), 9);
        for (mut input, rank) in found.inputs.into_iter().zip(0..) {
            assert_eq!(String::from_utf8(input.bytes().unwrap()).unwrap(), table(rank));
        }
        assert_eq!(count.load(Ordering::Relaxed), 1);
    }

    /// Small mails that take much memory, or a stack without end.
    #[test]
    fn a_mail_is_taken_apart_within_bounds() {
        let kind = "Content-Type: multipart/mixed; boundary=b\r\n";
        for (mail, is_read) in [
            ("Content-Type: message/RFC822\r\n\r\n".repeat(900), true),
            ("Content-Type: message/RFC822\r\n\r\n".repeat(100_000), false),
            (format!("{kind}\r\n{}", "--b\r\n\r\n".repeat(60_000)), false),
            (format!("{kind}{}\r\n", "a:b\r\n".repeat(1_000_000)), false),
            (format!("{kind}\r\n--b\r\nTo: {}\r\n", "a,".repeat(3_000_000)), false),
            (format!("{kind}\r\n--b\r\n\r\n{}", "a:b\r\n".repeat(1_000_000)), true),
        ] {
            let start: String = mail.chars().take(80).collect();
            assert_eq!(parsed(mail.as_bytes()).is_ok(), is_read, "{start}");
        }
    }
}
