// Does the work, one question after the other. The first worker unpacks and compiles the program; those that follow are given it.
// It is made from a text of the page, so that the policy of the page holds here too: nothing can be fetched from anywhere else,
// and nothing needs to be.
"use strict";
let program;
let place;
let isWanting = false;
const texts = { encode: new TextEncoder(), decode: new TextDecoder() };

function bytes(start, length) {
  return new Uint8Array(program.memory.buffer, start, length);
}

// Memory that the program takes back with the call that follows.
function lend(content) {
  const start = program.reserve(content.length);
  bytes(start >>> 0, content.length).set(content);
  return [start, content.length];
}

function random(start, length) {
  for (let from = 0; from < length; from += 65536) {
    crypto.getRandomValues(bytes((start >>> 0) + from, Math.min(65536, length - from)));
  }
}

// What the program wants of its host. Three of its libraries ask for random keys of hash tables, and for the hour, in the way of
// wasm-bindgen, whose glue would be all for these two functions; their names bear a hash.
function host(module) {
  const page = {
    progress: (done, of) => postMessage({ done, of }),
    broken: (start, length) => (place = texts.decode.decode(bytes(start >>> 0, length).slice())),
    // The program stands still amid its work, and is of no more use.
    wanted: () => {
      isWanting = true;
      throw new Error("wanted");
    },
  };
  const host = { page };
  for (const { module: room, name } of WebAssembly.Module.imports(module)) {
    if (room === "page") continue;
    const refuse = () => {
      throw new Error(name);
    };
    (host[room] ??= {})[name] = /getRandomValues/.test(name) ? random : /^__wbg_now_/.test(name) ? Date.now : refuse;
  }
  return host;
}

// What came over the network, as it was before it was packed: the program, texts.
async function unpacked({ unpack, packed }) {
  const { exports } = (await WebAssembly.instantiate(unpack)).instance;
  const start = exports.reserve(packed.byteLength);
  new Uint8Array(exports.memory.buffer, start >>> 0, packed.byteLength).set(new Uint8Array(packed));
  const answer = exports.unpack(start, packed.byteLength) >>> 0;
  const length = new DataView(exports.memory.buffer).getUint32(answer, true);
  if (!length) throw new Error("packed");
  return new Uint8Array(exports.memory.buffer, answer + 4, length);
}

function ask(question) {
  const [start, length] = lend(texts.encode.encode(JSON.stringify(question)));
  const answer = program.ask(start, length) >>> 0;
  const lengths = new DataView(program.memory.buffer, answer, 8);
  const [json, file] = [lengths.getUint32(0, true), lengths.getUint32(4, true)];
  const told = JSON.parse(texts.decode.decode(bytes(answer + 8, json)));
  return [told, bytes(answer + 8 + json, file).slice()];
}

async function work(data) {
  try {
    if (data.program) {
      const module = await WebAssembly.compile(await unpacked(data.program));
      return postMessage({ id: data.id, told: {}, module });
    }
    if (data.module) {
      program = (await WebAssembly.instantiate(data.module, host(data.module))).exports;
      program.start();
    }
    if (data.rare) program.lend(...lend(await unpacked(data.rare)));
    for (const [name, content] of data.files ?? []) {
      program.add(...lend(texts.encode.encode(name)), ...lend(new Uint8Array(await content.arrayBuffer())));
    }
    const [told, file] = ask(data.question);
    postMessage({ id: data.id, told, file, memory: program.memory.buffer.byteLength }, [file.buffer]);
  } catch (error) {
    if (isWanting) return postMessage({ id: data.id, isWanting });
    postMessage({ id: data.id, broken: place ?? String(error?.message ?? error), unread: error?.name === "NotReadableError" });
  }
}

let turn = Promise.resolve();
onmessage = ({ data }) => {
  turn = turn.then(() => work(data));
};
