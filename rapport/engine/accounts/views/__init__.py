"""Pages of users: signing in, one's own account and tokens, the bell, and users for administrators."""
