//! Our verdicts against those of independent implementations, on thousands of generated values. Where they differ, a
//! list or a predicate says where, and who is right.

use phonenumber::{Mode, country};

use crate::reading::sirene::{is_siren, is_siret};
use crate::text::mailboxes::{Mailbox, judge};
use crate::text::phones::{Kind, Number};

/// Numbers that look random and are the same in each run (SplitMix64).
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, limit: usize) -> usize {
        (self.next() % limit as u64) as usize
    }

    fn one_of<T: Copy>(&mut self, values: &[T]) -> T {
        values[self.below(values.len())]
    }

    fn digits(&mut self, count: usize) -> String {
        (0..count).map(|_| self.one_of(&['0', '1', '2', '3', '4', '5', '6', '7', '8', '9'])).collect()
    }
}

/// What the metadata of libphonenumber make of a text: the form of E.164, of a number that they hold for valid.
fn oracle(region: Option<country::Id>, text: &str) -> Option<String> {
    let number = phonenumber::parse(region, text).ok().filter(phonenumber::is_valid)?;
    Some(number.format().mode(Mode::E164).to_string())
}

/// One writing of nine digits behind the trunk 0, among those that both sides read.
fn written(random: &mut Random, own: &str) -> String {
    let pairs = |separator: &str| {
        let digits = format!("0{own}");
        let pairs: Vec<&str> = (0..5).map(|rank| &digits[2 * rank..2 * rank + 2]).collect();
        pairs.join(separator)
    };
    match random.below(7) {
        0 => format!("0{own}"),
        1 => pairs(" "),
        2 => pairs("."),
        3 => pairs("-"),
        4 => pairs("\u{a0}"),
        5 => format!("+33{own}"),
        _ => format!("0033 {own}"),
    }
}

#[test]
fn numbers_of_the_metropolis() {
    /// Blocks that the plan has not opened, as far as the metadata know. We follow the shape of the plan alone: a block
    /// may be opened any day, and a number that exists must never be refused.
    fn is_closed_block(own: &str) -> bool {
        ["40", "836", "841", "843", "845", "846", "847", "848", "849"].iter().any(|block| own.starts_with(block))
    }
    let mut random = Random(1);
    let mut compared = 0;
    for prefix in 1000..10_000 {
        let own = format!("{prefix}{}", random.digits(5));
        let text = written(&mut random, &own);
        // The national form is one thing, the international another: overseas numbers only share the first.
        let ours = Number::parse(&text);
        let theirs = oracle(Some(country::FR), &text);
        match (&ours, &theirs) {
            (Some(number), _) if number.country != "33" => continue,
            (Some(number), Some(theirs)) => assert_eq!(number.e164().as_ref(), Some(theirs), "{text}"),
            (None, None) => {}
            (Some(_), None) => assert!(is_closed_block(&own), "{text}: we accept it"),
            // The French metadata are wider than the plan: it gives overseas numbers another code than 33, and 0508
            // to Saint-Pierre-et-Miquelon, whose numbers do not begin with 0 or 1.
            (None, Some(_)) => {
                let is_overseas = Number::parse(&format!("0{own}")).is_some_and(|number| number.country != "33");
                assert!(is_overseas || own.starts_with("508"), "{text}: we refuse it");
            }
        }
        compared += 1;
    }
    assert!(compared > 8_000, "{compared}");
}

const TERRITORIES: &[(&str, &[country::Id])] = &[
    ("262", &[country::RE, country::YT]),
    ("508", &[country::PM]),
    ("590", &[country::GP]),
    ("594", &[country::GF]),
    ("596", &[country::MQ]),
    ("681", &[country::WF]),
    ("687", &[country::NC]),
    ("689", &[country::PF]),
];

#[test]
fn numbers_overseas_in_national_form() {
    let mut random = Random(2);
    let mut both = 0;
    for prefix in 1000..10_000 {
        for _ in 0..2 {
            let text = format!("0{prefix}{}", random.digits(5));
            let Some(ours) = Number::parse(&text).filter(|number| number.country != "33") else { continue };
            // Of Saint-Pierre-et-Miquelon the metadata only know the six digits that are dialled there, and the crate
            // takes 508 for a part of them.
            if ours.country == "508" && ours.kind == Kind::Geographic {
                continue;
            }
            let (_, regions) = TERRITORIES.iter().find(|(code, _)| *code == ours.country).expect("a known territory");
            // Theirs are blocks of ten thousand, as opened so far: many of our numbers are not yet of one.
            for theirs in regions.iter().filter_map(|region| oracle(Some(*region), &text)) {
                assert_eq!(ours.e164(), Some(theirs), "{text}");
                both += 1;
            }
        }
    }
    assert!(both > 250, "{both}");
}

