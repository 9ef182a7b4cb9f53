//! SIREN, SIRET, RNA; and what spreadsheets do to them and to other codes.

use super::{Broken, Defect, broken};
use crate::quality::random::{Random, slipped, swapped, with, without};
use crate::quality::world::organisations::{check_digit, has_check_digit, siren, siret};
use crate::quality::world::phones::{number, paired};
use crate::quality::world::{Base, Wish, World, department, remove};

const SIREN_AT: &str = "/coordinateur/siren";
const SIRET_AT: &str = "/coordinateur/siret";
const RNA_AT: &str = "/coordinateur/rna";

/// A record with a SIREN, and most times its SIRET and an RNA.
fn base(world: &World, random: &mut Random) -> Base {
    let mut base = world.base(random, &Wish::default());
    let number = siren(random);
    base.set(SIREN_AT, number.as_str());
    base.set(SIRET_AT, siret(random, &number));
    base.set(RNA_AT, format!("W46{}", random.digits(7)));
    base
}

/// Whether digits pass for a number by chance, be it with a leading zero that would be lost.
fn passes(text: &str, length: usize, siren: &str) -> bool {
    let is_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let padded = format!("0{text}");
    let is_whole = |text: &str| text.len() == length && is_digits(text) && has_check_digit(text);
    // The first nine digits of a SIRET have their own key.
    let is_right = |text: &str| is_whole(text) && (length == 9 || has_check_digit(&text[..9]));
    // The SIRET of another organisation is wrong all the same.
    is_right(text) && (length == 9 || text.starts_with(siren)) || is_right(&padded)
}

macro_rules! numbers {
    ($code:literal, $at:expr, $length:literal, $($kind:literal: $slip:expr,)*) => {
        &[$(Defect::new($code, $kind, |world, random| {
            let base = base(world, random);
            let slip: fn(&mut Random, &str) -> String = $slip;
            let text = slip(random, base.text($at)?);
            let is_right = passes(&text, $length, base.text(SIREN_AT)?);
            Broken::of(base).put($at, text).filter(|_| !is_right)
        }),)*]
    };
}

pub const SIREN: &[Defect] = numbers! {
    "invalid-siren", SIREN_AT, 9,
    "another digit": slipped,
    "two digits swapped": |random, right| swapped(right, random.below(8)),
    "a digit left out": |random, right| without(right, random.below(9)),
    "a digit too many": |random, right| with(right, random.below(9), '4'),
    "letters for digits": |_, right| right.replace('0', "O"),
    "number for value-added tax": |_, right| format!("FR12{right}"),
    "the SIRET": |_, right| format!("{right}0001{}", check_digit(&format!("{right}0001"))),
    "words": |random, _| random.pick(&["cf. statuts", "à la mairie", "RCS Cahors B"]).to_owned(),
    "start of it": |_, right| right[..6].to_owned(),
};

pub const SIRET: &[Defect] = numbers! {
        "invalid-siret", SIRET_AT, 14,
        "another digit": slipped,
        "two digits swapped": |random, right| swapped(right, random.below(13)),
        "a digit left out": |random, right| without(right, random.below(14)),
        "a digit too many": |random, right| with(right, random.below(14), '4'),
        "O for 0": |_, right| right.replace('0', "O"),
        "the SIREN": |_, right| right[..9].to_owned(),
        "of another organisation": |random, _| {
            let other = siren(random);
            siret(random, &other)
        },
        "wrong SIREN in it": |random, right| format!("{}{}", slipped(random, &right[..9]), &right[9..]),
        "words": |random, _| random.pick(&["cf. statuts", "à la mairie", "RCS Cahors B"]).to_owned(),
};

pub const RNA: &[Defect] = numbers! {
    "invalid-rna", RNA_AT, 9,
    "no W": |_, right| right[1..].to_owned(),
    "a digit left out": |random, right| without(right, 1 + random.below(9)),
    "a digit too many": |random, right| with(right, 1 + random.below(9), '4'),
    "O for 0": |_, right| right.replacen('0', "O", 1),
    "the first digits": |_, right| right[..5].to_owned(),
    "words": |random, _| random.pick(&["préfecture du Lot", "association", "JO du 12 mai"]).to_owned(),
    "another letter": |_, right| right.replacen('W', "V", 1),
    "old number of the prefecture": |random, _| format!("0{}/{}", random.digits(3), random.digits(4)),
};

