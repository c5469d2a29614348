"""The script of a language, as far as a page's look depends on it. Source: CLDR, likely subtags."""

from __future__ import annotations

_RIGHT_TO_LEFT = frozenset(["ar", "ckb", "dv", "fa", "he", "ps", "sd", "ug", "ur", "yi"])
_NOT_LATIN = _RIGHT_TO_LEFT | {
    "am", "be", "bg", "bn", "el", "gu", "hi", "hy", "ja", "ka", "kk", "km", "kn", "ko", "ky", "lo", "mk", "ml", "mn",
    "mr", "my", "ne", "pa", "ru", "si", "sr", "ta", "te", "tg", "th", "ti", "uk", "zh",
}  # fmt: skip


def direction(language: str) -> str:
    """Return the direction that a language is written in: "ltr" or "rtl"."""
    return "rtl" if _base(language) in _RIGHT_TO_LEFT else "ltr"


def is_latin(language: str) -> bool:
    """Return True if a language is written in Latin letters, those of the theme's display face."""
    return _base(language) not in _NOT_LATIN


def _base(language: str) -> str:
    return language.lower().replace("_", "-").partition("-")[0]
