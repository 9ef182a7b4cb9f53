//! The parts of France that the map shows, each in a frame with a scale and a projection of its own.

use std::f64::consts::{FRAC_PI_4, PI};

use super::svg::{Line, tenths, wrapped};
use crate::reference::departments;
use crate::reference::outlines::{Border, borders};

/// Width of the picture, in its own units: a unit is about 1.1 km.
pub(super) const WIDTH: f64 = 1000.0;
/// Height of metropolitan France.
pub(super) const MAINLAND_HEIGHT: f64 = 932.0;
/// Space around metropolitan France.
const MARGIN: f64 = 6.0;

/// The overseas departments, from West to East, then the collectivities.
const OVERSEAS: [&str; 11] = ["971", "972", "973", "974", "976", "975", "977", "978", "986", "987", "988"];
/// Paris and the departments around it.
const PETITE_COURONNE: [&str; 4] = ["75", "92", "93", "94"];

/// The size of a frame overseas.
pub(super) const FRAME: (f64, f64) = (168.0, 156.0);
/// The size of the frame of the Petite couronne.
const COURONNE: (f64, f64) = (206.0, 186.0);
/// Space between a frame and what it shows.
const PADDING: f64 = 12.0;
/// What each line of the name of a frame takes of its height, on a phone too.
pub(super) const NAME_LINE: f64 = 24.0;
/// The space that a character takes in the name of a frame.
const CHARACTER: f64 = 12.8;

/// A place in a frame, in tenths of a unit from its corner.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    pub(super) frame: usize,
    pub(super) x: i32,
    pub(super) y: i32,
}

/// What a frame shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Area {
    Mainland,
    PetiteCouronne,
    Overseas(&'static str),
}

impl Area {
    /// Whether a department lies in it.
    pub(super) fn holds(self, department: &str) -> bool {
        match self {
            Area::Mainland => !OVERSEAS.contains(&department),
            Area::PetiteCouronne => PETITE_COURONNE.contains(&department),
            Area::Overseas(code) => department == code,
        }
    }
}

/// A part of France, how it is projected, and the size at which it is shown.
pub(super) struct Frame {
    pub(super) area: Area,
    /// The lines of its name; none for metropolitan France.
    pub(super) name: Vec<String>,
    pub(super) size: (f64, f64),
    /// South, West, North, East, in thousandths of a degree.
    pub(super) extent: (i32, i32, i32, i32),
    pub(super) scale: f64,
    /// What is taken off a projected point before it is scaled, so that it comes to its place.
    pub(super) origin: (f64, f64),
    /// What is added to it then.
    pub(super) offset: (f64, f64),
}

impl Frame {
    /// The frames of the map; the first is that of metropolitan France.
    pub(super) fn all() -> Vec<Frame> {
        let mainland = Frame::fitted(Area::Mainland, "", (WIDTH, MAINLAND_HEIGHT));
        let couronne = Frame::fitted(Area::PetiteCouronne, "Paris et petite couronne", COURONNE);
        let overseas = OVERSEAS.into_iter().map(|code| {
            let name = departments::by_code(code).map_or("", |department| department.name);
            Frame::fitted(Area::Overseas(code), name, FRAME)
        });
        [mainland, couronne].into_iter().chain(overseas).collect()
    }

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
    pub(super) fn borders(&self) -> impl Iterator<Item = Border> {
        let area = self.area;
        borders().filter(move |border| area.holds(border.left) || border.right.is_some_and(|code| area.holds(code)))
    }

    /// Its height without its name.
    fn shown_height(&self) -> f64 {
        self.size.1 - self.name.len() as f64 * NAME_LINE
    }

    /// The box that points must stay in: left, top, right, bottom.
    pub(super) fn bounds(&self, corner: Option<(f64, f64)>) -> (f64, f64, f64, f64) {
        let (left, top) = corner.unwrap_or_default();
        (left, top, left + self.size.0, top + self.shown_height())
    }

    /// The surface that points can take: they leave most of metropolitan France, and the edges of a frame.
    pub(super) fn room(&self) -> f64 {
        let share = if self.area == Area::Mainland { 0.12 } else { 0.6 };
        self.size.0 * self.shown_height() * share
    }

    /// Whether a point lies in it, in thousandths of a degree.
    pub(super) fn has(&self, latitude: f64, longitude: f64) -> bool {
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
    pub(super) fn project(&self, latitude: f64, longitude: f64) -> (i32, i32) {
        let (x, y) = self.projected(latitude, longitude);
        (
            tenths((x - self.origin.0) * self.scale + self.offset.0),
            tenths((y - self.origin.1) * self.scale + self.offset.1),
        )
    }

    /// A border as it is drawn in this frame.
    pub(super) fn line(&self, border: Border) -> Line {
        border.points().map(|(latitude, longitude)| self.project(f64::from(latitude), f64::from(longitude))).collect()
    }
}
