//! The lines of a text, without the marks of an editor, and the paragraphs they make; each knows its place.

use std::collections::VecDeque;
use std::io::{BufRead, BufReader, Read};

use crate::error::{Error, ErrorKind, Result};
use crate::import::{MAX_RECORD_BYTES, read_error};

/// A gap of that many blank lines, or the end of a page, sets apart what follows.
pub(super) const WIDE: u32 = 2;

/// A line that says something.
#[derive(Debug, Clone, Default)]
pub(super) struct Line {
    /// Counted from 1.
    pub number: u64,
    /// Blank lines before it. The beginning of the text and that of a page count as many.
    pub gap: u32,
    /// Whether a page of the source ends just before it.
    pub page: bool,
    /// Whether it is an element of a list: « - », « • ».
    pub bullet: bool,
    /// Whether it begins with a number of a list: « 1. », « 2) ».
    pub numbered: bool,
    /// Whether its marks make a heading of it: « # », or bold from end to end.
    pub heading: bool,
    /// Whether the mark of a signature stands just before it: « -- », RFC 3676, 4.3.
    pub signed: bool,
    /// What it says.
    pub text: String,
    /// The column of each byte of the text, counted in characters from 1.
    columns: Vec<u32>,
}

impl Line {
    /// What the line says, and where: without its bullet, without the stars and tags that a conversion left in it.
    pub fn new(raw: &str) -> Line {
        let mut line = Line::default();
        let mut column = 1;
        let mut marks = 0;
        let mut is_marked_at_start = false;
        // What is trimmed at each mark would else be looked at again for each.
        let mut rest = raw.trim_end();
        let mut says_nothing_yet = true;
        while let Some(c) = rest.chars().next() {
            let mark = mark(rest);
            let taken = mark.map_or(c.len_utf8(), |(length, _)| length);
            match mark {
                Some(_) => {
                    marks += 1;
                    is_marked_at_start |= says_nothing_yet;
                }
                None => {
                    says_nothing_yet &= c.is_whitespace();
                    line.text.push(c);
                    line.columns.extend(std::iter::repeat_n(column, c.len_utf8()));
                }
            }
            if mark.is_some_and(|(_, is_break)| is_break) {
                line.text.push(' ');
                line.columns.push(column);
            }
            column += rest[..taken].chars().count() as u32;
            let ends_marked = mark.is_some() && taken == rest.len();
            line.heading |= is_marked_at_start && marks == 2 && ends_marked;
            rest = &rest[taken..];
        }
        // « > » quotes a mail.
        line.cut(|text| text.trim_start_matches(|c: char| c == '>' || c.is_whitespace()));
        let hashes = line.text.len() - line.text.trim_start_matches('#').len();
        if (1..=6).contains(&hashes) && line.text[hashes..].starts_with(' ') {
            line.heading = true;
            line.cut(|text| text[hashes..].trim_start());
        }
        let mut signs = line.text.chars();
        if signs.next().is_some_and(|c| "-•*–—·▪■►→‣◦●○✓".contains(c)) && signs.next().is_some_and(char::is_whitespace)
        {
            line.bullet = true;
            line.cut(|text| text.trim_start_matches(|c: char| !c.is_alphanumeric() && !"«\"(’'“".contains(c)));
        }
        line.text.truncate(line.text.trim_end().len());
        line.numbered = without_number(&line.text).len() < line.text.len();
        // A rule of hyphens, a bar: drawn, not said.
        if !line.text.contains(char::is_alphanumeric) {
            line.text.clear();
        }
        line
    }

    /// Takes away what `shorter` leaves out at the beginning.
    fn cut(&mut self, shorter: impl Fn(&str) -> &str) {
        let length = self.text.len() - shorter(&self.text).len();
        self.text.drain(..length);
        self.columns.drain(..length);
    }

    /// The column of a byte of the text.
    pub fn column(&self, at: usize) -> u32 {
        self.columns.get(at).or(self.columns.last()).copied().unwrap_or(1)
    }
}

