"""Send an issue to each recipient once.

`plan` reads the list and checks the letter; `send` carries out the plan while it holds the lock from `ledger_file`;
`run` tries one recipient after another; `smtp` talks to the server and calls `Ledger.claim` (in `ledger`) before the
dot that ends a message, so that a crash never causes a second message.
"""