/// As a spreadsheet shows a long number: `9,99164E+13`.
fn scientific(random: &mut Random, digits: &str) -> String {
    let power = digits.len() - 1;
    let decimals = random.pick(&[&2_usize, &5, &4]);
    let sign = random.pick(&[",", "."]);
    let e = random.pick(&["E+", "E+", "e+", "E"]);
    let zero = if power < 10 { "0" } else { "" };
    format!("{}{sign}{}{e}{zero}{power}", &digits[..1], &digits[1..=*decimals])
}

pub const SCIENTIFIC: &[Defect] = &[
    Defect::new("scientific-notation", "SIRET", |world, random| {
        broken(base(world, random), SIRET_AT, |right| scientific(random, right))
    }),
    Defect::new("scientific-notation", "SIREN", |world, random| {
        broken(base(world, random), SIREN_AT, |right| scientific(random, right))
    }),
    Defect::new("scientific-notation", "telephone", |world, random| {
        let mut base = base(world, random);
        base.set("/contacts/0/telephone", number(random));
        broken(base, "/contacts/0/telephone", |right| scientific(random, &format!("33{}", &right[1..])))
    }),
    Defect::new("scientific-notation", "SIRET made a number again", |world, random| {
        let kept = 3 + random.below(4);
        broken(base(world, random), SIRET_AT, |right| format!("{}{}", &right[..kept], "0".repeat(14 - kept)))
    }),
    Defect::new("scientific-notation", "telephone without its country", |world, random| {
        let mut base = base(world, random);
        base.set("/contacts/0/telephone", number(random));
        broken(base, "/contacts/0/telephone", |right| scientific(random, &right[1..]))
    }),
];

/// A record of one of the departments 01 to 09.
fn of_the_first(world: &World, random: &mut Random) -> Base {
    let own = world.communes_of(department(&format!("0{}", 1 + random.below(9))));
    let wish = Wish { commune: Some(own[random.below(own.len())]), cedex: Some(false), ..Wish::default() };
    world.base(random, &wish)
}

fn decimal(random: &mut Random) -> &'static str {
    random.pick(&["", "", "", ".0"])
}

pub const LOST_ZEROS: &[Defect] = &[
    Defect::new("lost-leading-zero", "postal code alone", |world, random| {
        let mut base = of_the_first(world, random);
        remove(&mut base.value, "/adresse/commune");
        remove(&mut base.value, "/territoire/departements");
        broken(base, "/adresse/code_postal", |right| format!("{}{}", &right[1..], decimal(random)))
            .filter(|broken| !broken.record["adresse"]["code_postal"].as_str().unwrap().starts_with('0'))
    })
    .also(&["missing-department"]),
    Defect::new("lost-leading-zero", "region overseas", |world, random| {
        let code = random.pick(&["971", "972", "973", "974", "976"]);
        let own = world.communes_of(department(code));
        let wish = Wish { commune: Some(own[random.below(own.len())]), ..Wish::default() };
        let mut base = world.base(random, &wish);
        base.set("/region/code", base.region.code);
        broken(base, "/region/code", |right| right[1..].to_owned())
    }),
    Defect::new("lost-leading-zero", "telephone", |world, random| {
        let mut base = world.base(random, &Wish::default());
        base.set("/contacts/0/telephone", number(random));
        broken(base, "/contacts/0/telephone", |right| format!("{}{}", &right[1..], decimal(random)))
    }),
    Defect::new("lost-leading-zero", "telephone in pairs", |world, random| {
        let mut base = world.base(random, &Wish::default());
        base.set("/contacts/0/telephone", number(random));
        broken(base, "/contacts/0/telephone", |right| format!("{} {}", &right[1..2], paired(&right[2..], " ")))
    }),
    Defect::new("lost-leading-zero", "SIREN", |world, random| {
        let mut base = world.base(random, &Wish::default());
        let start = format!("0999{}", random.digits(4));
        let number = format!("{start}{}", check_digit(&start));
        base.set(SIREN_AT, number.as_str());
        base.set(SIRET_AT, siret(random, &number));
        broken(base, SIREN_AT, |right| right[1..].to_owned())
    }),
    Defect::new("lost-leading-zero", "SIRET", |world, random| {
        let mut base = world.base(random, &Wish::default());
        let start = format!("0999{}", random.digits(4));
        let number = format!("{start}{}", check_digit(&start));
        base.set(SIREN_AT, number.as_str());
        base.set(SIRET_AT, siret(random, &number));
        broken(base, SIRET_AT, |right| right[1..].to_owned())
    }),
];
