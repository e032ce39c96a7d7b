"""Social criticism: drafts with their versions and rounds, opinions with their answers, the matrix of both."""
