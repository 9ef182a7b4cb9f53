// The files that the page makes.
import { make, say, state, t } from "./base.js";
import { ask, wish, working } from "./program.js";

export function save(name, bytes, type = "application/octet-stream") {
  const address = URL.createObjectURL(new Blob([bytes], { type }));
  const link = make("a", { href: address, download: name, hidden: true });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
  say(t("downloaded", { name }));
}

export function stem() {
  const [name] = state.files[0] ?? ["ptce"];
  return state.files.length > 1 ? name.split("/")[0].replace(/\.[^.]+$/, "") : name.split("/").pop().replace(/\.[^.]+$/, "");
}

export async function get({ get: what, form, excel }) {
  const questions = {
    report: { do: "report", form, template: null },
    annotated: { do: "annotated", fill: true },
    converted: { do: "converted", to: form, forExcel: Boolean(excel) },
    form: { do: "form", to: form },
  };
  const answer = await working(t("working"), async () => {
    // The entry form goes by the profile, with or without files.
    if (what === "form" && !state.result) return formAlone(form);
    return ask(questions[what]);
  });
  if (!answer) return;
  const names = {
    report: form?.startsWith("letter") ? `${stem()}.${t("nLetter")}` : `${stem()}.${t("nReport")}`,
    annotated: `${stem()}.${t("nAnnotated")}`,
    converted: state.files.some(([name]) => name === `${stem()}.${answer.ok.extension}`) ? `${stem()}.ptce` : stem(),
    form: t("nForm"),
  };
  save(`${names[what]}.${answer.ok.extension}`, answer.file);
}

async function formAlone(to) {
  await ask({ do: "check", asked: wish() }).catch(() => undefined);
  return ask({ do: "form", to });
}

export async function getMapping(file) {
  const answer = await working(t("working"), () => ask({ do: "mapping", file }));
  if (answer) save(answer.ok.name, answer.file);
}
