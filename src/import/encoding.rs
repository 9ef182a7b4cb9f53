//! In which encoding a text file without a mark is written, and where its lines end: the whole file is the evidence.

use crate::error::{Error, ErrorKind};
use std::io::{self, Read, Seek, SeekFrom};

use encoding_rs::{Encoding, MACINTOSH, WINDOWS_1252};

use super::decoded;

/// What a text file is found to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Evidence {
    /// The encoding of what is no UTF-8: Windows-1252, unless the accents are those of an old Mac.
    pub single_byte: &'static Encoding,
    /// How many bytes are letters of French in Windows-1252, and hardly ever stand in a French text in Mac Roman.
    pub windows: u64,
    /// The same the other way round.
    pub mac: u64,
    /// How many are letters of French in CP850, the encoding of MS-DOS, and hardly anything in a French text elsewhere.
    pub dos: u64,
    /// Whether the source is given as UTF-8 by [`FromDos`].
    pub is_from_dos: bool,
    /// Whether lines end in carriage returns alone, as on an old Mac.
    pub ends_in_cr: bool,
    /// Whether some of them do, beside others.
    pub has_returns: bool,
    /// Whether all of it is UTF-8, or UTF-16 by its mark.
    pub is_unicode: bool,
    /// The byte order mark that UTF-16 lacks; empty when it has one, or is none.
    pub mark: &'static [u8],
}

impl Default for Evidence {
    fn default() -> Evidence {
        Evidence {
            single_byte: WINDOWS_1252,
            windows: 0,
            mac: 0,
            dos: 0,
            is_from_dos: false,
            ends_in_cr: false,
            has_returns: false,
            is_unicode: true,
            mark: b"",
        }
    }
}

impl Evidence {
    /// Whether the accents are those of MS-DOS.
    pub fn is_dos(self) -> bool {
        self.dos > self.windows && self.dos > self.mac
    }

    /// The name of the encoding of what is no UTF-8.
    pub fn name(self) -> &'static str {
        if self.single_byte == MACINTOSH { "Mac Roman" } else { "Windows-1252" }
    }
}

/// Bytes in which UTF-16 is recognised without its mark.
const SAMPLE: usize = 64 << 10;

/// The byte order mark of what is UTF-16 without one: of letters that French has, one byte of two is zero, and the other
/// one never is.
pub(super) fn missing_mark(start: &[u8]) -> &'static [u8] {
    let start = &start[..start.len().min(SAMPLE)];
    let zeros = |offset: usize| start.iter().skip(offset).step_by(2).filter(|byte| **byte == 0).count();
    let many = start.len() / 2 - start.len() / 8;
    match (zeros(0), zeros(1)) {
        _ if start.len() < 8 || name(start) != "UTF-8" => b"",
        (0, odd) if odd >= many => b"\xFF\xFE",
        (even, 0) if even >= many => b"\xFE\xFF",
        _ => b"",
    }
}

/// The name of the encoding that begins with these bytes.
pub(super) fn name(start: &[u8]) -> &'static str {
    match start {
        [0xFF, 0xFE, ..] => "UTF-16LE",
        [0xFE, 0xFF, ..] => "UTF-16BE",
        _ => "UTF-8",
    }
}

/// Bytes looked at in one go.
const BLOCK: usize = 1 << 20;

/// Reads the file from end to end, and goes back to its start.
pub(super) fn evidence(source: &mut (impl Read + Seek)) -> io::Result<Evidence> {
    let mut block = Vec::with_capacity(BLOCK + 4);
    let mut letters = Letters::default();
    let mut ends = LineEnds::default();
    let mut is_unicode = true;
    let mut is_first = true;
    loop {
        let kept = block.len();
        source.by_ref().take(BLOCK as u64).read_to_end(&mut block)?;
        if block.len() == kept {
            break;
        }
        let mark = if is_first { missing_mark(&block) } else { b"" };
        if is_first && (name(&block) != "UTF-8" || !mark.is_empty()) {
            // The bytes of UTF-16 are no letters by themselves.
            source.seek(SeekFrom::Start(0))?;
            let ends = line_ends(decoded(mark.chain(&mut *source), None))?;
            source.seek(SeekFrom::Start(0))?;
            let (ends_in_cr, has_returns) = ends.found();
            return Ok(Evidence { ends_in_cr, has_returns, mark, ..Evidence::default() });
        }
        is_first = false;
        ends.look(&block[kept..]);
        // A letter of UTF-8 may be cut by the end of the block.
        let cut = match simdutf8::basic::from_utf8(&block) {
            Ok(_) => 0,
            Err(_) => count(&block, &mut letters, &mut is_unicode),
        };
        block.drain(..block.len() - cut);
    }
    // What is left is a letter that the end of the file cuts.
    is_unicode &= block.is_empty();
    source.seek(SeekFrom::Start(0))?;
    let Letters { windows, mac, dos } = letters;
    let single_byte = if mac > windows { MACINTOSH } else { WINDOWS_1252 };
    let (ends_in_cr, has_returns) = ends.found();
    Ok(Evidence { single_byte, windows, mac, dos, ends_in_cr, has_returns, is_unicode, ..Evidence::default() })
}

