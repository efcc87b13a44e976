"""What cells say: dates, money, people and answers, each column read on one style."""
