"""Dashboards: what they are asked to show, their figures, and how these are drawn."""
