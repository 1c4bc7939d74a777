"""The figures as Prometheus' own client library reads them: metrics.py FILE. Fails on what it cannot read, on a family without help,
and on a histogram that is none."""
import sys

from prometheus_client.parser import text_string_to_metric_families

families = {f.name: f for f in text_string_to_metric_families(open(sys.argv[1], encoding="utf-8").read())}
assert len(families) > 15, f"only {len(families)} families"
for f in families.values():
    assert f.name.startswith("mado_"), f.name
    assert f.documentation and f.type in ("counter", "gauge", "histogram"), f"{f.name} is {f.type}"
    assert f.samples, f"{f.name} has no samples"
    keys = [(s.name, tuple(sorted(s.labels.items()))) for s in f.samples]
    assert len(keys) == len(set(keys)), f"{f.name} says something twice"

duration = families["mado_answer_duration_seconds"]
assert duration.type == "histogram"
buckets = [(float(s.labels["le"]), s.value) for s in duration.samples if s.name.endswith("_bucket")]
assert buckets == sorted(buckets) and buckets[-1][0] == float("inf"), "buckets are out of order"
assert all(a[1] <= b[1] for a, b in zip(buckets, buckets[1:])), "a bucket holds less than the one before"
count = next(s.value for s in duration.samples if s.name.endswith("_count"))
assert count == buckets[-1][1] > 0, "the count is not the last bucket's"


def total(name):
    return sum(s.value for s in families[name].samples)


answers = total("mado_answers")
assert answers >= count, "more answers were timed than given"
print(f"{len(families)} families, {answers:.0f} answers")