/// Which signs end the lines of a text.
#[derive(Default)]
struct LineEnds {
    feeds: bool,
    /// Whether a carriage return stands before something else than a line feed.
    returns: bool,
    /// Whether the last byte that was looked at is one.
    was_return: bool,
}

impl LineEnds {
    fn look(&mut self, block: &[u8]) {
        self.feeds = self.feeds || memchr::memchr(b'\n', block).is_some();
        self.returns = self.returns || self.was_return && !block.starts_with(b"\n");
        let is_alone = |at: usize| block.get(at + 1).is_some_and(|next| *next != b'\n' && *next != b'\r');
        self.returns = self.returns || memchr::memchr_iter(b'\r', block).any(is_alone);
        self.was_return = block.ends_with(b"\r");
    }

    /// Whether lines end in carriage returns alone, and whether some do beside others.
    fn found(&self) -> (bool, bool) {
        let returns = self.returns || self.was_return && !self.feeds;
        (returns && !self.feeds, returns && self.feeds)
    }
}

fn line_ends(mut text: impl Read) -> io::Result<LineEnds> {
    let (mut ends, mut block) = (LineEnds::default(), vec![0; SAMPLE]);
    loop {
        match text.read(&mut block)? {
            0 => return Ok(ends),
            read => ends.look(&block[..read]),
        }
    }
}

/// Bytes that are letters of French in one encoding alone.
#[derive(Default)]
struct Letters {
    windows: u64,
    mac: u64,
    dos: u64,
}

/// Counts the bytes that are letters of French in one encoding and hardly ever stand in a French text in the other; not
/// those of the letters of UTF-8 in between. Answers how many bytes at the end may belong to a letter that is cut.
fn count(block: &[u8], letters: &mut Letters, is_unicode: &mut bool) -> usize {
    let mut rest = block;
    while let Err(error) = std::str::from_utf8(rest) {
        let Some(length) = error.error_len() else { return rest.len() - error.valid_up_to() };
        let (bytes, after) = rest[error.valid_up_to()..].split_at(length);
        *is_unicode = false;
        for byte in bytes {
            match byte {
                // é è ê ë à â ç ô î ï ù û œ ’ of a Mac; mostly controls and capital letters of other languages elsewhere.
                0x8E..=0x91 | 0x88 | 0x89 | 0x8D | 0x99 | 0x94 | 0x95 | 0x9D | 0x9E | 0xCF | 0xD5 => letters.mac += 1,
                // The same of Windows.
                0xE9..=0xEB | 0xE8 | 0xE0 | 0xE2 | 0xE7 | 0xF4 | 0xEE | 0xEF | 0xF9 | 0xFB | 0x9C | 0x92 | 0xC9 => {
                    letters.windows += 1;
                }
                // é è ç ï of MS-DOS; not à, the ellipsis of Windows, nor ê, à on a Mac.
                0x82 | 0x8A | 0x87 | 0x8B => letters.dos += 1,
                _ => {}
            }
        }
        rest = after;
    }
    0
}

/// The name of the encoding of MS-DOS in Western Europe, which the Web does not know.
pub(super) const DOS: &str = "CP850";

/// Whether a name is that of the encoding of MS-DOS.
pub(super) fn is_dos(name: &str) -> bool {
    let name = name.trim().to_ascii_lowercase();
    matches!(name.strip_prefix("cp").or(name.strip_prefix("ibm")).unwrap_or(&name), "850")
}

/// The name of an encoding by which a mapping keeps it.
pub(super) fn saved_name(name: &str) -> String {
    if name == "Mac Roman" { MACINTOSH.name().to_owned() } else { name.to_owned() }
}

