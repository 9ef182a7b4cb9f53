//! People in one text or one cell: names, roles, mailboxes and numbers, and the postal address among them.

mod owners;

use std::borrow::Cow;

use crate::address;
use crate::text::fold::folded;
use crate::text::lexicon::{ANNOUNCERS, GIVEN, NOT_PEOPLE, ROLES, TITLES};
use crate::text::words::{Word, words};
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
    let mut parts = match pointer {
        NAME => whole(text, is_one),
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
    let is_there = |word: &str| whole.split(' ').any(|known| known == word);
    if before.is_empty() || folded(before).split(' ').all(is_there) {
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
    let found = details(text);
    let count = |is_mail: bool| found.iter().filter(|(.., mail)| *mail == is_mail).count();
    // One value of the kind that the label names stands where it should.
    let is_plain = found.len() == 1 && count(pointer == EMAIL) == 1;
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
    for (start, end, _) in &found {
        let between = folded(&text[from..*start]);
        if !between.split(' ').all(|word| word.is_empty() || matches!(word, "et" | "ou") || ANNOUNCERS.contains(&word))
        {
            return None;
        }
        from = *end;
    }
    if found.is_empty() || !folded(&text[from..]).is_empty() {
        return None;
    }
    let of = |is_mail: bool| -> Vec<&'a str> {
        found.iter().filter(|(.., mail)| *mail == is_mail).map(|(start, end, _)| &text[*start..*end]).collect()
    };
    let part = |pointer| move |(person, text)| Part { pointer, person, text: Cow::Borrowed(text) };
    let mails = given(of(true), &people, true)?.into_iter().map(part(EMAIL));
    let phones = given(of(false), &people, false)?.into_iter().map(part(PHONE));
    Some(mails.chain(phones).collect())
}

/// Mailboxes, or numbers, with the rank of the person whose each is; those of nobody come after all people.
fn given<'a>(values: Vec<&'a str>, people: &[Known], is_mail: bool) -> Option<Vec<(u16, &'a str)>> {
    let own = |person: &Known| if is_mail { person.email.clone() } else { person.phone.clone() };
    let is_same = |one: &str, other: &str| folded(one).replace(' ', "") == folded(other).replace(' ', "");
    // What the names say themselves goes first; the others are of those who have none.
    let of_name = |value: &str| people.iter().position(|person| own(person).is_some_and(|own| is_same(&own, value)));
    let lacking: Vec<usize> = (0..people.len()).filter(|person| own(&people[*person]).is_none()).collect();
    let names: Vec<Option<&str>> = lacking.iter().map(|person| people[*person].name.as_deref()).collect();
    let others: Vec<&'a str> = values.iter().copied().filter(|value| of_name(value).is_none()).collect();
    let mut owners = owners(&others, &names, is_mail, lacking.len() == people.len()).into_iter();
    // Without any name, each mailbox is of a contact of its own, and a number beside it of the same.
    let mut nobody = people.len()..;
    let place = |value: &'a str| {
        let owner = of_name(value).or_else(|| owners.next().flatten().map(|rank| lacking[rank]));
        Some((u16::try_from(owner.or_else(|| nobody.next())?).ok()?, value))
    };
    values.into_iter().map(place).collect()
}

/// Whether a cell holds one mailbox, or one number, at first sight: nearly all of them do.
fn is_plainly_one(pointer: &str, text: &str) -> bool {
    let signs = memchr::memchr_iter(b'@', text.as_bytes()).count();
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    // « camille [at] example.org ».
    let is_hidden =
        memchr::memchr2(b'[', b'(', text.as_bytes()).is_some() && HIDDEN_SIGNS.iter().any(|sign| text.contains(sign));
    if pointer == EMAIL { signs == 1 && digits < 9 && !is_hidden } else { signs == 0 && digits < 16 && !is_hidden }
}

/// Whether a cell of names may hold more than one name, at first sight.
pub(crate) fn may_be_several(text: &str) -> bool {
    let is_sign =
        |byte: u8| matches!(byte, b',' | b';' | b'|' | b'\n' | b'(' | b'[' | b'/' | b'&' | b':' | b'@' | b'0'..=b'9');
    text.bytes().any(is_sign) || holds_word(text, &["et ", "- ", "– ", "— "])
}

/// Whether one of some words stands in a text behind a space. They are few and short, so that each space is looked behind.
fn holds_word(text: &str, words: &[&str]) -> bool {
    let bytes = text.as_bytes();
    memchr::memchr_iter(b' ', bytes).any(|at| words.iter().any(|word| bytes[at + 1..].starts_with(word.as_bytes())))
}

