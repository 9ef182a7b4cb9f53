//! HTML written so that nothing of the data can become markup, and French set as a printer would.

use std::fmt::{self, Display, Write};

use serde_json::Number;

use crate::text::visible::acts;

/// A piece of HTML on its way.
#[derive(Debug, Default)]
pub(crate) struct Html(String);

/// Writes into an [`Html`]: literals are markup, values in parentheses are text and escaped, values in brackets are
/// pieces of HTML. Only a literal can be markup: a value of the data cannot, by its type.
macro_rules! html {
    ($out:expr $(,)?) => {};
    ($out:expr, $markup:literal $($rest:tt)*) => {{
        $out.markup($markup);
        $crate::export::open_data::page::html::html!($out, $($rest)*);
    }};
    ($out:expr, ($text:expr) $($rest:tt)*) => {{
        $out.text(&$text);
        $crate::export::open_data::page::html::html!($out, $($rest)*);
    }};
    ($out:expr, [$piece:expr] $($rest:tt)*) => {{
        $out.piece(&$piece);
        $crate::export::open_data::page::html::html!($out, $($rest)*);
    }};
}
pub(crate) use html;

impl Html {
    /// A file of the program: its style, its script. It is on the page as it stands, for its hash to hold.
    pub fn of_file(text: &'static str) -> Html {
        Html(text.to_owned())
    }

    /// JSON for a script block: no text in it can end the block.
    pub fn of_json(value: &serde_json::Value) -> Html {
        let mut out = String::new();
        for c in value.to_string().chars() {
            match c {
                c if matches!(c, '<' | '>' | '&') || acts(c) => push(&mut out, format_args!("\\u{:04x}", c as u32)),
                c => out.push(c),
            }
        }
        Html(out)
    }

    pub fn markup(&mut self, markup: &'static str) {
        self.0.push_str(markup);
    }

    pub fn text(&mut self, text: &dyn Display) {
        push(&mut Escaped(&mut self.0), format_args!("{text}"));
    }

    pub fn piece(&mut self, piece: &Html) {
        self.0.push_str(&piece.0);
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub fn clear(&mut self) {
        self.0.clear();
    }
}

/// Adds to a text, which never fails.
pub(super) fn push(out: &mut dyn Write, text: fmt::Arguments<'_>) {
    let _ = out.write_fmt(text);
}

struct Escaped<'a>(&'a mut String);

impl Write for Escaped<'_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        for c in text.chars() {
            match c {
                '&' => self.0.push_str("&amp;"),
                '<' => self.0.push_str("&lt;"),
                '>' => self.0.push_str("&gt;"),
                '"' => self.0.push_str("&quot;"),
                '\'' => self.0.push_str("&#39;"),
                // What HTML forbids even as a reference, and what would turn the text behind it around.
                c if acts(c) && !matches!(c, '\n' | '\t' | '\r') => self.0.push('\u{fffd}'),
                c => self.0.push(c),
            }
        }
        Ok(())
    }
}

/// A text with the apostrophes and the no-break spaces of French. What it says is not touched.
pub(super) fn french(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    let mut characters = text.chars().peekable();
    let mut last = ' ';
    while let Some(c) = characters.next() {
        let next = characters.peek().copied();
        let set = match (c, next) {
            ('\'', Some(next)) if last.is_alphabetic() && (next.is_alphabetic() || next == '«') => '’',
            (' ', Some(';' | ':' | '?' | '!' | '»' | '%' | '€')) => '\u{a0}',
            (' ', _) if last == '«' => '\u{a0}',
            (' ', Some(next)) if last == '°' && next.is_ascii_digit() => '\u{a0}',
            _ => c,
        };
        out.push(set);
        last = c;
    }
    out
}

/// A whole number with its thousands apart: `1 200 000`.
pub(super) fn thousands(number: u64) -> String {
    grouped(&number.to_string(), 3)
}

/// A number of a record as French writes it: `1 234,5`.
pub(super) fn decimal(number: &Number) -> String {
    let text = number.to_string();
    if !text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.' || byte == b'-') {
        return text.replace('.', ",");
    }
    let (sign, digits) = text.strip_prefix('-').map_or(("", text.as_str()), |digits| ("−", digits));
    match digits.split_once('.') {
        None | Some((_, "0")) => {
            let (whole, _) = digits.split_once('.').unwrap_or((digits, ""));
            format!("{sign}{}", grouped(whole, 3))
        }
        Some((whole, fraction)) => format!("{sign}{},{fraction}", grouped(whole, 3)),
    }
}

