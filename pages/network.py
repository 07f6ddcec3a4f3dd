"""Network: a whole network as a list of layers, with every shape and number worked out."""

from cnnlab.ui.frame import frame
from cnnlab.ui.network.page import network_page

frame("network")

network_page()
