"""What docker, podman and nerdctl have in common: one grammar, each its own facts."""
