"""Near-duplicate detection: texts to fingerprints, fingerprints to similarity. Pure."""
