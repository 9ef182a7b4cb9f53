//! Where a package goes: a folder or a zip archive that appears whole or not at all, or an archive in memory.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, BufWriter, Cursor, Read, Seek, Write};
use std::mem::ManuallyDrop;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use sha2::{Digest, Sha256};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipArchive, ZipWriter};

use super::package::{DESCRIBED, Sum};
use super::privacy::Secrets;
use super::privacy::leaks::Search;
use super::{search, search_complete};
use crate::error::{Error, ErrorKind, Result};
use crate::workshop::Workshop;

/// The file that no other program's package has.
const OWN: &str = "occultations.json";

/// The page of a package.
pub(super) const PAGE: &str = "index.html";

/// The list of what somebody has to look at, beside the package.
const REVIEW: &str = "a-verifier.csv";

/// Bytes of a file that are searched and written at a time: so few that the records in them were judged a moment ago.
const BUFFER: usize = 1 << 14;

/// The place of a package.
pub(super) enum Place {
    /// On the disk, and the workshop where it is made.
    Disk { path: PathBuf, workshop: Workshop, force: bool },
    /// In memory, under this name in errors.
    Memory(String),
}

/// A package that was made in memory.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Held {
    /// The package, a zip archive.
    pub archive: Vec<u8>,
    /// The list of what somebody has to look at; empty where there is nothing.
    pub review: Vec<u8>,
    /// The page of the package, which is in the archive too.
    pub page: Vec<u8>,
}

/// What became of a package: where its list of doubtful mentions is, and the package itself where it is in memory.
pub(super) type Installed = (Option<PathBuf>, Option<Held>);

/// Where the files of a package are while it is made.
pub(super) enum Store {
    Folder(PathBuf),
    Memory(Mutex<ByName>),
}

/// The bytes of the files that are complete.
type ByName = BTreeMap<&'static str, Arc<[u8]>>;

/// A file of a package, to be read.
pub(super) enum Opened {
    File(File),
    Memory(Cursor<Arc<[u8]>>),
}

impl Read for Opened {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match self {
            Opened::File(file) => file.read(buffer),
            Opened::Memory(bytes) => bytes.read(buffer),
        }
    }
}

impl Store {
    /// An empty one in memory.
    pub fn memory() -> Store {
        Store::Memory(Mutex::default())
    }

    fn held(files: &Mutex<ByName>) -> MutexGuard<'_, ByName> {
        files.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Opens a file that is complete.
    pub fn open(&self, name: &str) -> Result<Opened> {
        let opened = match self {
            Store::Folder(folder) => File::open(folder.join(name)).map(Opened::File),
            Store::Memory(files) => {
                let bytes = Store::held(files).get(name).cloned().ok_or(io::ErrorKind::NotFound.into());
                bytes.map(|bytes| Opened::Memory(Cursor::new(bytes)))
            }
        };
        opened.map_err(|error| Error::io(&self.place(name), &error))
    }

    /// The bytes of a file that is complete.
    pub fn bytes(&self, name: &str) -> Result<Vec<u8>> {
        let mut bytes = Vec::new();
        let read = self.open(name)?.read_to_end(&mut bytes);
        read.map_err(|error| Error::io(&self.place(name), &error))?;
        Ok(bytes)
    }

    /// Where a file stands, in errors.
    fn place(&self, name: &str) -> String {
        match self {
            Store::Folder(folder) => folder.join(name).display().to_string(),
            Store::Memory(_) => name.to_owned(),
        }
    }

    /// The names of the files that are complete.
    fn names(&self) -> io::Result<Vec<String>> {
        let mut names = match self {
            Store::Folder(folder) => fs::read_dir(folder)?
                .map(|entry| entry.map(|entry| entry.file_name().to_string_lossy().into_owned()))
                .collect::<Result<Vec<String>, _>>()?,
            Store::Memory(files) => Store::held(files).keys().map(|name| (*name).to_owned()).collect(),
        };
        names.sort();
        Ok(names)
    }
}

/// Whether a package goes into an archive: its name says so.
fn is_archive(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("zip"))
}

impl Place {
    /// A workshop beside `path`. With `force`, the package replaces an earlier one, or an empty folder.
    pub fn new(path: &Path, force: bool) -> Result<Place> {
        check(path, force)?;
        let workshop = Workshop::beside(path).map_err(|error| {
            let parent = path.parent().filter(|parent| *parent != Path::new("")).unwrap_or(Path::new("."));
            Error::io(&parent.display().to_string(), &error)
        })?;
        Ok(Place::Disk { path: path.to_owned(), workshop, force })
    }

