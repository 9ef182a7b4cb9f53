// The command that the page is compared with: PTCE names it, built without Parquet as the page is.
import { deepEqual, equal } from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { tmpdir } from "node:os";
import { fileURLToPath } from "node:url";
import { inflateRawSync } from "node:zlib";

const root = fileURLToPath(new URL("../../", import.meta.url));
export const samples = join(root, "samples");
const ptce = process.env.PTCE ?? join(root, "target/debug/ptce");

/** Runs the command in a folder; answers its output, what it says and its code. */
export function command(folder, ...args) {
  const { stdout, stderr, status, error } = spawnSync(ptce, args, { cwd: folder, maxBuffer: 1 << 30, env: { LC_ALL: "fr_FR.UTF-8", TMPDIR: tmpdir() } });
  if (error) throw error;
  return { stdout, stderr: stderr.toString(), status };
}

/** Fails where two workbooks differ, and shows the first difference alone. */
export function same(one, other, about) {
  const [a, b] = [parts(one), parts(other)];
  deepEqual(Object.keys(a), Object.keys(b), about);
  for (const name of Object.keys(a).filter((name) => a[name] !== b[name])) {
    let at = 0;
    while (a[name][at] === b[name][at]) at += 1;
    const around = (text) => text.slice(Math.max(0, at - 60), at + 120);
    equal(around(a[name]), around(b[name]), `${about}: ${name}`);
  }
}

/** The parts of a workbook, every text at its cell: the command writes it there, where the page refers to a list. */
function parts(workbook) {
  const parts = {};
  const end = workbook.lastIndexOf("PK\x05\x06", undefined, "latin1");
  let at = workbook.readUInt32LE(end + 16);
  for (let rank = workbook.readUInt16LE(end + 10); rank > 0; rank -= 1) {
    const [length, more, comment] = [28, 30, 32].map((field) => workbook.readUInt16LE(at + field));
    const start = workbook.readUInt32LE(at + 42);
    const content = start + 30 + workbook.readUInt16LE(start + 26) + workbook.readUInt16LE(start + 28);
    const bytes = workbook.subarray(content, content + workbook.readUInt32LE(at + 20));
    const name = workbook.toString("utf8", at + 46, at + 46 + length);
    parts[name] = (workbook.readUInt16LE(at + 10) ? inflateRawSync(bytes) : bytes).toString();
    at += 46 + length + more + comment;
  }
  const texts = [...(parts["xl/sharedStrings.xml"] ?? "").matchAll(/<si>(.*?)<\/si>/gs)].map(([, text]) => text);
  delete parts["xl/sharedStrings.xml"];
  for (const name of Object.keys(parts).filter((name) => name.startsWith("xl/worksheets/sheet"))) {
    parts[name] = parts[name].replace(/ t="s"><v>(\d+)<\/v>/g, (_, rank) => ` t="inlineStr"><is>${texts[rank]}</is>`).replace(/ spans="[^"]*"/g, "");
  }
  return parts;
}
