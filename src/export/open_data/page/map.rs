//! The map of the page: France as lines, and the pôles as numbered points, in one SVG.

use std::collections::BTreeMap;
use std::f64::consts::{FRAC_PI_4, PI};

use super::html::{Html, html, push};
use crate::reference::RegionSet;
use crate::reference::departments::{self, Department};
use crate::reference::outlines::{Border, borders};

/// Size of the picture, in its own units: a unit is about 1.1 km.
const WIDTH: f64 = 1000.0;
const HEIGHT: f64 = 1052.0;
/// Left and top of metropolitan France, and its width.
const MAINLAND: (f64, f64, f64) = (6.0, 6.0, 988.0);

/// The overseas departments, from West to East, in frames of one size under the Pyrénées.
const OVERSEAS: [&str; 5] = ["971", "972", "973", "974", "976"];
const FRAME: (f64, f64) = (168.0, 156.0);
const FRAMES_LEFT: f64 = 2.0;
const FRAMES_TOP: f64 = 892.0;
const FRAMES_GAP: f64 = 10.0;
/// What the name of the frame takes of its height.
const FRAME_NAME: f64 = 28.0;

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

/// A place on the map, in tenths of a unit, and the frame it lies in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Place {
    frame: usize,
    x: i32,
    y: i32,
}

/// Points on the picture, in tenths of a unit.
type Line = Vec<(i32, i32)>;

/// Where each part of France is drawn.
pub(super) struct Map {
    frames: Vec<Frame>,
}

struct Frame {
    /// Code of the department, for those overseas.
    code: Option<&'static str>,
    /// The box that points must stay in: left, top, right, bottom.
    bounds: (f64, f64, f64, f64),
    /// South, West, North, East, in thousandths of a degree.
    extent: (i32, i32, i32, i32),
    scale: f64,
    /// What is taken off a projected point before it is scaled, so that it comes to its place.
    origin: (f64, f64),
    /// What is added to it then.
    offset: (f64, f64),
}

impl Map {
    pub fn new() -> Map {
        let mut frames =
            vec![Frame::fitted(None, (MAINLAND.0, MAINLAND.1, MAINLAND.0 + MAINLAND.2, f64::INFINITY), 0.0)];
        // Points of the mainland may stand in the sea, but not on the frames.
        frames[0].bounds = (0.0, 0.0, WIDTH, HEIGHT);
        for (rank, code) in OVERSEAS.into_iter().enumerate() {
            let left = FRAMES_LEFT + rank as f64 * (FRAME.0 + FRAMES_GAP);
            let bounds = (left, FRAMES_TOP, left + FRAME.0, FRAMES_TOP + FRAME.1 - FRAME_NAME);
            frames.push(Frame::fitted(Some(code), bounds, 12.0));
        }
        Map { frames }
    }

    /// The place of a point; `None` where the map shows nothing.
    pub fn place(&self, latitude: f64, longitude: f64) -> Option<Place> {
        // Half a kilometre of sea belongs to the coast, whose line is simplified.
        const MARGIN: f64 = 20.0;
        let (latitude, longitude) = (latitude * 1000.0, longitude * 1000.0);
        let frame = self.frames.iter().position(|frame| {
            let (south, west, north, east) = frame.extent;
            (f64::from(south) - MARGIN..f64::from(north) + MARGIN).contains(&latitude)
                && (f64::from(west) - MARGIN..f64::from(east) + MARGIN).contains(&longitude)
        })?;
        let (x, y) = self.frames[frame].project(latitude, longitude);
        Some(Place { frame, x, y })
    }

