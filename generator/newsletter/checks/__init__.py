"""What is wrong with an issue before anyone gets it."""
