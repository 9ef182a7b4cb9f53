//! Several plain values in one cell, without the separators of our own tables: lines, bullets, commas.
//!
//! Each function answers the values that a text lists, or `None` when it is one value. Nothing but separators and bullets
//! is left out.

use super::families;
use crate::address::streets;

/// The longest value that a comma sets apart, in words: longer ones are sentences with commas of their own.
const LONGEST: usize = 8;

/// The longest value, in words, that a dash sets apart; a comma in a text with a full stop sets apart shorter ones.
const FEW: usize = 3;

/// Values of a few words: themes, communes.
pub(crate) fn short(text: &str) -> Option<Vec<String>> {
    json(text).or_else(|| lines(text)).or_else(|| numbered(text)).or_else(|| only_bullet(text)).or_else(|| {
        // « Bois, Insertion. » is a list of words, what has more of them a sentence.
        let bare = text.strip_suffix('.').filter(|bare| !bare.ends_with('.'));
        let longest = if bare.is_some() { FEW - 1 } else { LONGEST };
        let is_short =
            |pieces: &Vec<&str>, longest: usize| pieces.iter().all(|piece| piece.split_whitespace().count() <= longest);
        let pieces = at_commas(bare.unwrap_or(text)).filter(|pieces| is_short(pieces, longest));
        pieces.or_else(|| at_dashes(text).filter(|pieces| is_short(pieces, FEW))).map(|pieces| owned(&pieces))
    })
}

/// Words of which there are few, so that « et » stands between two of them: « QPV et ZRR », « QPV + rural ».
pub(crate) fn choices(text: &str) -> Option<Vec<String>> {
    short(text).or_else(|| {
        let pieces: Vec<&str> = [" et ", " + ", " & "]
            .into_iter()
            .find(|sign| text.contains(sign))
            .map(|sign| text.split(sign).collect())?;
        let pieces: Vec<&str> = pieces.into_iter().map(str::trim).collect();
        pieces.iter().all(|piece| !piece.is_empty()).then(|| owned(&pieces))
    })
}

/// Sentences, each on a line of its own or behind a bullet: objectives, actions.
pub(crate) fn sentences(text: &str) -> Option<Vec<String>> {
    // A line that goes on in the next one is no list, unless bullets make it one.
    let goes_on = |line: &str| line.trim_start().starts_with(char::is_lowercase);
    if !text.lines().skip(1).any(is_bullet) && text.lines().skip(1).any(goes_on) {
        return None;
    }
    json(text).or_else(|| lines(text)).or_else(|| numbered(text)).or_else(|| only_bullet(text))
}

/// Names, which begin with capitals: « Chambre de commerce, d’industrie et d’artisanat » is one.
pub(crate) fn names(text: &str) -> Option<Vec<String>> {
    json(text).or_else(|| lines(text)).or_else(|| numbered(text)).or_else(|| only_bullet(text)).or_else(|| {
        // « Mairie, Scierie, etc. » names two.
        let text = ["etc.", "etc", "etc…", "…", "..."].iter().find_map(|end| text.strip_suffix(end)).unwrap_or(text);
        let text = text.trim_end().trim_end_matches(',');
        let mut pieces = at_commas(text)?;
        // « Mairie, Scierie et CCI »: the last two.
        if let Some((first, last)) = pieces.last().and_then(|last| last.split_once(" et ")) {
            let is_firm = ["Fils", "Cie", "Frères", "Associés"].iter().any(|word| last.starts_with(word));
            if !is_firm && last.starts_with(char::is_uppercase) && !last.contains(" et ") {
                pieces.pop();
                pieces.extend([first.trim(), last.trim()]);
            }
        }
        let is_name = |piece: &&str| {
            piece.starts_with(|c: char| c.is_uppercase() || c.is_ascii_digit())
                && piece.split_whitespace().count() <= LONGEST
        };
        (!text.ends_with('.') && pieces.iter().all(is_name)).then(|| with_addresses(&pieces))
    })
}

