"""How dates, times and numbers are written and read, once per language (FORMAT_MODULE_PATH).

Templates and code name a format (DATE_FORMAT, SHORT_DATETIME_FORMAT …) and never spell one out.
The names are Django's; what a language does not set here, Django sets.
"""
