"""The Self-report chapter: what the questionnaires measure, and how far they could mislead."""
