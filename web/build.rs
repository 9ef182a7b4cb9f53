//! Packs the long texts of the library for the page, and makes sure that they come out as they went in.

#[path = "src/packed.rs"]
mod packed;

use std::path::Path;
use std::{env, fs};

use packed::Way::{Degrees, Front, Plain, Steps};
use packed::{Way, pack, unpack};

/// The tables that cannot be made of others, with the way of each column.
const TABLES: &[(&str, &[Way])] = &[
    ("cedex", &[Steps, Front, Plain]),
    ("communes", &[Steps, Plain, Plain, Plain, Plain]),
    ("former", &[Steps, Plain, Plain, Steps]),
    ("outlines", &[Plain]),
    ("points", &[Steps, Degrees, Degrees]),
];

/// What a check hardly ever asks for, and a publication does: it comes in a file of its own, when it is wanted.
const RARE: &[&str] = &[
    "export/open_data/licence-ouverte-2.0.txt",
    "reference/tables/outlines.tsv",
    "reference/tables/points.tsv",
    "text/lexicon/common-words.txt",
    "text/lexicon/name-words.txt",
];

/// Bytes of memory that the program may take: more, and a browser ends the page itself.
const MOST_MEMORY: u64 = 2 << 30;

fn main() {
    if env::var("CARGO_CFG_TARGET_FAMILY").is_ok_and(|family| family == "wasm") {
        println!("cargo::rustc-link-arg-cdylib=--max-memory={MOST_MEMORY}");
    }
    let (sources, out) = (Path::new("../src"), env::var_os("OUT_DIR").expect("cargo names it"));
    let out = Path::new(&out);
    let (mut list, mut rare) = (String::from("[\n"), Vec::new());
    let mut add = |name: String, ways: &[Way]| {
        println!("cargo::rerun-if-changed=../src/{name}");
        let text = fs::read_to_string(sources.join(&name)).expect("the text is there");
        let packed = pack(&text, ways);
        assert!(unpack(&packed).as_ref() == Some(&text), "{name} does not come out as it went in");
        if RARE.contains(&name.as_str()) {
            return packed::add(&mut rare, &name, &packed);
        }
        let file = name.replace('/', ".");
        fs::write(out.join(&file), packed).expect("the folder is there");
        list.push_str(&format!("    ({name:?}, include_bytes!({file:?})),\n"));
    };
    for (name, ways) in TABLES {
        add(format!("reference/tables/{name}.tsv"), ways);
    }
    add("export/open_data/licence-ouverte-2.0.txt".to_owned(), &[Plain]);
    println!("cargo::rerun-if-changed=../src/text/lexicon");
    let mut lists: Vec<String> = fs::read_dir(sources.join("text/lexicon"))
        .expect("the lists are there")
        .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
        .filter(|name| name.ends_with(".txt"))
        .collect();
    lists.sort();
    for name in lists {
        add(format!("text/lexicon/{name}"), &[Front]);
    }
    list.push_str("]\n");
    fs::write(out.join("texts.rs"), list).expect("the folder is there");
    fs::write(out.join("rare-texts"), rare).expect("the folder is there");
    fs::write(out.join("rare-names.rs"), format!("{RARE:?}")).expect("the folder is there");
}
