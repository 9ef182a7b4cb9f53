//! What gives the original of a changed archive back byte for byte: the copy holds most of its bytes, the others are kept.

use sha2::{Digest, Sha256};

use crate::error::{Error, ErrorKind, Result};

/// By what it begins.
const MARK: &str = "ptce-original 1";

/// The original as pieces of the copy and bytes that the copy has not, in their order.
pub(super) struct Original {
    hash: [u8; 32],
    pieces: Vec<Piece>,
    kept: Vec<u8>,
}

#[derive(Clone, Copy)]
enum Piece {
    /// Bytes of the copy: where they begin, how many.
    Copied(usize, usize),
    /// So many of those that are kept.
    Kept(usize),
}

impl Original {
    /// The pieces of an original of that SHA-256, none of them told yet.
    pub fn new(hash: [u8; 32]) -> Original {
        Original { hash, pieces: Vec::new(), kept: Vec::new() }
    }

    /// Then come bytes that stand in the copy too.
    pub fn copy(&mut self, start: usize, length: usize) {
        match self.pieces.last_mut() {
            Some(Piece::Copied(from, known)) if *from + *known == start => *known += length,
            _ => self.pieces.push(Piece::Copied(start, length)),
        }
    }

    /// Then come bytes that stand in the original alone.
    pub fn literal(&mut self, bytes: &[u8]) {
        match self.pieces.last_mut() {
            Some(Piece::Kept(known)) => *known += bytes.len(),
            _ => self.pieces.push(Piece::Kept(bytes.len())),
        }
        self.kept.extend_from_slice(bytes);
    }

    pub fn to_bytes(&self) -> Vec<u8> {
        let hash = hexadecimal(&self.hash);
        let mut text = format!("{MARK} {hash}\n");
        for piece in &self.pieces {
            text.push_str(&match piece {
                Piece::Copied(start, length) => format!("={start} {length}\n"),
                Piece::Kept(length) => format!("+{length}\n"),
            });
        }
        let mut bytes = text.into_bytes();
        bytes.push(b'\n');
        bytes.extend_from_slice(&self.kept);
        bytes
    }

    /// Whether bytes are what [`Original::to_bytes`] wrote.
    pub fn is_one(bytes: &[u8]) -> bool {
        bytes.starts_with(MARK.as_bytes())
    }

    /// The original, from what is kept of it and the copy that holds the rest; none when another program has changed the copy.
    ///
    /// # Errors
    /// When what is kept is damaged.
    pub fn restore(kept: &[u8], copy: &[u8]) -> Result<Option<Vec<u8>>> {
        let split = memchr::memmem::find(kept, b"\n\n").ok_or_else(wrong)?;
        let (head, mut rest) = (&kept[..split], &kept[split + 2..]);
        let head = std::str::from_utf8(head).map_err(|_| wrong())?;
        let mut lines = head.lines();
        let hash = lines.next().and_then(|line| line.strip_prefix(MARK)).map(str::trim).ok_or_else(wrong)?;
        let mut original = Vec::with_capacity(copy.len());
        for line in lines {
            let number = |text: &str| text.parse::<usize>().map_err(|_| wrong());
            if let Some(piece) = line.strip_prefix('=') {
                let (start, length) = piece.split_once(' ').ok_or_else(wrong)?;
                let (start, length) = (number(start)?, number(length)?);
                let Some(bytes) = start.checked_add(length).and_then(|end| copy.get(start..end)) else {
                    return Ok(None);
                };
                original.extend_from_slice(bytes);
            } else {
                let length = number(line.strip_prefix('+').ok_or_else(wrong)?)?;
                let (bytes, after) = rest.split_at_checked(length).ok_or_else(wrong)?;
                original.extend_from_slice(bytes);
                rest = after;
            }
        }
        Ok((hexadecimal(&Sha256::digest(&original)) == hash).then_some(original))
    }
}

pub(super) fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn wrong() -> Error {
    Error::new(
        ErrorKind::Syntax,
        "ce que la copie annotée garde de l’original est abîmé ; reprenez l’original",
        "what the annotated copy keeps of the original is damaged; take the original",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_original_comes_back_or_not_at_all() {
        let (original, copy) = (b"abcdefgh".as_slice(), b"abXXefgh".as_slice());
        let mut pieces = Original::new(Sha256::digest(original).into());
        pieces.copy(0, 1);
        pieces.copy(1, 1);
        pieces.literal(b"c");
        pieces.literal(b"d");
        pieces.copy(4, 4);
        let kept = pieces.to_bytes();
        assert!(Original::is_one(&kept) && kept.iter().filter(|byte| **byte == b'\n').count() == 5);
        assert_eq!(Original::restore(&kept, copy).unwrap().as_deref(), Some(original));
        assert_eq!(Original::restore(&kept, b"abXXefgH").unwrap(), None);
        assert_eq!(Original::restore(&kept, b"ab").unwrap(), None);
        assert!(Original::restore(&kept[..kept.len() - 1], copy).is_err());
    }
}
