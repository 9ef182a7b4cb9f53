//! The vocabulary: which label means which field. The labels stand in the schema; nothing here names a field.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use crate::field::{FIELDS, Field};
use crate::fold::folded;
use crate::record::singular;
pub use crate::row::Reason;
use crate::row::Target;
use crate::schema::{self, Node};

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
    words.sort_unstable();
    words
}

/// A group or a list of groups: labels such as « contact » that precede or follow those of its fields.
#[derive(Debug, Default)]
struct Family {
    names: Vec<Vec<String>>,
    members: BTreeMap<Vec<String>, Vec<&'static Field>>,
}

#[derive(Debug, Default)]
struct Vocabulary {
    /// Labels that mean a field by themselves.
    alone: BTreeMap<Vec<String>, Meaning>,
    families: Vec<Family>,
}

static VOCABULARY: LazyLock<Vocabulary> = LazyLock::new(|| {
    let mut vocabulary = Vocabulary::default();
    vocabulary.learn(schema::root(), "", &[], &mut Family::default());
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
            let (element, pointer) = match child.items() {
                Some(items) => (items, format!("{pointer}/*")),
                None => (child, pointer),
            };
            if element.properties().next().is_some() {
                let mut below_names = names;
                below_names.extend(own_paths.iter().map(|path| words(path)));
                below_names.sort();
                below_names.dedup();
                let mut below = Family { names: below_names, members: BTreeMap::new() };
                self.learn(element, &pointer, &own_paths, &mut below);
                self.families.push(below);
            }
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
        let mut fields: Vec<&'static Field> = Vec::new();
        for family in &self.families {
            for name in &family.names {
                let Some(rest) = without(words, name) else { continue };
                for field in family.members.get(&rest).into_iter().flatten() {
                    if !fields.iter().any(|known| std::ptr::eq(*known, *field)) {
                        fields.push(field);
                    }
                }
            }
        }
        (!fields.is_empty()).then_some((fields, Reason::Composed))
    }
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
/// A label may hold the rank of an element: `contact_2_courriel`, `Contact 2 – courriel`.
pub fn meaning(label: &str) -> (Target, Option<Reason>) {
    let label = without_number(label);
    match plain_meaning(label) {
        (Target::Unknown, _) => unframed(label).map_or((Target::Unknown, None), |words| meaning_of(words, label)),
        found => found,
    }
}

/// A label without the number of its section: « 2. Contact », « IV) Partenaires ».
fn without_number(label: &str) -> &str {
    let label = label.trim_start();
    let end = label.find(['.', ')']).filter(|end| (1..=4).contains(end));
    let Some((number, rest)) = end.map(|end| (&label[..end], &label[end + 1..])) else { return label };
    let is_number = number.bytes().all(|byte| byte.is_ascii_digit())
        || number.bytes().all(|byte| matches!(byte, b'I' | b'V' | b'X'))
        || number.len() == 1 && number.bytes().all(|byte| byte.is_ascii_alphabetic()) && label[1..].starts_with(')');
    if is_number && rest.starts_with(char::is_whitespace) { rest.trim_start() } else { label }
}

/// Words of the questions and requests of a survey, which say nothing of what they ask for.
const FRAME: &[&str] = &[
    "ainsi",
    "are",
    "avez",
    "ce",
    "cette",
    "dans",
    "donner",
    "donnez",
    "est",
    "etes",
    "in",
    "indiquer",
    "indiquez",
    "is",
    "merci",
    "notre",
    "nous",
    "please",
    "plait",
    "preciser",
    "precisez",
    "quel",
    "quelle",
    "quelles",
    "quels",
    "qui",
    "que",
    "renseigner",
    "renseignez",
    "s",
    "saisir",
    "saisissez",
    "si",
    "sont",
    "svp",
    "veuillez",
    "vos",
    "votre",
    "vous",
    "what",
    "which",
    "who",
    "your",
    "il",
];

/// The words of a question without its frame: « Quel est le nom de votre PTCE ? ».
fn unframed(label: &str) -> Option<Vec<String>> {
    let all = words(label);
    let count = all.len();
    let rest: Vec<String> = all.into_iter().filter(|word| !FRAME.contains(&word.as_str())).collect();
    // « Votre nom » is that of who answers.
    (rest.len() < count && !rest.is_empty() && rest != ["nom"]).then_some(rest)
}

fn plain_meaning(label: &str) -> (Target, Option<Reason>) {
    meaning_of(words(label), label)
}

fn meaning_of(all: Vec<String>, label: &str) -> (Target, Option<Reason>) {
    if let Some(found) = known(&all, None) {
        return found;
    }
    // « C.P. » is « CP ».
    if all.len() > 1
        && all.iter().all(|word| word.len() == 1)
        && let Some(found) = known(&[folded(label).replace(' ', "")], None)
    {
        return found;
    }
    let is_rank = |word: &String| word.len() <= 4 && word.bytes().all(|byte| byte.is_ascii_digit());
    let (ranks, rest): (Vec<String>, Vec<String>) = all.into_iter().partition(is_rank);
    if let [rank] = ranks.as_slice()
        && let Ok(rank @ 1..) = rank.parse::<u16>()
        && let Some((target, reason)) = known(&rest, Some(rank))
        && !matches!(&target, Target::Field(field, _) if !field.pointer.contains('*') && !field.is_list())
    {
        return (target, reason);
    }
    (Target::Unknown, None)
}

/// What a label means, be it misspelt: « Structure coordonatrice », « Couriel ». One that is known exactly is never read as
/// another one.
pub fn meaning_despite_slips(label: &str) -> Meant {
    let (target, reason) = meaning(label);
    if !matches!(target, Target::Unknown) {
        return Meant::new((target, reason));
    }
    let is_rank = |word: &String| word.len() <= 4 && word.bytes().all(|byte| byte.is_ascii_digit());
    let (ranks, rest): (Vec<String>, Vec<String>) = words(label).into_iter().partition(is_rank);
    let rank = match ranks.as_slice() {
        [] => None,
        [rank] => rank.parse::<u16>().ok().filter(|rank| *rank > 0),
        _ => return Meant::new((Target::Unknown, None)),
    };
    let near = VOCABULARY.alone.iter().filter_map(|(known, meaning)| Some((slips(&rest, known)?, meaning)));
    let near: Vec<(usize, &Meaning)> = near.collect();
    let Some(least) = near.iter().map(|(slips, _)| *slips).min() else { return Meant::new((Target::Unknown, None)) };
    let mut nearest = near.iter().filter(|(slips, _)| *slips == least).map(|(_, meaning)| *meaning).peekable();
    let usual = nearest.peek().map_or("", |meaning| meaning.usual.as_str());
    let mut fields: Vec<&'static Field> = Vec::new();
    for field in nearest.flat_map(|meaning| &meaning.fields) {
        if !fields.iter().any(|known| std::ptr::eq(*known, *field)) {
            fields.push(field);
        }
    }
    match fields.as_slice() {
        [field] if rank.is_some() && !field.pointer.contains('*') && !field.is_list() => {
            Meant::new((Target::Unknown, None))
        }
        [field] => {
            Meant { target: Target::Field(field, rank), reason: Some(Reason::Misspelt), usual: Some(usual.to_owned()) }
        }
        _ => Meant::new((Target::Ambiguous(fields), Some(Reason::Misspelt))),
    }
}

/// Words near to those of labels that are headers of their own right.
const OTHER_WORDS: &[&str] = &[
    "annexe",
    "annexes",
    "correspondance",
    "correspondances",
    "finalistes",
    "menton",
    "personnel",
    "personnels",
    "preservation",
    "prestation",
    "prestations",
    "prevision",
    "previsions",
    "reference",
    "references",
    "salaire",
    "salaires",
    "telephonie",
];

fn is_anagram(word: &str, other: &str) -> bool {
    let sorted = |text: &str| {
        let mut letters: Vec<char> = text.chars().collect();
        letters.sort_unstable();
        letters
    };
    sorted(word) == sorted(other)
}

/// How many slips make the words of one label those of another; none when they are other words. Short words have no
/// slips: « nom » is not « non ».
fn slips(words: &[String], known: &[String]) -> Option<usize> {
    if words.len() != known.len() {
        return None;
    }
    let mut others: Vec<&String> = known.iter().collect();
    let mut strange: Vec<&String> = Vec::new();
    for word in words {
        match others.iter().position(|other| *other == word) {
            Some(place) => {
                others.remove(place);
            }
            None => strange.push(word),
        }
    }
    let is_plural = |word: &str, other: &str| other.len() >= 4 && word.strip_suffix(['s', 'x']) == Some(other);
    let between = |word: &str, known: &str| {
        if is_plural(word, known) || is_plural(known, word) {
            return Some(1);
        }
        let length = known.chars().count();
        let allowed = match length {
            0..5 => return None,
            5..12 => 1,
            _ => 2,
        };
        // A cell may hold a word of a million letters, which is not compared.
        let own = word.chars().count();
        let is_other = OTHER_WORDS.contains(&word) || word.chars().next() != known.chars().next();
        if is_other || own.abs_diff(length) > allowed {
            return None;
        }
        let slips = strsim::osa_distance(word, known);
        // A letter in the place of another one makes another word more often than a slip: « courrier », « auteur ».
        let is_replaced = length < 9 && own == length && !is_anagram(word, known);
        (slips <= allowed && !is_replaced).then_some(slips)
    };
    match (strange.as_slice(), others.as_slice()) {
        ([word], [known]) => between(word, known),
        ([first, second], [other, another]) => {
            let straight = between(first, other).zip(between(second, another));
            let crossed = between(first, another).zip(between(second, other));
            straight.into_iter().chain(crossed).map(|(one, two)| one + two).min()
        }
        _ => None,
    }
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
        let values = node.items().unwrap_or(node).texts("enum").map(|value| (folded(value), value));
        Some((field, values.collect::<Choices>())).filter(|(_, values)| !values.is_empty())
    };
    FIELDS.iter().filter_map(choices).collect()
});

