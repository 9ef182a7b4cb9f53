//! What answers to a sender say, in both languages: notes in cells, the sheet of the findings, letters, pages.
//!
//! One list, so that a text cannot be there in one language alone, and is written as both are printed: a test holds the
//! blanks, and the names between braces, which each text fills in.

use crate::language::Phrase;

/// Why a file is passed over, by its name.
pub(crate) fn passed_over(name: &str) -> Phrase {
    let file = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let is_archive = file.rsplit_once('.').is_some_and(|(_, extension)| extension.eq_ignore_ascii_case("zip"));
    if file.starts_with('.') || file.starts_with("~$") || name.split('/').any(|folder| folder == "__MACOSX") {
        HIDDEN_FILE
    } else if is_archive {
        INNER_ARCHIVE
    } else {
        PASSED_OVER
    }
}

macro_rules! phrases {
    ($($(#[$about:meta])* $name:ident: $fr:literal, $en:literal;)*) => {
        $($(#[$about])* pub(crate) const $name: Phrase = Phrase { fr: $fr, en: $en };)*
        #[cfg(test)]
        const ALL: &[(&str, Phrase)] = &[$((stringify!($name), $name)),*];
    };
}

phrases! {
    ERROR: "Erreur", "Error";
    WARNING: "Avertissement", "Warning";
    INFO: "Information", "Information";
    EXPECTED: "Attendu\u{a0}: {text}", "Expected: {text}";
    SUGGESTED: "Proposition\u{a0}: {text}", "Suggestion: {text}";
    TO_CONFIRM: "Proposition, à confirmer\u{a0}: {text}", "Suggestion, to be confirmed: {text}";
    REST_IN_SHEET: "La suite est dans la feuille «\u{a0}{sheet}\u{a0}».", "The rest is in the sheet “{sheet}”.";
    LEVEL: "Niveau", "Level";
    PLACE: "Cellule", "Cell";
    RECORD: "Fiche", "Record";
    FINDING: "Constat", "Finding";
    VALUE: "Valeur", "Value";
    EXPECTED_HEAD: "Attendu", "Expected";
    SUGGESTION_HEAD: "Proposition", "Suggestion";
    CODE: "Code", "Code";
    FIGURES: "{errors}, {warnings}, {infos}.", "{errors}, {warnings}, {infos}.";
    NO_FINDING: "Aucun constat.", "No finding.";
    ONLY_LISTED: "Sans note, car la cellule porte déjà un fil de commentaires\u{a0}: {cells}.", "Without a note, since the cell has a thread of comments: {cells}.";
    WHOLE_FILE: "tout le classeur", "the whole workbook";
    NO_SUCH_PLACE: "{place} (introuvable)", "{place} (not found)";
    REPORT_TITLE: "Vérification de fiches de PTCE", "Check of records of PTCE";
    RECORDS_READ: "fiches lues", "records read";
    WITHOUT_ERROR: "sans erreur", "without error";
    ERRORS: "erreurs", "errors";
    WARNINGS: "avertissements", "warnings";
    INFOS: "informations", "infos";
    FILES: "Par fichier", "By file";
    FILE: "Fichier", "File";
    FINGERPRINT: "SHA-256", "SHA-256";
    UNREAD: "Fichiers non lus", "Files not read";
    PASSED_OVER: "ce n’est pas un format de fiches, non lu", "this is no format of records, not read";
    INNER_ARCHIVE: "une archive dans l’archive, non ouverte ; sortez-la et donnez-la", "an archive within the archive, not opened; take it out and give it";
    HIDDEN_FILE: "un fichier caché, non lu ; renommez-le s’il contient des fiches", "a hidden file, not read; rename it if it holds records";
    SHOW: "Montrer", "Show";
    BY_RULE: "Constats par règle", "Findings by rule";
    BY_RECORD: "Constats par fiche", "Findings by record";
    WHY: "Pourquoi, et comment corriger", "Why, and how to correct it";
    MORE_PLACES: "et {count} autres places", "and {count} more places";
    MORE_FINDINGS: "Et {count} autres constats de cette règle, que donne le rapport JSON (-o rapport.json).", "And {count} more findings of this rule, which the JSON report has (-o report.json).";
    MORE_RECORDS: "Et {count} autres fiches qui ont des constats, que donne le rapport JSON (-o rapport.json).", "And {count} more records with findings, which the JSON report has (-o report.json).";
    NOT_CHECKED: "Ce qui n’a pas été vérifié", "What was not checked";
    ALL_CHECKED: "Tout ce que le profil demande a été vérifié.", "All that the profile asks for was checked.";
    ABSENT_FIELD: "Aucune fiche n’a de valeur pour «\u{a0}{field}\u{a0}»\u{a0}: rien n’a pu y être vérifié.", "No record has a value for “{field}”: nothing of it could be checked.";
    MADE_BY: "ptce {version}, profil {profile}, données de référence du {date}.", "ptce {version}, profile {profile}, reference data of {date}.";
    LEVELS_CHANGED: "Niveaux changés par la configuration\u{a0}: {levels}.", "Levels changed by the configuration: {levels}.";
    WAIVED: "Dérogations, hors du verdict", "Waivers, no part of the verdict";
    WAIVED_LINE: "{code} · {record} · {place} · jusqu’au {until}\u{a0}: {reason}", "{code} · {record} · {place} · until {until}: {reason}";
    LETTER_SUBJECT: "Objet\u{a0}: votre envoi {files}", "Subject: your submission {files}";
    LETTER_GREETING: "Madame, Monsieur,", "Dear sender,";
    LETTER_THANKS: "Nous avons bien reçu votre envoi {files} et nous vous en remercions. Nous l’avons vérifié\u{a0}; en voici le résultat.", "Thank you for your submission {files}. We have checked it; here is the result.";
    LETTER_ALL_PUBLISHABLE: "Votre envoi est accepté\u{a0}: les {records} fiches peuvent être publiées.", "Your submission is accepted: all {records} records can be published.";
    LETTER_ONLY_PUBLISHABLE: "Votre envoi est accepté\u{a0}: la fiche peut être publiée.", "Your submission is accepted: the record can be published.";
    LETTER_ONLY_UNPUBLISHABLE: "Votre envoi ne peut pas encore être accepté\u{a0}: la fiche ne peut pas être publiée telle quelle.", "Your submission cannot be accepted yet: the record cannot be published as it is.";
    LETTER_NONE_PUBLISHABLE: "Votre envoi ne peut pas encore être accepté\u{a0}: aucune des {records} fiches ne peut être publiée telle quelle.", "Your submission cannot be accepted yet: none of the {records} records can be published as it is.";
    LETTER_ONE_PUBLISHABLE: "Votre envoi ne peut pas encore être accepté en entier\u{a0}: 1 fiche sur {records} peut être publiée telle quelle.", "Your submission cannot be accepted as a whole yet: 1 of {records} records can be published as it is.";
    LETTER_PUBLISHABLE: "Votre envoi ne peut pas encore être accepté en entier\u{a0}: {clean} fiches sur {records} peuvent être publiées telles quelles.", "Your submission cannot be accepted as a whole yet: {clean} of {records} records can be published as they are.";
    LETTER_ALL_ADMISSIBLE: "{records} {dossiers} sur {records}.", "{records} of {records} {dossiers}.";
    LETTER_ADMISSIBLE: "{clean} {dossiers} sur {records}\u{a0}; {incomplete} à compléter, {other} à préciser.", "{clean} of {records} {dossiers}; {incomplete} to be completed, {other} to be clarified.";
    LETTER_NOTHING: "Nous n’y avons trouvé aucune fiche\u{a0}: merci de nous renvoyer le fichier.", "We found no record in it: please send the file again.";
    LETTER_UNREAD: "Fichiers que nous n’avons pas pu lire", "Files that we could not read";
    LETTER_BLOCKING: "À corriger", "To be corrected";
    LETTER_TO_CONFIRM: "À confirmer ou à préciser", "To be confirmed or clarified";
    LETTER_UNDERSTOOD: "Ce que nous avons compris ainsi (rien à faire si c’est exact)", "What we understood as follows (nothing to do if it is right)";
    LETTER_HOW: "Pour répondre, corrigez votre fichier (la copie annotée montre les cellules concernées) et renvoyez-le-nous sous le même nom. Une valeur juste malgré notre remarque peut rester\u{a0}: dites-le simplement dans votre réponse.", "To answer, correct your file (the annotated copy shows the cells) and send it to us again under the same name. A value that is right in spite of our remark can stay: just say so in your answer.";
    LETTER_NOTHING_TO_DO: "Vous n’avez rien à faire.", "There is nothing for you to do.";
    LETTER_CLOSE: "Nous vous prions d’agréer, Madame, Monsieur, l’expression de nos salutations distinguées.", "Yours sincerely,";
    MORE_REMARKS: "Et {count} autres remarques, que montre la copie annotée.", "And {count} more remarks, which the annotated copy shows.";
    DIFFERENCE: "Ce qui a changé depuis la dernière fois", "What changed since the last time";
    RESOLVED: "Résolu", "Resolved";
    STILL_LEFT: "Reste", "Left";
    STILL_NEW: "Nouveau", "New";
    RECORDS_GONE: "Fiches disparues", "Records gone";
    RECORDS_ADDED: "Fiches ajoutées", "Records added";
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(text: &str) -> Vec<&str> {
        let mut names: Vec<&str> =
            text.split('{').skip(1).filter_map(|rest| rest.split_once('}').map(|(name, _)| name)).collect();
        names.sort_unstable();
        names.dedup();
        names
    }

    #[test]
    fn every_text_is_there_in_both_languages_and_fills_in_the_same() {
        for (name, phrase) in ALL {
            assert!(!phrase.fr.trim().is_empty() && !phrase.en.trim().is_empty(), "{name}");
            assert_eq!(names(phrase.fr), names(phrase.en), "{name}");
        }
    }

    #[test]
    fn french_is_set_with_its_blanks() {
        for (name, Phrase { fr, en }) in ALL {
            for mark in [" :", " ;", " !", " ?", "« ", " »"] {
                assert!(!fr.contains(mark), "{name}: {mark:?} breaks at the end of a line");
            }
            assert!(!fr.contains('\'') && !en.contains('\''), "{name}: an apostrophe is ’");
            assert!(!en.contains(['«', '»', '\u{a0}', '\u{202f}']), "{name}");
        }
    }
}
