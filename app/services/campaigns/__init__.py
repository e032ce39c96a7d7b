"""Campaigns (cuộc giám sát): propose, consult, plan, start, report, conclude, close, and what may stop them."""
