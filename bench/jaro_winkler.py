"""S9's reference: rapidfuzz's Jaro-Winkler similarity of the same kana, every one against every other in blocks of 1,700 by its fastest call (cdist, one
thread). usage: jaro_winkler.py RESIDENTS; prints pairs a second. Says nothing and fails where rapidfuzz is not installed."""
import json, random, sys, time

try:
    from rapidfuzz import distance, process
except ImportError:
    sys.exit(1)

BLOCK = 1700
kana = [json.loads(line).get("kana", "") for line in open(sys.argv[1], encoding="utf-8")]
random.Random(9).shuffle(kana)
begun, pairs, at = time.process_time(), 0, 0
while time.process_time() - begun < 0.5:
    block = kana[at : at + BLOCK]
    process.cdist(block, block, scorer=distance.JaroWinkler.similarity, workers=1)
    pairs += len(block) ** 2
    at = at + BLOCK if at + 2 * BLOCK <= len(kana) else 0
print(f"{pairs / (time.process_time() - begun):.0f}")
