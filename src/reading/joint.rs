//! A cell whose label joins several fields, « Ville (dpt) » over « Brest (29) »: it is taken apart by the parts of its label.
//!
//! The parts must hold all of the text, and one reading of it must be better than all others: else there is none.

use std::borrow::Cow;

use super::{days, numbers};
use crate::field::{Field, Kind, code_and_name};
use crate::reference::departments;
use crate::text::fold::folded;
use crate::text::names;
use crate::text::people::{self, Beside, Known, address_parts};
use crate::text::words::trimmed;
use crate::vocabulary::{self, Values};

/// A part of a cell with its field.
pub(crate) type Part<'t> = (&'static Field, Cow<'t, str>);

/// The field of the name of a person.
const PERSON: &str = "/contacts/*/nom";
/// A longer text is prose, and one with more marks a list.
const LONGEST: usize = 240;
const MOST_MARKS: usize = 6;
/// Labels that join more are none that people write.
const MOST_FIELDS: usize = 4;

/// How a piece of a cell goes with a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Fit {
    /// It cannot be its value.
    No,
    /// It may be anything, a name above all.
    Open,
    /// It looks as values of the field do, and hardly any others.
    Sure,
}

/// Whether a field may be one of several in a cell: prose and lists of words have marks of their own.
pub(crate) fn may_join(field: &Field) -> bool {
    const PROSE: &[&str] = &[
        "/projet/",
        "/calendrier",
        "/financement",
        "/evaluation",
        "/mise_en_reseau",
        "/politiques_locales",
        "/source",
    ];
    let is_of_places = matches!(field.pointer, "/territoire/departements" | "/territoire/communes");
    (is_of_places || !field.is_list())
        && matches!(field.kind, Kind::Text | Kind::Number | Kind::ElementText | Kind::Elements(..))
        && !PROSE.iter().any(|part| field.pointer.starts_with(part))
}

/// The parts of a cell under a label that joins fields, in the order of the cell; none where it does not hold them, or may hold them
/// in two ways.
pub(crate) fn parts<'t>(label: &str, fields: &[&'static Field], text: &'t str) -> Option<Vec<Part<'t>>> {
    if text.len() > LONGEST || !(2..=MOST_FIELDS).contains(&fields.len()) {
        return None;
    }
    let marks = marks(text);
    if marks.len() > MOST_MARKS {
        return None;
    }
    let whole: Vec<usize> = (1..fields.len()).collect();
    // « 53 / 29 » is made as « Région / Dpt » is: it holds all parts, or none that are understood.
    let fewest = if is_like_label(label, &marks, &whole) { fields.len() } else { 1 };
    (fewest..=fields.len().min(marks.len() + 1)).rev().find_map(|count| best(label, fields, text, &marks, count))
}

/// A place where a text may be cut, and the sign that stands there.
#[derive(Debug, Clone, Copy)]
struct Mark {
    start: usize,
    end: usize,
    sign: char,
}

/// Where a text may be cut: « / », « – » between blanks, an opening bracket, the end of a line.
fn marks(text: &str) -> Vec<Mark> {
    let is_blank = |c: Option<char>| c.is_some_and(char::is_whitespace);
    text.char_indices()
        .filter(|(at, c)| match c {
            '\n' | '/' | ';' | '|' | ',' | '(' | ':' => true,
            '-' | '–' | '—' => {
                is_blank(text[..*at].chars().next_back()) && is_blank(text[at + c.len_utf8()..].chars().next())
            }
            _ => false,
        })
        // « 10,5 » is one number, and « https:// » one address.
        .filter(|(at, c)| {
            let (before, after) = (text[..*at].chars().next_back(), text[at + c.len_utf8()..].chars().next());
            let is_digit = |c: Option<char>| c.is_some_and(|c| c.is_ascii_digit());
            !(*c == ',' && is_digit(before) && is_digit(after))
                && !(matches!(c, ':' | '/') && after == Some('/') || *c == '/' && before == Some('/'))
        })
        .map(|(at, sign)| Mark { start: at, end: at + sign.len_utf8(), sign })
        .collect()
}

/// What is cut out of a text, without what parted it from the rest.
fn piece(text: &str) -> &str {
    let text = trimmed(text);
    match text.strip_suffix(')') {
        // The bracket that opens stands in the mark before it.
        Some(inner) if inner.matches('(').count() <= inner.matches(')').count() => inner.trim_end(),
        _ => text,
    }
}

/// How good a reading is: how many pieces are sure, whether they stand in the order of the label, how long those that are sure are.
type Rank = (usize, bool, usize);

