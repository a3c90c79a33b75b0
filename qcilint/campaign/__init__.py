"""Migrates many repositories: plans patches for review, opens pull requests from the plan, and follows them until they merge."""
