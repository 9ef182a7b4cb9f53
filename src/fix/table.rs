//! A plan as a table that people tick: a workbook, or CSV.

use rust_xlsxwriter::{DataValidation, Format as CellFormat, Workbook, XlsxError};

use super::{Correction, Plan};
use crate::difference::Named;
use crate::error::{Error, ErrorKind, Result};
use crate::export::write_error;
use crate::finding::{Confidence, Level};
use crate::import::Limits;
use crate::import::workbook::{Rows, rows_of_sheet};
use crate::language::{Language, Phrase};
use crate::location::{Location, column_letters};
use crate::row::Format;
use crate::rules;
use crate::text::fold::folded;
use crate::text::formula;

/// The columns of the table, with their widths. The first one is for the person.
const COLUMNS: [(Phrase, u16); 19] = [
    (Phrase { fr: "Appliquer", en: "Apply" }, 10),
    (Phrase { fr: "Nom", en: "Name" }, 28),
    (Phrase { fr: "Libellé", en: "Label" }, 22),
    (Phrase { fr: "Avant", en: "Before" }, 28),
    (Phrase { fr: "Après", en: "After" }, 28),
    (Phrase { fr: "Confiance", en: "Confidence" }, 11),
    (Phrase { fr: "À faire à la main", en: "By hand" }, 24),
    (Phrase { fr: "Constat", en: "Finding" }, 48),
    (Phrase { fr: "Règle", en: "Rule" }, 22),
    (Phrase { fr: "Niveau", en: "Level" }, 9),
    (Phrase { fr: "Feuille", en: "Sheet" }, 16),
    (Phrase { fr: "Cellule", en: "Cell" }, 9),
    (Phrase { fr: "Ligne", en: "Line" }, 8),
    (Phrase { fr: "Colonne", en: "Column" }, 9),
    (Phrase { fr: "Fiche", en: "Record" }, 8),
    (Phrase { fr: "Identifiant", en: "Identifier" }, 16),
    (Phrase { fr: "Champ", en: "Field" }, 24),
    (Phrase { fr: "Fichier", en: "File" }, 20),
    (Phrase { fr: "SHA-256", en: "SHA-256" }, 12),
];
/// The mark of a correction that is to be applied.
const TICK: &str = "x";
/// How people tick, and how they leave out.
const TICKS: [&str; 12] = ["x", "oui", "o", "yes", "y", "1", "1.0", "vrai", "true", "v", "ok", "✓"];
const BLANKS: [&str; 8] = ["", "non", "n", "no", "0", "faux", "false", "-"];
/// Characters of a cell of Excel.
const MAX_TEXT: usize = 32_767;

/// The cells of a correction, in the order of the columns.
fn cells(plan: &Plan, correction: &Correction, language: Language) -> [String; COLUMNS.len()] {
    let Correction { record, location, .. } = correction;
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    let confidence = match (correction.confidence, language) {
        (Some(Confidence::High), Language::French) => "sûre",
        (Some(Confidence::Medium), Language::French) => "probable",
        (Some(Confidence::Low), Language::French) => "possible",
        (Some(confidence), Language::English) => confidence.name(),
        (None, _) => "",
    };
    let label = location.heading.as_ref().or(location.label.as_ref()).or(location.path.as_ref());
    [
        if correction.chosen { TICK } else { "" }.to_owned(),
        text(&record.name),
        label.cloned().unwrap_or_default(),
        correction.before.clone(),
        correction.after.clone(),
        confidence.to_owned(),
        correction.obstacle.map_or(String::new(), |obstacle| obstacle.message(language).to_owned()),
        correction.message.clone(),
        correction.code.clone(),
        correction.level.name().to_owned(),
        text(&location.sheet),
        text(&location.cell),
        location.row.or(location.line).map_or(String::new(), |line| line.to_string()),
        location.column.map_or(String::new(), |column| column.to_string()),
        record.index.to_string(),
        text(&record.id),
        correction.pointer.clone(),
        plan.file.clone(),
        plan.sha256.clone(),
    ]
}

impl Plan {
    /// Ticks what is certain: what [`safe`](super::safe) would apply.
    pub fn choose_safe(&mut self) {
        self.corrections.iter_mut().for_each(|correction| correction.chosen = correction.is_safe());
    }