/// What the bytes from 0x80 on are in CP850.
const DOS_LETTERS: &str = concat!(
    "ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜø£Ø×ƒáíóúñÑªº¿®¬½¼¡«»░▒▓│┤ÁÂÀ©╣║╗╝¢¥┐",
    "└┴┬├─┼ãÃ╚╔╩╦╠═╬¤ðÐÊËÈıÍÎÏ┘┌█▄¦Ì▀ÓßÔÒõÕµþÞÚÛÙýÝ¯´\u{ad}±‗¾¶§÷¸°¨·¹³²■\u{a0}",
);

/// What the bytes of a text in CP850 say.
pub(crate) fn from_dos(bytes: &[u8]) -> String {
    let letters: Vec<char> = DOS_LETTERS.chars().collect();
    let letter = |byte: &u8| letters.get(usize::from(*byte).wrapping_sub(0x80)).copied();
    bytes.iter().map(|byte| letter(byte).unwrap_or(char::from(*byte))).collect()
}

/// A text in CP850; none when a letter is not in it.
pub(crate) fn to_dos(text: &str) -> Option<Vec<u8>> {
    let letter = |sign: char| match sign.is_ascii() {
        true => Some(sign as u8),
        false => DOS_LETTERS.chars().position(|known| known == sign).map(|at| (at + 0x80) as u8),
    };
    text.chars().map(letter).collect()
}

/// How a text file is written in bytes, for whoever changes some of them.
#[derive(Debug, Clone, Copy)]
pub(crate) struct TextKind {
    /// The encoding of what is no UTF-8.
    pub single_byte: &'static Encoding,
    pub is_dos: bool,
    pub ends_in_cr: bool,
    pub has_returns: bool,
    /// Whether all of it is UTF-8 or UTF-16.
    pub is_unicode: bool,
    /// UTF-16 without a mark.
    unmarked: Option<&'static Encoding>,
}

impl TextKind {
    pub fn of(bytes: &[u8]) -> TextKind {
        // Bytes in memory are read without fault.
        let found = evidence(&mut io::Cursor::new(bytes)).unwrap_or_default();
        let unmarked = match found.mark {
            [0xFF, 0xFE] => Some(encoding_rs::UTF_16LE),
            [0xFE, 0xFF] => Some(encoding_rs::UTF_16BE),
            _ => None,
        };
        TextKind {
            single_byte: found.single_byte,
            is_dos: found.is_dos(),
            ends_in_cr: found.ends_in_cr,
            has_returns: found.has_returns,
            is_unicode: found.is_unicode,
            unmarked,
        }
    }

    /// The encoding of Unicode that the file is in; none when it is in none throughout.
    pub fn unicode(&self, bytes: &[u8]) -> Option<&'static Encoding> {
        match bytes {
            [0xFF, 0xFE, ..] => Some(encoding_rs::UTF_16LE),
            [0xFE, 0xFF, ..] => Some(encoding_rs::UTF_16BE),
            _ => self.unmarked.or(self.is_unicode.then_some(encoding_rs::UTF_8)),
        }
    }

    /// The encoding in which an XML file is read.
    pub fn of_xml(&self, bytes: &[u8]) -> Option<&'static Encoding> {
        let marked = Encoding::for_bom(bytes).map(|(encoding, _)| encoding).or(self.unmarked);
        let declared = || declared_encoding(&bytes[..bytes.len().min(1024)]).ok().flatten();
        marked.or_else(|| {
            declared()
                .filter(|declared| self.is_unicode || *declared != encoding_rs::UTF_8)
                .or(Some(if self.is_unicode { encoding_rs::UTF_8 } else { self.single_byte }))
        })
    }
}

/// Gives UTF-8 for CP850, line by line: a line that is UTF-8 already stays.
pub(super) struct FromDos<R> {
    source: R,
    letters: Vec<char>,
    /// Bytes that were read, up to the end of their line.
    line: Vec<u8>,
    text: io::Cursor<Vec<u8>>,
}

impl<R: Read> FromDos<R> {
    pub fn new(source: R) -> FromDos<R> {
        FromDos { source, letters: DOS_LETTERS.chars().collect(), line: Vec::new(), text: io::Cursor::default() }
    }

