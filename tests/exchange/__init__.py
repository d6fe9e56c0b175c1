"""The import engine on both databases: planning, saving, taking back, and its pages."""
