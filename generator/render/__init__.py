"""From the index to bytes: the tracked site that templates see, and one file for each kind of output."""
