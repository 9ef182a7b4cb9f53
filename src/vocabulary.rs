//! The vocabulary: which label means which field. The labels stand in the schema; nothing here names a field.

mod evidence;
mod frames;
mod joined;
mod slips;

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::sync::LazyLock;

use crate::field::{Field, PARTNERS_UNDER_HEADING, fields};
use crate::record::singular;
pub use crate::row::Reason;
use crate::row::Target;
use crate::schema::{self, Node};
use crate::text::fold::folded;
pub(crate) use evidence::Values;
use frames::{explained, unframed, without_number};
pub(crate) use joined::with_heading;
use joined::{LONGEST_JOINT, joined, loosely_joined, with_values};
pub use slips::meaning_despite_slips;

/// Words that labels may or may not have.
const STOP_WORDS: &[&str] =
    &["au", "aux", "d", "de", "des", "du", "en", "et", "l", "la", "le", "les", "n", "no", "of", "the"];

/// What a label means.
#[derive(Debug, Clone)]
pub struct Meant {
    /// The field, or what else becomes of its values.
    pub target: Target,
    /// How it was recognised.
    pub reason: Option<Reason>,
    /// The usual spelling of a misspelt label.
    pub usual: Option<String>,
}

impl Meant {
    /// A meaning that needs no spelling.
    pub(crate) fn new((target, reason): (Target, Option<Reason>)) -> Meant {
        Meant { target, reason, usual: None }
    }
}

#[derive(Debug, Default)]
struct Meaning {
    reason: Option<Reason>,
    fields: Vec<&'static Field>,
    /// The first of the labels made of these words, as it is written.
    usual: String,
}

/// The words of a label made comparable: folded, without stop words, in alphabetical order.
fn words(label: &str) -> Vec<String> {
    // « Dépt(s) » is « Dépt ».
    let folded = folded(&label.replace("(s)", "").replace("(S)", ""));
    let mut words: Vec<String> =
        folded.split(' ').filter(|word| !STOP_WORDS.contains(word)).map(str::to_owned).collect();
    // « Labellisé le » wants a day, « Labellisé » says yes or no.
    if folded.ends_with(" le") {
        words.push("le".to_owned());
    }
    // The sign that stands for a mailbox.
    if label.contains('@') && label.split_whitespace().any(|word| word == "@") {
        words.retain(|word| !word.is_empty());
        words.push("@".to_owned());
    }
    words.sort_unstable();
    words
}

/// A group or a list of groups: labels such as « contact » that precede or follow those of its fields.
#[derive(Debug, Default)]
struct Family {
    pointer: String,
    names: Vec<Vec<String>>,
    members: BTreeMap<Vec<String>, Vec<&'static Field>>,
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

#[derive(Debug, Default)]
struct Vocabulary {
    /// Labels that mean a field by themselves.
    alone: BTreeMap<Vec<String>, Meaning>,
    families: Vec<Family>,
    /// The names of families, by the first of their words: the indexes of the family and of the name in it.
    names: BTreeMap<String, Vec<(usize, usize)>>,
    wholes: Vec<Whole>,
    owned: Vec<Owned>,
}

static VOCABULARY: LazyLock<Vocabulary> = LazyLock::new(|| {
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
                    if !fields.iter().any(|known| std::ptr::eq(*known, field)) {
                        fields.push(field);
                    }
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
        if !meaning.fields.iter().any(|known| std::ptr::eq(*known, field)) {
            meaning.fields.push(field);
        }
    }

    /// The fields whose label is made of these words: alone, else with the words of a group taken away.
    fn fields(&self, words: &[String]) -> Option<(Vec<&'static Field>, Reason)> {
        if let Some(Meaning { reason: Some(reason), fields, .. }) = self.alone.get(words) {
            return Some((fields.clone(), *reason));
        }
        let named = self.families_named(words);
        let mut fields: Vec<&'static Field> = Vec::new();
        for (family, rest) in &named {
            for field in family.members.get(rest).into_iter().flatten() {
                if !fields.iter().any(|known| std::ptr::eq(*known, *field)) {
                    fields.push(field);
                }
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
                    if !fields.iter().any(|known| std::ptr::eq(*known, *field)) {
                        fields.push(field);
                    }
                }
            }
        }
        fields
    }

    /// Whether these words name a group and nothing else.
    fn is_group(&self, words: &[String]) -> bool {
        self.groups(words).next().is_some()
    }

    /// The pointers of the groups that these words name, and nothing else.
    fn groups(&self, words: &[String]) -> impl Iterator<Item = &str> {
        let named = self.families.iter().filter(move |family| family.names.iter().any(|name| name == words));
        named.map(|family| family.pointer.as_str())
    }

