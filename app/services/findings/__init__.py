"""Findings: filed and edited by members on bad networks, accepted by the secretariat. One module per part of that."""
