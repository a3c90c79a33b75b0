"""The transports that may stand before a reference (`docker://`), for regular expressions over bytes."""

from __future__ import annotations

import re

from qcilint.reference import TRANSPORTS

TRANSPORT = b"|".join(re.escape(transport.encode()) for transport in TRANSPORTS)
"""Any transport, to be put into a group."""
