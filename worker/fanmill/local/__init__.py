"""Everything on one machine: the embedded server, and processes that are looked after."""
