//! Numbers, lines and names as the map writes them, as short as SVG allows.

use crate::export::open_data::page::html::{Html, french, html, push};

/// Points on the picture, in tenths of a unit.
pub(super) type Line = Vec<(i32, i32)>;

/// A name in lines, cut at its spaces and behind its hyphens.
pub(super) fn wrapped(name: &str, width: usize) -> Vec<String> {
    let name = french(name);
    let mut lines: Vec<String> = Vec::new();
    for part in name.split_inclusive(['-', ' ']) {
        match lines.last_mut() {
            Some(line) if line.chars().count() + part.trim_end().chars().count() <= width => line.push_str(part),
            _ => lines.push(part.to_owned()),
        }
    }
    for line in &mut lines {
        line.truncate(line.trim_end().len());
    }
    lines
}

/// Writes a name in lines, the first at `(x, y)`.
pub(super) fn lines(out: &mut Html, class: &'static str, name: &[String], (x, y): (f64, f64), leading: f64) {
    html!(out, "<text class=\"" (class) "\">");
    for (line, rank) in name.iter().zip(0_u32..) {
        html!(out, "<tspan x=\"" (Tenths(tenths(x))) "\" y=\"" (Tenths(tenths(y + f64::from(rank) * leading))) "\">"
            (line) "</tspan>");
    }
    html!(out, "</text>\n");
}

/// Lines as the data of a path, each point told by its way from the last.
pub(super) fn path(lines: &[Line]) -> String {
    let mut out = String::new();
    let number = |out: &mut String, tenths: i32| {
        if tenths >= 0 && out.ends_with(|c: char| c.is_ascii_digit()) {
            out.push(' ');
        }
        push(out, format_args!("{}", Tenths(tenths)));
    };
    for line in lines {
        let (mut x, mut y) = line[0];
        out.push('M');
        number(&mut out, x);
        number(&mut out, y);
        let is_ring = line.first() == line.last();
        let points = &line[1..line.len() - usize::from(is_ring)];
        let mut letter = Some('l');
        for point in points {
            if *point == (x, y) {
                continue;
            }
            out.extend(letter.take());
            number(&mut out, point.0 - x);
            number(&mut out, point.1 - y);
            (x, y) = *point;
        }
        if is_ring {
            out.push('z');
        }
    }
    out
}

/// A length in tenths of a unit.
pub(super) fn tenths(value: f64) -> i32 {
    (value * 10.0).round() as i32
}

/// A number of tenths, as short as SVG allows: `1.2`, `.5`, `-3`.
pub(super) struct Tenths(pub i32);

impl std::fmt::Display for Tenths {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (sign, whole, rest) = (if self.0 < 0 { "-" } else { "" }, self.0.abs() / 10, self.0.abs() % 10);
        match (whole, rest) {
            (whole, 0) => write!(f, "{sign}{whole}"),
            (0, rest) => write!(f, "{sign}.{rest}"),
            (whole, rest) => write!(f, "{sign}{whole}.{rest}"),
        }
    }
}
