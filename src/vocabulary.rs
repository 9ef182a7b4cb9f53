//! The vocabulary says which field a label means. The labels themselves stand in the schema.
//!
//! A label is looked up by its words (`words`, `labels`, `plain`). It may join other labels (`joined`), or stand in a frame of
//! words that say nothing (`frames`). Where nothing but labels can stand, in a header or a tree (`header`, `tree`), it may be
//! misspelt too (`slips`), and the values below it bear it out or refute it (`evidence`).

mod choices;
mod evidence;
mod exports;
mod framed;
mod frames;
mod header;
mod joined;
mod labels;
mod meaning;
mod plain;
mod slips;
mod titles;
mod tree;
mod values_in_labels;
mod words;

pub use crate::row::Reason;
pub(crate) use choices::{is_choice, is_value, value};
pub(crate) use evidence::{Values, is_known_word, is_tick};
pub(crate) use exports::{aside, is_key};
pub(crate) use framed::{in_block, role};
pub(crate) use frames::{is_name_alone, is_of_coordinator, is_role_alone, whose};
pub(crate) use header::{list, meaning_in_header};
pub use meaning::{Meant, meaning};
pub(crate) use meaning::{meaning_below, with_heading};
pub use slips::meaning_despite_slips;
pub(crate) use titles::names_hub;
pub use tree::meaning_of_path;
pub(crate) use tree::{are_keys, meaning_in_tree, stands_alone};
pub(crate) use values_in_labels::{choice, department, is_heading, is_other, scaled, unit_below};

#[cfg(test)]
mod tests {
    use super::words::spaced;
    use super::*;
    use crate::row::Target;

    fn field(label: &str) -> Option<(&'static str, Option<Reason>)> {
        let meant = meaning_despite_slips(label);
        match meant.target {
            Target::Field(field, _) => Some((field.pointer, meant.reason)),
            _ => None,
        }
    }

    /// A text in the place of a label may have thousands of brackets, halves and names, each of which was looked at within the other.
    #[test]
    fn long_texts_are_no_labels() {
        for text in ["[point] ", "(75) ", "Contact 1 - ", "CP / Ville ", "a@", "c?t? "] {
            let text = text.repeat(8_000);
            assert!(matches!(meaning(&text).0, Target::Unknown), "{:.20}", text);
            assert!(matches!(meaning_in_header(&text, &Values::default()).target, Target::Unknown), "{:.20}", text);
            assert!(matches!(meaning_in_tree(&[&text], &Values::default()).target, Target::Unknown), "{:.20}", text);
        }
        let (target, _) = meaning("Code postal (5 chiffres) (obligatoire)");
        assert!(matches!(target, Target::Field(field, _) if field.pointer == "/adresse/code_postal"));
    }

    #[test]
    fn labels_as_people_write_them() {
        for (label, pointer, is_misspelt) in [
            ("Structure coordonatrice", "/coordinateur/nom", true),
            ("Structure\ncoordinatrice", "/coordinateur/nom", false),
            ("Mél.", "/contacts/*/courriel", false),
            ("Couriel", "/contacts/*/courriel", true),
            ("Dépt(s)", "/territoire/departements", false),
            ("Départements", "/territoire/departements", false),
            ("Déparetment", "/territoire/departements", true),
            ("N° de téléphone", "/contacts/*/telephone", false),
            ("Telephonne", "/contacts/*/telephone", true),
            ("Adrese", "/adresse/voie", true),
            ("Code potsal", "/adresse/code_postal", true),
            ("postal, code", "/adresse/code_postal", false),
            ("Thématqiues", "/thematiques", true),
            ("2. CONTACT", "/contacts/*/nom", false),
            ("IV) Partenaires", "/partenaires", false),
            ("2.1 Nom du PTCE", "/nom", false),
            ("Quel est le nom de votre PTCE ?", "/nom", false),
            ("Dans quelle région ?", "/region/nom", false),
            ("Merci d’indiquer votre adresse électronique", "/contacts/*/courriel", false),
        ] {
            let reason = field(label).map(|(found, reason)| (found, reason == Some(Reason::Misspelt)));
            assert_eq!(reason, Some((pointer, is_misspelt)), "{label}");
        }
    }

