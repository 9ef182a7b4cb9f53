//! OpenDocument workbooks: one part holds all sheets. Cells and rows that stand for several are split where one of them gets
//! a note.

use std::collections::{BTreeMap, BTreeSet};

use super::listing::{COLUMNS, Line, Listing, PLACE_COLUMN, Placed};
use super::markup::{Edits, Element, Kind, Part, Token, escaped, tokens};
use super::package::Package;
use super::remark::{Remark, note};
use super::values::{self, Refusal, Rewritten, Value};
use super::{Done, Options};
use crate::error::Result;
use crate::finding::Level;
use crate::guide;
use crate::import::workbook::{damaged, password, scan};
use crate::language::Language;

const CONTENT: &str = "content.xml";
const MANIFEST: &str = "META-INF/manifest.xml";
/// Where what gives the original back is kept.
pub(super) const ORIGINAL: &str = "ptce/original.dat";
/// Rows of a sheet.
const MAX_ROWS: u64 = 1 << 20;

/// The colour behind a flagged cell.
fn colour(level: Level) -> &'static str {
    match level {
        Level::Error => "#ffc9cf",
        Level::Warning => "#ffe99c",
        Level::Info => "#dceaf9",
    }
}

const LEVELS: [Level; 3] = [Level::Error, Level::Warning, Level::Info];

fn part(package: &mut Package, path: &str) -> Result<Part> {
    let bytes = package.read(path)?.ok_or_else(|| damaged("il n’a pas de contenu", "it has no content"))?;
    Part::decode(&bytes).ok_or_else(|| {
        damaged(
            &format!("la partie « {path} » n’est pas du XML en UTF-8"),
            &format!("the part “{path}” is not XML in UTF-8"),
        )
    })
}

/// Refuses a workbook that is encrypted, or whose signature would no longer be true.
pub(super) fn check(package: &mut Package, breaks: bool) -> Result<()> {
    if let Some(manifest) = package.read(MANIFEST)?
        && memchr::memmem::find(&manifest, b"encryption-data").is_some()
    {
        return Err(password());
    }
    match package.has("META-INF/documentsignatures.xml") && !breaks {
        true => Err(super::signed()),
        false => Ok(()),
    }
}

/// The element that holds the sheets, and the sheets.
fn tables(text: &str) -> Option<(Element<'_>, Vec<Element<'_>>)> {
    let book = Element::find(text, "spreadsheet", 0)?;
    let tables = book.children(text).filter(|child| child.tag.name() == "table").collect();
    Some((book, tables))
}

/// What the first cell of a sheet says.
fn first_text(text: &str, table: &Element<'_>) -> String {
    let inside = tokens(text, table.inner.start).take_while(|token| token.start < table.inner.end);
    let cell = { inside }.find(|token| token.opens("table-cell")).map(|cell| Element::of(text, cell));
    cell.map_or(String::new(), |cell| plain_text(&text[cell.inner]))
}

/// A text without its tags.
fn plain_text(text: &str) -> String {
    let texts = tokens(text, 0).filter(|token| token.kind == Kind::Text);
    texts.map(|token| scan::shown(token.text.as_bytes())).collect()
}

