"""How messengers are spoken: one folder a messenger, each behind the channel port."""
