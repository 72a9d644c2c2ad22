"""Mail: queued, and read in the outbox; nothing leaves this host."""
