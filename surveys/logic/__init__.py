"""The language in which a survey decides: what is shown, what is valid, what is computed.

People write text (`{overall} <= 2 and {solved} != 'yes'`); it is read into a tree of JSON lists
that Python and the browser (static/js/logic.js) evaluate alike. The reference is docs/surveys.md;
each module holds one view:

expression   trees, places, limits           reading     text → tree
evaluation   tree + answers → value          arithmetic  sums that are right in decimals
writing      tree → text                     checks      what cannot work, before publishing
sentences    tree → words for people         rows        simple trees ↔ rows of a builder
wording      {code|fallback} inside texts    shuffling   orders that follow from a seed
"""
