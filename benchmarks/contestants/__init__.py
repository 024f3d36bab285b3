"""Who trains the same network in the benchmark: this project and its peers, a module each.

Each module has a class ``Contestant``. All start at the same parameters, go through the rows in the
same order, nudge by the same rule, and compute the cost of every batch.
"""
