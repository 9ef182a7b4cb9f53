// The program, in a worker, and what is shown while it works. A question has one answer; a worker that breaks is replaced.
import { by, say, state, t } from "./base.js";

let compiled;
let isLoaded = false;
let source;
let unpack;
export let worker;
let waiting = new Map();
let asked = 0;
/** Whether the worker holds the files of before. */
let isStale = false;
/** The texts that are rarely wanted, whether they were, and whether the worker has them. */
let rare;
let isRareWanted = false;
let hasRare = false;
/** Memory never shrinks: a program that has taken more is replaced by a fresh one. */
const MOST_KEPT = 256 << 20;

/** A file of the page; opened from a folder, the page holds them. */
async function bytesOf(name) {
  const held = globalThis.held?.[name];
  if (held) return Uint8Array.from(atob(held), (sign) => sign.charCodeAt(0)).buffer;
  const answer = await fetch(name);
  if (!answer.ok) throw new Error(name);
  return answer.arrayBuffer();
}

async function load() {
  const [text, unpacker, packed] = await Promise.all(["worker.js", "unpack.wasm", "ptce.wasm.lzma"].map(bytesOf));
  unpack = unpacker;
  source = URL.createObjectURL(new Blob([text], { type: "text/javascript" }));
  const first = new Worker(source);
  try {
    const module = await new Promise((resolve, reject) => {
      first.onmessage = ({ data }) => (data.module ? resolve(data.module) : reject(new Error(data.broken)));
      first.onerror = reject;
      first.postMessage({ id: 0, program: { unpack, packed } }, [packed]);
    });
    isLoaded = true;
    return module;
  } finally {
    first.terminate();
  }
}

function program() {
  compiled ??= load().catch((error) => {
    compiled = undefined;
    throw error;
  });
  return compiled;
}

/** The texts that a check hardly ever asks for, and a publication does: they come when the page is ready, or as soon as they are
 * wanted. */
export function rareTexts() {
  rare ??= bytesOf("rare-texts.lzma").catch((error) => {
    rare = undefined;
    throw error;
  });
  return rare;
}

/** The files are others: an idle worker, which has warmed up, takes them; a busy one ends. */
export function change() {
  if (state.busy || state.memory > MOST_KEPT) end();
  else isStale = true;
}

export function end() {
  worker?.terminate();
  worker = undefined;
  for (const { reject } of waiting.values()) reject({ ended: true });
  waiting = new Map();
}

function heard({ data }) {
  if (data.of !== undefined) return progress(data.done, data.of);
  if (data.isWanting) return waiting.has(data.id) ? anew() : undefined;
  const { resolve, reject } = waiting.get(data.id) ?? {};
  waiting.delete(data.id);
  if (!resolve) return undefined;
  if (data.broken !== undefined) {
    end();
    return reject(data);
  }
  state.memory = data.memory;
  return data.told.error ? reject(data.told.error) : resolve({ ...data.told, file: data.file });
}

/** The program wants the rare texts: what was asked is asked anew, of one that has them. */
function anew() {
  const again = [...waiting.values()];
  waiting = new Map();
  end();
  isRareWanted = true;
  for (const { question, resolve, reject } of again) ask(question).then(resolve, reject);
}

function send(question, given = {}) {
  const id = ++asked;
  return new Promise((resolve, reject) => {
    waiting.set(id, { question, resolve, reject });
    worker.postMessage({ id, question, ...given });
  });
}

export async function ask(question) {
  const module = await program();
  if (question.do === "published") isRareWanted = true;
  const packed = isRareWanted && (await rareTexts());
  const given = {};
  if (packed && !(worker && hasRare)) given.rare = { unpack, packed };
  hasRare = Boolean(packed);
  if (worker && !isStale) return send(question, given);
  given.files = state.files;
  if (worker) send({ do: "forget" }).catch(() => undefined);
  else {
    worker = new Worker(source);
    worker.onmessage = heard;
    worker.onerror = (event) => heard({ data: { id: asked, broken: event.message || "worker" } });
    given.module = module;
  }
  isStale = false;
  if (!state.result || question.do === "check") return send(question, given);
  // A fresh worker knows the files when it has checked them.
  send({ do: "check", asked: wish() }, given).catch(() => undefined);
  return send(question);
}

/** What is asked of the records. */
export function wish() {
  const { configuration, mapping } = state.companions;
  const chosen = document.querySelector("input[name=profile]:checked").value;
  return {
    language: state.language,
    today: new Date().toISOString().slice(0, 10),
    profile: chosen,
    configuration: configuration ?? null,
    mapping: mapping ?? null,
    meanings: state.meanings,
  };
}

/* Work in progress. */

function progress(done, of) {
  const percent = of ? Math.min(100, Math.floor((done / of) * 100)) : 0;
  by("progress").setAttribute("aria-valuenow", percent);
  by("progress").firstElementChild.style.inlineSize = `${percent}%`;
}

export async function working(label, work) {
  if (state.busy) end();
  const turn = {};
  state.busy = turn;
  by("trouble").hidden = true;
  by("working-label").textContent = isLoaded ? label : t("loading");
  if (!isLoaded) program().then(() => state.busy === turn && (by("working-label").textContent = label), () => undefined);
  by("progress").removeAttribute("aria-valuenow");
  by("progress").firstElementChild.style.inlineSize = "0";
  // What is over before it could be read is not shown.
  const shown = setTimeout(() => {
    by("working").hidden = false;
    say(by("working-label").textContent);
  }, 150);
  try {
    return await work();
  } catch (error) {
    if (state.busy === turn) trouble(error);
    return undefined;
  } finally {
    clearTimeout(shown);
    if (state.busy === turn) {
      state.busy = null;
      by("working").hidden = true;
    }
  }
}

export function command() {
  const name = state.files[0]?.[0] ?? "fichier.xlsx";
  return `ptce validate "${name}" -o rapport.html`;
}

export function trouble(error) {
  if (error?.ended) return;
  let text = error?.message ?? String(error);
  if (error?.unread) text = t("unreadable");
  else if (error?.broken !== undefined) {
    const isMemory = /memory|alloc|unreachable/i.test(error.broken) && !/\.rs:/.test(error.broken);
    text = isMemory ? t("outOfMemory", { command: command() }) : t("brokenPage", { place: error.broken });
  } else if (error instanceof Error) text = t("noProgram");
  const box = by("trouble");
  box.textContent = text;
  box.hidden = false;
  box.focus();
}
