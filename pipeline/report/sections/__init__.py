"""The sections of the documents, one module each: evidence in, `Section` out."""
