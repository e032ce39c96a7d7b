"""Imports: files of rows, tried as a whole by the worker and taken in as a whole or not at all."""
