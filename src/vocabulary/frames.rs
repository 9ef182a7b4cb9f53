//! What stands around a label and says nothing of its field: the number of a section, the words of a question.

use super::words;

/// A label without the number of its section: « 2. Contact », « 2.1 Nom », « IV) Partenaires ».
pub(super) fn without_number(label: &str) -> &str {
    let label = label.trim_start();
    let end = label.find(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '.' | ')'))).unwrap_or(0);
    let (mark, rest) = label.split_at(end);
    let number = mark.trim_end_matches(['.', ')']);
    let parts = || number.split('.');
    let is_digits = |part: &str| (1..=2).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit());
    let is_roman =
        |part: &str| (1..=4).contains(&part.len()) && part.bytes().all(|byte| matches!(byte, b'I' | b'V' | b'X'));
    let is_letter = |part: &str| part.len() == 1 && part.bytes().all(|byte| byte.is_ascii_alphabetic());
    let is_marked = mark.len() > number.len();
    let is_number = parts().all(is_digits) && (is_marked || number.contains('.'))
        || is_roman(number) && is_marked
        || is_letter(number) && mark.ends_with(')');
    let rest = rest.trim_start();
    if is_number && rest.starts_with(char::is_alphabetic) { rest } else { label }
}

/// Words of the questions and requests of a survey, which say nothing of what they ask for.
const FRAME: &[&str] = &[
    "ainsi",
    "are",
    "ce",
    "cette",
    "dans",
    "donner",
    "donnez",
    "est",
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
pub(super) fn unframed(label: &str) -> Option<Vec<String>> {
    let all = words(label);
    let count = all.len();
    let rest: Vec<String> = all.into_iter().filter(|word| !FRAME.contains(&word.as_str())).collect();
    // « Votre nom » is that of who answers.
    (rest.len() < count && !rest.is_empty() && rest != ["nom"]).then_some(rest)
}

/// A label without the explanation in brackets at its end, and without the brackets of the feminine and the plural within a
/// word: « Code postal (5 chiffres) », « Référent(e) ». A multiple in which numbers are counted is no mere explanation.
pub(super) fn explained(label: &str) -> Option<String> {
    let bare = label.replace("(e)", "").replace("(s)", "").replace("(es)", "").replace("·e", "").replace("·s", "");
    if bare != label {
        return Some(bare);
    }
    let label = label.trim_end_matches(|c: char| c.is_whitespace() || matches!(c, '*' | ':' | '?' | '.'));
    let (open, close) = [('(', ')'), ('[', ']')].into_iter().find(|(_, close)| label.ends_with(*close))?;
    let (before, inner) = label.strip_suffix(close)?.rsplit_once(open)?;
    let inner = crate::text::fold::folded(inner);
    let is_multiple = |word: &str| {
        matches!(
            word,
            "k" | "ke" | "keur" | "keuros" | "m" | "meur" | "mille" | "milliers" | "millions" | "million" | "md"
        )
    };
    (!before.trim().is_empty() && !inner.split(' ').any(is_multiple)).then(|| before.trim().to_owned())
}
