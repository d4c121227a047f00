"""The `course` command, made of those in commands/. Exit codes: 0 done, 1 something could not be done, 2 wrong usage."""

import click

from autograde.commands.audit import audit, mistakes
from autograde.commands.build import build
from autograde.commands.collect import collect
from autograde.commands.doctor import doctor
from autograde.commands.grade import demo, grade
from autograde.commands.handout import handout
from autograde.commands.mark import mark
from autograde.commands.new import new
from autograde.commands.pack import pack
from autograde.commands.regrade import regrade
from autograde.commands.release import release, site, update
from autograde.course import KIT


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name=KIT)
def main() -> None:
    """Build the course's notebooks, and grade what students hand in."""


main.add_command(audit)
main.add_command(build)
main.add_command(collect)
main.add_command(demo)
main.add_command(doctor)
main.add_command(grade)
main.add_command(handout)
main.add_command(mark)
main.add_command(mistakes)
main.add_command(new)
main.add_command(pack)
main.add_command(regrade)
main.add_command(release)
main.add_command(site)
main.add_command(update)
