//! What is said of a number of the register Sirene of which all digits are there.

use crate::finding::{Confidence, Level};
use crate::language::Phrase;
use crate::reading::sirene::Slip;
use crate::rules::Problem;

/// Of a number all digits of which are right.
const DRESSED: Phrase = Phrase {
    fr: "« {value} » s’écrit {suggestion}, sans rien d’autre que ses chiffres.",
    en: "“{value}” is written {suggestion}, with nothing but its digits.",
};

/// Suggests the number that all digits are there of.
pub(super) fn with_repair(problem: Problem, slip: Slip) -> Problem {
    match slip {
        Slip::Dress(right) => problem.suggest(right, Confidence::High).with_level(Level::Warning).saying(DRESSED),
        Slip::Letters(right) => problem.suggest(right, Confidence::High),
    }
}
