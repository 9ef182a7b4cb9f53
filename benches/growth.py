#!/usr/bin/env python3
"""How the time grows with one value: a field is filled with more and more of one kind of text.

    python3 benches/growth.py target/release/ptce [--job validate|publish] [--format csv json xml txt rows] [--field NAME]
                              [--junk NAME] [--all]

For each format, field and kind of text the value is doubled until the work takes 0.4 s of processor time or the value is as
large as a cell may be, and the ratio of the last two times is printed, the time of an empty file taken off. Work that is linear
has 2. Lines above 2.2 are marked; without `--all` only these are printed. No time is asserted anywhere.
"""

import argparse
import json
import os
import sys
import tempfile
from xml.sax.saxutils import escape

SMALLEST = 1 << 14
LARGEST = 1 << 20
ENOUGH = 0.4
MOST = 2.2

FIELDS = {
    "nom": ("Nom du PTCE", "nom"),
    "region": ("Région", "region/nom"),
    "territoire": ("Territoire", "territoire/libelle"),
    "departements": ("Départements", "territoire/departements"),
    "communes": ("Communes", "territoire/communes"),
    "thematiques": ("Thématiques", "thematiques"),
    "resume": ("Résumé", "projet/resume"),
    "objectifs": ("Objectifs", "projet/objectifs"),
    "coordinateur": ("Structure coordinatrice", "coordinateur/nom"),
    "siret": ("SIRET", "coordinateur/siret"),
    "partenaires": ("Partenaires", "partenaires"),
    "contact": ("Contact", "contacts/nom"),
    "fonction": ("Fonction", "contacts/fonction"),
    "courriel": ("Courriel", "contacts/courriel"),
    "telephone": ("Téléphone", "contacts/telephone"),
    "voie": ("Adresse", "adresse/voie"),
    "complement": ("Complément d'adresse", "adresse/complement"),
    "code_postal": ("Code postal", "adresse/code_postal"),
    "commune": ("Commune", "adresse/commune"),
    "montant": ("Montant", "appel/montant"),
    "date": ("Date d'annonce", "appel/date_annonce"),
    "site": ("Site web", "site_web"),
    "inconnu": ("Libellé sans champ", "inconnu"),
}

# Each is a text for a rank, so that values differ where a list is one of different values.
JUNK = {
    "word": lambda at: "mot ",
    "words": lambda at: f"mot{at} ",
    "names": lambda at: f"Jean Dupont{letters(at)}, ",
    "names-et": lambda at: f"Jean Dupont{letters(at)} et ",
    "run-of-names": lambda at: f"Jean Dupont{letters(at)} ",
    "titles": lambda at: f"Mme Martin{letters(at)} ",
    "roles": lambda at: "Jean Dupont, présidents, ",
    "announcers": lambda at: "tél : ",
    "announcers-bare": lambda at: "tel ",
    "capitals": lambda at: "M ",
    "digits": lambda at: "7",
    "zeros": lambda at: "0",
    "numbers": lambda at: f"{at % 100} ",
    "years": lambda at: "1000 a ",
    "ranges": lambda at: "12-",
    "codes": lambda at: "05000 Gap ",
    "streets": lambda at: f"{at % 100} rue Basse, ",
    "street-words": lambda at: "rue ",
    "initials": lambda at: "A.B. ",
    "elisions": lambda at: "d'Anne Bo ",
    "hyphened": lambda at: "Anne-",
    "explained": lambda at: "[point] ",
    "codes-of-13": lambda at: "1234567890123 a ",
    "mailboxes": lambda at: f"a{at}@example.org; ",
    "mailboxes-space": lambda at: f"a{at}@example.org ",
    "names-mailboxes": lambda at: f"Jean Dupont{letters(at)} a{at}@example.org, ",
    "hidden": lambda at: f"a{at} [at] example [point] org, ",
    "hidden-words": lambda at: " arobase ",
    "at": lambda at: "@",
    "at-words": lambda at: "at ",
    "phones": lambda at: f"01 99 {at // 10000 % 100:02} {at // 100 % 100:02} {at % 100:02} / ",
    "plus": lambda at: "+33 ",
    "pairs": lambda at: "01 ",
    "spaces": lambda at: "x" if at % 1000 == 0 else " ",
    "commas": lambda at: ",",
    "semicolons": lambda at: "a;",
    "bars": lambda at: "a|",
    "slashes": lambda at: "a/",
    "spaced-slashes": lambda at: "A / ",
    "lines": lambda at: "Ligne\n",
    "bullets": lambda at: "- point\n",
    "counted": lambda at: f"{at + 1}) bois ",
    "dots": lambda at: ".",
    "sentences": lambda at: "Une phrase. ",
    "colons": lambda at: "a : ",
    "dashes": lambda at: "A - ",
    "open": lambda at: "(",
    "brackets": lambda at: "(05) ",
    "bracketed": lambda at: f"Gap {letters(at)} (membre), ",
    "tags": lambda at: "<",
    "stars": lambda at: "** ",
    "quotes": lambda at: "« ",
    "hubs": lambda at: "PTCE « ",
    "hub-names": lambda at: "PTCE A ",
    "backslashes": lambda at: "\\",
    "question": lambda at: "a?b",
    "mojibake": lambda at: "Ã© ",
    "ampersands": lambda at: "&amp; ",
    "percent": lambda at: "%20",
    "etc": lambda at: "etc. ",
    "et-la": lambda at: "et la ",
    "accents": lambda at: "éàç ",
}

