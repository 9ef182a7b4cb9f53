//! Rows that are plainly in order: told from their cells, so that no record is built of them and no rule is asked.
//!
//! Nearly all rows of a register are such rows. The look may be unsure of a row in order, and is never sure of another
//! one: each of its conditions is at least as narrow as those of the rules, and a build with debug assertions, such as that
//! of the tests, judges each row that the look is sure of all the same, and fails where something is found in it.

use super::duplicates::Identity;
use crate::address::{self, streets};
use crate::field::{Field, Fields, code_and_name};
use crate::mapping::{self, Plan};
use crate::reading::{is_region, sirene, sites};
use crate::record::{Address, year_of};
use crate::reference::communes::department_of;
use crate::reference::departments::{self, Department};
use crate::reference::postal_codes::{Agreement, agreement};
use crate::reference::regions::{self, RegionSet};
use crate::row::{Cell, Layout, Row, Target};
use crate::schema::{Form, form_of};
use crate::text::{damage, mail_services, mailboxes, people, phones, placeholder};

/// What the value under a label must be for the row to be in order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Look {
    /// Words, which no rule but those of all texts looks at, or what the schema alone speaks of.
    Words,
    /// Several of these, parted as their field parts them.
    Listed,
    Id,
    Name,
    Edition,
    Region,
    Departments,
    Coordinator,
    Siren,
    Siret,
    Person,
    Role,
    Mailbox,
    Telephone,
    Complement,
    Street,
    PostalCode,
    Commune,
    Site,
}

/// The fields that a look knows; a row with a value of any other field goes the whole way.
const LOOKS: &[(&str, Look)] = &[
    ("/id", Look::Id),
    ("/nom", Look::Name),
    ("/appel/edition", Look::Edition),
    ("/appel/statut", Look::Words),
    ("/appel/type", Look::Words),
    ("/region/nom", Look::Region),
    ("/territoire/libelle", Look::Words),
    ("/territoire/departements", Look::Departments),
    ("/thematiques", Look::Listed),
    ("/projet/resume", Look::Words),
    ("/projet/objectifs", Look::Listed),
    ("/projet/actions", Look::Listed),
    ("/coordinateur/nom", Look::Coordinator),
    ("/coordinateur/forme_juridique", Look::Words),
    ("/coordinateur/siren", Look::Siren),
    ("/coordinateur/siret", Look::Siret),
    ("/partenaires", Look::Listed),
    ("/contacts/*/nom", Look::Person),
    ("/contacts/*/fonction", Look::Role),
    ("/contacts/*/courriel", Look::Mailbox),
    ("/contacts/*/telephone", Look::Telephone),
    ("/adresse/complement", Look::Complement),
    ("/adresse/voie", Look::Street),
    ("/adresse/code_postal", Look::PostalCode),
    ("/adresse/commune", Look::Commune),
    ("/site_web", Look::Site),
    ("/calendrier", Look::Words),
    ("/financement", Look::Words),
    ("/evaluation", Look::Words),
    ("/mise_en_reseau", Look::Words),
    ("/politiques_locales", Look::Words),
];

/// What each record is asked for: without a label for it, no row is in order.
const ASKED: &[Look] = &[
    Look::Name,
    Look::Region,
    Look::Departments,
    Look::Coordinator,
    Look::Person,
    Look::Mailbox,
    Look::PostalCode,
    Look::Commune,
];

/// A row in which plainly nothing is to be found.
pub(super) struct Plain<'b> {
    /// The fields that its record has a value of.
    pub has: Fields,
    /// What makes it the same as another one.
    pub identity: Identity<'b>,
}

/// How the rows of a layout are looked at.
pub(super) struct Looks {
    of_labels: Vec<OfLabel>,
}

/// What is done with the value under a label.
enum OfLabel {
    /// It is in no field, where no rule sees it.
    Pass,
    /// It must be what the look and the schema ask for.
    Look(&'static Field, Look, &'static Form),
    /// Only the whole way tells.
    Unsure,
}

