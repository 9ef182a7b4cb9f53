//! Whose a mailbox or a number is, where several people and several of them stand side by side.

use std::collections::BTreeMap;

use crate::text::fold::folded;
use crate::text::words::words;

/// To whom of the people each value belongs, by their ranks; `None` for one that is shared, or of nobody that is named.
///
/// A mailbox that bears somebody's name is theirs. Where none does, as many values as people are told in the same order,
/// and the first of one person's is that person's: where `by_order`, which is when nobody else has one already.
pub(super) fn owners(values: &[&str], names: &[Option<&str>], is_mail: bool, by_order: bool) -> Vec<Option<usize>> {
    let mut owners: Vec<Option<usize>> = vec![None; values.len()];
    // The one mailbox of the one person is theirs, whatever it bears.
    let is_plain = by_order && values.len() == 1 && names.len() == 1;
    if !is_plain && is_mail && !values.is_empty() && names.iter().any(Option::is_some) {
        let bearers = Bearers::of(names);
        let best = values
            .iter()
            .enumerate()
            .filter_map(|(rank, mail)| bearers.likest(mail).map(|(most, who)| (most, rank, who)));
        let mut best: Vec<(usize, usize, usize)> = best.collect();
        best.sort_by_key(|(likeness, value, _)| (std::cmp::Reverse(*likeness), *value));
        let mut has_one = vec![false; names.len()];
        for (_, value, person) in best {
            if !std::mem::replace(&mut has_one[person], true) {
                owners[value] = Some(person);
            }
        }
        if owners.iter().any(Option::is_some) {
            return owners;
        }
    }
    match names.len() {
        _ if !by_order => {}
        1 => owners.iter_mut().take(1).for_each(|owner| *owner = Some(0)),
        people if people == values.len() => owners.iter_mut().enumerate().for_each(|(rank, owner)| *owner = Some(rank)),
        _ => {}
    }
    owners
}

/// The people by what a mailbox may bear of their names, each with whether somebody else has the same.
#[derive(Default)]
struct Bearers {
    /// A run of words of the name, and the initials that may stand before or behind it: « dupont » and « j » in `jdupont`.
    runs: BTreeMap<(String, Vec<char>), (usize, bool)>,
    /// The initials of the whole name: `jd`.
    initials: BTreeMap<String, (usize, bool)>,
}

impl Bearers {
    fn of(names: &[Option<&str>]) -> Bearers {
        /// Shorter words are those of other words as well.
        const SHORTEST: usize = 3;
        /// A name has no more words.
        const LONGEST: usize = 7;
        let mut bearers = Bearers::default();
        for (person, name) in names.iter().enumerate().filter_map(|(person, name)| Some((person, (*name)?))) {
            let parts: Vec<String> = words(name).take(LONGEST).map(|word| folded(word.text)).collect();
            let mut initials: Vec<char> = parts.iter().filter_map(|part| part.chars().next()).collect();
            if parts.len() > 1 {
                add(&mut bearers.initials, initials.iter().collect(), person);
            }
            initials.sort_unstable();
            initials.dedup();
            let pairs = initials.iter().flat_map(|one| initials.iter().map(move |other| vec![*one, *other]));
            let beside: Vec<Vec<char>> =
                std::iter::once(Vec::new()).chain(initials.iter().map(|one| vec![*one])).chain(pairs).collect();
            // Each run of words of the name: « Le Goff » is « legoff ».
            let runs = (0..parts.len()).flat_map(|from| (from..parts.len()).map(move |to| from..=to));
            for joined in runs.map(|run| parts[run].concat()).filter(|joined| joined.len() >= SHORTEST) {
                for beside in &beside {
                    add(&mut bearers.runs, (joined.clone(), beside.clone()), person);
                }
            }
        }
        bearers
    }

    /// The one whose name a mailbox bears most, and how much: `j.dupont`, `jdupont`, `dupont.jean`, `jd` are of Jean
    /// Dupont. Of two people of one family the mailbox does not say whose it is.
    fn likest(&self, mail: &str) -> Option<(usize, usize)> {
        let local = folded(mail.split(['@', '[', '(', '{', '<']).next().unwrap_or(""));
        let compact = local.replace(' ', "");
        let whole = self.initials.get(&compact).map(|(person, is_shared)| (1, *person, *is_shared));
        let mut best = whole;
        let tokens = std::iter::once((compact.as_str(), 1)).chain(local.split(' ').map(|token| (token, 0)));
        for (token, more) in tokens {
            let ends: Vec<usize> = token.char_indices().map(|(at, _)| at).chain([token.len()]).collect();
            let last = ends.len() - 1;
            for beside in 0..=last.min(2) {
                let front = (&token[ends[beside]..], &token[..ends[beside]]);
                let back = (&token[..ends[last - beside]], &token[ends[last - beside]..]);
                for (joined, rest) in [front, back] {
                    let found = self.runs.get(&(joined.to_owned(), rest.chars().collect()));
                    let Some((person, is_shared)) = found else { continue };
                    let likeness = 2 * joined.len() + more;
                    best = match best {
                        Some((most, who, shared)) if most == likeness => {
                            Some((most, who, shared || *is_shared || who != *person))
                        }
                        Some((most, ..)) if most > likeness => best,
                        _ => Some((likeness, *person, *is_shared)),
                    };
                }
            }
        }
        best.filter(|(.., is_shared)| !is_shared).map(|(likeness, person, _)| (likeness, person))
    }
}

fn add<K: Ord>(map: &mut BTreeMap<K, (usize, bool)>, key: K, person: usize) {
    map.entry(key).and_modify(|(known, is_shared)| *is_shared |= *known != person).or_insert((person, false));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mailboxes_bear_names() {
        let names = [Some("Jean Dupont"), Some("Mme Sophie Le Goff")];
        for (mails, expected) in [
            (&["s.legoff@example.org", "j.dupont@example.org"][..], &[Some(1), Some(0)][..]),
            (&["jdupont@example.org"], &[Some(0)]),
            (&["contact@example.org"], &[None]),
            (&["contact@example.org", "sophie@example.org"], &[None, Some(1)]),
            (&["a@example.org", "b@example.org"], &[Some(0), Some(1)]),
            (&["jd@example.org", "a@example.org"], &[Some(0), None]),
            (&["a@example.org", "b@example.org", "c@example.org"], &[None, None, None]),
        ] {
            assert_eq!(owners(mails, &names, true, true), expected, "{mails:?}");
        }
        let family = [Some("Jean Dupont"), Some("Anne Dupont")];
        assert_eq!(owners(&["dupont@example.org"], &family, true, true), [None]);
        assert_eq!(
            owners(&["a.dupont@example.org", "jean.dupont@example.org"], &family, true, true),
            [Some(1), Some(0)]
        );
        assert_eq!(owners(&["01", "02"], &names, false, true), [Some(0), Some(1)]);
        assert_eq!(owners(&["01"], &names, false, true), [None]);
        assert_eq!(owners(&["01", "02"], &names[..1], false, true), [Some(0), None]);
    }
}
