"""Measurements behind the claims in the README: python -m benchmarks.NAME. Each writes its numbers into benchmarks/results/."""
