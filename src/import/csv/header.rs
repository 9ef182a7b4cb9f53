//! The header of a CSV file beside the rows below it: a delimiter too many or too few in it moves all of them.

use encoding_rs::Encoding;

use super::fit::{Fit, Judgement};
use super::mend;
use super::record::Record;
use crate::import::sheet::GridRow;
use crate::row::Target;
use crate::vocabulary;

/// What the first rows tell of a table.
#[derive(Default)]
pub(super) struct Shape {
    /// The labels that the rows want, where the header has others.
    pub labels: Option<Vec<String>>,
    /// How many cells most rows have; 0 where there are none.
    pub usual: usize,
    /// Whether an apostrophe stands before each of their cells.
    pub is_guarded: bool,
    /// Whether it is one that we write, in which no sign is damage.
    pub is_own: bool,
}

impl Shape {
    /// What the rows below a header tell, the first row of which has the rank `header`.
    pub fn of(
        rows: &[(GridRow, Record)],
        (header, is_double): (usize, bool),
        is_plain: bool,
        delimiter: u8,
        single_byte: &'static Encoding,
    ) -> Shape {
        let is_own = rows.get(header).is_some_and(|(row, _)| vocabulary::are_keys(row.cells().map(|(_, text)| text)));
        let below = rows.get(header + 1 + usize::from(is_double)..).unwrap_or_default();
        let Some((row, record)) = rows.get(header).filter(|_| !below.is_empty() && !is_plain) else {
            return Shape { is_own, ..Shape::default() };
        };
        let count = record.len();
        let usual = usual(below, count);
        let is_guarded =
            !is_own && mend::is_guarded(below.iter().flat_map(|(row, _)| row.cells().map(|(_, text)| text)));
        // Most rows have as many cells as the header, and one that has not proves nothing.
        let records = || below.iter().map(|(_, record)| record).filter(|record| record.len() == usual);
        let labels = if is_double || usual == count || usual < 2 || usual.abs_diff(count) > 2 || records().count() < 2 {
            None
        } else {
            let own: Vec<String> =
                (1..=count as u32).map(|column| row.at(column).unwrap_or_default().to_owned()).collect();
            let records: Vec<&Record> = records().collect();
            match delimiter == b',' && has_decimals(&own, &records, single_byte) {
                true => None,
                false => better(&own, usual, &records, single_byte),
            }
        };
        Shape { labels, usual, is_guarded, is_own }
    }
}

/// How many cells the most rows have that are no titles; `wanted` where as many have those.
fn usual(rows: &[(GridRow, Record)], wanted: usize) -> usize {
    let counts = || rows.iter().map(|(_, record)| record.len()).filter(|count| *count > 1);
    let often = |count: usize| counts().filter(|other| *other == count).count();
    counts().max_by_key(|count| (often(*count), *count == wanted)).unwrap_or(0)
}

/// Whether rows have more cells than the header for the commas of their numbers: « 3,5 ».
fn has_decimals(own: &[String], rows: &[&Record], single_byte: &'static Encoding) -> bool {
    let fit = Fit::of_labels(own.iter().map(String::as_str), single_byte);
    !rows.is_empty() && rows.iter().all(|record| mend::decimals(record, own.len(), &fit).is_some())
}

/// The labels in whose columns the rows fit better than in those of the header: without blank ones, with a gap, or with two in
/// the place of one that is made of two.
fn better(own: &[String], usual: usize, rows: &[&Record], single_byte: &'static Encoding) -> Option<Vec<String>> {
    let judged = |labels: &[String]| {
        let fit = Fit::of_labels(labels.iter().map(String::as_str), single_byte);
        let sum = |sum: Judgement, record: &&Record| {
            let one = fit.record(record);
            Judgement { good: sum.good + one.good, bad: sum.bad + one.bad }
        };
        rows.iter().fold(Judgement::default(), sum)
    };
    let key = |judged: Judgement| (std::cmp::Reverse(judged.bad), judged.good);
    let mut ways: Vec<Vec<String>> = Vec::new();
    if usual < own.len() {
        let blanks = own.iter().filter(|label| label.is_empty()).count();
        if blanks == own.len() - usual {
            ways.push(own.iter().filter(|label| !label.is_empty()).cloned().collect());
        }
    } else if usual == own.len() + 1 {
        for at in 0..own.len() {
            if let Some((left, right)) = halves(&own[at]) {
                let both = [left.to_owned(), right.to_owned()];
                ways.push(own[..at].iter().cloned().chain(both).chain(own[at + 1..].iter().cloned()).collect());
            }
        }
        for at in 1..own.len() {
            ways.push(own[..at].iter().cloned().chain([String::new()]).chain(own[at..].iter().cloned()).collect());
        }
    }
    let plain = key(judged(own));
    let best = ways.into_iter().rev().max_by_key(|labels| key(judged(labels)))?;
    (key(judged(&best)) > plain).then_some(best)
}

/// The two labels of which a text is made that is none itself.
fn halves(label: &str) -> Option<(&str, &str)> {
    let is_label = |text: &str| matches!(vocabulary::meaning(text).0, Target::Field(..));
    if is_label(label) {
        return None;
    }
    let borders = label.char_indices().filter(|(at, letter)| *at > 0 && letter.is_uppercase());
    borders.map(|(at, _)| label.split_at(at)).find(|(left, right)| is_label(left) && is_label(right))
}
