//! What a publication says about itself: a small TOML file, with defaults for what can be guessed.
//!
//! ```toml
//! title = "Lauréats de l’appel à projets PTCE de 2013"
//! publisher = "Ministère délégué à l’Économie sociale et solidaire"
//! contact = "contact@example.org"
//! updated = 2014-01-10
//! frequency = "irregular"
//!
//! [coverage]
//! start = 2013-07-15
//! end = 2014-01-10
//!
//! [[figures]]
//! value = "180"
//! label = "dossiers reçus"
//! ```

use jiff::civil::Date;
use serde::{Deserialize, Deserializer};

use super::grants::Grants;
use super::privacy::{Secrets, is_office_mailbox, is_personal_site, names_person, tells_somebody};
use crate::error::toml::BOTH;
use crate::error::{Error, ErrorKind, Result};
use crate::finding::Finding;
use crate::language::Phrase;
use crate::location::Location;
use crate::rules;
use crate::settings::Settings;

/// What a publication says about itself.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Metadata {
    /// Title of the data set.
    pub title: String,
    /// Description of the data set, plain text.
    pub description: String,
    /// Who publishes it: the name to credit.
    pub publisher: Option<String>,
    /// The page of the data set or of its publisher, an absolute URL.
    pub homepage: Option<String>,
    /// The shared mailbox that answers questions about the data.
    pub contact: Option<String>,
    /// Where the package will stand, an absolute URL; what describes the files then names them in full.
    pub base_url: Option<String>,
    /// Day of the first publication.
    #[serde(deserialize_with = "day")]
    pub issued: Option<Date>,
    /// Day of the last update of the data, for the credit.
    #[serde(deserialize_with = "day")]
    pub updated: Option<Date>,
    /// How often the data is updated.
    pub frequency: Frequency,
    /// What the data covers.
    pub coverage: Coverage,
    /// Words to find it by.
    pub keywords: Vec<String>,
    /// Where the data comes from.
    pub sources: Vec<DataSource>,
    /// Figures that the records do not tell, as how many submissions there were.
    pub figures: Vec<Figure>,
    /// What the records do not say of the grants, for their table.
    pub grants: Vec<Grants>,
}

/// How often a data set is updated, as the frequencies of the European vocabularies name it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Frequency {
    /// As things happen.
    #[default]
    Irregular,
    /// Every day.
    Daily,
    /// Every week.
    Weekly,
    /// Every month.
    Monthly,
    /// Every three months.
    Quarterly,
    /// Twice a year.
    Semiannual,
    /// Every year.
    Annual,
    /// Once and for all.
    Never,
}

/// What the data covers.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Coverage {
    /// The first day.
    #[serde(deserialize_with = "day")]
    pub start: Option<Date>,
    /// The last day.
    #[serde(deserialize_with = "day")]
    pub end: Option<Date>,
    /// The area, in words.
    pub area: String,
}

/// Where data comes from.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DataSource {
    /// Its title.
    pub title: String,
    /// Its URL.
    pub url: Option<String>,
}

/// A figure to show: `180`, `dossiers reçus`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Figure {
    /// The figure, as it is to be read.
    pub value: String,
    /// What it counts.
    pub label: String,
}

impl Default for Metadata {
    fn default() -> Metadata {
        Metadata {
            title: "Pôles territoriaux de coopération économique (PTCE)".to_owned(),
            description:
                "Les pôles territoriaux de coopération économique (article 9 de la loi n° 2014-856 du 31 juillet \
                 2014 relative à l’économie sociale et solidaire) : territoire, projet, coordinateur, partenaires et \
                 coordonnées publiques."
                    .to_owned(),
            publisher: None,
            homepage: None,
            contact: None,
            base_url: None,
            issued: None,
            updated: None,
            frequency: Frequency::default(),
            coverage: Coverage::default(),
            keywords: ["ptce", "économie sociale et solidaire", "coopération économique", "développement local"]
                .map(str::to_owned)
                .to_vec(),
            sources: Vec::new(),
            figures: Vec::new(),
            grants: Vec::new(),
        }
    }
}

impl Default for Coverage {
    fn default() -> Coverage {
        Coverage { start: None, end: None, area: "France".to_owned() }
    }
}

/// A day that must be there.
pub(super) fn one_day<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Date, D::Error> {
    day(deserializer)?.ok_or_else(|| serde::de::Error::custom("AAAA-MM-JJ"))
}

/// A day of TOML, or the same in quotes.
pub(super) fn day<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Date>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Written {
        Day(toml::value::Datetime),
        Text(String),
    }
    let text = match Written::deserialize(deserializer)? {
        Written::Day(day) => day.to_string(),
        Written::Text(text) => text,
    };
    text.parse().map(Some).map_err(|_| {
        serde::de::Error::custom(format!(
            "métadonnées illisibles : « {text} » n’est pas un jour, qui s’écrit AAAA-MM-JJ{BOTH}unreadable metadata: “{text}” is \
             no day, which is written YYYY-MM-DD"
        ))
    })
}

