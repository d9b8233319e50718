"""Tracks of Instruqt, and what they become here."""
