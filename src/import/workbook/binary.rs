//! What the workbooks of Excel share: formats of numbers, fonts that strike through, shared strings; and of the binary ones: numbers, errors.

use calamine::{CellErrorType, DataRef, ExcelDateTime, ExcelDateTimeType};

use super::damaged;
use super::format::Pattern;
use crate::error::{Error, Result};

/// What a format makes of a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shown {
    Number,
    /// A code, or a number with a unit: the format of that number shows it.
    Pattern(u16),
    Moment,
    Duration,
}

/// The formats of the cells: each cell style names a format by its number, and some are built in.
#[derive(Default)]
pub(super) struct Formats {
    custom: std::collections::BTreeMap<u16, Shown>,
    patterns: std::collections::BTreeMap<u16, Pattern>,
    styles: Vec<u16>,
    /// How many fonts came, and those that strike their text through.
    fonts: usize,
    striking: std::collections::BTreeSet<usize>,
    /// The styles whose text is struck through.
    struck: std::collections::BTreeSet<usize>,
    pub is_1904: bool,
}

impl Formats {
    pub fn custom(&mut self, number: u16, code: &str) {
        let kind = shown(code);
        let pattern = Pattern::of(code).filter(|_| kind == Shown::Number);
        self.custom.insert(number, if pattern.is_some() { Shown::Pattern(number) } else { kind });
        self.patterns.extend(pattern.map(|pattern| (number, pattern)));
    }

    /// A font; all of them come before the styles.
    pub fn font(&mut self) {
        self.fonts += 1;
    }

    /// The font that came last strikes its text through.
    pub fn strike(&mut self) {
        self.striking.extend(self.fonts.checked_sub(1));
    }

    /// A style of cells: the number of its format and the rank of its font.
    pub fn style(&mut self, number: u16, font: usize) {
        if self.striking.contains(&font) {
            self.struck.insert(self.styles.len());
        }
        self.styles.push(number);
    }

    /// Whether a style strikes its text through.
    pub fn is_struck(&self, style: usize) -> bool {
        self.struck.contains(&style)
    }

    /// What a cell of that style shows of a number.
    pub fn shown(&self, style: usize) -> Shown {
        let number = self.styles.get(style).copied().unwrap_or_default();
        self.custom.get(&number).copied().unwrap_or(match number {
            14..=22 | 27..=36 | 45 | 47 | 50..=58 => Shown::Moment,
            46 => Shown::Duration,
            _ => Shown::Number,
        })
    }

    /// A number in a cell of that style.
    pub fn number(&self, value: f64, style: usize) -> DataRef<'static> {
        let moment = |kind| DataRef::DateTime(ExcelDateTime::new(value, kind, self.is_1904));
        match self.shown(style) {
            Shown::Number => DataRef::Float(value),
            Shown::Pattern(number) => {
                let text = self.patterns.get(&number).and_then(|pattern| pattern.shown(value));
                text.map_or(DataRef::Float(value), DataRef::String)
            }
            Shown::Moment => moment(ExcelDateTimeType::DateTime),
            Shown::Duration => moment(ExcelDateTimeType::TimeDelta),
        }
    }
}

/// What the first section of a format code makes of a number: a date when it names a day, a month, a year, or an hour.
fn shown(code: &str) -> Shown {
    let mut letters = code.chars();
    while let Some(letter) = letters.next() {
        match letter.to_ascii_lowercase() {
            // What follows stands for itself.
            '\\' | '_' | '*' => {
                letters.next();
            }
            '"' => while letters.next().is_some_and(|letter| letter != '"') {},
            // A colour, a language, a condition; or hours, minutes, seconds without end.
            '[' => {
                let inner: String = letters.by_ref().take_while(|letter| *letter != ']').collect();
                let is_elapsed = |unit: char| !inner.is_empty() && inner.chars().all(|c| c.eq_ignore_ascii_case(&unit));
                if ['h', 'm', 's'].into_iter().any(is_elapsed) {
                    return Shown::Duration;
                }
            }
            ';' => break,
            'd' | 'm' | 'y' | 'h' | 's' => return Shown::Moment,
            _ => {}
        }
    }
    Shown::Number
}

