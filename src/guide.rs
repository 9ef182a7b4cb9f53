//! By what our workbooks explain themselves: a sheet, whose name and first line tell the importer that it holds no data, and
//! the notes on their headers.

use crate::schema::{self, Node};

/// Its name.
pub(crate) const SHEET: &str = "Lisez-moi";

/// The text of its first cell. Any sheet may be called « Lisez-moi » and hold data; one that begins like this says
/// itself that it does not.
pub(crate) const FIRST_LINE: &str = "Lisez-moi : cette feuille explique le tableau et n’est pas lue à l’import.";

/// The note on the header of a field: its description; of a list of values, that of the list, then that of a value.
pub(crate) fn note(node: Node) -> String {
    let text = match node.items() {
        Some(value) => format!("{} {}", node.text("description"), value.text("description")),
        None => node.text("description").to_owned(),
    };
    // The schema has plain spaces where a line of French must not break.
    let unbreakable = [(" :", "\u{a0}:"), (" ;", "\u{a0};"), ("« ", "«\u{a0}"), (" »", "\u{a0}»")];
    unbreakable.iter().fold(text, |text, (plain, fixed)| text.replace(plain, fixed))
}

/// Whether a note is one of these.
pub(crate) fn is_note(text: &str) -> bool {
    fn explains(node: Node, text: &str) -> bool {
        let own = note(node);
        (!own.is_empty() && text.starts_with(&own))
            || node.properties().any(|(_, part)| explains(part, text))
            || node.items().is_some_and(|part| explains(part, text))
    }
    explains(schema::root(), text)
}
