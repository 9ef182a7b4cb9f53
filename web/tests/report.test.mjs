// The report as a page, `--format html`, in a real browser: narrow and wide, light and dark, folded and open. SCREENSHOTS names a
// folder for pictures to be looked at.
import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { pathToFileURL } from "node:url";
import { chromium } from "playwright-core";
import { accessible } from "./accessible.mjs";
import { command } from "./command.mjs";

const place = mkdtempSync(join(tmpdir(), "ptce-report-"));
const pictures = process.env.SCREENSHOTS;

let browser;
before(async () => {
  browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: ["--no-sandbox"] });
});
after(async () => {
  await browser?.close();
  rmSync(place, { recursive: true });
});

/** A table with findings of every level and of many rules: long names without a space, values of many lines, damaged letters. */
function faulty(rows) {
  const header = "Nom du PTCE;Structure porteuse;Région;Département;Courriel;Téléphone;Adresse;Code postal;Commune;SIRET;Montant;Site web;Résumé;Colonne inconnue\n";
  const row = (rank) => [
    rank % 5 ? `Pôle ${rank}` : `Pôleterritorialdecoopérationéconomique${"x".repeat(80)}${rank}`,
    "Coop�rative",
    "Bretagne",
    "Lot",
    `contact${rank}(at)example.org`,
    "01 99 00 12 3",
    "",
    "46999",
    "Figeac",
    "99916408000016",
    "15.000",
    rank % 2 ? "www.example.org" : `https://exemple/${"chemin/".repeat(30)}`,
    `"Un **texte** de\nplusieurs lignes, ${"long ".repeat(60)}"`,
    "x",
  ].join(";");
  return header + Array.from({ length: rows }, (_, rank) => `${row(rank)}\n`).join("");
}

for (const language of ["fr", "en"]) {
  test(`the report in ${language} is one for everybody`, async () => {
    writeFileSync(join(place, "envoi.csv"), faulty(36));
    command(place, "validate", "envoi.csv", "--lang", language, "-q", "-o", `${language}.html`);
    const report = JSON.parse(command(place, "validate", "envoi.csv", "--lang", language, "-q", "--format", "json").stdout);
    assert.ok(report.findings.length > 290, `${report.findings.length} findings`);
    for (const width of [320, 1280]) {
      for (const colorScheme of ["light", "dark"]) {
        const context = await browser.newContext({ viewport: { width, height: 800 }, colorScheme });
        const page = await context.newPage();
        const errors = [];
        page.on("pageerror", (error) => errors.push(String(error)));
        await page.goto(pathToFileURL(join(place, `${language}.html`)).href);
        assert.equal(await page.evaluate(() => document.documentElement.lang), language);
        const name = `report-${language}-${width}-${colorScheme}`;
        await accessible(page, name);
        await page.evaluate(() => document.querySelectorAll("details").forEach((details) => (details.open = true)));
        await accessible(page, `${name}, open`);
        if (pictures) {
          mkdirSync(pictures, { recursive: true });
          await page.screenshot({ path: join(pictures, `${name}.png`) });
        }
        assert.deepEqual(errors, []);
        await context.close();
      }
    }
  });
}
