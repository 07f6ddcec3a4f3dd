"""Pure functions from numbers to what a page shows of them: plotly figures, pixels, formulas, remarks."""
