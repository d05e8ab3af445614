"""Parts of generated problems: real sites, invented people, sessions and duty lines."""
