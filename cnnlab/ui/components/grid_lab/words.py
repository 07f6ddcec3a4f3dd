"""What the grids say, in one place; {names} are filled in the browser. A page replaces what it says otherwise."""

from cnnlab.texts import message, unfilled

WORDS = {
    "grid_label": unfilled("{name}, size {rows} × {columns}"),
    "cell_label": unfilled("{name}, row {row}, column {column}"),
    "size_rows": unfilled("{name}: rows"),
    "size_columns": unfilled("{name}: columns"),
    "range_rows": unfilled("{name} takes 1 to {most} rows: {asked} was typed, and {used} counts."),
    "range_columns": unfilled("{name} takes 1 to {most} columns: {asked} was typed, and {used} counts."),
    "padding_title": unfilled("Padding ({mode}): {value}"),
    "beyond_title": message("Nothing is here: the window reaches beyond the padded input."),
    "output_cell": unfilled("{name}, row {row}, column {column}: {value}"),
    "output_cell_empty": unfilled("{name}, row {row}, column {column}: not reached yet"),
    "clipped": unfilled(
        "The pasted block is {height} × {width}. Only {rows} × {columns} of it fit from this cell on: make the grid"
        " larger to paste more."
    ),
    "pasted": unfilled("The pasted block is {height} × {width}; the cells around it are as they were."),
    "fit": unfilled("Make it {height} × {width}"),
    "bad_cells": unfilled("{count} cells hold no number."),
    "tip": message(
        "Type into the input and the kernel, or paste a block. Point at a cell to see what it is connected to."
    ),
    "feeds": unfilled("The input in row {row}, column {column} feeds {count} output cells."),
    "feeds_one": unfilled("The input in row {row}, column {column} feeds one output cell."),
    "padding_feeds": unfilled("This cell of the padding feeds {count} output cells."),
    "padding_feeds_one": message("This cell of the padding feeds one output cell."),
    "player_label": message("Stepping"),
    "first": message("First cell (Home)"),
    "back": message("Step back (left arrow)"),
    "play": message("Play (space)"),
    "pause": message("Pause (space)"),
    "forward": message("Step forward (right arrow)"),
    "last": message("Last cell (End)"),
    "slider_label": message("Output cell"),
    "speed_label": message("Speed"),
    "cells_label": message("What the cells show"),
    "cells_numbers": message("Numbers"),
    "cells_letters": message("Letters"),
    "cells_both": message("Both"),
    "counter": unfilled("Step {step} of {steps}"),
    "show_all": message("Show all"),
    "predict": message("Predict"),
    "sum_label": message("The products of this output cell"),
    "sum_title": unfilled("Output row {row}, column {column}: input × kernel, added up"),
    "sum_refused": message("No sum: these settings have no output"),
    "predict_tip": unfilled(
        "What will be in row {row}, column {column} of the output? Type it into the cell and press Enter."
    ),
    "guess_label": unfilled("Your prediction for {name}, row {row}, column {column}"),
    "check": message("Check"),
    "reveal": message("Reveal"),
    "revealed": message("Revealed: the sum below shows where it comes from."),
    "next": message("Next cell"),
    "score": unfilled("{right} of {asked} right at the first try"),
}

STEADY, FAST = 0.4, 4
"""Steps per second: nine products are read in two and a half seconds."""
SPEEDS = (
    (0.15, message("slow")),
    (STEADY, message("steady")),
    (1, message("brisk")),
    (FAST, message("fast")),
    (10, message("very fast")),
)
"""Steps per second, and what that is called."""
