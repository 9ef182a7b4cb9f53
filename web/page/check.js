// The files that a person gives, and the verdict on them.
import { by, counted, make, number, say, size, state, t } from "./base.js";
import { forgetCorrections } from "./corrections.js";
import { showFilters, showFindings } from "./findings.js";
import { fill, open, showUnderstood } from "./labels.js";
import { ask, change, command, trouble, wish, worker, working } from "./program.js";

/** Bytes that a browser can be asked to hold, with what the program makes of them. */
const MOST_BYTES = 200 << 20;

export async function entries(transfer) {
  const files = [];
  const walk = async (entry) => {
    if (entry.isFile) {
      const file = await new Promise((resolve, reject) => entry.file(resolve, reject));
      files.push([entry.fullPath.replace(/^\//, ""), file]);
    } else {
      const reader = entry.createReader();
      for (;;) {
        const some = await new Promise((resolve, reject) => reader.readEntries(resolve, reject));
        if (!some.length) break;
        for (const each of some) await walk(each);
      }
    }
  };
  const found = [...transfer.items].map((item) => item.webkitGetAsEntry?.()).filter(Boolean);
  if (!found.length) return [...transfer.files].map((file) => [file.name, file]);
  for (const entry of found) await walk(entry);
  return files;
}

/** What a file that accompanies the records is, by what it says. */
function kindOf(text) {
  if (/^\s*\[\[tables\]\]/m.test(text)) return "mapping";
  if (/^\s*(profile|values)\s*=|^\s*\[(levels|off)\]/m.test(text)) return "configuration";
  if (/^\s*(title|publisher|description|contact|updated|issued|homepage|base_url|frequency|keywords)\s*=/m.test(text)) return "metadata";
  const header = text.replace(/^\ufeff/, "").split(/\r?\n/, 1)[0].toLowerCase();
  if (header.startsWith("cle;decision")) return "decisions";
  if (header.includes("valeur") && header.includes("preuve")) return "consents";
  if (/^"?valeur"?(?:[;,].*)?$/.test(header)) return "objections";
  return null;
}

async function textOf(file) {
  const bytes = await file.arrayBuffer();
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    // A French Excel saves its lists so.
    return new TextDecoder("windows-1252").decode(bytes);
  }
}

export async function companion(name, file, isLoud) {
  const text = file.size <= 16 << 20 ? await textOf(file) : "";
  const kind = kindOf(text);
  if (!kind) {
    if (isLoud) trouble({ message: t("unknownCompanion", { name }) });
    return false;
  }
  state.companions[kind] = [text, name];
  showCompanions();
  return true;
}

export function showCompanions() {
  const kinds = { companions: ["configuration", "mapping"], lists: ["metadata", "consents", "objections", "decisions"] };
  for (const [list, names] of Object.entries(kinds)) {
    by(list).replaceChildren(
      ...names.filter((kind) => state.companions[kind]).map((kind) => {
        const name = state.companions[kind][1];
        const told = t(`as${kind[0].toUpperCase()}${kind.slice(1)}`, { name });
        const remove = () => {
          delete state.companions[kind];
          showCompanions();
          if (kind === "configuration" || kind === "mapping") recheck();
        };
        return make("li", {}, `${told} `, make("button", { type: "button", class: "link", onclick: remove }, t("remove", { name })));
      }),
    );
  }
}

export async function give(given) {
  const files = [];
  let hasCompanion = false;
  for (const [name, file] of given) {
    const isSettings = /\.toml$/i.test(name);
    const isOwn = isSettings || /a-verifier[^/]*\.csv$/i.test(name);
    const isTaken = isOwn && (await companion(name, file, isSettings));
    if (isTaken) hasCompanion = true;
    else if (!isSettings) files.push([name, file]);
  }
  if (!files.length) return hasCompanion && state.files.length ? check() : undefined;
  const length = files.reduce((sum, [, file]) => sum + file.size, 0);
  state.files = files;
  state.meanings = {};
  state.decisions = {};
  state.review = [];
  state.result = null;
  change();
  if (length > MOST_BYTES) {
    by("result").hidden = true;
    return trouble({ message: t("tooLarge", { size: size(length), most: size(MOST_BYTES), command: command() }) });
  }
  return check();
}

export async function check(isQuiet = false) {
  const { files } = state;
  const told = { size: size(files.reduce((sum, [, file]) => sum + file.size, 0)) };
  const label = files.length === 1 ? t("reading", { ...told, name: files[0][0] }) : t("readingMany", { ...told, n: files.length });
  if (!isQuiet) by("result").hidden = true;
  const answer = await working(label, () => ask({ do: "check", asked: wish() }));
  by("result").classList.toggle("alone", !answer);
  if (!answer) return unlabelled();
  state.result = answer.ok;
  forgetCorrections();
  by("published").hidden = true;
  await show();
  if (state.open) await showUnderstood();
  by("result").hidden = false;
  if (isQuiet) say(`${t("changed")} ${by("verdict").textContent}`);
  else {
    by("verdict").focus({ preventScroll: true });
    by("verdict").scrollIntoView({ block: "start" });
  }
}

/** A file of which no label is known: its labels are shown, for a person to say what they mean. */
async function unlabelled() {
  state.result = null;
  if (!worker || state.busy) return;
  const answer = await ask({ do: "understood" }).catch(() => undefined);
  if (!answer?.ok.files.some(({ tables }) => tables.length)) return;
  open(true);
  fill(answer.ok);
  by("result").hidden = false;
}

export function recheck() {
  return state.files.length && (state.result || by("result").classList.contains("alone")) ? check(true) : undefined;
}

/* The verdict. */

function verdict({ summary, faulty, unread }) {
  const records = counted("record", summary.records);
  const { errors, warnings, infos } = summary;
  if (!summary.records && !errors) return [unread.length ? "error" : "warning", t("noRecords")];
  if (errors) {
    const told = { errors: counted("error", errors), faulty: counted("record", faulty), total: number(summary.records) };
    return ["error", faulty ? t("toCorrect", told) : t("toCorrectFile", told)];
  }
  if (unread.length) return ["error", unread.length > 1 ? t("unreadFiles", { files: counted("file", unread.length) }) : t("unreadFile")];
  if (warnings) return ["warning", t("toConfirm", { records, warnings: counted("warning", warnings) })];
  return ["well", infos ? t("allWellInfos", { records, infos: counted("info", infos) }) : t("allWell", { records })];
}

/** What the configuration accepts for a while. */
function accepted(waived) {
  const line = ({ finding, reason, until }) => t("acceptedOne", { name: finding.record?.nom ?? t("noName"), message: finding.message, reason, until });
  return make("details", { class: "more" }, make("summary", {}, counted("accepted", waived.length)), make("ul", {}, ...waived.map((one) => make("li", {}, line(one)))));
}

async function show() {
  const { result } = state;
  const { summary } = result;
  const [kind, sentence] = verdict(result);
  by("verdict").className = `verdict ${kind}`;
  by("verdict").textContent = sentence;
  const isRefused = summary.errors > 0;
  by("verdict-more").textContent = isRefused ? t(result.profile === "candidature" ? "submissionError" : "laureateError") : "";
  by("verdict-more").hidden = !isRefused;
  const figure = (value, name) => make("li", {}, make("b", {}, value), ` ${name}`);
  by("read").textContent = t("read", { size: size(result.sources.reduce((sum, { bytes }) => sum + bytes, 0)), memory: size(state.memory) });
  by("figures").replaceChildren(
    figure(number(summary.records), t("fRecords")),
    figure(number(summary.publishable), t("fPublishable")),
    figure(t("percentOf", { n: summary.completeness }), t("fCompleteness")),
  );
  const notices = result.unread.map((error) => make("p", { class: "notice error" }, error.message));
  if (result.skipped.length) notices.push(make("p", { class: "notice" }, t("skipped", { names: result.skipped.join(", ") })));
  if (result.leftBehind.length) notices.push(make("p", { class: "notice" }, t("leftBehind", { names: result.leftBehind.join(", ") })));
  for (const rule of result.notRun) notices.push(make("p", { class: "notice" }, t("notRun", rule)));
  if (result.accepted.length) notices.push(accepted(result.accepted));
  if (result.kept < result.findings) notices.push(make("p", { class: "notice warning" }, t("kept", { n: number(result.kept) })));
  by("notices").replaceChildren(...notices);
  // Where nothing is wrong, what is only worth knowing is shown.
  if (!summary.errors && !summary.warnings) state.wanted.levels.add("info");
  state.wanted.code = "";
  state.wanted.file = "";
  showFilters();
  await showFindings();
}
