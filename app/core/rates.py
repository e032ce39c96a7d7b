"""How often may somebody who has not signed in ask? A token bucket for each address, in the memory of this process.

With several processes each keeps its own buckets, so that the whole lets through as many times more. The address is
that of the connection, or what the trusted proxy says (GIAMSAT_TRUST_PROXY).
"""

import math
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

MOST_ADDRESSES = 20_000
"""About 4 MB; beyond it the address that was silent longest is forgotten, which gives it a full bucket again."""


@dataclass(slots=True)
class _Bucket:
    tokens: float
    at: float


class Buckets:
    """Each holds as many tokens as may be taken in a minute, all at once if need be, and fills again evenly."""

    def __init__(self, per_minute: int, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._most = float(per_minute)
        self._clock = clock
        self._buckets: OrderedDict[str, _Bucket] = OrderedDict()

    def take(self, address: str) -> int:
        """0 when a token was taken, else the whole seconds after which there will be one."""
        now, rate = self._clock(), self._most / 60
        bucket = self._buckets.setdefault(address, _Bucket(self._most, now))
        self._buckets.move_to_end(address)
        if len(self._buckets) > MOST_ADDRESSES:
            self._buckets.popitem(last=False)
        bucket.tokens, bucket.at = min(self._most, bucket.tokens + (now - bucket.at) * rate), now
        if bucket.tokens >= 1:
            bucket.tokens -= 1
            return 0
        return max(1, math.ceil((1 - bucket.tokens) / rate))