/// Gives cells other values.
pub(super) fn rewrite(package: &mut Package, values: &[Value], done: &mut Rewritten) -> Result<()> {
    let content = part(package, CONTENT)?;
    let text = content.text.clone();
    let (_, all) = tables(&text).ok_or_else(values::none)?;
    let names: Vec<String> = all.iter().map(|table| table.tag.attribute("table:name").unwrap_or_default()).collect();
    let mut by_sheet: BTreeMap<usize, BTreeMap<(u64, u32), usize>> = BTreeMap::new();
    for (rank, value) in values.iter().enumerate() {
        match names.iter().position(|name| *name == value.sheet) {
            Some(sheet) => {
                by_sheet.entry(sheet).or_default().insert(value.cell, rank);
            }
            None => done.refused[rank] = Some(Refusal::Absent),
        }
    }
    let mut edits = Edits::default();
    for (sheet, cells) in by_sheet {
        let places = cells.keys().copied().collect();
        let mut met = vec![false; values.len()];
        let (mut is_changed, mut of_sheet) = (false, Edits::default());
        let mut make = |spot: Spot<'_>| {
            let as_it_is = || plain_cell(spot.text, spot.cell, 1);
            let Some(rank) = cells.get(&spot.place) else { return as_it_is() };
            met[*rank] = true;
            match new_text(&spot, &values[*rank]) {
                Err(refusal) => {
                    done.refused[*rank] = Some(refusal);
                    as_it_is()
                }
                Ok(new) => {
                    is_changed = true;
                    revalued(&spot, &new, values[*rank].is_number)
                }
            }
        };
        Table { text: &text, places: &places, make: &mut make, columns: Vec::new() }.edit(&all[sheet], &mut of_sheet);
        for rank in cells.values().filter(|rank| !met[**rank]) {
            done.refused[*rank] = Some(Refusal::Absent);
        }
        // Rows that are split for a value that stays would be a change all the same.
        if is_changed {
            edits.join(of_sheet);
        }
    }
    done.apply(package, CONTENT, content, edits);
    Ok(())
}

/// The new text of a cell, or why it stays as it is.
fn new_text(spot: &Spot<'_>, value: &Value) -> Result<String, Refusal> {
    let Spot { text, cell, .. } = spot;
    if cell.tag.attribute("table:formula").is_some() {
        return Err(Refusal::Formula);
    }
    if cell.tag.name() != "table-cell" {
        return Err(Refusal::OtherText);
    }
    let lines = cell.children(text).filter(|child| child.tag.name() == "p");
    let shown = lines.map(|line| line_text(text, &line)).collect::<Vec<_>>().join("\n");
    let number = ["office:value", "office:date-value", "office:string-value"];
    let number = number.iter().find_map(|name| cell.tag.attribute(name));
    let Value { before, after, .. } = value;
    match number {
        Some(number) if values::is_same_number(&number, before) => Ok(after.clone()),
        _ => values::replaced(&shown, before, after).ok_or(Refusal::OtherText),
    }
}

/// The text of a paragraph, with the blanks that stand in it as elements.
fn line_text(text: &str, line: &Element<'_>) -> String {
    let mut said = String::new();
    for token in tokens(text, line.inner.start).take_while(|token| token.start < line.inner.end) {
        match (token.kind, token.name()) {
            (Kind::Text, _) => said.push_str(&scan::shown(token.text.as_bytes())),
            (Kind::Open | Kind::Empty, "s" | "tab") => said.push(' '),
            (Kind::Open | Kind::Empty, "line-break") => said.push('\n'),
            _ => {}
        }
    }
    said
}

/// A cell with another value.
fn revalued(spot: &Spot<'_>, new: &str, is_number: bool) -> String {
    let Spot { text, cell, .. } = spot;
    let mut tag = spot.tag();
    let mut set = |name: &str, to: Option<&str>| {
        tag = Token { kind: cell.tag.kind, start: 0, text: &tag }.with(name, to);
    };
    for name in ["value", "date-value", "time-value", "boolean-value", "string-value", "currency"] {
        set(&format!("office:{name}"), None);
    }
    let (kind, number) = match (new.is_empty(), is_number) {
        (true, _) => (None, None),
        (false, true) => (Some("float"), Some(new)),
        (false, false) => (Some("string"), None),
    };
    set("office:value-type", kind);
    set("office:value", number);
    if cell.tag.attribute("calcext:value-type").is_some() {
        set("calcext:value-type", kind);
    }
    let mut edits = Edits::default();
    let lines: Vec<Element<'_>> = cell.children(text).filter(|child| child.tag.name() == "p").collect();
    let new = new.lines().map(|line| format!("<text:p>{}</text:p>", escaped(line))).collect::<String>();
    match lines.first() {
        Some(first) => edits.replace(first.tag.start..first.end, new),
        None => edits.insert(cell.inner.end, new),
    }
    lines.iter().skip(1).for_each(|line| edits.replace(line.tag.start..line.end, ""));
    let whole = edits.apply(&text[..cell.inner.end]);
    spot.whole(&tag, &whole[cell.inner.start..])
}

