"""Whose certificates are believed when we call others: the roots that httpx brings along.

httpx reads them for each client anew, which takes longer than most calls; they do not change while a process lives.
"""

import ssl
from functools import cache

import httpx


@cache
def roots() -> ssl.SSLContext:
    return httpx.create_ssl_context(trust_env=False)
