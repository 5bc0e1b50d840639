#!/usr/bin/env python3
"""Cleans JSON lines by the Janitor of lm-evaluation-harness: decontaminate_janitor.py QUESTIONS IN OUT"""
import contextlib, importlib.util, io, json, os, sys

# The module alone: the package would load all that evaluation needs.
package = os.path.dirname(importlib.util.find_spec('lm_eval').origin)
spec = importlib.util.spec_from_file_location('janitor', os.path.join(package, 'decontamination/janitor.py'))
module = importlib.util.module_from_spec(spec)
with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
    spec.loader.exec_module(module)
janitor = module.Janitor()
with open(sys.argv[1], encoding='utf-8') as questions:
    for line in questions:
        janitor.register_contaminant_python(json.loads(line)['question'])
with open(sys.argv[2], encoding='utf-8', newline='\n') as docs, open(sys.argv[3], 'w', encoding='utf-8') as out:
    for line in docs:
        record = json.loads(line)
        for k, piece in enumerate(janitor.clean_python(record['text'])):
            out.write(json.dumps(dict(record, text=piece, id='%s#%d' % (record['id'], k)), ensure_ascii=False) + '\n')
