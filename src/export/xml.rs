//! XML: the keys as elements, each list a container of elements named in the singular.

use std::io::{self, BufWriter, Write};

use quick_xml::escape::partial_escape;
use quick_xml::events::{BytesDecl, BytesEnd, BytesStart, BytesText, Event};

use super::{Out, Writer, write_error};
use crate::error::{Error, ErrorKind, Result};
use crate::reading::numbers::unmistakable;
use crate::record::{Part, Record, singular};

/// Name of the root element.
pub(crate) const ROOT: &str = "ptces";
/// Name of the element of one record.
pub(crate) const RECORD: &str = "ptce";

/// An XML file on its way.
pub(super) struct Xml<'a> {
    writer: quick_xml::Writer<BufWriter<Out<'a>>>,
    /// Records written, the one on its way included.
    records: u64,
    /// Names of the open elements below the record.
    path: Vec<&'static str>,
}

impl<'a> Xml<'a> {
    pub fn new(out: Out<'a>) -> io::Result<Xml<'a>> {
        let mut writer = quick_xml::Writer::new_with_indent(BufWriter::new(out), b' ', 2);
        writer.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))?;
        writer.write_event(Event::Start(BytesStart::new(ROOT)))?;
        Ok(Xml { writer, records: 0, path: Vec::new() })
    }

    fn element(&mut self, name: &'static str, part: Part<'_>) -> Result<()> {
        self.write(Event::Start(BytesStart::new(name)))?;
        match part {
            Part::Text(text) => self.text(text)?,
            Part::Number(number) => self.text(&unmistakable(&number.to_string()))?,
            Part::Group(group) => {
                for key in group.keys() {
                    if let Some(part) = group.part(key) {
                        self.inner(key, part)?;
                    }
                }
            }
            Part::List(list) => {
                for part in (0..list.count()).filter_map(|index| list.element(index)) {
                    self.inner(singular(name), part)?;
                }
            }
        }
        self.write(Event::End(BytesEnd::new(name)))
    }

    fn inner(&mut self, name: &'static str, part: Part<'_>) -> Result<()> {
        self.path.push(name);
        self.element(name, part)?;
        self.path.pop();
        Ok(())
    }

    fn text(&mut self, text: &str) -> Result<()> {
        if let Some(character) = text.chars().find(|c| is_illegal(*c)) {
            return Err(illegal(self.records, &self.path.join("/"), character));
        }
        self.write(Event::Text(BytesText::from_escaped(partial_escape(text))))
    }

    fn write(&mut self, event: Event<'_>) -> Result<()> {
        self.writer.write_event(event).map_err(write_error)
    }
}

impl Writer for Xml<'_> {
    fn record(&mut self, record: &Record) -> Result<()> {
        self.records += 1;
        self.element(RECORD, Part::Group(record))
    }

    fn finish(mut self: Box<Self>) -> Result<()> {
        self.write(Event::End(BytesEnd::new(ROOT)))?;
        let mut out = self.writer.into_inner();
        out.write_all(b"\n").and_then(|()| out.flush()).map_err(write_error)
    }
}

/// Whether XML 1.0 has no way to write a character, not even by its number.
fn is_illegal(c: char) -> bool {
    (c < ' ' && !matches!(c, '\t' | '\n' | '\r')) || matches!(c, '\u{fffe}' | '\u{ffff}')
}

fn illegal(record: u64, path: &str, character: char) -> Error {
    let code = u32::from(character);
    Error::new(
        ErrorKind::Limit,
        format!(
            "fiche {record}, {path} : le XML ne peut contenir le caractère de contrôle U+{code:04X} ; retirez-le de la \
             source, ou exportez en JSON"
        ),
        format!(
            "record {record}, {path}: XML cannot hold the control character U+{code:04X}; remove it from the source, or \
             export to JSON"
        ),
    )
}

#[cfg(test)]
mod tests {
    use crate::export::tests::written;
    use crate::record::{Contact, Record};
    use crate::row::Format;

    #[test]
    fn lists_are_containers_and_text_is_untouched() {
        let record = Record {
            name: Some(" A & <B>\r\n\tC ".to_owned()),
            themes: vec!["bois".to_owned(), "laine".to_owned()],
            contacts: vec![Contact { email: Some("a@b.example".to_owned()), ..Contact::default() }],
            ..Record::default()
        };
        let text = String::from_utf8(written(Format::Xml, &[record])).unwrap();
        let expected = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>
<ptces>
  <ptce>
    <nom> A &amp; &lt;B&gt;&#13;\n\tC </nom>
    <thematiques>
      <thematique>bois</thematique>
      <thematique>laine</thematique>
    </thematiques>
    <contacts>
      <contact>
        <courriel>a@b.example</courriel>
      </contact>
    </contacts>
  </ptce>
</ptces>
";
        assert_eq!(text, expected);
    }
}
