// What the page gives is what the command gives: the same findings, files and refusals, byte for byte. PTCE_INPUTS names
// more folders of files to compare over.
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync, mkdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { after, test } from "node:test";
import { command, same as sameWorkbook, samples } from "./command.mjs";
import { asked, session } from "./program.mjs";

const place = mkdtempSync(join(tmpdir(), "ptce-web-"));
after(() => rmSync(place, { recursive: true }));

const sources = readdirSync(samples).filter((name) => !/\.(toml|md)$/.test(name));

async function compare(folder, name, profile) {
  const { stdout, stderr, status } = command(folder, "validate", name, "--format", "json", "--profile", profile, "--lang", "fr", "-q");
  const { ask } = session([[name, readFileSync(join(folder, name))]]);
  const checked = await ask({ do: "check", asked: asked({ profile }) });
  if (status === 2 && stdout.length === 0) {
    assert.equal(`ptce : ${checked.error?.message}`, stderr.trimEnd().split("\n").filter((line) => line.startsWith("ptce")).at(-1), name);
    return "refused";
  }
  assert.ok(checked.ok, `${name}: ${checked.error?.message}`);
  const report = await ask({ do: "report", form: "json", template: null });
  assert.ok(report.file.equals(stdout), `${name}: the report differs from that of the command`);
  const { summary, findings } = JSON.parse(stdout);
  assert.deepEqual(checked.ok.summary, summary, name);
  const shown = await ask({ do: "findings", levels: ["error", "warning", "info"], code: null, file: null, text: null, first: 0, most: 1e9 });
  assert.equal(shown.ok.groups.flatMap((group) => group.findings).length, findings.length, name);
  return "read";
}

for (const name of sources) {
  for (const profile of ["laureat", "candidature"]) {
    test(`the findings of ${name} as ${profile}`, async () => assert.equal(await compare(samples, name, profile), "read"));
  }
}

test("hostile, damaged and empty files are refused in the same words", async () => {
  const folder = join(place, "bad");
  mkdirSync(folder);
  const workbook = readFileSync(join(samples, "laureats-2014.xlsx"));
  const bad = {
    "vide.csv": "", "vide.xlsx": "", "vide.zip": "", "vide.xml": "", "blanc.csv": "  \n\n",
    "coupe.xlsx": workbook.subarray(0, workbook.length / 2), "faux.xlsx": "nom;courriel\nArvor;x\n", "faux.zip": "PK\x03\x04",
    "image.csv": Buffer.from("\x89PNG\r\n\x1a\n", "latin1"), "page.pdf": "%PDF-1.4\n", "bombe.xml": `<!DOCTYPE a [<!ENTITY b "bb">]><ptces><ptce><nom>&b;</nom></ptce></ptces>`,
    "profond.json": "[".repeat(100000), "coupe.json": '[{"nom":"Arvor"', "ouvert.csv": 'nom,courriel\n"Arvor,x\n', "sans-libelle.csv": "a;b\n1;2\n",
    "autre.json": '{"nom":', "coupe.xml": "<ptces><ptce><nom>Arvor", "nul.csv": "nom\0\nA\0\n", "enorme.csv": `nom\n${"x".repeat(20 << 20)}\n`,
  };
  let refused = 0;
  for (const [name, bytes] of Object.entries(bad)) {
    writeFileSync(join(folder, name), bytes);
    if ((await compare(folder, name, "laureat")) === "refused") refused += 1;
  }
  assert.ok(refused >= 12, `${refused} refused`);
});

test("texts that are rarely wanted come when they are, and not before", async () => {
  const folder = join(place, "rare");
  mkdirSync(folder);
  const header = "nom,coordinateur_nom,adresse_code_postal,adresse_commune,resume\n";
  writeFileSync(join(folder, "courant.csv"), `${header}Arvor,Atelier,35000,Rennes,Un marché couvert\n`);
  writeFileSync(join(folder, "perdu.csv"), `${header}Arvor,Atelier,35000,Rennes,Un march? couvert\n`);
  for (const [name, isWanted] of [["courant.csv", false], ["perdu.csv", true]]) {
    const { ask, wanted } = session([[name, readFileSync(join(folder, name))]]);
    await ask({ do: "check", asked: asked() });
    assert.equal(wanted(), isWanted, name);
    assert.equal(await compare(folder, name, "laureat"), "read");
  }
});

