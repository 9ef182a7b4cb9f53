// The page in a real browser: what is dropped, asked, corrected and downloaded, and that nothing leaves. SCREENSHOTS names a
// folder for pictures to be looked at.
import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath, pathToFileURL } from "node:url";
import { chromium } from "playwright-core";
import { accessible } from "./accessible.mjs";
import { command, same as sameWorkbook, samples } from "./command.mjs";
import { serve } from "./serve.mjs";

const pictures = process.env.SCREENSHOTS;
const place = mkdtempSync(join(tmpdir(), "ptce-page-"));
const sample = (name) => readFileSync(join(samples, name));

let server;
let browser;
let address;
before(async () => {
  server = await serve();
  address = `http://127.0.0.1:${server.address().port}/`;
  browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: ["--no-sandbox"] });
});
after(async () => {
  await browser?.close();
  server?.close();
  rmSync(place, { recursive: true });
});

/** A page of a fresh browser, in which every request to another host is refused and noted, as is every error. */
async function opened(t, options = {}) {
  const context = await browser.newContext({ locale: "fr-FR", acceptDownloads: true, ...options });
  const noted = { elsewhere: [], requests: [], errors: [] };
  const here = new URL(address).host;
  await context.route(({ host, protocol }) => protocol !== "blob:" && host !== here, (route) => {
    noted.elsewhere.push(route.request().url());
    return route.abort();
  });
  const page = await context.newPage();
  // Else the first choice of a file is, at times, made before it is listened to.
  page.on("filechooser", () => undefined);
  page.on("request", (request) => noted.requests.push(request.url()));
  page.on("pageerror", (error) => noted.errors.push(String(error)));
  page.on("console", (message) => message.type() === "error" && noted.errors.push(message.text()));
  t.after(async () => {
    await context.close();
    assert.deepEqual(noted.elsewhere, [], "a request to another host");
    assert.deepEqual(noted.errors, [], "an error of the page");
  });
  await page.goto(address);
  return { page, context, noted };
}

/** Drops files on the page, `[name, bytes]`. */
async function drop(page, ...files) {
  const given = files.map(([name, bytes]) => [name, Buffer.from(bytes).toString("base64")]);
  const transfer = await page.evaluateHandle((given) => {
    const transfer = new DataTransfer();
    for (const [name, text] of given) transfer.items.add(new File([Uint8Array.from(atob(text), (c) => c.charCodeAt(0))], name));
    return transfer;
  }, given);
  await page.dispatchEvent("#drop", "drop", { dataTransfer: transfer });
}

const verdict = (page) => page.locator("#verdict:visible");
const trouble = (page) => page.locator("#trouble:visible");

async function saved(page, act) {
  const [download] = await Promise.all([page.waitForEvent("download"), act()]);
  const path = join(place, `${Math.random()}`);
  await download.saveAs(path);
  return [download.suggestedFilename(), readFileSync(path)];
}

function wrote(folder, ...args) {
  const out = args.at(-1);
  rmSync(join(place, out), { force: true });
  command(folder, ...args.slice(0, -1), join(place, out));
  return readFileSync(join(place, out));
}

async function picture(page, name, options = {}) {
  if (!pictures) return;
  mkdirSync(pictures, { recursive: true });
  await page.screenshot({ path: join(pictures, `${name}.png`), fullPage: true, ...options });
}

