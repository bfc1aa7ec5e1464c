"""A study of the signals: how often they find the planted stories, and how often they light up on noise."""