/// What the metadata hold for valid, we accept, and write the same.
#[test]
fn numbers_overseas_in_international_form() {
    let mut random = Random(3);
    let mut valid = 0;
    for (code, _) in TERRITORIES {
        for _ in 0..2_000 {
            let length = match *code {
                "681" | "687" => 6,
                "689" => 8,
                "508" => random.one_of(&[6, 9]),
                _ => 9,
            };
            let own = random.digits(length);
            // The crate takes nine digits for valid when the first six are: « (4|5)… » is not bound to the end.
            let is_taken_in_part = *code == "508"
                && length == 9
                && !["708", "80", "81", "82", "89"].iter().any(|start| own.starts_with(start));
            let text = format!("+{code}{own}");
            if let Some(theirs) = oracle(None, &text).filter(|_| !is_taken_in_part) {
                let ours = Number::parse(&text).unwrap_or_else(|| panic!("{text}: we refuse it"));
                assert_eq!(ours.e164(), Some(theirs), "{text}");
                valid += 1;
            }
        }
    }
    assert!(valid > 2_000, "{valid}");
}

/// Of foreign plans we know lengths alone: whatever is valid there, we accept.
#[test]
fn numbers_of_other_countries() {
    let mut random = Random(4);
    let mut valid = 0;
    for code in ["1", "32", "34", "39", "41", "44", "49", "212", "213", "216", "221", "223", "225", "237", "351", "376"]
    {
        for _ in 0..800 {
            let length = 7 + random.below(5);
            // A trunk 0 behind the code is dropped by the one side and kept by the other, which does not know Italy from
            // Belgium.
            let text = format!("+{code} {}{}", 1 + random.below(9), random.digits(length - 1));
            // The crate takes what is dialled inside an island for a whole number of North America.
            let is_taken_in_part = code == "1" && length != 10;
            if let Some(theirs) = oracle(None, &text).filter(|_| !is_taken_in_part) {
                let ours = Number::parse(&text).unwrap_or_else(|| panic!("{text}: we refuse it"));
                assert_eq!((ours.kind, ours.e164()), (Kind::Foreign, Some(theirs)), "{text}");
                valid += 1;
            }
        }
    }
    assert!(valid > 1_000, "{valid}");
}

/// Words of mail addresses, right ones and wrong ones, in any order.
fn address(random: &mut Random) -> String {
    const PIECES: &[&str] = &[
        "a",
        "contact",
        "jean",
        "é",
        "œ",
        "0",
        "42",
        ".",
        ".",
        "-",
        "--",
        "_",
        "+",
        "'",
        "’",
        "@",
        "@",
        "@",
        " ",
        ",",
        ";",
        "\"",
        "(",
        ")",
        "<",
        ">",
        "[",
        "]",
        "!",
        "fr",
        "com",
        ".fr",
        ".org",
        "example",
        "example.org",
        "xn--",
        "ç.fr",
        "\u{a0}",
        "🙂",
    ];
    match random.below(3) {
        0 => (0..1 + random.below(8)).map(|_| random.one_of(PIECES)).collect(),
        // Mostly right, with one piece put in anywhere.
        _ => {
            let words = ["contact", "jean.dupont", "a-b_c", "élodie"];
            let hosts = ["example.org", "sous.example.org", "pôle.fr", "b.fr", "ab--cd.fr", "example", "1.fr", "a.b1"];
            let mut text = format!("{}@{}", random.one_of(&words), random.one_of(&hosts));
            let places: Vec<usize> = text.char_indices().map(|(at, _)| at).chain([text.len()]).collect();
            let at = random.one_of(&places);
            if random.below(3) > 0 {
                text.insert_str(at, random.one_of(PIECES));
            }
            text
        }
    }
}

