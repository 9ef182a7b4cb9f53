//! Rows that are plainly in order: told from their cells, so that no record is built of them and no rule is asked.
//!
//! Nearly all rows of a register are such rows. The look may be unsure of a row in order, and is never sure of another
//! one: each of its conditions is at least as narrow as those of the rules, and a build with debug assertions, such as that
//! of the tests, judges each row that the look is sure of all the same, and fails where something is found in it.

mod memo;
mod quick;

use std::borrow::Cow;

use bumpalo::Bump;

use self::memo::Memo;
use super::duplicates::Identity;
use crate::address::{self, streets};
use crate::field::{Field, Fields, Kind, code_and_name};
use crate::mapping::{self, Plan};
use crate::reading::{is_region, sirene, sites};
use crate::record::{self, Address, Other, Record, Slot, year_of};
use crate::reference::communes::department_of;
use crate::reference::departments::{self, Department};
use crate::reference::postal_codes::{Agreement, agreement};
use crate::reference::regions::{self, Region, RegionSet};
use crate::row::{Arrangement, Cell, Layout, Row, Target};
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

/// A row in which plainly nothing is to be found, or nothing but what one rule finds.
pub(super) struct Plain<'b> {
    /// The fields that its record has a value of.
    pub has: Fields,
    /// What makes it the same as another one.
    pub identity: Identity<'b>,
    /// What of the record the rule of the year of regions needs, where that rule finds something.
    pub another_year: Option<AnotherYear<'b>>,
}

/// The region of a record that was not in force in its year, and what it is told by. Old registers are full of these, so that
/// the rule is asked of a record that holds nothing else.
pub(super) struct AnotherYear<'b> {
    region: &'b str,
    edition: &'b str,
    departments: Departments,
}

/// The rule that is asked of such a record.
pub(super) const ANOTHER_YEAR: &str = "region-of-another-year";

impl<'b> AnotherYear<'b> {
    /// Fills what the rule, and the name of the record, ask for; other fields stay as they are.
    pub fn sketch(&self, identity: &Identity<'b>, record: &mut Record<&'b str>) {
        (record.id, record.name) = (identity.id.map(|(id, _)| id), identity.name.map(|(name, _)| name));
        (record.region.name, record.call.edition) = (Some(self.region), Some(self.edition));
        let department = |known: &&'static Department| record::Department { code: Some(known.code), name: None };
        record.territory.departments.clear();
        record.territory.departments.extend(self.departments.iter().flatten().map(department));
    }
}

/// How the rows of a layout are looked at.
pub(super) struct Looks {
    of_labels: Vec<OfLabel>,
    memos: Memos,
    /// Whether each cell gives the values of its field, without regard to the others.
    is_cell_by_cell: bool,
}

/// What was told of values that come back.
struct Memos {
    regions: Memo<Option<RegionOf>>,
    departments: Memo<Option<Departments>>,
}

