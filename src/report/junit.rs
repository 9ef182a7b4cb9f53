//! The report as a run of tests, in the XML that continuous integration reads: an error is a failure, what is less grave a test
//! that passes with a remark, a file that cannot be read an error.

use std::io::{self, Write};

use super::text::accepted;
use super::{Body, Writer};
use crate::finding::{Finding, Level};
use crate::language::Language;
use crate::run::Outcome;
use crate::settings::Settings;

pub(super) struct Junit {
    language: Language,
    cases: Body,
    tests: u64,
    failures: u64,
}

impl Junit {
    pub fn new(language: Language) -> Junit {
        Junit { language, cases: Body::new(), tests: 0, failures: 0 }
    }
}

/// A text as XML has it, in an attribute too.
fn xml(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\n' => escaped.push_str("&#10;"),
            '\u{fffe}' | '\u{ffff}' => {}
            c if c.is_control() && !matches!(c, '\t' | '\r') => {}
            c => escaped.push(c),
        }
    }
    escaped
}

impl Writer for Junit {
    fn finding(&mut self, finding: &Finding) -> io::Result<()> {
        let place = format!("{} {}", finding.location.file, finding.location.within_file(self.language));
        let record = finding.record.as_ref().and_then(|record| record.name.as_deref());
        let name = [Some(place.trim()), record].into_iter().flatten().collect::<Vec<_>>().join(" – ");
        let details: Vec<&str> =
            [&finding.expected, &finding.suggestion].into_iter().flatten().map(String::as_str).collect();
        let details = xml(&details.join("\n"));
        let message = xml(&finding.message);
        self.tests += 1;
        write!(self.cases.0, "    <testcase classname=\"{}\" name=\"{}\">", finding.code, xml(&name))?;
        match finding.level {
            Level::Error => {
                self.failures += 1;
                let code = finding.code;
                write!(self.cases.0, "<failure message=\"{message}\" type=\"{code}\">{details}</failure>")?;
            }
            level => write!(self.cases.0, "<system-out>{}: {message}</system-out>", level.name())?,
        }
        writeln!(self.cases.0, "</testcase>")
    }

    fn write(&mut self, outcome: &Outcome, settings: &Settings, out: &mut dyn Write) -> io::Result<()> {
        let (errors, language) = (outcome.unread.len() as u64, settings.language);
        let records = outcome.summary.records;
        // A run without a test would be taken for one that did not happen.
        let skipped = outcome.waived.len() as u64;
        let passed = u64::from(self.tests + errors + skipped == 0);
        let (tests, failures) = (self.tests + errors + skipped + passed, self.failures);
        let of_skipped = if skipped > 0 { format!(" skipped=\"{skipped}\"") } else { String::new() };
        writeln!(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>")?;
        writeln!(out, "<testsuites>")?;
        writeln!(
            out,
            "  <testsuite name=\"ptce\" tests=\"{tests}\" failures=\"{failures}\" errors=\"{errors}\"{of_skipped}>"
        )?;
        writeln!(out, "    <properties>")?;
        writeln!(out, "      <property name=\"version\" value=\"{}\"/>", env!("CARGO_PKG_VERSION"))?;
        writeln!(out, "      <property name=\"profile\" value=\"{}\"/>", settings.profile.name())?;
        writeln!(out, "      <property name=\"records\" value=\"{records}\"/>")?;
        for source in &outcome.sources {
            let sha256 = source.sha256.as_deref().unwrap_or_default();
            writeln!(out, "      <property name=\"sha256 {}\" value=\"{sha256}\"/>", xml(&source.file))?;
        }
        writeln!(out, "    </properties>")?;
        io::copy(self.cases.read()?, out)?;
        for error in &outcome.unread {
            let (file, code) = (xml(error.file().unwrap_or_default()), error.code());
            let message = xml(&error.message(language));
            writeln!(
                out,
                "    <testcase classname=\"{code}\" name=\"{file}\"><error message=\"{message}\" type=\"{code}\"/></testcase>"
            )?;
        }
        for waived in &outcome.waived {
            let (code, message) = (waived.finding.code, xml(&accepted(waived, language)));
            let place = xml(&waived.finding.location.within_file(language));
            writeln!(
                out,
                "    <testcase classname=\"{code}\" name=\"{place}\"><skipped message=\"{message}\"/></testcase>"
            )?;
        }
        if passed > 0 {
            writeln!(out, "    <testcase classname=\"ptce\" name=\"validate\"/>")?;
        }
        writeln!(out, "  </testsuite>\n</testsuites>")
    }
}
