"""The app as a web server: Streamlit pages, our routes beside them, signed tokens."""
