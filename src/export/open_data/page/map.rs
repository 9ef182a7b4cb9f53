//! The map of the page: France as lines, the names of its regions, and the pôles as numbered points, in one SVG.
//!
//! What is far away or too small stands in frames of its own, which are there only where a pôle is in them.

use std::collections::BTreeMap;
use std::f64::consts::{FRAC_PI_4, PI};

use super::html::{Html, french, html, push};
use crate::reference::RegionSet;
use crate::reference::departments::{self, Department};
use crate::reference::outlines::{Border, borders};

/// Width of the picture, in its own units: a unit is about 1.1 km.
const WIDTH: f64 = 1000.0;
/// Height of metropolitan France.
const MAINLAND_HEIGHT: f64 = 932.0;
/// Space around metropolitan France.
const MARGIN: f64 = 6.0;

/// The overseas departments, from West to East, then the collectivities.
const OVERSEAS: [&str; 11] = ["971", "972", "973", "974", "976", "975", "977", "978", "986", "987", "988"];
/// Paris and the departments around it.
const PETITE_COURONNE: [&str; 4] = ["75", "92", "93", "94"];

/// The size of a frame overseas, and of that of the Petite couronne.
const FRAME: (f64, f64) = (168.0, 156.0);
const COURONNE: (f64, f64) = (206.0, 186.0);
const GAP: f64 = 10.0;
/// Five frames stand under the Pyrénées, then two in the Atlantic; more begin rows of their own.
const FIRST_ROW: f64 = 892.0;
const IN_ROW: usize = 5;
const IN_ATLANTIC: usize = 2;
/// Space between a frame and what it shows.
const PADDING: f64 = 12.0;
/// What each line of the name of a frame takes of its height, on a phone too.
const NAME_LINE: f64 = 24.0;
/// Characters in a line of the name of a region, and the space that one takes in that of a frame.
const NAME_WIDTH: usize = 13;
const CHARACTER: f64 = 12.8;

/// A pôle to show.
pub(super) struct Mark<'a> {
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

/// A place in a frame, in tenths of a unit from its corner.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Place {
    frame: usize,
    x: i32,
    y: i32,
}

/// Points on the picture, in tenths of a unit.
type Line = Vec<(i32, i32)>;

/// The parts of France that can be shown.
pub(super) struct Map {
    frames: Vec<Frame>,
}

/// What a frame shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Area {
    Mainland,
    PetiteCouronne,
    Overseas(&'static str),
}

struct Frame {
    area: Area,
    /// The lines of its name; none for metropolitan France.
    name: Vec<String>,
    size: (f64, f64),
    /// South, West, North, East, in thousandths of a degree.
    extent: (i32, i32, i32, i32),
    scale: f64,
    /// What is taken off a projected point before it is scaled, so that it comes to its place.
    origin: (f64, f64),
    /// What is added to it then.
    offset: (f64, f64),
}

/// Which frames a picture has, and how its points are drawn.
pub(super) struct Layout {
    /// The corner of each frame that is shown.
    corners: Vec<Option<(f64, f64)>>,
    height: f64,
    /// How points are drawn on a large screen and on a phone, where there is room for their numbers.
    large: Option<Style>,
    phone: Option<Style>,
}

impl Layout {
    /// Whether points have the numbers of their pôles.
    pub fn is_numbered(&self) -> bool {
        self.large.is_some()
    }

    /// Whether anything stands apart from metropolitan France.
    pub fn has_frames(&self) -> bool {
        self.corners.iter().skip(1).any(Option::is_some)
    }

    /// A place on the picture, in units.
    fn at(&self, place: Place) -> (f64, f64) {
        let (left, top) = self.corners[place.frame].unwrap_or_default();
        (left + f64::from(place.x) / 10.0, top + f64::from(place.y) / 10.0)
    }
}

impl Area {
    fn holds(self, department: &str) -> bool {
        match self {
            Area::Mainland => !OVERSEAS.contains(&department),
            Area::PetiteCouronne => PETITE_COURONNE.contains(&department),
            Area::Overseas(code) => department == code,
        }
    }
}

impl Map {
    pub fn new() -> Map {
        let mainland = Frame::fitted(Area::Mainland, "", (WIDTH, MAINLAND_HEIGHT));
        let couronne = Frame::fitted(Area::PetiteCouronne, "Paris et petite couronne", COURONNE);
        let overseas = OVERSEAS.into_iter().map(|code| {
            let name = departments::by_code(code).map_or("", |department| department.name);
            Frame::fitted(Area::Overseas(code), name, FRAME)
        });
        Map { frames: [mainland, couronne].into_iter().chain(overseas).collect() }
    }

