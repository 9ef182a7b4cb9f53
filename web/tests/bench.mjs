// How long the page takes, in Chromium, beside the command on one processor: PTCE=target/release/ptce node bench.mjs [FILE…]
// With --processor: the processor time of the program of the page in Node, and of the command, in turn.
import { execFileSync, spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { basename } from "node:path";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";
import { serve } from "./serve.mjs";

const sample = fileURLToPath(new URL("../../samples/laureats-2014.xlsx", import.meta.url));
const given = process.argv.slice(2).filter((argument) => !argument.startsWith("--"));
const files = given.length ? given : [sample];
const median = (times) => [...times].sort((a, b) => a - b)[times.length >> 1];
if (process.argv.includes("--processor")) {
  for (const path of files) await processor(path);
  process.exit();
}
let bytesSent = 0;
const server = await serve(0, (path, bytes) => (bytesSent += bytes));
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: ["--no-sandbox"] });
const page = await browser.newPage();
const begun = performance.now();
await page.addInitScript(() => {
  addEventListener("change", (event) => event.target.type === "file" && (globalThis.begun = performance.now()), true);
});
await page.goto(`http://127.0.0.1:${server.address().port}/`);
await page.locator("#version", { hasText: /\d/ }).waitFor();
console.log(`the page and its program are ready: ${Math.round(performance.now() - begun)} ms, ${bytesSent} bytes over the network`);
await page.locator("#offline", { hasText: /prêt|ready/i }).waitFor();
console.log(`all is there for when there is no network: ${Math.round(performance.now() - begun)} ms, ${bytesSent} bytes over the network`);
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

async function processor(path) {
  const { session, asked } = await import("./program.mjs");
  const bytes = readFileSync(path);
  const [page, native] = [[], []];
  for (let turn = 0; turn < 6; turn += 1) {
    const { ask } = session([[basename(path), bytes]]);
    await ask({ do: "warm" });
    const begun = process.cpuUsage();
    await ask({ do: "check", asked: asked() });
    const { user, system } = process.cpuUsage(begun);
    page.push((user + system) / 1e6);
    const timed = `TIMEFORMAT="%U %S"; time "$PTCE" validate "$1" -q --format json -o /dev/null`;
    const { stderr } = spawnSync("taskset", ["-c", "0", "bash", "-c", timed, "bash", path], { encoding: "utf8" });
    const [own, kernel] = stderr.trim().split("\n").at(-1).split(" ").map(Number);
    native.push(own + kernel);
  }
  const ratio = median(page.slice(1).map((time, turn) => time / native[turn + 1]));
  console.log(`${basename(path)}: the page ${median(page.slice(1)).toFixed(2)} s of a processor, the command ${median(native.slice(1)).toFixed(2)} s; ratio ${ratio.toFixed(2)}`);
}
