"""The pages of a territory: its branches side by side.

The convention: what a page shows of a branch is what that branch's own pages show, in the same words; branches stand by need and
name, and nothing here says that one is better than another.
"""
