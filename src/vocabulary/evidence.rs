//! What the values of a column tell of its label: mailboxes stand under no name, and a yes under no title.

use std::cell::OnceCell;

use super::choices::CHOICES;
use crate::field::{Field, Kind, code_and_name};
use crate::reading::numbers;
use crate::reference::{communes, departments, regions};
use crate::schema;
use crate::text::fold::folded;
use crate::text::{names, placeholder};

/// How the values of a column go with a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fit {
    /// They look as those of the field do.
    Confirms,
    /// They may well be its values, and those of others too: a name has letters.
    Agrees,
    /// They tell nothing.
    Open,
    /// They look as those of the field never do.
    Contradicts,
}

/// What all values of a column look like, a bit each.
type Looks = u32;

const MAILBOX: Looks = 1;
const PHONE: Looks = 1 << 1;
const SITE: Looks = 1 << 2;
const DATE: Looks = 1 << 3;
const YEAR: Looks = 1 << 4;
const YES_NO: Looks = 1 << 5;
const SIRET: Looks = 1 << 6;
const SIREN: Looks = 1 << 7;
const RNA: Looks = 1 << 8;
const FILE: Looks = 1 << 9;
const CODE5: Looks = 1 << 10;
const DEGREES: Looks = 1 << 11;
const NUMBER: Looks = 1 << 12;
const REGION: Looks = 1 << 13;
const DEPARTMENT: Looks = 1 << 14;
const TITLE: Looks = 1 << 15;
const PERSON: Looks = 1 << 16;
const STREET: Looks = 1 << 17;
const DELIVERY: Looks = 1 << 18;
const COMMUNE: Looks = 1 << 19;
const LATITUDE: Looks = 1 << 20;
const LONGITUDE: Looks = 1 << 21;
const LETTERS: Looks = 1 << 22;
const NAMES_YEAR: Looks = 1 << 23;
const KIND: Looks = 1 << 24;
const PHASE: Looks = 1 << 25;

/// The looks that tell what a value is: a text that looks so is nothing else.
const TELLING: Looks = MAILBOX
    | PHONE
    | SITE
    | DATE
    | YEAR
    | YES_NO
    | SIRET
    | SIREN
    | RNA
    | FILE
    | CODE5
    | DEGREES
    | NUMBER
    | TITLE
    | DELIVERY;

/// The values of a column, as far as they are known before its label is understood.
#[derive(Debug, Default)]
pub(crate) struct Values<'v> {
    texts: Vec<&'v str>,
    /// Those with a digit and a mark that may stand between digits, however many.
    marked: Vec<&'v str>,
    /// What all of them look like, as soon as a label has asked: most are known by their words.
    looks: OnceCell<Looks>,
}

