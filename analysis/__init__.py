"""Recovery, Recounted: every formula of the book.

Rooms, in the order in which imports may point (left to right, never back)::

    errors -> quantity -> evidence -> statistics rooms -> charts -> publish -> chapters -> site
"""

__version__ = "0.2.0"
