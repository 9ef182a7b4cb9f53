//! A folder, a zip archive or a mail of sources: each file in it that we read, in the order of their names; on the disk, or in
//! memory where there is none.

use super::found::{Found, MAX_FILES, is_readable, too_much};
use std::fs::{self, File};
use std::io::{Cursor, Read, Seek, SeekFrom};
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use zip::result::ZipError;
use zip::{CompressionMethod, ZipArchive};

use super::{Input, Limits, Opened, ReadSeek, kept, mail, read_error, whole_file};
use crate::error::{Error, ErrorKind, Result};
use crate::language::Phrase;
use crate::row::Format;
use crate::tables::HUBS;

/// Depth to which folders may be nested.
const MAX_DEPTH: usize = 16;
/// Bytes that one file of an archive may hold once unpacked.
const MAX_UNPACKED: u64 = 1 << 30;
/// Bytes that it may hold however well it is packed.
const UNSUSPECTED: u64 = 1 << 20;

/// Opens a file, every readable file of a folder and of the folders in it, or every readable file of a zip archive or of a mail.
///
/// # Errors
/// When it cannot be read, or holds no file that we read.
pub fn open_all(path: &Path) -> Result<Found> {
    open_within(path, &Limits::default())
}

/// The same within other limits, which each of the sources has then.
///
/// # Errors
/// When it cannot be read, or holds no file that we read.
pub fn open_within(path: &Path, limits: &Limits) -> Result<Found> {
    let mut found = found_in(path, limits)?;
    found.inputs = found.inputs.into_iter().map(|input| input.with_limits(*limits)).collect();
    Ok(found)
}

fn found_in(path: &Path, limits: &Limits) -> Result<Found> {
    let name = path.display().to_string();
    let mut found = Found::default();
    if path.is_dir() {
        folder(path, 0, &mut found)?;
    } else if is_zip(path) {
        let file = File::open(path).map_err(|error| Error::io(&name, &error))?;
        archive(Box::new(file), || Input::open(path), &name, limits, &mut found)?;
    } else if mail::is_mail(&name) {
        mail(path, &mut found)?;
    } else {
        found.inputs.push(Input::open(path)?);
        return Ok(found);
    }
    if found.inputs.is_empty() {
        return Err(nothing_to_read(&name, &found.skipped));
    }
    Ok(found)
}

/// The same for files in memory. A name with folders in it is that of a file of a folder: its files are taken as
/// [`open_all`] takes those of a folder, in the same order.
///
/// ```
/// use ptce::import::open_held;
/// let held = |name: &str| (name.to_owned(), b"nom\nRoue libre\n".to_vec().into());
/// let found = open_held(vec![held("envois/b.csv"), held("envois/a.csv"), held("envois/.DS_Store")])?;
/// assert_eq!(found.inputs.iter().map(|input| input.name()).collect::<Vec<_>>(), ["envois/a.csv", "envois/b.csv"]);
/// assert_eq!(found.left_behind, ["envois/.DS_Store"]);
/// # Ok::<(), ptce::Error>(())
/// ```
///
/// # Errors
/// When an archive cannot be read, or there is no file that we read.
pub fn open_held(files: Vec<(String, Arc<[u8]>)>) -> Result<Found> {
    let mut found = Found::default();
    let (mut of_folders, alone): (Vec<_>, Vec<_>) = files.into_iter().partition(|(name, _)| name.contains('/'));
    for (name, bytes) in alone {
        let before = found.inputs.len();
        if is_zip(Path::new(&name)) {
            let whole = || Ok(Input::from_shared(&name, Arc::clone(&bytes)));
            archive(Box::new(Cursor::new(Arc::clone(&bytes))), whole, &name, &Limits::default(), &mut found)?;
        } else if mail::is_mail(&name) {
            held_mail(&name, bytes, &mut found)?;
        } else {
            found.inputs.push(Input::from_shared(&name, bytes));
        }
        if found.inputs.len() == before {
            return Err(nothing_to_read(&name, &found.skipped));
        }
    }
    // Folder by folder, each by its names.
    of_folders.sort_by(|(a, _), (b, _)| a.split('/').cmp(b.split('/')));
    let before = found.inputs.len();
    let folder = of_folders.first().and_then(|(name, _)| name.split('/').next()).map(str::to_owned);
    if of_folders.len() > MAX_FILES || of_folders.iter().any(|(name, _)| name.split('/').count() > MAX_DEPTH + 1) {
        return Err(too_much(folder.as_deref().unwrap_or_default()));
    }
    for (name, bytes) in of_folders {
        if name.split('/').skip(1).any(is_hidden) {
            found.hide(name);
        } else if mail::is_mail(&name) {
            held_mail(&name, bytes, &mut found)?;
        } else if is_readable(&name) {
            found.inputs.push(Input::from_shared(&name, bytes));
        } else {
            found.skipped.push(name);
        }
    }
    match folder {
        Some(folder) if found.inputs.len() == before => Err(nothing_to_read(&folder, &found.skipped)),
        _ => Ok(found),
    }
}

