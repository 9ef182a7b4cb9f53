//! Tables embedded as text and searched where they lie: nothing is decoded when the program starts, and what a look-up
//! returns borrows from the program itself.

use std::sync::OnceLock;

use crate::texts::Text;

/// Rows of columns separated by tabs, one a line, in the byte order of their first column, which is the key.
pub(crate) struct Table {
    text: Text,
    /// Where each row begins; found when the table is asked for the first time.
    starts: OnceLock<Vec<u32>>,
    /// Where the first row of each key of five digits begins, and 0 besides: records ask for no keys as often as for these.
    numbered: OnceLock<Vec<u32>>,
}

impl Table {
    pub const fn new(text: Text) -> Table {
        Table { text, starts: OnceLock::new(), numbered: OnceLock::new() }
    }

    /// The whole table as it is embedded.
    pub fn text(&self) -> &'static str {
        self.text.get()
    }

    /// The rows of that key, whole.
    pub fn rows(&self, key: &str) -> impl Iterator<Item = &'static str> + use<> {
        let mut rest = &self.text()[self.first_at_least(key)..];
        let key = key.to_owned();
        std::iter::from_fn(move || {
            let (row, after) = rest.split_once('\n')?;
            rest = after;
            row.strip_prefix(key.as_str())?.starts_with('\t').then_some(row)
        })
    }

    /// The first row of that key, without it.
    pub fn row(&self, key: &str) -> Option<&'static str> {
        let rest = self.text()[self.first_at_least(key)..].strip_prefix(key)?.strip_prefix('\t')?;
        Some(&rest[..memchr::memchr(b'\n', rest.as_bytes()).unwrap_or(rest.len())])
    }

    /// The rows whose key begins so, whole.
    pub fn starting_with(&self, start: &str) -> impl Iterator<Item = &'static str> {
        self.text()[self.first_at_least(start)..].lines().take_while(move |row| row.starts_with(start))
    }

    /// All rows, whole.
    #[cfg(any(test, all(feature = "lent-texts", target_family = "wasm")))]
    pub fn all(&self) -> impl Iterator<Item = &'static str> {
        self.text().lines()
    }

    /// Where the first row begins whose key is not below `key`.
    fn first_at_least(&self, key: &str) -> usize {
        let text = self.text().as_bytes();
        let starts = self.starts.get_or_init(|| {
            let ends = memchr::memchr_iter(b'\n', text).map(|at| at as u32 + 1);
            std::iter::once(0).chain(ends).take_while(|start| (*start as usize) < text.len()).collect()
        });
        if let Some(number) = number_of(key.as_bytes()) {
            let numbered = self.numbered.get_or_init(|| {
                let mut numbered = vec![0; 100_000];
                for start in starts.iter().rev() {
                    let row = &text[*start as usize..];
                    if let Some(number) = row.get(..5).filter(|_| row.get(5) == Some(&b'\t')).and_then(number_of) {
                        numbered[number] = *start;
                    }
                }
                numbered
            });
            if numbered[number] != 0 {
                return numbered[number] as usize;
            }
        }
        let is_below = |start: &u32| {
            let row = &text[*start as usize..];
            let row_key = &row[..row.iter().position(|byte| *byte == b'\t').unwrap_or(row.len())];
            row_key < key.as_bytes()
        };
        starts.get(starts.partition_point(is_below)).map_or(text.len(), |start| *start as usize)
    }
}

/// The number that a key of five digits is.
fn number_of(key: &[u8]) -> Option<usize> {
    let digit = |number: usize, byte: &u8| byte.is_ascii_digit().then(|| number * 10 + usize::from(byte - b'0'));
    if key.len() == 5 { key.iter().try_fold(0, digit) } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_found_by_their_key() {
        let table = Table::new(Text::new("01\ta\n01\tb\n012\tc\n02\td\n9\té\n"));
        let rows = |key| table.rows(key).collect::<Vec<_>>();
        assert_eq!(rows("01"), ["01\ta", "01\tb"]);
        assert_eq!(rows("012"), ["012\tc"]);
        assert_eq!(rows("02"), ["02\td"]);
        assert_eq!(rows("9"), ["9\té"]);
        for key in ["", "0", "011", "03", "99", "é"] {
            assert_eq!(rows(key), [""; 0], "{key}");
            assert_eq!(table.row(key), None);
        }
        assert_eq!(table.row("01"), Some("a"));
        assert_eq!(Table::new(Text::new("")).row("01"), None);
        let numbered = Table::new(Text::new("01000\ta\n02000\tb\n02000\tc\n2A004\td\n"));
        assert_eq!(["01000", "02000", "2A004"].map(|key| numbered.row(key)), [Some("a"), Some("b"), Some("d")]);
        assert_eq!(numbered.rows("02000").count(), 2);
        assert_eq!(["01001", "0200", "020000"].map(|key| numbered.row(key)), [None; 3]);
    }
}
