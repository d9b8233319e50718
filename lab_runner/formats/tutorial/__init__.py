"""Plain tutorials: any Markdown, whose headings are steps and whose fences commands."""