/// The error of what holds nothing that we read; an archive within the archive is named, which a person can unpack.
fn nothing_to_read(name: &str, skipped: &[String]) -> Error {
    if let Some(inner) = skipped.iter().find(|name| is_zip(Path::new(name))) {
        return Error::new(
            ErrorKind::Empty,
            format!(
                "aucun fichier lisible ; une archive dans l’archive n’est pas ouverte : sortez « {inner} » et donnez-la"
            ),
            format!(
                "no file that can be read; an archive within an archive is not opened: take “{inner}” out and give it"
            ),
        )
        .in_file(name);
    }
    Error::new(
        ErrorKind::Empty,
        "aucun fichier n’est d’un format lisible ; « ptce validate --help » les nomme",
        "no file is of a format that can be read; “ptce validate --help” names them",
    )
    .in_file(name)
}

fn is_zip(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("zip"))
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
        if is_hidden(&file) {
            let hidden = path.display().to_string();
            match entry.file_type().is_ok_and(|of| of.is_dir()) {
                true => found.left_behind.push(hidden),
                false => found.hide(hidden),
            }
            found.check_count(&name)?;
            continue;
        }
        // A link is followed to a file, never to a folder, which may lead back here; one that leads nowhere lacks its records.
        let target = match fs::metadata(&path) {
            Err(error) if is_readable(&file) || mail::is_mail(&file) => {
                return Err(Error::io(&path.display().to_string(), &error));
            }
            target => target.ok().filter(fs::Metadata::is_file),
        };
        if entry.file_type().map_err(failed)?.is_dir() {
            folder(&path, depth + 1, found)?;
        } else if target.is_some() && mail::is_mail(&file) {
            mail(&path, found)?;
        } else if let Some(target) = target.filter(|_| is_readable(&file)) {
            let name = path.display().to_string();
            found.inputs.push(Input::closed(&name, target.len(), move |_| {
                let name = path.display().to_string();
                let file = File::open(&path).map_err(|error| Error::io(&name, &error))?;
                let length = file.metadata().map_err(|error| Error::io(&name, &error))?.len();
                Ok((Box::new(file), length))
            }));
        } else {
            found.skipped.push(path.display().to_string());
        }
        found.check_count(&name)?;
    }
    Ok(())
}

/// A mail: it is read to know what is attached to it, and again when the turn of that comes.
fn mail(path: &Path, found: &mut Found) -> Result<()> {
    let (bytes, own) = (whole_mail(path)?, path.to_owned());
    mail::open(&path.display().to_string(), &bytes, move |_| whole_mail(&own), found)
}

/// A mail in memory.
fn held_mail(name: &str, bytes: Arc<[u8]>, found: &mut Found) -> Result<()> {
    mail::open(name, &Arc::clone(&bytes), move |_| Ok(Arc::clone(&bytes)), found)
}

/// The bytes of a mail.
fn whole_mail(path: &Path) -> Result<Arc<[u8]>> {
    Ok(whole_file(path, MAIL_MEGABYTES, TAKE_OUT)?.into())
}

/// An archive that is open, and the bytes that were unpacked of it so far.
type Shared = Arc<Mutex<(ZipArchive<Box<dyn ReadSeek>>, u64)>>;

/// The bytes of a mail in an archive.
fn packed_mail(
    archive: &mut ZipArchive<Box<dyn ReadSeek>>,
    index: usize,
    so_far: &mut u64,
    limits: &Limits,
) -> Result<Arc<[u8]>> {
    let (mut source, length) = unpacked(archive, index, so_far, limits)?;
    if length > Limits::bytes(MAIL_MEGABYTES) {
        return Err(Error::new(ErrorKind::Limit, TAKE_OUT.fr, TAKE_OUT.en));
    }
    let mut bytes = Vec::new();
    source.read_to_end(&mut bytes).map_err(|error| read_error(&error))?;
    Ok(bytes.into())
}

/// What to do with a mail that is too long.
const TAKE_OUT: Phrase = Phrase {
    fr: "enregistrez les pièces jointes de ce courriel, et donnez-les",
    en: "save what is attached to this mail, and give that",
};

