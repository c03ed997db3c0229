"""The first partnership's configuration; an installed copy carries it as `pipeline.starter`."""
