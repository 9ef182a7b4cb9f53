//! Tables embedded as text and searched where they lie: nothing is decoded when the program starts, and what a look-up
//! returns borrows from the program itself.

/// Rows of columns separated by tabs, one a line, in the byte order of their first column, which is the key.
#[derive(Clone, Copy)]
pub(crate) struct Table(pub(crate) &'static str);

impl Table {
    /// The rows of that key, whole.
    pub fn rows(self, key: &str) -> impl Iterator<Item = &'static str> {
        let mut rest = &self.0[self.first_at_least(key)..];
        let key = key.to_owned();
        std::iter::from_fn(move || {
            let (row, after) = rest.split_once('\n')?;
            rest = after;
            row.strip_prefix(key.as_str())?.starts_with('\t').then_some(row)
        })
    }

    /// The first row of that key, without it.
    pub fn row(self, key: &str) -> Option<&'static str> {
        let rest = &self.0[self.first_at_least(key)..];
        let row = rest.split('\n').next()?;
        row.strip_prefix(key)?.strip_prefix('\t')
    }

    /// The rows whose key begins so, whole.
    pub fn starting_with(self, start: &str) -> impl Iterator<Item = &'static str> {
        self.0[self.first_at_least(start)..].lines().take_while(move |row| row.starts_with(start))
    }

    /// All rows, whole.
    #[cfg(test)]
    pub fn all(self) -> impl Iterator<Item = &'static str> {
        self.0.lines()
    }

    /// Where the first row begins whose key is not below `key`.
    fn first_at_least(self, key: &str) -> usize {
        let text = self.0.as_bytes();
        let (mut low, mut high) = (0, text.len());
        // Both ends stand at the beginning of a row; every row before `low` is below the key, none from `high` on is.
        while low < high {
            let middle = low + (high - low) / 2;
            let start = memchr::memrchr(b'\n', &text[low..middle]).map_or(low, |at| low + at + 1);
            let end = memchr::memchr(b'\n', &text[middle..high]).map_or(high, |at| middle + at + 1);
            let row = &text[start..end];
            let row_key = &row[..memchr::memchr(b'\t', row).unwrap_or(row.len())];
            if row_key < key.as_bytes() {
                low = end;
            } else {
                high = start;
            }
        }
        low
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_found_by_their_key() {
        let table = Table("01\ta\n01\tb\n012\tc\n02\td\n9\té\n");
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
        assert_eq!(Table("").row("01"), None);
    }
}
