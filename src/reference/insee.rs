//! The tables of communes as Insee gives them, of which those for look-ups are derived.

use crate::reference::table::Table;
use crate::texts::text;

/// `code, kind, parent, name, postal codes`.
pub(crate) static COMMUNES: Table = Table::new(text!("reference/tables/communes.tsv"));
/// `old code, old name, day of the change, present code`.
pub(crate) static FORMER: Table = Table::new(text!("reference/tables/former.tsv"));
