//! The grants as a table that portals know: the schema « subventions » of the Socle commun des données locales, version 2.1.1.
//!
//! The records say who was granted what; who granted it, when and how, the description of the publication says. What neither
//! knows is not made up: a grant that lacks a value that the schema requires is left out and counted, with its reason.

use std::collections::BTreeMap;
use std::io::Write;

use jiff::civil::Date;
use serde::Deserialize;
use serde_json::{Number, Value, json};

use super::privacy::texts::MARK;
use crate::error::Result;
use crate::export::csv::{self, csv_error};
use crate::language::{Language, Phrase};
use crate::reading::sirene;
use crate::record::Record;

/// What the records do not say of a grant.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Grants {
    /// The edition of the call that it holds for; without one, for all records that no other one is for.
    pub edition: Option<String>,
    /// Who grants.
    pub grantor: String,
    /// Its SIRET.
    pub siret: String,
    /// The day of the agreement.
    #[serde(deserialize_with = "super::metadata::one_day")]
    pub agreed: Date,
    /// What acts it: its reference.
    pub decision: Option<String>,
    /// In money, in kind, or both.
    pub nature: Nature,
    /// How it is paid: `unique`, `échelonné`, or in words.
    pub payment: String,
    /// The first day on which it is paid.
    #[serde(deserialize_with = "super::metadata::one_day")]
    pub paid_from: Date,
    /// The last one, where there are several.
    #[serde(default, deserialize_with = "super::metadata::day")]
    pub paid_to: Option<Date>,
    /// Whether it is part of an aid *de minimis* notified to the European Commission.
    pub notified: bool,
    /// The share of the sum that the coordinator receives, between 0.01 and 1.
    pub share: f64,
    /// The number of the aid in the Répertoire des aides aux entreprises.
    pub rae: Option<String>,
}

/// What a grant is given in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub enum Nature {
    /// Money.
    #[serde(rename = "aide en numéraire")]
    Money,
    /// Anything else.
    #[serde(rename = "aide en nature")]
    Kind,
    /// Both.
    #[serde(rename = "aide en numéraire;aide en nature")]
    Both,
}

impl Nature {
    fn name(self) -> &'static str {
        match self {
            Nature::Money => "aide en numéraire",
            Nature::Kind => "aide en nature",
            Nature::Both => "aide en numéraire;aide en nature",
        }
    }
}

impl Grants {
    /// What is wrong with it: the key, and why.
    pub fn fault(&self) -> Option<(&'static str, Phrase)> {
        let told = |is_wrong: bool, key, fr, en| is_wrong.then_some((key, Phrase { fr, en }));
        let length = self.payment.chars().count();
        told(self.grantor.trim().is_empty(), "grantor", "le nom manque", "the name is missing")
            .or_else(|| {
                let is_wrong = !sirene::is_siret(&self.siret);
                told(is_wrong, "siret", "ce n’est pas un SIRET (14 chiffres)", "this is no SIRET (14 digits)")
            })
            .or_else(|| {
                let is_wrong = length == 0 || length > LONGEST;
                told(is_wrong, "payment", "entre 1 et 256 caractères", "between 1 and 256 characters")
            })
            .or_else(|| {
                let is_wrong = self.paid_to.is_some_and(|last| last < self.paid_from);
                told(is_wrong, "paid_to", "ce jour vient avant le premier", "this day comes before the first one")
            })
            .or_else(|| {
                let is_wrong = !(0.01..=1.0).contains(&self.share);
                told(is_wrong, "share", "une part entre 0.01 et 1", "a share between 0.01 and 1")
            })
            .or_else(|| {
                let is_wrong = self.rae.as_deref().is_some_and(|number| number.chars().count() > 5);
                told(is_wrong, "rae", "au plus 5 caractères", "at most 5 characters")
            })
    }
}

/// The longest text that the schema takes.
const LONGEST: usize = 256;

/// Why a grant is not in the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Missing {
    /// The description says nothing of the edition of its call.
    Statement,
    /// Its coordinator is not published, or is not named.
    Beneficiary,
    /// The SIRET of its coordinator.
    Siret,
    /// The name of its hub, or one of 256 characters at most.
    Purpose,
}

impl Missing {
    /// The reason, in words.
    pub fn told(self) -> Phrase {
        let (fr, en) = match self {
            Missing::Statement => ("sans [[grants]] pour leur édition", "without [[grants]] for their edition"),
            Missing::Beneficiary => ("sans bénéficiaire publié", "without a published beneficiary"),
            Missing::Siret => ("sans SIRET du bénéficiaire", "without the SIRET of the beneficiary"),
            Missing::Purpose => (
                "sans objet, ou d’un objet de plus de 256 caractères",
                "without a purpose, or with one of more than 256 characters",
            ),
        };
        Phrase { fr, en }
    }
}

/// What became of the grants.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Granted {
    /// How many are in the table.
    pub rows: u64,
    /// How many are not, and why.
    pub left_out: BTreeMap<Missing, u64>,
}

