//! The labels that the schema lists, found by their words: alone, with the name of a group, or with that of an owner.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use super::words::{without, words};
use crate::field::{Field, PARTNERS_UNDER_HEADING};
use crate::record::singular;
use crate::row::Reason;
use crate::schema::{self, Node};

/// What the labels mean that are made of the same words.
#[derive(Debug, Default)]
pub(super) struct Meaning {
    reason: Option<Reason>,
    pub(super) fields: Vec<&'static Field>,
    /// The last listed of these labels, as it is written.
    pub(super) usual: String,
}

/// A group or a list of groups: labels such as « contact » that precede or follow those of its fields.
#[derive(Debug, Default)]
pub(super) struct Family {
    pub(super) pointer: String,
    pub(super) names: Vec<Vec<String>>,
    pub(super) members: BTreeMap<Vec<String>, Vec<&'static Field>>,
}

/// A field whose cell may hold the values of others of its group, which are then taken apart.
#[derive(Debug)]
struct Whole {
    field: &'static Field,
    others: Vec<&'static Field>,
}

/// Fields that belong to somebody whom a label may name with any of their own labels: « téléphone de la structure ».
#[derive(Debug)]
struct Owned {
    /// The pointer of the field, or of the group of its fields.
    pointer: String,
    /// Pointer of the group that is named like the owner.
    owner: &'static str,
}

/// All labels of the schema.
#[derive(Debug, Default)]
pub(super) struct Vocabulary {
    /// Labels that mean a field by themselves.
    pub(super) alone: BTreeMap<Vec<String>, Meaning>,
    pub(super) families: Vec<Family>,
    /// The names of families, by the first of their words: the indexes of the family and of the name in it.
    names: BTreeMap<String, Vec<(usize, usize)>>,
    wholes: Vec<Whole>,
    owned: Vec<Owned>,
}

/// The labels of the schema, learnt when the first label is asked about.
pub(super) static VOCABULARY: LazyLock<Vocabulary> = LazyLock::new(|| {
    let mut vocabulary = Vocabulary::default();
    vocabulary.learn(schema::root(), "", &[], &mut Family::default());
    for (at, family) in vocabulary.families.iter().enumerate() {
        for (name_at, name) in family.names.iter().enumerate() {
            let first = name.first().cloned().unwrap_or_default();
            vocabulary.names.entry(first).or_default().push((at, name_at));
        }
    }
    vocabulary
});

impl Vocabulary {
    /// Enters the labels of what lies below `node`, a group whose own names are `paths`.
    fn learn(&mut self, node: Node, pointer: &str, paths: &[String], family: &mut Family) {
        for (key, child) in node.properties().chain(node.parts()) {
            let pointer = format!("{pointer}/{key}");
            let spoken = key.replace('_', " ");
            let mut own = vec![spoken.as_str(), child.text("title")];
            if child.items().is_some() {
                own.push(singular(&spoken));
            }
            let below = |name: &&str| -> Vec<String> {
                match paths {
                    [] => vec![(*name).to_owned()],
                    paths => paths.iter().map(|path| format!("{path} {name}")).collect(),
                }
            };
            let own_paths: Vec<String> = own.iter().flat_map(below).collect();
            let listed = child.texts("x-labels").chain(child.texts("x-short"));
            let names: Vec<Vec<String>> = own.iter().map(|name| words(name)).chain(listed.map(words)).collect();
            if let Some(field) = field_of(&pointer) {
                for path in &own_paths {
                    self.enter(path, Reason::Key, field);
                }
                for label in child.texts("x-labels") {
                    self.enter(label, Reason::Listed, field);
                }
                for name in &names {
                    let fields = family.members.entry(name.clone()).or_default();
                    add(fields, field);
                }
            }
            let owners = child.texts("x-owners");
            self.owned.extend(owners.map(|owner| Owned { pointer: pointer.clone(), owner }));
            let (element, pointer) = match child.items() {
                Some(items) => (items, format!("{pointer}/*")),
                None => (child, pointer),
            };
            if element.properties().next().is_some() {
                let mut below_names = names;
                below_names.extend(own_paths.iter().map(|path| words(path)));
                below_names.sort();
                below_names.dedup();
                let mut below = Family { pointer: pointer.clone(), names: below_names, members: BTreeMap::new() };
                self.learn(element, &pointer, &own_paths, &mut below);
                // « Partenaires ESS » lists partners and says what they are.
                for heading in child.texts("x-headings") {
                    below.members.entry(words(heading)).or_insert_with(|| vec![&PARTNERS_UNDER_HEADING]);
                }
                self.learn_wholes(element, &pointer);
                self.families.push(below);
            }
        }
    }

