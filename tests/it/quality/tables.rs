//! Defects of tables and of whole sets of records: labels, rows, sheets, and the same record twice.

use ptce::Input;
use ptce::finding::Finding;
use ptce::row::Target;
use ptce::settings::Profile;
use ptce::vocabulary;
use serde_json::json;

use super::random::{Random, bare, shouted};
use super::world::{Base, Wish, World, set};
use super::{BROKEN, Figures, Measured, SEED, judged, judged_inputs};

/// Columns of a plain table: the field, and headers in use for it.
const COLUMNS: &[(&str, &[&str])] = &[
    ("/nom", &["nom", "Nom du PTCE", "INTITULÉ DU PROJET", "PTCE"]),
    ("/region/nom", &["region_nom", "Région", "région du projet"]),
    ("/territoire/departements/0/code", &["territoire_departement_1_code", "Département 1 – code"]),
    ("/coordinateur/nom", &["coordinateur_nom", "Structure porteuse", "Coordinateur"]),
    ("/contacts/0/courriel", &["contact_1_courriel", "Mél.", "Courriel", "e-mail"]),
    ("/adresse/voie", &["adresse_voie", "Voie", "Rue"]),
    ("/adresse/code_postal", &["adresse_code_postal", "CP", "Code postal"]),
    ("/adresse/commune", &["adresse_commune", "Ville", "Commune"]),
];

/// Headers that name nothing a record has.
const STRANGE: &[&str] = &[
    "couleur préférée",
    "Instructeur",
    "N° de casier",
    "météo",
    "Nombre de chaises",
    "Surface (m²)",
    "Chauffage",
    "véhicule",
    "Signature",
    "Assurance",
    "Diplôme",
    "parking",
    "Colonne1",
    "Unnamed: 7",
    "pH de l’eau",
    "pointure",
];

/// A table as rows of texts.
struct Table {
    rows: Vec<Vec<String>>,
    /// The row and the cell before which a quote stands by mistake.
    stray: Option<(usize, usize)>,
}

impl Table {
    fn new(world: &World, random: &mut Random, count: usize) -> Table {
        let headers = COLUMNS.iter().map(|(_, headers)| random.pick(headers).to_owned()).collect();
        let mut table = Table { rows: vec![headers], stray: None };
        for _ in 0..count {
            let wish = Wish { profile: Some(Profile::Laureate), cedex: Some(false), single: true, ..Wish::default() };
            let base = world.base(random, &wish);
            let meant = |pointer: &str| match pointer {
                "/region/nom" => base.region.name.to_owned(),
                "/territoire/departements/0/code" => base.department.code.to_owned(),
                pointer => base.text(pointer).unwrap_or_default().to_owned(),
            };
            // Without a year the regions of today are taken, and those of 2015 go with the departments as well.
            table.rows.push(COLUMNS.iter().map(|(pointer, _)| meant(pointer)).collect());
        }
        table
    }

    /// A column more, with a value in each row.
    fn add(&mut self, at: usize, header: &str, value: &str) {
        for (rank, row) in self.rows.iter_mut().enumerate() {
            row.insert(at, if rank == 0 { header.to_owned() } else { value.to_owned() });
        }
    }

    fn bytes(&self, delimiter: u8) -> Vec<u8> {
        let mut writer = csv::WriterBuilder::new().delimiter(delimiter).flexible(true).from_writer(Vec::new());
        for (rank, row) in self.rows.iter().enumerate() {
            if let Some((_, cell)) = self.stray.filter(|(stray, _)| *stray == rank) {
                writer.flush().unwrap();
                let mut line = row.join(&char::from(delimiter).to_string());
                let at = row[..cell].iter().map(|cell| cell.len() + 1).sum();
                line.insert(at, '"');
                writer = csv::WriterBuilder::new()
                    .delimiter(delimiter)
                    .flexible(true)
                    .from_writer([writer.into_inner().unwrap(), line.into_bytes(), b"\n".to_vec()].concat());
                continue;
            }
            writer.write_record(row).unwrap();
        }
        writer.into_inner().unwrap()
    }
}

