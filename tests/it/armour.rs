//! What comes in large or from outside, within a memory, a number of open files, and a moment that somebody chose.

use std::io::Write;
use std::process::{Command, Stdio};

use ptce::import::{Limits, MAX_CELL_BYTES, MAX_COLUMNS, MAX_DEPTH, MAX_LABEL_BYTES, MAX_RECORD_BYTES};

use crate::hostile;
use crate::legacy::ods;
use crate::support::{archive, folder, names_in, ptce, ran, read, run_ptce};

const HEADER: &str = "nom;coordinateur;courriel\n";

/// Runs `script` in a shell where `$PTCE` is the command; answers the exit code and what stands on stderr.
#[cfg(unix)]
fn shell(script: &str) -> (Option<i32>, String) {
    let ptce = ptce();
    let done =
        Command::new("sh").arg("-c").arg(script).env("PTCE", ptce.get_program()).env("LC_ALL", "C").output().unwrap();
    (done.status.code(), String::from_utf8_lossy(&done.stderr).into_owned())
}

#[cfg(unix)]
#[test]
fn a_text_without_an_end_is_refused_before_it_is_in_memory() {
    for (start, format, told) in [
        ("[{\"nom\":\"", "json", "16 MB"),
        ("[{\"nom\":\"A\",\"", "json", "16 MB"),
        ("[{\"nom\":1", "json", "16 MB"),
        ("{\"nom\":\"A\"}\n{\"nom\":\"", "ndjson", "16 MB"),
        ("nom;coordinateur\nA;", "csv", "16 MB"),
        ("nom;coordinateur\nA;\"", "csv", "16 MB"),
        ("<ptces><ptce><nom>", "xml", "16 MB"),
        ("<ptces><ptce><nom a=\"", "xml", "16 MB"),
        ("<ptces><", "xml", "16 MB"),
    ] {
        let fill = if start.ends_with('1') { "1" } else { "k" };
        let (code, told_of) = shell(&format!(
            "ulimit -v 400000; {{ printf '%s' '{start}'; head -c 100000000 /dev/zero | tr '\\0' {fill}; }} | \
             \"$PTCE\" validate - -q"
        ));
        assert_eq!(code, Some(2), "{start} {told_of}");
        assert!(told_of.contains(told), "{format} {start}: {told_of}");
    }
}

#[test]
fn a_label_has_a_length_at_most() {
    let long = "k".repeat(70_000);
    for (name, text) in [
        ("long.json", format!("[{{\"nom\":\"A\",\"{long}\":\"x\"}}]")),
        ("long.xml", format!("<ptces><ptce><nom>A</nom><{long}>x</{long}></ptce></ptces>")),
    ] {
        let place = folder(&[(name, text.as_bytes())]);
        let file = place.path().join(name);
        let told = run_ptce(&["validate", file.to_str().unwrap(), "-q"]);
        assert_eq!(told.code, 2, "{name}: {}", told.stderr);
        assert!(told.stderr.contains("a label exceeds 64 kB") && told.stderr.len() < 400, "{name}: {}", told.stderr);
    }
}

#[cfg(unix)]
#[test]
fn a_folder_may_hold_more_files_than_a_process_may_open() {
    let files: Vec<(String, String)> =
        (0..90).map(|rank| (format!("f{rank}.csv"), format!("{HEADER}P{rank};R;a@example.org\n"))).collect();
    let given: Vec<(&str, &[u8])> = files.iter().map(|(name, text)| (name.as_str(), text.as_bytes())).collect();
    let place = folder(&given);
    let packed: Vec<(String, Vec<u8>)> = files
        .iter()
        .map(|(name, text)| (name.clone(), format!("{text}{}", "\n".repeat(1 << 20)).into_bytes()))
        .collect();
    let other = folder(&[("all.zip", &archive(&packed))]);
    for source in [place.path().to_owned(), other.path().join("all.zip")] {
        let (code, told) = shell(&format!(
            "ulimit -n 48; \"$PTCE\" convert '{}' --to ndjson -q --limit ratio=100000 | wc -l >&2",
            source.display()
        ));
        assert_eq!((code, told.trim()), (Some(0), "90"), "{}", source.display());
    }
}

#[test]
fn entries_of_an_archive_are_read_whatever_their_path() {
    let entry = |name: &str| (name.to_owned(), format!("{HEADER}{name};R;a@example.org\n").into_bytes());
    let place = folder(&[("a.zip", &archive(&["./a.csv", "b.csv", "../c.csv", ".envoi/d.csv"].map(entry)))]);
    let file = place.path().join("a.zip");
    let read = run_ptce(&["convert", file.to_str().unwrap(), "--to", "ndjson", "-q"]);
    let names: Vec<&str> = read.stdout.lines().filter_map(|line| line.split('"').nth(3)).collect();
    assert_eq!(names, ["../c.csv", "./a.csv", "b.csv"]);
}

