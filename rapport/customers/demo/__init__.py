"""The sample company: Northwind Outdoor, an outdoor shop with customers around the world. Always the same."""

from rapport.customers.demo.company import load

__all__ = ["load"]
