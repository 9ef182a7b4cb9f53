// Serves web/dist as any static server does: `node web/tests/serve.mjs [PORT]`.
import { createHash } from "node:crypto";
import { createServer } from "node:http";
import { readFile } from "node:fs/promises";
import { extname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";

const dist = fileURLToPath(new URL("../dist/", import.meta.url));
const kinds = { ".html": "text/html; charset=utf-8", ".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml", ".gz": "application/gzip", ".webmanifest": "application/manifest+json" };

/** Packs what is not packed, and does not send again what the browser has. `sent` hears of each answer: its path, its bytes. */
export function serve(port = 0, sent = () => undefined) {
  const server = createServer(async (request, response) => {
    const path = normalize(decodeURIComponent(new URL(request.url, "http://localhost").pathname));
    try {
      const file = join(dist, path.endsWith("/") ? `${path}index.html` : path);
      const bytes = await readFile(file);
      const isPacked = extname(file) === ".lzma" || !request.headers["accept-encoding"]?.includes("gzip");
      const body = isPacked ? bytes : gzipSync(bytes, { level: 9 });
      const etag = `"${createHash("sha256").update(bytes).digest("hex").slice(0, 32)}"`;
      const head = { etag, "cache-control": "no-cache", vary: "accept-encoding" };
      const isKnown = request.headers["if-none-match"] === etag;
      sent(path, isKnown ? 0 : body.length);
      if (isKnown) return response.writeHead(304, head).end();
      if (!isPacked) head["content-encoding"] = "gzip";
      response.writeHead(200, { ...head, "content-type": kinds[extname(file)] ?? "application/octet-stream" }).end(body);
    } catch {
      response.writeHead(404).end();
    }
  });
  return new Promise((resolve) => server.listen(port, "127.0.0.1", () => resolve(server)));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const server = await serve(Number(process.argv[2] ?? 8000));
  console.log(`http://127.0.0.1:${server.address().port}/`);
}