impl Looks {
    /// Of a layout; none where its values cannot be told one by one.
    pub fn of(layout: &Layout, plan: &Plan) -> Option<Looks> {
        let of_field = |field: &'static Field| {
            let (_, look) = LOOKS.iter().find(|(pointer, _)| *pointer == field.pointer)?;
            // What a list holds is told by its look.
            let form = if field.is_list() { &Form::Any } else { form_of(field)? };
            Some(OfLabel::Look(field, *look, form))
        };
        let of_label = |(label, target): (usize, &Target)| match target {
            Target::Field(field, None) => of_field(field).unwrap_or(OfLabel::Unsure),
            _ if plan.passes(label) => OfLabel::Pass,
            _ => OfLabel::Unsure,
        };
        let targets = layout.labels.iter().map(|label| &label.target).enumerate();
        let of_labels: Vec<OfLabel> = targets.map(of_label).collect();
        let has =
            |asked: &Look| of_labels.iter().any(|known| matches!(known, OfLabel::Look(_, look, _) if look == asked));
        (!layout.has_parts && ASKED.iter().all(has)).then_some(Looks { of_labels })
    }

    /// What the row of a record plainly is; none where that is not sure.
    pub fn at<'b>(&self, row: Row<'b>) -> Option<Plain<'b>> {
        let mut seen = Seen::default();
        for cell in row.cells() {
            match &self.of_labels[cell.label as usize] {
                OfLabel::Pass => {}
                OfLabel::Look(field, look, form) => {
                    let text = row.text(cell);
                    let is_new = seen.has.insert(field) || field.is_list();
                    if !is_new || !form.is_sure_of(text) || !seen.is_sure_of(*look, field, cell, text) {
                        return None;
                    }
                }
                OfLabel::Unsure => return None,
            }
        }
        let is_sure = seen.agrees() && !damage::is_possible(row.all_text().as_bytes());
        is_sure.then_some(Plain { has: seen.has, identity: seen.identity })
    }
}

/// What was seen in a row so far.
#[derive(Default)]
struct Seen<'b> {
    has: Fields,
    identity: Identity<'b>,
    region: Option<&'b str>,
    departments: [Option<&'static Department>; Seen::DEPARTMENTS],
    edition: Option<&'b str>,
    has_coordinator: bool,
    has_contact: bool,
    address: Address<&'b str>,
}

impl<'b> Seen<'b> {
    /// Departments of a territory that is looked at.
    const DEPARTMENTS: usize = 8;

    /// Whether a value that the schema takes is plainly right by itself.
    fn is_sure_of(&mut self, look: Look, field: &'static Field, cell: &Cell, text: &'b str) -> bool {
        let is_value =
            |text: &str| text.len() > placeholder::MOST_BYTES || !placeholder::says_nothing(text, field.pointer);
        let place = (cell.line, cell.column, cell.label);
        match look {
            Look::Words => is_value(text),
            Look::Listed => mapping::values(field, text, cell.single).all(|value| is_value(&value)),
            Look::Id => {
                self.identity.id = Some((text, place));
                true
            }
            Look::Name => {
                self.identity.name = Some((text, place));
                is_value(text)
            }
            Look::Edition => {
                self.edition = Some(text);
                is_value(text)
            }
            Look::Region => {
                self.region = Some(text);
                is_region(text)
            }
            Look::Departments => mapping::values(field, text, cell.single).all(|value| self.is_department(&value)),
            Look::Coordinator => {
                self.has_coordinator = true;
                is_value(text)
            }
            Look::Siren => self.identity.number.replace(text).is_none() && sirene::is_siren(text),
            // A spreadsheet makes zeros of the last digits.
            Look::Siret => {
                self.identity.number.replace(text).is_none() && !text.ends_with("0000") && sirene::is_siret(text)
            }
            Look::Person => {
                self.has_contact = true;
                !people::may_be_several(text) && is_value(text)
            }
            Look::Role => !people::may_be_several_roles(text) && is_value(text),
            Look::Mailbox => {
                self.identity.email = Some(text);
                let domain = text.split_once('@').map_or("", |(_, domain)| domain);
                // The schema is sure of usual mailboxes alone.
                mailboxes::ends_in_letters(text)
                    && people::is_plainly_one(field.pointer, text)
                    && mail_services::right_domain(domain).is_none()
            }
            Look::Telephone => {
                let is_usual = |byte: u8| byte.is_ascii_digit() || matches!(byte, b' ' | b'.' | b'+');
                text.starts_with(['0', '+'])
                    && text.len() < 20
                    && text.bytes().all(is_usual)
                    && phones::Number::parse(text).is_some_and(|number| number.odd_prefix().is_none())
            }
            Look::Complement => {
                self.address.complement = Some(text);
                is_value(text)
            }
            Look::Street => {
                self.address.street = Some(text);
                is_value(text) && streets::look_at(text) == streets::Street::Sound
            }
            Look::PostalCode => {
                self.address.postal_code = Some(text);
                true
            }
            Look::Commune => {
                self.address.commune = Some(text);
                true
            }
            Look::Site => sites::is_canonical(text),
        }
    }

