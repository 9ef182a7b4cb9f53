//! What is taken out of a record before it is published.
//!
//! Redaction acts on the record, before any writer: no format can leak. Where one cannot tell whether a value names or
//! reaches a person, it is withheld.

use std::collections::BTreeMap;

use crate::fold::{folded, slug};
use crate::record::{Address, Contact, Coordinator, Record};

/// What stands in a text where something was taken out.
pub(crate) const MARK: &str = "[donnée personnelle retirée]";

/// How many values were withheld, by field (`*` stands for a rank). Never the values.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(transparent)]
pub struct Withheld(BTreeMap<String, u64>);

impl Withheld {
    /// The fields and their counts, sorted.
    pub fn counts(&self) -> impl Iterator<Item = (&str, u64)> {
        self.0.iter().map(|(pointer, count)| (pointer.as_str(), *count))
    }

    /// How many values in all.
    pub fn total(&self) -> u64 {
        self.0.values().sum()
    }

    fn add(&mut self, pointer: &str, count: u64) {
        if count > 0 {
            *self.0.entry(pointer.to_owned()).or_default() += count;
        }
    }

    pub(super) fn merge(&mut self, other: &Withheld) {
        for (pointer, count) in other.counts() {
            self.add(pointer, count);
        }
    }

    /// Empties a place, and counts it if it held something.
    fn take<T>(&mut self, pointer: &str, place: &mut Option<T>) {
        self.add(pointer, u64::from(place.take().is_some()));
    }
}

/// Takes personal data out of texts.
struct Scrubber<'a> {
    withheld: &'a mut Withheld,
    /// Names of the contacts of the record, which its texts may repeat.
    names: Vec<String>,
}

impl Scrubber<'_> {
    fn scrub(&mut self, pointer: &str, place: &mut Option<String>) {
        if let Some(text) = place {
            self.scrub_text(pointer, text);
        }
    }

    fn scrub_text(&mut self, pointer: &str, text: &mut String) {
        if let Some((clean, count)) = scrubbed(text, &self.names) {
            *text = clean;
            self.withheld.add(pointer, count);
        }
    }
}

/// Takes out of `record` what is not to be published.
pub(crate) fn redact(record: &mut Record) -> Withheld {
    let mut withheld = Withheld::default();
    // A name of one word alone may be any word.
    let names = record.contacts.iter().filter_map(|contact| contact.name.clone());
    let names: Vec<String> = names.filter(|name| name.trim().contains(' ')).collect();
    // The texts last: what is taken whole is counted once.
    contacts(record, &mut withheld);
    address(&mut record.address, &mut withheld);
    coordinator(&mut record.coordinator, &mut withheld);
    withheld.take("/calendrier", &mut record.schedule);
    withheld.take("/financement", &mut record.funding);
    withheld.take("/evaluation", &mut record.evaluation);
    withheld.take("/mise_en_reseau", &mut record.networking);
    withheld.take("/politiques_locales", &mut record.local_policies);
    withheld.add("/source/autres", record.source.others.len() as u64);
    record.source.others.clear();
    if let Some(file) = &mut record.source.file
        && let Some(at) = file.rfind(['/', '\\'])
    {
        withheld.add("/source/fichier", 1);
        file.drain(..=at);
        if file.is_empty() {
            record.source.file = None;
        }
    }
    if record.website.as_ref().is_some_and(|website| website.contains('@')) {
        withheld.take("/site_web", &mut record.website);
    }
    texts(record, Scrubber { withheld: &mut withheld, names });
    withheld
}

fn contacts(record: &mut Record, withheld: &mut Withheld) {
    let own: Vec<String> = [&record.acronym, &record.name].into_iter().flatten().map(|name| compact(name)).collect();
    for mut contact in std::mem::take(&mut record.contacts) {
        let person = contact.name.take();
        withheld.add("/contacts/*/nom", u64::from(person.is_some()));
        // A mailbox that may be someone's makes the number beside it theirs.
        let mut is_someone = person.is_some();
        if contact.email.as_ref().is_some_and(|email| !is_shared_mailbox(email, &own, person.as_deref())) {
            withheld.take("/contacts/*/courriel", &mut contact.email);
            is_someone = true;
        }
        if contact.phone.as_ref().is_some_and(|phone| is_someone || !is_landline(phone)) {
            withheld.take("/contacts/*/telephone", &mut contact.phone);
        }
        if contact.email.is_none() && contact.phone.is_none() {
            withheld.take("/contacts/*/fonction", &mut contact.role);
        }
        if contact != Contact::default() {
            record.contacts.push(contact);
        }
    }
}

