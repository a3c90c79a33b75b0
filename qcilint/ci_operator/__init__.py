"""What ci-operator makes of its configurations and of the Dockerfiles that they build."""
