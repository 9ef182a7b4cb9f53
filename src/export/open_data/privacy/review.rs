//! What may name a person, or be something else: it is listed for somebody to look at, and their decisions are kept.
//!
//! The list is a CSV file that the publisher keeps to itself; the same file, with its column `decision` filled in, is read at
//! the next publication.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;

use sha2::{Digest, Sha256};

use super::decisions::rows;
use crate::error::{Error, ErrorKind, Result};
use crate::export::write_error;
use crate::text::fold::folded;
use crate::text::lexicon::{PARTICLES, is_common};
use crate::text::names::{LINE_END, is_function_word};
use crate::text::words::all_words;

/// What is done with a doubtful mention.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::export::open_data) enum Decision {
    Publish,
    Withhold,
}

/// What people decided about doubtful mentions.
#[derive(Debug, Clone, Default)]
pub struct Decisions {
    /// Each by its key, with its reason and its line.
    known: BTreeMap<String, (Decision, String, u64)>,
    /// The mentions that are withheld, where the list still has them: their sentences may have changed since.
    withheld: Vec<String>,
    met: RefCell<BTreeSet<u64>>,
    file: String,
}

impl Decisions {
    /// Reads the list that a publication wrote: a CSV file with the columns `cle`, `decision` (`publier` or `retirer`, or
    /// nothing yet) and `motif`; where it has its column `mention` too, whoever is withheld is so in any sentence.
    ///
    /// # Errors
    /// When it is not such a list, or a decision is neither of the two.
    pub fn parse(text: &str, file: &str) -> Result<Decisions> {
        let mut decisions = Decisions { file: file.to_owned(), ..Decisions::default() };
        const COLUMNS: [&str; 4] = ["cle", "decision", "motif", "mention"];
        for (line, [key, decision, reason, mention]) in rows(text, file, COLUMNS, 3)? {
            let decision = match folded(&decision).as_str() {
                "" => continue,
                "publier" => Decision::Publish,
                "retirer" => Decision::Withhold,
                _ => {
                    return Err(Error::new(
                        ErrorKind::Usage,
                        format!("« {decision} » n’est pas une décision ; écrivez « publier », « retirer », ou rien"),
                        format!(
                            "“{decision}” is no decision; write “publier” (publish), “retirer” (withhold), or nothing"
                        ),
                    )
                    .in_file(file)
                    .at(line, None));
                }
            };
            // The reason is published with the counts.
            if super::may_tell_somebody(&reason) {
                return Err(telling_reason(file, line));
            }
            if decision == Decision::Withhold {
                decisions.withheld.push(mention);
            }
            decisions.known.insert(key, (decision, reason, line));
        }
        Ok(decisions)
    }

    fn of(&self, key: &str) -> Option<(Decision, &str)> {
        let (decision, reason, line) = self.known.get(key)?;
        self.met.borrow_mut().insert(*line);
        Some((*decision, reason))
    }

    /// The mentions that somebody decided to withhold, as the list has them.
    pub(super) fn withheld(&self) -> impl Iterator<Item = &str> {
        self.withheld.iter().map(String::as_str)
    }

    /// Refuses the reasons that tell a part of a mention that was withheld, by `words` of these mentions, folded.
    ///
    /// # Errors
    /// When one does; it is published with the counts.
    fn without_words(&self, words: &BTreeSet<String>) -> Result<()> {
        let tells = |reason: &str| all_words(reason).iter().any(|word| words.contains(&folded(word.text)));
        let mut lines = self.known.values().filter(|(_, reason, _)| !words.is_empty() && tells(reason));
        match lines.next() {
            Some((.., line)) => Err(telling_reason(&self.file, *line)),
            None => Ok(()),
        }
    }

    /// The lines of those that concern no mention any more, in order.
    pub fn unmatched(&self) -> Vec<u64> {
        let met = self.met.borrow();
        let mut lines: Vec<u64> =
            self.known.values().map(|(_, _, line)| *line).filter(|line| !met.contains(line)).collect();
        lines.sort_unstable();
        lines
    }
}

/// The error of a reason that would publish somebody.
fn telling_reason(file: &str, line: u64) -> Error {
    Error::new(
        ErrorKind::Usage,
        "le motif d’une décision est publié ; celui-ci nomme ou permet de joindre quelqu’un ; récrivez-le",
        "the reason of a decision is published; this one names or reaches somebody; write it otherwise",
    )
    .in_file(file)
    .at(line, None)
}