RECORD = {
    "nom": "Fabriques du Quercy", "region/nom": "Occitanie", "coordinateur/nom": "Association Quercy",
    "contacts/nom": "Camille Exemple", "contacts/courriel": "contact@example.org",
}


def letters(at):
    """A number in letters: names have no digits."""
    text = ""
    while True:
        text += chr(97 + at % 26)
        at //= 26
        if not at:
            return text


def filled(junk, size):
    """A text of `size` bytes of one kind."""
    make, parts, length, at = JUNK[junk], [], 0, 0
    while length < size:
        part = make(at)
        parts.append(part)
        length += len(part.encode())
        at += 1
    return "".join(parts)


def label_of(path):
    return next((label for label, known in FIELDS.values() if known == path), path)


def written(format, path, text):
    """A source of one record, whose field `path` is `text`."""
    values = {**RECORD, path: text}
    if format == "csv":
        quoted = ['"' + value.replace('"', '""') + '"' for value in values.values()]
        return ",".join(label_of(key) for key in values) + "\n" + ",".join(quoted) + "\n"
    if format == "txt":
        return "".join(f"{label_of(key)} : {value}\n" for key, value in values.items())
    tree = {}
    for key, value in values.items():
        *above, last = key.split("/")
        place = tree
        for part in above:
            place = place.setdefault(part, {})
        place[last] = value
    if format == "json":
        if "contacts" in tree:
            tree["contacts"] = [tree["contacts"]]
        return json.dumps([tree], ensure_ascii=False)
    if format == "xml":
        def element(name, value):
            inner = "".join(element(*pair) for pair in value.items()) if isinstance(value, dict) else escape(value)
            return f"<{name}>{inner}</{name}>"
        return "<ptces>" + element("ptce", tree) + "</ptces>"
    raise ValueError(format)


# A record with more and more elements of a list, rather than one long value.
ROWS = {
    "contacts.json": lambda count: json.dumps([{"nom": "A", "contacts": [
        {"nom": f"Jean Dupont{letters(at)}", "courriel": f"a{at}@example.org", "telephone": "01 99 00 12 34"}
        for at in range(count)], "projet": {"resume": "Un résumé. " * count}}]),
    "partenaires.json": lambda count: json.dumps([{"nom": "A", "partenaires": [{"nom": f"Partenaire {at}"} for at in range(count)]}]),
    "communes.json": lambda count: json.dumps([{"nom": "A", "territoire": {"communes": [
        {"code_insee": "05061", "nom": "Gap"} for _ in range(count)]}}]),
    "departements.json": lambda count: json.dumps([{"nom": "A", "territoire": {"departements": [
        {"code": "05", "nom": "Hautes-Alpes"} for _ in range(count)]}}]),
    "objectifs.json": lambda count: json.dumps([{"nom": "A", "projet": {"objectifs": [f"Objectif {at}" for at in range(count)]}}]),
    "contacts.xml": lambda count: "<ptces><ptce><nom>A</nom><contacts>" + "".join(
        f"<contact><nom>Jean Dupont{letters(at)}</nom><courriel>a{at}@example.org</courriel></contact>"
        for at in range(count)) + "</contacts></ptce></ptces>",
    "prenoms.xml": lambda count: "<ptces><ptce><nom>A</nom><contacts>" + "".join(
        f"<contact><prenom>Jean</prenom><nom>Dupont{letters(at)}</nom></contact>"
        for at in range(count)) + "</contacts></ptce></ptces>",
    "partenaires.xml": lambda count: "<ptces><ptce><nom>A</nom><partenaires>" + "".join(
        f"<partenaire><nom>Partenaire {at}</nom></partenaire>" for at in range(count)) + "</partenaires></ptce></ptces>",
    "contacts.txt": lambda count: "Nom du PTCE : A\n" + "".join(
        f"Contact : Jean Dupont{letters(at)}\nCourriel : a{at}@example.org\n" for at in range(min(count, 950))),
    "lignes.txt": lambda count: "Nom du PTCE : A\nRésumé : Un\n" + "Cordialement\nTél : 01 99 00 12 34\n" * count,
    "puces.txt": lambda count: "Nom du PTCE : A\nObjectifs :\n" + "- point\n" * count,
    "paragraphes.txt": lambda count: "Nom du PTCE : A\nRésumé :\n" + "Une phrase.\n\n" * count,
    "mots.csv": lambda count: "Nom du PTCE,Courriel,Contact\nA," + '"' + "; ".join(
        f"a{at}@example.org" for at in range(count)) + '","' + ", ".join(f"Jean Dupont{letters(at)}" for at in range(count)) + '"\n',
    "fonctions.csv": lambda count: "Nom du PTCE,Fonction,Contact\nA," + '"' + "; ".join(
        "directrice" for at in range(count)) + '","' + ", ".join(f"Jean Dupont{letters(at)}" for at in range(count)) + '"\n',
    "prenoms.csv": lambda count: "Nom du PTCE,Prénom,Contact\nA," + '"' + ", ".join(
        f"Jean{letters(at)}" for at in range(count)) + '","' + ", ".join(f"Dupont{letters(at)}" for at in range(count)) + '"\n',
}


