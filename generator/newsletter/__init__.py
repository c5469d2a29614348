"""Newsletter issues as e-mail.

An *issue* is a source, `content/newsletters/….md`. Rendered, it is a *letter*: one subject, one HTML part and one text
part, the same for every recipient. A *message* is the letter for one recipient, as bytes: with headers and the
recipient's own unsubscribe link.

    issue ──▶ checks      find mistakes before the letter is sent
          ├─▶ export      write a preview page, or a folder for a mail service
          └─▶ delivery    plan, then send one message to each recipient and record it in a ledger
                          (`message` composes it)
"""