/// The region of a name, in both sets.
#[derive(Clone, Copy)]
struct RegionOf([Option<&'static Region>; 2]);

/// The departments of a territory that is looked at; none behind the last.
type Departments = [Option<&'static Department>; 8];

/// What is done with the value under a label.
enum OfLabel {
    /// It joins tables, or is in no field and kept with the record, where no rule sees it.
    Pass,
    Keep,
    /// It must be what the look and the schema ask for; the schema may ask for nothing.
    Look(&'static Field, Look, Option<&'static Form>),
    /// Only the whole way tells.
    Unsure,
}

impl Looks {
    /// Of a layout; none where its values cannot be told one by one.
    pub fn of(layout: &Layout, plan: &Plan) -> Option<Looks> {
        let of_field = |field: &'static Field| {
            let (_, look) = LOOKS.iter().find(|(pointer, _)| *pointer == field.pointer)?;
            // What a list holds is told by its look.
            let form = if field.is_list() { None } else { Some(form_of(field)?) };
            Some(OfLabel::Look(field, *look, form.filter(|form| !matches!(form, Form::Any))))
        };
        let of_label = |(label, target): (usize, &Target)| match target {
            Target::Field(field, None) => of_field(field).unwrap_or(OfLabel::Unsure),
            Target::Key => OfLabel::Pass,
            _ if plan.passes(label) => OfLabel::Keep,
            _ => OfLabel::Unsure,
        };
        let targets = layout.labels.iter().map(|label| &label.target).enumerate();
        let of_labels: Vec<OfLabel> = targets.map(of_label).collect();
        let has =
            |asked: &Look| of_labels.iter().any(|known| matches!(known, OfLabel::Look(_, look, _) if look == asked));
        let memos = Memos { regions: Memo::new(), departments: Memo::new() };
        let is_cell_by_cell = layout.arrangement == Arrangement::Table && is_cell_by_cell(&of_labels);
        (!layout.has_parts && ASKED.iter().all(has)).then_some(Looks { of_labels, memos, is_cell_by_cell })
    }

    /// Fills the record of a row that the look was sure of, which is blank; answers whether that is all there is to do. It is
    /// the record that [`mapping::build`] makes, found without looking at what such a row has not.
    pub fn fill<'b>(&self, row: Row<'b>, layout: &'b Layout, record: &mut Record<&'b str>, texts: &'b Bump) -> bool {
        if !self.is_cell_by_cell || row.cells().iter().any(|cell| cell.element > 0 || cell.single) {
            return false;
        }
        for cell in row.cells() {
            let text = row.text(cell);
            let field = match &self.of_labels[cell.label as usize] {
                OfLabel::Look(field, ..) => *field,
                OfLabel::Keep => {
                    let label = Some(layout.labels[cell.label as usize].text.as_str());
                    let other = Other { label: label.filter(|label| !label.is_empty()), value: Some(text) };
                    record.source.others.push(other);
                    continue;
                }
                OfLabel::Pass | OfLabel::Unsure => continue,
            };
            let mut rank = 0;
            match (field.kind, record.slot(field, 0)) {
                (Kind::Elements(_, take), _) => quick::each_value(field, text, false, |value| {
                    rank += 1;
                    take(record, rank - 1, mapping::kept(value, texts))
                }),
                (_, Some(Slot::Texts(list))) => quick::each_value(field, text, false, |value| {
                    list.push(mapping::kept(value, texts));
                    true
                }),
                (_, Some(Slot::Text(place))) => place.replace(text).is_none(),
                _ => return false,
            };
        }
        true
    }

    /// What the row of a record plainly is; none where that is not sure.
    pub fn at<'b>(&mut self, row: Row<'b>) -> Option<Plain<'b>> {
        let mut seen = Seen::default();
        for cell in row.cells() {
            match &self.of_labels[cell.label as usize] {
                OfLabel::Pass | OfLabel::Keep => {}
                OfLabel::Look(field, look, form) => {
                    let text = row.text(cell);
                    let is_new = seen.has.insert(field) || field.is_list();
                    if !is_new || !seen.is_sure_of((*look, *form), field, cell, text, &mut self.memos) {
                        return None;
                    }
                }
                OfLabel::Unsure => return None,
            }
        }
        let another_year = seen.agrees().filter(|_| !damage::is_possible(row.all_text().as_bytes()))?;
        Some(Plain { has: seen.has, identity: seen.identity, another_year })
    }
}

/// Whether no two of some labels give elements of one list, and none says more than its cells do.
fn is_cell_by_cell(of_labels: &[OfLabel]) -> bool {
    let lists = || {
        let field = |known: &OfLabel| if let OfLabel::Look(field, ..) = known { Some(*field) } else { None };
        of_labels.iter().filter_map(field).filter(|field| field.is_list())
    };
    let are_one = |field: &Field| lists().filter(|other| other.pointer == field.pointer).count() == 1;
    lists().all(|field| !field.is_headed && are_one(field))
}

/// What was seen in a row so far.
#[derive(Default)]
struct Seen<'b> {
    has: Fields,
    identity: Identity<'b>,
    region: Option<(&'b str, RegionOf)>,
    departments: Departments,
    edition: Option<&'b str>,
    has_coordinator: bool,
    has_contact: bool,
    address: Address<&'b str>,
}

