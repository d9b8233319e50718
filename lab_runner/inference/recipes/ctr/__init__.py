"""ctr, the client of containerd, also as `microk8s ctr` and `k3s ctr`."""
