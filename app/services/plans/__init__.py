"""Yearly plans: drafted, agreed, issued, revised; their items, and the campaigns that carry them out."""