/// Takes what we added out of a copy that another program has saved since, as far as it is known to be ours.
pub(super) fn clean(package: &mut Package) -> Result<()> {
    let mut content = part(package, CONTENT)?;
    let text = &content.text;
    let mut edits = Edits::default();
    let Some((_, all)) = tables(text) else { return Ok(()) };
    for table in all {
        if guide::is_findings(first_text(text, &table).trim()) {
            edits.replace(table.tag.start..table.end, "");
            continue;
        }
        let inside = tokens(text, table.inner.start).take_while(|token| token.start < table.inner.end);
        for note in inside.filter(|token| token.opens("annotation")).map(|token| Element::of(text, token)) {
            unannotate(text, &note, &mut edits);
        }
    }
    for style in tokens(text, 0).filter(|token| token.opens("table-cell-properties")) {
        let colour_of = style.attribute("fo:background-color").unwrap_or_default();
        if LEVELS.iter().any(|level| colour(*level).eq_ignore_ascii_case(&colour_of)) {
            edits.retag(&style, style.with("fo:background-color", None));
        }
    }
    if !edits.is_empty() {
        content.text = edits.apply(text);
        package.write(CONTENT, content.encode());
    }
    forget_original(package)
}

/// Takes our lines out of a note, and the note with its last line.
fn unannotate(text: &str, note: &Element<'_>, edits: &mut Edits) {
    let lines: Vec<(Element<'_>, String)> = note
        .children(text)
        .filter(|child| child.tag.name() == "p")
        .map(|line| {
            let said = plain_text(&text[line.inner.clone()]);
            (line, said)
        })
        .collect();
    let mut is_ours = false;
    let ours: Vec<bool> = lines
        .iter()
        .map(|(_, said)| {
            is_ours = said.starts_with(guide::NOTE_MARK) || (is_ours && said.starts_with('\u{a0}'));
            is_ours
        })
        .collect();
    if !ours.is_empty() && ours.iter().all(|ours| *ours) {
        edits.replace(note.tag.start..note.end, "");
        return;
    }
    for ((line, _), _) in lines.iter().zip(ours).filter(|(_, ours)| *ours) {
        edits.replace(line.tag.start..line.end, "");
    }
}

fn forget_original(package: &mut Package) -> Result<()> {
    if !package.has(ORIGINAL) {
        return Ok(());
    }
    package.remove(ORIGINAL);
    let mut manifest = part(package, MANIFEST)?;
    let mut edits = Edits::default();
    for entry in Element::root(&manifest.text).iter().flat_map(|root| root.children(&manifest.text)) {
        if entry.tag.attribute("manifest:full-path").as_deref() == Some(ORIGINAL) {
            edits.replace(entry.tag.start..entry.end, "");
        }
    }
    manifest.text = edits.apply(&manifest.text);
    package.write(MANIFEST, manifest.encode());
    Ok(())
}

/// Annotates a workbook of which nothing is ours.
pub(super) fn annotate(package: &mut Package, remarks: &[Remark], options: &Options, done: &mut Done) -> Result<()> {
    let mut content = part(package, CONTENT)?;
    let text = content.text.clone();
    let none = || damaged("il n’a pas de contenu", "it has no content");
    let (book, all) = tables(&text).ok_or_else(none)?;
    let names: Vec<String> = all.iter().map(|table| table.tag.attribute("table:name").unwrap_or_default()).collect();
    let sheet_name = super::free_sheet_name(&names);
    let mut by_sheet: BTreeMap<usize, BTreeMap<(u64, u32), Vec<&Remark>>> = BTreeMap::new();
    let mut placed = Vec::with_capacity(remarks.len());
    for remark in remarks {
        let sheet = super::sheet_of(remark, names.iter().map(String::as_str));
        match sheet.zip(remark.place.cell) {
            Some((sheet, cell)) => by_sheet.entry(sheet).or_default().entry(cell).or_default().push(remark),
            None => done.only_listed += 1,
        }
        placed.push(Placed { remark, sheet: sheet.map(|rank| names[rank].as_str()) });
    }
    let mut edits = Edits::default();
    let mut styles = options.fill.then(|| Styles::of(&text));
    for (rank, cells) in &by_sheet {
        let notes: BTreeMap<(u64, u32), Note> = cells
            .iter()
            .map(|(cell, remarks)| {
                let level = remarks.iter().map(|remark| remark.gravity()).max().unwrap_or(Level::Info);
                (*cell, Note { said: note(remarks, &sheet_name, options.language), level })
            })
            .collect();
        done.notes += notes.len();
        let places = notes.keys().copied().collect();
        let mut make = |spot: Spot<'_>| match notes.get(&spot.place) {
            Some(note) => noted(&spot, note, styles.as_mut()),
            None => spot.cell.text(spot.text).to_owned(),
        };
        Table { text: &text, places: &places, make: &mut make, columns: Vec::new() }.edit(&all[*rank], &mut edits);
    }
    let listing = Listing::of(&placed, &[], options);
    let table = sheet(&listing, &sheet_name, options);
    match all.last() {
        Some(last) => edits.insert(last.end, table),
        None => edits.append(&book, book.tag.text, &table),
    }
    let added = format!("{}{}", styles.map_or(String::new(), |styles| styles.added.concat()), own_styles());
    match Element::find(&text, "automatic-styles", 0) {
        Some(list) => edits.append(&list, list.tag.text, &added),
        None => {
            let body = Element::find(&text, "body", 0).ok_or_else(none)?;
            let list = format!("<office:automatic-styles>{added}</office:automatic-styles>");
            edits.insert(body.tag.start, list);
        }
    }
    // What we write has these prefixes.
    let root = Element::root(&text).ok_or_else(none)?;
    let mut tag = root.tag.text.to_owned();
    for (prefix, address) in [
        ("xmlns:dc", "http://purl.org/dc/elements/1.1/"),
        ("xmlns:xlink", "http://www.w3.org/1999/xlink"),
        ("xmlns:fo", "urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0"),
        ("xmlns:style", "urn:oasis:names:tc:opendocument:xmlns:style:1.0"),
        ("xmlns:text", "urn:oasis:names:tc:opendocument:xmlns:text:1.0"),
    ] {
        if root.tag.attribute(prefix).is_none() {
            tag = Token { kind: Kind::Open, start: 0, text: &tag }.with(prefix, Some(address));
        }
    }
    if tag != root.tag.text {
        edits.retag(&root.tag, tag);
    }
    content.text = edits.apply(&text);
    package.write(CONTENT, content.encode());
    // An entry that the manifest does not name is taken for damage.
    let mut manifest = part(package, MANIFEST)?;
    let mut edits = Edits::default();
    if let Some(root) = Element::root(&manifest.text) {
        let entry = format!(
            "<manifest:file-entry manifest:full-path=\"{ORIGINAL}\" manifest:media-type=\"application/octet-stream\"/>"
        );
        edits.append(&root, root.tag.text, &entry);
    }
    manifest.text = edits.apply(&manifest.text);
    package.write(MANIFEST, manifest.encode());
    Ok(())
}

