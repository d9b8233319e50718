"""The part of containerd's API that the checks read: see `checks.proto`."""
