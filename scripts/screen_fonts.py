"""Make the small copies of the fonts that HTML reports carry: `python scripts/screen_fonts.py`.

To be run again when the fonts or the letters change; cutting them anew in every build took a second.
"""

from pipeline.report.fonts import LATIN, SCREEN_FACES, ready_made, subset
from pipeline.report.templating import packaged_templates

if __name__ == "__main__":
    for face in SCREEN_FACES:
        font = packaged_templates() / "fonts" / face
        ready_made(font).write_bytes(subset(font, LATIN)[1])
        print(ready_made(font))
