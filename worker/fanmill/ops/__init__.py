"""Operations: logs, heartbeat, process registry, status, doctor."""
