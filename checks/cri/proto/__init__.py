"""The part of the CRI that the checks read: see `checks.proto`."""
