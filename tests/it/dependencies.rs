//! What the program is built of: where it comes from, under which licences, and that none of it speaks to a network.

#![cfg(all(target_os = "linux", target_arch = "x86_64", target_env = "gnu"))]

use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;

use serde_json::Value;

use crate::support::{assert_current, ptce, root};

/// Licences that let anyone use and pass on the program without more than their texts.
const ALLOWED: [&str; 9] =
    ["MIT", "MIT-0", "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "BSL-1.0", "CC0-1.0", "Unicode-3.0", "Zlib"];

/// The packages that the command is built of, tests left aside.
fn packages() -> Vec<Value> {
    let metadata = Command::new(env!("CARGO"))
        .args(["metadata", "--format-version", "1", "--locked", "--offline"])
        .args(["--filter-platform", "x86_64-unknown-linux-gnu"])
        .current_dir(root())
        .output()
        .unwrap();
    assert!(metadata.status.success(), "{}", String::from_utf8_lossy(&metadata.stderr));
    let metadata: Value = serde_json::from_slice(&metadata.stdout).unwrap();
    let nodes: BTreeMap<&str, &Value> = metadata["resolve"]["nodes"]
        .as_array()
        .unwrap()
        .iter()
        .map(|node| (node["id"].as_str().unwrap(), node))
        .collect();
    let own = metadata["resolve"]["root"].as_str().unwrap();
    let (mut known, mut next) = (BTreeSet::from([own]), vec![own]);
    while let Some(id) = next.pop() {
        for dependency in nodes[id]["deps"].as_array().unwrap() {
            let is_of_tests = |kind: &Value| kind["kind"] == "dev";
            let kinds = dependency["dep_kinds"].as_array().unwrap();
            let id = dependency["pkg"].as_str().unwrap();
            if !kinds.iter().all(is_of_tests) && known.insert(id) {
                next.push(id);
            }
        }
    }
    let is_used = |package: &&Value| {
        let id = package["id"].as_str().unwrap();
        id != own && known.contains(id)
    };
    metadata["packages"].as_array().unwrap().iter().filter(is_used).cloned().collect()
}

/// Whether an expression of SPDX, or the older form with a slash, can be met with the licences that are allowed.
fn is_allowed(licence: &str) -> bool {
    let plain = licence.replace(['(', ')'], "").replace('/', " OR ");
    plain.split(" AND ").all(|part| part.split(" OR ").any(|one| ALLOWED.contains(&one.trim())))
}

#[test]
fn licences_and_sources_are_known() {
    let mut table = String::from(
        "# Dependencies\n\nWhat the command is built of (Linux, x86-64), as Cargo.lock has it. Derived by a test, which refuses \
         other licences than those\nthat ask for no more than their text, and other sources than crates.io.\n\n| package | \
         version | licence |\n|---|---|---|\n",
    );
    for package in packages() {
        let text = |key: &str| package[key].as_str().unwrap_or_default().to_owned();
        let (name, licence) = (text("name"), text("license"));
        assert!(is_allowed(&licence), "{name}: {licence}");
        assert_eq!(text("source"), "registry+https://github.com/rust-lang/crates.io-index", "{name}");
        table += &format!("| {name} | {} | {licence} |\n", text("version"));
    }
    assert_current("docs/dependencies.md", table.as_bytes());
}

/// The program imports none of the functions by which a process reaches another machine.
#[test]
fn the_program_has_no_network() {
    let imported =
        Command::new("nm").arg("-D").arg(ptce().get_program()).output().expect("nm, which linkers come with");
    let imported = String::from_utf8(imported.stdout).unwrap();
    let names: BTreeSet<&str> =
        imported.lines().filter_map(|line| line.split_whitespace().last()?.split('@').next()).collect();
    assert!(names.contains("write"), "{names:?}");
    for name in [
        "socket",
        "connect",
        "bind",
        "listen",
        "accept",
        "accept4",
        "sendto",
        "recvfrom",
        "getaddrinfo",
        "gethostbyname",
    ] {
        assert!(!names.contains(name), "{name}");
    }
}
