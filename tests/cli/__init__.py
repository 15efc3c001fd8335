"""The command line as a user meets it: every test runs the real command in a process of its own."""