/// A bomb of an archive, whose entries share their bytes or pack a thousand to one.
#[test]
fn an_archive_cannot_unpack_to_more_than_it_may() {
    let text = format!("{HEADER}{}", format!("P{};R;a@example.org\n", "é".repeat(1_000)).repeat(600)).into_bytes();
    let bytes = archive(&[("a.csv".to_owned(), text.clone()), ("b.csv".to_owned(), text)]);
    // The second entry of the directory is made to lie where the first does.
    let mut shared = bytes.clone();
    let second = (0..shared.len()).rfind(|at| shared[*at..].starts_with(b"PK\x01\x02")).unwrap();
    shared[second + 42..second + 46].copy_from_slice(&[0; 4]);
    let place = folder(&[("ratio.zip", &bytes), ("shared.zip", &shared)]);
    let told = |name: &str, limit: &str| {
        run_ptce(&["validate", place.path().join(name).to_str().unwrap(), "-q", "--limit", limit])
    };
    let ratio = told("ratio.zip", "ratio=20");
    assert!(ratio.code == 2 && ratio.stderr.contains("more than 20 times"), "{}", ratio.stderr);
    let all = told("ratio.zip", "inflated=2");
    assert!(all.code == 2 && all.stdout.contains("exceeds 2 MB"), "{}", all.stdout);
    let shared = told("shared.zip", "ratio=100000");
    assert!(shared.code == 2 && shared.stderr.contains("take the same place"), "{}", shared.stderr);
    assert!(told("ratio.zip", "ratio=100000").code < 2);
}

/// Mails are unpacked to know what is attached to them, before anything else is.
#[test]
fn mails_of_an_archive_count_like_its_other_files() {
    let noise: String =
        (0..80_000_u64).map(|rank| format!("{:016x}\n", rank.wrapping_mul(0x9E37_79B9_7F4A_7C15))).collect();
    let attached = |count: usize| -> String {
        let part = "--b\r\nContent-Disposition: attachment; filename=\"a.csv\"\r\n\r\nnom\nA\r\n";
        format!("Content-Type: multipart/mixed; boundary=b\r\n\r\n{}--b--\r\n", part.repeat(count))
    };
    let mail = |name: &str| (name.to_owned(), format!("{}{noise}", attached(1)).into_bytes());
    let place =
        folder(&[("a.zip", &archive(&["a.eml", "b.eml"].map(mail))), ("many.eml", attached(10_001).as_bytes())]);
    let told = |name: &str, limit: &str| {
        run_ptce(&["validate", place.path().join(name).to_str().unwrap(), "-q", "--limit", limit])
    };
    let all = told("a.zip", "inflated=2");
    assert!(all.code == 2 && all.stderr.contains("a.zip/b.eml: the archive exceeds 2 MB"), "{}", all.stderr);
    assert!(told("a.zip", "inflated=3").code < 2);
    let many = told("many.eml", "inflated=2");
    assert!(many.code == 2 && many.stderr.contains("more than 10000 files"), "{}", many.stderr);
}

#[cfg(unix)]
#[test]
fn a_command_that_is_ended_leaves_nothing_and_shows_nothing() {
    use std::os::unix::fs::PermissionsExt;
    for signal in ["INT", "TERM"] {
        for to in [&["--to", "ndjson"][..], &["--to", "open-data", "--keep-invalid"]] {
            let place = folder(&[]);
            let target = place.path().join("result");
            let mut running = ptce()
                .args(["convert", "-", "-q", "-o"])
                .arg(&target)
                .args(to)
                .stdin(Stdio::piped())
                .stdout(Stdio::null())
                .stderr(Stdio::null())
                .spawn()
                .unwrap();
            // The input goes on, so that the command is in the midst of its work.
            let mut input = running.stdin.take().unwrap();
            input.write_all(HEADER.as_bytes()).unwrap();
            let begun = std::time::Instant::now();
            while names_in(place.path()).is_empty() && begun.elapsed().as_secs() < 60 {
                std::thread::sleep(std::time::Duration::from_millis(5));
            }
            for name in names_in(place.path()) {
                let rights = std::fs::metadata(place.path().join(&name)).unwrap().permissions().mode();
                assert_eq!(rights & 0o077, 0, "{name}");
            }
            let id = running.id().to_string();
            assert!(Command::new("kill").args(["-s", signal, &id]).status().unwrap().success());
            assert_eq!(running.wait().unwrap().code(), Some(130), "{signal} {to:?}");
            assert_eq!(names_in(place.path()), Vec::<String>::new(), "{signal} {to:?}");
        }
    }
}

#[cfg(unix)]
#[test]
fn what_is_replaced_keeps_its_rights_and_links_are_followed() {
    use std::os::unix::fs::{PermissionsExt, symlink};
    let place = folder(&[("in.csv", format!("{HEADER}A;R;a@example.org\n").as_bytes()), ("out.json", b"{}")]);
    let at = |name: &str| place.path().join(name);
    std::fs::set_permissions(at("out.json"), std::fs::Permissions::from_mode(0o600)).unwrap();
    symlink("out.json", at("link.json")).unwrap();
    symlink("new.json", at("dangling.json")).unwrap();
    symlink("loop.json", at("loop.json")).unwrap();
    let convert = |to: &str| ran(ptce().arg("convert").arg(at("in.csv")).arg("-q").arg("-o").arg(at(to)));
    for (to, written) in [("link.json", "out.json"), ("dangling.json", "new.json")] {
        assert_eq!(convert(to).code, 0);
        assert!(at(to).is_symlink() && std::fs::read_to_string(at(written)).unwrap().contains("a@example.org"), "{to}");
    }
    assert_eq!(std::fs::metadata(at("out.json")).unwrap().permissions().mode() & 0o777, 0o600);
    let looped = convert("loop.json");
    assert!(looped.code == 2 && looped.stderr.contains("loop.json"), "{}", looped.stderr);
}