/// Megabytes that no mail server takes.
const MAIL_MEGABYTES: u64 = 64;

fn archive(
    file: Box<dyn ReadSeek>,
    whole: impl FnOnce() -> Result<Input>,
    name: &str,
    limits: &Limits,
    found: &mut Found,
) -> Result<()> {
    let broken = |error: ZipError| broken(&error).in_file(name);
    let mut file = file;
    let listed = listed(&mut file).map_err(|error| Error::io(name, &error))?;
    let mut archive = ZipArchive::new(file).map_err(broken)?;
    // Of two files of one name the reader knows but the last.
    if listed.is_some_and(|count| count > archive.len()) {
        return Err(Error::new(
            ErrorKind::Syntax,
            "archive où plusieurs fichiers portent le même nom, dont un seul se lirait ; renommez-les et refaites l’archive",
            "archive in which several files bear the same name, of which one would be read; rename them and make it again",
        )
        .in_file(name));
    }
    if archive.len() > MAX_FILES {
        return Err(too_much(name));
    }
    let mut entries = Vec::new();
    for index in 0..archive.len() {
        let file = archive.by_index_raw(index).map_err(broken)?;
        let extent = (file.header_start(), file.compressed_size());
        entries.push((file.name().map_err(broken)?.into_owned(), index, file.is_dir(), file.size(), extent));
    }
    if entries.iter().any(|(inner, ..)| inner == HUBS) {
        // Related tables are one source.
        found.inputs.push(whole()?);
        return Ok(());
    }
    if overlap(entries.iter().map(|(.., extent)| *extent).collect()) {
        return Err(Error::new(
            ErrorKind::Syntax,
            "archive illisible : plusieurs de ses fichiers occupent la même place ; demandez un nouvel envoi",
            "unreadable archive: several of its files take the same place; ask for it again",
        )
        .in_file(name));
    }
    entries.sort();
    // What was unpacked so far, for the limit that all entries have together.
    let shared: Shared = Arc::new(Mutex::new((archive, 0)));
    for (inner, index, is_dir, size, _) in entries {
        let is_of_system = inner.starts_with("__MACOSX/") || inner.split('/').any(is_hidden);
        if is_dir {
            continue;
        }
        let full = format!("{name}/{inner}");
        if is_of_system {
            found.hide(full);
            continue;
        }
        if mail::is_mail(&inner) {
            // It counts when it is searched, and no more when it is unpacked again for its sources.
            let bytes = {
                let mut shared = shared.lock().unwrap_or_else(PoisonError::into_inner);
                let (archive, so_far) = &mut *shared;
                packed_mail(archive, index, so_far, limits).map_err(|error| error.in_file(&full))?
            };
            let shared = Arc::clone(&shared);
            let again = move |limits: &Limits| {
                let mut shared = shared.lock().unwrap_or_else(PoisonError::into_inner);
                packed_mail(&mut shared.0, index, &mut 0, limits)
            };
            mail::open(&full, &bytes, again, found)?;
            continue;
        }
        // An archive within the archive is not opened.
        if !is_readable(&inner)
            || Format::of_extension(inner.rsplit('.').next().unwrap_or_default()) == Some(Format::Tables)
        {
            found.skipped.push(full);
            continue;
        }
        let shared = Arc::clone(&shared);
        found.inputs.push(Input::closed(&full, size, move |limits| {
            let mut shared = shared.lock().unwrap_or_else(PoisonError::into_inner);
            let (archive, so_far) = &mut *shared;
            unpacked(archive, index, so_far, limits)
        }));
    }
    Ok(())
}

/// How many files an archive lists, by the record at its end; none where that record has no room for the number, or is not
/// found.
fn listed(file: &mut Box<dyn ReadSeek>) -> std::io::Result<Option<usize>> {
    /// The record, and the longest comment behind it (APPNOTE 4.3.16).
    const LONGEST: u64 = 22 + u16::MAX as u64;
    let length = file.seek(SeekFrom::End(0))?;
    file.seek(SeekFrom::Start(length.saturating_sub(LONGEST)))?;
    let mut end = Vec::new();
    file.by_ref().take(LONGEST).read_to_end(&mut end)?;
    file.rewind()?;
    let at = memchr::memmem::rfind(&end, b"PK\x05\x06");
    let count = at.and_then(|at| end.get(at + 10..at + 12)).map(|count| u16::from_le_bytes([count[0], count[1]]));
    Ok(count.filter(|count| *count < u16::MAX).map(usize::from))
}

