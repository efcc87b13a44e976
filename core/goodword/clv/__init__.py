"""What a customer will be worth: models of buying and paying, on numpy and scipy.

Loaded only when scoring. Each model is a file; ``worth`` chooses among them and says how sure it
is. Arrays have one position a customer (or a pattern of customers), shape ``(n,)``.
"""
