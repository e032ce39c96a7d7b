"""Grassroots boards (BTTND, BGSĐTCĐ): founded, confirmed by the commune's Front, at work, dissolved."""