/// What is done with a doubtful mention that nobody decided about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Doubtful {
    /// It is published, and listed.
    #[default]
    Publish,
    /// Its sentence is withheld, and it is listed.
    Withhold,
}

/// A doubtful mention of a record.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub(in crate::export::open_data) struct Mention {
    pub pointer: String,
    pub mention: String,
    /// The sentence.
    pub context: String,
    pub why: String,
    /// What was decided, with its reason; nothing where nobody did.
    pub decision: Option<(bool, String)>,
    pub is_published: bool,
}

/// Bytes of a sentence on either side of what is doubtful in it: what has no end of a sentence for longer is cut at a blank, or
/// a text of nothing but doubts would be listed as often as it has of them.
const FARTHEST: usize = 600;

/// The sentence of a text in which a range stands.
pub(super) fn sentence(text: &str, (start, end): (usize, usize)) -> (usize, usize) {
    let is_end = |at: usize| {
        let after = text[at..].chars().nth(1);
        match text.as_bytes()[at] {
            b'\n' => true,
            0xE2 => text[at..].starts_with(LINE_END),
            b'.' => after.is_none_or(char::is_whitespace) && !is_abbreviated(&text[..at]),
            b'!' | b'?' => after.is_none_or(char::is_whitespace),
            _ => false,
        }
    };
    let ends = |at: &usize| text.is_char_boundary(*at) && is_end(*at);
    let end_length = |at: usize| text[at..].chars().next().map_or(1, char::len_utf8);
    let is_blank = |at: &usize| text.as_bytes()[*at] == b' ';
    let (first, last) = (start.saturating_sub(FARTHEST), text.len().min(end + FARTHEST));
    let from = match (first..start).rev().find(ends) {
        Some(at) => at + end_length(at),
        None if first == 0 => 0,
        None => (first..start).find(is_blank).map_or(start, |at| at + 1),
    };
    let to = match (end..last).find(ends) {
        Some(at) => at + end_length(at),
        None if last == text.len() => last,
        None => (end..last).rev().find(is_blank).unwrap_or(end),
    };
    let own = &text[from..to];
    let from = to - own.trim_start().len();
    (from.min(start), to)
}

/// « M. », « J. »: the full stop of an abbreviation ends no sentence.
fn is_abbreviated(before: &str) -> bool {
    let word = before.len() - before.trim_end_matches(char::is_alphanumeric).len();
    (1..3).contains(&word)
}

