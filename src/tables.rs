//! The shape of records as related tables: one CSV file for the PTCE and one for each of their lists of groups, joined by
//! a key, in one zip archive. The exporter writes it and the importer reads it.

use crate::schema::{self, Node};

/// The column that joins the tables: the rank of the PTCE in its table, counted from 1. It is no value of the record.
pub(crate) const KEY: &str = "cle_ptce";
/// The column that orders the rows of one PTCE in another table, counted from 1.
pub(crate) const RANK: &str = "rang";
/// The table of the PTCE.
pub(crate) const HUBS: &str = "ptce.csv";

/// A list of groups, which has a table of its own.
#[derive(Clone, Copy)]
pub(crate) struct ListTable {
    /// The name of its file.
    pub file: &'static str,
    /// The keys from the record down to the list: `territoire`, `departements`.
    pub path: &'static [&'static str],
}

impl ListTable {
    /// The JSON Pointer of the list.
    pub fn pointer(&self) -> String {
        self.path.iter().map(|key| format!("/{key}")).collect()
    }

    /// The columns of its table, after the key and the rank.
    pub fn columns(&self) -> impl Iterator<Item = &'static str> {
        let element = schema::root().at(&self.pointer()).and_then(Node::items);
        element.into_iter().flat_map(Node::properties).map(|(key, _)| key)
    }
}

/// The lists of groups of a record. A test holds them against the schema.
pub(crate) const LISTS: [ListTable; 5] = [
    ListTable { file: "departements.csv", path: &["territoire", "departements"] },
    ListTable { file: "communes.csv", path: &["territoire", "communes"] },
    ListTable { file: "partenaires.csv", path: &["partenaires"] },
    ListTable { file: "contacts.csv", path: &["contacts"] },
    ListTable { file: "autres.csv", path: &["source", "autres"] },
];

#[cfg(test)]
mod tests {
    use super::*;

    fn lists_below(node: Node, pointer: &str, found: &mut Vec<String>) {
        for (key, child) in node.properties() {
            let pointer = format!("{pointer}/{key}");
            match child.items() {
                Some(element) if element.properties().next().is_some() => found.push(pointer),
                _ => lists_below(child, &pointer, found),
            }
        }
    }

    #[test]
    fn every_list_of_groups_has_a_table() {
        let mut found = Vec::new();
        lists_below(schema::root(), "", &mut found);
        let mut known: Vec<String> = LISTS.iter().map(ListTable::pointer).collect();
        found.sort();
        known.sort();
        assert_eq!(found, known);
        assert!(LISTS.iter().all(|list| list.columns().all(|column| column != KEY && column != RANK)));
    }
}
