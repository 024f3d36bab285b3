"""Successive halving: its rungs, and who goes on."""

from hypothesis import given
from hypothesis import strategies as st

from app.sweeps import halving
from app.sweeps.halving import Score

accuracies = st.none() | st.sampled_from([0.1, 0.5, 0.5, 0.9])
scores = st.lists(st.builds(Score, accuracies, accuracies), min_size=1, max_size=20)


def test_runs_are_compared_after_an_eighth_a_quarter_and_half_of_their_epochs() -> None:
    assert halving.rungs(32) == [4, 8, 16]
    assert halving.rungs(8) == [1, 2, 4]
    assert halving.rungs(2) == [1]
    assert halving.rungs(1) == []


@given(scores)
def test_each_run_has_a_place_and_a_better_one_is_before_a_worse(of_runs: list[Score]) -> None:
    places = halving.places(of_runs)
    assert sorted(places) == list(range(1, len(of_runs) + 1))
    in_order = [score for _, score in sorted(zip(places, of_runs, strict=True))]
    worth = [-1.0 if score.accuracy is None else score.accuracy for score in in_order]
    assert worth == sorted(worth, reverse=True)


def test_what_is_equal_is_told_apart_by_the_cost_and_then_by_the_order() -> None:
    of_runs = [Score(0.5, 0.2), Score(0.5, 0.1), Score(None, None), Score(0.5, 0.2)]
    assert halving.places(of_runs) == [2, 1, 4, 3]
    assert [halving.kept(count) for count in (1, 2, 3, 16)] == [1, 1, 2, 8]
