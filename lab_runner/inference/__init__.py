"""From the commands of a text to what they leave true of a machine."""
