//! Unpacks the program in the browser: two functions over bytes, small enough to come as they are. In a browser there is no
//! standard library in it, whose messages would be half of it.
#![cfg_attr(target_family = "wasm", no_std)]

extern crate alloc;

#[cfg(target_family = "wasm")]
mod host;

use alloc::vec::Vec;

use lzma_rust2::LzmaReader;
#[cfg(target_family = "wasm")]
use lzma_rust2::Read;
#[cfg(not(target_family = "wasm"))]
use std::io::Read;

/// Kilobytes that unpacking may take besides what is unpacked.
const MOST_MEMORY: u32 = 64 << 10;
/// Where the header of an `.lzma` file tells the length of what was packed.
const LENGTH: core::ops::Range<usize> = 5..13;

/// What was packed as an `.lzma` file whose header tells its length, after `before`; nothing when the bytes are damaged.
pub fn unpacked(packed: &[u8], before: &[u8]) -> Option<Vec<u8>> {
    let length = u64::from_le_bytes(packed.get(LENGTH)?.try_into().ok()?);
    let whole = before.len().checked_add(usize::try_from(length).ok()?)?;
    let mut reader = LzmaReader::new_mem_limit(packed, MOST_MEMORY, None).ok()?;
    let mut bytes = Vec::new();
    bytes.try_reserve_exact(whole).ok()?;
    bytes.extend_from_slice(before);
    bytes.resize(whole, 0);
    reader.read_exact(&mut bytes[before.len()..]).ok()?;
    Some(bytes)
}
