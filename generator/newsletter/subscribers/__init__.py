"""Subscribers: lists in the formats of other programs, the key for unsubscribe links, and who has left."""
