//! What holds of any text, whoever wrote it: tried on random texts by the tests, and by the fuzz target `values`, for which
//! alone this is compiled into the library.

use bumpalo::Bump;

use crate::address;
use crate::address::streets;
use crate::field::{Field, fields};
use crate::reading::numbers::{self, Reading};
use crate::reading::{self, days, sirene, sites};
use crate::record::{Address, Record, Slot};
use crate::text::mailboxes::{self, Mailbox};
use crate::text::mentions::{self, Mention};
use crate::text::phones::{self, Number};
use crate::text::{damage, families, fold, formula, lists, markup, names, people, placeholder, visible, words};
use crate::vocabulary;

/// What a property is about, and the function that fails where it does not hold.
pub type Property = (&'static str, fn(&str));

/// The properties, each of one kind of value.
pub const ALL: [Property; 16] = [
    ("folding", folding),
    ("shown", shown),
    ("formulas", formulas),
    ("numbers", numbers_are_read_once),
    ("days", days_are_read_once),
    ("telephones", telephones),
    ("mailboxes", mailboxes_are_mended_once),
    ("mentions", mentions_are_parts),
    ("people", people_are_parts),
    ("lists", lists_have_values),
    ("damage", damage_is_mended_once),
    ("markup", markup_goes),
    ("addresses", addresses_settle),
    ("registers", register_numbers),
    ("fields", fields_are_read_once),
    ("labels", labels),
];

/// Letters that are folded stay as they are when they are folded again, and every way of folding says the same.
fn folding(text: &str) {
    let folded = fold::folded(text);
    assert_eq!(fold::folded(&folded), folded);
    let slug = fold::slug(text);
    assert!(slug.bytes().all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-')), "{slug}");
    assert_eq!(fold::slug(&slug), slug);
    let letters: String = fold::letters(text).collect();
    let mut pushed = Vec::new();
    fold::push_letters(text, &mut pushed);
    assert_eq!(pushed, letters.as_bytes());
    // What is no letter of ASCII is one byte there.
    let bytes: Vec<u8> = letters.chars().map(|c| if c.is_ascii() { c as u8 } else { u8::MAX }).collect();
    assert!(bytes.starts_with(fold::first_letters(text, &mut [0; 24])));
    assert!(words::words(text).all(|word| text[word.start..word.end()] == *word.text));
}

/// Nothing that is shown acts on a terminal.
fn shown(text: &str) {
    assert!(!visible::visible(text).contains(|c| visible::acts(c) && c != '\n'));
    assert!(!visible::one_line(text).contains(visible::acts));
    assert!(!visible::name_told(text).contains(visible::acts));
}

/// A cell of CSV runs in no spreadsheet, and is read as the text that it was written for.
fn formulas(text: &str) {
    let cell = formula::harmless(text.into());
    assert!(!formula::is_formula(&cell));
    if !text.starts_with("=\"") {
        assert_eq!(formula::meant(&cell), text);
    }
    formula::is_error(text);
}

/// A number that was read is read as itself.
fn numbers_are_read_once(text: &str) {
    for field in fields().filter(|field| field.is_number()) {
        for groups in [None, Some('.'), Some(',')] {
            if let Some(Reading::Plain(number) | Reading::Sure(number)) = numbers::read(field, text, groups) {
                // As our tables write it.
                let number_text = number.to_string();
                let written = numbers::unmistakable(&number_text);
                let again = numbers::read(field, &written, None);
                assert_eq!(again, Some(Reading::Plain(number)), "{}: {written}", field.pointer);
            }
        }
    }
    numbers::mark_of_groups(text.split('|'));
}

/// A day that was read is written as days are.
fn days_are_read_once(text: &str) {
    if let Some((day, _)) = days::day_of(text) {
        assert!(days::is_canonical(&day), "{day}");
        assert_eq!(days::day_of(&day).map(|(day, _)| day), Some(day));
    }
}

/// A number is the same however it is written.
fn telephones(text: &str) {
    let same = |number: Number| {
        let display = number.display();
        let again = Number::parse(&display);
        assert_eq!(again.map(|again| again.display()).as_ref(), Some(&display));
        if let Some(dialled) = number.e164() {
            let again = Number::parse(&dialled).and_then(|again| again.e164());
            assert_eq!(again.as_ref(), Some(&dialled), "{display}");
        }
        number.odd_prefix();
    };
    if let Some(number) = Number::parse(text) {
        same(number);
    }
    phones::each_number(text, same);
}

/// What is proposed for a mailbox is right, and nothing more is proposed for it.
fn mailboxes_are_mended_once(text: &str) {
    if mailboxes::is_usual(text) && mailboxes::ends_in_letters(text) {
        assert_eq!(mailboxes::judge(text), Mailbox::Right);
    }
    if let Some((mended, _)) = mailboxes::repaired(text) {
        assert_eq!(mailboxes::judge(&mended), Mailbox::Right, "{mended}");
        assert_eq!(mailboxes::repaired(&mended), None, "{mended}");
    }
    mailboxes::are_several(text);
    mailboxes::without_accents(text);
}

/// What is found in a text are parts of it that do not overlap.
fn mentions_are_parts(text: &str) {
    let are_parts = |found: &[Mention]| {
        assert!(found.iter().all(|mention| text.get(mention.start..mention.end).is_some_and(|part| !part.is_empty())));
        assert!(found.windows(2).all(|pair| pair[0].end <= pair[1].start), "{found:?}");
    };
    let details = mentions::details(text);
    are_parts(&details);
    are_parts(&mentions::mailboxes(text).collect::<Vec<_>>());
    are_parts(&mentions::telephones(text).collect::<Vec<_>>());
    let reached: Vec<(usize, usize)> = details.iter().map(|mention| (mention.start, mention.end)).collect();
    are_parts(&mentions::people(text, &words::all_words(text), &reached));
}

/// The people of a text are made of its parts.
fn people_are_parts(text: &str) {
    let found = people::parse(text);
    for person in &found.people {
        assert!(person.parts().all(|(_, part)| text.contains(part)), "{person:?}");
    }
    people::people_in(text);
    people::address_parts(text).for_each(drop);
    names::names(text);
    names::is_known_person(text);
}

/// The values of a list are no blanks, and stand in its text.
fn lists_have_values(text: &str) {
    for list in [lists::short, lists::sentences, lists::names] {
        for value in list(text).unwrap_or_default() {
            assert!(!value.trim().is_empty() && text.contains(&value), "{value:?}");
        }
    }
}

/// What was restored is not damaged any more.
fn damage_is_mended_once(text: &str) {
    if let Some(restored) = damage::undamaged(text) {
        assert_ne!(restored, text);
        assert_eq!(damage::undamaged(&restored), None, "{restored}");
    }
    // The quick look over a whole row lets nothing pass.
    if damage::has_damage(text) {
        assert!(damage::is_possible(text.as_bytes()));
    }
}

/// A passage of a page loses all its tags.
fn markup_goes(text: &str) {
    if let Some(clean) = markup::passage(text) {
        assert!(!clean.is_empty() && !markup::has_marks(&clean), "{clean}");
    }
    if markup::has_marks(text) {
        markup::cleaned(text);
        assert!(damage::is_possible(text.as_bytes()));
    }
}

/// The street of an address stands in its text, and its parts find their fields.
fn addresses_settle(text: &str) {
    let own = || Some(text.to_owned());
    let whole = address::parse(text);
    assert!(whole.street.as_ref().is_none_or(|street| text.contains(street)), "{whole:?}");
    for mut address in [
        Address { street: own(), ..Address::default() },
        Address { commune: own(), ..Address::default() },
        Address { postal_code: own(), ..Address::default() },
        Address { complement: own(), ..Address::default() },
    ] {
        let mut kept = false;
        address::settle(&mut address, &mut Vec::new(), &mut |_, text_kept| kept |= text_kept == text);
        // What was taken apart is kept whole besides.
        assert!(
            kept || [&address.street, &address.commune, &address.postal_code, &address.complement].contains(&&own())
        );
    }
    streets::look_at(text);
}

/// A number of a register without its dress is one.
fn register_numbers(text: &str) {
    for is_right in [sirene::is_siren, sirene::is_siret] {
        if let Some(number) = sirene::undressed(text, is_right) {
            assert!(is_right(&number), "{number}");
            assert_eq!(sirene::undressed(&number, is_right), Some(number));
        }
    }
    if let Some(number) = sirene::undressed_rna(text) {
        assert!(sirene::is_rna(&number), "{number}");
    }
    if let Some(site) = sites::read(text) {
        assert!(sites::is_canonical(&site.value), "{}", site.value);
    }
}

/// A value that was read stays as it is.
fn fields_are_read_once(text: &str) {
    let texts = Bump::new();
    for reader in reading::READERS {
        let Some(field) = Field::at(reader.field) else { continue };
        let mut record = Record::<&str>::default();
        match record.slot(field, 0) {
            Some(Slot::Text(place)) => *place = Some(text),
            Some(Slot::Texts(list)) => list.push(text),
            _ => continue,
        }
        reading::understand(&mut record, &texts, |_, _| {});
        let read = record.clone();
        reading::understand(&mut record, &texts, |pointer, told| panic!("{pointer}: {told:?}"));
        assert_eq!(record, read);
        placeholder::says_nothing(text, reader.field);
    }
}

/// A label means the same with any blanks around it.
fn labels(text: &str) {
    let meant = |label: &str| format!("{:?}", vocabulary::meaning(label).0);
    assert_eq!(meant(&format!(" {text}\t")), meant(text));
    vocabulary::scaled(text);
    vocabulary::choice(text);
    vocabulary::department(text);
    vocabulary::list(text);
    vocabulary::whose(text);
    families::is_heading(text);
    families::family(text, None, None);
}

#[cfg(test)]
mod tests {
    use proptest::collection::vec;
    use proptest::prelude::*;
    use proptest::sample::select;

    use super::*;

    /// What the texts of records are made of, parted by « ¦ ».
    const PIECES: &str = "a¦Été¦œ¦É¦ß¦Jeanne¦Dupont¦M. ¦Mme ¦présidente¦contact¦@¦example.org¦.fr¦ [at] ¦(¦)¦<¦>¦\
        01 99 00 12 34¦+33¦0262¦06¦12¦1.200¦1 200,50¦k€¦€¦%¦15/12/2022¦2022¦mars¦le ¦T00:00¦05000¦Gap¦Cedex¦BP 12¦\
        12 rue Basse¦bis¦, ¦; ¦ / ¦ - ¦\n¦\t¦• ¦1. ¦ et ¦'¦=¦&amp;¦<br>¦_x000D_¦Ã©¦â€™¦√©¦\u{fffd}¦\u{a0}¦\u{202f}¦\
        \u{200b}¦\u{202e}¦\u{1b}[2J¦日本¦🚲¦W051000123¦732 829 320¦SIRET : ¦73282932000074¦www.¦http://¦nom¦Porteur¦\
        Nom du PTCE¦Région¦département";

    proptest! {
        #![proptest_config(ProptestConfig { cases: 200, ..ProptestConfig::default() })]
        #[test]
        fn properties_hold_of_any_text(pieces in vec(select(PIECES.split('¦').collect::<Vec<_>>()), 0..9)) {
            let text = pieces.concat();
            ALL.iter().for_each(|(_, holds)| holds(&text));
        }
    }
}
