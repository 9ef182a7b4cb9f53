//! Postal addresses taken apart (AFNOR NF Z10-011): people write a whole address, or several of its lines, into one
//! cell.
//!
//! Only what can be told apart for sure is moved: a text that can be read in two ways stays as it is, for the rules to
//! tell.

pub(crate) mod streets;

use crate::field::Moved;
use crate::reading::is_dressed_postal_code;
use crate::record::{Address, Text};
use crate::reference::names::same_commune;
use crate::reference::postal_codes::{self, Agreement, agreement};
use crate::reference::{communes, departments, regions};
use crate::text::lexicon::{BUILDINGS, NUMBERED_PLACES};
use crate::text::words::{Word, all_words, words};
use streets::{is_extension, is_in, is_number, is_plain, is_street_type};

/// The parts of an address, as slices of the text. A postal code may stand in the text as « 05 000 ».
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Parts<'a> {
    complement: Vec<&'a str>,
    street: Option<&'a str>,
    delivery: Option<&'a str>,
    postal_code: Option<String>,
    commune: Option<&'a str>,
    cedex: Option<&'a str>,
}

/// Takes a whole address apart: on one line or several, from the organisation to the commune.
///
/// ```
/// use ptce::address::parse;
/// let address = parse("ZI Sainte-Agathe 9, rue Descartes BP 60 114 57190 Florange Cedex");
/// assert_eq!(address.complement.as_deref(), Some("ZI Sainte-Agathe"));
/// assert_eq!(address.street.as_deref(), Some("9, rue Descartes"));
/// assert_eq!(address.delivery.as_deref(), Some("BP 60 114"));
/// assert_eq!(address.postal_code.as_deref(), Some("57190"));
/// assert_eq!(address.commune.as_deref(), Some("Florange"));
/// assert_eq!(address.cedex.as_deref(), Some("Cedex"));
/// ```
pub fn parse(text: &str) -> Address {
    let parts = parts(text, Home::Whole);
    let own = |part: Option<&str>| part.map(str::to_owned);
    Address {
        complement: Some(parts.complement.join(", ")).filter(|text| !text.is_empty()),
        street: own(parts.street),
        delivery: own(parts.delivery),
        postal_code: parts.postal_code,
        commune: own(parts.commune),
        cedex: own(parts.cedex),
        ..Address::default()
    }
}

