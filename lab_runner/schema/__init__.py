"""JSON Schema (draft 2020-12) of what is YAML in a lab, for completion in editors.

An editor reads numbers and booleans where labrun keeps the text as written, so a text
may be any of them here.
"""
