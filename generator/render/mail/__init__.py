"""An issue as e-mail: HTML that mail programs understand, plain text, and the pictures that both refer to."""
