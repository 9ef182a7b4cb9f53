//! Records as related tables: a zip archive of CSV files, one for the PTCE and one for each list of groups.

use std::io::{self, Seek, Write};
use std::mem::ManuallyDrop;

use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

use super::csv::{csv_error, text, writer};
use super::flat::{Columns, Rows, cell_text};
use super::{Out, Writer, write_error};
use crate::error::Result;
use crate::record::{Part, Record};
use crate::scratch::{Scratch, scratch};
use crate::tables::{HUBS, KEY, LISTS, ListTable, RANK};

/// What is held in memory of each table before it goes to the disk.
const HELD_BYTES: usize = 1 << 20;

/// An archive on its way. The table of the PTCE has a column for each field that some record fills, so it is written at
/// the end.
pub(super) struct Tables<'a> {
    out: Out<'a>,
    rows: Rows,
    lists: Vec<(ListTable, ::csv::Writer<Scratch>)>,
}

impl<'a> Tables<'a> {
    pub fn new(out: Out<'a>) -> Result<Tables<'a>> {
        let mut lists = Vec::with_capacity(LISTS.len());
        for list in LISTS {
            let mut table = writer(scratch(HELD_BYTES));
            table.write_record([KEY, RANK].into_iter().chain(list.columns())).map_err(csv_error)?;
            lists.push((list, table));
        }
        Ok(Tables { out, rows: Rows::new(Columns::without_lists())?, lists })
    }
}

impl Writer for Tables<'_> {
    fn record(&mut self, record: &Record) -> Result<()> {
        self.rows.push(record, |_, _| {})?;
        let count = self.rows.count();
        let key = count.to_string();
        for (list, table) in &mut self.lists {
            let Some(Part::List(elements)) = record.at(&list.pointer()) else { continue };
            for index in 0..elements.count() {
                let Some(Part::Group(element)) = elements.element(index) else { continue };
                table.write_field(&key).map_err(csv_error)?;
                table.write_field((index + 1).to_string()).map_err(csv_error)?;
                for column in list.columns() {
                    let cell = element.part(column).map(cell_text).unwrap_or_default();
                    table.write_field(&*text(&cell, count, column)?).map_err(csv_error)?;
                }
                table.write_record(None::<&[u8]>).map_err(csv_error)?;
            }
        }
        Ok(())
    }

    fn finish(self: Box<Self>) -> Result<()> {
        let Tables { out, rows, lists } = *self;
        // An archive that fails is abandoned: when dropped, its writer would try to complete it, and talk of that.
        let mut archive = ManuallyDrop::new(ZipWriter::new_stream(out));
        // Without dates, so that the same records give the same bytes.
        let options = SimpleFileOptions::default()
            .compression_method(CompressionMethod::Deflated)
            .last_modified_time(zip::DateTime::default())
            .unix_permissions(0o644)
            .large_file(true);
        archive.start_file(HUBS, options).map_err(zip_error)?;
        let mut table = writer(&mut *archive);
        let header = rows.columns();
        let keys = header.iter().map(|column| column.key.as_str());
        table.write_record([KEY].into_iter().chain(keys)).map_err(csv_error)?;
        let mut rank = 0_u64;
        rows.replay(|cells| {
            rank += 1;
            table.write_field(rank.to_string()).map_err(csv_error)?;
            for (column, cell) in header.iter().zip(cells) {
                let cell = cell.map(|cell| cell.text).unwrap_or_default();
                table.write_field(&*text(cell, rank, &column.key)?).map_err(csv_error)?;
            }
            table.write_record(None::<&[u8]>).map_err(csv_error)
        })?;
        table.flush().map_err(write_error)?;
        drop(table);
        for (list, table) in lists {
            let mut file = table.into_inner().map_err(|error| write_error(error.into_error()))?;
            file.rewind().map_err(write_error)?;
            archive.start_file(list.file, options).map_err(zip_error)?;
            io::copy(&mut file, &mut *archive).map_err(write_error)?;
        }
        ManuallyDrop::into_inner(archive).finish().map_err(zip_error)?.into_inner().flush().map_err(write_error)
    }
}

fn zip_error(error: zip::result::ZipError) -> crate::error::Error {
    write_error(io::Error::other(error))
}
