"""The import screens: file, columns, check and mend, preview, run, result; each step has an address of its own."""
