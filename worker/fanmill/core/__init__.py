"""The analysis of texts: values in, values out.

Nothing here knows a clock, a disk, a network, a log or a queue. Start reading
at `document`, then `analysis`; `statistics`, `summary` and `tagging` are what
the stages call, `fingerprint` is what tells equal texts.
"""
