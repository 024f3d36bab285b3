"""The pretrained networks, and the recipe that made them."""
