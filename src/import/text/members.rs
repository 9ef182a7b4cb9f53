//! A list of partners: names with what is said of them, under the headings that group them.

use crate::text::families;
use crate::text::fold::folded;
use crate::text::words::words;

use super::lines::Paragraph;

/// A part of one of the paragraphs: its rank, and the text.
pub(super) type Part<'a> = (usize, &'a str);

/// A heading, and where it stands.
pub(super) type Group<'a> = (Part<'a>, String);

/// One partner.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Member<'a> {
    /// Its name, without an article that does not belong to it.
    pub name: String,
    /// Where the name stands.
    pub place: Part<'a>,
    /// The heading above it.
    pub group: Option<Group<'a>>,
    /// What the text says of it.
    pub note: Option<String>,
    /// Where that stands.
    pub note_place: Option<Part<'a>>,
    /// Its family, where words tell it.
    pub family: Option<&'static str>,
}

/// The partners of a list, and the paragraphs that name none.
pub(super) fn parse(paragraphs: &[Paragraph]) -> (Vec<Member<'_>>, Vec<usize>) {
    let mut members = Vec::new();
    let mut rest = Vec::new();
    let mut group = None;
    for (rank, paragraph) in paragraphs.iter().enumerate() {
        let text = paragraph.text.trim();
        let bare = text.trim_end_matches([':', ' ', '\u{a0}']);
        let is_label = text.ends_with(':') && !bare.contains(':');
        if !paragraph.bullet && (is_label || paragraph.heading && families::is_heading(bare)) {
            group = Some(((rank, bare), bare.to_owned()));
        } else if !paragraph.bullet && is_prose(text) {
            rest.push(rank);
        } else {
            let mut list = List { rank, group: group.clone(), members: &mut members };
            for line in text.split('\n') {
                for sentence in sentences(line) {
                    for clause in split(sentence, &[';']) {
                        list.clause(clause);
                    }
                }
            }
        }
    }
    for member in &mut members {
        member.family = families::family(
            &member.name,
            member.note.as_deref(),
            member.group.as_ref().map(|(_, text)| text.as_str()),
        );
    }
    (members, rest)
}

/// Whether a text tells something in a sentence, so that it is no name.
fn is_prose(text: &str) -> bool {
    const VERBS: &[&str] = &[
        "a",
        "appuie",
        "associe",
        "compte",
        "comprend",
        "constituent",
        "emploie",
        "est",
        "fédère",
        "mobilise",
        "ont",
        "participent",
        "permet",
        "rassemble",
        "rassemblent",
        "regroupe",
        "regroupent",
        "réunit",
        "sont",
    ];
    text.ends_with('.') && words(text).count() > 5 && words(text).any(|word| VERBS.contains(&word.text))
}

/// The sentences of a line: at a period before a capital, but for initials; and after « etc. ».
fn sentences(line: &str) -> Vec<&str> {
    let mut found = Vec::new();
    let mut from = 0;
    let mut depth = 0_i32;
    for (at, c) in line.char_indices() {
        depth += i32::from(c == '(') - i32::from(c == ')');
        if c != '.' || depth > 0 {
            continue;
        }
        let rest = &line[at + 1..];
        let next = rest.trim_start();
        let word = line[from..at].rsplit(|c: char| !c.is_alphanumeric()).next().unwrap_or("");
        let is_after_etc = folded(word) == "etc";
        let is_end = next.starts_with(char::is_uppercase) && word.chars().count() > 2
            || next.starts_with(char::is_uppercase) && line[from..at].ends_with([')', '»']);
        if rest.len() > next.len() && (is_end || is_after_etc && next.starts_with(char::is_alphabetic)) {
            found.push(&line[from..at]);
            from = line.len() - next.len();
        }
    }
    found.push(&line[from..]);
    found
}

/// The text at some of its characters that stand in no brackets.
fn split<'a>(text: &'a str, at: &[char]) -> Vec<&'a str> {
    let mut found = Vec::new();
    let (mut from, mut depth) = (0, 0_i32);
    for (place, c) in text.char_indices() {
        match c {
            '(' => depth += 1,
            ')' => depth = (depth - 1).max(0),
            c if depth == 0 && at.contains(&c) => {
                found.push(&text[from..place]);
                from = place + c.len_utf8();
            }
            _ => {}
        }
    }
    found.push(&text[from..]);
    found
}