def processor_time(command, largest=60):
    """Seconds of processor time that a command takes: the least of two runs where they are short."""
    best = None
    for _ in range(2):
        pid = os.fork()
        if pid == 0:
            null = os.open(os.devnull, os.O_WRONLY)
            os.dup2(null, 1)
            os.dup2(null, 2)
            import resource
            resource.setrlimit(resource.RLIMIT_CPU, (largest, largest))
            os.execv(command[0], command)
        _, status, usage = os.wait4(pid, 0)
        taken = usage.ru_utime + usage.ru_stime
        if os.WIFSIGNALED(status):
            return None
        best = taken if best is None else min(best, taken)
        if taken > 2:
            break
    return best


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("program")
    parser.add_argument("--job", choices=["validate", "publish"], default="validate")
    parser.add_argument("--format", nargs="*", default=["csv", "json", "xml", "txt", "rows"])
    parser.add_argument("--field", nargs="*", default=list(FIELDS))
    parser.add_argument("--junk", nargs="*", default=list(JUNK))
    parser.add_argument("--all", action="store_true", help="print every ratio, not only those above the bound")
    parser.add_argument("--largest", type=int, default=LARGEST - 1024, help="bytes of the largest value")
    arguments = parser.parse_args()
    folder = tempfile.mkdtemp()
    program = os.path.abspath(arguments.program)

    def timed(name, content):
        path = os.path.join(folder, name)
        with open(path, "w", encoding="utf-8") as file:
            file.write(content)
        if arguments.job == "validate":
            return processor_time([program, "validate", path, "-q"])
        out = os.path.join(folder, "out")
        taken = processor_time([program, "convert", path, "--to", "open-data", "-o", out, "--keep-invalid", "--force", "-q"])
        return taken

    def grow(name, extension, make, smallest, largest, idle):
        """Doubles until the time is long enough to be compared."""
        size, before = smallest, None
        while True:
            taken = timed(f"grown.{extension}", make(size))
            if taken is None:
                print(f"{name:50} {size:9}   stopped after 60 s, or crashed  <<<", flush=True)
                return False
            if taken - idle > ENOUGH and before is None and size > 2:
                size //= 2
                largest = size * 2
                before = timed(f"grown.{extension}", make(size)) or idle
                size *= 2
            if taken - idle > ENOUGH or size * 2 > largest:
                break
            size, before = size * 2, taken
        ratio = (taken - idle) / max((before or idle) - idle, 0.002)
        is_long = taken - idle > 0.05
        is_more = is_long and ratio > MOST
        if is_more or arguments.all:
            print(f"{name:50} {size:9} {taken:8.3f} s  x {ratio:4.1f}{'  <<<' if is_more else ''}", flush=True)
        return not is_more

    is_linear = True
    for format in arguments.format:
        if format == "rows":
            for name, make in ROWS.items():
                extension = name.rsplit(".", 1)[1]
                idle = timed(f"idle.{extension}", make(1))
                is_linear &= grow(name, extension, make, 200, 100_000, idle)
            continue
        for field in arguments.field:
            _, path = FIELDS[field]
            idle = timed(f"idle.{format}", written(format, path, "x"))
            for junk in arguments.junk:
                make = lambda size: written(format, path, filled(junk, size))
                is_linear &= grow(f"{format} {field} {junk}", format, make, SMALLEST, arguments.largest, idle)
    print("every ratio is below the bound" if is_linear else "some ratios are above the bound")
    return 0 if is_linear else 1


if __name__ == "__main__":
    sys.exit(main())
