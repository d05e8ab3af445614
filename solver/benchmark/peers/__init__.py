"""Other ways to solve the same problem, to be compared with: each runs in a process of its own."""
