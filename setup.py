"""Names the packages; everything else about the project is in pyproject.toml.

The templates live where an analyst looks for them, in the workspace. An installed copy carries
them as `pipeline.templates`, read by `importlib.resources.files("pipeline.templates")`.
"""

from pathlib import Path

from setuptools import find_packages, setup

# Package -> the folder of the starter workspace that it carries. A folder that does not exist is
# left out, so that a further one ("pipeline.starter": "config") is one line here.
WORKSPACE_FOLDERS = {
    "pipeline.templates": "reports/templates",
    "pipeline.starter": "config",
}

# What the package's own folders may carry beside code.
DATA_FILES = ["**/*.csv", "**/*.json", "**/*.md", "**/*.yaml"]

carried = {
    name: folder for name, folder in WORKSPACE_FOLDERS.items() if (Path(__file__).parent / folder).is_dir()
}

setup(
    packages=[*find_packages(include=["pipeline", "pipeline.*"]), *carried],
    package_dir=carried,
    package_data={"pipeline": DATA_FILES, **{name: ["**/*"] for name in carried}},
    include_package_data=False,
)
