"""State: what people decide, what was loaded, and weekly results. Small, transactional, in SQL."""
