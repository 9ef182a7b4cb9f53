//! The flat form of records, which CSV and workbooks share: one row a record, nested keys joined by `_`, and as many
//! columns for a list of groups as the longest list needs.

use std::borrow::Cow;

use super::spool::Spool;
use crate::error::Result;
use crate::reading::numbers::unmistakable;
use crate::record::{Part, Record, singular};
use crate::schema::table::joined_titles;
use crate::schema::{self, Node};

/// The columns that the records seen so far need.
pub(super) struct Columns {
    root: Shape,
    /// How many have been opened.
    count: usize,
}

/// One column.
#[derive(Debug)]
pub(super) struct Column {
    /// `contact_1_courriel`
    pub key: String,
    /// `/contacts/*/courriel`
    pub pointer: String,
    /// Which element of its list it belongs to, counted from 1.
    pub rank: Option<usize>,
    /// Its values in the schema.
    pub node: Node,
    /// `Contact 1 – courriel`. Always in French, like the data: a file does not change with the locale, and the
    /// importer knows the titles of the schema.
    pub title: String,
    /// What [`Rows`] knows it by.
    pub id: usize,
    /// Characters in the longest line of its values, for whoever measures them to say.
    pub width: usize,
    /// Whether the record has an error without it; for whoever writes the column to say.
    pub is_required: bool,
}

/// The part of the schema that the records fill.
enum Shape {
    /// A value, or a list of plain values: one column. It is opened, and given its number, once a record has a value.
    Value { id: Option<usize> },
    /// The columns of each member in turn.
    Group { members: Vec<(&'static str, Node, Shape)> },
    /// A list of groups: the columns of element 1, then those of element 2…
    List { element: Node, elements: Vec<Shape> },
}

impl Shape {
    fn of(node: Node) -> Shape {
        let members: Vec<_> = node.properties().map(|(key, child)| (key, child, Shape::of(child))).collect();
        if !members.is_empty() {
            return Shape::Group { members };
        }
        match node.items() {
            Some(element) if element.properties().next().is_some() => Shape::List { element, elements: Vec::new() },
            _ => Shape::Value { id: None },
        }
    }

    fn drop_lists(&mut self) {
        if let Shape::Group { members } = self {
            members.retain(|(_, _, shape)| !matches!(shape, Shape::List { .. }));
            members.iter_mut().for_each(|(_, _, shape)| shape.drop_lists());
        }
    }

    /// Opens a column for each value of `part`, unless there is one, and shows the value with the number of its column.
    fn observe<'a>(&mut self, part: Part<'a>, count: &mut usize, each: &mut impl FnMut(usize, Part<'a>)) {
        match (self, part) {
            (Shape::Value { id }, part) => each(*id.get_or_insert_with(|| next(count)), part),
            (Shape::Group { members }, Part::Group(group)) => {
                for (key, _, shape) in members {
                    if let Some(part) = group.part(key) {
                        shape.observe(part, count, each);
                    }
                }
            }
            (Shape::List { element, elements }, Part::List(list)) => {
                for index in 0..list.count() {
                    if elements.len() <= index {
                        elements.push(Shape::of(*element));
                    }
                    if let Some(part) = list.element(index) {
                        elements[index].observe(part, count, each);
                    }
                }
            }
            // The record and the schema have the same shape: a test holds the two against each other.
            _ => {}
        }
    }

    fn columns(&self, above: &Above, columns: &mut Vec<Column>) {
        match self {
            Shape::Value { id: None } => {}
            Shape::Value { id: Some(id) } => columns.push(Column {
                key: above.key.clone(),
                pointer: above.pointer.clone(),
                rank: above.rank,
                node: above.node,
                title: joined_titles(&above.titles),
                id: *id,
                width: 0,
                is_required: false,
            }),
            Shape::Group { members } => {
                for (member, node, shape) in members {
                    let pointer = format!("{}/{member}", above.pointer);
                    // A list of groups has no column of its own: its elements are named in the singular.
                    let member = if matches!(shape, Shape::List { .. }) { singular(member) } else { member };
                    let key = match above.key.as_str() {
                        "" => member.to_owned(),
                        key => format!("{key}_{member}"),
                    };
                    let mut titles = above.titles.clone();
                    titles.push(node.text("title").to_owned());
                    shape.columns(&Above { key, pointer, titles, rank: above.rank, node: *node }, columns);
                }
            }
            Shape::List { element, elements } => {
                for (rank, shape) in (1..).zip(elements) {
                    let mut titles = above.titles.clone();
                    if let Some(last) = titles.last_mut() {
                        *last = format!("{} {rank}", element.text("title"));
                    }
                    let key = format!("{}_{rank}", above.key);
                    let pointer = format!("{}/*", above.pointer);
                    shape.columns(&Above { key, pointer, titles, rank: Some(rank), node: *element }, columns);
                }
            }
        }
    }

    /// Opens a column for each value, and as many elements of each list as `elements` says of its key.
    fn open(&mut self, key: &str, count: &mut usize, elements: &impl Fn(&str) -> usize) {
        match self {
            Shape::Value { id } => *id = Some(next(count)),
            Shape::Group { members } => members.iter_mut().for_each(|(key, _, shape)| shape.open(key, count, elements)),
            Shape::List { element, elements: opened } => {
                opened.resize_with(elements(key), || Shape::of(*element));
                opened.iter_mut().for_each(|shape| shape.open("", count, elements));
            }
        }
    }
}

/// The number of the next column.
fn next(count: &mut usize) -> usize {
    *count += 1;
    *count - 1
}

/// What stands above a column on the way down from the record.
struct Above {
    key: String,
    pointer: String,
    titles: Vec<String>,
    rank: Option<usize>,
    node: Node,
}

impl Columns {
    /// The columns of an entry form: every field that people fill in, and room for `elements` elements of each list.
    pub fn form(elements: &impl Fn(&str) -> usize) -> Columns {
        let mut columns = Columns::new();
        if let Shape::Group { members } = &mut columns.root {
            // The import fills in where a record came from.
            let filled_in = members.iter_mut().filter(|(key, ..)| *key != "source");
            let count = &mut columns.count;
            filled_in.for_each(|(key, _, shape)| shape.open(key, count, elements));
        }
        columns
    }

    pub fn new() -> Columns {
        let mut root = Shape::of(schema::root());
        // The name has a column even when no record has a name, so that a table always has a header.
        if let Shape::Group { members } = &mut root
            && let Some((_, _, shape)) = members.iter_mut().find(|(key, ..)| *key == "nom")
        {
            *shape = Shape::Value { id: Some(0) };
        }
        Columns { root, count: 1 }
    }

    /// The same without the lists of groups.
    pub fn without_lists() -> Columns {
        let mut columns = Columns::new();
        columns.root.drop_lists();
        columns
    }

    /// Makes room for the values of `record`, and shows each with the number of its column.
    pub fn observe<'a>(&mut self, record: &'a Record, mut each: impl FnMut(usize, Part<'a>)) {
        self.root.observe(Part::Group(record), &mut self.count, &mut each);
    }

    /// The columns, in the order of the schema.
    pub fn all(&self) -> Vec<Column> {
        let mut columns = Vec::new();
        let above =
            Above { key: String::new(), pointer: String::new(), titles: Vec::new(), rank: None, node: schema::root() };
        self.root.columns(&above, &mut columns);
        columns
    }
}

/// Records as the rows of a table, set aside until all of them have said which columns there are.
pub(super) struct Rows {
    columns: Columns,
    spool: Spool,
    /// The cells of a row, each with the number of its column and its length.
    row: Vec<u8>,
}

/// What stands in a cell: the text of a value, and whether that is a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Cell<'a> {
    pub text: &'a str,
    pub is_number: bool,
}

/// A bit of the length of a cell, which says that it is a number.
const NUMBER: u32 = 1 << 31;

impl Rows {
    pub fn new(columns: Columns) -> Result<Rows> {
        Ok(Rows { columns, spool: Spool::new()?, row: Vec::new() })
    }

