//! What the worker calls, and what it lends: a handful of functions over bytes, which need no generated glue.
//!
//! The worker reserves memory, writes a file or a question there, and hands it over. An answer is two lengths (four bytes each,
//! little endian), JSON of the first, and a file of the second; it stands until the next question.

use std::cell::RefCell;
use std::panic;
use std::sync::OnceLock;

use crate::packed;
use crate::session::Session;

// The worker lends a way to tell progress, one to say that the rare texts are wanted, and one to tell where the program broke.
// (Libraries ask it for random keys of hash tables by themselves.)
#[link(wasm_import_module = "page")]
unsafe extern "C" {
    fn progress(done: f64, of: f64);
    fn wanted() -> !;
    fn broken(start: *const u8, length: usize);
}

thread_local! {
    static SESSION: RefCell<Session> = RefCell::default();
    static ANSWER: RefCell<Vec<u8>> = RefCell::default();
}

/// The long texts of the library, packed.
static TEXTS: &[(&str, &[u8])] = &include!(concat!(env!("OUT_DIR"), "/texts.rs"));

/// The names of those that are rarely wanted.
const RARE_NAMES: &[&str] = &include!(concat!(env!("OUT_DIR"), "/rare-names.rs"));

/// These texts: a section that `pack` takes out of the program, for a file of its own.
#[allow(dead_code, reason = "what the program refers to would be part of what runs")]
#[unsafe(link_section = "rare-texts")]
static RARE: [u8; include_bytes!(concat!(env!("OUT_DIR"), "/rare-texts")).len()] =
    *include_bytes!(concat!(env!("OUT_DIR"), "/rare-texts"));

/// That file, once the worker has handed it over.
static HANDED: OnceLock<Box<[u8]>> = OnceLock::new();

/// Unpacks a text for good.
fn lent(name: &str) -> Option<&'static str> {
    let first = TEXTS.iter().find(|(known, _)| *known == name).map(|(_, packed)| *packed);
    let packed = match (first, HANDED.get()) {
        (None, Some(rare)) => packed::of_file(rare, name),
        // SAFETY: the host ends the program, and begins anew with these texts.
        (None, None) if RARE_NAMES.contains(&name) => unsafe { wanted() },
        (first, _) => first,
    };
    Some(packed::unpack(packed?)?.leak())
}

/// To be called once.
#[unsafe(no_mangle)]
pub extern "C" fn start() {
    ptce::reference::lend(lent);
    panic::set_hook(Box::new(|panic| {
        // What the panic says may hold a value of a record: its place is enough to find it.
        let place = panic.location().map(ToString::to_string).unwrap_or_default();
        let of_library = place.split_once("/registry/src/").and_then(|(_, rest)| rest.split_once('/'));
        let place = of_library.map_or(place.as_str(), |(_, of_library)| of_library);
        // SAFETY: the text lives until the host has copied it.
        unsafe { broken(place.as_ptr(), place.len()) };
    }));
}

/// Memory for `length` bytes that the worker is to write, every one of them, before it hands them over.
#[unsafe(no_mangle)]
pub extern "C" fn reserve(length: usize) -> *mut u8 {
    Box::into_raw(vec![0_u8; length].into_boxed_slice()).cast()
}

/// Takes bytes back that the worker was lent.
///
/// # Safety
/// `start` comes from [`reserve`] for the same length, and is handed over once.
unsafe fn taken(start: *mut u8, length: usize) -> Box<[u8]> {
    // SAFETY: as the caller says.
    unsafe { Box::from_raw(std::ptr::slice_from_raw_parts_mut(start, length)) }
}

/// Hands the rare texts over.
///
/// # Safety
/// `start` comes from [`reserve`] for the same length, and is handed over once.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lend(start: *mut u8, length: usize) {
    // SAFETY: as the caller says.
    let texts = unsafe { taken(start, length) };
    let _ = HANDED.set(texts);
}

/// Adds a file to the session: its name and its bytes.
///
/// # Safety
/// Both come from [`reserve`] and are handed over once.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn add(name: *mut u8, name_length: usize, bytes: *mut u8, length: usize) {
    // SAFETY: as the caller says.
    let (name, bytes) = unsafe { (taken(name, name_length), taken(bytes, length)) };
    SESSION.with_borrow_mut(|session| session.add(&String::from_utf8_lossy(&name), bytes));
}

/// Answers a question; the worker reads the answer where the address leads.
///
/// # Safety
/// The question comes from [`reserve`] and is handed over once.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ask(question: *mut u8, length: usize) -> *const u8 {
    // SAFETY: as the caller says.
    let question = unsafe { taken(question, length) };
    // SAFETY: the host takes two numbers.
    let mut tell = |done: u64, of: u64| unsafe { progress(done as f64, of as f64) };
    let answer = SESSION.with_borrow_mut(|session| session.answer(&question, &mut tell));
    ANSWER.with_borrow_mut(|kept| {
        kept.clear();
        kept.extend((answer.json.len() as u32).to_le_bytes());
        kept.extend((answer.bytes.len() as u32).to_le_bytes());
        kept.extend(answer.json.as_bytes());
        kept.extend(answer.bytes);
        kept.as_ptr()
    })
}
