//! The command `ptce`.

use std::alloc::{GlobalAlloc, Layout, System};
use std::process::ExitCode;

fn main() -> ExitCode {
    ptce::cli::main()
}

/// The allocator of the system. Where it has nothing left, the command says so and ends as with any error; the standard library
/// would abort, without a word on what to do, and leave what is half made. It has no safe way to be told otherwise: this is
/// all the unsafe code of the package, which the library forbids itself.
struct Allocator;

#[global_allocator]
static ALLOCATOR: Allocator = Allocator;

/// What the system gave, unless it gave nothing.
fn given(place: *mut u8) -> *mut u8 {
    if place.is_null() { ptce::cli::exhausted() } else { place }
}

// SAFETY: every call reaches the allocator of the system as it came, and so does its answer. A call that has none does not
// return, and does not unwind either: it ends the process.
#[allow(unsafe_code)]
unsafe impl GlobalAlloc for Allocator {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        given(unsafe { System.alloc(layout) })
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        given(unsafe { System.alloc_zeroed(layout) })
    }

    unsafe fn realloc(&self, place: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        given(unsafe { System.realloc(place, layout, size) })
    }

    unsafe fn dealloc(&self, place: *mut u8, layout: Layout) {
        unsafe { System.dealloc(place, layout) }
    }
}
