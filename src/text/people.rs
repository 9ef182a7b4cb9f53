//! People in one text or one cell: names, roles, mailboxes and numbers, and the postal address among them.
//!
//! A text is a row of [`Token`]s, which [`tokens`] finds; [`parse`] gives each to the person it is of.

mod owners;

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use super::fold::folded;
use super::lexicon::{ANNOUNCERS, AROUND_AT, AT_WORDS, BODIES, COMMON_NOUNS, GIVEN_NAMES, ROLES, spelt_sign};
use super::mentions::{Kind, Mention, details};
use super::names::{announced, edged, is_known_person, names, unled};
use super::words::{Word, all_words, last_word, words};
use crate::address;
use owners::owners;

/// One person, or a shared mailbox or number; parts of the text.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Person<'a> {
    pub name: Option<&'a str>,
    pub role: Option<&'a str>,
    pub email: Option<&'a str>,
    pub phone: Option<&'a str>,
}

impl<'a> Person<'a> {
    /// The fields of a contact that are known of them.
    pub(crate) fn parts(&self) -> impl Iterator<Item = (&'static str, &'a str)> + Clone + use<'a> {
        let parts = [(NAME, self.name), (ROLE, self.role), (EMAIL, self.email), (PHONE, self.phone)];
        parts.into_iter().filter_map(|(pointer, part)| part.map(|part| (pointer, part)))
    }
}

const NAME: &str = "/contacts/*/nom";
const ROLE: &str = "/contacts/*/fonction";
const EMAIL: &str = "/contacts/*/courriel";
const PHONE: &str = "/contacts/*/telephone";

/// The fields of an address that stands in one text.
pub(crate) fn address_parts(text: &str) -> impl Iterator<Item = (&'static str, String)> + use<> {
    let parsed = address::parse(text);
    let parts = [
        ("/adresse/complement", parsed.complement),
        ("/adresse/voie", parsed.street),
        ("/adresse/mention", parsed.delivery),
        ("/adresse/code_postal", parsed.postal_code),
        ("/adresse/commune", parsed.commune),
        ("/adresse/cedex", parsed.cedex),
    ];
    parts.into_iter().filter_map(|(pointer, part)| part.map(|part| (pointer, part)))
}

/// A part of a cell that has a field of its own.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Part<'a> {
    /// JSON Pointer of the field.
    pub pointer: &'static str,
    /// Of which of the people of the cell it speaks, counted from 0.
    pub person: u16,
    pub text: Cow<'a, str>,
}

/// What a cell of contacts holds, when that is more than one value.
#[derive(Debug)]
pub(crate) struct InCell<'a> {
    pub parts: Vec<Part<'a>>,
    /// Whether the text has words that are of no part.
    pub has_rest: bool,
}

/// A person whom a cell of names tells; a shared mailbox or number there has no name.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Known {
    pub name: Option<String>,
    pub email: Option<String>,
    pub phone: Option<String>,
}

/// What the record holds beside a cell of contacts.
pub(crate) trait Beside {
    /// Whether an address stands in a cell of its own.
    fn has_address(&self) -> bool;
    /// The people in the cells of names, in their order.
    fn people(&self) -> Vec<Known>;
    /// Whether the cells of names may hold several people, at first sight.
    fn may_have_several_people(&self) -> bool;
    /// Whether the source has a label of the field at `pointer`.
    fn has_label(&self, pointer: &str) -> bool;
}

/// The parts of a cell of contacts, whose field is `pointer`; `None` when it holds one value. Where `is_one`, the source
/// itself says that the cell is of one person. An address is none of the parts where the record has another one.
pub(crate) fn in_cell<'a>(pointer: &str, text: &'a str, is_one: bool, beside: &impl Beside) -> Option<InCell<'a>> {
    let block = Some(text).filter(|_| pointer == NAME).and_then(organisation_above);
    let mut parts = match pointer {
        NAME => match block {
            // The organisation, then who speaks for it.
            Some((organisation, people)) => whole(people, is_one).map(|mut parts| {
                if !beside.has_label(ORGANISATION) {
                    parts.push(Part { pointer: ORGANISATION, person: 0, text: Cow::Borrowed(organisation) });
                }
                parts
            }),
            None => whole(text, is_one),
        },
        EMAIL | PHONE => details_alone(pointer, text, is_one, beside),
        ROLE if !is_one => roles(text, beside),
        _ => None,
    }?;
    let is_address = |part: &Part<'_>| part.pointer.starts_with("/adresse/");
    if parts.iter().any(is_address) && beside.has_address() {
        parts.retain(|part| !is_address(part));
    }
    let has_rest = !covers(&parts, text);
    Some(InCell { parts, has_rest })
}