#[test]
fn mail_addresses() {
    let mut random = Random(5);
    let (mut right, mut wrong) = (0, 0);
    for rank in 0..40_000 {
        let mut text = address(&mut random);
        if rank % 50 == 0 {
            // About the greatest lengths: 64 before the sign, 63 for a part of the domain, 254 in all.
            let length = |random: &mut Random| 60 + random.below(8);
            let host = "d".repeat(length(&mut random));
            text = format!(
                "{}@{}{host}.fr",
                "l".repeat(length(&mut random)),
                format!("{}.", "e".repeat(59)).repeat(random.below(3))
            );
        }
        let ours = judge(&text) != Mailbox::Wrong;
        let theirs = email_address::EmailAddress::parse_with_options(
            &text,
            email_address::Options::default().without_domain_literal().without_display_text(),
        )
        .is_ok();
        if ours {
            right += 1;
            assert!(theirs, "{text}: we accept it");
        } else {
            wrong += 1;
            assert!(!theirs || is_only_so_in_the_standard(&text), "{text}: we refuse it");
        }
    }
    assert!(right > 5_000 && wrong > 5_000, "{right} {wrong}");
}

/// What RFC 5322 allows, or the crate is not strict about, and no mailbox of the public network has.
fn is_only_so_in_the_standard(text: &str) -> bool {
    let (local, domain) = text.rsplit_once('@').unwrap_or((text, ""));
    let top = domain.rsplit('.').next().unwrap_or_default();
    // `"jean dupont"@example.org`
    let is_quoted = local.starts_with('"');
    // The domain of a machine in one’s own house, and ends that are no names.
    let is_no_public_domain = !domain.contains('.') || top.chars().count() < 2 || !top.chars().all(char::is_alphabetic);
    // Signs that the crate takes for letters: `_` and `!` in a domain, emoji anywhere.
    let has_odd_signs = domain.chars().any(|c| !(c.is_alphanumeric() || matches!(c, '.' | '-')))
        || local.chars().any(|c| !c.is_ascii() && !c.is_alphanumeric());
    // RFC 5891, 4.2.3.1, and the length that RFC 5321 leaves for a whole address.
    let is_coded = domain.split('.').any(|label| label.get(2..4) == Some("--"));
    is_quoted || is_no_public_domain || has_odd_signs || is_coded || text.len() > 254
}

/// A right number of nine or fourteen digits, then one slip of the hand.
#[test]
fn numbers_of_organisations() {
    let mut random = Random(6);
    let with_key = |start: String| {
        let key = luhn3::decimal::checksum(start.as_bytes()).expect("digits");
        format!("{start}{}", char::from(key))
    };
    for _ in 0..10_000 {
        let siren = with_key(random.digits(8));
        if siren == "000000000" {
            continue;
        }
        assert!(is_siren(&siren), "{siren}");
        let siret = with_key(format!("{siren}{}", random.digits(4)));
        assert!(is_siret(&siret), "{siret}");
        let at = random.below(siret.len());
        let digit = random.digits(1);
        let slipped = format!("{}{digit}{}", &siret[..at], &siret[at + 1..]);
        // La Poste apart, which has a rule of its own.
        let is_right = luhn3::decimal::valid(slipped.as_bytes()) && luhn3::decimal::valid(&slipped.as_bytes()[..9]);
        assert_eq!(is_siret(&slipped), is_right && &slipped[..9] != "000000000", "{slipped}");
        assert_eq!(is_siren(&slipped[..9]), luhn3::decimal::valid(&slipped.as_bytes()[..9]), "{slipped}");
        for other in [format!("{siret}0"), siret[..13].to_owned(), format!("{}A", &siret[..13])] {
            assert!(!is_siret(&other) && !is_siren(&other), "{other}");
        }
    }
}

/// No slip of one digit passes, nor any two neighbours swapped but 0 and 9, which the key cannot tell: that is why a
/// wrong key alone never gets a suggestion.
#[test]
fn the_key_sees_slips_but_does_not_mend_them() {
    let siren = "732829320";
    let mut readings = 0;
    for at in 0..siren.len() {
        for digit in '0'..='9' {
            let changed = format!("{}{digit}{}", &siren[..at], &siren[at + 1..]);
            assert_eq!(is_siren(&changed), changed == siren, "{changed}");
            let mended_elsewhere = |wrong: &str| {
                (0..9)
                    .flat_map(|at| ('0'..='9').map(move |digit| (at, digit)))
                    .filter(|(at, digit)| is_siren(&format!("{}{digit}{}", &wrong[..*at], &wrong[at + 1..])))
                    .count()
            };
            readings = readings.max(mended_elsewhere(&changed));
        }
    }
    assert!(readings >= 9, "{readings}");
}
