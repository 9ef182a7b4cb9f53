//! Where the frames of a picture stand, and how large its points are.

use super::frame::{Area, FRAME, Frame, MAINLAND_HEIGHT, Place};
use super::svg::{Tenths, tenths};

/// The space between two frames.
const GAP: f64 = 10.0;
/// Five frames stand under the Pyrénées, then two in the Atlantic; more begin rows of their own.
const FIRST_ROW: f64 = 892.0;
const IN_ROW: usize = 5;
const IN_ATLANTIC: usize = 2;

/// Which frames a picture has, and how its points are drawn.
pub struct Layout {
    /// The corner of each frame that is shown.
    pub(super) corners: Vec<Option<(f64, f64)>>,
    pub(super) height: f64,
    /// How points are drawn on a large screen and on a phone, where there is room for their numbers.
    pub(super) large: Option<Style>,
    pub(super) phone: Option<Style>,
}

impl Layout {
    /// How a picture of these places is laid out: it has the frames that something is in. Points are `numbered` as long as
    /// there is room.
    pub(super) fn of(frames: &[Frame], places: impl Iterator<Item = Place>, numbered: bool) -> Layout {
        let mut counts = vec![0_usize; frames.len()];
        places.for_each(|place| counts[place.frame] += 1);
        let mut corners = vec![None; frames.len()];
        let mut height = MAINLAND_HEIGHT;
        let mut overseas = 0;
        for (rank, frame) in frames.iter().enumerate() {
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
                frames.iter().zip(&counts).all(has_room)
            };
            styles.iter().find(fits).copied().filter(|_| numbered)
        };
        let (large, phone) = (fitting(&LARGE), fitting(&PHONE));
        Layout { corners, height, phone: phone.filter(|_| large.is_some()), large }
    }

    /// Whether points have the numbers of their pôles.
    pub fn is_numbered(&self) -> bool {
        self.large.is_some()
    }

    /// Whether anything stands apart from metropolitan France.
    pub fn has_frames(&self) -> bool {
        self.corners.iter().skip(1).any(Option::is_some)
    }

    /// A place on the picture, in units.
    pub(super) fn at(&self, place: Place) -> (f64, f64) {
        let (left, top) = self.corners[place.frame].unwrap_or_default();
        (left + f64::from(place.x) / 10.0, top + f64::from(place.y) / 10.0)
    }
}

/// How points are drawn.
#[derive(Debug, Clone, Copy)]
pub(super) struct Style {
    pub(super) radius: f64,
    pub(super) gap: f64,
    /// Radius of the dot at the end of a leader line.
    pub(super) foot: f64,
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
    pub(super) fn font(self) -> Tenths {
        Tenths(tenths(self.radius * 1.04))
    }
}