    /// The field that takes the cell of a label which names several: they are one and the same, or the cell of one of them
    /// is taken apart.
    fn shared(&self, fields: &[&'static Field]) -> Option<&'static Field> {
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
fn is_below(pointer: &str, group: &str) -> bool {
    pointer.strip_prefix(group).is_some_and(|rest| rest.starts_with('/'))
}

/// `words` without each of `taken`; `None` when one of them is not there, or nothing is left.
fn without(words: &[String], taken: &[String]) -> Option<Vec<String>> {
    if words.len() <= taken.len() || !taken.iter().all(|word| words.contains(word)) {
        return None;
    }
    let mut rest = words.to_vec();
    for word in taken {
        let place = rest.iter().position(|known| known == word)?;
        rest.remove(place);
    }
    Some(rest)
}

/// The field at a pointer of the schema. A group standing alone means the field that names it best.
fn field_of(pointer: &str) -> Option<&'static Field> {
    ["", "/nom", "/*/nom", "/libelle", "/voie"].into_iter().find_map(|ending| Field::at(&format!("{pointer}{ending}")))
}

/// What a label means, and how it was recognised.
///
/// A label may hold the rank of an element: `contact_2_courriel`, `Contact 2 – courriel`. It may join several: « CP / Ville »
/// is of the field whose cell is taken apart, « Structure porteuse et statut » could mean two fields.
pub fn meaning(label: &str) -> (Target, Option<Reason>) {
    /// Some headers, and what was looked at in search of them; what is longer is no label.
    const MOST: usize = 4_096;
    const LONGEST: usize = 400;
    thread_local! {
        /// The same texts are asked about by one search after the other, and from file to file.
        static KNOWN: RefCell<BTreeMap<String, (Target, Option<Reason>)>> = RefCell::default();
    }
    if let Some(known) = KNOWN.with_borrow(|known| known.get(label).cloned()) {
        return known;
    }
    let found = looked_up(label);
    if label.len() > LONGEST {
        return found;
    }
    KNOWN.with_borrow_mut(|known| {
        if known.len() == MOST {
            known.clear();
        }
        known.insert(label.to_owned(), found.clone());
    });
    found
}

fn looked_up(label: &str) -> (Target, Option<Reason>) {
    let label = without_number(label);
    let is_joint = label.len() <= LONGEST_JOINT;
    if is_joint && let Some(found) = with_values(label).or_else(|| joined(label)) {
        return found;
    }
    let found = match plain_meaning(label) {
        (Target::Unknown, _) if is_joint => loosely_joined(label).unwrap_or((Target::Unknown, None)),
        found => found,
    };
    if !matches!(found.0, Target::Unknown) {
        return match of_day(label) {
            Some(field) if matches!(&found.0, Target::Field(known, _) if known.pointer.starts_with("/appel/")) => {
                (Target::Field(field, None), found.1)
            }
            _ => found,
        };
    }
    let unframed = unframed(label).map(|words| meaning_of(words, label));
    unframed
        .filter(|(target, _)| !matches!(target, Target::Unknown))
        .or_else(|| Some(meaning(&explained(label)?)))
        .unwrap_or((Target::Unknown, None))
}

/// The field of the day, where a label ends as one of a day does: « Décision du », « Annoncé le ».
fn of_day(label: &str) -> Option<&'static Field> {
    let words = folded(label);
    let is_of_day = ["du", "le"].iter().any(|end| words.rsplit(' ').next() == Some(end));
    if is_of_day { Field::at("/appel/date_annonce") } else { None }
}

/// What a label means in a header, where nothing but labels can stand: without what people and programs write around it, and
/// be it misspelt. The values below it choose between several meanings, and may refute the one that it seems to have.
pub(crate) fn meaning_in_header(label: &str, values: &Values<'_>) -> Meant {
    let (target, reason) = meaning(label);
    match target {
        Target::Field(field, _) if reason != Some(Reason::Key) && values.refutes(field) => {}
        // A label that joins two things wants them both.
        Target::Ambiguous(fields) if reason == Some(Reason::Composed) => {
            return Meant::new((Target::Ambiguous(fields), reason));
        }
        Target::Ambiguous(fields) => {
            return match frames::chosen(fields, values).as_slice() {
                [field] if !values.refutes(field) => Meant::new((Target::Field(field, None), Some(Reason::Values))),
                fields => Meant::new((Target::Ambiguous(fields.to_vec()), reason)),
            };
        }
        Target::Unknown => {}
        target => return Meant::new((target, reason)),
    }
    let is_open = |target: &Target| match target {
        Target::Field(field, _) => !values.contradict(field),
        _ => false,
    };
    let words = folded(label);
    let gaps = words.match_indices(' ').filter(|_| words.len() <= LONGEST_JOINT);
    let mut places = gaps.filter_map(|(at, _)| placed(&[&words[..at]], &words[at + 1..]));
    if let Some(found) = places.find(|(target, _)| is_open(target)) {
        return Meant::new(found);
    }
    if let Some(frames::Framed { target, reason }) =
        frames::framed(label, values).filter(|found| is_open(&found.target))
    {
        return Meant::new((target, Some(reason)));
    }
    let meant = meaning_despite_slips(label);
    match meant.reason {
        // What is spelled right has been looked at.
        Some(Reason::Misspelt) if is_open(&meant.target) || matches!(meant.target, Target::Ambiguous(_)) => meant,
        _ => by_values(label, values),
    }
}

/// The part of a place that a label names below the names of groups that have no such part: « Localisation / Adresse »,
/// « Coordonnées – CP ». Where the hub is, and whom to write to, is told of one place; that of a partner is its own. Under a key of
/// the schema stand the parts of its group alone.
fn placed(groups: &[&str], label: &str) -> Option<(Target, Option<Reason>)> {
    const PLACES: &[&str] = &["/adresse", "/region", "/territoire"];
    let is_of_place = |field: &Field| PLACES.iter().any(|place| is_below(field.pointer, place));
    let is_of_hub = |pointer: &str| PLACES.contains(&pointer) || pointer == "/contacts/*";
    let is_other_name = |group: &&str| {
        let name = spaced(group);
        let is_key = schema::root().at(&format!("/{}", folded(&name))).is_some();
        !is_key && VOCABULARY.groups(&words(&name)).any(is_of_hub)
    };
    if groups.is_empty() || !groups.iter().all(is_other_name) {
        return None;
    }
    let (target, _) = meaning(&spaced(label));
    matches!(&target, Target::Field(field, None) if is_of_place(field)).then_some((target, Some(Reason::Composed)))
}

/// What the values alone tell of a label whose words tell nothing.
fn by_values(label: &str, values: &Values<'_>) -> Meant {
    match Field::at("/region/nom").filter(|_| values.are_regions() && !frames::is_of_others(label)) {
        Some(field) => Meant::new((Target::Field(field, None), Some(Reason::Values))),
        None => Meant::new((Target::Unknown, None)),
    }
}

/// The role of which a label of a header is, and the field of the person who has it: « Président·e », « Mail direction ».
pub(crate) fn role(label: &str) -> Option<(String, &'static Field)> {
    frames::role(label)
}

/// The columns of a known export that tell of whoever filed it, and not of the record; where the form asks for an address,
/// the one that the export knows besides is that of somebody else.
pub(crate) fn aside(texts: &[&str], values: &[Values<'_>]) -> Vec<usize> {
    let exports = schema::root().keyword("x-exports").and_then(|exports| exports.as_array()).into_iter().flatten();
    let list = |export: &'static serde_json::Value, key: &str| -> Vec<String> {
        let texts = export.get(key).and_then(|list| list.as_array()).into_iter().flatten();
        texts.filter_map(|text| text.as_str()).map(folded).collect()
    };
    if !texts.iter().any(|text| EXPORT_SIGNS.contains(&folded(text))) {
        return Vec::new();
    }
    for export in exports {
        let own: Vec<String> = texts.iter().map(|text| folded(text)).collect();
        let signs: Vec<Option<usize>> =
            list(export, "signs").iter().map(|sign| own.iter().position(|known| known == sign)).collect();
        let Some(end) = signs.iter().copied().collect::<Option<Vec<usize>>>().and_then(|all| all.into_iter().max())
        else {
            continue;
        };
        let end = list(export, "until")
            .iter()
            .filter_map(|last| own.iter().position(|known| known == last))
            .max()
            .unwrap_or(end);
        let (aside, all) = (list(export, "aside"), 0..=end.min(own.len() - 1));
        let field = |at: usize| match meaning_in_header(texts[at], &values[at]).target {
            Target::Field(field, _) => Some(field),
            _ => None,
        };
        let is_address = |at: usize| field(at).is_some_and(|field| field.pointer.starts_with("/adresse/"));
        let asks = (end + 1..own.len()).any(is_address);
        return all.filter(|at| aside.contains(&own[*at]) || asks && is_address(*at)).collect();
    }
    Vec::new()
}

/// The field that a label of a block means which holds the elements of a list, for each of which the form asks the same.
pub(crate) fn in_block(list: &str, label: &str) -> Option<&'static Field> {
    frames::in_block(list, label)
}

/// Whether a label is the key that the sheets of an export name their record by.
pub(crate) fn is_key(label: &str) -> bool {
    static KEYS: LazyLock<Vec<String>> = LazyLock::new(|| {
        let exports = schema::root().keyword("x-exports").and_then(|exports| exports.as_array()).into_iter().flatten();
        exports.filter_map(|export| export.get("joined")?.as_str()).map(folded).collect()
    });
    KEYS.contains(&folded(label))
}

/// The field of amounts that a label gives in another unit, and by what its numbers are to be multiplied: « Subvention (k€) ».
pub(crate) fn scaled(label: &str) -> Option<(&'static Field, u32)> {
    let units = [("k€", 1_000), ("K€", 1_000), ("M€", 1_000_000), ("kEUR", 1_000), ("keuros", 1_000)];
    let (unit, by) = units.into_iter().find(|(unit, _)| label.contains(unit))?;
    let bare = label.replace(unit, "").replace("()", "").replace("en )", ")");
    let bare = bare.trim().trim_end_matches("(en)").trim_end_matches(" en").trim();
    match meaning(bare).0 {
        Target::Field(field, None) if field.pointer == "/appel/montant" => Some((field, by)),
        _ => None,
    }
}

/// Whether a label names a coordinator with its legal form behind it in brackets: « Porteur (statut) ».
pub(crate) fn is_name_with_form(label: &str) -> bool {
    let parts = label.trim_end().strip_suffix(')').and_then(|label| label.rsplit_once('('));
    let Some((name, form)) = parts else { return false };
    let is_name = matches!(meaning(name).0, Target::Field(field, None) if field.pointer == "/coordinateur/nom");
    let form = folded(form);
    is_name && matches!(form.as_str(), "statut" | "statut juridique" | "forme" | "forme juridique" | "nature juridique")
}

/// The labels by which exports are known.
static EXPORT_SIGNS: LazyLock<std::collections::BTreeSet<String>> = LazyLock::new(|| {
    let exports = schema::root().keyword("x-exports").and_then(|exports| exports.as_array()).into_iter().flatten();
    let signs = exports.filter_map(|export| export.get("signs")?.as_array()).flatten();
    signs.filter_map(|sign| sign.as_str()).map(folded).collect()
});

/// Whether a cell ticks the value that its label names.
pub(crate) fn is_tick(text: &str) -> bool {
    evidence::is_tick(text)
}

/// The value of a field that takes one of a few which a label is: « Lauréat (O/N) », « Zone rurale ».
pub(crate) fn choice(label: &str) -> Option<(&'static Field, &'static str)> {
    let bare = label.trim_end().trim_end_matches('?').trim_end();
    let bare = bare.rsplit_once('(').filter(|_| bare.ends_with(')')).map_or(bare, |(bare, _)| bare);
    let said = folded(bare);
    // « ZRR », « QPV » ask of anything else as well.
    if said.len() <= 3 {
        return None;
    }
    let mut found =
        CHOICES.iter().filter(|(field, _)| field.list() != "/partenaires").filter_map(|(field, choices)| {
            choices.iter().find(|(known, _)| *known == said).map(|(_, value)| (*field, *value))
        });
    found.next().filter(|_| found.next().is_none())
}

/// The department that a label is.
pub(crate) fn department(label: &str) -> Option<(&'static Field, String)> {
    use crate::reference::departments;
    let (code, name) = crate::field::code_and_name(label);
    let known = match (code, name) {
        (Some(code), Some(_)) => departments::by_code(code),
        (None, Some(name)) => departments::by_name(name),
        _ => None,
    };
    known.and_then(|_| Some((Field::at("/territoire/departements")?, label.trim().to_owned())))
}

/// Whether a choice is that of something else: « Autre ».
pub(crate) fn is_other(label: &str) -> bool {
    let said = folded(label);
    ["autre", "autres", "other"].iter().any(|word| said == *word || said.starts_with(&format!("{word} ")))
}

/// The list that a label means, or the field of one of a few values.
pub(crate) fn list(label: &str) -> Option<&'static Field> {
    match meaning_in_header(label, &Values::none()).target {
        Target::Field(field, None)
            if field.is_list() || CHOICES.iter().any(|(known, _)| std::ptr::eq(*known, field)) =>
        {
            Some(field)
        }
        _ => None,
    }
}