struct Note {
    said: String,
    level: Level,
}

/// The styles of cells, and those that are added.
struct Styles<'a> {
    text: &'a str,
    /// Those that the part itself has.
    known: BTreeMap<String, Element<'a>>,
    names: BTreeMap<(String, Level), String>,
    added: Vec<String>,
}

impl<'a> Styles<'a> {
    fn of(text: &'a str) -> Styles<'a> {
        let list = Element::find(text, "automatic-styles", 0);
        let cells = list.iter().flat_map(|list| list.children(text));
        let cells = cells.filter(|style| style.tag.attribute("style:family").as_deref() == Some("table-cell"));
        let known = cells.filter_map(|style| Some((style.tag.attribute("style:name")?, style))).collect();
        Styles { text, known, names: BTreeMap::new(), added: Vec::new() }
    }

    /// The name of a style like another one, with the colour of a level.
    fn filled(&mut self, base: &str, level: Level) -> String {
        if let Some(name) = self.names.get(&(base.to_owned(), level)) {
            return name.clone();
        }
        let name = format!("ptce{}", self.names.len() + 1);
        let colour = colour(level);
        let style = match self.known.get(base) {
            Some(known) => {
                let text = self.text;
                let properties = known.child(text, "table-cell-properties");
                let mut edits = Edits::default();
                let tag = known.tag.with("style:name", Some(&name));
                match properties {
                    Some(properties) => {
                        edits.retag(&known.tag, tag);
                        edits.retag(&properties.tag, properties.tag.with("fo:background-color", Some(colour)));
                    }
                    None => {
                        let properties = format!("<style:table-cell-properties fo:background-color=\"{colour}\"/>");
                        if known.tag.kind == Kind::Empty {
                            edits.append(known, &tag, &properties);
                        } else {
                            edits.retag(&known.tag, tag);
                            edits.insert(known.inner.start, properties);
                        }
                    }
                }
                let whole = edits.apply(&text[..known.end]);
                whole[known.tag.start..].to_owned()
            }
            None => {
                let parent = if base.is_empty() { "Default" } else { base };
                format!(
                    "<style:style style:name=\"{name}\" style:family=\"table-cell\" style:parent-style-name=\"{}\"><style:table-cell-properties fo:background-color=\"{colour}\"/></style:style>",
                    escaped(parent)
                )
            }
        };
        self.added.push(style);
        self.names.insert((base.to_owned(), level), name.clone());
        name
    }
}

/// A sheet of which some cells change.
struct Table<'a, 's> {
    text: &'a str,
    /// Where they stand.
    places: &'s BTreeSet<(u64, u32)>,
    /// What one of them becomes.
    make: &'s mut dyn FnMut(Spot<'_>) -> String,
    /// The style that each column gives its cells, up to a column.
    columns: Vec<(u64, String)>,
}