/// The field of the organisation above the people of a block.
const ORGANISATION: &str = "/coordinateur/nom";

/// A block of lines whose first one names an organisation, and whose second one a person of it: « Fil de Brebis », then
/// « Jeanne Modèle, coordinatrice ».
fn organisation_above(text: &str) -> Option<(&str, &str)> {
    let (first, rest) = text.split_once('\n')?;
    let first = edged(first);
    let (second, _) = rest.split_once('\n')?;
    // « Bio Solidaire 41 » is one too, « 3 rue Basse » and « 05000 Gap » are none.
    let is_plain = first.starts_with(char::is_alphabetic) && !first.contains(['@', ':', ',']);
    (is_plain && !is_known_person(first) && is_of_person(second)).then_some((first, rest))
}

/// Whether a line names a person: with a first name that we know, or with a role behind the name, which may be a plain word
/// behind one of the many first names.
fn is_of_person(line: &str) -> bool {
    let mut parts = line.split([',', '–', '—']).map(edged);
    let name = parts.next().unwrap_or_default();
    let behind = parts.next().unwrap_or_default();
    let has_given = || name.split([' ', '-']).next().is_some_and(|word| GIVEN_NAMES.has(word));
    super::names::is_name(name)
        && (is_known_person(name) || begins_role(behind) || behind.starts_with(char::is_lowercase) && has_given())
}

/// The people of a cell of names.
pub(crate) fn people_in(text: &str) -> Vec<Known> {
    let Some(parts) = whole(text, false) else {
        return vec![Known { name: Some(text.to_owned()), ..Known::default() }];
    };
    let count = parts.iter().map(|part| usize::from(part.person) + 1).max().unwrap_or(0);
    let mut people = vec![Known::default(); count];
    for part in parts {
        let person = &mut people[usize::from(part.person)];
        let place = match part.pointer {
            NAME => &mut person.name,
            EMAIL => &mut person.email,
            PHONE => &mut person.phone,
            _ => continue,
        };
        *place = Some(part.text.into_owned());
    }
    people
}

/// A name with what stands before it in cells of its own. Where both cells hold as many, each goes before its own.
pub(crate) fn with_first_names<'a>(before: &str, name: &'a str) -> Cow<'a, str> {
    let apart = |text: &str| -> Vec<String> {
        let pieces = text.split(['\n', ',', ';', '|', '/']).flat_map(|piece| piece.split(" et "));
        pieces.map(|piece| piece.trim().to_owned()).filter(|piece| !piece.is_empty()).collect()
    };
    let whole = folded(name);
    let known: BTreeSet<&str> = whole.split(' ').collect();
    if before.is_empty() || folded(before).split(' ').all(|word| known.contains(word)) {
        return Cow::Borrowed(name);
    }
    let (firsts, lasts) = (apart(before), apart(name));
    if firsts.len() != lasts.len() {
        return Cow::Owned(format!("{before} {name}"));
    }
    let pairs: Vec<String> = firsts.iter().zip(&lasts).map(|(first, last)| format!("{first} {last}")).collect();
    Cow::Owned(pairs.join(", "))
}

