"""Who may reach what: every route and every role compared with one table."""
