"""Configurations to build on with `extend`, one TOML file each. Data only."""