/// A whole contact in a cell, or several: « Prénom Nom, directrice, tél. …, 12, rue de la Gare 05000 Gap ».
fn whole(text: &str, is_one: bool) -> Option<Vec<Part<'_>>> {
    if !may_be_several(text) {
        return None;
    }
    let mut found = parse(text);
    // « Service développement, contact@example.org ». Where the source says itself that this is a name, any sign may be of it.
    if let ([person], [rest]) = (found.people.as_mut_slice(), found.rest.as_slice())
        && !is_one
        && person.name.is_none()
        && person.role.is_none()
    {
        person.name = Some(rest);
        found.rest.clear();
    }
    let has_details = found.address.is_some() || found.people.iter().any(|one| one.email.or(one.phone).is_some());
    let has_roles = found.people.iter().any(|one| one.role.is_some());
    let is_understood = match found.people.as_slice() {
        [] => false,
        // « Mairie de Brest : Anne Petit »: what is no person is kept beside her.
        [one] if !is_one && found.rest.len() == 1 && is_body(found.rest[0]) => {
            has_details || text.contains(':') && one.name.is_some_and(is_known_person)
        }
        [one] => {
            (has_details || has_roles)
                && (found.rest.is_empty() || has_details && !is_one)
                && (one.name.is_some() || !is_one)
        }
        _ if is_one => false,
        // Names joined by « et » may be those of one company, but for given names.
        people => {
            has_details
                || found.rest.is_empty()
                    && (has_roles
                        || text.contains(['/', ';', '|', '\n', ','])
                        || people.iter().any(|one| one.name.is_some_and(is_known_person)))
        }
    };
    if !is_understood {
        return None;
    }
    let people = (0..).zip(&found.people).flat_map(|(person, one)| {
        one.parts().map(move |(pointer, text)| Part { pointer, person, text: Cow::Borrowed(text) })
    });
    let address = found.address.into_iter().flat_map(address_parts);
    let address = address.map(|(pointer, text)| Part { pointer, person: 0, text: Cow::Owned(text) });
    Some(people.chain(address).collect())
}

/// Mailboxes and numbers with nothing else between them than what parts them, each with the person whose it is.
fn details_alone<'a>(pointer: &str, text: &'a str, is_one: bool, beside: &impl Beside) -> Option<Vec<Part<'a>>> {
    if is_plainly_one(pointer, text) && (is_one || !beside.may_have_several_people()) {
        return None;
    }
    let (all, found) = (details(text), details_without_fax(text));
    let count = |is_mail: bool| found.iter().filter(|one| (one.kind == Kind::Mailbox) == is_mail).count();
    // One value of the kind that the label names stands where it should.
    let is_plain = all.len() == 1 && count(pointer == EMAIL) == 1;
    if is_one && (is_plain || count(true) > 1 || count(false) > 1) {
        return None;
    }
    // A value of the other kind has a label of its own: it is told where it stands.
    let other = if pointer == EMAIL { PHONE } else { EMAIL };
    if count(other == EMAIL) > 0 && (is_one || found.len() == 1) && beside.has_label(other) {
        return None;
    }
    let people = if is_one { vec![Known::default()] } else { beside.people() };
    if is_plain && people.len() < 2 {
        return None;
    }
    let mut from = 0;
    for one in &all {
        let between = folded(&text[from..one.start]);
        if !between.split(' ').all(|word| matches!(word, "" | "et" | "ou") || ANNOUNCERS.contains(word)) {
            return None;
        }
        from = one.end;
    }
    let rest = folded(&text[from..]);
    if found.is_empty() || !rest.is_empty() && !ANNOUNCERS.has(&rest) {
        return None;
    }
    let of = |is_mail: bool| -> Vec<&'a str> {
        let of_kind = found.iter().filter(|one| (one.kind == Kind::Mailbox) == is_mail);
        of_kind.map(|one| &text[one.start..one.end]).collect()
    };
    let part = |pointer| move |(person, text)| Part { pointer, person, text: Cow::Borrowed(text) };
    let mails = given(of(true), &people, true)?.into_iter().map(part(EMAIL));
    let phones = given(of(false), &people, false)?.into_iter().map(part(PHONE));
    Some(mails.chain(phones).collect())
}

