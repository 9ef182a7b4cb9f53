// Judges the page of a publication in a browser: node page.mjs PUBLICATION SCREENSHOTS
import fs from "node:fs";
import path from "node:path";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";
import puppeteer from "puppeteer-core";

const [publication, screenshots] = process.argv.slice(2);
const url = pathToFileURL(path.resolve(publication, "index.html")).href;
const axe = fs.readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const names = JSON.parse(fs.readFileSync(path.join(publication, "ptce.json"), "utf8")).map((record) => record.nom);
// The page sets apostrophes as printers do; the data keeps those that were typed.
const plain = (text) => text.replace(/\s+/g, " ").replaceAll("’", "'").toLowerCase();
// Pictures of a page that is too long for one show its beginning.
const PICTURED = 30_000;
const faults = new Set();

const browser = await puppeteer.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    args: ["--no-sandbox", "--disable-dev-shm-usage"],
    protocolTimeout: 600_000,
});

/** Opens the page; whatever it asks for, or complains of, is a fault. */
async function open(view, { width, scheme = "light", scripts = true }) {
    const page = await browser.newPage();
    await page.setViewport({ width, height: 900 });
    await page.setJavaScriptEnabled(scripts);
    await page.emulateMediaFeatures([
        { name: "prefers-color-scheme", value: scheme },
        // A link is where it leads at once.
        { name: "prefers-reduced-motion", value: "reduce" },
    ]);
    await page.setRequestInterception(true);
    page.on("request", (request) => {
        const asked = request.url();
        if (asked.split("#")[0] === url || asked.startsWith("data:") || asked.startsWith("blob:")) {
            request.continue();
        } else {
            faults.add(`${view}: asks for ${asked}`);
            request.abort();
        }
    });
    page.on("pageerror", (error) => faults.add(`${view}: ${error.message}`));
    page.on("console", (message) => {
        if (["error", "warn"].includes(message.type())) faults.add(`${view}: console: ${message.text()}`);
    });
    await page.goto(url, { waitUntil: "networkidle0" });
    return page;
}

/** Leaves a picture. */
async function picture(page, view) {
    const height = await page.evaluate(() => document.documentElement.scrollHeight);
    await page.screenshot({ path: path.join(screenshots, `${view}.png`), fullPage: height < PICTURED });
}

/** Nothing hangs over the edge, and axe finds nothing. */
async function look(page, view) {
    const [wide, seen] = await page.evaluate(() => {
        const root = document.documentElement;
        return [root.scrollWidth, root.clientWidth];
    });
    if (wide > seen) faults.add(`${view}: ${wide} px wide, ${seen} seen`);
    await page.evaluate(axe);
    const violations = await page.evaluate(async () => {
        const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"];
        const { violations, passes } = await axe.run(document, { runOnly: { type: "tag", values: tags }, resultTypes: ["violations"] });
        const told = violations.map((rule) => `${rule.id} (${rule.help}): ${rule.nodes[0].target}`);
        return passes.length ? told : ["axe found nothing to check"];
    });
    violations.forEach((violation) => faults.add(`${view}: ${violation}`));
}

/** A search leaves what it is for, and a link into a fold opens it. */
async function search(page, view) {
    if (!(await page.$("#recherche"))) return;
    const word = plain(names.find(Boolean)).match(/[a-zà-ÿ]{4,}/)[0];
    const told = await page.evaluate(async (word) => {
        document.getElementById("mots").value = word;
        document.getElementById("recherche").requestSubmit();
        const text = document.getElementById("resultat").textContent;
        const shown = [...document.querySelectorAll("[data-region]")].filter((sheet) => !sheet.hidden).length;
        document.getElementById("recherche").reset();
        await new Promise((done) => setTimeout(done, 50));
        return [text, shown, document.querySelectorAll("[data-region][hidden]").length];
    }, word);
    if (!told[1] || told[2]) faults.add(`${view}: “${word}” finds ${told[1]}, and ${told[2]} stay hidden: ${told[0]}`);
    const link = await page.$eval("#carte a[href^='#ptce-']", (link) => link.getAttribute("href")).catch(() => null);
    if (!link) return;
    await page.goto(url + link);
    const top = await page.evaluate((id) => {
        const place = document.getElementById(id);
        return place.checkVisibility() ? place.getBoundingClientRect().top : null;
    }, link.slice(1));
    if (top === null || top > 900) faults.add(`${view}: ${link} leads to nothing that is seen`);
}

try {
    fs.mkdirSync(screenshots, { recursive: true });
    for (const width of [1280, 360, 320]) {
        for (const scheme of ["light", "dark"]) {
            const view = `${width}-${scheme}`;
            const page = await open(view, { width, scheme });
            await picture(page, view);
            await look(page, view);
            if (scheme === "light") {
                // A fold of each kind, open.
                const opened = await page.evaluate(() => {
                    const folds = [...document.querySelectorAll("main > section")].map((section) => section.querySelector("details"));
                    folds.filter(Boolean).forEach((fold) => (fold.open = true));
                    return folds.some(Boolean);
                });
                if (opened) await look(page, `${view}-open`);
                await search(page, view);
            }
            await page.close();
        }
        // Without scripts nothing is hidden: every record can be read, or its fold opened.
        const view = `${width}-no-scripts`;
        const page = await open(view, { width, scripts: false });
        await picture(page, view);
        const text = plain(await page.evaluate(() => document.body[document.querySelector("details") ? "textContent" : "innerText"]));
        for (const name of names) {
            if (!text.includes(plain(name))) faults.add(`${view}: “${name}” cannot be seen`);
        }
        await page.close();
    }
    const page = await open("print", { width: 1280 });
    await page.pdf({ path: path.join(screenshots, "print.pdf"), preferCSSPageSize: true, printBackground: true });
} finally {
    await browser.close();
}
faults.forEach((fault) => console.log(`fault: ${fault}`));
process.exitCode = faults.size ? 1 : 0;
