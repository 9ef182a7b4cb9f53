// A publication: what is left out, what is doubtful, the map, the archive.
import { by, counted, make, number, state, t, tabled } from "./base.js";
import { save } from "./downloads.js";
import { ask, working } from "./program.js";

function metadata() {
  const given = state.companions.metadata;
  const form = new FormData(by("metadata"));
  const lines = [];
  for (const key of ["title", "publisher", "contact", "updated"]) {
    const value = (form.get(key) ?? "").trim();
    if (value) lines.push(key === "updated" ? `${key} = ${value}` : `${key} = ${JSON.stringify(value)}`);
  }
  if (!given) return lines.length ? [lines.join("\n"), "publication.toml"] : null;
  // What the form says goes before what the file says.
  const keys = new Set(lines.map((line) => line.split(" ", 1)[0]));
  let isTop = true;
  const kept = given[0].split(/\r?\n/).filter((line) => {
    if (/^\s*\[/.test(line)) isTop = false;
    return !(isTop && keys.has(line.split("=", 1)[0].trim()));
  });
  return [[...lines, ...kept].join("\n"), given[1]];
}

function parsed(csv) {
  const rows = [];
  let row = [];
  for (const [, quoted, plain, mark] of csv.replace(/^\ufeff/, "").matchAll(/(?:"((?:[^"]|"")*)"|([^";\r\n]*))(;|\r?\n|$)/g)) {
    row.push(quoted !== undefined ? quoted.replace(/""/g, '"') : plain);
    if (mark === ";") continue;
    if (row.length > 1) rows.push(row);
    row = [];
  }
  return rows;
}

/** The list of doubtful mentions with what was decided here. */
function decided() {
  if (!state.review.length) return state.companions.decisions ?? null;
  const cell = (text) => (/[";\r\n]/.test(text) ? `"${text.replace(/"/g, '""')}"` : text);
  const rows = state.review.map((row, rank) => (rank && state.decisions[row[0]] !== undefined ? [row[0], state.decisions[row[0]], ...row.slice(2)] : row));
  return [`\ufeff${rows.map((row) => row.map(cell).join(";")).join("\r\n")}\r\n`, "a-verifier.csv"];
}

function publishing(part) {
  const form = by("metadata").elements;
  const { consents, objections } = state.companions;
  const day = new Date(Date.now() + 14 * 3600 * 1000).toISOString().slice(0, 10);
  return {
    do: "published", metadata: metadata(), consents: consents ?? null, objections: objections ?? null, decisions: decided(),
    keepInvalid: form.keep.checked, withholdDoubtful: form.withhold.checked, today: day, part,
  };
}

export async function publish() {
  const answer = await working(t("working"), () => ask(publishing("page")));
  if (!answer) return;
  const told = answer.ok;
  const box = by("published");
  const title = make("h3", { tabindex: "-1" }, t("ready", { records: counted("record", told.records), total: number(told.read), withheld: counted("value", told.withheld) }));
  const list = (key, lines) => (lines.length ? [make("h4", {}, t(key)), make("ul", {}, ...lines.map((line) => make("li", {}, line)))] : []);
  const of = (found) => t("leftOutOne", { name: found.record?.nom ?? found.record?.id ?? t("noName"), place: found.place, message: found.message });
  const unmatched = Object.entries(told.unmatched).flatMap(([kind, lines]) =>
    lines.map((line) => t("unmatchedOne", { list: state.companions[kind]?.[1] ?? kind, line })));
  box.replaceChildren(
    title,
    ...list("leftOut", told.leftOut.map(of)),
    ...list("hidden", told.hidden.map((found) => found.message)),
    ...list("described", [...told.missing.map(lacking), ...unmatched]),
    ...doubts(told),
    ...map(answer.file, counted("record", told.records)),
    make("p", {}, make("button", { type: "button", class: "main", onclick: getPackage }, t("getPackage"))),
  );
  box.hidden = false;
  title.focus();
}

/** What the description lacks, by the name of its field on this page. The command names its key between quotes. */
function lacking({ code, message }) {
  if (code !== "missing-metadata") return message;
  const [, key] = message.match(/[«“]\s*(\w+)\s*[»”]/) ?? [];
  const field = key && by("metadata").elements[key]?.closest("label").textContent.trim();
  return field ? t("inForm", { field }) : key ? t("inFile", { key }) : message;
}

function doubts({ review }) {
  const rows = parsed(review);
  // What was decided in an earlier turn, or in a list, stays, to be decided otherwise.
  const earlier = state.review.length ? state.review : parsed(state.companions.decisions?.[0] ?? "");
  if (rows.length < 2 && earlier.length < 2) return [];
  const known = new Map([...earlier.slice(1), ...rows.slice(1)].map((row) => [row[0], row]));
  state.review = [rows[0] ?? earlier[0], ...known.values()];
  const shown = state.review.slice(1).map((row) => {
    const [key, decision, , record, field, mention, context] = row;
    const select = make("select", { "aria-label": t("decide", { mention }) },
      make("option", { value: "" }, t("undecided")), make("option", { value: "publier" }, t("publish")), make("option", { value: "retirer" }, t("withdraw")));
    select.value = state.decisions[key] ?? decision;
    select.addEventListener("change", () => (state.decisions[key] = select.value));
    return make("tr", {}, make("th", { scope: "row" }, mention, make("small", {}, ` ${record} · ${field}`)), make("td", {}, context), make("td", {}, select));
  });
  const heads = ["mention", "context", "decision"].map((key) => t(key));
  return [
    make("h4", {}, t("doubts")), make("p", {}, t("doubtsHint")),
    tabled(t("doubts"), heads, shown),
    make("p", { class: "row" },
      make("button", { type: "button", onclick: publish }, t("again")),
      make("button", { type: "button", class: "link", onclick: getReview }, t("getReview"))),
  ];
}

/** The map, taken from the page of the publication: an image, in which nothing runs. */
function map(page, records) {
  const text = new TextDecoder().decode(page);
  const [figure] = text.match(/<figure[^>]*>.*?<\/figure>/s) ?? [];
  const [drawn, opening] = figure?.match(/(<svg[^>]*>).*?<\/svg>/s) ?? [];
  if (!drawn) return [];
  const [, width, height] = opening.match(/viewBox="\S+ \S+ (\S+) (\S+)"/) ?? [null, 600, 600];
  const style = [...text.matchAll(/<style>(.*?)<\/style>/gs)].map(([, rules]) => rules).join("\n").replace(/&/g, "&amp;").replace(/</g, "&lt;");
  const attributes = /xmlns=/.test(opening) ? "" : ' xmlns="http://www.w3.org/2000/svg"';
  const whole = drawn.replace(opening, `${opening.slice(0, -1)}${attributes} width="${width}" height="${height}"><style>${style}</style>`);
  const address = URL.createObjectURL(new Blob([whole], { type: "image/svg+xml" }));
  return [make("h4", {}, t("map")), make("img", { src: address, class: "map", alt: t("mapAlt", { records }), width, height })];
}

async function getPackage() {
  const answer = await working(t("working"), () => ask(publishing("archive")));
  if (answer) save("publication.zip", answer.file, "application/zip");
}

async function getReview() {
  const [text, name] = decided();
  save(name, text, "text/csv");
}
