"""SOQL: read strictly, then run over the records. What cannot be read is refused."""
