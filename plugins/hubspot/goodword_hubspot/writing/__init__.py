"""From actions to the portal: each once, and never over a person's hand."""
