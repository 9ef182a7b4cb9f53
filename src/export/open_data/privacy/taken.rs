//! Taking a value out of a record, with the traces by which it is found in texts and files.

use super::people::Own;
use super::seen::Seen;
use super::traces::{Kind as Trace, Traces};
use super::withheld::{Reason, Withheld};
use crate::text::mailboxes::repaired;
use crate::text::mentions::mailboxes;

/// What was taken out of one record.
pub(super) struct Taken<'a> {
    pub counts: Withheld,
    pub traces: &'a mut Traces,
}

impl Taken<'_> {
    /// Empties a place, and leaves the traces by which the value is found.
    pub fn take(&mut self, pointer: &str, reason: Reason, place: &mut Option<String>, trace: fn(&mut Traces, &str)) {
        if let Some(value) = place.take() {
            self.counts.add(pointer, reason, 1);
            trace(self.traces, &value);
        }
    }
}

/// The trace of what reaches and names nobody.
pub(super) fn no_trace(_: &mut Traces, _: &str) {}

/// The traces of what was taken out of a text or of a field that may hold anything.
pub(super) fn trace_value(traces: &mut Traces, value: &str) {
    let seen = Seen::of(value);
    let mailboxes: Vec<_> = mailboxes(&seen.text).collect();
    for mailbox in &mailboxes {
        traces.add_mailbox(&plain_mailbox(&seen.text[mailbox.start..mailbox.end]));
    }
    if seen.text.bytes().filter(u8::is_ascii_digit).count() >= 6 {
        traces.add_numbers(&seen.text);
    }
    if mailboxes.is_empty() {
        Own::default().people_in_cell(&seen.text).iter().for_each(|person| person.trace(traces));
    }
}

/// The trace of the mailbox of a field.
pub(super) fn trace_mailbox(traces: &mut Traces, value: &str) {
    let seen = Seen::of(value);
    if seen.text.contains('@') { traces.add_mailbox(&seen.text) } else { trace_value(traces, value) }
}

/// The traces of the telephone numbers of a field.
pub(super) fn trace_numbers(traces: &mut Traces, value: &str) {
    traces.add_numbers(&Seen::of(value).text);
}

/// The trace of an identifier.
pub(super) fn trace_code(traces: &mut Traces, value: &str) {
    traces.add_code(&Seen::of(value).text);
}

/// A mailbox with its signs for the words that are written for them.
fn plain_mailbox(mailbox: &str) -> String {
    if mailbox.contains('@') {
        mailbox.to_owned()
    } else {
        repaired(mailbox).map_or_else(|| mailbox.to_owned(), |(right, _)| right)
    }
}

/// The traces of a line of an address in a commune: a street with its number is somebody's there; « Le Bourg » is anywhere.
pub(super) fn trace_street(traces: &mut Traces, line: &str, towns: &[&str]) {
    let is_numbered = line.bytes().any(|byte| byte.is_ascii_digit()) && line.split_whitespace().count() > 2;
    match (is_numbered, towns) {
        (false, _) => {}
        (true, []) => traces.add(line, Trace::Exact),
        (true, towns) => traces.add_street(line, towns),
    }
}