/// A field of the address: its pointer, and its place.
type Field = (&'static str, fn(&mut Address) -> &mut Option<String>);

const COMPLEMENT: Field = ("/adresse/complement", |address| &mut address.complement);
const STREET: Field = ("/adresse/voie", |address| &mut address.street);
const DELIVERY: Field = ("/adresse/mention", |address| &mut address.delivery);
const POSTAL_CODE: Field = ("/adresse/code_postal", |address| &mut address.postal_code);
const COMMUNE: Field = ("/adresse/commune", |address| &mut address.commune);
const CEDEX: Field = ("/adresse/cedex", |address| &mut address.cedex);

/// Whether a field of an address may hold a part that belongs to another one. Nearly every address is in order, which is
/// seen without taking it apart.
fn may_hold_another(field: &str, text: &str) -> bool {
    match field {
        _ if field == POSTAL_CODE.0 => {
            (text.len() != 5 || !text.bytes().all(|byte| byte.is_ascii_digit())) && !is_dressed_postal_code(text)
        }
        _ if field == COMMUNE.0 => {
            text.bytes().any(|byte| byte.is_ascii_digit())
                || text.len() > 5 && may_have_cedex(text) && cedex_in(text).is_some()
                || without_country(text).len() < text.len()
        }
        _ if field == STREET.0 => !is_plain(text) || holds_separator(text),
        _ => text.bytes().any(|byte| byte.is_ascii_digit()),
    }
}

/// Whether commas or dashes part the line of a street. In « 12, rue Basse » the first comma belongs to the number.
fn holds_separator(street: &str) -> bool {
    let digits = street.bytes().take_while(|byte| byte.is_ascii_digit() || *byte == b',').count();
    let name = &street[digits..];
    memchr::memchr2(b',', b'-', name.as_bytes()).is_some_and(|at| name[at..].contains(',') || name.contains(" - "))
}

/// Whether each part of an address plainly stands in its own field, so that [`settle`] would change nothing.
pub(crate) fn is_settled<T: Text>(address: &Address<T>) -> bool {
    let is_in_order =
        |field: &str, text: &Option<T>| text.as_ref().is_none_or(|text| !may_hold_another(field, text.as_ref()));
    is_in_order(POSTAL_CODE.0, &address.postal_code)
        && is_in_order(COMMUNE.0, &address.commune)
        && is_in_order(STREET.0, &address.street)
        && is_in_order(COMPLEMENT.0, &address.complement)
}

/// Moves each part of an address that stands in the field of another to its own, if that one is free or says the same.
/// `moved` takes what was moved, `keep` the pointer and the text of each field that was taken apart.
pub(crate) fn settle(address: &mut Address, moved: &mut Vec<Moved>, keep: &mut dyn FnMut(&'static str, String)) {
    exchange_lines(address, moved, keep);
    for field in [POSTAL_CODE, COMMUNE, STREET, COMPLEMENT] {
        let (pointer, place) = field;
        if place(address).as_deref().is_some_and(|text| may_hold_another(pointer, text)) {
            settle_field(address, field, moved, keep);
        }
    }
}

/// A building in the first line of an address, and its street in the second: « Maison des associations », « 12 rue Basse ».
fn exchange_lines(address: &mut Address, moved: &mut Vec<Moved>, keep: &mut dyn FnMut(&'static str, String)) {
    let (Some(street), Some(complement)) = (&address.street, &address.complement) else { return };
    let is_street = |text: &str| street_in(text) == Some(("", text, ""));
    if street_in(street).is_none() && delivery(&words(street).collect::<Vec<_>>()).is_none() && is_street(complement) {
        keep(STREET.0, street.clone());
        keep(COMPLEMENT.0, complement.clone());
        std::mem::swap(&mut address.street, &mut address.complement);
        moved.push(Moved { to: STREET.0, from: COMPLEMENT.0 });
        moved.push(Moved { to: COMPLEMENT.0, from: STREET.0 });
    }
}

fn settle_field(
    address: &mut Address,
    field: Field,
    moved: &mut Vec<Moved>,
    keep: &mut dyn FnMut(&'static str, String),
) {
    let (from, place) = field;
    let Some(text) = place(address).take() else { return };
    let found = match from {
        _ if from == STREET.0 => Some(parts(&text, Home::Street)),
        _ if from == COMPLEMENT.0 => Some(parts(&text, Home::Complement)),
        _ => locality(&text),
    };
    let Some(mut found) = found else {
        *place(address) = Some(text);
        return;
    };
    // « 12 rue Basse, Figeac (46) » beside « Figeac » says it twice.
    let count = found.complement.len();
    if let Some(commune) = address.commune.as_deref().filter(|_| from == STREET.0) {
        found.complement.retain(|piece| !is_commune_again(piece, commune));
    }
    let says_again = found.complement.len() < count;
    let has_locality = found.commune.is_some() || found.postal_code.is_some() || address.commune.is_some();
    if from == STREET.0
        && found.street.is_some()
        && !has_locality
        && let Some(last) = found.complement.last().filter(|last| text.trim_end_matches(is_edge).ends_with(*last))
        && let Some(commune) = commune_behind(last, address.postal_code.as_deref())
    {
        found.commune = Some(commune);
        found.complement.pop();
    }
    let complement = Some(found.complement.join(", ")).filter(|text| !text.is_empty());
    let own = |part: Option<&str>| part.map(str::to_owned);
    let values = [
        (COMPLEMENT, complement),
        (STREET, own(found.street)),
        (DELIVERY, own(found.delivery)),
        (POSTAL_CODE, found.postal_code),
        (COMMUNE, own(found.commune)),
        (CEDEX, own(found.cedex)),
    ];
    // « FIGEAC » is « Figeac »: the own cell of a field keeps its spelling.
    let free = |address: &mut Address, (pointer, place): Field, value: &String| {
        place(address).as_ref().is_none_or(|known| match pointer {
            _ if pointer == COMMUNE.0 => same_commune(known, value),
            _ => known.eq_ignore_ascii_case(value),
        })
    };
    let all_free = values.iter().all(|(field, value)| value.as_ref().is_none_or(|value| free(address, *field, value)));
    let leaves = says_again
        || values.iter().any(|((pointer, _), value)| *pointer != from && value.is_some())
        || from == COMMUNE.0 && found.commune.is_some_and(|name| name != text);
    if !all_free || !leaves {
        *place(address) = Some(text);
        return;
    }
    for ((to, place), value) in values {
        if let Some(value) = value {
            let slot = place(address);
            if slot.is_none() {
                if to != from {
                    moved.push(Moved { to, from });
                }
                *slot = Some(value);
            }
        }
    }
    keep(from, text);
}

/// The parts of the last line alone, from the field of the postal code or of the commune: « 05000 Gap », « Gap (05000) »,
/// « Gap Cedex 9 ».
fn locality(text: &str) -> Option<Parts<'_>> {
    if let Some((before, parts)) = tail(text) {
        return before.is_empty().then_some(parts);
    }
    // « Figeac France ».
    let bare = without_country(text);
    if bare.len() < text.len() {
        return is_name(bare).then(|| Parts { commune: Some(bare), ..Parts::default() });
    }
    // « Gap (05000) », « Gap 05000 ».
    let bare = text.trim_end_matches([')', ' ']);
    let before_code = bare.trim_end_matches(|c: char| c.is_ascii_digit());
    if bare.len() - before_code.len() == 5 && before_code.ends_with([' ', '(', ',']) {
        let name = before_code.trim_end_matches([' ', '(', ',', '-']);
        let postal_code = Some(bare[before_code.len()..].to_owned());
        return is_name(name).then(|| Parts { postal_code, commune: Some(name), ..Parts::default() });
    }
    // « Gap (05) ».
    if let Some((name, code)) = text.strip_suffix(')').and_then(|text| text.rsplit_once('('))
        && departments::by_code(code.trim()).is_some()
    {
        let name = name.trim_end_matches(is_edge);
        return is_name(name).then(|| Parts { commune: Some(name), ..Parts::default() });
    }
    let (commune, cedex) = cedex_in(text)?;
    is_name(commune).then(|| Parts { commune: Some(commune), cedex: Some(cedex), ..Parts::default() })
}

/// Whether the last letter of « cedex » stands in a text: in few names of communes.
fn may_have_cedex(text: &str) -> bool {
    memchr::memchr2(b'x', b'X', text.as_bytes()).is_some()
}

/// A text before the word « Cedex », and from it on: « Cedex 9 », « CEDEX 07 SP ».
fn cedex_in(text: &str) -> Option<(&str, &str)> {
    let mut words = words(text);
    let is_word = |word: &Word<'_>| {
        matches!(word.text.as_bytes(), [b'c' | b'C', _, _, _, _] | [b'c' | b'C', _, _, _, _, _])
            && is_in(&["cedex"], word.text)
    };
    let word = words.find(is_word)?;
    let short = words.all(|word| word.text.len() <= 2);
    short.then(|| (text[..word.start].trim_end_matches(is_edge), text[word.start..].trim_end_matches(is_edge)))
}

/// A locality without the name of France behind it: « Figeac FRANCE », not « Roissy-en-France ».
fn without_country(text: &str) -> &str {
    let ends_with = |end: &[u8]| {
        let bytes = text.as_bytes();
        bytes.len() > end.len() && bytes[bytes.len() - end.len()..].eq_ignore_ascii_case(end)
    };
    if !(ends_with(b"france")
        || ends_with(b" fr")
        || ends_with(b" fra")
        || ends_with(b" f")
        || ends_with(b",f")
        || ends_with(b",fr"))
    {
        return text;
    }
    let Some((name, country)) = text.rsplit_once([' ', ',']) else { return text };
    let name = name.trim_end_matches(is_edge);
    let ends_with_particle =
        || name.rsplit([' ', '-']).next().is_none_or(|word| is_in(&["en", "de", "d", "la", "l"], word));
    let is_country = country.eq_ignore_ascii_case("france") || matches!(country, "FR" | "FRA" | "F");
    if is_country && !name.is_empty() && !ends_with_particle() { name } else { text }
}

/// Whether a text behind the name of a commune says nothing that the rest does not tell: its country, region, department.
fn is_known_behind(text: &str) -> bool {
    let is_country = |text: &str| is_in(&["france", "fr", "fra", "f"], text);
    let mut pieces = text.split([',', ';', '(', ')', '\n', '\r']).map(|piece| piece.trim_matches(is_edge));
    pieces.all(|piece| {
        let piece = without_country(piece);
        piece.is_empty()
            || is_country(piece)
            || departments::by_name(piece).is_some()
            || departments::by_code(piece).is_some()
            || regions::is_name(piece)
    })
}

/// A postal code behind the name of its commune, at the end of a text: « Place Mahé, Argentan 61200 ».
fn turned_tail(text: &str) -> Option<(&str, Parts<'_>)> {
    /// The longest names have as many words, prepositions and all.
    const LONGEST: usize = 8;
    // « Argentan (61200) ».
    let text = text.strip_suffix(')').filter(|text| text.contains('(')).unwrap_or(text);
    let before = text.trim_end_matches(|c: char| c.is_ascii_digit());
    let code = &text[before.len()..];
    if !is_digits(code, 5) || before.ends_with(char::is_alphanumeric) {
        return None;
    }
    let before = before.trim_end_matches(|c| is_edge(c) || c == '(');
    let all = all_words(before);
    let first = all.len().saturating_sub(LONGEST);
    let start = (first..all.len())
        .map(|at| all[at].start)
        .find(|start| matches!(agreement(code, &before[*start..]), Agreement::Served(_) | Agreement::Former(_)))?;
    let parts = Parts { postal_code: Some(code.to_owned()), commune: Some(&before[start..]), ..Parts::default() };
    Some((before[..start].trim_end_matches(is_edge), parts))
}

/// Whether a piece of an address is the name of its commune, perhaps with the department in brackets.
fn is_commune_again(piece: &str, commune: &str) -> bool {
    let in_brackets = piece.strip_suffix(')').and_then(|piece| piece.rsplit_once('('));
    let name = in_brackets.filter(|(_, code)| departments::by_code(code).is_some()).map_or(piece, |(name, _)| name);
    same_commune(name.trim(), commune)
}

/// The commune that a piece at the end of an address names, where no postal code says it: « Figeac », « Figeac (46) ». What is a
/// hamlet as well is told by the department or by the postal code of another cell, or it is the only commune of its name.
fn commune_behind<'p>(piece: &'p str, postal_code: Option<&str>) -> Option<&'p str> {
    let in_brackets = piece.strip_suffix(')').and_then(|piece| piece.rsplit_once('('));
    let (name, department) = in_brackets.map_or((piece, None), |(name, code)| (name.trim(), Some(code.trim())));
    let mut known = communes::by_name(name).filter(|commune| {
        let own = commune.department().map(|department| department.code);
        department.is_none_or(|code| own == Some(code))
    });
    let is_one = known.next().is_some() && known.next().is_none();
    let is_served = postal_code.is_none_or(|code| {
        matches!(agreement(code, name), Agreement::Served(_) | Agreement::Former(_) | Agreement::Office)
    });
    (is_served && (is_one || postal_code.is_some())).then_some(name)
}

