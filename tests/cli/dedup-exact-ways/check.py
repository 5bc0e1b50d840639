"""Says whether a file is what corpus-dedup exact should write of pages.jsonl, by dictionaries."""
import collections
import json
import sys

options, written = sys.argv[1].split(), sys.argv[2]
pages = [json.loads(line) for line in open("pages.jsonl")]
known = {}
if "--against" in options:
    for n, line in enumerate(open("known.jsonl")):
        known.setdefault(json.loads(line)["text"], n)
ranks = {
    "first": lambda n: n,
    "longest": lambda n: (-len(pages[n]["text"]), pages[n]["id"]),
    "best:score": lambda n: (-pages[n]["score"], pages[n]["id"]),
}
groups = collections.defaultdict(list)
for n, page in enumerate(pages):
    groups[page["text"]].append(n)
keeper = {n: min(group, key=ranks[options[1]]) for group in groups.values() for n in group}
want = []
for n, page in enumerate(pages):
    size = len(groups[page["text"]])
    if "--annotate" in options:
        if page["text"] in known:
            page |= {"exact_against": known[page["text"]], "exact_cluster_size": size}
        elif size > 1:
            page |= {"exact_cluster_id": keeper[n], "exact_cluster_size": size}
        want.append(page)
    elif keeper[n] == n and page["text"] not in known:
        want.append(page)
got = [json.loads(line) for line in open(written)]
print("as it should be" if got == want else "WRONG")