test("a workbook is dropped: the verdict, the cell, the reason, the downloads", async (t) => {
  const { page, noted } = await opened(t);
  await page.locator("#offline", { hasText: "prêt à servir sans réseau" }).waitFor();
  const before = noted.requests.length;
  await drop(page, ["laureats-2014.xlsx", sample("laureats-2014.xlsx")]);
  await verdict(page).waitFor();
  const report = JSON.parse(wrote(samples, "validate", "laureats-2014.xlsx", "--lang", "fr", "-q", "-o", "r.json"));
  assert.match(await verdict(page).textContent(), new RegExp(`^À corriger\u00a0: ${report.summary.errors} erreurs dans \\d+ fiches sur 23\\.`));
  assert.equal(await page.evaluate(() => document.activeElement.id), "verdict");
  const first = report.findings.find(({ level, location }) => level === "error" && location.cell);
  const shown = page.locator(".finding.error", { hasText: first.location.cell }).first();
  assert.match(await shown.textContent(), new RegExp(`cellule ${first.location.cell}.*feuille «\u00a0${first.location.sheet}\u00a0»`));
  await shown.locator("summary").click();
  await shown.locator("code").waitFor();
  await picture(page, "verdict");
  for (const [button, ...args] of [["getJson", "validate", "r.json"], ["getHtml", "validate", "r.html"], ["getCsv", "validate", "r.csv"], ["getAnnotated", "validate", "a.xlsx"], ["getTables", "convert", "t.zip"], ["getXml", "convert", "c.xml"]]) {
    const [, bytes] = await saved(page, () => page.locator(`[data-t=${button}]`).click());
    assert.ok(bytes.equals(wrote(samples, args[0], "laureats-2014.xlsx", "--lang", "fr", "-q", "-o", args[1])), button);
  }
  const [, workbook] = await saved(page, () => page.locator("[data-t=getXlsx]").click());
  sameWorkbook(workbook, wrote(samples, "convert", "laureats-2014.xlsx", "--lang", "fr", "-q", "-o", "c.xlsx"), "converted");
  const [name, letter] = await saved(page, () => page.locator("[data-t=getLetter]").click());
  assert.equal(name, "laureats-2014.lettre.txt");
  assert.ok(letter.equals(wrote(samples, "validate", "laureats-2014.xlsx", "--lang", "fr", "-q", "--format", "letter", "-o", "l.txt")));
  assert.deepEqual(noted.requests.slice(before).filter((url) => !url.startsWith("blob:")), [], "a request while a file is checked");
});

test("findings are filtered by level, rule and words", async (t) => {
  const { page } = await opened(t);
  await drop(page, ["laureats-2014.xlsx", sample("laureats-2014.xlsx")], ["candidature.csv", sample("candidature.csv")]);
  await verdict(page).waitFor();
  const count = async () => Number((await page.locator("#count").textContent()).match(/\d+/)?.[0] ?? 0);
  const all = await count();
  await page.locator("#levels [name=warning]").uncheck();
  await page.waitForFunction(() => !document.querySelector(".finding.warning"));
  const errors = await count();
  assert.ok(errors > 0 && errors < all);
  await page.locator("#file").selectOption("candidature.csv");
  await page.waitForFunction((errors) => !document.querySelector("#count").textContent.startsWith(`${errors} `), errors);
  await page.locator("#file").selectOption("");
  await page.locator("#levels [name=info]").check();
  await page.locator("#search").fill("zzzz");
  await page.locator("#count", { hasText: "Aucun constat" }).waitFor();
  await page.locator("#search").fill("");
  const rule = await page.locator("#rule option").nth(1).getAttribute("value");
  await page.locator("#rule").selectOption(rule);
  const shown = (await page.locator("#rule option").nth(1).textContent()).match(/\((\d+)\)$/)[1];
  await page.waitForFunction((shown) => document.querySelector("#count").textContent.startsWith(`${shown} `), shown);
  await page.locator(".finding summary").first().click();
  assert.equal(await page.locator(".finding details code").first().textContent(), rule);
});

test("all is well is said plainly", async (t) => {
  const { page } = await opened(t);
  const csv = "nom,region_nom,coordinateur_nom,departements,adresse_voie,adresse_code_postal,adresse_commune,contact_1_nom,contact_1_courriel\n" +
    "Roue libre,Bretagne,Atelier du vélo,Ille-et-Vilaine (35),1 rue de la Gare,35000,Rennes,Camille Exemple,contact@example.org\n";
  await drop(page, ["bien.csv", csv]);
  await verdict(page).waitFor();
  assert.match(await verdict(page).textContent(), /^Tout va bien\u00a0: 1 fiche, rien à corriger\./);
  await picture(page, "well");
});

test("CSV, XML, archives and several files", async (t) => {
  const { page } = await opened(t);
  for (const name of ["candidature.csv", "laureats-2014.xml", "conforme.ods", "fiches.txt", "laureats-2014.ndjson"]) {
    await drop(page, [name, sample(name)]);
    await verdict(page).waitFor();
    await page.locator(".figures b").first().waitFor();
    await page.waitForFunction(() => !document.querySelector("#working:not([hidden])"));
  }
  const [, archive] = [0, wrote(samples, "convert", "conforme.csv", "-q", "-o", "t.zip")];
  await drop(page, ["tables.zip", archive]);
  await verdict(page).waitFor();
  await drop(page, ["a.csv", sample("conforme.csv")], ["b.csv", ""]);
  await page.locator(".notice.error", { hasText: "b.csv" }).waitFor();
});

