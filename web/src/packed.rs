//! The long texts of the library, column by column, so that they pack small: a sorted column as what each cell adds to the one
//! before, codes as their distances, degrees as differences in three rows of bytes. `build.rs` packs, the program unpacks.

/// How a column is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// Its cells, one a line.
    Plain = 0,
    /// How many bytes a cell shares with the one before, and the others.
    Front = 1,
    /// Of codes of five digits the distance from the one before; `=` before any other cell.
    Steps = 2,
    /// Of decimal numbers the difference from the one before in ten-thousandths: the high bytes of all, the middle ones, the low
    /// ones, and the cells that are none.
    Degrees = 3,
}

const WAYS: [Way; 4] = [Way::Plain, Way::Front, Way::Steps, Way::Degrees];
/// Shared bytes are written as one printable sign.
const SIGN: u8 = b'!';
const MOST_SHARED: usize = 90;
/// The high byte of what is no number, and how far a difference goes.
const NO_NUMBER: u8 = 0x80;
const FARTHEST: i32 = 0x7f_0000;

/// Packs a text whose lines have as many cells, separated by tabs, as there are ways.
#[allow(dead_code, reason = "build.rs packs")]
pub fn pack(text: &str, ways: &[Way]) -> Vec<u8> {
    let rows: Vec<Vec<&str>> = text.lines().map(|line| line.splitn(ways.len(), '\t').collect()).collect();
    let mut packed = vec![ways.len() as u8];
    packed.extend((rows.len() as u32).to_le_bytes());
    for (column, way) in ways.iter().enumerate() {
        let cells = rows.iter().map(|row| row.get(column).copied().unwrap_or_default());
        let bytes = match way {
            Way::Plain => joined(cells.map(str::to_owned)),
            Way::Front => front(cells),
            Way::Steps => steps(cells),
            Way::Degrees => degrees(cells),
        };
        packed.push(*way as u8);
        packed.extend((bytes.len() as u32).to_le_bytes());
        packed.extend(bytes);
    }
    packed
}

/// Adds a packed text to a file of several: its name and its bytes, each after its length.
#[allow(dead_code, reason = "build.rs packs")]
pub fn add(file: &mut Vec<u8>, name: &str, packed: &[u8]) {
    for bytes in [name.as_bytes(), packed] {
        file.extend((bytes.len() as u32).to_le_bytes());
        file.extend(bytes);
    }
}

/// The packed text of that name in a file of several.
#[allow(dead_code, reason = "the program looks it up")]
pub fn of_file<'f>(mut file: &'f [u8], name: &str) -> Option<&'f [u8]> {
    let mut next = || {
        let (length, rest) = file.split_first_chunk()?;
        let (bytes, rest) = rest.split_at_checked(u32::from_le_bytes(*length) as usize)?;
        file = rest;
        Some(bytes)
    };
    loop {
        let (known, packed) = (next()?, next()?);
        if known == name.as_bytes() {
            return Some(packed);
        }
    }
}

fn joined(cells: impl Iterator<Item = String>) -> Vec<u8> {
    cells.fold(String::new(), |joined, cell| joined + &cell + "\n").into_bytes()
}

fn front<'c>(cells: impl Iterator<Item = &'c str>) -> Vec<u8> {
    let (mut bytes, mut before) = (Vec::new(), "");
    for cell in cells {
        let mut shared = before.bytes().zip(cell.bytes()).take(MOST_SHARED).take_while(|(a, b)| a == b).count();
        while !cell.is_char_boundary(shared) {
            shared -= 1;
        }
        bytes.push(SIGN + shared as u8);
        bytes.extend(&cell.as_bytes()[shared..]);
        bytes.push(b'\n');
        before = cell;
    }
    bytes
}

fn code(cell: &str) -> Option<i32> {
    (cell.len() == 5 && cell.bytes().all(|byte| byte.is_ascii_digit())).then(|| cell.parse().ok()).flatten()
}

fn steps<'c>(cells: impl Iterator<Item = &'c str>) -> Vec<u8> {
    let mut before = 0;
    joined(cells.map(|cell| match code(cell) {
        Some(code) => {
            let step = code - before;
            before = code;
            step.to_string()
        }
        None => format!("={cell}"),
    }))
}