/// The mailboxes and numbers of a text, without those of fax machines where a telephone stands beside them.
fn details_without_fax(text: &str) -> Vec<Mention> {
    let mut found = details(text);
    let is_fax = |one: &Mention| {
        let is_word = |word: &str| matches!(folded(word).as_str(), "fax" | "telecopie" | "telecopieur");
        let before = last_word(&text[..one.start]).filter(|word| is_word(word.text));
        // « Tél./Fax : … » is a telephone too.
        let is_both = |word: &Word<'_>| {
            last_word(&text[..word.start]).is_some_and(|word| folded(word.text).starts_with("tel"))
                && text[..word.start].trim_end().ends_with(['/', '-', '&'])
        };
        let behind = text[one.end..].trim_start().strip_prefix('(').and_then(|text| text.split_once(')'));
        before.is_some_and(|word| !is_both(&word)) || behind.is_some_and(|(word, _)| is_word(word))
    };
    let is_telephone = |one: &Mention| one.kind != Kind::Mailbox && !is_fax(one);
    if found.iter().any(is_telephone) {
        found.retain(|one| one.kind == Kind::Mailbox || !is_fax(one));
    }
    found
}

/// Mailboxes, or numbers, with the rank of the person whose each is; those of nobody come after all people.
fn given<'a>(values: Vec<&'a str>, people: &[Known], is_mail: bool) -> Option<Vec<(u16, &'a str)>> {
    let own = |person: &Known| if is_mail { person.email.clone() } else { person.phone.clone() };
    let plain = |value: &str| folded(value).replace(' ', "");
    // What the names say themselves goes first; the others are of those who have none.
    let (mut said, mut lacking) = (BTreeMap::new(), Vec::new());
    for (rank, person) in people.iter().enumerate() {
        match own(person) {
            Some(own) => drop(said.entry(plain(&own)).or_insert(rank)),
            None => lacking.push(rank),
        }
    }
    let of_name: Vec<Option<usize>> = values.iter().map(|value| said.get(&plain(value)).copied()).collect();
    let names: Vec<Option<&str>> = lacking.iter().map(|person| people[*person].name.as_deref()).collect();
    let others: Vec<&str> =
        values.iter().zip(&of_name).filter(|(_, owner)| owner.is_none()).map(|(value, _)| *value).collect();
    let mut owners = owners(&others, &names, is_mail, lacking.len() == people.len()).into_iter();
    // Without any name, each mailbox is of a contact of its own, and a number beside it of the same.
    let mut nobody = people.len()..;
    let place = |(value, own): (&'a str, Option<usize>)| {
        let owner = own.or_else(|| owners.next().flatten().map(|rank| lacking[rank]));
        Some((u16::try_from(owner.or_else(|| nobody.next())?).ok()?, value))
    };
    values.into_iter().zip(of_name).map(place).collect()
}

/// Whether a cell holds one mailbox, or one number, at first sight: nearly all of them do.
pub(crate) fn is_plainly_one(pointer: &str, text: &str) -> bool {
    let signs = memchr::memchr_iter(b'@', text.as_bytes()).count();
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    let is_hidden = has_spelt_sign(text);
    if pointer == EMAIL { signs == 1 && digits < 9 && !is_hidden } else { signs == 0 && digits < 16 && !is_hidden }
}

/// Whether a cell of names may hold more than one name, at first sight.
pub(crate) fn may_be_several(text: &str) -> bool {
    let is_sign = |byte: u8| {
        matches!(byte, b',' | b';' | b'|' | b'\n' | b'(' | b'[' | b'/' | b'&' | b'+' | b':' | b'@' | b'0'..=b'9')
    };
    text.bytes().any(is_sign) || holds_word(text, &["et ", "ou ", "- ", "– ", "— "]) || has_spelt_sign(text)
}

/// What stands before a word for the sign of a mailbox.
static OPENS_SIGN: [bool; 256] = {
    let mut opens = [false; 256];
    let mut at = 0;
    while at < b"([{< -_".len() {
        opens[b"([{< -_"[at] as usize] = true;
        at += 1;
    }
    opens
};