/// A text without the number of a list before it.
pub(super) fn without_number(text: &str) -> &str {
    let digits = text.len() - text.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    let rest = text[digits..].strip_prefix(['.', ')']).filter(|rest| rest.starts_with(char::is_whitespace));
    rest.filter(|_| (1..=2).contains(&digits)).map_or(text, str::trim_start)
}

/// The length of the mark of an editor at the beginning of a text, and whether it stands for a space.
fn mark(text: &str) -> Option<(usize, bool)> {
    /// No tag of a conversion is longer.
    const LONGEST: usize = 41;
    if text.starts_with("**") || text.starts_with("__") {
        return Some((2, false));
    }
    let inner = text.strip_prefix('<')?;
    let inner = &inner[..inner.bytes().take(LONGEST).position(|byte| byte == b'>')?];
    let name = inner.trim_matches('/').split([' ', '/']).next()?;
    let is_break = ["br", "p", "div", "li"].iter().any(|tag| name.eq_ignore_ascii_case(tag));
    let is_mark =
        ["b", "em", "font", "i", "span", "strong", "sup", "u"].iter().any(|tag| name.eq_ignore_ascii_case(tag));
    (is_break || is_mark).then_some((inner.len() + 2, is_break))
}

/// Reads the lines of a text one after the other, and looks some of them ahead.
pub(super) struct Lines<R: Read> {
    source: BufReader<R>,
    number: u64,
    /// Pieces of a line that a form feed or an old Mac's line break divides.
    pieces: VecDeque<(String, bool)>,
    ahead: VecDeque<Line>,
    gap: u32,
    page: bool,
    signed: bool,
    /// Whether all bytes so far are UTF-8.
    pub is_utf8: bool,
    ended: bool,
}

impl<R: Read> Lines<R> {
    pub fn new(source: R) -> Lines<R> {
        Lines {
            source: BufReader::with_capacity(1 << 16, source),
            number: 0,
            pieces: VecDeque::new(),
            ahead: VecDeque::new(),
            gap: WIDE,
            page: false,
            signed: false,
            is_utf8: true,
            ended: false,
        }
    }

    /// The next line that says something.
    pub fn next(&mut self) -> Result<Option<Line>> {
        self.look(1)?;
        Ok(self.ahead.pop_front())
    }

    /// The next `count` lines, as far as there are so many; they remain to be read.
    pub fn look(&mut self, count: usize) -> Result<&VecDeque<Line>> {
        while self.ahead.len() < count && !self.ended {
            match self.read()? {
                Some(line) => self.ahead.push_back(line),
                None => self.ended = true,
            }
        }
        Ok(&self.ahead)
    }

    fn read(&mut self) -> Result<Option<Line>> {
        loop {
            let Some((raw, page)) = self.pieces.pop_front() else {
                if self.fill()? {
                    continue;
                }
                return Ok(None);
            };
            if page {
                self.page = true;
                self.gap = self.gap.max(WIDE);
            } else {
                self.number += 1;
            }
            let line = Line::new(&raw);
            if line.text.is_empty() {
                self.gap += u32::from(!page);
                self.signed |= raw.trim_matches(|c: char| c == '>' || c.is_whitespace()) == "--";
                continue;
            }
            let (gap, page) = (std::mem::take(&mut self.gap), std::mem::take(&mut self.page));
            let signed = std::mem::take(&mut self.signed);
            return Ok(Some(Line { number: self.number, gap, page, signed, ..line }));
        }
    }