test("hostile and empty files are answered with the sentence of the command, and the page goes on", async (t) => {
  const { page } = await opened(t);
  const bad = { "vide.csv": "", "coupe.json": "[{", "coupe.xlsx": sample("conforme.xlsx").subarray(0, 3000), "page.pdf": "%PDF-1.4", "vide.zip": "" };
  for (const [name, bytes] of Object.entries(bad)) {
    writeFileSync(join(place, name), bytes);
    await drop(page, [name, bytes]);
    await page.locator("#trouble:visible", { hasText: name }).waitFor();
    const { stderr } = command(place, "validate", name, "--lang", "fr");
    assert.equal(`ptce : ${await trouble(page).textContent()}`, stderr.trimEnd(), name);
    assert.equal(await page.evaluate(() => document.activeElement.id), "trouble");
  }
  await drop(page, ["conforme.csv", sample("conforme.csv")]);
  await verdict(page).waitFor();
  assert.equal(await trouble(page).count(), 0);
});

test("a file too large is told before it is read, with the command to use instead", async (t) => {
  const { page } = await opened(t);
  await page.evaluate(() => {
    const file = new File(["nom\n"], "immense.csv");
    Object.defineProperty(file, "size", { value: 300 << 20 });
    file.arrayBuffer = () => { throw new Error("read"); };
    const transfer = { items: [], files: [file] };
    const event = new Event("drop");
    event.dataTransfer = transfer;
    dispatchEvent(event);
  });
  await trouble(page).waitFor();
  assert.match(await trouble(page).textContent(), /300 Mo.*ptce validate "immense\.csv"/);
});

test("both languages, and the first of the browser", async (t) => {
  const { page } = await opened(t);
  assert.equal(await page.locator("h1").textContent(), "Vérifiez vos fiches de PTCE");
  await drop(page, ["laureats-2014.xlsx", sample("laureats-2014.xlsx")]);
  await verdict(page).waitFor();
  await page.locator("#language").click();
  await page.locator("#verdict", { hasText: "To correct" }).waitFor();
  assert.equal(await page.evaluate(() => document.documentElement.lang), "en");
  const [, report] = await saved(page, () => page.locator("[data-t=getJson]").click());
  assert.ok(report.equals(wrote(samples, "validate", "laureats-2014.xlsx", "--lang", "en", "-q", "-o", "e.json")));
  await picture(page, "english");
  const { page: other } = await opened(t, { locale: "en-GB" });
  assert.equal(await other.locator("h1").textContent(), "Check your PTCE records");
});

test("every text of the page stands in both languages, and in French in the page itself", async (t) => {
  const { words } = await import("../page/words.js");
  assert.deepEqual(Object.keys(words.fr).sort(), Object.keys(words.en).sort());
  for (const key of Object.keys(words.fr)) {
    const names = (text) => [...text.matchAll(/\{\w+\}/g)].map(String).sort().join();
    assert.equal(names(words.fr[key]), names(words.en[key]), key);
  }
  const html = readFileSync(new URL("../dist/index.html", import.meta.url), "utf8");
  const { page } = await opened(t);
  const written = await page.evaluate((html) => [...new DOMParser().parseFromString(html, "text/html").querySelectorAll("[data-t]")].map((element) => [element.dataset.t, element.textContent]), html);
  for (const [key, text] of written) assert.equal(text, words.fr[key], key);
});

test("by keyboard alone", async (t) => {
  const { page } = await opened(t);
  const focus = () => page.evaluate(() => document.activeElement.id || document.activeElement.textContent.trim());
  const tabTo = async (id, most = 60) => {
    for (let turn = 0; turn < most; turn += 1) {
      await page.keyboard.press("Tab");
      if ((await focus()) === id) return;
    }
    assert.fail(`${id} is not reached by the key Tab`);
  };
  await tabTo("drop", 5);
  const [chooser] = await Promise.all([page.waitForEvent("filechooser"), page.keyboard.press("Enter")]);
  await chooser.setFiles(join(samples, "laureats-2014.xlsx"));
  await verdict(page).waitFor();
  assert.equal(await focus(), "verdict");
  await tabTo("rule");
  await tabTo("show-understood", 400);
  await page.keyboard.press("Enter");
  await page.locator("#tables select").first().waitFor();
  await page.keyboard.press("Tab");
  await page.keyboard.press("Tab");
  assert.equal(await page.evaluate(() => document.activeElement.tagName), "SELECT");
});