    /// The place of a point; `None` where the map shows nothing.
    pub fn place(&self, latitude: f64, longitude: f64) -> Option<Place> {
        let (latitude, longitude) = (latitude * 1000.0, longitude * 1000.0);
        // The Petite couronne is part of the mainland, and seen where it is larger.
        let frame = (0..self.frames.len()).rev().find(|rank| self.frames[*rank].has(latitude, longitude))?;
        let (x, y) = self.frames[frame].project(latitude, longitude);
        Some(Place { frame, x, y })
    }

    /// How a picture of these places is laid out: it has the frames that something is in. Points are `numbered` as long as
    /// there is room.
    pub fn layout(&self, places: impl Iterator<Item = Place>, numbered: bool) -> Layout {
        let mut counts = vec![0_usize; self.frames.len()];
        places.for_each(|place| counts[place.frame] += 1);
        let mut corners = vec![None; self.frames.len()];
        let mut height = MAINLAND_HEIGHT;
        let mut overseas = 0;
        for (rank, frame) in self.frames.iter().enumerate() {
            corners[rank] = match frame.area {
                Area::Mainland => Some((0.0, 0.0)),
                _ if counts[rank] == 0 => None,
                Area::PetiteCouronne => Some((2.0, 2.0)),
                Area::Overseas(_) => {
                    let (column, row) = match overseas {
                        0..IN_ROW => (overseas, 0.0),
                        _ if overseas < IN_ROW + IN_ATLANTIC => (0, -((overseas - IN_ROW + 1) as f64)),
                        _ => {
                            let rest = overseas - IN_ROW - IN_ATLANTIC;
                            (rest % IN_ROW, (rest / IN_ROW + 1) as f64)
                        }
                    };
                    overseas += 1;
                    let corner = (2.0 + column as f64 * (FRAME.0 + GAP), FIRST_ROW + row * (FRAME.1 + GAP));
                    height = height.max(corner.1 + FRAME.1 + 4.0);
                    Some(corner)
                }
            };
        }
        let fitting = |styles: &[Style]| {
            let fits = |style: &&Style| {
                let need = (2.0 * style.radius + style.gap).powi(2);
                let has_room = |(frame, count): (&Frame, &usize)| *count as f64 * need <= frame.room();
                self.frames.iter().zip(&counts).all(has_room)
            };
            styles.iter().find(fits).copied().filter(|_| numbered)
        };
        let (large, phone) = (fitting(&LARGE), fitting(&PHONE));
        Layout { corners, height, phone: phone.filter(|_| large.is_some()), large }
    }

