"""Read reports of failed deliveries and complaints: what a mail reports, whom it is about, and what follows."""
