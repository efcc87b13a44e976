"""From the portal to the canonical tables: everything, or what changed since."""
