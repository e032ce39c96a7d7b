"""What changed for one caller since they last asked: transactions commit in any order, and views come and go."""

CHANNEL = "giamsat_changes"
"""Every transaction that changes what is told of notifies it when it commits."""
