"""Says whether a file is what corpus-dedup lines or paragraphs should write of pages.jsonl."""
import argparse
import collections
import json
import re

parser = argparse.ArgumentParser()
parser.add_argument("verb")
parser.add_argument("written")
parser.add_argument("--min-length", type=int)
parser.add_argument("--copies", type=int, default=1)
parser.add_argument("--max-share", type=float, default=1)
parser.add_argument("--keep")
parser.add_argument("--annotate", action="store_true")
a = parser.parse_args()
pages = [json.loads(line) for line in open("pages.jsonl")]


def split(text):
    """Paragraphs, each a list of lines."""
    if a.verb == "lines":
        return [[line] for line in text.split("\n") if line]
    return [paragraph.split("\n") for paragraph in re.split("\n\n+", text)]


def rank(n):
    return n if a.keep == "first" else (-pages[n]["score"], pages[n]["id"])


# Who has a unit, in the order in which they may keep it: a line of a paragraph that goes whole is
# there as well, and behind the ones that made the paragraph go.
places = collections.defaultdict(list)
for n in sorted(range(len(pages)), key=rank):
    for p, paragraph in enumerate(split(pages[n]["text"])):
        places["\n".join(paragraph)].append((n, p, None))
        for k, line in enumerate(paragraph if len(paragraph) > 1 else []):
            places[line].append((n, p, k))
gone = set()
for unit, those in places.items():
    if len(unit) >= a.min_length:
        gone.update(those[a.copies :])
want = []
for n, page in enumerate(pages):
    left, units, lost, whole = [], 0, 0, 0
    for p, paragraph in enumerate(split(page["text"])):
        size = len("\n".join(paragraph))
        whole += size
        if (n, p, None) in gone:
            units, lost = units + 1, lost + size
            continue
        lines = [line for k, line in enumerate(paragraph) if (n, p, k) not in gone]
        units += len(paragraph) - len(lines)
        lost += sum(len(line) + 1 for k, line in enumerate(paragraph) if (n, p, k) in gone)
        lost -= (n, p, len(paragraph) - 1) in gone
        left.append(lines)
    if a.annotate:
        if units:
            page[f"repeated_{a.verb}"] = units
            page[f"repeated_{a.verb}_share"] = min(1, lost / whole)
    elif units and (lost >= whole or lost / whole > a.max_share):
        continue
    else:
        page["text"] = left
    want.append(page)
got = [json.loads(line) for line in open(a.written)]
for page in got if not a.annotate else []:
    page["text"] = [p for p in split(page["text"]) if p != [""]]
for page in want if not a.annotate else []:
    page["text"] = [p for p in page["text"] if p]
for page in want + got:
    key = f"repeated_{a.verb}_share"
    if key in page:
        page[key] = round(page[key], 4)
print("as it should be" if got == want else "WRONG")
