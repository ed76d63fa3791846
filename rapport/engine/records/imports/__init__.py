"""Import that never hurts: stage, map, check and mend, preview, run in slices, take back.

Nothing is written to records before the run. A run is one batch, whatever its size, and each of its slices commits
together with how far it came.
"""
