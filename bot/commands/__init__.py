"""What the commands of `panelist` do: a module of them for each thing they are about.

A function here takes the parsed options and gives the exit code.
"""

DONE, FAULTS = 0, 1
