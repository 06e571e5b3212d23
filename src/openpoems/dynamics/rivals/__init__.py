"""Simpler ways to tell the risk, on the same interface as the joint model: what it must be compared with."""
