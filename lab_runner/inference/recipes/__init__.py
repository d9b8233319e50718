"""What each tool makes true: one file a tool, all of them in `table`."""
