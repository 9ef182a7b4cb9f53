//! What in a text names or reaches a person: mailboxes, telephone numbers, names after `M.` or `Mme`.

/// What stands in a text where something was taken out.
pub(in crate::export::open_data) const MARK: &str = "[donnée personnelle retirée]";

/// Where `text` names or reaches a person, as ranges of bytes that may overlap.
pub(super) fn spans(text: &str) -> Vec<(usize, usize)> {
    found(text, |characters, start, phone_end, spans| {
        spans.extend(email_at(characters, start));
        spans.extend(person_at(characters, start));
        spans.extend(next_phone(characters, start, phone_end));
    })
}

/// The telephone numbers of `text`.
pub(super) fn phones(text: &str) -> Vec<&str> {
    let spans = found(text, |characters, start, phone_end, spans| {
        spans.extend(next_phone(characters, start, phone_end));
    });
    spans.into_iter().map(|(start, end)| &text[start..end]).collect()
}

/// Looks at every character of `text`; what `look` finds are ranges of characters.
fn found(text: &str, look: impl Fn(&[char], usize, &mut usize, &mut Vec<(usize, usize)>)) -> Vec<(usize, usize)> {
    let characters: Vec<char> = text.chars().collect();
    let (mut spans, mut phone_end) = (Vec::new(), 0);
    for start in 0..characters.len() {
        look(&characters, start, &mut phone_end, &mut spans);
    }
    if spans.is_empty() {
        return spans;
    }
    let mut places: Vec<usize> = text.char_indices().map(|(place, _)| place).collect();
    places.push(text.len());
    spans.into_iter().map(|(start, end)| (places[start], places[end])).collect()
}

/// The number that begins at `start`; `end` is where the last one ended.
fn next_phone(characters: &[char], start: usize, end: &mut usize) -> Option<(usize, usize)> {
    // What follows `00` in the middle of a number is no international number.
    let phone = if start >= *end { phone_at(characters, start) } else { None };
    if let Some((_, phone_end)) = phone {
        *end = phone_end;
    }
    phone
}

/// `text` with the mark in place of each span, and what stood there; `None` without a span.
pub(super) fn hidden(text: &str, mut spans: Vec<(usize, usize)>) -> Option<(String, Vec<String>)> {
    if spans.is_empty() {
        return None;
    }
    spans.sort_unstable();
    let mut joined: Vec<(usize, usize)> = Vec::new();
    for (start, end) in spans {
        match joined.last_mut() {
            // A first name and the surname behind it are one person.
            Some((_, last)) if start <= *last || text[*last..start].trim().is_empty() => *last = end.max(*last),
            _ => joined.push((start, end)),
        }
    }
    let mut clean = String::with_capacity(text.len());
    let mut taken = Vec::new();
    let mut copied = 0;
    for (start, end) in joined {
        clean.push_str(&text[copied..start]);
        clean.push_str(MARK);
        taken.push(text[start..end].to_owned());
        copied = end;
    }
    clean.push_str(&text[copied..]);
    Some((clean, taken))
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
    let mut is_spelt = false;
    loop {
        while characters.get(end).is_some_and(|c| is_domain(*c)) {
            end += 1;
        }
        // « pole [point] org »
        let point = ["[point]", "(point)", "[dot]", "(dot)", " point "].into_iter().find_map(|point| {
            let blank = characters[end..].iter().take_while(|c| is_blank(**c) && !point.starts_with(' ')).count();
            starts_with(&characters[end + blank..], point).then(|| end + blank + point.chars().count())
        });
        let Some(mut after) = point.filter(|_| end > domain) else { break };
        while characters.get(after).is_some_and(|c| is_blank(*c)) {
            after += 1;
        }
        if !characters.get(after).is_some_and(|c| c.is_alphanumeric()) {
            break;
        }
        (end, is_spelt) = (after, true);
    }
    while end > domain && !characters[end - 1].is_alphanumeric() {
        end -= 1;
    }
    let is_plain = matches!(sign, "@" | "＠") && local_end == at && domain == after;
    let is_email =
        start < local_end && domain < end && (is_plain || is_spelt || characters[domain..end].contains(&'.'));
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
    const TITLES: &[&str] = &[
        "mesdames",
        "messieurs",
        "mademoiselle",
        "madame",
        "monsieur",
        "maître",
        "mmes",
        "mlle",
        "mme",
        "mm",
        "mr",
        "me",
        "dr",
        "m",
    ];
    const PARTICLES: &[&str] = &["de", "du", "des", "d", "la", "le", "van", "von", "di", "da", "ben", "el", "et"];
    if !characters[start].is_uppercase() || (start > 0 && characters[start - 1].is_alphanumeric()) {
        return None;
    }
    let rest = &characters[start..];
    let title = TITLES.iter().find(|title| {
        starts_with(rest, title)
            && !rest.get(title.chars().count()).is_some_and(|c| c.is_alphanumeric() || matches!(c, '\'' | '’' | '-'))
    })?;
    let mut at = start + title.chars().count();
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
        hidden(text, spans(text)).map_or_else(|| text.to_owned(), |(text, _)| text).replace(MARK, "#")
    }

    #[test]
    fn texts_lose_addresses_numbers_and_names() {
        for (text, expected) in [
            ("Écrire à jean.dupont@example.org.", "Écrire à #."),
            ("jean.dupont [at] example.org, merci", "#, merci"),
            ("jean @ example.org", "#"),
            ("u.casanova [at] example [point] org.", "#."),
            ("Me Untelle, Maître Jean Dupont", "#, #"),
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
}
