"""What each rule of comparison buys and costs, on made-up people with labelled mistakes: python3 ablation.py MADO COUNT SEED... Prints the table of docs/quality.md.
A rule that a comparison names as a reason is one without which the pair would not have reached its level, because the fewest foldings are looked for.
Pairs: a member's line and the right resident's record; somebody else of the same household (family); anybody (strangers)."""
import collections, glob, json, random, shutil, subprocess, sys, tempfile

mado, count, seeds = sys.argv[1], sys.argv[2], sys.argv[3:]
FACTS = ("name", "kana", "birth", "address")
GOOD = ("same", "variant", "near")


def lines(path):
    with open(path, encoding="utf-8") as f:
        return [json.loads(line) for line in f]


def key(m):
    return tuple(m.get(k, "") for k in ("insurer", "symbol", "number", "branch"))


def compared(fact, pairs):
    pairs = [p for p in pairs if p[0] and p[1]]
    text = "\n".join("\t".join(p) for p in pairs) + "\n"
    out = subprocess.run([mado, "compare", fact, "--json"], input=text, capture_output=True, text=True).stdout
    return [json.loads(x) for x in out.split("\n") if x]


sets = {fact: {"right": [], "family": [], "strangers": []} for fact in FACTS}
for seed in seeds:
    folder = tempfile.mkdtemp(prefix="ablation-")
    subprocess.run([mado, "people", "--count", count, "--seed", seed, "--dirty", "100", "--out", folder], check=True)
    residents = {r["id"]: r for r in lines(f"{folder}/residents.ndjson")}
    members = {key(m): m for f in glob.glob(f"{folder}/dirty/*.ndjson") for m in lines(f)}
    homes = collections.defaultdict(list)
    for r in residents.values():
        homes[r["household"]].append(r)
    pick = random.Random(int(seed))
    everyone = list(residents.values())
    for t in lines(f"{folder}/truth.ndjson"):
        member, right = members.get(key(t["member"])), residents.get(t.get("resident"))
        if member is None or right is None:
            continue
        others = [r for r in homes[right["household"]] if r is not right]
        for fact in FACTS:
            said = member.get(fact, "")
            sets[fact]["right"].append((said, right.get(fact, "")))
            sets[fact]["strangers"].append((said, pick.choice(everyone).get(fact, "")))
            if others:
                sets[fact]["family"].append((said, pick.choice(others).get(fact, "")))
    shutil.rmtree(folder)

print("| fact | rule | right pairs that need it | family members it lets in | strangers it lets in |\n|---|---|---|---|---|")
ok = True
for fact in FACTS:
    found = {}
    for who, pairs in sets[fact].items():
        results = compared(fact, pairs)
        reasons = collections.Counter(w["reason"] for r in results if r["level"] in GOOD for w in r["why"])
        found[who] = (len(results), sum(r["level"] in GOOD for r in results), reasons)
    cells = " | ".join(f"{found[w][1]} of {found[w][0]} ({100 * found[w][1] / found[w][0]:.3f} %)" for w in ("right", "family", "strangers"))
    print(f"| {fact} | **all** | {cells} |")
    for reason in sorted(found["right"][2], key=lambda r: -found["right"][2][r]):
        print(f"| {fact} | {reason} | " + " | ".join(str(found[w][2][reason]) for w in ("right", "family", "strangers")) + " |")
    ok = ok and found["right"][1] > 0
print(f"\n{int(ok)} passed, {int(not ok)} failed")
sys.exit(not ok)