impl<'v> Values<'v> {
    /// No value is known.
    pub fn none() -> Values<'v> {
        Values::default()
    }

    /// The first of some values; what says nothing tells nothing.
    pub fn of(texts: impl Iterator<Item = &'v str>) -> Values<'v> {
        /// As many tell what the others are like.
        const MOST: usize = 12;
        /// A longer text is prose.
        const LONGEST: usize = 400;
        /// No number is longer.
        const LONGEST_NUMBER: usize = 40;
        let says = |text: &&str| !text.is_empty() && text.len() <= LONGEST && !placeholder::says_nothing(text, "");
        let mut values = Values::default();
        for text in texts.map(str::trim).filter(says) {
            if values.texts.len() < MOST {
                values.texts.push(text);
            }
            if text.len() <= LONGEST_NUMBER && text.contains(['.', ',']) && text.contains(|c: char| c.is_ascii_digit())
            {
                values.marked.push(text);
            }
        }
        values
    }

    /// The mark that stands between groups of three digits, where they are numbers and tell it.
    pub fn mark_of_groups(&self) -> Option<char> {
        numbers::mark_of_groups(self.marked.iter().copied())
    }

    fn looks(&self) -> Looks {
        *self.looks.get_or_init(|| self.texts.iter().map(|text| looks(text)).reduce(|all, one| all & one).unwrap_or(0))
    }

    /// How many of them differ.
    fn different(&self) -> usize {
        let mut different = self.texts.clone();
        different.sort_unstable();
        different.dedup();
        different.len()
    }

    /// How they go with a field.
    pub(super) fn fit(&self, field: &Field) -> Fit {
        if self.texts.is_empty() {
            return Fit::Open;
        }
        let choices = CHOICES.iter().find(|(known, _)| known.pointer == field.pointer);
        if let Some((_, choices)) = choices {
            let is_choice = |text: &&str| {
                let text = folded(text);
                choices.iter().any(|(known, _)| *known == text)
            };
            if self.texts.iter().all(is_choice) {
                return Fit::Confirms;
            }
        }
        let (own, taken) = of_field(field);
        let telling = self.looks() & TELLING;
        if self.looks() & own & !LETTERS != 0 || self.holds_known_words(field) {
            Fit::Confirms
        } else if telling != 0 && telling & taken == 0 || self.looks() & LETTERS != 0 && is_closed(field) {
            Fit::Contradicts
        } else if self.looks() & own != 0 {
            Fit::Agrees
        } else {
            Fit::Open
        }
    }

    /// Whether the look of the values alone nearly tells the field.
    pub(super) fn is_telling(&self, field: &Field) -> bool {
        self.looks() & of_field(field).0 & (TELLING & !NUMBER & !SITE & !DATE & !YEAR | COMMUNE | STREET) != 0
    }

    /// Whether they contradict even a label that is known: two different values do, one may be a slip.
    pub(crate) fn refutes(&self, field: &Field) -> bool {
        /// What no slip makes of a value.
        const PLAIN: Looks = DATE | YES_NO | FILE | TITLE;
        let is_number_alone = field.pointer == "/adresse/voie" && self.looks() & NUMBER != 0;
        // « Lauréat » above names.
        let has_digits = || self.texts.iter().any(|text| text.bytes().any(|byte| byte.is_ascii_digit()));
        let is_no_edition = field.pointer == "/appel/edition"
            && (self.looks() & YES_NO != 0 || self.looks() & LETTERS != 0 && !has_digits());
        // « Siège social ? Oui » asks of a place, and says none.
        let answers = |text: &&str| matches!(folded(text).as_str(), "oui" | "non");
        let is_no_place = field.pointer.starts_with("/adresse/") && self.texts.iter().all(answers);
        if is_number_alone || is_no_edition || self.are_other(field) || !self.texts.is_empty() && is_no_place {
            return true;
        }
        if self.different() < 2 || self.fit(field) != Fit::Contradicts {
            return false;
        }
        self.looks() & PLAIN != 0 || matches!(field.pointer, "/adresse/latitude" | "/adresse/longitude")
    }

    /// Whether they plainly are of something else, whatever the label: counts of what the field lists, marks of a file.
    pub(crate) fn are_other(&self, field: &Field) -> bool {
        let are_all = |is: &dyn Fn(&str) -> bool| !self.texts.is_empty() && self.texts.iter().all(|text| is(text));
        let are_digits = are_all(&|text| text.bytes().all(|byte| byte.is_ascii_digit()));
        match field.pointer {
            // « PTCE n° » counts them.
            "/nom" => are_digits && self.different() > 1,
            // « Partenaires : 12 », « Priorité : 1 ».
            "/partenaires" | "/territoire/priorites" => are_digits,
            "/region/code" => are_all(&|text| regions::is_name(text)),
            // « Contact région ».
            "/region/nom" => self.are_people() && self.looks() & REGION == 0,
            // « Site : Brest ».
            "/site_web" => {
                self.different() > 1 && self.looks() & COMMUNE != 0 && are_all(&|text| !text.contains(['.', '/']))
            }
            // « Statut du dossier : complet ».
            "/appel/statut" => are_all(&|text| matches!(folded(text).as_str(), "complet" | "incomplet")),
            _ => false,
        }
    }

    /// Whether they look as values of a field do.
    pub(crate) fn confirm(&self, field: &Field) -> bool {
        self.fit(field) == Fit::Confirms
    }

    /// The values that are known.
    pub(super) fn texts(&self) -> &[&'v str] {
        &self.texts
    }

    /// Whether they look as none of the field does.
    pub(super) fn contradict(&self, field: &Field) -> bool {
        self.fit(field) == Fit::Contradicts || self.are_other(field)
    }

    /// Whether they are answers, yes or no.
    pub(crate) fn are_answers(&self) -> bool {
        // A count below the table is none.
        let answers = self.texts.iter().filter(|text| is_answer(text)).count();
        answers > 0 && answers * 3 >= self.texts.len() * 2
    }

    /// Whether they are names of persons: half of them are known as such, and none is anything else.
    pub(crate) fn are_people(&self) -> bool {
        let known = self.texts.iter().filter(|text| looks(text) & PERSON != 0).count();
        known > 0 && known * 2 >= self.texts.len() && self.looks() & TELLING == 0
    }

    /// Whether they are titles rather than sentences: short, different, without a full stop.
    pub(crate) fn are_titles(&self) -> bool {
        const LONGEST: usize = 90;
        let is_title = |text: &&str| text.len() <= LONGEST && !text.ends_with('.') && !text.contains('\n');
        self.looks() & LETTERS != 0 && self.different() == self.texts.len() && self.texts.iter().all(is_title)
    }

    /// Whether they are names of several regions, which tells what they are whatever stands above them.
    pub(super) fn are_regions(&self) -> bool {
        self.different() > 1 && self.looks() & REGION != 0
    }

    /// Whether there are none.
    pub(crate) fn are_none(&self) -> bool {
        self.texts.is_empty()
    }

    /// Whether they look like something that is no name.
    pub(crate) fn are_telling(&self) -> bool {
        self.looks() & TELLING != 0
    }

    /// Whether each of them holds one of the words that the schema lists for a field.
    fn holds_known_words(&self, field: &Field) -> bool {
        let has_words = || schema::root().at(field.pointer).is_some_and(|node| node.keyword("x-words").is_some());
        let holds = |text: &&str| folded(text).split(' ').any(|word| is_known_word(field.pointer, word));
        has_words() && self.texts.iter().all(holds)
    }
}

