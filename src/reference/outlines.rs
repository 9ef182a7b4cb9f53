//! The borders of the departments (IGN, ADMIN EXPRESS COG), as lines for a map.
//!
//! Each border is there once, and two that meet share their point: whoever draws the regions of a year draws the borders
//! whose sides lie in different regions.

use crate::reference::table::Table;
use crate::texts::text;

/// `left department, right department, first point and steps`, in thousandths of a degree, longitude first.
pub(crate) static OUTLINES: Table = Table::new(text!("reference/tables/outlines.tsv"));

/// A line between two departments, or between one and the rest of the world.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Border {
    /// Code of the department on the left.
    pub left: &'static str,
    /// Code of the department on the right; `None` along a coast or a foreign border.
    pub right: Option<&'static str>,
    steps: &'static str,
}

impl Border {
    /// Latitude and longitude of its points (WGS 84, thousandths of a degree), two at least. A border that closes on
    /// itself ends with its first point.
    pub fn points(&self) -> impl Iterator<Item = (i32, i32)> {
        let mut numbers = self.steps.split(' ').filter_map(|number| number.parse::<i32>().ok());
        let (mut latitude, mut longitude) = (0, 0);
        std::iter::from_fn(move || {
            longitude += numbers.next()?;
            latitude += numbers.next()?;
            Some((latitude, longitude))
        })
    }
}

/// All borders, by the codes of their sides. Small islands are left out, but those of the overseas collectivities, whose
/// coasts come from another source (Natural Earth).
///
/// ```
/// use ptce::reference::outlines::borders;
/// assert!(borders().any(|border| (border.left, border.right) == ("2A", Some("2B"))));
/// ```
pub fn borders() -> impl Iterator<Item = Border> {
    OUTLINES.text().lines().filter_map(|row| {
        let mut columns = row.split('\t');
        let (left, right, steps) = (columns.next()?, columns.next()?, columns.next()?);
        Some(Border { left, right: Some(right).filter(|code| !code.is_empty()), steps })
    })
}

/// The middle of the largest island of an overseas collectivity, latitude and longitude in degrees: its communes have no
/// point of their own in any source.
pub(crate) fn middle(collectivity: &str) -> Option<(f64, f64)> {
    let rings = borders().filter(|border| border.left == collectivity && border.right.is_none());
    let middles = rings.map(|border| {
        let points: Vec<(f64, f64)> =
            border.points().map(|(latitude, longitude)| (f64::from(latitude), f64::from(longitude))).collect();
        let (mut area, mut latitude, mut longitude) = (0.0, 0.0, 0.0);
        for pair in points.windows(2) {
            let ((y0, x0), (y1, x1)) = (pair[0], pair[1]);
            let cross = x0 * y1 - x1 * y0;
            area += cross;
            latitude += cross * (y0 + y1);
            longitude += cross * (x0 + x1);
        }
        (area, (latitude / area / 3000.0, longitude / area / 3000.0))
    });
    middles.max_by(|first, second| first.0.total_cmp(&second.0)).map(|(_, middle)| middle)
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use super::*;
    use crate::reference::departments::{DEPARTMENTS, by_code};

    /// Twice the area to the left of a line and of its way back to the origin.
    fn doubled_area(points: &[(i32, i32)]) -> i64 {
        let cross = |a: (i32, i32), b: (i32, i32)| i64::from(a.1) * i64::from(b.0) - i64::from(b.1) * i64::from(a.0);
        points.windows(2).map(|pair| cross(pair[0], pair[1])).sum()
    }

    #[test]
    fn every_row_is_a_border_of_known_departments() {
        assert_eq!(borders().count(), OUTLINES.all().count());
        assert!(OUTLINES.all().is_sorted());
        for border in borders() {
            for code in [Some(border.left), border.right].into_iter().flatten() {
                assert!(by_code(code).is_some(), "{code}");
            }
            assert!(border.right.is_none_or(|right| border.left < right));
            assert!(border.points().count() >= 2 && border.steps.split(' ').count() % 2 == 0);
            for (latitude, longitude) in border.points() {
                assert!((-28_000..51_100).contains(&latitude) && (-178_300..172_100).contains(&longitude));
            }
        }
    }

    #[test]
    fn the_borders_of_each_department_close_around_it() {
        let mut balance: BTreeMap<&str, BTreeMap<(i32, i32), i32>> = BTreeMap::new();
        let mut areas: BTreeMap<&str, i64> = BTreeMap::new();
        for border in borders() {
            let points: Vec<_> = border.points().collect();
            for (code, sign) in [(Some(border.left), 1), (border.right, -1)] {
                let Some(code) = code else { continue };
                // Which way a line goes matters: the department lies on its left.
                *balance.entry(code).or_default().entry(points[0]).or_default() += sign;
                *balance.entry(code).or_default().entry(points[points.len() - 1]).or_default() -= sign;
                *areas.entry(code).or_default() += i64::from(sign) * doubled_area(&points);
            }
        }
        let drawn: BTreeSet<&str> = balance.keys().copied().collect();
        // Nobody lives in the two others.
        let known = DEPARTMENTS.iter().filter(|department| !["984", "989"].contains(&department.code));
        assert_eq!(drawn, known.map(|department| department.code).collect());
        for (code, ends) in balance {
            assert!(ends.values().all(|balance| *balance == 0), "{code}");
        }
        // The Gironde is the largest of metropolitan France, Paris the smallest.
        let area = |code: &str| areas[code] as f64 / 2e6;
        assert!((1.1..1.3).contains(&area("33")), "{}", area("33"));
        assert!((0.011..0.014).contains(&area("75")), "{}", area("75"));
    }

    #[test]
    fn collectivities_have_a_middle() {
        for (code, latitude, longitude) in [
            ("975", 46.9, -56.3),
            ("977", 17.9, -62.8),
            ("978", 18.1, -63.05),
            ("986", -13.3, -176.2),
            ("987", -17.7, -149.4),
            ("988", -21.3, 165.4),
        ] {
            let (south, west) = middle(code).unwrap();
            assert!((south - latitude).abs() < 0.3 && (west - longitude).abs() < 0.5, "{code} {south} {west}");
        }
    }
}
