"""What a report is made of: figures, sentences about them, parts, and the document they become.
Pure: no database, no HTTP. Sentences are in the language that is active."""
