"""Makes a role's file out of a job description that somebody has: Markdown, HTML or JSON-LD."""
