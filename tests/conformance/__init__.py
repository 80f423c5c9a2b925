"""The code held against real exchanges that are kept outside the project."""