    /// The plan as CSV, as a French Excel opens it.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn to_csv(&self, language: Language) -> Result<Vec<u8>> {
        let mut out = csv::WriterBuilder::new().delimiter(b';').from_writer("\u{feff}".as_bytes().to_vec());
        let failed = |error: csv::Error| write_error(error.into());
        out.write_record(COLUMNS.map(|(title, _)| title.in_language(language))).map_err(failed)?;
        for correction in &self.corrections {
            let cells = cells(self, correction, language).map(|cell| formula::harmless(cell.into()).into_owned());
            out.write_record(cells).map_err(failed)?;
        }
        out.into_inner().map_err(|error| write_error(error.into_error()))
    }

    /// The plan as a workbook: every cell is a text, so that no zero is lost, and the first column has a list.
    ///
    /// # Errors
    /// When it has more rows than a sheet.
    pub fn to_xlsx(&self, language: Language) -> Result<Vec<u8>> {
        self.workbook(language).map_err(|error| {
            Error::new(
                ErrorKind::Limit,
                format!("le plan ne tient pas dans un classeur ({error}) ; demandez-le en .csv"),
                format!("the plan does not fit a workbook ({error}); ask for it as .csv"),
            )
        })
    }

    fn workbook(&self, language: Language) -> std::result::Result<Vec<u8>, XlsxError> {
        let mut book = Workbook::new();
        let date = rust_xlsxwriter::ExcelDateTime::from_ymd(2014, 1, 10)?;
        book.set_properties(&rust_xlsxwriter::DocProperties::new().set_creation_datetime(&date));
        let text = CellFormat::new().set_num_format("@").set_text_wrap().set_align(rust_xlsxwriter::FormatAlign::Top);
        let changed = text.clone().set_background_color("E2F0D9");
        let head = CellFormat::new().set_bold().set_text_wrap().set_background_color("DCEAF9");
        let sheet = book.add_worksheet();
        sheet.set_name(Phrase { fr: "Corrections", en: "Corrections" }.in_language(language))?;
        let last = COLUMNS.len() as u16 - 1;
        for (column, (title, width)) in (0..).zip(COLUMNS) {
            sheet.set_column_width(column, width)?;
            sheet.write_string_with_format(0, column, title.in_language(language), &head)?;
        }
        for (row, correction) in (1..).zip(&self.corrections) {
            for (column, cell) in (0_u16..).zip(cells(self, correction, language)) {
                let cell: String = cell.chars().take(MAX_TEXT).collect();
                let format = if column == 4 { &changed } else { &text };
                sheet.write_string_with_format(row, column, cell, format)?;
            }
        }
        let rows = self.corrections.len() as u32;
        if rows > 0 {
            let list = DataValidation::new()
                .allow_list_strings(&[TICK])?
                .set_input_title(Phrase { fr: "Appliquer ?", en: "Apply?" }.in_language(language))?
                .set_input_message(
                    Phrase {
                        fr: "x applique la correction, vide la laisse. La colonne « Après » peut être modifiée.",
                        en: "x applies the correction, blank leaves it. The column “After” may be changed.",
                    }
                    .in_language(language),
                )?;
            sheet.add_data_validation(1, 0, rows, 0, &list)?;
            sheet.autofilter(0, 0, rows, last)?;
        }
        sheet.set_freeze_panes(1, 1)?;
        book.save_to_buffer()
    }

    /// Reads a plan that was ticked, a workbook or CSV; `name` is its name in errors.
    ///
    /// # Errors
    /// When it is no plan, or a row is not as one of a plan is.
    pub fn read(bytes: &[u8], name: &str, limits: &Limits) -> Result<Plan> {
        let rows = match bytes.starts_with(b"PK") {
            true => rows_of_sheet(bytes, None, limits).and_then(|rows| rows.ok_or_else(no_plan)),
            false => of_csv(bytes),
        };
        rows.and_then(plan).map_err(|error| error.in_file(name))
    }
}

fn of_csv(bytes: &[u8]) -> Result<Rows> {
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    let text = match std::str::from_utf8(bytes) {
        Ok(text) => text.into(),
        // As an Excel saves it again.
        Err(_) => encoding_rs::WINDOWS_1252.decode_without_bom_handling(bytes).0,
    };
    let head = text.lines().next().unwrap_or_default();
    let count = |delimiter: &&u8| head.bytes().filter(|byte| byte == *delimiter).count();
    let delimiter = b";\t,".iter().max_by_key(count).copied().unwrap_or(b';');
    let mut reader =
        csv::ReaderBuilder::new().delimiter(delimiter).has_headers(false).flexible(true).from_reader(text.as_bytes());
    let mut rows = Rows::new();
    for record in reader.records() {
        let record = record.map_err(|error| {
            Error::new(
                ErrorKind::Syntax,
                format!("le plan n’est pas un CSV lisible ({error}) ; refaites-le"),
                format!("the plan is no CSV that can be read ({error}); make it anew"),
            )
        })?;
        let line = record.position().map_or(1, csv::Position::line);
        rows.push((line, record.iter().map(|cell| formula::meant(cell).to_owned()).collect()));
    }
    Ok(rows)
}

fn no_plan() -> Error {
    Error::new(
        ErrorKind::Syntax,
        "ce n’est pas un plan de corrections ; « ptce fix FICHIER --plan plan.xlsx » en écrit un",
        "this is no plan of corrections; “ptce fix FILE --plan plan.xlsx” writes one",
    )
}

