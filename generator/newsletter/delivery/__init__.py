"""Send an issue to each recipient once.

`plan` reads the list and checks what would go out; `send` carries a plan out under the lock of `ledger_file`; `run`
tries one recipient after another; `smtp` talks to the server and calls `Ledger.claim` (in `ledger`) before the dot that
ends a message, so that a crash never leads to a second one.
"""
