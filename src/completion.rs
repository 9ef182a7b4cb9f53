//! What a record leaves out and the rest of it tells: the department of its address, the region of its departments.

use crate::record::{Department, Map, Record};
use crate::reference::postal_codes;
use crate::reference::regions::RegionSet;
use crate::rules::{missing_department, places};

/// A value that was added to a record.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Completed {
    /// The place in the record, a JSON Pointer.
    pub pointer: &'static str,
    /// The value.
    pub value: String,
    /// The values of the record that tell it.
    pub from: String,
}

/// Adds the department and the region that a record does not name, where the rest of it tells them: the region as of its
/// call. What it names stays, right or wrong.
///
/// ```
/// let csv = "nom;code postal;commune;édition\nFabriques du Quercy;46100;Figeac;2013\n";
/// let mut records = ptce::records(vec![ptce::Input::from_bytes("envoi.csv", csv.into())])?;
/// let told = ptce::completion::complete(&mut records[0]);
/// assert_eq!(records[0].territory.departments[0].code.as_deref(), Some("46"));
/// assert_eq!(records[0].region.name.as_deref(), Some("Midi-Pyrénées"));
/// assert_eq!((told[0].value.as_str(), told[0].from.as_str()), ("Lot (46)", "46100 Figeac"));
/// # Ok::<(), ptce::Error>(())
/// ```
pub fn complete(record: &mut Record) -> Vec<Completed> {
    let mut completed = Vec::new();
    let view = record.map(&mut String::as_str);
    let (code, commune) = (view.address.postal_code, view.address.commune);
    let agreement = code.zip(commune).map(|(code, commune)| postal_codes::agreement(code, commune));
    if let Some(department) = missing_department::of_seat(&view, agreement) {
        let from = [code, commune].into_iter().flatten().collect::<Vec<_>>().join(" ");
        let value = format!("{} ({})", department.name, department.code);
        completed.push(Completed { pointer: "/territoire/departements", value, from });
        record.territory.departments =
            vec![Department { code: Some(department.code.to_owned()), name: Some(department.name.to_owned()) }];
    }
    let view = record.map(&mut String::as_str);
    if view.region.code.is_none() && view.region.name.is_none() {
        let set = places::set_of(&view).unwrap_or(RegionSet::Present);
        if let Some(region) = places::shared_region(&view, set) {
            let names = view.territory.departments.iter().filter_map(|one| one.name.or(one.code));
            let from = names.collect::<Vec<_>>().join(", ");
            completed.push(Completed { pointer: "/region", value: region.name.to_owned(), from });
            record.region.code = Some(region.code.to_owned());
            record.region.name = Some(region.name.to_owned());
        }
    }
    completed
}
