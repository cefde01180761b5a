"""Merge of fingerprints: the verdicts of a back-fill, as the live index would have given them.

`order` merges run files, `judging` judges the documents, `joining` adds verdicts to records, and
`index_file` hands the index over. `fanmill index merge` is the command.
"""
