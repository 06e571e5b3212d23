"""The Kalman joint model: level and slope of a biomarker, and the hazard that follows them, in one forward pass."""