/// An address that says it is someone's home, or that names a floor or a flat, loses all but its commune.
fn address(address: &mut Address, withheld: &mut Withheld) {
    let is_home = [&address.complement, &address.street, &address.delivery].into_iter().flatten().any(|line| {
        let line = folded(line);
        line.split(' ').any(|word| HOME_WORDS.contains(&word)) || format!(" {line} ").contains(" c o ")
    });
    if is_home {
        withheld.take("/adresse/complement", &mut address.complement);
        withheld.take("/adresse/voie", &mut address.street);
        withheld.take("/adresse/mention", &mut address.delivery);
        withheld.take("/adresse/cedex", &mut address.cedex);
    }
}

const HOME_WORDS: &[&str] = &[
    "app",
    "appart",
    "appartement",
    "appt",
    "apt",
    "attention",
    "attn",
    "chez",
    "domicile",
    "escalier",
    "etage",
    "logement",
    "porte",
    "studio",
];

/// A coordinator who trades alone is a person: the name, the numbers and all.
fn coordinator(coordinator: &mut Coordinator, withheld: &mut Withheld) {
    let Some(form) = coordinator.legal_form.as_deref().map(folded) else { return };
    let is_person = SOLE_TRADERS.iter().any(|known| format!(" {form} ").contains(&format!(" {known} ")));
    if is_person {
        withheld.take("/coordinateur/nom", &mut coordinator.name);
        withheld.take("/coordinateur/siren", &mut coordinator.siren);
        withheld.take("/coordinateur/siret", &mut coordinator.siret);
        withheld.take("/coordinateur/rna", &mut coordinator.rna);
    }
}

const SOLE_TRADERS: &[&str] = &[
    "artisan",
    "auto entrepreneur",
    "auto entrepreneuse",
    "autoentrepreneur",
    "autoentrepreneuse",
    "ei",
    "eirl",
    "entrepreneur individuel",
    "entrepreneure individuelle",
    "entrepreneuse individuelle",
    "entreprise individuelle",
    "micro entrepreneur",
    "micro entreprise",
    "microentreprise",
    "personne physique",
    "profession liberale",
];

fn texts(record: &mut Record, mut scrubber: Scrubber<'_>) {
    scrubber.scrub("/nom", &mut record.name);
    scrubber.scrub("/sigle", &mut record.acronym);
    scrubber.scrub("/appel/edition", &mut record.call.edition);
    scrubber.scrub("/territoire/libelle", &mut record.territory.label);
    for theme in &mut record.themes {
        scrubber.scrub_text("/thematiques/*", theme);
    }
    scrubber.scrub("/projet/resume", &mut record.project.summary);
    for objective in &mut record.project.objectives {
        scrubber.scrub_text("/projet/objectifs/*", objective);
    }
    for action in &mut record.project.actions {
        scrubber.scrub_text("/projet/actions/*", action);
    }
    scrubber.scrub("/coordinateur/nom", &mut record.coordinator.name);
    scrubber.scrub("/coordinateur/forme_juridique", &mut record.coordinator.legal_form);
    for partner in &mut record.partners {
        scrubber.scrub("/partenaires/*/nom", &mut partner.name);
        scrubber.scrub("/partenaires/*/groupe", &mut partner.group);
        scrubber.scrub("/partenaires/*/note", &mut partner.note);
    }
    for contact in &mut record.contacts {
        scrubber.scrub("/contacts/*/fonction", &mut contact.role);
    }
    scrubber.scrub("/adresse/complement", &mut record.address.complement);
    scrubber.scrub("/adresse/voie", &mut record.address.street);
    scrubber.scrub("/adresse/mention", &mut record.address.delivery);
    scrubber.scrub("/adresse/commune", &mut record.address.commune);
    scrubber.scrub("/source/fichier", &mut record.source.file);
    scrubber.scrub("/source/feuille", &mut record.source.sheet);
}

