"""Exceptions on screen.

ladder      who owns and who hears, as plain data; ladder_parts draws it, type_parts and playbook_parts their parts
"""
