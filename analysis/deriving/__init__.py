"""Derive tables from open trial databases that are not redistributed here."""
