"""The package an admin deploys: one source tree of metadata, and what is made from it."""
