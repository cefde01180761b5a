"""The report: one HTML page about a corpus, from records and rejections of any number.

`tally` counts them in bounded memory, `clusters` looks up the members of the largest clusters,
`view` turns both into what a page shows, and `page` writes it. Nothing here reads a server.
"""