    /// The name of the place in errors.
    pub fn name(&self) -> String {
        match self {
            Place::Disk { path, .. } => path.display().to_string(),
            Place::Memory(name) => name.clone(),
        }
    }

    /// Where to write the files of the package to.
    pub fn store(&self) -> Result<Store> {
        let Place::Disk { workshop, .. } = self else { return Ok(Store::memory()) };
        // The folder of the workshop is private; one made inside it has the usual permissions.
        let made = workshop.path("package");
        fs::create_dir(&made).map_err(|error| Error::io(&made.display().to_string(), &error))?;
        Ok(Store::Folder(made))
    }

    /// Where to write the list of what somebody has to look at.
    pub fn review(&self) -> Result<Review> {
        let Place::Disk { workshop, .. } = self else { return Ok(Review::Memory(Vec::new())) };
        let path = workshop.path(REVIEW);
        let file = File::create(&path).map_err(|error| Error::io(&path.display().to_string(), &error))?;
        Ok(Review::File(path, BufWriter::new(file)))
    }

    /// Moves the package that was written to `store` to its place, and the list of what somebody has to look at beside it;
    /// answers where that is. A list that holds decisions is not replaced.
    pub fn install(self, store: &Store, review: Option<Review>) -> Result<Installed> {
        let name = self.name();
        let failed = |error: io::Error| Error::io(&name, &error);
        let (path, workshop, force) = match self {
            Place::Disk { path, workshop, force } => (path, workshop, force),
            Place::Memory(_) => {
                let mut archive = Cursor::new(Vec::new());
                pack(store, &mut archive).map_err(failed)?;
                let review = match review {
                    Some(Review::Memory(review)) => review,
                    _ => Vec::new(),
                };
                let page = store.bytes(PAGE)?;
                return Ok((None, Some(Held { archive: archive.into_inner(), review, page })));
            }
        };
        let packed = workshop.path("package.zip");
        let made = match (is_archive(&path), store) {
            (false, Store::Folder(folder)) => folder,
            _ => {
                let file = File::create_new(&packed).map_err(failed)?;
                pack(store, &mut BufWriter::new(file)).map_err(failed)?;
                &packed
            }
        };
        // Time has passed since the first look.
        check(&path, force)?;
        // The list first: a package is not published without it.
        let listed = match review {
            Some(Review::File(made, file)) => {
                // Not every system moves a file that is open.
                drop(file);
                Some(install_review(&path, &made)?)
            }
            _ => None,
        };
        workshop.install(made, &path).map_err(|error| {
            if let Some(listed) = &listed {
                // The error below says why there is nothing to look at.
                let _ = fs::remove_file(listed);
            }
            failed(error)
        })?;
        Ok((listed, None))
    }
}

/// The list of what somebody has to look at, on its way.
pub(super) enum Review {
    File(PathBuf, BufWriter<File>),
    Memory(Vec<u8>),
}

impl Write for Review {
    fn write(&mut self, buffer: &[u8]) -> io::Result<usize> {
        match self {
            Review::File(_, file) => file.write(buffer),
            Review::Memory(bytes) => bytes.write(buffer),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Review::File(_, file) => file.flush(),
            Review::Memory(_) => Ok(()),
        }
    }
}

fn install_review(path: &Path, review: &Path) -> Result<PathBuf> {
    let beside = |rank: u32| match rank {
        1 => path.with_file_name(REVIEW),
        _ => path.with_file_name(format!("a-verifier-{rank}.csv")),
    };
    let is_free = |path: &PathBuf| match fs::read_to_string(path) {
        Ok(text) => holds_no_decision(&text),
        Err(error) => error.kind() == io::ErrorKind::NotFound,
    };
    let failed = |error: io::Error| Error::io(&path.with_file_name(REVIEW).display().to_string(), &error);
    let place = (1..1000).map(beside).find(is_free).ok_or_else(|| failed(io::ErrorKind::AlreadyExists.into()))?;
    // It names people: whoever publishes gives it to whom it concerns.
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        fs::set_permissions(review, fs::Permissions::from_mode(0o600)).map_err(failed)?;
    }
    fs::rename(review, &place).map_err(failed)?;
    Ok(place)
}

/// Whether a file is a list as we write it, in which nobody has decided anything yet.
fn holds_no_decision(text: &str) -> bool {
    let text = text.trim_start_matches('\u{feff}');
    let mut rows = csv::ReaderBuilder::new().delimiter(b';').has_headers(false).from_reader(text.as_bytes());
    let mut rows = rows.records();
    let is_ours = matches!(rows.next(), Some(Ok(header)) if header.iter().take(3).eq(["cle", "decision", "motif"]));
    is_ours && rows.all(|row| row.is_ok_and(|row| row.get(1).is_some_and(|decision| decision.trim().is_empty())))
}

