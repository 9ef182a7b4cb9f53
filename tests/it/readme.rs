//! The commands that the READMEs show are run, and print what the READMEs show.

use std::path::Path;
use std::process::{Command, Stdio};

use crate::support::{files_in, root};

/// A command of a README, the line where it stands, and the output shown below it.
#[derive(Debug, PartialEq, Eq)]
struct Shown {
    line: usize,
    command: String,
    output: String,
}

/// The commands of the ```` ```console ```` blocks of a text.
fn shown(text: &str) -> Vec<Shown> {
    let mut found: Vec<Shown> = Vec::new();
    let mut in_block = false;
    let mut is_ours = false;
    for (number, line) in (1..).zip(text.lines()) {
        if line.starts_with("```") {
            in_block = line.trim_end() == "```console";
            is_ours = false;
        } else if let Some(command) = line.strip_prefix("$ ").filter(|_| in_block) {
            let command = match command.strip_prefix("cargo run --release -- ") {
                Some(arguments) => format!("ptce {arguments}"),
                None => command.to_owned(),
            };
            is_ours = command.starts_with("ptce ");
            if is_ours {
                found.push(Shown { line: number, command, output: String::new() });
            }
        } else if is_ours && let Some(last) = found.last_mut() {
            last.output.push_str(line);
            last.output.push('\n');
        }
    }
    found
}

/// Runs what a README shows, in its order, in a folder that has the samples.
fn assert_true(name: &str, locale: &str) {
    let path = root().join(name);
    let Ok(text) = std::fs::read_to_string(&path) else {
        eprintln!("{name} does not exist yet: nothing to run");
        return;
    };
    let folder = tempfile::tempdir().unwrap();
    for (from, to) in [("samples", "samples"), ("schema", "schema")] {
        std::fs::create_dir(folder.path().join(to)).unwrap();
        for file in files_in(&root().join(from)) {
            std::fs::copy(&file, folder.path().join(to).join(file.file_name().unwrap())).unwrap();
        }
    }
    let binary = Path::new(env!("CARGO_BIN_EXE_ptce")).parent().unwrap();
    let search = std::env::join_paths(
        std::iter::once(binary.to_owned()).chain(std::env::split_paths(&std::env::var_os("PATH").unwrap())),
    )
    .unwrap();
    for Shown { line, command, output } in shown(&text) {
        let run = Command::new("sh")
            .args(["-c", &format!("{{ {command}\n}} 2>&1")])
            .env("PATH", &search)
            .env("LC_ALL", locale)
            .env("NO_COLOR", "1")
            .current_dir(folder.path())
            .stdin(Stdio::null())
            .output()
            .unwrap();
        let printed = String::from_utf8(run.stdout).unwrap();
        let context = format!("{name}:{line}: {command}\n{printed}");
        assert!(matches!(run.status.code(), Some(0 | 1)), "{context}");
        if !output.trim().is_empty() {
            assert_eq!(printed.trim_end(), output.trim_end(), "{context}");
        }
    }
}

#[test]
fn the_english_readme_is_true() {
    assert_true("README.md", "C");
}

#[test]
fn the_french_readme_is_true() {
    assert_true("LISEZMOI.md", "fr_FR.UTF-8");
}

#[test]
fn the_page_of_corrections_is_true() {
    assert_true("docs/corrections.md", "fr_FR.UTF-8");
}

#[test]
fn the_page_of_merged_submissions_is_true() {
    assert_true("docs/reunion.md", "fr_FR.UTF-8");
}

#[test]
fn the_page_of_commands_is_true() {
    assert_true("docs/commands.md", "C");
}

#[test]
fn the_page_of_submissions_is_true() {
    assert_true("docs/envois.md", "fr_FR.UTF-8");
}

#[test]
fn commands_are_found_in_blocks() {
    let text = "\
```console
$ ptce rules
one
two
$ ls
three
```
```sh
$ ptce schema
```
```console
$ cargo run --release -- validate a
```
";
    let command =
        |line, command: &str, output: &str| Shown { line, command: command.to_owned(), output: output.to_owned() };
    assert_eq!(shown(text), [command(2, "ptce rules", "one\ntwo\n"), command(12, "ptce validate a", "")]);
}
