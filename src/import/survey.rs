//! Where the records of a tree stand, XML or JSON: what its elements hold that we know, as far as a sample tells.

use std::collections::BTreeSet;

use super::sheet::arrangement::SEARCHED_ROWS;
use super::tree::{Path, Paths};
use crate::field::Field;
use crate::row::Target;
use crate::vocabulary::{self, Values};

/// What stands for the keys of an object whose values are the records.
pub(super) const ANY: &str = "*";

/// Values of a path that are held: as many tell what the others are like. Those of a table stand below its header.
const MOST_VALUES: usize = SEARCHED_ROWS - 1;
const LONGEST_VALUE: usize = 200;
/// Paths that are asked of the vocabulary.
const MOST_PATHS: u32 = 1_000;
/// The element that is a record even when it stands alone.
pub(super) const RECORD: &str = "ptce";

/// What is known of a path.
#[derive(Default)]
struct Stat {
    /// How many elements it has, and how many of them stand in one parent at most.
    count: u32,
    most_in_parent: u32,
    /// The parent that came last, and how many elements of this path it has.
    parent: (u64, u32),
    is_list: bool,
    holds_elements: bool,
    values: Vec<Box<str>>,
}

/// An open element.
struct Open {
    path: Path,
    last: Option<Path>,
    number: u64,
}

/// A list of elements, with the names of their members and the first values of each.
pub(super) struct List<'s> {
    pub name: &'s str,
    pub members: Vec<(&'s str, &'s [Box<str>])>,
}

/// A walk over the elements of a sample.
pub(super) struct Survey {
    pub paths: Paths,
    stats: Vec<Stat>,
    open: Vec<Open>,
    opened: u64,
    /// Lists that begin with a text, and how many of them with that of Grist.
    lists: (u32, u32),
}

impl Survey {
    pub fn new() -> Survey {
        Survey::with_pairs(BTreeSet::new())
    }

    /// A walk over a sample in which the lists of these names hold pairs of a label and a value.
    pub fn with_pairs(lists: BTreeSet<Box<str>>) -> Survey {
        let open = vec![Open { path: Paths::ROOT, last: None, number: 0 }];
        Survey {
            paths: Paths::new(lists),
            stats: vec![Stat { count: 1, ..Stat::default() }],
            open,
            opened: 0,
            lists: (0, 0),
        }
    }

    /// An element opens; answers whether more may come.
    pub fn enter(&mut self, name: &str) -> bool {
        self.enter_below(self.open.len() - 1, name)
    }

    /// The value of a pair opens, beside the list that holds this pair.
    pub fn enter_label(&mut self, label: &str) -> bool {
        let entered = self.enter_below(self.open.len() - 2, label);
        if entered && let Some(own) = self.open.last() {
            self.paths.set_answer(own.path);
        }
        entered
    }

    fn enter_below(&mut self, rank: usize, name: &str) -> bool {
        let Some(parent) = self.open.get_mut(rank) else { return false };
        let Ok(path) = self.paths.child(parent.path, parent.last, name) else { return false };
        parent.last = Some(path);
        let (above, number) = (parent.path, parent.number);
        self.stats.resize_with(self.paths.len() as usize, Stat::default);
        self.stats[above as usize].holds_elements = true;
        self.opened += 1;
        self.open.push(Open { path, last: None, number: self.opened });
        self.counted(path, number);
        true
    }

    /// Another element of the list that is open: its elements have its path.
    pub fn item(&mut self) {
        let Some(own) = self.open.last_mut() else { return };
        self.opened += 1;
        (own.last, own.number) = (None, self.opened);
        let path = own.path;
        self.stats[path as usize].is_list = true;
        self.counted(path, u64::MAX);
    }

    fn counted(&mut self, path: Path, parent: u64) {
        let stat = &mut self.stats[path as usize];
        stat.count += 1;
        stat.parent = if stat.parent.0 == parent { (parent, stat.parent.1 + 1) } else { (parent, 1) };
        stat.most_in_parent = stat.most_in_parent.max(stat.parent.1);
    }

    pub fn leave(&mut self) {
        self.open.pop();
    }

    pub fn value(&mut self, text: &str) {
        let Some(own) = self.open.last() else { return };
        let values = &mut self.stats[own.path as usize].values;
        if values.len() < MOST_VALUES && !text.trim().is_empty() {
            let end = text.char_indices().nth(LONGEST_VALUE).map_or(text.len(), |(at, _)| at);
            values.push(text[..end].into());
        }
    }

    /// The first text of a list; the API of Grist writes a mark before the elements.
    pub fn list_begins(&mut self, text: &str) {
        self.lists = (self.lists.0 + 1, self.lists.1 + u32::from(text == "L"));
    }

    /// Whether the lists are those of Grist, each of which begins with its mark.
    pub fn has_lists_of_grist(&self) -> bool {
        self.lists.0 > 0 && self.lists.0 == self.lists.1
    }

