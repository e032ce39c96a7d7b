"""Engagements: the work of a delegation with one supervised party, from the notice to the final report."""
