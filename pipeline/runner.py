"""The one loop that joins the stages for one source."""