/// Where the finding must stand in the file.
struct Place {
    code: &'static str,
    line: u64,
    column: Option<u32>,
}

/// Breaks a table.
fn broken(random: &mut Random, code: &'static str, table: &mut Table) -> Place {
    let width = table.rows[0].len();
    match code {
        "unknown-label" => {
            let at = random.below(width + 1);
            table.add(at, random.pick(STRANGE), "vert");
            Place { code, line: 1, column: Some(at as u32 + 1) }
        }
        "misspelt-label" => {
            let at = random.below(width);
            table.rows[0][at] = misspelt(random, COLUMNS[at].1);
            Place { code, line: 1, column: Some(at as u32 + 1) }
        }
        "ambiguous-label" => {
            let at = random.below(width + 1);
            table.add(at, random.pick(&["statut", "Statut", "STATUT", "statut :", "Statut*", " statut "]), "mixte");
            Place { code, line: 1, column: Some(at as u32 + 1) }
        }
        "repeated-label" => {
            let rank = random.below(COLUMNS.len());
            let (pointer, headers) = COLUMNS[rank];
            let header = match pointer.starts_with("/contacts") || pointer.contains("departements") {
                // A list takes a second one; the same rank twice is what repeats.
                true => headers[0],
                false => random.pick(headers),
            };
            if pointer.starts_with("/contacts") || pointer.contains("departements") {
                table.rows[0][rank] = header.to_owned();
            }
            table.add(width, header, "autre chose");
            Place { code, line: 1, column: Some(width as u32 + 1) }
        }
        "text-outside-table" => {
            let title =
                random.pick(&["Lauréats de l’appel", "Liste au 10 janvier", "DOCUMENT DE TRAVAIL", "Source : DGE"]);
            let mut row = vec![String::new(); width];
            let at = random.below(2);
            row[at] = title.to_owned();
            table.rows.insert(0, row);
            Place { code, line: 1, column: Some(at as u32 + 1) }
        }
        "mended-row" => {
            let at = 1 + random.below(table.rows.len() - 1);
            let cell = 1 + random.below(width - 2);
            // What the rules would quote is no plain line.
            let is_plain = !table.rows[at].iter().any(|cell| cell.contains([',', ';', '\t', '"', '\n']));
            match random.below(2) {
                1 if is_plain => table.stray = Some((at, cell)),
                _ => table.rows[at].insert(cell, String::new()),
            }
            Place { code, line: at as u64 + 1, column: None }
        }
        _ => {
            let at = 1 + random.below(table.rows.len() - 1);
            let blank = random.pick(&["", " ", "\u{a0}"]);
            table.rows.insert(at, vec![blank.to_owned(); width]);
            Place { code, line: at as u64 + 1, column: None }
        }
    }
}

const TABLES: &[&str] = &[
    "unknown-label",
    "misspelt-label",
    "ambiguous-label",
    "repeated-label",
    "text-outside-table",
    "blank-record",
    "mended-row",
];

/// A header with a slip of the keyboard in its longest word: a letter left out, typed twice, or two of them swapped.
fn misspelt(random: &mut Random, headers: &[&str]) -> String {
    loop {
        let header = random.pick(headers).replace('_', " ");
        let word = header.split(' ').max_by_key(|word| word.chars().count()).unwrap();
        let mut letters: Vec<char> = word.chars().collect();
        if letters.len() < 6 || !letters.iter().all(|letter| letter.is_alphabetic()) {
            // « Mél. », « CP », « e-mail » are too short to be known despite a slip.
            continue;
        }
        let at = 1 + random.below(letters.len() - 2);
        match random.below(3) {
            0 => drop(letters.remove(at)),
            1 => letters.insert(at, letters[at]),
            _ => letters.swap(at, at + 1),
        }
        let slipped: String = letters.into_iter().collect();
        let header = header.replacen(word, &slipped, 1);
        if matches!(vocabulary::meaning(&header).0, Target::Unknown) {
            return header;
        }
    }
}

