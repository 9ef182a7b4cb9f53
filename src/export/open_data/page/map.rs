//! The map of the page: France as lines, the names of its regions, and the pôles as numbered points, in one SVG.
//!
//! What is far away or too small stands in frames of its own, which are there only where a pôle is in them.

mod frame;
mod land;
mod layout;
mod names;
mod points;
mod svg;

use std::collections::BTreeMap;

use super::html::{Html, html};
pub(super) use frame::Place;
use frame::{Frame, WIDTH};
use land::land;
pub(super) use layout::Layout;
use names::frame_names;
pub(super) use points::Mark;
use points::{dotted, marked};

/// The parts of France that can be shown.
pub(super) struct Map {
    frames: Vec<Frame>,
}

impl Map {
    pub fn new() -> Map {
        Map { frames: Frame::all() }
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
        Layout::of(&self.frames, places, numbered)
    }

    /// The picture. Without marks it shows `dots`, which lead nowhere.
    pub fn draw(&self, layout: &Layout, marks: &[Mark<'_>], dots: &BTreeMap<(bool, Place), usize>) -> Html {
        let mut out = Html::default();
        html!(out,
            "<svg viewBox=\"0 0 " (WIDTH) " " (layout.height) "\" role=\"group\" aria-labelledby=\"carte-titre\">\n"
            "<g aria-hidden=\"true\">\n"
        );
        land(&self.frames, layout, &mut out);
        frame_names(&self.frames, layout, &mut out);
        html!(out, "</g>\n");
        match marks.is_empty() {
            true => dotted(&self.frames, layout, dots, &mut out),
            false => marked(&self.frames, layout, marks, &mut out),
        }
        html!(out, "</svg>\n");
        out
    }
}

#[cfg(test)]
mod tests {
    use super::frame::{Area, MAINLAND_HEIGHT};
    use super::land::rings;
    use super::names::{NAME_WIDTH, regions};
    use super::points::spread;
    use super::svg::{path, tenths, wrapped};
    use super::*;
    use crate::reference::RegionSet;

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
        land(&map.frames, &layout, &mut out);
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
            let regions = regions(&map.frames[0], set);
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
            let points = spread(&map.frames, &layout, &marks, style);
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