/// What may stand at the edges of a part without being of it.
fn is_edge(c: char) -> bool {
    c.is_whitespace() || matches!(c, ',' | ';' | '-' | '–' | '—' | '•' | '|' | ':')
}

fn is_digits(word: &str, count: usize) -> bool {
    word.len() == count && word.bytes().all(|byte| byte.is_ascii_digit())
}

/// Whether a text can be the name of a commune: words, without numbers or a mailbox.
fn is_name(text: &str) -> bool {
    let is_number = |word: &str| word.bytes().all(|byte| byte.is_ascii_digit());
    text.starts_with(char::is_alphabetic) && !text.contains('@') && !words(text).any(|word| is_number(word.text))
}

/// No name of a commune is as long, with its department and its country.
const LONGEST_LOCALITY: usize = 200;

/// The postal code, the commune and the CEDEX at the end of a text, and what stands before them.
fn tail(text: &str) -> Option<(&str, Parts<'_>)> {
    if !text.bytes().any(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let text = text.trim_end_matches(is_edge);
    forward_tail(text).or_else(|| turned_tail(without_country(text)))
}

/// The same, where the name of the commune follows its postal code.
fn forward_tail(text: &str) -> Option<(&str, Parts<'_>)> {
    let all = all_words(text);
    let begins_name = |at: usize| all.get(at).is_some_and(|word| word.text.starts_with(char::is_alphabetic));
    let (at, end, code) = (0..all.len()).rev().find_map(|at| {
        let word = &all[at];
        if is_digits(word.text, 5) && begins_name(at + 1) {
            return Some((at, word.end(), word.text.to_owned()));
        }
        // « 5000 Gap », when « 05000 Gap » exists: a rule tells the zero that is lost.
        if is_digits(word.text, 4) && begins_name(at + 1) {
            let name = &text[all[at + 1].start..];
            let is_served = name.len() <= LONGEST_LOCALITY
                && matches!(agreement(&format!("0{}", word.text), name), Agreement::Served(_));
            return is_served.then(|| (at, word.end(), word.text.to_owned()));
        }
        // « 05 000 », when there is such a code.
        let next = all.get(at + 1).filter(|next| next.start == word.end() + 1 && is_digits(next.text, 3))?;
        let code = format!("{}{}", word.text, next.text);
        let is_code = is_digits(word.text, 2) && begins_name(at + 2) && postal_codes::is_postal_code(&code);
        is_code.then(|| (at, next.end(), code))
    })?;
    if at > 0 && delivery(&all[at - 1..]).is_some_and(|count| count > 1) {
        return None;
    }
    // « F-05000 ».
    let has_country = at > 0 && is_in(&["f", "fr"], all[at - 1].text) && all[at - 1].next() == Some('-');
    let start = all[if has_country { at - 1 } else { at }].start;
    // A line, a comma or a bracket ends the name of the commune; the country or the department may follow.
    let last = text[end..].trim_matches(is_edge);
    let name_end = last.find(['\n', '\r', ',', ';', '(']).unwrap_or(last.len());
    let after = last[name_end..].trim_matches(|c| is_edge(c) || matches!(c, '(' | ')'));
    // « Ville-aux-Clercs (La) », « Château-Chinon (Ville) ».
    let is_of_name = is_in(&["l", "la", "le", "les"], after)
        || last[name_end..].starts_with('(')
            && !is_known_behind(after)
            && matches!(agreement(&code, last), Agreement::Served(_));
    let name_end = if is_of_name { last.len() } else { name_end };
    let after = if name_end == last.len() { "" } else { after };
    let name = without_country(last[..name_end].trim_end_matches(is_edge));
    let before = text[..start].trim_end_matches(is_edge);
    if is_in(&["france", "fr", "fra"], name) {
        let parts = Parts { postal_code: Some(code), ..Parts::default() };
        return (after.is_empty() && !before.is_empty()).then_some((before, parts));
    }
    let (commune, cedex) = cedex_in(name).map_or((name, None), |(commune, cedex)| (commune, Some(cedex)));
    // « 75018 Paris 18 » has a number.
    let is_commune = is_name(commune) || matches!(agreement(&code, commune), Agreement::Served(_));
    if !is_known_behind(after) || !is_commune {
        return None;
    }
    let parts = Parts { postal_code: Some(code), commune: Some(commune), cedex, ..Parts::default() };
    Some((before, parts))
}

/// How many of the words name a special delivery: « BP 12 », « B.P. 77 106 », « CS 40001 », « TSA 12345 ».
fn delivery(words: &[Word<'_>]) -> Option<usize> {
    const SERVICES: &[&str] = &["bp", "cs", "tsa", "cidex"];
    let is = |at: usize, text: &str| words.get(at).is_some_and(|word| word.text.eq_ignore_ascii_case(text));
    let dotted = |first, second| is(0, first) && is(1, second) && words[0].next() == Some('.');
    // « BP6759 », « No30719 ».
    let glued = |at: usize, names: &[&str]| {
        let Some(word) = words.get(at) else { return false };
        names.iter().any(|name| {
            let is_name = word.text.get(..name.len()).is_some_and(|start| start.eq_ignore_ascii_case(name));
            let digits = word.text.get(name.len()..).unwrap_or_default();
            is_name && (1..=5).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit())
        })
    };
    if glued(0, SERVICES) {
        return Some(1);
    }
    let head = if SERVICES.iter().any(|service| is(0, service)) {
        1
    } else if dotted("b", "p") || dotted("c", "s") {
        2
    } else {
        return None;
    };
    if glued(head, &["no", "n"]) {
        return Some(head + 1);
    }
    // « n° 12 ».
    let head = head + usize::from(is(head, "n") || is(head, "no"));
    let mut digits = 0;
    let numbers = words[head.min(words.len())..].iter().take_while(|word| {
        digits += word.text.len();
        digits <= 5 && word.text.bytes().all(|byte| byte.is_ascii_digit())
    });
    Some(head + numbers.count()).filter(|count| *count > head)
}

/// Where a text stands: what has no sign of its own belongs there.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Home {
    /// By itself, as a whole address: a building without a street is its complement, anything else stands for the street.
    Whole,
    /// In the field of the street, which may hold a hamlet or a building.
    Street,
    /// In the field of the complement.
    Complement,
}