/// Whether a word stands for the sign of a mailbox: « camille [at] example.org ».
fn has_spelt_sign(text: &str) -> bool {
    let bytes = text.as_bytes();
    let may_begin = |at: usize| match bytes.get(at + 1..) {
        Some([b'a' | b'A', next, ..]) => matches!(next, b'r' | b'R' | b't' | b'T'),
        Some([first, ..]) => *first == b'@',
        _ => false,
    };
    let is_sign = |at: usize| spelt_sign(&text[at..], AT_WORDS, AROUND_AT).is_some();
    bytes.iter().enumerate().any(|(at, byte)| OPENS_SIGN[usize::from(*byte)] && may_begin(at) && is_sign(at))
}

/// Whether one of some words stands in a text behind a space. They are few and short, so that each space is looked behind.
fn holds_word(text: &str, words: &[&str]) -> bool {
    let bytes = text.as_bytes();
    memchr::memchr_iter(b' ', bytes).any(|at| words.iter().any(|word| bytes[at + 1..].starts_with(word.as_bytes())))
}

/// Whether a cell of roles may hold more than one, at first sight.
pub(crate) fn may_be_several_roles(text: &str) -> bool {
    text.bytes().any(|byte| matches!(byte, b'\n' | b';' | b'|' | b'/' | b',')) || holds_word(text, &["et "])
}

/// As many roles as there are people.
fn roles<'a>(text: &'a str, beside: &impl Beside) -> Option<Vec<Part<'a>>> {
    if !may_be_several_roles(text) {
        return None;
    }
    let roles: Vec<&str> = text
        .split(['\n', ';', '|', '/', ','])
        .flat_map(|piece| piece.split(" et "))
        .map(edged)
        .filter(|piece| !piece.is_empty())
        .collect();
    if roles.len() < 2 || !roles.iter().all(|role| begins_role(role)) || beside.people().len() != roles.len() {
        return None;
    }
    let part = |(person, role)| Part { pointer: ROLE, person, text: Cow::Borrowed(role) };
    Some((0..).zip(roles).map(part).collect())
}

