"""`recare ledger`: is what patients allowed still what they said?

Exit codes: 0 whole, 1 broken; what is broken no longer sends.
"""

import json
import sys
from collections.abc import Mapping
from pathlib import Path

import click

from bot.cli.counts import counted
from bot.cli.opening import Opened, clinic_option, json_option, opened
from bot.errors import RecareError
from bot.services.ledger import follow, seal
from flows.ids import PatientId
from storage.repositories.ledger_proof import Breach, Proof

SHOWN = 40
WHY = {
    Breach.UNREADABLE: "cannot be read",
    Breach.CHANGED: "does not follow from the entry before",
    Breach.REMADE: "is not the entry that was sealed off",
    Breach.GONE: "was sealed off and is not there",
}


@click.group(name="ledger", epilog="Example: recare ledger verify")
def command() -> None:
    """Verify and seal off the record of what patients allowed."""


@command.command(epilog="Example: recare ledger verify --json")
@click.option("--seal", "kept", help="A seal that `checkpoint` printed and you kept: is its checkpoint still there?")
@json_option
@clinic_option
def verify(kept: str | None, clinic_file: Path, *, as_json: bool) -> None:
    """Recompute every chain and every seal, and say where they break.

    A broken chain stops the sending to its person, a broken checkpoint that of the clinic, until they verify again.
    """
    wanted = _read_seal(kept)
    with opened(clinic_file) as house:
        _require_seal(house, wanted)
        proof = _verified(house, as_json=as_json)
        numbers = _numbers(house, proof)
    if as_json:
        click.echo(json.dumps(_as_data(proof, numbers), indent=2))
    else:
        _print(proof, numbers)
    if not proof.is_whole:
        sys.exit(1)


@command.command(epilog="Example: recare ledger checkpoint")
@json_option
@clinic_option
def checkpoint(clinic_file: Path, *, as_json: bool) -> None:
    """Verify the ledger and seal off what is new in it, but broken chains. recare does so once a day by itself."""
    with opened(clinic_file) as house:
        proof = _verified(house, as_json=as_json)
        with house.database.unit_of_work(house.clinic.id) as uow:
            made = seal(uow, proof, house.clock.now())
            uow.commit()
    if made is None:
        raise RecareError(
            f"checkpoint {proof.checkpoint} does not verify; restore a backup from before, and verify that"
        )
    if as_json:
        data = {"checkpoint": made.seq, "at": made.at.isoformat(), "chains": made.heads, "seal": made.mac.hex()}
        click.echo(json.dumps(data, indent=2))
        return
    click.echo(
        f"Checkpoint {made.seq} sealed off {counted(made.heads, 'chain')} that had grown. Seal: {made.mac.hex()}"
    )
    if proof.chains:
        click.echo(f"Left out: {counted(len(proof.chains), 'broken chain')}; `recare ledger verify` says which.")
    click.echo("Kept somewhere else, the seal also shows if the end of the ledger was cut off.")


def _read_seal(kept: str | None) -> bytes | None:
    try:
        return None if kept is None else bytes.fromhex(kept)
    except ValueError:
        message = "--seal takes the seal as `recare ledger checkpoint` printed it"
        raise click.UsageError(message, click.get_current_context()) from None


def _require_seal(house: Opened, wanted: bytes | None) -> None:
    with house.database.reading(house.clinic.id) as uow:
        if wanted is not None and uow.checkpoints.sealed_with(wanted) is None:
            raise RecareError("no checkpoint carries that seal: the ledger was cut off or replaced; restore a backup")


def _verified(house: Opened, *, as_json: bool) -> Proof:
    with house.database.reading(house.clinic.id) as uow:
        total = uow.ledger_proof.count()
        with click.progressbar(length=total, label="Entries", hidden=as_json, file=sys.stderr) as bar:
            proof = uow.ledger_proof.run(lambda done: bar.update(done - bar.pos))
    with house.database.unit_of_work(house.clinic.id) as uow:
        follow(uow, proof)
        uow.commit()
    return proof


def _numbers(house: Opened, proof: Proof) -> Mapping[PatientId, str]:
    """The clinic's own numbers of those whose chains are broken; the erased have none any more."""
    with house.database.reading(house.clinic.id) as uow:
        return {who: patient.profile.number for who, patient in uow.patients.get_many(proof.broken).items()}


def _print(proof: Proof, numbers: Mapping[PatientId, str]) -> None:
    for chain in proof.chains[:SHOWN]:
        who = numbers.get(chain.patient_id, f"(id {chain.patient_id})")
        click.echo(f"broken  patient {who}: entry {chain.seq} {WHY[chain.breach]}; nothing more is sent to them")
    if len(proof.chains) > SHOWN:
        click.echo(f"... and {len(proof.chains) - SHOWN} more (--json lists them)")
    if proof.checkpoint is not None:
        click.echo(f"broken  checkpoint {proof.checkpoint} does not verify; nothing more is sent by itself")
    looked = f"{counted(proof.events, 'entry', 'entries')} of {counted(proof.people, 'person', 'people')}"
    remedy = "restore a backup from before, and verify that"
    broken = counted(len(proof.chains), "chain") if proof.chains else "a checkpoint"
    click.echo(f"{looked}: whole." if proof.is_whole else f"{looked}: {broken} broken; {remedy}.")


def _as_data(proof: Proof, numbers: Mapping[PatientId, str]) -> dict[str, object]:
    return {
        "whole": proof.is_whole,
        "people": proof.people,
        "events": proof.events,
        "broken_checkpoint": proof.checkpoint,
        "broken_chains": [
            {
                "patient": numbers.get(chain.patient_id),
                "patient_id": chain.patient_id,
                "entry": chain.seq,
                "breach": chain.breach.value,
            }
            for chain in proof.chains
        ],
    }