/// A sum of money: `1 200 000 €`, with cents only where there are some.
pub(super) fn euros(amount: f64) -> String {
    let cents = (amount * 100.0).round() as u64;
    match cents % 100 {
        0 => format!("{}\u{a0}€", thousands(cents / 100)),
        rest => format!("{},{rest:02}\u{a0}€", thousands(cents / 100)),
    }
}

/// The size of a file: `512 octets`, `12 ko`, `1,4 Mo`.
pub(super) fn size(bytes: u64) -> String {
    let tenths = |unit: u64| (bytes * 10 + unit / 2) / unit;
    match bytes {
        0 | 1 => format!("{bytes}\u{a0}octet"),
        2..1_000 => format!("{bytes}\u{a0}octets"),
        1_000..1_000_000 => format!("{}\u{a0}ko", thousands((bytes + 500) / 1_000)),
        _ => format!("{},{}\u{a0}Mo", thousands(tenths(1_000_000) / 10), tenths(1_000_000) % 10),
    }
}

/// A SIREN or a SIRET in groups of three digits, any other text as it is.
pub(super) fn sirene(number: &str) -> String {
    if !number.bytes().all(|byte| byte.is_ascii_digit()) || !matches!(number.len(), 9 | 14) {
        return number.to_owned();
    }
    let (siren, nic) = number.split_at(9);
    let siren = grouped(siren, 3);
    if nic.is_empty() { siren } else { format!("{siren}\u{202f}{nic}") }
}

/// Digits in groups, from the right.
fn grouped(digits: &str, size: usize) -> String {
    let mut out = String::new();
    for (rank, c) in digits.chars().enumerate() {
        if rank > 0 && (digits.len() - rank).is_multiple_of(size) {
            out.push('\u{202f}');
        }
        out.push(c);
    }
    out
}

/// `1 pôle`, `12 pôles`.
pub(super) fn count(number: usize, one: &str, many: &str) -> String {
    format!("{}\u{a0}{}", thousands(number as u64), if number < 2 { one } else { many })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_never_markup() {
        let mut out = Html::default();
        let hostile = "<script>alert(1)</script>\" onload='x' & \u{1}";
        html!(out, "<p title=\"" (hostile) "\">" (12) "</p>");
        assert_eq!(
            out.as_str(),
            "<p title=\"&lt;script&gt;alert(1)&lt;/script&gt;&quot; onload=&#39;x&#39; &amp; \u{fffd}\">12</p>"
        );
        let json = Html::of_json(&serde_json::json!({ "a": "</script><!-- & \u{2028}" }));
        assert_eq!(json.as_str(), "{\"a\":\"\\u003c/script\\u003e\\u003c!-- \\u0026 \\u2028\"}");
    }

    #[test]
    fn french_is_set_with_care() {
        assert_eq!(french("L'atelier : « bois » !"), "L’atelier\u{a0}: «\u{a0}bois\u{a0}»\u{a0}!");
        assert_eq!(french("'x' 12' a:b"), "'x' 12' a:b");
        assert_eq!(french("n° 4"), "n°\u{a0}4");
        assert_eq!(thousands(1_200_000), "1\u{202f}200\u{202f}000");
        let number = |text: &str| decimal(&serde_json::from_str(text).unwrap());
        assert_eq!(number("1234.5"), "1\u{202f}234,5");
        assert_eq!(number("12.0"), "12");
        assert_eq!(number("-3"), "−3");
        assert_eq!(number("1e300"), "1e+300");
        assert_eq!(euros(1_200_000.0), "1\u{202f}200\u{202f}000\u{a0}€");
        assert_eq!(euros(12.5), "12,50\u{a0}€");
        assert_eq!(
            [size(1), size(999), size(1_499), size(1_450_000)].join(" "),
            "1\u{a0}octet 999\u{a0}octets 1\u{a0}ko 1,5\u{a0}Mo"
        );
        assert_eq!(sirene("12345678900012"), "123\u{202f}456\u{202f}789\u{202f}00012");
        assert_eq!(sirene("W123456789"), "W123456789");
        assert_eq!(count(1, "pôle", "pôles"), "1\u{a0}pôle");
    }
}