/// A text without what ends a list: « etc. », points, commas.
fn ended(text: &str) -> &str {
    let mut text = text.trim();
    loop {
        let shorter = text.trim_end_matches(|c: char| c.is_whitespace() || ".…;,:".contains(c));
        let shorter = shorter.strip_suffix(" etc").or(shorter.strip_suffix(",etc")).unwrap_or(shorter);
        let shorter = if shorter == "etc" { "" } else { shorter };
        if shorter.len() == text.len() {
            // An abbreviation keeps its point.
            return text;
        }
        text = shorter;
    }
}

/// The first bracket of a text: what stands before, within and after it.
fn bracket(text: &str) -> Option<(&str, &str, &str)> {
    let open = text.find('(')?;
    let mut depth = 0;
    for (at, c) in text[open..].char_indices() {
        depth += i32::from(c == '(') - i32::from(c == ')');
        if depth == 0 {
            return Some((&text[..open], &text[open + 1..open + at], &text[open + at + 1..]));
        }
    }
    None
}

/// Where the members of one paragraph go.
struct List<'m, 'a> {
    rank: usize,
    group: Option<Group<'a>>,
    members: &'m mut Vec<Member<'a>>,
}

impl<'a> List<'_, 'a> {
    /// Members, perhaps under a heading of their own: « Réseaux : A, B », « Réseaux dont A, B », « Réseaux (A, B) ».
    fn clause(&mut self, clause: &'a str) {
        let whole = clause.trim().trim_end_matches([';', ':', ' ', '\u{a0}']);
        let clause = ended(clause);
        let rank = self.rank;
        let group = |text: &'a str| Some(((rank, text), text.to_owned()));
        let heading = |text: &'a str| Some(text.trim()).filter(|text| families::is_heading(text));
        let halves = split(clause, &[':']);
        if let [head, _, ..] = halves.as_slice() {
            let (head, split_at) = (*head, head.len() + 1);
            match heading(head) {
                Some(head) => self.list(&clause[split_at..], group(head)),
                None => {
                    let told = whole[whole.len().min(split_at)..].trim();
                    let told = if told.ends_with("etc.") { told } else { ended(told) };
                    self.member(head, Some(told), false);
                }
            }
            return;
        }
        if let Some((head, tail)) = clause.split_once(" dont ")
            && let Some(head) = heading(head)
        {
            return self.list(tail, group(head));
        }
        if let Some((head, inner, after)) = bracket(clause)
            && inner.contains(',')
            && inner.starts_with(char::is_uppercase)
            && heading(head).is_some()
        {
            // « Des entreprises (A, B) et groupements d’entreprises »: what follows the bracket belongs to the heading,
            // which stands around its members.
            let text = [head.trim(), after.trim()].join(" ");
            return self.list(inner, Some(((rank, head.trim()), text.trim().to_owned())));
        }
        self.list(clause, self.group.clone());
    }

    /// Members one after the other.
    fn list(&mut self, text: &'a str, group: Option<Group<'a>>) {
        let before = std::mem::replace(&mut self.group, group);
        let pieces = split(text, &[',']);
        let count = pieces.len();
        for (rank, piece) in pieces.into_iter().enumerate() {
            // « Artois Comm., Lens »: a point before a comma shortens a word.
            let piece =
                if rank + 1 < count && !piece.trim_end().ends_with("etc.") { piece.trim() } else { ended(piece) };
            let piece = piece.strip_prefix("et ").unwrap_or(piece).trim();
            let continues = ["de ", "de la ", "des ", "du ", "d'", "d’"].iter().any(|start| piece.starts_with(start));
            let outside = bracket(piece).map_or(piece, |(before, ..)| before);
            let is_remark = !outside.contains(char::is_uppercase) && !outside.contains(|c: char| c.is_ascii_digit());
            match self.members.last_mut().filter(|_| rank > 0 && !piece.is_empty()) {
                Some(last) if continues => {
                    last.name.push_str(", ");
                    last.name.push_str(piece);
                }
                Some(last) if is_remark && !families::is_common(piece) => {
                    for remark in remarks(piece) {
                        add(&mut last.note, remark);
                    }
                    last.note_place = last.note_place.or(Some((self.rank, piece)));
                }
                _ => {
                    let pieces = parted(piece);
                    let several = count > 1 || pieces.len() > 1;
                    for piece in pieces {
                        self.member(piece, None, several);
                    }
                }
            }
        }
        self.group = before;
    }

    /// One member, and what is told of it; a name among several in running words gets its capital.
    fn member(&mut self, text: &'a str, told: Option<&'a str>, several: bool) {
        let text = text.trim();
        let mut notes: Vec<&'a str> = Vec::new();
        let mut name = String::new();
        let mut rest = text;
        while let Some((before, inner, after)) = bracket(rest) {
            // « Tour(s) plus »: a bracket within a word is a part of it.
            if !before.is_empty() && !before.ends_with(char::is_whitespace) {
                name.push_str(&rest[..rest.len() - after.len()]);
                rest = after;
                continue;
            }
            name.push_str(before);
            notes.push(inner.trim());
            rest = after;
            let after = after.trim_start_matches([',', ' ', '\u{a0}']);
            if after.starts_with(char::is_lowercase) {
                let first = after.split(' ').next().unwrap_or("");
                notes.push(if first == "regroupant" { after[first.len()..].trim() } else { after });
                rest = "";
            }
        }
        name.push_str(rest);
        let name = name.split_whitespace().collect::<Vec<_>>().join(" ");
        let name = without_article(name.trim_matches(|c: char| c.is_whitespace() || ",;".contains(c)));
        let name = if several { capitalised(&name) } else { name };
        if name.is_empty() {
            return;
        }
        notes.extend(told.filter(|told| !told.is_empty()));
        let mut note = None;
        for text in &notes {
            let is_open = text.matches('(').count() < text.matches(')').count();
            let text = if is_open { text.trim_end_matches([')', ' ']) } else { text };
            add(&mut note, if text.ends_with("etc.") { text } else { text.trim_end_matches(['.', ' ']) });
        }
        let note_place = notes.first().map(|text| (self.rank, *text));
        let (place, group) = ((self.rank, text), self.group.clone());
        self.members.push(Member { name, place, group, note, note_place, family: None });
    }
}

