"""Back-fill of a corpus: shards of files through the stages, without a server.

`inputs` finds the files, `plan` keeps what all shards must agree on, `parts` is the unit of
work, and `shard` runs the parts of a shard. `fanmill backfill` is the command.
"""