/// Whether a label names a family of partners, and nothing else: « Entreprises », « Collectivités locales ».
pub(crate) fn is_heading(label: &str) -> bool {
    let words = words(label);
    let of_partners = VOCABULARY.families.iter().filter(|family| family.pointer == "/partenaires/*");
    let heads = |fields: &Vec<&'static Field>| fields.iter().any(|field| field.is_headed);
    let is_whole = matches!(meaning(label).0, Target::Field(field, None) if field.is_headed);
    is_whole || of_partners.into_iter().any(|family| family.members.get(&words).is_some_and(heads))
}

/// Of whom a label is, by its words but for what it tells of him.
pub(crate) fn whose(label: &str) -> Vec<String> {
    frames::whose(label)
}

/// Whether a label says « nom » and nothing else.
pub(crate) fn is_name_alone(label: &str) -> bool {
    frames::is_name_alone(label)
}

/// Whether a label is nothing but a role.
pub(crate) fn is_role_alone(label: &str) -> bool {
    frames::is_role_alone(label)
}

/// What a label means below the name of a group, the two joined by a stroke: it joins nothing else.
pub(crate) fn meaning_below(label: &str) -> (Target, Option<Reason>) {
    let label = without_number(label);
    with_values(label).unwrap_or_else(|| plain_meaning(label))
}