/// Whether the package may be put at `path`.
fn check(path: &Path, force: bool) -> Result<()> {
    let name = path.display().to_string();
    let refuse = |fr: &str, en: &str| Err(Error::new(ErrorKind::Usage, fr, en).in_file(&name));
    if path.file_name().is_none() {
        return refuse("indiquez un dossier par son nom", "name a directory");
    }
    let kind = match fs::symlink_metadata(path) {
        Ok(metadata) => metadata.file_type(),
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(Error::io(&name, &error)),
    };
    if is_archive(path) && kind.is_file() {
        return match (force, is_packed(path)) {
            (true, true) => Ok(()),
            (false, true) => refuse(
                "cette archive existe déjà ; choisissez un autre nom, ou --force pour la remplacer",
                "this archive exists already; choose another name, or --force to replace it",
            ),
            (_, false) => refuse(
                "ce fichier n’est pas l’archive d’un jeu de données, il n’est pas remplacé ; choisissez un autre nom",
                "this file is not the archive of a data package and is not replaced; choose another name",
            ),
        };
    }
    if !kind.is_dir() {
        return refuse(
            "ce n’est pas un dossier ; choisissez un autre nom",
            "this is not a directory; choose another name",
        );
    }
    if !force {
        return refuse(
            "ce dossier existe déjà ; choisissez un autre nom, ou --force pour le remplacer",
            "this directory exists already; choose another name, or --force to replace it",
        );
    }
    let mut names = Vec::new();
    for entry in fs::read_dir(path).map_err(|error| Error::io(&name, &error))? {
        let entry = entry.map_err(|error| Error::io(&name, &error))?;
        names.push(entry.file_name().to_string_lossy().into_owned());
        // A package has no folders. One in it (`.git`…) holds someone's work.
        if entry.file_type().map_err(|error| Error::io(&name, &error))?.is_dir() {
            return refuse(
                "ce dossier en contient d’autres, il n’est pas remplacé ; choisissez un autre nom",
                "this directory contains others and is not replaced; choose another name",
            );
        }
    }
    if !names.is_empty() && !is_package(names.iter().map(String::as_str)) {
        return refuse(
            "ce dossier n’est ni vide ni une publication de ptce, sans rien d’autre ; il n’est pas remplacé, choisissez un autre nom",
            "this directory is neither empty nor a publication of ptce and nothing else; it is not replaced, choose another name",
        );
    }
    Ok(())
}

/// Whether these are the files of a publication, and no others: nobody else's work is replaced.
fn is_package<'a>(names: impl Iterator<Item = &'a str>) -> bool {
    let described = |name: &str| DESCRIBED.iter().any(|(known, _)| *known == name);
    let is_ours = |name: &str| [OWN, PAGE].contains(&name) || described(name);
    let names: Vec<&str> = names.collect();
    names.contains(&OWN) && names.iter().all(|name| is_ours(name))
}

fn is_packed(path: &Path) -> bool {
    let archive = File::open(path).ok().and_then(|file| ZipArchive::new(file).ok());
    archive.is_some_and(|archive| {
        let names: Vec<String> = archive.file_names().map(|name| name.unwrap_or_default().into_owned()).collect();
        is_package(names.iter().map(String::as_str))
    })
}

/// Where an archive is packed: a file or memory.
trait Archive: Write + Seek {}

impl<W: Write + Seek> Archive for W {}

/// Packs the files of a package, by name, without dates: the same files give the same bytes.
fn pack(store: &Store, archive: &mut dyn Archive) -> io::Result<()> {
    let options = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Deflated)
        .last_modified_time(zip::DateTime::default())
        .unix_permissions(0o644);
    // An archive that fails is abandoned: when dropped, its writer would try to complete it, and talk of that.
    let mut packed = ManuallyDrop::new(ZipWriter::new(archive));
    for name in store.names()? {
        let (length, mut file): (u64, Box<dyn Read>) = match store {
            Store::Folder(folder) => {
                let file = File::open(folder.join(&name))?;
                (file.metadata()?.len(), Box::new(file))
            }
            Store::Memory(files) => {
                let bytes = Store::held(files).get(name.as_str()).cloned().unwrap_or_default();
                (bytes.len() as u64, Box::new(Cursor::new(bytes)))
            }
        };
        packed.start_file(name, options.large_file(length > u64::from(u32::MAX)))?;
        io::copy(&mut file, &mut *packed)?;
    }
    ManuallyDrop::into_inner(packed).finish()?.flush()
}

