//! What people write otherwise, and what has two readings: not wrong, but to be told.

use super::{Broken, Defect, broken};
use crate::quality::random::Random;
use crate::quality::world::organisations::{siren, siret};
use crate::quality::world::{Base, Wish, World, department};

const SIREN_AT: &str = "/coordinateur/siren";
const SIRET_AT: &str = "/coordinateur/siret";
const RNA_AT: &str = "/coordinateur/rna";
const POSTAL_CODE: &str = "/adresse/code_postal";

fn base(world: &World, random: &mut Random) -> Base {
    let wish = Wish { profile: Some(ptce::settings::Profile::Laureate), cedex: Some(false), ..Wish::default() };
    let mut base = world.base(random, &wish);
    let number = siren(random);
    base.set(SIREN_AT, number.as_str());
    base.set(SIRET_AT, siret(random, &number));
    base.set(RNA_AT, format!("W46{}", random.digits(7)));
    base
}

macro_rules! written {
    ($code:literal, $($kind:literal, $at:expr => $slip:expr,)*) => {
        &[$(Defect::new($code, $kind, |world, random| {
            let base = base(world, random);
            let slip: fn(&mut Random, &str) -> Option<String> = $slip;
            let text = slip(random, base.text($at)?)?;
            Broken::of(base).put($at, text)
        }),)*]
    };
}

/// The year, month and day of a date.
fn day(date: &str) -> (&str, &str, &str) {
    (&date[..4], &date[5..7], &date[8..])
}

const MONTHS: &[&str] = &[
    "janvier",
    "février",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "août",
    "septembre",
    "octobre",
    "novembre",
    "décembre",
];

const DATE: &str = "/appel/date_annonce";

pub const WRITTEN: &[Defect] = written! {
    "value-understood",
    "SIREN with blanks", SIREN_AT => |random, right| {
        let between = random.pick(&[" ", "\u{a0}", "\u{202f}", ".", "-"]);
        Some([&right[..3], &right[3..6], &right[6..]].join(between))
    },
    "SIREN with its label", SIREN_AT => |random, right| {
        Some(format!("{}{right}", random.pick(&["SIREN ", "SIREN : ", "n° ", "Siren: "])))
    },
    "decimal of a spreadsheet", SIREN_AT => |_, right| Some(format!("{right}.0")),
    "SIRET with blanks", SIRET_AT => |random, right| {
        let between = random.pick(&[" ", "\u{a0}", "\u{202f}", "."]);
        Some([&right[..3], &right[3..6], &right[6..9], &right[9..]].join(between))
    },
    "SIRET with its label", SIRET_AT => |random, right| {
        Some(format!("{}{right}", random.pick(&["SIRET ", "SIRET : ", "n° ", "Siret: "])))
    },
    "RNA with a small w", RNA_AT => |_, right| Some(right.to_lowercase()),
    "RNA with blanks", RNA_AT => |_, right| Some(format!("{} {} {}", &right[..4], &right[4..7], &right[7..])),
    "RNA with its label", RNA_AT => |random, right| {
        Some(format!("{}{right}", random.pick(&["RNA ", "RNA : ", "N° ", "RNA n° "])))
    },
    "country before the postal code", POSTAL_CODE => |random, right| {
        Some(format!("{}{right}", random.pick(&["F-", "FR-", "F ", "F"])))
    },
    "a blank in the postal code", POSTAL_CODE => |random, right| {
        Some(format!("{}{}{}", &right[..2], random.pick(&[" ", "\u{a0}", "."]), &right[2..]))
    },
    "postal code without its zero", POSTAL_CODE => |_, right| right.strip_prefix('0').map(str::to_owned),
    "status", "/appel/statut" => |random, right| {
        (right == "laureat").then(|| (*random.pick(&[&"Lauréat", &"lauréate", &"LAUREAT", &"Lauréat(e)", &"Lauréat·e·s"])).to_owned())
    },
    "kind", "/appel/type" => |random, right| {
        let emergent: &[&str] = &["émergent", "Emergent", "en émergence", "Émergent(e)"];
        let other: &[&str] = &["Consolidation", "consolidé", "à consolider", "consolidés"];
        Some(random.pick(if right == "emergent" { emergent } else { other }).to_owned())
    },
    "day, French way", DATE => |random, right| {
        let (year, month, day) = day(right);
        Some(format!("{day}{0}{month}{0}{year}", random.pick(&["/", "-", "."])))
    },
    "day, short year", DATE => |_, right| {
        let (year, month, day) = day(right);
        Some(format!("{day}/{month}/{}", &year[2..]))
    },
    "day in words", DATE => |_, right| {
        let (year, month, day) = day(right);
        Some(format!("{} {} {year}", day.trim_start_matches('0'), MONTHS[month.parse::<usize>().ok()? - 1]))
    },
    "day and hour", DATE => |random, right| {
        Some(format!("{right}{}", random.pick(&["T00:00:00", " 00:00:00", "T00:00:00.000Z", "T10:30:00"])))
    },
    "site without its beginning", "/site_web" => |_, right| Some(right.strip_prefix("https://")?.to_owned()),
    "site with a wrong beginning", "/site_web" => |random, right| {
        let rest = right.strip_prefix("https://")?;
        Some(format!("{}{rest}", random.pick(&["https:/", "https//", "htps://", "HTTPS://", "https:\\\\", "https:// "])))
    },
};

/// Codes that need a record of their own.
pub const CODES: &[Defect] = &[
    Defect::new("value-understood", "Corsica in small letters", |world, random| {
        let own = world.communes_of(department(random.pick(&["2A", "2B"])));
        let wish = Wish { commune: Some(own[random.below(own.len())]), cedex: Some(false), ..Wish::default() };
        let mut base = world.base(random, &wish);
        base.set("/territoire/departements/0/code", base.department.code);
        broken(base, "/territoire/departements/0/code", str::to_lowercase)
    }),
    Defect::new("value-understood", "department or commune without its zero", |world, random| {
        let own = world.communes_of(department(&format!("0{}", 1 + random.below(9))));
        let wish = Wish { commune: Some(own[random.below(own.len())]), cedex: Some(false), ..Wish::default() };
        let mut base = world.base(random, &wish);
        let at = random.pick(&["/territoire/departements/0/code", "/territoire/communes/0/code_insee"]);
        base.set("/territoire/departements/0/code", base.department.code);
        base.set("/territoire/communes/0/code_insee", base.commune.code);
        broken(base, at, |right| format!("{}{}", &right[1..], random.pick(&["", ".0"])))
    }),
];

pub const AMBIGUOUS: &[Defect] = &[
    Defect::new("ambiguous-value", "an amount", |world, random| {
        let base = base(world, random);
        let (count, mark) = (1 + random.below(300), random.pick(&[".", ","]));
        let text = format!("{count}{mark}{}{}", random.digits(3), random.pick(&["", " €", "€", " euros"]));
        Broken::of(base).put("/appel/montant", text)
    }),
    Defect::new("ambiguous-value", "full-time equivalents", |world, random| {
        let base = base(world, random);
        let (count, mark) = (1 + random.below(30), random.pick(&[".", ","]));
        Broken::of(base).put("/emploi/etp", format!("{count}{mark}{}", random.digits(3)))
    }),
    Defect::new("ambiguous-value", "thousands", |world, random| {
        let base = base(world, random);
        Broken::of(base).put("/appel/montant", format!("{}.500 k€", 1 + random.below(9)))
    }),
];