impl Granted {
    /// How many grants the records tell of.
    pub fn told(&self) -> u64 {
        self.rows + self.left_out.values().sum::<u64>()
    }

    /// Why some are not in the table, with how many; empty where all are.
    pub fn reasons(&self, language: Language) -> String {
        let reason = |(missing, count): (&Missing, &u64)| format!("{count} {}", missing.told().in_language(language));
        self.left_out.iter().map(reason).collect::<Vec<_>>().join(", ")
    }
}

/// The columns of the table.
const COLUMNS: [&str; 16] = [
    "nomAttribuant",
    "idAttribuant",
    "dateConvention",
    "referenceDecision",
    "nomBeneficiaire",
    "idBeneficiaire",
    "rnaBeneficiaire",
    "objet",
    "montant",
    "nature",
    "conditionsVersement",
    "datesPeriodeVersement",
    "idRAE",
    "notificationUE",
    "pourcentageSubvention",
    "dispositifAide",
];

/// The table on its way; there is none while no grant is in it.
pub(super) struct Table<'a, W: Write> {
    statements: &'a [Grants],
    rows: Option<::csv::Writer<W>>,
    granted: Granted,
}

impl<'a, W: Write> Table<'a, W> {
    pub fn new(statements: &'a [Grants]) -> Table<'a, W> {
        Table { statements, rows: None, granted: Granted::default() }
    }

    /// Adds what a record was granted; `create` makes the file for the first one.
    pub fn record(&mut self, record: &Record, create: impl FnOnce() -> Result<W>) -> Result<()> {
        let Some(amount) = granted(record) else { return Ok(()) };
        let row = match self.row(record, amount) {
            Ok(row) => row,
            Err(missing) => {
                *self.granted.left_out.entry(missing).or_default() += 1;
                return Ok(());
            }
        };
        let rows = match &mut self.rows {
            Some(rows) => rows,
            None => {
                let mut rows = csv::writer(create()?);
                rows.write_record(COLUMNS).map_err(csv_error)?;
                self.rows.insert(rows)
            }
        };
        self.granted.rows += 1;
        for (cell, column) in row.iter().zip(COLUMNS) {
            rows.write_field(&*csv::text(cell, self.granted.rows, column)?).map_err(csv_error)?;
        }
        rows.write_record(None::<&[u8]>).map_err(csv_error)
    }

    fn row(&self, record: &Record, amount: &Number) -> Result<[String; 16], Missing> {
        let edition = record.call.edition.as_deref();
        let own = self.statements.iter().find(|grants| edition.is_some() && grants.edition.as_deref() == edition);
        let grants = own.or_else(|| self.statements.iter().find(|grants| grants.edition.is_none()));
        let grants = grants.ok_or(Missing::Statement)?;
        let whole = |text: &Option<String>| text.clone().filter(|text| !text.contains(MARK));
        let coordinator = &record.coordinator;
        let beneficiary = whole(&coordinator.name).ok_or(Missing::Beneficiary)?;
        let siret = coordinator.siret.clone().filter(|siret| sirene::is_siret(siret)).ok_or(Missing::Siret)?;
        let purpose = whole(&record.name).filter(|name| name.chars().count() <= LONGEST).ok_or(Missing::Purpose)?;
        let rna = coordinator.rna.clone().filter(|rna| sirene::is_rna(rna)).unwrap_or_default();
        let days = match grants.paid_to {
            Some(last) if last != grants.paid_from => format!("{}/{last}", grants.paid_from),
            _ => grants.paid_from.to_string(),
        };
        Ok([
            grants.grantor.clone(),
            grants.siret.clone(),
            grants.agreed.to_string(),
            grants.decision.clone().unwrap_or_default(),
            beneficiary,
            siret,
            rna,
            purpose,
            amount.to_string(),
            grants.nature.name().to_owned(),
            grants.payment.clone(),
            days,
            grants.rae.clone().unwrap_or_default(),
            if grants.notified { "oui" } else { "non" }.to_owned(),
            grants.share.to_string(),
            String::new(),
        ])
    }

    /// Completes the table, and gives it back with what became of the grants.
    pub fn finish(self) -> Result<(Option<W>, Granted)> {
        let done =
            |rows: ::csv::Writer<W>| rows.into_inner().map_err(|error| crate::export::write_error(error.into_error()));
        Ok((self.rows.map(done).transpose()?, self.granted))
    }
}

/// What a record was granted: what a submission asks for was not.
pub(super) fn granted(record: &Record) -> Option<&Number> {
    let is_granted = !matches!(record.call.status.as_deref(), Some("candidature" | "recevable"));
    record.call.amount.as_ref().filter(|amount| is_granted && amount.as_f64().is_some_and(|amount| amount > 0.0))
}

/// The Table Schema of the table. It is that of the Socle commun, whose names, types and constraints it keeps.
pub(super) fn schema() -> Value {
    let field = |name: &str, title: &str, description: &str, example: Value, more: Value| {
        let mut field =
            json!({ "name": name, "title": title, "description": description, "type": "string", "example": example });
        for (key, value) in more.as_object().into_iter().flatten() {
            field[key] = value.clone();
        }
        field
    };
    let required = || json!({ "constraints": { "required": true } });
    let fields = [
        field(COLUMNS[0], "Attribuant", "Nom de qui attribue la subvention.", "Région Bretagne".into(), required()),
        field(
            COLUMNS[1],
            "SIRET de l’attribuant",
            "Les 14 chiffres d’un seul tenant.",
            "23350001600040".into(),
            json!({ "constraints": { "required": true, "pattern": "^\\d{14}$" } }),
        ),
        field(
            COLUMNS[2],
            "Date de la convention",
            "Jour de la convention, AAAA-MM-JJ.",
            "2014-03-14".into(),
            json!({ "type": "date", "format": "%Y-%m-%d", "constraints": { "required": true } }),
        ),
        field(
            COLUMNS[3],
            "Référence de la décision",
            "Identifiant de l’acte qui attribue la subvention.",
            "2014-03-103".into(),
            json!({}),
        ),
        field(COLUMNS[4], "Bénéficiaire", "Nom du coordinateur du pôle.", "Association du pôle".into(), required()),
        field(
            COLUMNS[5],
            "SIRET du bénéficiaire",
            "Les 14 chiffres d’un seul tenant.",
            "38047555800058".into(),
            json!({ "constraints": { "required": true, "pattern": "^\\d{14}$" } }),
        ),
        field(
            COLUMNS[6],
            "RNA du bénéficiaire",
            "Numéro au répertoire national des associations.",
            "W380475558".into(),
            json!({ "constraints": { "pattern": "^W\\d{9}$" } }),
        ),
        field(
            COLUMNS[7],
            "Objet",
            "Le pôle dont le projet est soutenu.",
            "Pôle bois des Alpes".into(),
            json!({ "constraints": { "required": true, "maxLength": LONGEST } }),
        ),
        field(
            COLUMNS[8],
            "Montant",
            "En euros, avant répartition entre les bénéficiaires.",
            47800.2.into(),
            json!({ "type": "number", "constraints": { "required": true } }),
        ),
        field(
            COLUMNS[9],
            "Nature",
            "En numéraire, en nature, ou les deux.",
            Nature::Money.name().into(),
            json!({ "constraints": { "required": true, "enum": [
            Nature::Money.name(), Nature::Kind.name(), Nature::Both.name(), "aide en nature;aide en numéraire"
        ] } }),
        ),
        field(
            COLUMNS[10],
            "Conditions de versement",
            "unique, échelonné, ou en toutes lettres.",
            "échelonné".into(),
            json!({ "constraints": { "required": true, "maxLength": LONGEST } }),
        ),
        field(
            COLUMNS[11],
            "Date ou période de versement",
            "Un jour, ou deux séparés par une barre oblique.",
            "2014-03-14/2015-03-14".into(),
            json!({ "constraints": { "required": true, "pattern": "^[0-9]{4}\\-[0-9]{2}\\-[0-9]{2}(\\/[0-9]{4}\\-[0-9]{2}\\-[0-9]{2})?$" } }),
        ),
        field(
            COLUMNS[12],
            "Numéro RAE",
            "Numéro de l’aide au répertoire des aides aux entreprises.",
            "12345".into(),
            json!({ "constraints": { "maxLength": 5 } }),
        ),
        field(
            COLUMNS[13],
            "Aide notifiée",
            "Aide de minimis notifiée à la Commission européenne : oui ou non.",
            false.into(),
            json!({ "type": "boolean", "trueValues": ["oui"], "falseValues": ["non"], "constraints": { "required": true } }),
        ),
        field(
            COLUMNS[14],
            "Part du bénéficiaire",
            "Part du montant que reçoit le bénéficiaire, entre 0.01 et 1.",
            1.into(),
            json!({ "type": "number", "constraints": { "required": true, "minimum": 0.01, "maximum": 1 } }),
        ),
        field(
            COLUMNS[15],
            "Dispositif d’aide",
            "Identifiant du dispositif dans le schéma des dispositifs d’aide.",
            "65d5b6c7-102c-4440-ac3b-768f708edc0a".into(),
            json!({}),
        ),
    ];
    json!({
        "$schema": "https://specs.frictionlessdata.io/schemas/table-schema.json",
        "name": "subventions",
        "title": "Subventions accordées aux PTCE",
        "description": "Les colonnes du schéma « subventions » du Socle commun des données locales (SCDL), version 2.1.1.",
        "homepage": HOMEPAGE,
        "version": "2.1.1",
        "fields": fields,
        "missingValues": [""],
    })
}

/// Where the schema is published.
pub(super) const HOMEPAGE: &str = "https://schema.data.gouv.fr/scdl/subventions/";