test("a whole folder is chosen", async (t) => {
  const { page } = await opened(t);
  const folder = join(place, "envois");
  mkdirSync(join(folder, "b"), { recursive: true });
  for (const name of ["z.csv", "b/a.csv", "notes.pdf"]) writeFileSync(join(folder, name), sample("conforme.csv"));
  const [chooser] = await Promise.all([page.waitForEvent("filechooser"), page.locator("#choose-folder").click()]);
  await chooser.setFiles(folder);
  await verdict(page).waitFor();
  await page.locator(".notice", { hasText: "notes.pdf" }).waitFor();
  const [name, report] = await saved(page, () => page.locator("[data-t=getJson]").click());
  assert.equal(name, "envois.rapport.json");
  assert.ok(report.equals(wrote(place, "validate", "envois", "--lang", "fr", "-q", "-o", "folder.json")));
});

test("corrections are ticked, and the corrected file is that of the command", async (t) => {
  const { page } = await opened(t);
  const name = "envoi.csv";
  const csv = "Nom;Structure porteuse;CP;Commune;Tél.\r\nFabriques;Ateliers;F-46100;Figeac;05.65.00.00.00\r\nArvor;Roue libre;F-35000;Rennes;\r\n";
  writeFileSync(join(place, name), csv);
  await drop(page, [name, csv]);
  await verdict(page).waitFor();
  await page.locator("#show-corrections").click();
  await page.locator("#corrections-list tbody tr").first().waitFor();
  await page.locator("#ticked", { hasText: /^[1-9]/ }).waitFor();
  const [fixedName, fixed] = await saved(page, () => page.locator("button", { hasText: "Télécharger le fichier corrigé" }).click());
  assert.equal(fixedName, "envoi.corrige.csv");
  const same = wrote(place, "fix", name, "--safe", "--lang", "fr", "-q", "-o", "safe.csv");
  assert.ok(fixed.equals(same) && !fixed.equals(Buffer.from(csv)));
  const [logName, log] = await saved(page, () => page.locator("button", { hasText: "Télécharger le journal" }).click());
  assert.equal(logName, "envoi.corrige.csv.log.json");
  assert.ok(log.equals(readFileSync(join(place, "safe.csv.log.json"))));
  await page.locator("button", { hasText: "Tout décocher" }).click();
  await page.locator("#ticked", { hasText: /^0/ }).waitFor();
  assert.equal(await page.locator("#corrections-list input:checked").count(), 0);
  await picture(page, "corrections");
  // Of a workbook everything is ticked: what is done by hand cannot be, and the copy is still read.
  const workbook = "laureats-2014.xlsx";
  await drop(page, [workbook, sample(workbook)]);
  await page.waitForFunction(() => document.querySelector("#corrections-list").hidden);
  await page.locator("#show-corrections").click();
  await page.locator("button", { hasText: "Tout cocher" }).click();
  const [, all] = await saved(page, () => page.locator("button", { hasText: "Télécharger le fichier corrigé" }).click());
  assert.ok(!all.equals(sample(workbook)));
  const before = await page.locator("#findings .finding").count();
  await drop(page, [workbook, all]);
  await page.waitForFunction((before) => document.querySelectorAll("#findings .finding").length < before, before);
});