/// A cell that changes, by itself among those that it may stand for.
struct Spot<'e> {
    place: (u64, u32),
    /// The text in which it stands.
    text: &'e str,
    cell: &'e Element<'e>,
    /// Its style, or the one that its row or column gives.
    style: String,
}

impl Spot<'_> {
    /// The tag of the cell alone.
    fn tag(&self) -> String {
        self.cell.tag.with(COLUMNS_REPEATED, None)
    }

    /// The cell of a tag, and with another content.
    fn whole(&self, tag: &str, inner: &str) -> String {
        let open = tag.strip_suffix("/>").or(tag.strip_suffix('>')).unwrap_or(tag).trim_end();
        format!("{open}>{inner}</{}>", self.cell.tag.full_name())
    }
}

fn repeated(tag: &Token<'_>, attribute: &str) -> u64 {
    tag.number(attribute).unwrap_or(1).max(1)
}

const ROWS_REPEATED: &str = "table:number-rows-repeated";
const COLUMNS_REPEATED: &str = "table:number-columns-repeated";
const CELL_STYLE: &str = "table:style-name";

impl Table<'_, '_> {
    fn edit(&mut self, table: &Element<'_>, edits: &mut Edits) {
        let text = self.text;
        let rows: BTreeSet<u64> = self.places.iter().map(|(row, _)| *row).collect();
        let mut wanted = rows.into_iter().peekable();
        let (mut row, mut column, mut at) = (1, 0, table.inner.start);
        // Where rows may be added: behind the last one.
        let mut end_of_rows = table.inner.end;
        while let Some(token) = tokens(text, at).take_while(|token| token.start < table.inner.end).find(|token| {
            token.kind != Kind::Close
                && matches!(token.name(), "table-row" | "table-column" | "shapes" | "forms" | "table")
        }) {
            let element = Element::of(text, token);
            at = element.end;
            match token.name() {
                "table-column" => {
                    column += repeated(&token, COLUMNS_REPEATED);
                    let style = token.attribute("table:default-cell-style-name").unwrap_or_default();
                    self.columns.push((column, style));
                }
                "table-row" => {
                    let count = repeated(&token, ROWS_REPEATED);
                    let mut new = String::new();
                    let (mut next, mut is_changed) = (row, false);
                    while let Some(of) = wanted.next_if(|wanted| *wanted < row + count) {
                        is_changed = true;
                        new.push_str(&self.plain_row(&element, of - next));
                        new.push_str(&self.row(&element, of));
                        next = of + 1;
                    }
                    if is_changed {
                        new.push_str(&self.plain_row(&element, row + count - next));
                        edits.replace(token.start..element.end, new);
                    }
                    row += count;
                    end_of_rows = element.end;
                }
                _ => {}
            }
        }
        let mut new = String::new();
        for of in wanted.filter(|row| *row <= MAX_ROWS) {
            let empty = |count: u64| {
                format!("<table:table-row {ROWS_REPEATED}=\"{count}\"><table:table-cell/></table:table-row>")
            };
            if of > row {
                new.push_str(&empty(of - row));
            }
            let blank = "<table:table-row></table:table-row>";
            if let Some(blank) = Element::root(blank) {
                new.push_str(&self.row_of("<table:table-row></table:table-row>", &blank, of));
            }
            row = of + 1;
        }
        edits.insert(end_of_rows, new);
    }

