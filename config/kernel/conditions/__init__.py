"""One condition language: typed trees that people write as text or put together from rows.

Routing, saved views, service levels, automation, segments and surveys use the same one. The
reference is docs/conditions.md; each module holds one view of a condition:

vocabulary   what may be asked about a subject (fields, fields_of_many: their kinds)
parsing      text → condition          writing     condition → text
reading      tree (JSON) → condition   sentences   condition → a sentence in both languages
evaluation   on one record             compilation → a Q for lists
model_field, form_field, builder       kept in a column, edited without writing syntax
"""
