//! What hangs on cells, comments and links, on its way to their records.

use std::collections::BTreeSet;

use super::super::annotations::{Annotations, Kind, has_site};
use super::Sink;
use crate::error::Result;
use crate::field::Field;
use crate::guide;
use crate::row::{Label, RemarkKind, Target};
use crate::text::fold::folded;

/// How the label of a mailbox ends that is the link of a name.
const MAILBOX: &str = "courriel du lien";

const MAILBOX_END: &str = "(courriel du lien)";

impl Sink<'_> {
    /// What hangs on the cells of the sheet that is read, told before they come.
    pub fn annotations(&mut self) -> &mut Annotations {
        &mut self.annotations
    }

    /// Tells the comments and links of the sheet that was read which no record has.
    pub fn end_annotations(&mut self) -> Result<()> {
        let annotations = std::mem::take(&mut self.annotations);
        for ((line, column), text) in annotations.rest(guide::is_note) {
            self.remark(RemarkKind::Outside, text, line, column)?;
        }
        Ok(())
    }

    /// The field of the mailbox that is the link of a person's name, where the table has no mailboxes of its own.
    fn mailbox_of_person(&self, label: &Label, kind: Kind, text: &str, value: &str) -> Option<Target> {
        let Target::Field(field, rank) = label.target else { return None };
        let is_mailbox = kind == Kind::Link && text.contains('@') && !text.contains(['/', ' ', ',', ';']);
        let is_one =
            !value.contains([',', ';', '/', '|', '\n', '&']) && !folded(value).split(' ').any(|word| word == "et");
        if field.pointer != "/contacts/*/nom" || !is_mailbox || !is_one {
            return None;
        }
        let email = Field::at("/contacts/*/courriel")?;
        let has_own = |known: &Label| {
            matches!(known.target, Target::Field(field, _) if std::ptr::eq(field, email))
                && !known.text.ends_with(MAILBOX_END)
        };
        (!self.layout.labels.iter().any(has_own)).then_some(Target::Field(email, rank))
    }

    /// Adds to the row being filled what hangs on its cells. A link is the value where its text is none.
    pub(super) fn annotate(&mut self) -> Result<()> {
        let mut places = BTreeSet::new();
        for rank in 0..self.rows.current().cells().len() {
            let cell = self.rows.current().cells()[rank];
            if !places.insert((cell.line, cell.column)) {
                continue;
            }
            let value = self.rows.current().text(&cell).to_owned();
            for (kind, text) in self.annotations.of(cell.line, cell.column, &value) {
                let label = &self.layout.labels[cell.label as usize];
                let is_value = kind == Kind::Link
                    && match label.target {
                        Target::Field(field, _) if field.pointer == "/site_web" => !has_site(&value),
                        Target::Field(field, _) if field.pointer == "/contacts/*/courriel" => {
                            text.contains('@') && !value.contains('@')
                        }
                        _ => false,
                    };
                let mailbox = self.mailbox_of_person(label, kind, &text, &value);
                let (kept, what) = match (kind, is_value) {
                    (Kind::Link, true) => {
                        self.rows.replace(rank, &text);
                        (&value, "texte du lien")
                    }
                    (Kind::Link, false) if mailbox.is_some() => (&text, MAILBOX),
                    (Kind::Link, false) => (&text, "lien"),
                    (Kind::Comment, _) => (&text, "commentaire"),
                };
                let name = format!("{} ({what})", label.text).trim().to_owned();
                let is_known = |known: &Label| known.reason.is_none() && known.text == name;
                let known = self.layout.labels.iter().position(is_known);
                let beside = match known {
                    Some(known) => known as u32,
                    None => self.enter(name, mailbox.unwrap_or(Target::Beside), cell.line, cell.column)?,
                };
                self.rows.push(beside, cell.element, true, kept, cell.line, cell.column);
            }
        }
        Ok(())
    }
}