/// What a label means that joins no others.
fn plain_meaning(label: &str) -> (Target, Option<Reason>) {
    meaning_of(words(label), label)
}

fn meaning_of(all: Vec<String>, label: &str) -> (Target, Option<Reason>) {
    if let Some(found) = known(&all, None) {
        // « N° PTCE » is no name.
        let is_number = || folded(label).starts_with("n ") || folded(label).starts_with("no ");
        let is_name = |target: &Target| matches!(target, Target::Field(field, None) if field.pointer == "/nom");
        return if is_name(&found.0) && is_number() { (Target::Unknown, None) } else { found };
    }
    // « C.P. » is « CP ».
    if all.len() > 1
        && all.iter().all(|word| word.len() == 1)
        && let Some(found) = known(&[folded(label).replace(' ', "")], None)
    {
        return found;
    }
    let (ranks, rest): (Vec<String>, Vec<String>) = all.into_iter().partition(|word| is_rank(word));
    if let [rank] = ranks.as_slice()
        && let Ok(rank @ 1..) = rank.parse::<u16>()
        && let Some((target, reason)) = known(&rest, Some(rank))
        && !matches!(&target, Target::Field(field, _) if !field.pointer.contains('*') && !field.is_list())
    {
        return (target, reason);
    }
    (Target::Unknown, None)
}

