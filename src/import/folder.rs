//! A folder or a zip archive of sources: each file in it that we read, in the order of their names.

use std::fs::{self, File};
use std::io::Read;
use std::path::Path;

use zip::result::ZipError;
use zip::{CompressionMethod, ZipArchive};

use super::Input;
use crate::error::{Error, ErrorKind, Result};
use crate::row::Format;
use crate::tables::HUBS;

/// Files that one folder or archive may hold.
const MAX_FILES: usize = 10_000;
/// Depth to which folders may be nested.
const MAX_DEPTH: usize = 16;
/// Bytes that one file of an archive may hold once unpacked.
const MAX_UNPACKED: u64 = 1 << 30;

/// What a path leads to.
#[non_exhaustive]
pub struct Found {
    /// The sources, in the order of their names.
    pub inputs: Vec<Input>,
    /// The files of a folder or an archive whose names are those of no format that we read.
    pub skipped: Vec<String>,
    /// What systems and programs leave in folders and archives: hidden files, the locks of open workbooks.
    pub left_behind: Vec<String>,
}

/// Opens a file, every readable file of a folder and of the folders in it, or every readable file of a zip archive.
///
/// # Errors
/// When it cannot be read, or holds no file that we read.
pub fn open_all(path: &Path) -> Result<Found> {
    let name = path.display().to_string();
    let mut found = Found { inputs: Vec::new(), skipped: Vec::new(), left_behind: Vec::new() };
    if path.is_dir() {
        folder(path, 0, &mut found)?;
    } else if path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("zip")) {
        archive(path, &name, &mut found)?;
    } else {
        found.inputs.push(Input::open(path)?);
        return Ok(found);
    }
    if found.inputs.is_empty() {
        return Err(Error::new(
            ErrorKind::Empty,
            "aucun fichier n’est d’un format lisible ; « ptce validate --help » les nomme",
            "no file is of a format that can be read; “ptce validate --help” names them",
        )
        .in_file(&name));
    }
    Ok(found)
}

fn folder(path: &Path, depth: usize, found: &mut Found) -> Result<()> {
    let name = path.display().to_string();
    if depth == MAX_DEPTH {
        return Err(too_much(&name));
    }
    let failed = |error: std::io::Error| Error::io(&name, &error);
    let mut entries: Vec<_> = fs::read_dir(path).map_err(failed)?.collect::<Result<_, _>>().map_err(failed)?;
    entries.sort_by_key(fs::DirEntry::file_name);
    for entry in entries {
        let path = entry.path();
        let file = entry.file_name();
        let file = file.to_string_lossy();
        if is_of_system(&file) {
            found.left_behind.push(path.display().to_string());
            continue;
        }
        // A link is followed to a file, never to a folder, which may lead back here.
        if entry.file_type().map_err(failed)?.is_dir() {
            folder(&path, depth + 1, found)?;
        } else if is_readable(&file) && path.is_file() {
            found.inputs.push(Input::open(&path)?);
        } else {
            found.skipped.push(path.display().to_string());
        }
        if found.inputs.len() + found.skipped.len() + found.left_behind.len() > MAX_FILES {
            return Err(too_much(&name));
        }
    }
    Ok(())
}

fn archive(path: &Path, name: &str, found: &mut Found) -> Result<()> {
    let file = File::open(path).map_err(|error| Error::io(name, &error))?;
    let broken = |error: ZipError| {
        Error::new(
            ErrorKind::Syntax,
            format!("archive illisible : {} ; demandez un nouvel envoi", in_french(&error)),
            format!("unreadable archive: {error}; ask for it again"),
        )
        .in_file(name)
    };
    let mut archive = ZipArchive::new(file).map_err(broken)?;
    let mut names = Vec::new();
    for index in 0..archive.len() {
        let file = archive.by_index_raw(index).map_err(broken)?;
        names.push((file.name().map_err(broken)?.into_owned(), index, file.is_dir()));
    }
    if names.len() > MAX_FILES {
        return Err(too_much(name));
    }
    if names.iter().any(|(inner, ..)| inner == HUBS) {
        // Related tables are one source.
        found.inputs.push(Input::open(path)?);
        return Ok(());
    }
    names.sort();
    for (inner, index, is_dir) in names {
        let is_hidden = inner.starts_with("__MACOSX/") || inner.split('/').any(is_of_system);
        if is_dir {
            continue;
        }
        let full = format!("{name}/{inner}");
        if is_hidden {
            found.left_behind.push(full);
            continue;
        }
        // An archive within the archive is not opened.
        if !is_readable(&inner)
            || Format::of_extension(inner.rsplit('.').next().unwrap_or_default()) == Some(Format::Tables)
        {
            found.skipped.push(full);
            continue;
        }
        let file = archive.by_index(index).map_err(broken)?;
        if !matches!(file.compression(), CompressionMethod::Stored | CompressionMethod::Deflated) {
            return Err(Error::new(
                ErrorKind::Format,
                "ce fichier est compressé d’une façon qui n’est pas celle des .zip ordinaires ; sortez-le de l’archive et \
                 donnez-le seul",
                "this file is not compressed as those of usual .zip archives are; take it out of the archive and give it alone",
            )
            .in_file(&full));
        }
        let mut unpacked = file.take(MAX_UNPACKED);
        let input = Input::from_reader(&full, &mut unpacked)?;
        if unpacked.limit() == 0 {
            return Err(Error::new(
                ErrorKind::Limit,
                "ce fichier dépasse 1 Go une fois décompressé ; sortez-le de l’archive et donnez-le seul",
                "this file exceeds 1 GB once unpacked; take it out of the archive and give it alone",
            )
            .in_file(&full));
        }
        found.inputs.push(input);
    }
    Ok(())
}

/// Why an archive cannot be read.
fn in_french(error: &ZipError) -> &'static str {
    match error {
        ZipError::UnsupportedArchive(_) => "elle est d’un genre inconnu",
        ZipError::Io(_) => "la lecture a échoué",
        _ => "elle est coupée, abîmée, ou n’est pas un .zip",
    }
}

fn is_readable(name: &str) -> bool {
    let file = name.rsplit('/').next().unwrap_or_default();
    file.rsplit_once('.').is_some_and(|(_, extension)| Format::of_extension(extension).is_some())
}

/// What systems and programs leave behind: hidden files, the locks of open workbooks.
fn is_of_system(name: &str) -> bool {
    name.starts_with('.') || name.starts_with("~$") || name == "Thumbs.db" || name == "desktop.ini"
}

fn too_much(name: &str) -> Error {
    Error::new(
        ErrorKind::Limit,
        format!("plus de {MAX_FILES} fichiers, ou des dossiers trop imbriqués ; donnez-en une partie"),
        format!("more than {MAX_FILES} files, or folders nested too deep; give a part of them"),
    )
    .in_file(name)
}
