"""The command line's root: finds the command, turns what went wrong into one line and an exit code.

Exit codes: 0 done, 1 it could not be done, 2 it was called wrongly, 130 interrupted.
"""

import importlib
import sys

import click

from bot.errors import RecareError

COMMANDS = {
    "init": "Write a clinic.toml to start from.",
    "key": "Print a new key that seals patients' data.",
    "doctor": "Check that everything recare needs is there, and say what to do.",
    "import": "Read a list of patients from a CSV file.",
    "plan": "Show who would get what and when, and why everybody else would not.",
    "why": "Show why messages left or did not, and why no message comes now.",
    "release": "Go through batches that a person has to let go.",
    "policy": "Show, check, compare and sign the policies messages are sent under.",
    "sending": "Stop everything that leaves by itself, or let it go on.",
    "ledger": "Verify and seal off the record of what patients allowed.",
    "link": "Make personal links that open a patient's page, or end what they opened.",
    "invites": "Invite by card, letter or e-mail those whom no messenger reaches yet.",
    "staff": "Say who may sit at the desk, and let them sign in or no more.",
    "desk": "Let staff work in a group of their messenger.",
    "webhook": "Let a messenger bring updates here, or fetch them again.",
    "run": "Serve patients' pages and the desk, and do what is due.",
    "understand": "Tell what texts mean, and what decided.",
    "phrases": "Look after the phrases from which understanding is learnt.",
    "simulate": "Let synthetic patients live with the programme, and check every law.",
    "demo": "Rehearse the whole path with synthetic patients in the browser.",
}
MODULES = {"import": "import_"}


class LazyGroup(click.Group):
    """A group whose commands are imported when they are called, so that `--help` is quick."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """List the commands in the order one meets them."""
        del ctx
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Load a command; None if there is no such command."""
        del ctx
        if cmd_name not in COMMANDS:
            return None
        module = importlib.import_module(f"bot.cli.{MODULES.get(cmd_name, cmd_name)}")
        command = module.command
        return command if isinstance(command, click.Command) else None

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Print the list without loading the commands."""
        del ctx
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


@click.group(
    cls=LazyGroup,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="Example: recare demo",
)
@click.version_option(package_name="recare", prog_name="recare")
def root() -> None:
    """The front desk of a dental clinic's recall programme."""


def main() -> None:
    """Run the command line and end the process with its exit code."""
    try:
        # Outside its standalone mode, click returns the code a command left with.
        sys.exit(root.main(standalone_mode=False))
    except click.Abort:
        click.echo("recare: interrupted", err=True)
        sys.exit(130)
    except click.exceptions.NoArgsIsHelpError as asked:
        click.echo(asked.format_message())
    except click.ClickException as wrong:
        context = wrong.ctx if isinstance(wrong, click.UsageError) else None
        hint = f" (see: {context.command_path} --help)" if context else ""
        click.echo(f"recare: {wrong.format_message()}{hint}", err=True)
        sys.exit(2)
    except RecareError as wrong:
        click.echo(f"recare: {wrong}", err=True)
        sys.exit(1)
