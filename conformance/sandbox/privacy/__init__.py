"""Privacy: tasks that retrieve or delete the personal data of a shopper."""
