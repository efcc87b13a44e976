"""What header words mean: known exports, words in several languages, words for how things stand."""
