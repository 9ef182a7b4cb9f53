// What all parts of the page share: its state, its words, and how elements are made.
import { words } from "./words.js";

export const LEVELS = ["error", "warning", "info"];

export const by = (id) => document.getElementById(id);
export const state = {
  language: "fr",
  files: [],
  companions: {},
  meanings: {},
  decisions: {},
  review: [],
  result: null,
  wanted: { levels: new Set(["error", "warning"]), code: "", file: "", text: "" },
  next: null,
  busy: null,
  memory: 0,
};

export function t(key, values = {}) {
  const text = words[state.language][key] ?? key;
  const filled = text.replace(/\{(\w+)\}/g, (_, name) => values[name] ?? "");
  // A line of French does not break before these signs, nor within a number.
  return state.language === "fr" ? filled.replace(/ ([;:!?%»])/g, "\u00a0$1").replace(/« /g, "«\u00a0") : filled;
}

export function number(n) {
  return n.toLocaleString(state.language);
}

/** A length in bytes, as people say it. */
export function size(bytes) {
  const unit = bytes < 1 << 20 ? "kB" : "MB";
  const n = bytes / (unit === "kB" ? 1 << 10 : 1 << 20);
  return t(unit, { n: number(n < 10 ? Math.ceil(n * 10) / 10 : Math.ceil(n)) });
}

export function counted(name, n) {
  const isOne = state.language === "fr" ? n < 2 : n === 1;
  return t(name + (isOne ? "1" : "N"), { n: number(n) });
}

/** An element; texts are texts, never markup. */
export function make(name, attributes = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (key.startsWith("on")) element.addEventListener(key.slice(2), value);
    else if (value === true) element.setAttribute(key, "");
    else if (value !== false && value != null) element.setAttribute(key, value);
  }
  element.append(...children.filter((child) => child != null));
  return element;
}

/** A table that a phone shows row by row: each cell under the name of its column. */
export function tabled(name, heads, rows, caption) {
  const head = heads.map((text) => make("th", { scope: "col" }, text));
  for (const row of rows) dress(row, heads);
  return make("div", { class: "around", tabindex: "0", role: "region", "aria-label": name },
    make("table", { class: "stack", role: "table" }, caption ? make("caption", {}, caption) : null,
      make("thead", {}, make("tr", { role: "row" }, ...head)), make("tbody", { role: "rowgroup" }, ...rows)));
}

/** Tells the cells of a row what they are, where the head does not stand above them. */
export function dress(row, heads) {
  row.setAttribute("role", "row");
  [...row.children].forEach((cell, rank) => {
    cell.dataset.head = heads[rank];
    cell.setAttribute("role", cell.localName === "th" ? "rowheader" : "cell");
  });
}

export function say(text) {
  by("status").textContent = text;
}
