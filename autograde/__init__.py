"""What instructors run: the build, the checks on it, and grading, behind the `course` command."""

import sys

# jsonschema, which nbformat imports, would load a grammar of web addresses for a second; no notebook's schema asks for it.
sys.modules.setdefault("rfc3987_syntax", None)  # an import of it now raises ImportError, which jsonschema expects