fn is_rank(word: &str) -> bool {
    word.len() <= 4 && word.bytes().all(|byte| byte.is_ascii_digit())
}

fn known(words: &[String], rank: Option<u16>) -> Option<(Target, Option<Reason>)> {
    let (fields, reason) = VOCABULARY.fields(words)?;
    let target = match fields.as_slice() {
        [field] => Target::Field(field, rank),
        _ => Target::Ambiguous(fields),
    };
    Some((target, Some(reason)))
}

/// Values by their folded forms.
type Choices = Vec<(String, &'static str)>;

/// The fields that take one of a few values, each with those.
static CHOICES: LazyLock<Vec<(&'static Field, Choices)>> = LazyLock::new(|| {
    let choices = |field: &'static Field| {
        let node = schema::root().at(field.pointer)?;
        let node = node.items().unwrap_or(node);
        let mut values: Choices = node.texts("enum").map(|value| (folded(value), value)).collect();
        let said = node.keyword("x-values").and_then(|said| said.as_object()).into_iter().flatten();
        for (value, texts) in said {
            let texts = texts.as_array().into_iter().flatten().filter_map(|text| text.as_str());
            values.extend(texts.map(|text| (folded(text), value.as_str())));
        }
        Some((field, values)).filter(|(_, values)| !values.is_empty())
    };
    fields().filter_map(choices).collect()
});

/// The value that a text stands for at a JSON Pointer where one of a few is wanted: « Lauréat » for `laureat`, « Zone rurale »
/// for `zone_rurale`, « Émergent·e·s » for `emergent`; `None` when it is one of them, or none.
pub(crate) fn value(pointer: &str, text: &str) -> Option<&'static str> {
    let (_, values) = CHOICES.iter().find(|(known, _)| known.pointer == pointer)?;
    if values.iter().any(|(_, value)| *value == text) {
        return None;
    }
    let meant = folded(text);
    let is_meant = |(known, _): &&(String, &'static str)| *known == meant;
    let found = values.iter().find(is_meant).or_else(|| {
        let stem = stem(&meant);
        values.iter().find(|(known, _)| !stem.is_empty() && self::stem(known) == stem)
    });
    found.map(|(_, value)| *value)
}

/// Words without the ends of the feminine and of the plural, in whatever way they are written: « laureat e s », « laureates »;
/// and without the words that say of what they are.
fn stem(folded: &str) -> String {
    const SAY_NOTHING: &[&str] = &[
        "de", "des", "dossier", "du", "e", "en", "es", "l", "la", "le", "les", "pole", "poles", "projet", "ptce", "s",
    ];
    let is_end = |word: &str| word.len() > 3 && word.ends_with(['e', 's']);
    let stem_of = |mut word| {
        while is_end(word) {
            word = &word[..word.len() - 1];
        }
        word
    };
    let words = folded.split(' ').filter(|word| !SAY_NOTHING.contains(word));
    words.map(stem_of).collect::<Vec<_>>().join(" ")
}

