"""Reading Chinese and English, without Django: what the desk, the surveys and the figures share.

Nothing in here imports scikit-learn, so that a web process may import all of it.
"""