    /// A row as it is, so many times.
    fn plain_row(&self, row: &Element<'_>, count: u64) -> String {
        let times = count.to_string();
        match count {
            0 => String::new(),
            count => {
                let tag = row.tag.with(ROWS_REPEATED, (count > 1).then_some(times.as_str()));
                format!("{tag}{}", &self.text[row.tag.end()..row.end])
            }
        }
    }

    fn row(&mut self, row: &Element<'_>, number: u64) -> String {
        self.row_of(self.text, row, number)
    }

    /// One row with its changes.
    fn row_of(&mut self, text: &str, row: &Element<'_>, number: u64) -> String {
        let places = self.places.range((number, 0)..=(number, u32::MAX));
        let places: Vec<u64> = places.map(|(_, column)| u64::from(*column)).collect();
        let mut wanted = places.into_iter().peekable();
        let of_row = row.tag.attribute("table:default-cell-style-name").unwrap_or_default();
        let mut new = row.tag.with(ROWS_REPEATED, None);
        if row.tag.kind == Kind::Empty {
            new = format!("{}>", new.trim_end_matches("/>"));
        }
        let mut column = 1;
        let mut at = row.inner.start;
        for cell in row.children(text) {
            new.push_str(&text[at..cell.tag.start]);
            at = cell.end;
            if !matches!(cell.tag.name(), "table-cell" | "covered-table-cell") {
                new.push_str(cell.text(text));
                continue;
            }
            let count = repeated(&cell.tag, COLUMNS_REPEATED);
            let mut next = column;
            while let Some(of) = wanted.next_if(|of| *of < column + count) {
                new.push_str(&plain_cell(text, &cell, of - next));
                new.push_str(&self.cell(text, &cell, (number, of), &of_row));
                next = of + 1;
            }
            new.push_str(&plain_cell(text, &cell, column + count - next));
            column += count;
        }
        new.push_str(&text[at..row.inner.end.max(at)]);
        const BLANK: &str = "<table:table-cell/>";
        let blank = Element::root(BLANK);
        for of in wanted {
            let Some(blank) = &blank else { continue };
            new.push_str(&plain_cell(BLANK, blank, of - column));
            new.push_str(&self.cell(BLANK, blank, (number, of), &of_row));
            column = of + 1;
        }
        new.push_str(&format!("</{}>", row.tag.full_name()));
        new
    }

    /// One cell as it becomes.
    fn cell(&mut self, text: &str, cell: &Element<'_>, (row, column): (u64, u64), of_row: &str) -> String {
        let of_column = || self.columns.iter().find(|(end, _)| column <= *end).map(|(_, style)| style.clone());
        let own = cell.tag.attribute(CELL_STYLE).or((!of_row.is_empty()).then(|| of_row.to_owned()));
        let style = own.or_else(of_column).unwrap_or_default();
        (self.make)(Spot { place: (row, column as u32), text, cell, style })
    }
}