fn ten_thousandths(cell: &str) -> Option<i32> {
    let number = (cell.parse::<f64>().ok()? * 10_000.0).round() as i32;
    (decimal(number) == cell).then_some(number)
}

fn decimal(number: i32) -> String {
    let (sign, number) = (if number < 0 { "-" } else { "" }, number.unsigned_abs());
    let text = format!("{sign}{}.{:04}", number / 10_000, number % 10_000);
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

fn degrees<'c>(cells: impl Iterator<Item = &'c str>) -> Vec<u8> {
    let (mut rows, mut others, mut before) = ([Vec::new(), Vec::new(), Vec::new()], String::new(), 0);
    for cell in cells {
        let number = ten_thousandths(cell).filter(|number| (number - before).abs() < FARTHEST);
        let [high, middle, low] = match number {
            Some(number) => {
                let [low, middle, high, _] = (number - before).to_le_bytes();
                before = number;
                [high, middle, low]
            }
            None => {
                others.push_str(cell);
                others.push('\n');
                [NO_NUMBER, 0, 0]
            }
        };
        for (row, byte) in rows.iter_mut().zip([high, middle, low]) {
            row.push(byte);
        }
    }
    rows.into_iter().flatten().chain(others.into_bytes()).collect()
}

/// The text that was packed; `None` where the bytes are none.
pub fn unpack(packed: &[u8]) -> Option<String> {
    let (&[columns, a, b, c, d], mut rest) = packed.split_first_chunk::<5>()?;
    let count = u32::from_le_bytes([a, b, c, d]) as usize;
    let mut all = Vec::new();
    for _ in 0..columns {
        let (&[way, a, b, c, d], after) = rest.split_first_chunk::<5>()?;
        let (bytes, after) = after.split_at_checked(u32::from_le_bytes([a, b, c, d]) as usize)?;
        rest = after;
        all.push(Cells {
            way: *WAYS.get(usize::from(way))?,
            bytes,
            count,
            rank: 0,
            at: 0,
            cell: String::new(),
            before: 0,
        });
    }
    let mut text = String::with_capacity(packed.len() * 2);
    for _ in 0..count {
        for (column, cells) in all.iter_mut().enumerate() {
            if column > 0 {
                text.push('\t');
            }
            cells.next(&mut text)?;
        }
        text.push('\n');
    }
    Some(text)
}

/// The cells of a packed column, one after the other.
struct Cells<'p> {
    way: Way,
    bytes: &'p [u8],
    count: usize,
    rank: usize,
    /// Where the next line begins; of degrees, that of the next cell that is no number.
    at: usize,
    cell: String,
    before: i32,
}

impl Cells<'_> {
    fn line(&mut self) -> Option<&str> {
        let rest = self.bytes.get(self.at..)?;
        let end = rest.iter().position(|byte| *byte == b'\n')?;
        self.at += end + 1;
        std::str::from_utf8(&rest[..end]).ok()
    }

    fn next(&mut self, text: &mut String) -> Option<()> {
        match self.way {
            Way::Plain => text.push_str(self.line()?),
            Way::Front => {
                let shared = usize::from(self.bytes.get(self.at)?.checked_sub(SIGN)?);
                self.at += 1;
                let mut cell = std::mem::take(&mut self.cell);
                cell.truncate(shared);
                cell.push_str(self.line()?);
                text.push_str(&cell);
                self.cell = cell;
            }
            Way::Steps => {
                let line = self.line()?;
                match line.strip_prefix('=') {
                    Some(cell) => text.push_str(cell),
                    None => {
                        let step: i32 = line.parse().ok()?;
                        self.before += step;
                        text.push_str(&format!("{:05}", self.before));
                    }
                }
            }
            Way::Degrees => {
                if self.rank == 0 {
                    self.at = self.count * 3;
                }
                let byte = |row: usize| self.bytes.get(row * self.count + self.rank).copied();
                let (high, middle, low) = (byte(0)?, byte(1)?, byte(2)?);
                self.rank += 1;
                if high == NO_NUMBER {
                    text.push_str(self.line()?);
                } else {
                    let sign = if high & 0x80 == 0 { 0 } else { 0xff };
                    self.before += i32::from_le_bytes([low, middle, high, sign]);
                    text.push_str(&decimal(self.before));
                }
            }
        }
        Some(())
    }
}
