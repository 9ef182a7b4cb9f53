//! The entry form for people: one record a sheet, upright, printed on two pages. What it asks, the schema says: the fields with
//! a hint (`x-hint`), in plain words; the others are the administration's own.

use rust_xlsxwriter::{
    Color, DocProperties, ExcelDateTime, Format, FormatAlign, FormatBorder, Workbook as Book, Worksheet, XlsxError,
};

use super::super::Out;
use super::super::flat::Columns;
use super::column::{Kind, example, validation};
use super::{save, xlsx_error};
use crate::error::Result;
use crate::export::Options;
use crate::requirements::is_required;
use crate::schema::table::joined_titles;
use crate::schema::{self, Node};
use crate::settings::Profile;

/// Elements of the lists of groups that have a line for each of their fields.
const ELEMENTS: usize = 2;
const PARTNERS: usize = 6;
/// Widths in characters: A4 with its margins.
const LABEL_WIDTH: f64 = 36.0;
const VALUE_WIDTH: f64 = 58.0;
/// Heights in points: of a line, and of a field for a few sentences or lines.
const LINE: f64 = 27.0;
const LINES: f64 = 58.0;
/// Characters of a value that stands in one line.
const SENTENCE: usize = 60;
/// Fields of which people write a few sentences, that only an application tells.
const OF_APPLICATIONS: [&str; 5] =
    ["/calendrier", "/financement", "/evaluation", "/mise_en_reseau", "/politiques_locales"];

/// A line of the form.
struct Line {
    /// Whether it is the first one of its group.
    begins: bool,
    title: String,
    hint: &'static str,
    node: Node,
    is_required: bool,
}

/// The lines of the form, in the order of the schema.
fn lines(profile: Profile) -> Vec<Line> {
    let mut lines: Vec<Line> = Vec::new();
    let mut last = String::new();
    let elements = |key: &str| if key == "partenaires" { PARTNERS } else { ELEMENTS };
    for column in Columns::form(&elements).all() {
        let (group, _) = column.pointer[1..].split_once('/').unwrap_or_default();
        let section = schema::root().at(&format!("/{group}")).map_or("", |node| node.text("title"));
        // A list of places is asked as a whole: « Lot, Aveyron ».
        let list = column.pointer.split_once("/*/").map(|(list, _)| list);
        let whole = list.and_then(|list| schema::root().at(list)).filter(|node| node.keyword("x-hint").is_some());
        let node = whole.unwrap_or(column.node);
        let title = match whole {
            Some(list) => joined_titles(&[section, list.text("title")]),
            None => column.title,
        };
        let is_asked = node.keyword("x-hint").is_some() && lines.iter().all(|line| line.title != title);
        if !is_asked || profile != Profile::Submission && OF_APPLICATIONS.contains(&column.pointer.as_str()) {
            continue;
        }
        let is_required = is_required(profile, &column.pointer) && column.rank.unwrap_or(1) == 1;
        let begins = last != group;
        group.clone_into(&mut last);
        lines.push(Line { begins, title, hint: node.text("x-hint"), node, is_required });
    }
    lines
}

/// Writes the form.
pub(in crate::export) fn write(out: Out<'_>, options: &Options) -> Result<()> {
    save(book(options).map_err(xlsx_error)?, out)
}

fn book(options: &Options) -> std::result::Result<Book, XlsxError> {
    let mut book = Book::new();
    let date = ExcelDateTime::from_ymd(2014, 1, 10)?;
    book.set_properties(&DocProperties::new().set_creation_datetime(&date));
    fill(book.add_worksheet().set_name(&options.sheet)?, options.profile)?;
    Ok(book)
}

fn fill(sheet: &mut Worksheet, profile: Profile) -> Result<(), XlsxError> {
    sheet.set_portrait().set_paper_size(9).set_print_fit_to_pages(1, 2).set_margins(0.5, 0.5, 0.5, 0.6, 0.3, 0.3);
    sheet.set_footer("&C&P / &N");
    sheet.set_column_width(0, LABEL_WIDTH)?.set_column_width(1, VALUE_WIDTH)?;
    let title = Format::new().set_bold().set_font_size(14);
    let around = Format::new().set_text_wrap().set_align(FormatAlign::Top).set_border(FormatBorder::Hair);
    let bold = Format::new().set_bold();
    let small = Format::new().set_font_size(8).set_font_color(Color::RGB(0x0059_5959));
    let text = around.clone().set_num_format("@");
    let number = around.clone().set_align(FormatAlign::Left);
    sheet.write_string_with_format(0, 0, crate::guide::FORM_TITLE, &title)?;
    sheet.write_string_with_format(1, 0, crate::guide::FORM_LINE, &small)?;
    let mut row = 1;
    for line in lines(profile) {
        row += 1;
        // A thicker line begins a group: a heading would be a text of its own, which readers take for a value.
        let top = |format: &Format| {
            if line.begins { format.clone().set_border_top(FormatBorder::Medium) } else { format.clone() }
        };
        let label_format = top(&around);
        let star = if line.is_required { " *" } else { "" };
        let label = format!("{}{star}", line.title);
        match line.hint {
            "" => sheet.write_string_with_format(row, 0, label, &label_format.set_bold())?,
            hint => {
                let hint = format!("\n({hint})");
                sheet.write_rich_string_with_format(
                    row,
                    0,
                    &[(&bold, label.as_str()), (&small, hint.as_str())],
                    &label_format,
                )?
            }
        };
        let is_number = Kind::of(line.node) == Kind::Number;
        sheet.write_blank(row, 1, &top(if is_number { &number } else { &text }))?;
        if line.node.items().is_none()
            && let Some(validation) = validation(line.node)?
        {
            sheet.add_data_validation(row, 1, row, 1, &validation)?;
        }
        // An example of several sentences wants room.
        let is_long = line.node.items().is_some() || example(line.node).chars().count() > SENTENCE;
        sheet.set_row_height(row, if is_long { LINES } else { LINE })?;
    }
    sheet.set_print_area(0, 0, row, 1)?;
    Ok(())
}
