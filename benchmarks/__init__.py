"""Measure the generator beside its peers, on the same posts: `python -m benchmarks.run`."""
