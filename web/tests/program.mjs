// The program outside a browser: the worker of the page, in a room of Node that has what a worker has.
import { readFileSync } from "node:fs";
import { createContext, runInContext } from "node:vm";

const dist = new URL("../dist/", import.meta.url);
const text = readFileSync(new URL("worker.js", dist), "utf8");
const bytesOf = (name) => new Uint8Array(readFileSync(new URL(name, dist))).buffer;

/** A room that has what a worker has. */
function worker(heard) {
  const room = createContext({ WebAssembly, TextEncoder, TextDecoder, DataView, Uint8Array, crypto, console });
  room.postMessage = heard;
  runInContext(text, room);
  return room;
}

const module = await new Promise((resolve, reject) => {
  const room = worker((data) => (data.module ? resolve(data.module) : reject(new Error(data.broken))));
  room.onmessage({ data: { id: 0, program: { unpack: bytesOf("unpack.wasm"), packed: bytesOf("ptce.wasm.lzma") } } });
});

/** A worker that was given files, `[name, bytes]`; one that wants the rare texts is replaced by one that has them, as on the page. */
export function session(files) {
  const waiting = new Map();
  const told = [];
  let checked;
  let isFresh = true;
  let rare;
  const hear = (data) => {
    if (data.of !== undefined) return told.push(data);
    const { resolve, reject, question } = waiting.get(data.id);
    if (data.isWanting) {
      rare = { unpack: bytesOf("unpack.wasm"), packed: bytesOf("rare-texts.lzma") };
      room = worker(hear);
      isFresh = true;
      const again = question.do === "check" || !checked ? Promise.resolve() : ask(checked);
      return again.then(() => ask(question)).then(resolve, reject);
    }
    if (data.broken !== undefined) return reject(new Error(`broken: ${data.broken}`));
    // A value of another room has other prototypes.
    return resolve({ ...JSON.parse(JSON.stringify(data.told)), file: data.file && Buffer.from(data.file), memory: data.memory });
  };
  let room = worker(hear);
  let asked = 0;
  const given = files.map(([name, bytes]) => [name, { arrayBuffer: async () => bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) }]);
  const ask = (question) =>
    new Promise((resolve, reject) => {
      const id = ++asked;
      if (question.do === "check") checked = question;
      waiting.set(id, { resolve, reject, question });
      room.onmessage({ data: { id, question, ...(isFresh ? { module, files: given, rare } : {}) } });
      isFresh = false;
    });
  return { ask, told, wanted: () => Boolean(rare) };
}

export const asked = (more = {}) => ({ language: "fr", profile: "laureat", today: new Date().toISOString().slice(0, 10), configuration: null, mapping: null, meanings: {}, ...more });
