//! What the browser calls, and what a program without the standard library must bring itself.

use alloc::boxed::Box;
use alloc::vec;
use core::alloc::{GlobalAlloc, Layout};
use core::arch::wasm32;
use core::cell::Cell;
use core::panic::PanicInfo;

/// Memory for `length` bytes that the host is to write, every one of them.
#[unsafe(no_mangle)]
pub extern "C" fn reserve(length: usize) -> *mut u8 {
    Box::into_raw(vec![0_u8; length].into_boxed_slice()).cast()
}

/// Unpacks; the answer is the length in four bytes, little endian, and the bytes. No length means that they are damaged.
///
/// # Safety
/// `start` comes from [`reserve`] for the same length, and is handed over once.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn unpack(start: *mut u8, length: usize) -> *const u8 {
    // SAFETY: as the caller says.
    let packed = unsafe { Box::from_raw(core::ptr::slice_from_raw_parts_mut(start, length)) };
    let mut answer = crate::unpacked(&packed, &[0; 4]).unwrap_or_else(|| vec![0; 4]);
    let length = answer.len() as u32 - 4;
    answer[..4].copy_from_slice(&length.to_le_bytes());
    answer.leak().as_ptr()
}

#[panic_handler]
fn panic(_: &PanicInfo<'_>) -> ! {
    wasm32::unreachable()
}

/// Memory that is taken and never given back: the program unpacks once, and ends.
struct Taken {
    next: Cell<usize>,
    end: Cell<usize>,
}

// SAFETY: there is one thread.
unsafe impl Sync for Taken {}

#[global_allocator]
static TAKEN: Taken = Taken { next: Cell::new(0), end: Cell::new(0) };

const PAGE: usize = 1 << 16;

// SAFETY: each block lies behind the one before, in memory that is there.
unsafe impl GlobalAlloc for Taken {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        let Some(start) = self.next.get().checked_next_multiple_of(layout.align()) else {
            return core::ptr::null_mut();
        };
        let Some(end) = start.checked_add(layout.size()) else { return core::ptr::null_mut() };
        if end <= self.end.get() {
            self.next.set(end);
            return start as *mut u8;
        }
        // The pages are new, behind whatever else the host has taken.
        let pages = (layout.size() + layout.align()).div_ceil(PAGE);
        let before = wasm32::memory_grow::<0>(pages);
        if before == usize::MAX {
            return core::ptr::null_mut();
        }
        let start = (before * PAGE).next_multiple_of(layout.align());
        self.next.set(start + layout.size());
        self.end.set((before + pages) * PAGE);
        start as *mut u8
    }

    unsafe fn dealloc(&self, _: *mut u8, _: Layout) {}
}
