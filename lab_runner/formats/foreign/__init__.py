"""What readers of other systems' labs share."""
