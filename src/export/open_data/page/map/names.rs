//! The names on the map: those of the frames, and those of the regions where they cover the fewest points.

use std::collections::BTreeMap;

use super::frame::{Area, Frame, NAME_LINE, WIDTH};
use super::land::region_in;
use super::layout::Layout;
use super::svg::{Tenths, lines, wrapped};
use crate::export::open_data::page::html::{Html, html};
use crate::reference::RegionSet;
use crate::reference::outlines::borders;
use crate::reference::regions::by_code;

/// Characters in a line of the name of a region.
pub(super) const NAME_WIDTH: usize = 13;
/// The size of the names of regions on a large screen, and on a phone.
const LARGE_NAME: f64 = 15.0;
const PHONE_NAME: f64 = 26.0;

/// The frames and their names; a thin one shows what the Petite couronne is on the mainland.
pub(super) fn frame_names(frames: &[Frame], layout: &Layout, out: &mut Html) {
    for (frame, corner) in frames.iter().zip(&layout.corners) {
        let Some((left, top)) = corner.filter(|_| frame.area != Area::Mainland) else { continue };
        let (width, height) = frame.size;
        html!(out, "<rect class=\"cadre\" x=\"" (left) "\" y=\"" (top) "\" width=\"" (width)
            "\" height=\"" (height) "\" rx=\"6\"/>");
        let first = top + height - 9.0 - (frame.name.len().saturating_sub(1) as f64) * NAME_LINE;
        lines(out, "nom", &frame.name, (left + width / 2.0, first), NAME_LINE);
        if frame.area == Area::PetiteCouronne {
            let (south, west, north, east) = frame.extent;
            let at = |latitude, longitude| frames[0].project(f64::from(latitude), f64::from(longitude));
            let ((left, top), (right, bottom)) = (at(north, west), at(south, east));
            html!(out, "<rect class=\"cadre\" x=\"" (Tenths(left)) "\" y=\"" (Tenths(top)) "\" width=\""
                (Tenths(right - left)) "\" height=\"" (Tenths(bottom - top)) "\"/>\n");
        }
    }
}

/// The names of the regions of metropolitan France in both sets, where they cover the fewest points; `on` is the class
/// of the screen that the points are for, both without.
pub(super) fn region_names(mainland: &Frame, circles: &[Circle], on: &str, out: &mut Html) {
    let screens: &[(&str, f64)] = &[("large", LARGE_NAME), ("petit", PHONE_NAME)];
    for (screen, size) in screens.iter().filter(|(screen, _)| on.is_empty() || on == *screen) {
        html!(out, "<g class=\"" (screen) "\" aria-hidden=\"true\">\n");
        for (set, shown) in [(RegionSet::Until2015, "si-2015"), (RegionSet::Present, "si-actuelles")] {
            html!(out, "<g class=\"" (shown) "\">\n");
            let mut taken: Vec<Label> = Vec::new();
            for (name, middle) in regions(mainland, set) {
                let name = wrapped(name, NAME_WIDTH);
                let longest = name.iter().map(|line| line.chars().count()).max().unwrap_or_default();
                let half = (longest as f64 * size * 0.31, name.len() as f64 * size * 0.55);
                let moved = |(dx, dy): (f64, f64)| Label {
                    middle: ((middle.0 + dx).clamp(half.0, WIDTH - half.0), middle.1 + dy),
                    half,
                };
                // Of thousands of points, few are where the name may come to stand.
                let Label { middle: at, half: (width, height) } = moved((0.0, 0.0));
                let reach = Label { middle: at, half: (width + FARTHEST, height + FARTHEST) };
                let near: Vec<&Circle> = circles.iter().filter(|circle| reach.meets(circle)).collect();
                let covered = |way: &(f64, f64)| {
                    let own = moved(*way);
                    let points = near.iter().filter(|circle| own.meets(circle)).count();
                    points + 20 * taken.iter().filter(|other| own.overlaps(other)).count()
                };
                // The nearest of the best.
                let own = moved(ways().min_by_key(covered).unwrap_or_default());
                let first = own.middle.1 - half.1 + size * 0.9;
                lines(out, "region", &name, (own.middle.0, first), size * 1.1);
                taken.push(own);
            }
            html!(out, "</g>\n");
        }
        html!(out, "</g>\n");
    }
}

/// The regions of metropolitan France with the middles of their areas.
pub(super) fn regions(mainland: &Frame, set: RegionSet) -> Vec<(&'static str, (f64, f64))> {
    // Twice the area, and six times its first moments, by region.
    let mut sums: BTreeMap<&str, (f64, f64, f64)> = BTreeMap::new();
    for border in borders().filter(|border| mainland.area.holds(border.left)) {
        let (left, right) = (region_in(set, border.left), border.right.and_then(|code| region_in(set, code)));
        if left == right {
            continue;
        }
        let line: Vec<(f64, f64)> =
            mainland.line(border).into_iter().map(|(x, y)| (f64::from(x) / 10.0, f64::from(y) / 10.0)).collect();
        for pair in line.windows(2) {
            let ((x0, y0), (x1, y1)) = (pair[0], pair[1]);
            let cross = x0 * y1 - x1 * y0;
            for (region, sign) in [(left, 1.0), (right, -1.0)] {
                let Some(region) = region else { continue };
                let sum = sums.entry(region).or_default();
                sum.0 += sign * cross;
                sum.1 += sign * cross * (x0 + x1);
                sum.2 += sign * cross * (y0 + y1);
            }
        }
    }
    let middle = |(area, x, y): (f64, f64, f64)| (x / area / 3.0, y / area / 3.0);
    let named = |(code, sums)| Some((by_code(set, code)?.name, middle(sums)));
    sums.into_iter().filter_map(named).collect()
}

/// The middle of a point and its radius.
pub(super) type Circle = (f64, f64, f64);

/// What a name takes of the picture.
struct Label {
    middle: (f64, f64),
    /// Half its width, and half its height.
    half: (f64, f64),
}

impl Label {
    /// Whether a point is covered by the name.
    fn meets(&self, (x, y, radius): &Circle) -> bool {
        (x - self.middle.0).abs() < self.half.0 + radius && (y - self.middle.1).abs() < self.half.1 + radius
    }

    /// Whether two names cover each other.
    fn overlaps(&self, other: &Label) -> bool {
        (other.middle.0 - self.middle.0).abs() < self.half.0 + other.half.0
            && (other.middle.1 - self.middle.1).abs() < self.half.1 + other.half.1
    }
}

/// How far a name may stand from the middle of its region, each way.
const FARTHEST: f64 = (STEP * STEPS) as f64;
const STEP: i32 = 8;
const STEPS: i32 = 5;

/// Where a name may stand instead of the middle of its region, the nearest first.
fn ways() -> impl Iterator<Item = (f64, f64)> {
    let mut ways: Vec<(i32, i32)> =
        (-STEPS..=STEPS).flat_map(|x| (-STEPS..=STEPS).map(move |y| (x * STEP, y * STEP))).collect();
    ways.sort_by_key(|(x, y)| (x * x + y * y, *y, *x));
    ways.into_iter().map(|(x, y)| (f64::from(x), f64::from(y)))
}