test("a label is corrected, kept, and dropped again with next year’s file", async (t) => {
  const { page } = await opened(t);
  const csv = "Nom;Chose;Région\nArvor;Roue libre;Bretagne\n";
  await drop(page, ["envoi.csv", csv]);
  await verdict(page).waitFor();
  const missing = "structure coordinatrice manque";
  await page.locator(".finding", { hasText: missing }).first().waitFor();
  await page.locator("#show-understood").click();
  const select = page.locator("select[aria-label*='Chose']");
  await select.selectOption("/coordinateur/nom");
  await page.waitForFunction(() => document.querySelector("#status").textContent.startsWith("Vérification refaite"));
  assert.equal(await page.locator(".finding", { hasText: missing }).count(), 0);
  await page.waitForFunction(() => document.activeElement.matches("select[aria-label*='Chose']"));
  await picture(page, "labels");
  const [name, mapping] = await saved(page, () => page.locator("button", { hasText: "Télécharger les correspondances" }).click());
  assert.equal(name, "mapping.toml");
  const next = await opened(t);
  await drop(next.page, ["envoi-2027.csv", csv], [name, mapping]);
  await verdict(next.page).waitFor();
  assert.match(await next.page.locator("#companions").textContent(), /mapping\.toml\s*: correspondances/);
  assert.equal(await next.page.locator(".finding", { hasText: missing }).count(), 0);
});

test("a configuration and the profile change the verdict; a file of neither is named", async (t) => {
  const { page } = await opened(t);
  await drop(page, ["candidature.csv", sample("candidature.csv")]);
  await verdict(page).waitFor();
  const before = await verdict(page).textContent();
  await page.locator("input[value=candidature]").check();
  await page.waitForFunction((before) => document.querySelector("#verdict").textContent !== before, before);
  await drop(page, ["reglages.toml", '[off]\nmissing-contact = "Pas encore."\n']);
  await page.locator(".notice", { hasText: "missing-contact" }).waitFor();
  await drop(page, ["autre.toml", "x = 1\n"]);
  await page.locator("#trouble", { hasText: "autre.toml" }).waitFor();
});

test("cells are pasted from a spreadsheet", async (t) => {
  const { page } = await opened(t);
  await page.locator("#show-paste").click();
  await page.locator("#pasted").fill("Nom du PTCE\tStructure porteuse\tMél.\nArvor\tRoue libre\tcontact@example\n");
  await page.locator("#check-pasted").click();
  await verdict(page).waitFor();
  assert.match(await page.locator("#groups").textContent(), /contact@example/);
});

test("a publication is prepared: what is left out, what is doubtful, the map, the archive", async (t) => {
  const { page } = await opened(t);
  const csv = "nom,region,departements,coordinateur_nom,adresse_voie,adresse_code_postal,adresse_commune,contact_1_nom,contact_1_courriel,projet_resume\n" +
    'Roue libre,Bretagne,35,Atelier du vélo,1 rue de la Gare,35000,Rennes,Camille Exemple,camille@example.org,"Le pôle bois. Le lycée Jeanne Exemple."\n' +
    "Sans coordinateur,Bretagne,35,,1 rue de la Gare,35000,Rennes,,,\n";
  writeFileSync(join(place, "envoi.csv"), csv);
  await drop(page, ["envoi.csv", csv], ["publication.toml", sample("publication.toml")]);
  await verdict(page).waitFor();
  await page.locator("#publishing > summary").click();
  await page.locator("#metadata [type=submit]").click();
  await page.locator("#published h3").waitFor();
  assert.match(await page.locator("#published").textContent(), /1 fiche sur 2.*Sans coordinateur.*lycée Jeanne/s);
  await page.waitForFunction(() => document.querySelector("#published img")?.naturalWidth > 100);
  await picture(page, "publication");
  await page.locator("#published select").selectOption("retirer");
  const first = await page.locator("#published h3").elementHandle();
  await page.locator("#published button", { hasText: "Préparer de nouveau" }).click();
  await page.waitForFunction((first) => !first.isConnected && document.activeElement.matches("#published h3"), first);
  assert.equal(await page.locator("#published select").inputValue(), "retirer");
  const [, review] = await saved(page, () => page.locator("#published button", { hasText: "Télécharger la liste" }).click());
  assert.match(review.toString(), /;retirer;/);
  writeFileSync(join(place, "decisions.csv"), review);
  const [name, archive] = await saved(page, () => page.locator("#published button", { hasText: "Télécharger la publication" }).click());
  assert.equal(name, "publication.zip");
  const same = wrote(place, "convert", "envoi.csv", "--to", "open-data", "--metadata", join(samples, "publication.toml"), "--decisions", "decisions.csv", "-q", "--lang", "fr", "-o", "p.zip");
  assert.ok(archive.equals(same));
});