impl<'b> Seen<'b> {
    /// Whether a value that the schema takes is plainly right by itself.
    fn is_sure_of(
        &mut self,
        (look, form): (Look, Option<&Form>),
        field: &'static Field,
        cell: &Cell,
        text: &'b str,
        memos: &mut Memos,
    ) -> bool {
        let is_value =
            |text: &str| text.len() > placeholder::MOST_BYTES || !placeholder::says_nothing(text, field.pointer);
        let place = (cell.line, cell.column, cell.label);
        // What is usual alone is what the schema asks of mailboxes and sites.
        let is_quick = |is_quick: fn(&str) -> bool| matches!(form, Some(Form::Usual(_, None))) && is_quick(text);
        let is_formal = || form.is_none_or(|form| form.is_sure_of(text));
        match look {
            Look::Mailbox => {
                self.identity.email = Some(text);
                is_quick(quick::is_mailbox) || is_formal() && is_sound_mailbox(field, text)
            }
            Look::Site => is_quick(quick::is_site) || is_formal() && sites::is_canonical(text),
            _ if !is_formal() => false,
            Look::Words => is_value(text),
            Look::Listed => quick::each_value(field, text, cell.single, |value| is_value(&value)),
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
                self.region = memos.regions.of(text, || region_of(text)).map(|region| (text, region));
                self.region.is_some()
            }
            Look::Departments => {
                let told = match cell.single {
                    true => departments_of(field, text, true),
                    false => memos.departments.of(text, || departments_of(field, text, false)),
                };
                let known = self.departments.iter().flatten().count();
                told.is_some_and(|told| {
                    let mut places = self.departments[known..].iter_mut();
                    let is_room = |department| places.next().map(|place| *place = department).is_some();
                    told.into_iter().take_while(Option::is_some).all(is_room)
                })
            }
            Look::Coordinator => {
                self.has_coordinator = true;
                is_value(text) && !mapping::may_be_block(text)
            }
            Look::Siren => self.identity.number.replace(text).is_none() && sirene::is_siren(text),
            // A spreadsheet makes zeros of the last digits.
            Look::Siret => {
                self.identity.number.replace(text).is_none() && !text.ends_with("0000") && sirene::is_siret(text)
            }
            Look::Person => {
                self.has_contact = true;
                (quick::is_person(text) || !people::may_be_several(text)) && is_value(text)
            }
            Look::Role => !people::may_be_several_roles(text) && is_value(text),
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
        }
    }

    /// Whether the row has what a record is asked for, and its values go together; but for the year of its region perhaps,
    /// which is told then.
    fn agrees(&mut self) -> Option<Option<AnotherYear<'b>>> {
        let Address { postal_code: Some(code), commune: Some(commune), .. } = self.address else { return None };
        let is_whole =
            self.identity.name.is_some() && self.has_coordinator && self.has_contact && self.identity.email.is_some();
        self.identity.place = Some(commune);
        self.identity.street = self.address.street;
        self.identity.postal_code = Some(code);
        let agrees = || match agreement(code, commune) {
            Agreement::Served(seat) => {
                let seat = department_of(seat);
                seat.is_some_and(|seat| self.departments.iter().flatten().any(|own| std::ptr::eq(*own, seat)))
            }
            _ => false,
        };
        let another_year = self.another_year()?;
        (is_whole && address::is_settled(&self.address) && agrees()).then_some(another_year)
    }

    /// Whether all departments lie in the region, be it that of another year than the record, which is told then.
    fn another_year(&self) -> Option<Option<AnotherYear<'b>>> {
        let (name, RegionOf(regions)) = self.region?;
        let year = self.edition.and_then(year_of);
        let set = year.map_or(RegionSet::Present, RegionSet::of_year);
        let lie_in = |region: &Region, set: RegionSet| {
            let mut departments = self.departments.iter().flatten();
            self.departments[0].is_some() && departments.all(|department| department.region_in(set) == region.code)
        };
        if let Some(region) = regions[set as usize] {
            return lie_in(region, set).then_some(None);
        }
        let (edition, _) = self.edition.zip(year)?;
        let region = regions[set.other() as usize]?;
        let told = AnotherYear { region: name, edition, departments: self.departments };
        lie_in(region, set.other()).then_some(Some(told))
    }
}

/// Whether a text that the schema takes for a mailbox is one, and one alone, with no slip of the name of a mail service.
fn is_sound_mailbox(field: &Field, text: &str) -> bool {
    let domain = text.split_once('@').map_or("", |(_, domain)| domain);
    // The schema is sure of usual mailboxes alone.
    mailboxes::ends_in_letters(text)
        && people::is_plainly_one(field.pointer, text)
        && mail_services::right_domain(domain).is_none()
}

/// The region of a name, in both sets; none where the text may say more than a region.
fn region_of(text: &str) -> Option<RegionOf> {
    let sets = [RegionSet::Present, RegionSet::Until2015];
    is_region(text).then(|| {
        let mut named = RegionOf([None; 2]);
        sets.into_iter().for_each(|set| named.0[set as usize] = regions::by_name(set, text));
        named
    })
}

/// The departments whose codes a cell holds; none where it holds anything else, or more of them than are looked at.
fn departments_of(field: &Field, text: &str, is_single: bool) -> Option<Departments> {
    let mut departments = Departments::default();
    let mut places = departments.iter_mut();
    let is_department = |value: Cow<'_, str>| match code_and_name(&value) {
        (Some(code), None) => places.next().is_some_and(|place| {
            *place = departments::by_code(code);
            place.is_some()
        }),
        _ => false,
    };
    mapping::values(field, text, is_single).all(is_department).then_some(departments)
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
            let mut looks = Looks::of(&batch.layout, &Plan::of(&batch.layout));
            told.extend(batch.rows().map(|row| looks.as_mut().is_some_and(|looks| looks.at(row).is_some())));
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
