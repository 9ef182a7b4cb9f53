//! Rows that are not as the header wants them: another reading is tried for each, and taken where it gives the cells of the
//! header and these fit their columns. What no reading explains is set aside, and told.

use crate::vocabulary;
use std::io::Read;

use memchr::memchr;

use super::fit::{Fit, Judgement};
use super::lines::Lines;
use super::record::{Behind, Dialect, End, Record, parse};
use crate::error::Result;
use crate::row::Mend;

/// What became of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Outcome {
    /// It is read as it stands.
    AsItIs,
    /// It has cells behind the last column, or too few, and is read.
    Wider,
    Shorter,
    /// It is read in another way.
    Mended(Mend),
    /// A cell of it may hold other rows.
    HoldsRows,
    /// No reading is certain.
    Unread,
}

/// Most cells that a row may have too many or too few and still show where.
const MOST_CELLS: usize = 8;

/// Looks for a reading of the record that was read last.
pub(super) fn mend(lines: &mut Lines<impl Read>, fit: &Fit) -> Result<Outcome> {
    if lines.end == End::Clean && lines.holds_rows {
        // Two delimiters make three words a row of a small table, if nothing tells more.
        let is_like_rows =
            lines.width > 2 && lines.is_of_rows(|record| fit.record(record).bad == 0 && !is_of_list(record));
        if lines.is_of_rows(|record| fit.record(record).is_certain()) && lines.reread_without_stray()? {
            return Ok(Outcome::Mended(Mend::Quote));
        }
        return match lines.record.len() == lines.width {
            true if is_like_rows => Ok(Outcome::HoldsRows),
            // A text may hold many delimiters.
            true => Ok(Outcome::AsItIs),
            false => shape(lines, fit),
        };
    }
    if lines.end == End::Clean && lines.record.len() >= lines.width && is_trailing_blank(lines) {
        let judged = fit.record(&lines.record);
        if judged.bad == 0 || !is_better_elsewhere(lines, fit, judged) {
            return Ok(Outcome::AsItIs);
        }
    }
    if let Some(mend) = other_reading(lines, fit)? {
        return Ok(Outcome::Mended(mend));
    }
    match lines.end {
        End::Clean => shape(lines, fit),
        End::Dirty if lines.record.len() == lines.width => Ok(Outcome::AsItIs),
        _ => Ok(Outcome::Unread),
    }
}

/// Whether a line begins with the mark of an element of a list, whose full stop may be a delimiter: « - former ; ».
fn is_of_list(record: &Record) -> bool {
    let first = record.cells().next().unwrap_or_default();
    ["- ", "• ", "* ", "– ", "— "].iter().any(|mark| first.starts_with(mark.as_bytes()))
}

/// Whether nothing but blanks stands behind the last column.
fn is_trailing_blank(lines: &Lines<impl Read>) -> bool {
    lines.record.cells().skip(lines.width).all(|cell| cell.trim_ascii().is_empty())
}

/// Whether a row that fits its columns badly does so well without one of its blank cells.
fn is_better_elsewhere(lines: &Lines<impl Read>, fit: &Fit, judged: Judgement) -> bool {
    without_blanks(lines, fit).is_some_and(|record| fit.record(&record).good > judged.good)
}

/// Reads the record in another dialect: with quotes that are escaped, stray or apostrophes, with another delimiter, or without
/// the quotes around the whole of it.
fn other_reading(lines: &mut Lines<impl Read>, fit: &Fit) -> Result<Option<Mend>> {
    let own = lines.dialect;
    let source = lines.source();
    let is_taken = |_: &Record| true;
    let is_quoted = memchr(own.quote, source.as_bytes()).is_some();
    if own.quote == b'"' && source.contains("\\\"") {
        for escaped in [Dialect { has_escapes: true, ..own }, Dialect { has_escapes: true, is_lazy: true, ..own }] {
            if lines.reread(escaped, true, is_taken)? || lines.reread(escaped, false, is_taken)? {
                return Ok(Some(Mend::Escape));
            }
        }
    }
    let lazy = Dialect { is_lazy: true, ..own };
    if lines.end != End::Clean
        && (lines.reread(lazy, true, is_taken)?
            || lines.reread_without_stray()?
            || lines.reread(lazy, false, is_taken)?)
    {
        return Ok(Some(Mend::Quote));
    }
    if lines.record.len() == 1 && is_quoted && lines.end == End::Clean {
        let mut inner = Record::default();
        let (end, used) = parse(lines.record.as_slice(), true, own, &mut inner);
        if end == End::Clean && used == lines.record.as_slice().len() && inner.len() == lines.width {
            lines.replace(inner);
            return Ok(Some(Mend::WholeLine));
        }
    }
    let fits = |record: &Record| {
        let judged = fit.record(record);
        judged.bad == 0 && (judged.good > 0 || record.len() > 4)
    };
    let opens =
        |quote: &str| source.starts_with(quote) || source.contains(&format!("{}{quote}", char::from(own.delimiter)));
    if own.quote == b'"' && opens("'") {
        let apostrophes = Dialect { quote: b'\'', ..own };
        if lines.reread(apostrophes, true, fits)? || lines.reread(apostrophes, false, fits)? {
            return Ok(Some(Mend::Apostrophe));
        }
    }
    // What has all its delimiters has no others.
    if lines.record.len() < lines.width || lines.end != End::Clean {
        let plain = Dialect { behind: Behind::Anything, ..own };
        if own != plain && lines.reread(plain, false, fits)? {
            return Ok(Some(Mend::Delimiter));
        }
        for delimiter in b";,\t|".iter().filter(|delimiter| **delimiter != own.delimiter) {
            if lines.reread(Dialect { delimiter: *delimiter, ..plain }, false, fits)? {
                return Ok(Some(Mend::Delimiter));
            }
        }
    }
    Ok(None)
}