test("the entry form needs no file", async (t) => {
  const { page } = await opened(t);
  await page.locator("input[value=candidature]").check();
  const [name, form] = await saved(page, () => page.locator("[data-t=getForm]").click());
  assert.equal(name, "formulaire.xlsx");
  assert.ok(form.equals(wrote(place, "template", "--profile", "candidature", "-o", "form.xlsx")));
});

test("without a network after the first visit", async (t) => {
  const { page, context } = await opened(t);
  await page.locator("#offline", { hasText: "prêt à servir sans réseau" }).waitFor();
  await context.setOffline(true);
  await page.reload();
  await drop(page, ["perdu.csv", lost]);
  await page.locator(".finding", { hasText: "march?" }).first().waitFor();
  await drop(page, ["conforme.xlsx", sample("conforme.xlsx")], ["publication.toml", sample("publication.toml")]);
  await verdict(page).waitFor();
  await page.locator("#show-understood").click();
  await page.locator("#tables select").first().waitFor();
  await page.locator("#publishing > summary").click();
  await page.locator("#metadata [type=submit]").click();
  await page.waitForFunction(() => document.querySelector("#published img")?.naturalWidth > 100);
});

/** A table with a word of which only the list of words tells that a letter is lost. */
const lost = "nom,coordinateur_nom,adresse_code_postal,adresse_commune,resume\nArvor,Atelier,35000,Rennes,Un march? couvert\n";

test("what is rarely wanted is waited for, and what cannot come is said", async (t) => {
  const { page, context, noted } = await opened(t, { serviceWorkers: "block" });
  let answer;
  const asked = new Promise((asked) => context.route("**/rare-texts.lzma", (route) => {
    answer = route;
    asked();
  }));
  await page.reload();
  await asked;
  await drop(page, ["conforme.csv", sample("conforme.csv")]);
  await verdict(page).waitFor();
  await drop(page, ["perdu.csv", lost]);
  await page.locator("#working:visible").waitFor();
  assert.equal(await verdict(page).count(), 0);
  await answer.abort();
  await page.locator("#trouble", { hasText: "programme" }).waitFor();
  noted.errors.length = 0;
  await context.unroute("**/rare-texts.lzma");
  await drop(page, ["perdu.csv", lost]);
  await verdict(page).waitFor();
  const [, report] = await saved(page, () => page.locator("[data-t=getJson]").click());
  writeFileSync(join(place, "perdu.csv"), lost);
  assert.ok(report.equals(wrote(place, "validate", "perdu.csv", "--lang", "fr", "-q", "-o", "r.json")));
});

test("the policy of the page forbids it and its worker to reach anyone", async (t) => {
  const context = await browser.newContext();
  t.after(() => context.close());
  const page = await context.newPage();
  const tried = [];
  await page.goto(address);
  await context.route("**", (route) => {
    if (!route.request().url().startsWith(address)) tried.push(route.request().url());
    return route.fulfill({ body: "" });
  });
  const refused = await page.evaluate(async () => {
    const elsewhere = "http://127.0.0.1:9/x";
    const page = await fetch(elsewhere).then(() => "reached", () => "refused");
    const text = `fetch("${elsewhere}").then(() => postMessage("reached"), () => postMessage("refused"))`;
    const worker = new Worker(URL.createObjectURL(new Blob([text])));
    return [page, await new Promise((resolve) => (worker.onmessage = ({ data }) => resolve(data)))];
  });
  assert.deepEqual(refused, ["refused", "refused"]);
  assert.deepEqual(tried, []);
  assert.deepEqual(await context.cookies(), []);
});

test("a program that breaks is a message, and a fresh one takes its place", async (t) => {
  const { page, context } = await opened(t, { serviceWorkers: "block" });
  const text = readFileSync(new URL("../dist/worker.js", import.meta.url), "utf8");
  await context.route("**/worker.js", (route) => route.fulfill({ contentType: "text/javascript", body: text.replace("async function work(data) {", 'async function work(data) {\n  if (data.question?.do === "report") return postMessage({ id: data.id, broken: "src/x.rs:1:2" });') }));
  await page.reload();
  await drop(page, ["conforme.csv", sample("conforme.csv")]);
  await verdict(page).waitFor();
  await page.locator("[data-t=getJson]").click();
  await page.locator("#trouble", { hasText: "Erreur interne (src/x.rs:1:2)" }).waitFor();
  const [, bytes] = await saved(page, () => page.locator("[data-t=getXml]").click());
  assert.ok(bytes.equals(wrote(samples, "convert", "conforme.csv", "-q", "-o", "c.xml")));
});