/// The value that a text stands for at a JSON Pointer where one of a few is wanted: « Lauréat » for `laureat`, « Zone rurale »
/// for `zone_rurale`; `None` when it is one of them, or none.
pub(crate) fn value(pointer: &str, text: &str) -> Option<&'static str> {
    let (_, values) = CHOICES.iter().find(|(known, _)| known.pointer == pointer)?;
    if values.iter().any(|(_, value)| *value == text) {
        return None;
    }
    let meant = folded(text);
    values.iter().find(|(known, _)| *known == meant).map(|(_, value)| *value)
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
    let names: Vec<&str> = path
        .iter()
        .enumerate()
        .filter(|(rank, name)| path.get(rank + 1).is_none_or(|next| singular(name) != *next || name == &next))
        .map(|(_, name)| *name)
        .collect();
    known(&words(&spaced(&names.join(" "))), None).unwrap_or((Target::Unknown, None))
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
            ("Quel est le nom de votre PTCE ?", "/nom", false),
            ("Dans quelle région ?", "/region/nom", false),
            ("Merci d’indiquer votre adresse électronique", "/contacts/*/courriel", false),
        ] {
            let reason = field(label).map(|(found, reason)| (found, reason == Some(Reason::Misspelt)));
            assert_eq!(reason, Some((pointer, is_misspelt)), "{label}");
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
            "Quel est votre nom ?",
            "Êtes-vous une association ?",
        ] {
            assert_eq!(field(label), None, "{label}");
        }
    }
}
