"""Homes that earlier landed versions wrote, and the proof that this version carries them over."""
