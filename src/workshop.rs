//! Results that appear whole or not at all: made in a private folder beside their place, then moved there in one step.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
#[cfg(feature = "cli")]
use std::sync::TryLockError;
#[cfg(feature = "cli")]
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
#[cfg(feature = "cli")]
use std::time::Duration;

use tempfile::TempDir;

/// The workshops that exist, for whoever ends the process before they are closed.
static OPEN: Mutex<BTreeSet<PathBuf>> = Mutex::new(BTreeSet::new());

/// A private folder in which a result is made; it goes when it is dropped, with what is left in it.
pub(crate) struct Workshop {
    folder: Option<TempDir>,
    path: PathBuf,
}

impl Workshop {
    /// A workshop in the folder that `place` is in, so that the last move is a rename.
    ///
    /// # Errors
    /// When that folder does not exist or may not be written to.
    pub fn beside(place: &Path) -> io::Result<Workshop> {
        let parent = place.parent().filter(|parent| *parent != Path::new("")).unwrap_or(Path::new("."));
        let mut builder = tempfile::Builder::new();
        builder.prefix(".ptce-");
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            // Nobody else looks at what has not been checked yet.
            builder.permissions(fs::Permissions::from_mode(0o700));
        }
        // Whoever clears the workshops waits until this one is known.
        let mut workshops = open();
        let folder = builder.tempdir_in(parent)?;
        let path = folder.path().to_owned();
        workshops.insert(path.clone());
        Ok(Workshop { folder: Some(folder), path })
    }

    /// A place in the workshop.
    pub fn path(&self, name: &str) -> PathBuf {
        self.path.join(name)
    }

    /// Moves the file or folder `made` of the workshop to `place`, whose earlier content it replaces; that goes with the
    /// workshop.
    ///
    /// # Errors
    /// When it cannot be moved: what was there is there still, or, where even that failed, in the folder that the error
    /// names.
    pub fn install(mut self, made: &Path, place: &Path) -> io::Result<()> {
        keep_rights(made, place);
        sync(made)?;
        // Whoever clears the workshops waits: what is moved is moved whole.
        let mut workshops = open();
        let replaces_folder = fs::symlink_metadata(place).is_ok_and(|target| target.is_dir());
        match replaces_folder {
            true if exchange(made, place).is_ok() => {}
            true => {
                // From here on the workshop holds what must not go.
                workshops.remove(&self.path);
                self.replace(made, place)?;
            }
            false => fs::rename(made, place)?,
        }
        drop(workshops);
        // The result stands in its folder once that is written too; where folders cannot be synced, nothing can be done.
        let parent = place.parent().filter(|parent| *parent != Path::new("")).unwrap_or(Path::new("."));
        let _ = File::open(parent).and_then(|parent| parent.sync_all());
        Ok(())
    }

    /// Replaces a folder in two steps, where the system has no way to do it in one.
    fn replace(&mut self, made: &Path, place: &Path) -> io::Result<()> {
        let previous = self.path("previous");
        fs::rename(place, &previous)?;
        fs::rename(made, place).map_err(|error| match fs::rename(&previous, place) {
            Ok(()) => error,
            Err(_) => {
                self.folder.take().map(TempDir::keep);
                io::Error::new(error.kind(), format!("{error} ({})", previous.display()))
            }
        })
    }
}

impl Drop for Workshop {
    fn drop(&mut self) {
        // Leftovers of what was replaced are no reason to say that the work failed.
        drop(self.folder.take());
        open().remove(&self.path);
    }
}

fn open() -> MutexGuard<'static, BTreeSet<PathBuf>> {
    OPEN.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Whether the process is about to be ended from outside.
#[cfg(feature = "cli")]
static ENDING: AtomicBool = AtomicBool::new(false);

/// Removes the workshops that exist, as the process is about to be ended from outside; no result appears any more.
#[cfg(feature = "cli")]
pub(crate) fn clear() {
    ENDING.store(true, Ordering::SeqCst);
    remove(open());
}

/// The same, as something broke that may have happened in here: what this thread holds itself is not waited for.
#[cfg(feature = "cli")]
pub(crate) fn clear_from_within() {
    const ATTEMPTS: usize = 200;
    ENDING.store(true, Ordering::SeqCst);
    let free = (0..ATTEMPTS).find_map(|_| match OPEN.try_lock() {
        Ok(workshops) => Some(workshops),
        Err(TryLockError::Poisoned(workshops)) => Some(workshops.into_inner()),
        Err(TryLockError::WouldBlock) => {
            std::thread::sleep(Duration::from_millis(5));
            None
        }
    });
    if let Some(workshops) = free {
        remove(workshops);
    }
}