/// The best way of cutting a text into so many pieces, each of another field.
fn best<'t>(
    label: &str,
    fields: &[&'static Field],
    text: &'t str,
    marks: &[Mark],
    count: usize,
) -> Option<Vec<Part<'t>>> {
    let mut best: Option<(Rank, Vec<Part<'t>>, bool)> = None;
    for cuts in choices(marks.len(), count - 1) {
        let mut pieces: Vec<&'t str> = Vec::with_capacity(count);
        let mut from = 0;
        for cut in &cuts {
            pieces.push(piece(&text[from..marks[*cut].start]));
            from = marks[*cut].end;
        }
        pieces.push(piece(&text[from..]));
        let is_balanced = |piece: &&str| piece.matches('(').count() == piece.matches(')').count();
        if pieces.iter().any(|piece| piece.is_empty()) || !pieces.iter().all(is_balanced) {
            continue;
        }
        let fits: Vec<Vec<Fit>> =
            pieces.iter().map(|piece| fields.iter().map(|field| fit(field, piece)).collect()).collect();
        let is_alike = count == fields.len() && is_like_label(label, marks, &cuts);
        for order in orders(fields.len(), count) {
            let own = || order.iter().enumerate().map(|(at, field)| fits[at][*field]);
            if own().any(|fit| fit == Fit::No) {
                continue;
            }
            let is_in_order = order.is_sorted();
            let open = own().filter(|fit| *fit == Fit::Open).count();
            // One piece may be any name where the others are sure, and all where the cell is made as its label is.
            let is_told = match count {
                _ if is_alike && is_in_order => true,
                1 if open == 1 => is_alone(fields, order[0], text),
                _ if count == fields.len() => open <= 1,
                // A name with something before it may well be a person's, and the rest that of something else.
                _ => open == 0 && order.iter().all(|field| fields[*field].pointer != PERSON),
            };
            if !is_told {
                continue;
            }
            let sure: usize =
                own().zip(&pieces).filter(|(fit, _)| *fit == Fit::Sure).map(|(_, piece)| piece.len()).sum();
            let rank = (count - open, is_in_order, sure);
            let found =
                || order.iter().zip(&pieces).map(|(field, piece)| (fields[*field], Cow::Borrowed(*piece))).collect();
            match &mut best {
                Some((known, ..)) if *known > rank => {}
                Some((known, _, is_only)) if *known == rank => *is_only = false,
                _ => best = Some((rank, found(), true)),
            }
        }
    }
    best.filter(|(.., is_only)| *is_only).map(|(_, parts, _)| parts)
}