test("the files of the tests of the library", { skip: !process.env.PTCE_INPUTS }, async () => {
  const walk = (folder) => readdirSync(folder, { withFileTypes: true }).flatMap((entry) => (entry.isDirectory() ? walk(join(folder, entry.name)) : [join(folder, entry.name)]));
  const counts = { read: 0, refused: 0 };
  for (const path of process.env.PTCE_INPUTS.split(":").flatMap(walk)) {
    if (statSync(path).size < 8 << 20) counts[await compare(dirname(path), basename(path), "laureat")] += 1;
  }
  console.log(counts);
  assert.ok(counts.read > 100);
});

test("reports, letters, copies and conversions are those of the command", async () => {
  for (const name of ["laureats-2014.xlsx", "suivi-regional.csv", "conforme.ods", "candidature.json", "laureats-2014.xml"]) {
    const { ask } = session([[name, readFileSync(join(samples, name))]]);
    await ask({ do: "check", asked: asked() });
    const wrote = (out, ...args) => {
      command(samples, ...args, "--lang", "fr", "-q", "-o", join(place, out));
      return readFileSync(join(place, out));
    };
    const same = async (question, bytes) => {
      const answer = await ask(question);
      assert.ok(answer.file?.equals(bytes), `${name}: ${JSON.stringify(question)} ${answer.error?.message ?? ""}`);
    };
    const report = (form) => ({ do: "report", form, template: null });
    await same(report("html"), wrote("r.html", "validate", name));
    await same(report("csv"), wrote("r.csv", "validate", name));
    await same(report("ndjson"), wrote("r.ndjson", "validate", name));
    await same(report("letter"), wrote("l.txt", "validate", name, "--format", "letter"));
    await same(report("letter-html"), wrote("l.html", "validate", name, "--format", "letter"));
    const extension = name.endsWith(".ods") ? "ods" : "xlsx";
    await same({ do: "annotated", fill: true }, wrote(`a.${extension}`, "validate", name));
    for (const to of ["json", "ndjson", "csv", "xml"]) {
      await same({ do: "converted", to, forExcel: false }, wrote(`c.${to}`, "convert", name));
    }
    // The command sets rows aside in a file, and a browser has none: the texts stand elsewhere in the workbook.
    const workbook = await ask({ do: "converted", to: "xlsx", forExcel: false });
    sameWorkbook(workbook.file, wrote("c.xlsx", "convert", name), name);
    await same({ do: "converted", to: "csv", forExcel: true }, wrote("e.csv", "convert", name, "--csv-for-excel"));
    await same({ do: "converted", to: "tables", forExcel: false }, wrote("t.zip", "convert", name));
    assert.equal(command(samples, "inspect", name, "--save", join(place, "m.toml")).status, 0);
    await same({ do: "mapping", file: name }, readFileSync(join(place, "m.toml")));
  }
});

