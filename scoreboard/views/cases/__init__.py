"""Exceptions on screen."""
