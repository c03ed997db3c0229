"""`make bench`: how fast the software is, as ratios to floors of the same run. Nothing is asserted."""
