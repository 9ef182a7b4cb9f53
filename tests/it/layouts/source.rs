//! The records of which every layout is made, as one reads them and as a table.

use ptce::Record;

/// The records, as one reads them.
const SOURCE: &str = r#"[
    {
        "id": "fabriques-du-quercy",
        "nom": "Fabriques du Quercy",
        "appel": {"date_annonce": "2014-01-10"},
        "region": {"nom": "Midi-Pyrénées"},
        "territoire": {"departements": [{"nom": "Lot"}, {"nom": "Aveyron"}]},
        "thematiques": ["Bois", "Énergie"],
        "projet": {"resume": "Une filière locale du bois.\nDes emplois qui durent."},
        "coordinateur": {"nom": "Ateliers réunis", "forme_juridique": "SCIC"},
        "partenaires": [{"nom": "Scierie du Causse"}, {"nom": "Cuirs & Peaux"}],
        "contacts": [
            {"nom": "Anne Delmas", "courriel": "anne.delmas@example.org", "telephone": "05 65 11 22 33"},
            {"nom": "Paul Vidal", "courriel": "paul.vidal@example.org"}
        ],
        "adresse": {"voie": "12 rue des Tanneurs", "code_postal": "46100", "commune": "Figeac"},
        "emploi": {"etp": 12.5}
    },
    {
        "id": "roue-libre",
        "nom": "Roue libre des Écrins",
        "appel": {"date_annonce": "2014-01-10"},
        "region": {"nom": "Provence-Alpes-Côte d’Azur"},
        "territoire": {"departements": [{"nom": "Hautes-Alpes"}]},
        "thematiques": ["Mobilité"],
        "projet": {"resume": "Des vélos pour la montagne."},
        "coordinateur": {"nom": "Cycles du Champsaur", "forme_juridique": "Association"},
        "partenaires": [{"nom": "Vélos Gap"}],
        "contacts": [{"nom": "Inès Roux", "courriel": "ines.roux@example", "telephone": "04 92 11 22"}],
        "adresse": {"voie": "3 place aux Herbes", "code_postal": "05000", "commune": "Gap"},
        "emploi": {"etp": 4}
    },
    {
        "id": "quais-d-arles",
        "nom": "Quais d’Arles",
        "appel": {"date_annonce": "2014-01-10"},
        "region": {"nom": "Provence-Alpes-Côte d’Azur"},
        "territoire": {"departements": [{"nom": "Bouches-du-Rhône"}]},
        "coordinateur": {"nom": "Ports ouverts"},
        "adresse": {"code_postal": "13200", "commune": "Arles"}
    }
]"#;

/// What each column is called, and the value of a record that stands in it.
const COLUMNS: [(&str, &str); 19] = [
    ("Identifiant", "/id"),
    ("Nom du PTCE", "/nom"),
    ("Région", "/region/nom"),
    ("Départements", "/territoire/departements"),
    ("Thématiques", "/thematiques"),
    ("Présentation du projet", "/projet/resume"),
    ("Structure coordinatrice", "/coordinateur/nom"),
    ("Forme juridique", "/coordinateur/forme_juridique"),
    ("Contact 1 – Nom", "/contacts/0/nom"),
    ("Contact 1 – Courriel", "/contacts/0/courriel"),
    ("Contact 1 – Téléphone", "/contacts/0/telephone"),
    ("Contact 2 – Nom", "/contacts/1/nom"),
    ("Contact 2 – Courriel", "/contacts/1/courriel"),
    ("Partenaires", "/partenaires"),
    ("Adresse – Voie", "/adresse/voie"),
    ("Adresse – Code postal", "/adresse/code_postal"),
    ("Adresse – Commune", "/adresse/commune"),
    ("Emplois – ETP", "/emploi/etp"),
    ("Date d’annonce", "/appel/date_annonce"),
];

/// Records as a table: a label for each column, a row for each record. Every layout is made of it.
#[derive(Debug, Clone)]
pub(super) struct Table {
    pub(super) labels: Vec<String>,
    pub(super) rows: Vec<Vec<String>>,
}

pub(super) fn records() -> Vec<Record> {
    serde_json::from_str(SOURCE).unwrap()
}

pub(super) fn source() -> Table {
    let records: Vec<serde_json::Value> = serde_json::from_str(SOURCE).unwrap();
    fn shown(value: &serde_json::Value) -> String {
        match value {
            serde_json::Value::String(text) => text.clone(),
            serde_json::Value::Array(list) => list.iter().map(shown).collect::<Vec<_>>().join(" ; "),
            serde_json::Value::Object(_) => shown(&value["nom"]),
            other => other.to_string(),
        }
    }
    let cell = |record: &serde_json::Value, pointer| record.pointer(pointer).map(shown).unwrap_or_default();
    Table {
        labels: COLUMNS.iter().map(|(label, _)| (*label).to_owned()).collect(),
        rows: records.iter().map(|record| COLUMNS.iter().map(|(_, pointer)| cell(record, pointer)).collect()).collect(),
    }
}

impl Table {
    /// The group that a label names, and the rest: « Contact 1 – Nom ».
    pub(super) fn grouped(&self) -> Vec<(Option<&str>, &str)> {
        self.labels
            .iter()
            .map(|label| label.split_once(" – ").map_or((None, label.as_str()), |(g, l)| (Some(g), l)))
            .collect()
    }

    /// The columns that a predicate chooses by their labels.
    pub(super) fn only(&self, is_wanted: impl Fn(&str) -> bool) -> Table {
        let kept: Vec<usize> = (0..self.labels.len()).filter(|at| is_wanted(&self.labels[*at])).collect();
        let pick = |row: &Vec<String>| kept.iter().map(|at| row[*at].clone()).collect();
        Table { labels: pick(&self.labels), rows: self.rows.iter().map(pick).collect() }
    }
}