/// Whether a text is one of the few values that are wanted at a JSON Pointer.
pub(crate) fn is_value(pointer: &str, text: &str) -> bool {
    CHOICES.iter().any(|(known, values)| known.pointer == pointer && values.iter().any(|(_, value)| *value == text))
}

/// A name in camel case as separate words: `StructurePorteuse` → `Structure Porteuse`.
fn spaced(name: &str) -> String {
    let mut spaced = String::with_capacity(name.len() + 4);
    let mut was_lower = false;
    for c in name.chars() {
        if c.is_uppercase() && was_lower {
            spaced.push(' ');
        }
        was_lower = c.is_lowercase();
        spaced.push(c);
    }
    spaced
}

/// What a path of element names means (`contacts`, `contact`, `courriel`): the names joined, a list container dropped
/// before its element.
pub fn meaning_of_path(path: &[&str]) -> (Target, Option<Reason>) {
    /// Elements within each other, as trees are read.
    const MOST_NAMES: usize = 32;
    let names: Vec<&str> = path
        .iter()
        .enumerate()
        .filter(|(rank, name)| path.get(rank + 1).is_none_or(|next| singular(name) != *next || name == &next))
        .map(|(_, name)| *name)
        .collect();
    let whole = |names: &[&str]| known(&words(&spaced(&names.join(" "))), None);
    // An element that only wraps others says nothing: `contacts/personne/nom`.
    let wrapped = || {
        // A key that is cut at its strokes may have thousands of names.
        let within = if names.len() <= MOST_NAMES { 1..names.len().saturating_sub(1) } else { 0..0 };
        within.clone().find_map(|at| whole(&[&names[..at], &names[at + 1..]].concat())).filter(|_| !within.is_empty())
    };
    // « contact_1_courriel » is the same in a flat object as at the head of a column.
    let flat = || match path {
        [name] => Some(meaning(&spaced(name))).filter(|(target, _)| matches!(target, Target::Field(..))),
        _ => None,
    };
    whole(&names).or_else(wrapped).or_else(flat).unwrap_or((Target::Unknown, None))
}

/// The last name of a path whose value stands in its record itself, or in an object that only holds values.
pub(crate) fn stands_alone<'p>(path: &[&'p str]) -> Option<&'p str> {
    let mut said = path.iter().copied().filter(|name| !frames::is_envelope(name));
    said.next().filter(|_| said.next().is_none())
}

/// Whether labels are keys of the schema alone, as those of the files that we write.
pub(crate) fn are_keys<'l>(mut labels: impl Iterator<Item = &'l str>) -> bool {
    let is_of_key = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_';
    labels.all(|label| label.bytes().all(is_of_key) && meaning(label).1 == Some(Reason::Key))
}