/// Root may write anywhere; the others are told, and nothing is left.
#[cfg(unix)]
#[test]
fn a_folder_that_may_not_be_written_to_is_told() {
    use std::os::unix::fs::{MetadataExt, PermissionsExt};
    use std::os::unix::process::CommandExt;
    const NOBODY: u32 = 65_534;
    let place = folder(&[("in.csv", format!("{HEADER}A;R;a@example.org\n").as_bytes()), ("closed/old.json", b"{}")]);
    let at = |name: &str| place.path().join(name);
    std::fs::copy(ptce().get_program(), at("ptce")).unwrap();
    for (name, mode) in [("", 0o755), ("ptce", 0o755), ("in.csv", 0o644), ("closed/old.json", 0o666), ("closed", 0o555)]
    {
        std::fs::set_permissions(at(name), std::fs::Permissions::from_mode(mode)).unwrap();
    }
    let is_root = std::fs::metadata("/proc/self").is_ok_and(|own| own.uid() == 0);
    for (to, options) in [
        ("closed/new.json", &[][..]),
        ("closed/old.json", &[]),
        ("closed/publication", &["--to", "open-data", "--keep-invalid"]),
        ("closed/publication.zip", &["--to", "open-data", "--keep-invalid"]),
    ] {
        let mut command = Command::new(at("ptce"));
        command.args(["convert", "in.csv", "-q", "-o", to]).args(options).env("LC_ALL", "C").current_dir(place.path());
        if is_root {
            command.uid(NOBODY).gid(NOBODY);
        }
        let told = ran(&mut command);
        assert!(
            told.code == 2 && told.stderr.contains("permission denied; check your rights"),
            "{to}: {}",
            told.stderr
        );
        assert_eq!(names_in(&at("closed")), ["old.json"], "{to}");
    }
    assert_eq!(std::fs::read(at("closed/old.json")).unwrap(), b"{}");
}

/// Each makes its result in a folder of its own: the last one that is done stands there, whole.
#[cfg(unix)]
#[test]
fn runs_on_one_target_do_not_mix() {
    let table = |name: &str| format!("{HEADER}{}", format!("{name};R;a@example.org\n").repeat(300));
    let (one, other) = (table("Roue libre"), table("Voie verte"));
    let place = folder(&[("one.csv", one.as_bytes()), ("other.csv", other.as_bytes())]);
    let convert = |source: &str, to: &str, options: &[&str]| {
        let mut command = ptce();
        command.current_dir(place.path()).args(["convert", source, "-q", "-o", to]).args(options);
        command.env("SOURCE_DATE_EPOCH", "1700000000").stdout(Stdio::null()).stderr(Stdio::null());
        command
    };
    let content = |name: &str| -> Vec<(String, Vec<u8>)> {
        let path = place.path().join(name);
        match path.is_dir() {
            true => {
                names_in(&path).iter().map(|name| (name.clone(), std::fs::read(path.join(name)).unwrap())).collect()
            }
            false => vec![(String::new(), std::fs::read(path).unwrap())],
        }
    };
    for (target, options) in [("r.json", &[][..]), ("p", &["--to", "open-data", "--keep-invalid", "--force"])] {
        let whole = ["one.csv", "other.csv"].map(|source| {
            assert!(convert(source, target, options).status().unwrap().code() < Some(2), "{target}");
            content(target)
        });
        assert_ne!(whole[0], whole[1]);
        let sources = ["one.csv", "other.csv"].repeat(3);
        let runs: Vec<_> = sources.iter().map(|source| convert(source, target, options).spawn().unwrap()).collect();
        for mut run in runs {
            assert!(run.wait().unwrap().code() < Some(2), "{target}");
        }
        assert!(whole.contains(&content(target)), "{target}");
    }
    assert_eq!(names_in(place.path()), ["one.csv", "other.csv", "p", "r.json"]);
}

#[cfg(target_os = "linux")]
#[test]
fn what_never_ends_is_refused() {
    let sample = crate::support::root().join("samples/conforme.csv");
    let told = ran(ptce().arg("validate").arg(sample).args(["--config", "/dev/zero", "-q"]));
    assert!(told.code == 2 && told.stderr.contains("more than 16 MB"), "{}", told.stderr);
    let zero = std::fs::File::open("/dev/zero").unwrap();
    let told = ran(ptce().args(["objection", "--salt", "x", "-"]).stdin(zero));
    assert!(told.code == 2 && told.stderr.contains("more than 16 MB"), "{}", told.stderr);
    let told = run_ptce(&["validate", "/dev/zero", "--limit", "stream=3"]);
    assert!(told.code == 2 && told.stderr.contains("more than 3 MB"), "{}", told.stderr);
    let full = std::fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
    assert_eq!(ptce().arg("--help").stdout(full).stderr(Stdio::null()).status().unwrap().code(), Some(2));
}

