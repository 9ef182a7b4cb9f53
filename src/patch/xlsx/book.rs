//! What leads from one part of a workbook to another: relations, types of contents, the list of sheets.

use super::super::markup::{Edits, Element, Part, Token, escaped};
use super::super::package::Package;
use crate::error::Result;
use crate::import::workbook::{damaged, xlsx::path_of};

/// By what the addresses of relations begin, in the two editions of the format.
const TRANSITIONAL: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const STRICT: &str = "http://purl.oclc.org/ooxml/officeDocument/relationships";
const TYPES: &str = "[Content_Types].xml";

/// A part that leads to another.
#[derive(Debug, Clone)]
pub(super) struct Relation {
    pub id: String,
    /// The end of its address: `worksheet`.
    pub kind: String,
    /// The path of the part; what is outside the workbook has none.
    pub path: Option<String>,
}

/// A sheet of the workbook.
#[derive(Debug, Clone)]
pub(super) struct Place {
    pub name: String,
    pub id: String,
    pub path: String,
    /// Whether it has cells.
    pub is_grid: bool,
}

/// The main part of a workbook.
pub(super) struct Book {
    pub path: String,
    pub sheets: Vec<Place>,
    is_strict: bool,
}

/// The text of a part.
pub(super) fn part(package: &mut Package, path: &str) -> Result<Option<Part>> {
    let Some(bytes) = package.read(path)? else { return Ok(None) };
    let wrong = || {
        damaged(
            &format!("la partie « {path} » n’est pas du XML en UTF-8 ou UTF-16"),
            &format!("the part “{path}” is not XML in UTF-8 or UTF-16"),
        )
    };
    Part::decode(&bytes).map(Some).ok_or_else(wrong)
}

/// Changes a part that is there.
pub(super) fn change(package: &mut Package, path: &str, edit: impl FnOnce(&str, &mut Edits)) -> Result<()> {
    let Some(mut part) = part(package, path)? else { return Ok(()) };
    let mut edits = Edits::default();
    edit(&part.text, &mut edits);
    if !edits.is_empty() {
        part.text = edits.apply(&part.text);
        package.write(path, part.encode());
    }
    Ok(())
}

/// Refuses a workbook in which a part that is to get something more has no element to hold it: a copy whose parts are not told
/// opens nowhere.
fn check_root(package: &mut Package, path: &str) -> Result<()> {
    match part(package, path)?.is_none_or(|part| Element::root(&part.text).is_some()) {
        true => Ok(()),
        false => Err(damaged("une partie n’a pas de contenu", "a part has no content")),
    }
}

/// The folder of a part, and its name in it.
pub(super) fn split(path: &str) -> (&str, &str) {
    path.rsplit_once('/').unwrap_or(("", path))
}

/// The part that lists the relations of another.
pub(super) fn relations_path(path: &str) -> String {
    match split(path) {
        ("", file) => format!("_rels/{file}.rels"),
        (folder, file) => format!("{folder}/_rels/{file}.rels"),
    }
}

/// The relations of a part; those of the whole package for an empty path.
pub(super) fn relations(package: &mut Package, path: &str) -> Result<Vec<Relation>> {
    let Some(part) = part(package, &relations_path(path))? else { return Ok(Vec::new()) };
    let Some(root) = Element::root(&part.text) else { return Ok(Vec::new()) };
    let relation = |element: Element<'_>| {
        let text = |name| element.tag.attribute(name).unwrap_or_default();
        let kind = text("Type");
        let is_outside = text("TargetMode").eq_ignore_ascii_case("external");
        Relation {
            id: text("Id"),
            kind: kind.rsplit('/').next().unwrap_or_default().to_owned(),
            path: (!is_outside).then(|| path_of(split(path).0, &text("Target"))),
        }
    };
    Ok(root.children(&part.text).filter(|child| child.tag.name() == "Relationship").map(relation).collect())
}

/// The way from a part to another, as relations write it.
fn way(from: &str, to: &str) -> String {
    let folder = split(from).0;
    match to.strip_prefix(folder).and_then(|rest| rest.strip_prefix('/')) {
        Some(rest) if !folder.is_empty() => rest.to_owned(),
        _ => format!("/{to}"),
    }
}

