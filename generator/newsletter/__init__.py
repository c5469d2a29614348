"""Newsletter issues as e-mail.

An *issue* is a source, `content/newsletters/….md`. Rendered, it is a *letter*: one subject, one HTML part, one text
part, the same for everybody. A *message* is what one recipient gets: the letter with headers and an unsubscribe
address, as bytes.

    issue ──▶ checks      is the letter fit to be sent?
          ├─▶ export      a preview page, or a folder for a mail service
          └─▶ delivery    a plan, then one message to each recipient, under a ledger
                          (`message` composes it)
"""
