//! Several plain values in one cell, without the separators of our own tables: lines, bullets, commas.
//!
//! Each function answers the values that a text lists, or `None` when it is one value. Nothing but separators and bullets
//! is left out.

/// The longest value that a comma sets apart, in words: longer ones are sentences with commas of their own.
const LONGEST: usize = 8;

/// Values of a few words: themes, communes.
pub(crate) fn short(text: &str) -> Option<Vec<String>> {
    lines(text).or_else(|| numbered(text)).or_else(|| {
        let pieces = at_commas(text)?;
        (!text.ends_with('.') && pieces.iter().all(|piece| piece.split_whitespace().count() <= LONGEST))
            .then(|| owned(&pieces))
    })
}

/// Sentences, each on a line of its own or behind a bullet: objectives, actions.
pub(crate) fn sentences(text: &str) -> Option<Vec<String>> {
    // A line that goes on in the next one is no list, unless bullets make it one.
    let goes_on = |line: &str| line.trim_start().starts_with(char::is_lowercase);
    if !text.lines().skip(1).any(is_bullet) && text.lines().skip(1).any(goes_on) {
        return None;
    }
    lines(text).or_else(|| numbered(text))
}

/// Names, which begin with capitals: « Chambre de commerce, d’industrie et d’artisanat » is one.
pub(crate) fn names(text: &str) -> Option<Vec<String>> {
    lines(text).or_else(|| numbered(text)).or_else(|| {
        let pieces = at_commas(text)?;
        let is_name = |piece: &&str| {
            piece.starts_with(|c: char| c.is_uppercase() || c.is_ascii_digit())
                && piece.split_whitespace().count() <= LONGEST
        };
        (!text.ends_with('.') && pieces.iter().all(is_name)).then(|| owned(&pieces))
    })
}

fn owned(pieces: &[&str]) -> Vec<String> {
    pieces.iter().map(|piece| (*piece).to_owned()).collect()
}

fn is_bullet(line: &str) -> bool {
    bare(line).len() < line.trim().len()
}

/// A line without the bullet before it and the comma or semicolon behind it.
fn bare(line: &str) -> &str {
    let line = line.trim();
    let unmarked = line.trim_start_matches(['-', '–', '—', '•', '*', '·', '▪', '◦', '●', '→', '►', '✓']);
    // « -5 » is a number, « *** » nothing at all.
    let unmarked = if unmarked.starts_with(char::is_whitespace) { unmarked.trim_start() } else { line };
    unmarked.trim_end_matches([',', ';']).trim_end()
}

/// The lines of a text of several.
fn lines(text: &str) -> Option<Vec<String>> {
    memchr::memchr2(b'\n', b'\r', text.as_bytes())?;
    let lines: Vec<&str> = text.split(['\n', '\r']).map(bare).filter(|line| !line.is_empty()).collect();
    (lines.len() > 1).then(|| owned(&lines))
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
            ("1. laine", "one"),
            ("1.5 million 2. bois", "one"),
        ] {
            assert_eq!(shown(short(text)), expected, "{text}");
        }
        for (text, expected) in [
            ("Mairie de Gap, SCIC Bois", "Mairie de Gap|SCIC Bois"),
            ("Chambre de commerce, d’industrie et d’artisanat", "one"),
            ("SARL Dupont & Fils, Mairie (Gap, 05)", "SARL Dupont & Fils|Mairie (Gap, 05)"),
            ("Bois, fer et Cie", "one"),
            ("Mairie de Gap\nla Scierie", "Mairie de Gap|la Scierie"),
        ] {
            assert_eq!(shown(names(text)), expected, "{text}");
        }
        for (text, expected) in [
            ("Créer des emplois.\nFormer, accueillir.", "Créer des emplois.|Former, accueillir."),
            ("Créer des emplois\net former", "one"),
            ("- créer des emplois\n- former", "créer des emplois|former"),
            ("Créer, former", "one"),
        ] {
            assert_eq!(shown(sentences(text)), expected, "{text}");
        }
    }
}
