//! The postal code and the commune do not belong together.

use crate::entry::Entry;
use crate::finding::{Confidence, Level};
use crate::language::Phrase;
use crate::reference::communes::Commune;
use crate::reference::postal_codes::{Agreement, communes_of, label};
use crate::rules::seat;
use crate::rules::{Check, Problem, Reporter, Rule, Topic};

pub(super) static RULE: Rule = Rule {
    code: "postal-code-commune-mismatch",
    topic: Topic::Address,
    level: Level::Warning,
    summary: Phrase {
        fr: "Le code postal ne dessert pas la commune.",
        en: "The postal code does not serve the commune.",
    },
    message: Phrase {
        fr: "Le code postal {code} ne dessert pas « {commune} », mais : {served}.",
        en: "The postal code {code} does not serve “{commune}”, but: {served}.",
    },
    expected: Phrase {
        fr: "Le code postal et la commune d’une même adresse.",
        en: "The postal code and the commune of one address.",
    },
    explanation: Phrase {
        fr: "Le nom de la commune est cherché parmi celles que le code postal dessert, avec leurs \
             anciens noms et les arrondissements, sans tenir compte de la casse, des accents, des \
             traits d’union ni de l’article. Un courrier dont le code et la commune se contredisent \
             se perd. La correction proposée est la commune au nom voisin, ou le code postal de la \
             commune nommée. Un nom qui n’est celui d’aucune commune est peut-être celui d’un lieu-dit, \
             dont la place est dans le complément : une simple information, si le code est celui d’une \
             seule commune.",
        en: "The name of the commune is looked up among those that the postal code serves, with their \
             former names and the arrondissements, whatever its case, accents, hyphens and article. \
             Mail whose code and commune contradict each other is lost. The suggestion is the commune \
             of a similar name, or the postal code of the commune named. A name that no commune \
             bears may be the one of a hamlet, which belongs in the complement: mere information, where the \
             code is that of one commune.",
    },
    basis: "Insee, Code officiel géographique ; La Poste, base officielle des codes postaux",
    wrong: r#"{"nom":"Fabriques du Quercy","adresse":{"voie":"7 rue des Tanneurs","code_postal":"46100","commune":"Cahors"}}"#,
    right: r#"{"nom":"Fabriques du Quercy","adresse":{"voie":"7 rue des Tanneurs","code_postal":"46000","commune":"Cahors"}}"#,
    check: Check::Record(check),
};

/// How many communes a message names.
const NAMED: usize = 4;

const PLACE: Phrase = Phrase {
    fr: "« {commune} » n’est pas le nom d’une commune ; le code postal {code} est celui de {served}. Si c’est un lieu-dit, sa place est dans le complément.",
    en: "“{commune}” is not the name of a commune; the postal code {code} is that of {served}. If it is a place in it, it belongs in the complement.",
};

fn check(entry: &Entry, reporter: &mut Reporter<'_>) {
    let record = &entry.record;
    let is_told = || seat::is_outside_territory(entry) || seat::by_its_own_code(entry).is_some();
    if entry.postal_agreement() != Some(Agreement::Elsewhere) || is_told() {
        return;
    }
    let (Some(code), Some(commune)) = (seat::postal_code(&record.address), &record.address.commune) else { return };
    let served: Vec<&'static str> = communes_of(code).map(|commune| commune.name).collect();
    let mut names = served.iter().take(NAMED).copied().collect::<Vec<_>>().join(", ");
    if served.len() > NAMED {
        names.push('…');
    }
    if served.is_empty() {
        names.push_str(label(code).unwrap_or_default());
    }
    let about = |problem: Problem| problem.with("code", code).with("commune", *commune).with("served", names.as_str());
    // « Romans » for « Romans-sur-Isère », though a commune named Romans lies elsewhere.
    if let Some(name) = seat::shortened(commune, &served) {
        reporter.raise(about(Problem::at("/adresse/commune")).suggest(name, Confidence::Medium));
        return;
    }
    // A commune of that name lies elsewhere in the territory: digits slip more easily than names. Outside of the
    // territory, where the code lies in it, the name is the slip.
    let named = seat::named(entry, commune);
    let is_likely = |commune: &Commune| record.territory.departments.is_empty() || seat::is_declared(entry, commune);
    if named.iter().any(is_likely) {
        reporter.raise(about(seat::with_likely_code(Problem::at("/adresse/code_postal"), entry)));
        return;
    }
    let problem = about(Problem::at("/adresse/commune"));
    let spellings: Vec<seat::Spelling> = served.iter().map(|name| seat::Spelling::of(name)).collect();
    reporter.raise(match seat::nearest(commune, spellings.iter()) {
        Some(name) => problem.suggest(name, Confidence::Medium),
        // « 97490 Sainte-Clotilde »: a name that no commune bears is that of a place in one.
        None if named.is_empty() && served.len() == 1 => problem.with_level(Level::Info).saying(PLACE),
        None => problem,
    });
}

#[cfg(test)]
mod tests {
    use crate::rules::raised;

    #[test]
    fn codes_and_communes_go_together() {
        let found = |code: &str, commune: &str| {
            let json = format!(r#"{{"adresse":{{"code_postal":"{code}","commune":"{commune}"}}}}"#);
            let problems = raised(&super::RULE, &json);
            problems
                .into_iter()
                .map(|problem| (problem.suggested().unwrap_or_default(), problem.pointer))
                .collect::<Vec<_>>()
        };
        let code = |right: &str| vec![(right.to_owned(), "/adresse/code_postal".to_owned())];
        let name = |right: &str| vec![(right.to_owned(), "/adresse/commune".to_owned())];
        assert_eq!(found("46100", "Cahors"), code("46000"));
        assert_eq!(found("05000", "Marseille"), code(""));
        // No code leaves its department without a reason.
        assert_eq!(found("23700", "Châtain"), code(""));
        assert_eq!(found("97150", "Marigot"), code(""));
        assert_eq!(found("46000", "Rodez"), code(""));
        assert_eq!(found("05000", "Gapp"), name("Gap"));
        assert_eq!(found("44150", "Ancenis St Gereon"), []);
        assert_eq!(found("44150", "Ancennis"), name("Ancenis-Saint-Géréon"));
        assert_eq!(found("26100", "Romans"), name("Romans-sur-Isère"));
        assert_eq!(found("06560", "Sophia Antipolis"), name(""));
        for (code, commune) in [
            ("05000", "GAP"),
            ("75018", "Paris 18e"),
            ("75018", "Paris"),
            ("75116", "Paris 16"),
            ("97400", "Saint-Denis"),
            ("93200", "St Denis"),
            ("85000", "Roche-sur-Yon"),
            ("72000", "Mans"),
            ("21071", "Dijon"),
            ("44150", "Ancenis"),
            ("59650", "Villeneuve d’Ascq"),
            ("92085", "Paris La Défense"),
            ("46109", "Cahors"),
            ("05000", "Gap (Hautes-Alpes)"),
            ("98000", "Monaco"),
            ("69003", "Lyon 3ème"),
            ("13001", "Marseille 1er arrondissement"),
        ] {
            assert_eq!(found(code, commune), [], "{code} {commune}");
        }
    }
}
