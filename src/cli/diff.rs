//! `ptce diff`: what changed from one submission to the next, or from one report to the next.

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use super::{Judgement, Verdict, WRITTEN, bytes_within, originals, say, text_in, write_out};
use crate::difference::{Difference, Round};
use crate::error::{Error, ErrorKind, Result};
use crate::export::write_error;
use crate::import::{Found, open_all};
use crate::language::Language;
use crate::run::{self, Options};
use crate::settings::Settings;

/// The form of the difference.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Form {
    /// À lire / for reading
    Text,
    /// Pour les programmes / for programs
    Json,
    /// Une page Web / a page for a browser
    Html,
}

/// The arguments of `ptce diff`.
#[derive(clap::Args)]
pub(super) struct Arguments {
    /// L’envoi d’avant, ou son rapport JSON / the submission before, or its JSON report
    #[arg(value_name = "OLD")]
    old: PathBuf,
    /// L’envoi d’après, ou son rapport JSON / the submission after, or its JSON report
    #[arg(value_name = "NEW")]
    new: PathBuf,
    /// Forme, si l’extension ne la dit pas / form, where the extension does not tell it
    #[arg(long, value_enum, value_name = "FORM")]
    format: Option<Form>,
    /// Fichier à écrire : .txt, .json ou .html / file to write: .txt, .json or .html
    #[arg(long, short, value_name = "OUT")]
    output: Option<PathBuf>,
    #[command(flatten)]
    judgement: Judgement,
}

pub(super) fn run(arguments: &Arguments, language: Language) -> Result<Verdict> {
    let settings = arguments.judgement.settings(language)?;
    [&arguments.old, &arguments.new].into_iter().for_each(|path| originals::note(path));
    originals::claim(arguments.output.as_deref())?;
    let told = arguments.output.as_deref().and_then(Path::extension).and_then(|extension| extension.to_str());
    let form = match (arguments.format, told.map(str::to_ascii_lowercase).as_deref()) {
        (Some(form), _) => form,
        (None, None | Some("txt")) => Form::Text,
        (None, Some("json")) => Form::Json,
        (None, Some("html" | "htm")) => Form::Html,
        (None, Some(_)) => {
            return Err(Error::new(
                ErrorKind::Usage,
                "une comparaison s’écrit en .txt, .json ou .html",
                "a comparison is written as .txt, .json or .html",
            )
            .in_file(&arguments.output.as_ref().map(|path| path.display().to_string()).unwrap_or_default()));
        }
    };
    let (old, is_old_whole) = round(&arguments.old, &settings)?;
    let (new, is_new_whole) = round(&arguments.new, &settings)?;
    let difference = Difference::between(&old, &new);
    write_out(arguments.output.as_deref(), |out| {
        match form {
            Form::Text => difference.write_text(language, out),
            Form::Html => difference.write_html(language, out),
            Form::Json => difference.write_json(out),
        }
        .map_err(write_error)
    })?;
    Ok(match is_old_whole && is_new_whole {
        true => Verdict::of(!difference.has_errors()),
        false => Verdict::Partial,
    })
}

/// A side of the comparison, and whether all of it could be read.
fn round(path: &Path, settings: &Settings) -> Result<(Round, bool)> {
    let name = path.display().to_string();
    if path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("json")) {
        /// Bytes that tell a report from records, which are not held.
        const TELLING: u64 = 16 << 10;
        let mut start = Vec::new();
        let read = File::open(path).and_then(|file| file.take(TELLING).read_to_end(&mut start));
        read.map_err(|error| Error::io(&name, &error))?;
        if Round::is_report(&String::from_utf8_lossy(&start)) {
            let text = text_in(path, bytes_within(path, WRITTEN)?)?;
            return Ok((Round::of_report(&text, &name)?, true));
        }
    }
    let Found { inputs, .. } = open_all(path)?;
    let mut round = Round::default();
    let options = Options { assess: true, goes_on: true, ..Options::default() };
    let outcome = run::run(inputs, settings, &options, &mut |event| {
        round.add(&event);
        Ok(())
    })?;
    outcome.unread.iter().for_each(|error| say(error, settings.language));
    Ok((round, outcome.unread.is_empty()))
}
