// The page: what a person does, and where it leads. The worker does the work, and this thread never waits for it.
import { by, make, say, state, t } from "./base.js";
import { companion, entries, give, recheck, showCompanions } from "./check.js";
import { openCorrections, showCorrections } from "./corrections.js";
import { get } from "./downloads.js";
import { showFindings } from "./findings.js";
import { open, showUnderstood, whenMeaningsChange } from "./labels.js";
import { ask, end, rareTexts, trouble } from "./program.js";
import { publish } from "./publication.js";

function speak(language) {
  state.language = language;
  document.documentElement.lang = language;
  document.title = t("title");
  for (const element of document.querySelectorAll("[data-t]")) element.textContent = t(element.dataset.t);
  for (const element of document.querySelectorAll("[data-t-label]")) element.setAttribute("aria-label", t(element.dataset.tLabel));
  const other = by("language");
  other.textContent = t("otherLanguage");
  other.lang = language === "fr" ? "en" : "fr";
  if (state.open) by("show-understood").textContent = t("hideUnderstood");
  showCompanions();
  tellOffline();
  about();
}

async function about() {
  const answer = await ask({ do: "about" }).catch(() => undefined);
  if (!answer) return;
  // Before a file is given there is time for what is made once.
  const isMade = !state.result && !state.busy ? ask({ do: "warm" }).catch(() => undefined) : undefined;
  by("version").textContent = t("version", { version: answer.ok.version });
  by("sources").replaceChildren(...answer.ok.sources.map(({ content, producer, licence, package: name, version, date }) =>
    make("li", {}, `${content} – ${producer}, ${licence} (${name} ${version}, ${date})`)));
  await isMade;
  keep().catch(() => undefined);
}

let isOffline = location.protocol === "file:";
function tellOffline() {
  by("offline").textContent = t(isOffline ? "offlineReady" : "offlineNot");
}

let isKept = false;
/** What is rarely wanted comes once the page is ready, and all of it is kept for when there is no network. */
async function keep() {
  if (isKept) return;
  isKept = true;
  await rareTexts().catch(() => undefined);
  if (isOffline || !("serviceWorker" in navigator)) return;
  await navigator.serviceWorker.register("service-worker.js");
  await navigator.serviceWorker.ready;
  isOffline = true;
  tellOffline();
}

/* What a person does. */

function listen() {
  const taken = (input, then) => input.addEventListener("change", () => {
    const files = [...input.files].map((file) => [file.webkitRelativePath || file.name, file]);
    input.value = "";
    if (files.length) then(files);
  });
  taken(by("files"), give);
  taken(by("folder"), give);
  taken(by("companion"), async (files) => {
    for (const [name, file] of files) await companion(name, file, true);
    await recheck();
  });
  by("drop").addEventListener("click", () => by("files").click());
  by("choose-folder").addEventListener("click", () => by("folder").click());
  by("choose-companion").addEventListener("click", () => by("companion").click());
  by("choose-metadata").addEventListener("click", () => by("companion").click());
  let depth = 0;
  addEventListener("dragenter", (event) => {
    event.preventDefault();
    depth += 1;
    by("drop").classList.add("over");
  });
  addEventListener("dragleave", () => {
    depth = Math.max(0, depth - 1);
    if (!depth) by("drop").classList.remove("over");
  });
  addEventListener("dragover", (event) => event.preventDefault());
  addEventListener("drop", async (event) => {
    event.preventDefault();
    depth = 0;
    by("drop").classList.remove("over");
    const files = await entries(event.dataTransfer).catch(trouble);
    if (files?.length) give(files);
  });
  by("show-paste").addEventListener("click", () => {
    const isShown = by("paste").hidden;
    by("paste").hidden = !isShown;
    by("show-paste").setAttribute("aria-expanded", isShown);
    if (isShown) by("pasted").focus();
  });
  by("check-pasted").addEventListener("click", () => {
    const text = by("pasted").value;
    if (text.trim()) give([[t("pastedName"), new File([text], t("pastedName"))]]);
  });
  whenMeaningsChange(recheck);
  for (const radio of document.querySelectorAll("input[name=profile]")) radio.addEventListener("change", recheck);
  by("language").addEventListener("click", () => {
    speak(state.language === "fr" ? "en" : "fr");
    recheck();
  });
  by("cancel").addEventListener("click", () => {
    state.busy = null;
    end();
    by("working").hidden = true;
    say(t("cancelled"));
    by("drop").focus();
  });
  by("filters").addEventListener("submit", (event) => event.preventDefault());
  by("rule").addEventListener("change", (event) => {
    state.wanted.code = event.target.value;
    // A rule is shown whatever its level.
    const chosen = state.result.codes.find(({ code }) => code === state.wanted.code);
    if (chosen) {
      state.wanted.levels.add(chosen.level);
      by("levels").querySelector(`[name=${chosen.level}]`).checked = true;
    }
    showFindings();
  });
  by("file").addEventListener("change", (event) => {
    state.wanted.file = event.target.value;
    showFindings();
  });
  let typed;
  by("search").addEventListener("input", (event) => {
    state.wanted.text = event.target.value;
    clearTimeout(typed);
    typed = setTimeout(() => showFindings(), 200);
  });
  by("next").addEventListener("click", () => showFindings(state.next));
  by("show-understood").addEventListener("click", async () => {
    open(by("tables").hidden);
    if (state.open) await showUnderstood();
  });
  by("show-corrections").addEventListener("click", () => {
    const isShown = !by("corrections-list").hidden;
    return isShown ? openCorrections(false) : by("corrections-list").children.length ? openCorrections(true) : showCorrections();
  });
  by("metadata").addEventListener("submit", (event) => {
    event.preventDefault();
    publish();
  });
  for (const button of document.querySelectorAll("[data-get]")) button.addEventListener("click", () => get(button.dataset));
}

listen();
const wanted = new URLSearchParams(location.search).get("lang");
const prefers = navigator.languages?.some((language) => language.startsWith("fr")) || !navigator.language;
speak(wanted === "en" || wanted === "fr" ? wanted : prefers ? "fr" : "en");
