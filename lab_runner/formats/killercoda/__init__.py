"""Scenarios of Killercoda and Katacoda: a folder with an index, pages and scripts."""