/// Where each of the localities of a text begins: a postal code before a name.
fn localities(text: &str) -> usize {
    let all = all_words(text);
    let is_code = |at: usize| {
        let is_named = all.get(at + 1).is_some_and(|next| next.text.starts_with(char::is_alphabetic));
        is_digits(all[at].text, 5) && is_named && (at == 0 || delivery(&all[at - 1..]).is_none_or(|count| count == 1))
    };
    (0..all.len()).filter(|at| is_code(*at)).count()
}

/// The first of several addresses, without the word that announces it: « Siège : 4, rue Basse 05000 Gap ; antenne : … ».
/// The whole text where there is one; none where nothing parts them.
fn first_address(text: &str) -> Option<&str> {
    if localities(text) < 2 {
        return Some(text);
    }
    let end = text.find(['\n', ';', '|']).or_else(|| text.find(" / "))?;
    let first = text[..end].trim_matches(is_edge);
    let first = match first.split_once(':') {
        Some((label, address)) if words(label).count() <= 3 => address.trim(),
        _ => first,
    };
    (localities(first) == 1).then_some(first)
}

/// The parts of one line that begins with the locality: « 05000 Gap, 12, rue de la Gare ».
fn turned(text: &str) -> Option<(&str, Parts<'_>)> {
    let (first, rest) = text.split_once([',', '\n', ';'])?;
    let (before, parts) = tail(first)?;
    let rest = rest.trim_matches(is_edge);
    (before.is_empty() && street_in(rest).is_some()).then_some((rest, parts))
}

