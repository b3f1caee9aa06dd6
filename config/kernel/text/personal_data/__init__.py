"""What in a text tells who somebody is or how to reach them: found with its place, or masked."""
