"""What is asked of the caller's side now, derived from the records at each reading; nothing is stored."""
