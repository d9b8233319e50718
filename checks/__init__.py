"""What can be true of a machine, and how to find out."""