    /// Whether the elements of the array that is open are told apart by their ranks.
    pub fn is_numbered(&self) -> bool {
        self.open.last().is_some_and(|own| super::tree::is_numbered(self.paths.name(own.path)))
    }

    /// Whether the list that is open holds pairs of a label and a value, which stand in an element around it.
    pub fn holds_pairs(&self) -> bool {
        self.open.len() > 1 && self.open.last().is_some_and(|own| self.paths.holds_pairs(own.path))
    }

    /// The lists of elements.
    pub fn lists(&self) -> Vec<List<'_>> {
        let children = self.children();
        let member = |path: &Path| (self.paths.name(*path), self.stats[*path as usize].values.as_slice());
        // What our own format keeps beside a record comes in pairs too, and is read as such.
        let is_rest = |path: usize| self.paths.names(path as Path, Paths::ROOT).ends_with(&["source", "autres"]);
        let are_lists = (0..children.len()).filter(|path| self.stats[*path].is_list && !is_rest(*path));
        are_lists
            .map(|path| List {
                name: self.paths.name(path as Path),
                members: children[path].iter().map(member).collect(),
            })
            .collect()
    }

    /// Where the answers of a form come as pairs of a label and a value, what stands around them is of the program that asked: it
    /// fills a field that no answer fills, or it is aside.
    pub fn settle_around_pairs(&mut self, records: &[String]) {
        if !self.paths.has_pairs() {
            return;
        }
        let children = self.children();
        let is_record = |path: &Path| self.paths.names(*path, Paths::ROOT) == records;
        let Some(record) = (0..children.len() as Path).find(is_record) else { return };
        // Parts of an address, or of a contact, belong together.
        let part = |field: &Field| match field.pointer.split('/').nth(1) {
            Some(group @ ("adresse" | "contacts")) => group.to_owned(),
            _ => field.pointer.to_owned(),
        };
        let (mut answers, mut around, mut ahead) = (BTreeSet::new(), Vec::new(), children[record as usize].clone());
        while let Some(path) = ahead.pop() {
            ahead.extend(&children[path as usize]);
            let values = &self.stats[path as usize].values;
            if values.is_empty() {
                continue;
            }
            let meant = meaning(&self.paths.names(path, record), values);
            if self.paths.is_answer(path) {
                answers.extend(meant.map(part));
            } else {
                let fits = |field: &&Field| !Values::of(values.iter().map(|value| &**value)).refutes(field);
                around.push((path, meant.filter(fits).map(part)));
            }
        }
        if answers.len() > around.iter().filter(|(_, part)| part.is_some()).count() {
            for (path, part) in around {
                if part.is_none_or(|part| answers.contains(&part)) {
                    self.paths.set_aside(path);
                }
            }
        }
    }

    /// How deep the open element stands.
    pub fn depth(&self) -> usize {
        self.open.len()
    }

    /// The values of each path, for its label to be understood by them.
    pub fn into_paths(self) -> Paths {
        let mut paths = self.paths;
        paths.set_values(self.stats.into_iter().map(|stat| stat.values).collect());
        paths
    }

    /// The fields that the values below a path fill when it is the record, without those of inner lists that may be the
    /// records themselves; `lists` tells whether a list of ours, of contacts, is never such a one.
    fn own(&self, record: Path, children: &[Vec<Path>], lists: bool) -> Found {
        let mut found = Found::default();
        let mut ahead: Vec<Path> = children[record as usize].clone();
        while let Some(path) = ahead.pop() {
            let stat = &self.stats[path as usize];
            let names = self.paths.names(path, record);
            let meant = || meaning(&names, &stat.values);
            if stat.holds_elements && (stat.is_list || stat.most_in_parent > 1) {
                let is_ours = lists && meant().is_some_and(|field| field.is_list() || field.pointer.contains('*'));
                if !is_ours {
                    continue;
                }
            }
            if !stat.values.is_empty()
                && let Some(field) = meant()
            {
                found.fields.insert(field.pointer);
                found.is_named |= matches!(field.pointer, "/nom" | "/id" | "/coordinateur/nom");
            }
            ahead.extend(&children[path as usize]);
        }
        found
    }

    /// The names from the root down to the records; `None` where the file tells nothing. Records stand `usual` elements below
    /// the root where nothing else is told.
    pub fn records(&self, usual: usize) -> Option<Vec<String>> {
        /// More elements than these are looked at as records of nothing.
        const MOST_CANDIDATES: usize = 48;
        let children = self.children();
        let depth = |path: Path| self.paths.names(path, Paths::ROOT).len();
        let is_repeated =
            |path: Path| self.stats[path as usize].is_list || self.stats[path as usize].most_in_parent > 1;
        let may_be_record = |path: &Path| {
            let holds = self.stats[*path as usize].holds_elements;
            holds && (is_repeated(*path) || depth(*path) <= usual + 1) && (usual == 0 || *path != Paths::ROOT)
        };
        let candidates: Vec<Path> = (0..children.len() as Path).filter(may_be_record).take(MOST_CANDIDATES).collect();
        let is_list_of_ours = |path: Path| {
            // Its name alone, or with those around it.
            (1..=depth(path)).any(|count| {
                let names = self.paths.names(path, Paths::ROOT);
                let meant = meaning(&names[names.len() - count..], &[]);
                meant.is_some_and(|field| field.is_list() || field.pointer.contains('*'))
            })
        };
        let best = |is_wanted: &dyn Fn(Path) -> bool, lists: bool| {
            let scored = candidates.iter().filter(|path| is_wanted(**path));
            scored.map(|path| (self.own(*path, &children, lists), *path)).max_by_key(|(found, path)| {
                let is_record = self.paths.is_item(*path) || self.paths.name(*path) == RECORD;
                let nearness = std::cmp::Reverse((depth(*path).abs_diff(usual), *path));
                (found.fields.len(), is_record, is_repeated(*path), nearness)
            })
        };
        // The records stand where they usually do, unless another element holds more than twice as much that we know.
        let usual_one = best(&|path| depth(path) == usual, true);
        let known = usual_one.as_ref().map_or(0, |(found, _)| found.fields.len());
        let is_sure = |(found, _): &(Found, Path)| found.is_named && found.fields.len() > 1;
        let other = best(&|path| depth(path) != usual && !is_list_of_ours(path), true).filter(is_sure);
        let other = other.filter(|(found, path)| {
            let is_array = usual == 0 && self.stats[Paths::ROOT as usize].count > 2;
            found.fields.len() > 2 * known && !(is_array && known > 0) && *path != Paths::ROOT
        });
        let hidden =
            || best(&|path| depth(path) == usual + 1 && is_repeated(path), true).filter(is_sure).filter(|_| known == 0);
        let (found, path) = other.or_else(hidden).or(usual_one.filter(|(found, _)| !found.fields.is_empty()))?;
        // An object whose keys are those of the records: each of its members is one.
        let are_alike = |parent: Path| {
            let members = || children[parent as usize].iter().filter(|path| self.stats[**path as usize].holds_elements);
            // The key of a record says nothing of its values; « region » says whose name one is.
            let is_group = |member: Path| {
                children[member as usize].iter().any(|path| {
                    let values = &self.stats[*path as usize].values;
                    let meant = |record: Path| meaning(&self.paths.names(*path, record), values);
                    let (below, alone) = (meant(parent), meant(member));
                    below.is_some_and(|field| alone.is_none_or(|alone| alone.pointer != field.pointer))
                })
            };
            let is_like = |member: &Path| {
                let own = self.own(*member, &children, true);
                let is_like = own.fields.intersection(&found.fields).count() * 2 > own.fields.len();
                own.is_named && is_like && !is_group(*member)
            };
            let count = members().count();
            count > 1 && members().all(|member| !is_repeated(*member)) && members().all(is_like)
        };
        let mut names: Vec<String> = self.paths.names(path, Paths::ROOT).into_iter().map(str::to_owned).collect();
        if !is_repeated(path) && are_alike(path) {
            names.push(ANY.to_owned());
        } else if !is_repeated(path)
            && path != Paths::ROOT
            && are_alike(self.paths.parent(path))
            && let Some(last) = names.last_mut()
        {
            ANY.clone_into(last);
        }
        Some(names)
    }

    /// Whether the root is an element of that name.
    pub fn has_root(&self, name: &str) -> bool {
        (1..self.paths.len()).any(|path| self.paths.parent(path) == Paths::ROOT && self.paths.name(path) == name)
    }

    fn children(&self) -> Vec<Vec<Path>> {
        let count = self.paths.len().min(MOST_PATHS);
        let mut children: Vec<Vec<Path>> = vec![Vec::new(); count as usize];
        for path in 1..count {
            children[self.paths.parent(path) as usize].push(path);
        }
        children
    }

    /// Whether several names stand for records among the children of the element whose names are `above`.
    pub fn are_several_below(&self, above: &[String]) -> bool {
        let children = self.children();
        let Some(parent) = (0..children.len()).find(|path| self.paths.names(*path as Path, Paths::ROOT) == above)
        else {
            return false;
        };
        let is_record = |path: &&Path| {
            let own = self.own(**path, &children, true);
            self.stats[**path as usize].holds_elements && own.is_named && own.fields.len() > 1
        };
        children[parent].iter().filter(is_record).count() > 1
    }
}

/// What a path fills when it is the record.
#[derive(Default)]
struct Found {
    fields: BTreeSet<&'static str>,
    /// Whether it is named: something else has no name of ours.
    is_named: bool,
}

/// The field that a path of names means, by its values too.
fn meaning(names: &[&str], values: &[Box<str>]) -> Option<&'static Field> {
    let values = Values::of(values.iter().map(|value| &**value));
    match vocabulary::meaning_in_tree(names, &values).target {
        Target::Field(field, _) => Some(field),
        Target::Ambiguous(fields) | Target::Joint(fields, _) => fields.first().copied(),
        _ => None,
    }
}