/// Names, of which a piece that is an address is of the name before it: « SCIC Bois, 3 rue du Port, 29200 Brest ».
fn with_addresses(pieces: &[&str]) -> Vec<String> {
    let mut whole: Vec<String> = Vec::with_capacity(pieces.len());
    for piece in pieces {
        match whole.last_mut().filter(|_| streets::is_line(piece)) {
            Some(last) => last.extend([", ", *piece]),
            None => whole.push((*piece).to_owned()),
        }
    }
    whole
}

/// The name of an organisation, and the address that stands behind it in brackets or behind a comma.
pub(crate) fn name_and_address(text: &str) -> Option<(&str, &str)> {
    /// Bytes of both. What is longer is a list, of which each place where it may be cut would be tried.
    const LONGEST: usize = 600;
    if text.len() > LONGEST {
        return None;
    }
    let is_cut = |(_, c): &(usize, char)| matches!(c, ',' | '(');
    let mut cuts = text.char_indices().filter(is_cut);
    cuts.find_map(|(at, c)| {
        let rest = text[at + 1..].trim();
        let rest = if c == '(' { rest.strip_suffix(')')? } else { rest };
        let name = text[..at].trim_end();
        (!name.is_empty() && rest.split(',').all(|line| streets::is_line(line.trim()))).then_some((name, rest))
    })
}

/// Partners: names, or names under the headings of their families: « Collectivités : Mairie, CCI ; Entreprises : Scierie ».
/// Each comes with its heading before it.
pub(crate) fn partners(text: &str) -> Option<Vec<String>> {
    headed(text).or_else(|| names(text))
}

/// Whether one of the parts of a text begins with the heading of a family of partners.
pub(crate) fn has_headings(text: &str) -> bool {
    text.split(['\n', '\r', ';', '|']).any(|line| heading_and_name(bare(line)).is_some())
}

fn headed(text: &str) -> Option<Vec<String>> {
    memchr::memchr(b':', text.as_bytes())?;
    let (mut heading, mut listed) = (None, Vec::new());
    for line in text.split(['\n', '\r', ';', '|']).map(bare).filter(|line| !line.is_empty()) {
        let (own, rest) = heading_and_name(line).map_or((None, line), |(own, rest)| (Some(own), rest));
        heading = own.or(heading);
        let names = names(rest).unwrap_or_else(|| vec![rest.to_owned()]);
        let names = names.into_iter().filter(|name| !name.is_empty());
        listed.extend(names.map(|name| heading.map_or_else(|| name.clone(), |heading| format!("{heading} : {name}"))));
    }
    heading.and(Some(listed))
}

/// The heading of a family of partners, and what stands behind its colon.
pub(crate) fn heading_and_name(text: &str) -> Option<(&str, &str)> {
    /// « Établissements d’enseignement et de recherche ».
    const LONGEST: usize = 6;
    let (heading, rest) = text.split_once(':')?;
    let heading = heading.trim();
    let is_heading = heading.split_whitespace().count() <= LONGEST && families::is_heading(heading);
    is_heading.then_some((heading, rest.trim()))
}

/// The texts of a list of JSON, as programs write one into a cell: `["bois","laine"]`.
fn json(text: &str) -> Option<Vec<String>> {
    let listed: Vec<String> = text.starts_with('[').then(|| serde_json::from_str(text).ok())??;
    (!listed.is_empty()).then_some(listed)
}

fn owned(pieces: &[&str]) -> Vec<String> {
    pieces.iter().map(|piece| (*piece).to_owned()).collect()
}

fn is_bullet(line: &str) -> bool {
    bare(line).len() < line.trim().len()
}

/// What stands before the elements of a list; the last two are those of Word, from fonts of signs.
const BULLETS: [char; 19] =
    ['-', '–', '—', '•', '*', '·', '▪', '◦', '●', '→', '►', '✓', '➢', '■', '□', '‣', '❖', '\u{f0b7}', '\u{f0a7}'];

/// A line without the bullet before it and the comma or semicolon behind it.
fn bare(line: &str) -> &str {
    let line = line.trim();
    let unmarked = line.trim_start_matches(BULLETS);
    // « -5 » is a number, « *** » nothing at all.
    let unmarked = if unmarked.starts_with(char::is_whitespace) { unmarked.trim_start() } else { line };
    unmarked.trim_end_matches([',', ';']).trim_end()
}

