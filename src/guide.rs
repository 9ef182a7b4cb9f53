//! The sheet by which our workbooks explain themselves: its name and its first line, by which the importer knows that it
//! holds no data.

/// Its name.
pub(crate) const SHEET: &str = "Lisez-moi";

/// The text of its first cell. Any sheet may be called « Lisez-moi » and hold data; one that begins like this says
/// itself that it does not.
pub(crate) const FIRST_LINE: &str = "Lisez-moi : cette feuille explique le tableau et n’est pas lue à l’import.";
