//! XML: the keys as elements, each list a container of elements named in the singular.

use std::borrow::Cow;
use std::io::{self, BufWriter, Write};

use quick_xml::Writer;
use quick_xml::escape::partial_escape;
use quick_xml::events::{BytesDecl, BytesEnd, BytesStart, BytesText, Event};

use crate::record::{Part, Record, singular};

/// Name of the root element.
pub(crate) const ROOT: &str = "ptces";
/// Name of the element of one record.
pub(crate) const RECORD: &str = "ptce";

/// An XML file on its way.
pub(super) struct Xml<W: Write> {
    writer: Writer<BufWriter<W>>,
}

impl<W: Write> Xml<W> {
    pub fn new(out: W) -> io::Result<Xml<W>> {
        let mut writer = Writer::new_with_indent(BufWriter::new(out), b' ', 2);
        writer.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))?;
        writer.write_event(Event::Start(BytesStart::new(ROOT)))?;
        Ok(Xml { writer })
    }

    pub fn record(&mut self, record: &Record) -> io::Result<()> {
        self.element(RECORD, Part::Group(record))
    }

    fn element(&mut self, name: &str, part: Part<'_>) -> io::Result<()> {
        self.writer.write_event(Event::Start(BytesStart::new(name)))?;
        match part {
            Part::Text(text) => self.text(text)?,
            Part::Number(number) => self.text(&number.to_string())?,
            Part::Group(group) => {
                for key in group.keys() {
                    if let Some(part) = group.part(key) {
                        self.element(key, part)?;
                    }
                }
            }
            Part::List(list) => {
                for part in (0..list.count()).filter_map(|index| list.element(index)) {
                    self.element(singular(name), part)?;
                }
            }
        }
        self.writer.write_event(Event::End(BytesEnd::new(name)))
    }

    fn text(&mut self, text: &str) -> io::Result<()> {
        let legal = legal(text);
        self.writer.write_event(Event::Text(BytesText::from_escaped(partial_escape(legal.as_ref()))))
    }

    pub fn finish(mut self) -> io::Result<()> {
        self.writer.write_event(Event::End(BytesEnd::new(ROOT)))?;
        let mut out = self.writer.into_inner();
        out.write_all(b"\n")?;
        out.flush()
    }
}

/// `text` with the replacement character where XML 1.0 has no way to write one.
fn legal(text: &str) -> Cow<'_, str> {
    let is_illegal = |c: char| (c < ' ' && !matches!(c, '\t' | '\n' | '\r')) || matches!(c, '\u{fffe}' | '\u{ffff}');
    if text.contains(is_illegal) { Cow::Owned(text.replace(is_illegal, "\u{fffd}")) } else { Cow::Borrowed(text) }
}

#[cfg(test)]
mod tests {
    use crate::export::tests::written;
    use crate::record::{Contact, Record};
    use crate::row::Format;

    #[test]
    fn lists_are_containers_and_text_is_untouched() {
        let record = Record {
            name: Some(" A & <B>\u{1}\r\n\tC ".to_owned()),
            themes: vec!["bois".to_owned(), "laine".to_owned()],
            contacts: vec![Contact { email: Some("a@b.example".to_owned()), ..Contact::default() }],
            ..Record::default()
        };
        let text = String::from_utf8(written(Format::Xml, &[record])).unwrap();
        let expected = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>
<ptces>
  <ptce>
    <nom> A &amp; &lt;B&gt;\u{fffd}&#13;\n\tC </nom>
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
