"""How many invoices a customer has paid, for rules to read as c.invoices_paid."""

from __future__ import annotations

from goodword import Fact, hookimpl, total


@hookimpl
def goodword_facts() -> list[Fact]:
    paid = total("invoices", count="invoices_paid", by="paid_at", where="paid_at is not None")
    return [
        Fact("invoices_paid", "int", "Invoices paid so far.", paid, reads=("invoices",), fill=0)
    ]
