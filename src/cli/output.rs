//! What `-o` names: the extension of the file tells the form of what is written.

use std::path::{Path, PathBuf};

use crate::error::{Error, ErrorKind, Result};
use crate::report::{LetterForm, ReportFormat};
use crate::row::Format;

/// The format of records that the extension of a file names.
pub(super) fn format_of_path(path: &Path) -> Option<Format> {
    Format::of_extension(path.extension()?.to_str()?)
}

/// What `ptce validate` writes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    /// A report.
    Report(ReportFormat),
    /// The source itself, annotated.
    Workbook,
}

/// The forms, as `--format` names them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(super) enum FormName {
    /// À lire / for reading
    Text,
    /// Une page Web autonome / a page for a browser, in one file
    Html,
    /// La lettre à l’expéditeur, en texte, .md ou .html / the letter to the sender, as a text, .md or .html
    Letter,
    /// Le classeur reçu, annoté / the workbook received, annotated
    Xlsx,
    /// Pour les programmes / for programs
    Json,
    /// Un constat par ligne, en JSON / a finding a line, as JSON
    Ndjson,
    /// Pour un tableur, un constat par ligne / for a spreadsheet, a finding a row
    Csv,
    /// SARIF 2.1.0, pour les plateformes de code / SARIF 2.1.0, for platforms of code
    Sarif,
    /// Annotations d’une tâche GitHub / annotations of a job on GitHub
    Github,
    /// JUnit, pour l’intégration continue / JUnit, for continuous integration
    Junit,
}

impl FormName {
    fn form(self, path: Option<&Path>) -> Form {
        Form::Report(match self {
            FormName::Text => ReportFormat::Text,
            FormName::Html => ReportFormat::Html,
            FormName::Letter => ReportFormat::Letter(match extension(path).as_deref() {
                Some("html" | "htm") => LetterForm::Html,
                Some("md" | "markdown") => LetterForm::Markdown,
                _ => LetterForm::Text,
            }),
            FormName::Json => ReportFormat::Json,
            FormName::Ndjson => ReportFormat::Ndjson,
            FormName::Csv => ReportFormat::Csv,
            FormName::Sarif => ReportFormat::Sarif,
            FormName::Github => ReportFormat::Github,
            FormName::Junit => ReportFormat::Junit,
            FormName::Xlsx => return Form::Workbook,
        })
    }
}

fn extension(path: Option<&Path>) -> Option<String> {
    path?.extension()?.to_str().map(str::to_ascii_lowercase)
}

/// The form that the extension of a file tells; none for one that tells nothing.
fn form_of(path: &Path) -> Option<Form> {
    Some(Form::Report(match extension(Some(path))?.as_str() {
        "json" => ReportFormat::Json,
        "ndjson" | "jsonl" => ReportFormat::Ndjson,
        "csv" => ReportFormat::Csv,
        "html" | "htm" => ReportFormat::Html,
        "md" | "markdown" => ReportFormat::Letter(LetterForm::Markdown),
        "sarif" => ReportFormat::Sarif,
        "xml" => ReportFormat::Junit,
        "txt" | "text" | "log" => ReportFormat::Text,
        "xlsx" | "xlsm" | "xltx" | "xltm" | "ods" => return Some(Form::Workbook),
        _ => return None,
    }))
}

/// Whether a file may hold a letter: it is a text, or a page.
fn may_be_letter(path: &Path) -> bool {
    let told = form_of(path);
    told.is_none()
        || matches!(told, Some(Form::Report(ReportFormat::Text | ReportFormat::Html | ReportFormat::Letter(_))))
}

/// What to write to which file, by `-o` and `--format`; the standard output where no file is named.
///
/// # Errors
/// When a file has an extension that no report has, or one that says something else than `--format`.
pub(super) fn outputs(files: &[PathBuf], named: Option<FormName>) -> Result<Vec<(Option<&Path>, Form)>> {
    let is_only = files.len() == 1;
    if files.is_empty() {
        let form = named.map_or(Form::Report(ReportFormat::Text), |named| named.form(None));
        return Ok(vec![(None, form)]);
    }
    let form = |path: &Path| match (named.map(|named| named.form(Some(path))), form_of(path)) {
        (Some(named), Some(told)) if (named == Form::Workbook) != (told == Form::Workbook) => Err(contradicted(path)),
        (Some(letter @ Form::Report(ReportFormat::Letter(_))), _) if may_be_letter(path) => Ok(letter),
        // With several files, each says by its name what it is.
        (Some(named), Some(_)) if is_only => Ok(named),
        (_, Some(told)) => Ok(told),
        (Some(named), None) => Ok(named),
        (None, None) if path.extension().is_none() => Ok(Form::Report(ReportFormat::Text)),
        (None, None) => Err(unknown(path)),
    };
    files.iter().map(|path| Ok((Some(path.as_path()), form(path)?))).collect()
}

fn contradicted(path: &Path) -> Error {
    Error::new(
        ErrorKind::Usage,
        "l’extension et --format disent deux choses ; retirez --format, ou changez l’extension",
        "the extension and --format say two things; leave --format out, or change the extension",
    )
    .in_file(&path.display().to_string())
}

fn unknown(path: &Path) -> Error {
    Error::new(
        ErrorKind::Usage,
        "cette extension ne dit aucune forme de rapport ; .txt, .html, .json, .ndjson, .csv, .sarif, .xml (JUnit), .md (lettre) ou .xlsx, ou --format pour la nommer",
        "this extension tells no form of report; use .txt, .html, .json, .ndjson, .csv, .sarif, .xml (JUnit), .md (letter) or .xlsx, or name it with --format",
    )
    .in_file(&path.display().to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_extension_tells_the_form() {
        let form = |file: &str, named| outputs(&[PathBuf::from(file)], named).map(|found| found[0].1);
        assert_eq!(form("r.JSON", None).unwrap(), Form::Report(ReportFormat::Json));
        assert_eq!(form("r.annotated.xlsx", None).unwrap(), Form::Workbook);
        assert_eq!(form("r", None).unwrap(), Form::Report(ReportFormat::Text));
        assert_eq!(form("r.txt", Some(FormName::Csv)).unwrap(), Form::Report(ReportFormat::Csv));
        assert_eq!(form("r.data", Some(FormName::Csv)).unwrap(), Form::Report(ReportFormat::Csv));
        for (file, named) in [("r.docx", None), ("r.xlsx", Some(FormName::Text)), ("r.json", Some(FormName::Xlsx))] {
            assert_eq!(form(file, named).unwrap_err().kind(), ErrorKind::Usage, "{file}");
        }
        let letter = |file: &str| form(file, Some(FormName::Letter)).unwrap();
        assert_eq!(letter("l.html"), Form::Report(ReportFormat::Letter(LetterForm::Html)));
        assert_eq!(letter("l.txt"), Form::Report(ReportFormat::Letter(LetterForm::Text)));
        assert_eq!(form("l.md", None).unwrap(), letter("l.md"));
        let both = [PathBuf::from("a.json"), PathBuf::from("a.csv")];
        let forms: Vec<Form> = outputs(&both, None).unwrap().into_iter().map(|(_, form)| form).collect();
        assert_eq!(forms, [Form::Report(ReportFormat::Json), Form::Report(ReportFormat::Csv)]);
    }
}