/// Whether a word, folded, is one of those that the schema lists for the field at a JSON Pointer.
pub(crate) fn is_known_word(pointer: &str, word: &str) -> bool {
    schema::root().at(pointer).is_some_and(|node| node.texts("x-words").any(|known| known == word))
}

/// Whether any words but those that the field is known by are none of its values.
fn is_closed(field: &Field) -> bool {
    matches!(
        field.pointer,
        "/adresse/latitude"
            | "/adresse/longitude"
            | "/region/nom"
            | "/territoire/departements"
            | "/territoire/departements/*/nom"
            | "/partenaires/*/categorie"
    )
}

/// How the values of a field look, and how they may look besides.
fn of_field(field: &Field) -> (Looks, Looks) {
    match field.pointer {
        "/contacts/*/courriel" => (MAILBOX, MAILBOX),
        "/contacts/*/telephone" => (PHONE, PHONE | NUMBER | SIREN),
        "/contacts/*/nom" => (PERSON, MAILBOX | PHONE),
        "/contacts/*/civilite" => (TITLE, TITLE),
        "/contacts/*/prenom" => (PERSON, 0),
        "/site_web" => (SITE, SITE),
        "/coordinateur/siret" => (SIRET, SIRET | SIREN | NUMBER),
        "/coordinateur/siren" => (SIREN, SIREN | SIRET | NUMBER),
        "/coordinateur/rna" => (RNA, RNA | NUMBER),
        "/adresse/code_postal" => (CODE5, CODE5 | NUMBER | YEAR),
        "/adresse/code_insee" => (CODE5, CODE5 | NUMBER | YEAR),
        "/territoire/communes/*/code_insee" => (CODE5, CODE5 | NUMBER | YEAR),
        "/adresse/latitude" => (LATITUDE, DEGREES | NUMBER),
        "/adresse/longitude" => (LONGITUDE, DEGREES | NUMBER),
        "/adresse/voie" => (STREET, 0),
        "/adresse/voie/numero" => (NUMBER, NUMBER | YEAR | CODE5),
        "/adresse/voie/type_voie" => (KIND, 0),
        "/adresse/mention" => (DELIVERY, DELIVERY | NUMBER),
        "/adresse/complement" => (0, NUMBER),
        "/adresse/commune" => (COMMUNE, CODE5),
        "/region/nom" => (REGION, NUMBER),
        "/region/code" => (NUMBER, NUMBER),
        "/territoire/departements" | "/territoire/departements/*/code" => (DEPARTMENT, NUMBER | CODE5),
        "/territoire/departements/*/nom" => (DEPARTMENT, 0),
        "/territoire/communes" => (COMMUNE, CODE5),
        "/appel/phase" => (PHASE, TELLING),
        "/appel/edition" => (YEAR | NAMES_YEAR, YEAR | NUMBER | DATE),
        "/appel/date_annonce" => (DATE, DATE | YEAR | NUMBER),
        "/appel/statut" => (YES_NO, 0),
        "/calendrier" => (0, DATE | YEAR | NUMBER),
        "/financement" => (0, NUMBER | YEAR),
        "/id" => (0, TELLING & !(YES_NO | DATE | FILE)),
        "/nom" => (LETTERS, 0),
        pointer if pointer.starts_with("/source") => (0, TELLING),
        _ if matches!(field.kind, Kind::Number) => (NUMBER, NUMBER | YEAR | CODE5 | DEGREES | SIREN | YES_NO),
        _ => (0, 0),
    }
}

