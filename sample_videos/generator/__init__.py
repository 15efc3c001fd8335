"""Renders the sample streets: plans, things, people, scripts, pictures and their exact truth. Nothing in pipeline/ imports it."""
