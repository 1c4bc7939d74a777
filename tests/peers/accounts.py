"""How much an inspection of bank accounts finds among made-up people: python3 accounts.py MADO COUNT SEED... Prints the tables of docs/quality.md.
The truth is read off how a registration was made (mado people --accounts); nothing of the rules is asked."""
import collections, json, shutil, subprocess, sys, tempfile

mado, count, seeds = sys.argv[1], sys.argv[2], sys.argv[3:]
EXPECTED = {"session": "session", "family": "family", "relative": "family-name", "stranger": "stranger", "organisation": "organisation"}
PERCENT = "10000"  # a hundred times the published rates, so that rare kinds are there at all
made, any_alarm, right_alarm, raised, true_of = (collections.Counter() for _ in range(5))
registrations = false = 0


def lines(path):
    with open(path, encoding="utf-8") as f:
        return [json.loads(line) for line in f]


for seed in seeds:
    folder = tempfile.mkdtemp(prefix="accounts-")
    subprocess.run([mado, "people", "--count", count, "--seed", seed, "--accounts", PERCENT, "--out", folder], check=True)
    subprocess.run([mado, "inspect", "--accounts", f"{folder}/accounts.ndjson", "--residents", f"{folder}/residents.ndjson",
                    "--out", f"{folder}/found"], check=True, stdout=subprocess.DEVNULL)
    alarms = {a["line"]: a["kind"] for a in lines(f"{folder}/found/alarms.ndjson")}
    for t in lines(f"{folder}/accounts-truth.ndjson"):
        registrations += 1
        alarm = alarms.get(t["line"])
        raised[alarm] += 1
        true_of[alarm] += t["wrong"]
        false += alarm is not None and not t["wrong"]
        for kind in EXPECTED if t["wrong"] else ():
            if kind in t["kinds"]:
                made[kind] += 1
                any_alarm[kind] += alarm is not None
                right_alarm[kind] += alarm == EXPECTED[kind]
    shutil.rmtree(folder)

print(f"{registrations} registrations, {false} alarms where nothing is wrong ({100 * false / registrations:.3f} %)\n")
print("| wrong account | made | found | as its kind |\n|---|---|---|---|")
for kind in EXPECTED:
    print(f"| {kind} | {made[kind]} | {any_alarm[kind]} | {right_alarm[kind]} |")
print("\n| alarm | raised | true |\n|---|---|---|")
for alarm in sorted(k for k in raised if k):
    print(f"| {alarm} | {raised[alarm]} | {true_of[alarm]} |")
ok = all(any_alarm[k] == made[k] for k in EXPECTED if k != "family") and false <= registrations / 200
print(f"\n{int(ok)} passed, {int(not ok)} failed")
sys.exit(not ok)
