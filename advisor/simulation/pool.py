"""The environments of one function between two stretches of a simulation.

Both engines take the pool as it is, run their requests, and leave it as it then is; so they can
take turns, and a load of any length runs in the memory of one stretch.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from math import inf
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


@dataclass(slots=True, kw_only=True)
class Pool:
    """On-demand environments, and provisioned ones that are in use.

    ``idle`` holds when each idle environment was released, the most recent last. Those that are
    over their keep-alive may still be in it: they are struck off when a request asks for them.
    ``busy`` holds, in order, when the requests in progress will end; ``provisioned_busy`` the same
    for provisioned environments. ``born`` and ``died`` count environments; the sums are of the
    moments at which that happened, in seconds. ``peak`` is the most environments at once.
    """

    keep_alive_s: float
    init_s: float
    idle: list[float] = field(default_factory=list)
    busy: list[float] | NDArray[np.float64] = field(default_factory=list)
    provisioned_busy: list[float] = field(default_factory=list)
    born: int = 0
    born_sum: float = 0.0
    died: int = 0
    died_sum: float = 0.0
    peak: int = 0

    def heap(self) -> list[float]:
        """Return the ends of the requests in progress as a list, with an end of the list's own."""
        busy = self.busy if isinstance(self.busy, list) else self.busy.tolist()
        return [*busy, inf]

    def warm(self, at: float) -> int:
        """Return how many environments are busy or within their keep-alive at a moment."""
        return self.born - self.died - len(self._over(at))

    def environment_seconds(self, until: float) -> float:
        """Return the seconds that all environments together were warm, up to a moment.

        It must not be before the last request.
        """
        alive = (self.born * until - self.born_sum) - (self.died * until - self.died_sum)
        return alive - sum(until - end for end in self._over(until))

    def _over(self, at: float) -> list[float]:
        """Return the ends of environments whose keep-alive is over, and that nobody missed yet."""
        oldest = at - self.keep_alive_s
        released = [each for each in self.idle if each < oldest]
        released += [float(each) for each in self.busy if each < oldest]
        return [each + self.keep_alive_s for each in released]
