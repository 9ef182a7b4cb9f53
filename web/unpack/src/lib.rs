//! Unpacks the program in the browser: two functions over bytes, small enough to come as they are.

use std::io::Read;

use lzma_rust2::LzmaReader;

/// Kilobytes that unpacking may take besides what is unpacked.
const MOST_MEMORY: u32 = 64 << 10;

/// Memory for `length` bytes that the host is to write, every one of them.
#[cfg(target_family = "wasm")]
#[unsafe(no_mangle)]
pub extern "C" fn reserve(length: usize) -> *mut u8 {
    Box::into_raw(vec![0_u8; length].into_boxed_slice()).cast()
}

/// Unpacks; the answer is the length in four bytes, little endian, and the bytes. No length means that they are damaged.
///
/// # Safety
/// `start` comes from [`reserve`] for the same length, and is handed over once.
#[cfg(target_family = "wasm")]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn unpack(start: *mut u8, length: usize) -> *const u8 {
    // SAFETY: as the caller says.
    let packed = unsafe { Box::from_raw(std::ptr::slice_from_raw_parts_mut(start, length)) };
    let mut answer = vec![0; 4];
    if let Ok(unpacked) = unpacked(&packed) {
        answer[..4].copy_from_slice(&(unpacked.len() as u32).to_le_bytes());
        answer.extend(unpacked);
    }
    answer.leak().as_ptr()
}

/// What was packed as an `.lzma` file.
///
/// # Errors
/// When the bytes are damaged.
pub fn unpacked(packed: &[u8]) -> std::io::Result<Vec<u8>> {
    let mut unpacked = Vec::new();
    LzmaReader::new_mem_limit(packed, MOST_MEMORY, None)?.read_to_end(&mut unpacked)?;
    Ok(unpacked)
}
