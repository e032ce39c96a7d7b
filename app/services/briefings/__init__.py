"""Briefings and working sessions: called by their chair, held, concluded, closed when what came of them has ended."""
