"""Reading an org: everything at first, then what changed."""
