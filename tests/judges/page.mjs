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
const faults = new Set();

const browser = await puppeteer.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    args: ["--no-sandbox", "--disable-dev-shm-usage"],
});

/** Opens the page; whatever it asks for, or complains of, is a fault. */
async function open(view, { width, scheme = "light", scripts = true }) {
    const page = await browser.newPage();
    await page.setViewport({ width, height: 900 });
    await page.setJavaScriptEnabled(scripts);
    await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: scheme }]);
    await page.setRequestInterception(true);
    page.on("request", (request) => {
        const asked = request.url();
        if (asked === url || asked.startsWith("data:") || asked.startsWith("blob:")) {
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

try {
    fs.mkdirSync(screenshots, { recursive: true });
    for (const width of [1280, 360]) {
        for (const scheme of ["light", "dark"]) {
            const view = `${width}-${scheme}`;
            const page = await open(view, { width, scheme });
            await page.screenshot({ path: path.join(screenshots, `${view}.png`), fullPage: true });
            const [wide, seen] = await page.evaluate(() => {
                const root = document.documentElement;
                return [root.scrollWidth, root.clientWidth];
            });
            if (wide > seen) faults.add(`${view}: ${wide} px wide, ${seen} seen`);
            await page.evaluate(axe);
            const violations = await page.evaluate(async () => {
                const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"];
                const { violations, passes } = await axe.run(document, { runOnly: { type: "tag", values: tags } });
                const told = violations.map((rule) => `${rule.id} (${rule.help}): ${rule.nodes[0].target}`);
                return passes.length ? told : ["axe found nothing to check"];
            });
            violations.forEach((violation) => faults.add(`${view}: ${violation}`));
            await page.close();
        }
        // Without scripts nothing is hidden: every record can be read.
        const view = `${width}-no-scripts`;
        const page = await open(view, { width, scripts: false });
        await page.screenshot({ path: path.join(screenshots, `${view}.png`), fullPage: true });
        const text = plain(await page.evaluate(() => document.body.innerText));
        for (const name of names) {
            if (!text.includes(plain(name))) faults.add(`${view}: “${name}” cannot be seen`);
        }
        await page.close();
    }
} finally {
    await browser.close();
}
faults.forEach((fault) => console.log(`fault: ${fault}`));
process.exitCode = faults.size ? 1 : 0;
