"""Coordination agreements: drafted and signed by their parties, reviewed by figures, followed by their successors."""
