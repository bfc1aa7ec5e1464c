"""The command line: entry points that only handle arguments, and one place that prints."""
