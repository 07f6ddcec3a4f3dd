"""The page Why convolution?: the same mark at another place is another vector to an MLP, and a shifted map to a kernel.

six_features.py   two rows of six features, compared place by place and by a kernel
drawing.py        a drawing, shifted, as a vector and as a feature map
quiz.py           what a predicted number of unmoved cells tells
pictures.py       the pictures of the experiment: an X, or nine pixels that are none
experiment.py     an MLP and a small CNN, trained at one place and tested at every place; runs as a program
forecast.py       what was said about the MLP before, against what it does
pytorch_code.py   the PyTorch lines
agreement.py      whether PyTorch computes the same feature map
"""