test("corrections, their log and their plan are those of the command, and are taken back", async () => {
  for (const name of ["laureats-2014.xlsx", "suivi-regional.csv", "laureats-2014.xml", "candidature.json", "conforme.ods"]) {
    const bytes = readFileSync(join(samples, name));
    const { ask } = session([[name, bytes]]);
    await ask({ do: "check", asked: asked() });
    const corrections = (await ask({ do: "corrections", file: name })).ok;
    const chosen = corrections.flatMap(({ isSafe }, rank) => (isSafe ? [rank] : []));
    const out = join(place, `fixed-${name}`);
    const { status, stderr } = command(samples, "fix", name, "--safe", "-o", out, "--lang", "fr", "-q");
    assert.notEqual(status, 2, stderr);
    const fixed = await ask({ do: "corrected", file: name, chosen, part: "file" });
    assert.ok(fixed.file?.equals(readFileSync(out)), `${name}: ${fixed.error?.message}`);
    assert.equal(fixed.ok.changes > 0, chosen.length > 0, name);
    const log = await ask({ do: "corrected", file: name, chosen, part: "log" });
    assert.equal(log.file.toString(), readFileSync(`${out}.log.json`, "utf8"), name);
    assert.notEqual(command(samples, "fix", name, "--plan", join(place, "plan.xlsx"), "--lang", "fr", "-q").status, 2);
    const plan = await ask({ do: "corrected", file: name, chosen, part: "plan" });
    assert.ok(plan.file.equals(readFileSync(join(place, "plan.xlsx"))), name);
    const { ask: later } = session([[name, fixed.file]]);
    await later({ do: "check", asked: asked() });
    const undone = await later({ do: "undone", file: name, log: [log.file.toString(), "log.json"] });
    assert.ok(undone.ok.isOriginal, name);
    if (!/\.(xlsx|ods)$/.test(name)) assert.ok(undone.file.equals(bytes), name);
  }
});

test("what the configuration accepts for a while is told apart, until its day", async () => {
  const name = "envoi-3.csv";
  writeFileSync(join(place, name), "Nom;Structure porteuse\nArvor;Roue libre\n");
  const waiver = '[[waivers]]\nrecord = "Arvor"\ncode = "missing-contact"\nreason = "En mars."\nuntil = "2026-12-31"\n';
  writeFileSync(join(place, "reglages.toml"), waiver);
  const { ask } = session([[name, readFileSync(join(place, name))]]);
  const configuration = [waiver, "reglages.toml"];
  const checked = await ask({ do: "check", asked: asked({ configuration, today: "2026-12-31" }) });
  assert.deepEqual(checked.ok.accepted.map(({ finding, until }) => [finding.code, until]), [["missing-contact", "2026-12-31"]]);
  const later = await ask({ do: "check", asked: asked({ configuration, today: "2027-01-01" }) });
  assert.deepEqual(later.ok.accepted, []);
  assert.ok("expired-waiver" in later.ok.summary.codes);
});

test("the entry form is that of the command", async () => {
  for (const profile of ["laureat", "candidature"]) {
    const { ask } = session([]);
    await ask({ do: "check", asked: asked({ profile }) });
    for (const to of ["xlsx", "csv", "upright"]) {
      const layout = to === "upright" ? ["--layout", "form"] : [];
      const out = join(place, layout.length ? "f.xlsx" : `f.${to}`);
      assert.equal(command(place, "template", "-o", out, "--profile", profile, "--force", ...layout).status, 0);
      const { file } = await ask({ do: "form", to });
      assert.ok(file.equals(readFileSync(out)), `${profile} ${to}`);
    }
  }
});

test("the publication is that of the command, and its list too", async () => {
  const metadata = readFileSync(join(samples, "publication.toml"), "utf8");
  const csv = "nom,region,departements,coordinateur_nom,adresse_voie,adresse_code_postal,adresse_commune,contact_1_nom,contact_1_courriel,projet_resume\n" +
    'Roue libre,Bretagne,35,Atelier du vélo,1 rue de la Gare,35000,Rennes,Camille Exemple,camille@example.org,"Le pôle bois. Le lycée Jeanne Exemple."\n' +
    "Sans coordinateur,Bretagne,35,,1 rue de la Gare,35000,Rennes,,,\n";
  writeFileSync(join(place, "envoi.csv"), csv);
  for (const [folder, name] of [[samples, "laureats-2014.xlsx"], [place, "envoi.csv"]]) {
    const { ask } = session([[name, readFileSync(join(folder, name))]]);
    await ask({ do: "check", asked: asked() });
    const question = { do: "published", metadata: [metadata, "publication.toml"], consents: null, objections: null, decisions: null, keepInvalid: false, withholdDoubtful: false, today: "2026-12-01", part: "archive" };
    const answer = await ask(question);
    const out = join(place, `${name}.publication`);
    mkdirSync(out);
    command(folder, "convert", name, "--to", "open-data", "-o", join(out, "publication.zip"), "--metadata", join(samples, "publication.toml"), "--lang", "fr", "-q");
    assert.ok(answer.file.equals(readFileSync(join(out, "publication.zip"))), `${name}: ${answer.error?.message}`);
    assert.ok(answer.ok.doubtful > 0);
    assert.equal(answer.ok.review, readFileSync(join(out, "a-verifier.csv"), "utf8"));
    if (name === "envoi.csv") {
      assert.equal(answer.ok.leftOut.length, 1);
      const decided = answer.ok.review.replace(/^([0-9a-f]+);;/m, "$1;retirer;");
      const again = await ask({ ...question, decisions: [decided, "a-verifier.csv"], part: "page" });
      assert.equal(again.ok.doubtful, answer.ok.doubtful - 1);
    }
  }
});