fn add(note: &mut Option<String>, text: &str) {
    match note {
        Some(note) => {
            note.push_str(" ; ");
            note.push_str(text);
        }
        None => *note = Some(text.to_owned()),
    }
}

/// A remark, its bracket set apart.
fn remarks(piece: &str) -> Vec<&str> {
    let parts = match bracket(piece) {
        Some((before, inner, after)) => vec![before, inner, after],
        None => vec![piece],
    };
    let parts = parts.into_iter().map(|part| part.trim().trim_start_matches("regroupant ").trim());
    parts.filter(|part| !part.is_empty()).collect()
}

/// « Le Moulin et l’épicerie Rosalie »: an article after « et » begins another name.
fn parted(text: &str) -> Vec<&str> {
    let articles = [" et l'", " et l’", " et la ", " et le ", " et les "];
    /// More words before « et » are those of one long name.
    const LONGEST: usize = 4;
    let at = articles.iter().filter_map(|article| text.find(article)).min();
    match at.filter(|at| !text[..*at].contains('(') && words(&text[..*at]).count() <= LONGEST) {
        Some(at) => vec![&text[..at], &text[at + 4..]],
        None => vec![text],
    }
}

/// A name without an article that is not a part of it: « La communauté de communes », but « La Roue libre ».
fn without_article(name: &str) -> String {
    let articles = [
        "Les ", "les ", "Le ", "le ", "La ", "la ", "L'", "l'", "L’", "l’", "Un ", "un ", "Une ", "une ", "Des ",
        "des ",
    ];
    let Some(rest) = articles.iter().find_map(|article| name.strip_prefix(article)) else { return name.to_owned() };
    let is_written_small = name.starts_with(char::is_lowercase);
    let first = rest.split(|c: char| !c.is_alphanumeric()).next().unwrap_or("");
    let is_acronym = first.chars().count() > 1 && first.chars().all(char::is_uppercase);
    let is_indefinite = folded(name).starts_with(['u', 'd']);
    let goes = is_indefinite
        || is_written_small
        || is_acronym
        || first.starts_with(char::is_lowercase)
        || families::is_common(rest);
    if goes { capitalised(rest) } else { name.to_owned() }
}

