"""Checks that a table of cases cannot say, one a module.

A check has one function `check(reference)`: it returns the reference to judge (perhaps with its parts read
anew), or None where the rule does not apply.
"""
