"""Network: a whole network as a list of layers, with every shape and number worked out."""

from cnnlab.ui.pages.network.page import network_page
from cnnlab.ui.shell.frame import frame

frame("network")

network_page()
