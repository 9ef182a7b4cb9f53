//! What is understood how, as a document to read: `docs/values.md` and `docs/valeurs.md`, from the readers themselves.

use super::{Example, READERS, Way, numbers};
use crate::language::Language;
use crate::mapping;
use crate::schema::title_of;

/// Every field whose values are read, with examples of what people write in it.
pub fn examples() -> impl Iterator<Item = (&'static str, &'static [Example])> {
    let readers = READERS.iter().map(|reader| (reader.field, reader.examples));
    readers
        .chain([numbers::EXAMPLES, mapping::EXAMPLES].into_iter().flatten().copied())
        .filter(|(_, examples)| !examples.is_empty())
}

const FRENCH: &str = "\
<!-- Written by a test: PTCE_UPDATE=1 cargo test readings -->

# Ce qui est compris, et comment

Une valeur écrite autrement que son champ la veut est comprise quand **une seule lecture est possible**. La fiche contient alors
la valeur telle que le champ la veut, et une information, `value-understood`, dit la cellule, ce qu’elle contenait et comment elle
a été lue. Rien n’est à corriger, et rien n’est bloqué. Le rapport à lire regroupe ces constats : « 40 sites sans https:// : D6 à
D45 ».

Quand **deux lectures sont possibles**, aucune n’est retenue : le texte est gardé, et un constat donne les deux
(`ambiguous-value`), ou dit ce qui ne va pas. Une valeur déjà juste n’est jamais réécrite, et une valeur comprise, lue de nouveau,
reste la même.

Avec `values = \"as-typed\"` dans le fichier de configuration, les valeurs restent telles qu’elles sont écrites, et les règles
disent ce qui ne va pas. Les nombres n’ont pas d’autre forme dans la fiche : ils sont lus de toute façon.

Un nombre d’un classeur est lu tel que sa cellule le montre quand son format en fait un code (`00000`, un format de téléphone) ou
montre une unité (`0 \"k€\"`).

Chaque ligne de ce tableau est exécutée par un test, dans chaque format. « – » : aucune lecture certaine.

";

const ENGLISH: &str = "\
<!-- Written by a test: PTCE_UPDATE=1 cargo test readings -->

# What is understood, and how

A value written otherwise than its field wants it is understood where **one reading is possible**. The record then holds the value
as the field wants it, and an information, `value-understood`, tells the cell, what stood there and how it was read. Nothing is to
be corrected, and nothing is blocked. The report for reading groups these findings: “40 sites without https://: D6 to D45”.

Where **two readings are possible** none is taken: the text is kept, and a finding gives both (`ambiguous-value`), or tells what is
wrong. A value that is right already is never rewritten, and a value that was understood stays the same when it is read again.

With `values = \"as-typed\"` in the configuration file, values stay as they are written, and the rules tell what is wrong. Numbers
have no other form in the record: they are read in any case.

A number of a workbook is read as its cell shows it where its format makes it a code (`00000`, a format of telephone numbers), or
shows a unit (`0 \"k€\"`).

Each row of this table is executed by a test, in every format. “–”: no certain reading.

";

/// The whole document.
pub fn manual(language: Language) -> String {
    let french = language == Language::French;
    let mut text = String::from(if french { FRENCH } else { ENGLISH });
    text.push_str(match french {
        true => "| champ | écrit | compris |\n|---|---|---|\n",
        false => "| field | written | read |\n|---|---|---|\n",
    });
    for (field, examples) in examples() {
        let title = title_of(field, language);
        for example in examples {
            let beside = example.beside.map(|(label, value)| match french {
                true => format!(" (avec {label} : {value})"),
                false => format!(" (with {label}: {value})"),
            });
            let read = if example.read.is_empty() { "–".to_owned() } else { format!("`{}`", example.read) };
            let written = example.written;
            text.push_str(&format!("| {title} | {written}{} | {read} |\n", beside.unwrap_or_default()));
        }
    }
    text.push_str(if french { "\n## Comment c’est dit\n\n" } else { "\n## How it is told\n\n" });
    for way in Way::ALL {
        let [one, many] = way.names().map(|name| name.in_language(language));
        let message = way.message().in_language(language);
        text.push_str(&format!("* {one}, {many} : {message}\n").replace(" :", if french { " :" } else { ":" }));
    }
    text
}
