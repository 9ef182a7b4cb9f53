//! Marks of a web page or a text editor in a text: tags, codes of characters, stars around words.

use std::borrow::Cow;

/// Named character references that French pages are full of.
const ENTITIES: &[(&str, &str)] = &[
    ("&amp;", "&"),
    ("&nbsp;", " "),
    ("&quot;", "\""),
    ("&apos;", "'"),
    ("&rsquo;", "’"),
    ("&lsquo;", "‘"),
    ("&laquo;", "«"),
    ("&raquo;", "»"),
    ("&lt;", "<"),
    ("&gt;", ">"),
    ("&ndash;", "–"),
    ("&mdash;", "—"),
    ("&hellip;", "…"),
    ("&euro;", "€"),
    ("&deg;", "°"),
    ("&agrave;", "à"),
    ("&Agrave;", "À"),
    ("&acirc;", "â"),
    ("&Acirc;", "Â"),
    ("&aelig;", "æ"),
    ("&ccedil;", "ç"),
    ("&Ccedil;", "Ç"),
    ("&eacute;", "é"),
    ("&Eacute;", "É"),
    ("&egrave;", "è"),
    ("&Egrave;", "È"),
    ("&ecirc;", "ê"),
    ("&Ecirc;", "Ê"),
    ("&euml;", "ë"),
    ("&icirc;", "î"),
    ("&Icirc;", "Î"),
    ("&iuml;", "ï"),
    ("&ocirc;", "ô"),
    ("&Ocirc;", "Ô"),
    ("&oelig;", "œ"),
    ("&OElig;", "Œ"),
    ("&ugrave;", "ù"),
    ("&ucirc;", "û"),
];

/// Names of the tags that editors and web pages leave behind.
const TAGS: &[&str] = &[
    "a",
    "b",
    "blockquote",
    "br",
    "div",
    "em",
    "font",
    "h1",
    "h2",
    "h3",
    "h4",
    "hr",
    "i",
    "img",
    "li",
    "ol",
    "p",
    "s",
    "span",
    "strong",
    "sub",
    "sup",
    "table",
    "td",
    "th",
    "tr",
    "u",
    "ul",
];

/// Whether marks were left in a text.
pub(crate) fn has_marks(text: &str) -> bool {
    let stars = emphases(text);
    (0..text.len()).any(|at| mark(text, at, &stars).is_some())
}

/// Where stars set words off, two or more on either side or at the head of a line, and where each run of them ends. Those
/// behind a word that no others stand before are its own: « Hôtel*** ».
fn emphases(text: &str) -> Vec<(usize, usize)> {
    let mut found = Vec::new();
    let mut open = None;
    let mut at = 0;
    while let Some(start) = memchr::memmem::find(&text.as_bytes()[at..], b"**").map(|from| at + from) {
        at = text.len() - text[start..].trim_start_matches('*').len();
        let (before, after) = (text[..start].chars().next_back(), text[at..].chars().next());
        let is_apart = |beside: Option<char>| beside.is_none_or(char::is_whitespace);
        if let Some(open) = open.take_if(|_| !is_apart(before)) {
            found.extend([open, (start, at)]);
        } else if before.is_none_or(|c| c == '\n') {
            // Nothing has to end them.
            found.push((start, at));
            open = (!is_apart(after)).then_some((start, at));
        } else if before.is_some_and(|c| !c.is_alphanumeric()) && !is_apart(after) {
            open = Some((start, at));
        }
    }
    found.sort_unstable();
    found.dedup();
    found
}

/// What a text that is a passage of a page of the Web says: one that begins and ends with tags.
pub(crate) fn passage(text: &str) -> Option<String> {
    let text = text.trim();
    let is_passage = text.starts_with('<') && text.ends_with('>') && tag(text).is_some();
    is_passage.then(|| cleaned(text)).filter(|clean| !clean.is_empty() && !has_marks(clean))
}

