#!/usr/bin/env python3
"""Runs dolma's deduplication, the compiled part alone: dedup_dolma.py WHAT FOLDER.

WHAT is documents, lines:N or paragraphs:N, these of N characters and more. FOLDER/documents/docs.jsonl.zst
is read; attributes and then, by dolma's mixer, the records without what they mark are written beside it. The package's own __init__ loads its taggers and all that they
need, which this does without: the time is that of the Rust code."""
import glob
import importlib.util
import json
import os
import sys
import sysconfig


def extension():
    folder = os.path.join(sysconfig.get_paths()["purelib"], "dolma")
    (path,) = glob.glob(os.path.join(folder, "dolma.*.so"))
    spec = importlib.util.spec_from_file_location("dolma.dolma", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


kind, _, length = sys.argv[1].partition(":")
folder = sys.argv[2]
separator = {"lines": "\n", "paragraphs": "\n\n"}.get(kind)
dolma = extension()
if separator:
    how = {"paragraphs": {"attribute_name": "dup", "paragraph_separator": separator}}
else:
    how = {"documents": {"attribute_name": "dup", "key": "$.text"}}
work = {"input": f"{folder}/in", "output": f"{folder}/out"}
dolma.deduper_entrypoint(
    json.dumps(
        {
            "documents": [f"{folder}/documents/*"],
            "dedupe": {
                "name": "dup",
                "skip_empty": True,
                "min_length": int(length or 0),
                "min_words": 0,
                "num_partitions": 1,
                "partition_index": 0,
                "file_partition": False,
                "document_dir": "documents",
                **how,
            },
            "bloom_filter": {
                "file": f"{folder}/filter",
                "read_only": False,
                "size_in_bytes": 0,
                "estimated_doc_count": 5000000,
                "desired_false_positive_rate": 1e-6,
            },
            "work_dir": work,
            "processes": 1,
            "compression": {"input": "zst", "output": "zst"},
            "is_s3_volume": False,
        }
    )
)
stream = {
    "name": "once",
    "documents": [f"{folder}/documents/*"],
    "attributes": ["dup"],
    "output": {"path": f"{folder}/written", "max_size_in_bytes": 10**12},
    "compression": {"input": "zst", "output": "zst"},
}
if separator:
    stream["span_replacement"] = [{"span": "$.attributes.dup", "min_score": 0.5, "replacement": ""}]
else:
    stream["filter"] = {"include": [], "exclude": ["$.attributes.dup[0][2]"]}
dolma.mixer_entrypoint(json.dumps({"streams": [stream], "work_dir": work, "processes": 1}))