/// All parts of a text.
fn parts(text: &str, home: Home) -> Parts<'_> {
    let Some(text) = first_address(text) else { return Parts { street: Some(text), ..Parts::default() } };
    let (body, mut parts) = tail(text).or_else(|| turned(text)).unwrap_or((text, Parts::default()));
    let has_tail = parts.postal_code.is_some();
    let mut bare = Vec::new();
    for line in body.split(['\n', '\r', ';']).map(|line| line.trim_matches(is_edge)) {
        let words: Vec<Word<'_>> = words(line).collect();
        let found = (0..words.len()).find_map(|at| delivery(&words[at..]).map(|count| (at, at + count)));
        let pieces = match found {
            Some((from, to)) if parts.delivery.is_none() => {
                let (start, end) = (words[from].start, words[to - 1].end());
                parts.delivery = Some(&line[start..end]);
                [&line[..start], &line[end..]]
            }
            _ => [line, ""],
        };
        for piece in pieces.map(|piece| piece.trim_matches(is_edge)).into_iter().filter(|piece| !piece.is_empty()) {
            if let Some(("", cedex)) = cedex_in(piece).filter(|_| parts.cedex.is_none()) {
                parts.cedex = Some(cedex);
                continue;
            }
            match street_in(piece).filter(|_| parts.street.is_none()) {
                Some((before, street, after)) => {
                    parts.complement.extend((!before.is_empty()).then_some(before));
                    parts.street = Some(street);
                    match cedex_in(after).filter(|_| parts.cedex.is_none()) {
                        Some(("", cedex)) => parts.cedex = Some(cedex),
                        _ => parts.complement.extend((!after.is_empty()).then_some(after)),
                    }
                }
                None => bare.push(piece),
            }
        }
    }
    // Several lines without a street, a postal code or a delivery: nothing tells what each of them is.
    if home == Home::Street && parts == Parts::default() {
        return Parts { street: Some(text), ..parts };
    }
    // Without any street, the last of what remains stands for it, unless it is the name of a building.
    let names_building = |piece: &str| words(piece).next().is_some_and(|word| BUILDINGS.has(word.text));
    let stands_for_street = |last: &mut &str| match home {
        Home::Complement => false,
        Home::Street if !has_tail => true,
        Home::Street | Home::Whole => !names_building(last),
    };
    if parts.street.is_none() {
        parts.street = bare.pop_if(stands_for_street);
    }
    parts.complement.splice(..0, bare);
    parts
}