/// Names, labels, values and paths that carry sequences for terminals, in every format and for every command.
#[test]
fn nothing_that_acts_on_a_terminal_reaches_it() {
    let acts = "\u{1b}[2J\u{1b}]0;x\u{7}\u{9b}1m\u{202e}\u{2066}";
    let escaped = acts.chars().fold(String::new(), |text, sign| text + &format!("\\u{:04x}", sign as u32));
    let files = [
        (format!("a{acts}.csv"), format!("nom;libellé {acts};courriel;coordinateur\nA{acts};B{acts};c{acts}@x;D\n")),
        (
            "b.json".to_owned(),
            format!("[{{\"nom\":\"A{escaped}\",\"k{escaped}\":\"v{escaped}\",\"courriel\":\"x{escaped}\"}}]"),
        ),
        ("c.xml".to_owned(), format!("<ptces><ptce><nom>A</nom><x{acts}>b</x{acts}></ptce></ptces>")),
        ("d.xml".to_owned(), format!("<ptces><ptce><nom>&x{acts};</nom></ptce></ptces>")),
        ("e.xml".to_owned(), format!("<?xml version='1.0' encoding='{acts}'?><ptces/>")),
        (format!("f{acts}.docx"), "x".to_owned()),
        ("g.json".to_owned(), format!("[{{\"nom\":{acts}}}]")),
    ];
    let given: Vec<(&str, &[u8])> = files.iter().map(|(name, text)| (name.as_str(), text.as_bytes())).collect();
    let place = folder(&given);
    let path = place.path().to_str().unwrap();
    let package = place.path().join("p").to_str().unwrap().to_owned();
    let mut commands = vec![
        vec!["validate", path],
        vec!["inspect", path],
        vec!["convert", path, "--to", "open-data", "-o", &package, "--keep-invalid"],
        vec!["validate", acts],
        vec!["explain", acts],
        vec!["validate", path, "--profile", acts],
        vec!["diff", path, path],
        vec!["diff", path, path, "--format", "json"],
        vec!["diff", path, path, "--format", "html"],
        vec!["inspect", path, "--format", "json"],
    ];
    for form in ["html", "letter", "json", "ndjson", "csv", "sarif", "github", "junit"] {
        commands.push(vec!["validate", path, "--format", form]);
    }
    let each: Vec<String> = files.iter().map(|(name, _)| format!("{path}/{name}")).collect();
    commands
        .extend(each.iter().flat_map(|file| [vec!["validate", file], vec!["convert", file, "--to", "ndjson", "-q"]]));
    for arguments in commands {
        for language in ["fr", "en"] {
            let mut arguments = arguments.clone();
            arguments.extend(["--lang", language]);
            let done = run_ptce(&arguments);
            let is_data = arguments.contains(&"ndjson");
            for text in [if is_data { "" } else { &done.stdout }, &done.stderr] {
                let acting = text.chars().find(|sign| !sign.is_ascii_graphic() && acts.contains(*sign));
                assert!(acting.is_none(), "{arguments:?}: {acting:?} in {text}");
            }
        }
    }
}

/// What people open of a publication holds nothing that acts either; its data are those of the records.
#[test]
fn nothing_that_acts_is_on_a_published_page() {
    let acts = "\u{202e}\u{2066}\u{200f}";
    let records = format!(
        "[{{\"nom\":\"Pôle {acts}A\",\"coordinateur\":{{\"nom\":\"R{acts}\"}},\"contacts\":[{{\"courriel\":\"a@example.org\"}}]}},\
         {{\"nom\":\"B{acts}\",\"site_web\":\"javascript:alert(12)\"}}]"
    );
    let place = folder(&[("a.json", records.as_bytes())]);
    let at = |name: &str| place.path().join(name).to_str().unwrap().to_owned();
    let done = run_ptce(&["convert", &at("a.json"), "--to", "open-data", "--keep-invalid", "-o", &at("p")]);
    assert!(done.code < 2, "{}", done.stderr);
    let mut read = 0;
    for file in crate::support::files_in(&place.path().join("p")) {
        let name = file.file_name().unwrap().to_string_lossy().into_owned();
        if name.ends_with(".html") || name == "fiches-a-corriger.csv" {
            let text = std::fs::read_to_string(&file).unwrap();
            assert!(!text.contains(|sign| acts.contains(sign)), "{name}");
            assert!(!text.contains("javascript:"), "{name}: {text}");
            read += 1;
        }
    }
    assert!(read >= 2, "{:?}", names_in(&place.path().join("p")));
    // Data are not altered.
    let converted = run_ptce(&["convert", &at("a.json"), "--to", "ndjson", "-q"]);
    assert!(converted.stdout.contains(acts), "{}", converted.stdout);
}

/// Errors end up in logs, which more people read than the file.
#[test]
fn no_value_stands_in_an_error() {
    const SECRET: &str = "camille.secret";
    for (name, text) in [
        ("a.xml", "<ptces><ptce><contact>Camille <camille.secret@example.org></contact></ptce></ptces>"),
        ("b.xml", "<ptces><ptce><contact>&camille.secret@example.org;</contact></ptce></ptces>"),
        ("c.xml", "<?xml version=\"1.0\" encoding=\"camille.secret@example.org\"?><ptces/>"),
        ("d.xml", "<ptces><ptce><nom>A</nom><camille.secret@example.org>"),
        ("e.xml", "<ptces><ptce a=\"camille.secret@x\" a=\"camille.secret@x\"/></ptces>"),
        ("f.xml", "<ptces><ptce><nom>camille.secret@example.org < b</nom></ptce></ptces>"),
        ("g.json", "[{\"nom\":\"camille.secret@example.org}]"),
        ("h.json", "[{\"nom\":\"camille.secret@example.org\" \"b\"}]"),
        ("i.json", "{\"nom\":\"camille.secret@example.org\\y\"}"),
        ("j.csv", "nom;courriel\nA;\"camille.secret@example.org\n"),
        ("k.csv", "nom;courriel\nA;camille.secret@example.org\0\n"),
        ("l.json", "[{\"nom\":\"A\",\"contact\":camille.secret}]"),
        ("m.json", "[{\"nom\":\"A\",\"telephone\":0camille.secret}]"),
        ("n.xml", "<ptces><ptce><nom>A &camille.secret; B</nom></ptce></ptces>"),
        ("o.xml", "<ptces><camille.secret><nom>A</nom></ptce></ptces>"),
        ("p.xml", "<ptces><ptce camille.secret=\"1\" camille.secret=\"2\"/></ptces>"),
        ("q.xml", "<?xml version=\"1.0\" encoding=\"camille.secret\"?><ptces/>"),
        ("r.xml", "<ptces><ptce><nom>A</nom><camille.secret>"),
    ] {
        let place = folder(&[(name, text.as_bytes())]);
        let told = run_ptce(&["validate", place.path().join(name).to_str().unwrap(), "-q"]);
        assert!(told.code != 0 && !told.stderr.contains(SECRET), "{name}: {}", told.stderr);
    }
}

