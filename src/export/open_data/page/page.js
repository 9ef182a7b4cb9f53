// The search: it hides what does not answer. Without it, the page shows everything.
(() => {
  "use strict";
  const form = document.getElementById("recherche");
  if (!form) return;
  const [words, region, theme] = ["mots", "region", "theme"].map((id) => document.getElementById(id));
  const result = document.getElementById("resultat");
  const plain = (text) =>
    text.normalize("NFD").replace(/[\u0300-\u036f]/g, "").toLowerCase()
      .replace(/œ/g, "oe").replace(/æ/g, "ae").replace(/[’'\u00a0\u202f]/g, " ");
  const spaced = (text) => ` ${plain(text).replace(/[^\p{L}\p{N}]+/gu, " ").trim()}`;
  // What a sheet says, without its headings and labels: a word is found by its beginning.
  const values = "h3 > span:last-child, .lieu, .themes li, .texte p, .texte li, .texte dd, .texte dt, .faits dd";
  const said = (sheet) =>
    sheet.matches(".fiche")
      ? [...sheet.querySelectorAll(values)].map((value) => value.textContent).join(" ")
      : sheet.textContent;
  const sheets = [...document.querySelectorAll("[data-region]")].map((sheet) => ({
    id: sheet.dataset.pole,
    text: spaced(said(sheet)),
    region: sheet.dataset.region,
    themes: sheet.dataset.themes.split(" "),
  }));
  const heaps = [...document.querySelectorAll("[data-poles]")].map((heap) => ({ heap, poles: heap.dataset.poles.split("\n") }));
  const sections = ["liste", "thematiques", "fiches", "noms"].map((id) => document.getElementById(id)).filter(Boolean);
  const shown = [...document.querySelectorAll("[data-pole]")];
  const groups = [...document.querySelectorAll("[data-groupe]")].map((group) => {
    const count = group.querySelector(".compte");
    return { group, count, text: count.textContent, poles: [...group.querySelectorAll("[data-pole]")] };
  });

  function filter() {
    const wanted = spaced(words.value).split(" ").filter(Boolean);
    const found = new Set(
      sheets
        .filter((sheet) =>
          wanted.every((word) => sheet.text.includes(` ${word}`)) &&
          (!region.value || sheet.region === region.value) &&
          (!theme || !theme.value || sheet.themes.includes(theme.value)))
        .map((sheet) => sheet.id),
    );
    for (const element of shown) element.toggleAttribute("hidden", !found.has(element.dataset.pole));
    for (const { group, count, text, poles } of groups) {
      const left = poles.filter((pole) => found.has(pole.dataset.pole)).length;
      group.toggleAttribute("hidden", left === 0);
      count.textContent = left < poles.length ? `${left} sur ${text}` : text;
    }
    for (const { heap, poles } of heaps) heap.toggleAttribute("hidden", !poles.some((pole) => found.has(pole)));
    const all = found.size === sheets.length;
    // What answers lies open, as long as it can be seen at a glance.
    for (const { group } of groups) {
      if (group.tagName === "DETAILS") group.open = !all && !group.hidden && found.size <= 200 && !group.querySelector(".fiche");
    }
    for (const section of sections) {
      if (section.querySelector("[data-groupe], .fiche")) section.toggleAttribute("hidden", found.size === 0);
    }
    result.textContent =
      all ? `Les ${sheets.length} pôles sont affichés.`
      : found.size === 0 ? "Aucun pôle ne répond à cette recherche."
      : found.size === 1 ? `1 pôle sur ${sheets.length} est affiché.`
      : `${found.size} pôles sur ${sheets.length} sont affichés.`;
    const target = document.getElementById("noms") || document.getElementById("liste");
    if (!all && found.size > 0 && target) {
      const link = document.createElement("a");
      link.href = `#${target.id}`;
      link.textContent = found.size === 1 ? "Voir le résultat" : `Voir les ${found.size} résultats`;
      result.append(" ", link);
    }
  }

  // Told once the typing pauses, or a screen reader would speak at each letter.
  let pause;
  form.addEventListener("input", () => { clearTimeout(pause); pause = setTimeout(filter, 200); });
  form.addEventListener("reset", () => setTimeout(filter));
  form.addEventListener("submit", (event) => { event.preventDefault(); filter(); });
  form.hidden = false;
  // A browser that comes back to the page keeps what was typed.
  if (words.value || region.value || (theme && theme.value)) filter();
  // Not every browser unfolds what a link leads into.
  const unfold = () => {
    let place = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (!place || !place.closest("details:not([open])")) return;
    for (let fold = place.closest("details"); fold; fold = fold.parentElement.closest("details")) fold.open = true;
    place.scrollIntoView();
  };
  addEventListener("hashchange", unfold);
  unfold();
})();
