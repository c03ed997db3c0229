"""Files that nobody has declared: looked at, guessed, tried.

`propose` gives a draft mapping as YAML for `config/sources.yaml`, with a comment on each line that a person
must decide; no value of the file is in it but the codes of a column with few of them. `extent_of` says
which curated columns a file has.
"""

from pipeline.ingest.proposing.extent import Extent, extent_of
from pipeline.ingest.proposing.propose import Proposal, propose

__all__ = ["Extent", "Proposal", "extent_of", "propose"]