impl Book {
    pub fn read(package: &mut Package) -> Result<Book> {
        let none = || damaged("il n’a pas de contenu", "it has no content");
        let main = relations(package, "")?.into_iter().rev().find(|relation| relation.kind == "officeDocument");
        let path = main.and_then(|relation| relation.path).ok_or_else(none)?;
        let leads = relations(package, &path)?;
        let part = part(package, &path)?.ok_or_else(none)?;
        let root = Element::root(&part.text).ok_or_else(none)?;
        let is_strict = root.tag.text.contains("purl.oclc.org/ooxml");
        let list = root.child(&part.text, "sheets").ok_or_else(none)?;
        let mut sheets = Vec::new();
        for sheet in list.children(&part.text).filter(|child| child.tag.name() == "sheet") {
            let id = sheet.tag.attributes().find(|(name, _)| *name == "id" || name.ends_with(":id"));
            let id = id.map(|(_, id)| id.to_owned()).unwrap_or_default();
            let lead = leads.iter().find(|relation| relation.id == id);
            let is_grid = lead.is_some_and(|lead| lead.kind == "worksheet");
            // A sheet that leads nowhere is none of which anything could be said.
            let path = lead.and_then(|lead| lead.path.clone()).unwrap_or_default();
            let name = sheet.tag.attribute("name").unwrap_or_default();
            sheets.push(Place { name, id, is_grid: is_grid && package.has(&path), path });
        }
        Ok(Book { path, sheets, is_strict })
    }

    /// The part of a kind to which the main part leads, or where it would stand.
    pub fn companion(&self, package: &mut Package, kind: &str) -> Result<Option<String>> {
        let lead = relations(package, &self.path)?.into_iter().find(|relation| relation.kind == kind);
        Ok(lead.and_then(|lead| lead.path).filter(|path| package.has(path)))
    }

    /// The folder in which new parts of a kind stand: beside the main part.
    pub fn in_folder(&self, path: &str) -> String {
        match split(&self.path).0 {
            "" => path.to_owned(),
            folder => format!("{folder}/{path}"),
        }
    }