    /// Takes the next line of the source apart; answers whether there was one.
    fn fill(&mut self) -> Result<bool> {
        let mut bytes = Vec::new();
        let limit = MAX_RECORD_BYTES as u64;
        let read =
            self.source.by_ref().take(limit).read_until(b'\n', &mut bytes).map_err(|error| read_error(&error))?;
        if read as u64 == limit {
            return Err(too_long(self.number + 1));
        }
        if read == 0 {
            return Ok(false);
        }
        if memchr::memchr(0, &bytes).is_some() {
            return Err(Error::new(
                ErrorKind::Syntax,
                "caractère nul : le fichier est abîmé ou n’est pas du texte ; enregistrez-le de nouveau en texte UTF-8",
                "NUL character: the file is damaged or is not text; save it again as UTF-8 text",
            )
            .at(self.number + 1, None));
        }
        let text = match std::str::from_utf8(&bytes) {
            Ok(text) => text.to_owned(),
            Err(_) => {
                // What a French Windows writes.
                self.is_utf8 = false;
                encoding_rs::WINDOWS_1252.decode_without_bom_handling(&bytes).0.into_owned()
            }
        };
        let text = text.trim_end_matches('\n');
        let text = text.strip_suffix('\r').unwrap_or(text);
        for part in text.split('\r') {
            for (rank, piece) in part.split('\u{c}').enumerate() {
                self.pieces.push_back((piece.to_owned(), rank > 0));
            }
        }
        Ok(true)
    }
}

/// The error of a record, or a line, that cannot be one.
pub(super) fn too_long(line: u64) -> Error {
    Error::new(
        ErrorKind::Limit,
        format!("un passage dépasse {} Mo ; le fichier est abîmé ou n’est pas un texte", MAX_RECORD_BYTES >> 20),
        format!("a passage exceeds {} MB; the file is damaged or not a text", MAX_RECORD_BYTES >> 20),
    )
    .at(line, None)
}

/// A paragraph, or an element of a list: one text, made of lines that know their places.
#[derive(Debug, Clone, Default)]
pub(super) struct Paragraph {
    pub gap: u32,
    pub bullet: bool,
    pub numbered: bool,
    pub heading: bool,
    pub signed: bool,
    /// The lines joined: by a space where the page's width broke them, else by a line break.
    pub text: String,
    /// Where each line begins in the text.
    lines: Vec<(usize, Line)>,
}

impl Paragraph {
    /// The text of a line from a byte on.
    pub fn new(line: &Line, from: usize) -> Paragraph {
        let mut paragraph = Paragraph {
            gap: line.gap,
            // What stands behind a label is no element of a list, though the label may be.
            bullet: line.bullet && from == 0,
            numbered: line.numbered && from == 0,
            heading: line.heading,
            signed: line.signed,
            ..Paragraph::default()
        };
        paragraph.push(line, from);
        paragraph
    }

    /// Adds a line, from a byte on.
    pub fn push(&mut self, line: &Line, from: usize) {
        let text = &line.text[from..];
        let from = from + text.len() - text.trim_start().len();
        let text = text.trim_start();
        if text.is_empty() {
            return;
        }
        if !self.text.is_empty() {
            self.heading = false;
            self.text.push(if self.is_broken_before(text) { ' ' } else { '\n' });
        }
        let mut columns = line.clone();
        columns.cut(|text| &text[from..]);
        self.lines.push((self.text.len(), columns));
        self.text.push_str(text);
    }

    /// Whether the page's width, not the writer, ended the last line before `next`.
    fn is_broken_before(&self, next: &str) -> bool {
        /// Shorter lines are hardly ever broken by the width of a page or a mail.
        const SHORT: usize = 50;
        let last = self.lines.last().map_or("", |(start, _)| &self.text[*start..]);
        goes_on(last, next) || last.chars().count() >= SHORT && !last.ends_with(['.', ';', ':', '!', '?'])
    }

    /// Several paragraphs as one.
    pub fn joined(paragraphs: &[Paragraph]) -> Paragraph {
        let mut whole = Paragraph::default();
        for paragraph in paragraphs {
            if !whole.text.is_empty() {
                let is_broken = !paragraph.bullet && !paragraph.numbered && goes_on(&whole.text, &paragraph.text);
                whole.text.push(if is_broken { ' ' } else { '\n' });
            }
            if paragraph.bullet {
                whole.text.push_str("- ");
            }
            let start = whole.text.len();
            whole.lines.extend(paragraph.lines.iter().map(|(at, line)| (start + at, line.clone())));
            whole.text.push_str(&paragraph.text);
        }
        whole
    }

