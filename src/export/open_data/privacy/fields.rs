//! The published fields of a record, by what can be taken out of them.

use crate::record::Record;

/// The parts of a submission that are not for publication.
pub(super) fn dossier(record: &mut Record) -> [(&'static str, &mut Option<String>); 5] {
    [
        ("/calendrier", &mut record.schedule),
        ("/financement", &mut record.funding),
        ("/evaluation", &mut record.evaluation),
        ("/mise_en_reseau", &mut record.networking),
        ("/politiques_locales", &mut record.local_policies),
    ]
}

/// Calls `each` for every text that is published.
pub(super) fn each_text(record: &mut Record, each: &mut dyn FnMut(&'static str, &mut String)) {
    let mut one = |pointer, place: &mut Option<String>| place.iter_mut().for_each(|text| each(pointer, text));
    one("/nom", &mut record.name);
    one("/sigle", &mut record.acronym);
    one("/appel/edition", &mut record.call.edition);
    one("/region/nom", &mut record.region.name);
    one("/territoire/libelle", &mut record.territory.label);
    one("/projet/resume", &mut record.project.summary);
    one("/coordinateur/nom", &mut record.coordinator.name);
    one("/coordinateur/forme_juridique", &mut record.coordinator.legal_form);
    one("/adresse/complement", &mut record.address.complement);
    one("/adresse/voie", &mut record.address.street);
    one("/adresse/mention", &mut record.address.delivery);
    one("/adresse/commune", &mut record.address.commune);
    for department in &mut record.territory.departments {
        one("/territoire/departements/*/nom", &mut department.name);
    }
    for commune in &mut record.territory.communes {
        one("/territoire/communes/*/nom", &mut commune.name);
    }
    for partner in &mut record.partners {
        one("/partenaires/*/nom", &mut partner.name);
        one("/partenaires/*/groupe", &mut partner.group);
        one("/partenaires/*/note", &mut partner.note);
    }
    for contact in &mut record.contacts {
        one("/contacts/*/fonction", &mut contact.role);
    }
    record.territory.priorities.iter_mut().for_each(|text| each("/territoire/priorites/*", text));
    record.themes.iter_mut().for_each(|text| each("/thematiques/*", text));
    record.project.objectives.iter_mut().for_each(|text| each("/projet/objectifs/*", text));
    record.project.actions.iter_mut().for_each(|text| each("/projet/actions/*", text));
}

/// Calls `each` for every published value that is no text: part of one would be worth nothing.
pub(super) fn each_code(record: &mut Record, each: &mut dyn FnMut(&'static str, &mut Option<String>)) {
    each("/id", &mut record.id);
    each("/appel/statut", &mut record.call.status);
    each("/appel/type", &mut record.call.kind);
    each("/appel/date_annonce", &mut record.call.announced);
    each("/region/code", &mut record.region.code);
    each("/coordinateur/siren", &mut record.coordinator.siren);
    each("/coordinateur/siret", &mut record.coordinator.siret);
    each("/coordinateur/rna", &mut record.coordinator.rna);
    each("/adresse/code_postal", &mut record.address.postal_code);
    each("/adresse/cedex", &mut record.address.cedex);
    each("/site_web", &mut record.website);
    for department in &mut record.territory.departments {
        each("/territoire/departements/*/code", &mut department.code);
    }
    for commune in &mut record.territory.communes {
        each("/territoire/communes/*/code_insee", &mut commune.code);
    }
    for partner in &mut record.partners {
        each("/partenaires/*/categorie", &mut partner.category);
    }
}
