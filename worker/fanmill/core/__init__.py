"""Pure analysis of texts: no clock, disk, network, log or queue.

Start reading at `document`, then `analysis`. The stages call `stages`, which uses `statistics`,
`summary` and `tagging`, and `dedup`, which recognises equal and similar texts.
"""
