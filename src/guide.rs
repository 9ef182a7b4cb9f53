//! By what our workbooks explain themselves: a sheet, whose name and first line tell the importer that it holds no data, and
//! the notes on their headers.

use std::borrow::Cow;
use std::sync::LazyLock;

use crate::language::Phrase;
use crate::schema::{self, Node};

/// Its name.
pub(crate) const SHEET: &str = "Lisez-moi";

/// The text of its first cell. Any sheet may be called « Lisez-moi » and hold data; one that begins like this says
/// itself that it does not.
pub(crate) const FIRST_LINE: &str = "Lisez-moi : cette feuille explique le tableau et n’est pas lue à l’import.";

/// The sheet of the findings in an annotated workbook.
pub(crate) const FINDINGS: &str = "Constats";

/// The text of its first cell, by which it is known whatever its name: another sheet may have had it before.
pub(crate) const FINDINGS_LINE: Phrase = Phrase {
    fr: "Constats\u{a0}: cette feuille, ajoutée par ptce, dit ce qui est à corriger et n’est pas lue à l’import.",
    en: "Findings: this sheet, added by ptce, says what is to be corrected and is not read on import.",
};

/// The first lines of the entry form of one record.
pub(crate) const FORM_TITLE: &str = "Fiche d’un pôle territorial de coopération économique";
pub(crate) const FORM_LINE: &str =
    "Une feuille par pôle : pour un autre, copiez la feuille. Ce qui porte une étoile est obligatoire.";

/// Whether a text is one of the first lines of the entry form.
pub(crate) fn is_of_form(text: &str) -> bool {
    text == FORM_TITLE || text == FORM_LINE || text == FORM_LINE.replace('\u{a0}', " ")
}

/// The sheet of the differences in a merged workbook.
pub(crate) const CONFLICTS: &str = "Conflits";

/// The text of its first cell.
pub(crate) const CONFLICTS_LINE: Phrase = Phrase {
    fr: "Conflits : ce que les fichiers réunis disent différemment. Écrivez votre choix sous « Décision », puis « ptce merge --decisions » ; cette feuille n’est pas lue à l’import.",
    en: "Conflicts: what the merged files say differently. Write your choice under “Decision”, then “ptce merge --decisions”; this sheet is not read on import.",
};

/// The sheet that says where merged records come from.
pub(crate) const ORIGINS: &str = "Provenance";

/// The text of its first cell.
pub(crate) const ORIGINS_LINE: Phrase = Phrase {
    fr: "Provenance : les fichiers dont vient chaque fiche ; cette feuille n’est pas lue à l’import.",
    en: "Origins: the files that each record comes from; this sheet is not read on import.",
};

/// Whether a sheet says by its first cell that one of our programs added it, and that it holds no data.
pub(crate) fn is_own_sheet(name: &str, first: &str) -> bool {
    (name == SHEET && first == FIRST_LINE)
        || [FINDINGS_LINE, CONFLICTS_LINE, ORIGINS_LINE].iter().any(|line| is_line(first, *line))
}

/// Whether the first cell is that of the sheet of the findings.
pub(crate) fn is_findings(first: &str) -> bool {
    is_line(first, FINDINGS_LINE)
}

/// Whether a text is a line, in either language.
fn is_line(text: &str, line: Phrase) -> bool {
    // Some programs replace the blank that does not break.
    let same = |line: &str| text == line || text == line.replace('\u{a0}', " ");
    same(line.fr) || same(line.en)
}

/// By what a remark of ours begins in the note of a cell.
pub(crate) const NOTE_MARK: &str = "[ptce]";
/// By what its other lines begin.
pub(crate) const NOTE_INDENT: &str = "\u{a0} ";

/// A note without our remarks: what people say before and after them.
pub(crate) fn without_our_notes(note: &str) -> Cow<'_, str> {
    if !note.contains(NOTE_MARK) {
        return Cow::Borrowed(note);
    }
    let mut is_ours = false;
    let kept: Vec<&str> = note
        .split('\n')
        .filter(|line| {
            is_ours = line.starts_with(NOTE_MARK) || (is_ours && line.starts_with('\u{a0}'));
            !is_ours
        })
        .collect();
    Cow::Owned(kept.join("\n"))
}

/// The note on the header of a field: its description; of a list of values, that of the list, then that of a value.
pub(crate) fn note(node: Node) -> String {
    let text = match node.items() {
        Some(value) => format!("{} {}", node.text("description"), value.text("description")),
        None => node.text("description").to_owned(),
    };
    // The schema has plain spaces where a line of French must not break.
    let unbreakable = [(" :", "\u{a0}:"), (" ;", "\u{a0};"), ("« ", "«\u{a0}"), (" »", "\u{a0}»")];
    unbreakable.iter().fold(text, |text, (plain, fixed)| text.replace(plain, fixed))
}

/// Whether a note is one of these.
pub(crate) fn is_note(text: &str) -> bool {
    static NOTES: LazyLock<Vec<String>> = LazyLock::new(|| {
        fn collect(node: Node, notes: &mut Vec<String>) {
            notes.extend(Some(note(node)).filter(|note| !note.is_empty()));
            node.properties().map(|(_, part)| part).chain(node.items()).for_each(|part| collect(part, notes));
        }
        let mut notes = Vec::new();
        collect(schema::root(), &mut notes);
        notes
    });
    NOTES.iter().any(|note| text.starts_with(note))
}
