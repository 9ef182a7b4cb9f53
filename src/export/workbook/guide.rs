//! The sheet « Lisez-moi »: what the table is, how to fill it in, and one line for each of its fields.

use rust_xlsxwriter::{Color, Format, FormatAlign, FormatBorder, IgnoreError, Workbook as Book, XlsxError};

use super::super::flat::Column;
use super::HEADER_COLOUR;
use super::column::{Kind, example, known};
use crate::guide::{FIRST_LINE, SHEET, note};
use crate::settings::Profile;

/// The headings of its table, and their widths in characters.
const HEADINGS: [(&str, u16); 7] = [
    ("Colonne", 30),
    ("Clé", 30),
    ("Description", 64),
    ("Présence", 12),
    ("Saisie", 28),
    ("Exemple", 34),
    ("In English", 56),
];

/// A code is a text that looks like a number, and Excel would say so of each.
pub(super) const NUMBERS: IgnoreError = IgnoreError::NumberStoredAsText;
/// Points.
const LINE_HEIGHT: f64 = 15.0;

/// Adds the sheet to a book whose table is on `sheet`.
pub(super) fn add(
    book: &mut Book,
    sheet: &str,
    columns: &[Column],
    profile: Profile,
    is_form: bool,
) -> Result<(), XlsxError> {
    let guide = book.add_worksheet();
    guide.set_name(SHEET)?.set_landscape().set_paper_size(9).set_print_fit_to_pages(1, 0);
    let title = Format::new().set_bold().set_font_size(14);
    guide.write_string_with_format(0, 0, FIRST_LINE, &title)?;
    let mut row = 1;
    for line in lines(sheet, profile, is_form) {
        guide.write_string(row, 0, line)?;
        row += 1;
    }
    row += 1;
    let cell = Format::new().set_text_wrap().set_align(FormatAlign::Top).set_border(FormatBorder::Hair);
    let marked = cell.clone().set_background_color(Color::RGB(HEADER_COLOUR));
    let heading = marked.clone().set_bold();
    for ((text, width), place) in HEADINGS.iter().zip(0..) {
        guide.set_column_width(place, *width)?;
        guide.write_string_with_format(row, place, *text, &heading)?;
    }
    guide.set_repeat_rows(row, row)?;
    guide.ignore_error_range(row, 0, row + columns.len() as u32, HEADINGS.len() as u16 - 1, NUMBERS)?;
    for (rank, column) in columns.iter().enumerate() {
        // The columns of all elements of a list have one line.
        if columns[..rank].iter().any(|earlier| earlier.pointer == column.pointer) {
            continue;
        }
        row += 1;
        let last = columns.iter().filter(|other| other.pointer == column.pointer).filter_map(|other| other.rank).max();
        let english = column.node.english("title");
        let cells = [
            spread(&column.title, last, |first, last| (format!(" {first} – "), format!(" {first} à {last} – "))),
            spread(&column.key, last, |first, last| (format!("_{first}_"), format!("_{first}…{last}_"))),
            note(column.node),
            if column.is_required { "obligatoire" } else { "facultatif" }.to_owned(),
            entry(column),
            example(column.node),
            format!("{english}: {}", column.node.english("description")),
        ];
        // LibreOffice does not make room by itself for texts on several lines.
        let lines = cells.iter().zip(HEADINGS).map(|(text, (_, width))| text.chars().count() / usize::from(width) + 1);
        guide.set_row_height(row, lines.max().unwrap_or(1) as f64 * LINE_HEIGHT)?;
        for (text, place) in cells.iter().zip(0..) {
            guide.write_string_with_format(
                row,
                place,
                text,
                if place == 0 && column.is_required { &marked } else { &cell },
            )?;
        }
    }
    Ok(())
}

/// What stands above the table.
fn lines(sheet: &str, profile: Profile, is_form: bool) -> [String; 8] {
    let profile = profile.name();
    let (star, with_a_star) = if is_form { (", avec un *,", ", with a *,") } else { ("", "") };
    [
        format!("Sur la feuille « {sheet} » : une ligne par pôle, sous l’en-tête. Les colonnes sont reconnues à leur en-tête : ne le changez pas. Leur ordre est libre."),
        format!("Les en-têtes sur fond bleu{star} sont ceux des champs obligatoires (profil {profile}). Posez le curseur sur un en-tête pour lire sa description."),
        "Une cellule vide veut dire que la valeur n’est pas connue : n’écrivez ni « néant » ni tiret.".to_owned(),
        "Les codes (postal, département, SIREN…) sont du texte : 05000 garde son zéro. Les nombres s’écrivent en chiffres et sans unité.".to_owned(),
        "Une liste ou une règle de saisie avertit sans bloquer : une valeur imprévue peut rester, et sera signalée à la vérification.".to_owned(),
        format!("Pour vérifier le fichier rempli : ptce validate FICHIER --profile {profile}"),
        String::new(),
        format!("In English: on sheet “{sheet}”, one row a PTCE, below the header, which tells the columns apart: leave it as it is. Headers on blue{with_a_star} are those of required fields. To check the file: ptce validate FILE --profile {profile}"),
    ]
}

/// The name of the columns of several elements, made from that of the first.
fn spread(name: &str, last: Option<usize>, ranks: impl Fn(usize, usize) -> (String, String)) -> String {
    match last {
        Some(last @ 2..) => {
            let (one, all) = ranks(1, last);
            name.replacen(&one, &all, 1)
        }
        _ => name.to_owned(),
    }
}

/// How a value is typed in.
fn entry(column: &Column) -> String {
    let known = known(column.node);
    match (column.node.items().is_some(), Kind::of(column.node)) {
        (true, _) if known.is_empty() => "texte ; plusieurs valeurs séparées par « | »".to_owned(),
        (true, _) => format!("une ou plusieurs, séparées par « | » : {known}"),
        (false, Kind::Text) if known.is_empty() => "texte".to_owned(),
        (false, Kind::Text) => format!("au choix : {known}"),
        (false, Kind::Date) => "date".to_owned(),
        (false, Kind::Number) if column.node.text("type") == "integer" => "nombre entier".to_owned(),
        (false, Kind::Number) => "nombre".to_owned(),
    }
}
