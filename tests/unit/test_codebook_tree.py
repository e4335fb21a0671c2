"""Where codes stand and which colour they have."""

from __future__ import annotations

import pytest

from parihs.codebook import CodeEntry, CodeTree, code_colours, load, shipped
from parihs.codebook.colours import CONSTRUCTS, is_colour

CODES = (
    CodeEntry(id="fit", name="Fit", parent="innovation"),
    CodeEntry(id="context", name="Context"),
    CodeEntry(id="innovation", name="Innovation"),
    CodeEntry(id="values", name="Values", parent="fit"),
    CodeEntry(id="clarity", name="Clarity", parent="innovation"),
)


def test_order_is_file_order_within_each_parent() -> None:
    assert CodeTree(CODES).order == ("context", "innovation", "fit", "values", "clarity")


def test_construct_depth_path_children_and_descendants() -> None:
    tree = CodeTree(CODES)
    assert tree.roots == ("context", "innovation")
    assert tree.construct("values") == "innovation"
    assert tree.construct("context") == "context"
    assert [tree.depth(key) for key in ("innovation", "fit", "values")] == [0, 1, 2]
    assert tree.path("values") == ("Innovation", "Fit", "Values")
    assert tree.children("innovation") == ("fit", "clarity")
    assert tree.descendants("innovation") == ("fit", "values", "clarity")
    assert tree.descendants("clarity") == ()


def test_an_unknown_code_is_a_key_error() -> None:
    with pytest.raises(KeyError):
        CodeTree(CODES).construct("nothing")


def test_the_constructs_of_i_parihs_keep_their_colours() -> None:
    colours = code_colours(load(shipped()["i-parihs"]).codes)
    for construct in ("innovation", "recipients", "context", "facilitation", "outcome"):
        assert colours[construct] == CONSTRUCTS[construct]


@pytest.mark.parametrize("key", list(shipped()))
def test_every_code_has_a_colour_and_no_two_constructs_share_one(key: str) -> None:
    codes = load(shipped()[key]).codes
    colours = code_colours(codes)
    assert set(colours) == {entry.id for entry in codes}
    assert all(is_colour(colour) for colour in colours.values())
    constructs = [colours[key] for key in CodeTree(codes).roots]
    assert len(set(constructs)) == len(constructs)


def test_a_child_is_lighter_than_its_parent_and_unlike_its_neighbour() -> None:
    colours = code_colours(CODES)

    def light(code: str) -> int:
        return sum(int(colours[code][at : at + 2], 16) for at in (1, 3, 5))

    assert light("innovation") < light("fit") < light("values")
    assert colours["fit"] != colours["clarity"]


def test_a_construct_added_at_the_end_changes_no_other_colour() -> None:
    codes = tuple(CodeEntry(id=f"c{number}", name="C") for number in range(20))
    before = code_colours(codes[:-1])
    after = code_colours(codes)
    assert {key: after[key] for key in before} == before


def test_a_colour_chosen_by_the_team_wins_and_tints_its_children() -> None:
    chosen = (
        CodeEntry(id="innovation", name="Innovation", colour="#d55e00"),
        CodeEntry(id="fit", name="Fit", parent="innovation"),
    )
    plain = tuple(CodeEntry(id=c.id, name=c.name, parent=c.parent) for c in chosen)
    assert code_colours(chosen)["innovation"] == "#D55E00"
    assert code_colours(chosen)["fit"] != code_colours(plain)["fit"]