/// Moves the cells of a row that has too many or too few to where they fit.
fn shape(lines: &mut Lines<impl Read>, fit: &Fit) -> Result<Outcome> {
    let (count, width) = (lines.record.len(), lines.width);
    if count < width {
        return shorter(lines, fit);
    }
    if count == width {
        return Ok(Outcome::AsItIs);
    }
    if lines.dialect.delimiter == b','
        && let Some(record) = decimals(&lines.record, width, fit)
    {
        lines.replace(record);
        return Ok(Outcome::Mended(Mend::Decimal));
    }
    let plain = fit.judge(lines.record.cells().take(width));
    if count - width > MOST_CELLS {
        return Ok(Outcome::Unread);
    }
    let dropped = without_blanks(lines, fit).map(|record| (fit.record(&record), record, Mend::Blank));
    let joined = joined(lines, fit).map(|record| (fit.record(&record), record, Mend::Delimiters));
    let best = [dropped, joined].into_iter().flatten().max_by_key(|(judged, ..)| judged.good);
    match best {
        Some((judged, record, mend)) if plain.bad > 0 || judged.good > plain.good => {
            lines.replace(record);
            Ok(Outcome::Mended(mend))
        }
        _ if plain.is_certain() => Ok(Outcome::Wider),
        _ => Ok(Outcome::Unread),
    }
}

/// The only way in which the row fits its columns with the commas of its numbers, « 3,5 », that were taken for delimiters: as it
/// stands, a number is in the place of a name, or behind the last column.
pub(super) fn decimals(record: &Record, width: usize, fit: &Fit) -> Option<Record> {
    /// « 3,500 » may be a thousand times as much.
    const PLACES: usize = 2;
    /// So many ways tell that there is no one.
    const MOST_WAYS: usize = 256;
    let cells: Vec<&[u8]> = record.cells().collect();
    let extra = cells.len().checked_sub(width).filter(|extra| (1..=MOST_CELLS).contains(extra))?;
    let are_digits = |cell: &[u8]| !cell.is_empty() && cell.iter().all(u8::is_ascii_digit);
    let is_fraction = |cell: &[u8]| cell.len() <= PLACES && are_digits(cell);
    let plain = || cells.iter().copied().take(width);
    let is_wrong = fit.judge(plain()).bad > 0 || fit.has_number_for_name(plain());
    // Each way by the columns in which a number is put together.
    let mut ways: Vec<(Vec<usize>, usize)> = vec![(Vec::new(), 0)];
    for column in 0..width {
        for (mut joined, at) in std::mem::take(&mut ways) {
            if ways.len() > MOST_WAYS {
                return None;
            }
            let may_join = joined.len() < extra
                && fit.is_number(column)
                && cells.get(at).is_some_and(|cell| are_digits(cell.trim_ascii_start()))
                && cells.get(at + 1).is_some_and(|cell| is_fraction(cell.trim_ascii_end()));
            ways.push((joined.clone(), at + 1));
            if may_join {
                joined.push(column);
                ways.push((joined, at + 2));
            }
        }
    }
    let made = |joined: &[usize]| {
        let mut rest = cells.iter();
        let mut record = Record::default();
        for column in 0..width {
            let Some(cell) = rest.next().copied() else { break };
            match joined.contains(&column).then(|| rest.next().copied()).flatten() {
                Some(fraction) => record.push(&[cell, &b","[..], fraction].concat()),
                None => record.push(cell),
            }
        }
        record
    };
    let fits = |record: &Record| fit.record(record).bad == 0 && !fit.has_number_for_name(record.cells());
    let mut found = ways
        .iter()
        .filter(|(joined, _)| joined.len() == extra && (is_wrong || joined.last() == Some(&(width - 1))))
        .map(|(joined, _)| made(joined))
        .filter(fits);
    found.next().filter(|_| found.next().is_none())
}

