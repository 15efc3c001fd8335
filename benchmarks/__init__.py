"""What Doorline costs, measured. See docs/benchmarks.md."""
