"""Delegations (đoàn giám sát): formed by the lead, decided by who decides the campaign, with dated memberships."""