#[cfg(feature = "cli")]
fn remove(workshops: MutexGuard<'_, BTreeSet<PathBuf>>) {
    /// The work goes on meanwhile, and may add a file to a folder that is being emptied.
    const ATTEMPTS: usize = 1_000;
    for path in workshops.iter() {
        let _ = (0..ATTEMPTS).find(|_| fs::remove_dir_all(path).is_ok() || !path.exists());
    }
    // Nothing is moved out of a workshop after this.
    std::mem::forget(workshops);
}

/// Waits for the end where the process is about to be ended: what fails then fails for that reason, and is not told.
#[cfg(feature = "cli")]
pub(crate) fn wait_if_ending() {
    while ENDING.load(Ordering::SeqCst) {
        std::thread::park();
    }
}

/// Gives what was made the rights and the owner of what it replaces, as far as the process may.
fn keep_rights(made: &Path, place: &Path) {
    let Ok(replaced) = fs::symlink_metadata(place) else { return };
    #[cfg(unix)]
    {
        use std::os::unix::fs::{MetadataExt, chown};
        // The owner first: whoever gives a file away may no longer set its rights, and rights may end with the owner.
        let _ = chown(made, Some(replaced.uid()), Some(replaced.gid()));
    }
    let _ = fs::set_permissions(made, replaced.permissions());
}

/// Writes a file, or the files of a folder, to the disk before it is moved: a machine that stops leaves the old or the new.
fn sync(made: &Path) -> io::Result<()> {
    if made.is_dir() {
        return fs::read_dir(made)?.try_for_each(|entry| sync(&entry?.path()));
    }
    File::open(made)?.sync_all()
}

/// Exchanges two folders in one step.
#[cfg(target_os = "linux")]
fn exchange(made: &Path, place: &Path) -> io::Result<()> {
    use rustix::fs::{CWD, RenameFlags, renameat_with};
    Ok(renameat_with(CWD, made, CWD, place, RenameFlags::EXCHANGE)?)
}

#[cfg(not(target_os = "linux"))]
fn exchange(_made: &Path, _place: &Path) -> io::Result<()> {
    Err(io::Error::from(io::ErrorKind::Unsupported))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(folder: &Path) -> Vec<String> {
        let mut names: Vec<String> = fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned())
            .collect();
        names.sort();
        names
    }

    #[test]
    fn a_folder_replaces_another_whole() {
        for in_one_step in [true, false] {
            let around = tempfile::tempdir().unwrap();
            let place = around.path().join("p");
            fs::create_dir(&place).unwrap();
            fs::write(place.join("old"), "").unwrap();
            let mut workshop = Workshop::beside(&place).unwrap();
            let made = workshop.path("made");
            fs::create_dir(&made).unwrap();
            fs::write(made.join("new"), "").unwrap();
            match in_one_step {
                true => workshop.install(&made, &place).unwrap(),
                false => {
                    workshop.replace(&made, &place).unwrap();
                    drop(workshop);
                }
            }
            assert_eq!((names(&place), names(around.path())), (vec!["new".to_owned()], vec!["p".to_owned()]));
        }
    }

    #[test]
    fn what_cannot_be_moved_leaves_what_was_there() {
        let around = tempfile::tempdir().unwrap();
        let place = around.path().join("p");
        fs::create_dir(&place).unwrap();
        let workshop = Workshop::beside(&place).unwrap();
        let made = workshop.path("nothing");
        assert!(workshop.install(&made, &place).is_err());
        assert_eq!(names(around.path()), ["p"]);
    }

    #[cfg(unix)]
    #[test]
    fn a_workshop_is_private_and_rights_stay() {
        use std::os::unix::fs::PermissionsExt;
        let place = tempfile::NamedTempFile::new().unwrap();
        fs::set_permissions(place.path(), fs::Permissions::from_mode(0o640)).unwrap();
        let workshop = Workshop::beside(place.path()).unwrap();
        let made = workshop.path("made");
        fs::write(&made, "x").unwrap();
        workshop.install(&made, place.path()).unwrap();
        assert_eq!(fs::metadata(place.path()).unwrap().permissions().mode() & 0o777, 0o640);
        let around = tempfile::tempdir().unwrap();
        let workshop = Workshop::beside(&around.path().join("p")).unwrap();
        assert_eq!(fs::metadata(&workshop.path).unwrap().permissions().mode() & 0o777, 0o700);
    }
}
