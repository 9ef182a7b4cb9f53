//! Telephone numbers in a text.

use std::iter::from_fn;

use super::{Certainty, Kind, Mention, is_blank};

/// The telephone numbers of a text.
pub(crate) fn telephones(text: &str) -> impl Iterator<Item = Mention> {
    let mut at = 0;
    from_fn(move || {
        while let Some(next) = memchr::memchr2(b'0', b'+', text.as_bytes().get(at..)?) {
            let start = at + next;
            // What follows `00` in the middle of a number is no international number.
            if let Some(number) = telephone_at(text, start) {
                at = number.end;
                return Some(number);
            }
            at = start + 1;
        }
        None
    })
}

/// The telephone number that begins at `start` with `0` or `+`: ten digits from 0, or an international number.
fn telephone_at(text: &str, start: usize) -> Option<Mention> {
    let mut before = text[..start].chars().rev();
    let (last, second) = (before.next(), before.next());
    // Inside a longer number, a code or a decimal number.
    if last.is_some_and(char::is_alphanumeric)
        || last.is_some_and(|c| matches!(c, '.' | ',')) && second.is_some_and(|c| c.is_ascii_digit())
    {
        return None;
    }
    let end = number_end(text, start)?;
    let is_apart =
        last.is_none_or(|c| !"._-+@/".contains(c)) && text[end..].chars().next().is_none_or(|c| !c.is_alphanumeric());
    let certainty = if is_apart { Certainty::Sure } else { Certainty::Doubtful };
    Some(Mention { start, end, kind: Kind::Telephone, certainty })
}

fn number_end(text: &str, start: usize) -> Option<usize> {
    let is_separator = |c: char| is_blank(c) || matches!(c, '.' | '-' | '–' | '‑' | '/' | '_' | '(' | ')');
    let has_sign = text[start..].starts_with('+');
    // The digits, how long their groups are, and what stands between these.
    let (mut digits, mut groups, mut separators) = (String::new(), vec![0_usize], Vec::<&str>::new());
    let mut at = start + usize::from(has_sign);
    let mut end = None;
    while let Some(c) = text[at..].chars().next() {
        if c.is_ascii_digit() {
            digits.push(c);
            *groups.last_mut()? += 1;
            at += 1;
        } else {
            let signs = text[at..].chars().take(4).take_while(|c| is_separator(*c));
            let (count, length) = signs.fold((0, 0), |(count, length), c| (count + 1, length + c.len_utf8()));
            let goes_on = text[at + length..].starts_with(|c: char| c.is_ascii_digit());
            if digits.is_empty() || !(1..=3).contains(&count) || !goes_on {
                break;
            }
            separators.push(&text[at..at + length]);
            groups.push(0);
            at += length;
        }
        if text[at..].starts_with(|c: char| c.is_ascii_digit()) {
            if digits.len() > 17 {
                break;
            }
            continue;
        }
        let count = digits.len();
        match if has_sign { Some(digits.as_str()) } else { digits.strip_prefix("00") } {
            Some(number) => {
                let length = number.len();
                let is_french = number.starts_with("33") && length == if number.starts_with("330") { 12 } else { 11 };
                if is_french {
                    return Some(at);
                }
                if (10..=15).contains(&length) && !number.starts_with('0') {
                    end = Some(at);
                }
                if length > 15 {
                    break;
                }
            }
            None if count == 10 && !digits.starts_with("00") => {
                // A date and an hour have ten digits as well, but neither this shape nor one separator throughout.
                let is_usual = groups == [2, 2, 2, 2, 2] || separators.windows(2).all(|pair| pair[0] == pair[1]);
                return is_usual.then_some(at);
            }
            None if count > 10 => break,
            None => {}
        }
    }
    end
}
