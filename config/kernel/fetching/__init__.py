"""Asking other machines for something by HTTP, without being led into our own network.

`fetch.fetch` is the only door; `target` judges what is asked for, `addresses` where it leads.
"""
