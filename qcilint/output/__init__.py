"""How findings are shown: one module a format. Nothing here decides anything."""
