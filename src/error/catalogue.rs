//! What each kind of error is called, what it means, and what to do about it.

use super::ErrorKind;
use crate::language::Phrase;

/// A kind of error, for whoever meets its code.
#[derive(Debug)]
#[non_exhaustive]
pub struct ErrorText {
    /// The kind.
    pub kind: ErrorKind,
    /// Its code: a stable name in kebab-case, never that of a rule.
    pub code: &'static str,
    /// What it is, in one line.
    pub summary: Phrase,
    /// When it comes, and what to do.
    pub explanation: Phrase,
}

/// Every kind of error.
pub static ERRORS: [ErrorText; 6] = [
    ErrorText {
        kind: ErrorKind::Io,
        code: "inaccessible-file",
        summary: Phrase { fr: "Un fichier ne peut être lu ou écrit.", en: "A file cannot be read or written." },
        explanation: Phrase {
            fr: "Le système refuse : le chemin n’existe pas, les droits manquent, le disque est plein. Le message dit ce que \
                 le système répond.",
            en: "The system refuses: the path does not exist, rights are missing, the disk is full. The message says what \
                 the system answers.",
        },
    },
    ErrorText {
        kind: ErrorKind::Format,
        code: "unknown-format",
        summary: Phrase {
            fr: "Le fichier n’est pas d’un format lisible, ou pas de celui que son nom annonce.",
            en: "The file is in no format that can be read, or not in the one that its name says.",
        },
        explanation: Phrase {
            fr: "Le format est reconnu au contenu. Un PDF, une image ou un document de traitement de texte ne porte pas de \
                 fiches ; demandez le classeur ou le CSV d’origine, ou enregistrez le fichier au format .xlsx.",
            en: "The format is told by the content. A PDF, an image or a word processor’s document holds no records; ask for \
                 the workbook or the CSV that it was made from, or save the file as .xlsx.",
        },
    },
    ErrorText {
        kind: ErrorKind::Syntax,
        code: "damaged-file",
        summary: Phrase {
            fr: "Le fichier est abîmé ou ne respecte pas les règles de son format.",
            en: "The file is damaged or breaks the rules of its format.",
        },
        explanation: Phrase {
            fr: "La lecture s’arrête à l’endroit indiqué : une balise ou un guillemet qui ne se ferme pas, une archive \
                 coupée. Demandez un nouvel envoi, ou corrigez à cet endroit.",
            en: "Reading stops at the place that is named: a tag or a quote that is not closed, an archive that was cut. \
                 Ask for the file again, or correct it at that place.",
        },
    },
    ErrorText {
        kind: ErrorKind::Empty,
        code: "no-record",
        summary: Phrase {
            fr: "Le fichier ne contient ni en-tête connu ni fiche.",
            en: "The file holds no known header and no record.",
        },
        explanation: Phrase {
            fr: "Rien n’a été pris pour une fiche. « ptce inspect » montre ce qui est compris ; une correspondance \
                 enregistrée peut dire où est l’en-tête.",
            en: "Nothing was taken for a record. “ptce inspect” shows what is understood; a saved mapping can say where \
                 the header is.",
        },
    },
    ErrorText {
        kind: ErrorKind::Limit,
        code: "limit-exceeded",
        summary: Phrase {
            fr: "Le fichier dépasse une limite de sûreté.",
            en: "The file is beyond a limit set for safety.",
        },
        explanation: Phrase {
            fr: "Les limites protègent la machine d’un fichier piégé ou démesuré. « --limit » en relève plusieurs pour un \
                 fichier sûr ; sinon, donnez le fichier en plusieurs parties.",
            en: "Limits protect the machine from a malicious or oversized file. “--limit” raises several of them for a \
                 file that is safe; else give the file in several parts.",
        },
    },
    ErrorText {
        kind: ErrorKind::Usage,
        code: "impossible-request",
        summary: Phrase { fr: "La demande elle-même ne convient pas.", en: "The request itself makes no sense." },
        explanation: Phrase {
            fr: "Une option, une configuration ou une sortie qui existe déjà : le message dit ce qui ne va pas, et quoi \
                 demander à la place.",
            en: "An option, a configuration, or an output that exists already: the message says what is wrong, and what to \
                 ask for instead.",
        },
    },
];

/// The kind of error of a code.
pub fn error(code: &str) -> Option<&'static ErrorText> {
    ERRORS.iter().find(|error| error.code == code)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_unique_and_no_rule_bears_one() {
        for (rank, error) in ERRORS.iter().enumerate() {
            assert!(crate::rules::rule(error.code).is_none(), "{}", error.code);
            assert!(ERRORS[..rank].iter().all(|other| other.code != error.code), "{}", error.code);
            assert_eq!(error.kind.code(), error.code);
        }
    }

    #[test]
    fn the_answer_of_the_system_is_the_source() {
        let error = crate::Input::open("no/such/file".as_ref()).err().unwrap();
        assert_eq!(error.code(), "inaccessible-file");
        let source = std::error::Error::source(&error).and_then(|source| source.downcast_ref::<std::io::Error>());
        assert_eq!(source.map(std::io::Error::kind), Some(std::io::ErrorKind::NotFound));
    }
}
