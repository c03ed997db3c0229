"""The report templates and fonts; an installed copy carries them as `pipeline.templates`."""
