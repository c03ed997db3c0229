"""What deliveries hold that the definitions do not expect."""

from pipeline.quality.codes import Found, UnknownCode, UnlistedColumn, unknown_codes

__all__ = ["Found", "UnknownCode", "UnlistedColumn", "unknown_codes"]