pub fn measure(world: &World, measured: &mut Measured) {
    let mut random = Random::new(SEED + 1);
    labels_and_rows(world, &mut random, measured);
    sheets(world, &mut random, measured);
    twins(world, &mut random, measured);
    files(world, &mut random, measured);
}

/// Files under the name of another format, and files of no format, among others under their own.
fn files(world: &World, random: &mut Random, measured: &mut Measured) {
    let mut inputs = Vec::new();
    for rank in 0..BROKEN {
        let csv = Table::new(world, random, 1).bytes(b';');
        let mut book = rust_xlsxwriter::Workbook::new();
        sheet_of(&mut book, "PTCE", &Table::new(world, random, 1).rows);
        let book = book.save_to_buffer().unwrap();
        let wrong = match rank % 2 {
            0 => (random.pick(&["xls", "xlsx", "ods", "json", "xml"]), csv.clone()),
            _ => (random.pick(&["xls", "csv", "ods"]), book.clone()),
        };
        inputs.push(Input::from_bytes(&format!("autre-{rank}.{}", wrong.0), wrong.1));
        let right = match rank % 2 {
            0 => ("csv", Table::new(world, random, 1).bytes(b';')),
            _ => ("txt", Table::new(world, random, 1).bytes(b'\t')),
        };
        inputs.push(Input::from_bytes(&format!("le-sien-{rank}.{}", right.0), right.1));
        inputs.push(Input::passed_over(&format!("non-lu-{rank}.{}", random.pick(&["pdf", "msg", "png"]))));
    }
    for (code, clean) in [("misnamed-file", BROKEN), ("unread-file", 2 * BROKEN)] {
        let figures = measured.get_mut(code).unwrap();
        (figures.broken, figures.clean) = (BROKEN, clean);
    }
    for finding in judged_inputs(inputs, Profile::Laureate) {
        let wanted = match finding.code {
            "misnamed-file" => "autre-",
            "unread-file" => "non-lu-",
            _ => "",
        };
        let figures = measured.get_mut(finding.code).unwrap();
        match !wanted.is_empty() && finding.location.file.starts_with(wanted) {
            true => figures.found += 1,
            false => {
                figures.false_positives += 1;
                note(measured, finding.code, format!("false in a file: {:?} {:?}", finding.location, finding.value));
            }
        }
    }
}

fn note(measured: &mut Measured, code: &'static str, example: String) {
    measured.get_mut(code).unwrap().note(example);
}