fn compact(name: &str) -> String {
    slug(name).replace('-', "")
}

/// Whether an address is that of an office and not of a person: its local part is made of words such as `contact`, or is
/// the name of the PTCE, and its domain is not one where anybody takes a mailbox.
fn is_shared_mailbox(email: &str, own: &[String], person: Option<&str>) -> bool {
    let email = email.trim().to_lowercase();
    let Some((local, domain)) = email.split_once('@') else { return false };
    if !is_local_part(local) || !is_domain(domain) || is_free_mail(domain) {
        return false;
    }
    let mut words = local.split(|c: char| !c.is_alphabetic()).filter(|word| !word.is_empty()).peekable();
    if words.peek().is_some() && words.all(|word| GENERIC_WORDS.contains(&word)) {
        return true;
    }
    let local = compact(local);
    let is_persons = person.is_some_and(|person| {
        folded(person).split(' ').any(|name| name.len() > 1 && (local.contains(name) || name.contains(&local)))
    });
    !is_persons && own.iter().any(|name| name.len() > 1 && *name == local)
}

const GENERIC_WORDS: &[&str] = &[
    "accueil",
    "administratif",
    "administration",
    "agence",
    "asso",
    "association",
    "bonjour",
    "bureau",
    "com",
    "communication",
    "compta",
    "comptabilite",
    "contact",
    "contacts",
    "coop",
    "cooperation",
    "cooperative",
    "courrier",
    "direction",
    "emploi",
    "ess",
    "federation",
    "formation",
    "gestion",
    "hello",
    "info",
    "information",
    "informations",
    "infos",
    "mairie",
    "partenariat",
    "partenariats",
    "pole",
    "presidence",
    "presse",
    "projet",
    "projets",
    "ptce",
    "recrutement",
    "reseau",
    "scic",
    "scop",
    "secretariat",
    "siege",
    "union",
];

fn is_local_part(local: &str) -> bool {
    !local.is_empty()
        && local.split('.').all(|word| !word.is_empty())
        && local.chars().all(|c| c.is_ascii_alphanumeric() || "._%+-".contains(c))
}

fn is_domain(domain: &str) -> bool {
    let is_label = |label: &str| {
        !label.is_empty()
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label.chars().all(|c| c.is_alphanumeric() || c == '-')
    };
    domain.contains('.')
        && domain.split('.').all(is_label)
        && domain
            .rsplit('.')
            .next()
            .is_some_and(|top| top.chars().count() > 1 && !top.contains(|c: char| c.is_numeric()))
}

/// Domains where people have mailboxes of their own, and their subdomains. One that ends in a dot stands for any country.
fn is_free_mail(domain: &str) -> bool {
    FREE_MAIL.iter().any(|known| match known.strip_suffix('.') {
        Some(_) => domain.starts_with(known) || domain.contains(&format!(".{known}")),
        None => domain.strip_suffix(known).is_some_and(|rest| rest.is_empty() || rest.ends_with('.')),
    })
}

const FREE_MAIL: &[&str] = &[
    "9online.fr",
    "aliceadsl.fr",
    "aliceadsl.com",
    "aol.",
    "bbox.fr",
    "caramail.",
    "cegetel.net",
    "club-internet.fr",
    "dbmail.com",
    "free.fr",
    "freesbee.fr",
    "gmail.",
    "gmx.",
    "googlemail.",
    "hotmail.",
    "icloud.com",
    "infonie.fr",
    "laposte.net",
    "libertysurf.fr",
    "live.",
    "mac.com",
    "mail.com",
    "mail.ru",
    "mailo.",
    "me.com",
    "modulonet.fr",
    "msn.",
    "neuf.fr",
    "noos.fr",
    "nordnet.fr",
    "numericable.",
    "only.fr",
    "orange.",
    "outlook.",
    "ouvaton.org",
    "ozone.net",
    "pm.me",
    "posteo.",
    "proton.",
    "protonmail.",
    "riseup.net",
    "rocketmail.com",
    "sfr.",
    "skynet.be",
    "tele2.fr",
    "tiscali.",
    "tutanota.",
    "vivaldi.net",
    "voila.fr",
    "wanadoo.",
    "worldonline.fr",
    "yahoo.",
    "yandex.",
    "ymail.com",
    "zaclys.net",
    "zoho.",
];

