"""OpenTelemetry: the extra `otel`. Nothing here is imported while FANMILL_OTEL_ENABLED is false."""