/// Whether the parts hold every word of the text, but for those that part them.
fn covers(parts: &[Part<'_>], text: &str) -> bool {
    let told: Vec<String> = parts.iter().map(|part| folded(&part.text)).collect();
    let mut told: Vec<&str> = told.iter().flat_map(|part| part.split(' ')).collect();
    told.sort_unstable();
    folded(text).split(' ').all(|word| matches!(word, "" | "et" | "ou") || told.binary_search(&word).is_ok())
}

/// A part of a text that speaks of people.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Token<'a> {
    Name(&'a str),
    Role(&'a str),
    /// The role before a colon, of the last who is named behind it.
    Announced(&'a str),
    Mailbox(&'a str),
    Telephone(&'a str),
    Address(&'a str),
    Other(&'a str),
}

/// What a text holds.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct People<'a> {
    pub people: Vec<Person<'a>>,
    pub address: Option<&'a str>,
    /// What is none of these.
    pub rest: Vec<&'a str>,
    /// Where the people begin of whom the next mailbox or number speaks, and those of them who may lack a role.
    run: usize,
    without_role: usize,
    details: Vec<(bool, &'a str)>,
}

/// The people and the address of a text.
pub(crate) fn parse(text: &str) -> People<'_> {
    let mut found = People::default();
    for token in tokens(text) {
        match token {
            Token::Name(name) => found.name(name),
            Token::Role(role) => found.role(role),
            Token::Announced(role) => {
                if let Some(person) = found.people.last_mut() {
                    person.role = Some(role);
                }
            }
            Token::Mailbox(value) => found.details.push((true, value)),
            Token::Telephone(value) => found.details.push((false, value)),
            Token::Address(address) => found.address = Some(address),
            Token::Other(text) => found.rest.push(text),
        }
    }
    found.settle();
    found
}

impl<'a> People<'a> {
    /// Begins a person; behind mailboxes and numbers, another run of people.
    fn name(&mut self, name: &'a str) {
        if !self.details.is_empty() {
            self.settle();
        }
        self.people.push(Person { name: Some(name), ..Person::default() });
    }

    /// Gives a role to the last person, and one in the plural to all that have been named with them.
    fn role(&mut self, text: &'a str) {
        let first = words(text).find(|word| is_role(word.text));
        let is_plural = first.is_some_and(|word| folded(word.text).ends_with('s'));
        let last = self.people.len().saturating_sub(1);
        let from = if is_plural { self.run.max(self.without_role) } else { last };
        let mut is_given = false;
        for person in self.people.iter_mut().skip(from).filter(|person| person.role.is_none()) {
            person.role = Some(text);
            is_given = true;
        }
        if is_plural {
            self.without_role = self.people.len();
        }
        if !is_given {
            self.rest.push(text);
        }
    }

    /// Gives the mailboxes and numbers to the people before them: to each the own; the others are shared.
    fn settle(&mut self) {
        let (first, end) = (self.run, self.people.len());
        let names: Vec<Option<&str>> = self.people[first..end].iter().map(|person| person.name).collect();
        for is_mail in [true, false] {
            let values: Vec<&'a str> =
                self.details.iter().filter(|(mail, _)| *mail == is_mail).map(|(_, value)| *value).collect();
            let mut nobody = end;
            let owners = owners(&values, &names, is_mail, true);
            for (value, owner) in values.into_iter().zip(owners) {
                let at = owner.map_or(nobody, |owner| first + owner);
                nobody += usize::from(owner.is_none());
                if at == self.people.len() {
                    self.people.push(Person::default());
                }
                if let Some(person) = self.people.get_mut(at) {
                    *(if is_mail { &mut person.email } else { &mut person.phone }) = Some(value);
                }
            }
        }
        self.details.clear();
        self.run = self.people.len();
    }
}

/// The tokens of a text, in its order.
fn tokens<'a>(text: &'a str) -> Vec<Token<'a>> {
    let mut tokens = Vec::new();
    let (mut has_name, mut has_address) = (false, false);
    let mut push_words = |tokens: &mut Vec<Token<'a>>, text: &'a str| {
        let mut text = edged(text);
        if !has_address
            && !text.is_empty()
            && let Some(mut start) = address_start(text, !has_name)
        {
            has_address = true;
            // A line break parts a person from an address, whatever the words.
            while let Some((line, _)) = text[start..].split_once('\n').filter(|(line, _)| is_of_person(line)) {
                start += line.len() + 1;
            }
            tokens.push(Token::Address(edged(&text[start..])));
            text = &text[..start];
        }
        let first = tokens.len();
        pieces(text).for_each(|piece| push_piece(tokens, piece));
        has_name |= tokens[first..].iter().any(|token| matches!(token, Token::Name(_)));
    };
    let mut from = 0;
    let mut kept = details_without_fax(text).into_iter().peekable();
    for one in details(text) {
        push_words(&mut tokens, announced(&text[from..one.start]));
        let value = &text[one.start..one.end];
        if kept.next_if(|kept| kept.start == one.start).is_some() {
            tokens.push(if one.kind == Kind::Mailbox { Token::Mailbox(value) } else { Token::Telephone(value) });
        }
        from = one.end;
    }
    push_words(&mut tokens, &text[from..]);
    tokens
}

/// Adds what stands between two separators.
fn push_piece<'a>(tokens: &mut Vec<Token<'a>>, text: &'a str) {
    let mut text = edged(text);
    // « (06 …) et Camille Exemple ».
    text = ["et ", "ou ", "puis ", "& "].iter().find_map(|word| text.strip_prefix(word)).unwrap_or(text);
    // « Contact : Camille Exemple » names no role, « Président : Camille Exemple » does. A cell may hold nothing but
    // announcers: each of them is passed without a look at the end of the text.
    while let Some((before, after)) = text.split_once(':') {
        if !ANNOUNCERS.has(edged(before)) {
            break;
        }
        text = unled(after);
    }
    text = edged(text);
    if let Some((before, after)) = text.split_once(':') {
        let before = edged(before);
        if let Some(named) = names(edged(after)) {
            if is_body(before) {
                tokens.push(Token::Other(before));
                return tokens.extend(named.into_iter().map(Token::Name));
            }
            let role = words(before).find(|word| is_role(word.text)).or(last_word(before));
            let start = role.map_or(0, |word| word.start);
            let rest = edged(&before[..start]);
            tokens.extend((!rest.is_empty()).then_some(Token::Other(rest)));
            tokens.extend(named.into_iter().map(Token::Name));
            tokens.push(Token::Announced(&before[start..]));
            return;
        }
    }
    if text.is_empty() {
        return;
    }
    if begins_role(text) {
        return tokens.push(Token::Role(text));
    }
    if let Some(named) = names(text) {
        return tokens.extend(named.into_iter().map(Token::Name));
    }
    // « Camille Exemple directrice ».
    let role = words(text).skip(1).find(|word| word.text.starts_with(char::is_lowercase) && is_role(word.text));
    match role.and_then(|role| Some((names(edged(&text[..role.start]))?, &text[role.start..]))) {
        Some((named, role)) => {
            tokens.extend(named.into_iter().map(Token::Name));
            tokens.push(Token::Role(role));
        }
        None => tokens.push(Token::Other(text)),
    }
}

/// Whether a text is the name of a body by its first word, and names no role in it: « Mairie de Brest », « Asso Untel ».
fn is_body(text: &str) -> bool {
    const SHORT: &[&str] = &["asso", "ca", "cc", "departement", "mairie", "pays", "region", "scic", "scop", "ville"];
    let begins = |word: Word<'_>| {
        let word = folded(word.text);
        BODIES.contains(&word) || COMMON_NOUNS.contains(&word) || SHORT.contains(&word.as_str())
    };
    words(text).count() > 1 && words(text).next().is_some_and(begins) && !words(text).any(|word| is_role(word.text))
}

fn is_role(word: &str) -> bool {
    let word = folded(word);
    ROLES.contains(&word) || word.strip_suffix('s').is_some_and(|one| ROLES.contains(one))
}

/// Whether a text begins as a role does: « directrice », « co-présidents », « ex-maire ».
fn begins_role(text: &str) -> bool {
    let first = words(text).find(|word| !matches!(folded(word.text).as_str(), "co" | "ex" | "sous"));
    first.is_some_and(|word| is_role(word.text))
}

/// The text at its lines, commas, semicolons, bars, dashes and « et ».
fn pieces(text: &str) -> impl Iterator<Item = &str> {
    text.split(['\n', ',', ';', '|', '('])
        .flat_map(|piece| piece.split(" - "))
        .flat_map(|piece| piece.split(" – "))
        .flat_map(|piece| piece.split(" — "))
        .flat_map(|piece| piece.split(" / "))
        .flat_map(|piece| before_names(piece, "/"))
        .flat_map(|piece| before_names(piece, " et "))
        .flat_map(|piece| before_names(piece, " ou "))
        .flat_map(|piece| before_names(piece, " + "))
        .flat_map(|piece| before_names(piece, " & "))
}

/// The text at a word, where a name follows: « directrice de Bois et Liens » is one role.
fn before_names<'a>(text: &'a str, word: &str) -> Vec<&'a str> {
    let mut pieces = Vec::new();
    let mut from = 0;
    for (at, _) in text.match_indices(word) {
        let after = text[at + word.len()..].split(word).next().unwrap_or("");
        if names(edged(after)).is_some() {
            pieces.push(&text[from..at]);
            from = at + word.len();
        }
    }
    pieces.push(&text[from..]);
    pieces
}

