"""What operators see: logs, heartbeat, process registry, status, doctor."""
