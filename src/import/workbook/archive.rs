//! The zip archive of a workbook, refused when it declares more than a machine can hold: a few kilobytes can ask for all of
//! its memory, and a program that runs out of it ends without a word.

use std::collections::BTreeMap;
use std::io::{BufReader, Read, Seek};

use zip::ZipArchive;
use zip::read::ZipFile;

use super::{Limits, damaged, password, same_content, unreadable};
use crate::error::{Error, ErrorKind, Result};

/// Parts under this size may be packed as well as they like.
const ANY_RATIO_BYTES: u64 = 1 << 20;

/// How often a part may be read: that of a sheet is read once more for what stands behind its cells. Sheets that lead to the
/// same part would take as many times its size.
const MAX_READS: u8 = 2;

/// An archive whose parts are found without regard to case, as Office finds them.
pub(super) struct Archive<R> {
    zip: ZipArchive<BufReader<R>>,
    /// The parts, and how often each has been read.
    parts: BTreeMap<String, (usize, u8)>,
    /// Bytes that all parts take.
    unpacked: u64,
}

impl<R: Read + Seek> Archive<R> {
    pub fn open(source: R, limits: &Limits) -> Result<Archive<R>> {
        let mut archive = ZipArchive::new(BufReader::new(source)).map_err(|error| unreadable(&error))?;
        let Limits { inflated, ratio, parts: most, .. } = *limits;
        if archive.len() as u64 > most {
            return Err(Error::new(
                ErrorKind::Limit,
                format!("le classeur a plus de {most} parties ; gardez les feuilles qui décrivent les PTCE"),
                format!("the workbook has more than {most} parts; keep the sheets that describe the PTCE"),
            ));
        }
        let mut parts = BTreeMap::new();
        let mut total: u64 = 0;
        let mut is_twice = archive.has_duplicate_names();
        for index in 0..archive.len() {
            let part = archive.by_index_raw(index).map_err(|error| unreadable(&error))?;
            if part.encrypted() {
                return Err(password());
            }
            let name = part.name().map_err(|error| unreadable(&error))?.into_owned();
            total = total.saturating_add(part.size());
            if part.size() > ANY_RATIO_BYTES && part.size() / ratio > part.compressed_size() {
                return Err(Error::new(
                    ErrorKind::Limit,
                    format!(
                        "la partie « {name} » occuperait plus de {ratio} fois sa taille, {} Mo ; c’est un fichier piégé, \
                         demandez un nouvel envoi",
                        part.size() >> 20
                    ),
                    format!(
                        "the part “{name}” would take more than {ratio} times its size, {} MB; this file is a trap, ask \
                         for it again",
                        part.size() >> 20
                    ),
                ));
            }
            // Names are looked up without regard to case.
            is_twice |= parts.insert(name.replace('\\', "/").to_ascii_lowercase(), (index, 0)).is_some();
        }
        if is_twice {
            return Err(damaged("deux parties ont le même nom", "two parts have the same name"));
        }
        if total > Limits::bytes(inflated) {
            return Err(Error::new(
                ErrorKind::Limit,
                format!(
                    "le classeur occuperait {} Mo, plus de {inflated} ; partagez-le, ou envoyez du CSV",
                    total >> 20
                ),
                format!("the workbook would take {} MB, more than {inflated}; split it, or send CSV", total >> 20),
            ));
        }
        // Sizes that are told may be lies.
        let unpacked = total.min(archive.central_directory_start().saturating_mul(ratio));
        Ok(Archive { zip: archive, parts, unpacked })
    }

    /// Bytes that all parts take, as far as the archive tells.
    pub fn unpacked(&self) -> u64 {
        self.unpacked
    }

    /// A part of the archive, when there is one of that path.
    pub fn part(&mut self, path: &str) -> Result<Option<ZipFile<'_, BufReader<R>>>> {
        let Some((index, reads)) = self.parts.get_mut(&path.to_ascii_lowercase()) else { return Ok(None) };
        *reads += 1;
        if *reads > MAX_READS {
            return Err(same_content());
        }
        self.zip.by_index(*index).map(Some).map_err(|error| unreadable(&error))
    }
}