/// A text with a capital at its beginning.
pub(super) fn capitalised(text: &str) -> String {
    let mut letters = text.chars();
    match letters.next() {
        Some(first) => first.to_uppercase().chain(letters).collect(),
        None => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::super::lines::Lines;
    use super::*;

    fn shown(text: &str) -> Vec<String> {
        let mut lines = Lines::new(text.as_bytes());
        let mut paragraphs: Vec<Paragraph> = Vec::new();
        while let Some(line) = lines.next().unwrap() {
            paragraphs.push(Paragraph::new(&line, 0));
        }
        let (members, rest) = parse(&paragraphs);
        let of = |member: Member<'_>| {
            let group = member.group.map_or(String::new(), |(_, group)| group);
            format!("{}|{}|{}", member.name, group, member.note.unwrap_or_default())
        };
        members.into_iter().map(of).chain(rest.into_iter().map(|rank| format!("- {}", paragraphs[rank].text))).collect()
    }

    #[test]
    fn members_and_their_headings() {
        for (text, expected) in [
            ("Les PME :\n- Bois (menuiserie).\n- Lin.", &["Bois|Les PME|menuiserie", "Lin|Les PME|"][..]),
            ("La force du PTCE est dans ses dix membres.", &["- La force du PTCE est dans ses dix membres."]),
            ("Bois du Bray. Lin du Bray. A. Petit.", &["Bois du Bray||", "Lin du Bray||", "A. Petit||"]),
            ("- GD (groupement), DI (chantier vert).", &["GD||groupement", "DI||chantier vert"]),
            (
                "- Réseaux dont le RS (Réseau S), la chambre régionale de l'ESS Nord, et l'AP (Acteurs P).",
                &["RS|Réseaux|Réseau S", "Chambre régionale de l'ESS Nord|Réseaux|", "AP|Réseaux|Acteurs P"],
            ),
            (
                "Des collectivités : Lens, Liévin, la ville de Carvin.",
                &["Lens|Des collectivités|", "Liévin|Des collectivités|", "Ville de Carvin|Des collectivités|"],
            ),
            ("Bois 05 (vingt membres) : élus, artisans", &["Bois 05||vingt membres ; élus, artisans"]),
            ("Lin, Bois, etc.", &["Lin||", "Bois||"]),
            ("La Roue libre, la NEF, l'association des amis", &["La Roue libre||", "NEF||", "Association des amis||"]),
            ("- Réactif, entreprise adaptée (conseil).", &["Réactif||entreprise adaptée ; conseil"]),
            (
                "- Conseils généraux de la Vienne, de la Charente, DRAC",
                &["Conseils généraux de la Vienne, de la Charente||", "DRAC||"],
            ),
            ("- L'Union des artisans (UA), regroupant dix ateliers.", &["Union des artisans||UA ; dix ateliers"]),
            ("- Groupement pour l'emploi (GE) BTP Landes.", &["Groupement pour l'emploi BTP Landes||GE"]),
            ("- Tour(s) plus.", &["Tour(s) plus||"]),
            ("- Le Moulin et l'épicerie Rosalie.", &["Le Moulin||", "Épicerie Rosalie||"]),
            (
                "Bois, Lin, etc. bailleurs sociaux (ADO, COA); entreprises (SOL, TIB, etc.), etc.",
                &[
                    "Bois||",
                    "Lin||",
                    "ADO|bailleurs sociaux|",
                    "COA|bailleurs sociaux|",
                    "SOL|entreprises|",
                    "TIB|entreprises|",
                ],
            ),
        ] {
            assert_eq!(shown(text), expected, "{text}");
        }
    }
}
