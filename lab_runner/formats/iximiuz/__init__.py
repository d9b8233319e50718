"""Content of iximiuz Labs, and what it becomes here."""
