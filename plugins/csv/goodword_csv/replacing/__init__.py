"""A fresh export in place of a file: found, counted, and given what is ours of the old one."""
