// How long the page takes, in Chromium, beside the command on one processor: PTCE=target/release/ptce node bench.mjs [FILE…]
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { basename } from "node:path";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";
import { serve } from "./serve.mjs";

const sample = fileURLToPath(new URL("../../samples/laureats-2014.xlsx", import.meta.url));
const files = process.argv.length > 2 ? process.argv.slice(2) : [sample];
const server = await serve();
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: ["--no-sandbox"] });
const median = (times) => [...times].sort((a, b) => a - b)[times.length >> 1];
const page = await browser.newPage();
const begun = performance.now();
await page.addInitScript(() => {
  addEventListener("change", (event) => event.target.type === "file" && (globalThis.begun = performance.now()), true);
});
await page.goto(`http://127.0.0.1:${server.address().port}/`);
await page.locator("#version", { hasText: /\d/ }).waitFor();
console.log(`the page and its program are ready: ${Math.round(performance.now() - begun)} ms`);
for (const path of files) {
  const bytes = readFileSync(path);
  const [times, native] = [[], []];
  // In turn, since another minute is another machine; the first is told apart: the browser compiles as it goes.
  for (let turn = 0; turn < 6; turn += 1) {
    await page.locator("#files").setInputFiles(bytes.length < 50e6 ? { name: basename(path), mimeType: "", buffer: bytes } : path);
    // The browser measures by itself: from the choice of the file to the verdict.
    times.push(await page.evaluate(() => new Promise((resolve) => {
      const begun = globalThis.begun;
      const look = () => (document.querySelector("#result:not([hidden])") ? resolve(performance.now() - begun) : requestAnimationFrame(look));
      look();
    })));
    if (!process.env.PTCE) continue;
    const begun = performance.now();
    try {
      execFileSync("taskset", ["-c", "0", process.env.PTCE, "validate", path, "-q", "--format", "json", "-o", "/dev/null"], { stdio: "ignore" });
    } catch {
      // The exit code is the verdict.
    }
    native.push(performance.now() - begun);
  }
  const [first, ...then] = times;
  const ratio = median(then.map((time, turn) => time / (native[turn + 1] ?? NaN)));
  console.log(`${basename(path)}: ${Math.round(first)} ms at first, then ${Math.round(median(then))} ms; the command ${Math.round(median(native) ?? NaN)} ms; ratio ${ratio.toFixed(2)}; ${await page.locator("#read").textContent()}`);
}
await browser.close();
server.close();
