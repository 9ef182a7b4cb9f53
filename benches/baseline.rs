//! The floor under the readers: what the libraries alone take to go through a file.
//!
//! `cargo bench --bench baseline -- csv FILE` reads CSV records as bytes; `-- xlsx FILE` reads the cells of every sheet
//! of a workbook. Time either as a whole process against `ptce validate FILE`; see `benches/README.md`.

#![allow(clippy::print_stderr)] // the figures are for whoever runs it

use std::error::Error;
use std::fs::File;
use std::io::BufReader;

use calamine::{Reader, Xlsx};

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().filter(|argument| argument != "--bench").collect();
    match arguments.get(1..).unwrap_or_default() {
        [format, path] if format == "csv" => {
            let mut reader = csv::ReaderBuilder::new().buffer_capacity(1 << 16).from_path(path)?;
            let mut record = csv::ByteRecord::new();
            let (mut records, mut fields) = (0u64, 0);
            while reader.read_byte_record(&mut record)? {
                records += 1;
                fields += record.len();
            }
            eprintln!("{records} records, {fields} fields");
        }
        [format, path] if format == "xlsx" => {
            let mut workbook = Xlsx::new(BufReader::new(File::open(path)?))?;
            let mut count = 0u64;
            for sheet in workbook.sheet_names() {
                let mut cells = workbook.worksheet_cells_reader(&sheet)?;
                while cells.next_cell()?.is_some() {
                    count += 1;
                }
            }
            eprintln!("{count} cells");
        }
        // `cargo test --benches` and `cargo bench` run this without a file: there is nothing to measure then.
        _ => eprintln!("usage: cargo bench --bench baseline -- csv|xlsx FILE"),
    }
    Ok(())
}