/// What one value looks like.
fn looks(text: &str) -> Looks {
    let bytes = text.as_bytes();
    let digits = bytes.iter().filter(|byte| byte.is_ascii_digit()).count();
    let is_all = |is: fn(char) -> bool| text.chars().all(is);
    let compact: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    let has_letters = text.chars().any(char::is_alphabetic);
    let folded = folded(text);
    let mut looks = 0;
    let mut when = |is: bool, look: Looks| looks |= if is { look } else { 0 };
    when(text.contains('@') && text.contains('.'), MAILBOX);
    let is_numeric = compact.bytes().all(|byte| byte.is_ascii_digit());
    let is_phone = is_all(|c| c.is_ascii_digit() || " .-+()/\u{a0}\u{202f}".contains(c)) && !is_date(text);
    when(is_phone && (10..=13).contains(&digits) && text.starts_with(['0', '+', '(']), PHONE);
    when(["http://", "https://", "www."].iter().any(|start| text.starts_with(start)), SITE);
    when(is_date(text), DATE);
    when(is_numeric && digits == 4 && ("1900".."2100").contains(&compact.as_str()), YEAR);
    when(is_answer(text), YES_NO);
    // « 2 », « Phase 2 ».
    let phase = folded.strip_prefix("phase ").unwrap_or(&folded);
    when(matches!(phase, "1" | "2" | "3" | "i" | "ii" | "iii"), PHASE);
    let has_year =
        text.split(|c: char| !c.is_ascii_digit()).any(|part| part.len() == 4 && ("1990".."2100").contains(&part));
    when(has_year && !is_date(text), NAMES_YEAR);
    when(is_numeric && digits == 14, SIRET);
    when(is_numeric && digits == 9, SIREN);
    when(digits == 9 && compact.len() == 10 && compact.starts_with(['W', 'w']), RNA);
    let ending = text.rsplit_once('.').map(|(_, ending)| ending.to_ascii_lowercase());
    when(ending.is_some_and(|ending| FILES.contains(&ending.as_str())) && !text.contains('@'), FILE);
    let is_corsican = compact.len() == 5 && matches!(compact.get(..2), Some("2A" | "2B")) && digits == 4;
    when(is_numeric && digits == 5 || is_corsican, CODE5);
    let number = text.replace(',', ".");
    let degrees = number.parse::<f64>().ok().filter(|_| !has_letters);
    when(degrees.is_some(), NUMBER);
    if let Some(degrees) = degrees.filter(|_| number.split_once('.').is_some_and(|(_, part)| part.len() >= 3)) {
        when(degrees.abs() <= 180.0, DEGREES);
        // Where France is: in Europe, the Caribbean and the Indian Ocean.
        let is_north = (41.0..=51.6).contains(&degrees);
        when(is_north || (-22.0..=-10.0).contains(&degrees) || (14.0..=18.6).contains(&degrees), LATITUDE);
        when(
            (-5.6..=9.8).contains(&degrees)
                || (-64.0..=-50.0).contains(&degrees)
                || (44.9..=56.0).contains(&degrees) && !is_north,
            LONGITUDE,
        );
    }
    if has_letters {
        when(regions::is_name(text), REGION);
        when(are_departments(text), DEPARTMENT);
        when(names::is_title(text), TITLE);
        when(names::is_known_name(text) || digits == 0 && names::is_known_person(text) && !text.contains(' '), PERSON);
        let first = folded.split(' ').next().unwrap_or_default();
        let second = folded.split(' ').nth(1).unwrap_or_default();
        when(DELIVERIES.contains(&first) && digits > 0, DELIVERY);
        let is_kind = |word: &str| STREETS.contains(&word);
        when(is_kind(&folded), KIND);
        when(
            is_kind(first) && !second.is_empty() || first.bytes().all(|byte| byte.is_ascii_digit()) && is_kind(second),
            STREET,
        );
        when(digits == 0 && communes::by_name(text).next().is_some(), COMMUNE);
        when(text.chars().filter(|c| c.is_alphabetic()).count() > 3, LETTERS);
    } else {
        when(departments::by_code(text).is_some(), DEPARTMENT);
    }
    looks
}

