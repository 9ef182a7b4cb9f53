// What was found, record by record.
import { LEVELS, by, counted, make, number, state, t } from "./base.js";
import { ask, trouble } from "./program.js";

/** Findings added to the page at a time. */
const AT_ONCE = 200;

export function showFilters() {
  const { result, wanted } = state;
  const counts = { error: result.summary.errors, warning: result.summary.warnings, info: result.summary.infos };
  by("levels").replaceChildren(
    ...LEVELS.map((level) => {
      const toggle = (event) => {
        wanted.levels[event.target.checked ? "add" : "delete"](level);
        showFindings();
      };
      const box = make("input", { type: "checkbox", name: level, onchange: toggle });
      box.checked = wanted.levels.has(level);
      return make("label", { class: `level ${level}` }, box, ` ${t(`${level}s`)} (${number(counts[level])})`);
    }),
  );
  const rank = (code) => LEVELS.indexOf(code.level);
  const codes = [...result.codes].sort((a, b) => rank(a) - rank(b) || b.count - a.count);
  by("rule").replaceChildren(
    make("option", { value: "" }, t("all")),
    ...codes.map(({ code, count, summary }) => make("option", { value: code }, `${summary.replace(/\.$/, "")} (${number(count)})`)),
  );
  by("file").replaceChildren(
    make("option", { value: "" }, t("allFiles")),
    ...result.sources.map(({ file }) => make("option", { value: file }, file)),
  );
  by("file-filter").hidden = result.sources.length < 2;
  by("filters").hidden = result.findings === 0;
}

export async function showFindings(first = 0) {
  const { wanted } = state;
  const answer = await ask({
    do: "findings", levels: [...wanted.levels], code: wanted.code || null, file: wanted.file || null, text: wanted.text || null, first, most: AT_ONCE,
  }).catch(trouble);
  if (!answer) return;
  const { total, groups, next } = answer.ok;
  const shown = groups.map(group);
  if (first === 0) by("groups").replaceChildren(...shown);
  else by("groups").append(...shown);
  by("count").textContent = total ? counted("shown", total) : state.result.findings ? t("none") : t("nothing");
  state.next = next;
  by("next").hidden = next == null;
  if (first > 0) shown[0]?.querySelector("h3")?.focus();
}

function group({ file, index, name, completeness, findings }) {
  const title = index == null ? t("ofFile", { file }) : name ? t("ofRecord", { n: number(index), name }) : t("ofRecordNameless", { n: number(index) });
  const more = [];
  if (index != null && state.result.sources.length > 1) more.push(file);
  if (completeness != null) more.push(t("complete", { n: completeness }));
  return make(
    "article", { class: "group" },
    make("h3", { tabindex: "-1" }, title, more.length ? make("small", {}, ` ${more.join(" · ")}`) : null),
    make("ul", { class: "plain" }, ...findings.map(finding)),
  );
}

/** The place as whoever opens the file looks for it. */
function place({ location, heading, place }) {
  const { cell, sheet, row, line, column, path } = location;
  const parts = [];
  if (cell) parts.push(make("strong", { class: "cell" }, t("cell", { cell })));
  else if (row ?? line) parts.push(make("strong", { class: "cell" }, t(row ? "row" : "line", { n: number(row ?? line) }) + (column && !path ? `, ${t("column", { n: column })}` : "")));
  if (sheet) parts.push(t("sheet", { sheet }));
  if (heading) parts.push(t("under", { label: heading }));
  else if (path) parts.push(path);
  if (!parts.length && place) parts.push(place);
  return parts.flatMap((part, rank) => (rank ? [", ", part] : [part]));
}

function finding(found) {
  const { code, level, message, value, expected, suggestion, confidence } = found;
  const where = place(found);
  const pairs = [
    [t("at"), where.length ? where : null],
    [t("found"), value && [make("q", { class: "value" }, value)]],
    [t("expected"), expected && [expected]],
    [t("suggestion"), suggestion && [make("ins", {}, suggestion), ` (${t({ high: "sure", medium: "likely", low: "possible" }[confidence])})`]],
  ].filter(([, what]) => what);
  const why = make("details", {}, make("summary", {}, t("why")));
  why.addEventListener("toggle", () => why.open && why.children.length === 1 && explain(code, why));
  return make(
    "li", { class: `finding ${level}` },
    make("p", { class: "said" }, make("span", { class: `badge ${level}` }, t(level)), " ", message),
    make("dl", {}, ...pairs.flatMap(([name, what]) => [make("dt", {}, name), make("dd", {}, ...what)])),
    why,
  );
}

async function explain(code, into) {
  const answer = await ask({ do: "explained", code }).catch(trouble);
  if (!answer?.ok || into.children.length > 1) return;
  const { explanation, basis } = answer.ok;
  for (const paragraph of explanation.split(/\n\s*\n/)) into.append(make("p", {}, paragraph.replace(/\s*\n\s*/g, " ")));
  if (basis) into.append(make("p", { class: "dim" }, `${t("basis")} ${basis}`));
  into.append(make("p", { class: "dim" }, make("code", {}, code)));
}
