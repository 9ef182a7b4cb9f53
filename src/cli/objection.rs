//! `ptce objection`: the lines of a list of people who refuse to be published, which tell nobody who they are.

use std::io::Write;
use std::path::Path;

use super::{COMPANION, OTHER_FILE, Verdict, text_in, written};
use crate::error::{Error, ErrorKind, Result};
use crate::export::open_data::Objections;
use crate::import::whole;

/// The arguments of `ptce objection`.
#[derive(clap::Args)]
pub(super) struct Arguments {
    /// Adresses électroniques, numéros ou noms ; « - » les lit, un par ligne / mailboxes, numbers or names; “-” reads them,
    /// one a line
    #[arg(required = true, value_name = "VALUE")]
    values: Vec<String>,
    /// Secret qui rend les empreintes inutiles à qui ne le connaît pas ; le même pour toute la liste / secret that makes the
    /// hashes worthless to whoever does not know it; one for the whole list
    #[arg(long, value_name = "SALT")]
    salt: String,
}

pub(super) fn run(arguments: &Arguments) -> Result<Verdict> {
    let salt = arguments.salt.trim();
    if salt.is_empty() || salt.contains(|c: char| c == ':' || c == '"' || c == ',' || c == ';' || c.is_control()) {
        return Err(Error::new(
            ErrorKind::Usage,
            "le sel est un texte sans deux-points, virgule, point-virgule ni guillemet",
            "the salt is a text without colon, comma, semicolon or quote",
        ));
    }
    let mut lines = String::new();
    for value in &arguments.values {
        let read = match value.as_str() {
            "-" => text_in(Path::new("-"), whole("-", std::io::stdin().lock(), COMPANION, OTHER_FILE)?)?,
            value => value.to_owned(),
        };
        for value in read.lines().map(str::trim).filter(|value| !value.is_empty()) {
            lines.push_str(&Objections::hash(value, salt));
            lines.push('\n');
        }
    }
    written(std::io::stdout().write_all(lines.as_bytes())).map(|()| Verdict::Clean)
}