    /// The address of the namespace of relations.
    fn relation_namespace(&self) -> &'static str {
        if self.is_strict { STRICT } else { TRANSITIONAL }
    }

    /// By which prefix an element in a part names a relation, and what declares it where the root does not.
    pub fn relation_prefix(&self, root: &Token<'_>) -> (String, String) {
        let namespace = self.relation_namespace();
        let is_declared = |(name, value): &(&str, &str)| name.starts_with("xmlns:") && *value == namespace;
        match root.attributes().find(is_declared) {
            Some((name, _)) => (name.trim_start_matches("xmlns:").to_owned(), String::new()),
            None => ("r".to_owned(), format!(" xmlns:r=\"{namespace}\"")),
        }
    }

    /// The address of the namespace of cells.
    pub fn main_namespace(&self) -> &'static str {
        match self.is_strict {
            true => "http://purl.oclc.org/ooxml/spreadsheetml/main",
            false => "http://schemas.openxmlformats.org/spreadsheetml/2006/main",
        }
    }

    /// Has a part lead to another, and answers by which name.
    pub fn lead(&self, package: &mut Package, from: &str, kind: &str, to: &str) -> Result<String> {
        let known = relations(package, from)?;
        let free = |id: &String| known.iter().all(|relation| relation.id != *id);
        let id = (1..).map(|rank| format!("rIdPtce{rank}")).find(free).unwrap_or_default();
        let (namespace, target) = (self.relation_namespace(), escaped(&way(from, to)));
        let relation = |prefix: &str| {
            format!("<{prefix}Relationship Id=\"{id}\" Type=\"{namespace}/{kind}\" Target=\"{target}\"/>")
        };
        let path = relations_path(from);
        check_root(package, &path)?;
        if package.has(&path) {
            change(package, &path, |text, edits| {
                if let Some(root) = Element::root(text) {
                    edits.append(&root, root.tag.text, &relation(root.tag.prefix()));
                }
            })?;
        } else {
            let text = format!(
                "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">{}</Relationships>",
                relation("")
            );
            package.write(&path, Part::new(text).encode());
        }
        Ok(id)
    }

    /// Says what kind of content a new part has.
    pub fn declare(package: &mut Package, path: &str, content: &str) -> Result<()> {
        let name = format!("/{path}");
        check_root(package, TYPES)?;
        change(package, TYPES, |text, edits| {
            let Some(root) = Element::root(text) else { return };
            let is_same = |child: &Element<'_>| {
                child.tag.attribute("PartName").is_some_and(|known| known.eq_ignore_ascii_case(&name))
            };
            if !root.children(text).any(|child| is_same(&child)) {
                let prefix = root.tag.prefix();
                let kind = format!("<{prefix}Override PartName=\"{}\" ContentType=\"{content}\"/>", escaped(&name));
                edits.append(&root, root.tag.text, &kind);
            }
        })
    }

    /// Says what kind of content the parts of an extension have.
    pub fn declare_extension(package: &mut Package, extension: &str, content: &str) -> Result<()> {
        check_root(package, TYPES)?;
        change(package, TYPES, |text, edits| {
            let Some(root) = Element::root(text) else { return };
            let is_same = |child: &Element<'_>| {
                child.tag.attribute("Extension").is_some_and(|known| known.eq_ignore_ascii_case(extension))
            };
            if !root.children(text).any(|child| is_same(&child)) {
                let prefix = root.tag.prefix();
                let kind = format!("<{prefix}Default Extension=\"{extension}\" ContentType=\"{content}\"/>");
                edits.insert(root.inner.start, kind);
            }
        })
    }

    /// Adds a sheet at the end, whose part is `path`.
    pub fn add_sheet(&mut self, package: &mut Package, name: &str, path: &str) -> Result<()> {
        let id = self.lead(package, &self.path, "worksheet", path)?;
        Book::declare(package, path, "application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml")?;
        change(package, &self.path, |text, edits| {
            let root = Element::root(text);
            let list = root.as_ref().and_then(|root| root.child(text, "sheets"));
            let Some(list) = list else { return };
            let sheets: Vec<Element<'_>> = list.children(text).collect();
            let number = sheets.iter().filter_map(|sheet| sheet.tag.number("sheetId")).max().unwrap_or(0) + 1;
            let (r, declared) = root.as_ref().map(|root| self.relation_prefix(&root.tag)).unwrap_or_default();
            let prefix = list.tag.prefix();
            let sheet =
                format!("<{prefix}sheet name=\"{}\" sheetId=\"{number}\"{declared} {r}:id=\"{id}\"/>", escaped(name));
            edits.append(&list, list.tag.text, &sheet);
        })?;
        self.sheets.push(Place { name: name.to_owned(), id, path: path.to_owned(), is_grid: true });
        Ok(())
    }

    /// Takes a sheet away, with its part; names that belong to sheets behind it go with them.
    pub fn remove_sheet(&mut self, package: &mut Package, rank: usize) -> Result<()> {
        let Place { id, path, .. } = self.sheets.remove(rank);
        change(package, &self.path, |text, edits| {
            let Some(root) = Element::root(text) else { return };
            for child in root.children(text) {
                match child.tag.name() {
                    "sheets" => {
                        let sheet = child.children(text).filter(|sheet| sheet.tag.name() == "sheet").nth(rank);
                        if let Some(sheet) = sheet {
                            edits.replace(sheet.tag.start..sheet.end, "");
                        }
                    }
                    "definedNames" => {
                        for name in child.children(text) {
                            match name.tag.number("localSheetId") {
                                Some(sheet) if sheet == rank as u64 => edits.replace(name.tag.start..name.end, ""),
                                Some(sheet) if sheet > rank as u64 => {
                                    edits.retag(
                                        &name.tag,
                                        name.tag.with("localSheetId", Some(&(sheet - 1).to_string())),
                                    );
                                }
                                _ => {}
                            }
                        }
                    }
                    "bookViews" => {
                        for view in child.children(text) {
                            for attribute in ["activeTab", "firstSheet"] {
                                if let Some(sheet) = view.tag.number(attribute).filter(|sheet| *sheet >= rank as u64) {
                                    let sheet = sheet.saturating_sub(1).to_string();
                                    edits.retag(&view.tag, view.tag.with(attribute, Some(&sheet)));
                                }
                            }
                        }
                    }
                    _ => {}
                }
            }
        })?;
        self.forget(package, &self.path.clone(), &id, &path)
    }

    /// Takes a part away, and the relation that leads to it.
    pub fn forget(&self, package: &mut Package, from: &str, id: &str, path: &str) -> Result<()> {
        change(package, &relations_path(from), |text, edits| {
            for relation in Element::root(text).iter().flat_map(|root| root.children(text)) {
                if relation.tag.attribute("Id").as_deref() == Some(id) {
                    edits.replace(relation.tag.start..relation.end, "");
                }
            }
        })?;
        let name = format!("/{path}");
        change(package, TYPES, |text, edits| {
            for kind in Element::root(text).iter().flat_map(|root| root.children(text)) {
                if kind.tag.attribute("PartName").is_some_and(|known| known.eq_ignore_ascii_case(&name)) {
                    edits.replace(kind.tag.start..kind.end, "");
                }
            }
        })?;
        package.remove(path);
        package.remove(&relations_path(path));
        Ok(())
    }
}