/// The length of the mark at `at`, and what to put in its place; `stars` are those of the text that set words off.
fn mark(text: &str, at: usize, stars: &[(usize, usize)]) -> Option<(usize, Cow<'static, str>)> {
    let plain = |(length, sign): (usize, &'static str)| (length, Cow::Borrowed(sign));
    // Every mark begins with an ASCII character, so that a byte is enough to rule out nearly all places.
    match text.as_bytes()[at] {
        b'*' => {
            let rank = stars.binary_search_by_key(&at, |(start, _)| *start).ok()?;
            Some((stars[rank].1 - at, Cow::Borrowed("")))
        }
        b'_' => {
            text[at..].get(..7).filter(|code| code.eq_ignore_ascii_case("_x000d_")).map(|code| plain((code.len(), "")))
        }
        b'&' => entity(&text[at..]),
        b'<' => tag(&text[at..]).map(plain),
        _ => None,
    }
}

/// The length of the code of a character at the beginning of a text, as web pages have it, and that character.
pub(crate) fn entity(text: &str) -> Option<(usize, Cow<'static, str>)> {
    let named = ENTITIES.iter().find(|(code, _)| text.starts_with(code));
    named.map(|(code, sign)| (code.len(), Cow::Borrowed(*sign))).or_else(|| numbered(text))
}

/// A character by its number: `&#233;`, `&#xE9;`.
fn numbered(text: &str) -> Option<(usize, Cow<'static, str>)> {
    let number = text.strip_prefix("&#")?;
    let number = &number[..number.find(';').filter(|length| (1..=7).contains(length))?];
    let code = match number.strip_prefix(['x', 'X']) {
        Some(number) => u32::from_str_radix(number, 16),
        None => number.parse(),
    };
    let sign = code.ok().and_then(char::from_u32).filter(|sign| !sign.is_control())?;
    let sign = if sign == '\u{a0}' { ' ' } else { sign };
    Some((number.len() + 3, Cow::Owned(sign.to_string())))
}

fn tag(text: &str) -> Option<(usize, &'static str)> {
    // No tag holds another one.
    let end = 1 + memchr::memchr2(b'<', b'>', &text.as_bytes()[1..])?;
    let inner = &text[1..end];
    if text.as_bytes()[end] == b'<' {
        return None;
    }
    let name = inner.trim_start_matches('/');
    let end = name.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(name.len());
    let known = TAGS.iter().find(|tag| tag.eq_ignore_ascii_case(&name[..end]))?;
    // `<a@example.org>` is a mailbox.
    if !matches!(name[end..].chars().next(), None | Some(' ' | '/' | '\n')) {
        return None;
    }
    let space = if matches!(*known, "br" | "p" | "div" | "li" | "tr" | "td") { " " } else { "" };
    Some((inner.len() + 2, space))
}

/// A text without its marks.
pub(crate) fn cleaned(text: &str) -> String {
    let mut clean = String::with_capacity(text.len());
    let stars = emphases(text);
    let mut at = 0;
    while let Some(c) = text[at..].chars().next() {
        match mark(text, at, &stars) {
            Some((length, sign)) => {
                at += length;
                let is_spaced = clean.is_empty() || clean.ends_with([' ', '\n']);
                if sign != " " || !(is_spaced || text[at..].starts_with(' ')) {
                    clean.push_str(&sign);
                }
                // A break between two spaces leaves one of them.
                at += usize::from(sign == " " && is_spaced && text[at..].starts_with(' '));
            }
            None => {
                clean.push(c);
                at += c.len_utf8();
            }
        }
    }
    clean.trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_passage_begins_with_a_tag() {
        for (text, clean) in [("<p>Créer</p>", Some("Créer")), ("• Créer <br>", None), ("é>", None), ("<p></p>", None)]
        {
            assert_eq!(passage(text).as_deref(), clean, "{text}");
        }
    }

    #[test]
    fn marks_are_taken_out() {
        for (text, clean) in [
            ("**Objectif** : insérer", "Objectif : insérer"),
            ("Notre **objectif** : **insérer**", "Notre objectif : insérer"),
            ("**Objectif : insérer", "Objectif : insérer"),
            ("Former\n** Insérer", "Former\n Insérer"),
            ("(**insérer**, ***former***)", "(insérer, former)"),
            ("Un <u>pôle</u> de l’<b>ESS</b>", "Un pôle de l’ESS"),
            ("Ligne<br/>suivante", "Ligne suivante"),
            ("<p class=\"x\">Texte</p>", "Texte"),
            ("Marie&nbsp;&amp; C&eacute;line", "Marie & Céline"),
            ("a_x000D_\nb", "a\nb"),
            ("Co&#251;t de l&#8217;&#xC9;t&#xe9;", "Coût de l’Été"),
            ("&Icirc;le, &Ecirc;tre, &Ocirc;", "Île, Être, Ô"),
            ("Ligne <br /> suivante", "Ligne suivante"),
        ] {
            assert_eq!(cleaned(text), clean);
            assert!(has_marks(text));
        }
    }

    #[test]
    fn signs_alone_are_no_marks() {
        for text in [
            "Café & Co",
            "5 * 3",
            "Hôtel** Restaurant",
            "Hôtel*** du Parc",
            "Hôtel ** Restaurant",
            "Hôtel *** Le **",
            "Hôtel** et camping****",
            "Sous réserve**",
            "a < b",
            "< 3 ans, > 2 ans",
            "<a@example.org>",
            "R&D;",
            "mot_clé",
            "<Nom>",
            "é&è",
            "&#;",
            "&#0;",
            "n&#12",
        ] {
            assert!(!has_marks(text), "{text}");
        }
    }
}
