//! Mailboxes and telephone numbers.

use super::{Broken, Defect, broken};
use crate::quality::random::{Random, changed, swapped, with, without};
use crate::quality::world::mail::{DOMAINS, mailbox};
use crate::quality::world::phones::{number, paired};
use crate::quality::world::{Base, Wish, World};

const EMAIL: &str = "/contacts/0/courriel";
const PHONE: &str = "/contacts/0/telephone";

const SERVICES: &[&str] = &[
    "gmail.com",
    "orange.fr",
    "wanadoo.fr",
    "laposte.net",
    "hotmail.fr",
    "hotmail.com",
    "outlook.fr",
    "outlook.com",
    "yahoo.fr",
    "yahoo.com",
    "icloud.com",
    "protonmail.com",
    "free.fr",
];

/// A record whose first contact has a mailbox there.
fn at_domain(world: &World, random: &mut Random, domain: &str) -> Base {
    let mut base = world.base(random, &Wish::default());
    let local = mailbox(random, world.rank());
    base.set(EMAIL, format!("{local}@{domain}"));
    base
}

const fn email(code: &'static str, kind: &'static str, make: fn(&World, &mut Random) -> Option<Broken>) -> Defect {
    Defect::new(code, kind, make)
}

macro_rules! emails {
    ($($kind:literal: $slip:expr,)*) => {
        &[$(Defect::new("malformed-email", $kind, |world, random| {
            let base = world.base(random, &Wish::default());
            let slip: fn(&mut Random, &str, &str) -> String = $slip;
            broken(base, EMAIL, |email| {
                let (local, domain) = email.split_once('@').unwrap();
                slip(random, local, domain)
            })
        }),)*]
    };
}

pub const MALFORMED_EMAILS: &[Defect] = emails! {
    "no at sign": |_, local, domain| format!("{local}{domain}"),
    "at sign typed without AltGr": |random, local, domain| format!("{local}{}{domain}", random.pick(&["à", "0", "2"])),
    "two at signs": |_, local, domain| format!("{local}@@{domain}"),
    "at in brackets": |random, local, domain| {
        format!("{local}{}{domain}", random.pick(&["(at)", " [at] ", "(@)", " (arobase) ", "{at}", "<at>", "[AT]"]))
    },
    "at in words": |random, local, domain| {
        format!("{local}{}{domain}", random.pick(&[" at ", " arobase ", "-at-", "_at_", " AT "]))
    },
    "dots in words": |_, local, domain| format!("{local}(at){}", domain.replace('.', "(dot)")),
    "blank around the sign": |random, local, domain| {
        format!("{local}{}{domain}", random.pick(&[" @", "@ ", " @ ", "\u{a0}@", "\u{200b}@"]))
    },
    "comma for a full stop": |_, local, domain| format!("{local}@{}", domain.replacen('.', ",", 1)),
    "two full stops": |_, local, domain| format!("{local}@{}", domain.replacen('.', "..", 1)),
    "full stop at the end": |random, local, domain| format!("{local}@{domain}{}", random.pick(&[".", " .", ",", " ;"])),
    "full stop before the sign": |_, local, domain| format!("{local}.@{domain}"),
    "accents before the sign": |random, local, domain| {
        format!("{}@{domain}", local.replacen('e', random.pick(&["é", "è", "ê"]), 1))
    },
    "nothing before the sign": |_, _, domain| format!("@{domain}"),
    "nothing behind the sign": |_, local, _| format!("{local}@"),
    "no end of the domain": |_, local, domain| format!("{local}@{}", domain.split('.').next().unwrap()),
    "label before": |random, local, domain| {
        format!("{}{local}@{domain}", random.pick(&["Courriel : ", "mailto:", "Mél. : ", "E-mail: ", "http://"]))
    },
    "name before": |_, local, domain| format!("Anaëlle Rivoire <{local}@{domain}>"),
    "two mailboxes": |random, local, domain| {
        format!("{local}@{domain}{}contact@example.org", random.pick(&[" / ", ", ", " ou ", " "]))
    },
    "a site": |_, _, domain| format!("www.{domain}"),
    "blank within": |_, local, domain| format!("{} {}@{domain}", &local[..3], &local[3..]),
    "words": |random, _, _| random.pick(&["voir le site", "Mme Rivoire", "par téléphone", "mairie de Gap"]).to_owned(),
    "in brackets": |_, local, domain| format!("<{local}@{domain}>"),
    "underscore in the domain": |_, local, domain| format!("{local}@pole_{domain}"),
};

