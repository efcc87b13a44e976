"""Where things stand in a file: its encoding and delimiter, its header row, its rows."""
