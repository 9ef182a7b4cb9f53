//! What the targets have in common.

use ptce::language::Language;
use ptce::report::{Colours, Report, ReportFormat};
use ptce::run::{self, Options};
use ptce::settings::Settings;
use ptce::{Format, Input};

/// Reads, judges and tells bytes under a name, and writes them in another format.
pub fn read(name: &str, data: &[u8]) {
    judge(Input::from_bytes(name, data.to_vec()));
    let _ = ptce::convert(vec![Input::from_bytes(name, data.to_vec())], Format::Csv, std::io::sink(), &Settings::default());
}

/// Judges a source and writes its report.
pub fn judge(input: Input) {
    let settings = Settings::default();
    let mut report = Report::new(ReportFormat::Text, Language::French, Colours::Without);
    let options = Options { assess: true, ..Options::default() };
    if let Ok(outcome) = run::run(vec![input], &settings, &options, &mut |event| report.add(&event)) {
        report.write(&outcome, &settings, &mut std::io::sink()).unwrap();
    }
}
