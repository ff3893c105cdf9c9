"""The content library: reads templates, validates them, finds roles and renders documents."""
