"""Pictures that something is done on: each kind a way of drawing them, all one component.

film.py     a picture after each step of a pipeline: steps are edited
pair.py     a picture before and after a convolution: a pixel is chosen
blocks.py   a network as blocks: a layer is chosen, the drawing saved
"""

from cnnlab.ui.components.declared import declared

draw = declared("pictures", html='<div class="pictures"></div>')
