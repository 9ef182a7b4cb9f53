//! Without a disk the library gives what the command gives: sources in memory, a package in memory, an annotated copy.

use std::fs;
use std::path::Path;
use std::sync::Arc;

use ptce::export::open_data::{OpenData, OpenDataOptions};
use ptce::import::{open_all, open_held};
use ptce::{Input, records};

use crate::support::root;

/// The bytes of a zip archive of two sources, and of what is none.
fn archive() -> Vec<u8> {
    use std::io::Write;
    let mut archive = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for name in ["b/suivi.csv", "a.json", "notes.pdf", "__MACOSX/a.json"] {
        archive.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
        archive.write_all(if name == "a.json" { b"[{\"nom\":\"Arvor\"}]" } else { b"nom\nRoue libre\n" }).unwrap();
    }
    archive.finish().unwrap().into_inner()
}

/// The names of what was found, from a folder down.
fn names(found: &ptce::import::Found, folder: &Path) -> [Vec<String>; 3] {
    let within = |name: &str| Path::new(name).strip_prefix(folder).unwrap_or(Path::new(name)).display().to_string();
    let inputs = found.inputs.iter().map(|input| within(input.name())).collect();
    [
        inputs,
        found.skipped.iter().map(|name| within(name)).collect(),
        found.left_behind.iter().map(|name| within(name)).collect(),
    ]
}

#[test]
fn sources_in_memory_are_taken_as_those_of_the_disk() {
    let place = tempfile::tempdir().unwrap();
    let folder = place.path().join("envois");
    fs::create_dir_all(folder.join("b.d")).unwrap();
    fs::create_dir_all(folder.join("B")).unwrap();
    let mut held: Vec<(String, Arc<[u8]>)> = Vec::new();
    for name in ["c.csv", "b.d/1.csv", "b.csv", "B/z.json", "lisez-moi.pdf", ".DS_Store", "~$b.xlsx"] {
        fs::write(folder.join(name), "nom\nRoue libre\n").unwrap();
        held.push((format!("envois/{name}"), b"nom\nRoue libre\n".to_vec().into()));
    }
    let on_disk = open_all(&folder).unwrap();
    assert_eq!(names(&open_held(held).unwrap(), Path::new("")), names(&on_disk, place.path()));
    assert_eq!(on_disk.inputs.len(), 4);

    let packed = place.path().join("envois.zip");
    fs::write(&packed, archive()).unwrap();
    let held = open_held(vec![("envois.zip".to_owned(), archive().into())]).unwrap();
    let on_disk = open_all(&packed).unwrap();
    assert_eq!(names(&held, Path::new("")), names(&on_disk, place.path()));
    let names = |inputs| records(inputs).unwrap().into_iter().map(|record| record.name).collect::<Vec<_>>();
    assert_eq!(names(held.inputs), names(on_disk.inputs));
}

#[test]
fn what_cannot_be_read_is_refused_in_the_same_words() {
    let place = tempfile::tempdir().unwrap();
    for (name, bytes) in [("vide.zip", &b""[..]), ("faux.zip", b"PK\x03\x04"), ("vide.csv", b"")] {
        let path = place.path().join(name);
        fs::write(&path, bytes).unwrap();
        let told = |found: ptce::Result<ptce::import::Found>| {
            let error = found.and_then(|found| records(found.inputs).map(drop)).unwrap_err();
            error.message(ptce::Language::French).replace(&path.display().to_string(), name)
        };
        assert_eq!(told(open_held(vec![(name.to_owned(), bytes.to_vec().into())])), told(open_all(&path)), "{name}");
    }
}

#[test]
fn a_package_in_memory_is_the_archive_on_the_disk() {
    let place = tempfile::tempdir().unwrap();
    let path = place.path().join("publication.zip");
    let options = OpenDataOptions::default();
    let published = |mut publication: OpenData<'_>| {
        let source = root().join("samples/laureats-2014.json");
        for mut record in records(vec![Input::open(&source).unwrap()]).unwrap() {
            record.project.summary = Some("Avec M. Paul Sabatier, une université.".to_owned());
            publication.record(record).unwrap();
        }
        publication.finish(&|rank| rank == 3).unwrap()
    };
    let on_disk = published(OpenData::create(&path, false, &options).unwrap());
    let in_memory = published(OpenData::in_memory("publication.zip", &options).unwrap());
    let held = in_memory.held.unwrap();
    assert_eq!(held.archive, fs::read(&path).unwrap());
    assert_eq!((in_memory.records, in_memory.doubtful), (on_disk.records, on_disk.doubtful));
    assert!(on_disk.doubtful > 0 && on_disk.held.is_none());
    assert_eq!(held.review, fs::read(on_disk.review.unwrap()).unwrap());
    assert!(held.page.starts_with(b"<!DOCTYPE html>") || held.page.starts_with(b"<!doctype html>"));
    assert_eq!(fs::read_dir(Path::new(place.path())).unwrap().count(), 2);
}