/// The lines of a text of several.
fn lines(text: &str) -> Option<Vec<String>> {
    memchr::memchr2(b'\n', b'\r', text.as_bytes())?;
    let lines: Vec<&str> = text.split(['\n', '\r']).map(bare).filter(|line| !line.is_empty()).collect();
    // « 1. laine », « 2. bois ».
    let counted = |(rank, line): (usize, &&'_ str)| {
        let rest = line.strip_prefix(&(rank + 1).to_string())?.strip_prefix(['.', ')', '-', '°', '/'])?.trim_start();
        Some(rest.to_owned()).filter(|rest| !rest.is_empty())
    };
    let counted: Option<Vec<String>> = lines.iter().enumerate().map(counted).collect();
    (lines.len() > 1).then(|| counted.unwrap_or_else(|| owned(&lines)))
}

/// The one value behind a bullet or the number 1: « - laine », « 1) laine ».
fn only_bullet(text: &str) -> Option<Vec<String>> {
    let text = text.trim();
    let numbered = text.strip_prefix("1)").or_else(|| text.strip_prefix("1. ")).map(str::trim_start);
    // « -5 » is a number, and « - a - b » several.
    let marked = is_bullet(text) && text.starts_with(|c: char| !c.is_alphanumeric());
    let value = numbered.unwrap_or_else(|| bare(text));
    let is_one = numbered.is_some() || marked;
    (is_one && !value.is_empty() && !value.contains(['\n', '\r']) && at_dashes(value).is_none())
        .then(|| vec![value.to_owned()])
}

/// The text at its dashes between spaces: « bois - insertion – énergie ».
fn at_dashes(text: &str) -> Option<Vec<&str>> {
    let pieces: Vec<&str> = text.split(" - ").flat_map(|piece| piece.split(" – ")).map(str::trim).collect();
    (pieces.len() > 1 && pieces.iter().all(|piece| !piece.is_empty())).then_some(pieces)
}

/// The values behind numbers that count them from 1: « 1) laine 2) bois », « 1. laine 2. bois ».
fn numbered(text: &str) -> Option<Vec<String>> {
    let text = text.trim();
    let sign = text.strip_prefix('1')?.chars().next().filter(|c| matches!(c, ')' | '.'))?;
    let mut rest = text.strip_prefix(&format!("1{sign} ")).or_else(|| text.strip_prefix("1)"))?;
    let mut values = Vec::new();
    for number in 2.. {
        let mark = format!(" {number}{sign} ");
        let (value, after) = rest.split_once(&mark).map_or((rest, None), |(value, after)| (value, Some(after)));
        values.push(value.trim().trim_end_matches([',', ';']).trim_end().to_owned());
        let Some(after) = after else { break };
        rest = after;
    }
    (values.len() > 1 && values.iter().all(|value| !value.is_empty())).then_some(values)
}

