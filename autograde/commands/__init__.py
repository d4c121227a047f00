"""What `course COMMAND` does: one module for each command, or for a few that belong together; `shared` is what many need.

A command imports what it needs when it runs: the others, and `course --help`, need not wait for nbgrader or SQLAlchemy.
"""
