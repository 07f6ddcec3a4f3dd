"""A wrong number is told from the mistakes that could have led to it."""

import dataclasses
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnnlab.feedback.mistakes import judge
from cnnlab.feedback.verdict import Slip
from cnnlab.texts import message, unfilled

SIGN = Slip("sign", -12, unfilled("{value} has the wrong sign."), common=4)
TWICE = Slip("twice", 24, unfilled("{value} is twice as much."), common=4)


def judged(value: float, *slips: Slip, is_whole: bool = True, wanted: float = 12) -> tuple[str, ...]:
    return judge(value, wanted, slips, is_whole=is_whole, scale=abs(wanted)).sentences


@given(wanted=st.floats(-1e6, 1e6), is_whole=st.booleans())
def test_the_wanted_number_is_right(wanted: float, is_whole: bool) -> None:
    verdict = judge(wanted, wanted, [SIGN], is_whole=is_whole, scale=abs(wanted))
    assert (verdict.right, verdict.kind) == (True, "right")


def test_the_slip_that_fits_is_named() -> None:
    assert judged(-12, SIGN, TWICE) == ("−12 has the wrong sign.",)
    assert judged(24, SIGN, TWICE) == ("24 is twice as much.",)


def test_a_number_that_no_slip_leads_to_is_told_by_how_much_it_is_out() -> None:
    assert judged(15, SIGN) == ("15 is too large.",)
    assert judged(11.5, SIGN) == ("11.5 is too small.",)


def test_two_slips_that_are_about_as_likely_are_both_named() -> None:
    other = Slip("other", -12, unfilled("{value} is something else."), common=5)
    verdict = judge(-12, 12, [SIGN, other], is_whole=True, scale=12)
    assert verdict.kind == "several"
    assert verdict.sentences == (
        "More than one slip leads to −12.",
        "−12 is something else.",
        "−12 has the wrong sign.",
    )


def test_the_clearly_likelier_slip_is_named_alone() -> None:
    rare = Slip("rare", -12, unfilled("{value} is something rare."), common=2)
    assert judged(-12, rare, SIGN) == ("−12 has the wrong sign.",)


def test_a_slip_of_many_numbers_counts_for_less() -> None:
    many = [Slip("many", -12 - n, unfilled("{value} is one of many."), common=10, places=((n,),)) for n in range(9)]
    assert judged(-12, *many, SIGN) == ("−12 has the wrong sign.",)


def test_several_places_are_told_as_several() -> None:
    slips = [
        Slip("place", 10, message("One."), common=1, places=((n,),), of_several=unfilled("One of {count}."))
        for n in range(3)
    ]
    verdict = judge(10, 12, slips, is_whole=True, scale=12)
    assert verdict.sentences == ("One of 3.",)
    assert verdict.places == ((0,), (1,), (2,))


def test_a_slip_that_fits_everywhere_says_nothing() -> None:
    slips = [Slip("place", 10, message("One."), common=1, places=((n,),)) for n in range(4)]
    assert judged(10, *slips) == ("10 is too small.",)


def test_what_fits_everywhere_is_told_where_there_are_words_for_it() -> None:
    slips = [
        Slip("place", 10, message("One."), common=1, places=((n,),), of_several=unfilled("One of {count}."))
        for n in range(4)
    ]
    assert judged(10, *slips) == ("One of 4.",)
    assert judged(10, *(dataclasses.replace(slip, vague=True) for slip in slips)) == ("10 is too small.",)


def test_several_slips_without_a_place_are_told_as_several() -> None:
    slips = [Slip("next", 10, message("The cell on the left."), common=1, of_several=message("A cell beside it."))] * 2
    assert judged(10, *slips) == ("A cell beside it.",)
    assert judged(10, slips[0]) == ("The cell on the left.",)


def test_rounding_is_a_better_guess_than_a_vague_slip() -> None:
    slip = Slip("slip", 0.33, message("A slip."), common=1)
    assert judged(0.33, slip, is_whole=False, wanted=1 / 3) == ("A slip.",)
    vague = dataclasses.replace(slip, vague=True)
    assert judged(0.33, vague, is_whole=False, wanted=1 / 3)[0].startswith("Nearly: 0.33 has too few digits.")


def test_a_rounded_number_is_told_beside_the_exact_one() -> None:
    assert judged(0.333, is_whole=False, wanted=1 / 3) == (
        "Right: it is 0.333333, and 0.333 agrees with it to three digits.",
    )
    assert judged(0.33, is_whole=False, wanted=1 / 3) == (
        "Nearly: 0.33 has too few digits. Give at least three of them.",
    )


def test_a_slip_that_changes_nothing_is_none() -> None:
    same = Slip("same", 12, message("Nothing changes."), common=1)
    assert judge(12, 12, [same], is_whole=True, scale=12).right


@pytest.mark.parametrize(
    ("typed", "kind"), [(0.333, "right"), (0.33, "rounded"), (0.3, "rounded"), (0.4, "unexplained")]
)
def test_three_digits_are_enough_and_fewer_are_nearly_right(typed: float, kind: str) -> None:
    assert judge(typed, 1 / 3, [], is_whole=False, scale=1).kind == kind


def test_what_is_no_number_is_told() -> None:
    for typed in (math.nan, math.inf):
        assert judge(typed, 1, [], is_whole=True, scale=1).kind == "not_a_number"


def test_a_slip_without_a_value_is_passed_over() -> None:
    assert judge(3, 1, [Slip("none", math.nan, message("No."), common=1)], is_whole=True, scale=1).kind == "unexplained"