    /// The picture. Without marks it shows `dots`, which lead nowhere.
    pub fn draw(&self, marks: &[Mark<'_>], dots: &BTreeMap<(bool, Place), usize>) -> Html {
        let mut out = Html::default();
        html!(out,
            "<svg viewBox=\"0 0 " (WIDTH) " " (HEIGHT) "\" role=\"group\" aria-labelledby=\"carte-titre\">\n"
            "<g aria-hidden=\"true\">\n"
        );
        self.land(&mut out);
        self.names(&mut out);
        html!(out, "</g>\n");
        if marks.is_empty() {
            html!(out, "<g class=\"semis\" aria-hidden=\"true\">\n");
            for ((is_exact, place), count) in dots {
                let class = if *is_exact { "exact" } else { "approx" };
                html!(out,
                    "<circle class=\"" (class) "\" cx=\"" (Tenths(place.x)) "\" cy=\"" (Tenths(place.y))
                    "\" r=\"" (heap_radius(4.0, *count)) "\"/>\n"
                );
            }
            html!(out, "</g>\n");
        } else {
            // Numbers that can be read on a phone need other discs than those of a large screen.
            let has_room = marks.len() <= PHONE_LIMIT;
            if marks.len() > NUMBERED_LIMIT {
                heaps(&mut out, marks);
                html!(out, "</svg>\n");
                return out;
            }
            let class = if has_room { "points large" } else { "points" };
            self.points(&mut out, marks, Style::of(marks.len()), class);
            if has_room {
                self.points(&mut out, marks, PHONE, "points petit");
            }
        }
        html!(out, "</svg>\n");
        out
    }

    /// The land, and the borders in it: those of regions in both sets, those of 2015 alone, those of departments.
    fn land(&self, out: &mut Html) {
        let mut coasts = Vec::new();
        let mut regions = Vec::new();
        let mut former = Vec::new();
        let mut inner = Vec::new();
        for border in borders() {
            let Some(frame) = self.frame_of(border) else { continue };
            let line = frame.line(border);
            let Some(right) = border.right else {
                coasts.push(line);
                continue;
            };
            let differs = |set| {
                let region = |code| departments::by_code(code).map(|department: &Department| department.region_in(set));
                region(border.left) != region(right)
            };
            match (differs(RegionSet::Present), differs(RegionSet::Until2015)) {
                (true, _) => regions.push(line),
                (false, true) => former.push(line),
                (false, false) => inner.push(line),
            }
        }
        for (class, lines) in [("terre", rings(coasts)), ("dep", inner), ("reg reg-2015", former), ("reg", regions)] {
            html!(out, "<path class=\"" (class) "\" d=\"" (path(&lines)) "\"/>\n");
        }
    }

    fn frame_of(&self, border: Border) -> Option<&Frame> {
        let is_overseas = OVERSEAS.contains(&border.left);
        self.frames.iter().find(|frame| frame.code == Some(border.left).filter(|_| is_overseas))
    }

    /// The frames of the overseas departments, with their names.
    fn names(&self, out: &mut Html) {
        for frame in &self.frames {
            let Some(name) = frame.code.and_then(departments::by_code).map(|department| department.name) else {
                continue;
            };
            let (left, top, right, _) = frame.bounds;
            html!(out, "<rect class=\"cadre\" x=\"" (left) "\" y=\"" (top) "\" width=\"" (FRAME.0)
                "\" height=\"" (FRAME.1) "\" rx=\"6\"/><text class=\"nom\" x=\"" ((left + right) / 2.0)
                "\" y=\"" (top + FRAME.1 - 11.0) "\">" (name) "</text>\n");
        }
    }

    fn points(&self, out: &mut Html, marks: &[Mark<'_>], style: Style, class: &str) {
        let places = self.spread(marks, style);
        html!(out, "<g class=\"" (class) " " (style.class) "\">\n<g aria-hidden=\"true\">\n");
        for (mark, (x, y)) in marks.iter().zip(&places) {
            let (dx, dy) = (f64::from(x - mark.place.x) / 10.0, f64::from(y - mark.place.y) / 10.0);
            if dx * dx + dy * dy > style.radius * style.radius {
                let (foot_x, foot_y) = (Tenths(mark.place.x), Tenths(mark.place.y));
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
    fn spread(&self, marks: &[Mark<'_>], style: Style) -> Vec<(i32, i32)> {
        let places: Vec<(f64, f64)> =
            marks.iter().map(|mark| (f64::from(mark.place.x) / 10.0, f64::from(mark.place.y) / 10.0)).collect();
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
                let (left, top, right, bottom) = self.frames[mark.place.frame].bounds;
                let edge = style.radius + 2.0;
                point.0 = point.0.max(left + edge).min(right - edge);
                point.1 = point.1.max(top + edge).min(bottom - edge);
            }
        }
        points.into_iter().map(|(x, y)| (tenths(x), tenths(y))).collect()
    }
}

/// The points of many pôles, where there is no room to spread them: those of one place are one, with their number.
fn heaps(out: &mut Html, marks: &[Mark<'_>]) {
    /// As many are named by the title of a point.
    const NAMED: usize = 12;
    let mut places: BTreeMap<(Place, bool), Vec<&Mark<'_>>> = BTreeMap::new();
    for mark in marks {
        places.entry((mark.place, mark.is_exact)).or_default().push(mark);
    }
    html!(out, "<g class=\"points n-semis\">\n");
    // The large ones lie below, so that no small one is hidden.
    let mut places: Vec<_> = places.into_iter().collect();
    places.sort_by_key(|(_, heap)| std::cmp::Reverse(heap.len()));
    for ((place, is_exact), heap) in places {
        let class = if is_exact { "exact" } else { "approx" };
        // Each on its line, here and in the title, so that the end of one and the beginning of the next are no name.
        let anchors: Vec<&str> = heap.iter().map(|mark| mark.anchor).collect();
        let (x, y) = (Tenths(place.x), Tenths(place.y));
        html!(out, "<a class=\"" (class) "\" data-poles=\"" (anchors.join("\n")) "\" href=\"#" (anchors[0]) "\"><title>");
        if heap.len() > 1 {
            html!(out, (heap.len()) " pôles\u{a0}:\n");
        }
        let titles: Vec<&str> = heap.iter().take(NAMED).map(|mark| mark.title.as_str()).collect();
        html!(out, (titles.join("\n")));
        if heap.len() > NAMED {
            html!(out, "\n…");
        }
        html!(out, "</title><circle cx=\"" (x) "\" cy=\"" (y) "\" r=\"" (heap_radius(5.0, heap.len())) "\"/>");
        if heap.len() > 1 {
            html!(out, "<text x=\"" (x) "\" y=\"" (y) "\" dy=\".35em\">" (heap.len()) "</text>");
        }
        html!(out, "</a>\n");
    }
    html!(out, "</g>\n");
}

/// The radius of a point that stands for so many: their number shows in its surface, and its own number has room in it.
fn heap_radius(one: f64, count: usize) -> Tenths {
    const MOST: f64 = 28.0;
    let least = if count > 1 { 9.0_f64.max(one) } else { one };
    Tenths(tenths((one * (count as f64).sqrt()).clamp(least, MOST)))
}

/// How points are drawn.
#[derive(Debug, Clone, Copy)]
struct Style {
    class: &'static str,
    radius: f64,
    gap: f64,
    /// Radius of the dot at the end of a leader line.
    foot: f64,
}

/// For a phone, as long as there is room.
const PHONE: Style = Style { class: "n-tel", radius: 27.0, gap: 3.0, foot: 5.0 };
const PHONE_LIMIT: usize = 40;

/// More points than this have no numbers: there is no room to spread them.
pub(super) const NUMBERED_LIMIT: usize = 150;

impl Style {
    fn of(count: usize) -> Style {
        let numbered = |class, radius| Style { class, radius, gap: 2.0, foot: 2.4 };
        match count {
            0..=60 => numbered("n-60", 14.0),
            _ => numbered("n-150", 11.0),
        }
    }
}

impl Frame {
    /// A frame that shows a department, or without one metropolitan France, as large as `bounds` allow.
    fn fitted(code: Option<&'static str>, bounds: (f64, f64, f64, f64), padding: f64) -> Frame {
        let mut extent = (i32::MAX, i32::MAX, i32::MIN, i32::MIN);
        let mut frame = Frame { code, bounds, extent, scale: 1.0, origin: (0.0, 0.0), offset: (0.0, 0.0) };
        let shown = |border: &Border| code.map_or(!OVERSEAS.contains(&border.left), |code| border.left == code);
        for (latitude, longitude) in borders().filter(shown).flat_map(|border| border.points().collect::<Vec<_>>()) {
            extent.0 = extent.0.min(latitude);
            extent.1 = extent.1.min(longitude);
            extent.2 = extent.2.max(latitude);
            extent.3 = extent.3.max(longitude);
        }
        frame.extent = extent;
        let (mut least, mut most) = ((f64::INFINITY, f64::INFINITY), (f64::NEG_INFINITY, f64::NEG_INFINITY));
        for (latitude, longitude) in borders().filter(shown).flat_map(|border| border.points().collect::<Vec<_>>()) {
            let (x, y) = frame.projected(f64::from(latitude), f64::from(longitude));
            least = (least.0.min(x), least.1.min(y));
            most = (most.0.max(x), most.1.max(y));
        }
        let (left, top, right, bottom) = bounds;
        let (width, height) = (right - left - 2.0 * padding, bottom - top - 2.0 * padding);
        frame.scale = (width / (most.0 - least.0)).min(height / (most.1 - least.1));
        frame.origin = least;
        frame.offset = (left + padding, top + padding);
        if code.is_some() {
            frame.offset.0 += (width - (most.0 - least.0) * frame.scale) / 2.0;
            frame.offset.1 += (height - (most.1 - least.1) * frame.scale) / 2.0;
        }
        frame
    }

    /// A point on the plane, y downwards: conic for metropolitan France, as on its official maps, else plain, at the
    /// proportions of the place.
    fn projected(&self, latitude: f64, longitude: f64) -> (f64, f64) {
        let (latitude, longitude) = (latitude / 1000.0 * PI / 180.0, longitude / 1000.0 * PI / 180.0);
        if self.code.is_some() {
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
        let (brest, lille, nice, bastia) =
            (at(48.39, -4.49).unwrap(), at(50.63, 3.06).unwrap(), at(43.70, 7.27).unwrap(), at(42.70, 9.45).unwrap());
        assert!(brest.1 < 60 && lille.2 < 60 && nice.1 > 780 && bastia.1 > nice.1 && bastia.2 > nice.2);
        assert_eq!([brest.0, lille.0, nice.0, bastia.0], [0; 4]);
        assert_eq!(at(16.0, -61.73).unwrap().0, 1);
        assert_eq!(at(-12.78, 45.23).unwrap().0, 5);
        assert_eq!(at(46.78, -56.18), None, "Saint-Pierre");
    }

    #[test]
    fn the_land_is_closed_and_within_the_picture() {
        let map = Map::new();
        let mut out = Html::default();
        map.land(&mut out);
        assert_eq!(out.as_str().matches("<path").count(), 4);
        let land = out.as_str().lines().next().unwrap();
        assert_eq!(land.matches('M').count(), land.matches('z').count());
        assert!(land.matches('M').count() > 15, "islands");
        for border in borders() {
            let frame = map.frame_of(border).unwrap();
            for (x, y) in frame.line(border) {
                assert!((0..=10_000).contains(&x) && (0..=10_520).contains(&y), "{} {x} {y}", border.left);
            }
        }
    }

    #[test]
    fn points_of_one_place_are_spread_apart() {
        let map = Map::new();
        let place = map.place(48.86, 2.35).unwrap();
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
        for style in [Style::of(marks.len()), PHONE] {
            let points = map.spread(&marks, style);
            for (rank, first) in points.iter().enumerate() {
                for second in &points[rank + 1..] {
                    let (dx, dy) = (f64::from(first.0 - second.0) / 10.0, f64::from(first.1 - second.1) / 10.0);
                    assert!((dx * dx + dy * dy).sqrt() >= 2.0 * style.radius - 0.2, "{style:?} {first:?} {second:?}");
                }
            }
        }
    }

    #[test]
    fn lines_are_written_short() {
        assert_eq!(path(&[vec![(10, 20), (15, 20), (15, 20), (12, -5), (10, 20)]]), "M1 2l.5 0-.3-2.5z");
        assert_eq!(path(&[vec![(10, 20), (25, 33)]]), "M1 2l1.5 1.3");
        assert_eq!(rings(vec![vec![(0, 0), (1, 0)], vec![(1, 0), (0, 0)]]).len(), 1);
    }
}
