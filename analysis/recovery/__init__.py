"""The Recovery chapter: who recovers, of whom, compared with what."""