fn plan(rows: Rows) -> Result<Plan> {
    let mut rows = rows.into_iter();
    // People write titles above.
    let places = rows.by_ref().find_map(|(_, head)| {
        let head: Vec<String> = head.iter().map(|cell| folded(cell)).collect();
        let place = |(title, _): (Phrase, u16)| {
            head.iter().position(|cell| [title.fr, title.en].iter().any(|title| folded(title) == *cell))
        };
        let places = COLUMNS.map(place);
        places.iter().all(Option::is_some).then(|| places.map(Option::unwrap_or_default))
    });
    let places = places.ok_or_else(no_plan)?;
    let mut plan = Plan::default();
    for (line, row) in rows {
        let cells = places.map(|place| row.get(place).map(|cell| cell.trim().to_owned()).unwrap_or_default());
        if cells.iter().all(String::is_empty) {
            continue;
        }
        let (file, sha256, correction) = correction(cells, line)?;
        if !plan.sha256.is_empty() && plan.sha256 != sha256 {
            return Err(Error::new(
                ErrorKind::Usage,
                "le plan réunit plusieurs fichiers ; donnez un plan par fichier",
                "the plan is of several files; give one plan a file",
            )
            .at(line, None));
        }
        (plan.file, plan.sha256) = (file, sha256);
        plan.corrections.push(correction);
    }
    Ok(plan)
}

/// The name and the hash of the file, and the correction of a row.
fn correction(cells: [String; COLUMNS.len()], line: u64) -> Result<(String, String, Correction)> {
    let wrong = |title: usize, expected: (&str, &str)| {
        let (title, _) = COLUMNS[title];
        Error::new(
            ErrorKind::Usage,
            format!("colonne « {} » : {}", title.fr, expected.0),
            format!("column “{}”: {}", title.en, expected.1),
        )
        .at(line, None)
    };
    let [
        tick,
        name,
        label,
        before,
        after,
        confidence,
        _,
        message,
        code,
        level,
        sheet,
        cell,
        row,
        column,
        index,
        id,
        pointer,
        file,
        sha256,
    ] = cells;
    let word = tick.to_lowercase();
    let chosen = match (TICKS.contains(&word.as_str()), BLANKS.contains(&word.as_str())) {
        (true, _) => true,
        (_, true) => false,
        _ => {
            return Err(wrong(
                0,
                (
                    "écrivez x pour appliquer la correction, rien pour la laisser",
                    "write x to apply the correction, nothing to leave it",
                ),
            ));
        }
    };
    let number = |title: usize, text: &str| {
        let text = text.strip_suffix(".0").unwrap_or(text);
        text.parse::<u64>().map_err(|_| {
            wrong(
                title,
                (
                    "un nombre entier est attendu ; ne changez pas cette colonne",
                    "a whole number is expected; do not change this column",
                ),
            )
        })
    };
    let line = number(12, &row)?;
    // A value that is missing may have no column yet.
    let column = if column.is_empty() { None } else { Some(number(13, &column)? as u32) };
    let index = number(14, &index)?;
    let text = |text: String| Some(text).filter(|text| !text.is_empty());
    let mut location = Location { file: file.clone(), column, sheet: text(sheet), ..Location::default() };
    let label = text(label);
    let extension = file.rsplit_once('.').and_then(|(_, extension)| Format::of_extension(extension));
    if cell.is_empty() {
        location.line = Some(line);
        match extension {
            Some(Format::Xml | Format::Json | Format::Ndjson) => location.path = label,
            _ => location.label = label,
        }
    } else {
        if cell != format!("{}{line}", column_letters(column.unwrap_or_default())) {
            return Err(wrong(
                11,
                (
                    "ce n’est pas la cellule de cette ligne et de cette colonne",
                    "this is not the cell of this line and column",
                ),
            ));
        }
        (location.row, location.cell, location.heading) = (Some(line), Some(cell), label);
    }
    if rules::rule(&code).is_none() {
        return Err(wrong(
            8,
            (
                "ce code n’existe pas ; « ptce rules » en donne la liste",
                "there is no such code; “ptce rules” lists them",
            ),
        ));
    }
    if sha256.is_empty() {
        return Err(wrong(
            18,
            ("l’empreinte du fichier manque ; refaites le plan", "the hash of the file is missing; make the plan anew"),
        ));
    }
    let level = [Level::Error, Level::Warning, Level::Info].into_iter().find(|known| known.name() == level);
    let confidence = match confidence.as_str() {
        "sûre" | "high" => Some(Confidence::High),
        "probable" | "medium" => Some(Confidence::Medium),
        "possible" | "low" => Some(Confidence::Low),
        _ => None,
    };
    let correction = Correction {
        chosen,
        record: Named { index, id: text(id), name: text(name) },
        location,
        pointer,
        code,
        level: level.unwrap_or(Level::Info),
        message,
        before,
        after,
        confidence,
        obstacle: None,
    };
    Ok((file, sha256, correction))
}