    /// How many rows there are.
    pub fn count(&self) -> u64 {
        self.spool.count()
    }

    /// Adds a record; shows the text of each cell with the number of its column.
    pub fn push(&mut self, record: &Record, mut look: impl FnMut(usize, &str)) -> Result<()> {
        let row = &mut self.row;
        row.clear();
        self.columns.observe(record, |column, part| {
            let text = cell_text(part);
            look(column, &text);
            let kind = if matches!(part, Part::Number(_)) { NUMBER } else { 0 };
            row.extend_from_slice(&(column as u32).to_le_bytes());
            row.extend_from_slice(&(text.len() as u32 | kind).to_le_bytes());
            row.extend_from_slice(text.as_bytes());
        });
        self.spool.push(row)?;
        Ok(())
    }

    /// The columns, in the order of the schema.
    pub fn columns(&self) -> Vec<Column> {
        self.columns.all()
    }

    /// Gives the rows back, in their order: a cell for each of the [`columns`](Rows::columns).
    pub fn replay(self, mut each: impl FnMut(&[Option<Cell<'_>>]) -> Result<()>) -> Result<()> {
        let columns = self.columns();
        self.spool.replay(|row| {
            let mut rest = row;
            let mut next = take(&mut rest);
            // A row has its cells in the order of the columns, but for those that are empty.
            let cells = columns.iter().map(|column| match next {
                Some((own, cell)) if own == column.id => {
                    next = take(&mut rest);
                    Some(cell)
                }
                _ => None,
            });
            each(&cells.collect::<Vec<_>>())
        })
    }
}

/// The next cell of a row that was set aside, and the number of its column.
fn take<'a>(row: &mut &'a [u8]) -> Option<(usize, Cell<'a>)> {
    let (column, rest) = row.split_first_chunk()?;
    let (length, rest) = rest.split_first_chunk()?;
    let length = u32::from_le_bytes(*length);
    let (text, rest) = rest.split_at_checked((length & !NUMBER) as usize)?;
    *row = rest;
    let text = std::str::from_utf8(text).ok()?;
    Some((u32::from_le_bytes(*column) as usize, Cell { text, is_number: length & NUMBER != 0 }))
}

/// Characters in the longest line of `text`.
pub(super) fn longest_line(text: &str) -> usize {
    text.lines().map(|line| line.chars().count()).max().unwrap_or(0)
}

/// A value as one cell holds it. The values of a list are joined by `|`; what separates values, or makes a separator
/// part of a value, is escaped by a backslash, so that the importer finds the same values again.
pub(super) fn cell_text(part: Part<'_>) -> Cow<'_, str> {
    match part {
        Part::Text(text) => Cow::Borrowed(text),
        Part::Number(number) => Cow::Owned(unmistakable(&number.to_string()).into_owned()),
        Part::List(list) => {
            let values = (0..list.count()).filter_map(|index| list.element(index));
            let mut cell = joined(values.map(cell_text));
            // One value that could be read as several, or without a bullet that is of it.
            let may_be_several = cell.contains([',', '/', '\n', '\r']) || cell.contains(" - ") || cell.contains(" – ");
            if list.count() == 1 && (may_be_several || !cell.starts_with(char::is_alphabetic)) {
                cell.push('|');
            }
            Cow::Owned(cell)
        }
        // No group stands in a cell.
        Part::Group(_) => Cow::Borrowed(""),
    }
}

/// Gives each of the values that [`joined`] has made one text of.
#[cfg(feature = "parquet")]
pub(super) fn each_part(cell: &str, mut each: impl FnMut(&str)) {
    let (mut value, mut rest) = (String::new(), cell);
    while let Some(at) = memchr::memchr2(b'|', b'\\', rest.as_bytes()) {
        value.push_str(&rest[..at]);
        let is_end = rest.as_bytes()[at] == b'|';
        rest = &rest[at + 1..];
        if !is_end {
            let escaped = rest.chars().next();
            value.extend(escaped);
            rest = &rest[escaped.map_or(0, char::len_utf8)..];
        } else if !value.is_empty() {
            each(&value);
            value.clear();
        }
    }
    value.push_str(rest);
    if !value.is_empty() {
        each(&value);
    }
}

/// Values in one cell.
pub(super) fn joined<T: AsRef<str>>(values: impl Iterator<Item = T>) -> String {
    let mut cell = String::new();
    for value in values {
        if !cell.is_empty() {
            cell.push('|');
        }
        let mut rest = value.as_ref();
        while let Some(at) = memchr::memchr3(b'\\', b'|', b';', rest.as_bytes()) {
            cell.push_str(&rest[..at]);
            cell.push('\\');
            cell.push_str(&rest[at..=at]);
            rest = &rest[at + 1..];
        }
        cell.push_str(rest);
    }
    cell
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::export::tests::sample;
    use crate::field::Field;
    use crate::row::Target;
    use crate::vocabulary;

    fn observed(records: &[Record]) -> Columns {
        let mut columns = Columns::new();
        records.iter().for_each(|record| columns.observe(record, |_, _| {}));
        columns
    }

    /// A record with a value everywhere, and two elements in each list.
    fn full() -> Record {
        fn value(node: Node) -> serde_json::Value {
            let members: serde_json::Map<String, serde_json::Value> =
                node.properties().map(|(key, child)| (key.to_owned(), value(child))).collect();
            if !members.is_empty() {
                return members.into();
            }
            match (node.items(), node.text("type")) {
                (Some(items), _) => vec![value(items), value(items)].into(),
                (None, "number" | "integer") => 1.into(),
                _ => "x".into(),
            }
        }
        serde_json::from_value(value(schema::root())).unwrap()
    }

    #[test]
    fn columns_of_the_sample() {
        let columns = observed(&sample()).all();
        let keys: Vec<&str> = columns.iter().map(|column| column.key.as_str()).collect();
        assert_eq!(
            keys[..10],
            [
                "id",
                "nom",
                "sigle",
                "appel_edition",
                "appel_statut",
                "appel_type",
                "appel_date_annonce",
                "appel_montant",
                "region_code",
                "region_nom"
            ]
        );
        for key in [
            "territoire_departement_1_code",
            "territoire_commune_3_code_insee",
            "partenaire_7_categorie",
            "contact_2_telephone",
            "adresse_code_postal",
            "source_ligne",
        ] {
            assert!(keys.contains(&key), "{key}");
        }
        for key in ["calendrier", "contact_2_nom", "partenaire_8_nom", "source_autre_1_libelle"] {
            assert!(!keys.contains(&key), "{key}");
        }
        let titles: Vec<&str> = columns.iter().map(|column| column.title.as_str()).collect();
        for title in [
            "Nom",
            "Adresse – code postal",
            "Contact 1 – courriel",
            "Coordinateur – SIREN",
            "Territoire – commune 1 – code INSEE",
        ] {
            assert!(titles.contains(&title), "{title}");
        }
    }

    #[test]
    fn a_form_has_all_fields_but_the_origin() {
        let columns = Columns::form(&|key| if key == "contacts" { 3 } else { 2 }).all();
        let keys: Vec<&str> = columns.iter().map(|column| column.key.as_str()).collect();
        for key in ["id", "contact_3_telephone", "territoire_commune_2_nom", "thematiques", "politiques_locales"] {
            assert!(keys.contains(&key), "{key}");
        }
        for key in ["contact_4_nom", "partenaire_3_nom", "source_fichier"] {
            assert!(!keys.contains(&key), "{key}");
        }
        assert!(columns.iter().all(|column| schema::root().at(&column.pointer).is_some()));
    }

    #[test]
    fn every_row_has_a_cell_for_each_column() {
        let mut rows = Rows::new(Columns::new()).unwrap();
        let mut records = sample();
        records.insert(0, Record { website: Some("https://é.example.org".to_owned()), ..Record::default() });
        records.push(full());
        for record in &records {
            rows.push(record, |_, _| {}).unwrap();
        }
        let columns = rows.columns();
        let mut records = records.iter();
        rows.replay(|cells| {
            let record = records.next().unwrap();
            assert_eq!(cells.len(), columns.len());
            for (column, cell) in columns.iter().zip(cells) {
                let rank = column.rank.unwrap_or(1) - 1;
                let part = record.at(&column.pointer.replace('*', &rank.to_string()));
                assert_eq!(cell.map(|cell| cell.text), part.map(cell_text).as_deref(), "{}", column.key);
                assert_eq!(cell.is_some_and(|cell| cell.is_number), matches!(part, Some(Part::Number(_))));
            }
            Ok(())
        })
        .unwrap();
        assert_eq!(records.next(), None);
    }

    #[test]
    fn every_key_and_title_leads_back_to_its_field() {
        let columns = observed(&[full()]);
        let mut pointers = Vec::new();
        pointers_of(schema::root(), "", &mut pointers);
        // Two elements a list: the same fields twice over, which the ranks of the headers tell apart.
        let fields = |label: &str| match vocabulary::meaning(label).0 {
            Target::Field(field, rank) => (field.pointer, rank),
            other => panic!("{label}: {other:?}"),
        };
        let mut met = std::collections::BTreeSet::new();
        for column in columns.all() {
            let by_key = fields(&column.key);
            assert_eq!(by_key, (column.pointer.as_str(), column.rank.map(|rank| rank as u16)));
            assert_eq!(fields(&column.title), by_key, "{}", column.title);
            assert!(met.insert(by_key), "{by_key:?} twice");
        }
        for pointer in pointers {
            assert!(met.iter().any(|(known, _)| *known == pointer), "{pointer}");
            assert!(Field::at(&pointer).is_some());
        }
    }

    fn pointers_of(node: Node, pointer: &str, pointers: &mut Vec<String>) {
        for (key, child) in node.properties() {
            let pointer = format!("{pointer}/{key}");
            match child.items() {
                Some(items) if items.properties().next().is_some() => {
                    pointers_of(items, &format!("{pointer}/*"), pointers);
                }
                None if child.properties().next().is_some() => pointers_of(child, &pointer, pointers),
                _ => pointers.push(pointer),
            }
        }
    }

    #[test]
    fn separators_inside_values_are_escaped() {
        let values = ["a|b", "c;d", "e\\", "f", "\\é|;"];
        let cell = joined(values.into_iter());
        assert_eq!(cell, "a\\|b|c\\;d|e\\\\|f|\\\\é\\|\\;");
        #[cfg(feature = "parquet")]
        for (cell, expected) in [(cell.as_str(), &values[..]), ("", &[]), ("|a||é\\", &["a", "é"]), ("\\éa", &["éa"])]
        {
            let mut parts = Vec::new();
            each_part(cell, |part| parts.push(part.to_owned()));
            assert_eq!(parts, expected, "{cell}");
        }
    }
}
