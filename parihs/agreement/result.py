"""What a coefficient answers: a value or the reason why there is none, and how sure it is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from parihs.agreement.statistic import Source
    from parihs.agreement.table import Label

Method = Literal["cluster", "coincidence", "analytic"]


@dataclass(frozen=True)
class Interval:
    """A confidence interval with everything needed to repeat and report it.

    ``b``: replicates drawn (0 for analytic). ``n_undefined``: replicates in which the coefficient
    was not defined; they are left out of the percentiles. ``n_clusters``: how many independent
    pieces were resampled. ``low`` and ``high`` are None where ``undefined`` says why.
    """

    low: float | None
    high: float | None
    method: Method
    b: int
    seed: int | None
    level: float
    n_undefined: int = 0
    n_clusters: int | None = None
    standard_error: float | None = None
    source: str = ""
    warning: str | None = None
    undefined: str | None = None


@dataclass(frozen=True)
class Agreement:
    """One coefficient on one set of readings.

    ``value`` is None where the coefficient is not defined; ``undefined`` then says why.
    ``observed`` and ``expected`` are both agreement (kappa family) or both disagreement (alpha
    family), as ``measures`` says. ``n_units``: units given (length, for unitizing).
    ``n_pairable``: units read by two coders or more (matched length, for unitizing).
    ``n_values``: readings in those units. ``prevalence``: share of each label among them.
    ``coverage``: the share of the continuum that the coefficient speaks about, where apt.
    """

    name: str
    value: float | None
    undefined: str | None
    observed: float | None
    expected: float | None
    measures: Literal["agreement", "disagreement"]
    n_units: float
    n_coders: int
    n_pairable: float
    n_values: float
    prevalence: Mapping[Any, float]
    coverage: float | None = None
    _source: Source | None = field(default=None, repr=False, compare=False)

    @property
    def defined(self) -> bool:
        """Whether there is a value."""
        return self.value is not None

    def __getstate__(self) -> dict[str, object]:
        """A stored or cached result keeps its numbers and leaves the readings behind."""
        return {**self.__dict__, "_source": None}

    def interval(
        self,
        method: Method = "cluster",
        clusters: Sequence[Label] | None = None,
        b: int = 1000,
        seed: int | None = 1,
        level: float = 0.95,
    ) -> Interval:
        """How far the value might move with other material of the same kind.

        ``cluster``: whole clusters (workshops, documents) are drawn again with replacement;
        ``clusters`` names the cluster of each unit (for unitizing: the positions at which each
        document ends), and without it each unit is its own cluster. ``coincidence``:
        Krippendorff's own bootstrap of coder pairs, for alpha; it treats pairs as independent and
        is therefore narrower. ``analytic``: the published large-sample variance. A ``seed`` of
        None takes a new one, which the interval then names. Raises ``ParihsError`` where a method
        does not exist for this coefficient.
        """
        from parihs.agreement.intervals import interval

        return interval(self, method, clusters=clusters, b=b, seed=seed, level=level)