test("a folder and an archive are read as one", async () => {
  const bytes = readFileSync(join(samples, "conforme.csv"));
  const folder = join(place, "envois");
  mkdirSync(join(folder, "b"), { recursive: true });
  for (const name of ["z.csv", "b/a.csv", "notes.pdf", ".DS_Store"]) writeFileSync(join(folder, name), bytes);
  const files = ["envois/z.csv", "envois/b/a.csv", "envois/notes.pdf", "envois/.DS_Store"].map((name) => [name, bytes]);
  const { ask } = session(files);
  const checked = await ask({ do: "check", asked: asked() });
  assert.deepEqual(checked.ok.skipped, ["envois/notes.pdf"]);
  assert.deepEqual(checked.ok.leftBehind, ["envois/.DS_Store"]);
  const report = await ask({ do: "report", form: "json", template: null });
  assert.ok(report.file.equals(command(place, "validate", "envois", "--format", "json", "--lang", "fr", "-q").stdout));
});

test("a label is corrected, and its mapping read by the command gives the same", async () => {
  const name = "envoi-2.csv";
  writeFileSync(join(place, name), "Nom;Chose;Courriel\nArvor;Roue libre;contact@example.org\n");
  const { ask } = session([[name, readFileSync(join(place, name))]]);
  await ask({ do: "check", asked: asked() });
  const understood = await ask({ do: "understood" });
  const label = understood.ok.files[0].tables[0].labels.find(({ label }) => label === "Chose");
  assert.equal(label.key, "Chose");
  assert.equal(label.field, undefined);
  const meanings = { [name]: [{ Chose: "/coordinateur/nom" }] };
  const checked = await ask({ do: "check", asked: asked({ meanings }) });
  assert.ok(!("missing-coordinator" in checked.ok.summary.codes));
  const mapping = await ask({ do: "mapping", file: name });
  writeFileSync(join(place, "mapping.toml"), mapping.file);
  const report = await ask({ do: "report", form: "json", template: null });
  const { stdout } = command(place, "validate", name, "--mapping", "mapping.toml", "--format", "json", "--lang", "fr", "-q");
  assert.ok(report.file.equals(stdout));
});

test("a file of which no label is known shows its labels, to be given fields", async () => {
  const name = "inconnu.csv";
  const { ask } = session([[name, Buffer.from("Machin;Truc\nArvor;Roue libre\n")]]);
  const checked = await ask({ do: "check", asked: asked() });
  assert.ok(checked.error);
  const understood = await ask({ do: "understood" });
  assert.deepEqual(understood.ok.files[0].tables[0].labels.map(({ key }) => key), ["Machin", "Truc"]);
  const meanings = { [name]: [{ Machin: "/nom", Truc: "/coordinateur/nom" }] };
  const again = await ask({ do: "check", asked: asked({ meanings }) });
  assert.equal(again.ok.summary.records, 1);
});

test("a question that makes no sense is refused, and the session goes on", async () => {
  const { ask } = session([]);
  assert.ok((await ask({ do: "dance" })).error);
  assert.ok((await ask({ do: "about" })).ok.version);
});
