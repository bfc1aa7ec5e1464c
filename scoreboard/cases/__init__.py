"""Cases (service exceptions): what their event log says of them, and how long things took."""
