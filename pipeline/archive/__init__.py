"""Archives: files of recorders -> whose they are, in which order, and what they show as one timeline per camera.

words of the command line -> finding -> headers -> series -> looks and footage across the borders of files
"""