/// The only way in which the row fits its columns without as many blank cells as it has too many.
fn without_blanks(lines: &Lines<impl Read>, fit: &Fit) -> Option<Record> {
    let cells: Vec<&[u8]> = lines.record.cells().collect();
    let extra = cells.len().checked_sub(lines.width).filter(|extra| (1..=MOST_CELLS).contains(extra))?;
    let is_blank = |cell: &[u8]| cell.trim_ascii().is_empty();
    let blank = |from: usize| cells[from..].iter().take(extra).filter(|cell| is_blank(cell)).count() == extra;
    let without = |from: usize| cells[..from].iter().chain(&cells[from + extra..]).copied();
    only((0..=cells.len() - extra).filter(|from| blank(*from)).filter_map(|from| {
        let judged = fit.judge(without(from));
        judged.is_certain().then(|| (judged.good, made(without(from))))
    }))
}

/// The only way in which the row fits its columns with one text put together again of the cells that delimiters within it
/// made. The commas of a text stand before a blank, those between cells do not.
fn joined(lines: &Lines<impl Read>, fit: &Fit) -> Option<Record> {
    let cells: Vec<&[u8]> = lines.record.cells().collect();
    let extra = cells.len().checked_sub(lines.width).filter(|extra| (1..=MOST_CELLS).contains(extra))?;
    let is_behind_blank = |cell: &&[u8]| cell.first().is_some_and(|byte| *byte == b' ');
    let ways = (0..lines.width).filter(|from| fit.is_text(*from)).filter_map(|from| {
        let parts = &cells[from..=from + extra];
        if parts.iter().all(|part| part.trim_ascii().is_empty()) {
            return None;
        }
        let whole = parts.join(&[lines.dialect.delimiter][..]);
        let row =
            || cells[..from].iter().copied().chain([whole.as_slice()]).chain(cells[from + extra + 1..].iter().copied());
        let judged = fit.judge(row());
        let blanks = parts[1..].iter().filter(|part| is_behind_blank(part)).count();
        judged.is_certain().then(|| ((judged.good, blanks), made(row())))
    });
    only(ways)
}

/// The best of several ways, where all that are as good say the same.
fn only<K: Ord>(ways: impl Iterator<Item = (K, Record)>) -> Option<Record> {
    let mut best: Option<(K, Record, bool)> = None;
    for (key, record) in ways {
        match &mut best {
            Some((known, ..)) if *known > key => {}
            Some((known, other, is_only)) if *known == key => *is_only &= *other == record,
            _ => best = Some((key, record, true)),
        }
    }
    best.filter(|(.., is_only)| *is_only).map(|(_, record, _)| record)
}

fn made<'c>(cells: impl Iterator<Item = &'c [u8]>) -> Record {
    let mut record = Record::default();
    cells.for_each(|cell| record.push(cell));
    record
}

/// A row with too few cells: the next line may have the others, or a delimiter is missing, or the last columns are.
fn shorter(lines: &mut Lines<impl Read>, fit: &Fit) -> Result<Outcome> {
    let width = lines.width;
    if lines.record.len() > 1
        && let Some((below, used)) = lines.line_below()?
        && lines.record.len() + below.len() == width + 1
        && below.len() > 1
    {
        let mut torn = lines.record.cells().last().unwrap_or_default().to_vec();
        torn.push(b'\n');
        torn.extend_from_slice(below.cells().next().unwrap_or_default());
        let kept = lines.record.len() - 1;
        let whole = made(lines.record.cells().take(kept).chain([torn.as_slice()]).chain(below.cells().skip(1)));
        let torn_off = fit.judge(below.cells());
        if fit.record(&whole).is_certain() && (torn_off.bad > 0 || fit.record(&whole).good > torn_off.good) {
            lines.join(whole, used)?;
            return Ok(Outcome::Mended(Mend::LineBreak));
        }
    }
    let plain = fit.record(&lines.record);
    let missing = width - lines.record.len();
    if plain.bad == 0 || missing > MOST_CELLS {
        return Ok(Outcome::Shorter);
    }
    // The cells behind the one that has the text of two fit farther to the right. That one is to the left of the gap, so that
    // of several places the last one is as good.
    let cells: Vec<&[u8]> = lines.record.cells().collect();
    let gap = vec![&b""[..]; missing];
    let moved = |from: usize| cells[..from].iter().chain(&gap).chain(&cells[from..]).copied();
    let best = (1..cells.len()).map(|from| (fit.judge(moved(from)), from)).filter(|(judged, _)| judged.is_certain());
    match best.max_by_key(|(judged, from)| (judged.good, *from)) {
        Some((_, from)) => {
            let record = made(moved(from));
            lines.replace(record);
            Ok(Outcome::Mended(Mend::Gap))
        }
        None => Ok(Outcome::Shorter),
    }
}