/// Where the address begins in a text; `None` when it holds none. Names may stand before it where none has been met.
fn address_start(text: &str, names_may_precede: bool) -> Option<usize> {
    let parsed = address::parse(text);
    parsed.postal_code.as_ref()?;
    if !names_may_precede {
        return Some(0);
    }
    // The people come on lines, or before commas, of their own; or they are the first words. A line that has begun with an
    // address is of it as a whole: « Bâtiment C, 14 quai Basse ».
    let is_of_people = |piece: &str| names(edged(piece)).is_some() || begins_role(edged(piece));
    let pieces = |line| str::split_inclusive(line, [',', ';']);
    let mut from = 0;
    for line in text.split_inclusive('\n') {
        let people: usize = pieces(line).take_while(|piece| is_of_people(piece)).map(str::len).sum();
        let is_whole = people == line.len() || is_of_person(line) && !line.contains(|c: char| c.is_ascii_digit());
        let passed = if is_whole {
            line.len()
        } else if from == 0 {
            people
        } else {
            0
        };
        if from + passed >= text.len() {
            break;
        }
        from += passed;
        if !is_whole {
            break;
        }
    }
    if from == 0 {
        let all = all_words(text);
        let digit = all.iter().position(|word| word.text.starts_with(|c: char| c.is_ascii_digit())).unwrap_or(0);
        let before = all.get(digit).map_or("", |word| &text[..word.start]);
        if names(edged(before)).is_some_and(|names| is_known_person(names[0])) {
            from = all[digit].start;
        }
    }
    Some(from)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str) -> String {
        let People { people, address, rest, .. } = parse(text);
        let of = |part: Option<&str>| part.unwrap_or("").to_owned();
        let people: Vec<String> = people
            .iter()
            .map(|person| [person.name, person.role, person.email, person.phone].map(of).join("|"))
            .collect();
        format!("{} @ {} + {}", people.join(" & "), of(address), rest.join(" & "))
    }

    #[test]
    fn who_and_where() {
        for (text, expected) in [
            (
                "Camille Exemple, directrice c.exemple@example.org 4, rue Basse 05000 Gap",
                "Camille Exemple|directrice|c.exemple@example.org| @ 4, rue Basse 05000 Gap + ",
            ),
            (
                "Camille Exemple Jean-Claude Modèle contact@example.org 2, rue Basse B.P. 77 106 21071 Dijon Cedex",
                "Camille Exemple||| & Jean-Claude Modèle||| & ||contact@example.org| @ 2, rue Basse B.P. 77 106 21071 Dijon Cedex + ",
            ),
            (
                "Camille Exemple, Agnès Modèle contact@example.org 27, bis Maurice-Sarraut 31300 Toulouse",
                "Camille Exemple||| & Agnès Modèle||| & ||contact@example.org| @ 27, bis Maurice-Sarraut 31300 Toulouse + ",
            ),
            (
                "Association Lin-52 Président : Camille Exemple tél. 06 39 98 00 01 a@example.org Développement : Paul Modèle tél. 06 39 98 00 02 b@example.org",
                "Camille Exemple|Président|a@example.org|06 39 98 00 01 & Paul Modèle|Développement|b@example.org|06 39 98 00 02 @  + Association Lin-52",
            ),
            (
                "Camille Exemple\nchargée de mission\n3 rue Basse\n05000 Gap\nTél. : 01 99 00 00 01 – Mél : a@example.org",
                "Camille Exemple|chargée de mission|a@example.org|01 99 00 00 01 @ 3 rue Basse\n05000 Gap + ",
            ),
            ("Paul Modèle 3 rue Basse 05000 Gap", "Paul Modèle||| @ 3 rue Basse 05000 Gap + "),
            ("contact@example.org, +33 (0)1 99 00 00 01", "||contact@example.org|+33 (0)1 99 00 00 01 @  + "),
            ("Nathalie Essai Patron n@example.org", "Nathalie Essai Patron||n@example.org| @  + "),
            (
                "a@example.org Centre municipal A. Petit 40220 Tarnos",
                "||a@example.org| @ Centre municipal A. Petit 40220 Tarnos + ",
            ),
            (
                "Camille Exemple, directrice\nBâtiment C, 14 quai Basse, BP 40\n05000 Gap",
                "Camille Exemple|directrice|| @ Bâtiment C, 14 quai Basse, BP 40\n05000 Gap + ",
            ),
            (
                "Camille Exemple\nPort Olona, 4 rue Basse\n58120 Château-Chinon (Ville)",
                "Camille Exemple||| @ Port Olona, 4 rue Basse\n58120 Château-Chinon (Ville) + ",
            ),
            ("à compléter", " @  + à compléter"),
            ("", " @  + "),
        ] {
            assert_eq!(shown(text), expected, "{text}");
        }
    }
}