/// A slip that makes no domain that somebody owns.
fn slipped(world: &World, random: &mut Random, slip: fn(&mut Random, &str) -> Option<String>) -> Option<Broken> {
    let domain = random.pick(SERVICES);
    let wrong = slip(random, domain).filter(|wrong| wrong != domain && !DOMAINS.contains(&wrong.as_str()))?;
    let base = at_domain(world, random, domain);
    broken(base, EMAIL, |email| email.replace(&format!("@{domain}"), &format!("@{wrong}")))
}

/// Slips are of names of five letters and more: a slip in a shorter one makes another word.
fn name_of(domain: &str) -> Option<(&str, &str)> {
    domain.split_once('.').filter(|(name, _)| name.len() > 4)
}

pub const SUSPICIOUS_EMAILS: &[Defect] = &[
    email("suspicious-email", "two letters swapped", |world, random| {
        slipped(world, random, |random, domain| {
            let (name, end) = name_of(domain)?;
            Some(format!("{}.{end}", swapped(name, random.below(name.len() - 1))))
        })
    }),
    email("suspicious-email", "a letter left out", |world, random| {
        slipped(world, random, |random, domain| {
            let (name, end) = name_of(domain)?;
            Some(format!("{}.{end}", without(name, 1 + random.below(name.len() - 1))))
        })
    }),
    email("suspicious-email", "a letter doubled", |world, random| {
        slipped(world, random, |random, domain| {
            let (name, end) = name_of(domain)?;
            let at = 1 + random.below(name.len() - 2);
            Some(format!("{}.{end}", with(name, at, name.chars().nth(at)?)))
        })
    }),
    email("suspicious-email", "the next key", |world, random| {
        slipped(world, random, |random, domain| {
            let (name, end) = name_of(domain)?;
            let at = 1 + random.below(name.len() - 1);
            let next = match name.as_bytes()[at] {
                b'a' => 'z',
                b'o' => 'p',
                b'i' => 'u',
                b'e' => 'r',
                b'n' => 'b',
                b'm' => 'l',
                b't' => 'y',
                b'l' => 'k',
                b'r' => 't',
                _ => return None,
            };
            Some(format!("{}.{end}", changed(name, at, next)))
        })
    }),
    email("suspicious-email", "an end that does not exist", |world, random| {
        slipped(world, random, |random, domain| {
            let (name, end) = domain.split_once('.')?;
            let ends: &[&str] = match end {
                "com" => &["con", "cmo", "comm", "ocm", "vom", "cpm", "xom"],
                "fr" => &["ft", "dr", "frr", "rf", "fe"],
                _ => &["nte", "nett"],
            };
            Some(format!("{name}.{}", random.pick(ends)))
        })
    }),
    email("suspicious-email", "the end of another service", |world, random| {
        let pairs = [
            ("gmail.com", "gmail.fr"),
            ("wanadoo.fr", "wanadoo.com"),
            ("laposte.net", "laposte.com"),
            ("free.fr", "free.com"),
            ("gmail.com", "gmail.co"),
            ("yahoo.com", "yahoo.co"),
            ("gmail.com", "gmail.cm"),
        ];
        let (right, wrong) = pairs[random.below(pairs.len())];
        let base = at_domain(world, random, right);
        broken(base, EMAIL, |email| email.replace(right, wrong))
    }),
    email("suspicious-email", "an end that does not exist, anywhere", |world, random| {
        let domain = random.pick(&["pole-bois.example.org", "example.com", "example.org", "mail.example.com"]);
        let base = at_domain(world, random, domain);
        let wrong = random.pick(&["ogr", "orf"]);
        let of_com = random.pick(&["con", "cmo", "comm", "vom"]);
        broken(base, EMAIL, |email| match email.strip_suffix("org") {
            Some(before) => format!("{before}{wrong}"),
            None => format!("{}{of_com}", email.strip_suffix("com").unwrap()),
        })
    }),
];