    /// Notes which fields of a group hold others of it in one cell.
    fn learn_wholes(&mut self, group: Node, pointer: &str) {
        let field = |key: &str| Field::at(&format!("{pointer}/{key}"));
        for (key, others) in group.keyword("x-whole").and_then(|whole| whole.as_object()).into_iter().flatten() {
            let others = others.as_array().into_iter().flatten().filter_map(|other| field(other.as_str()?));
            self.wholes.extend(field(key).map(|field| Whole { field, others: others.collect() }));
        }
    }

    /// Enters a label of a field. Words that are known for a better reason keep their meaning.
    fn enter(&mut self, label: &str, reason: Reason, field: &'static Field) {
        let meaning = self.alone.entry(words(label)).or_default();
        match meaning.reason {
            Some(known) if known < reason => return,
            Some(known) if known == reason => label.clone_into(&mut meaning.usual),
            _ => {
                meaning.fields.clear();
                label.clone_into(&mut meaning.usual);
            }
        }
        meaning.reason = Some(reason);
        add(&mut meaning.fields, field);
    }

    /// The fields whose label is made of these words: alone, else with the words of a group taken away.
    pub(super) fn fields(&self, words: &[String]) -> Option<(Vec<&'static Field>, Reason)> {
        if let Some(Meaning { reason: Some(reason), fields, .. }) = self.alone.get(words) {
            return Some((fields.clone(), *reason));
        }
        let named = self.families_named(words);
        let mut fields: Vec<&'static Field> = Vec::new();
        for (family, rest) in &named {
            for field in family.members.get(rest).into_iter().flatten() {
                add(&mut fields, field);
            }
        }
        if fields.is_empty() {
            fields = self.fields_of_owner(&named);
        }
        (!fields.is_empty()).then_some((fields, Reason::Composed))
    }

    /// The families whose name is among some words, with the other words. Few names begin with any of them, so that no
    /// other is looked at.
    fn families_named(&self, words: &[String]) -> Vec<(&Family, Vec<String>)> {
        let mut places: Vec<(usize, usize)> =
            words.iter().filter_map(|word| self.names.get(word)).flatten().copied().collect();
        places.sort_unstable();
        places.dedup();
        let named = places.into_iter().filter_map(|(family, name)| {
            let family = &self.families[family];
            Some((family, without(words, &family.names[name])?))
        });
        named.collect()
    }

    /// The fields that a label names together with their owner: « adresse postale de la structure ».
    fn fields_of_owner(&self, named: &[(&Family, Vec<String>)]) -> Vec<&'static Field> {
        let mut fields: Vec<&'static Field> = Vec::new();
        for Owned { pointer, owner } in &self.owned {
            let is_owned = |field: &Field| field.pointer == pointer || is_below(field.pointer, pointer);
            for (_, rest) in named.iter().filter(|(family, _)| family.pointer == *owner) {
                let Some(Meaning { fields: meant, .. }) = self.alone.get(rest) else { continue };
                for field in meant.iter().filter(|field| is_owned(field)) {
                    add(&mut fields, field);
                }
            }
        }
        fields
    }

    /// Whether these words name a group and nothing else.
    pub(super) fn is_group(&self, words: &[String]) -> bool {
        self.groups(words).next().is_some()
    }

    /// The pointers of the groups that these words name, and nothing else.
    pub(super) fn groups(&self, words: &[String]) -> impl Iterator<Item = &str> {
        let named = self.families.iter().filter(move |family| family.names.iter().any(|name| name == words));
        named.map(|family| family.pointer.as_str())
    }

    /// The field that takes the cell of a label which names several: they are one and the same, or the cell of one of them
    /// is taken apart.
    pub(super) fn shared(&self, fields: &[&'static Field]) -> Option<&'static Field> {
        let (first, rest) = fields.split_first()?;
        if rest.iter().all(|field| std::ptr::eq(*field, *first)) {
            return Some(first);
        }
        let is_whole = |whole: &&Whole| {
            let is = |field: &&'static Field| std::ptr::eq(*field, whole.field);
            let holds = |field: &&'static Field| whole.others.iter().any(|other| std::ptr::eq(*other, *field));
            fields.iter().any(is) && fields.iter().all(|field| is(field) || holds(field))
        };
        self.wholes.iter().find(is_whole).map(|whole| whole.field)
    }
}

/// Whether a pointer is one of a part of a group.
pub(super) fn is_below(pointer: &str, group: &str) -> bool {
    pointer.strip_prefix(group).is_some_and(|rest| rest.starts_with('/'))
}

/// The field at a pointer of the schema. A group standing alone means the field that names it best.
pub(super) fn field_of(pointer: &str) -> Option<&'static Field> {
    ["", "/nom", "/*/nom", "/libelle", "/voie"].into_iter().find_map(|ending| Field::at(&format!("{pointer}{ending}")))
}

/// Adds a field to those that a label could mean, unless it is one of them.
pub(super) fn add(fields: &mut Vec<&'static Field>, field: &'static Field) {
    if !fields.iter().any(|known| std::ptr::eq(*known, field)) {
        fields.push(field);
    }
}
