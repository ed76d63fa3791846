"""Pages. A view finds through the gate, calls one action, renders."""
