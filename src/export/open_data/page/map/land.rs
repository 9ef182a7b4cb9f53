//! The land of France, and the borders of its regions and departments.

use std::collections::BTreeMap;

use super::frame::Frame;
use super::layout::Layout;
use super::svg::{Line, path, tenths};
use crate::export::open_data::page::html::{Html, html};
use crate::reference::RegionSet;
use crate::reference::departments::{self, Department};
use crate::reference::outlines::borders;

/// The land, and the borders in it: those of regions in both sets, those of 2015 alone, those of departments.
pub(super) fn land(frames: &[Frame], layout: &Layout, out: &mut Html) {
    let mut coasts = Vec::new();
    let mut regions = Vec::new();
    let mut former = Vec::new();
    let mut inner = Vec::new();
    for (frame, corner) in frames.iter().zip(&layout.corners) {
        let Some((left, top)) = corner else { continue };
        for border in borders() {
            let sides = (frame.area.holds(border.left), border.right.is_some_and(|code| frame.area.holds(code)));
            if sides == (false, false) {
                continue;
            }
            let mut line = frame.line(border);
            for point in &mut line {
                *point = (point.0 + tenths(*left), point.1 + tenths(*top));
            }
            let Some(right) = border.right.filter(|_| sides == (true, true)) else {
                // The land lies on the left of its coast.
                if sides.1 {
                    line.reverse();
                }
                coasts.push(line);
                continue;
            };
            let differs = |set| region_in(set, border.left) != region_in(set, right);
            match (differs(RegionSet::Present), differs(RegionSet::Until2015)) {
                (true, _) => regions.push(line),
                (false, true) => former.push(line),
                (false, false) => inner.push(line),
            }
        }
    }
    for (class, lines) in [("terre", rings(coasts)), ("dep", inner), ("reg reg-2015", former), ("reg", regions)] {
        html!(out, "<path class=\"" (class) "\" d=\"" (path(&lines)) "\"/>\n");
    }
}

/// The code of the region of a department.
pub(super) fn region_in(set: RegionSet, department: &str) -> Option<&'static str> {
    departments::by_code(department).map(|department: &Department| department.region_in(set))
}

/// Lines put end to end until each is closed, so that the land can be filled.
pub(super) fn rings(lines: Vec<Line>) -> Vec<Line> {
    let mut by_start: BTreeMap<(i32, i32), Vec<Line>> = BTreeMap::new();
    for line in lines {
        by_start.entry(line[0]).or_default().push(line);
    }
    let mut rings = Vec::new();
    while let Some(mut first) = by_start.first_entry() {
        let Some(mut ring) = first.get_mut().pop() else {
            first.remove();
            continue;
        };
        while ring.first() != ring.last() {
            let next = ring.last().and_then(|end| by_start.get_mut(end)).and_then(Vec::pop);
            let Some(next) = next else { break };
            ring.extend(&next[1..]);
        }
        rings.push(ring);
    }
    rings
}
