"""Benchmarks over real HTTP against a home of a million people, and their results."""
