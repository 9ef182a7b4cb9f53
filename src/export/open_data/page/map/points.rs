//! The pôles on the map: as numbered points where there is room, else as points that stand for several.

use std::collections::BTreeMap;

use super::frame::{Frame, Place};
use super::layout::{Layout, Style};
use super::names::{Circle, region_names};
use super::svg::{Tenths, tenths};
use crate::export::open_data::page::html::{Html, html};

/// A pôle to show.
pub struct Mark<'a> {
    /// Its rank in the list.
    pub number: usize,
    /// What the link leads to.
    pub anchor: &'a str,
    /// What the link says.
    pub title: String,
    pub place: Place,
    /// Whether its commune is known.
    pub is_exact: bool,
}

/// Writes the marks with the names of the regions below them.
pub(super) fn marked(frames: &[Frame], layout: &Layout, marks: &[Mark<'_>], out: &mut Html) {
    if let Some(large) = layout.large {
        // Numbers that can be read on a phone need other discs than those of a large screen.
        let (class, on_phone) = if layout.phone.is_some() { ("points large", "large") } else { ("points", "") };
        numbered(frames, layout, out, marks, large, (class, on_phone));
        if let Some(phone) = layout.phone {
            numbered(frames, layout, out, marks, phone, ("points petit", "petit"));
        }
    } else {
        let heaps = Heap::of(layout, marks);
        let circles: Vec<Circle> = heaps.iter().map(|heap| (heap.x, heap.y, heap.radius)).collect();
        region_names(&frames[0], &circles, "", out);
        html!(out, "<g class=\"points n-semis\">\n");
        heaps.iter().for_each(|heap| heap.write(out));
        html!(out, "</g>\n");
    }
}

/// Writes points that lead nowhere, with the names of the regions above them, where they can be read.
pub(super) fn dotted(frames: &[Frame], layout: &Layout, dots: &BTreeMap<(bool, Place), usize>, out: &mut Html) {
    html!(out, "<g class=\"semis\" aria-hidden=\"true\">\n");
    let mut circles = Vec::new();
    for ((is_exact, place), count) in dots {
        let ((x, y), radius) = (layout.at(*place), heap_radius(3.0, 0.0, *count));
        html!(out,
            "<circle class=\"" (class_of(*is_exact)) "\" cx=\"" (Tenths(tenths(x))) "\" cy=\"" (Tenths(tenths(y)))
            "\" r=\"" (Tenths(tenths(radius))) "\"/>\n"
        );
        circles.push((x, y, radius));
    }
    html!(out, "</g>\n");
    region_names(&frames[0], &circles, "", out);
}

/// The class of a point whose place is that of a commune, or of another one.
fn class_of(is_exact: bool) -> &'static str {
    if is_exact { "exact" } else { "approx" }
}