/// Few bytes of a workbook stand for any number of rows.
#[test]
fn repeated_rows_of_a_workbook_are_counted_together() {
    let row = "<table:table-row table:number-rows-repeated=\"900\"><table:table-cell \
               table:number-columns-repeated=\"100\" office:value-type=\"string\"><text:p>A</text:p>\
               </table:table-cell></table:table-row>";
    let header = "<table:table-row><table:table-cell office:value-type=\"string\"><text:p>Nom</text:p>\
                  </table:table-cell></table:table-row>";
    let bytes = crate::legacy::ods(&format!("{header}{}", row.repeat(7)));
    let place = folder(&[("rows.ods", &bytes)]);
    let told = run_ptce(&["validate", place.path().join("rows.ods").to_str().unwrap(), "-q"]);
    assert!(told.code == 2 && told.stderr.contains("500000 cells"), "{}", told.stderr);
}

/// A library panics where the disk of its temporary files is full: that is an error like others, and leaves nothing.
#[cfg(target_os = "linux")]
#[test]
fn a_panic_is_a_message_and_leaves_nothing() {
    let place = folder(&[]);
    let sample = crate::support::root().join("samples/conforme.csv");
    let (code, told) = shell(&format!(
        "cd '{}'; TMPDIR=/nowhere \"$PTCE\" convert '{}' -o out.xlsx -q",
        place.path().display(),
        sample.display()
    ));
    assert_eq!((code, names_in(place.path())), (Some(2), vec![]), "{told}");
    assert!(told.starts_with("ptce: ") && !told.contains("panicked") && told.lines().count() == 1, "{told}");
}

/// Whatever memory there is, it is enough or that is told: from where the program starts at all.
#[cfg(target_os = "linux")]
#[test]
fn memory_that_runs_out_is_told_and_nothing_is_left() {
    let samples = crate::support::root().join("samples");
    for (job, lang, told) in [
        ("validate S/conforme.csv -q", "en", "ptce: not enough memory; "),
        ("validate S/laureats-2014.xlsx -q --format json -o r.json", "fr", "ptce : mémoire insuffisante ; "),
        ("convert S/laureats-2014.xml -q -o r.xlsx", "en", "ptce: not enough memory; "),
        ("convert S/conforme.xls -q --to open-data -o p", "fr", "ptce : mémoire insuffisante ; "),
    ] {
        let place = folder(&[]);
        let job = job.replace("S/", &format!("{}/", samples.display()));
        let mut is_told = false;
        for kilobytes in (30_000..=330_000).step_by(25_000) {
            let (code, said) = shell(&format!(
                "cd '{}'; ulimit -v {kilobytes}; \"$PTCE\" --version > /dev/null 2>&1 || exit 77; \"$PTCE\" {job} --lang {lang} > /dev/null",
                place.path().display()
            ));
            assert!(matches!(code, Some(0..=2 | 77)), "{kilobytes} kB, {job}: {code:?} {said}");
            is_told |= said.starts_with(told) && said.lines().count() == 1;
            let left: Vec<String> = names_in(place.path()).into_iter().filter(|name| name.starts_with('.')).collect();
            assert_eq!(left, [""; 0], "{kilobytes} kB, {job}");
        }
        assert!(is_told, "{job}");
    }
}

/// A quote too many in a list of people would free those below it.
#[test]
fn a_list_of_people_with_an_open_quote_publishes_nothing() {
    let sample = crate::support::root().join("samples/conforme.json");
    for (option, text) in [
        ("--objections", "valeur\n\"a@example.org\nb@example.org\n"),
        ("--objections", "valeur;note\na@example.org;\"vu\nb@example.org;\"\n"),
        ("--consents", "valeur,date,preuve\na@example.org,2024-01-01,\"oui\nb@example.org,2024-01-01,oui\n"),
    ] {
        let place = folder(&[("list.csv", text.as_bytes())]);
        let at = |name: &str| place.path().join(name).to_str().unwrap().to_owned();
        let told = run_ptce(&[
            "convert",
            sample.to_str().unwrap(),
            "--to",
            "open-data",
            "-o",
            &at("p"),
            option,
            &at("list.csv"),
            "-q",
        ]);
        assert!(told.code == 2 && told.stderr.contains("takes the lines below"), "{text}: {}", told.stderr);
        assert_eq!(names_in(place.path()), ["list.csv"]);
    }
}