/// The street in a line, with what stands before and after it.
fn street_in(line: &str) -> Option<(&str, &str, &str)> {
    let all = all_words(line);
    // A comma or a dash between spaces sets parts of a line apart.
    let is_set_apart = |at: usize| {
        at == 0 || {
            let gap = &line[all[at - 1].end()..all[at].start];
            gap.contains(',') || (gap.starts_with(' ') && gap.ends_with(' ') && gap.contains(['-', '–', '—']))
        }
    };
    let is_street = |at: usize| all.get(at).is_some_and(|word| is_street_type(word.text) && word.text.len() > 1);
    // Whether a word goes on with the number before it: « 12 bis », « 12-14 », « 4 à 8 ».
    let extends = |at: usize| {
        let word = all[at];
        let joins = is_in(&["a", "et"], word.text) && all.get(at + 1).is_some_and(|next| is_number(next.text));
        let adjoins = at > 0 && line[all[at - 1].end()..word.start].contains(['-', '/']);
        let elided = matches!(word.next(), Some('\'' | '’'));
        !is_street(at) && (joins || adjoins && is_number(word.text) || is_extension(word.text) && !elided)
    };
    // Where the number that holds a word ends, from the last word to the first: each is looked at once.
    let mut run_ends = vec![all.len(); all.len() + 1];
    for at in (0..all.len()).rev() {
        run_ends[at] = if extends(at) { run_ends[at + 1] } else { at };
    }
    let number_end = |at: usize| match all.get(at) {
        Some(word) if is_number(word.text) => run_ends[at + 1],
        _ => at,
    };
    let first_street = (0..all.len()).find(|at| is_street(*at)).unwrap_or(all.len());
    let has_letters = |word: &Word<'_>| word.text.contains(char::is_alphabetic);
    let first_letters = all.iter().position(has_letters).unwrap_or(all.len());
    let is_numbered_street = |at: usize| {
        let end = number_end(at);
        let own_number = || !is_set_apart(at) && NUMBERED_PLACES.has(all[at - 1].text);
        let follows_street = || first_street < at && !is_set_apart(at);
        end > at && is_street(end) && (at == 0 || first_letters < at) && !own_number() && !follows_street()
    };
    let mut start = (0..all.len())
        .find(|at| is_numbered_street(*at))
        .or_else(|| (0..all.len()).find(|at| is_street(*at) && is_set_apart(*at)))
        .or_else(|| (number_end(0) > 0).then_some(0))?;
    let name = number_end(start) + 1;
    // « n° 12 ».
    if start > 0 && is_in(&["n", "no"], all[start - 1].text) {
        start -= 1;
    }
    let end = (name + 1..all.len()).find(|at| is_set_apart(*at) && number_end(*at) < all.len()).unwrap_or(all.len());
    let from = if start == 0 { 0 } else { all[start].start };
    let to = if end == all.len() { line.len() } else { all[end - 1].end() };
    Some((line[..from].trim_matches(is_edge), line[from..to].trim_matches(is_edge), line[to..].trim_matches(is_edge)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(address: &Address) -> String {
        let parts = [
            &address.complement,
            &address.street,
            &address.delivery,
            &address.postal_code,
            &address.commune,
            &address.cedex,
        ];
        parts.map(|part| part.as_deref().unwrap_or("")).join("|")
    }

    #[test]
    fn the_addresses_of_2014_are_taken_apart() {
        for (text, parts) in [
            ("40, rue Carnot 05000 Gap", "|40, rue Carnot||05000|Gap|"),
            ("75, rue Victor Hugo 08500 Revin", "|75, rue Victor Hugo||08500|Revin|"),
            ("2, rue Boutaric B.P. 77 106 21071 Dijon Cedex", "|2, rue Boutaric|B.P. 77 106|21071|Dijon|Cedex"),
            ("27, bis Maurice-Sarraut 31300 Toulouse", "|27, bis Maurice-Sarraut||31300|Toulouse|"),
            ("108, rue de Bourgogne 45000 Orléans", "|108, rue de Bourgogne||45000|Orléans|"),
            ("55, rue Basse 39570 Conliège", "|55, rue Basse||39570|Conliège|"),
            ("Centre municipal A. Castets 40220 Tarnos", "Centre municipal A. Castets|||40220|Tarnos|"),
            ("20, rue Saint-Joseph 42000 Saint-Étienne", "|20, rue Saint-Joseph||42000|Saint-Étienne|"),
            (
                "Espace Corail 30, place Francis Robert 44150 Ancenis",
                "Espace Corail|30, place Francis Robert||44150|Ancenis|",
            ),
            ("ZI Ste Agathe 9, rue Descartes 57190 Florange", "ZI Ste Agathe|9, rue Descartes||57190|Florange|"),
            (
                "Pascalis 1 10, Allée Evariste-Galois 63000 Clermont-Ferrand",
                "Pascalis 1|10, Allée Evariste-Galois||63000|Clermont-Ferrand|",
            ),
            ("6, rue des Gardes 75018 Paris", "|6, rue des Gardes||75018|Paris|"),
            ("Avenue des Noës 78320 La Verrière", "|Avenue des Noës||78320|La Verrière|"),
            ("Les Ateliers 22, rue Mérigonde 81100 Castres", "Les Ateliers|22, rue Mérigonde||81100|Castres|"),
            ("6, rue Arnold Géraux 93450 L'Île-Saint-Denis", "|6, rue Arnold Géraux||93450|L'Île-Saint-Denis|"),
        ] {
            assert_eq!(shown(&parse(text)), parts, "{text}");
        }
    }

    #[test]
    fn whole_addresses() {
        for (text, parts) in [
            (
                "Roue libre\n12 bis rue Basse\nBP 12\n05000 GAP CEDEX 9\nFRANCE",
                "Roue libre|12 bis rue Basse|BP 12|05000|GAP|CEDEX 9",
            ),
            ("Roue libre, 12-14 rue Basse, 05 000 Gap, France", "Roue libre|12-14 rue Basse||05000|Gap|"),
            ("12 rue Basse - F-05000 Gap (Hautes-Alpes)", "|12 rue Basse||05000|Gap|"),
            ("Bâtiment 3, rue Basse, 05000 Gap", "Bâtiment 3|rue Basse||05000|Gap|"),
            ("12 rue Basse, bâtiment C, 05000 Gap", "bâtiment C|12 rue Basse||05000|Gap|"),
            ("Mairie, place de la République 05000 Gap", "Mairie|place de la République||05000|Gap|"),
            ("12 bis rue Carnot - 5000 GAP", "|12 bis rue Carnot||5000|GAP|"),
            ("5000 Gap, 12 rue Basse", "|12 rue Basse||5000|Gap|"),
            ("05000 Gap\n12 rue Basse", "|12 rue Basse||05000|Gap|"),
            ("rue Basse 1914 Dupont", "|rue Basse 1914 Dupont||||"),
            ("Siège : 12 rue Basse 05000 Gap ; antenne : 3 rue Haute 26000 Valence", "|12 rue Basse||05000|Gap|"),
            (
                "12 rue Basse 05000 Gap et 3 rue Haute 26000 Valence",
                "|12 rue Basse 05000 Gap et 3 rue Haute 26000 Valence||||",
            ),
            (
                "Maison des Associations, Bât. B, 3e étage, 12 ter av. Basse, 69003 LYON",
                "Maison des Associations, Bât. B, 3e étage|12 ter av. Basse||69003|LYON|",
            ),
            ("CS 40001 35000 Rennes", "||CS 40001|35000|Rennes|"),
            ("CS 40001 Rennes", "|Rennes|CS 40001|||"),
            ("TSA 12345 75345 Paris Cedex 07 SP", "||TSA 12345|75345|Paris|Cedex 07 SP"),
            ("6 rue des Gardes 75018 Paris 18e", "|6 rue des Gardes||75018|Paris 18e|"),
            ("6 rue des Gardes 75018 Paris 18", "|6 rue des Gardes||75018|Paris 18|"),
            ("Le Bourg 05000 Gap", "|Le Bourg||05000|Gap|"),
            ("n° 12, rue Basse 05000 Gap", "|n° 12, rue Basse||05000|Gap|"),
            ("Appartement 3 12 rue Basse 05000 Gap", "Appartement 3|12 rue Basse||05000|Gap|"),
            ("05000 Gap", "|||05000|Gap|"),
            ("12 rue Basse 05000 Gap 04 92 00 00 00", "|12 rue Basse 05000 Gap 04 92 00 00 00||||"),
            ("12 rue du 8 mai 1945 05000 Gap", "|12 rue du 8 mai 1945||05000|Gap|"),
            ("rue Basse, 12, 05000 Gap", "|rue Basse, 12||05000|Gap|"),
            ("Parc 2000 34080 Montpellier", "|Parc 2000||34080|Montpellier|"),
            ("17 Rue François de Mahy, 97420 Le Port, La Réunion, France", "|17 Rue François de Mahy||97420|Le Port|"),
            ("Grande Rue, 51530, Mancy, Marne, Grand Est, FRA", "|Grande Rue||51530|Mancy|"),
            ("12 rue de la Gare 46100 Figeac France", "|12 rue de la Gare||46100|Figeac|"),
            (
                "14 boulevard Newton, Champs sur Marne F-77447 Marne la Vallee Cedex 2 FRANCE",
                "Champs sur Marne|14 boulevard Newton||77447|Marne la Vallee|Cedex 2",
            ),
            ("Place de la République 60290 France", "|Place de la République||60290||"),
            ("Place Mahé, Argentan 61200", "|Place Mahé||61200|Argentan|"),
            ("12 rue Basse Saint Denis 93200", "|12 rue Basse||93200|Saint Denis|"),
            ("Rue de l'Abreuvoir - 41160 Ville-aux-Clercs (La)", "|Rue de l'Abreuvoir||41160|Ville-aux-Clercs (La)|"),
            ("3 rue Haute 95700 Roissy-en-France", "|3 rue Haute||95700|Roissy-en-France|"),
            ("2 avenue Isaac 13626 Aix-en-Provence Cédex 1", "|2 avenue Isaac||13626|Aix-en-Provence|Cédex 1"),
            ("3 rue Michel-Ange, 75794 Paris cedex 16.", "|3 rue Michel-Ange||75794|Paris|cedex 16."),
            ("12 rue Basse CIDEX 304 05000 Gap", "|12 rue Basse|CIDEX 304|05000|Gap|"),
            ("12 rue Basse – BP6759 05000 Gap", "|12 rue Basse|BP6759|05000|Gap|"),
            ("TSA No30719 75345 Paris Cedex 07", "||TSA No30719|75345|Paris|Cedex 07"),
            ("12 rue Basse 61200", "|12 rue Basse 61200||||"),
            ("", "|||||"),
        ] {
            assert_eq!(shown(&parse(text)), parts, "{text}");
        }
    }

    fn settled(address: &mut Address) -> Vec<String> {
        let mut kept = Vec::new();
        settle(address, &mut Vec::new(), &mut |pointer, text| kept.push(format!("{pointer} {text}")));
        kept
    }

    #[test]
    fn parts_move_to_their_own_field() {
        let text = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
        let address = |parts: &str| {
            let parts: Vec<&str> = parts.split('|').collect();
            Address {
                complement: text(parts[0]),
                street: text(parts[1]),
                delivery: text(parts[2]),
                postal_code: text(parts[3]),
                commune: text(parts[4]),
                cedex: text(parts[5]),
                ..Address::default()
            }
        };
        for (before, after) in [
            ("|12 rue Basse, 05000 Gap||||", "|12 rue Basse||05000|Gap|"),
            ("|12 rue Basse, 05000 Gap||05000||", "|12 rue Basse||05000|Gap|"),
            ("|12 rue Basse||05000 Gap||", "|12 rue Basse||05000|Gap|"),
            ("|12 rue Basse|||05000 Gap|", "|12 rue Basse||05000|Gap|"),
            ("|12 rue Basse|||Gap (05000)|", "|12 rue Basse||05000|Gap|"),
            ("|12 rue Basse||21071|Dijon Cedex 9|", "|12 rue Basse||21071|Dijon|Cedex 9"),
            ("|2, rue Boutaric BP 77106||21000|Dijon|", "|2, rue Boutaric|BP 77106|21000|Dijon|"),
            ("|Bâtiment A, 12 rue Basse||05000|Gap|", "Bâtiment A|12 rue Basse||05000|Gap|"),
            ("05000 Gap|12 rue Basse||||", "|12 rue Basse||05000|Gap|"),
            ("|12 rue Basse||05000|Gap (05)|", "|12 rue Basse||05000|Gap|"),
            ("|12 rue Basse 05000 Gap ; 3 rue Haute 26000 Valence||||", "|12 rue Basse||05000|Gap|"),
            ("|12 rue de la Gare, 46100 FIGEAC|||Figeac|", "|12 rue de la Gare||46100|Figeac|"),
            ("|12 rue Basse, 93200 ST DENIS|||Saint-Denis|", "|12 rue Basse||93200|Saint-Denis|"),
            ("|5 avenue Van Gogh - CEDEX||35042|Rennes|", "|5 avenue Van Gogh||35042|Rennes|CEDEX"),
            ("|12 rue Basse||46102|Figeac Cédex|", "|12 rue Basse||46102|Figeac|Cédex"),
            ("|||46100|FIGEAC FRANCE|", "|||46100|FIGEAC|"),
        ] {
            let mut record = address(before);
            assert_eq!(settled(&mut record).len(), 1, "{before}");
            assert_eq!(shown(&record), after, "{before}");
            assert_eq!(settled(&mut record), [""; 0], "a second time: {before}");
        }
        // What contradicts the other fields, or can be read in two ways, stays.
        for sound in [
            "|12 rue Basse, 05000 Gap||31000|Toulouse|",
            "|12 rue Basse 05000 Gap||05000|Toulouse|",
            "Espace Corail|Bâtiment A, 12 rue Basse||05000|Gap|",
            "|Bâtiment 3 rue Basse||05000|Gap|",
            "|27, bis Maurice-Sarraut||05000|Gap|",
            "|Centre municipal A. Castets||05000|Gap|",
            "|Le Bourg||05000|Gap|",
            "|12 rue du 8-Mai-1945||05000|Gap|",
            "|40, rue Carnot||05000|Gap|",
            "|12 rue Saint-Joseph||75018|Paris 18e|",
            "|||F-05000|Gap|",
            "|||F 75020||",
            "|||95700|Roissy en France|",
            "|12 rue Basse, 46100 FIGEAC|||Cahors|",
            "|Roue libre\nLe Bourg||05000|Gap|",
            "ZI 3|12 rue Basse||05000|Gap|",
        ] {
            let mut record = address(sound);
            assert_eq!(settled(&mut record), [""; 0], "{sound}");
            assert_eq!(shown(&record), sound);
        }
    }
}
