"""Figures: every mark opens the excerpts behind it, and every figure can be saved."""

from __future__ import annotations

import streamlit as st

from parihs.figures import FIGURES
from parihs.ui import comparison
from parihs.ui.choose import choose
from parihs.ui.figure_view import figure_view
from parihs.ui.state import need_study, remember, remembered

now = need_study()
st.title("Figures")
if now.codebook is None:
    st.info("This study has no codebook yet, so nothing can be coded or drawn.")
    st.stop()
titles = {name: figure.title for name, figure in FIGURES.items()}
left, _ = st.columns([2, 3])
name = choose(left, "Figure", titles, wanted=remembered("figure"), key="figure")
remember("figure", name)
choice = comparison.choices(now, FIGURES[name].asks, page="figures")
material = comparison.material(now, choice.layer)
if material.excerpts.empty and name != "participation":
    comparison.nothing_coded()
figure_view(now, name, choice, material)
