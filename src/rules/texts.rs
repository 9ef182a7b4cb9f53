//! Every text of a record, for the rules that look at texts whatever they mean.

use crate::entry::Entry;
use crate::record::Record;

/// Where a text stands. The pointer is only written when somebody asks for it.
#[derive(Clone, Copy)]
pub(super) struct Place {
    /// The pointer of its field, with `*` for the rank.
    pub field: &'static str,
    /// The rank of the element, counted from 0; 0 outside of lists.
    pub rank: usize,
}

impl Place {
    /// The JSON Pointer.
    pub fn pointer(self) -> String {
        match self.field.split_once('*') {
            Some((before, after)) => format!("{before}{}{after}", self.rank),
            None => self.field.to_owned(),
        }
    }
}

/// Shows each text of the record to `look`, unless a look at the whole row already tells that there is nothing to see.
pub(super) fn each_text_where(entry: &Entry, may_be: impl Fn(&[u8]) -> bool, look: impl FnMut(Place, &str)) {
    if entry.row_text().is_none_or(|text| may_be(text.as_bytes())) {
        each_text(&entry.record, look);
    }
}

/// Shows each text of `record` to `look`, but those that say where the record came from.
pub(super) fn each_text(record: &Record, mut look: impl FnMut(Place, &str)) {
    let mut one = |field, rank, text: &Option<String>| {
        if let Some(text) = text {
            look(Place { field, rank }, text);
        }
    };
    let r = record;
    one("/id", 0, &r.id);
    one("/nom", 0, &r.name);
    one("/sigle", 0, &r.acronym);
    one("/appel/edition", 0, &r.call.edition);
    one("/appel/statut", 0, &r.call.status);
    one("/appel/type", 0, &r.call.kind);
    one("/appel/date_annonce", 0, &r.call.announced);
    one("/region/code", 0, &r.region.code);
    one("/region/nom", 0, &r.region.name);
    one("/territoire/libelle", 0, &r.territory.label);
    for (rank, department) in r.territory.departments.iter().enumerate() {
        one("/territoire/departements/*/code", rank, &department.code);
        one("/territoire/departements/*/nom", rank, &department.name);
    }
    for (rank, commune) in r.territory.communes.iter().enumerate() {
        one("/territoire/communes/*/code_insee", rank, &commune.code);
        one("/territoire/communes/*/nom", rank, &commune.name);
    }
    one("/projet/resume", 0, &r.project.summary);
    one("/coordinateur/nom", 0, &r.coordinator.name);
    one("/coordinateur/forme_juridique", 0, &r.coordinator.legal_form);
    one("/coordinateur/siren", 0, &r.coordinator.siren);
    one("/coordinateur/siret", 0, &r.coordinator.siret);
    one("/coordinateur/rna", 0, &r.coordinator.rna);
    for (rank, partner) in r.partners.iter().enumerate() {
        one("/partenaires/*/nom", rank, &partner.name);
        one("/partenaires/*/categorie", rank, &partner.category);
        one("/partenaires/*/groupe", rank, &partner.group);
        one("/partenaires/*/note", rank, &partner.note);
    }
    for (rank, contact) in r.contacts.iter().enumerate() {
        one("/contacts/*/nom", rank, &contact.name);
        one("/contacts/*/fonction", rank, &contact.role);
        one("/contacts/*/courriel", rank, &contact.email);
        one("/contacts/*/telephone", rank, &contact.phone);
    }
    one("/adresse/complement", 0, &r.address.complement);
    one("/adresse/voie", 0, &r.address.street);
    one("/adresse/mention", 0, &r.address.delivery);
    one("/adresse/code_postal", 0, &r.address.postal_code);
    one("/adresse/commune", 0, &r.address.commune);
    one("/adresse/cedex", 0, &r.address.cedex);
    one("/site_web", 0, &r.website);
    one("/calendrier", 0, &r.schedule);
    one("/financement", 0, &r.funding);
    one("/evaluation", 0, &r.evaluation);
    one("/mise_en_reseau", 0, &r.networking);
    one("/politiques_locales", 0, &r.local_policies);
    let lists = [
        ("/territoire/priorites/*", &r.territory.priorities),
        ("/thematiques/*", &r.themes),
        ("/projet/objectifs/*", &r.project.objectives),
        ("/projet/actions/*", &r.project.actions),
    ];
    for (field, list) in lists {
        for (rank, text) in list.iter().enumerate() {
            look(Place { field, rank }, text);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::field::{FIELDS, Slot};
    use crate::record::Part;

    #[test]
    fn every_text_field_is_seen() {
        let mut record = Record::default();
        for field in FIELDS {
            match field.slot {
                Slot::Text(slot) => *slot(&mut record) = Some("x".into()),
                Slot::ElementText(slot) => *slot(&mut record, 0) = Some("x".into()),
                Slot::Texts(slot, _) => slot(&mut record).push("x".into()),
                Slot::Number(_) | Slot::Elements(..) | Slot::BeforeName => {}
            }
        }
        let mut seen = Vec::new();
        each_text(&record, |place, _| {
            assert!(matches!(record.at(&place.pointer()), Some(Part::Text("x"))), "{}", place.pointer());
            seen.push(place.field.trim_end_matches("/*"));
        });
        for field in FIELDS {
            let text = matches!(field.slot, Slot::Text(_) | Slot::ElementText(_) | Slot::Texts(..));
            if text && !field.pointer.starts_with("/source") {
                assert!(seen.contains(&field.pointer), "{field:?}");
            }
        }
    }
}