/// How a table is quoted and set apart, where the rules of CSV leave many of its rows uneven and others do not.
pub(super) fn dialect(sample: &[u8], is_whole: bool, plain: Dialect) -> Dialect {
    let variants = [
        plain,
        Dialect { behind: Behind::Blank, ..plain },
        Dialect { quote: b'\'', ..plain },
        Dialect { has_escapes: true, ..plain },
        Dialect { has_escapes: true, is_lazy: true, ..plain },
    ];
    let is_possible = |dialect: &Dialect| {
        let begins = |quote: &[u8]| {
            sample.starts_with(quote) || memchr::memmem::find(sample, &[&[plain.delimiter], quote].concat()).is_some()
        };
        (dialect.behind == Behind::Anything || plain.delimiter == b',' && begins(b" "))
            && (dialect.quote == b'"' || begins(b"'"))
            && (!dialect.has_escapes || memchr::memmem::find(sample, b"\\\"").is_some())
    };
    if is_own(sample, plain) {
        return plain;
    }
    if is_doubled(sample, plain) {
        return Dialect { behind: Behind::Same, ..plain };
    }
    // `max_by_key` keeps the last of equals.
    let possible: Vec<Dialect> = variants.into_iter().filter(is_possible).collect();
    match possible.as_slice() {
        [_] => plain,
        _ => possible.into_iter().rev().max_by_key(|dialect| even(sample, is_whole, *dialect)).unwrap_or(plain),
    }
}

/// Whether the first row is the header of a file that we write.
fn is_own(sample: &[u8], plain: Dialect) -> bool {
    let mut first = Record::default();
    parse(sample, true, plain, &mut first);
    let text = |cell| std::str::from_utf8(cell).unwrap_or("?");
    vocabulary::are_keys(first.cells().map(text))
}

/// Whether the first row has a blank cell between each two others: delimiters are two signs, as in `a||b`.
fn is_doubled(sample: &[u8], plain: Dialect) -> bool {
    let mut first = Record::default();
    let (end, _) = parse(sample, true, plain, &mut first);
    let is_blank = |cell: &[u8]| cell.trim_ascii().is_empty();
    end == End::Clean
        && first.len() >= 5
        && first.len() % 2 == 1
        && first.cells().enumerate().all(|(rank, cell)| is_blank(cell) == (rank % 2 == 1))
}

/// How many cells of a sample stand in rows that have as many as others.
fn even(sample: &[u8], is_whole: bool, dialect: Dialect) -> usize {
    /// More rows say no more.
    const MOST: usize = 200;
    let mut counts: std::collections::BTreeMap<usize, usize> = std::collections::BTreeMap::new();
    let (mut rest, mut record) = (sample, Record::default());
    for _ in 0..MOST {
        if rest.is_empty() {
            break;
        }
        let (end, used) = parse(rest, is_whole, dialect, &mut record);
        if end == End::Cut {
            break;
        }
        if end == End::Clean && record.len() > 1 {
            *counts.entry(record.len()).or_default() += 1;
        }
        rest = &rest[used..];
    }
    // One row is like no other.
    counts.into_iter().filter(|(_, rows)| *rows > 1).map(|(count, rows)| count * rows).max().unwrap_or(0)
}

/// Whether an apostrophe stands before every cell of a sample, as it does before what a spreadsheet is to take for text.
pub(super) fn is_guarded<'c>(rows: impl Iterator<Item = &'c str>) -> bool {
    /// Fewer cells prove nothing.
    const LEAST: usize = 6;
    let (mut cells, mut guarded) = (0, 0);
    for text in rows {
        cells += 1;
        guarded += usize::from(text.starts_with('\'') && (text.len() < 3 || !text.ends_with('\'')));
    }
    cells >= LEAST && guarded == cells
}
