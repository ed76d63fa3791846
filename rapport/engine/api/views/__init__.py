"""What each address of the API does. A view finds through the gate, calls one action, answers in JSON."""
