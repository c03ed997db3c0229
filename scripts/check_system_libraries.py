"""Loads the system libraries that writing a PDF needs, and says how to get those that do not load.

Runs on a bare Python, before anything is installed. Exit code 0: all load; 1: some do not.
`--packages` prints only the Debian packages to install, one line, nothing where all load.
"""

from __future__ import annotations

import ctypes
import os
import platform
import sys

# Library -> the file names under which Linux, macOS and Windows know it.
LIBRARIES = {
    "GLib (gobject)": ("libgobject-2.0.so.0", "libgobject-2.0.0.dylib", "libgobject-2.0-0.dll"),
    "Pango": ("libpango-1.0.so.0", "libpango-1.0.dylib", "libpango-1.0-0.dll"),
    "PangoFT2": ("libpangoft2-1.0.so.0", "libpangoft2-1.0.dylib", "libpangoft2-1.0-0.dll"),
    "Fontconfig": ("libfontconfig.so.1", "libfontconfig.1.dylib", "libfontconfig-1.dll"),
    "HarfBuzz": ("libharfbuzz.so.0", "libharfbuzz.0.dylib", "libharfbuzz-0.dll"),
    "HarfBuzz subsetter": (
        "libharfbuzz-subset.so.0",
        "libharfbuzz-subset.0.dylib",
        "libharfbuzz-subset-0.dll",
    ),
}
# Pango's package brings GLib, Fontconfig and HarfBuzz with it.
DEBIAN_PACKAGES = "libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0"
HOMEBREW_FOLDERS = ("/opt/homebrew/lib", "/usr/local/lib")
WINDOWS_FOLDERS = r"C:\msys64\ucrt64\bin;C:\msys64\mingw64\bin"


def loads(names: tuple[str, ...]) -> bool:
    """Whether the dynamic loader finds a library under any of its names."""
    for name in names:
        try:
            ctypes.CDLL(name)
        except OSError:
            continue
        return True
    return False


def missing_libraries() -> list[str]:
    """The libraries that do not load here, in the order of `LIBRARIES`."""
    if hasattr(os, "add_dll_directory"):
        folders = os.environ.get("WEASYPRINT_DLL_DIRECTORIES", WINDOWS_FOLDERS)
        for folder in folders.split(";"):
            if os.path.isdir(folder):
                os.add_dll_directory(folder)
    return [library for library, names in LIBRARIES.items() if not loads(names)]


def how_to_install() -> list[str]:
    """The commands for the system at hand, one a line."""
    system = platform.system()
    if system == "Darwin":
        lines = ["brew install pango harfbuzz"]
        folders = [folder for folder in HOMEBREW_FOLDERS if os.path.isdir(folder)]
        if folders:
            lines.append(f"export DYLD_FALLBACK_LIBRARY_PATH={folders[0]}   # if still not found")
        return lines
    if system == "Windows":
        return [
            "in Windows, with MSYS2:  pacman -S mingw-w64-ucrt-x86_64-pango",
            f"or in WSL (Ubuntu):      sudo apt-get install {DEBIAN_PACKAGES}",
        ]
    if os.path.exists("/etc/debian_version"):
        sudo = "" if os.geteuid() == 0 else "sudo "
        return [f"{sudo}apt-get update && {sudo}apt-get install -y {DEBIAN_PACKAGES}"]
    if os.path.exists("/etc/fedora-release") or os.path.exists("/etc/redhat-release"):
        return ["sudo dnf install pango harfbuzz"]
    return [f"your system's packages for: {', '.join(LIBRARIES)}"]


def main(arguments: list[str]) -> int:
    missing = missing_libraries()
    if "--packages" in arguments:
        if missing:
            print(DEBIAN_PACKAGES)
        return 1 if missing else 0
    if not missing:
        return 0
    print(f"These system libraries do not load: {', '.join(missing)}.")
    print("The PDFs need them; everything else works without. To install them:")
    for line in how_to_install():
        print(f"    {line}")
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
