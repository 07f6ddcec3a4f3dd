"""From a file to a tensor: the steps of torchvision's pipelines, what each makes of a picture, and usual mistakes."""