/// Whether a text names departments and nothing else: « Aveyron (12), Lozère (48) ».
fn are_departments(text: &str) -> bool {
    let is_one = |part: &str| {
        let (code, name) = code_and_name(part.trim());
        code.is_some_and(|code| departments::by_code(code).is_some())
            || code.is_none() && name.is_some_and(|name| departments::by_name(name).is_some())
    };
    is_one(text) || text.split([',', ';', '/', '|', '\n']).all(is_one)
}

/// Whether a text answers yes or no, or ticks a box.
fn is_answer(text: &str) -> bool {
    /// « faux »; a box takes three bytes.
    const LONGEST: usize = 8;
    text.len() <= LONGEST && (ANSWERS.contains(&folded(text).as_str()) || is_tick(text) || UNTICKED.contains(&text))
}

/// Whether a text ticks a choice.
pub(crate) fn is_tick(text: &str) -> bool {
    let folded = folded(text);
    let is_sign = matches!(text, "-1" | "☑" | "☒" | "✓" | "✔" | "✗" | "●" | "■" | "[x]" | "[X]");
    is_sign || matches!(folded.as_str(), "x" | "xx" | "oui" | "o" | "yes" | "y" | "vrai" | "true" | "on" | "1")
}

const UNTICKED: &[&str] = &["☐", "□", "○", "[ ]", "-"];

/// Whether a text begins with a day: `2024-03-01`, `01/03/2024 10:00`.
fn is_date(text: &str) -> bool {
    let day = text.split([' ', 'T']).next().unwrap_or_default();
    let parts: Vec<&str> = day.split(['-', '/', '.']).collect();
    let is_part = |part: &&str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    match parts.as_slice() {
        [first, second, third] if parts.iter().all(is_part) => {
            second.len() <= 2
                && (first.len() == 4 && third.len() <= 2 || first.len() <= 2 && matches!(third.len(), 2 | 4))
        }
        _ => false,
    }
}

const ANSWERS: &[&str] =
    &["oui", "non", "o", "n", "yes", "no", "y", "vrai", "faux", "true", "false", "on", "off", "x", "1", "0"];
const FILES: &[&str] = &["pdf", "xlsx", "xls", "docx", "doc", "odt", "ods", "png", "jpg", "jpeg", "zip", "csv"];
const DELIVERIES: &[&str] = &["bp", "cs", "tsa"];
const STREETS: &[&str] = &[
    "allee",
    "avenue",
    "av",
    "boulevard",
    "bd",
    "chemin",
    "cours",
    "impasse",
    "place",
    "quai",
    "route",
    "rue",
    "square",
    "voie",
];
