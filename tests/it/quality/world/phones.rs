//! Telephone numbers that nobody has, as people write them.

use crate::quality::random::Random;

/// Ten digits of those that Arcep keeps for fiction.
pub fn number(random: &mut Random) -> String {
    let prefix = random.pick(&["019900", "026191", "035301", "046571", "053649", "063998"]);
    format!("{prefix}{}", random.digits(4))
}

/// Digits two by two.
pub fn paired(digits: &str, between: &str) -> String {
    let pairs: Vec<&str> = (0..digits.len()).step_by(2).map(|at| &digits[at..(at + 2).min(digits.len())]).collect();
    pairs.join(between)
}

/// A number as people write it.
pub fn phone(random: &mut Random) -> String {
    let national = number(random);
    let (head, tail) = (&national[1..2], paired(&national[2..], " "));
    match random.below(24) {
        0 => national,
        1 => paired(&national, "."),
        2 => paired(&national, "-"),
        3 => paired(&national, "\u{a0}"),
        4 => paired(&national, "\u{202f}"),
        5 => format!("+33 {head} {tail}"),
        6 => format!("+33{}", &national[1..]),
        7 => format!("+33 (0){head} {tail}"),
        8 => format!("0033 {head} {tail}"),
        9 => format!("(+33) {head} {tail}"),
        10 => format!("33 {head} {tail}"),
        11 => format!("Tél. : {}", paired(&national, " ")),
        12 => format!("{} / {}", paired(&national, " "), paired(&number(random), " ")),
        13 => format!("{} ou {}", paired(&national, "."), paired(&number(random), ".")),
        14 => format!("{} (standard)", paired(&national, " ")),
        15 => random
            .pick(&[
                "+262 262 12 34 56",
                "0262 12 34 56",
                "+687 26 12 34",
                "+689 40 12 34 56",
                "+681 72 12 34",
                "+32 2 123 45 67",
                "+41 22 123 45 67",
                "3949",
                "1044",
                "118 712",
                "112",
                "0800 12 34 56",
            ])
            .to_owned(),
        16 => format!("{}–{}", paired(&national[..6], "–"), paired(&national[6..], "–")),
        17 => format!("{} {}", &national[..4], paired(&national[4..], " ")),
        _ => paired(&national, " "),
    }
}