/// A cell with its note.
fn noted(spot: &Spot<'_>, note: &Note, styles: Option<&mut Styles<'_>>) -> String {
    let Spot { text, cell, style, .. } = spot;
    let mut tag = spot.tag();
    if let Some(styles) = styles {
        let style = styles.filled(style, note.level);
        tag = Token { kind: cell.tag.kind, start: 0, text: &tag }.with(CELL_STYLE, Some(&style));
    }
    let lines: String = note.said.lines().map(|line| format!("<text:p>{}</text:p>", escaped(line))).collect();
    let mut inner = text[cell.inner.clone()].to_owned();
    match cell.child(text, "annotation") {
        Some(known) if known.tag.kind == Kind::Open => {
            let at = known.inner.end - cell.inner.start;
            inner.insert_str(at, &lines);
        }
        _ => {
            let note = format!("<office:annotation><dc:creator>ptce</dc:creator>{lines}</office:annotation>");
            inner.insert_str(0, &note);
        }
    }
    spot.whole(&tag, &inner)
}

/// A cell as it is, so many times.
fn plain_cell(text: &str, cell: &Element<'_>, count: u64) -> String {
    let times = count.to_string();
    match count {
        0 => String::new(),
        count => {
            let tag = cell.tag.with(COLUMNS_REPEATED, (count > 1).then_some(times.as_str()));
            format!("{tag}{}", &text[cell.tag.end()..cell.end])
        }
    }
}

/// Styles of our sheet: its columns, its header, its texts, and the levels.
fn own_styles() -> String {
    let columns = (1..).zip(COLUMNS).map(|(rank, (_, width))| {
        format!(
            "<style:style style:name=\"ptce-co{rank}\" style:family=\"table-column\"><style:table-column-properties style:column-width=\"{}mm\"/></style:style>",
            width * 2
        )
    });
    let cell = |name: &str, colour: &str, bold: &str| {
        format!(
            "<style:style style:name=\"ptce-{name}\" style:family=\"table-cell\" style:parent-style-name=\"Default\"><style:table-cell-properties{colour} fo:wrap-option=\"wrap\" style:vertical-align=\"top\"/>{bold}</style:style>"
        )
    };
    let levels =
        LEVELS.iter().map(|level| cell(level.name(), &format!(" fo:background-color=\"{}\"", colour(*level)), ""));
    let bold = "<style:text-properties fo:font-weight=\"bold\"/>";
    columns.chain(levels).chain([cell("head", "", bold), cell("text", "", "")]).collect()
}

/// The sheet of the findings.
fn sheet(listing: &Listing, name: &str, options: &Options) -> String {
    let language: Language = options.language;
    let cell = |style: &str, text: &str| match text.is_empty() {
        true => "<table:table-cell/>".to_owned(),
        false => {
            let style = if style.is_empty() { String::new() } else { format!(" {CELL_STYLE}=\"ptce-{style}\"") };
            let lines: String = text.lines().map(|line| format!("<text:p>{line}</text:p>")).collect();
            format!("<table:table-cell{style} office:value-type=\"string\">{lines}</table:table-cell>")
        }
    };
    let row = |cells: String| format!("<table:table-row>{cells}</table:table-row>");
    let mut table = format!("<table:table table:name=\"{}\">", escaped(name));
    for rank in 1..=COLUMNS.len() {
        table.push_str(&format!("<table:table-column table:style-name=\"ptce-co{rank}\"/>"));
    }
    listing.lines.iter().for_each(|line| table.push_str(&row(cell("", &escaped(line)))));
    table.push_str("<table:table-row><table:table-cell/></table:table-row>");
    table.push_str(&row(COLUMNS.iter().map(|(title, _)| cell("head", title.in_language(language))).collect()));
    for Line { level, cells, link } in &listing.rows {
        let cells = cells.iter().enumerate().map(|(column, text)| {
            let text = escaped(text);
            match link.as_ref().filter(|_| column == PLACE_COLUMN) {
                Some((sheet, of)) => {
                    let target = escaped(&format!("#'{}'.{of}", sheet.replace('\'', "''")));
                    let text = text.replace('\n', " ");
                    cell("text", &format!("<text:a xlink:type=\"simple\" xlink:href=\"{target}\">{text}</text:a>"))
                }
                None if column == 0 && options.fill => cell(level.name(), &text),
                None => cell("text", &text),
            }
        });
        table.push_str(&row(cells.collect()));
    }
    table.push_str("</table:table>");
    table
}