/// What the path of an element means, by its values too, without the names that only wrap others.
///
/// A value that stands in its record itself is a value under a header: the same label means the same in every format.
pub(crate) fn meaning_in_tree(path: &[&str], values: &Values<'_>) -> Meant {
    if let Some(label) = stands_alone(path) {
        let meant = meaning_in_header(label, values);
        if !matches!(meant.target, Target::Unknown) {
            return meant;
        }
    }
    // A flat object may have paths for its keys: `adresse/commune`.
    let path: Vec<&str> = path.iter().flat_map(|name| name.split('/')).collect();
    let path = path.as_slice();
    let (target, reason) = meaning_of_path(path);
    match target {
        Target::Field(field, _) if reason != Some(Reason::Key) && values.refutes(field) => {}
        Target::Unknown => {}
        Target::Ambiguous(fields) => {
            return match frames::chosen(fields, values).as_slice() {
                [field] => Meant::new((Target::Field(field, None), Some(Reason::Values))),
                fields => Meant::new((Target::Ambiguous(fields.to_vec()), reason)),
            };
        }
        target => return Meant::new((target, reason)),
    }
    let is_open = |target: &Target| matches!(target, Target::Field(field, _) if !values.contradict(field));
    let within = path.split_last().and_then(|(label, groups)| placed(groups, label));
    if let Some(found) = within.filter(|(target, _)| is_open(target)) {
        return Meant::new(found);
    }
    let framed = frames::framed(&path.join(" "), values);
    match framed.filter(|found| is_open(&found.target)) {
        Some(found) => Meant::new((found.target, Some(found.reason))),
        None => by_values(&path.join(" "), values),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn field(label: &str) -> Option<(&'static str, Option<Reason>)> {
        let meant = meaning_despite_slips(label);
        match meant.target {
            Target::Field(field, _) => Some((field.pointer, meant.reason)),
            _ => None,
        }
    }

    /// A text in the place of a label may have thousands of brackets, halves and names, each of which was looked at within the other.
    #[test]
    fn long_texts_are_no_labels() {
        for text in ["[point] ", "(75) ", "Contact 1 - ", "CP / Ville ", "a@", "c?t? "] {
            let text = text.repeat(8_000);
            assert!(matches!(meaning(&text).0, Target::Unknown), "{:.20}", text);
            assert!(matches!(meaning_in_header(&text, &Values::default()).target, Target::Unknown), "{:.20}", text);
            assert!(matches!(meaning_in_tree(&[&text], &Values::default()).target, Target::Unknown), "{:.20}", text);
        }
        let (target, _) = meaning("Code postal (5 chiffres) (obligatoire)");
        assert!(matches!(target, Target::Field(field, _) if field.pointer == "/adresse/code_postal"));
    }

    #[test]
    fn labels_as_people_write_them() {
        for (label, pointer, is_misspelt) in [
            ("Structure coordonatrice", "/coordinateur/nom", true),
            ("Structure\ncoordinatrice", "/coordinateur/nom", false),
            ("Mél.", "/contacts/*/courriel", false),
            ("Couriel", "/contacts/*/courriel", true),
            ("Dépt(s)", "/territoire/departements", false),
            ("Départements", "/territoire/departements", false),
            ("Déparetment", "/territoire/departements", true),
            ("N° de téléphone", "/contacts/*/telephone", false),
            ("Telephonne", "/contacts/*/telephone", true),
            ("Adrese", "/adresse/voie", true),
            ("Code potsal", "/adresse/code_postal", true),
            ("postal, code", "/adresse/code_postal", false),
            ("Thématqiues", "/thematiques", true),
            ("2. CONTACT", "/contacts/*/nom", false),
            ("IV) Partenaires", "/partenaires", false),
            ("2.1 Nom du PTCE", "/nom", false),
            ("Quel est le nom de votre PTCE ?", "/nom", false),
            ("Dans quelle région ?", "/region/nom", false),
            ("Merci d’indiquer votre adresse électronique", "/contacts/*/courriel", false),
        ] {
            let reason = field(label).map(|(found, reason)| (found, reason == Some(Reason::Misspelt)));
            assert_eq!(reason, Some((pointer, is_misspelt)), "{label}");
        }
    }

    /// A field, or several that a label could mean; « ? » when it means none.
    fn shown(label: &str) -> String {
        match meaning_despite_slips(label).target {
            Target::Field(field, _) => field.pointer.to_owned(),
            Target::Ambiguous(fields) => fields.iter().map(|field| field.pointer).collect::<Vec<_>>().join(" | "),
            _ => "?".to_owned(),
        }
    }

    #[test]
    fn labels_that_join_others() {
        for (label, expected) in [
            // Parts of an address, or of a contact: one cell, which is taken apart.
            ("CP Ville", "/adresse/commune"),
            ("CP - Ville", "/adresse/commune"),
            ("CP/Ville", "/adresse/commune"),
            ("Code postal et commune", "/adresse/commune"),
            ("Adresse / CP / Ville", "/adresse/voie"),
            ("Adresse, code postal, ville", "/adresse/voie"),
            ("Adresse CP Ville", "/adresse/voie"),
            ("Tel/mail", "/contacts/*/courriel"),
            ("Tél. – Mél.", "/contacts/*/courriel"),
            ("Tél mail", "/contacts/*/courriel"),
            ("Adresse mail / téléphone", "/contacts/*/courriel"),
            ("Contact 2 : tél / mail", "/contacts/*/courriel"),
            ("Nom et téléphone du contact", "/contacts/*/nom"),
            ("Contact (nom, fonction, tél.)", "/contacts/*/nom"),
            ("Nom et fonction du référent", "/contacts/*/nom"),
            // Several names of one thing.
            ("Porteur / coordinateur", "/coordinateur/nom"),
            ("Thèmes & secteurs", "/thematiques"),
            ("Acteurs et partenaires", "/partenaires"),
            // Different things.
            ("Structure porteuse et statut", "/coordinateur/nom | /coordinateur/forme_juridique"),
            ("Nom du territoire / PTCE", "/territoire/libelle | /nom"),
            ("Structure et nom du contact", "/coordinateur/nom | /contacts/*/nom"),
            ("Fonction et téléphone", "/contacts/*/fonction | /contacts/*/telephone"),
            ("Salariés et ETP", "/emploi/salaries | /emploi/etp"),
            ("Région et département", "/region/nom | /territoire/departements"),
            // A group and its field are one label, and so is what the schema lists.
            ("Contact / Nom", "/contacts/*/nom"),
            ("Coordinateur / Statut", "/coordinateur/forme_juridique"),
            ("Statut de la structure porteuse", "/coordinateur/forme_juridique"),
            ("Nom et prénom", "/contacts/*/nom"),
            ("Nom / Prénom", "/contacts/*/nom"),
            ("BP/CS", "/adresse/mention"),
            ("Numéro et voie", "/adresse/voie"),
            // A part that is unknown leaves the whole unknown.
            ("Structure porteuse et commentaires", "?"),
            ("Ville adresse mail", "?"),
        ] {
            assert_eq!(shown(label), expected, "{label}");
        }
    }

    #[test]
    fn labels_say_whose_what_and_of_which_kind() {
        for (label, expected) in [
            ("Adresse postale de la structure", "/adresse/voie"),
            ("Code postal du porteur", "/adresse/code_postal"),
            ("Téléphone de la structure porteuse", "/contacts/*/telephone"),
            ("@", "/contacts/*/courriel"),
            ("@ du contact", "/contacts/*/courriel"),
            ("Labellisé le", "/appel/date_annonce"),
            ("Labellisé", "?"),
            ("Annoncé le", "/appel/date_annonce"),
            ("Nb de salariés (ETP)", "/emploi/etp"),
            ("Nombre de salariés en ETP", "/emploi/etp"),
            ("Type (émergent/consolidé)", "/appel/type"),
            ("Type (émergent ou en consolidation)", "/appel/type"),
            ("Statut (candidature, recevable, lauréat)", "/appel/statut"),
            ("Avis du comité", "?"),
            ("Chargé de mission", "/contacts/*/nom"),
            ("Financeurs", "/financement"),
            // Partners, and what they are.
            ("Partenaires", "/partenaires"),
            ("Partenaires ESS", "/partenaires"),
            ("Partenaires publics", "/partenaires"),
            ("Partenaires / Entreprises", "/partenaires"),
            ("Collectivités membres", "/partenaires"),
            ("Nombre de partenaires ESS", "?"),
            ("Entreprises", "?"),
            ("Réf.", "?"),
        ] {
            assert_eq!(shown(label), expected, "{label}");
        }
        let is_headed = |label: &str| matches!(meaning(label).0, Target::Field(field, _) if field.is_headed);
        assert!(is_headed("Partenaires ESS") && is_headed("Entreprises partenaires") && !is_headed("Partenaires"));
    }

    /// What a record tells of its place is its own, whatever the group that it stands in is called.
    #[test]
    fn places_stand_in_groups_of_any_name() {
        let shown = |meant: Meant| match meant.target {
            Target::Field(field, _) => field.pointer,
            _ => "?",
        };
        let parts = [
            ("Adresse", "/adresse/voie"),
            ("CodePostal", "/adresse/code_postal"),
            ("Ville", "/adresse/commune"),
            ("Region", "/region/nom"),
            ("Departement", "/territoire/departements"),
        ];
        let groups = ["Localisation", "LocalisationGeographique", "Coordonnees", "AdressePostale"];
        for (group, (part, expected)) in groups.iter().flat_map(|group| parts.map(|part| (group, part))) {
            assert_eq!(shown(meaning_in_tree(&[group, part], &Values::none())), expected, "{group}/{part}");
            let label = format!("{} {}", spaced(group), spaced(part));
            assert_eq!(shown(meaning_in_header(&label, &Values::none())), expected, "{label}");
        }
        for (path, expected) in [
            (["Territoire", "Ville"], "/territoire/communes"),
            (["Coordonnees", "Courriel"], "/contacts/*/courriel"),
            (["Banque", "Adresse"], "?"),
            (["Banque", "Region"], "?"),
            (["Partenaire", "Ville"], "?"),
            (["Partenaire", "CodePostal"], "?"),
            (["Membre", "Region"], "?"),
            (["Financeur", "Ville"], "?"),
        ] {
            assert_eq!(shown(meaning_in_tree(&path, &Values::none())), expected, "{path:?}");
        }
        for label in ["Partenaire ville", "Membre région", "Financeur commune", "Partenaire 1 code postal"] {
            assert_eq!(shown(meaning_in_header(label, &Values::none())), "?", "{label}");
        }
    }

    /// Other words of the language, a letter or two away from those of labels.
    #[test]
    fn other_words_are_no_slips() {
        for label in [
            "Courrier",
            "Auteurs",
            "Salaires",
            "Annexe",
            "Évolution",
            "Légion",
            "Contrat",
            "Paramètres",
            "Ordinateur",
            "Personnel",
            "Référence",
            "Fondations",
            "Prestation",
            "Appartement",
            "Secrétaires",
            "Cession",
            "Préférence",
            "Ferme",
            "N° PTCE",
            "Numéro du PTCE",
            "Quel est votre nom ?",
            "Êtes-vous une association ?",
        ] {
            assert_eq!(field(label), None, "{label}");
        }
    }
}