test("work goes on beside the page, is told, and can be ended", async (t) => {
  const { page } = await opened(t);
  const rows = Array.from({ length: 60_000 }, (_, n) => `Pôle ${n},Atelier ${n},35000,Rennes,1 rue de la Gare,Bretagne`).join("\n");
  const csv = `nom,coordinateur_nom,adresse_code_postal,adresse_commune,adresse_voie,region_nom\n${rows}\n`;
  await page.evaluate(() => {
    globalThis.turns = 0;
    const turn = () => { globalThis.turns += 1; requestAnimationFrame(turn); };
    turn();
  });
  await drop(page, ["grand.csv", csv]);
  await page.locator("#progress[aria-valuenow]:visible").waitFor();
  assert.ok((await page.evaluate(() => globalThis.turns)) > 1);
  await page.locator("#cancel").click();
  assert.equal(await page.evaluate(() => document.activeElement.id), "drop");
  assert.equal(await verdict(page).count(), 0);
  await drop(page, ["conforme.csv", sample("conforme.csv")]);
  await verdict(page).waitFor();
});

test("opened from a folder the page works, and where it is not whole it says how it can be opened", async (t) => {
  const context = await browser.newContext({ locale: "fr-FR" });
  t.after(() => context.close());
  const page = await context.newPage();
  const elsewhere = [];
  page.on("request", (request) => /^https?:/.test(request.url()) && elsewhere.push(request.url()));
  const dist = fileURLToPath(new URL("../dist/", import.meta.url));
  await page.goto(pathToFileURL(join(dist, "index.html")).href);
  await page.locator("#files").setInputFiles(join(samples, "laureats-2014.xlsx"));
  await verdict(page).waitFor();
  const [, report] = await saved(page, () => page.locator("[data-t=getJson]").click());
  assert.ok(report.equals(wrote(samples, "validate", "laureats-2014.xlsx", "--lang", "fr", "-q", "-o", "r.json")));
  await page.locator("#publishing > summary").click();
  await page.locator("#metadata [type=submit]").click();
  await page.waitForFunction(() => document.querySelector("#published img")?.naturalWidth > 100);
  assert.deepEqual(elsewhere, []);
  const part = join(place, "part");
  mkdirSync(part);
  for (const name of ["index.html", "folder.js", "style.css"]) writeFileSync(join(part, name), readFileSync(join(dist, name)));
  await page.goto(pathToFileURL(join(part, "index.html")).href);
  assert.match(await page.locator("#from-folder:visible").textContent(), /python3 -m http\.server/);
});

for (const width of [320, 768, 1280]) {
  for (const colorScheme of ["light", "dark"]) {
    test(`without a fault of accessibility at ${width} pixels, ${colorScheme}`, async (t) => {
      const { page } = await opened(t, { viewport: { width, height: 800 }, colorScheme });
      const name = `${width}-${colorScheme}`;
      await accessible(page, `${name} at first`);
      await picture(page, `first-${name}`);
      await drop(page, ["suivi-regional.csv", sample("suivi-regional.csv")], ["laureats-2014.xlsx", sample("laureats-2014.xlsx")], ["vide.csv", ""]);
      await verdict(page).waitFor();
      await page.locator("#show-understood").click();
      await page.locator("#tables select").first().waitFor();
      await page.locator("#publishing > summary").click();
      for (const summary of await page.locator(".finding summary").all()) if (await summary.isVisible()) { await summary.click(); break; }
      await page.locator(".finding code").first().waitFor();
      await accessible(page, `${name} with findings`);
      await picture(page, `findings-${name}`);
      await drop(page, ["rien.csv", ""]);
      await trouble(page).waitFor();
      await accessible(page, `${name} with a refusal`);
    });
  }
}

test("the page is printed with its verdict and its findings", async (t) => {
  const { page } = await opened(t);
  await drop(page, ["laureats-2014.xlsx", sample("laureats-2014.xlsx")]);
  await verdict(page).waitFor();
  await page.emulateMedia({ media: "print" });
  assert.equal(await page.locator("#drop:visible, #downloads:visible, #filters:visible").count(), 0);
  assert.ok((await page.locator(".finding:visible").count()) > 0);
  await picture(page, "print");
});