    /// Whether a part is one of this text.
    pub fn holds(&self, part: &str) -> bool {
        self.text.as_bytes().as_ptr_range().contains(&part.as_ptr())
    }

    /// Where a part of the text stands: its line and column.
    pub fn place(&self, part: &str) -> (u64, u32) {
        let start = self.text.as_ptr() as usize;
        // A part of another text stands at the beginning of this one.
        let at = (part.as_ptr() as usize).checked_sub(start).filter(|at| *at <= self.text.len()).unwrap_or(0);
        let next = self.lines.partition_point(|(from, _)| *from <= at);
        let Some((from, line)) = next.checked_sub(1).and_then(|rank| self.lines.get(rank)) else { return (1, 1) };
        (line.number, line.column(at - from))
    }

    /// How many lines it has.
    pub fn height(&self) -> usize {
        self.lines.len()
    }

    /// Its first line.
    pub fn first_line(&self) -> u64 {
        self.lines.first().map_or(1, |(_, line)| line.number)
    }

    /// Its last line.
    pub fn last_line(&self) -> u64 {
        self.lines.last().map_or(1, |(_, line)| line.number)
    }
}

/// Whether a text is not complete without what follows: it ends in a comma, a hyphen or a preposition, or what follows
/// begins in lower case.
pub(super) fn goes_on(text: &str, next: &str) -> bool {
    let text = text.trim_end();
    let last = text.rsplit(|c: char| c.is_whitespace() || c == '’' || c == '\'').next().unwrap_or("");
    text.ends_with([',', '-', '–', '/', '(', '’', '\''])
        || ["à", "au", "aux", "de", "des", "du", "en", "et", "la", "le", "les", "ou", "par", "pour"].contains(&last)
        || next.chars().next().is_some_and(char::is_lowercase) && !text.ends_with(['.', ';'])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(text: &str) -> Vec<Line> {
        let mut lines = Lines::new(text.as_bytes());
        let mut all = Vec::new();
        while let Some(line) = lines.next().unwrap() {
            all.push(line);
        }
        all
    }

    #[test]
    fn marks_are_no_text_and_places_are_those_of_the_source() {
        let all = lines("## Titre\n\n**Contact**\n- <u>Nom</u> : **Camille**\n> > cité\n---\n\u{a0}\n  fin");
        let said: Vec<(u64, u32, bool, bool, &str)> =
            all.iter().map(|line| (line.number, line.gap, line.bullet, line.heading, line.text.as_str())).collect();
        assert_eq!(
            said,
            [
                (1, 2, false, true, "Titre"),
                (3, 1, false, true, "Contact"),
                (4, 0, true, false, "Nom : Camille"),
                (5, 0, false, false, "cité"),
                (8, 2, false, false, "fin"),
            ]
        );
        let at = all[2].text.find("Camille").unwrap();
        assert_eq!(all[2].column(at), 18);
        assert_eq!((all[3].column(0), all[4].column(0)), (5, 3));
    }

    #[test]
    fn a_page_is_a_wide_gap() {
        let all = lines("un\u{c}deux\rtrois\r\n");
        let said: Vec<(u64, bool, u32)> = all.iter().map(|line| (line.number, line.page, line.gap)).collect();
        assert_eq!(said, [(1, false, 2), (1, true, 2), (2, false, 0)]);
    }

    #[test]
    fn lines_that_the_page_broke_are_joined() {
        let all = lines("bassin de Tours,\nde Blois\n\nLa Ferme\nLe Moulin");
        let mut first = Paragraph::new(&all[0], 0);
        first.push(&all[1], 0);
        assert_eq!(first.text, "bassin de Tours, de Blois");
        assert_eq!(first.place(&first.text[20..]), (2, 4));
        let mut second = Paragraph::new(&all[2], 0);
        second.push(&all[3], 0);
        assert_eq!(second.text, "La Ferme\nLe Moulin");
    }
}
