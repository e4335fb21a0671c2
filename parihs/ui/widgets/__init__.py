"""Small components that Streamlit lacks: a matrix of buttons, excerpts that play, streaming upload.

Each module wraps one ES module of ``static/``.
"""
