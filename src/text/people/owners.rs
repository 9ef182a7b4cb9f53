//! Whose a mailbox or a number is, where several people and several of them stand side by side.

use crate::text::fold::folded;
use crate::text::words::words;

/// To whom of the people each value belongs, by their ranks; `None` for one that is shared, or of nobody that is named.
///
/// A mailbox that bears somebody's name is theirs. Where none does, as many values as people are told in the same order,
/// and the first of one person's is that person's: where `by_order`, which is when nobody else has one already.
pub(super) fn owners(values: &[&str], names: &[Option<&str>], is_mail: bool, by_order: bool) -> Vec<Option<usize>> {
    let mut owners: Vec<Option<usize>> = vec![None; values.len()];
    if is_mail {
        let mut matches: Vec<(usize, usize, usize)> = Vec::new();
        for (value, mail) in values.iter().enumerate() {
            let of_name = |name: &Option<&str>| name.map_or(0, |name| likeness(mail, name));
            let likenesses: Vec<usize> = names.iter().map(of_name).collect();
            let most = likenesses.iter().copied().max().unwrap_or(0);
            // Two people of one family: the mailbox does not say whose it is.
            if most > 0
                && let [person] = of(&likenesses, most)[..]
            {
                matches.push((most, value, person));
            }
        }
        matches.sort_by_key(|(likeness, value, _)| (std::cmp::Reverse(*likeness), *value));
        for (_, value, person) in matches {
            if !owners.contains(&Some(person)) {
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

/// The ranks of those that are as much.
fn of(likenesses: &[usize], most: usize) -> Vec<usize> {
    (0..likenesses.len()).filter(|rank| likenesses[*rank] == most).collect()
}

/// How much of a name the local part of a mailbox bears: `j.dupont`, `jdupont`, `dupont.jean`, `jd` are of Jean Dupont.
fn likeness(mail: &str, name: &str) -> usize {
    /// Shorter words are those of other words as well.
    const SHORTEST: usize = 3;
    let local = folded(mail.split(['@', '[', '(']).next().unwrap_or(""));
    let tokens: Vec<&str> = local.split([' ', '.', '_', '-', '+']).filter(|token| !token.is_empty()).collect();
    let compact = tokens.concat();
    let name = folded(name);
    let parts: Vec<&str> = words(&name).map(|word| word.text).collect();
    let initials: String = parts.iter().filter_map(|part| part.chars().next()).collect();
    // Each run of words of the name: « Le Goff » is « legoff ».
    let runs = (0..parts.len()).flat_map(|from| (from..parts.len()).map(move |to| from..=to));
    let mut most = if parts.len() > 1 && compact == initials { 1 } else { 0 };
    for run in runs {
        let joined = parts[run].concat();
        if joined.len() < SHORTEST {
            continue;
        }
        let bears = |token: &str| {
            token == joined
                || [token.strip_prefix(joined.as_str()), token.strip_suffix(joined.as_str())]
                    .into_iter()
                    .flatten()
                    .any(|rest| rest.len() <= 2 && rest.chars().all(|c| initials.contains(c)))
        };
        let bears_all = bears(&compact);
        if bears_all || tokens.iter().any(|token| bears(token)) {
            most = most.max(2 * joined.len() + usize::from(bears_all));
        }
    }
    most
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
