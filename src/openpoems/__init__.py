"""openpoems: one person's record in, an explained and cited answer about POEMS syndrome out."""

__version__ = "0.1.0"
