"""What installing is made of: describing, deploying, giving permission sets, keeping values."""
