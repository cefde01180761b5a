"""The actor of dramatiq: its worker loads it by the name of this module."""

import dramatiq
from dramatiq.brokers.redis import RedisBroker
from obvious import connection, process

dramatiq.set_broker(RedisBroker(**connection()))
process_event = dramatiq.actor(process, max_retries=0)