/// Points with the numbers of their pôles, spread apart; `class` is theirs, and `on` that of the screen that they are for.
fn numbered(
    frames: &[Frame],
    layout: &Layout,
    out: &mut Html,
    marks: &[Mark<'_>],
    style: Style,
    (class, on): (&str, &str),
) {
    let places = spread(frames, layout, marks, style);
    let circles: Vec<Circle> =
        places.iter().map(|(x, y)| (f64::from(*x) / 10.0, f64::from(*y) / 10.0, style.radius)).collect();
    region_names(&frames[0], &circles, on, out);
    html!(out, "<g class=\"" (class) "\" font-size=\"" (style.font()) "\">\n<g aria-hidden=\"true\">\n");
    for (mark, (x, y)) in marks.iter().zip(&places) {
        let (own_x, own_y) = layout.at(mark.place);
        let (dx, dy) = (f64::from(*x) / 10.0 - own_x, f64::from(*y) / 10.0 - own_y);
        if dx * dx + dy * dy > style.radius * style.radius {
            let (foot_x, foot_y) = (Tenths(tenths(own_x)), Tenths(tenths(own_y)));
            html!(out, "<path class=\"fil\" data-pole=\"" (mark.anchor) "\" d=\"M" (Tenths(*x)) " " (Tenths(*y))
                "L" (foot_x) " " (foot_y) "\"/><circle class=\"pied\" data-pole=\"" (mark.anchor)
                "\" cx=\"" (foot_x) "\" cy=\"" (foot_y) "\" r=\"" (style.foot) "\"/>\n");
        }
    }
    html!(out, "</g>\n");
    for (mark, (x, y)) in marks.iter().zip(&places) {
        let class = class_of(mark.is_exact);
        html!(out, "<a class=\"" (class) "\" data-pole=\"" (mark.anchor) "\" href=\"#" (mark.anchor)
            "\"><title>" (mark.title) "</title>"
            "<circle cx=\"" (Tenths(*x)) "\" cy=\"" (Tenths(*y)) "\" r=\"" (style.radius) "\"/>");
        html!(out, "<text x=\"" (Tenths(*x)) "\" y=\"" (Tenths(*y)) "\" dy=\".35em\">" (mark.number) "</text></a>\n");
    }
    html!(out, "</g>\n");
}

/// Pushes apart the points that would lie on each other, and draws each back to its place, some hundred times.
///
/// Additions, products and square roots are the same on every machine, so the result is as well.
pub(super) fn spread(frames: &[Frame], layout: &Layout, marks: &[Mark<'_>], style: Style) -> Vec<(i32, i32)> {
    let places: Vec<(f64, f64)> = marks.iter().map(|mark| layout.at(mark.place)).collect();
    let gap = 2.0 * style.radius + style.gap;
    // Points of one place stand around it, so that their lines can be seen to meet there.
    let mut shared: BTreeMap<Place, usize> = BTreeMap::new();
    for mark in marks {
        *shared.entry(mark.place).or_default() += 1;
    }
    let clearance = style.radius + style.foot + 2.0;
    // Points of one place leave it in different directions, those of a sunflower.
    let mut points: Vec<(f64, f64)> = places.clone();
    let (mut ahead_x, mut ahead_y) = (1.0, 0.0);
    for point in &mut points {
        point.0 += ahead_x * 0.1;
        point.1 += ahead_y * 0.1;
        (ahead_x, ahead_y) = (ahead_x * -0.737_369 - ahead_y * 0.675_490, ahead_x * 0.675_490 + ahead_y * -0.737_369);
    }
    const ROUNDS: u32 = 400;
    for round in 0..ROUNDS {
        // The last rounds only push, so that no two points are left on each other.
        let pull = if round < ROUNDS * 3 / 4 { 0.04 } else { 0.0 };
        for (point, place) in points.iter_mut().zip(&places) {
            point.0 += (place.0 - point.0) * pull;
            point.1 += (place.1 - point.1) * pull;
        }
        for first in 0..points.len() {
            for second in first + 1..points.len() {
                if marks[first].place.frame != marks[second].place.frame {
                    continue;
                }
                let (dx, dy) = (points[second].0 - points[first].0, points[second].1 - points[first].1);
                let square = dx * dx + dy * dy;
                if square < gap * gap && square > 0.0 {
                    let distance = square.sqrt();
                    let push = (gap - distance) / 2.0 / distance;
                    points[first].0 -= dx * push;
                    points[first].1 -= dy * push;
                    points[second].0 += dx * push;
                    points[second].1 += dy * push;
                }
            }
        }
        for ((point, place), mark) in points.iter_mut().zip(&places).zip(marks) {
            let (dx, dy) = (point.0 - place.0, point.1 - place.1);
            let distance = (dx * dx + dy * dy).sqrt();
            if shared.get(&mark.place).is_some_and(|count| *count > 1) && distance < clearance && distance > 0.0 {
                point.0 = place.0 + dx / distance * clearance;
                point.1 = place.1 + dy / distance * clearance;
            }
            let (left, top, right, bottom) = frames[mark.place.frame].bounds(layout.corners[mark.place.frame]);
            let edge = style.radius + 2.0;
            point.0 = point.0.max(left + edge).min(right - edge);
            point.1 = point.1.max(top + edge).min(bottom - edge);
        }
    }
    points.into_iter().map(|(x, y)| (tenths(x), tenths(y))).collect()
}

/// The points of many pôles, where there is no room to spread them: those of one place are one, with their number.
struct Heap<'m, 'a> {
    x: f64,
    y: f64,
    radius: f64,
    is_exact: bool,
    marks: Vec<&'m Mark<'a>>,
}

impl<'m, 'a> Heap<'m, 'a> {
    /// The large ones come first and lie below, so that no small one is hidden.
    fn of(layout: &Layout, marks: &'m [Mark<'a>]) -> Vec<Heap<'m, 'a>> {
        let mut places: BTreeMap<(Place, bool), Vec<&Mark<'_>>> = BTreeMap::new();
        for mark in marks {
            places.entry((mark.place, mark.is_exact)).or_default().push(mark);
        }
        let heap = |((place, is_exact), marks): ((Place, bool), Vec<&'m Mark<'a>>)| {
            let (x, y) = layout.at(place);
            Heap { x, y, radius: heap_radius(5.0, 11.0, marks.len()), is_exact, marks }
        };
        let mut heaps: Vec<Heap<'_, '_>> = places.into_iter().map(heap).collect();
        heaps.sort_by_key(|heap| std::cmp::Reverse(heap.marks.len()));
        heaps
    }

    /// Writes the point as a link to the first of its pôles.
    fn write(&self, out: &mut Html) {
        /// As many are named by the title of a point.
        const NAMED: usize = 12;
        let class = class_of(self.is_exact);
        // Each on its line, here and in the title, so that the end of one and the beginning of the next are no name.
        let anchors: Vec<&str> = self.marks.iter().map(|mark| mark.anchor).collect();
        let (x, y) = (Tenths(tenths(self.x)), Tenths(tenths(self.y)));
        html!(out, "<a class=\"" (class) "\" data-poles=\"" (anchors.join("\n")) "\" href=\"#" (anchors[0]) "\"><title>");
        if self.marks.len() > 1 {
            html!(out, (self.marks.len()) " pôles\u{a0}:\n");
        }
        let titles: Vec<&str> = self.marks.iter().take(NAMED).map(|mark| mark.title.as_str()).collect();
        html!(out, (titles.join("\n")));
        if self.marks.len() > NAMED {
            html!(out, "\n…");
        }
        html!(out, "</title><circle cx=\"" (x) "\" cy=\"" (y) "\" r=\"" (Tenths(tenths(self.radius))) "\"/>");
        if self.marks.len() > 1 {
            html!(out, "<text x=\"" (x) "\" y=\"" (y) "\" dy=\".35em\">" (self.marks.len()) "</text>");
        }
        html!(out, "</a>\n");
    }
}

/// The radius of a point that stands for so many: their number shows in its surface. That of several is no smaller than
/// `several`, where it has a number to hold.
fn heap_radius(one: f64, several: f64, count: usize) -> f64 {
    const MOST: f64 = 28.0;
    let least = if count > 1 { several } else { one };
    (one * (count as f64).sqrt()).max(least).min(MOST)
}
