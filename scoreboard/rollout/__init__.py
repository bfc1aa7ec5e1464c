"""The first 90 days of a branch: what is to be done, and the evidence in the app that it was."""