    /// A field, or several that a label could mean; « ? » when it means none.
    fn shown(label: &str) -> String {
        match meaning_despite_slips(label).target {
            Target::Field(field, _) => field.pointer.to_owned(),
            Target::Ambiguous(fields) => fields.iter().map(|field| field.pointer).collect::<Vec<_>>().join(" | "),
            Target::Joint(fields, _) => fields.iter().map(|field| field.pointer).collect::<Vec<_>>().join(" + "),
            _ => "?".to_owned(),
        }
    }

    #[test]
    fn labels_that_join_others() {
        for (label, expected) in [
            // Parts of an address, or of a contact: one cell, which is taken apart.
            ("CP Ville", "/adresse/commune"),
            ("CP - Ville", "/adresse/commune"),
            ("CP/Ville", "/adresse/commune"),
            ("Code postal et commune", "/adresse/commune"),
            ("Adresse / CP / Ville", "/adresse/voie"),
            ("Adresse, code postal, ville", "/adresse/voie"),
            ("Adresse CP Ville", "/adresse/voie"),
            ("Tel/mail", "/contacts/*/courriel"),
            ("Tél. – Mél.", "/contacts/*/courriel"),
            ("Tél mail", "/contacts/*/courriel"),
            ("Adresse mail / téléphone", "/contacts/*/courriel"),
            ("Contact 2 : tél / mail", "/contacts/*/courriel"),
            ("Nom et téléphone du contact", "/contacts/*/nom"),
            ("Contact (nom, fonction, tél.)", "/contacts/*/nom"),
            ("Nom et fonction du référent", "/contacts/*/nom"),
            // Several names of one thing.
            ("Porteur / coordinateur", "/coordinateur/nom"),
            ("Thèmes & secteurs", "/thematiques"),
            ("Acteurs et partenaires", "/partenaires"),
            // Different things: each cell is taken apart.
            ("Structure porteuse et statut", "/coordinateur/nom + /coordinateur/forme_juridique"),
            ("Nom du territoire / PTCE", "/territoire/libelle + /nom"),
            ("Structure et nom du contact", "/coordinateur/nom + /contacts/*/nom"),
            ("Fonction et téléphone", "/contacts/*/fonction + /contacts/*/telephone"),
            ("Salariés et ETP", "/emploi/salaries + /emploi/etp"),
            ("Région et département", "/region/nom + /territoire/departements"),
            // A group and its field are one label, and so is what the schema lists.
            ("Contact / Nom", "/contacts/*/nom"),
            ("Coordinateur / Statut", "/coordinateur/forme_juridique"),
            ("Statut de la structure porteuse", "/coordinateur/forme_juridique"),
            ("Nom et prénom", "/contacts/*/nom"),
            ("Nom / Prénom", "/contacts/*/nom"),
            ("BP/CS", "/adresse/mention"),
            ("Numéro et voie", "/adresse/voie"),
            // A part that is unknown leaves the whole unknown.
            ("Structure porteuse et commentaires", "?"),
            ("Ville adresse mail", "?"),
            // Lists and prose have marks of their own.
            ("Thématiques / Partenaires", "/thematiques | /partenaires"),
            ("Nom et prénom du président / téléphone", "/contacts/*/nom"),
            ("Ville (dpt)", "/adresse/commune + /territoire/departements"),
        ] {
            assert_eq!(shown(label), expected, "{label}");
        }
    }