impl Metadata {
    /// Reads the description of a publication; `file` is its name in errors.
    ///
    /// # Errors
    /// When the text is not TOML, or holds an unknown key, a day that does not exist, or a URL that is not absolute.
    pub fn parse(text: &str, file: &str) -> Result<Metadata> {
        let refuse = |fr: String, en: String| Error::new(ErrorKind::Usage, fr, en).in_file(file);
        let what = Phrase { fr: "métadonnées illisibles", en: "unreadable metadata" };
        let remedy = Phrase { fr: "voyez « ptce convert --help »", en: "see “ptce convert --help”" };
        let mut metadata: Metadata = crate::error::toml::read(text, file, what, remedy)?;
        let urls = [("homepage", &metadata.homepage), ("base_url", &metadata.base_url)];
        let sources = metadata.sources.iter().map(|source| ("sources.url", &source.url));
        for (key, url) in urls.into_iter().chain(sources) {
            if let Some(url) = url
                && !is_url(url)
            {
                return Err(refuse(
                    format!("{key} : « {url} » n’est pas une adresse web complète (https://…)"),
                    format!("{key}: “{url}” is not an absolute web address (https://…)"),
                ));
            }
        }
        if let Some(contact) = &metadata.contact
            && !contact.split_once('@').is_some_and(|(local, domain)| !local.is_empty() && domain.contains('.'))
        {
            return Err(refuse(
                format!("contact : « {contact} » n’est pas une adresse électronique"),
                format!("contact: “{contact}” is not an e-mail address"),
            ));
        }
        for grants in &metadata.grants {
            if let Some((key, why)) = grants.fault() {
                return Err(refuse(format!("grants.{key} : {}", why.fr), format!("grants.{key}: {}", why.en)));
            }
        }
        // What names a file under the address needs the slash.
        if let Some(url) = &mut metadata.base_url
            && !url.ends_with('/')
        {
            url.push('/');
        }
        Ok(metadata)
    }

    /// What the standards ask for and this lacks, and what of it names a person, each as a finding; `file` is the name of
    /// the description, if there is one.
    pub fn findings(&self, file: Option<&str>, settings: &Settings) -> Vec<Finding> {
        let asked = [
            ("title", self.title.trim().is_empty(), "son titre", "its title"),
            ("description", self.description.trim().is_empty(), "ce qu’elle contient", "what it holds"),
            ("publisher", is_blank(self.publisher.as_deref()), "qui la publie", "who publishes it"),
            ("updated", self.updated.is_none(), "quand elle a été mise à jour", "when it was updated"),
            ("base_url", self.base_url.is_none(), "où seront ses fichiers", "where its files will stand"),
        ];
        let missing = asked.into_iter().filter(|(_, is_missing, ..)| *is_missing).map(|(key, _, fr, en)| {
            let what = Phrase { fr, en }.in_language(settings.language);
            (&rules::missing_metadata::RULE, key, vec![("key", key), ("what", what)])
        });
        let personal = self.personal().map(|key| (&rules::personal_metadata::RULE, key, vec![("key", key)]));
        let all = missing.chain(personal).filter_map(|(rule, key, values)| {
            Some(Finding {
                code: rule.code,
                level: settings.level(rule)?,
                message: rule.message.fill(settings.language, &values),
                record: None,
                pointer: format!("/{key}"),
                value: None,
                expected: None,
                suggestion: None,
                confidence: None,
                location: Location { file: file.unwrap_or("publication").to_owned(), ..Location::default() },
                way: None,
            })
        });
        all.collect()
    }

    /// Refuses a description that names somebody whom a record withholds.
    ///
    /// # Errors
    /// When it does; the key is told, never the value.
    pub(super) fn without(&self, secrets: &Secrets) -> Result<()> {
        let figures = self.figures.iter().flat_map(|figure| [figure.label.as_str(), figure.value.as_str()]);
        let keys: [(&str, Vec<&str>); 7] = [
            ("title", vec![&self.title]),
            ("description", vec![&self.description]),
            ("publisher", self.publisher.iter().map(String::as_str).collect()),
            ("keywords", self.keywords.iter().map(String::as_str).collect()),
            ("coverage.area", vec![&self.coverage.area]),
            ("figures", figures.collect()),
            ("sources", self.sources.iter().map(|source| source.title.as_str()).collect()),
        ];
        for (key, texts) in keys {
            if texts.iter().any(|text| secrets.are_in(text)) {
                return Err(Error::new(
                    ErrorKind::Format,
                    format!(
                        "métadonnées : « {key} » nomme ou permet de joindre une personne retirée des fiches ; rien n’est \
                         publié ; corrigez cette clé dans le fichier donné par --metadata"
                    ),
                    format!(
                        "metadata: “{key}” names or reaches a person withheld from the records; nothing is published; \
                         correct this key in the file given by --metadata"
                    ),
                ));
            }
        }
        Ok(())
    }

