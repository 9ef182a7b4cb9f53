//! Judged records one after the other, for callers that would rather pull than be called.

use crate::error::Result;
use crate::finding::Finding;
use crate::import::Input;
use crate::record::Record;
use crate::run::{self, Event, Options, Outcome};
use crate::settings::Settings;

/// Records that wait to be taken: the reader stops until there is room again.
#[cfg(not(target_family = "wasm"))]
const WAITING: usize = 256;

/// A record, and what is wrong with it.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Judged {
    /// Rank of the record in its file, counted from 1.
    pub index: u64,
    /// The record, right or wrong; its `source` says where it stood.
    pub record: Record,
    /// What is wrong with it, by itself: duplicates are known when all records are, see [`Records::finish`].
    pub findings: Vec<Finding>,
}

/// What is left to say once all records were taken.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Rest {
    /// Findings about the files (labels, blank rows, sheets), then duplicates.
    pub findings: Vec<Finding>,
    /// The sources that were read, and the verdict in figures.
    pub outcome: Outcome,
}

/// Judged records, in the order of the source; made by [`read`].
///
/// Dropped before its end, it ends the reading. Where there are no threads the records are all read at first, and held.
pub struct Records {
    events: Box<dyn Iterator<Item = Event> + Send>,
    /// Gives what the run came to, once its events are through.
    outcome: Option<Box<dyn FnOnce() -> Result<Outcome> + Send>>,
    ended: Option<Outcome>,
    rest: Vec<Finding>,
}

/// Reads the records of a source and judges them, one after the other, in memory that does not grow with their number.
///
/// ```
/// use ptce::{Input, Settings};
///
/// let csv = "nom,coordinateur_nom\nFabriques du Quercy,Ateliers réunis\nRoue libre,\n";
/// let mut records = ptce::read(Input::from_bytes("envoi.csv", csv.into()), &Settings::default());
/// let mut wrong = Vec::new();
/// for judged in &mut records {
///     let judged = judged?;
///     if judged.findings.iter().any(|finding| finding.code == "missing-coordinator") {
///         wrong.push(judged.record.name.unwrap_or_default());
///     }
/// }
/// assert_eq!(wrong, ["Roue libre"]);
/// assert_eq!(records.finish()?.outcome.summary.records, 2);
/// # Ok::<(), ptce::Error>(())
/// ```
///
/// An input that cannot be read gives the records before the fault, then the error, then nothing.
pub fn read(input: Input, settings: &Settings) -> Records {
    let options = Options { records: true, ..Options::default() };
    let settings = settings.clone();
    #[cfg(not(target_family = "wasm"))]
    {
        let (sender, receiver) = std::sync::mpsc::sync_channel(WAITING);
        let run = std::thread::spawn(move || {
            run::run(vec![input], &settings, &options, &mut |event| sender.send(event).map_err(|_| run::abandoned()))
        });
        let outcome = move || run.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic));
        Records {
            events: Box::new(receiver.into_iter()),
            outcome: Some(Box::new(outcome)),
            ended: None,
            rest: Vec::new(),
        }
    }
    #[cfg(target_family = "wasm")]
    {
        let mut events = Vec::new();
        let outcome = run::run(vec![input], &settings, &options, &mut |event| {
            events.push(event);
            Ok(())
        });
        Records {
            events: Box::new(events.into_iter()),
            outcome: Some(Box::new(|| outcome)),
            ended: None,
            rest: Vec::new(),
        }
    }
}

impl Records {
    /// What is left to say: takes the records that were not taken yet, without giving them.
    ///
    /// # Errors
    /// When the source cannot be read to its end.
    pub fn finish(mut self) -> Result<Rest> {
        for judged in &mut self {
            judged?;
        }
        let outcome = self.ended.take().ok_or_else(run::abandoned)?;
        Ok(Rest { findings: self.rest, outcome })
    }
}

impl Iterator for Records {
    type Item = Result<Judged>;

    fn next(&mut self) -> Option<Result<Judged>> {
        for event in self.events.by_ref() {
            match event {
                Event::Record(entry, findings) => {
                    return Some(Ok(Judged { index: entry.index, record: entry.into_record(), findings }));
                }
                Event::Findings(findings) => self.rest.extend(findings),
                Event::Encoded(_) | Event::Assessed(_) | Event::Unpublishable(..) => {}
            }
        }
        match self.outcome.take()?() {
            Ok(outcome) => {
                self.ended = Some(outcome);
                None
            }
            Err(error) => Some(Err(error)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(count: usize, end: &str) -> Input {
        let lines: String = (1..=count).map(|rank| format!("{{\"nom\":\"Pôle {rank}\"}}\n")).collect();
        Input::from_bytes("envoi.ndjson", format!("{lines}{end}").into_bytes())
    }

    #[test]
    fn records_before_a_fault_are_given_then_the_error() {
        let mut records = read(lines(300, "{\"nom\":"), &Settings::default());
        let given: Vec<u64> = records.by_ref().map_while(|judged| judged.ok().map(|judged| judged.index)).collect();
        // What stood in the batch of the fault may be lost with it.
        assert!(given.len() > 100 && given.iter().zip(1..).all(|(index, rank)| *index == rank));
        assert!(records.next().is_none());
        assert!(records.finish().is_err());
    }

    #[test]
    fn whoever_has_enough_may_stop() {
        let first: Vec<Judged> = read(lines(20_000, ""), &Settings::default()).take(2).map(Result::unwrap).collect();
        assert_eq!(first[1].record.name.as_deref(), Some("Pôle 2"));
        assert_eq!(first[1].record.source.line.as_ref().map(ToString::to_string).as_deref(), Some("2"));
    }

    #[test]
    fn duplicates_come_at_the_end() {
        let twins = Input::from_bytes("envoi.csv", b"id,nom\na,Roue\na,Libre\n".to_vec());
        let rest = read(twins, &Settings::default()).finish().unwrap();
        assert!(rest.findings.iter().any(|finding| finding.code == "duplicate-id"));
        assert_eq!(rest.outcome.summary.records, 2);
    }
}
