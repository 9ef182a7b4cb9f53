//! Labels that say something of the values below them, or are such a value: a unit, a department, a choice to be ticked.

use super::choices::CHOICES;
use super::evidence::Values;
use super::header::meaning_in_header;
use super::labels::VOCABULARY;
use super::meaning::meaning;
use super::words::words;
use crate::field::{Field, code_and_name};
use crate::reference::departments;
use crate::row::Target;
use crate::text::fold::folded;

/// The field of amounts that a label gives in another unit, and by what its numbers are to be multiplied: « Subvention (k€) ».
pub(crate) fn scaled(label: &str) -> Option<(&'static Field, u32)> {
    let units = [
        ("k€", 1_000),
        ("K€", 1_000),
        ("M€", 1_000_000),
        ("kEUR", 1_000),
        ("keuros", 1_000),
        ("milliers d’euros", 1_000),
        ("milliers d'euros", 1_000),
        ("milliers €", 1_000),
        ("milliers d’€", 1_000),
        ("milliers d'€", 1_000),
        ("millions d’euros", 1_000_000),
        ("millions d'euros", 1_000_000),
    ];
    let (unit, by) = units.into_iter().find(|(unit, _)| label.contains(unit))?;
    let bare = label.replace(unit, "").replace("()", "").replace("en )", ")");
    let bare = bare.trim().trim_end_matches("(en)").trim_end_matches(" en").trim();
    match meaning(bare).0 {
        Target::Field(field, None) if field.pointer == "/appel/montant" => Some((field, by)),
        _ => None,
    }
}

/// The unit of the values below a label that stands below it, « (en k€) », « jj/mm/aaaa », without what stands around it; none for
/// one that would have to be applied to an amount and cannot be.
pub(crate) fn unit_below<'t>(label: &str, text: &'t str) -> Option<&'t str> {
    const PLAIN: &[&str] = &[
        "aaaa",
        "annee",
        "date",
        "etp",
        "eur",
        "euro",
        "euros",
        "jj mm aa",
        "jj mm aaaa",
        "nb",
        "nombre",
        "o n",
        "oui non",
        "texte",
    ];
    let bare = text.trim();
    let inner = bare.strip_prefix('(').and_then(|bare| bare.strip_suffix(')')).unwrap_or(bare).trim();
    let unit = inner.strip_prefix("en ").unwrap_or(inner);
    // « Texte » and « Date » may be values; what stands in brackets, a sign or a form is none.
    let is_plain =
        unit.starts_with(['€', '%']) && unit.len() <= "€ TTC".len() || PLAIN.contains(&folded(unit).as_str());
    let is_marked = inner.len() < bare.len() || unit.len() < inner.len() || !unit.chars().all(char::is_alphabetic);
    let is_scaled = scaled(&format!("Montant ({unit})")).is_some();
    let is_amount = || matches!(meaning_in_header(label, &Values::none()).target, Target::Field(field, _) if field.pointer == "/appel/montant");
    let is_unit = match is_scaled {
        true => !is_amount() || scaled(&format!("{label} ({unit})")).is_some(),
        false => is_plain && is_marked,
    };
    is_unit.then_some(unit)
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
    let (code, name) = code_and_name(label);
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

/// Whether a label names a family of partners, and nothing else: « Entreprises », « Collectivités locales ».
pub(crate) fn is_heading(label: &str) -> bool {
    let words = words(label);
    let of_partners = VOCABULARY.families.iter().filter(|family| family.pointer == "/partenaires/*");
    let heads = |fields: &Vec<&'static Field>| fields.iter().any(|field| field.is_headed);
    let is_whole = matches!(meaning(label).0, Target::Field(field, None) if field.is_headed);
    is_whole || of_partners.into_iter().any(|family| family.members.get(&words).is_some_and(heads))
}
