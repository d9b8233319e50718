"""Inference by trying: what the steps of a text really change on fresh machines."""