/// The files of a package, with the size and the SHA-256 of those that are complete and hold nothing that was withheld.
pub(super) struct Files<'a> {
    store: &'a Store,
    secrets: &'a Secrets,
    sums: BTreeMap<&'static str, Sum>,
    /// What is wrong with the others.
    errors: BTreeMap<&'static str, Error>,
}

/// A file on its way.
pub(super) struct Output<'a> {
    name: &'static str,
    file: BufWriter<Checked<'a>>,
}

/// A file that is counted, hashed and searched while it is written.
struct Checked<'a> {
    made: Made,
    bytes: u64,
    hash: Sha256,
    search: Option<Box<dyn Search + Send + 'a>>,
    /// What the search has found so far.
    found: Result<()>,
}

impl Write for Checked<'_> {
    fn write(&mut self, buffer: &[u8]) -> io::Result<usize> {
        let length = self.made.write(buffer)?;
        let written = &buffer[..length];
        self.bytes += length as u64;
        self.hash.update(written);
        if let (Some(search), Ok(())) = (&mut self.search, &self.found) {
            self.found = search.block(written);
        }
        Ok(length)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.made.flush()
    }
}

/// Where the bytes of a file go.
enum Made {
    File(File),
    Memory(Vec<u8>),
}

impl Write for Made {
    fn write(&mut self, buffer: &[u8]) -> io::Result<usize> {
        match self {
            Made::File(file) => file.write(buffer),
            Made::Memory(bytes) => bytes.write(buffer),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Made::File(file) => file.flush(),
            Made::Memory(_) => Ok(()),
        }
    }
}

impl Write for Output<'_> {
    fn write(&mut self, buffer: &[u8]) -> io::Result<usize> {
        self.file.write(buffer)
    }

    // What is provided asks for each part whether all of it was written.
    fn write_all(&mut self, buffer: &[u8]) -> io::Result<()> {
        self.file.write_all(buffer)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

impl<'a> Files<'a> {
    pub fn new(store: &'a Store, secrets: &'a Secrets) -> Files<'a> {
        Files { store, secrets, sums: BTreeMap::new(), errors: BTreeMap::new() }
    }

    pub fn create(&self, name: &'static str) -> Result<Output<'a>> {
        let made = match self.store {
            Store::Folder(folder) => {
                let failed = |error| Error::io(&self.store.place(name), &error);
                Made::File(File::create_new(folder.join(name)).map_err(failed)?)
            }
            Store::Memory(_) => Made::Memory(Vec::new()),
        };
        let checked =
            Checked { made, bytes: 0, hash: Sha256::new(), search: search(name, self.secrets), found: Ok(()) };
        Ok(Output { name, file: BufWriter::with_capacity(BUFFER, checked) })
    }

    /// Completes files.
    ///
    /// # Errors
    /// When a file cannot be written. What is found in them is told by [`finish`](Files::finish).
    pub fn close(&mut self, outputs: impl IntoIterator<Item = Output<'a>>) -> Result<()> {
        for Output { name, file } in outputs {
            let checked = file.into_inner().map_err(|error| crate::export::write_error(error.into_error()))?;
            let Checked { made, bytes, hash, search, found } = checked;
            if let (Made::Memory(bytes), Store::Memory(files)) = (made, self.store) {
                Store::held(files).insert(name, bytes.into());
            }
            let end =
                || search.map_or_else(|| search_complete(name, self.store, self.secrets), |mut search| search.end());
            match found.and_then(|()| end()) {
                Ok(()) => {
                    let sha256 = hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect();
                    self.sums.insert(name, Sum { bytes, sha256 });
                }
                Err(error) => drop(self.errors.insert(name, error)),
            }
        }
        Ok(())
    }

    /// Ends the work on the files.
    ///
    /// # Errors
    /// When one holds what was withheld, or cannot be searched: the first one by name.
    pub fn finish(self) -> Result<()> {
        self.errors.into_values().next().map_or(Ok(()), Err)
    }

    pub fn text(&mut self, name: &'static str, text: &str) -> Result<()> {
        let mut file = self.create(name)?;
        file.write_all(text.as_bytes()).map_err(crate::export::write_error)?;
        self.close([file])
    }

    /// The files that are complete, by name.
    pub fn sums(&self) -> impl Iterator<Item = (&'static str, &Sum)> {
        self.sums.iter().map(|(name, sum)| (*name, sum))
    }

    /// What is known of a file; nothing while it is not complete.
    pub fn sum(&self, name: &str) -> Option<&Sum> {
        self.sums.get(name)
    }
}