    /// The picture. Without marks it shows `dots`, which lead nowhere.
    pub fn draw(&self, layout: &Layout, marks: &[Mark<'_>], dots: &BTreeMap<(bool, Place), usize>) -> Html {
        let mut out = Html::default();
        html!(out,
            "<svg viewBox=\"0 0 " (WIDTH) " " (layout.height) "\" role=\"group\" aria-labelledby=\"carte-titre\">\n"
            "<g aria-hidden=\"true\">\n"
        );
        self.land(layout, &mut out);
        self.frame_names(layout, &mut out);
        html!(out, "</g>\n");
        if marks.is_empty() {
            html!(out, "<g class=\"semis\" aria-hidden=\"true\">\n");
            let mut circles = Vec::new();
            for ((is_exact, place), count) in dots {
                let class = if *is_exact { "exact" } else { "approx" };
                let ((x, y), radius) = (layout.at(*place), heap_radius(3.0, 0.0, *count));
                html!(out,
                    "<circle class=\"" (class) "\" cx=\"" (Tenths(tenths(x))) "\" cy=\"" (Tenths(tenths(y)))
                    "\" r=\"" (Tenths(tenths(radius))) "\"/>\n"
                );
                circles.push((x, y, radius));
            }
            html!(out, "</g>\n");
            // Above points that lead nowhere, where they can be read.
            self.region_names(&circles, "", &mut out);
        } else if let Some(large) = layout.large {
            // Numbers that can be read on a phone need other discs than those of a large screen.
            let (class, on_phone) = if layout.phone.is_some() { ("points large", "large") } else { ("points", "") };
            self.points(layout, &mut out, marks, large, (class, on_phone));
            if let Some(phone) = layout.phone {
                self.points(layout, &mut out, marks, phone, ("points petit", "petit"));
            }
        } else {
            let heaps = Heap::of(layout, marks);
            let circles: Vec<Circle> = heaps.iter().map(|heap| (heap.x, heap.y, heap.radius)).collect();
            self.region_names(&circles, "", &mut out);
            html!(out, "<g class=\"points n-semis\">\n");
            heaps.iter().for_each(|heap| heap.write(&mut out));
            html!(out, "</g>\n");
        }
        html!(out, "</svg>\n");
        out
    }

    /// The land, and the borders in it: those of regions in both sets, those of 2015 alone, those of departments.
    fn land(&self, layout: &Layout, out: &mut Html) {
        let mut coasts = Vec::new();
        let mut regions = Vec::new();
        let mut former = Vec::new();
        let mut inner = Vec::new();
        for (frame, corner) in self.frames.iter().zip(&layout.corners) {
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

    /// The frames and their names; a thin one shows what the Petite couronne is on the mainland.
    fn frame_names(&self, layout: &Layout, out: &mut Html) {
        for (frame, corner) in self.frames.iter().zip(&layout.corners) {
            let Some((left, top)) = corner.filter(|_| frame.area != Area::Mainland) else { continue };
            let (width, height) = frame.size;
            html!(out, "<rect class=\"cadre\" x=\"" (left) "\" y=\"" (top) "\" width=\"" (width)
                "\" height=\"" (height) "\" rx=\"6\"/>");
            let first = top + height - 9.0 - (frame.name.len().saturating_sub(1) as f64) * NAME_LINE;
            lines(out, "nom", &frame.name, (left + width / 2.0, first), NAME_LINE);
            if frame.area == Area::PetiteCouronne {
                let (south, west, north, east) = frame.extent;
                let at = |latitude, longitude| self.frames[0].project(f64::from(latitude), f64::from(longitude));
                let ((left, top), (right, bottom)) = (at(north, west), at(south, east));
                html!(out, "<rect class=\"cadre\" x=\"" (Tenths(left)) "\" y=\"" (Tenths(top)) "\" width=\""
                    (Tenths(right - left)) "\" height=\"" (Tenths(bottom - top)) "\"/>\n");
            }
        }
    }

    /// The names of the regions of metropolitan France in both sets, where they cover the fewest points; `on` is the class
    /// of the screen that the points are for, both without.
    fn region_names(&self, circles: &[Circle], on: &str, out: &mut Html) {
        let screens: &[(&str, f64)] = &[("large", LARGE_NAME), ("petit", PHONE_NAME)];
        for (screen, size) in screens.iter().filter(|(screen, _)| on.is_empty() || on == *screen) {
            html!(out, "<g class=\"" (screen) "\" aria-hidden=\"true\">\n");
            for (set, shown) in [(RegionSet::Until2015, "si-2015"), (RegionSet::Present, "si-actuelles")] {
                html!(out, "<g class=\"" (shown) "\">\n");
                let mut taken: Vec<Label> = Vec::new();
                for (name, middle) in self.regions(set) {
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
    fn regions(&self, set: RegionSet) -> Vec<(&'static str, (f64, f64))> {
        let frame = &self.frames[0];
        // Twice the area, and six times its first moments, by region.
        let mut sums: BTreeMap<&str, (f64, f64, f64)> = BTreeMap::new();
        for border in borders().filter(|border| frame.area.holds(border.left)) {
            let (left, right) = (region_in(set, border.left), border.right.and_then(|code| region_in(set, code)));
            if left == right {
                continue;
            }
            let line: Vec<(f64, f64)> =
                frame.line(border).into_iter().map(|(x, y)| (f64::from(x) / 10.0, f64::from(y) / 10.0)).collect();
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
        let named = |(code, sums)| Some((crate::reference::regions::by_code(set, code)?.name, middle(sums)));
        sums.into_iter().filter_map(named).collect()
    }

    fn points(&self, layout: &Layout, out: &mut Html, marks: &[Mark<'_>], style: Style, (class, on): (&str, &str)) {
        let places = self.spread(layout, marks, style);
        let circles: Vec<Circle> =
            places.iter().map(|(x, y)| (f64::from(*x) / 10.0, f64::from(*y) / 10.0, style.radius)).collect();
        self.region_names(&circles, on, out);
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
            let class = if mark.is_exact { "exact" } else { "approx" };
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
    fn spread(&self, layout: &Layout, marks: &[Mark<'_>], style: Style) -> Vec<(i32, i32)> {
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
            (ahead_x, ahead_y) =
                (ahead_x * -0.737_369 - ahead_y * 0.675_490, ahead_x * 0.675_490 + ahead_y * -0.737_369);
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
                let (left, top, right, bottom) = self.frames[mark.place.frame].bounds(layout.corners[mark.place.frame]);
                let edge = style.radius + 2.0;
                point.0 = point.0.max(left + edge).min(right - edge);
                point.1 = point.1.max(top + edge).min(bottom - edge);
            }
        }
        points.into_iter().map(|(x, y)| (tenths(x), tenths(y))).collect()
    }
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

    fn write(&self, out: &mut Html) {
        /// As many are named by the title of a point.
        const NAMED: usize = 12;
        let class = if self.is_exact { "exact" } else { "approx" };
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

/// How points are drawn.
#[derive(Debug, Clone, Copy)]
struct Style {
    radius: f64,
    gap: f64,
    /// Radius of the dot at the end of a leader line.
    foot: f64,
}

const fn style(radius: f64, gap: f64, foot: f64) -> Style {
    Style { radius, gap, foot }
}

/// For a large screen, the largest first.
const LARGE: [Style; 3] = [style(18.0, 2.0, 3.0), style(16.0, 2.0, 3.0), style(14.0, 2.0, 2.5)];
/// For a phone: any smaller, and the numbers could not be read.
const PHONE: [Style; 2] = [style(27.0, 3.0, 5.0), style(24.0, 3.0, 5.0)];

impl Style {
    /// The size of the numbers.
    fn font(self) -> Tenths {
        Tenths(tenths(self.radius * 1.04))
    }
}

/// The size of the names of regions on a large screen, and on a phone.
const LARGE_NAME: f64 = 15.0;
const PHONE_NAME: f64 = 26.0;

/// The middle of a point and its radius.
type Circle = (f64, f64, f64);

/// What a name takes of the picture.
struct Label {
    middle: (f64, f64),
    /// Half its width, and half its height.
    half: (f64, f64),
}

impl Label {
    fn meets(&self, (x, y, radius): &Circle) -> bool {
        (x - self.middle.0).abs() < self.half.0 + radius && (y - self.middle.1).abs() < self.half.1 + radius
    }

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

/// A name in lines, cut at its spaces and behind its hyphens.
fn wrapped(name: &str, width: usize) -> Vec<String> {
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
fn lines(out: &mut Html, class: &'static str, name: &[String], (x, y): (f64, f64), leading: f64) {
    html!(out, "<text class=\"" (class) "\">");
    for (line, rank) in name.iter().zip(0_u32..) {
        html!(out, "<tspan x=\"" (Tenths(tenths(x))) "\" y=\"" (Tenths(tenths(y + f64::from(rank) * leading))) "\">"
            (line) "</tspan>");
    }
    html!(out, "</text>\n");
}

/// The code of the region of a department.
fn region_in(set: RegionSet, department: &str) -> Option<&'static str> {
    departments::by_code(department).map(|department: &Department| department.region_in(set))
}

impl Frame {
    /// A frame that shows an area as large as its `size` allows.
    fn fitted(area: Area, name: &str, size: (f64, f64)) -> Frame {
        let mut frame = Frame {
            area,
            name: wrapped(name, (size.0 / CHARACTER) as usize),
            size,
            extent: (i32::MAX, i32::MAX, i32::MIN, i32::MIN),
            scale: 1.0,
            origin: (0.0, 0.0),
            offset: (0.0, 0.0),
        };
        let points: Vec<(i32, i32)> = frame.borders().flat_map(|border| border.points().collect::<Vec<_>>()).collect();
        for (latitude, longitude) in &points {
            let (south, west, north, east) = frame.extent;
            frame.extent = (south.min(*latitude), west.min(*longitude), north.max(*latitude), east.max(*longitude));
        }
        let (mut least, mut most) = ((f64::INFINITY, f64::INFINITY), (f64::NEG_INFINITY, f64::NEG_INFINITY));
        for (latitude, longitude) in points {
            let (x, y) = frame.projected(f64::from(latitude), f64::from(longitude));
            least = (least.0.min(x), least.1.min(y));
            most = (most.0.max(x), most.1.max(y));
        }
        frame.origin = least;
        if area == Area::Mainland {
            frame.scale = (size.0 - 2.0 * MARGIN) / (most.0 - least.0);
            frame.offset = (MARGIN, MARGIN);
            return frame;
        }
        let (width, height) = (size.0 - 2.0 * PADDING, frame.shown_height() - 2.0 * PADDING);
        frame.scale = (width / (most.0 - least.0)).min(height / (most.1 - least.1));
        frame.offset = (
            PADDING + (width - (most.0 - least.0) * frame.scale) / 2.0,
            PADDING + (height - (most.1 - least.1) * frame.scale) / 2.0,
        );
        frame
    }

    /// The borders that lie in its area or around it.
    fn borders(&self) -> impl Iterator<Item = Border> {
        let area = self.area;
        borders().filter(move |border| area.holds(border.left) || border.right.is_some_and(|code| area.holds(code)))
    }

    /// Its height without its name.
    fn shown_height(&self) -> f64 {
        self.size.1 - self.name.len() as f64 * NAME_LINE
    }

    /// The box that points must stay in: left, top, right, bottom.
    fn bounds(&self, corner: Option<(f64, f64)>) -> (f64, f64, f64, f64) {
        let (left, top) = corner.unwrap_or_default();
        (left, top, left + self.size.0, top + self.shown_height())
    }

    /// The surface that points can take: they leave most of metropolitan France, and the edges of a frame.
    fn room(&self) -> f64 {
        let share = if self.area == Area::Mainland { 0.12 } else { 0.6 };
        self.size.0 * self.shown_height() * share
    }

    /// Whether a point lies in it, in thousandths of a degree.
    fn has(&self, latitude: f64, longitude: f64) -> bool {
        // Two kilometres of sea belong to the coast, whose line is simplified.
        const MARGIN: f64 = 20.0;
        let margin = if self.area == Area::PetiteCouronne { 0.0 } else { MARGIN };
        let (south, west, north, east) = self.extent;
        (f64::from(south) - margin..=f64::from(north) + margin).contains(&latitude)
            && (f64::from(west) - margin..=f64::from(east) + margin).contains(&longitude)
            && (self.area != Area::PetiteCouronne || self.surrounds(latitude, longitude))
    }

    /// Whether the borders of its area go around a point: a ray from it meets them an odd number of times.
    fn surrounds(&self, latitude: f64, longitude: f64) -> bool {
        let is_outer =
            |border: &Border| self.area.holds(border.left) != border.right.is_some_and(|code| self.area.holds(code));
        let mut crossings = 0;
        for border in self.borders().filter(is_outer) {
            let points: Vec<(f64, f64)> =
                border.points().map(|(latitude, longitude)| (f64::from(latitude), f64::from(longitude))).collect();
            for pair in points.windows(2) {
                let ((y0, x0), (y1, x1)) = (pair[0], pair[1]);
                let is_met =
                    (y0 > latitude) != (y1 > latitude) && x0 + (latitude - y0) / (y1 - y0) * (x1 - x0) > longitude;
                crossings += usize::from(is_met);
            }
        }
        crossings % 2 == 1
    }

    /// A point on the plane, y downwards: conic for metropolitan France, as on its official maps, else plain, at the
    /// proportions of the place.
    fn projected(&self, latitude: f64, longitude: f64) -> (f64, f64) {
        let (latitude, longitude) = (latitude / 1000.0 * PI / 180.0, longitude / 1000.0 * PI / 180.0);
        if let Area::Overseas(_) = self.area {
            let middle = f64::from(self.extent.0 + self.extent.2) / 2000.0 * PI / 180.0;
            return (longitude * middle.cos(), -latitude);
        }
        // Lambert's conformal conic on a sphere, true at 44° and 49° North, upright at 3° East.
        let (south, north, meridian) = (44.0 * PI / 180.0, 49.0 * PI / 180.0, 3.0 * PI / 180.0);
        let stretch = |latitude: f64| (FRAC_PI_4 + latitude / 2.0).tan();
        let cone = (south.cos() / north.cos()).ln() / (stretch(north) / stretch(south)).ln();
        let radius = south.cos() * stretch(south).powf(cone) / cone / stretch(latitude).powf(cone);
        let angle = cone * (longitude - meridian);
        (radius * angle.sin(), radius * angle.cos())
    }

    /// A point on the picture, in tenths of a unit.
    fn project(&self, latitude: f64, longitude: f64) -> (i32, i32) {
        let (x, y) = self.projected(latitude, longitude);
        (
            tenths((x - self.origin.0) * self.scale + self.offset.0),
            tenths((y - self.origin.1) * self.scale + self.offset.1),
        )
    }

    fn line(&self, border: Border) -> Line {
        border.points().map(|(latitude, longitude)| self.project(f64::from(latitude), f64::from(longitude))).collect()
    }
}

/// Lines put end to end until each is closed, so that the land can be filled.
fn rings(lines: Vec<Line>) -> Vec<Line> {
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

/// Lines as the data of a path, each point told by its way from the last.
fn path(lines: &[Line]) -> String {
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

fn tenths(value: f64) -> i32 {
    (value * 10.0).round() as i32
}

/// A number of tenths, as short as SVG allows: `1.2`, `.5`, `-3`.
struct Tenths(i32);

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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_where_one_expects_them() {
        let map = Map::new();
        let at =
            |latitude, longitude| map.place(latitude, longitude).map(|place| (place.frame, place.x / 10, place.y / 10));
        let frame_of = |area| map.frames.iter().position(|frame| frame.area == area);
        let (brest, lille, nice, bastia) =
            (at(48.39, -4.49).unwrap(), at(50.63, 3.06).unwrap(), at(43.70, 7.27).unwrap(), at(42.70, 9.45).unwrap());
        assert!(brest.1 < 60 && lille.2 < 60 && nice.1 > 780 && bastia.1 > nice.1 && bastia.2 > nice.2);
        assert_eq!([brest.0, lille.0, nice.0, bastia.0], [0; 4]);
        for (place, latitude, longitude) in [
            ("971", 16.0, -61.73),
            ("976", -12.78, 45.23),
            ("975", 46.78, -56.18),
            ("978", 18.07, -63.08),
            ("977", 17.90, -62.83),
            ("988", -22.27, 166.44),
            ("987", -17.54, -149.57),
            ("986", -13.28, -176.18),
        ] {
            let area = frame_of(Area::Overseas(place));
            assert_eq!(at(latitude, longitude).map(|place| place.0), area, "{place}");
        }
        // Saint-Denis, Vincennes; Versailles and Argenteuil lie beside.
        for (latitude, longitude, is_within) in
            [(48.936, 2.357, true), (48.847, 2.439, true), (48.805, 2.120, false), (48.947, 2.247, false)]
        {
            assert_eq!(at(latitude, longitude).unwrap().0 == 1, is_within, "{latitude} {longitude}");
        }
        assert_eq!(at(46.2, 12.0), None, "far in the Alps");
    }

    /// Places all over France.
    fn everywhere(map: &Map) -> Vec<Place> {
        let points = [
            (48.39, -4.49),
            (48.86, 2.35),
            (16.0, -61.73),
            (14.6, -61.0),
            (4.9, -52.3),
            (-21.1, 55.5),
            (-12.78, 45.23),
        ];
        let collectivities =
            [(46.78, -56.18), (17.9, -62.83), (18.07, -63.08), (-13.28, -176.18), (-17.54, -149.57), (-22.27, 166.44)];
        points
            .iter()
            .chain(&collectivities)
            .filter_map(|(latitude, longitude)| map.place(*latitude, *longitude))
            .collect()
    }

    #[test]
    fn the_land_is_closed_and_within_the_picture() {
        let map = Map::new();
        let layout = map.layout(everywhere(&map).into_iter(), true);
        assert!(layout.corners.iter().all(Option::is_some));
        let mut out = Html::default();
        map.land(&layout, &mut out);
        assert_eq!(out.as_str().matches("<path").count(), 4);
        let land = out.as_str().lines().next().unwrap();
        assert_eq!(land.matches('M').count(), land.matches('z').count());
        assert!(land.matches('M').count() > 15, "islands");
        for frame in &map.frames {
            let (width, height) = frame.size;
            for border in frame.borders() {
                for (x, y) in frame.line(border) {
                    // The borders of the Petite couronne end at it.
                    assert!(
                        (0..=tenths(width)).contains(&x) && (0..=tenths(height)).contains(&y),
                        "{} {x} {y}",
                        border.left
                    );
                }
            }
        }
    }

    #[test]
    fn frames_are_there_only_for_what_is_in_them_and_lie_apart() {
        let map = Map::new();
        let alone = map.layout(map.place(48.39, -4.49).into_iter(), true);
        assert!(!alone.has_frames() && alone.height == MAINLAND_HEIGHT);
        let paris = map.layout(map.place(48.86, 2.35).into_iter(), true);
        assert_eq!(paris.corners.iter().flatten().count(), 2);
        let all = map.layout(everywhere(&map).into_iter(), true);
        let boxes: Vec<((f64, f64), (f64, f64))> = map
            .frames
            .iter()
            .zip(&all.corners)
            .skip(1)
            .filter_map(|(frame, corner)| Some(((*corner)?, frame.size)))
            .collect();
        let coast: Vec<(f64, f64)> = map.frames[0]
            .borders()
            .flat_map(|border| map.frames[0].line(border))
            .map(|(x, y)| (f64::from(x) / 10.0, f64::from(y) / 10.0))
            .collect();
        for (rank, ((left, top), (width, height))) in boxes.iter().enumerate() {
            let holds = |x: f64, y: f64| (*left..left + width).contains(&x) && (*top..top + height).contains(&y);
            assert!(!coast.iter().any(|(x, y)| holds(*x, *y)), "frame {rank} lies on the land");
            assert!(left + width <= WIDTH && top + height <= all.height);
            for ((x, y), _) in &boxes[rank + 1..] {
                assert!(!holds(*x, *y), "frame {rank} lies on another");
            }
        }
    }

    #[test]
    fn regions_are_named_where_they_lie() {
        let map = Map::new();
        for (set, count) in [(RegionSet::Present, 13), (RegionSet::Until2015, 22)] {
            let regions = map.regions(set);
            assert_eq!(regions.len(), count);
            let at = |name: &str| regions.iter().find(|region| region.0 == name).unwrap().1;
            assert!(at("Bretagne").0 < at("Pays de la Loire").0 && at("Corse").1 > 800.0);
            assert!(regions.iter().all(|(_, (x, y))| (0.0..WIDTH).contains(x) && (0.0..MAINLAND_HEIGHT).contains(y)));
        }
        assert_eq!(wrapped("Provence-Alpes-Côte d'Azur", NAME_WIDTH), ["Provence-", "Alpes-Côte", "d’Azur"]);
        assert_eq!(wrapped("Île-de-France", NAME_WIDTH), ["Île-de-France"]);
    }

    #[test]
    fn points_of_one_place_are_spread_apart() {
        let map = Map::new();
        let place = map.place(45.76, 4.84).unwrap();
        let island = map.place(-21.1, 55.5).unwrap();
        let marks: Vec<Mark<'_>> = (0..24)
            .map(|rank| Mark {
                number: rank + 1,
                anchor: "x",
                title: String::new(),
                place: if rank % 6 == 0 { island } else { place },
                is_exact: true,
            })
            .collect();
        let layout = map.layout(marks.iter().map(|mark| mark.place), true);
        for style in [layout.large.unwrap(), layout.phone.unwrap()] {
            let points = map.spread(&layout, &marks, style);
            for (rank, first) in points.iter().enumerate() {
                for second in &points[rank + 1..] {
                    let (dx, dy) = (f64::from(first.0 - second.0) / 10.0, f64::from(first.1 - second.1) / 10.0);
                    assert!((dx * dx + dy * dy).sqrt() >= 2.0 * style.radius - 0.2, "{style:?} {first:?} {second:?}");
                }
            }
        }
        // Twenty in Paris leave no room for numbers on a phone, and two hundred anywhere none at all.
        let paris = map.place(48.86, 2.35).unwrap();
        let crowded = map.layout(std::iter::repeat_n(paris, 12), true);
        assert!(crowded.is_numbered() && crowded.phone.is_none());
        assert!(!map.layout(std::iter::repeat_n(place, 200), true).is_numbered());
    }

    #[test]
    fn lines_are_written_short() {
        assert_eq!(path(&[vec![(10, 20), (15, 20), (15, 20), (12, -5), (10, 20)]]), "M1 2l.5 0-.3-2.5z");
        assert_eq!(path(&[vec![(10, 20), (25, 33)]]), "M1 2l1.5 1.3");
        assert_eq!(rings(vec![vec![(0, 0), (1, 0)], vec![(1, 0), (0, 0)]]).len(), 1);
    }
}
