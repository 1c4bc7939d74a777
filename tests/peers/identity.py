"""Measures mado reading and mado parse against names and addresses others collected ($MADO_DATA): python3 identity.py MADO DATA.

Prints a table for docs/quality.md. A false reading is counted on pairs of the same list with the kana of the next but 997 row, where that
kana is not also listed for the spelling. Nothing of the data is kept."""
import collections, csv, io, re, subprocess, sys, tempfile, zipfile

mado, data = sys.argv[1], sys.argv[2]
ACCEPTED = 50


def ask(words, lines):
    out = subprocess.run([mado, *words], input="\n".join(lines) + "\n", capture_output=True, text=True).stdout
    return out.split("\n")[: len(lines)]


def kana(s):
    return "".join(chr(ord(c) + 0x60) if "ぁ" <= c <= "ゖ" else c for c in s)


def has_kanji(s):
    return any("\u3400" <= c <= "\u9fff" for c in s)


def rows(name):
    with open(f"{data}/names/{name}", encoding="utf-8") as f:
        return list(csv.reader(f))


sets = {"surnames (population dataset)": [(r[0], kana(r[2])) for r in rows("last_name_org.csv") if len(r) > 2]}
for sex in ("man", "woman"):
    sets[f"given names, {sex}"] = [(k, kana(r[0])) for r in rows(f"first_name_{sex}_org.csv") for k in r[2:] if k]
ipadic = [r for r in rows("ipadic-noun-name.csv") if len(r) > 11]
sets["surnames (ipadic)"] = [(r[0], r[11]) for r in ipadic if r[7] == "姓"]
sets["given names (ipadic)"] = [(r[0], r[11]) for r in ipadic if r[7] == "名"]

lowest = 100.0
for name, pairs in sets.items():
    pairs = sorted({p for p in pairs if has_kanji(p[0])})
    known = {}
    for k, r in pairs:
        known.setdefault(k, set()).add(r)
    wrong = [(k, pairs[(i + 997) % len(pairs)][1]) for i, (k, _) in enumerate(pairs)]
    wrong = [(k, r) for k, r in wrong if r not in known[k]]
    good = sum(int(x.split()[0]) >= ACCEPTED for x in ask(["reading"], ["\t".join(p) for p in pairs]) if x)
    bad = sum(int(x.split()[0]) >= ACCEPTED for x in ask(["reading"], ["\t".join(p) for p in wrong]) if x)
    share = 100 * good / len(pairs)
    lowest = min(lowest, share)
    print(f"| {name} | {len(pairs)} | {share:.2f} % | {100 * bad / len(wrong):.3f} % ({bad}) |")

with zipfile.ZipFile(f"{data}/addresses/utf_ken_all.zip") as z, z.open(z.namelist()[0]) as f:
    towns = [r for r in csv.reader(io.TextIOWrapper(f, "utf-8")) if len(r) > 8]
towns = [(p, c, t) for p, c, t in {(r[6], r[7], re.sub("（.*", "", r[8])) for r in towns}
         if t and not re.search("以下に掲載|の次に|一円|、|～|「|地割", t)]
asked = [p + c + t + "1丁目2番3号" for p, c, t in towns]


def addresses(name, *options):
    city = town = 0
    for (p, c, t), got in zip(towns, ask(["parse", "address", *options], asked)):
        part = got.split(" | ")
        city += part[:2] == [p, c]
        town += part[:4] == [p, c, t, "1-2-3"]
    print(f"| municipality of an address{name} | {len(towns)} | {100 * city / len(towns):.2f} % | |")
    print(f"| municipality, town and block{name} | {len(towns)} | {100 * town / len(towns):.2f} % | |")
    return city


def shelf(*files):
    folder = tempfile.mkdtemp(prefix="lists-")
    for file in files:
        subprocess.run([mado, "data", "import", f"{data}/{file}", "--store", folder], check=True, stdout=subprocess.DEVNULL)
    return folder


def kanji(c):
    return c in "々〆" or "\u3400" <= c <= "\u9fff" or "\uf900" <= c <= "\ufaff" or "\U00020000" <= c <= "\U000323af"


def variants(name, file, *options):
    with open(f"{data}/kanji/{file}", encoding="utf-8") as f:
        pairs = [r for r in csv.reader(f, delimiter="\t", quoting=csv.QUOTE_NONE)][1:]
    pairs = [(r[0], r[1]) for r in pairs if len(r[0]) == len(r[1]) == 1 and r[0] != r[1] and kanji(r[0]) and kanji(r[1])]
    got = collections.Counter(x.split(" ")[0] for x in re.findall(r"^[a-z]+ —", subprocess.run(
        [mado, "compare", "name", *options], input="\n".join("\t".join(p) for p in pairs) + "\n", capture_output=True, text=True).stdout, re.M))
    print(f"| {name} | {len(pairs)} | {100 * got['variant'] / len(pairs):.1f} % | {100 * got['near'] / len(pairs):.1f} % |")


city = addresses("")
mj, nta, posts = "kanji/mj-shrink.tsv", "kanji/nta-jis-shrink.tsv", "addresses/utf_ken_all.zip"
addresses(" (with KEN_ALL)", "--data", shelf(posts))
for lists, options in (("our tables alone", []), ("ours and the MJ map", ["--data", shelf(mj)]), ("ours and the tax agency's", ["--data", shelf(nta)])):
    variants(f"MJ map's pairs by {lists}", "mj-shrink.tsv", *options)
    variants(f"tax agency's pairs by {lists}", "nta-jis-shrink.tsv", *options)
ok = lowest >= 80 and city / len(towns) >= 0.98
print(f"{int(ok)} passed, {int(not ok)} failed")
sys.exit(not ok)
