"""Writing back: our columns, the task list, backups and the way back."""
