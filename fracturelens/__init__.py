"""The library of FractureLens: no Streamlit, and no Keras at import."""
