"""What operators see: logs, presence of processes, status, health."""
