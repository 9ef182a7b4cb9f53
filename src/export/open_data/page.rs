//! `index.html`: the publication as one page, which needs neither network nor script to be read or printed.

mod footer;
mod gathered;
mod head;
mod header;
pub(crate) mod html;
mod lists;
mod map;
mod map_section;
mod sheet;
mod standing;
mod view;
mod wording;

use std::io::{self, Write};

pub(super) use gathered::Page;
use head::SCRIPT;
use html::{Html, html};
use lists::{begin_group, end_group};
pub(super) use sheet::category_name;
use view::View;

impl Page<'_> {
    /// Writes the page. It links to `files` (name, description, size), and tells how much of what was `withheld`.
    pub fn write(
        &self,
        out: &mut dyn Write,
        files: &[(&str, &str, u64)],
        withheld: &[(String, u64)],
    ) -> io::Result<()> {
        let view = View::new(self);
        let mut html = Html::default();
        view.head(&mut html, files);
        view.header(&mut html);
        html!(html, "<main id=\"contenu\" tabindex=\"-1\">\n");
        view.search(&mut html);
        if self.entries.is_empty() {
            view.regions(&mut html);
            view.index(&mut html);
        } else {
            view.list(&mut html);
            view.themes(&mut html);
            html!(
                html,
                "<section id=\"fiches\" aria-labelledby=\"fiches-titre\">\n<h2 id=\"fiches-titre\">Les fiches</h2>\n"
            );
            let mut number = 0;
            for group in view.groups() {
                if view.is_folded() {
                    begin_group(&mut html, true, &group[0].standing(view.set).name(), group.len());
                }
                for entry in group {
                    number += 1;
                    sheet::write(&mut html, entry, number, view.set, &view.theme_numbers(entry));
                    // A long page is not held whole.
                    out.write_all(html.as_str().as_bytes())?;
                    html.clear();
                }
                if view.is_folded() {
                    end_group(&mut html, true);
                }
            }
            html!(html, "</section>\n");
        }
        html!(html, "</main>\n");
        view.footer(&mut html, files, withheld);
        html!(html, "<script>" [Html::of_file(SCRIPT)] "</script>\n</body>\n</html>\n");
        out.write_all(html.as_str().as_bytes())
    }
}

#[cfg(test)]
mod tests;
