"""Overlap (chồng chéo): other work on the same party at the same time, across all bodies and regimes.

Luật MTTQ Đ25(3). Work is a campaign, or an item of a plan that no campaign carries out yet. Of work that the caller may
not see it learns only that, in which quarter, and whom to ask.
"""
