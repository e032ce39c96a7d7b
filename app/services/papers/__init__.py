"""Papers: what each record says on paper, for whoever sees the record."""
