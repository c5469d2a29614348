"""Subscribers: lists as other programs write them, the key that signs links to unsubscribe, and who has left."""
