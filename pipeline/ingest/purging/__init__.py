"""Purging: a person, or a whole delivery, leaves the workspace; what is left is proved to be without them."""

from pipeline.ingest.purging.purge import Outcome, Purged, purge_delivery, purge_person, purged_in
from pipeline.ingest.purging.reference import Reference
from pipeline.ingest.purging.scan import Scan

__all__ = ["Outcome", "Purged", "Reference", "Scan", "purge_delivery", "purge_person", "purged_in"]