/// The text at its commas, and at strokes between spaces, that stand in no brackets and between no digits.
fn at_commas(text: &str) -> Option<Vec<&str>> {
    memchr::memchr2(b',', b'/', text.as_bytes())?;
    let bytes = text.as_bytes();
    let byte = |at: usize| bytes.get(at).copied().unwrap_or(b' ');
    let (mut pieces, mut from, mut depth) = (Vec::new(), 0, 0_i32);
    for (at, c) in bytes.iter().enumerate() {
        let before = if at == 0 { b' ' } else { byte(at - 1) };
        match c {
            b'(' => depth += 1,
            b')' => depth -= 1,
            b',' if depth <= 0 && !(before.is_ascii_digit() && byte(at + 1).is_ascii_digit()) => {
                pieces.push(text[from..at].trim());
                from = at + 1;
            }
            b'/' if depth <= 0 && before == b' ' && byte(at + 1) == b' ' => {
                pieces.push(text[from..at].trim());
                from = at + 1;
            }
            _ => {}
        }
    }
    pieces.push(text[from..].trim());
    pieces.retain(|piece| !piece.is_empty());
    (pieces.len() > 1).then_some(pieces)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(listed: Option<Vec<String>>) -> String {
        listed.map_or("one".to_owned(), |values| values.join("|"))
    }

    #[test]
    fn an_address_behind_a_name_is_short() {
        let own = name_and_address("SCIC Bois, 3 rue du Port, 29200 Brest");
        assert_eq!(own, Some(("SCIC Bois", "3 rue du Port, 29200 Brest")));
        assert_eq!(name_and_address("SCIC Bois, menuiserie"), None);
        assert_eq!(name_and_address(&format!("SCIC Bois{}", ", 3 rue du Port".repeat(50))), None);
    }

    #[test]
    fn values_apart() {
        for (text, expected) in [
            ("Culture, tourisme", "Culture|tourisme"),
            ("Culture / tourisme", "Culture|tourisme"),
            ("Culture\n- tourisme ;\n• numérique", "Culture|tourisme|numérique"),
            ("Culture", "one"),
            ("Culture,", "one"),
            ("1,5 million", "one"),
            ("bois (scierie, menuiserie)", "one"),
            ("Réemploi/recyclage", "one"),
            ("Une phrase, avec une virgule.", "one"),
            ("un texte bien trop long pour être le nom d’un thème, et un autre", "one"),
            ("***", "one"),
            ("1) laine 2) bois", "laine|bois"),
            ("1. laine ; 2. bois ; 3. cuir", "laine|bois|cuir"),
            ("1. laine", "laine"),
            ("1) laine", "laine"),
            ("1. laine\n2. bois", "laine|bois"),
            ("2 rue A\n3 rue B", "2 rue A|3 rue B"),
            ("- laine", "laine"),
            ("• laine ;", "laine"),
            ("bois - insertion", "bois|insertion"),
            ("bois – insertion – énergie", "bois|insertion|énergie"),
            ("Bois, Insertion.", "Bois|Insertion"),
            ("Éco-construction", "one"),
            ("accueil de proximité - un lieu pour tous les habitants", "one"),
            ("1.5 million 2. bois", "one"),
            ("\u{f0b7} bois\n\u{f0b7} laine", "bois|laine"),
            ("➢ bois", "bois"),
            (r#"["bois","laine"]"#, "bois|laine"),
            ("[bois, laine", "[bois|laine"),
        ] {
            assert_eq!(shown(short(text)), expected, "{text}");
        }
        for (text, expected) in [
            ("Mairie de Gap, SCIC Bois", "Mairie de Gap|SCIC Bois"),
            ("Chambre de commerce, d’industrie et d’artisanat", "one"),
            ("SARL Dupont & Fils, Mairie (Gap, 05)", "SARL Dupont & Fils|Mairie (Gap, 05)"),
            ("Bois, fer et Cie", "one"),
            ("Mairie, Scierie et CCI", "Mairie|Scierie|CCI"),
            ("Mairie, SARL Dupont et Fils", "Mairie|SARL Dupont et Fils"),
            ("Mairie, Chambre de commerce et d’industrie", "Mairie|Chambre de commerce et d’industrie"),
            ("Mairie, Scierie, etc.", "Mairie|Scierie"),
            ("Mairie de Gap\nla Scierie", "Mairie de Gap|la Scierie"),
        ] {
            assert_eq!(shown(names(text)), expected, "{text}");
        }
        for (text, expected) in [
            (
                "Collectivités : Mairie, CCI ; Entreprises : Scierie",
                "Collectivités : Mairie|Collectivités : CCI|Entreprises : Scierie",
            ),
            ("Collectivités :\n- Mairie\nEntreprises :\n- Scierie", "Collectivités : Mairie|Entreprises : Scierie"),
            ("Scierie ; Associations : Les Amis du bois", "Scierie|Associations : Les Amis du bois"),
            ("Mairie : maître d’ouvrage", "one"),
        ] {
            assert_eq!(shown(partners(text)), expected, "{text}");
        }
        for (text, expected) in [
            ("Créer des emplois.\nFormer, accueillir.", "Créer des emplois.|Former, accueillir."),
            ("Créer des emplois\net former", "one"),
            ("- créer des emplois\n- former", "créer des emplois|former"),
            ("Créer, former", "one"),
            ("- Un objectif", "Un objectif"),
            ("1) Un objectif", "Un objectif"),
            ("Créer un lieu - et le faire vivre", "one"),
        ] {
            assert_eq!(shown(sentences(text)), expected, "{text}");
        }
    }
}
