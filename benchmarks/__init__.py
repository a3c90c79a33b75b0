"""How fast qcilint is, as ratios of one run. Not installed with it."""
