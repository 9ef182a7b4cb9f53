//! A text that is read in pieces, and the places of its characters: a part of any file is in memory, whatever its size.

use std::io::{self, Read};

/// Line and column, counted from 1, the column in characters.
pub(super) type Place = (u64, u32);

/// Bytes that are read at a time; few in tests of the readers, so that windows end anywhere.
const CHUNK: usize = if cfg!(test) { 64 } else { 1 << 18 };

/// The part of a text in which a parser stands.
pub(super) struct Window<R> {
    source: R,
    text: String,
    /// What has been read and is not in the text yet: a character that is cut, or bytes that are no UTF-8.
    bytes: Vec<u8>,
    is_last: bool,
}

impl<R: Read> Window<R> {
    /// A window that is empty as yet.
    pub fn new(source: R) -> Window<R> {
        Window { source, text: String::new(), bytes: Vec::new(), is_last: false }
    }

    pub fn text(&self) -> &str {
        &self.text
    }

    /// Whether nothing more comes after this text.
    pub fn is_last(&self) -> bool {
        self.is_last
    }

    /// Whether what comes after this text is no UTF-8, so that nothing more is read.
    pub fn is_broken(&self) -> bool {
        self.is_last && !self.bytes.is_empty()
    }

    /// Drops the text before `start`, and reads on behind what is left: as much again at least, so that what is longer than
    /// a window is looked at twice at most.
    pub fn read_on(&mut self, start: usize, places: &mut Places) -> io::Result<()> {
        places.leave(&self.text, start);
        self.text.drain(..start);
        let wanted = CHUNK.max(self.text.len());
        let before = self.bytes.len();
        let read = self.source.by_ref().take(wanted as u64).read_to_end(&mut self.bytes)?;
        debug_assert_eq!(before + read, self.bytes.len());
        self.is_last = read < wanted;
        let valid = match simdutf8::compat::from_utf8(&self.bytes) {
            Ok(text) => {
                self.text.push_str(text);
                self.bytes.len()
            }
            Err(error) => {
                self.text.push_str(std::str::from_utf8(&self.bytes[..error.valid_up_to()]).unwrap_or_default());
                self.is_last |= error.error_len().is_some();
                error.valid_up_to()
            }
        };
        self.bytes.drain(..valid);
        Ok(())
    }
}

/// The places in a window. Few are asked for, and each character is counted once.
pub(super) struct Places {
    /// The place of the byte `counted` of the window.
    place: Place,
    counted: usize,
}

impl Places {
    pub fn new() -> Places {
        Places { place: (1, 1), counted: 0 }
    }

    /// The place of a byte of the window; not before one that was asked for already.
    pub fn of(&mut self, text: &str, at: usize) -> Place {
        let passed = text.as_bytes().get(self.counted..at).unwrap_or_default();
        self.counted = self.counted.max(at);
        match memchr::memrchr(b'\n', passed) {
            None => self.place.1 = self.place.1.saturating_add(characters(passed)),
            Some(last) => {
                self.place.0 += 1 + memchr::memchr_iter(b'\n', &passed[..last]).count() as u64;
                self.place.1 = 1 + characters(&passed[last + 1..]);
            }
        }
        self.place
    }

    /// The text before `start` leaves the window.
    fn leave(&mut self, text: &str, start: usize) {
        self.of(text, start);
        self.counted -= start;
    }
}

/// How many characters begin in a text: all bytes do but the continuation bytes of UTF-8.
fn characters(text: &[u8]) -> u32 {
    /// As many are counted in a byte, so that many bytes are looked at in one go.
    const COUNTED: usize = 192;
    let begins = |byte: &u8| u8::from(*byte & 0xC0 != 0x80);
    text.chunks(COUNTED).map(|block| u32::from(block.iter().map(begins).sum::<u8>())).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Gives few bytes at a time.
    struct Slow<'a>(&'a [u8]);

    impl Read for Slow<'_> {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            let length = buffer.len().min(7);
            self.0.read(&mut buffer[..length])
        }
    }

    #[test]
    fn no_character_is_lost_and_each_has_its_place() {
        let text = "Pôle d’été 🚲\n\nà Évry, ".repeat(30_000);
        let mut window = Window::new(Slow(text.as_bytes()));
        let mut places = Places::new();
        let (mut read, mut expected) = (String::new(), (1, 1));
        while !window.is_last() {
            let start = window.text().len() / 3 * 2;
            let start = (start..).find(|at| window.text().is_char_boundary(*at)).unwrap();
            for (at, character) in window.text()[..start].char_indices() {
                assert_eq!(places.of(window.text(), at), expected);
                expected = if character == '\n' { (expected.0 + 1, 1) } else { (expected.0, expected.1 + 1) };
            }
            read.push_str(&window.text()[..start]);
            window.read_on(start, &mut places).unwrap();
        }
        read.push_str(window.text());
        assert!(read == text && !window.is_broken());
    }

    #[test]
    fn what_is_no_utf8_ends_the_text() {
        for (bytes, text) in [(&b"caf\xE9!"[..], "caf"), (b"caf\xC3", "caf"), (b"", "")] {
            let mut window = Window::new(bytes);
            window.read_on(0, &mut Places::new()).unwrap();
            assert_eq!((window.text(), window.is_last(), window.is_broken()), (text, true, text.len() < bytes.len()));
        }
    }
}
