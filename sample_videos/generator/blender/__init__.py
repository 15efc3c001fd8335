"""All that needs bpy: it lives in an environment of its own (numpy < 2) and is imported by the generator's commands only."""
