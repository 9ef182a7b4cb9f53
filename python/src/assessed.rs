//! What is told of each record of a run, as a table that grows with the records by little more than their names.

use std::sync::Arc;

use arrow_array::builder::StringBuilder;
use arrow_array::{Array, ArrayRef, Int64Array, RecordBatch, StringArray};
use arrow_schema::ArrowError;
use ptce::Level;
use ptce::run::Assessment;

use crate::tables::{BATCH_ROWS, Table, record_summary};

/// The records so far.
#[derive(Default)]
pub struct Assessed {
    /// Each source, and its first row.
    sources: Vec<(String, usize)>,
    indexes: Vec<u64>,
    completeness: Vec<u8>,
    levels: Vec<Levels>,
    /// The identifiers and names, full batches of them and the last one.
    full: Vec<(StringArray, StringArray)>,
    ids: StringBuilder,
    names: StringBuilder,
}

/// How many errors, warnings and infos there are.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Levels([u32; 3]);

impl Levels {
    pub fn count(&mut self, level: Level) {
        self.0[match level {
            Level::Error => 0,
            Level::Warning => 1,
            Level::Info => 2,
        }] += 1;
    }
}

impl Assessed {
    /// Adds a record, in which so much was found.
    pub fn push(&mut self, assessment: Assessment, levels: Levels) {
        let Assessment { file, record, completeness, .. } = assessment;
        let goes_on = self.sources.last().is_some_and(|(known, _)| *known == file)
            && self.indexes.last().is_some_and(|last| *last < record.index);
        if !goes_on {
            self.sources.push((file, self.indexes.len()));
        }
        self.indexes.push(record.index);
        self.completeness.push(completeness.percent());
        self.levels.push(levels);
        self.ids.append_option(record.id);
        self.names.append_option(record.name);
        if self.indexes.len().is_multiple_of(BATCH_ROWS) {
            self.full.push((self.ids.finish(), self.names.finish()));
        }
    }

    /// Adds what was found in a record once all were known: of several of that index of that file, where it was given twice, in
    /// the last one, which repeats the others.
    pub fn count(&mut self, file: &str, index: u64, level: Level) {
        let mut end = self.indexes.len();
        for (known, start) in self.sources.iter().rev() {
            if known == file
                && let Ok(at) = self.indexes[*start..end].binary_search(&index)
            {
                return self.levels[start + at].count(level);
            }
            end = *start;
        }
    }

    pub fn into_table(mut self) -> Result<Table, ArrowError> {
        self.full.push((self.ids.finish(), self.names.finish()));
        let schema = record_summary();
        let mut batches = Vec::with_capacity(self.full.len());
        let mut sources = self.sources.iter().peekable();
        let mut file = "";
        for ((ids, names), first) in self.full.into_iter().zip((0..).step_by(BATCH_ROWS)) {
            let rows = first..first + ids.len();
            if rows.is_empty() {
                continue;
            }
            let mut files = StringBuilder::new();
            for row in rows.clone() {
                while let Some((next, _)) = sources.next_if(|(_, start)| *start <= row) {
                    file = next;
                }
                files.append_value(file);
            }
            let numbers = |number: &dyn Fn(usize) -> i64| -> ArrayRef {
                Arc::new(rows.clone().map(number).collect::<Int64Array>())
            };
            let columns: Vec<ArrayRef> = vec![
                Arc::new(files.finish()),
                numbers(&|row| self.indexes[row] as i64),
                Arc::new(ids),
                Arc::new(names),
                numbers(&|row| self.completeness[row].into()),
                numbers(&|row| self.levels[row].0[0].into()),
                numbers(&|row| self.levels[row].0[1].into()),
                numbers(&|row| self.levels[row].0[2].into()),
            ];
            batches.push(RecordBatch::try_new(Arc::clone(&schema), columns)?);
        }
        Ok(Table::new(schema, batches))
    }
}
