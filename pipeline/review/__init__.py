"""What the console is made of, apart from its pages."""
