"""Papers go out: put together as messages, sent by the axis, the document system or by hand, followed to arrival."""