macro_rules! phones {
    ($($kind:literal: $slip:expr,)*) => {
        &[$(Defect::new("malformed-phone", $kind, |world, random| {
            let mut base = world.base(random, &Wish::default());
            let digits = number(random);
            base.set(PHONE, paired(&digits, " "));
            let slip: fn(&mut Random, &str) -> String = $slip;
            let text = slip(random, &digits);
            Broken::of(base).put(PHONE, text)
        }),)*]
    };
}

pub const MALFORMED_PHONES: &[Defect] = phones! {
    "a digit left out": |random, digits| paired(&without(digits, 1 + random.below(9)), " "),
    "a digit left out, without blanks": |random, digits| without(digits, 1 + random.below(9)),
    "a digit too many": |random, digits| paired(&with(digits, 1 + random.below(9), '7'), " "),
    "a digit too many, without blanks": |random, digits| with(digits, 1 + random.below(9), '7'),
    "two digits left out": |_, digits| paired(&digits[..8], " "),
    "O for 0": |_, digits| paired(&digits.replacen('0', "O", 1), " "),
    "l for 1": |_, digits| paired(&digits.replacen('1', "l", 1), " "),
    "0 behind the country": |_, digits| format!("+33 {}", paired(digits, " ")),
    "a digit left out behind the country": |random, digits| {
        format!("+33 {}", paired(&without(&digits[1..], 1 + random.below(8)), " "))
    },
    "a digit too many behind the country": |random, digits| {
        format!("+33{}", with(&digits[1..], 1 + random.below(8), '7'))
    },
    "name before": |_, digits| format!("Mairie : {}", paired(digits, " ")),
    "extension behind": |_, digits| format!("{} poste 12", paired(digits, " ")),
    "name behind": |_, digits| format!("{} (Mme Rivoire)", paired(digits, " ")),
    "slashes": |_, digits| paired(digits, "/"),
    "commas": |_, digits| paired(digits, ","),
    "hidden digits": |_, digits| format!("{} xx xx", paired(&digits[..6], " ")),
    "second number cut": |_, digits| format!("{} / {}", paired(digits, " "), &digits[8..]),
    "words": |random, _| random.pick(&["Mairie de Gap", "voir le site", "sur rendez-vous", "le matin"]).to_owned(),
    "a mailbox": |_, digits| format!("contact{digits}@example.org"),
    "two numbers, one of them wrong": |_, digits| format!("{} / {}", paired(digits, " "), paired(&digits[..9], " ")),
    "idle 0 twice": |_, digits| format!("+33 (0){}", paired(digits, " ")),
    "question mark": |_, digits| format!("{} ?", paired(&digits[..8], " ")),
};

const ODD: &[&str] = &[
    "0162", "0163", "0270", "0271", "0377", "0378", "0424", "0425", "0568", "0569", "0948", "0949", "0892", "0899",
    "0890",
];

macro_rules! odd {
    ($($kind:literal: $dress:expr,)*) => {
        &[$(Defect::new("suspicious-phone", $kind, |world, random| {
            let base = world.base(random, &Wish::default());
            let digits = format!("{}001234", random.pick(ODD));
            let dress: fn(&mut Random, &str) -> String = $dress;
            let text = dress(random, &digits);
            Broken::of(base).put(PHONE, text)
        }),)*]
    };
}

pub const SUSPICIOUS_PHONES: &[Defect] = odd! {
    "in pairs": |_, digits| paired(digits, " "),
    "in a row": |_, digits| digits.to_owned(),
    "with full stops": |_, digits| paired(digits, "."),
    "behind the country": |_, digits| format!("+33 {} {}", &digits[1..2], paired(&digits[2..], " ")),
    "after an idle 0": |_, digits| format!("+33 (0){}", &digits[1..]),
    "with a label": |_, digits| format!("Tél. : {}", paired(digits, " ")),
    "as the second of two": |random, digits| format!("{} / {}", paired(&number(random), " "), paired(digits, " ")),
    "four and six": |_, digits| format!("{} {}", &digits[..4], paired(&digits[4..], " ")),
};
