"""The rules, one TOML file each. Data only: nothing here is run."""