    /// The keys whose values name or reach a person, and not an office.
    fn personal(&self) -> impl Iterator<Item = &'static str> {
        let is_person = self.publisher.as_deref().is_some_and(names_person);
        let is_own = self.contact.as_deref().is_some_and(|contact| !is_office_mailbox(contact));
        let is_somebodys = self.homepage.as_deref().is_some_and(is_personal_site);
        let tells =
            |source: &DataSource| tells_somebody(&source.title) || source.url.as_deref().is_some_and(is_personal_site);
        let figures =
            || self.figures.iter().any(|figure| tells_somebody(&figure.label) || tells_somebody(&figure.value));
        let keys = [
            ("title", tells_somebody(&self.title)),
            ("description", tells_somebody(&self.description)),
            ("keywords", self.keywords.iter().any(|word| tells_somebody(word))),
            ("figures", figures()),
            ("publisher", is_person),
            ("contact", is_own),
            ("homepage", is_somebodys),
            ("sources", self.sources.iter().any(tells)),
        ];
        keys.into_iter().filter(|(_, is)| *is).map(|(key, _)| key)
    }
}

fn is_blank(text: Option<&str>) -> bool {
    text.is_none_or(|text| text.trim().is_empty())
}

fn is_url(text: &str) -> bool {
    ["https://", "http://"].iter().any(|scheme| {
        text.strip_prefix(scheme).is_some_and(|rest| {
            rest.starts_with(char::is_alphanumeric)
                && !rest.contains(|c: char| c.is_whitespace() || c.is_control() || matches!(c, '<' | '>' | '"' | '\\'))
        })
    })
}

/// A day as one reads it: `1er janvier 2014`.
pub(super) fn written_day(day: Date) -> String {
    const MONTHS: [&str; 12] = [
        "janvier",
        "février",
        "mars",
        "avril",
        "mai",
        "juin",
        "juillet",
        "août",
        "septembre",
        "octobre",
        "novembre",
        "décembre",
    ];
    let rank = if day.day() == 1 { "er" } else { "" };
    format!("{}{rank} {} {}", day.day(), MONTHS[day.month() as usize - 1], day.year())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_description_is_read() {
        let metadata = Metadata::parse(
            "title = \"Lauréats\"\nupdated = 2014-01-10\nissued = \"2014-01-10\"\nfrequency = \"annual\"\n\
             base_url = \"https://example.org/ptce\"\n[coverage]\nend = 2014-01-01\n",
            "p.toml",
        )
        .unwrap();
        assert_eq!(metadata.updated, metadata.issued);
        assert_eq!(metadata.frequency, Frequency::Annual);
        assert_eq!(metadata.base_url.as_deref(), Some("https://example.org/ptce/"));
        assert_eq!(metadata.coverage.end.map(written_day).as_deref(), Some("1er janvier 2014"));
        assert_eq!(metadata.coverage.area, "France");
        assert!(!metadata.keywords.is_empty());
    }

    #[test]
    fn a_wrong_description_is_refused_with_its_line() {
        let told = |text: &str| {
            let error = Metadata::parse(text, "p.toml").unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Usage);
            error.message(crate::Language::English)
        };
        assert!(told("\nupdated = \"2014-02-30\"").starts_with("p.toml:2: unreadable metadata: “2014-02-30”"));
        assert!(told("titre = \"x\"").contains("titre"));
        assert!(told("homepage = \"example.org\"").contains("homepage"));
        assert!(told("contact = \"quelqu’un\"").contains("contact"));
        assert!(told("frequency = \"souvent\"").contains("souvent"));
    }

    #[test]
    fn what_is_missing_is_found() {
        let found = |metadata: &Metadata| {
            let findings = metadata.findings(None, &Settings::default());
            findings.into_iter().map(|finding| finding.pointer).collect::<Vec<_>>()
        };
        assert_eq!(found(&Metadata::default()), ["/publisher", "/updated", "/base_url"]);
        let personal = Metadata {
            publisher: Some("Zélie Quincampoix".to_owned()),
            contact: Some("zelie.quincampoix@gmail.com".to_owned()),
            ..Metadata::default()
        };
        assert_eq!(found(&personal), ["/updated", "/base_url", "/publisher", "/contact"]);
        let complete = Metadata {
            publisher: Some("Ministère".to_owned()),
            updated: "2014-01-10".parse().ok(),
            contact: Some("contact@pole.example.org".to_owned()),
            base_url: Some("https://example.org/ptce/".to_owned()),
            ..Metadata::default()
        };
        assert!(found(&complete).is_empty());
    }
}
