//! The paths of the elements of a tree, XML or JSON, each with its label.

use std::collections::{BTreeMap, BTreeSet};

use super::limits::long_label;
use super::window::Place;
use super::{MAX_LABEL_BYTES, MAX_RECORD_BYTES, Sink};
use crate::error::{Error, ErrorKind, Result};
use crate::record::singular;
use crate::row::Target;
use crate::vocabulary::{self, Values};

/// Different paths that one file may have, with or without values: each is held until the end of the file.
const MAX_PATHS: usize = 1 << 16;

/// No path: the guess before the first one.
const NONE: u32 = u32::MAX;

/// The path from the root of a tree to an element; an index into [`Paths`].
pub(super) type Path = u32;

/// The paths that a file has had so far. A value finds its label by the path of its element, whose names are compared
/// only with those that are expected next: files repeat the same elements in the same order.
pub(super) struct Paths {
    nodes: Vec<Node>,
    /// The first values of each path, as far as a sample tells.
    values: Vec<Vec<Box<str>>>,
    /// Labels by their texts: different paths may be the same label, below records of different names.
    labels: BTreeMap<String, u32>,
    /// Those of values that stand in their record itself, as the columns of a table do beside each other.
    beside: Vec<u32>,
    /// Bytes of the names of all paths.
    bytes: usize,
    /// The names of lists that hold pairs of a label and a value.
    pairs: BTreeSet<Box<str>>,
}

struct Node {
    name: Box<str>,
    parent: Path,
    label: Option<u32>,
    is_item: bool,
    holds_pairs: bool,
    /// Whether it is the value of a pair, or stands in one.
    is_answer: bool,
    /// Whether it is told elsewhere what it holds, so that no more is to be said of it.
    is_aside: bool,
    children: BTreeMap<Box<str>, Path>,
    /// The child that came first in the last element of this path, and what came after that element in its parent.
    first: Path,
    next: Path,
    /// How often this path has come in the parent element of that number.
    count: (u64, u16),
}

impl Paths {
    /// The path of the root, which holds all others.
    pub const ROOT: Path = 0;

    /// The root alone; `pairs` are the names of lists that hold pairs of a label and a value.
    pub fn new(pairs: BTreeSet<Box<str>>) -> Paths {
        let mut paths = Paths {
            nodes: Vec::new(),
            values: Vec::new(),
            labels: BTreeMap::new(),
            beside: Vec::new(),
            bytes: 0,
            pairs,
        };
        paths.nodes.push(Node::new("", NONE));
        paths
    }

    /// Tells the first values of each path.
    pub fn set_values(&mut self, values: Vec<Vec<Box<str>>>) {
        self.values = values;
    }

    /// The path of the child `name` of an element whose last child was `before`.
    ///
    /// # Errors
    /// When the file has too many different paths, or their names are too long.
    pub fn child(&mut self, parent: Path, before: Option<Path>, name: &str) -> Result<Path> {
        let node = &self.nodes[parent as usize];
        let guess = before.map_or(node.first, |before| self.nodes[before as usize].next);
        let is_named = |path: Path| self.nodes.get(path as usize).is_some_and(|node| *node.name == *name);
        if is_named(guess) {
            return Ok(guess);
        }
        let path = match before.filter(|before| is_named(*before)).or_else(|| node.children.get(name).copied()) {
            Some(path) => path,
            None => {
                if self.nodes.len() == MAX_PATHS {
                    return Err(too_many());
                }
                self.bytes += name.len();
                if name.len() > MAX_LABEL_BYTES || self.bytes > MAX_RECORD_BYTES {
                    return Err(long_label());
                }
                let path = self.nodes.len() as Path;
                self.nodes[parent as usize].children.insert(name.into(), path);
                let mut node = Node::new(name, parent);
                let around = self.name(parent);
                node.is_item = around != name && singular(around) == name;
                node.holds_pairs = self.pairs.contains(name);
                let above = &self.nodes[parent as usize];
                (node.is_answer, node.is_aside) = (above.is_answer, above.is_aside);
                self.nodes.push(node);
                path
            }
        };
        match before {
            Some(before) => self.nodes[before as usize].next = path,
            None => self.nodes[parent as usize].first = path,
        }
        Ok(path)
    }