/// Whether entries of an archive, by where each begins and how long it is packed, lie over each other: so a small file
/// unpacks to any number of copies.
fn overlap(mut extents: Vec<(u64, u64)>) -> bool {
    extents.sort_unstable();
    extents.windows(2).any(|pair| pair[0].0.saturating_add(pair[0].1) > pair[1].0 || pair[0].0 == pair[1].0)
}

/// The bytes of an entry, in memory while they are few, then in a temporary file; `so_far` counts those of all entries.
fn unpacked(
    archive: &mut ZipArchive<Box<dyn ReadSeek>>,
    index: usize,
    so_far: &mut u64,
    limits: &Limits,
) -> Result<Opened> {
    let file = archive.by_index(index).map_err(|error| broken(&error))?;
    if !matches!(file.compression(), CompressionMethod::Stored | CompressionMethod::Deflated) {
        return Err(Error::new(
            ErrorKind::Format,
            "ce fichier est compressé d’une façon qui n’est pas celle des .zip ordinaires ; sortez-le de l’archive et \
             donnez-le seul",
            "this file is not compressed as those of usual .zip archives are; take it out of the archive and give it alone",
        ));
    }
    let packed = file.compressed_size();
    let of_ratio = packed.saturating_mul(limits.ratio).max(UNSUSPECTED);
    let of_all = Limits::bytes(limits.inflated).saturating_sub(*so_far);
    let most = MAX_UNPACKED.min(of_ratio).min(of_all);
    let mut taken = file.take(most.saturating_add(1));
    let (source, length) = kept(&mut taken).map_err(|error| read_error(&error))?;
    if length <= most {
        *so_far += length;
        return Ok((source, length));
    }
    let (fr, en) = if most == of_all {
        let inflated = limits.inflated;
        (
            format!(
                "l’archive dépasse {inflated} Mo une fois décompressée ; donnez-en une partie, ou, si elle est sûre, relevez --limit inflated={inflated}"
            ),
            format!(
                "the archive exceeds {inflated} MB once unpacked; give a part of it, or raise --limit inflated={inflated} if it is safe"
            ),
        )
    } else if most == of_ratio {
        let ratio = limits.ratio;
        (
            format!(
                "ce fichier fait plus de {ratio} fois sa taille dans l’archive ; s’il est sûr, relevez --limit ratio={ratio}"
            ),
            format!(
                "this file has more than {ratio} times its size in the archive; raise --limit ratio={ratio} if it is safe"
            ),
        )
    } else {
        (
            "ce fichier dépasse 1 Go une fois décompressé ; sortez-le de l’archive et donnez-le seul".to_owned(),
            "this file exceeds 1 GB once unpacked; take it out of the archive and give it alone".to_owned(),
        )
    };
    Err(Error::new(ErrorKind::Limit, fr, en))
}

fn broken(error: &ZipError) -> Error {
    Error::new(
        ErrorKind::Syntax,
        format!("archive illisible : {} ; demandez un nouvel envoi", in_french(error)),
        format!("unreadable archive: {error}; ask for it again"),
    )
}

/// Why an archive cannot be read.
fn in_french(error: &ZipError) -> &'static str {
    match error {
        ZipError::UnsupportedArchive(_) => "elle est d’un genre inconnu",
        ZipError::Io(_) => "la lecture a échoué",
        _ => "elle est coupée, abîmée, ou n’est pas un .zip",
    }
}

/// Whether a file is not read, though it may be of a format that we read, because systems and programs hide it or leave it
/// behind: hidden files, the locks of open workbooks.
fn is_hidden(name: &str) -> bool {
    // Archives made by some systems begin each name with `./`.
    name.starts_with('.') && !matches!(name, "." | "..")
        || name.starts_with("~$")
        || matches!(name, "Thumbs.db" | "desktop.ini")
}

/// Whether nobody meant to send what is hidden: it cannot hold records.
fn is_left_behind(name: &str) -> bool {
    let is_lock = name.starts_with("~$") && Format::of_extension(extension(name)).is_some_and(Format::is_workbook);
    let has_records = is_readable(name) || mail::is_mail(name) || is_zip(Path::new(name));
    // AppleDouble: what a Mac knows of the file of that name.
    name.starts_with("._") || is_lock || !has_records
}

fn extension(name: &str) -> &str {
    name.rsplit_once('.').map_or("", |(_, extension)| extension)
}

impl Found {
    /// Sets a hidden file aside: what may hold records is told as any other file that is not read.
    fn hide(&mut self, name: String) {
        let is_left_behind = is_left_behind(name.rsplit(['/', std::path::MAIN_SEPARATOR]).next().unwrap_or_default());
        if is_left_behind { self.left_behind.push(name) } else { self.skipped.push(name) }
    }
}