    fn is_department(&mut self, text: &str) -> bool {
        let (Some(code), None) = code_and_name(text) else { return false };
        let place = self.departments.iter_mut().find(|known| known.is_none());
        place.is_some_and(|place| {
            *place = departments::by_code(code);
            place.is_some()
        })
    }

    /// Whether the row has what a record is asked for, and its values go together.
    fn agrees(&mut self) -> bool {
        let Address { postal_code: Some(code), commune: Some(commune), .. } = self.address else { return false };
        let is_whole =
            self.identity.name.is_some() && self.has_coordinator && self.has_contact && self.identity.email.is_some();
        self.identity.place = Some(commune);
        self.identity.street = self.address.street;
        self.identity.postal_code = Some(code);
        is_whole
            && address::is_settled(&self.address)
            && self.is_in_region()
            && match agreement(code, commune) {
                Agreement::Served(seat) => {
                    let seat = department_of(seat);
                    seat.is_some() && self.departments.contains(&seat)
                }
                _ => false,
            }
    }

    /// Whether all departments lie in the region, which is one of the year of the record.
    fn is_in_region(&self) -> bool {
        let set = self.edition.and_then(year_of).map_or(RegionSet::Present, RegionSet::of_year);
        let region = self.region.and_then(|name| regions::by_name(set, name));
        region.is_some_and(|region| {
            self.departments[0].is_some()
                && self.departments.iter().flatten().all(|department| department.region_in(set) == region.code)
        })
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::AtomicU64;

    use proptest::prelude::*;

    use super::*;
    use crate::import::{self, Input};
    use crate::rules::RULES;
    use crate::run::{Options, run};
    use crate::settings::Settings;

    /// Labels, and the values of a row that is in order.
    const ROW: &[(&str, &str)] = &[
        ("identifiant", "fil-de-brebis"),
        ("nom", "Pôle laine d’Aubrac n° 2"),
        ("édition", "2021"),
        ("statut", "laureat"),
        ("région", "Nouvelle-Aquitaine"),
        ("départements", "40;64"),
        ("territoire", "Pays de la laine"),
        ("thématiques", "Laine;Insertion par l’activité économique"),
        ("résumé", "Dit \"le fil\" : relancer la laine, de la tonte au tissage."),
        ("coordinateur", "Atelier de la laine"),
        ("forme juridique", "SCIC"),
        ("siret", "99916408000015"),
        ("contact nom", "Jeanne Modèle"),
        ("contact fonction", "Directrice"),
        ("contact courriel", "jeanne.modele@laine.example.org"),
        ("contact téléphone", "01 99 00 12 34"),
        ("adresse", "12, rue de la République"),
        ("code postal", "40270"),
        ("commune", "Grenade-sur-l'Adour"),
        ("partenaires", "Tissage du Lot;Mairie de Figeac"),
        ("site web", "https://www.laine.example.org/ptce"),
    ];

    /// What stands in the place of one of these: much of it wrong, some right.
    const OTHERS: &[&str] = &[
        "",
        "néant",
        "à compléter",
        "n/a;Laine",
        "40270",
        "75001",
        "64",
        "33;40",
        "2A",
        "99",
        "Landes (40)",
        "Aquitaine",
        "Bretagne",
        "2014",
        "2012-2013",
        "Lauréat",
        "12 zone artisanale de la Gare",
        "12 rue de la Gare 40270 Grenade",
        "rue de la Gare",
        "12",
        "Dax",
        "Gap Cedex 9",
        "Grenade (40)",
        "www.example.org",
        "https://example",
        "jean@gmial.com",
        "jean(at)example.org",
        "a@example.org, b@example.org",
        "Paul Durand et Anne Petit",
        "Directrice et trésorier",
        "0199001234",
        "+33 1 99 00 12 34",
        "01 62 00 12 34",
        "99 00 12 34",
        "99916408000016",
        "999164080",
        "999 164 080 00015",
        "3,56E+13",
        "PÃ´le",
        "coop?ration",
        "#REF!",
        "<p>Laine</p>",
        "**Laine**",
        "'08",
        "-5",
        "Pôle | Laine",
    ];

    fn csv(values: impl Iterator<Item = &'static str>) -> String {
        let quoted = |text: &str| format!("\"{}\"", text.replace('"', "\"\""));
        let line = |cells: Vec<String>| cells.join(",") + "\n";
        line(ROW.iter().map(|(label, _)| quoted(label)).collect()) + &line(values.map(quoted).collect())
    }

    /// Whether the look is sure of each row of a source.
    fn are_plain(csv: &str) -> Vec<bool> {
        let mut input = Input::from_bytes("envoi.csv", csv.as_bytes().to_vec());
        let format = input.format().unwrap();
        let mut told = Vec::new();
        import::read(input, format, &Arc::new(AtomicU64::new(0)), &mut |batch| {
            let looks = Looks::of(&batch.layout, &Plan::of(&batch.layout));
            told.extend(batch.rows().map(|row| looks.as_ref().is_some_and(|looks| looks.at(row).is_some())));
            Ok(())
        })
        .unwrap();
        told
    }

    /// Judges a source, which fails where something is found in a row that the look is sure of.
    fn judge(file: &str, source: &str) {
        let input = Input::from_bytes(file, source.as_bytes().to_vec());
        // What cannot be read holds no row.
        let _ = run(vec![input], &Settings::default(), &Options::default(), &mut |_| Ok(()));
    }

    #[test]
    fn ordinary_rows_are_plain() {
        assert_eq!(are_plain(&csv(ROW.iter().map(|(_, value)| *value))), [true]);
        judge("envoi.csv", &csv(ROW.iter().map(|(_, value)| *value)));
    }

    /// The row with other values in some places.
    fn changed(changes: &[(usize, usize)]) -> String {
        let own = ROW.iter().map(|(_, own)| *own).enumerate();
        csv(own
            .map(|(at, own)| changes.iter().find(|(place, _)| *place == at).map_or(own, |(_, other)| OTHERS[*other])))
    }

    #[test]
    fn what_a_rule_finds_is_never_plain() {
        for rule in RULES.iter().filter(|rule| !rule.wrong.is_empty()) {
            judge(if rule.wrong.starts_with(['{', '[']) { "envoi.json" } else { "envoi.csv" }, rule.wrong);
        }
        let each = || (0..ROW.len()).flat_map(|at| (0..OTHERS.len()).map(move |other| [(at, other)]));
        each().for_each(|change| judge("envoi.csv", &changed(&change)));
        let plain = each().filter(|change| are_plain(&changed(change)) == [true]).count();
        assert!(plain > 100, "some words are as good as others, and the look is sure of them");
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(400) })]

        #[test]
        fn nothing_is_found_in_plain_rows(changes in prop::collection::vec((0..ROW.len(), 0..OTHERS.len()), 2..5)) {
            judge("envoi.csv", &changed(&changes));
        }
    }
}
