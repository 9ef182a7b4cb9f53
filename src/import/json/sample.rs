//! What the beginning of a file holds, by which its records and its lists are known.

use serde::de::{DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};

use serde_json::Value;

use super::pair::{self, Part};
use crate::import::survey::Survey;

/// The elements and values of a sample.
pub(super) fn survey(sample: &[u8]) -> Survey {
    let sample = sample.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(sample);
    let survey = looked_at(sample, Survey::new());
    let pairs = pair::lists_of_pairs(&survey.lists());
    // The values of pairs stand under their own labels, by which records are known.
    if pairs.is_empty() { survey } else { looked_at(sample, Survey::with_pairs(pairs)) }
}

fn looked_at(sample: &[u8], mut survey: Survey) -> Survey {
    let mut reader = serde_json::Deserializer::from_slice(sample);
    // What is wrong with the file is told when it is read; the sample may end anywhere.
    while (Visit { survey: &mut survey, rank: 0 }).deserialize(&mut reader).is_ok() {
        if survey.depth() != 1 {
            break;
        }
    }
    survey
}

/// Tells a survey what `serde_json` reads.
struct Visit<'s> {
    survey: &'s mut Survey,
    /// The rank, counted from 1, of an element of an array; 0 of what is none.
    rank: u64,
}

impl<'de> DeserializeSeed<'de> for Visit<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> std::result::Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl Visit<'_> {
    /// A pair, whose value is told under its label, and so are the rows of a block that is repeated.
    fn pair<'de, A: MapAccess<'de>>(self, mut map: A) -> std::result::Result<(), A::Error> {
        let (mut label, mut has_value, mut told) = (None, false, Vec::new());
        while let Some((name, value)) = map.next_entry::<String, Value>()? {
            match (Part::of(&name), value) {
                (Part::Label, Value::String(text)) => label = label.or(Some(text)),
                (Part::Value, value) if !has_value && !value.is_null() => {
                    has_value = true;
                    told.push(value);
                }
                (Part::Rest, value @ Value::Array(_)) => told.push(value),
                _ => {}
            }
        }
        if label.is_some_and(|label| self.survey.enter_label(&label)) {
            for value in told {
                // A value that is held has no fault of syntax.
                let _ = Visit { survey: self.survey, rank: 0 }.deserialize(value);
            }
            self.survey.leave();
        }
        Ok(())
    }
}

impl<'de> Visitor<'de> for Visit<'_> {
    type Value = ();

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("a value")
    }

    fn visit_unit<E>(self) -> std::result::Result<(), E> {
        Ok(())
    }

    fn visit_bool<E>(self, value: bool) -> std::result::Result<(), E> {
        self.survey.value(if value { "VRAI" } else { "FAUX" });
        Ok(())
    }

    fn visit_i64<E>(self, value: i64) -> std::result::Result<(), E> {
        self.survey.value(&value.to_string());
        Ok(())
    }

    fn visit_u64<E>(self, value: u64) -> std::result::Result<(), E> {
        self.survey.value(&value.to_string());
        Ok(())
    }

    fn visit_f64<E>(self, value: f64) -> std::result::Result<(), E> {
        self.survey.value(&value.to_string());
        Ok(())
    }

    fn visit_str<E>(self, value: &str) -> std::result::Result<(), E> {
        if self.rank == 1 {
            self.survey.list_begins(value);
        }
        self.survey.value(value);
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> std::result::Result<(), A::Error> {
        let is_numbered = self.survey.is_numbered();
        let mut rank = 0_u64;
        loop {
            if is_numbered && !self.survey.enter(&rank.to_string()) {
                return Ok(());
            }
            rank += 1;
            let found =
                list.next_element_seed(Visit { survey: self.survey, rank: if is_numbered { 0 } else { rank } })?;
            if is_numbered {
                self.survey.leave();
            }
            if found.is_none() {
                return Ok(());
            }
        }
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> std::result::Result<(), A::Error> {
        if self.rank > 0 && self.survey.holds_pairs() {
            return self.pair(map);
        }
        if self.rank > 0 {
            self.survey.item();
        }
        while let Some(key) = map.next_key::<String>()? {
            if !self.survey.enter(&key) {
                return Ok(());
            }
            map.next_value_seed(Visit { survey: self.survey, rank: 0 })?;
            self.survey.leave();
        }
        Ok(())
    }
}