    /// Reads on until there is a line, or much of one.
    fn fill(&mut self) -> io::Result<()> {
        let end = loop {
            let known = self.line.len();
            self.source.by_ref().take(SAMPLE as u64).read_to_end(&mut self.line)?;
            let is_last = self.line.len() - known < SAMPLE;
            match memchr::memrchr(b'\n', &self.line[known..]) {
                _ if is_last || known > BLOCK => break self.line.len(),
                Some(at) => break known + at + 1,
                None => {}
            }
        };
        let mut text = String::with_capacity(end);
        for line in self.line[..end].split_inclusive(|byte| *byte == b'\n') {
            match std::str::from_utf8(line) {
                Ok(line) => text.push_str(line),
                Err(_) => text.extend(line.iter().map(|byte| match byte {
                    0..0x80 => char::from(*byte),
                    byte => self.letters[usize::from(*byte) - 0x80],
                })),
            }
        }
        self.line.drain(..end);
        self.text = io::Cursor::new(text.into_bytes());
        Ok(())
    }
}

impl<R: Read> Read for FromDos<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.text.read(buffer)?;
        if read > 0 || buffer.is_empty() {
            return Ok(read);
        }
        self.fill()?;
        self.text.read(buffer)
    }
}

/// Gives line feeds for carriage returns, and one for a carriage return with its line feed.
pub(super) struct LineFeeds<R> {
    source: R,
    /// Whether carriage returns between quotes stay, and whether the next byte stands there.
    keeps_quoted: bool,
    is_quoted: bool,
    was_return: bool,
}

impl<R> LineFeeds<R> {
    pub fn new(source: R, keeps_quoted: bool) -> LineFeeds<R> {
        LineFeeds { source, keeps_quoted, is_quoted: false, was_return: false }
    }
}

impl<R: Read> Read for LineFeeds<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        loop {
            let read = self.source.read(buffer)?;
            let mut kept = 0;
            for at in 0..read {
                let byte = buffer[at];
                self.is_quoted ^= byte == b'"';
                let is_return = byte == b'\r' && !(self.keeps_quoted && self.is_quoted);
                if !(byte == b'\n' && self.was_return) {
                    buffer[kept] = if is_return { b'\n' } else { byte };
                    kept += 1;
                }
                self.was_return = is_return;
            }
            if kept > 0 || read == 0 {
                return Ok(kept);
            }
        }
    }
}

