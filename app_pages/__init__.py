"""The pages of the app and their helpers; application_pages.py holds the list of pages."""