    #[test]
    fn labels_say_whose_what_and_of_which_kind() {
        for (label, expected) in [
            ("Adresse postale de la structure", "/adresse/voie"),
            ("Code postal du porteur", "/adresse/code_postal"),
            ("Téléphone de la structure porteuse", "/contacts/*/telephone"),
            ("@", "/contacts/*/courriel"),
            ("@ du contact", "/contacts/*/courriel"),
            ("Labellisé le", "/appel/date_annonce"),
            ("Labellisé", "?"),
            ("Annoncé le", "/appel/date_annonce"),
            ("Nb de salariés (ETP)", "/emploi/etp"),
            ("Nombre de salariés en ETP", "/emploi/etp"),
            ("Type (émergent/consolidé)", "/appel/type"),
            ("Type (émergent ou en consolidation)", "/appel/type"),
            ("Statut (candidature, recevable, lauréat)", "/appel/statut"),
            ("Avis du comité", "?"),
            ("Chargé de mission", "/contacts/*/nom"),
            ("Financeurs", "/financement"),
            // Partners, and what they are.
            ("Partenaires", "/partenaires"),
            ("Partenaires ESS", "/partenaires"),
            ("Partenaires publics", "/partenaires"),
            ("Partenaires / Entreprises", "/partenaires"),
            ("Collectivités membres", "/partenaires"),
            ("Nombre de partenaires ESS", "?"),
            ("Entreprises", "?"),
            ("Réf.", "?"),
        ] {
            assert_eq!(shown(label), expected, "{label}");
        }
        let is_headed = |label: &str| matches!(meaning(label).0, Target::Field(field, _) if field.is_headed);
        assert!(is_headed("Partenaires ESS") && is_headed("Entreprises partenaires") && !is_headed("Partenaires"));
    }

    /// What a record tells of its place is its own, whatever the group that it stands in is called.
    #[test]
    fn places_stand_in_groups_of_any_name() {
        let shown = |meant: Meant| match meant.target {
            Target::Field(field, _) => field.pointer,
            _ => "?",
        };
        let parts = [
            ("Adresse", "/adresse/voie"),
            ("CodePostal", "/adresse/code_postal"),
            ("Ville", "/adresse/commune"),
            ("Region", "/region/nom"),
            ("Departement", "/territoire/departements"),
        ];
        let groups = ["Localisation", "LocalisationGeographique", "Coordonnees", "AdressePostale"];
        for (group, (part, expected)) in groups.iter().flat_map(|group| parts.map(|part| (group, part))) {
            assert_eq!(shown(meaning_in_tree(&[group, part], &Values::none())), expected, "{group}/{part}");
            let label = format!("{} {}", spaced(group), spaced(part));
            assert_eq!(shown(meaning_in_header(&label, &Values::none())), expected, "{label}");
        }
        for (path, expected) in [
            (["Territoire", "Ville"], "/territoire/communes"),
            (["Coordonnees", "Courriel"], "/contacts/*/courriel"),
            (["Banque", "Adresse"], "?"),
            (["Banque", "Region"], "?"),
            (["Partenaire", "Ville"], "?"),
            (["Partenaire", "CodePostal"], "?"),
            (["Membre", "Region"], "?"),
            (["Financeur", "Ville"], "?"),
        ] {
            assert_eq!(shown(meaning_in_tree(&path, &Values::none())), expected, "{path:?}");
        }
        for label in ["Partenaire ville", "Membre région", "Financeur commune", "Partenaire 1 code postal"] {
            assert_eq!(shown(meaning_in_header(label, &Values::none())), "?", "{label}");
        }
    }

    /// Other words of the language, a letter or two away from those of labels.
    #[test]
    fn other_words_are_no_slips() {
        for label in [
            "Courrier",
            "Auteurs",
            "Salaires",
            "Annexe",
            "Évolution",
            "Légion",
            "Contrat",
            "Paramètres",
            "Ordinateur",
            "Personnel",
            "Référence",
            "Fondations",
            "Prestation",
            "Appartement",
            "Secrétaires",
            "Cession",
            "Préférence",
            "Ferme",
            "N° PTCE",
            "Numéro du PTCE",
            "Quel est votre nom ?",
            "Êtes-vous une association ?",
        ] {
            assert_eq!(field(label), None, "{label}");
        }
    }
}
