"""Import content written for other programs: one reader for each kind of source."""
