"""Setting up: what each file, sheet and column is, guessed with evidence, for a person to check."""