impl super::Privacy {
    /// Decides about what is doubtful in a text: what is listed goes to `list`, the sentences to withhold are answered.
    pub(super) fn settle(
        &self,
        pointer: &str,
        text: &str,
        doubts: &[((usize, usize), &'static str)],
        list: &mut Vec<Mention>,
    ) -> Vec<(usize, usize)> {
        let mut withheld = Vec::new();
        for (span, why) in doubts {
            let (from, to) = sentence(text, *span);
            let (mention, context) = (&text[span.0..span.1], &text[from..to]);
            let key = key(mention, context);
            let decided = self.decisions.of(&key);
            let is_published = match decided {
                Some((decision, _)) => decision == Decision::Publish,
                None => self.doubtful == Doubtful::Publish,
            };
            if !is_published {
                withheld.push((from, to));
            }
            list.push(Mention {
                pointer: pointer.to_owned(),
                mention: mention.replace(LINE_END, " "),
                context: context.replace(LINE_END, " "),
                why: (*why).to_owned(),
                // The reason is published: it does not say whom the mention names.
                decision: decided.map(|(decision, reason)| {
                    let told = folded(reason).contains(&folded(mention));
                    let reason = if told { "motif non publié : il nomme la personne" } else { reason };
                    (decision == Decision::Publish, reason.to_owned())
                }),
                is_published,
            });
        }
        withheld
    }
}

/// What names a mention in its sentence, in whatever record and order it comes again.
fn key(mention: &str, context: &str) -> String {
    let hash = Sha256::new().chain_update(folded(mention)).chain_update("|").chain_update(folded(context)).finalize();
    hash.iter().take(8).map(|byte| format!("{byte:02x}")).collect()
}

/// Whether a word of a mention, folded, tells whom it names: it is none of the language.
fn is_telling(word: &str) -> bool {
    !is_common(word) && !is_function_word(word) && !PARTICLES.contains(word)
}

/// How many doubtful mentions there are, by whether they are published and why.
pub(in crate::export::open_data) type Doubts = BTreeMap<(bool, String), u64>;

/// The list of doubtful mentions on its way.
pub(in crate::export::open_data) struct List<W: Write> {
    out: csv::Writer<W>,
    /// Keys written so far: the same sentence is looked at once.
    keys: BTreeSet<String>,
    /// How many are listed, and how many of those have no decision.
    pub undecided: u64,
    /// By what was done and why.
    pub counts: Doubts,
    /// The words of the mentions that somebody decided to withhold, but for those of the language.
    withheld: BTreeSet<String>,
}

impl<W: Write> List<W> {
    pub fn new(mut out: W) -> std::io::Result<List<W>> {
        // Excel takes the file for UTF-8.
        out.write_all("\u{feff}".as_bytes())?;
        let mut out = csv::WriterBuilder::new().delimiter(b';').terminator(csv::Terminator::CRLF).from_writer(out);
        out.write_record(["cle", "decision", "motif", "fiche", "champ", "mention", "contexte", "pourquoi"])?;
        Ok(List { out, keys: BTreeSet::new(), undecided: 0, counts: BTreeMap::new(), withheld: BTreeSet::new() })
    }

    pub fn add(&mut self, id: &str, mention: &Mention) -> std::io::Result<()> {
        let why = match &mention.decision {
            Some((_, reason)) if !reason.is_empty() => reason.clone(),
            Some(_) => "décision sans motif".to_owned(),
            None => mention.why.clone(),
        };
        *self.counts.entry((mention.is_published, why)).or_default() += 1;
        if matches!(mention.decision, Some((false, _))) {
            // Of « Le Lien, Zélie Quincampoix » a reason may say « lien ».
            let telling = all_words(&mention.mention).into_iter().map(|word| folded(word.text));
            self.withheld.extend(telling.filter(|word| word.len() > 2 && is_telling(word)));
        }
        let key = key(&mention.mention, &mention.context);
        if !self.keys.insert(key.clone()) {
            return Ok(());
        }
        let (decision, reason) = match &mention.decision {
            Some((true, reason)) => ("publier", reason.as_str()),
            Some((false, reason)) => ("retirer", reason.as_str()),
            None => {
                self.undecided += 1;
                ("", "")
            }
        };
        let safe = |text: &str| {
            let is_formula = text.starts_with(['=', '+', '-', '@', '\t', '\r']);
            if is_formula { format!("'{text}") } else { text.to_owned() }
        };
        let row = [
            &key,
            decision,
            reason,
            id,
            &mention.pointer,
            &safe(&mention.mention),
            &safe(&mention.context),
            &mention.why,
        ];
        self.out.write_record(row)?;
        Ok(())
    }

    /// Ends the list; the reasons of `decisions` are published with the counts.
    ///
    /// # Errors
    /// When the list cannot be written, or a reason tells whom a mention names that somebody decided to withhold.
    pub fn finish(mut self, decisions: &Decisions) -> Result<(u64, Doubts)> {
        self.out.flush().map_err(write_error)?;
        decisions.without_words(&self.withheld)?;
        Ok((self.undecided, self.counts))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mention_has_its_sentence() {
        let text = "Le pôle bois. Avec M. Paul Sabatier, une université\u{a0}! Et la suite";
        let of = |part: &str| {
            let start = text.find(part).unwrap();
            let (from, to) = sentence(text, (start, start + part.len()));
            &text[from..to]
        };
        assert_eq!(of("Paul"), "Avec M. Paul Sabatier, une université\u{a0}!");
        assert_eq!(of("bois"), "Le pôle bois.");
        assert_eq!(of("suite"), "Et la suite");
        let long = "avec Jean Dupont ".repeat(1_000);
        let (from, to) = sentence(&long, (8_505, 8_516));
        assert!(from < 8_505 && 8_516 < to && to - from < 1_300, "{from}-{to}");
        assert!(
            long[from..to].starts_with(|c: char| c.is_alphabetic()) && !long[to..].starts_with(char::is_alphabetic)
        );
    }

    #[test]
    fn decisions_are_read_as_they_were_written() {
        let list = format!("\u{feff}cle;decision;motif;fiche\n{};publier;université\nx;;\n", key("Paul", "Avec Paul."));
        let decisions = Decisions::parse(&list, "a.csv").unwrap();
        assert_eq!(decisions.of(&key("PAUL", "avec Paul")), Some((Decision::Publish, "université")));
        assert!(decisions.unmatched().is_empty());
        assert!(Decisions::parse("cle;decision;motif\nx;oui;\n", "a.csv").is_err());
    }
}
