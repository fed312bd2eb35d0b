"""What the command line does with a batch, without a command line."""

from bot.services.invite_batches import batch_name, plan_mails
from bot.services.inviting import Chosen, Wanted, choose
from flows.vocabulary import Channel
from tests.world import World


def chosen_for(world: World, channel: Channel, *numbers: str, limit: int = 50) -> tuple[Wanted, Chosen]:
    """Choose whom to invite on a channel; everybody due if no numbers are given."""
    clinic, now = world.house.clinic, world.clock.now()
    wanted = Wanted(batch=batch_name("test", clinic, now), channel=channel, numbers=numbers, limit=limit)
    with world.house.database.reading(clinic.id) as uow:
        return wanted, choose(uow, clinic, wanted, now, progress=lambda _done, _all: None)


def mail(world: World, *numbers: str, limit: int = 50) -> Chosen:
    """Plan e-mails, to everybody due if no numbers are given."""
    wanted, chosen = chosen_for(world, Channel.EMAIL, *numbers, limit=limit)
    with world.house.database.unit_of_work(world.house.clinic.id) as uow:
        plan_mails(uow, chosen, wanted.batch, world.clock.now())
        uow.commit()
    return chosen
