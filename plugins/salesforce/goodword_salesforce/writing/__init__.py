"""Writing to the org: our fields, tasks for reps, links, and forgetting a person."""
