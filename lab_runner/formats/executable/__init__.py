"""Documents whose code other programs run: runme, InnovationEngine and codelabs."""
