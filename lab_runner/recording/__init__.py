"""What a learner's shell showed and which commands ran in it, kept in plain files."""
