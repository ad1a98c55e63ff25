"""The web app for a phone: the folder that any web server hosts."""
