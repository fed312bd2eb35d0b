"""How the forum group stands: whether anything can be posted there, why not, and what to do about it.

Invariant: what is wrong is stored where the desk, health and the check-up read it; once all is well it is forgotten.
"""

from collections.abc import Mapping

from bot.services.topic_parts import TopicParts
from bot.services.topic_ports import BoardError, GroupMovedError, GroupState, NoForumError, NotAdminError
from storage.records.topics import DeskGroup
from storage.unit_of_work import UnitOfWork
from storage.vocabulary import GroupProblem

REMEDIES: Mapping[GroupProblem, str] = {
    GroupProblem.NO_FORUM: "topics are switched off in the group: switch them on in the group's settings",
    GroupProblem.NOT_ADMIN: (
        "the bot may not manage topics in the group: make it an administrator with that right, "
        "or add it again if it was removed"
    ),
}
"""For whoever runs recare. Until it is done, staff have the web desk; nothing is lost."""


async def probe(parts: TopicParts, group: DeskGroup) -> bool:
    """Look whether the group is well, and remember what was found; False while nothing can be posted."""
    moved_to = None
    try:
        state = await parts.board.look(group.chat_id)
    except GroupMovedError as moved:
        moved_to, problem = moved.chat_id, group.problem
    except NotAdminError:
        problem = GroupProblem.NOT_ADMIN
    except NoForumError:
        problem = GroupProblem.NO_FORUM
    except BoardError:
        return False
    else:
        problem = problem_of(state)

    def work(uow: UnitOfWork) -> None:
        if moved_to is not None:
            uow.desk_groups.moved(group.chat_id, moved_to)
        uow.desk_groups.set_problem(problem, now=parts.now)

    await parts.write(work)
    return problem is None and moved_to is None


def problem_of(state: GroupState) -> GroupProblem | None:
    """What keeps a group from being the desk."""
    if not state.is_forum:
        return GroupProblem.NO_FORUM
    return None if state.may_manage else GroupProblem.NOT_ADMIN
