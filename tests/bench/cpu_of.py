#!/usr/bin/env python3
"""Runs a command and prints its processor seconds, user and system, and its peak memory in KiB."""
import resource, subprocess, sys

subprocess.run(sys.argv[1:], check=True, stdout=subprocess.DEVNULL)
used = resource.getrusage(resource.RUSAGE_CHILDREN)
print('%.3f %d' % (used.ru_utime + used.ru_stime, used.ru_maxrss))