/// Whether this is one French number that no person carries about: 01 to 05, 08 and 09.
fn is_landline(phone: &str) -> bool {
    let is_separator = |c: char| c.is_whitespace() || matches!(c, '.' | '-' | '/' | '(' | ')');
    let mut digits: String = phone.replace("(0)", "").chars().filter(|c| !is_separator(*c)).collect();
    for code in ["+", "00"] {
        if let Some(international) = digits.strip_prefix(code) {
            digits = match international.strip_prefix("33") {
                Some(national) => format!("0{national}"),
                // Overseas, the code of the country is also the start of the numbers.
                None => match ["262", "590", "594", "596"].iter().find_map(|code| international.strip_prefix(code)) {
                    Some(national) => format!("0{national}"),
                    None => return false,
                },
            };
            break;
        }
    }
    digits.len() == 10
        && digits.bytes().all(|byte| byte.is_ascii_digit())
        && digits.starts_with('0')
        && matches!(digits.as_bytes()[1], b'1'..=b'5' | b'8' | b'9')
}

/// `text` without e-mail addresses, telephone numbers, `names`, and names after `M.` or `Mme`; and how many there were.
fn scrubbed(text: &str, names: &[String]) -> Option<(String, u64)> {
    let characters: Vec<char> = text.chars().collect();
    let mut spans: Vec<(usize, usize)> = Vec::new();
    let mut phone_end = 0;
    for start in 0..characters.len() {
        spans.extend(email_at(&characters, start));
        spans.extend(person_at(&characters, start));
        let is_name = |name: &&String| starts_with(&characters[start..], name);
        spans.extend(names.iter().find(is_name).map(|name| (start, start + name.chars().count())));
        // What follows `00` in the middle of a number is no international number.
        if start >= phone_end
            && let Some(phone) = phone_at(&characters, start)
        {
            phone_end = phone.1;
            spans.push(phone);
        }
    }
    if spans.is_empty() {
        return None;
    }
    spans.sort_unstable();
    let mut clean = String::with_capacity(text.len());
    let (mut copied, mut count) = (0, 0);
    for (start, end) in spans {
        if start >= copied {
            clean.extend(&characters[copied..start]);
            clean.push_str(MARK);
            count += 1;
        }
        copied = copied.max(end);
    }
    clean.extend(&characters[copied..]);
    Some((clean, count))
}

fn starts_with(characters: &[char], text: &str) -> bool {
    let mut rest = characters.iter();
    text.chars().all(|wanted| rest.next().is_some_and(|c| c.to_lowercase().eq(wanted.to_lowercase())))
}

fn is_blank(c: char) -> bool {
    matches!(c, ' ' | '\u{a0}' | '\u{202f}')
}

/// The e-mail address whose `@`, or what people write to hide it, stands at `at`.
fn email_at(characters: &[char], at: usize) -> Option<(usize, usize)> {
    // Every character of every text comes by here.
    if !matches!(characters[at], '@' | '＠' | '[' | '(' | '{' | ' ') {
        return None;
    }
    let rest = &characters[at..];
    let sign = ["@", "＠", "[at]", "(at)", "{at}", "[arobase]", "(arobase)", " arobase "]
        .into_iter()
        .find(|sign| starts_with(rest, sign))?;
    let is_local = |c: char| c.is_alphanumeric() || "._%+-".contains(c);
    let is_domain = |c: char| c.is_alphanumeric() || ".-".contains(c);
    let mut local_end = at;
    while local_end > 0 && is_blank(characters[local_end - 1]) {
        local_end -= 1;
    }
    let mut start = local_end;
    while start > 0 && is_local(characters[start - 1]) {
        start -= 1;
    }
    let after = at + sign.chars().count();
    let mut domain = after;
    while characters.get(domain).is_some_and(|c| is_blank(*c)) {
        domain += 1;
    }
    let mut end = domain;
    while characters.get(end).is_some_and(|c| is_domain(*c)) {
        end += 1;
    }
    while end > domain && !characters[end - 1].is_alphanumeric() {
        end -= 1;
    }
    let is_plain = matches!(sign, "@" | "＠") && local_end == at && domain == after;
    let is_email = start < local_end && domain < end && (is_plain || characters[domain..end].contains(&'.'));
    is_email.then_some((start, end))
}

