// How the files are understood, label by label, and corrected.
import { by, counted, make, number, state, t, tabled } from "./base.js";
import { getMapping } from "./downloads.js";
import { ask, working } from "./program.js";

/** What is done when somebody has said what labels mean; the labels do not know of the files that are checked. */
let changed = () => undefined;

export function whenMeaningsChange(listener) {
  changed = listener;
}

export async function showUnderstood() {
  const answer = await working(t("working"), () => ask({ do: "understood" }));
  if (answer) fill(answer.ok);
}

export function fill({ files, fields }) {
  by("tables").replaceChildren(...files.map((file) => understood(file, fields)));
}

export function open(isOpen) {
  state.open = isOpen;
  by("tables").hidden = !isOpen;
  by("show-understood").setAttribute("aria-expanded", isOpen);
  by("show-understood").textContent = t(isOpen ? "hideUnderstood" : "showUnderstood");
}

function understood(file, fields) {
  const { file: name, tables, problem, corrected } = file;
  const isOnly = state.files.length === 1 && tables.length > 0;
  const section = make("div", { class: "source" }, make("h3", {}, name));
  if (problem) section.append(make("p", { class: "notice error" }, problem));
  tables.forEach((table, rank) => {
    if (!table.labels.length) return;
    const title = [table.sheet && t("sheet", { sheet: table.sheet }), table.header && t("header", { n: table.header[0] }), counted("record", table.records)];
    const caption = title.filter(Boolean).join(" · ");
    const heads = ["label", "meaning", "values"].map((key) => t(key));
    const rows = table.labels.map((label) => row(label, name, rank, fields));
    section.append(tabled(caption || name, heads, rows, caption));
    if (table.left_out?.length) {
      section.append(make("details", { class: "more" }, make("summary", {}, `${t("outside")} (${table.left_out.length})`),
        make("ul", {}, ...table.left_out.map(({ text, place, why }) => make("li", {}, `${place}${text ? ` – ${text}` : ""} → ${why}`)))));
    }
  });
  const actions = make("p", { class: "row" });
  if (tables.some((table) => table.labels.length)) {
    actions.append(make("button", { type: "button", onclick: () => getMapping(name) }, t("getMapping")));
  }
  if (corrected) {
    const undo = () => {
      delete state.meanings[name];
      changed();
    };
    actions.append(make("button", { type: "button", class: "link", onclick: undo }, t("undoMeanings")));
  }
  section.append(actions);
  if (!isOnly && !tables.length && !problem) section.append(make("p", {}, t("noTable")));
  return section;
}

function row(label, file, table, fields) {
  const { label: text, place, field, meaning, values, samples, key } = label;
  const name = text || t("noLabel");
  const chosen = state.meanings[file]?.[table]?.[key];
  let understood;
  if (key == null) understood = [field ? `${field} (${meaning})` : meaning];
  else {
    const select = make("select", { "aria-label": t("fieldOf", { label: name }) }, make("option", { value: "" }, t("aside")));
    let group;
    const known = (field ?? "").replace(/\/\d+(?=\/|$)/g, "/*");
    for (const one of fields) {
      if (group?.label !== one.group) {
        group = make("optgroup", { label: one.group });
        select.append(group);
      }
      group.append(make("option", { value: one.pointer === known && field ? field : one.pointer }, one.group === one.title ? one.title : `${one.group} – ${one.title}`));
    }
    if (field && !fields.some((one) => one.pointer === known)) select.append(make("option", { value: field }, field));
    select.value = field ?? "";
    select.addEventListener("change", async () => {
      const tables = (state.meanings[file] ??= []);
      while (tables.length <= table) tables.push({});
      tables[table][key] = select.value;
      const focus = { file, table, key };
      await changed();
      by("tables").querySelector(`[data-key="${CSS.escape(JSON.stringify(focus))}"]`)?.focus();
    });
    select.dataset.key = JSON.stringify({ file, table, key });
    understood = [select, make("small", {}, ` ${chosen !== undefined ? t("corrected") : meaning}`)];
  }
  const shown = samples.map((sample) => (sample.length > 40 ? `${sample.slice(0, 40)}…` : sample)).join(" · ");
  return make("tr", {},
    make("th", { scope: "row" }, name, place ? make("small", {}, ` ${place}`) : null),
    make("td", {}, ...understood),
    make("td", {}, shown, make("small", {}, ` ${t("filled", { n: number(values) })}`)));
}
