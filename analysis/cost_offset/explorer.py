"""The break-even explorer: both camps' settings and the linked study's, beside one another."""

from __future__ import annotations