/// A text that stands once in a workbook and is given for many cells.
#[test]
fn long_texts_of_a_workbook_are_repeated_so_far_and_no_further() {
    let long = "mot ".repeat(8_000);
    let header = r#"<row r="1"><c r="A1" t="inlineStr"><is><t>Nom</t></is></c><c r="B1" t="inlineStr"><is><t>Résumé</t></is></c></row>"#;
    let named = |row: usize, cell: &str| {
        format!(r#"<row r="{row}"><c r="A{row}" t="inlineStr"><is><t>Pôle {row}</t></is></c>{cell}</row>"#)
    };
    let shared: String = (2..502).map(|row| named(row, &format!(r#"<c r="B{row}" t="s"><v>0</v></c>"#))).collect();
    let mut parts = hostile::parts(&hostile::sheet(&format!("{header}{shared}")));
    parts.push(("xl/sharedStrings.xml".to_owned(), format!("<sst><si><t>{long}</t></si></sst>").into_bytes()));
    let relation = r#"<Relationship Id="r2" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings" Target="sharedStrings.xml"/></Relationships>"#;
    parts[3].1 = hostile::RELATIONS.replace("</Relationships>", relation).into_bytes();
    let below: String = (3..502).map(|row| named(row, "")).collect();
    let first = named(2, &format!(r#"<c r="B2" t="inlineStr"><is><t>{long}</t></is></c>"#));
    let merged = format!(
        r#"<worksheet><sheetData>{header}{first}{below}</sheetData><mergeCells><mergeCell ref="B2:B501"/></mergeCells></worksheet>"#
    );
    let cell = |text: &str| {
        format!(r#"<table:table-cell office:value-type="string"><text:p>{text}</text:p></table:table-cell>"#)
    };
    let rows = format!(
        r#"<table:table-row>{}{}</table:table-row><table:table-row table:number-rows-repeated="500">{}{}</table:table-row>"#,
        cell("Nom"),
        cell("Résumé"),
        cell("Pôle"),
        cell(&long)
    );
    let place = folder(&[
        ("shared.xlsx", &archive(&parts)),
        ("merged.xlsx", &archive(&hostile::parts(&merged))),
        ("repeated.ods", &ods(&rows)),
    ]);
    for name in ["shared.xlsx", "merged.xlsx", "repeated.ods"] {
        let told =
            |limit: &str| run_ptce(&["validate", place.path().join(name).to_str().unwrap(), "-q", "--limit", limit]);
        let refused = told("repeated=8");
        assert!(refused.code == 2 && refused.stderr.contains("exceed 8 MB"), "{name}: {}", refused.stderr);
        assert!(told("repeated=20").code < 2, "{name}");
    }
}

/// The table of the documentation has the limits of the code.
#[test]
fn the_documentation_has_every_limit() {
    let text = std::fs::read_to_string(crate::support::root().join("docs/limits.md")).unwrap();
    let Limits { inflated, ratio, parts, xls, held, repeated, stream, .. } = Limits::default();
    let values = [inflated, ratio, parts, xls, held, repeated, stream];
    for (name, value) in Limits::NAMES.iter().zip(values) {
        let row =
            text.lines().find(|line| line.ends_with(&format!("| `{name}` |"))).unwrap_or_else(|| panic!("{name}"));
        assert!(row.contains(&format!("| {value} ")), "{row}");
    }
    for (words, value) in [
        ("a record,", MAX_RECORD_BYTES >> 20),
        ("a label", MAX_LABEL_BYTES >> 10),
        ("a cell", MAX_CELL_BYTES >> 20),
        ("labels", MAX_COLUMNS),
        ("depth", MAX_DEPTH),
    ] {
        let row = text.lines().find(|line| line.starts_with(&format!("| {words}"))).unwrap();
        assert!(row.contains(&format!("| {value} ")), "{row}");
    }
}

/// Groups of a record that have a name, as records have: whatever else it says, there is one record.
#[test]
fn a_record_that_stands_alone_is_no_object_of_records() {
    let json = r#"{"nom":"Fabriques du Quercy","region":{"nom":"Occitanie"},"coordinateur":{"nom":"Atelier"}}"#;
    let xml = "<ptces><ptce><nom>Fabriques du Quercy</nom><region><nom>Occitanie</nom></region>\
               <coordinateur><nom>Atelier</nom></coordinateur></ptce></ptces>";
    for (name, text) in [("a.json", json), ("a.ndjson", json), ("a.xml", xml)] {
        let records = read(name, text.as_bytes()).records();
        let names =
            |record: &ptce::Record| [&record.name, &record.region.name, &record.coordinator.name].map(Clone::clone);
        let told: Vec<_> = records.iter().map(names).collect();
        let wanted = ["Fabriques du Quercy", "Occitanie", "Atelier"].map(|name| Some(name.to_owned()));
        assert_eq!(told, [wanted], "{name}");
    }
    let keyed = format!(r#"{{"p1":{json},"Roue libre":{json}}}"#);
    assert_eq!(read("a.json", keyed.as_bytes()).records().len(), 2);
}

/// The link `/dev/stdout` leads to a pipe, which has no name to be replaced.
#[cfg(target_os = "linux")]
#[test]
fn what_is_no_file_is_written_to_through_its_link() {
    let sample = crate::support::root().join("samples/conforme.csv");
    let told = ran(ptce().arg("convert").arg(sample).args(["--to", "csv", "-o", "/dev/stdout", "-q"]));
    assert_eq!((told.code, told.stdout.lines().count()), (0, 4), "{}", told.stderr);
}

/// The name of a mapping comes from whoever made the archive.
#[test]
fn mappings_stay_in_their_folder() {
    let table = b"nom;contact\nA;B\n".to_vec();
    let long = format!("{}.csv", "l".repeat(300));
    let names = ["../../autre.csv", "/abs.csv", "a\u{1b}[31m\nb.csv", "b.csv", "s/b.csv", "s/../b.csv", &long];
    let files: Vec<(String, Vec<u8>)> = names.iter().map(|name| ((*name).to_owned(), table.clone())).collect();
    let zip = archive(&files);
    let place = folder(&[("in/a.zip", &zip), ("autre.csv.toml", b"TRUSTED")]);
    let (file, saved) = (place.path().join("in/a.zip"), place.path().join("in/maps"));
    let (file, maps) = (file.to_str().unwrap(), format!("{}/", saved.display()));
    let done = run_ptce(&["inspect", file, "--save", &maps]);
    assert_eq!(done.code, 0, "{}", done.stderr);
    assert_eq!(std::fs::read(place.path().join("autre.csv.toml")).unwrap(), b"TRUSTED");
    assert_eq!(names_in(place.path()), ["autre.csv.toml", "in"]);
    assert_eq!(names_in(&place.path().join("in")), ["a.zip", "maps"]);
    let mut kept = crate::support::files_in(&saved);
    // The folder `s` has two of them.
    assert_eq!(kept.len(), names.len() - 1, "{kept:?}");
    kept.retain(|path| path.to_string_lossy().contains(char::is_control));
    assert!(kept.is_empty(), "{kept:?}");
    // What was corrected by hand is not replaced, and nothing is added to it.
    let before = crate::support::files_in(&saved);
    std::fs::write(saved.join("b.csv.toml"), "CORRECTED").unwrap();
    std::fs::remove_file(saved.join("s/b.csv.toml")).unwrap();
    let again = run_ptce(&["inspect", file, "--save", &maps]);
    assert_eq!(again.code, 2, "{}", again.stderr);
    assert!(again.stderr.contains("exists already"), "{}", again.stderr);
    assert_eq!(std::fs::read(saved.join("b.csv.toml")).unwrap(), b"CORRECTED");
    assert!(!saved.join("s/b.csv.toml").exists());
    assert_eq!(run_ptce(&["inspect", file, "--save", &maps, "--force"]).code, 0);
    assert_eq!(crate::support::files_in(&saved), before);
    // Replayed, each is found again.
    let replayed = run_ptce(&["validate", file, "--mapping", &maps, "--format", "json"]);
    assert!(!replayed.stdout.contains("changed-source") && replayed.code != 2, "{}", replayed.stderr);
}

#[cfg(unix)]
#[test]
fn mappings_follow_no_link() {
    use std::os::unix::fs::symlink;
    let zip = archive(&[("a.csv".to_owned(), b"nom\nA\n".to_vec()), ("s/b.csv".to_owned(), b"nom\nB\n".to_vec())]);
    for (link, is_forced) in
        [("maps/a.csv.toml", false), ("maps/a.csv.toml", true), ("maps/s", false), ("maps/s", true)]
    {
        let place = folder(&[("a.zip", &zip), ("victim/v", b"V"), ("maps/keep", b"")]);
        let at = |name: &str| place.path().join(name);
        symlink(if link.ends_with('s') { at("victim") } else { at("victim/v") }, at(link)).unwrap();
        let (file, maps) = (at("a.zip"), at("maps"));
        let mut arguments = vec!["inspect", file.to_str().unwrap(), "--save", maps.to_str().unwrap()];
        arguments.extend(is_forced.then_some("--force"));
        let done = run_ptce(&arguments);
        let is_replaced = is_forced && link.ends_with("toml");
        assert_eq!(done.code, if is_replaced { 0 } else { 2 }, "{link}: {}", done.stderr);
        assert_eq!(names_in(&at("victim")), ["v"]);
        assert_eq!(std::fs::read(at("victim/v")).unwrap(), b"V");
        if !is_replaced {
            assert_eq!(
                crate::support::files_in(&maps).iter().filter(|path| path.is_file()).count(),
                1 + usize::from(link.ends_with("toml"))
            );
        }
    }
}

#[test]
fn rows_that_are_not_converted_are_told_whatever_is_asked() {
    let extra = "nom,coordinateur_nom,contact_1_nom\nPoleA,C,D,ExtraX,ExtraY\nPoleB,C,D\nPoleC,C,D,,,,,,ExtraZ\n";
    let place = folder(&[("extra.csv", extra.as_bytes()), ("off.toml", b"[off]\nuneven-row = \"x\"\n")]);
    let at = |name: &str| place.path().join(name).to_str().unwrap().to_owned();
    let (file, off) = (at("extra.csv"), at("off.toml"));
    let (package, merged) = (at("p"), at("m.xlsx"));
    for arguments in [
        vec!["convert", &file, "-q", "--to", "ndjson"],
        vec!["convert", &file, "--to", "ndjson"],
        vec!["convert", &file, "-q", "--complete", "--to", "csv"],
        // What is switched off is lost all the same.
        vec!["convert", &file, "-q", "--to", "json", "--config", &off],
        vec!["convert", &file, "-q", "--to", "open-data", "-o", &package],
        vec!["merge", &file, "-q", "-o", &merged],
    ] {
        let done = run_ptce(&arguments);
        assert_eq!(done.code, 1, "{arguments:?}: {}", done.stderr);
        assert!(
            done.stderr.contains("line 2") && done.stderr.contains("not converted"),
            "{arguments:?}: {}",
            done.stderr
        );
    }
    let many: String =
        (0..50).fold("nom,contact\n".to_owned(), |rows, at| rows + &format!("Pole{at},B\nX{at},y,z,{at}\n"));
    let place = folder(&[("many.csv", many.as_bytes())]);
    let told = run_ptce(&["convert", place.path().join("many.csv").to_str().unwrap(), "-q", "--to", "ndjson"]);
    assert!(told.code == 1 && told.stderr.lines().count() <= 21, "{}", told.stderr);
}

#[test]
fn two_results_are_never_one_file() {
    let place = folder(&[("t.csv", b"nom;coordinateur;code postal\nA;B;1400\n"), ("other.csv", b"mine"), ("s/x", b"")]);
    let at = |name: &str| place.path().join(name).to_str().unwrap().to_owned();
    let file = at("t.csv");
    for (arguments, untouched) in [
        (vec!["fix", &file, "--safe", "-o", &at("n.csv"), "--log", &at("n.csv")], "n.csv"),
        (vec!["fix", &file, "--safe", "-o", &at("n.csv"), "--log", &at("s/../n.csv")], "n.csv"),
        (vec!["validate", &file, "-o", &at("r.csv"), "-o", &at("s/../r.csv")], "r.csv"),
        (vec!["fix", &file, "--safe", "-o", &at("n.csv"), "--log", &at("other.csv")], "n.csv"),
        (vec!["fix", &file, "--plan", &at("other.csv")], "n.csv"),
        (vec!["inspect", &file, "--save", &at("other.csv")], "n.csv"),
    ] {
        let done = run_ptce(&arguments);
        assert_eq!(done.code, 2, "{arguments:?}: {}", done.stderr);
        assert!(!place.path().join(untouched).exists(), "{arguments:?}");
        assert_eq!(std::fs::read(place.path().join("other.csv")).unwrap(), b"mine");
    }
    // The log of an earlier run is ours.
    for _ in 0..2 {
        let done = run_ptce(&["fix", &file, "--safe", "-o", &at("n.csv"), "--log", &at("n.json")]);
        assert!(done.code < 2, "{}", done.stderr);
    }
}

#[test]
fn what_an_archive_hides_is_named() {
    let table = b"nom;contact\nA;B\n".to_vec();
    let inner = archive(&[("d.csv".to_owned(), table.clone())]);
    let named = |name: &str, bytes: &[u8]| (name.to_owned(), bytes.to_vec());
    let zip = archive(&[
        named("a.csv", &table),
        named(".c.csv", &table),
        named("~$d.csv", &table),
        named("__MACOSX/e.csv", &table),
        named("__MACOSX/._a.csv", b"x"),
        named("Thumbs.db", b"x"),
        named("inner.zip", &inner),
    ]);
    let only = archive(&[named("inner.zip", &inner)]);
    let place = folder(&[("n.zip", &zip), ("only.zip", &only), ("f/.c.csv", &table), ("f/a.csv", &table)]);
    let at = |name: &str| place.path().join(name).to_str().unwrap().to_owned();
    let report = run_ptce(&["validate", &at("n.zip"), "--format", "json"]);
    assert!(report.stdout.matches("\"unread-file\"").count() >= 4, "{}", report.stdout);
    assert!(report.stderr.contains("Thumbs.db") && report.stdout.contains("an archive within the archive"));
    let told = run_ptce(&["convert", &at("n.zip"), "-q", "--to", "ndjson"]).stderr;
    for name in [".c.csv", "~$d.csv", "__MACOSX/e.csv", "inner.zip"] {
        assert!(told.contains(name), "{name}: {told}");
    }
    assert!(run_ptce(&["validate", &at("f")]).stdout.contains(".c.csv"));
    let alone = run_ptce(&["validate", &at("only.zip")]);
    assert!(alone.code == 2 && alone.stderr.contains("inner.zip"), "{}", alone.stderr);
}

#[test]
fn what_is_expected_to_be_small_is_not_read_without_end() {
    let place = folder(&[("a.csv", b"nom;contact\nA;B\n"), ("d.json", b"{\"findings\":\"camille\",\"version\":1}")]);
    let at = |name: &str| place.path().join(name).to_str().unwrap().to_owned();
    let (file, report, merged) = (at("a.csv"), at("d.json"), at("m.xlsx"));
    let told = run_ptce(&["diff", &report, &file]);
    assert!(told.code == 2 && !told.stderr.contains("camille"), "{}", told.stderr);
    let twice = run_ptce(&["merge", "-", "-", "-o", &merged]);
    assert!(twice.code == 2 && !place.path().join("m.xlsx").exists(), "{}", twice.stderr);
    if cfg!(target_os = "linux") {
        let endless = run_ptce(&["fix", &file, "--undo", "/dev/zero", "-o", &at("u.csv")]);
        assert!(endless.code == 2 && endless.stderr.contains("16 MB"), "{}", endless.stderr);
    }
}
