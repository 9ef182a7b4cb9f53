// What could be corrected in a file, ticked by a person, and the file with what they have ticked.
import { by, counted, dress, make, number, state, t, tabled } from "./base.js";
import { save, stem } from "./downloads.js";
import { ask, working } from "./program.js";

/** Corrections added to the page at a time. */
const LISTED_AT_ONCE = 200;

/** Of the file that is shown: its name, its corrections, and the ranks of those that are ticked. */
let shown = { file: "", corrections: [], chosen: new Set() };

export function openCorrections(isOpen) {
  by("corrections-list").hidden = !isOpen;
  by("show-corrections").setAttribute("aria-expanded", isOpen);
  by("show-corrections").textContent = t(isOpen ? "hideCorrections" : "showCorrections");
}

/** Forgets what was ticked: the files, or how they are read, have changed. */
export function forgetCorrections() {
  shown = { file: "", corrections: [], chosen: new Set() };
  by("corrections-list").replaceChildren();
  openCorrections(false);
}

export async function showCorrections(file) {
  const names = state.files.map(([name]) => name).filter((name) => state.result.sources.some((source) => source.file === name));
  const chosenFile = file ?? names[0];
  const box = by("corrections-list");
  if (chosenFile == null) {
    box.replaceChildren(make("p", { class: "notice" }, t("noCorrectable")));
    return openCorrections(true);
  }
  const answer = await working(t("seeking"), () => ask({ do: "corrections", file: chosenFile }));
  if (!answer) return undefined;
  const corrections = answer.ok;
  shown = { file: chosenFile, corrections, chosen: new Set(corrections.flatMap(({ isSafe }, rank) => (isSafe ? [rank] : []))) };
  const parts = [];
  if (names.length > 1) {
    const select = make("select", { id: "corrected-file" }, ...names.map((name) => make("option", { value: name }, name)));
    select.value = chosenFile;
    select.addEventListener("change", () => showCorrections(select.value));
    parts.push(make("p", {}, make("label", {}, `${t("file")} `, select)));
  }
  if (corrections.length) parts.push(...listed());
  else parts.push(make("p", { class: "notice" }, t("noCorrection")));
  box.replaceChildren(...parts);
  if (corrections.length) tell();
  openCorrections(true);
  if (file != null) by("corrected-file")?.focus();
  return undefined;
}

function listed() {
  const { corrections } = shown;
  const heads = ["apply", "cellAndRecord", "before", "after", "because"].map((key) => t(key));
  const whole = tabled(t("corrections"), heads, []);
  const body = whole.querySelector("tbody");
  const more = make("button", { type: "button" }, t("next"));
  const add = () => {
    const from = body.children.length;
    const rows = corrections.slice(from, from + LISTED_AT_ONCE).map((correction, rank) => rowOf(correction, from + rank));
    for (const row of rows) dress(row, heads);
    body.append(...rows);
    more.hidden = body.children.length >= corrections.length;
  };
  add();
  more.addEventListener("click", () => {
    const from = body.children.length;
    add();
    body.children[from].querySelector("th").focus();
  });
  const tick = (which) => {
    shown.chosen = new Set(corrections.flatMap((correction, rank) => (!correction.obstacle && which(correction) ? [rank] : [])));
    for (const box of body.querySelectorAll("input")) box.checked = shown.chosen.has(Number(box.value));
    tell();
  };
  const button = (key, act, name = "link") => make("button", { type: "button", class: name, onclick: act }, t(key));
  return [
    make("p", { class: "row" }, button("tickSafe", () => tick(({ isSafe }) => isSafe)), button("tickAll", () => tick(() => true)), button("tickNone", () => tick(() => false))),
    whole, make("p", {}, more),
    make("p", { id: "ticked", role: "status" }, ticked()),
    make("p", { class: "row" }, button("getCorrected", () => getCorrected("file"), "main of-ticked"), button("getLog", () => getCorrected("log"), "link of-ticked"), button("getPlan", () => getCorrected("plan"))),
    make("div", { id: "not-corrected" }),
  ];
}

function ticked() {
  return t("ticked", { n: number(shown.chosen.size), corrections: counted("correction", shown.corrections.length) });
}

function tell() {
  by("ticked").textContent = ticked();
  for (const button of by("corrections-list").querySelectorAll(".of-ticked")) button.disabled = !shown.chosen.size;
}

function rowOf({ place, record, before, after, message, confidence, obstacle }, rank) {
  const box = make("input", { type: "checkbox", value: rank, disabled: Boolean(obstacle), "aria-label": t("tick", { before: before || t("empty"), after, place }) });
  box.checked = shown.chosen.has(rank);
  box.addEventListener("change", () => {
    shown.chosen[box.checked ? "add" : "delete"](rank);
    tell();
  });
  const sure = t({ high: "sure", medium: "likely", low: "possible" }[confidence]);
  const name = record.nom ?? record.id;
  return make("tr", { class: obstacle ? "by-hand" : null },
    make("td", { class: "tick" }, box),
    make("th", { scope: "row", tabindex: "-1" }, place, name ? make("small", {}, name) : null),
    make("td", {}, before ? make("q", { class: "value" }, before) : make("span", { class: "dim" }, t("empty"))),
    make("td", {}, make("ins", {}, after)),
    make("td", {}, message, make("small", {}, obstacle ? t("byHand", { obstacle }) : sure)));
}

async function getCorrected(part) {
  const { file, chosen } = shown;
  const answer = await working(t("working"), () => ask({ do: "corrected", file, chosen: [...chosen].sort((a, b) => a - b), part }));
  if (!answer) return;
  const [, name, extension] = file.split("/").pop().match(/^(.*?)(\.[^.]*)?$/);
  const names = { file: `${name}.${t("nCorrected")}${extension ?? ""}`, log: `${name}.${t("nCorrected")}${extension ?? ""}.log.json`, plan: `${stem()}.corrections.xlsx` };
  save(names[part], answer.file);
  const left = answer.ok.left ?? [];
  by("not-corrected").replaceChildren(...(left.length
    ? [make("h3", {}, t("notApplied")), make("ul", {}, ...left.map(({ place, before, after, message }) => make("li", {}, t("notAppliedOne", { place, before, after, message }))))]
    : []));
}
