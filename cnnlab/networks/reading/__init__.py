"""Following the source of a network by hand, as far as a chain of layers goes. Nothing of it is executed or imported.

pasted.py      from text as it was copied somewhere to a syntax tree
meanings.py    what an expression may stand for, and which names PyTorch gives to what
building.py    layers and the modules that they are put into
passing.py     the way of the data through forward
reader.py      expressions, statements, functions and classes
changes.py     which names a statement changes
script.py      which of the things in a text is the network
"""
