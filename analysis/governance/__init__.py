"""The Governance chapter: who checks, what they found, and what would settle it."""
