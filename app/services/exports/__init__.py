"""Exports: lists as files, asked for here and made by the worker."""
