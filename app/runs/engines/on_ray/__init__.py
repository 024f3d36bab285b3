"""The engine that trains each run in an actor of a Ray cluster.

Ray itself is used by two modules, each in a process of its own: the driver, which the server starts
and talks to over pipes, and the actor. So the server never imports it, does not wait while a
cluster starts, and does not end with it: a driver whose head or node goes away ends.

    server ── calls, over pipes ── driver ── method calls ── actors, one for each run
"""
