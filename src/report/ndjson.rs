//! A finding a line, for programs that read as it comes.

use std::io::{self, Write};

use super::{Body, Writer};
use crate::finding::Finding;
use crate::run::Outcome;
use crate::settings::Settings;

pub(super) struct Ndjson(Body);

impl Ndjson {
    pub fn new() -> Ndjson {
        Ndjson(Body::new())
    }
}

impl Writer for Ndjson {
    fn finding(&mut self, finding: &Finding) -> io::Result<()> {
        serde_json::to_writer(&mut self.0.0, finding)?;
        self.0.0.write_all(b"\n")
    }

    fn write(&mut self, outcome: &Outcome, _: &Settings, out: &mut dyn Write) -> io::Result<()> {
        // What is accepted has another form, so that nobody takes it for a finding.
        for waived in &outcome.waived {
            serde_json::to_writer(&mut self.0.0, &serde_json::json!({ "waived": waived }))?;
            self.0.0.write_all(b"\n")?;
        }
        io::copy(self.0.read()?, out).map(|_| ())
    }
}