/// The telephone number that begins at `start`: ten digits from 0, or an international number.
fn phone_at(characters: &[char], start: usize) -> Option<(usize, usize)> {
    let first = characters[start];
    if !(first == '+' || first == '0') {
        return None;
    }
    let before = |back: usize| start.checked_sub(back).map(|at| characters[at]);
    // Inside a longer number, a code or a decimal number.
    if before(1).is_some_and(char::is_alphanumeric)
        || (before(1).is_some_and(|c| matches!(c, '.' | ',')) && before(2).is_some_and(|c| c.is_ascii_digit()))
    {
        return None;
    }
    let is_separator = |c: char| is_blank(c) || matches!(c, '.' | '-' | '–' | '‑' | '/' | '_' | '(' | ')');
    // The digits, how long their groups are, and what stands between these.
    let (mut digits, mut groups, mut separators) = (String::new(), vec![0_usize], Vec::<&[char]>::new());
    let mut at = start + usize::from(first == '+');
    let mut end = None;
    while let Some(c) = characters.get(at) {
        if c.is_ascii_digit() {
            digits.push(*c);
            *groups.last_mut()? += 1;
            at += 1;
        } else {
            let length = characters[at..].iter().take(4).take_while(|c| is_separator(**c)).count();
            if digits.is_empty()
                || length == 0
                || length > 3
                || !characters.get(at + length).is_some_and(char::is_ascii_digit)
            {
                break;
            }
            separators.push(&characters[at..at + length]);
            groups.push(0);
            at += length;
        }
        let is_end_of_digits = !characters.get(at).is_some_and(char::is_ascii_digit);
        if !is_end_of_digits {
            continue;
        }
        let count = digits.len();
        let international = if first == '+' { Some(digits.as_str()) } else { digits.strip_prefix("00") };
        match international {
            Some(number) => {
                let length = number.len();
                let is_french = number.starts_with("33") && length == if number.starts_with("330") { 12 } else { 11 };
                if is_french {
                    return Some((start, at));
                }
                if (10..=15).contains(&length) && !number.starts_with('0') {
                    end = Some(at);
                }
                if length > 15 {
                    break;
                }
            }
            None if count == 10 && !digits.starts_with("00") => {
                // A date and an hour have ten digits as well, but neither this shape nor one separator throughout.
                let is_usual = groups == [2, 2, 2, 2, 2] || separators.windows(2).all(|pair| pair[0] == pair[1]);
                return is_usual.then_some((start, at));
            }
            None if count > 10 => break,
            None => {}
        }
    }
    end.map(|end| (start, end))
}