/// The encoding that the XML declaration names, unless the bytes say otherwise by a byte order mark.
pub(super) fn declared_encoding(start: &[u8]) -> crate::error::Result<Option<&'static encoding_rs::Encoding>> {
    let head = String::from_utf8_lossy(start);
    let Some(declaration) = head.strip_prefix("<?xml").and_then(|head| head.split_once("?>")).map(|(head, _)| head)
    else {
        return Ok(None);
    };
    let Some((_, rest)) = declaration.split_once("encoding") else { return Ok(None) };
    let label: String =
        rest.trim_start_matches(['=', ' ', '"', '\'']).chars().take_while(|c| !matches!(c, '"' | '\'')).collect();
    match encoding_rs::Encoding::for_label(label.as_bytes()) {
        Some(encoding) => Ok(Some(encoding)),
        None => Err(Error::new(
            ErrorKind::Format,
            "l’encodage que le fichier déclare est inconnu ; enregistrez-le en UTF-8",
            "the encoding that the file declares is unknown; save it as UTF-8",
        )
        .at(1, None)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(bytes: &[u8]) -> Evidence {
        let mut source = io::Cursor::new(bytes.to_vec());
        let found = evidence(&mut source).unwrap();
        assert_eq!(source.position(), 0);
        found
    }

    #[test]
    fn accents_tell_the_encoding_wherever_they_stand() {
        let text = "École d’été à Évry, où l’on garçonne : naïveté, forêt, œuvre";
        let far = "a;b\n".repeat(BLOCK / 2);
        for (encoding, expected) in [(MACINTOSH, MACINTOSH), (WINDOWS_1252, WINDOWS_1252)] {
            let (bytes, ..) = encoding.encode(text);
            assert_eq!(of(&bytes).single_byte, expected);
            assert_eq!(of(&[far.as_bytes(), &bytes].concat()).single_byte, expected);
            // Beside UTF-8, whose own letters prove nothing.
            assert_eq!(of(&[text.repeat(50).as_bytes(), &bytes].concat()).single_byte, expected);
        }
        assert_eq!(of(text.as_bytes()), Evidence::default());
        assert!(!of(b"caf\xE9\n").is_unicode && !of(b"caf\xC3").is_unicode);
        assert_eq!(of(b"\xFF\xFEa\0\n\0b\0"), Evidence::default());
        assert_eq!(of("é".repeat(BLOCK).as_bytes()), Evidence::default());
    }

    #[test]
    fn letters_of_dos_are_told_from_the_others() {
        let text = b"\x90cole d'\x82t\x82 \x85 For\x88t, o\x97 l'on gar\x87onne\n";
        assert!(of(text).is_dos());
        assert!(of(&[&b"a;b\n".repeat(BLOCK / 2)[..], text].concat()).is_dos());
        let mut read = String::new();
        let mixed = [&text[..], "déjà UTF-8\n".as_bytes(), b"\x82"].concat();
        FromDos::new(&mixed[..]).read_to_string(&mut read).unwrap();
        assert_eq!(read, "École d'été à Forêt, où l'on garçonne\ndéjà UTF-8\né");
        for encoding in [MACINTOSH, WINDOWS_1252] {
            let (bytes, ..) = encoding.encode("État… « École » – Ça, été n° 5, 10 €");
            assert!(!of(&bytes).is_dos(), "{}", encoding.name());
        }
        assert!(!of(b"Total\x85\n").is_dos(), "an ellipsis");
        assert_eq!(DOS_LETTERS.chars().count(), 128);
        assert!(is_dos("CP850") && is_dos("ibm850") && !is_dos("cp1252"));
    }

    #[test]
    fn lines_of_dos_may_be_long() {
        let long = b"\x82".repeat(3 * BLOCK);
        let mut read = String::new();
        FromDos::new(&long[..]).read_to_string(&mut read).unwrap();
        assert_eq!(read, "é".repeat(3 * BLOCK));
    }

    #[test]
    fn utf16_is_known_without_its_mark() {
        let text = "Nom;Commune\nPôle d’été;Vitré\n".repeat(3);
        let [little, big] =
            [u16::to_le_bytes, u16::to_be_bytes].map(|bytes| text.encode_utf16().flat_map(bytes).collect::<Vec<u8>>());
        assert_eq!(missing_mark(&little), b"\xFF\xFE");
        assert_eq!(missing_mark(&big), b"\xFE\xFF");
        assert_eq!(of(&little), Evidence { mark: b"\xFF\xFE", ..Evidence::default() });
        assert_eq!(of(&[b"\xFF\xFE", &little[..]].concat()), Evidence::default());
        let utf32: Vec<u8> = text.chars().flat_map(|letter| u32::from(letter).to_le_bytes()).collect();
        for other in [&b"a\0b\0"[..], &[0; 64], text.as_bytes(), &utf32, b"Nom\0Commune\0A\0B\0C\0", b""] {
            assert_eq!(missing_mark(other), b"", "{other:?}");
        }
    }

    #[test]
    fn line_ends_are_those_of_the_whole_file() {
        assert!(of(b"nom\rA\rB\r").ends_in_cr);
        assert!(!of(b"nom\r\nA\r\n").ends_in_cr);
        assert!(!of(b"nom\nA\rB\n").ends_in_cr && of(b"nom\nA\rB\n").has_returns);
        assert!(!of(b"nom\r\nA\r\n").has_returns && !of(b"nom\r\nA\r\r\n").has_returns);
        let far = [b"a".repeat(BLOCK - 1), b"\rb\n".to_vec()].concat();
        assert!(of(&far).has_returns);
        let far = [b"a".repeat(BLOCK - 1), b"\r\nb\n".to_vec()].concat();
        assert!(!of(&far).has_returns);
        // In UTF-16 as well, where « Ċ » is no line feed.
        let utf16 = |text: &str| -> Vec<u8> { text.encode_utf16().flat_map(u16::to_be_bytes).collect() };
        assert!(of(&utf16("\u{FEFF}nom\rA\rB\r")).ends_in_cr);
        assert!(of(&utf16("nom;Ċ\rAlpha\rBeta\r")).ends_in_cr);
        assert!(!of(&utf16("nom\r\nA\r\nB\r\n")).ends_in_cr);
        let given = |text: &str, keeps_quoted| {
            let mut given = String::new();
            LineFeeds::new(text.as_bytes(), keeps_quoted).read_to_string(&mut given).unwrap();
            given
        };
        assert_eq!(given("a\rb\r\nc\nd", false), "a\nb\nc\nd");
        assert_eq!(given("a\r\"b\rc\r\n\"\rd", true), "a\n\"b\rc\r\n\"\nd");
    }
}
