"""Who is told what: of what is said about records and of what becomes of them, and in which words."""