fn labels_and_rows(world: &World, random: &mut Random, measured: &mut Measured) {
    let mut sources = Vec::new();
    let mut places: Vec<Option<Place>> = Vec::new();
    for rank in 0..BROKEN * (TABLES.len() + 1) {
        // Of three rows, two tell what is usual.
        let least =
            if TABLES.get(rank % (TABLES.len() + 1)).is_some_and(|code| code.ends_with("-row")) { 3 } else { 1 };
        let count = least + random.below(3);
        let mut table = Table::new(world, random, count);
        // One in so many is left as it is.
        places.push(TABLES.get(rank % (TABLES.len() + 1)).map(|code| broken(random, code, &mut table)));
        let delimiter = *random.pick(&[&b',', &b';', &b'\t']);
        sources.push((format!("{rank}.csv"), table.bytes(delimiter)));
    }
    let mut by_file: Vec<Vec<Finding>> = vec![Vec::new(); places.len()];
    let headers: Vec<String> = sources
        .iter()
        .map(|(_, bytes)| String::from_utf8_lossy(bytes).lines().take(3).collect::<Vec<_>>().join(" ⏎ "))
        .collect();
    for finding in judged(sources, Profile::Laureate) {
        let rank: usize = finding.location.file.trim_end_matches(".csv").parse().unwrap();
        by_file[rank].push(finding);
    }
    for (rank, (place, findings)) in places.iter().zip(&by_file).enumerate() {
        let is_wanted = |finding: &&Finding| {
            place.as_ref().is_some_and(|place| {
                finding.code == place.code
                    && finding.location.line == Some(place.line)
                    && place.column.is_none_or(|column| finding.location.column == Some(column))
            })
        };
        let hit = findings.iter().find(is_wanted);
        match place {
            Some(place) => {
                let figures = measured.get_mut(place.code).unwrap();
                figures.broken += 1;
                figures.found += usize::from(hit.is_some());
                if hit.is_none() {
                    let found: Vec<_> = findings.iter().map(|one| (one.code, &one.location, &one.value)).collect();
                    figures.note(format!("missed: {}: {found:?}", headers[rank]));
                }
            }
            None => TABLES.iter().for_each(|code| measured.get_mut(code).unwrap().clean += 1),
        }
        for finding in findings {
            // A label is told once for the file, or at each of its values.
            let is_told = place.as_ref().is_some_and(|place| {
                finding.code == place.code && place.column.is_some() && finding.location.column == place.column
            });
            if !hit.is_some_and(|hit| std::ptr::eq(hit, finding)) && !is_told {
                measured.get_mut(finding.code).unwrap().false_positives += 1;
                let example = format!("false in a table: {:?} {:?} {}", finding.location, finding.value, headers[rank]);
                note(measured, finding.code, example);
            }
        }
    }
}

fn sheet_of(book: &mut rust_xlsxwriter::Workbook, name: &str, rows: &[Vec<String>]) {
    let sheet = book.add_worksheet();
    sheet.set_name(name).unwrap();
    for (row, cells) in (0..).zip(rows) {
        for (column, cell) in (0..).zip(cells) {
            sheet.write_string(row, column, cell).unwrap();
        }
    }
}

/// Workbooks with sheets of notes, and others whose last row is hidden, beside the sheet of records.
fn sheets(world: &World, random: &mut Random, measured: &mut Measured) {
    const NOTES: usize = 6;
    let mut sources = Vec::new();
    for rank in 0..BROKEN / NOTES {
        let mut book = rust_xlsxwriter::Workbook::new();
        sheet_of(&mut book, "PTCE", &Table::new(world, random, 2).rows);
        for note in 0..NOTES {
            let rows = Table::new(world, random, 2).rows;
            let name = format!("Masquée {note}");
            sheet_of(&mut book, &name, &rows);
            let sheet = book.worksheet_from_name(&name).unwrap();
            sheet.set_row_hidden(rows.len() as u32 - 1).unwrap();
            sheet.set_column_hidden(1 + random.below(3) as u16).unwrap();
            sheet.set_hidden(true);
            let struck = rust_xlsxwriter::Format::new().set_font_strikethrough();
            for (column, cell) in rows[1].iter().enumerate() {
                sheet.write_string_with_format(1, column as u16, cell, &struck).unwrap();
            }
            let sheet = book.add_worksheet();
            sheet.set_name(format!("Notes {note}")).unwrap();
            for row in 0..1 + random.below(4) as u32 {
                let text =
                    random.pick(&["À relire avant envoi", "Total", "couleur préférée", "12", "cf. courrier", "v2"]);
                sheet.write_string(row, random.below(3) as u16, text).unwrap();
            }
        }
        sources.push((format!("{rank}.xlsx"), book.save_to_buffer().unwrap()));
    }
    let books = sources.len();
    let findings = judged(sources, Profile::Laureate);
    for code in ["unread-sheet", "hidden-rows", "hidden-column", "hidden-sheet", "struck-rows"] {
        let figures = measured.get_mut(code).unwrap();
        figures.broken = books * NOTES;
        figures.clean = books;
    }
    let mut told: Vec<(&str, String)> = Vec::new();
    for finding in findings {
        let sheet = finding.location.sheet.clone().unwrap_or_default();
        let place = (finding.code, format!("{} {sheet}", finding.location.file));
        let is_right = match finding.code {
            "unread-sheet" => sheet.starts_with("Notes"),
            "hidden-rows" => sheet.starts_with("Masquée") && finding.location.row == Some(3),
            "struck-rows" => sheet.starts_with("Masquée") && finding.location.row == Some(2),
            "hidden-column" | "hidden-sheet" => sheet.starts_with("Masquée"),
            _ => false,
        };
        if is_right && !told.contains(&place) {
            told.push(place);
        } else {
            measured.get_mut(finding.code).unwrap().false_positives += 1;
            note(measured, finding.code, format!("false in a workbook: {:?} {:?}", finding.location, finding.value));
        }
    }
    for (code, _) in told {
        measured.get_mut(code).unwrap().found += 1;
    }
}