/// A title and the name after it: `M. Jean Dupont`, `Mmes Martin et de La Tour`.
fn person_at(characters: &[char], start: usize) -> Option<(usize, usize)> {
    const TITLES: &[&str] =
        &["mesdames", "messieurs", "mademoiselle", "madame", "monsieur", "mmes", "mlle", "mme", "mm", "mr", "dr", "m"];
    const PARTICLES: &[&str] = &["de", "du", "des", "d", "la", "le", "van", "von", "di", "da", "ben", "el", "et"];
    if !characters[start].is_uppercase() || (start > 0 && characters[start - 1].is_alphanumeric()) {
        return None;
    }
    let rest = &characters[start..];
    let title = TITLES.iter().find(|title| {
        starts_with(rest, title)
            && !rest.get(title.len()).is_some_and(|c| c.is_alphanumeric() || matches!(c, '\'' | '’' | '-'))
    })?;
    let mut at = start + title.len();
    if characters.get(at) == Some(&'.') {
        at += 1;
    }
    let mut end = None;
    // A name has few words: a sentence in capitals is not taken whole.
    for rank in 0..7 {
        let mut word = at;
        while characters.get(word).is_some_and(|c| is_blank(*c)) {
            word += 1;
        }
        let is_part = |c: char| c.is_alphanumeric() || matches!(c, '-' | '\'' | '’');
        let length = characters[word..].iter().take_while(|c| is_part(**c)).count();
        if length == 0 {
            break;
        }
        let text: String = characters[word..word + length].iter().collect();
        at = word + length;
        if text.starts_with(char::is_uppercase) {
            // An initial keeps its full stop.
            if length == 1 && characters.get(at) == Some(&'.') {
                at += 1;
            }
            end = Some(at);
        } else {
            let particle = text.split(['\'', '’']).next().unwrap_or_default();
            let is_elided = text.len() > particle.len();
            let is_name = is_elided && particle == "d" && text.chars().nth(2).is_some_and(char::is_uppercase);
            if is_name {
                end = Some(at);
            } else if is_elided
                || !PARTICLES.contains(&particle)
                || (rank == 0 && matches!(particle, "la" | "le" | "et"))
            {
                // “M. le maire” names nobody.
                break;
            }
        }
    }
    end.map(|end| (start, end))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn clean(text: &str) -> String {
        scrubbed(text, &[]).map_or_else(|| text.to_owned(), |(text, _)| text).replace(MARK, "#")
    }

    #[test]
    fn texts_lose_addresses_numbers_and_names() {
        for (text, expected) in [
            ("Écrire à jean.dupont@example.org.", "Écrire à #."),
            ("jean.dupont [at] example.org, merci", "#, merci"),
            ("jean @ example.org", "#"),
            ("Tél. 01 99 00 12 34, puis 06.39.98.12.34", "Tél. #, puis #"),
            ("01 99 00 12 34 / 06 39 98 12 34", "# / #"),
            ("0199001234", "#"),
            ("0800 123 456", "#"),
            ("+33 (0)6 39 98 12 34 en 2014", "# en 2014"),
            ("0033639981234", "#"),
            ("+262 692 12 34 56", "#"),
            ("en 2013 01 99 00 12 34", "en 2013 #"),
            ("porté par M. Jean Dupont, maire", "porté par #, maire"),
            ("Mme d'Estaing et Mr. J. de La Tour.", "#."),
            ("MM. Dupont et Martin pilotent", "# pilotent"),
        ] {
            assert_eq!(clean(text), expected, "{text}");
        }
    }

    #[test]
    fn other_texts_stay() {
        for text in [
            "M. le maire et Mme la présidente",
            "le 01/02/2014 à 12 h",
            "du 01/02/2014-31/03/2015",
            "01/02/2014 12:30",
            "SIRET 012 345 678 00010 et 01234567800010",
            "RNA W0512345678",
            "1 200 000 € sur 3 ans, 05000 Gap, 3.0123456789",
            "@ptce sur les réseaux",
            "Montagne, Drôme, M",
            "",
        ] {
            assert_eq!(clean(text), text);
        }
    }

    #[test]
    fn only_shared_mailboxes_are_kept() {
        let own = vec!["fvd".to_owned(), "filieresvives".to_owned()];
        let is_kept = |email: &str| is_shared_mailbox(email, &own, None);
        for email in [
            "contact@pole.example.org",
            "Accueil@pole.fr",
            "contact-05@pole.fr",
            "info.ptce@pole.fr",
            "fvd@pole.fr",
            "filieres-vives@pole.fr",
        ] {
            assert!(is_kept(email), "{email}");
        }
        for email in [
            "jean.dupont@pole.fr",
            "j.dupont@pole.fr",
            "contact.dupont@pole.fr",
            "contact@orange.fr",
            "contact@asso.free.fr",
            "info@yahoo.com",
            "info@hotmail.co.uk",
            "contact@pole",
            "contact@pole..fr",
            "contact@a@pole.fr",
            "contact pole.fr",
            "05@pole.fr",
            "",
        ] {
            assert!(!is_kept(email), "{email}");
        }
        assert!(!is_shared_mailbox("fvd@pole.fr", &own, Some("Fvd Martin")));
    }

    #[test]
    fn only_landlines_are_kept() {
        for phone in [
            "01 99 00 12 34",
            "+33 (0)4 65 71 12 34",
            "0033 465711234",
            "0262 12 34 56",
            "+262 262 12 34 56",
            "0800123456",
            "09.70.12.34.56",
        ] {
            assert!(is_landline(phone), "{phone}");
        }
        for phone in [
            "06 39 98 12 34",
            "07 00 00 00 00",
            "+33 6 39 98 12 34",
            "+262 692 12 34 56",
            "+41 22 123 45 67",
            "01 99 00 12 34 / 06 39 98 12 34",
            "01 99 00 12",
            "poste 12",
            "",
        ] {
            assert!(!is_landline(phone), "{phone}");
        }
    }

    #[test]
    fn contacts_lose_people() {
        let contact = |name: &str, role: &str, email: &str, phone: &str| {
            let own = |text: &str| (!text.is_empty()).then(|| text.to_owned());
            Contact { name: own(name), role: own(role), email: own(email), phone: own(phone) }
        };
        let mut record = Record {
            contacts: vec![
                contact("Camille Exemple", "directrice", "camille@pole.fr", "04 65 71 12 34"),
                contact("Camille Exemple", "directrice", "direction@pole.fr", "04 65 71 12 34"),
                contact("", "standard", "", "04 65 71 12 34"),
                contact("", "", "", "06 39 98 12 34"),
            ],
            ..Record::default()
        };
        let withheld = redact(&mut record);
        assert_eq!(
            record.contacts,
            [contact("", "directrice", "direction@pole.fr", ""), contact("", "standard", "", "04 65 71 12 34"),]
        );
        let counts: Vec<(&str, u64)> = withheld.counts().collect();
        assert_eq!(
            counts,
            [
                ("/contacts/*/courriel", 1),
                ("/contacts/*/fonction", 1),
                ("/contacts/*/nom", 2),
                ("/contacts/*/telephone", 3),
            ]
        );
    }

    #[test]
    fn what_may_be_someones_goes_with_them() {
        let mut record = Record::default();
        record.project.summary = Some("Écrire à Camille Untel, ou à l’accueil.".to_owned());
        record.contacts = vec![
            Contact { name: Some("Camille Untel".to_owned()), ..Contact::default() },
            Contact {
                email: Some("camille.untel@example.org".to_owned()),
                phone: Some("01 99 00 12 34".to_owned()),
                ..Contact::default()
            },
        ];
        redact(&mut record);
        assert!(record.contacts.is_empty(), "{:?}", record.contacts);
        assert_eq!(record.project.summary.unwrap(), format!("Écrire à {MARK}, ou à l’accueil."));
    }

    #[test]
    fn homes_lose_all_but_the_commune() {
        for line in ["chez Mme Martin", "Appt 12", "3e étage", "c/o Exemple"] {
            let address = Address {
                complement: Some(line.to_owned()),
                street: Some("1 rue du Bois".to_owned()),
                postal_code: Some("05000".to_owned()),
                commune: Some("Gap".to_owned()),
                ..Address::default()
            };
            let mut record = Record { address, ..Record::default() };
            redact(&mut record);
            let expected = Address {
                postal_code: Some("05000".to_owned()),
                commune: Some("Gap".to_owned()),
                ..Address::default()
            };
            assert_eq!(record.address, expected, "{line}");
        }
    }

    #[test]
    fn dossiers_and_leftovers_are_not_published() {
        let mut record = Record { funding: Some("secret".to_owned()), ..Record::default() };
        record.source.file = Some("C:\\Users\\camille\\candidatures.xlsx".to_owned());
        record.source.others.push(Default::default());
        record.coordinator.legal_form = Some("Entreprise individuelle (EI)".to_owned());
        record.coordinator.name = Some("Camille Exemple".to_owned());
        record.website = Some("mailto:camille@pole.fr".to_owned());
        redact(&mut record);
        assert_eq!(record.funding, None);
        assert_eq!(record.source.file.as_deref(), Some("candidatures.xlsx"));
        assert!(record.source.others.is_empty());
        assert_eq!(record.coordinator.name, None);
        assert_eq!(record.website, None);
    }
}
