//! The files that a run reads. None of them is ever written to, by whatever option and under whatever name.

use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use crate::error::{Error, ErrorKind, Result};

/// What a file is, under all its names.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Identity {
    path: PathBuf,
    /// The device and the number of the file, which links to it share.
    #[cfg(unix)]
    number: (u64, u64),
}

impl Identity {
    fn of(path: &Path) -> Option<Identity> {
        let path = std::fs::canonicalize(path).ok()?;
        #[cfg(unix)]
        let number = number(&std::fs::metadata(&path).ok()?);
        Some(Identity {
            path,
            #[cfg(unix)]
            number,
        })
    }

    fn is_same(&self, other: &Identity) -> bool {
        #[cfg(unix)]
        if self.number == other.number {
            return true;
        }
        self.path == other.path
    }
}

#[cfg(unix)]
fn number(metadata: &std::fs::Metadata) -> (u64, u64) {
    use std::os::unix::fs::MetadataExt;
    (metadata.dev(), metadata.ino())
}

static READ: Mutex<Vec<Identity>> = Mutex::new(Vec::new());

/// Notes that a file is read. What is no file, an entry of an archive, has no name of its own.
pub(super) fn note(path: &Path) {
    if let Some(identity) = Identity::of(path) {
        READ.lock().unwrap_or_else(PoisonError::into_inner).push(identity);
    }
}

/// The same of the standard input, into which a shell may have led a file.
pub(super) fn note_standard_input() {
    #[cfg(unix)]
    {
        use std::os::fd::AsFd;
        let input = std::io::stdin().as_fd().try_clone_to_owned().map(std::fs::File::from);
        if let Ok(metadata) = input.and_then(|input| input.metadata())
            && metadata.is_file()
        {
            let identity = Identity { path: PathBuf::from("-"), number: number(&metadata) };
            READ.lock().unwrap_or_else(PoisonError::into_inner).push(identity);
        }
    }
}

/// Refuses outputs that a command must not write: one that is read, and two that are one file, of which the later one would
/// replace the other. To be called with all of them before anything is read.
///
/// # Errors
/// When there is such an output.
pub(super) fn claim<'a>(outputs: impl IntoIterator<Item = &'a Path>) -> Result<()> {
    let mut claimed: Vec<Target> = Vec::new();
    for path in outputs {
        spare(path)?;
        let Some(target) = Target::of(path) else { continue };
        if claimed.contains(&target) {
            return Err(Error::new(
                ErrorKind::Usage,
                "deux résultats iraient dans ce même fichier ; donnez à chacun le sien",
                "two results would go to this same file; give each its own",
            )
            .in_file(&path.display().to_string()));
        }
        claimed.push(target);
    }
    Ok(())
}

/// Where an output goes, whether or not a file is there yet.
#[derive(PartialEq, Eq)]
enum Target {
    StandardOutput,
    File(PathBuf),
}

impl Target {
    /// None for a pipe or a device, which takes what comes one after the other.
    fn of(path: &Path) -> Option<Target> {
        if path.as_os_str() == "-" {
            return Some(Target::StandardOutput);
        }
        let path = super::followed(path).unwrap_or_else(|_| path.to_owned());
        if std::fs::metadata(&path).is_ok_and(|target| !target.is_file() && !target.is_dir()) {
            return None;
        }
        let parent = path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let parent = std::fs::canonicalize(parent).unwrap_or_else(|_| parent.to_owned());
        Some(Target::File(path.file_name().map_or(path.clone(), |name| parent.join(name))))
    }
}

/// Refuses to write to a file that is read, or to replace a folder that holds one.
///
/// # Errors
/// When it is such a file or folder.
pub(super) fn spare(path: &Path) -> Result<()> {
    let Some(target) = Identity::of(path) else { return Ok(()) };
    let read = READ.lock().unwrap_or_else(PoisonError::into_inner);
    if read.iter().any(|original| original.is_same(&target) || original.path.starts_with(&target.path)) {
        return Err(Error::new(
            ErrorKind::Usage,
            "le fichier à écrire est celui qui est lu ; donnez-lui un autre nom",
            "the file to write is the one that is read; give it another name",
        ));
    }
    Ok(())
}
