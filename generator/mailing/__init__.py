"""An issue as e-mail: its parts, its checks, its sending."""
