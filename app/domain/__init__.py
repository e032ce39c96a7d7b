"""The rules of supervision as pure functions and tables: standard library only, no I/O."""
