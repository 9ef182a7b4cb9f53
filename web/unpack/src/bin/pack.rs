//! `pack PROGRAM OUT TEXTS`: packs a program, without what only a debugger reads, and beside it the texts that it carries for
//! whoever wants them, which are rare; and makes sure that both come out as they went in.

use std::ffi::OsStr;
use std::io::Write;
use std::{env, fs, io};

use lzma_rust2::{LzmaOptions, LzmaWriter};

/// The section of the rare texts.
const RARE: &[u8] = b"rare-texts";

fn main() -> io::Result<()> {
    let arguments: Vec<_> = env::args_os().skip(1).collect();
    let [from, program, texts] = arguments.as_slice() else {
        return Err(io::Error::new(io::ErrorKind::InvalidInput, "pack PROGRAM OUT TEXTS"));
    };
    let parts = Parts::of(&fs::read(from)?).ok_or_else(|| io::Error::other("it is no program"))?;
    if parts.texts.is_empty() {
        return Err(io::Error::other("the program carries no rare texts"));
    }
    pack(&parts.program, program)?;
    pack(&parts.texts, texts)
}

fn pack(bytes: &[u8], to: &OsStr) -> io::Result<()> {
    let mut options = LzmaOptions::with_preset(9);
    // Neither a program nor a text has any alignment.
    (options.dict_size, options.pb) = (1 << 24, 0);
    // The longest search there is: it takes longer, once.
    (options.nice_len, options.depth_limit) = (273, 512);
    let mut writer = LzmaWriter::new_use_header(Vec::new(), &options, Some(bytes.len() as u64))?;
    writer.write_all(bytes)?;
    let packed = writer.finish()?;
    assert!(unpack::unpacked(&packed, &[]).as_deref() == Some(bytes), "it does not come out as it went in");
    fs::write(to, packed)
}

/// What stands in a program.
struct Parts {
    /// All that runs.
    program: Vec<u8>,
    /// The rare texts.
    texts: Vec<u8>,
}

impl Parts {
    /// Names of functions, of tools, of what wasm-bindgen would generate, are left out.
    fn of(program: &[u8]) -> Option<Parts> {
        const HEADER: usize = 8;
        let mut parts = Parts { program: program.get(..HEADER)?.to_vec(), texts: Vec::new() };
        let mut at = HEADER;
        while at < program.len() {
            let start = at;
            at += 1;
            let end = number(program, &mut at)?.checked_add(at)?;
            let section = program.get(start..end)?;
            if section[0] != 0 {
                parts.program.extend(section);
            } else {
                // A section of one's own begins with its name.
                let length = number(program, &mut at)?;
                let content = at.checked_add(length)?;
                if program.get(at..content)? == RARE {
                    parts.texts.extend(program.get(content..end)?);
                }
            }
            at = end;
        }
        Some(parts)
    }
}

/// A number in groups of seven bits, the lowest first.
fn number(program: &[u8], at: &mut usize) -> Option<usize> {
    let (mut number, mut shift) = (0, 0);
    loop {
        let byte = *program.get(*at)?;
        *at += 1;
        number |= usize::from(byte & 0x7f).checked_shl(shift)?;
        shift += 7;
        if byte & 0x80 == 0 {
            return Some(number);
        }
    }
}
