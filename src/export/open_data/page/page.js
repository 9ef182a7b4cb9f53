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
  const sheets = [...document.querySelectorAll(".fiche")].map((sheet) => ({
    id: sheet.id,
    text: plain(sheet.textContent),
    region: sheet.dataset.region,
    themes: sheet.dataset.themes.split(" "),
  }));
  const shown = [...document.querySelectorAll("[data-pole]")];
  const groups = [...document.querySelectorAll("[data-groupe]")].map((group) => {
    const count = group.querySelector(".compte");
    return { group, count, text: count.textContent, poles: [...group.querySelectorAll("[data-pole]")] };
  });

  function filter() {
    const wanted = plain(words.value).split(/\s+/).filter(Boolean);
    const found = new Set(
      sheets
        .filter((sheet) =>
          wanted.every((word) => sheet.text.includes(word)) &&
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
    const all = found.size === sheets.length;
    result.textContent =
      all ? `Les ${sheets.length} pôles sont affichés.`
      : found.size === 0 ? "Aucun pôle ne répond à cette recherche."
      : found.size === 1 ? `1 pôle sur ${sheets.length} est affiché.`
      : `${found.size} pôles sur ${sheets.length} sont affichés.`;
  }

  // Told once the typing pauses, or a screen reader would speak at each letter.
  let pause;
  form.addEventListener("input", () => { clearTimeout(pause); pause = setTimeout(filter, 200); });
  form.addEventListener("reset", () => setTimeout(filter));
  form.addEventListener("submit", (event) => { event.preventDefault(); filter(); });
  form.hidden = false;
  // A browser that comes back to the page keeps what was typed.
  if (words.value || region.value || (theme && theme.value)) filter();
})();
