"""Create new sites (`init`) and new files (`new`)."""
