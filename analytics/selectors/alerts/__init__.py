"""What alerts are raised by, and what their pages show."""