/// A number in four bytes: the upper half of a float, or an integer, either in hundredths.
pub(super) fn packed(bytes: [u8; 4]) -> f64 {
    let bits = u32::from_le_bytes(bytes);
    let value = if bits & 2 == 0 { f64::from_bits(u64::from(bits & !3) << 32) } else { f64::from(bits as i32 >> 2) };
    if bits & 1 == 0 { value } else { value / 100.0 }
}

/// The error of a formula.
pub(super) fn error(code: u8) -> DataRef<'static> {
    DataRef::Error(match code {
        0x00 => CellErrorType::Null,
        0x07 => CellErrorType::Div0,
        0x0F => CellErrorType::Value,
        0x17 => CellErrorType::Ref,
        0x1D => CellErrorType::Name,
        0x24 => CellErrorType::Num,
        0x2B => CellErrorType::GettingData,
        _ => CellErrorType::NA,
    })
}

/// Bytes of a record, which may be too short for what they ought to hold.
#[derive(Clone, Copy)]
pub(super) struct Bytes<'a>(pub &'a [u8]);

impl<'a> Bytes<'a> {
    pub fn get<const N: usize>(self, at: usize) -> Result<[u8; N]> {
        let bytes = self.0.get(at..at + N).and_then(|bytes| bytes.try_into().ok());
        bytes.ok_or_else(short)
    }

    pub fn from(self, at: usize) -> Result<&'a [u8]> {
        self.0.get(at..).ok_or_else(short)
    }

    pub fn u8(self, at: usize) -> Result<u8> {
        self.get::<1>(at).map(|[byte]| byte)
    }

    pub fn u16(self, at: usize) -> Result<u16> {
        self.get(at).map(u16::from_le_bytes)
    }

    pub fn u32(self, at: usize) -> Result<u32> {
        self.get(at).map(u32::from_le_bytes)
    }

    pub fn f64(self, at: usize) -> Result<f64> {
        self.get(at).map(f64::from_le_bytes)
    }
}

/// The texts that cells share, one after the other: a list of texts would take ten times as much for short ones.
#[derive(Default)]
pub(super) struct Texts {
    all: String,
    ends: Vec<usize>,
}

impl Texts {
    pub fn push(&mut self, text: &str) {
        self.all.push_str(text);
        self.ends.push(self.all.len());
    }

    pub fn get(&self, rank: u32) -> Result<DataRef<'_>> {
        let rank = rank as usize;
        let start = if rank == 0 { Some(&0) } else { self.ends.get(rank - 1) };
        match (start, self.ends.get(rank)) {
            (Some(start), Some(end)) => Ok(DataRef::SharedString(&self.all[*start..*end])),
            _ => Err(damaged("un texte partagé manque", "a shared text is missing")),
        }
    }
}

/// Two bytes a character.
pub(super) fn wide(bytes: &[u8]) -> String {
    encoding_rs::UTF_16LE.decode_without_bom_handling(bytes).0.into_owned()
}

pub(super) fn short() -> Error {
    damaged("un enregistrement est trop court", "a record is too short")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formats_of_dates_are_known() {
        for code in ["dd/mm/yyyy", "[$-40C]d mmmm yyyy;@", "hh:mm", "\"le \"d/m", "jj/mm/aaaa", "yyyy\\-mm\\-dd"] {
            assert_eq!(shown(code), Shown::Moment, "{code}");
        }
        for code in ["General", "@", "0.00", "#,##0\\ \"jours\"", "[Red]0", "0_d", "00000", "0;\"d\"", "# ##0 [$€-40C]"]
        {
            assert_eq!(shown(code), Shown::Number, "{code}");
        }
        for code in ["[h]:mm:ss", "[mm]:ss"] {
            assert_eq!(shown(code), Shown::Duration, "{code}");
        }
    }

    #[test]
    fn packed_numbers_are_unpacked() {
        assert_eq!(packed((5_i32 << 2 | 2).to_le_bytes()), 5.0);
        assert_eq!(packed((-5_i32 << 2 | 2).to_le_bytes()), -5.0);
        assert_eq!(packed((1234_i32 << 2 | 3).to_le_bytes()), 12.34);
        assert_eq!(packed(((1.5_f64.to_bits() >> 32) as u32).to_le_bytes()), 1.5);
    }
}
