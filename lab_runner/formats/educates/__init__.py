"""Workshops of Educates, and what they become here."""
