//! How a value was read that is not written as its field wants it, and what is said of it.

use crate::language::Phrase;

/// How a text was read that is not written as its field wants it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Way {
    /// A day in words, in the French order, or with an hour.
    Day,
    /// The address of a site without its beginning.
    Site,
    /// The address of a site with spaces, accents or a slip in its beginning.
    SiteSpelling,
    /// A code with its label, spaces or other signs between its digits, or in another case.
    Dress,
    /// A code without the zero that it begins with.
    Zero,
    /// One of the few values of a field, in usual words.
    Choice,
    /// The name of a place, shortened or with more words.
    Place,
    /// A number with marks between its digits, or counted in thousands or millions.
    Number,
    /// A telephone number as it is dialled within its territory.
    Local,
    /// A passage of a page of the Web, with its tags.
    Passage,
    /// A text whose accented letters were read in the wrong encoding.
    Accents,
}

impl Way {
    /// Every way.
    pub(crate) const ALL: [Way; 11] = [
        Way::Day,
        Way::Site,
        Way::SiteSpelling,
        Way::Dress,
        Way::Zero,
        Way::Choice,
        Way::Place,
        Way::Number,
        Way::Local,
        Way::Passage,
        Way::Accents,
    ];

    /// What the finding says.
    pub(crate) const fn message(self) -> Phrase {
        match self {
            Way::Site => Phrase {
                fr: "Adresse de site sans « https:// » : « {value} » est compris comme {suggestion}.",
                en: "Web address without “https://”: “{value}” is read as {suggestion}.",
            },
            Way::Zero => Phrase {
                fr: "« {value} » est compris comme {suggestion} : le zéro du début s’était perdu, le reste de la fiche le confirme.",
                en: "“{value}” is read as {suggestion}: its leading zero was lost, the rest of the record confirms it.",
            },
            Way::Local => Phrase {
                fr: "« {value} », numéro local, est compris comme {suggestion}.",
                en: "“{value}”, a local number, is read as {suggestion}.",
            },
            Way::Accents => Phrase {
                fr: "Les accents de « {value} » sont rétablis : {suggestion}.",
                en: "The accents of “{value}” are restored: {suggestion}.",
            },
            _ => Phrase {
                fr: "« {value} » est compris comme {suggestion}.", en: "“{value}” is read as {suggestion}."
            },
        }
    }

    /// What one value read so is called, and what several are.
    pub(crate) const fn names(self) -> [Phrase; 2] {
        const fn both(fr: [&'static str; 2], en: [&'static str; 2]) -> [Phrase; 2] {
            [Phrase { fr: fr[0], en: en[0] }, Phrase { fr: fr[1], en: en[1] }]
        }
        match self {
            Way::Day => both(
                ["date écrite autrement", "dates écrites autrement"],
                ["date written otherwise", "dates written otherwise"],
            ),
            Way::Site => {
                both(["site sans https://", "sites sans https://"], ["site without https://", "sites without https://"])
            }
            Way::SiteSpelling => both(
                ["adresse de site écrite autrement", "adresses de sites écrites autrement"],
                ["web address written otherwise", "web addresses written otherwise"],
            ),
            Way::Dress => both(
                ["code écrit autrement", "codes écrits autrement"],
                ["code written otherwise", "codes written otherwise"],
            ),
            Way::Zero => both(
                ["code sans son zéro du début", "codes sans leur zéro du début"],
                ["code without its leading zero", "codes without their leading zero"],
            ),
            Way::Choice => both(
                ["valeur écrite autrement", "valeurs écrites autrement"],
                ["value written otherwise", "values written otherwise"],
            ),
            Way::Place => both(
                ["nom de lieu écrit autrement", "noms de lieux écrits autrement"],
                ["name of a place written otherwise", "names of places written otherwise"],
            ),
            Way::Number => both(
                ["nombre écrit autrement", "nombres écrits autrement"],
                ["number written otherwise", "numbers written otherwise"],
            ),
            Way::Passage => {
                both(["texte avec des balises", "textes avec des balises"], ["text with tags", "texts with tags"])
            }
            Way::Accents => both(
                ["texte aux accents rétablis", "textes aux accents rétablis"],
                ["text with its accents restored", "texts with their accents restored"],
            ),
            Way::Local => both(
                ["numéro de téléphone local", "numéros de téléphone locaux"],
                ["local telephone number", "local telephone numbers"],
            ),
        }
    }
}