/// How a record comes a second time.
fn again(world: &World, random: &mut Random, kind: usize, first: &Base) -> (&'static str, serde_json::Value) {
    let mut second = first.value.clone();
    let name = first.text("/nom").unwrap();
    if kind.is_multiple_of(2) {
        // Another record under the same identifier.
        let mut other = world.base(random, &Wish { profile: Some(first.profile), ..Wish::default() });
        other.set("/id", first.text("/id").unwrap());
        return ("duplicate-id", other.value);
    }
    set(&mut second, "/id", format!("autre-{}", world.rank()).into());
    match kind / 2 % 5 {
        0 => {}
        1 => set(&mut second, "/nom", shouted(name).into()),
        2 => set(&mut second, "/nom", bare(name).replace('-', " ").replace(',', "").into()),
        3 => {
            // Entered again from a shorter list.
            set(&mut second, "/coordinateur", json!({"nom": "Structure porteuse"}));
            set(&mut second, "/contacts", json!([{"courriel": "contact@example.org"}]));
        }
        _ => {
            set(&mut second, "/nom", format!("{name} !").into());
            set(&mut second, "/adresse/voie", "2 rue Neuve".into());
        }
    }
    ("probable-duplicate", second)
}

fn twins(world: &World, random: &mut Random, measured: &mut Measured) {
    let mut firsts = Vec::new();
    let mut seconds = Vec::new();
    for kind in 0..2 * BROKEN {
        let wish = Wish { profile: Some(Profile::Laureate), cedex: Some(false), ..Wish::default() };
        let first = world.base(random, &wish);
        let (code, second) = again(world, random, kind, &first);
        seconds.push((code, second));
        firsts.push(first);
    }
    let lines = firsts.iter().map(|first| &first.value).chain(seconds.iter().map(|(_, second)| second));
    let text: String = lines.map(|line| format!("{line}\n")).collect();
    let clean = firsts.len();
    for code in ["duplicate-id", "probable-duplicate"] {
        let figures: &mut Figures = measured.get_mut(code).unwrap();
        figures.broken = BROKEN;
        figures.clean = clean;
    }
    let mut told = vec![false; seconds.len()];
    for finding in judged(vec![("fiches.ndjson".to_owned(), text.into_bytes())], Profile::Laureate) {
        let index = finding.record.as_ref().unwrap().index as usize - 1;
        let twin = index.checked_sub(clean).map(|rank| (rank, &seconds[rank]));
        let at = if finding.code == "duplicate-id" { "/id" } else { "/nom" };
        let figures = measured.get_mut(finding.code).unwrap();
        match twin {
            // A name with its place and a SIRET may both say that it is the same record.
            Some((rank, (code, _))) if *code == finding.code && finding.pointer == at => {
                figures.found += usize::from(!told[rank]);
                told[rank] = true;
            }
            _ => {
                figures.false_positives += 1;
                figures.note(format!("false among twins: {} {:?} {}", finding.pointer, finding.value, finding.message));
            }
        }
    }
    for ((code, second), _) in seconds.iter().zip(told).filter(|(_, told)| !told) {
        note(measured, code, format!("missed: {second}"));
    }
}
