//! The tables against another implementation, in a Python environment of its own. It needs Python and a package index,
//! so that it is run by name: `cargo test -- --ignored`.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;

/// Prints every text of five digits that the validator of data.gouv.fr takes for a postal code.
const SCRIPT: &str = "\
import frformat
valid = frformat.CodePostal().is_valid
print('\\n'.join(code for code in (f'{number:05d}' for number in range(100000)) if valid(code)))
";

fn output(command: &mut Command) -> String {
    let output = command.output().unwrap();
    assert!(output.status.success(), "{command:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

#[test]
#[ignore = "needs Python and a package index"]
fn postal_codes_are_those_of_another_implementation() {
    let folder = tempfile::tempdir().unwrap();
    output(Command::new("python3").args(["-m", "venv"]).arg(folder.path()));
    let python: &Path = &folder.path().join("bin/python");
    output(Command::new(python).args(["-m", "pip", "install", "--quiet", "frformat==0.5.0"]));
    let theirs = output(Command::new(python).args(["-c", SCRIPT]));
    let theirs: BTreeSet<&str> = theirs.lines().collect();
    assert!(theirs.len() > 6_000);
    let ours: BTreeSet<String> = (0..100_000)
        .map(|number| format!("{number:05}"))
        .filter(|code| ptce::reference::postal_codes::is_postal_code(code))
        .collect();
    let ours: BTreeSet<&str> = ours.iter().map(String::as_str).collect();
    assert_eq!(ours, theirs);
}
