//! `pack PROGRAM OUT`: packs a program, without what only a debugger reads, and makes sure that it comes out as it went in.

use std::io::Write;
use std::{env, fs, io};

use lzma_rust2::{LzmaOptions, LzmaWriter};

fn main() -> io::Result<()> {
    let usage = || io::Error::new(io::ErrorKind::InvalidInput, "pack PROGRAM OUT");
    let (Some(from), Some(to)) = (env::args_os().nth(1), env::args_os().nth(2)) else { return Err(usage()) };
    let bytes = without_custom_sections(&fs::read(from)?).ok_or_else(|| io::Error::other("it is no program"))?;
    let mut options = LzmaOptions::with_preset(9);
    // A program is bytes without any alignment.
    (options.dict_size, options.lc, options.pb) = (1 << 24, 4, 0);
    let mut writer = LzmaWriter::new_use_header(Vec::new(), &options, Some(bytes.len() as u64))?;
    writer.write_all(&bytes)?;
    let packed = writer.finish()?;
    assert!(unpack::unpacked(&packed)? == bytes, "it does not come out as it went in");
    fs::write(to, packed)
}

/// Names of functions, of tools, of what wasm-bindgen would generate: nothing that runs.
fn without_custom_sections(program: &[u8]) -> Option<Vec<u8>> {
    const HEADER: usize = 8;
    let (mut kept, mut at) = (program.get(..HEADER)?.to_vec(), HEADER);
    while at < program.len() {
        let start = at;
        at += 1;
        // The length is in groups of seven bits, the lowest first.
        let (mut length, mut shift) = (0, 0);
        loop {
            let byte = *program.get(at)?;
            at += 1;
            length |= usize::from(byte & 0x7f).checked_shl(shift)?;
            shift += 7;
            if byte & 0x80 == 0 {
                break;
            }
        }
        at = at.checked_add(length)?;
        let section = program.get(start..at)?;
        if section[0] != 0 {
            kept.extend(section);
        }
    }
    Some(kept)
}
