"""Who may know that a row exists, how much of it they get, and what they may do to it."""