/// As many roles as there are people.
fn roles<'a>(text: &'a str, beside: &impl Beside) -> Option<Vec<Part<'a>>> {
    if !text.contains(['\n', ';', '|', '/', ',']) && !text.contains(" et ") {
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

/// Whether a name has a title, an initial, or a given name that we know.
fn is_known_person(name: &str) -> bool {
    let is_initial =
        |word: &str| word.trim_end_matches('.').chars().count() == 1 && word.starts_with(char::is_uppercase);
    name.split([' ', '-']).any(|word| GIVEN.contains(&folded(word).as_str()) || is_title(word) || is_initial(word))
}

/// Whether a text is the name of one person, as far as words can tell.
pub(crate) fn is_name(text: &str) -> bool {
    names(edged(text)).is_some_and(|names| names.len() == 1)
}

/// Whether a text is the name of one person, with a title or a first name that we know.
pub(crate) fn is_known_name(text: &str) -> bool {
    is_name(text) && is_known_person(text)
}

/// Where the name of a person stands at the end of a text, before a mailbox or a number that follows: « …, Camille Exemple ( ».
pub(crate) fn name_before(text: &str) -> Option<(usize, usize)> {
    /// A name has no more words, with its title.
    const LONGEST: usize = 5;
    let end = edged(announced(text)).as_ptr() as usize - text.as_ptr() as usize + edged(announced(text)).len();
    let starts = words(&text[..end]).map(|word| word.start).collect::<Vec<_>>();
    let first = starts.len().saturating_sub(LONGEST);
    starts[first..].iter().map(|start| (*start, end)).find(|(start, end)| is_known_name(&text[*start..*end]))
}

/// Whether a text holds a mailbox or a number.
pub(crate) fn has_details(text: &str) -> bool {
    !details(text).is_empty()
}

/// Whether the parts hold every word of the text, but for those that part them.
fn covers(parts: &[Part<'_>], text: &str) -> bool {
    let told: Vec<String> = parts.iter().map(|part| folded(&part.text)).collect();
    let is_told = |word: &str| told.iter().any(|part| part.split(' ').any(|known| known == word));
    folded(text).split(' ').all(|word| matches!(word, "" | "et" | "ou") || is_told(word))
}

/// What a text holds.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct People<'a> {
    pub people: Vec<Person<'a>>,
    pub address: Option<&'a str>,
    /// What is none of these.
    pub rest: Vec<&'a str>,
    /// Where the people begin of whom the next mailbox or number speaks.
    run: usize,
    details: Vec<(bool, &'a str)>,
}

/// What may stand around a part without being of it.
fn edged(text: &str) -> &str {
    let is_edge = |c: char| c.is_whitespace() || ",;:–—-/|•.()<>[]\"".contains(c);
    let start = text.len() - text.trim_start_matches(is_edge).len();
    let own = text[start..].trim_end_matches(is_edge);
    // The point of an initial is of the name: « Exemple S. ».
    let last = own.rsplit(char::is_whitespace).next().unwrap_or("");
    let is_initial = last.len() < own.len() && last.chars().count() == 1 && last.starts_with(char::is_uppercase);
    let point = usize::from(is_initial && text[start + own.len()..].starts_with('.'));
    &text[start..start + own.len() + point]
}

/// The people and the address of a text.
pub(crate) fn parse(text: &str) -> People<'_> {
    let mut found = People::default();
    let mut from = 0;
    for (start, end, is_mail) in details(text) {
        found.words(announced(&text[from..start]));
        found.details.push((is_mail, &text[start..end]));
        from = end;
    }
    found.words(&text[from..]);
    found.settle();
    found
}

/// `text` without the words at its end that announce what follows: « Tél. : ».
fn announced(text: &str) -> &str {
    let mut text = text;
    loop {
        text = text.trim_end_matches(|c: char| c.is_whitespace() || ".:,;()/–-".contains(c));
        let Some(last) = words(text).last().filter(|word| word.end() == text.len()) else { return text };
        let is_announcer = ANNOUNCERS.contains(&folded(last.text).as_str());
        if !is_announcer {
            return text;
        }
        text = &text[..last.start];
        // « e-mail ».
        text = text.strip_suffix("e-").or(text.strip_suffix("E-")).unwrap_or(text);
    }
}

/// What people write for the sign of a mailbox, lest programs find it.
const HIDDEN_SIGNS: &[&str] = &["[at]", "(at)", "[arobase]", "(arobase)"];

/// Mailboxes and numbers: where each begins and ends, and whether it is a mailbox.
fn details(text: &str) -> Vec<(usize, usize, bool)> {
    let mut found = Vec::new();
    let is_of_mail = |c: char| c.is_alphanumeric() || "._-+%".contains(c);
    for (at, _) in text.match_indices('@') {
        let start = text[..at]
            .rfind(|c| !is_of_mail(c))
            .map_or(0, |start| start + text[start..].chars().next().map_or(1, char::len_utf8));
        let end = text[at + 1..].find(|c| !is_of_mail(c)).map_or(text.len(), |end| at + 1 + end);
        let end = start + text[start..end].trim_end_matches(['.', '-']).len();
        if start < at && end > at + 1 && found.last().is_none_or(|(_, last, _)| *last <= start) {
            found.push((start, end, true));
        }
    }
    for (at, sign) in HIDDEN_SIGNS.iter().flat_map(|sign| text.match_indices(sign)) {
        let before = text[..at].trim_end();
        let start = before
            .rfind(|c| !is_of_mail(c))
            .map_or(0, |start| start + before[start..].chars().next().map_or(1, char::len_utf8));
        let after = at + sign.len();
        let domain = after + text[after..].len() - text[after..].trim_start().len();
        let end = domain + text[domain..].find(|c| !is_of_mail(c)).unwrap_or(text.len() - domain);
        let end = domain + text[domain..end].trim_end_matches(['.', '-']).len();
        if start < before.len() && end > domain {
            found.push((start, end, true));
        }
    }
    found.sort_unstable();
    found.dedup_by(|next, last| next.0 < last.1);
    let mails = found.clone();
    let bytes = text.as_bytes();
    let mut at = 0;
    while at < bytes.len() {
        let is_start = bytes[at] == b'0' || bytes[at] == b'+';
        let is_apart = at == 0 || !(bytes[at - 1].is_ascii_alphanumeric() || b"._-+@/".contains(&bytes[at - 1]));
        let before = mails.partition_point(|(start, ..)| *start <= at);
        let is_free = before.checked_sub(1).is_none_or(|last| at >= mails[last].1);
        if is_start
            && is_apart
            && is_free
            && let Some(end) = phone(&text[at..])
        {
            found.push((at, at + end, false));
            at += end;
        } else {
            at += 1;
        }
    }
    found.sort_unstable();
    found
}

/// The length of the number at the beginning of a text: ten digits from 0, or those after +33.
fn phone(text: &str) -> Option<usize> {
    /// The longest numbers have eleven digits, with a sign or two between any of them.
    const LONGEST: usize = 30;
    let mut digits = String::new();
    let mut end = 0;
    let is_full = text.chars().take(LONGEST).collect::<String>().contains("(0)");
    for (at, c) in text.char_indices().take(LONGEST) {
        if c.is_ascii_digit() {
            digits.push(c);
            end = at + 1;
        } else if !(c == '+' && at == 0 || matches!(c, ' ' | '.' | '-' | '\u{a0}' | '\u{202f}' | '(' | ')' | '/')) {
            break;
        }
        let wanted = if text.starts_with('+') { 11 + usize::from(is_full) } else { 10 };
        if digits.len() == wanted {
            break;
        }
    }
    let is_national = digits.len() == 10 && digits.starts_with('0') && !digits.starts_with("00");
    let is_international = text.starts_with('+') && digits.starts_with("33") && digits.len() >= 11;
    let ends = text[end..].chars().next().is_none_or(|c| !c.is_alphanumeric());
    ((is_national || is_international) && ends).then_some(end)
}

impl<'a> People<'a> {
    /// Names, roles and the address among words without mailboxes and numbers.
    fn words(&mut self, text: &'a str) {
        let text = edged(text);
        if text.is_empty() {
            return;
        }
        let mut text = text;
        if self.address.is_none()
            && let Some(start) = address_start(text, self.people.is_empty())
        {
            self.address = Some(edged(&text[start..]));
            text = &text[..start];
        }
        for piece in pieces(text) {
            self.piece(piece);
        }
    }

    fn piece(&mut self, text: &'a str) {
        let text = edged(text);
        if text.is_empty() {
            return;
        }
        // « Président : Camille Exemple ».
        if let Some((before, after)) = text.split_once(':') {
            let before = edged(before);
            let all: Vec<Word<'_>> = words(before).collect();
            let starts = all.iter().position(|word| is_role(word.text)).or(all.len().checked_sub(1)).unwrap_or(0);
            let start = all.get(starts).map_or(0, |word| word.start);
            // « Contact : Camille Exemple » names no role.
            if ANNOUNCERS.contains(&folded(before).as_str()) {
                return self.piece(after);
            }
            let is_person = names(edged(after)).is_some();
            if is_person {
                self.rest.extend(Some(edged(&before[..start])).filter(|rest| !rest.is_empty()));
                self.piece(after);
                if let Some(person) = self.people.last_mut() {
                    person.role = Some(&before[start..]);
                }
                return;
            }
        }
        if begins_role(text) {
            return self.role(text);
        }
        if let Some(names) = names(text) {
            return self.names(names);
        }
        // « Camille Exemple directrice ».
        let role = words(text).skip(1).find(|word| word.text.starts_with(char::is_lowercase) && is_role(word.text));
        match role.and_then(|role| Some((names(edged(&text[..role.start]))?, &text[role.start..]))) {
            Some((names, role)) => {
                self.names(names);
                self.role(role);
            }
            None => self.rest.push(text),
        }
    }

    fn names(&mut self, names: Vec<&'a str>) {
        if !self.details.is_empty() {
            self.settle();
        }
        self.people.extend(names.into_iter().map(|name| Person { name: Some(name), ..Person::default() }));
    }

    /// Gives a role to the last person, and one in the plural to all that have been named with them.
    fn role(&mut self, text: &'a str) {
        let first = words(text).find(|word| is_role(word.text));
        let is_plural = first.is_some_and(|word| folded(word.text).ends_with('s'));
        let from = if is_plural { self.run } else { self.people.len().saturating_sub(1) };
        let mut is_given = false;
        for person in self.people.iter_mut().skip(from).filter(|person| person.role.is_none()) {
            person.role = Some(text);
            is_given = true;
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

fn is_role(word: &str) -> bool {
    let word = folded(word);
    ROLES.contains(&word.as_str()) || word.strip_suffix('s').is_some_and(|one| ROLES.contains(&one))
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

fn is_title(word: &str) -> bool {
    word.starts_with(char::is_uppercase) && TITLES.contains(&word.trim_end_matches('.').to_lowercase().as_str())
}

/// The names in a run of words, if it can be nothing else: two to four words with capitals, each name two at least, or one
/// behind a title.
fn names(text: &str) -> Option<Vec<&str>> {
    const PARTICLES: &[&str] = &["ben", "da", "de", "del", "des", "di", "du", "el", "la", "le", "van", "von", "y"];
    let parts: Vec<&str> = text.split_whitespace().collect();
    let is_name = |part: &&str| {
        let elided = ["d'", "d’"].iter().find_map(|particle| part.strip_prefix(particle)).unwrap_or(part);
        PARTICLES.contains(part)
            || elided.starts_with(char::is_uppercase) && elided.chars().all(|c| c.is_alphabetic() || "'’-.".contains(c))
    };
    let is_titled = parts.first().is_some_and(|part| is_title(part));
    let first = parts.get(usize::from(is_titled))?;
    if !(2..=7).contains(&parts.len())
        || !parts.iter().all(is_name)
        || !first.starts_with(char::is_uppercase)
        || !is_titled && NOT_PEOPLE.contains(&folded(first).as_str())
    {
        return None;
    }
    let is_given = |part: &str| part.split('-').all(|name| GIVEN.contains(&folded(name).as_str()));
    let mut starts = vec![0];
    // A name has two words at least: the first two, and the last, begin no other, but for a title.
    for (at, part) in parts.iter().enumerate().take(parts.len().saturating_sub(1)).skip(2) {
        let begins = is_title(part) || is_given(part) && !is_title(parts[at - 1]);
        if begins && at - starts.last().copied().unwrap_or(0) >= 2 {
            starts.push(at);
        }
    }
    starts.push(parts.len());
    let most = |start: usize| 4 + usize::from(is_title(parts[start]));
    if starts.windows(2).any(|pair| pair[1] - pair[0] > most(pair[0])) {
        return None;
    }
    let offset = |part: &str| part.as_ptr() as usize - text.as_ptr() as usize;
    Some(
        starts
            .windows(2)
            .map(|pair| &text[offset(parts[pair[0]])..offset(parts[pair[1] - 1]) + parts[pair[1] - 1].len()])
            .collect(),
    )
}

/// Where the address begins in a text; `None` when it holds none. Names may stand before it where none has been met.
fn address_start(text: &str, names_may_precede: bool) -> Option<usize> {
    let parsed = address::parse(text);
    parsed.postal_code.as_ref()?;
    if !names_may_precede {
        return Some(0);
    }
    // The people come on lines, or before commas, of their own; or they are the first words.
    let mut from = 0;
    for line in text.split_inclusive(['\n', ',', ';']) {
        let piece = edged(line);
        let is_of_people = names(piece).is_some() || begins_role(piece);
        if !is_of_people || from + line.len() >= text.len() {
            break;
        }
        from += line.len();
    }
    if from == 0 {
        let all: Vec<Word<'_>> = words(text).collect();
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
    fn names_before_details() {
        for (text, expected) in [
            ("Porté par Camille Exemple (", Some("Camille Exemple")),
            ("Contact : Mme Durand, tél. : ", Some("Mme Durand")),
            ("Jean-Marc d’Exemple – ", Some("Jean-Marc d’Exemple")),
            ("La Mairie de Gap, ", None),
            ("le pôle, ", None),
            ("", None),
        ] {
            assert_eq!(name_before(text).map(|(start, end)| &text[start..end]), expected, "{text}");
        }
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
            ("à compléter", " @  + à compléter"),
            ("", " @  + "),
        ] {
            assert_eq!(shown(text), expected, "{text}");
        }
    }
}