    /// Counts one more element of a path in the parent element of that number, and answers how many there are.
    pub fn count(&mut self, path: Path, parent: u64) -> u16 {
        let count = &mut self.nodes[path as usize].count;
        *count = if count.0 == parent { (parent, count.1.saturating_add(1)) } else { (parent, 1) };
        count.1
    }

    pub fn name(&self, path: Path) -> &str {
        &self.nodes[path as usize].name
    }

    /// Whether the name of an element is that of its parent in the singular, so that it is one of a list.
    pub fn is_item(&self, path: Path) -> bool {
        self.nodes[path as usize].is_item
    }

    /// Whether any list holds pairs of a label and a value.
    pub fn has_pairs(&self) -> bool {
        !self.pairs.is_empty()
    }

    /// Whether the elements of a list are pairs of a label and a value.
    #[inline]
    pub fn holds_pairs(&self, path: Path) -> bool {
        self.nodes[path as usize].holds_pairs
    }

    /// Whether a path is that of a value of a pair.
    pub fn is_answer(&self, path: Path) -> bool {
        self.nodes[path as usize].is_answer
    }

    pub fn set_answer(&mut self, path: Path) {
        self.nodes[path as usize].is_answer = true;
    }

    /// Sets what stands at a path and below it aside, so far as it has not come yet.
    pub fn set_aside(&mut self, path: Path) {
        self.nodes[path as usize].is_aside = true;
    }

    pub fn parent(&self, path: Path) -> Path {
        self.nodes[path as usize].parent
    }

    /// How many paths there are; those after the root are numbered from 1.
    pub fn len(&self) -> u32 {
        self.nodes.len() as u32
    }

    /// The names from below the element `above` down to the one of a path.
    pub fn names(&self, path: Path, above: Path) -> Vec<&str> {
        let mut names = Vec::new();
        let mut at = path;
        while at != above && at != NONE {
            names.push(self.name(at));
            at = self.parent(at);
        }
        names.reverse();
        names
    }

    /// The label of a path within the record `record`, which is entered when it is new.
    pub fn label(&mut self, path: Path, record: Path, sink: &mut Sink<'_>, (line, column): Place) -> Result<u32> {
        if let Some(label) = self.nodes[path as usize].label {
            return Ok(label);
        }
        let mut text = String::new();
        for name in self.names(path, record) {
            if !text.is_empty() {
                text.push('/');
            }
            text.push_str(name);
        }
        let label = match self.labels.get(&text) {
            Some(label) => *label,
            None => {
                let values = self.values.get(path as usize).map(Vec::as_slice).unwrap_or_default();
                let values = Values::of(values.iter().map(|value| &**value));
                let names = self.names(path, record);
                let is_beside = vocabulary::stands_alone(&names).is_some();
                let others: &[u32] = if is_beside { &self.beside } else { &[] };
                let label = match self.nodes[path as usize].is_aside {
                    true => sink.settled(&text, Target::Aside, line, column)?,
                    false => sink.path(others, &names, &values, line, column)?,
                };
                if is_beside {
                    self.beside.push(label);
                }
                self.labels.insert(text, label);
                label
            }
        };
        self.nodes[path as usize].label = Some(label);
        Ok(label)
    }
}

impl Node {
    fn new(name: &str, parent: Path) -> Node {
        Node {
            name: name.into(),
            parent,
            label: None,
            is_item: false,
            holds_pairs: false,
            is_answer: false,
            is_aside: false,
            children: BTreeMap::new(),
            first: NONE,
            next: NONE,
            count: (0, 0),
        }
    }
}

/// Whether the elements of an array of that name are told apart by their ranks alone: the degrees of a point.
pub(super) fn is_numbered(name: &str) -> bool {
    matches!(name, "coordinates" | "geo_point_2d" | "geo_point" | "latlng" | "lnglat")
}

fn too_many() -> Error {
    Error::new(
        ErrorKind::Limit,
        format!("plus de {MAX_PATHS} éléments différents ; gardez ceux qui décrivent les PTCE"),
        format!("more than {MAX_PATHS} different elements; keep those that describe the PTCE"),
    )
}
