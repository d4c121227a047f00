"""Trouble with the gradebook or the disk, in one line that says what to do."""

import re

#: What SQLite and the system say, and what that means.
_KNOWN = {
    "database is locked": "gradebook.db is locked by another program, such as the formgrader or a second `course`. Close it",
    "readonly database": "gradebook.db cannot be written. Give yourself the right to write to it and to its folder",
    "unable to open database": "gradebook.db cannot be opened. Give yourself the right to read and write it and its folder",
    "disk is full": "the disk is full. Make room",
    "No space left on device": "the disk is full. Make room",
    "disk I/O error": "the disk that gradebook.db lies on fails. Check it",
}
_DAMAGED = "Restore gradebook.db from a backup, or move it away: marks given by hand are in no other file."
_LONGEST = 300


def database_errors() -> tuple[type[Exception], ...]:
    """What a gradebook raises; asked for when something went wrong, since the import takes a third of a second."""
    from sqlalchemy.exc import SQLAlchemyError

    return (SQLAlchemyError,)


def told(error: BaseException) -> str:
    """What is wrong and what to do. Nothing of an SQL statement is in it, which may hold other students' data."""
    text = str(error)
    for said, meaning in _KNOWN.items():
        if said in text:
            return f"{meaning}, and run the same command again."
    if isinstance(error, database_errors()):
        cause = re.sub(r"\s+", " ", str(error.args[0] if error.args else error))[:_LONGEST]
        return f"the gradebook cannot be used ({cause}). {_DAMAGED}"
    if "file is not a database" in text or "malformed" in text:
        return f"the gradebook is damaged ({text[:_LONGEST]}). {_DAMAGED}"
    if isinstance(error, OSError) and error.filename and error.strerror:
        return f"{error.filename}: {error.strerror}. Mend that, and run the same command again."
    return text
