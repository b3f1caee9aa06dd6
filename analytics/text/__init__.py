"""Learning from texts and finding what they are about, without Django; runs in the worker."""
