"""What ci-operator makes of its configurations and of the Dockerfiles that they build."""

LOST, RACING, DROPPED, DIRECT = PROBLEMS = ("lost-override", "racing-import", "dropped-alias", "direct-pull")
"""What can go wrong with an image of a Dockerfile; names of contexts, too."""
