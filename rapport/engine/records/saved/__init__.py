"""Saved views: lists with their filter, order and columns under a name, for oneself or for everybody."""
