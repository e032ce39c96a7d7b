"""The work of a year in figures, each of them a list that is counted; periods whose figures stand still."""