/// Whether a text that may be any name is that of the one field which takes names: it has nothing in it that the others could be.
fn is_alone(fields: &[&'static Field], own: usize, text: &str) -> bool {
    let is_closed = |(rank, field): (usize, &&'static Field)| {
        rank == own || matches!(field.kind, Kind::Number) || CLOSED.contains(&field.pointer)
    };
    fields.iter().enumerate().all(is_closed)
        && marks(text).is_empty()
        && !text.bytes().any(|byte| byte.is_ascii_digit() || byte == b'@')
        && text.split_whitespace().next_back().is_none_or(|last| !is_form_word(&folded(last)))
}

/// Fields whose values are told from names by what they look like.
const CLOSED: &[&str] = &[
    "/adresse/code_postal",
    "/adresse/voie",
    "/appel/date_annonce",
    "/appel/edition",
    "/contacts/*/courriel",
    "/contacts/*/telephone",
    "/coordinateur/forme_juridique",
    "/coordinateur/rna",
    "/coordinateur/siren",
    "/coordinateur/siret",
    "/region/code",
    "/region/nom",
    "/site_web",
    "/territoire/communes",
    "/territoire/departements",
];

/// Whether a cell is parted by the same sign as its label, or by a like one, and by no other.
fn is_like_label(label: &str, marks: &[Mark], cuts: &[usize]) -> bool {
    let kind = |sign: char| match sign {
        '–' | '—' => '-',
        '&' | '+' => '/',
        sign => sign,
    };
    let own: Vec<char> = self::marks(label).iter().map(|mark| kind(mark.sign)).collect();
    let joins = [" et ", "&", "+"].iter().map(|word| label.matches(word).count()).sum::<usize>();
    let said: Vec<char> = marks.iter().map(|mark| kind(mark.sign)).collect();
    said.len() == cuts.len()
        && (said == own && joins == 0
            || own.is_empty() && joins == said.len() && said.iter().all(|sign| matches!(sign, '/' | '-' | ';' | '\n'))
            || own.len() + joins == said.len() && said.iter().all(|sign| *sign == '\n'))
}

/// How a piece goes with a field.
fn fit(field: &'static Field, text: &str) -> Fit {
    let sure = |is: bool| if is { Fit::Sure } else { Fit::No };
    let is_confirmed = || Values::of(std::iter::once(text)).confirm(field);
    let has_digits = text.bytes().any(|byte| byte.is_ascii_digit());
    match (&field.kind, field.pointer) {
        (Kind::Number, _) => sure(matches!(
            numbers::read(field, text, None),
            Some(numbers::Reading::Plain(_) | numbers::Reading::Sure(_))
        )),
        (_, PERSON) => match people::in_cell(field.pointer, text, false, &Nothing) {
            Some(cell) => sure(!cell.has_rest && cell.parts.iter().all(|part| part.person == 0)),
            None if names::is_known_name(text) => Fit::Sure,
            None if names::is_name(text) => Fit::Open,
            None => Fit::No,
        },
        (_, "/adresse/voie") => {
            let found = people::parse(text);
            let is_address = found.address.is_some() && found.people.is_empty() && found.rest.is_empty();
            let is_street = |(pointer, _): (&str, String)| matches!(pointer, "/adresse/voie" | "/adresse/code_postal");
            sure(is_confirmed() || is_address && address_parts(text).any(is_street))
        }
        (_, "/appel/date_annonce") => sure(days::is_canonical(text) || days::sure(text).is_some()),
        (_, "/coordinateur/forme_juridique") if folded(text).split(' ').all(is_form_word) => Fit::Sure,
        (_, pointer) if vocabulary::is_choice(pointer) => {
            sure(vocabulary::is_value(pointer, text) || vocabulary::value(pointer, text).is_some())
        }
        (_, "/adresse/commune") if !has_digits && !is_confirmed() => Fit::Open,
        (_, "/adresse/commune") => sure(is_confirmed()),
        (_, "/territoire/departements") => sure(are_departments(text)),
        (_, pointer) if CLOSED.contains(&pointer) && pointer != "/coordinateur/forme_juridique" => sure(is_confirmed()),
        _ => Fit::Open,
    }
}

/// Whether a text names departments and nothing else; a name beside a code is that of the same.
fn are_departments(text: &str) -> bool {
    let is_one = |text: &str| {
        let (code, name) = code_and_name(text);
        let by_code = code.map(departments::by_code);
        let by_name = name.map(departments::by_name);
        match (by_code, by_name) {
            (Some(by_code), Some(by_name)) => by_code.is_some() && by_code == by_name,
            (one, other) => one.or(other).flatten().is_some(),
        }
    };
    is_one(text) || departments::listed(text).is_some_and(|listed| listed.iter().all(|text| is_one(text)))
}

/// Whether a word is one of those of legal forms.
fn is_form_word(word: &str) -> bool {
    const BESIDE: &[&str] =
        &["a", "anonyme", "capital", "de", "en", "interet", "collectif", "responsabilite", "limitee", "variable"];
    BESIDE.contains(&word) || vocabulary::is_known_word("/coordinateur/forme_juridique", word)
}

/// A cell of people beside which nothing is known.
pub(crate) struct Nothing;

impl Beside for Nothing {
    fn has_address(&self) -> bool {
        false
    }

    fn people(&self) -> Vec<Known> {
        Vec::new()
    }

    fn may_have_several_people(&self) -> bool {
        false
    }

    fn has_label(&self, _: &str) -> bool {
        true
    }
}

/// The ways of choosing `count` of some things, in their order.
fn choices(of: usize, count: usize) -> Vec<Vec<usize>> {
    (0..1_u32 << of)
        .filter(|chosen| chosen.count_ones() as usize == count)
        .map(|chosen| (0..of).filter(|at| chosen >> at & 1 == 1).collect())
        .collect()
}

/// The ways of putting `count` of some things in a row.
fn orders(of: usize, count: usize) -> Vec<Vec<usize>> {
    let mut orders: Vec<Vec<usize>> = vec![Vec::new()];
    for _ in 0..count {
        orders = orders
            .into_iter()
            .flat_map(|order| {
                let next: Vec<usize> = (0..of).filter(|one| !order.contains(one)).collect();
                next.into_iter().map(move |one| order.iter().copied().chain([one]).collect())
            })
            .collect();
    }
    orders
}
